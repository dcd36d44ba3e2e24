"""Rows at hand -> DuckDB tables that passed the gate, and what follows from them."""

from __future__ import annotations

import duckdb

from gouji.intake.admission.pandera_gate import run_gate
from gouji.intake.deriving.worked_out_tables import (
    derive,
    derived_tables,
    make_empty,
    put_gathered,
    sent_tables,
)
from gouji.intake.finding.layout import Layouts
from gouji.intake.ledger.cell_tables import Held, create_held
from gouji.intake.ledger.set_aside_tables import (
    create_aside,
    inherit,
    read_back,
    settle_aside,
    take_gathered,
)
from gouji.intake.ledger.submission import Submission
from gouji.intake.ledger.tables import create, fill
from gouji.rules import Table


def admit(
    con: duckdb.DuckDBPyConnection, submission: Submission, tables: dict[str, Table]
) -> frozenset[str]:
    """Fill DuckDB with rows at hand and run the gate on every table; returns the tables that carry precision columns."""
    own = sent_tables(tables)
    for name, table in own.items():
        create(con, table)
        rows = submission.rows.get(name, [])
        if rows:
            fill(con, table, rows)
            run_gate(con, table, submission)
    create_held(con, own if len(own) < len(tables) else {})
    create_aside(con)
    settle_aside(con, own, submission)
    if len(own) < len(tables):
        _derive(con, submission, tables, own)
    submission.partly = read_back(con)
    return frozenset(tables)


def _derive(
    con: duckdb.DuckDBPyConnection,
    submission: Submission,
    tables: dict[str, Table],
    own: dict[str, Table],
) -> None:
    """What follows from the rows at hand, and from what was gathered from units that are not at hand (or what is given in its stead)."""
    if submission.held is None:
        submission.held = Held(con, tables, Layouts())
    derive(con, tables, frozenset(own), across=False)
    inherit(con, tables, across=False)
    if submission.gathered is not None:
        put_gathered(con, submission.gathered)
        derive(con, tables, frozenset(own), across=True)
        take_gathered(con)
        return
    for table in derived_tables(tables, across=True):
        make_empty(con, table)
        fill(con, table, submission.rows.get(table.table, []))
