"""Figures that could not be read, in rows that were taken -> marks in the list of what is not whole (`#aside`): `table.column?`, unit, year, place.

Such a figure is not absent: where a rule asks for absence by name, it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from gouji.expression import UNREAD as MARK
from gouji.expression import unread_home
from gouji.intake.ledger.submission import Row
from gouji.intake.ledger.tables import ROW, quoted
from gouji.rules import ColumnRole, Table, Take

UNREAD = "#unread"


@dataclass(frozen=True, slots=True)
class UnreadFigure:
    """One figure (or word) that could not be read: its table and column, the number of its row, where it stood."""

    table: str
    column: str
    row: int
    place: str


def create_unread(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty list of those whose rows lie in DuckDB."""
    con.execute(
        f"CREATE OR REPLACE TABLE {quoted(UNREAD)} (t VARCHAR, c VARCHAR, r BIGINT, p VARCHAR)"
    )


def keep_unread(con: duckdb.DuckDBPyConnection, found: Sequence[UnreadFigure]) -> None:
    """Put some on that list."""
    if found:
        columns = [
            [str(v) for v in c]
            for c in zip(*((u.table, u.column, u.row, u.place) for u in found), strict=True)
        ]
        con.execute(
            f"INSERT INTO {quoted(UNREAD)} SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])::BIGINT, unnest(?::VARCHAR[])",
            columns,
        )


def settle_unread(
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    rows: Mapping[str, Iterable[Row]],
    into: str,
) -> None:
    """Add them to the list of what is not whole, with the unit and year of their rows. Rows that the gate has set aside are marked already."""
    for table in tables.values():
        if at_hand := list(_at_hand(table, rows.get(table.table, ()))):
            con.execute(
                f"INSERT INTO {quoted(into)} SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])::DECIMAL(18,0)::INTEGER, unnest(?::VARCHAR[]), false",
                [list(c) for c in zip(*at_hand, strict=True)],
            )
    listed = {str(t) for (t,) in con.execute(f"SELECT DISTINCT t FROM {quoted(UNREAD)}").fetchall()}
    for name in sorted(listed & tables.keys()):
        unit, when = (
            f"x.{quoted(tables[name].with_role(role).name)}"
            for role in (ColumnRole.UNIT, ColumnRole.YEAR)
        )
        con.execute(
            f"INSERT INTO {quoted(into)} SELECT DISTINCT n.t || '.' || n.c || '{MARK}', {unit}, {when}::INTEGER, n.p, false"
            f" FROM {quoted(UNREAD)} n JOIN {quoted(name)} x ON x.{quoted(ROW)} = n.r WHERE n.t = ? AND {unit} IS NOT NULL AND {when} IS NOT NULL",
            [name],
        )


def _at_hand(table: Table, rows: Iterable[Row]) -> Iterator[tuple[str, str, str, str]]:
    """Of rows at hand each figure that could not be read: home, unit, year, place."""
    own, of_year = (table.with_role(role).name for role in (ColumnRole.UNIT, ColumnRole.YEAR))
    for row in rows:
        code, year = row.cells.get(own), row.cells.get(of_year)
        for column in row.unread if code is not None and year is not None else ():
            at = row.cells[column].at if column in row.cells else row.at
            home = unread_home(table.table, column)
            yield home, str(row.cells[own].value), str(row.cells[of_year].value), str(at)


def unread_of(sources: Iterable[str], take: Take) -> tuple[str, ...]:
    """What a derived column is not to be relied on for: words of its sources that say which rows count, or what a code is called. A sum without a figure has none anyway."""
    columns = (*take.where, *((take.called,) if take.called else ()))
    return tuple(unread_home(source, column) for source in sources for column in columns)


__all__ = ["UnreadFigure", "create_unread", "keep_unread", "settle_unread", "unread_of"]
