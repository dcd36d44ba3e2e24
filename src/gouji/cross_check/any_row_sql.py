"""Conditions on the rows of a table -> SQL over the row `t` and what is joined to it: figures of the whole unit, rows found by their key."""

from __future__ import annotations

from gouji.base.sql_names import quoted
from gouji.cross_check.conditions import ConditionsSql
from gouji.expression import nodes as n
from gouji.rules import ColumnRole, ResolvedEachRow


def any_row(of: ResolvedEachRow, teller: ConditionsSql) -> str:
    """Whether some row of the unit breaks the condition whatever figures are within rounding; `teller` speaks of the unit."""
    row = _InRow(teller, of)
    wrong = row.check(of.check)
    table = of.table
    unit, year = (
        f"t.{quoted(table.with_role(r).name)}" for r in (ColumnRole.UNIT, ColumnRole.YEAR)
    )
    rows = f"FROM {quoted(table.table)} t{row.beside(unit)} WHERE {year} = {teller.year}"
    return teller.any_of(
        f"(SELECT DISTINCT {unit} AS unit {rows} AND NOT ({wrong}))", f"{table.table}/{of.code}"
    )


class _InRow(ConditionsSql):
    """Conditions over the row `t` of a table with many rows."""

    def __init__(self, teller: ConditionsSql, of: ResolvedEachRow) -> None:
        super().__init__(teller.tables, teller.units, teller.year, teller.book)
        self.table = of.table.table
        self.texts: dict[str, str] = {}

    def beside(self, unit: str) -> str:
        """The joins to the row; of a row found by its key, on that too."""
        joins = ((f"j{i}", source) for i, source in enumerate(self.joins.values()))
        return "".join(
            f" LEFT JOIN {source} {name} ON {name}.unit = {unit}{self.texts.get(name, '')}"
            for name, source in joins
        )

    def _column(self, leaf: n.Figure | n.Word, name: str) -> str:
        if leaf.table != self.table or leaf.prior:
            return super()._column(leaf, name)
        return f"t.{quoted(name)}"

    def _grouped(self, leaf: n.Aggregate) -> str:
        by = n.looked_up(leaf)
        if by is None:
            return super()._grouped(leaf)
        column = self.tables[leaf.table].column(leaf.column)
        value = f"t.{quoted(leaf.column)}"
        half = "0" if column is None or column.exact else f"t.{quoted(leaf.column + '±')}"
        unit, rows = self._rows(leaf.table, leaf.prior)
        told = f"{unit} AS unit, t.{quoted(by[0])} AS key, {value} AS v, {value} AS m, {half} AS h"
        alias = self._alias(leaf, f"(SELECT {told} {rows})")
        self.texts[alias] = f" AND {alias}.key = t.{quoted(by[1].column)}"
        return alias
