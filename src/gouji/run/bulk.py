"""A BulkPlan and views of many units -> files: outcomes part by part, then scorecards and findings read off them. Python never sees a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gouji.compile.bulk import DIFFERS, FOUND, BulkPlan, Finding
from gouji.faults import EngineError
from gouji.i18n import _

# Two row groups of DuckDB. The same for every machine and memory: what stands in a part decides its bytes.
PART = 245_760
PARTS = "outcomes"
OPTIONS = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may use: memory as DuckDB writes it (`4GB`), threads (0: all there are)."""

    memory: str = "4GB"
    threads: int = 0


class Repeated(Exception):
    """Some unit has two rows in a table that may have one."""


def quoted(name: str) -> str:
    """An identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text literal."""
    return "'" + text.replace("'", "''") + "'"


def open_bulk(limits: Limits, folder: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory that spills into `folder`."""
    spill = folder / ".spill"
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": limits.memory, "temp_directory": str(spill), "max_expression_depth": "5000", "preserve_insertion_order": "true",
        "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
    }  # fmt: skip
    con = duckdb.connect(config=config)
    if limits.threads:
        con.execute(f"SET threads = {int(limits.threads)}")
    # Every join of a plan is a left join of one row a unit to the list of units, which comes in order and has to stay so.
    con.execute("SET disabled_optimizers = 'join_order,build_side_probe_side,projection_pullup'")
    return con


def close_doors(con: duckdb.DuckDBPyConnection, data: Path, folder: Path) -> None:
    """From here on only `data` and `folder` can be reached."""
    directories = [str(folder)] + ([str(data)] if data.is_dir() else [])
    con.execute(f"SET allowed_directories = [{', '.join(map(literal, directories))}]")
    con.execute("SET enable_external_access = false")


def part_ends(con: duckdb.DuckDBPyConnection, unit: str, table: str, year: str, of: int) -> list[tuple[str, str, int]]:
    """The first and last code of every part of the units of a year, and how many units it has."""
    query = (
        f"SELECT min(u), max(u), count(*) FROM (SELECT u, (row_number() OVER (ORDER BY u) - 1) // {PART} AS part"
        f" FROM (SELECT DISTINCT {quoted(unit)} AS u FROM {quoted(table)} WHERE {quoted(year)} = {of})) GROUP BY part ORDER BY 1"
    )
    return [(str(low), str(high), int(count)) for low, high, count in con.execute(query).fetchall()]


def write_outcomes(con: duckdb.DuckDBPyConnection, plan: BulkPlan, parts: Iterator[tuple[int, int]], folder: Path, done: Callable[[int], None]) -> None:
    """One file a part; `parts` sets the views to each part and yields its number and units, `done` hears how many units were judged.

    Raises EngineError when DuckDB refuses the plan, Repeated when a part does not have one row a unit.
    """
    statement = plan.sql()
    (folder / PARTS).mkdir(exist_ok=True)
    for number, units in parts:
        target = folder / PARTS / f"{number:05}.parquet"
        rows = run(con, f"COPY ({statement}) TO {literal(str(target))} {OPTIONS}")
        if rows != units:
            raise Repeated
        done(units)


def write_rest(con: duckdb.DuckDBPyConnection, plan: BulkPlan, folder: Path, wide: bool) -> tuple[int, int]:
    """Scorecards and findings; returns how many of each."""
    source = f"read_parquet({literal(str(folder / PARTS / '*.parquet'))})"
    cards = f"SELECT {', '.join(map(quoted, plan.scorecard))} FROM {source}"
    made = run(con, f"COPY ({cards}) TO {literal(str(folder / 'scorecards.parquet'))} {OPTIONS}")
    return made, run(con, f"COPY ({findings_query(plan, source, wide)}) TO {literal(str(folder / 'findings.parquet'))} {OPTIONS}")


def findings_query(plan: BulkPlan, source: str, wide: bool) -> str:
    """Findings of the units that have any, as rows, in the order of the units and of the rulebook."""
    some = " OR ".join(f"{quoted(c)} > 0" for c in plan.counts)
    structs = ", ".join(_struct(f) for f in plan.findings)
    listed = f"list_filter([{structs}], lambda f : f IS NOT NULL)" if wide else quoted(FOUND)
    rows = f"SELECT {quoted(plan.scorecard[0])} AS u, unnest({listed}) AS f FROM {source} WHERE {some}"
    return f"SELECT u AS 单位代码, f.规则 AS 规则, f.类型 AS 类型, f.级别 AS 级别, f.左边 AS 左边, f.右边 AS 右边 FROM ({rows})"


def _struct(of: Finding) -> str:
    test = quoted(of.test) if of.kind == DIFFERS else f"{quoted(of.test)} = {literal(of.kind)}"
    left, right = (f"{quoted(side)}::DECIMAL(38,6)" if side else "NULL::DECIMAL(38,6)" for side in (of.left, of.right))
    value = f"{{'规则': {literal(of.code)}, '类型': {literal(of.kind)}, '级别': {literal(of.severity.value)}, '左边': {left}, '右边': {right}}}"
    return f"CASE WHEN {test} THEN {value} END"


def run(con: duckdb.DuckDBPyConnection, statement: str) -> int:
    """Execute one statement; returns the count it reports. Raises EngineError when DuckDB refuses it."""
    try:
        row = con.execute(statement).fetchone()
    except duckdb.Error as fault:
        raise EngineError(_("DuckDB 没能执行: {why}").format(why=str(fault).split("\n")[0])) from fault
    return int(row[0]) if row else 0
