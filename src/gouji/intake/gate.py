"""The gate: each table description becomes a Pandera schema that runs on the DuckDB table in place; rows it refuses are set aside.

Pandera states whether a table is clean; its failure cases lose the key of the row, so the list of rows comes from SQL made from the same
description, and a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import duckdb

from gouji.faults import EngineError
from gouji.i18n import _
from gouji.intake.store import ROW, layout, quoted
from gouji.intake.submission import At, Problem, Row, Submission
from gouji.load.tables import Column, Table

QUARANTINE = "#quarantine"
_QUARANTINE = '"table" VARCHAR, "row" BIGINT, file VARCHAR, sheet VARCHAR, line INTEGER, cell VARCHAR, what VARCHAR, mend VARCHAR'


def pandera_schema(table: Table, *, whole: bool = True) -> Any:
    """The Pandera schema (ibis backend) of a table: types, nulls, the key, domains.

    Not `whole`, it leaves out columns that nothing but their type is asked of: DuckDB has made them of that type.
    """
    from pandera.ibis import DataFrameSchema

    columns = pandera_columns(table)
    if not whole:
        columns = {name: c for name, c in columns.items() if c.checks or not c.nullable or name in table.key}
    # Column(unique=True) is not enforced by the ibis backend; the schema's own `unique` is.
    return DataFrameSchema(columns, strict=whole, unique=list(table.key))


def pandera_columns(table: Table, only: Iterable[str] | None = None) -> dict[str, Any]:
    """The columns of the Pandera schema by name; with `only`, those (numbers that the data hold as whole numbers stay whole)."""
    import ibis.expr.datatypes as dt
    from pandera.ibis import Check, Column

    kinds = {"VARCHAR": dt.string, "BIGINT": dt.int64, "INTEGER": dt.int32}
    columns = {}
    described = {c.name: c for c in table.columns}
    wanted = frozenset(only) if only is not None else None
    for name, kind in layout(table):
        if wanted is not None and name not in wanted:
            continue
        places = int(kind[:-1].split(",")[1]) if kind.startswith("DECIMAL") else 0
        column = described.get(name)
        nullable = column.null != "never" if column else name != ROW
        checks = []
        if column is not None and column.one_of:
            checks.append(Check.isin(list(column.one_of)))
        if column is not None and column.at_least is not None:
            checks.append(Check.ge(column.at_least))
        if column is not None and column.at_most is not None:
            checks.append(Check.le(column.at_most))
        # Whole numbers of any width do in bulk tables; that they are numbers has been seen to.
        dtype = None if wanted is not None and kind != "VARCHAR" else kinds.get(kind, dt.Decimal(18, places))
        columns[name] = Column(dtype, checks=checks, nullable=nullable)
    return columns


def run_gate(con: duckdb.DuckDBPyConnection, table: Table, submission: Submission) -> None:
    """Validate one table; rows that fail leave it for the quarantine and are listed with place and reason."""
    if con.execute(f"SELECT 1 FROM {quoted(table.table)} LIMIT 1").fetchall() == []:
        return
    clean = pandera_accepts(con, table)
    bad = refused(con, table)
    if clean and bad:
        raise EngineError(_("“{table}”: Pandera 与行级检查的结论不同").format(table=table.table))
    if not clean and not bad:
        raise EngineError(_("“{table}”的结构与数据表说明不符").format(table=table.table))
    if not bad:
        return
    rows = submission.rows.get(table.table, [])
    aside = []
    for number, reasons in bad.items():
        row = rows[number] if number < len(rows) else submission.held_row(table, number)
        for what, mend, column in reasons:
            at = _at(row, column, submission, table, number)
            submission.problems.append(Problem(table.table, at, what, mend))
            aside.append((table.table, number, at.file, at.sheet, at.line, at.cell or at.column, what, mend))
        submission.set_aside.append((table.table, row, reasons[0][0]))
    con.execute(f"CREATE TABLE IF NOT EXISTS {quoted(QUARANTINE)} ({_QUARANTINE})")
    con.executemany(f"INSERT INTO {quoted(QUARANTINE)} VALUES (?, ?, ?, ?, ?, ?, ?, ?)", aside)
    marks = ", ".join(str(number) for number in bad)
    con.execute(f"DELETE FROM {quoted(table.table)} WHERE {quoted(ROW)} IN ({marks})")
    if rows:
        gone = {id(rows[number]) for number in bad if number < len(rows)}
        submission.rows[table.table] = [row for row in rows if id(row) not in gone]


def _at(row: Row, column: str, submission: Submission, table: Table, number: int) -> At:
    cell = row.cells.get(column) if column else None
    if cell is not None:
        return cell.at
    return submission.held.at(table, number, column) if row.at.sheet and submission.held else At(row.at.file, row.at.line, column)


def pandera_accepts(con: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether Pandera finds nothing wrong with the table."""
    import ibis
    from pandera.errors import SchemaErrors

    if con.execute(f"SELECT 1 FROM {quoted(table.table)} LIMIT 1").fetchone() is None:
        # Nothing to refuse; Pandera's ibis backend takes "all of no rows", which is NULL, for a failure.
        return True
    try:
        pandera_schema(table, whole=False).validate(ibis.duckdb.from_connection(con).table(table.table), lazy=True)
    except SchemaErrors:
        return False
    return True


Reason = tuple[str, str, str]


def refused(con: duckdb.DuckDBPyConnection, table: Table) -> dict[int, list[Reason]]:
    """Rows that break the description: row number -> (what, mend, column)."""
    tests = list(_tests(table))
    tried = "".join(f"({condition}) AS c{i}, " for i, (condition, _reason) in enumerate(tests))
    key = ", ".join(quoted(k) for k in table.key)
    every = f"SELECT {quoted(ROW)} AS n, {tried}count(*) OVER (PARTITION BY {key}) > 1 AS same FROM {quoted(table.table)}"
    any_of = " OR ".join((*(f"c{i}" for i in range(len(tests))), "same"))
    twice = (_("{key} 重复, 几行都不采用").format(key=key.replace('"', "")), _("只留一行"), "")
    reasons = [*(reason for _condition, reason in tests), twice]
    rows = con.execute(f"SELECT * FROM ({every}) WHERE {any_of} ORDER BY n").fetchall()
    return {number: [reason for reason, met in zip(reasons, marks, strict=True) if met] for number, *marks in rows}


def _tests(table: Table) -> Iterator[tuple[str, Reason]]:
    for column in table.columns:
        yield from column_tests(column)


def column_tests(column: Column) -> Iterator[tuple[str, Reason]]:
    """What a column must not be: condition and reason."""
    name = quoted(column.name)
    if column.null == "never":
        yield f"{name} IS NULL", (_("“{column}”没有填").format(column=column.name), _("补上"), column.name)
    if column.one_of:
        words = ", ".join("'" + w.replace("'", "''") + "'" for w in column.one_of)
        mend = _("可用的有: {names}").format(names="、".join(column.one_of))
        yield f"{name} NOT IN ({words})", (_("“{column}”的词不在表内").format(column=column.name), mend, column.name)
    if column.at_least is not None:
        yield (
            f"{name} < {column.at_least}",
            (_("“{column}”小于 {edge}").format(column=column.name, edge=column.at_least), _("核对这个数"), column.name),
        )
    if column.at_most is not None:
        yield (
            f"{name} > {column.at_most}",
            (_("“{column}”大于 {edge}").format(column=column.name, edge=column.at_most), _("核对这个数"), column.name),
        )
