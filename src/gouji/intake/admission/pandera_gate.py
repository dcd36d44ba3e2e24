"""The gate: each table description becomes a Pandera schema that runs on what lies in the DuckDB table; rows it refuses are set aside.

Pandera states whether a table is clean; its failure cases lose the key of the row, so the list of rows comes from SQL made from the same
description, and a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import duckdb

from gouji.base.faults import EngineError
from gouji.base.i18n import _
from gouji.base.lazy_import import pyarrow as pa
from gouji.intake.admission.column_tests import Reason, asked_fields
from gouji.intake.admission.refused_rows_sql import (
    columns_of,
    delete_rows,
    keep_refused,
    refused,
)
from gouji.intake.inspector.process import ask
from gouji.intake.inspector.questions import Asked, Field
from gouji.intake.ledger.submission import At, Problem, Row, Submission
from gouji.intake.ledger.tables import ROW, column_type
from gouji.rules import Table

FEW_ROWS = 5_000


def fields_of(table: Table) -> Iterator[Field]:
    """What Pandera is asked about the columns of a table: types, nulls, domains."""
    yield Field(ROW, "BIGINT", nullable=False)
    yield from asked_fields(table, column_type)


def run_gate(con: duckdb.DuckDBPyConnection, table: Table, submission: Submission) -> None:
    """Validate one table; rows that fail leave it for the quarantine and are listed with place and reason."""
    asked = question(con, table)
    if asked is None:
        return
    clean, bad = ask(asked, lambda: refused(con, table))
    if clean and bad:
        raise EngineError(_("“{table}”：Pandera 与行级检查的结论不同").format(table=table.table))
    if not clean and not bad:
        raise EngineError(_("“{table}”的结构与数据表说明不符").format(table=table.table))
    if bad:
        keep_refused(con, list(_set_aside(table, bad, submission)))
        delete_rows(con, table, bad)
        _take_out(table, bad, submission)


def _set_aside(
    table: Table, bad: Mapping[int, Sequence[Reason]], submission: Submission
) -> Iterator[tuple[str, int, At, str, str]]:
    """Tell every reason of every row; what the quarantine keeps of them."""
    rows = submission.rows.get(table.table, [])
    for number, reasons in bad.items():
        place = submission.place_of(table.table, number)
        row = rows[place] if place is not None else submission.held_row(table, number)
        for what, fix, column in reasons:
            at = _at(row, column, submission, table, number)
            submission.problems.append(Problem(table.table, at, what, fix))
            yield table.table, number, at, what, fix
        submission.set_aside.append((table.table, row, reasons[0][0]))


def _take_out(table: Table, bad: Iterable[int], submission: Submission) -> None:
    """Rows at hand that were refused are none of the submission's any more."""
    rows = submission.rows.get(table.table, [])
    if rows:
        places = (submission.place_of(table.table, number) for number in bad)
        gone = {id(rows[place]) for place in places if place is not None}
        submission.rows[table.table] = [row for row in rows if id(row) not in gone]


def _at(row: Row, column: str, submission: Submission, table: Table, number: int) -> At:
    cell = row.cells.get(column) if column else None
    if cell is not None:
        return cell.at
    return (
        submission.held.at(table, number, column)
        if row.at.sheet and submission.held
        else At(row.at.file, row.at.line, column)
    )


def question(con: duckdb.DuckDBPyConnection, table: Table) -> Asked | None:
    """The table as it lies in DuckDB with what is asked of it; None when it has no row."""
    fields = tuple(fields_of(table))
    query = columns_of(table, [f.name for f in fields])
    found = con.execute(f"{query} LIMIT {FEW_ROWS + 1}")
    types = tuple((str(d[0]), str(d[1])) for d in found.description or [])
    rows = found.fetchall()
    if not rows:
        return None
    return Asked(fields, table.key, types, rows if len(rows) <= FEW_ROWS else _stream(con, query))


def _stream(con: duckdb.DuckDBPyConnection, query: str) -> bytes:
    """What a query gives, as an Arrow stream: many rows travel faster in columns."""
    into = pa.BufferOutputStream()
    made: Any = con.sql(query).to_arrow_table()
    with pa.ipc.new_stream(into, made.schema) as stream:
        stream.write_table(made)
    return bytes(into.getvalue())
