"""Sieved tables of many units and a book's plan -> outcomes, scorecards and findings, part by part; only of units from one code to another where that is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from gouji.app.grouped_tables import Grouped
from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.intake import (
    RefusedRows,
    create,
    derive_views,
    derived_tables,
    gather,
    present,
    repeated,
    sent_tables,
    settle_refused,
    unit_code,
)
from gouji.intake import bulk_views as b
from gouji.plan import BulkPlan
from gouji.rules import BookOutline, ColumnRole, Table
from gouji.run import (
    FEWEST,
    REST,
    OutOfMemory,
    Repeated,
    at_once,
    count_units,
    make_figures,
    part_ends,
    write_outcomes,
    write_rest,
    years_there,
)

Done = Callable[[int, int], None]
PlanOf = Callable[..., BulkPlan]
# The first and the last code of units, both counted in.
Range = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RunAsked:
    """What is asked of a run: every outcome (`wide`) or none, and the units `between` two codes (None: all of them)."""

    wide: bool = True
    between: Range | None = None


def range_of(between: Range | None) -> Range | None:
    """A range of codes as codes are kept. Raises DataError where it ends before it begins."""
    if between is None:
        return None
    low, high = map(unit_code, between)
    if low > high:
        raise DataError(
            _("--between 的 {low} 排在 {high} 后面").format(low=low, high=high),
            fix=_("先写小的代码，再写大的"),
        )
    return low, high


@dataclass(frozen=True, slots=True)
class Among:
    """Where judged units stand among all of the year: how many come `before` them, how many there are; and how many are one file of outcomes."""

    before: int
    units: int
    size: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What came out of a run: units judged, outcomes (units × rules in force), findings; with a range of units, where they stand among all."""

    units: int
    outcomes: int
    degrees: Mapping[str, int]
    among: Among | None = None


