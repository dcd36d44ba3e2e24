"""A BulkPlan and views of many units -> files: outcomes part by part, then scorecards and findings read off them. Python never sees a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import duckdb

from gouji.base.database import DEEP, NO_EXTENSIONS, connect, refusal
from gouji.base.faults import DataError, EngineError
from gouji.base.i18n import _
from gouji.base.sql_names import literal, quoted
from gouji.plan import FIGURES, BulkPlan
from gouji.results import added
from gouji.run import batch_sql as q

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
PARTS, SPILL = "outcomes", ".spill"
CARDS, ODD = "#cards", "#odd"
# Where scorecards are not put down: all figures, and the scorecards as a view of them.
WHOLE, VIEWED = "#all figures", "#viewed cards"
# As long as this (in characters) a statement is worked out twice in less time than its rows take to put down.
SHORT = 4_000


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
    row = con.execute(q.MEMORY_LIMIT).fetchone()
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
    units = q.units_of(table, unit, year, of, between)
    row = con.execute(q.counted(units)).fetchone()
    sent = int(row[0]) if row else 0
    # Units that stand in order need no sorting; and where each code is greater than the one before it, no code comes twice.
    rows = con.execute(q.ends_as_sent(units, size, _last(sent, size, rest))).fetchall()
    if any(unordered for *_, unordered in rows):
        row = con.execute(q.counted(units, distinct=True)).fetchone()
        last = _last(int(row[0]) if row else 0, size, rest)
        rows = con.execute(q.ends_sorted(units, size, last)).fetchall()
    return [(str(low), str(high), int(count)) for low, high, count, _ in rows]


def count_units(
    con: duckdb.DuckDBPyConnection,
    table: str,
    whose: tuple[str, str],
    of: int,
    between: tuple[str, str] | None = None,
    below: str | None = None,
) -> int:
    """How many units of a year the list has: all, those `between` two codes, or those `below` a code. `whose` are its columns of unit and year."""
    row = con.execute(q.units_counted(table, *whose, of, between, below)).fetchone()
    return int(row[0]) if row else 0


def years_there(con: duckdb.DuckDBPyConnection, table: str, year: str) -> tuple[int, ...]:
    """The first nine years that a table has rows of."""
    rows = con.execute(q.first_years(table, year)).fetchall()
    return tuple(int(found) for (found,) in rows)


def make_figures(con: duckdb.DuckDBPyConnection, plan: BulkPlan) -> int:
    """The figures of the units that the views hold, as a table; returns how many rows it has, which is one a unit where no unit has a second row somewhere."""
    # Straight off the joins each expression would look up its rows one by one; off a table they lie side by side.
    # Before the next part's are made, for there is no need of both.
    con.execute(q.dropped(FIGURES))
    return execute(con, q.made_table(FIGURES, plan.figures, anew=False))


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
            part = str(folder / PARTS / f"{number:05}.parquet")
            execute(con, q.copied(q.nullable(plan.judged, plan.scorecard[0]), part))
        else:
            cards = judge_usual(con, plan, first=not number, alone=alone)
        done(units)
    source = (
        judge_odd(con, plan, cards)
        if folder is None
        else q.parquet(str(folder / PARTS / "*.parquet"))
    )
    con.execute(q.dropped(FIGURES))
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
        con.execute(q.dropped(WHOLE))
        con.execute(q.renamed(FIGURES, WHOLE))
        con.execute(q.view_of_cards(VIEWED, plan.usual, FIGURES, WHOLE))
    else:
        _put(con, CARDS, plan.usual, first)
    _put(con, ODD, q.figures_of_others(figures, cards, plan.scorecard[0]), first)
    return cards


def _put(con: duckdb.DuckDBPyConnection, table: str, query: str, first: bool) -> None:
    execute(con, q.made_table(table, query) if first else q.put_in(table, query))


def judge_odd(con: duckdb.DuckDBPyConnection, plan: BulkPlan, usual: str) -> str:
    """Scorecards and findings of the units that are not as usual; `usual` has the scorecards of the others. Returns what to read all scorecards from."""
    con.execute(q.dropped(FIGURES))
    con.execute(q.renamed(ODD, FIGURES))
    execute(con, q.made_table(ODD, plan.judged))
    return q.all_cards(plan, usual, ODD)


def write_rest(
    con: duckdb.DuckDBPyConnection, plan: BulkPlan, source: str, folder: Path, wide: bool
) -> tuple[int, dict[str, int]]:
    """Scorecards and findings; returns how many scorecards, and findings of each degree."""
    cards = q.nullable(q.cards_query(plan, source, wide), plan.scorecard[0])
    made = execute(con, q.copied(cards, str(folder / "scorecards.parquet")))
    # Units that are as usual have no findings.
    source = source if wide else quoted(ODD)
    found = str(folder / "findings.parquet")
    findings = q.nullable(q.findings_query(plan, source, wide), q.UNIT_CODE)
    execute(con, q.copied(findings, found))
    return made, added(dict(con.execute(q.degrees_in(found)).fetchall()))


def execute(con: duckdb.DuckDBPyConnection, statement: str) -> int:
    """Execute one statement; returns the count it reports. Raises EngineError when DuckDB refuses it, OutOfMemory where that is why."""
    try:
        row = con.execute(statement).fetchone()
    except duckdb.OutOfMemoryException as fault:
        raise OutOfMemory(refusal(fault)) from fault
    except duckdb.Error as fault:
        raise EngineError(refusal(fault)) from fault
    return int(row[0]) if row else 0


__all__ = [
    "FEWEST",
    "PART",
    "PARTS",
    "REST",
    "SPILL",
    "Limits",
    "OutOfMemory",
    "Repeated",
    "at_once",
    "close_doors",
    "count_units",
    "execute",
    "judge_odd",
    "judge_usual",
    "literal",
    "make_figures",
    "open_bulk",
    "part_ends",
    "write_outcomes",
    "write_rest",
    "years_there",
]
