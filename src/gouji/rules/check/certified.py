"""`certified` of `locate.yaml` -> faults: each name must be a table, or a column of one as `table.column`."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.base.faults import Place, RuleError, did_you_mean
from gouji.base.i18n import _
from gouji.rules.source_map import RuleBook, TableSet


def check_locating(book: RuleBook, tables: TableSet) -> Iterator[RuleError]:
    """Every fault of `locate.yaml` that only the table descriptions show."""
    document = book.locating_document
    for number, name in enumerate(book.locating.certified):
        table, _mark, column = name.partition(".")
        place = document.place(("certified", number)) if document is not None else Place("")
        of = tables.tables.get(table)
        if of is None:
            yield RuleError(
                _("没有叫“{table}”的数据表").format(table=table),
                place=place,
                fix=did_you_mean(table, tables.tables),
            )
        elif column and of.column(column) is None:
            yield RuleError(
                _("“{table}”没有叫“{column}”的列").format(table=table, column=column),
                place=place,
                fix=did_you_mean(column, [c.name for c in of.columns]),
            )


__all__ = ["check_locating"]
