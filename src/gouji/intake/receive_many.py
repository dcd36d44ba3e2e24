"""Several submissions, each under a name -> tables in DuckDB, gated together as one; places name the submission before the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from gouji.base.faults import DataError
from gouji.intake.admission.pandera_gate import run_gate
from gouji.intake.admission.unlisted import leave_unlisted
from gouji.intake.deriving.work_out import sent_tables
from gouji.intake.files.csv_folder import merge
from gouji.intake.ledger.cells import FILES
from gouji.intake.ledger.filing import names_of
from gouji.intake.ledger.set_apart import set_apart
from gouji.intake.ledger.set_aside import settle_aside
from gouji.intake.ledger.submission import Row, Submission
from gouji.intake.ledger.tables import quoted
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
        for name, table in tables.items():
            for row in self.whole.rows.get(name, ()):
                if (unit := unit_of(row, table)) in found:
                    found[unit].rows.setdefault(name, []).append(row)
            if (self.in_bulk or table.derived is not None) and self.whole.held is not None:
                for unit, rows in self.whole.held.by_unit(table, units).items():
                    found[unit].rows.setdefault(name, []).extend(rows)
        return found

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
    made, sources, known, plain = (
        Several(),
        dict[str, Sources](),
        dict[str, Mapping[str, str]](),
        dict[str, Submission](),
    )
    whole = made.whole
    for name, path in paths.items():
        found = Sources.below(path)
        try:
            read = found.plain(tables, f"{name}/", reports is not None and bool(found.reports()))
        except DataError as fault:
            made.unread[name] = fault
            told = found.account.told(f"{name}/")
            whole.problems += told
            made.fates[name] = found.account.fates((), told, f"{name}/")
            continue
        sources[name], known[name] = found, {**names, **names_of(read, tables)}
        plain[name], made.rows_in[name] = read, read.rows_in
        merge(whole, read)
    prepare(con, tables)
    loader = started(con, tables, whole)
    bulk = dict[str, Submission]()
    for name, found in sources.items():
        read, before, loader.prefix = Submission("", ""), loader.rows_in, f"{name}/"
        found.bulk(loader, read, known[name])
        made.rows_in[name] += read.rows_in + loader.rows_in - before
        made.aside[name] += read.rows_aside + plain[name].rows_aside
        made.refused[name] += read.refused + plain[name].refused
        whole.explanations += [
            replace(e, at=replace(e.at, file=f"{name}/{e.at.file}")) for e in read.explanations
        ]
        bulk[name] = read
    finish(con, tables, loader, whole)
    counts = {name: len(rows) for name, rows in whole.rows.items()}
    for name, found in sources.items():
        own = _with_reports(con, tables, whole, bulk[name], (name, found, known[name], reports))
        made.rows_in[name] += own.rows_in
        made.refused[name] += own.refused
        whole.problems += own.problems
        _settle(made, name, found, plain[name], own)
    add_late(con, tables, loader, whole, counts)
    made.in_bulk = loader.files > 0
    made.members = _members(con, whole, tables) if made.in_bulk else _speakers(whole, tables)
    made.aside += set_apart(con, tables, whole, home_of)
    for table in tables.values():
        run_gate(con, table, whole)
    for file, rows in leave_unlisted(con, tables, whole, home_of).items():
        made.aside[home_of(file)] += rows
    made.aside += Counter(home_of(row.at.file) for _table, row, _why in whole.set_aside)
    settle_aside(con, tables, whole, made.members, home_of)
    return made


def _with_reports(
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    whole: Submission,
    bulk: Submission,
    of: tuple[str, Sources, Mapping[str, str], Callable[[], Reports] | None],
) -> Submission:
    """What came of a submission in bulk and in its reports, rows added to `whole`: a report is matched to the units of its own submission."""
    name, found, known, reports = of
    problems = [replace(p, at=replace(p.at, file=f"{name}/{p.at.file}")) for p in bulk.problems]
    own = Submission("", "", rows=whole.rows, problems=problems, digests=dict(bulk.digests))
    own.report_texts = whole.report_texts
    files = found.reports() if reports is not None else ()
    found.add_reports(reports, files, own, tables, con, known, f"{name}/")
    return own


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
    listed = {
        (str(name), str(unit))
        for name, unit in con.execute(
            f"SELECT name, unit FROM {quoted(FILES)} WHERE unit <> ''"
        ).fetchall()
    }
    pairs = listed.union(*(whole.held.speakers(table) for table in tables.values()))
    return _speakers(whole, tables) | {(home_of(file), unit) for file, unit in pairs}


__all__ = ["Several", "home_of", "receive_several", "unit_of"]
