"""The gate for many rows: which rows of a bulk table break its description, found by DuckDB alone; Pandera is asked whether it sees the same.

Each test reads only the columns it names, and where a file's own statistics answer it, nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any

import duckdb

from gouji.base.faults import EngineError
from gouji.base.i18n import _
from gouji.intake.admission.column_tests import Reason, asked_fields, code_tests, column_tests
from gouji.intake.bulk_tables import Bulk, TablePart
from gouji.intake.bulk_views import BAD, Footer, footer, full_columns, measured
from gouji.intake.files.parquet_statistics_sql import believed
from gouji.intake.inspector.process import ask
from gouji.intake.inspector.questions import Asked
from gouji.intake.ledger.tables import HALF, literal, quoted
from gouji.rules import WHOLE_DIGITS, Column, ColumnRole, ColumnType

MASK_AT_MOST, TABLE_AT_MOST, LONG_BITS = 120, 4096, 62
SUSPECTS = "suspects"
WHOSE = (ColumnRole.UNIT, ColumnRole.YEAR)
SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class RefusedRows:
    """One row that breaks its description, and why."""

    table: str
    number: int
    unit: str
    reason: Reason
    year: int | None = None


def sieve(
    con: duckdb.DuckDBPyConnection, bulk: Bulk, part: TablePart, read: bool = True
) -> list[RefusedRows]:
    """Count the rows of a table, measure its figures, and find the rows that break its description. Where rules `read` it, the file's own statistics are proved."""
    name = part.table.table
    figures = tuple(c.name for c in part.table.columns if _is_figure(c) and c.name in part.types)
    told = footer(con, part)
    if read:
        believed(con, part, told)
    bulk.rows[name], ends = measured(con, part, figures, told)
    least, greatest = told.ends.get(part.table.with_role(ColumnRole.YEAR).name, (None, None))
    if least is not None and least == greatest:
        bulk.year[name] = int(least)
    for column in figures:
        bulk.digits[name, column] = max(1, len(str(int(max(abs(v or 0) for v in ends[column])))))
    bulk.full.update((name, column) for column in full_columns(con, part, told))
    return [
        RefusedRows(name, number, unit, reason, year)
        for condition, reason in _tests(part, bulk, told)
        for number, unit, year in _rows(con, part, condition)
    ]


def _is_figure(column: Column) -> bool:
    dated = column.role is ColumnRole.YEAR or column.type is ColumnType.DATE
    return column.numeric and not dated


def repeated(con: duckdb.DuckDBPyConnection, part: TablePart) -> list[RefusedRows]:
    """The rows whose key comes more than once: first the units that have such rows, then the rows of those units."""
    unit, year, rest = _key(part)
    if any(k not in part.types for k in rest):
        return []
    suspect(con, _twice(con, part, unit, year, rest))
    return repeated_among(con, part)


def suspect(con: duckdb.DuckDBPyConnection, units: str) -> int:
    """Keep the units that a query names once or more, for `repeated_among`; returns how many they are."""
    row = con.execute(
        f"CREATE OR REPLACE TEMP TABLE {quoted(SUSPECTS)} AS SELECT DISTINCT * FROM ({units}) AS s(u) WHERE u IS NOT NULL"
    ).fetchone()
    return int(row[0]) if row else 0


def repeated_among(con: duckdb.DuckDBPyConnection, part: TablePart) -> list[RefusedRows]:
    """The rows of suspected units whose key comes more than once."""
    unit, year, rest = _key(part)
    if not con.execute(f"SELECT 1 FROM {quoted(SUSPECTS)} LIMIT 1").fetchall() or any(
        k not in part.types for k in rest
    ):
        return []
    keys = ", ".join((unit, year, *map(quoted, rest)))
    here = f"SELECT {part.number} AS n, {unit} AS u, TRY_CAST({year} AS INTEGER) AS y, count(*) OVER (PARTITION BY {keys}) AS times FROM {part.relation} AS r SEMI JOIN {quoted(SUSPECTS)} AS s ON s.u = r.{unit}"
    rows = con.execute(f"SELECT n, u, y FROM ({here}) WHERE times > 1 ORDER BY 1").fetchall()
    return [
        RefusedRows(part.table.table, int(number), str(code), _doubled(part), of)
        for number, code, of in rows
    ]