@dataclass(frozen=True, slots=True)
class Judging:
    """One book over grouped tables, into files of a folder."""

    book: BookOutline
    plan_of: PlanOf
    grouped: Grouped
    folder: Path
    asked: RunAsked
    done: Done

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The database with the tables."""
        return self.grouped.con

    @property
    def whose(self) -> tuple[str, str]:
        """The columns of unit and year in the list of units."""
        units = self.book.tables[self.book.units]
        return units.with_role(ColumnRole.UNIT).name, units.with_role(ColumnRole.YEAR).name


def judged(judging: Judging) -> Counts:
    """Judge the units. Raises EngineError when DuckDB refuses the plan."""
    try:
        return _judge(judging)
    except Repeated:
        judging.grouped.refused += _doubled(judging)
        return _judge(judging)


def _doubled(judging: Judging) -> list[RefusedRows]:
    """Rows of units that have several where a table may have one."""
    return [
        r
        for part in judging.grouped.found.parts.values()
        if part.table.grain == "one"
        for r in repeated(judging.con, part)
    ]


def _judge(judging: Judging) -> Counts:
    plan = _planned(judging)
    _never_twice(judging, plan)
    size, everyone = at_once(judging.con, plan, judging.asked.wide), None
    while True:
        ends = _ends(judging, size)
        everyone = everyone or sum(count for _, _, count in ends)
        assert everyone == sum(count for _, _, count in ends)
        try:
            return _judge_parts(judging, plan, ends, size)
        except OutOfMemory:
            # Derived tables can be many times what was sent. What stands in a part shows in the files of outcomes, and nowhere else.
            if judging.asked.wide or size <= FEWEST:
                raise
            size //= 4
            # Views are those of one part.
            judging.grouped.lay()


def _planned(judging: Judging) -> BulkPlan:
    """Lay the tables that rules read, gather what they need of other units, group them; the plan follows from all of that."""
    con, book, grouped = judging.con, judging.book, judging.grouped
    found = grouped.found
    # What no rule reads need not be there.
    tables = book.tables_read
    for table in sent_tables(tables).values():
        if table.table not in found.parts:
            create(con, table, unless_there=True)
    # Figures of other units are gathered from all of them, before they are judged part by part.
    grouped.search({name for table in derived_tables(tables) for name in table.sources})
    grouped.lay()
    gather(con, tables, found.halves)
    derive_views(con, tables, found.halves)
    absent = b.absent_tables(con, found, tables, book.year)
    aside = _aside(judging)
    there = frozenset(absent - present(con, tables, absent))
    plan_for = partial(
        judging.plan_of,
        found.halves | book.derived,
        found.digits,
        judging.asked.wide,
        there,
        found.full,
    )
    plan = plan_for(aside)
    grouped.make(plan, book.year)
    # Grouping shows keys that come twice: rows of more tables may be set aside by now.
    if (more := _aside(judging)) != aside:
        before, plan = plan, plan_for(more)
        grouped.keep(before, plan)
    return plan


def _aside(judging: Judging) -> frozenset[tuple[str, bool]]:
    """The list of rows that were set aside so far; of which tables (with True: of the year before) there are any."""
    book = judging.book
    refused = {(r.table, r.unit, r.year, "") for r in judging.grouped.refused}
    return settle_refused(judging.con, book.tables_read, refused, book.year)


def _never_twice(judging: Judging, plan: BulkPlan) -> None:
    """Where only some units are judged, look whether any unit has a second row in a table that may have one: a run over all would see it. Raises Repeated."""
    if judging.asked.between is None:
        return
    known = {(r.table, r.number) for r in judging.grouped.refused}
    found = sorted(r.unit for r in _doubled(judging) if (r.table, r.number) not in known)
    if found:
        some = found[0], found[-1]
        lay_part(judging.grouped, judging.book.tables_read, plan, some)
        unit, year = judging.whose
        units = count_units(
            judging.con, judging.book.units, (unit, year), judging.book.year, (some[0], some[1])
        )
        if make_figures(judging.con, plan) != units:
            raise Repeated
        judging.grouped.lay()


def _ends(judging: Judging, size: int) -> list[tuple[str, str, int]]:
    """First and last code of each part, and how many units it has; one part without any where there is no unit."""
    con, book, asked = judging.con, judging.book, judging.asked
    unit, year = judging.whose
    rest = 0 if asked.wide else REST
    ends = part_ends(con, unit, book.units, year, book.year, size, rest, asked.between)
    if ends:
        return ends
    if not asked.between or not count_units(con, book.units, judging.whose, book.year):
        judging.grouped.found.years = years_there(con, book.units, year)
    return [("", "", 0)]


def lay_part(
    grouped: Grouped, tables: Mapping[str, Table], plan: BulkPlan, between: Range | None
) -> None:
    """Views of tables, derived tables and groupings that hold some units alone (None: all), ready for the statements of a plan. No file is touched, nothing is compiled."""
    if between:
        grouped.lay(between)
        derive_views(grouped.con, tables, grouped.found.halves)
    grouped.cut(plan, between)


def _judge_parts(
    judging: Judging, plan: BulkPlan, ends: list[tuple[str, str, int]], size: int
) -> Counts:
    asked, folder = judging.asked, judging.folder
    total, so_far = sum(count for _, _, count in ends), 0

    def parts() -> Iterator[tuple[int, int]]:
        for number, (low, high, count) in enumerate(ends):
            # Where all units are one part, views are as they should be.
            some = len(ends) > 1 or asked.between is not None
            lay_part(judging.grouped, judging.book.tables_read, plan, (low, high) if some else None)
            yield number, count

    def heard(count: int) -> None:
        nonlocal so_far
        so_far += count
        judging.done(so_far, total)

    judging.done(0, total)
    into = folder if asked.wide else None
    source = write_outcomes(judging.con, plan, parts(), into, len(ends) == 1, heard)
    cards, degrees = write_rest(judging.con, plan, source, folder, asked.wide)
    assert cards == so_far == total
    return Counts(cards, cards * len(plan.codes), degrees, _among(judging, size))


def _among(judging: Judging, size: int) -> Among | None:
    """Where the units of a range stand among all."""
    if judging.asked.between is None:
        return None
    # Views are those of the last part.
    judging.grouped.lay()
    count = partial(count_units, judging.con, judging.book.units, judging.whose, judging.book.year)
    # Where outcomes are not written, how many go at once shows nowhere.
    size = size if judging.asked.wide else 0
    return Among(count(below=judging.asked.between[0]), count(), size)
