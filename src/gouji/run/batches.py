"""A BulkPlan and views of many units -> files: outcomes part by part, then scorecards and findings read off them. Python never sees a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from operator import attrgetter
from pathlib import Path

import duckdb

from gouji.base.database import DEEP, NO_EXTENSIONS, connect
from gouji.base.faults import DataError, EngineError
from gouji.base.i18n import _
from gouji.intake import literal
from gouji.plan import DIFFERS, FIGURES, FOUND, NUMBER, UNIT, USUAL, BulkFinding, BulkPlan, quoted
from gouji.results import added

# How many units are one part where outcomes are written: so many that their figures have CELLS cells, in steps, and at most two row groups of DuckDB.
# The same for every machine and memory: what stands in a part decides its bytes.
PART, STEP, CELLS = 245_760, 20_480, 24_000_000
# What a figure of a unit takes while the unit is judged, about.
FIGURE_BYTES = 38
# The share of a part that goes with the one before it where that does not show: planning a statement takes as long as judging some ten thousand units.
REST = 0.1
# With fewer units in a part there is no point in trying again.
FEWEST = 1_000
_SIZES = ("bytes", "KiB", "MiB", "GiB", "TiB")
PARTS, SPILL, DEGREE = "outcomes", ".spill", "级别"
CARDS, ODD = "#cards", "#odd"
# Where scorecards are not put down: all figures, and the scorecards as a view of them.
WHOLE, VIEWED = "#all figures", "#viewed cards"
# As long as this (in characters) a statement is worked out twice in less time than its rows take to put down.
SHORT = 4_000
OPTIONS = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may use: memory as DuckDB writes it (`4GB`), threads (0: all there are)."""

    memory: str = "4GB"
    threads: int = 0


class OutOfMemory(EngineError):
    """A statement that the memory allowed is too little for, even with the disk."""


class Repeated(Exception):
    """Some unit has two rows in a table that may have one."""


