"""A figure of all units of a year -> for each of them the mean, the greatest, the least of its peers' figures, or its place among them: one SQL query.

A unit has none until each of its peers has the figure: those that filed, and those of the list of units that should. What one of them has not sent
could be any number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from gouji.base.sql_names import literal, quoted
from gouji.intake.deriving.whole_figures_sql import small
from gouji.rules import KEPT_PLACES, By, Column, ColumnType, Derived, Role, Table, Take

MARK, NAMED_AT_MOST = "|", 6
BETWEEN = literal("、")


class StatementSource(Protocol):
    """What is asked of the statements of a derived table."""

    tables: Mapping[str, Table]
    units: Table
    derived: Derived

    def whose(self, table: Table) -> str: ...
    def left_out(self, take: Take) -> str: ...
    def rows(self, column: Column, take: Take) -> str: ...


@dataclass(frozen=True, slots=True)
class Peers:
    """A column that is worked out among peers."""

    source: StatementSource
    column: Column
    take: Take

    def query(self) -> str:
        """Rows u, y, k, v, h, t, known: for each unit whose peers all have the figure. The text says of how many units, and names the first."""
        names = f"list_slice(list(u ORDER BY u) OVER peers, 1, {NAMED_AT_MOST})"
        text = f"(count(*) OVER peers) || '{MARK}' || array_to_string({names}, {BETWEEN})"
        value, half = self._figure()
        enough = self.source.derived.at_least
        return (
            f"SELECT u, y, '' AS k, {value} AS v, {half} AS h, {text} AS t, true AS known FROM ({self._each()})"
            " WINDOW peers AS (PARTITION BY y, g)"
            f" QUALIFY count(*) OVER peers >= {enough} AND NOT coalesce(bool_or(r IS NULL) OVER peers, false)"
        )

    def _each(self) -> str:
        """Every peer with its group, its figure r (whole, as it is kept) and half of its last place s (ten times as fine)."""
        kept = self._kept
        rows = (
            f"SELECT u, y, (v * {10**kept})::HUGEINT AS r, (h * {10 ** (kept + 1)})::HUGEINT AS s"
            f" FROM ({self.source.rows(self.column, self.take)})"
        )
        # A unit of no known kind may be anybody's peer: it stands in every group, without a figure.
        return (
            f"SELECT p.u, p.y, p.g, r.r, r.s FROM ({self._population()}) p LEFT JOIN ({rows}) r"
            f" ON r.u = p.u AND r.y = p.y AND p.told"
        )

    def _population(self) -> str:
        """Units that filed, and those that should have: u, y, their group g, and whether that is told."""
        filed = self._some(self.source.units)
        expected = next((t for t in self.source.tables.values() if t.role is Role.EXPECTED), None)
        every = filed
        if expected is not None:
            every = (
                f"SELECT * FROM ({filed}) UNION ALL SELECT e.* FROM ({self._some(expected)}) e"
                f" ANTI JOIN ({filed}) f USING (u, y)"
            )
        if self.take.without:
            every = f"SELECT s.* FROM ({every}) s ANTI JOIN ({self.source.left_out(self.take)}) o USING (u, y)"
        if not self.take.within:
            return f"SELECT DISTINCT u, y, '' AS g, true AS told FROM ({every})"
        groups = f"SELECT DISTINCT y AS gy, g FROM ({every}) WHERE g IS NOT NULL"
        return (
            f"SELECT DISTINCT u, y, g, true AS told FROM ({every}) WHERE g IS NOT NULL"
            f" UNION ALL SELECT DISTINCT u, y, o.g, false FROM ({every}) e JOIN ({groups}) o ON o.gy = e.y WHERE e.g IS NULL"
        )

    def _some(self, table: Table) -> str:
        """The units of a table, each with the words that make its group."""
        words = [
            f"{quoted(name)}::VARCHAR" if table.column(name) is not None else "NULL::VARCHAR"
            for name in self.take.within
        ]
        group = " || chr(31) || ".join(words) if words else "''"
        return f"SELECT {self.source.whose(table)}, {group} AS g FROM {quoted(table.table)}"

    @property
    def _kept(self) -> int:
        described = self.source.tables[self.take.from_[0]].column(
            self.take.column or self.column.name
        )
        assert described is not None
        return KEPT_PLACES[described.type]

    def _figure(self) -> tuple[str, str]:
        """The figure and half of its last place, over the window `peers`."""
        kept = self._kept
        low, high = "10 * r - s", "10 * r + s"
        match self.take.by:
            case By.MEAN:
                return self._mean()
            case By.MAX:
                value = "max(r) OVER peers"
                half = f"greatest(10 * max(r) OVER peers - max({low}) OVER peers, max({high}) OVER peers - 10 * max(r) OVER peers)"
            case By.MIN:
                value = "min(r) OVER peers"
                half = f"greatest(10 * min(r) OVER peers - min({low}) OVER peers, min({high}) OVER peers - 10 * min(r) OVER peers)"
            case By.RANK:
                order = "r" if self.take.lowest_first else "r DESC"
                return f"(rank() OVER (PARTITION BY y, g ORDER BY {order}))::DECIMAL(38,6)", "0"
            case _:
                return self._share()
        return (
            f"({value})::DECIMAL(30,0) * {small(kept)}",
            f"({half})::DECIMAL(30,0) * {small(kept + 1)}",
        )

    def _mean(self) -> tuple[str, str]:
        """Of counts and scores, which are exact, it has more places than they have."""
        kept = KEPT_PLACES[self.column.type]
        finer, many = 10 ** (kept - self._kept), "count(*) OVER peers"
        added = f"(sum(r) OVER peers * {finer})::HUGEINT"
        value = f"sign({added})::HUGEINT * ((2 * abs({added}) + {many}) // (2 * {many}))"
        # Halves of last places on average, and what rounding the mean takes.
        half = f"((sum(s) OVER peers * {finer})::HUGEINT + {many} - 1) // {many} + 5"
        return (
            f"({value})::DECIMAL(30,0) * {small(kept)}",
            f"({half})::DECIMAL(30,0) * {small(kept + 1)}",
        )

    def _share(self) -> tuple[str, str]:
        """The share of the others that have less; of one unit alone there is none."""
        kept = KEPT_PLACES[ColumnType.PERCENT]
        less = "(rank() OVER (PARTITION BY y, g ORDER BY r) - 1)"
        others = "nullif(count(*) OVER peers - 1, 0)"
        value = f"((2 * {less} * {10**kept} + {others}) // (2 * {others}))::DECIMAL(30,0) * {small(kept)}"
        return value, f"5::DECIMAL(30,0) * {small(kept + 1)}"
