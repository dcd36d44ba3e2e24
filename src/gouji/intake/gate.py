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
from gouji.intake.submission import At, Problem, Submission
from gouji.load.tables import Column, Table


def pandera_schema(table: Table) -> Any:
    """The Pandera schema (ibis backend) of a table: types, nulls, the key, domains."""
    from pandera.ibis import DataFrameSchema

    # Column(unique=True) is not enforced by the ibis backend; the schema's own `unique` is.
    return DataFrameSchema(pandera_columns(table), strict=True, unique=list(table.key))


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
    """Validate one table; rows that fail leave it and are listed with place and reason."""
    clean = pandera_accepts(con, table)
    bad = refused(con, table)
    if clean and bad:
        raise EngineError(_("“{table}”: Pandera 与行级检查的结论不同").format(table=table.table))
    if not clean and not bad:
        raise EngineError(_("“{table}”的结构与数据表说明不符").format(table=table.table))
    rows = submission.rows.get(table.table, [])
    for number, reasons in bad.items():
        row = rows[number]
        for what, mend, column in reasons:
            cell = row.cells.get(column) if column else None
            at = cell.at if cell else At(row.at.file, row.at.line, column)
            submission.problems.append(Problem(table.table, at, what, mend))
        submission.set_aside.append((table.table, row, reasons[0][0]))
    if bad:
        marks = ", ".join(str(number) for number in bad)
        con.execute(f"DELETE FROM {quoted(table.table)} WHERE {quoted(ROW)} IN ({marks})")
        gone = {id(rows[number]) for number in bad}
        submission.rows[table.table] = [row for row in rows if id(row) not in gone]


def pandera_accepts(con: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether Pandera finds nothing wrong with the table."""
    import ibis
    from pandera.errors import SchemaErrors

    if con.execute(f"SELECT 1 FROM {quoted(table.table)} LIMIT 1").fetchone() is None:
        # Nothing to refuse; Pandera's ibis backend takes "all of no rows", which is NULL, for a failure.
        return True
    try:
        pandera_schema(table).validate(ibis.duckdb.from_connection(con).table(table.table), lazy=True)
    except SchemaErrors:
        return False
    return True


Reason = tuple[str, str, str]


def refused(con: duckdb.DuckDBPyConnection, table: Table) -> dict[int, list[Reason]]:
    """Rows that break the description: row number -> (what, mend, column)."""
    found: dict[int, list[Reason]] = {}
    for condition, reason in _tests(table):
        query = f"SELECT {quoted(ROW)} FROM {quoted(table.table)} WHERE {condition} ORDER BY 1"
        for (number,) in con.execute(query).fetchall():
            found.setdefault(number, []).append(reason)
    return dict(sorted(found.items()))


def _tests(table: Table) -> Iterator[tuple[str, Reason]]:
    for column in table.columns:
        yield from column_tests(column)
    key = ", ".join(quoted(k) for k in table.key)
    same = " AND ".join(f"o.{quoted(k)} IS NOT DISTINCT FROM {quoted(table.table)}.{quoted(k)}" for k in table.key)
    other = f"EXISTS (SELECT 1 FROM {quoted(table.table)} o WHERE {same} AND o.{quoted(ROW)} <> {quoted(table.table)}.{quoted(ROW)})"
    yield other, (_("{key} 重复, 几行都不采用").format(key=key.replace('"', "")), _("只留一行"), "")


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
