"""The stage (rows of workbooks as texts, registered as one table) -> `表#` and the table itself, figures typed by SQL. The SQL of the loader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import compress
from typing import Any

import duckdb

from gouji.intake.ledger.cell_tables import FILES
from gouji.intake.ledger.tables import HALF, PLACED, ROW, layout, printed_table, quoted
from gouji.intake.values.sql_figures import (
    half_of,
    is_nothing,
    is_plain,
    is_plain_number,
    number_half,
    number_value,
    value_of,
)
from gouji.intake.workbooks.to_arrow import VALUE
from gouji.rules import Column, Table

STAGE, CORRECTED = "#stage", "#corrected"


def take_back(con: duckdb.DuckDBPyConnection, table: Table, began: int) -> None:
    """Take out the rows of a table from a number on."""
    for name in (table.table, printed_table(table)):
        con.execute(f"DELETE FROM {quoted(name)} WHERE {quoted(ROW)} >= {began}").fetchall()


def insert_files(con: duckdb.DuckDBPyConnection) -> None:
    """The stage into the list of files."""
    con.execute(f"INSERT INTO {quoted(FILES)} SELECT * FROM {quoted(STAGE)}").fetchall()


def insert_printed(con: duckdb.DuckDBPyConnection, table: Table, own: set[str]) -> None:
    """The texts of the stage, which has the columns `own`, into `表#`."""
    held = (*PLACED, *(c.name for c in table.columns))
    _insert(con, printed_table(table), (quoted(n) if n in own else "NULL" for n in held))


def insert_typed(
    con: duckdb.DuckDBPyConnection, table: Table, own: set[str], units: Mapping[str, str]
) -> None:
    """The figures of the stage into the table, those that SQL reads."""
    _insert(con, table.table, _typed(table, own, units))


def insert_cast(con: duckdb.DuckDBPyConnection, table: Table, own: set[str]) -> None:
    """The same, where the values have been read already."""
    _insert(con, table.table, _cast(table, own))


def _insert(con: duckdb.DuckDBPyConnection, into: str, values: Iterable[str]) -> None:
    """The rows of the stage into a table, by its columns."""
    con.execute(
        f"INSERT INTO {quoted(into)} SELECT {', '.join(values)} FROM {quoted(STAGE)}"
    ).fetchall()


def unread_texts(
    con: duckdb.DuckDBPyConnection, table: Table, own: set[str], units: Mapping[str, str]
) -> Iterator[tuple[Column, list[tuple[int, Any]]]]:
    """Columns of the stage with what SQL did not read as a figure, each with its row; the columns are found with one scan."""
    tests = [
        (c, quoted(name), _unread(c, name, units.get(c.name)))
        for c in table.columns
        if c.numeric and HALF + c.name not in own
        for name in (VALUE + c.name, c.name)
        if name in own
    ]
    if not tests:
        return
    query = f"SELECT {', '.join(f'count(*) FILTER (WHERE {test})' for _c, _n, test in tests)} FROM {quoted(STAGE)}"
    (counts,) = con.execute(query).fetchall()
    for (column, name, test), count in zip(tests, counts, strict=True):
        if count:
            query = f"SELECT {quoted(ROW)}, {name} FROM {quoted(STAGE)} WHERE {test} ORDER BY 1"
            yield column, con.execute(query).fetchall()


def put_read(con: duckdb.DuckDBPyConnection, table: Table, column: Column) -> None:
    """Put figures that were read outside (registered as the corrected ones) into the column of the table."""
    kinds, name = dict(layout(table)), column.name
    sets = [f"{quoted(name)} = CAST(m.value AS {kinds[name]})"]
    if name + HALF in kinds:
        sets.append(f"{quoted(name + HALF)} = CAST(m.half AS {kinds[name + HALF]})")
    where = f"FROM {quoted(CORRECTED)} m WHERE {quoted(table.table)}.{quoted(ROW)} = m.row"
    con.execute(f"UPDATE {quoted(table.table)} SET {', '.join(sets)} {where}").fetchall()


def _typed(table: Table, own: set[str], units: Mapping[str, str]) -> list[str]:
    """The columns of the table as SQL reads them from what the stage has."""
    found = [quoted(ROW)]
    for column in table.columns:
        if column.numeric:
            found += _read_by_sql(column, own, units.get(column.name))
        else:
            text = quoted(column.name)
            found.append(f"nullif({text}, '')" if column.name in own else "NULL")
    return found


def _read_by_sql(column: Column, own: set[str], unit: str | None) -> Iterator[str]:
    """The value of a figure and, unless it is a whole number, half of its last place."""
    text, number = quoted(column.name), quoted(VALUE + column.name)
    if column.name not in own and VALUE + column.name not in own:
        value = half = _unprinted(column)
    elif HALF + column.name in own:
        value, half = number, quoted(HALF + column.name)
    else:
        given = [name in own for name in (VALUE + column.name, column.name)]
        readings = number_value(number, column, unit), value_of(text, column, unit)
        halves = number_half(number, column, unit), half_of(text, column, unit)
        value, half = _first(compress(readings, given)), _first(compress(halves, given))
    yield value
    if not column.exact:
        yield half


def _first(readings: Iterable[str]) -> str:
    """The first of some expressions that has a value."""
    found = list(readings)
    return f"coalesce({', '.join(found)})" if len(found) > 1 else found[0]


def _cast(table: Table, own: set[str]) -> list[str]:
    """As `_typed`, where the values have been read already."""
    kinds, found = dict(layout(table)), [quoted(ROW)]
    for column in table.columns:
        name = column.name
        if not column.numeric:
            found.append(f"nullif({quoted(name)}, '')" if name in own else "NULL")
            continue
        found.append(
            f"CAST({quoted(VALUE + name)} AS {kinds[name]})" if name in own else _unprinted(column)
        )
        if not column.exact:
            found.append(
                f"CAST({quoted(HALF + name)} AS {kinds[name + HALF]})"
                if name in own
                else _unprinted(column)
            )
    return found


def _unprinted(column: Column) -> str:
    """What a column is that the form does not print."""
    return "0" if column.unprinted == "zero" else "NULL"


def _unread(column: Column, name: str, unit: str | None) -> str:
    cell = quoted(name)
    if name == VALUE + column.name:
        return f"{cell} IS NOT NULL AND NOT ({is_plain_number(cell, column, unit)})"
    return f"{cell} IS NOT NULL AND NOT {is_nothing(cell)} AND NOT {is_plain(cell, column, unit)}"


__all__ = [
    "CORRECTED",
    "STAGE",
    "insert_cast",
    "insert_files",
    "insert_printed",
    "insert_typed",
    "put_read",
    "take_back",
    "unread_texts",
]
