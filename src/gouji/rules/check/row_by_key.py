"""表[键].列 + tables -> the aggregate that takes the figure of that one row, and every reason why there might be none or two."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gouji.base.faults import did_you_mean
from gouji.base.i18n import _
from gouji.expression import nodes as n
from gouji.rules.table import Column, ColumnRole, Table

Report = Callable[[str, str], None]


def one_row(
    cell: n.RowFigure, tables: Mapping[str, Table], inside: str | None, report: Report
) -> n.Aggregate | None:
    """The figure as the greatest of the rows with the key, of which there is at most one; None where `report(what, fix)` received a reason.

    A key that is a column belongs to the row of the table `inside` that is judged.
    """
    table = tables[cell.table]
    by = key_column(table)
    if by is None:
        report(*_not_one(cell, table))
        return None
    if isinstance(cell.key, n.Figure):
        return _by_own(cell, cell.key, by, tables, inside, report)
    if not _may_be(by, cell.key):
        report(
            _("“{table}”的“{column}”没有“{key}”").format(
                table=table.table, column=by.name, key=cell.key
            ),
            _known(by, cell.key),
        )
        return None
    own = n.Compare("=", n.Figure(table.table, by.name), n.Text(cell.key))
    return n.Aggregate("max", table.table, cell.column, own, cell.prior)


def _by_own(
    cell: n.RowFigure,
    own: n.Figure,
    by: Column,
    tables: Mapping[str, Table],
    inside: str | None,
    report: Report,
) -> n.Aggregate | None:
    """The figure of the row that says the same as a column of the row that is judged."""
    if own.table != inside:
        report(
            _("“{key}”不是本行的一列，不能当键").format(key=f"{own.table}.{own.column}"),
            _("在 each_row 的 check 里写 表[本表.列].列；指标和 tie_out 里写 表[键].列"),
        )
        return None
    column = tables[own.table].column(own.column)
    if column is None or column.numeric:
        report(
            _("“{table}”没有叫“{column}”的文字列，不能当键").format(
                table=own.table, column=own.column
            ),
            did_you_mean(own.column, (c.name for c in tables[own.table].columns if not c.numeric)),
        )
        return None
    same = n.Compare("=", n.Word(cell.table, by.name), n.Own(own.table, own.column))
    return n.Aggregate("max", cell.table, cell.column, same, cell.prior)


def key_column(table: Table) -> Column | None:
    """The column of text that alone tells the rows of a unit apart; None where there is none such."""
    key = table.row_key
    column = table.column(key[0]) if table.grain == "many" and len(key) == 1 else None
    return column if column is not None and not column.numeric else None


def _not_one(cell: n.RowFigure, table: Table) -> tuple[str, str]:
    key = cell.key if isinstance(cell.key, str) else f"{cell.key.table}.{cell.key.column}"
    if table.grain == "one":
        return (
            _("“{table}”每个单位只有一行，没有“{key}”行").format(table=table.table, key=key),
            _("直接写 {table}.{column}").format(table=table.table, column=cell.column),
        )
    return (
        _("“{table}”要靠 {keys} 才分得清行，“{key}”可能不止一行").format(
            table=table.table, keys="、".join(table.row_key), key=key
        ),
        _("写成 sum({table}.{column}) filter (where …)，说明合计哪些行").format(
            table=table.table, column=cell.column
        ),
    )


def _may_be(by: Column, key: str) -> bool:
    """Whether a row may have that key: a code of a known length or a word of its column, one of the words it may hold."""
    if by.role is ColumnRole.CODE and not (key.isascii() and key.isdecimal()):
        return key in (by.total, *by.words)
    if by.role is ColumnRole.CODE:
        return len(key) in by.levels
    return not by.one_of or key in by.one_of


def _known(by: Column, key: str) -> str:
    if by.role is ColumnRole.CODE and key.isdecimal():
        return _("编码的位数是 {levels}").format(levels="、".join(map(str, by.levels)))
    words = (*(w for w in (by.total,) if w is not None), *by.words, *by.one_of)
    return did_you_mean(key, words) or _("写一个编码，或在数据表说明里加 total 或 words")
