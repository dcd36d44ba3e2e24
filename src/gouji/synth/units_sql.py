"""Spec and table descriptions -> the queries that make each table, and the one that tells what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gouji.base.sql_names import literal as literal
from gouji.base.sql_names import quoted as quoted
from gouji.rules import KEPT_PLACES, UNITS, Column, ColumnRole, ColumnType, Table
from gouji.synth.spec import AlikeUnits, FaultKind, MadeTable, Spec

NUMBER, FAULT, ITEM, BEFORE = "序号", "差错", "项", "值"
# An index, a name and a seed give a whole number: the same for every run, machine and number of threads (of one DuckDB version).
MACRO = "CREATE OR REPLACE MACRO pick(name, low, high) AS low + (hash({number}, name, {seed}) % (high - low + 1)::UBIGINT)::BIGINT"


# Says that figures are in base units (`intake/files/kept_units.py`), for whoever reads the files.
STATED = "{'gouji.figures': 'base'}"
# How many units have a fault.
FAULTY = f"SELECT count(*) FROM units WHERE {FAULT} <> ''"


def view_of_units(spec: Spec, units: int) -> str:
    """The statement that makes `units`, which all other queries read."""
    return f"CREATE VIEW units AS {base(spec, units)}"


def copied(query: str, path: str) -> str:
    """The statement that writes what a query gives as a Parquet file."""
    return f"COPY ({query}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {STATED})"


def base(spec: Spec, units: int) -> str:
    """One row a unit: its number, its fault, every draw."""
    kinds = ", ".join(literal(k.kind) for k in spec.faults.kinds)
    fault = f"CASE WHEN pick('{FAULT}', 0, 9999) < {spec.tenths_of_permille} THEN [{kinds}][pick('{FAULT}种类', 1, {len(spec.faults.kinds)})] ELSE '' END"
    query = f"SELECT {NUMBER}, {fault} AS {FAULT} FROM (SELECT unnest(range(1, {units} + 1)) AS {NUMBER})"
    known = [NUMBER, FAULT]
    for layer in spec.draws:
        # A later layer may replace a draw of an earlier one.
        known = [name for name in known if name not in layer]
        new = [f"{expression} AS {quoted(name)}" for name, expression in layer.items()]
        query = f"SELECT {', '.join([*map(quoted, known), *new])} FROM ({query})"
        known += layer
    tests = " ".join(
        f"WHEN {FAULT} = {literal(k.kind)} AND NOT ({k.when}) THEN ''"
        for k in spec.faults.kinds
        if k.when
    )
    return (
        f"SELECT * REPLACE (CASE {tests} ELSE {FAULT} END AS {FAULT}) FROM ({query})"
        if tests
        else query
    )


def of_table(made: MadeTable, table: Table, spec: Spec) -> Iterator[str]:
    """The queries that make a table's rows, for the year and, if it has any, the year before; `units` is the base."""
    if made.prior:
        assert isinstance(made.columns, dict)
        yield _one_row(
            made.prior, [(k, k.prior) for k in spec.faults.kinds], table, spec, spec.year - 1
        )
    if made.rows:
        yield _listed(made, table, spec)
    elif isinstance(made.columns, dict):
        source = (
            f"(SELECT *, unnest(range(1, ({made.count}) + 1)) AS {ITEM} FROM units)"
            if made.count
            else "units"
        )
        yield _one_row(
            made.columns, [(k, k.set) for k in spec.faults.kinds], table, spec, spec.year, source
        )


def _one_row(
    columns: Mapping[str, Any],
    sets: Sequence[tuple[FaultKind, Mapping[str, Any]]],
    table: Table,
    spec: Spec,
    year: int,
    source: str = "units",
) -> str:
    cells = []
    for column in table.columns:
        if column.name in columns:
            made = str(columns[column.name])
            for kind, changes in sets:
                change = changes.get(f"{table.table}.{column.name}")
                if change is not None:
                    changed = re.sub(rf"(?<!\w){BEFORE}(?!\w)", f"({made})", str(change))
                    made = (
                        f"CASE WHEN {FAULT} = {literal(kind.kind)} THEN {changed} ELSE {made} END"
                    )
            cells.append(f"{_figure(column, made)} AS {quoted(column.name)}")
        else:
            cells.append(f"{_own(column, spec, year)} AS {quoted(column.name)}")
    return f"SELECT {', '.join(cells)} FROM {source}"


