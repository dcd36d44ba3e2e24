"""What locating is asked and what it answers: UnitCase (one unit's relations, figures and a judge) and Located (causes with every smallest answer)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from gouji.locate.relations import CellFacts, CellRef, Relation
from gouji.locate.slips import EVENTS, Kinds
from gouji.rules import Column, How, SlipKind

# Values of cells that are tried -> the codes of rules that are 不平 then.
Judge = Callable[[Mapping[CellRef, Fraction]], frozenset[str]]
Range = tuple[Fraction | None, Fraction | None]
# Rules and values of cells -> their relations written down around these values.
Again = Callable[[frozenset[str], Mapping[CellRef, Fraction]], Sequence[Relation]]


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """How far a search goes: failing relations of a unit (with more of them nothing is located), answers of one cause, cells of an answer, steps, values tried."""

    failing: int = 60
    answers: int = 5
    cells: int = 3
    steps: int = 20_000
    values: int = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One cell: what is printed, what it should be (base unit), in which interval that may lie, by which slips, and how many equations fix it. `free`: nothing says which
    value of the interval it is."""

    cell: CellRef
    printed: Fraction
    proposed: Fraction
    low: Fraction | None
    high: Fraction | None
    slips: tuple[SlipKind, ...]
    equations: int
    free: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """Answers to one group of failing relations, the likeliest first; `codes` are the rules it explains, `certain` when nothing else is possible.

    `leads`: the first answer stands out: it is the only one, or two equations or more ask for it and a likelier slip made it than any other.
    """

    answers: tuple[tuple[Change, ...], ...]
    codes: tuple[str, ...]
    certain: bool
    whole: bool = True
    leads: bool = True

    @property
    def best(self) -> tuple[Change, ...]:
        """The likeliest answer."""
        return self.answers[0]


@dataclass(frozen=True, slots=True)
class Located:
    """One unit: its causes, and the codes of failing rules that none of them explains. Not `tried`: more relations fail than are searched."""

    unit: str
    causes: tuple[Cause, ...]
    unexplained: tuple[str, ...]
    tried: bool = True


@dataclass(frozen=True, slots=True)
class Coded:
    """A table whose lines bear codes: the column of the codes, and the code of each line (None: it has none)."""

    by: Column
    codes: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class FigureLayout:
    """How the figures stand: the columns of each table beside each other (or below), the columns that hold money and percentages, the sheet of each table, and the
    lines of tables with many rows by table (`under`: the line of which each is a part, by its number); `ranges`: what a column can hold at least and at most; `coded`: tables whose lines bear codes."""

    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    money: Mapping[str, frozenset[str]] | None = None
    percents: frozenset[tuple[str, str]] = frozenset()
    sheets: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    ranges: Mapping[tuple[str, str], Range] = field(default_factory=dict)
    coded: Mapping[str, Coded] = field(default_factory=dict)

    def holds(self, cell: CellRef, value: Fraction) -> bool:
        """Whether the column of a cell can hold a value."""
        least, most = self.ranges.get((cell.table, cell.column), (None, None))
        return (least is None or value >= least) and (most is None or value <= most)

    def kind(self, cell: CellRef) -> str:
        """What a cell holds: an amount, a percentage, or neither. Where it is not known which columns hold money, everything else is."""
        if (cell.table, cell.column) in self.percents:
            return "percent"
        return (
            "money" if self.money is None or cell.column in self.money.get(cell.table, ()) else ""
        )

    def alike(self, one: CellRef, other: CellRef) -> bool:
        """Whether two cells hold the same kind of figure. Nobody takes a number of people for an amount."""
        return self.kind(one) == self.kind(other)


@dataclass(frozen=True, slots=True)
class UnitCase:
    """One unit as it is to be looked at.

    `before`: codes that are 不平 as printed; `judge`: those when some cells hold other values. `near`: the relations of every rule that reads a column which a
    failing rule reads; `every`: those of the whole book. `steps`: the grid on which a cell is printed (else twice its half place).
    """

    unit: str
    facts: CellFacts
    before: frozenset[str]
    judge: Judge
    near: Sequence[Relation]
    every: Callable[[], Sequence[Relation]]
    layout: FigureLayout = field(default_factory=FigureLayout)
    again: Again | None = None
    kinds: Kinds = field(default_factory=Kinds)
    steps: Mapping[CellRef, Fraction] = field(default_factory=dict)
    weights: Mapping[CellRef, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FailingGroup:
    """Failing relations that hang together by their cells; `codes` are their rules, `alone` those of them that fail nowhere else."""

    failing: tuple[Relation, ...]
    codes: tuple[str, ...]
    alone: frozenset[str]


def event_of(changes: Sequence[Change]) -> SlipKind | None:
    """The kind of slip that changed several cells at once, where one did; of one cell, None unless it is a line left out."""
    common = [
        kind
        for kind in changes[0].slips
        if kind.how in EVENTS
        and (kind.how is not How.SCALE or kind.whole)
        and (len(changes) > 1 or kind.how is How.LINE)
        and all(kind in change.slips for change in changes)
    ]
    return common[0] if common else None


def is_total(cell: CellRef, relation: Relation) -> bool:
    """Whether a cell is stated as the sum of two or more others."""
    own = next((c for at, c in relation.terms if at == cell), Fraction(0))
    others = [c for at, c in relation.terms if at != cell]
    sums = relation.op == "=" and relation.linear and len(others) >= 2
    return sums and own != 0 and all(c * own < 0 for c in others)


def new_line(table: str, column: str, lines: int, under: int | None, code: str = "") -> CellRef:
    """A cell of a line that nobody wrote: behind the lines of its table, and told apart by the line under which it belongs and by its code, where it can have only one."""
    return CellRef(table, lines if under is None else lines + 1 + under, column, code=code)


__all__ = [
    "Again",
    "Cause",
    "Change",
    "Coded",
    "FailingGroup",
    "FigureLayout",
    "Judge",
    "Located",
    "SearchLimits",
    "UnitCase",
    "event_of",
    "is_total",
    "new_line",
]
