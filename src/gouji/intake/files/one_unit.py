"""A folder of Parquet files (or a DuckDB file) and codes of units -> the Submission of these alone, as if they had sent their figures by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from gouji.base.database import connect
from gouji.base.i18n import _
from gouji.intake import bulk_views as b
from gouji.intake.admission.sql_gate import RefusedRows, repeated, sieve
from gouji.intake.bulk_tables import TablePart
from gouji.intake.deriving.source_rows_sql import sources_of
from gouji.intake.deriving.worked_out_tables import (
    Gathered,
    gather,
    gathered_for,
    gathering,
    sent_tables,
)
from gouji.intake.files.bulk_units_sql import coded
from gouji.intake.files.unit_rows_sql import (
    names_like,
    rows_of_duckdb,
    rows_of_parquet,
    rows_of_units,
    rows_without_unit,
)
from gouji.intake.ledger.refused_tables import settle_refused
from gouji.intake.ledger.submission import At, Cell, Problem, Row, Submission
from gouji.intake.ledger.tables import HALF, create
from gouji.intake.values.codes import unit_code
from gouji.rules import KEPT_PLACES, UNITS, Column, ColumnRole, ColumnType, Role, Table

# Rows of nobody that are named; one is enough to leave a table open.
NOBODYS_AT_MOST = 3
# A count of no unit that may be a year is printed without a comma.
YEARS = range(1900, 2101)

# What goes the road of workbooks and CSV, beside whatever else lies there.
OTHER_KINDS = (".xlsx", ".xlsm", ".xls", ".csv")


def read_unit(data: Path, tables: Mapping[str, Table], unit: str) -> Submission:
    """Every row that one unit has in any table and year. Raises DataError when the data cannot be used at all."""
    return read_units(data, tables, [unit])


def read_units(data: Path, tables: Mapping[str, Table], some: Sequence[str]) -> Submission:
    """The same for some units at once: each table is gone through once for all of them."""
    con = connect()
    try:
        units = next(name for name, table in tables.items() if table.role is Role.UNITS)
        found = b.find(con, data, tables, sent_tables(tables), units)
        coded(con, found, units)
        made = Submission(data.name, data.name)
        for name, part in found.parts.items():
            rows = _rows(con, part, some, data.name)
            if rows:
                made.rows[name] = rows
                made.rows_in += len(rows)
            _anybodys(con, part, data.name, made)
        made.gathered = _gathered(con, found, tables, some, data.name)
    finally:
        con.close()
    return made


def _anybodys(con: duckdb.DuckDBPyConnection, part: TablePart, file: str, made: Submission) -> None:
    """Rows without a unit may be of this one."""
    if part.table.role in (Role.UNITS, Role.EXPECTED):
        return
    unit = part.table.with_role(ColumnRole.UNIT).name
    for number in rows_without_unit(con, part, NOBODYS_AT_MOST):
        at = At(_file(part, file), number + 1, unit)
        what = _("“{column}”没有填").format(column=unit)
        made.rows_in += 1
        made.problems.append(Problem(part.table.table, at, what, _("补上")))
        made.set_aside.append((part.table.table, Row({}, at), what))


def _gathered(
    con: duckdb.DuckDBPyConnection,
    found: b.Bulk,
    tables: Mapping[str, Table],
    some: Sequence[str],
    file: str,
) -> Gathered:
    """What derived tables of these units take from all the others, of rows that count; which of it is not whole."""
    read = {name for table, _c, take in gathering(tables) for name in sources_of(table, take)}
    refused = [
        r
        for name, part in found.parts.items()
        if name in read
        for r in (*sieve(con, found, part), *repeated(con, part))
    ]
    _view_without(con, found, tables, refused)
    gather(con, tables, found.halves)
    places = {r: str(At(_file(found.parts[r.table], file), r.number + 1)) for r in refused}
    marks = {(r.table, r.unit, r.year, place) for r, place in places.items()}
    settle_refused(con, tables, marks, 0)
    return gathered_for(con, tables, some, found.halves)


def _view_without(
    con: duckdb.DuckDBPyConnection,
    found: b.Bulk,
    tables: Mapping[str, Table],
    refused: Sequence[RefusedRows],
) -> None:
    """Views of the tables that were sent, without the rows that are refused; the others are empty."""
    b.note_refused(con, ((r.table, r.number) for r in refused))
    bad = {r.table for r in refused}
    for name, table in sent_tables(tables).items():
        if name in found.parts:
            b.view(con, found.parts[name], name in bad)
        else:
            create(con, table)


def _file(part: TablePart, data: str) -> str:
    """What the file, or the table of a database, is called in places."""
    name = part.table.table
    return f"{data}/{name}.parquet" if "read_parquet" in part.relation else f"{data}:{name}"


def _rows(
    con: duckdb.DuckDBPyConnection, part: TablePart, some: Sequence[str], file: str
) -> list[Row]:
    where = _file(part, file)
    return [
        _row(part.table, values, At(where, number + 1))
        for number, values in rows_of_units(con, part, some)
    ]


def _row(table: Table, values: Mapping[str, Any], at: At) -> Row:
    cells = {
        c.name: _cell(c, values[c.name], values.get(c.name + HALF), at)
        for c in table.columns
        if values[c.name] is not None
    }
    return Row(cells, at)


def _cell(column: Column, value: Any, half: Decimal | None, at: At) -> Cell:
    here = At(at.file, at.line, column.name)
    if not column.numeric:
        return Cell(str(value), None, str(value), here)
    exact = Decimal(value).quantize(Decimal(1).scaleb(-KEPT_PLACES[column.type]))
    unit = column.unit or ("%" if column.type is ColumnType.PERCENT else None)
    if unit is None and column.type is ColumnType.COUNT and exact in YEARS:
        # What may be a year has no comma in it.
        return Cell(exact, Decimal(0), str(int(exact)), here, unit)
    factor = UNITS[unit] if unit else Decimal(1)
    usual = 2 if unit == "元" and not column.exact else 0
    places = usual if column.places is None else column.places
    if column.exact:
        half = Decimal(0)
    elif half is None:
        half = factor.scaleb(-places) / 2
    return Cell(exact, half, _printed(exact / factor, places), here, unit)


def _printed(number: Decimal, places: int) -> str:
    """As the form prints it; with more places where the figure has them."""
    own = max(places, -int(number.normalize().as_tuple().exponent))
    return f"{number:,.{max(0, own)}f}"


def units_like(data: Path, tables: Mapping[str, Table], said: str) -> dict[str, str]:
    """Names by code of the units whose code or name has `said` in it (at most fifty). Raises DataError when the data cannot be used at all."""
    con = connect()
    try:
        units = next(name for name, table in tables.items() if table.role is Role.UNITS)
        found = b.find(con, data, tables, sent_tables(tables), units)
        coded(con, found, units)
        return names_like(con, found.parts[units], unit_code(said), said.strip())
    finally:
        con.close()


def listed_units(data: Path, units: str) -> int | None:
    """How many rows the list of units has in a folder of Parquet files alone, or in a DuckDB file; None for anything else."""
    if data.is_dir():
        file = data / f"{units}.parquet"
        others = [p for p in data.iterdir() if p.suffix.lower() in OTHER_KINDS]
        query = rows_of_parquet(str(file))
        if not file.is_file() or others:
            return None
    elif data.is_file() and data.suffix.lower() in (".duckdb", ".db"):
        query = rows_of_duckdb(units)
    else:
        return None
    try:
        con = connect() if data.is_dir() else connect(database=data, read_only=True)
    except duckdb.Error:
        # Who reads it will say what is wrong.
        return None
    try:
        found = con.execute(query).fetchone()
    except duckdb.Error:
        return None
    finally:
        con.close()
    return int(found[0]) if found is not None and found[0] is not None else None
