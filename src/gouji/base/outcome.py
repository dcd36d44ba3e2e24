"""Outcomes: what one rule found for one unit, as values. Units × rules of them come out of a run, none dropped."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from gouji.base.verdict import UNDECIDED, Ground, Verdict


class GapKind(Enum):
    """Why an outcome is open: a table not sent, one that nothing sent allows to derive, rows of it set aside, a figure not given, a denominator of zero, an item without evidence, too few marks, a mark out of range;
    of codes in rows: no total row, rows without the row above them, an amount without the rows below it, a code that is none;
    of a criterion for some kinds of unit: of which kind the unit is."""

    UNSENT = "unsent"
    UNDERIVED = "underived"
    ASIDE = "aside"
    MISSING = "missing"
    ZERO = "zero"
    ITEM = "item"
    REVIEWERS = "reviewers"
    MARK = "mark"
    NO_TOTAL = "no_total"
    ORPHAN = "orphan"
    BARE = "bare"
    BAD_CODE = "bad_code"
    NO_SET = "no_set"


@dataclass(frozen=True, slots=True)
class Gap:
    """One reason; `what` names the table, the figure, the denominator, the item, or the number of reviewers wanted.

    `parts`: the columns wanted of a table that was not sent.
    """

    kind: GapKind
    what: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A closed interval of exact numbers, in base units."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class CriterionOutcome:
    """One criterion for one unit. Points in 分, to hundredths; `measured` in base units (shares of 1, 元, counts).

    `score` is None while open (or left out of the total); `low` and `high` bound it. `readings` gives the score under each reading of the clause
    for stepped methods. `doubts` are codes of relations that are 不平 over its figures: then its ground is contested.
    """

    unit: str
    code: str
    verdict: Verdict
    score: Decimal | None
    low: Decimal
    high: Decimal
    self_score: Decimal | None
    ground: Ground
    measured: Fraction | None = None
    span: Span | None = None
    readings: dict[str, Decimal] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    doubts: tuple[str, ...] = ()


def certain(of: CriterionOutcome) -> Decimal:
    """What a criterion adds to the score: of one that is open the points that nothing can take away any more."""
    return of.low if of.score is None else of.score


@dataclass(frozen=True, slots=True)
class TieOutcome:
    """One tie-out for one unit. For a comparison of numbers: the left (stated) and right (recomputed) side and the right side's interval."""

    unit: str
    code: str
    verdict: Verdict
    left: Fraction | None = None
    right: Fraction | None = None
    span: Span | None = None
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSpot:
    """One place of a table with many rows where a rule does not hold (or holds within rounding, or cannot be judged).

    `row` is the code or key of the row, `column` the column judged (of a roll-up). `stated` stands there, `expected` is what the rows below
    (or the other columns) give, `span` its interval; all three None where there is nothing to compare, and `gap` says why.
    """

    row: str
    name: str
    column: str
    verdict: Verdict
    stated: Fraction | None = None
    expected: Fraction | None = None
    span: Span | None = None
    gap: GapKind | None = None


@dataclass(frozen=True, slots=True)
class Capped:
    """What keeps a grade from being better than `grade`, and why; `sure` is False where it is not known whether it does."""

    grade: str
    why: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals of one unit: score with its range, self-scores added up, grade with its range, points by what they rest on.

    `grade` is 待定 where points that are open, contested or rest on the unit's word decide it; `own_grade` is that of the self-scores.
    `capped` is what keeps the grade down. `base` and `adjusted` are the points within the total, and those that bonuses and deductions
    add to it, of a book that has such; what the book says of bounds and rounding lies between their sum and the score.
    """

    unit: str
    name: str
    score: Decimal
    low: Decimal
    high: Decimal
    self_score: Decimal | None
    grade: str | None
    grade_low: str | None
    grade_high: str | None
    grounds: dict[Ground, Decimal]
    own_grade: str | None = None
    capped: tuple[Capped, ...] = ()
    base: Decimal | None = None
    adjusted: Decimal | None = None

    @property
    def graded(self) -> bool:
        """Whether the unit has a grade: there is one to give, and it is decided."""
        return self.grade not in (None, UNDECIDED)


def no_totals(unit: str, name: str) -> Totals:
    """The totals of a unit under a book without criteria: nothing was scored."""
    zero = Decimal(0)
    return Totals(unit, name, zero, zero, zero, None, None, None, None, dict.fromkeys(Ground, zero))
