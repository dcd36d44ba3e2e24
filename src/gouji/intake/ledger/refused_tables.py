"""Rows refused in bulk -> the list of what is not whole (`#aside`), of sent tables and then of the derived ones that are made of them."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from gouji.intake.ledger.set_aside_tables import (
    ANY,
    ASIDE,
    Mark,
    Tables,
    _list,
    create_aside,
    inherit,
)
from gouji.intake.ledger.tables import quoted


def settle_refused(
    con: duckdb.DuckDBPyConnection,
    tables: Tables,
    refused: Iterable[tuple[str, str, int | None, str]],
    year: int,
) -> frozenset[tuple[str, bool]]:
    """The list of rows refused in bulk (table, unit, year, place), and of derived tables that are made of such tables; which tables those are, with True of the year before."""
    return inherited(con, tables, year) if list_refused(con, tables, refused, year) else frozenset()


def list_refused(
    con: duckdb.DuckDBPyConnection,
    tables: Tables,
    refused: Iterable[tuple[str, str, int | None, str]],
    year: int,
) -> bool:
    """The same list without what derived tables inherit; whether there is any."""
    create_aside(con)
    marks = {
        Mark(table, unit, of, place, False)
        for table, unit, of, place in refused
        if table in tables and tables[table].role not in ANY
    }
    if marks:
        _list(con, tables, marks, None, (year - 1, year))
    return bool(marks)


def inherited(
    con: duckdb.DuckDBPyConnection, tables: Tables, year: int
) -> frozenset[tuple[str, bool]]:
    """Add what derived tables inherit of the list; of which tables it has any, with True of the year before."""
    inherit(con, tables)
    found = con.execute(
        f"SELECT DISTINCT t, y FROM {quoted(ASIDE)} WHERE y IN (?, ?)", [year, year - 1]
    ).fetchall()
    return frozenset((str(table), of != year) for table, of in found)
