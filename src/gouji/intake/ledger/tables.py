"""Submission rows -> DuckDB tables: figures as DECIMAL in base units, beside each rounded figure half of its last place (`甲±`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.base.sql_names import literal as literal
from gouji.base.sql_names import quoted as quoted
from gouji.rules import KEPT_PLACES, Column, ColumnRole, Table

if TYPE_CHECKING:
    import duckdb

    from gouji.intake.ledger.submission import Row

ROW, HALF = "#", "±"
# Columns of a `表#`: which row, and where it stood.
PLACED = (ROW, "@file", "@sheet", "@line", "@layout", "@group")
BATCH, FEW = 1000, 8


def column_type(column: Column) -> str:
    """The DuckDB type of a column."""
    if not column.numeric:
        return "VARCHAR"
    return (
        "INTEGER" if column.role is ColumnRole.YEAR else f"DECIMAL(18,{KEPT_PLACES[column.type]})"
    )


def layout(table: Table) -> list[tuple[str, str]]:
    """Names and types of all columns of a table, hidden ones included."""
    found = [(ROW, "BIGINT")]
    for column in table.columns:
        found.append((column.name, column_type(column)))
        if column.numeric and not column.exact:
            found.append((column.name + HALF, f"DECIMAL(18,{KEPT_PLACES[column.type] + 1})"))
    return found


def printed_table(table: Table) -> str:
    """The name of the table with the printed texts and places of a table's figures."""
    return f"{table.table}#"


def create(con: duckdb.DuckDBPyConnection, table: Table, unless_there: bool = False) -> None:
    """Make the empty table."""
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in layout(table))
    con.execute(
        f"CREATE TABLE {'IF NOT EXISTS ' if unless_there else ''}{quoted(table.table)} ({columns})"
    )


def holding(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Tables that have rows, by what DuckDB keeps of them (rows that were deleted may count)."""
    return frozenset(
        str(name)
        for (name,) in con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE estimated_size > 0"
        ).fetchall()
    )


def make_what_is_read(
    con: duckdb.DuckDBPyConnection, tables: Iterable[Table], statement: str
) -> None:
    """Make the tables that a statement names and that are not there, empty."""
    there = {
        str(name) for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    }
    for table in tables:
        if table.table not in there and quoted(table.table) in statement:
            create(con, table)


def fill(con: duckdb.DuckDBPyConnection, table: Table, rows: Sequence[Row], first: int = 0) -> None:
    """Insert rows; the number of a row in the list, counted from `first`, is its `#`."""
    kinds = [kind for _, kind in layout(table)]
    for start in range(0, len(rows), BATCH):
        values = [
            _values(table, number, row)
            for number, row in enumerate(rows[start : start + BATCH], first + start)
        ]
        if len(values) <= FEW:
            places = f"({', '.join('?' * len(kinds))})"
            con.execute(
                f"INSERT INTO {quoted(table.table)} VALUES {', '.join([places] * len(values))}",
                [v for row in values for v in row],
            )
        else:
            # A list of texts a column: DuckDB plans each value of a VALUES, which takes ten times as long.
            columns = [
                [f"{v:f}" if isinstance(v, Decimal) else v if v is None else str(v) for v in column]
                for column in zip(*values, strict=True)
            ]
            con.execute(
                f"INSERT INTO {quoted(table.table)} SELECT {', '.join(f'unnest(?::VARCHAR[])::{kind}' for kind in kinds)}",
                columns,
            )


def _values(table: Table, number: int, row: Row) -> list[Decimal | str | int | None]:
    found: list[Decimal | str | int | None] = [number]
    for column in table.columns:
        cell = row.cells.get(column.name)
        value = cell.value if cell else None
        found.append(
            int(value) if isinstance(value, Decimal) and column.role is ColumnRole.YEAR else value
        )
        if column.numeric and not column.exact:
            found.append(cell.half if cell else None)
    return found


def count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one number that a query gives."""
    (found,) = con.execute(query).fetchall()
    return int(found[0])


def number_of_rows(con: duckdb.DuckDBPyConnection, table: Table) -> int:
    """How many rows a table has."""
    return count(con, f"SELECT count(*) FROM {quoted(table.table)}")


def listed(con: duckdb.DuckDBPyConnection, table: Table) -> dict[tuple[str, int], str]:
    """Names by unit and year of a table of units, in the order of years and codes."""
    unit, year, name = (
        quoted(table.with_role(r).name)
        for r in (ColumnRole.UNIT, ColumnRole.YEAR, ColumnRole.UNIT_NAME)
    )
    rows = con.execute(
        f"SELECT {unit}, {year}, any_value({name}) FROM {quoted(table.table)} GROUP BY 1, 2 ORDER BY 2, 1"
    ).fetchall()
    return {(str(u), int(y)): str(n or "") for u, y, n in rows}


def has_rows_of(con: duckdb.DuckDBPyConnection, table: Table, unit: str, year: int) -> bool:
    """Whether a unit has a row of a year in a table."""
    own, of = (quoted(table.with_role(r).name) for r in (ColumnRole.UNIT, ColumnRole.YEAR))
    query = f"SELECT 1 FROM {quoted(table.table)} WHERE {own} = ? AND {of} = ? LIMIT 1"
    return bool(con.execute(query, [unit, year]).fetchall())