def twice_test(con: duckdb.DuckDBPyConnection, part: TablePart, year: int) -> str:
    """What tells of the rows of a unit, all of one year, that a key may come twice: an expression over aggregates; "" where none does.

    Each combination of the values seen in the first rows has a bit: a unit has as many bits as rows, or a combination twice, or one that was not seen.
    """
    _unit, of_year, rest = _key(part)
    ends = con.execute(f"SELECT min({of_year}), max({of_year}) FROM {part.relation}").fetchone()
    if ends != (year, year) or any(part.types.get(k) != "VARCHAR" for k in rest):
        return ""
    if not rest:
        return "count(*) > 1"
    names = ", ".join(map(quoted, rest))
    seen = con.execute(
        f"SELECT DISTINCT {names} FROM (SELECT {names} FROM {part.relation} LIMIT {SAMPLE}) ORDER BY ALL LIMIT {MASK_AT_MOST + 1}"
    ).fetchall()
    bit = _bit(rest, seen, alone=True)
    return f"count(*) <> coalesce(bit_count(bit_or({bit})), 0)" if bit else ""


def _tests(part: TablePart, bulk: Bulk, told: Footer) -> Iterator[tuple[str, Reason]]:
    """What rows must not be: condition and reason."""
    check = _("检查计量单位和小数点")
    for column in part.table.columns:
        name = column.name
        if name not in part.types:
            if column.null == "never":
                yield "true", (_("“{column}”没有填").format(column=name), _("补上"), name)
            continue
        # Where the file's own statistics say that every row has a value, none is searched for one that has not.
        full = column.null == "never" and told.lacking.get(name) == 0
        yield from column_tests(replace(column, null="allowed") if full else column)
        if part.table.table not in bulk.coded:
            yield from code_tests(column)
        limit = WHOLE_DIGITS.get(column.type) if column.role is not ColumnRole.YEAR else None
        if limit is not None and bulk.digits.get((part.table.table, name), 0) > limit:
            what = _("“{text}”超出可以处理的范围").format(text=name)
            yield f"abs({quoted(name)}) >= {10**limit}", (what, check, name)
    for name, lossy in part.recast():
        yield lossy, (_("“{text}”的小数位太多").format(text=name), check, name)
    for name in part.types:
        if name.endswith(HALF):
            what = _("“{column}”小于 {edge}").format(column=name, edge=0)
            yield f"{quoted(name)} < 0", (what, check, name)


def _rows(
    con: duckdb.DuckDBPyConnection, part: TablePart, condition: str
) -> list[tuple[int, str, int | None]]:
    unit, year = (quoted(part.table.with_role(role).name) for role in WHOSE)
    query = f"SELECT {part.number}, {unit}, TRY_CAST({year} AS INTEGER) FROM {part.relation} WHERE {condition} ORDER BY 1"
    return [
        (int(number), str(code or ""), of) for number, code, of in con.execute(query).fetchall()
    ]


def _doubled(part: TablePart) -> Reason:
    return (_("{key} 重复，几行都不采用").format(key=", ".join(part.table.key)), _("只留一行"), "")


def _key(part: TablePart) -> tuple[str, str, list[str]]:
    """The columns of unit and year, quoted, and the names of the others of the key."""
    unit, year = (quoted(part.table.with_role(r).name) for r in (ColumnRole.UNIT, ColumnRole.YEAR))
    return unit, year, [k for k in part.table.key if quoted(k) not in (unit, year)]


def _twice(
    con: duckdb.DuckDBPyConnection, part: TablePart, unit: str, year: str, rest: list[str]
) -> str:
    """The query for units with a key twice. Where the rest of the key takes few values, one mask a unit tells; a tenth of the time."""
    ends = con.execute(f"SELECT min({year}) = max({year}) FROM {part.relation}").fetchone()
    # Nearly all tables are of one year, which the file's own statistics tell.
    by = unit if ends == (True,) else f"{unit}, {year}"
    if not rest:
        return f"SELECT {unit} FROM {part.relation} GROUP BY {by} HAVING count(*) > 1"
    names = ", ".join(quoted(k) for k in rest)
    known = con.execute(
        f"SELECT DISTINCT {names} FROM {part.relation} ORDER BY ALL LIMIT {MASK_AT_MOST + 1}"
    ).fetchall()
    bit = _bit(rest, known) if all(part.types[k] == "VARCHAR" for k in rest) else ""
    if not bit:
        return f"SELECT {unit} FROM {part.relation} GROUP BY {', '.join([by, *map(quoted, rest)])} HAVING count(*) > 1"
    return f"SELECT {unit} FROM {part.relation} GROUP BY {by} HAVING count({bit}) <> bit_count(bit_or({bit}))"


