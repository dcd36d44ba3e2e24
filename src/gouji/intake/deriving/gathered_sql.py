"""One derived table -> queries that gather what other units give to its figures: SQL text, made of nothing but names and words of table descriptions."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.intake.deriving.among_peers_sql import BETWEEN, MARK, NAMED_AT_MOST, Peers
from gouji.intake.deriving.source_rows_sql import SourceRows, sources_of
from gouji.intake.deriving.whole_figures_sql import rounded, small
from gouji.intake.ledger.tables import literal, quoted
from gouji.rules import KEPT_PLACES, UNITS, Column, ColumnRole, ColumnType, Over, Table, Take


class GatheringQueries(SourceRows):
    """Queries for the figures of one derived table that other units give."""

    @property
    def counted(self) -> str:
        """The table of what `below` finds, which lies there while figures are gathered."""
        return f"{self.derived.by}@"

    def gathered(self, column: Column, take: Take) -> Iterator[str]:
        """What other units give, in a few queries: whose figure it is, year, key, figure, half, text; rows not `known` say which table is not complete."""
        match take.over:
            case Over.PEERS if take.among_peers:
                yield Peers(self, column, take).query()
            case Over.PEERS:
                yield self._median(column, take)
            case Over.TWINS:
                yield self._twins(take)
            case Over.NAMED:
                yield self._added(
                    column,
                    f"SELECT target, u, y, k, v, h FROM ({self.rows(column, take)}) WHERE target <> u",
                )
            case _:
                yield from self._below_added(column, take)
                yield " UNION ALL ".join(
                    f"SELECT b.target, b.y, {literal(name)}, NULL, NULL, '', false FROM {quoted(self.counted)} b ANTI JOIN (SELECT {self.whose(self.tables[name])}"
                    f" FROM {quoted(name)}) s ON s.u = b.u AND s.y = b.y GROUP BY ALL"
                    for name in sources_of(self.table, take)
                )

    def _below_added(self, column: Column, take: Take) -> Iterator[str]:
        if self.derived.cells and not take.from_:
            yield from (self._cells_added(column, self.tables[name]) for name in self.derived.cells)
        else:
            yield self._added(
                column,
                f"SELECT b.target, s.* FROM ({self.rows(column, take)}) s JOIN {quoted(self.counted)} b ON b.u = s.u AND b.y = s.y",
            )

    def _cells_added(self, column: Column, table: Table) -> str:
        """As `_added`, of every amount of a table: the columns are added up side by side, and only their sums become rows."""
        own, of_year = (
            quoted(table.with_role(role).name) for role in (ColumnRole.UNIT, ColumnRole.YEAR)
        )
        key = f"concat_ws(' ', {', '.join([literal(table.table), *self.keys(table)])})"
        money = [
            (number, c, *self.figure(table, c.name))
            for number, c in enumerate(table.columns)
            if c.type is ColumnType.MONEY
        ]
        given = ", ".join(f"{v} AS v{i}, {h} AS h{i}" for i, _c, v, h in money)
        rows = f"SELECT b.target, b.u, b.y, {key} AS k, {given} FROM {quoted(table.table)} s JOIN {quoted(self.counted)} b ON b.u = s.{own} AND b.y = s.{of_year}"
        sums = ", ".join(
            f"{{'c': {literal(c.name)}, 'v': CASE WHEN count(v{i}) = count(*) THEN sum(v{i}) END::DECIMAL(38,6),"
            f" 'h': CASE WHEN count(v{i}) = count(*) THEN sum(h{i}) END::DECIMAL(38,6), 'first': min({{'u': u, 'v': v{i}}}, {NAMED_AT_MOST})}}"
            for i, c, _v, _h in money
        )
        enough = (
            f" HAVING count(DISTINCT u) >= {self.derived.at_least}"
            if self.derived.at_least > 1
            else ""
        )
        listed = f"array_to_string(list_transform(c.first, lambda x : x.u || ' ' || coalesce({_shown(column, 'x.v')}, '?')), {BETWEEN})"
        return (
            f"SELECT target, y, k || ' ' || c.c, c.v, c.h, n || '{MARK}' || {listed}, true"
            f" FROM (SELECT target, y, k, count(*) AS n, unnest([{sums}]) AS c FROM ({rows}) GROUP BY target, y, k{enough})"
        )

    def _added(self, column: Column, rows: str) -> str:
        """Sums by target; without value where a figure that counts is missing."""
        whole = "count(v) = count(*)"
        listed = f"array_to_string(list_slice(list(u || ' ' || coalesce({_shown(column, 'v')}, '?') ORDER BY u), 1, {NAMED_AT_MOST}), {BETWEEN})"
        made = (
            f"SELECT target, y, k, CASE WHEN {whole} THEN sum(v) END, CASE WHEN {whole} THEN sum(h) END,"
            f" count(*) || '{MARK}' || {listed}, true FROM ({rows}) WHERE target <> '' GROUP BY ALL"
        )
        return (
            made
            if self.derived.at_least == 1
            else f"{made} HAVING count(DISTINCT u) >= {self.derived.at_least}"
        )

    def _median(self, column: Column, take: Take) -> str:
        """The lower median over all units of a year, in whole numbers; a unit whose divisor is zero or whose figure is negative has none.

        Rounded to significant figures it is no unit's figure any more, and names none.
        """
        table = self.tables[take.from_[0]]
        described = table.column(take.column or column.name)
        assert described is not None
        kept = KEPT_PLACES[described.type]
        # A place more than is kept is whole: halves of last places are.
        figure, half, divisor = (
            f"(v * {10**kept})::HUGEINT",
            f"(h * {10 ** (kept + 1)})::HUGEINT",
            "d::HUGEINT",
        )
        if take.per:
            figure, half = (
                f"(2 * {figure} + {divisor}) // (2 * {divisor})",
                f"({half} + {divisor} - 1) // {divisor} + 5",
            )
        usable = "v >= 0 AND d > 0" if take.per else "v >= 0"
        each = f"SELECT u, y, {figure} AS r, {half} AS s FROM ({self.rows(column, take)}) WHERE {usable}"
        middle = (
            f"SELECT y, quantile_disc(r, 0.5) AS m, quantile_disc(10 * r - s, 0.5) AS low, quantile_disc(10 * r + s, 0.5) AS high"
            f" FROM ({each}) GROUP BY y HAVING count(*) >= {self.derived.at_least}"
        )
        value, slack = (
            f"m.m::DECIMAL(30,0) * {small(kept)}",
            f"greatest(10 * m.m - m.low, m.high - 10 * m.m)::DECIMAL(30,0) * {small(kept + 1)}",
        )
        if take.significant is not None:
            return f"SELECT '', y, '', {value}, m.s::DECIMAL(30,0) * {small(kept + 1)}, '{MARK}', true FROM ({rounded(middle, take.significant)}) m"
        return (
            f"SELECT '', y, '', {value}, {slack}, '{MARK}' || min(u), true FROM ({middle}) m JOIN ({each}) e USING (y) WHERE e.r = m.m"
            " GROUP BY y, m.m, m.low, m.high"
        )

    def _twins(self, take: Take) -> str:
        """How many units print the same figures, none of them zero."""
        table = self.tables[take.from_[0]]
        names = ", ".join(quoted(name) for name in take.same)
        whose, some = self.whose(table), " AND ".join(f"{quoted(name)} <> 0" for name in take.same)
        units = f"SELECT {whose}, {names} FROM {quoted(table.table)} WHERE {some}"
        if take.without:
            units = f"SELECT s.* FROM ({units}) s ANTI JOIN ({self.left_out(take)}) o USING (u, y)"
        same = (
            f"SELECT y, list(u ORDER BY u) AS us, count(*) AS n FROM ({units}) GROUP BY y, {names}"
        )
        enough = f"SELECT * FROM ({same}) QUALIFY sum(n) OVER (PARTITION BY y) >= {self.derived.at_least}"
        # One more than are named, for one may be the unit itself; a list of all beside each of them would grow with the square of their number.
        first = f"SELECT unnest(us) AS u, y, n, list_slice(us, 1, {NAMED_AT_MOST + 1}) AS f FROM ({enough})"
        others = f"array_to_string(list_slice(list_filter(f, lambda x : x <> u), 1, {NAMED_AT_MOST}), {BETWEEN})"
        return f"SELECT u, y, '', n, 0, '{MARK}' || {others}, true FROM ({first})"


def _shown(column: Column, figure: str) -> str:
    """A figure in the unit of the column, as text."""
    factor = UNITS[column.unit] if column.unit else 1
    places = column.places if column.places is not None else (2 if column.unit else 0)
    return f"({figure} * CAST('{1 / factor:f}' AS DECIMAL(12,8)))::DECIMAL(38,{max(places, 0)})::VARCHAR"


__all__ = ["GatheringQueries"]
