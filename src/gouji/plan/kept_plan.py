"""Plan <-> text, for keeping compiled plans: the statements and what their columns mean, with a digest over all of it. Knows no file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from operator import itemgetter
from typing import Any

from gouji.base.outcome import Gap, GapKind
from gouji.plan.names import FIGURES
from gouji.rules import ResolvedBook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gouji.plan.compile import Plan

Constant = int | str | bool | None
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan whose tree is gone: a statement that makes a table of figures, those that read it, and what their columns mean.

    `names` are the columns of the plan. Each comes from the column of a part (`sources`, part and place), or is one and the same for all units (`constants`).
    """

    figures: str
    parts: tuple[str, ...]
    names: tuple[str, ...]
    sources: Mapping[str, tuple[int, int]]
    constants: Mapping[str, Constant]
    book: ResolvedBook
    scales: Mapping[str, Fraction]
    gaps: Mapping[str, tuple[Gap, ...]]

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
    from gouji.plan.grouping.facts import PRIOR
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
        book,
        plan.scales,
        plan.gaps,
    )


def to_text(plan: StoredPlan, key: str) -> str:
    """A digest on the first line, then key and plan as JSON."""
    gaps = {
        code: [[gap.kind.value, gap.what, list(gap.parts)] for gap in found]
        for code, found in plan.gaps.items()
    }
    given = {
        "key": key,
        "figures": plan.figures,
        "parts": plan.parts,
        "names": plan.names,
        "sources": plan.sources,
        "constants": plan.constants,
    }
    body = json.dumps(
        {**given, "scales": {k: str(v) for k, v in plan.scales.items()}, "gaps": gaps},
        ensure_ascii=False,
    )
    return f"{_digest(body)}\n{body}"


def from_text(text: str, key: str, book: ResolvedBook) -> StoredPlan | None:
    """The plan kept under that key; None when the text is not whole, or is another's."""
    digest, _, body = text.partition("\n")
    if digest != _digest(body):
        return None
    # What has the right digest was written by `to_text`, so it has this shape.
    kept = json.loads(body)
    if kept["key"] != key:
        return None
    gaps = {
        code: tuple(Gap(GapKind(kind), what, tuple(parts)) for kind, what, parts in found)
        for code, found in kept["gaps"].items()
    }
    sources = {name: (part, place) for name, (part, place) in kept["sources"].items()}
    scales = {k: Fraction(v) for k, v in kept["scales"].items()}
    return StoredPlan(
        kept["figures"],
        tuple(kept["parts"]),
        tuple(kept["names"]),
        sources,
        kept["constants"],
        book,
        scales,
        gaps,
    )


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
