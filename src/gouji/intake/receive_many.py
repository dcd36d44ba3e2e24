"""Several submissions, each under a name -> tables in DuckDB, gated together as one; places name the submission before the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from gouji.base.faults import DataError
from gouji.intake.admission.pandera_gate import run_gate
from gouji.intake.admission.unlisted_sql import leave_unlisted
from gouji.intake.deriving.worked_out_tables import sent_tables
from gouji.intake.files.csv_folder import merge
from gouji.intake.ledger.cell_tables import units_of_files
from gouji.intake.ledger.filing import names_of
from gouji.intake.ledger.loader import Loader
from gouji.intake.ledger.set_apart import set_apart
from gouji.intake.ledger.set_aside_tables import settle_aside
from gouji.intake.ledger.submission import Row, Submission
from gouji.intake.receiving import Sources, finish, prepare, started
from gouji.intake.report_files import add_late
from gouji.rules import ColumnRole, Table

if TYPE_CHECKING:
    from gouji.intake.reports_beside import Reports


@dataclass(slots=True)
class Several:
    """What several submissions gave together, and what each: rows read and set aside, files refused, why one could not be read at all."""

    whole: Submission = field(default_factory=lambda: Submission("", ""))
    rows_in: Counter[str] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    unread: dict[str, DataError] = field(default_factory=dict)
    members: set[tuple[str, str]] = field(default_factory=set)
    in_bulk: bool = False
    # Of each submission what became of each entry: read, told or listed.
    fates: dict[str, dict[str, str]] = field(default_factory=dict)

    def own(
        self, tables: Mapping[str, Table], units: Sequence[str], year: int
    ) -> dict[str, Submission]:
        """Each of some units as its own submission, rows of every year as values; with what it said, and the remarks on the workbook of that year."""
        found = {unit: Submission("", "", partly=self.whole.partly) for unit in units}
        for unit in units:
            found[unit].report_texts[unit] = self.whole.report_texts.get(unit, [])
        for told in self.whole.explanations:
            if told.unit in found:
                found[told.unit].explanations.append(told)
        files = self._files(units, year)
        for problem in self.whole.problems:
            if problem.note and problem.at.file in files:
                found[files[problem.at.file]].problems.append(problem)
        for table in tables.values():
            for unit, rows in self._rows(table, units):
                if unit in found:
                    found[unit].rows.setdefault(table.table, []).extend(rows)
        return found

    def _rows(self, table: Table, units: Sequence[str]) -> Iterator[tuple[str, Sequence[Row]]]:
        """Rows of one table with the unit they are of, those at hand and those in DuckDB."""
        for row in self.whole.rows.get(table.table, ()):
            yield unit_of(row, table), [row]
        if (self.in_bulk or table.derived is not None) and self.whole.held is not None:
            yield from self.whole.held.by_unit(table, units).items()

    def _files(self, units: Sequence[str], year: int) -> dict[str, str]:
        """The workbooks that some units sent, with whose each is."""
        held = self.whole.held
        return {file: u for u in units if held and (file := held.file_of(u, year))}


def receive_several(
    con: duckdb.DuckDBPyConnection,
    paths: Mapping[str, Path],
    every: dict[str, Table],
    names: Mapping[str, str],
    reports: Callable[[], Reports] | None = None,
) -> Several:
    """Read what lies at each path and run the gate once; what is derived is left to the caller. `names` are codes of expected units by name, beside those a submission brings itself. `reports` reads report texts."""
    tables = sent_tables(every)
    made = Several()
    several = _looked_at(made, paths, tables, names, reports)
    prepare(con, tables)
    loader = started(con, tables, made.whole)
    for one in several:
        _read_bulk(made, one, loader)
    finish(con, tables, loader, made.whole)
    counts = {name: len(rows) for name, rows in made.whole.rows.items()}
    for one in several:
        _read_reports(made, one, con, tables, reports)
    add_late(con, tables, loader, made.whole, counts)
    made.in_bulk = loader.files > 0
    _gate(made, con, tables)
    return made


@dataclass(slots=True)
class _One:
    """One of the submissions: what lies at its path, codes of units by name, what its CSV files gave and what came in bulk."""

    name: str
    sources: Sources
    known: Mapping[str, str]
    plain: Submission
    bulk: Submission = field(default_factory=lambda: Submission("", ""))


def _looked_at(
    made: Several,
    paths: Mapping[str, Path],
    tables: dict[str, Table],
    names: Mapping[str, str],
    reports: Callable[[], Reports] | None,
) -> list[_One]:
    """The submissions with what their CSV files hold, merged into the whole; one that cannot be read at all is kept with the reason."""
    found = list[_One]()
    for name, path in paths.items():
        sources = Sources.below(path)
        try:
            read = sources.plain(
                tables, f"{name}/", reports is not None and bool(sources.reports())
            )
        except DataError as fault:
            made.unread[name] = fault
            told = sources.account.told(f"{name}/")
            made.whole.problems += told
            made.fates[name] = sources.account.fates((), told, f"{name}/")
            continue
        made.rows_in[name] = read.rows_in
        merge(made.whole, read)
        found.append(_One(name, sources, {**names, **names_of(read, tables)}, read))
    return found


def _read_bulk(made: Several, one: _One, loader: Loader) -> None:
    """Workbooks and files of tables of one submission, into DuckDB."""
    name, read, before = one.name, one.bulk, loader.rows_in
    loader.prefix = f"{name}/"
    one.sources.bulk(loader, read, one.known)
    made.rows_in[name] += read.rows_in + loader.rows_in - before
    made.aside[name] += read.rows_aside + one.plain.rows_aside
    made.refused[name] += read.refused + one.plain.refused
    made.whole.explanations += [
        replace(e, at=replace(e.at, file=f"{name}/{e.at.file}")) for e in read.explanations
    ]


def _read_reports(
    made: Several,
    one: _One,
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    reports: Callable[[], Reports] | None,
) -> None:
    """Reports of one submission, matched to its own units; then every entry of it is accounted for."""
    name, whole, bulk = one.name, made.whole, one.bulk
    problems = [replace(p, at=replace(p.at, file=f"{name}/{p.at.file}")) for p in bulk.problems]
    own = Submission("", "", rows=whole.rows, problems=problems, digests=dict(bulk.digests))
    own.report_texts = whole.report_texts
    files = one.sources.reports() if reports is not None else ()
    one.sources.add_reports(reports, files, own, tables, con, one.known, f"{name}/")
    made.rows_in[name] += own.rows_in
    made.refused[name] += own.refused
    whole.problems += own.problems
    whole.passages += own.passages
    _settle(made, name, one.sources, one.plain, own)


def _gate(made: Several, con: duckdb.DuckDBPyConnection, tables: dict[str, Table]) -> None:
    """What counts of all that was sent: of several workbooks of a unit, by the gate, by the list of units."""
    whole = made.whole
    made.members = _members(con, whole, tables) if made.in_bulk else _speakers(whole, tables)
    made.aside += set_apart(con, tables, whole, home_of)
    for table in tables.values():
        run_gate(con, table, whole)
    for file, rows in leave_unlisted(con, tables, whole, home_of).items():
        made.aside[home_of(file)] += rows
    made.aside += Counter(home_of(row.at.file) for _table, row, _why in whole.set_aside)
    settle_aside(con, tables, whole, made.members, home_of)


def _settle(made: Several, name: str, found: Sources, *read: Submission) -> None:
    """Every entry of a submission was accounted for; what was not is told."""
    digests = {file for one in read for file in one.digests}
    every = [p for one in read for p in one.problems]
    lost = found.account.settle(digests, every, f"{name}/")
    made.refused[name] += len(lost)
    made.whole.problems += lost
    made.fates[name] = found.account.fates(digests, [*every, *lost], f"{name}/")


def home_of(file: str) -> str:
    """The submission that a file, as places name it, belongs to."""
    return file.split("/", 1)[0]


def unit_of(row: Row, table: Table) -> str:
    """The code of the unit that a row is about; empty where it has none."""
    cell = row.cells.get(table.with_role(ColumnRole.UNIT).name)
    return str(cell.value) if cell else ""


def _speakers(whole: Submission, tables: Mapping[str, Table]) -> set[tuple[str, str]]:
    """Which submission speaks of which unit, rows that are set aside later included."""
    pairs = {
        (home_of(row.at.file), unit_of(row, tables[table]))
        for table, rows in whole.rows.items()
        for row in rows
    }
    return {(home, unit) for home, unit in pairs if unit}


def _members(
    con: duckdb.DuckDBPyConnection, whole: Submission, tables: Mapping[str, Table]
) -> set[tuple[str, str]]:
    """The same with what came in bulk: workbooks by their cover, rows by their own word."""
    assert whole.held is not None
    pairs = set(units_of_files(con)).union(
        *(whole.held.speakers(table) for table in tables.values())
    )
    return _speakers(whole, tables) | {(home_of(file), unit) for file, unit in pairs}


__all__ = ["Several", "home_of", "receive_several", "unit_of"]
