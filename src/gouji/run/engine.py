"""Door 2: a Plan and a DuckDB connection -> outcomes. Executes, decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

from gouji.base import database as base
from gouji.base.faults import EngineError, MachineError
from gouji.base.i18n import _
from gouji.intake import quoted
from gouji.plan import StoredPlan
from gouji.results import Outcomes, unfold
from gouji.rules import Role

if TYPE_CHECKING:
    from gouji.plan import Plan

FEW_ROWS = 5_000
# Outcomes of more units than this are not all made at once.
FEW_UNITS = 200


def connect(database: str = ":memory:", memory: str = "") -> duckdb.DuckDBPyConnection:
    """A database, in memory unless a file is named, that can reach no other file and no network; of a file at most `memory` is kept at hand."""
    kept = {"memory_limit": memory, "temp_directory": f"{database}.spill"} if memory else {}
    con = base.connect(base.CLOSED, base.DEEP, kept, database=database)
    # Every join of a plan is a left join to one row a unit: nothing to reorder, and looking for an order took most of the time.
    con.execute("SET disabled_optimizers = 'join_order'")
    con.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    return con


def run(plan: Plan | StoredPlan, con: duckdb.DuckDBPyConnection) -> Outcomes:
    """Execute the plan; one row a unit comes back. Those of few units are unfolded at once, those of many put away and unfolded when they are asked for.

    Raises EngineError when DuckDB refuses it, or there is no room for what comes back.
    """
    with _engine():
        _locked(con)
        return _stored(plan, con) if isinstance(plan, StoredPlan) else _whole(plan, con)


def run_in_parts(
    plan: Plan | StoredPlan, con: duckdb.DuckDBPyConnection, at_a_time: int, only: str | None = None
) -> Iterator[Outcomes]:
    """The same, some units at a time, in the order of their codes: no more outcomes stand in memory. `only` leaves all but one unit out."""
    found = run(plan, con)
    units = [unit for unit in found.units if only in (None, unit)]
    for start in range(0, len(units), at_a_time):
        yield found.some(units[start : start + at_a_time])


@contextmanager
def _engine() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as fault:
        what = base.refusal(fault)
        if isinstance(fault, (duckdb.IOException, duckdb.OutOfMemoryException)):
            fix = _("检查临时文件夹的空间和权限，或用环境变量 TMPDIR 换一个")
            raise MachineError(what, fix=fix) from fault
        raise EngineError(what) from fault


def _locked(con: duckdb.DuckDBPyConnection) -> None:
    """From here on nothing may widen what the connection can reach (the gate's library still had to set a time zone)."""
    if con.execute("SELECT current_setting('lock_configuration')").fetchone() != (True,):
        _plan_little(con)
        con.execute("SET lock_configuration = true")


def _stored(plan: StoredPlan, con: duckdb.DuckDBPyConnection) -> Outcomes:
    from concurrent.futures import ThreadPoolExecutor

    if _units(plan, con) > FEW_UNITS:
        from gouji.results import put_away

        return put_away(plan, con)
    con.execute(plan.figures)
    # Planning takes one core, and most of the time: the statements are planned beside each other.
    with ThreadPoolExecutor(2) as pool:
        return unfold(
            plan,
            plan.names,
            plan.rows(
                list(
                    pool.map(
                        lambda part: _ordered(con.cursor().execute(part).fetchall()), plan.parts
                    )
                )
            ),
        )


def _units(plan: StoredPlan, con: duckdb.DuckDBPyConnection) -> int:
    """How many units there are at most."""
    table = plan.book.table_of(Role.UNITS)
    assert table is not None
    ((count,),) = con.execute(f"SELECT count(*) FROM {quoted(table.table)}").fetchall()
    return int(count)


def _whole(plan: Plan, con: duckdb.DuckDBPyConnection) -> Outcomes:
    result = con.execute(plan.sql())
    names = [d[0] for d in result.description or []]
    rows = result.fetchmany(FEW_UNITS + 1)
    if len(rows) <= FEW_UNITS:
        # Asked once more, so that the connection is free.
        return unfold(plan, names, _ordered(rows + result.fetchall()))
    from gouji.results import put_away_rows

    return put_away_rows(plan, names, rows, result)


def _ordered(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: str(row[0]))


def _plan_little(con: duckdb.DuckDBPyConnection) -> None:
    """For few rows planning costs more than it saves: only the sides of joins are still chosen. What comes out is the same."""
    rows = con.execute(
        "SELECT coalesce(sum(estimated_size), 0), (SELECT count(*) FROM duckdb_views() WHERE NOT internal) FROM duckdb_tables()"
    ).fetchone()
    if rows is not None and rows[0] <= FEW_ROWS and rows[1] == 0:
        names = [
            str(row[0])
            for row in con.execute("SELECT * FROM duckdb_optimizers()").fetchall()
            if row[0] != "build_side_probe_side"
        ]
        con.execute(f"SET disabled_optimizers = '{','.join(names)}'")
