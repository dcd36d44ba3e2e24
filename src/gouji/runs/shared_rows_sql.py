"""What is asked of the rows that submissions hold for other units, and how units that have to file are put among them."""

from __future__ import annotations

from collections.abc import Sequence

from gouji.base.sql_names import quoted


def any_row(table: str) -> str:
    """Gives a row where the table has any."""
    return f"SELECT 1 FROM {quoted(table)} LIMIT 1"


def put_units_above(table: str, columns: Sequence[str], year: int) -> str:
    """Puts in pairs of a unit and the unit above it; `columns`: row, unit, year and the unit above."""
    named = ", ".join(map(quoted, columns))
    return f"INSERT INTO {quoted(table)} ({named}) SELECT 0, r[1], {year}, r[2] FROM (SELECT unnest(?::VARCHAR[][]) AS r)"


def put_units(table: str, columns: Sequence[str], year: int) -> str:
    """Puts in units; `columns`: row, unit and year."""
    named = ", ".join(map(quoted, columns))
    return f"INSERT INTO {quoted(table)} ({named}) SELECT 0, u, {year} FROM (SELECT unnest(?::VARCHAR[]) AS u)"


def units_in(table: str, unit: str) -> str:
    """The units that a table has, in order."""
    return f"SELECT DISTINCT {quoted(unit)} FROM {quoted(table)} ORDER BY 1"
