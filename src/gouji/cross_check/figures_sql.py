"""Figures of rules -> SQL over the row of a unit and rows joined to it: as printed, the middle of what they may be, and how far rounding reaches."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from gouji.base.sql_names import literal, quoted
from gouji.cross_check.sides import (
    NotCovered,
    number,
)
from gouji.cross_check.spans import Ends
from gouji.expression import NOTHING_SAID, Linear
from gouji.expression import nodes as n
from gouji.rules import ColumnRole, ResolvedBook, Table


class FiguresSql:
    """Figures as SQL text over `u`, the row of the unit, and the rows joined to it: of one-row tables, of aggregates."""

    def __init__(
        self, tables: Mapping[str, Table], units: Table, year: int, book: ResolvedBook
    ) -> None:
        self.tables, self.units, self.year, self.book = tables, units, year, book
        self.joins: dict[tuple[str, bool] | n.Aggregate, str] = {}

    def joined(self) -> str:
        """The joins that the conditions told so far need."""
        # Joins, not subqueries in place: DuckDB takes most of a second to plan a rule with twenty of those.
        own = self.units.with_role(ColumnRole.UNIT).name
        return "".join(
            f" LEFT JOIN {source} j{i} ON j{i}.unit = u.{quoted(own)}"
            for i, source in enumerate(self.joins.values())
        )

    def _alias(self, key: tuple[str, bool] | n.Aggregate, source: str) -> str:
        self.joins.setdefault(key, source)
        return f"j{list(self.joins).index(key)}"

    def _rows(self, table: str, prior: bool) -> tuple[str, str]:
        """The column of the unit, and the rows of the year."""
        described = self.tables[table]
        unit, year = (
            quoted(described.with_role(r).name) for r in (ColumnRole.UNIT, ColumnRole.YEAR)
        )
        return f"t.{unit}", f"FROM {quoted(table)} t WHERE t.{year} = {self.year - prior}"

    def about(self, table: str, where: str, made: Mapping[str, str], key: str) -> str:
        """Aggregates over the unit's rows of a table that are about one criterion; returns how to name them."""
        unit, rows = self._rows(table, False)
        columns = ", ".join(f"{e} AS {name}" for name, e in made.items())
        return self._alias(
            (f"{table}/{key}", False),
            f"(SELECT {unit} AS unit, {columns} {rows} AND {where} GROUP BY 1)",
        )

    def ends(self, form: Linear) -> Ends:
        """The lowest and highest of a sum within rounding."""
        value, half = self._middle(form), self._slack(form, Fraction(0))
        return f"({value} - ({half}))", f"({value} + ({half}))"

    def _middle(self, form: Linear) -> str:
        """The middle of the interval of a sum; for min(…) and max(…) over rows that is not what stands at the printed figures."""
        parts = [f"{number(c)} * {self._value(leaf, 'm')}" for leaf, c in form.coefficients]
        return "(" + " + ".join([*parts, number(form.constant)]) + ")"

    def total(self, form: Linear) -> str:
        """A sum at the printed figures."""
        parts = [f"{number(c)} * {self._value(leaf)}" for leaf, c in form.coefficients]
        return "(" + " + ".join([*parts, number(form.constant)]) + ")"

    def _slack(self, form: Linear, slack: Fraction) -> str:
        return " + ".join(
            [
                *(f"{number(abs(c))} * {self._half(leaf)}" for leaf, c in form.coefficients),
                number(slack),
            ]
        )

    def _value(self, leaf: n.Leaf, which: str = "v") -> str:
        return (
            f"{self._grouped(leaf)}.{which}"
            if isinstance(leaf, n.Aggregate)
            else self._column(leaf, leaf.column)
        )

    def _half(self, leaf: n.Leaf) -> str:
        column = self.tables[leaf.table].column(leaf.column)
        assert column is not None
        if column.exact or (isinstance(leaf, n.Aggregate) and leaf.func == "count"):
            return "0"
        return (
            f"{self._grouped(leaf)}.h"
            if isinstance(leaf, n.Aggregate)
            else self._column(leaf, leaf.column + "±")
        )

    def _column(self, leaf: n.Figure | n.Word, name: str) -> str:
        unit, rows = self._rows(leaf.table, leaf.prior)
        return f"{self._alias((leaf.table, leaf.prior), f'(SELECT *, {unit} AS unit {rows})')}.{quoted(name)}"

    def _grouped(self, leaf: n.Aggregate) -> str:
        """The row of an aggregate: its value as printed, the middle of what it may be, and how far that reaches to either side."""
        name, column = quoted(leaf.column), self.tables[leaf.table].column(leaf.column)
        where = f"({self._row(leaf.where)})" if leaf.where is not None else "TRUE"
        made = _aggregated(leaf.func, name, where)
        half, middle = "0", made
        if column is not None and not column.exact and leaf.func != "count":
            slack = quoted(leaf.column + "±")
            low, high = (
                f"{leaf.func}(t.{name} {sign} t.{slack}) FILTER (WHERE {where})" for sign in "-+"
            )
            if leaf.func == "sum":
                half = f"coalesce(sum(t.{slack}) FILTER (WHERE {where}), 0)"
            else:
                half = f"({high} - {low}) * 0.5"
                middle = f"CASE WHEN {made} IS NOT NULL THEN ({high} + {low}) * 0.5 END"
        unit, rows = self._rows(leaf.table, leaf.prior)
        return self._alias(
            leaf,
            f"(SELECT {unit} AS unit, {made} AS v, {middle} AS m, {half} AS h {rows} GROUP BY 1)",
        )

    def any_of(self, source: str, key: str) -> str:
        """Whether the unit is among those of a query, `(SELECT … AS unit …)` with each unit once."""
        return f"{self._alias((key, False), source)}.unit IS NOT NULL"

    def _row(self, node: n.Node) -> str:
        """A filter over the row `t` itself."""
        match node:
            case n.Compare(op, left, right):
                return f"{self._in_row(left)} {op} {self._in_row(right)}"
            case n.Both(left, right):
                return f"({self._row(left)}) AND ({self._row(right)})"
            case n.Either(left, right):
                return f"({self._row(left)}) OR ({self._row(right)})"
            case n.Not(of):
                return f"NOT ({self._row(of)})"
            case n.Missing(of):
                return f"{self._in_row(of)} IS NULL"
            case n.OneOf(of, values):
                return f"{self._in_row(of)} IN ({', '.join(map(literal, values))})"
            case n.SaysNothing(of):
                return f"regexp_full_match({self._in_row(of)}, {literal(NOTHING_SAID)})"
        raise NotCovered

    def _in_row(self, node: n.Node) -> str:
        match node:
            case n.Figure() | n.Word():
                return f"t.{quoted(node.column)}"
            case n.Number(value):
                return number(value)
            case n.Text(value):
                return literal(value)
        raise NotCovered

    def text(self, node: n.Node) -> str:
        """A text literal or column."""
        if isinstance(node, n.Text):
            return literal(node.value)
        if isinstance(node, n.Word):
            return self._column(node, node.column)
        raise NotCovered


def _aggregated(func: str, name: str, where: str) -> str:
    """The aggregate of a column over the rows of a unit; unknown where a row may belong to it and does not say."""
    if func == "count":
        return f"CASE WHEN count(*) FILTER (WHERE {where} IS NULL) = 0 THEN count(t.{name}) FILTER (WHERE {where}) END"
    gap = f"{where} IS NULL OR ({where} AND t.{name} IS NULL)"
    total = f"{func}(t.{name}) FILTER (WHERE {where})"
    total = f"coalesce({total}, 0)" if func == "sum" else total
    return f"CASE WHEN count(*) FILTER (WHERE {gap}) = 0 THEN {total} END"
