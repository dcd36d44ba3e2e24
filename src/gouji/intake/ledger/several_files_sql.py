"""Tables of what was read -> which workbooks there are several of, and what each holds; rows of one file leave a table. The SQL of `set_apart`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from gouji.intake.ledger.cell_tables import FILES
from gouji.intake.ledger.tables import ROW, count, printed_table, quoted
from gouji.rules import ColumnRole, Role, Table

# Numbers and names of workbooks.
NumberedFiles = Sequence[tuple[int, str]]


def sent_several(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, NumberedFiles]]:
    """Units and years with several workbooks, each with the numbers and names of these."""
    twice = con.execute(
        f"SELECT unit, year, list(name ORDER BY name, file), list(file ORDER BY name, file) FROM {quoted(FILES)} WHERE unit <> ''"
        " GROUP BY unit, year HAVING count(*) > 1 ORDER BY unit, year"
    ).fetchall()
    for unit, year, names, numbers in twice:
        files = [(int(number), str(name)) for number, name in zip(numbers, names, strict=True)]
        yield str(unit), str(year), files


def files_in(
    con: duckdb.DuckDBPyConnection, table: Table, files: Mapping[int, object]
) -> list[tuple[int, bool]]:
    """Files with rows of the table; whether any was printed (a workbook without a cover makes a row of units all the same)."""
    listed = ", ".join(map(str, files))
    rows = con.execute(
        f"SELECT {quoted('@file')}, bool_or({quoted('@layout')} >= 0) FROM {quoted(printed_table(table))}"
        f" WHERE {quoted('@file')} IN ({listed}) GROUP BY 1"
    ).fetchall()
    return [(int(number), bool(real)) for number, real in rows]


def any_key_in_several(con: duckdb.DuckDBPyConnection, table: Table, files: list[int]) -> bool:
    """Whether any key of the table stands in several of the files."""
    key = ", ".join(quoted(name) for name in table.key)
    listed = ", ".join(map(str, files))
    query = (
        f"SELECT 1 FROM {quoted(table.table)} JOIN (SELECT {quoted(ROW)}, {quoted('@file')} AS file FROM {quoted(printed_table(table))}"
        f" WHERE {quoted('@file')} IN ({listed})) USING ({quoted(ROW)}) GROUP BY {key} HAVING count(DISTINCT file) > 1 LIMIT 1"
    )
    return bool(con.execute(query).fetchall())


def covers_alike(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], files: Sequence[int]
) -> bool:
    """Whether the covers of files say the same, blanks aside."""
    units = next(t for t in tables.values() if t.role is Role.UNITS)
    said = (ColumnRole.UNIT, ColumnRole.YEAR)
    columns = [c for c in units.columns if c.role not in said]
    tests = " OR ".join(f"count(DISTINCT nullif({quoted(c.name)}, '')) > 1" for c in columns)
    query = f"SELECT {tests or 'FALSE'} FROM {quoted(printed_table(units))} WHERE {quoted('@file')} IN ({', '.join(map(str, files))})"
    ((differ,),) = con.execute(query).fetchall()
    return not differ


def take_out_file(con: duckdb.DuckDBPyConnection, table: Table, file: int) -> int:
    """Take the rows of one file out of a table; how many there were."""
    where = f"{quoted(ROW)} IN (SELECT {quoted(ROW)} FROM {quoted(printed_table(table))} WHERE {quoted('@file')} = {file})"
    there = count(con, f"SELECT count(*) FROM {quoted(table.table)} WHERE {where}")
    con.execute(f"DELETE FROM {quoted(table.table)} WHERE {where}").fetchall()
    return there


__all__ = [
    "NumberedFiles",
    "any_key_in_several",
    "covers_alike",
    "files_in",
    "sent_several",
    "take_out_file",
]
