"""Tables of a bulk run -> views that passed the gate, in place: nothing is copied, rows that fail are left out and listed; what their files tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb

from gouji.intake.bulk_tables import NUMBER, Bulk, TablePart
from gouji.intake.find_tables import find
from gouji.intake.ledger.tables import literal, quoted
from gouji.rules import ColumnRole, Role, Table


@dataclass(frozen=True, slots=True)
class Footer:
    """What a Parquet file's own statistics tell of all its rows: how many there are (None where there is no such file), by column how many lack a value,
    and the least and the greatest figure (None where no row has one)."""

    rows: int | None = None
    lacking: Mapping[str, int] = field(default_factory=dict)
    ends: Mapping[str, tuple[Decimal | None, Decimal | None]] = field(default_factory=dict)


def footer(con: duckdb.DuckDBPyConnection, part: TablePart) -> Footer:
    """Read the statistics of the file of a table, if it is one of its own.

    DuckDB uses them by itself, but not those of a column that has no value in some piece of the file.
    """
    if part.file is None:
        return Footer()
    low, high = (f"TRY_CAST(stats_{end}_value AS DECIMAL(38,6))" for end in ("min", "max"))
    query = (
        f"SELECT path_in_schema, sum(row_group_num_rows), CASE WHEN count(stats_null_count) = count(*) THEN sum(stats_null_count) END, min({low}), max({high}),"
        f" bool_and(stats_null_count = num_values OR ({low} IS NOT NULL AND {high} IS NOT NULL))"
        f" FROM parquet_metadata({literal(str(part.file))}) GROUP BY 1"
    )
    found = con.execute(query).fetchall()
    return Footer(
        max((int(rows) for _name, rows, *_rest in found), default=None),
        {str(name): int(lacking) for name, _rows, lacking, *_rest in found if lacking is not None},
        {
            str(name): (least, greatest)
            for name, _rows, _lacking, least, greatest, whole in found
            if whole
        },
    )


def full_columns(con: duckdb.DuckDBPyConnection, part: TablePart, told: Footer) -> frozenset[str]:
    """Columns of a table in which every row has a value, or none that is kept lacks one. Where the file's own statistics do not tell, the column is counted."""
    always = {
        c.name for c in part.table.columns if c.name in part.types and c.null in ("never", "zero")
    }
    counts = dict(told.lacking)
    unknown = [
        c.name
        for c in part.table.columns
        if c.name in part.types and c.name not in counts and c.name not in always
    ]
    if unknown:
        row = con.execute(
            f"SELECT {', '.join(f'count(*) - count({quoted(n)})' for n in unknown)} FROM {part.relation}"
        ).fetchone()
        counts |= dict(zip(unknown, row or (), strict=True))
    return frozenset(always | {name for name, lacking in counts.items() if lacking == 0})


def measured(
    con: duckdb.DuckDBPyConnection, part: TablePart, columns: Sequence[str], told: Footer
) -> tuple[int, Mapping[str, tuple[Any, Any]]]:
    """How many rows a table has, and the least and greatest value of some columns. What the file's own statistics tell is not read."""
    others = [name for name in columns if name not in told.ends]
    if told.rows is not None and not others:
        return told.rows, told.ends
    asked = ", ".join(
        ("count(*)", *(f"min({quoted(name)}), max({quoted(name)})" for name in others))
    )
    row = con.execute(f"SELECT {asked} FROM {part.relation}").fetchone()
    assert row is not None
    return int(row[0]), {
        **told.ends,
        **{name: (row[1 + 2 * i], row[2 + 2 * i]) for i, name in enumerate(others)},
    }


def absent_tables(
    con: duckdb.DuckDBPyConnection, found: Bulk, tables: Mapping[str, Table], year: int
) -> frozenset[tuple[str, bool]]:
    """Tables of which nobody sent a row for the year (with True: for the year before)."""
    absent = {(name, prior) for name in tables for prior in (False, True)}
    for name, part in found.parts.items():
        if name in found.year:
            years = {found.year[name]} & {year - 1, year}
        else:
            of_year = quoted(part.table.with_role(ColumnRole.YEAR).name)
            rows = con.execute(
                f"SELECT DISTINCT {of_year} FROM {part.relation} WHERE {of_year} BETWEEN {year - 1} AND {year}"
            ).fetchall()
            years = {int(found_year) for (found_year,) in rows}
        absent -= {(name, found_year != year) for found_year in years}
    return frozenset(absent)


BAD = "refused rows"


def note_refused(con: duckdb.DuckDBPyConnection, refused: Iterable[tuple[str, int]]) -> None:
    """Keep the table and number of every refused row where views leave them out."""
    con.execute(f"CREATE OR REPLACE TABLE {quoted(BAD)} (t VARCHAR, n BIGINT)")
    if rows := sorted(set(refused)):
        con.execute(
            f"INSERT INTO {quoted(BAD)} SELECT unnest(?), unnest(?)",
            [[t for t, _ in rows], [n for _, n in rows]],
        )


def view(
    con: duckdb.DuckDBPyConnection,
    part: TablePart,
    some: bool,
    between: tuple[str, str] | None = None,
    ordered: bool = True,
) -> None:
    """A view of the rows that count (`some`: there are refused ones), of all units or of those from one code to another; the list of units in order, if `ordered`."""
    name, unit = part.table.table, quoted(part.table.with_role(ColumnRole.UNIT).name)
    # A list of numbers would be gone through for every row, NOT EXISTS would keep every row in memory; this is one look into a small hash table.
    left_out = (
        f" ANTI JOIN (SELECT n FROM {quoted(BAD)} WHERE t = {literal(name)}) b ON b.n = {part.number}"
        if some
        else ""
    )
    where = (
        f" WHERE {unit} BETWEEN {literal(between[0])} AND {literal(between[1])}" if between else ""
    )
    # Everything joined to the list of units stays in its order.
    order = f" ORDER BY {unit}" if ordered and part.table.role is Role.UNITS else ""
    con.execute(
        f"CREATE OR REPLACE VIEW {quoted(name)} AS SELECT {', '.join(part.cells())} FROM {part.relation}{left_out}{where}{order}"
    )


__all__ = [
    "BAD",
    "NUMBER",
    "Bulk",
    "Footer",
    "TablePart",
    "absent_tables",
    "find",
    "footer",
    "full_columns",
    "measured",
    "note_refused",
    "view",
]
