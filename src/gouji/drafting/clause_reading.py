"""What a clause was read as: a method with its parameters, what of them the clause does not say, or why it was not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from gouji.drafting.mask import End


@dataclass(frozen=True, slots=True)
class ClauseRange:
    """A range of figures, each end closed, open, or open-ended (None)."""

    low: End | None = None
    high: End | None = None

    def holds(self, value: Fraction) -> bool:
        """Whether a figure lies in the range; an end of which the text says nothing is in."""
        above = self.low is None or value > self.low.at or (value == self.low.at and _in(self.low))
        return above and (
            self.high is None or value < self.high.at or (value == self.high.at and _in(self.high))
        )


def _in(end: End) -> bool:
    return end.closed is not False


@dataclass(frozen=True, slots=True)
class ClauseItem:
    """One point of a list and what it earns."""

    text: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class ChecklistClause:
    """Items met by evidence."""

    items: tuple[ClauseItem, ...]
    additive: bool


@dataclass(frozen=True, slots=True)
class StepsClause:
    """So much off for each step beyond the range; two-sided where it has both ends."""

    full: ClauseRange
    per: Fraction
    percent: bool
    take: Fraction
    share: bool = False

    @property
    def two_sided(self) -> bool:
        """Whether marks are lost above and below."""
        return self.full.low is not None and self.full.high is not None


@dataclass(frozen=True, slots=True)
class Cases:
    """So much off for each case."""

    take: Fraction


@dataclass(frozen=True, slots=True)
class BandsClause:
    """Points by ranges."""

    bands: tuple[tuple[ClauseRange, Fraction], ...]


@dataclass(frozen=True, slots=True)
class WithinClause:
    """Full marks in a range, none outside."""

    full: ClauseRange


@dataclass(frozen=True, slots=True)
class Proportion:
    """Weight × measure ÷ full_at; `inverse` the other way round."""

    full_at: Fraction
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class WordsClause:
    """Points by a word."""

    words: tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True, slots=True)
class ClauseOccasion:
    """What a deduction is for, and how much it takes: once, or for each case, all of them `at_most` so much."""

    text: str
    take: Fraction
    cases: bool
    at_most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class DeductionsClause:
    """From the weight, each occasion takes its own."""

    occasions: tuple[ClauseOccasion, ...]


@dataclass(frozen=True, slots=True)
class ClausePart:
    """One part of a clause: what it says, its own points, and how it earns them."""

    text: str
    points: Fraction
    method: ChecklistClause | StepsClause | Cases | BandsClause | WithinClause | Proportion

    @property
    def measured(self) -> bool:
        """Whether it works on a figure."""
        return not isinstance(self.method, ChecklistClause)


@dataclass(frozen=True, slots=True)
class PartsClause:
    """Several parts, each with its own points and its own method."""

    parts: tuple[ClausePart, ...]


@dataclass(frozen=True, slots=True)
class ByHand:
    """Marks of reviewers."""


Method = (
    ChecklistClause
    | StepsClause
    | Cases
    | BandsClause
    | WithinClause
    | Proportion
    | WordsClause
    | DeductionsClause
    | PartsClause
    | ByHand
)


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """A clause that was read.

    `inferred` says for keys of the rule why they are not the clause's own; `questions` are for the bureau; `weight` is what the clause itself prints
    as full marks, where it does; `measured_by` the figure that a formula of points names.
    """

    method: Method
    inferred: dict[str, str] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    weight: Fraction | None = None
    measured_by: str = ""


@dataclass(frozen=True, slots=True)
class UnreadClause:
    """A clause that no method carries, why, and what was left over; `candidate` is what came nearest."""

    reasons: tuple[str, ...]
    leavings: tuple[str, ...] = ()
    candidate: ClauseReading | None = None


Read = ClauseReading | UnreadClause


class ClauseRefused(Exception):
    """Reading a clause ends here: why, and what is left over."""

    def __init__(self, reason: str, *leavings: str) -> None:
        super().__init__(reason)
        self.reason, self.leavings = reason, leavings
