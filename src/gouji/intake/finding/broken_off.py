"""A form that breaks off before its total -> the lines behind the break: missing, whatever stands for what is not printed."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.base.i18n import _
from gouji.intake.finding.layout import Layout
from gouji.intake.ledger.submission import At, Problem
from gouji.intake.workbooks.extracted import Lacking, Piece, Received
from gouji.rules import Cells, Column, Form, Table


def break_off(form: Form, piece: Piece, made: Received) -> None:
    """Take no zero for lines of which nobody knows whether they were printed: none of those that close them (合计, 总计) stands on the sheet."""
    found = broken_off(piece.table, form, piece.layout)
    if not found:
        return
    piece.hide(list(found))
    what = _("“{table}”没有印到合计，可能断了：没有印的行不按零计：{columns}").format(
        table=piece.table.table, columns="、".join(f"“{name}”" for name in found)
    )
    at = At(made.file, sheet=piece.sheet.name)
    made.problems.append(Problem(piece.table.table, at, what, _("报完整的表，合计行也要有")))


def broken_off(table: Table, form: Form, layout: Layout) -> tuple[str, ...]:
    """Columns that would be zero where the form does not print them, behind which nothing is printed that closes their run."""
    if not layout.absent:
        return ()
    absent = frozenset(layout.absent)
    found = dict.fromkeys(
        name for cells in form.cells for name in _open(_run(table, cells), form, absent)
    )
    return tuple(found)


def lacking(table: Table, form: Form, sheet: str, layout: Layout) -> Lacking:
    """What the form does not print: what its form set never has, what counts as zero, the rest as not sent."""
    never = tuple(n for n in layout.absent if form.prints and n not in form.prints)
    cut = {*never, *broken_off(table, form, layout)}
    by_name = {c.name: c for c in table.columns}
    zero = tuple(n for n in layout.absent if by_name[n].unprinted == "zero" and n not in cut)
    return Lacking(table.table, sheet, layout, form.of, never, zero)


def _run(table: Table, cells: Cells) -> list[Column]:
    names = [c.name for c in table.columns]
    start = names.index(cells.from_) if cells.from_ else 0
    end = names.index(cells.to) if cells.to else len(names) - 1
    return [c for c in table.columns[start : end + 1] if c.numeric and c.role is None]


def _open(run: list[Column], form: Form, absent: frozenset[str]) -> Iterator[str]:
    closing = [
        (at, c.name)
        for at, c in enumerate(run)
        if c.unprinted != "zero" and (not form.prints or c.name in form.prints)
    ]
    for at, column in enumerate(run):
        behind = [name for place, name in closing if place > at]
        if column.unprinted == "zero" and column.name in absent and absent.issuperset(behind):
            # A form without any such line breaks off nowhere.
            yield from [column.name] * bool(behind)


__all__ = ["break_off", "broken_off", "lacking"]
