"""The gate for many rows: which rows of a bulk table break its description, found by DuckDB alone; Pandera is asked whether it sees the same.

Each test reads only the columns it names, and where a file's own statistics answer it, nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

from gouji.faults import EngineError
from gouji.frozen import dataclass
from gouji.i18n import _
from gouji.inspector import Asked, ask
from gouji.intake.bulk import BAD, Bulk, Part, full_columns, literal, told_ends
from gouji.intake.gate import Reason, asked_fields, column_tests
from gouji.intake.store import quoted
from gouji.later import duckdb
from gouji.load.tables import WHOLE_DIGITS, ColumnRole

MASK_AT_MOST, TABLE_AT_MOST = 120, 4096
SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that breaks its description, and why."""

    table: str
    number: int
    unit: str
    reason: Reason


def sieve(con: duckdb.DuckDBPyConnection, bulk: Bulk, part: Part) -> list[Refused]:
    """Count the rows of a table, measure its figures, and find the rows that break its description."""
    name = part.table.table
    figures = [c.name for c in part.table.columns if c.numeric and c.name in part.types and c.role is not ColumnRole.YEAR]
    told = told_ends(con, part)
    asked = [column for column in figures if column not in told]
    row = con.execute(f"SELECT {', '.join(('count(*)', *(f'min({quoted(c)}), max({quoted(c)})' for c in asked)))} FROM {part.relation}").fetchone()
    assert row is not None
    bulk.rows[name] = int(row[0])
    told |= {column: (row[1 + 2 * i], row[2 + 2 * i]) for i, column in enumerate(asked)}
    for column in figures:
        bulk.digits[name, column] = max(len(str(abs(int(end or 0)))) for end in told[column])
    bulk.full.update((name, column) for column in full_columns(con, part))
    found = [Refused(name, number, unit, reason) for condition, reason in _tests(part, bulk) for number, unit in _rows(con, part, condition)]
    # A second row in a table of one row a unit shows as a second row of the result, for nothing: only then is it looked for.
    return found + (repeated(con, part) if part.table.grain == "many" else [])


def repeated(con: duckdb.DuckDBPyConnection, part: Part) -> list[Refused]:
    """The rows whose key comes more than once."""
    return [Refused(part.table.table, number, unit, _doubled(part)) for number, unit in _repeated(con, part)]


def _tests(part: Part, bulk: Bulk) -> Iterator[tuple[str, Reason]]:
    for column in part.table.columns:
        if column.name not in part.types:
            if column.null == "never":
                yield "true", (_("“{column}”没有填").format(column=column.name), _("补上"), column.name)
            continue
        yield from column_tests(column)
        limit = WHOLE_DIGITS.get(column.type)
        if limit is not None and column.role is not ColumnRole.YEAR and bulk.digits.get((part.table.table, column.name), 0) > limit:
            what = _("“{text}”超出可以处理的范围").format(text=column.name)
            yield f"abs({quoted(column.name)}) >= {10**limit}", (what, _("检查计量单位和小数点"), column.name)
    for column, lossy in part.recast():
        yield lossy, (_("“{text}”的小数位太多").format(text=column.name), _("检查计量单位和小数点"), column.name)


def _rows(con: duckdb.DuckDBPyConnection, part: Part, condition: str) -> list[tuple[int, str]]:
    unit = quoted(part.table.with_role(ColumnRole.UNIT).name)
    query = f"SELECT {part.number}, {unit} FROM {part.relation} WHERE {condition} ORDER BY 1"
    return [(int(number), str(code or "")) for number, code in con.execute(query).fetchall()]


def _doubled(part: Part) -> Reason:
    return (_("{key} 重复, 几行都不采用").format(key=", ".join(part.table.key)), _("只留一行"), "")


def _repeated(con: duckdb.DuckDBPyConnection, part: Part) -> list[tuple[int, str]]:
    """Rows whose key comes more than once: first the units that have such rows, then the rows of those units."""
    unit, year = (quoted(part.table.with_role(r).name) for r in (ColumnRole.UNIT, ColumnRole.YEAR))
    rest = [k for k in part.table.key if quoted(k) not in (unit, year)]
    if any(k not in part.types for k in rest):
        return []
    units = con.execute(f"SELECT DISTINCT {unit} FROM ({_suspects(con, part, unit, year, rest)})").fetchall()
    if not units:
        return []
    keys = ", ".join(quoted(k) for k in part.table.key)
    here = f"SELECT {part.number} AS n, {unit} AS u, count(*) OVER (PARTITION BY {keys}) AS times FROM {part.relation}"
    codes = ", ".join(literal(str(u[0])) for u in units if u[0] is not None)
    return [(int(n), str(u)) for n, u in con.execute(f"SELECT n, u FROM ({here} WHERE {unit} IN ({codes})) WHERE times > 1 ORDER BY 1").fetchall()] if codes else []


