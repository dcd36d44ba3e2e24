"""What submissions hold that other units' derived figures need, those of tonight and those carried over -> what is gathered for each unit.

A unit's verdicts may rest on figures of other units. What was gathered for it is kept as a hash beside its results: where the hash comes out
otherwise the unit is judged again, though it sent nothing new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from gouji.base.digest import sha256
from gouji.intake import (
    ROW,
    Gathered,
    gather,
    gathered_for,
    lay_down,
    make_room,
    sources,
    take_up,
)
from gouji.rules import ColumnRole, ResolvedBook, Role, Table
from gouji.run import connect
from gouji.runs import shared_rows_sql as q

Cells = dict[str, Any]


class Pool:
    """The rows of all submissions that others may need."""

    def __init__(self, book: ResolvedBook) -> None:
        self.tables, self.year = book.tables, book.year
        self.con: duckdb.DuckDBPyConnection = connect()
        self._stale = True
        make_room(self.con, self.tables)

    def close(self) -> None:
        """Let go of the database."""
        self.con.close()

    @property
    def busy(self) -> bool:
        """Whether anything beyond the list of units lies here."""
        known = {t.table for t in self.tables.values() if t.role in (Role.UNITS, Role.EXPECTED)}
        return any(
            self.con.execute(q.any_row(name)).fetchall() != []
            for name in sources(self.tables)
            if name not in known
        )

    def expect(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Units that have to file, and the unit above each."""
        table = next((t for t in self.tables.values() if t.role is Role.EXPECTED), None)
        by = next(
            (
                t.derived.by
                for t in self.tables.values()
                if t.derived and t.derived.by and table is not None and table.column(t.derived.by)
            ),
            None,
        )
        if table is None or table.table not in sources(self.tables):
            return
        rows = list(rows)
        if awaited(self.tables):
            self._await(table, rows)
        if by is None:
            return
        unit, year = table.with_role(ColumnRole.UNIT).name, table.with_role(ColumnRole.YEAR).name
        named = [[e["unit"], e["above"]] for e in rows if e.get("above")]
        query = q.put_units_above(table.table, (ROW, unit, year, by), self.year)
        if named:
            self.con.execute(query, [named])

    def _await(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Units whose figures peers wait for."""
        unit, year = table.with_role(ColumnRole.UNIT).name, table.with_role(ColumnRole.YEAR).name
        query = q.put_units(table.table, (ROW, unit, year), self.year)
        if rows:
            self.con.execute(query, [[e["unit"] for e in rows]])

    def replace(self, submissions: Iterable[str], rows: Sequence[Cells]) -> None:
        """The rows of some submissions are now these."""
        take_up(self.con, self.tables, list(submissions))
        lay_down(
            self.con, self.tables, [(row["submission"], row["tbl"], row["cells"]) for row in rows]
        )
        self._stale = True

    def gathered(self, units: Sequence[str]) -> Gathered:
        """What is gathered for some units."""
        if self._stale:
            gather(self.con, self.tables, frozenset(self.tables))
            self._stale = False
        return gathered_for(self.con, self.tables, units)


def digests(gathered: Gathered, units: Iterable[str]) -> dict[str, str]:
    """Of each unit a hash of all that was gathered for it; the level of its peers is only where the unit has such a figure itself."""
    own: dict[str, list[str]] = {}
    for name, rows in gathered.rows.items():
        for row in rows:
            if row[0]:
                own.setdefault(str(row[0]), []).append(f"{name}\0{row}")
        of_year = {row[1]: f"{name}\0{row}" for row in rows if not row[0]}
        for unit, year in gathered.holders.get(name, ()):
            if year in of_year:
                own.setdefault(str(unit), []).append(of_year[year])
    return {unit: sha256("\n".join(own.get(unit, ())).encode())[:16] for unit in units}


def awaited(tables: Mapping[str, Table]) -> bool:
    """Whether a figure among peers waits for all units that should file."""
    return any(
        c.take is not None and c.take.among_peers for t in tables.values() for c in t.columns
    )


__all__ = ["Pool", "digests"]
