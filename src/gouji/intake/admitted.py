"""Rows at hand -> DuckDB tables that passed the gate."""

from __future__ import annotations

import duckdb

from gouji.intake.gate import run_gate
from gouji.intake.store import create, fill
from gouji.intake.submission import Submission
from gouji.load.tables import Table


def admit(con: duckdb.DuckDBPyConnection, submission: Submission, tables: dict[str, Table]) -> frozenset[str]:
    """Fill DuckDB with rows at hand and run the gate on every table; returns the tables that carry precision columns."""
    for name, table in tables.items():
        create(con, table)
        rows = submission.rows.get(name, [])
        if rows:
            fill(con, table, rows)
            run_gate(con, table, submission)
    return frozenset(tables)
