"""A table of many units and codes of some -> their rows, rows of nobody, units by name; how many rows a file has. The SQL of `one_unit`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb

from gouji.intake.bulk_tables import TablePart
from gouji.intake.ledger.tables import literal, quoted
from gouji.rules import ColumnRole

NAMES_AT_MOST = 50


def rows_of_units(
    con: duckdb.DuckDBPyConnection, part: TablePart, some: Sequence[str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and values by column of every row of some units, in order."""
    key, number = quoted(part.table.with_role(ColumnRole.UNIT).name), part.number
    result = con.execute(
        f"SELECT {number}, {', '.join(part.cells())} FROM {part.relation} WHERE {key} IN (SELECT unnest(?::VARCHAR[])) ORDER BY {number}",
        [list(some)],
    )
    names = [d[0] for d in result.description or []]
    for row in result.fetchall():
        yield int(row[0]), dict(zip(names[1:], row[1:], strict=True))


def rows_without_unit(con: duckdb.DuckDBPyConnection, part: TablePart, at_most: int) -> list[int]:
    """Numbers of the first rows that name no unit."""
    unit = quoted(part.table.with_role(ColumnRole.UNIT).name)
    query = (
        f"SELECT {part.number} FROM {part.relation} WHERE {unit} IS NULL ORDER BY 1 LIMIT {at_most}"
    )
    return [int(number) for (number,) in con.execute(query).fetchall()]


def names_like(
    con: duckdb.DuckDBPyConnection, part: TablePart, code: str, said: str
) -> dict[str, str]:
    """Names by code of units (at most fifty) that have this code, or `said` in their name."""
    unit = quoted(part.table.with_role(ColumnRole.UNIT).name)
    named = next((c.name for c in part.table.columns if c.role is ColumnRole.UNIT_NAME), None)
    name = quoted(named) if named is not None and named in part.types else "''"
    rows = con.execute(
        f"SELECT DISTINCT {unit}, {name} FROM {part.relation}"
        f" WHERE {unit} = $code OR contains({name}, $said) ORDER BY 1, 2 LIMIT {NAMES_AT_MOST}",
        {"code": code, "said": said},
    ).fetchall()
    return {str(unit): str(name or "") for unit, name in rows}


def rows_of_parquet(file: str) -> str:
    """The query for the number of rows of a Parquet file."""
    return f"SELECT num_rows FROM parquet_file_metadata({literal(file)})"


def rows_of_duckdb(table: str) -> str:
    """The query for the number of rows of a table of a DuckDB file, as DuckDB estimates it."""
    return f"SELECT sum(estimated_size) FROM duckdb_tables() WHERE table_name = {literal(table)}"


__all__ = ["names_like", "rows_of_duckdb", "rows_of_parquet", "rows_of_units", "rows_without_unit"]