def open_bulk(limits: Limits, folder: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory that spills into `folder`."""
    spill = folder / SPILL
    config = {
        "memory_limit": limits.memory,
        "temp_directory": str(spill),
        "preserve_insertion_order": "true",
        # Tables in memory would be gone through again and again, for nothing.
        "checkpoint_threshold": "16TB",
    }
    try:
        con = connect(DEEP, NO_EXTENSIONS, config)
    except duckdb.Error as fault:
        raise DataError(
            _("内存上限“{memory}”不认识").format(memory=limits.memory), fix=_("写成 4GB 或 800MB")
        ) from fault
    # Blocks of tables that are gone serve the next part's as they are: given back to the system, each page is cleared again when it is next touched.
    con.execute(f"SET block_allocator_memory = '{_allowed(con) // 4 // 2**20} MiB'")
    if limits.threads:
        con.execute(f"SET threads = {int(limits.threads)}")
    # Every join of a plan is a left join of one row a unit to the list of units, which comes in order and has to stay so.
    con.execute("SET disabled_optimizers = 'join_order,build_side_probe_side,projection_pullup'")
    return con


def at_once(con: duckdb.DuckDBPyConnection, plan: BulkPlan, wide: bool) -> int:
    """How many units are judged in one go: where that shows in the results a part, otherwise as many as half the memory holds, but never less than a step."""
    if wide:
        return _stepped(CELLS // plan.width, PART)
    held = _allowed(con) // (2 * FIGURE_BYTES * plan.width)
    return held // PART * PART if held >= PART else _stepped(held, PART)


def _allowed(con: duckdb.DuckDBPyConnection) -> int:
    """The memory a run may use, in bytes."""
    row = con.execute("SELECT current_setting('memory_limit')").fetchone()
    size, unit = str(row[0] if row else "0 bytes").split()
    return int(float(size) * 1024 ** _SIZES.index(unit))


def _stepped(units: int, most: int) -> int:
    return min(max(units // STEP, 1) * STEP, most)


def close_doors(con: duckdb.DuckDBPyConnection, files: Iterable[Path], folder: Path) -> None:
    """From here on only `files` and `folder` can be reached."""
    con.execute(f"SET allowed_paths = [{', '.join(literal(str(file)) for file in files)}]")
    con.execute(f"SET allowed_directories = [{literal(str(folder))}]")
    con.execute("SET enable_external_access = false")


def part_ends(
    con: duckdb.DuckDBPyConnection,
    unit: str,
    table: str,
    year: str,
    of: int,
    size: int,
    rest: float = 0,
    between: tuple[str, str] | None = None,
) -> list[tuple[str, str, int]]:
    """The first and last code of every part of the units of a year (of those `between` two codes), and how many units it has: `size`, and a `rest` of a part goes with the last."""
    some = _within(unit, between)
    units = f"(SELECT {quoted(unit)} AS u FROM {quoted(table)} WHERE {quoted(year)} = {of}{some})"
    row = con.execute(f"SELECT count(*) FROM {units}").fetchone()
    sent = int(row[0]) if row else 0
    # Units that stand in order need no sorting; and where each code is greater than the one before it, no code comes twice.
    part = f"least((row_number() OVER () - 1) // {size}, {_last(sent, size, rest)})"
    ends = "min(u), max(u), count(*)"
    as_sent = f"SELECT {ends}, count(*) FILTER (u IS NULL OR u <= v) FROM (SELECT u, lag(u) OVER () AS v, {part} AS part FROM {units}) GROUP BY part ORDER BY 1"
    rows = con.execute(as_sent).fetchall()
    if any(unordered for *_, unordered in rows):
        row = con.execute(f"SELECT count(DISTINCT u) FROM {units}").fetchone()
        part = f"least((row_number() OVER (ORDER BY u) - 1) // {size}, {_last(int(row[0]) if row else 0, size, rest)})"
        rows = con.execute(
            f"SELECT {ends}, 0 FROM (SELECT u, {part} AS part FROM (SELECT DISTINCT u FROM {units} WHERE u IS NOT NULL)) GROUP BY part ORDER BY 1"
        ).fetchall()
    return [(str(low), str(high), int(count)) for low, high, count, _ in rows]


def _within(unit: str, between: tuple[str, str] | None) -> str:
    """One more condition, where only units from one code to another are meant."""
    if between is None:
        return ""
    return f" AND {quoted(unit)} BETWEEN {literal(between[0])} AND {literal(between[1])}"


def count_units(
    con: duckdb.DuckDBPyConnection,
    table: str,
    whose: tuple[str, str],
    of: int,
    between: tuple[str, str] | None = None,
    below: str | None = None,
) -> int:
    """How many units of a year the list has: all, those `between` two codes, or those `below` a code. `whose` are its columns of unit and year."""
    unit, year = map(quoted, whose)
    less = f" AND {unit} < {literal(below)}" if below is not None else ""
    row = con.execute(
        f"SELECT count(DISTINCT {unit}) FROM {quoted(table)} WHERE {year} = {of}{_within(whose[0], between)}{less}"
    ).fetchone()
    return int(row[0]) if row else 0


def years_there(con: duckdb.DuckDBPyConnection, table: str, year: str) -> tuple[int, ...]:
    """The first nine years that a table has rows of."""
    rows = con.execute(
        f"SELECT DISTINCT {quoted(year)} FROM {quoted(table)} WHERE {quoted(year)} IS NOT NULL ORDER BY 1 LIMIT 9"
    ).fetchall()
    return tuple(int(found) for (found,) in rows)


def make_figures(con: duckdb.DuckDBPyConnection, plan: BulkPlan) -> int:
    """The figures of the units that the views hold, as a table; returns how many rows it has, which is one a unit where no unit has a second row somewhere."""
    # Straight off the joins each expression would look up its rows one by one; off a table they lie side by side.
    # Before the next part's are made, for there is no need of both.
    con.execute(f"DROP TABLE IF EXISTS {quoted(FIGURES)}")
    return execute(con, f"CREATE TEMP TABLE {quoted(FIGURES)} AS {plan.figures}")


def _last(units: int, size: int, rest: float) -> int:
    """The number of the last part, from 0: there is none for a `rest` of a part."""
    return max(ceil(units / size - rest), 1) - 1


def write_outcomes(
    con: duckdb.DuckDBPyConnection,
    plan: BulkPlan,
    parts: Iterator[tuple[int, int]],
    folder: Path | None,
    alone: bool,
    done: Callable[[int], None],
) -> str:
    """One file a part in `folder`, or without one tables in the database; returns what to read them from.

    `parts` sets the views to each part and yields its number and units; `alone`: there is but one. `done` hears how many units were judged.

    Raises EngineError when DuckDB refuses the plan, Repeated when a part does not have one row a unit.
    """
    if folder is not None:
        (folder / PARTS).mkdir(exist_ok=True)
    cards = CARDS
    for number, units in parts:
        if make_figures(con, plan) != units:
            raise Repeated
        if folder is not None:
            execute(
                con,
                f"COPY ({nullable(plan.judged, plan.scorecard[0])}) TO {literal(str(folder / PARTS / f'{number:05}.parquet'))} {OPTIONS}",
            )
        else:
            cards = judge_usual(con, plan, first=not number, alone=alone)
        done(units)
    source = (
        judge_odd(con, plan, cards)
        if folder is None
        else f"read_parquet({literal(str(folder / PARTS / '*.parquet'))})"
    )
    con.execute(f"DROP TABLE IF EXISTS {quoted(FIGURES)}")
    return source


def judge_usual(
    con: duckdb.DuckDBPyConnection, plan: BulkPlan, first: bool = True, alone: bool = False
) -> str:
    """Scorecards of the units of a part that are as usual; the figures of the others are put by. Returns where the scorecards are.

    Into tables, for a Parquet file would keep whole numbers of 128 bits as doubles.
    """
    figures, cards = FIGURES, CARDS
    if alone and len(plan.usual) <= SHORT:
        figures, cards = WHOLE, VIEWED
        con.execute(f"DROP TABLE IF EXISTS {quoted(WHOLE)}")
        con.execute(f"ALTER TABLE {quoted(FIGURES)} RENAME TO {quoted(WHOLE)}")
        con.execute(
            f"CREATE OR REPLACE TEMP VIEW {quoted(VIEWED)} AS WITH {quoted(FIGURES)} AS NOT MATERIALIZED (FROM {quoted(WHOLE)}) {plan.usual}"
        )
    else:
        _put(con, CARDS, plan.usual, first)
    others = (
        f"SELECT {quoted(plan.scorecard[0])} AS u FROM {quoted(cards)} WHERE NOT {quoted(USUAL)}"
    )
    _put(
        con,
        ODD,
        f"SELECT f.* FROM {quoted(figures)} AS f SEMI JOIN ({others}) AS c ON c.u = f.{quoted(UNIT)}",
        first,
    )
    return cards


def _put(con: duckdb.DuckDBPyConnection, table: str, query: str, first: bool) -> None:
    execute(
        con,
        f"CREATE OR REPLACE TEMP TABLE {quoted(table)} AS {query}"
        if first
        else f"INSERT INTO {quoted(table)} {query}",
    )


def judge_odd(con: duckdb.DuckDBPyConnection, plan: BulkPlan, usual: str) -> str:
    """Scorecards and findings of the units that are not as usual; `usual` has the scorecards of the others. Returns what to read all scorecards from."""
    con.execute(f"DROP TABLE IF EXISTS {quoted(FIGURES)}")
    con.execute(f"ALTER TABLE {quoted(ODD)} RENAME TO {quoted(FIGURES)}")
    execute(con, f"CREATE OR REPLACE TEMP TABLE {quoted(ODD)} AS {plan.judged}")
    cards = ", ".join(map(quoted, plan.scorecard))
    return f"(SELECT {cards} FROM {quoted(usual)} WHERE {quoted(USUAL)} UNION ALL SELECT {cards} FROM {quoted(ODD)})"


def write_rest(
    con: duckdb.DuckDBPyConnection, plan: BulkPlan, source: str, folder: Path, wide: bool
) -> tuple[int, dict[str, int]]:
    """Scorecards and findings; returns how many scorecards, and findings of each degree."""
    cards = cards_query(plan, source, wide)
    made = execute(
        con,
        f"COPY ({nullable(cards, plan.scorecard[0])}) TO {literal(str(folder / 'scorecards.parquet'))} {OPTIONS}",
    )
    # Units that are as usual have no findings.
    source = source if wide else quoted(ODD)
    found = str(folder / "findings.parquet")
    findings = nullable(findings_query(plan, source, wide), "单位代码")
    execute(con, f"COPY ({findings}) TO {literal(found)} {OPTIONS}")
    return made, added(
        dict(
            con.execute(
                f"SELECT {quoted(DEGREE)}, count(*) FROM read_parquet({literal(found)}) GROUP BY 1"
            ).fetchall()
        )
    )


def nullable(query: str, column: str) -> str:
    """The same rows, of which it is not known that any column has a value in all of them.

    What is known of the values would show in a file (a column that is REQUIRED), and would be another thing for the same units among more.
    """
    none = f"SELECT NULL::VARCHAR AS {quoted(column)} FROM range(1) WHERE range > 1"
    return f"SELECT * FROM ({query}) UNION ALL BY NAME ({none})"


def cards_query(plan: BulkPlan, source: str, wide: bool) -> str:
    """Scorecards, in the order of the units."""
    # Rows of a table come in pieces as they were put in, which would show in the file; sorted, they come in whole ones.
    order = "" if wide else f" ORDER BY {quoted(plan.scorecard[0])}"
    return f"SELECT {', '.join(map(quoted, plan.scorecard))} FROM {source}{order}"


def findings_query(plan: BulkPlan, source: str, wide: bool) -> str:
    """Findings of the units that have any, as rows, in the order of the units and of the rulebook."""
    some = " OR ".join(f"{quoted(c)} > 0" for c in plan.counts)
    unit = quoted(plan.scorecard[0])
    if not wide:
        rows = f"SELECT {unit} AS u, unnest({quoted(FOUND)}, recursive := true) FROM {source} WHERE {some}"
        words = {
            "规则": [f.code for f in plan.findings],
            "类型": [f.kind for f in plan.findings],
            DEGREE: [f.severity.value for f in plan.findings],
        }
        named = ", ".join(
            f"list_extract([{', '.join(map(literal, of))}], {NUMBER}) AS {name}"
            for name, of in words.items()
        )
        left, right = (
            _picked([side(f) for f in plan.findings])
            for side in (attrgetter("left"), attrgetter("right"))
        )
        return f"SELECT u AS 单位代码, {named}, {left} AS 左边, {right} AS 右边 FROM ({rows}) ORDER BY u, {NUMBER}"
    structs = ", ".join(_struct(f) for f in plan.findings)
    order = ", ".join(literal(f.code) for f in plan.findings)
    rows = f"SELECT {unit} AS u, unnest(list_filter([{structs}], lambda f : f IS NOT NULL)) AS f FROM {source} WHERE {some}"
    return f"SELECT u AS 单位代码, f.规则 AS 规则, f.类型 AS 类型, f.级别 AS 级别, f.左边 AS 左边, f.右边 AS 右边 FROM ({rows}) ORDER BY u, list_position([{order}], f.规则)"


def _picked(sides: list[str | None]) -> str:
    """The side of a finding by its number: the few ways of reading it, each with the numbers that are read so."""
    ways: dict[str, list[str]] = {}
    for number, side in enumerate(sides, 1):
        if side is not None:
            ways.setdefault(side, []).append(str(number))
    cases = " ".join(
        f"WHEN {NUMBER} IN ({', '.join(numbers)}) THEN {side}" for side, numbers in ways.items()
    )
    return f"CASE {cases} END::DECIMAL(38,6)" if ways else "NULL::DECIMAL(38,6)"


def _struct(of: BulkFinding) -> str:
    test = quoted(of.test) if of.kind == DIFFERS else f"{quoted(of.test)} = {literal(of.kind)}"
    left, right = (
        f"{quoted(side)}::DECIMAL(38,6)" if side else "NULL::DECIMAL(38,6)"
        for side in (of.left, of.right)
    )
    value = f"{{'规则': {literal(of.code)}, '类型': {literal(of.kind)}, '级别': {literal(of.severity.value)}, '左边': {left}, '右边': {right}}}"
    return f"CASE WHEN {test} THEN {value} END"


def execute(con: duckdb.DuckDBPyConnection, statement: str) -> int:
    """Execute one statement; returns the count it reports. Raises EngineError when DuckDB refuses it, OutOfMemory where that is why."""
    try:
        row = con.execute(statement).fetchone()
    except duckdb.OutOfMemoryException as fault:
        raise OutOfMemory(
            _("DuckDB 没能执行：{why}").format(why=str(fault).split("\n")[0])
        ) from fault
    except duckdb.Error as fault:
        raise EngineError(
            _("DuckDB 没能执行：{why}").format(why=str(fault).split("\n")[0])
        ) from fault
    return int(row[0]) if row else 0


__all__ = [
    "FEWEST",
    "OPTIONS",
    "PART",
    "PARTS",
    "REST",
    "SPILL",
    "Limits",
    "OutOfMemory",
    "Repeated",
    "at_once",
    "cards_query",
    "close_doors",
    "count_units",
    "execute",
    "findings_query",
    "judge_odd",
    "judge_usual",
    "literal",
    "make_figures",
    "nullable",
    "open_bulk",
    "part_ends",
    "quoted",
    "write_outcomes",
    "write_rest",
    "years_there",
]
