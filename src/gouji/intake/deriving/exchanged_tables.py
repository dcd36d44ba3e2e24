"""Rows that derived tables take from other units: out of one database as texts, so that they can be kept, and into another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from gouji.intake.deriving.worked_out_tables import gathering
from gouji.intake.ledger.set_aside_tables import ASIDE, aside_shares, create_aside, lay_down_aside
from gouji.intake.ledger.tables import HALF, ROW, create, layout, quoted
from gouji.rules import Column, ColumnRole, Over, Role, Table, Take

Tables = Mapping[str, Table]
HOME = "@submission"
# Unit, table, the values of its row in the order of its layout.
Share = tuple[str, str, tuple[str | None, ...]]


def sources(tables: Tables) -> dict[str, frozenset[str] | None]:
    """The tables that other units' derived figures come from, with the columns that are needed (None: all of them)."""
    found: dict[str, set[str] | None] = {}
    for table, column, take in gathering(tables):
        assert table.derived is not None
        for name in take.from_:
            columns = found.setdefault(name, set())
            if columns is not None:
                columns |= _needed(take, column, table.derived.by)
        if not take.from_:
            found |= dict.fromkeys(table.derived.cells)
    if found:
        found |= {t.table: None for t in tables.values() if t.role in (Role.UNITS, Role.EXPECTED)}
    return {
        name: frozenset(columns) if columns is not None else None for name, columns in found.items()
    }


def _needed(take: Take, column: Column, by: str | None) -> set[str]:
    """The columns of its source that a derived one is made of."""
    names = (take.column or column.name, take.per, by, *take.where, *take.same, *take.at.values())
    return {name for name in names if name}


def only_below(tables: Tables) -> dict[str, str]:
    """Tables of which only units with a unit above them are asked for, with the column that says so."""
    ways: dict[str, set[Over]] = {}
    by: dict[str, str] = {}
    for table, _column, take in gathering(tables):
        for name in take.from_ or (table.derived.cells if table.derived else ()):
            ways.setdefault(name, set()).add(take.over)
            if (
                take.over is Over.BELOW
                and table.derived is not None
                and table.derived.by is not None
            ):
                by[name] = table.derived.by
    roles = {t.table for t in tables.values() if t.role in (Role.UNITS, Role.EXPECTED)}
    return {
        name: by[name]
        for name, found in ways.items()
        if found == {Over.BELOW} and name not in roles
    }


def shares(con: duckdb.DuckDBPyConnection, tables: Tables) -> Iterator[Share]:
    """The rows of a database that others may need."""
    below, units = only_below(tables), next(t for t in tables.values() if t.role is Role.UNITS)
    own = quoted(units.with_role(ColumnRole.UNIT).name)
    for name, columns in sources(tables).items():
        unit = quoted(tables[name].with_role(ColumnRole.UNIT).name)
        where = ""
        if name in below:
            where = f" WHERE {unit} IN (SELECT {own} FROM {quoted(units.table)} WHERE {quoted(below[name])} <> '')"
        listed = ", ".join(f"{value}::VARCHAR" for value in _shared(tables[name], columns))
        for code, row in con.execute(
            f"SELECT {unit}, [{listed}] FROM {quoted(name)}{where} ORDER BY {quoted(ROW)}"
        ).fetchall():
            yield str(code), name, tuple(row)
    yield from aside_shares(con, tables)


def _shared(table: Table, columns: frozenset[str] | None) -> Iterator[str]:
    """The columns of a table in its order, NULL for those that nobody needs; without `columns` all are needed."""
    whose = {table.with_role(role).name for role in (ColumnRole.UNIT, ColumnRole.YEAR)}
    for name, _kind in layout(table):
        if name != ROW:
            kept = name in whose or name in table.key
            needed = columns is None or kept or name.removesuffix(HALF) in columns
            yield quoted(name) if needed else "NULL"


def make_room(con: duckdb.DuckDBPyConnection, tables: Tables) -> None:
    """Empty tables for shares, each row with the submission it is of."""
    for name in sources(tables):
        create(con, tables[name])
        con.execute(f"ALTER TABLE {quoted(name)} ADD COLUMN {quoted(HOME)} VARCHAR")
    create_aside(con)
    con.execute(f"ALTER TABLE {quoted(ASIDE)} ADD COLUMN {quoted(HOME)} VARCHAR")


def lay_down(
    con: duckdb.DuckDBPyConnection,
    tables: Tables,
    rows: Sequence[tuple[str, str, Sequence[str | None]]],
) -> None:
    """Put rows into those tables: of which submission, which table, its values."""
    by_table: dict[str, list[list[str | None]]] = {}
    for home, name, values in rows:
        by_table.setdefault(name, []).append([home, *values])
    lay_down_aside(con, by_table.pop(ASIDE, []))
    for name, found in by_table.items():
        kinds = [(column, kind) for column, kind in layout(tables[name]) if column != ROW]
        columns = ", ".join(quoted(column) for column, _kind in kinds)
        cells = ", ".join(f"r[{i}]::{kind}" for i, (_column, kind) in enumerate(kinds, 2))
        query = f"INSERT INTO {quoted(name)} ({quoted(ROW)}, {columns}, {quoted(HOME)}) SELECT 0, {cells}, r[1] FROM (SELECT unnest(?::VARCHAR[][]) AS r)"
        for start in range(0, len(found), 1000):
            con.execute(query, [found[start : start + 1000]])


def take_up(con: duckdb.DuckDBPyConnection, tables: Tables, homes: Sequence[str]) -> None:
    """Remove the rows of some submissions."""
    for name in (*sources(tables), ASIDE):
        con.execute(
            f"DELETE FROM {quoted(name)} WHERE {quoted(HOME)} IN (SELECT unnest(?::VARCHAR[]))",
            [list(homes)],
        )


__all__ = ["Share", "lay_down", "make_room", "shares", "sources", "take_up"]
