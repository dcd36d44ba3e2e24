"""应报清单 against what came: who has not filed, who filed and was not expected, who filed twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gouji.intake.labels import plain
from gouji.intake.store import quoted
from gouji.intake.submission import Submission
from gouji.later import duckdb
from gouji.load.tables import ColumnRole, Role, Table


@dataclass(frozen=True, slots=True)
class Filing:
    """Who filed: (unit, year, name) of expected, absent and unexpected ones. Without an expected list nothing is absent."""

    expected: int
    filed: int
    absent: tuple[tuple[str, int, str], ...] = ()
    unexpected: tuple[tuple[str, int, str], ...] = ()


def names_of(submission: Submission, tables: Mapping[str, Table]) -> dict[str, str]:
    """Name of a unit -> its code, from the expected list of a folder."""
    table = next((t for t in tables.values() if t.role is Role.EXPECTED), None)
    if table is None:
        return {}
    code, name = table.with_role(ColumnRole.UNIT).name, table.with_role(ColumnRole.UNIT_NAME).name
    rows = submission.rows.get(table.table, [])
    return {plain(str(r.cells[name].value)): str(r.cells[code].value) for r in rows if code in r.cells and name in r.cells}


def filing(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table]) -> Filing:
    """Compare the expected list with the table of units, both in DuckDB."""
    expected = next((t for t in tables.values() if t.role is Role.EXPECTED), None)
    units = next((t for t in tables.values() if t.role is Role.UNITS), None)
    if expected is None or units is None:
        return Filing(0, 0)
    wanted, came = _listed(con, expected), _listed(con, units)
    if not wanted:
        return Filing(0, len(came))
    years = {year for _unit, year in wanted}
    absent = tuple((u, y, n) for (u, y), n in wanted.items() if (u, y) not in came)
    return Filing(len(wanted), len(came), absent, tuple((u, y, n) for (u, y), n in came.items() if y in years and (u, y) not in wanted))


def _listed(con: duckdb.DuckDBPyConnection, table: Table) -> dict[tuple[str, int], str]:
    unit, year, name = (quoted(table.with_role(r).name) for r in (ColumnRole.UNIT, ColumnRole.YEAR, ColumnRole.UNIT_NAME))
    rows = con.execute(f"SELECT {unit}, {year}, any_value({name}) FROM {quoted(table.table)} GROUP BY 1, 2 ORDER BY 2, 1").fetchall()
    return {(str(u), int(y)): str(n or "") for u, y, n in rows}