def _bit(rest: list[str], known: list[tuple[Any, ...]], alone: bool = False) -> str:
    """An expression that gives each combination of values that occurs its own bit; "" where there are too many, or none.

    With `alone` one column may stand for all where it tells the known ones apart; others then may share a bit.
    """
    values = [
        sorted({str(row[i]) for row in known if row[i] is not None}) for i in range(len(rest))
    ]
    combinations = prod(map(len, values))
    if len(known) > MASK_AT_MOST or not 0 < combinations <= TABLE_AT_MOST:
        return ""
    whole = [row for row in known if None not in row]
    telling = [i for i, own in enumerate(values) if len(own) == len(whole) <= LONG_BITS]
    if alone and telling:
        return _power(rest[telling[0]], values[telling[0]], 1)
    if combinations > LONG_BITS:
        return _listed_bit(rest, values, whole)
    # A product of powers of two: each is looked up once for every value, not for every row.
    return " * ".join(
        _power(key, own, prod(map(len, values[:i])))
        for i, (key, own) in enumerate(zip(rest, values, strict=True))
    )


def _listed_bit(
    rest: Sequence[str], values: Sequence[list[str]], whole: Sequence[tuple[Any, ...]]
) -> str:
    """The bit of a combination, out of a list with a place for every one that the values can make."""
    steps = [prod(map(len, values[:i])) for i in range(len(values))]
    place = " + ".join(
        f"(list_position([{', '.join(map(literal, own))}], {quoted(key)}) - 1) * {step}"
        for key, own, step in zip(rest, values, steps, strict=True)
    )
    bits = ["NULL"] * prod(map(len, values))
    kind = "BIGINT" if len(whole) <= LONG_BITS else "HUGEINT"
    for number, row in enumerate(whole):
        places = zip(values, row, steps, strict=True)
        at = sum(own.index(str(value)) * step for own, value, step in places)
        bits[at] = f"{2**number}::{kind}"
    return f"list_extract([{', '.join(bits)}], {place} + 1)"


def _power(key: str, values: list[str], step: int) -> str:
    """2 ** (place of the value × step)."""
    powers = ", ".join(f"{2 ** (i * step)}::BIGINT" for i in range(len(values)))
    return f"list_extract([{powers}], list_position([{', '.join(map(literal, values))}], {quoted(key)}))"


def agrees(
    con: duckdb.DuckDBPyConnection, part: TablePart, refused: list[RefusedRows], folder: Path
) -> None:
    """Pandera must accept a sample of the rows that passed and refuse those that did not; `folder` may be written to. Raises EngineError otherwise."""
    cells = ", ".join(part.cells())
    listed = f"(SELECT n FROM {quoted(BAD)} WHERE t = {literal(part.table.table)}) b ON b.n = {part.number}"
    whole = f"SELECT {cells} FROM {part.relation}"
    # A limit has every thread read a piece of the file, the number of a row has one read the first.
    first = (
        f"WHERE {part.number} < {SAMPLE}"
        if part.file is not None and not refused
        else f"LIMIT {SAMPLE}"
    )
    sample = f"{whole}{' ANTI JOIN ' + listed if refused else ''} {first}"
    if not _accepted(con, part, sample, folder) and not repeated(con, part):
        raise EngineError(
            _("“{table}”：Pandera 与行级检查的结论不同").format(table=part.table.table)
        )
    if (
        refused
        and _accepted(con, part, f"{whole} SEMI JOIN {listed}", folder)
        and not all(_beyond_pandera(r) for r in refused)
    ):
        raise EngineError(
            _("“{table}”：Pandera 与行级检查的结论不同").format(table=part.table.table)
        )


def _accepted(con: duckdb.DuckDBPyConnection, part: TablePart, query: str, folder: Path) -> bool:
    # Whole numbers of any width do in bulk tables; that figures are numbers has been seen to.
    fields = tuple(asked_fields(part.table, lambda column: "" if column.numeric else "VARCHAR"))
    file = folder / "asked.parquet"
    con.execute(
        f"COPY (SELECT {', '.join(quoted(f.name) for f in fields)} FROM ({query})) TO {literal(str(file))} (FORMAT parquet)"
    ).fetchall()
    accepted, _nothing = ask(Asked(fields, part.table.key, (), str(file)), lambda: None)
    file.unlink()
    return accepted


def _beyond_pandera(of: RefusedRows) -> bool:
    """Figures that are too large or have too many places, units that are not listed: no matter of the description."""
    return of.reason[1] in (_("检查计量单位和小数点"), _("在名单里补上这些单位，或改正单位代码"))
