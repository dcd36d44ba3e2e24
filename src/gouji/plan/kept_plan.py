"""Plan -> KeptPlan: the statements and what their columns mean, without the tree they were made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from operator import itemgetter
from typing import Any

from gouji.base.outcome import Gap
from gouji.plan.names import FIGURES
from gouji.rules import ResolvedBook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gouji.plan.compile import Plan

Constant = int | str | bool | None
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan whose tree is gone: a statement that makes a table of figures, those that read it, and what their columns mean.

    `names` are the columns of the plan. Each comes from the column of a part (`sources`, part and place), or is one and the same for all units (`constants`).
    """

    figures: str
    parts: tuple[str, ...]
    names: tuple[str, ...]
    sources: Mapping[str, tuple[int, int]]
    constants: Mapping[str, Constant]
    scales: Mapping[str, Fraction]
    gaps: Mapping[str, tuple[Gap, ...]]

    def of(self, book: ResolvedBook) -> StoredPlan:
        """The plan with the book that it was made of."""
        return StoredPlan(
            self.figures,
            self.parts,
            self.names,
            self.sources,
            self.constants,
            self.scales,
            self.gaps,
            book,
        )


@dataclass(frozen=True, slots=True)
class StoredPlan(KeptPlan):
    """A plan whose tree is gone, and its book."""

    book: ResolvedBook

    @property
    def kept(self) -> KeptPlan:
        """The plan without its book, which is kept elsewhere."""
        return KeptPlan(
            self.figures,
            self.parts,
            self.names,
            self.sources,
            self.constants,
            self.scales,
            self.gaps,
        )

    def rows(self, found: Sequence[Sequence[Row]]) -> list[tuple[Any, ...]]:
        """Rows of the parts, each in the order of the units -> rows of the plan."""
        joined = self.joined([len(part[0]) if part else 0 for part in found])
        return [joined(rows) for rows in zip(*found, strict=True)]

    def some_figures(self, condition: str, first: bool) -> str:
        """The statement that makes the table of figures, or, not `first`, adds to it: for the units for which a condition on the unit's column holds."""
        head, _as, query = self.figures.partition(" AS ")
        made = f"{head} AS" if first else f'INSERT INTO "{FIGURES}"'
        return f"{made} SELECT * FROM ({query}) WHERE {condition}"

    def joined(self, widths: Sequence[int]) -> Callable[[Iterable[Row]], tuple[Any, ...]]:
        """What makes of a unit's rows of the parts, of so many columns each, its row of the plan."""
        starts = [0, *accumulate(widths)]
        fixed = tuple(self.constants.values())
        at = {name: starts[-1] + i for i, name in enumerate(self.constants)}
        at |= {name: starts[part] + place for name, (part, place) in self.sources.items()}
        pick = itemgetter(*(at[name] for name in self.names))
        return lambda rows: pick([cell for row in rows for cell in row] + [*fixed])


def stored(plan: Plan, book: ResolvedBook, absent: Iterable[tuple[str, bool]] = ()) -> StoredPlan:
    """The same plan without its tree; `absent` as `compile_book` was given it."""
    from gouji.plan.grouping.row_sql import PRIOR
    from gouji.plan.split import split

    made = split(
        plan.query, frozenset(table + PRIOR if prior else table for table, prior in absent)
    )
    at = {
        column: (number, place)
        for number, part in reversed([*enumerate(made.parts)])
        for place, column in enumerate(part.columns)
    }
    names = tuple(e.alias_or_name for e in plan.query.expressions)
    sources = {name: at[column] for name, column in made.sources.items()}
    return StoredPlan(
        made.figures,
        tuple(part.statement for part in made.parts),
        names,
        sources,
        made.constants,
        plan.scales,
        plan.gaps,
        book,
    )
