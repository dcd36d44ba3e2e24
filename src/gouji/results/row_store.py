"""Rows that the statements of a plan give -> a file without a name, where those of each unit are found again; its outcomes are made when they are asked for."""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import TYPE_CHECKING, Any

import duckdb

from gouji.base.faults import MachineError
from gouji.base.i18n import _
from gouji.base.lazy_values import Looked
from gouji.intake import literal, quoted
from gouji.plan import FIGURES, UNIT, StoredPlan
from gouji.results.decode import Outcomes, Row, Unfolded, Unfolder
from gouji.rules import ColumnRole, Role

if TYPE_CHECKING:
    from gouji.plan import Plan

# So much stays in memory; more lies in a file that no folder lists and that goes with its holder, however that ends.
IN_MEMORY_BYTES = 4 << 20
# Units whose figures are gathered together, and rows that are fetched together.
UNITS_AT_A_TIME, AT_A_TIME = 1000, 200


class Spool:
    """Rows of several statements, each beginning with its unit: written as they come, then read by unit. Raises EngineError when there is no room."""

    def __init__(self, statements: int) -> None:
        with _room():
            self._file = SpooledTemporaryFile(IN_MEMORY_BYTES, prefix="gouji-")  # noqa: SIM115 (it goes with the spool)
        self._lock = Lock()
        self._numbers: dict[str, int] = {}
        # Of each statement where a unit's row begins and how long it is, by the unit's number.
        self._places = [(array("q"), array("i")) for _statement in range(statements)]
        self._end = 0

    def put(self, statement: int, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write some rows of one statement."""
        made = [(str(row[0]), marshal.dumps(row)) for row in rows]
        with self._lock, _room():
            starts, sizes = self._places[statement]
            for unit, text in made:
                number = self._numbers.setdefault(unit, len(self._numbers))
                missing = [0] * (number + 1 - len(starts))
                starts.extend(missing)
                sizes.extend(missing)
                starts[number], sizes[number] = self._end, len(text)
                self._end += len(text)
            self._file.write(b"".join(text for _unit, text in made))

    def units(self) -> list[str]:
        """The units, in the order of their codes."""
        return sorted(self._numbers)

    def rows(self, unit: str) -> list[tuple[Any, ...]]:
        """The rows of one unit, one of each statement."""
        number, found = self._numbers[unit], []
        with self._lock, _room():
            for starts, sizes in self._places:
                self._file.seek(starts[number])
                found.append(marshal.loads(self._file.read(sizes[number])))
        return found


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        what = _("结论放不进临时文件：{why}").format(why=fault.strerror or str(fault))
        raise MachineError(
            what, fix=_("检查临时文件夹的空间和权限，或用环境变量 TMPDIR 换一个")
        ) from fault


def put_away(plan: StoredPlan, con: duckdb.DuckDBPyConnection) -> Outcomes:
    """The outcomes of a plan for many units. Figures are gathered for some units at a time: what that takes grows with the units."""
    _gather(plan, con)
    spool = Spool(len(plan.parts))

    def put(number: int) -> int:
        result = con.cursor().execute(plan.parts[number])
        while rows := result.fetchmany(AT_A_TIME):
            spool.put(number, rows)
        return len(result.description or ())

    # Planned beside each other, as those of few units.
    with ThreadPoolExecutor(2) as pool:
        widths = list(pool.map(put, range(len(plan.parts))))
    con.execute(f"DROP TABLE {quoted(FIGURES)}")
    return _outcomes(plan, plan.names, spool, plan.joined(widths))


def put_away_rows(
    plan: Plan | StoredPlan,
    names: Sequence[str],
    rows: list[tuple[Any, ...]],
    result: duckdb.DuckDBPyConnection,
) -> Outcomes:
    """The same of a plan of one statement, whose columns are `names`: of rows that came already and those still to come."""
    spool = Spool(1)
    while rows:
        spool.put(0, rows)
        rows = result.fetchmany(AT_A_TIME)
    return _outcomes(plan, names, spool, lambda found: found[0])


def _units_in_order(plan: StoredPlan, con: duckdb.DuckDBPyConnection) -> list[str]:
    table = plan.book.table_of(Role.UNITS)
    assert table is not None
    own = quoted(table.with_role(ColumnRole.UNIT).name)
    query = f"SELECT DISTINCT {own} FROM {quoted(table.table)} WHERE {own} IS NOT NULL ORDER BY 1"
    return [str(unit) for (unit,) in con.execute(query).fetchall()]


def _gather(plan: StoredPlan, con: duckdb.DuckDBPyConnection) -> None:
    """Make the table of figures, a thousand units after another; half as many where memory does not do for so many."""
    units = _units_in_order(plan, con)
    if not units:
        con.execute(plan.figures)
    # As many in each.
    pieces = max(1, -(-len(units) // UNITS_AT_A_TIME))
    start, most = 0, -(-len(units) // pieces)
    while start < len(units):
        end = start + most
        # Before the first and after the last unit there is none: what is asked of ranges is asked of every unit.
        below = [f"{quoted(UNIT)} >= {literal(units[start])}"] if start else []
        above = [f"{quoted(UNIT)} < {literal(units[end])}"] if end < len(units) else []
        try:
            con.execute(plan.some_figures(" AND ".join([*below, *above]) or "true", not start))
            start = end
        except duckdb.OutOfMemoryException:
            if most <= 1:
                raise
            most //= 2


def _outcomes(
    plan: Plan | StoredPlan,
    names: Sequence[str],
    spool: Spool,
    row: Callable[[list[tuple[Any, ...]]], Row],
) -> Outcomes:
    """The outcomes of the units in a spool; `row` makes a row of the plan, whose columns are `names`, of a unit's rows."""
    made, kept = Unfolder(plan, names), list[Unfolded]()

    def one(unit: str) -> Unfolded:
        # Whoever asks for one thing of a unit mostly asks for the others next.
        found = next((k for k in kept[-1:] if k.unit == unit), None)
        if found is None:
            found = made(row(spool.rows(unit)))
            kept[:] = [found]
        return found

    units = {unit: made.name(row(spool.rows(unit))) for unit in spool.units()}
    return Outcomes(
        units,
        Looked(units, lambda u: one(u).criteria),
        Looked(units, lambda u: one(u).tie_outs),
        Looked(units, lambda u: one(u).totals),
        Looked(units, lambda u: one(u).table_rules),
        len(units) * len(made),
    )
