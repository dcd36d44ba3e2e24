"""A criterion that scores rows one by one -> what each row of a unit earned, the rows first that lost points or that the unit marked otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from gouji.base.i18n import _
from gouji.expression import Exact, Printed, Row, UnitFigures
from gouji.expression import nodes as n
from gouji.report.wording import ValueShape, shown
from gouji.rules import ResolvedCriterion, RowByRow, Table

LINES_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class RowScored:
    """One row: what it is called, its points, what it earned (None: cannot be told), what the unit gave itself."""

    name: str
    points: Fraction | None
    earned: Fraction | None
    stated: Fraction | None

    @property
    def plain(self) -> bool:
        """Whether it earned all, and nobody says otherwise."""
        return self.earned == self.points and self.stated in (None, self.earned)


def rows_scored(of: ResolvedCriterion, table: Table, figures: UnitFigures) -> tuple[RowScored, ...]:
    """Every row that counts, in the order of the table."""
    # Loaded where rows are scored: a start without them needs no parser.
    from gouji.expression import parse_measure

    method = of.rule.method
    assert isinstance(method, RowByRow) and of.row is not None
    where = next((x.where for x in _sums(of.measure)), None)
    points = parse_measure(method.points, method.table)
    names = [key for key in table.key if (c := table.column(key)) is not None and c.role is None]
    found = []
    for row in figures.many.get(method.table, ()):
        inside = Exact(UnitFigures({method.table: row}))
        if where is None or inside.truth(where).holds is not False:
            stated = row.get(method.stated) if method.stated is not None else None
            found.append(
                RowScored(
                    _called(row, names),
                    inside.value(points),
                    inside.value(of.row),
                    stated.value if isinstance(stated, Printed) else None,
                )
            )
    return tuple(found)


def _sums(measure: n.Node | None) -> Iterator[n.Aggregate]:
    if measure is not None:
        yield from (x for x in n.leaves(measure) if isinstance(x, n.Aggregate))


def _called(row: Row, names: list[str]) -> str:
    """The last of what tells rows apart; all of it would be the whole line of the form."""
    said = [str(row[name]) for name in names if isinstance(row.get(name), str)]
    return said[-1] if said else _("无名称的一行")


def row_lines(rows: tuple[RowScored, ...]) -> str:
    """The rows in one line of words."""
    telling = [row for row in rows if not row.plain]
    lines = [_line(row) for row in telling[:LINES_AT_MOST]]
    if len(telling) > LINES_AT_MOST:
        lines.append(_("另有 {n} 行没有得满分").format(n=len(telling) - LINES_AT_MOST))
    if plain := len(rows) - len(telling):
        lines.append(_("{n} 行得满分").format(n=plain))
    return "；".join(lines)


def _line(row: RowScored) -> str:
    number = ValueShape("number")
    full = shown(row.points, number) if row.points is not None else "—"
    if row.earned is None:
        return _("{name}（{full} 分）定不出得分").format(name=row.name, full=full)
    said = (
        _("，自评 {stated} 分").format(stated=shown(row.stated, number))
        if row.stated is not None and row.stated != row.earned
        else ""
    )
    return _("{name}（{full} 分）得 {earned} 分{said}").format(
        name=row.name, full=full, earned=shown(row.earned, number), said=said
    )