def _suspects(con: duckdb.DuckDBPyConnection, part: Part, unit: str, year: str, rest: list[str]) -> str:
    """The query for units and years with a key twice. Where the rest of the key takes few values, one mask a unit tells; a tenth of the time."""
    ends = con.execute(f"SELECT min({year}) = max({year}) FROM {part.relation}").fetchone()
    # Nearly all tables are of one year, which the file's own statistics tell.
    by = unit if ends == (True,) else f"{unit}, {year}"
    if not rest:
        return f"SELECT {unit} FROM {part.relation} GROUP BY {by} HAVING count(*) > 1"
    names = ", ".join(quoted(k) for k in rest)
    known = con.execute(f"SELECT DISTINCT {names} FROM {part.relation} ORDER BY ALL LIMIT {MASK_AT_MOST + 1}").fetchall()
    values = [sorted({str(row[i]) for row in known if row[i] is not None}) for i in range(len(rest))]
    cells = prod(len(v) for v in values)
    if len(known) > MASK_AT_MOST or not 0 < cells <= TABLE_AT_MOST or any(part.types[k] != "VARCHAR" for k in rest):
        return f"SELECT {unit} FROM {part.relation} GROUP BY {', '.join([by, *map(quoted, rest)])} HAVING count(*) > 1"
    return f"SELECT {unit} FROM {part.relation} GROUP BY {by} HAVING {_mask_test(rest, values, known)}"


def _mask_test(rest: list[str], values: list[list[str]], known: list[tuple[Any, ...]]) -> str:
    """Each combination of values that occurs has a bit; a unit has as many bits as rows, or a combination twice."""
    place, step, bits = [], 1, [0] * prod(len(v) for v in values)
    for key, own in zip(rest, values, strict=True):
        place.append(f"(list_position([{', '.join(map(literal, own))}], {quoted(key)}) - 1) * {step}")
        step *= len(own)
    kind = "BIGINT" if len(known) <= 62 else "HUGEINT"
    for number, row in enumerate(row for row in known if None not in row):
        at, step = 0, 1
        for own, value in zip(values, row, strict=True):
            at, step = at + own.index(str(value)) * step, step * len(own)
        bits[at] = 2**number
    bit = f"list_extract([{', '.join(f'{b}::{kind}' for b in bits)}], {' + '.join(place)} + 1)"
    return f"count({bit}) <> bit_count(bit_or({bit}))"


def agrees(con: duckdb.DuckDBPyConnection, part: Part, refused: list[Refused], folder: Path) -> None:
    """Pandera must accept a sample of the rows that passed and refuse those that did not; `folder` may be written to. Raises EngineError otherwise."""
    cells = ", ".join(part.cells())
    listed = f"(SELECT n FROM {quoted(BAD)} WHERE t = {literal(part.table.table)}) b ON b.n = {part.number}"
    whole = f"SELECT {cells} FROM {part.relation}"
    sample = f"{whole}{' ANTI JOIN ' + listed if refused else ''} LIMIT {SAMPLE}"
    if not _accepted(con, part, sample, folder) and not repeated(con, part):
        raise EngineError(_("“{table}”: Pandera 与行级检查的结论不同").format(table=part.table.table))
    if refused and _accepted(con, part, f"{whole} SEMI JOIN {listed}", folder) and not all(_beyond_pandera(r) for r in refused):
        raise EngineError(_("“{table}”: Pandera 与行级检查的结论不同").format(table=part.table.table))


def _accepted(con: duckdb.DuckDBPyConnection, part: Part, query: str, folder: Path) -> bool:
    # Whole numbers of any width do in bulk tables; that figures are numbers has been seen to.
    fields = tuple(asked_fields(part.table, lambda column: "" if column.numeric else "VARCHAR"))
    file = folder / "asked.parquet"
    con.execute(f"COPY (SELECT {', '.join(quoted(f.name) for f in fields)} FROM ({query})) TO {literal(str(file))} (FORMAT parquet)").fetchall()
    accepted, _nothing = ask(Asked(fields, part.table.key, (), str(file)), lambda: None)
    file.unlink()
    return accepted


def _beyond_pandera(of: Refused) -> bool:
    """Figures that are too large or have too many places: no matter of the description."""
    return of.reason[1] == _("检查计量单位和小数点")
