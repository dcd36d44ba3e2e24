"""EachRow or RollUp + tables -> resolved: the table has many rows, the columns exist and are numbers, codes have levels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from gouji.base.faults import did_you_mean
from gouji.base.i18n import _
from gouji.expression.nodes import Node
from gouji.rules.check.types import Kind
from gouji.rules.resolved import ResolvedEachRow, ResolvedRollUp, ResolvedTableRule
from gouji.rules.rule import EachRow, RollUp, TableRule
from gouji.rules.table import ColumnRole, Table

Fault = Callable[..., None]


class Tree(Protocol):
    """Reads the expression under a key of a rule; faults in it have been reported when it gives None."""

    def __call__(
        self, code: str, key: str, text: str | None, want: Kind, inside: str | None = None
    ) -> Node | None:
        """The checked tree."""


def resolve_table_rule(
    rule: TableRule, tables: Mapping[str, Table], tree: Tree, fault: Fault
) -> ResolvedTableRule | None:
    """The rule with its table; None where `fault(key, what, fix)` received a reason that leaves nothing to resolve."""
    table = tables.get(rule.table)
    if table is None:
        fault(
            "table",
            _("没有叫“{table}”的数据表").format(table=rule.table),
            did_you_mean(rule.table, tables),
        )
        return None
    if table.grain == "one":
        fault(
            "table",
            _("“{table}”每个单位只有一行，不能逐行判断").format(table=rule.table),
            _("写成 kind: tie_out"),
        )
        return None
    applies = tree(rule.code, "applies", rule.applies, "condition")
    if isinstance(rule, EachRow):
        check = tree(rule.code, "check", rule.check, "condition", inside=rule.table)
        return ResolvedEachRow(rule, table, check, applies) if check is not None else None
    return _roll_up(rule, table, applies, fault)


def _roll_up(
    rule: RollUp, table: Table, applies: Node | None, fault: Fault
) -> ResolvedRollUp | None:
    by = next((c for c in table.columns if c.role is ColumnRole.CODE), None)
    if by is None:
        fault(
            "table",
            _("“{table}”没有 role: code 的列").format(table=rule.table),
            _("在数据表说明里给编码列加 role: code 和 levels"),
        )
    for index, name in enumerate(rule.columns):
        column = table.column(name)
        if column is None:
            what = _("“{table}”没有叫“{column}”的列").format(table=rule.table, column=name)
            fault("columns", what, did_you_mean(name, (c.name for c in table.columns)), index)
        elif not column.numeric or column.role is not None:
            fault(
                "columns",
                _("“{column}”不是可以相加的数").format(column=name),
                _("只写金额、个数等数字列"),
                index,
            )
    if len(set(rule.columns)) != len(rule.columns):
        fault("columns", _("有一列写了两次"), _("只留一个"))
    return ResolvedRollUp(rule, table, by, applies) if by is not None else None
