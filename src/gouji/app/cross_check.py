"""The rules over a dataset, or all that lies in a workspace, judged once more by Great Expectations over the same tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from gouji.app.books import book_texts, load_book, reports_in
from gouji.app.which_book import book_for
from gouji.base.faults import EngineError
from gouji.base.i18n import _
from gouji.base.sql_names import quoted
from gouji.base.verdict import Verdict
from gouji.cross_check import Attached, Expected, Query, localise, queries, run_checkpoint
from gouji.intake import (
    Several,
    home_of,
    inherit,
    other_years,
    read_back,
    receive,
    receive_several,
    sent_tables,
    work_out,
)
from gouji.plan import compile_book
from gouji.results import Outcomes
from gouji.rules import ResolvedBook, Role
from gouji.run import connect, run
from gouji.runs import UNREAD, Arrived, Workspace, scan, stage

PROJECT = "gx"
TABLES = "tables-{}.duckdb"


@dataclass(frozen=True, slots=True)
class SecondWay:
    """What Great Expectations found beside what gouji found, rule by rule; `left_out` are rules it was not asked about.

    `own` counts units that fail a rule; `differing` are rules on which the two ways do not agree, unit for unit. `problems` are those of what was sent,
    which neither way judges; `decided`: whether any rule came to a verdict for any unit.
    """

    expected: tuple[Expected, ...]
    own: Mapping[str, int]
    left_out: tuple[str, ...]
    differing: tuple[str, ...]
    problems: int
    decided: bool


@dataclass(frozen=True, slots=True)
class FilledTables:
    """What lies in the tables: those (with True: of the year before) of which rows were set aside, and how many problems there were with what was sent."""

    aside: frozenset[tuple[str, bool]] = frozenset()
    problems: int = 0


Fill = Callable[[duckdb.DuckDBPyConnection], FilledTables]


def second_way(
    data: str | Path,
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    keep: Path | None = None,
) -> SecondWay:
    """Judge a dataset once more, by Great Expectations over the same tables, with queries made without `compile`.

    With `keep`, a Great Expectations project stands in that folder afterwards: suite, checkpoint, validation results, Data Docs.
    """
    of = book_for(rules, data)
    book = load_book(of, schemas)
    reports = reports_in(lambda: book_texts(of, schemas).rules, book.year)

    def fill(con: duckdb.DuckDBPyConnection) -> FilledTables:
        found = receive(con, data, book.tables, reports=reports)
        problems = [*found.problems, *other_years(con, found, book.tables, book.year)]
        return FilledTables(found.aside_homes(book.year), sum(not p.note for p in problems))

    return judge_again(book, fill, keep)


def judge_again(
    book: ResolvedBook, fill: Fill, keep: Path | None = None, attached: Attached | None = None
) -> SecondWay:
    """The same for whatever `fill` puts into the tables."""
    units = book.table_of(Role.UNITS)
    assert units is not None
    with _folder(keep) as folder:
        database = _next(folder)
        con = connect(str(database))
        try:
            filled = fill(con)
            made, left_out = queries(book, filled.aside)
            outcomes = run(compile_book(book, book.tables, aside=filled.aside), con)
            found = _by_rule(outcomes)
            apart = _apart(con, made, units.table, found)
        finally:
            con.close()
        expected = run_checkpoint(
            database.resolve(), units.table, made, book.source.head.book, keep, attached
        )
        if keep is not None:
            localise(keep / PROJECT)
    own = {q.code: len(_units(found, q.code, _FAILED)) for q in made}
    return SecondWay(
        expected,
        own,
        left_out,
        tuple(
            e.query.code for e in expected if e.query.code in apart or e.units != own[e.query.code]
        ),
        filled.problems,
        any(verdict in DECIDED for _code, verdict in found),
    )


def of_workspace(
    root: Path, keep: Path | None = None, forms: Sequence[str] | None = None
) -> SecondWay:
    """All submissions of a workspace together, by its own rules; the project stands in the workspace, with the actions of its gouji.yaml."""
    workspace = Workspace.at(root)
    config = workspace.config
    forms = config.forms if forms is None else forms
    book = load_book(workspace.rules, workspace.schemas, forms)
    texts = book_texts(workspace.rules, workspace.schemas, forms)
    reports = reports_in(lambda: texts.rules, book.year)

    def fill(con: duckdb.DuckDBPyConnection) -> FilledTables:
        # A submission that gives nothing is a finding of the night; there is nothing in it to judge twice. Read is what a night reads: private copies.
        arrived = [a for a in scan(workspace.submissions) if not a.aside]
        with _copies(arrived, workspace.submissions) as paths:
            found = receive_several(con, paths, book.tables, {}, reports)
        lost = _lost(con, book, arrived, found)
        work_out(con, book.tables, frozenset(sent_tables(book.tables)))
        inherit(con, book.tables)
        found.whole.partly = read_back(con)
        return FilledTables(found.whole.aside_homes(book.year), lost)

    return judge_again(
        book, fill, keep or root, Attached(config.gx.actions, config.gx.modules, root.resolve())
    )


@contextmanager
def _copies(arrived: Sequence[Arrived], source: Path) -> Iterator[dict[str, Path]]:
    """Private copies of submissions, by their names."""
    with TemporaryDirectory(prefix="gouji-gx-") as desk:
        paths = {a.name: Path(desk, a.name) for a in arrived}
        for one in arrived:
            paths[one.name].mkdir()
            stage(one, source, paths[one.name])
        yield paths


def _lost(
    con: duckdb.DuckDBPyConnection, book: ResolvedBook, arrived: Sequence[Arrived], found: Several
) -> int:
    """How many problems there are with what was sent."""
    told = other_years(con, found.whole, book.tables, book.year, home_of)
    unread = sum(seen.sha256 == UNREAD for a in arrived for seen in a.files)
    return unread + len(found.unread) + sum(not p.note for p in [*found.whole.problems, *told])


_FAILED = (Verdict.UNBALANCED, Verdict.DEDUCTED)
DECIDED = (*_FAILED, Verdict.BALANCED, Verdict.WITHIN_ROUNDING, Verdict.FULL)
ByRule = dict[tuple[str, Verdict], set[str]]


def _apart(
    con: duckdb.DuckDBPyConnection, made: tuple[Query, ...], units: str, judged: ByRule
) -> set[str]:
    """Rules whose queries, run by DuckDB itself, do not give just the units that gouji's plan gives: Great Expectations only counts."""
    found = set()
    for query in made:
        for sql, verdicts in ((query.sql, _FAILED), (query.passing, (Verdict.FULL,))):
            if sql is None:
                continue
            try:
                rows = con.execute(sql.replace("{batch}", quoted(units))).fetchall()
            except duckdb.Error as fault:
                raise EngineError(
                    _("{code} 的查询 DuckDB 不接受：{why}").format(
                        code=query.code, why=str(fault).split("\n")[0]
                    )
                ) from fault
            if sorted(str(unit) for (unit,) in rows) != sorted(
                _units(judged, query.code, verdicts)
            ):
                found.add(query.code)
    return found


def _by_rule(outcomes: Outcomes) -> ByRule:
    """Of every rule the units with each verdict; gone through unit by unit, for outcomes may be made when a unit is asked for."""
    found: ByRule = {}
    for unit in outcomes.units:
        for one in outcomes.of(unit):
            found.setdefault((one.code, one.verdict), set()).add(unit)
    return found


def _units(found: ByRule, code: str, verdicts: tuple[Verdict, ...]) -> set[str]:
    return {unit for verdict in verdicts for unit in found.get((code, verdict), ())}


def _next(folder: Path) -> Path:
    """A file that never was: Great Expectations keeps engines open as long as the process lives, and DuckDB knows files by their names."""
    old = {int(p.stem.rpartition("-")[2]): p for p in folder.glob(TABLES.format("*"))}
    for path in old.values():
        path.unlink()
    return folder / TABLES.format(max(old, default=0) + 1)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        (keep / PROJECT).mkdir(parents=True, exist_ok=True)
        yield keep / PROJECT
