"""A table in DuckDB and its description -> the rows that break it, with every reason; what is refused leaves the table and is kept with its place. The SQL of the gate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import duckdb

from gouji.base.i18n import _
from gouji.intake.admission.column_tests import Reason, code_tests, column_tests
from gouji.intake.ledger.submission import At
from gouji.intake.ledger.tables import ROW, quoted
from gouji.rules import ColumnRole, Table

QUARANTINE = "#quarantine"
_QUARANTINE = '"table" VARCHAR, "row" BIGINT, file VARCHAR, sheet VARCHAR, line INTEGER, cell VARCHAR, what VARCHAR, mend VARCHAR'


def columns_of(table: Table, names: Sequence[str]) -> str:
    """The query for some columns of a table."""
    return f"SELECT {', '.join(map(quoted, names))} FROM {quoted(table.table)}"


def refused(con: duckdb.DuckDBPyConnection, table: Table) -> dict[int, list[Reason]]:
    """Rows that break the description: row number -> (what, fix, column)."""
    tests = list(_tests(table))
    tried = "".join(f"({condition}) AS c{i}, " for i, (condition, _reason) in enumerate(tests))
    key = ", ".join(quoted(k) for k in table.key)
    every = f"SELECT {quoted(ROW)} AS n, {tried}count(*) OVER (PARTITION BY {key}) > 1 AS same FROM {quoted(table.table)}"
    any_of = " OR ".join((*(f"c{i}" for i in range(len(tests))), "same"))
    reasons = [*(reason for _condition, reason in tests), _twice(table)]
    rows = con.execute(f"SELECT * FROM ({every}) WHERE {any_of} ORDER BY n").fetchall()
    return {
        number: [reason for reason, met in zip(reasons, marks, strict=True) if met]
        for number, *marks in rows
    }


def _twice(table: Table) -> Reason:
    """The reason of rows with one key. The cell of what tells the rows of a unit apart says which row it is."""
    names = [c.name for c in table.columns if c.role in (ColumnRole.UNIT, ColumnRole.YEAR)]
    own = next((name for name in reversed(table.key) if name not in names), "")
    key = ", ".join(quoted(k) for k in table.key).replace('"', "")
    return _("{key} 重复，几行都不采用").format(key=key), _("只留一行"), own


def _tests(table: Table) -> Iterator[tuple[str, Reason]]:
    for column in table.columns:
        yield from column_tests(column)
        yield from code_tests(column)


def keep_refused(
    con: duckdb.DuckDBPyConnection, aside: Sequence[tuple[str, int, At, str, str]]
) -> None:
    """Keep what was set aside, with place and reason."""
    rows = [
        (name, number, at.file, at.sheet, at.line, at.cell or at.column, what, fix)
        for name, number, at, what, fix in aside
    ]
    con.execute(f"CREATE TABLE IF NOT EXISTS {quoted(QUARANTINE)} ({_QUARANTINE})")
    con.executemany(f"INSERT INTO {quoted(QUARANTINE)} VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def delete_rows(con: duckdb.DuckDBPyConnection, table: Table, numbers: Iterable[int]) -> None:
    """Take rows out of a table."""
    marks = ", ".join(map(str, numbers))
    con.execute(f"DELETE FROM {quoted(table.table)} WHERE {quoted(ROW)} IN ({marks})")


__all__ = ["columns_of", "delete_rows", "keep_refused", "refused"]
