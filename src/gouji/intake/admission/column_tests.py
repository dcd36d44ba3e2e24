"""A table description -> what it asks of the values in each column: as fields for Pandera, and as conditions in SQL that a row must not meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gouji.base.i18n import _
from gouji.intake.inspector.questions import Field
from gouji.intake.ledger.tables import literal, quoted
from gouji.rules import Column, Table

# What is wrong, how to mend it, and the column.
Reason = tuple[str, str, str]


def asked_fields(table: Table, kind_of: Callable[[Column], str]) -> Iterator[Field]:
    """Types, nulls and domains of the columns it describes. Those of which only the type is said are left out: DuckDB has made them of it."""
    for column in table.columns:
        plain = Field(column.name, kind_of(column), nullable=True)
        field = plain._replace(
            nullable=column.null != "never",
            one_of=column.one_of,
            at_least=column.at_least,
            at_most=column.at_most,
        )
        if field != plain or column.name in table.key:
            yield field


def column_tests(column: Column) -> Iterator[tuple[str, Reason]]:
    """What a column must not be: condition and reason."""
    name = quoted(column.name)
    if column.null == "never":
        yield (
            f"{name} IS NULL",
            (_("“{column}”没有填").format(column=column.name), _("补上"), column.name),
        )
    if column.one_of:
        words = ", ".join(map(literal, column.one_of))
        mend = _("可用的有：{names}").format(names="、".join(column.one_of))
        yield (
            f"{name} NOT IN ({words})",
            (_("“{column}”的词不在表内").format(column=column.name), mend, column.name),
        )
    if column.at_least is not None:
        yield (
            f"{name} < {column.at_least}",
            (
                _("“{column}”小于 {edge}").format(column=column.name, edge=column.at_least),
                _("核对这个数"),
                column.name,
            ),
        )
    if column.at_most is not None:
        yield (
            f"{name} > {column.at_most}",
            (
                _("“{column}”大于 {edge}").format(column=column.name, edge=column.at_most),
                _("核对这个数"),
                column.name,
            ),
        )
