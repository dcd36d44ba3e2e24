"""A clause of several parts and its columns -> examples: all of it earned, each part alone lost, a figure left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.drafting.clause_reading import ChecklistClause, ClausePart, PartsClause
from gouji.drafting.edge_examples import DraftExample, Given, Measured, edges, score_of
from gouji.drafting.measure import KnownColumn


@dataclass(frozen=True, slots=True)
class PartFigures:
    """The column of a part, and figures that earn all and the least of it."""

    part: ClausePart
    column: KnownColumn
    best: object
    worst: object
    lost: Fraction


def part_examples(
    method: PartsClause, weight: Fraction, columns: Sequence[KnownColumn]
) -> Iterator[DraftExample]:
    """Everything earned; each item and each figure alone lost; a figure missing."""
    measured = [p for p in method.parts if p.measured]
    figures = [_figures(p, c) for p, c in zip(measured, columns, strict=True)]
    items = [
        i for p in method.parts if isinstance(p.method, ChecklistClause) for i in p.method.items
    ]
    given = partial(_given, figures, [i.text for i in items])
    yield DraftExample(_("各部分都得满分"), given({}), Verdict.FULL, Fraction(0))
    for item in items:
        yield DraftExample(item.text, given({}, (item.text,)), Verdict.DEDUCTED, item.points)
    for one in figures:
        name = _("{part}：最差").format(part=one.part.text)
        yield DraftExample(name, given({one.column.name: one.worst}), Verdict.DEDUCTED, one.lost)
    missing = given({figures[0].column.name: None})
    yield DraftExample(_("没有数"), missing, Verdict.UNASSESSABLE, None)


def _given(
    figures: Sequence[PartFigures],
    texts: Sequence[str],
    changed: Mapping[str, object],
    unmet: Collection[str] = (),
) -> Given:
    """The best figures but for those that are changed, and the items met but for the unmet."""
    shown = {f.column.name: changed.get(f.column.name, f.best) for f in figures}
    made: Given = {figures[0].column.table: shown}
    if texts:
        made["要点核对"] = [{"要点": t, "结果": "不具备" if t in unmet else "具备"} for t in texts]
    return made


def _figures(part: ClausePart, column: KnownColumn) -> PartFigures:
    """The best and the worst of the figures at the edges that the column can print."""
    measured = Measured(column)
    found = []
    for value, _name in edges(part.method, part.points, measured.hair):
        shown = measured.given(value)
        if shown is not None:
            figure = shown[column.table][column.name]  # type: ignore[index]
            found.append((score_of(part.method, part.points, value), figure))
    best = max(found, key=lambda f: f[0])
    worst = min(found, key=lambda f: f[0])
    return PartFigures(part, column, best[1], worst[1], part.points - worst[0])
