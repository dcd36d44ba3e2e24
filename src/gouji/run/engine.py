"""Door 2: a Plan and a DuckDB connection -> outcomes. Executes, decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gouji.compile.stored import StoredPlan
from gouji.faults import EngineError
from gouji.i18n import _
from gouji.later import duckdb
from gouji.run.unfold import Outcomes, unfold

if TYPE_CHECKING:
    from gouji.compile import Plan

FEW_ROWS = 5_000


def connect(database: str = ":memory:", memory: str = "") -> duckdb.DuckDBPyConnection:
    """A database, in memory unless a file is named, that can reach no other file and no network; of a file at most `memory` is kept at hand."""
    config: dict[str, str | bool | int | float | list[str]] = {"enable_external_access": "false", "max_expression_depth": "5000"}
    if memory:
        config |= {"memory_limit": memory, "temp_directory": f"{database}.spill"}
    con = duckdb.connect(database, config=config)
    # Every join of a plan is a left join to one row a unit: nothing to reorder, and looking for an order took most of the time.
    con.execute("SET disabled_optimizers = 'join_order'")
    # Its own bar would be mixed into what a program reads.
    con.execute("SET enable_progress_bar = false")
    con.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    return con


def run(plan: Plan | StoredPlan, con: duckdb.DuckDBPyConnection) -> Outcomes:
    """Execute the plan; one row a unit comes back and is unfolded. Raises EngineError when DuckDB refuses it."""
    with _engine():
        _locked(con)
        names, rows = _rows(plan, con)
    return unfold(plan, names, rows)


def run_in_parts(plan: Plan | StoredPlan, con: duckdb.DuckDBPyConnection, at_a_time: int, only: str | None = None) -> Iterator[Outcomes]:
    """The same, some units at a time, in the order in which they come: no more of them stand in memory. `only` leaves all but one unit out.

    The connection is taken until the end. The rows of a stored plan, whose parts are joined by their order, all stand in memory; outcomes do not.
    """
    if isinstance(plan, StoredPlan):
        with _engine():
            _locked(con)
            names, every = _rows(plan, con)
        for start in range(0, len(every), at_a_time):
            yield unfold(plan, names, [row for row in every[start : start + at_a_time] if only is None or str(row[0]) == only])
        return
    with _engine():
        _locked(con)
        names = [d[0] for d in con.execute(plan.sql()).description or []]
    while True:
        with _engine():
            rows = con.fetchmany(at_a_time)
        if not rows:
            return
        yield unfold(plan, names, [row for row in rows if only is None or str(row[0]) == only])


@contextmanager
def _engine() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as fault:
        raise EngineError(_("DuckDB 没能执行: {why}").format(why=str(fault).split("\n")[0])) from fault


def _locked(con: duckdb.DuckDBPyConnection) -> None:
    """From here on nothing may widen what the connection can reach (the gate's library still had to set a time zone)."""
    if con.execute("SELECT current_setting('lock_configuration')").fetchone() != (True,):
        _plan_little(con)
        con.execute("SET lock_configuration = true")


def _rows(plan: Plan | StoredPlan, con: duckdb.DuckDBPyConnection) -> tuple[Sequence[str], list[tuple[Any, ...]]]:
    """The columns of the plan and a row a unit, in the order of their codes."""
    if isinstance(plan, StoredPlan):
        from concurrent.futures import ThreadPoolExecutor

        con.execute(plan.figures)
        # Planning takes one core, and most of the time: the statements are planned beside each other.
        with ThreadPoolExecutor(2) as pool:
            return plan.names, plan.rows(list(pool.map(lambda part: _ordered(con.cursor().execute(part).fetchall()), plan.parts)))
    result = con.execute(plan.sql())
    return [d[0] for d in result.description or []], _ordered(result.fetchall())


def _ordered(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: str(row[0]))


def _plan_little(con: duckdb.DuckDBPyConnection) -> None:
    """For few rows planning costs more than it saves: only the sides of joins are still chosen. What comes out is the same."""
    rows = con.execute("SELECT coalesce(sum(estimated_size), 0), (SELECT count(*) FROM duckdb_views() WHERE NOT internal) FROM duckdb_tables()").fetchone()
    if rows is not None and rows[0] <= FEW_ROWS and rows[1] == 0:
        names = [str(row[0]) for row in con.execute("SELECT * FROM duckdb_optimizers()").fetchall() if row[0] != "build_side_probe_side"]
        con.execute(f"SET disabled_optimizers = '{','.join(names)}'")