def _listed(made: MadeTable, table: Table, spec: Spec) -> str:
    names = tuple(made.columns)
    lists = [
        f"unnest([{', '.join(_cell(table.column(name), row[i]) for row in made.rows)}]) AS {quoted(name)}"
        for i, name in enumerate(names)
    ]
    query = f"SELECT {NUMBER}, {FAULT}, {', '.join(lists)} FROM units"
    if made.drop:
        query = f"SELECT * FROM ({query}) WHERE NOT ({made.drop})"
    if made.double:
        query = f"SELECT *, unnest(range(CASE WHEN {made.double} THEN 2 ELSE 1 END)) FROM ({query})"
    cells = [
        f"{quoted(c.name) if c.name in names else _own(c, spec, spec.year)} AS {quoted(c.name)}"
        for c in table.columns
    ]
    return f"SELECT {', '.join(cells)} FROM ({query})"


def _cell(column: Column | None, cell: Any) -> str:
    assert column is not None
    if cell is None or (isinstance(cell, str) and cell == "null"):
        return f"NULL::{kind_of(column)}"
    if isinstance(cell, str) and cell.startswith("="):
        return _figure(column, cell[1:])
    return _figure(column, literal(cell) if isinstance(cell, str) else str(cell))


def _own(column: Column, spec: Spec, year: int) -> str:
    if column.role is ColumnRole.UNIT:
        return f"({spec.unit})"
    return f"{year}::INTEGER" if column.role is ColumnRole.YEAR else f"NULL::{kind_of(column)}"


def kind_of(column: Column) -> str:
    """The type of a column in the files."""
    if not column.numeric:
        return "VARCHAR"
    return (
        "BIGINT" if column.type is ColumnType.COUNT else f"DECIMAL(18,{KEPT_PLACES[column.type]})"
    )


def _figure(column: Column, expression: str) -> str:
    """A whole number of last printed places -> the figure in its base unit."""
    if not column.numeric:
        return f"({expression})::VARCHAR"
    kind, step = kind_of(column), step_of(column)
    if step == 1:
        return f"({expression})::{kind}"
    if step > 1:
        return f"(({expression})::BIGINT * {int(step)})::{kind}"
    return f"(({expression})::DECIMAL(18,0) * {step:f})::{kind}"


def step_of(column: Column) -> Decimal:
    """The last printed place, in the base unit; hundredths for scores."""
    if column.type is ColumnType.SCORE:
        return Decimal("0.01")
    if column.type is ColumnType.COUNT:
        return Decimal(1)
    unit = (
        UNITS[column.unit]
        if column.unit
        else (Decimal("0.01") if column.type is ColumnType.PERCENT else Decimal(1))
    )
    places = (
        column.places
        if column.places is not None
        else (2 if column.type in (ColumnType.MONEY, ColumnType.PERCENT) else 0)
    )
    return unit.scaleb(-places)


def defects(spec: Spec) -> str:
    """The truth: unit, kind, what it leads to (不平, 自评不符, 无法判断, 不采用), and the rule or table where it does."""
    rows = []
    for kind in spec.faults.kinds:
        rows += [(kind.kind, "不平", code) for code in kind.unbalanced] + [
            (kind.kind, "自评不符", code) for code in kind.scores
        ]
        rows += [(kind.kind, "无法判断", code) for code in kind.open] + [
            (kind.kind, "不采用", table) for table in kind.refused
        ]
    values = ", ".join(f"({', '.join(literal(w) for w in row)})" for row in rows)
    planted = f"SELECT ({spec.unit}) AS 单位代码, 种类, 类型, 规则 FROM units JOIN (VALUES {values}) AS t(种类, 类型, 规则) ON 种类 = {FAULT} WHERE {FAULT} <> ''"
    return f"{' UNION ALL '.join([planted, *(_alike(of, spec) for of in spec.alike)])} ORDER BY ALL"


def _alike(of: AlikeUnits, spec: Spec) -> str:
    """Units that are alike, and the rules that see it."""
    codes = ", ".join(literal(code) for code in of.unbalanced)
    some = f"SELECT *, count(*) OVER (PARTITION BY {', '.join(of.same)}) AS n FROM units"
    return f"SELECT ({spec.unit}), {literal(of.kind)}, '不平', unnest([{codes}]) FROM ({some}) WHERE n > 1"
