"""A table description -> what it asks of the values in each column: as fields for Pandera, and as conditions in SQL that a row must not meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gouji.base.i18n import _
from gouji.intake.finding.listed_codes import code_pattern
from gouji.intake.inspector.questions import Field
from gouji.intake.ledger.tables import literal, quoted
from gouji.rules import Column, ColumnRole, Table

# What is wrong, how to fix it, and the column.
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
            matches=code_pattern(column) if column.role is ColumnRole.CODE else "",
        )
        if field != plain or column.name in table.key:
            yield field


def column_tests(column: Column) -> Iterator[tuple[str, Reason]]:
    """What a column must not be: condition and reason."""
    for condition, what, fix in _refusals(column):
        yield f"{quoted(column.name)} {condition}", (what, fix, column.name)


def code_tests(column: Column) -> Iterator[tuple[str, Reason]]:
    """The same of codes of lines."""
    if column.role is ColumnRole.CODE:
        what = _("“{column}”不是编码").format(column=column.name)
        total = _("；合计行写“{total}”").format(total=column.total) if column.total else ""
        fix = _("写编码的数字，不要小数点") + total
        pattern = literal(code_pattern(column))
        yield f"{quoted(column.name)} NOT SIMILAR TO {pattern}", (what, fix, column.name)


def _refusals(column: Column) -> Iterator[tuple[str, str, str]]:
    """What its values must not be, what is wrong then, how to fix it."""
    name = column.name
    if column.null == "never":
        yield "IS NULL", _("“{column}”没有填").format(column=name), _("补上")
    if column.one_of:
        words = ", ".join(map(literal, column.one_of))
        fix = _("可用的有：{names}").format(names="、".join(column.one_of))
        yield f"NOT IN ({words})", _("“{column}”的词不在表内").format(column=name), fix
    for sign, edge, says in (
        ("<", column.at_least, _("“{column}”小于 {edge}")),
        (">", column.at_most, _("“{column}”大于 {edge}")),
    ):
        if edge is not None:
            yield f"{sign} {edge}", says.format(column=name, edge=edge), _("核对这个数")
