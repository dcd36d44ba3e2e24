"""A path (a file, or a folder of files) -> a submission whose tables lie in DuckDB, gated. Door 1 for everything that units send.

What was read is taken over in the order of the names, whoever read it, so that the same files give the same bytes.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from gouji.base.address import Address, postgres
from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.intake.admission.pandera_gate import run_gate
from gouji.intake.admission.unlisted_sql import leave_unlisted
from gouji.intake.deriving.worked_out_tables import sent_tables, work_out
from gouji.intake.files.account import Account
from gouji.intake.files.csv_folder import read_folder
from gouji.intake.files.dataset_head import read_head
from gouji.intake.files.source_path import local
from gouji.intake.files.tabular import TABULAR, read_files, read_postgres
from gouji.intake.finding.layout import Layouts
from gouji.intake.ledger.cell_tables import create_held
from gouji.intake.ledger.filing import files_of, filing, names_of, units_sent
from gouji.intake.ledger.loader import Loader
from gouji.intake.ledger.set_apart import set_apart
from gouji.intake.ledger.set_aside_tables import create_aside, inherit, read_back, settle_aside
from gouji.intake.ledger.submission import At, Lost, Problem, Submission
from gouji.intake.ledger.tables import create, fill, holding, number_of_rows
from gouji.intake.report_files import (
    ReportFile,
    add_late,
    attached,
    copied_passages,
    without_told,
)
from gouji.intake.values.given_columns import given_in_rows, gives_columns
from gouji.intake.workbooks.file_kinds import CSV, TEXTS, Fate
from gouji.intake.workbooks.sheet import SUFFIXES
from gouji.rules import Role, Table

if TYPE_CHECKING:
    from gouji.intake.reports_beside import Reports
    from gouji.intake.workbooks.batch import Heap
    from gouji.intake.workbooks.extracted import Received

Tick = Callable[[int, int], None]


def receive(
    con: duckdb.DuckDBPyConnection,
    data: str | Path,
    every: dict[str, Table],
    tick: Tick | None = None,
    sparing: bool = False,
    reports: Callable[[], Reports] | None = None,
) -> Submission:
    """Read everything below a path (or a PostgreSQL schema) into DuckDB, run the gate, work out what is derived. Raises DataError when there is nothing to read.

    `sparing`: tables that nobody sent are not made, where that can be known beforehand.
    """
    tables, account = sent_tables(every), None
    if (address := postgres(str(data))) is not None:
        submission, loader = _read_database(con, address, tables)
    else:
        sources = Sources.below(local(data))
        account = sources.account
        submission, loader, every = _read_path(con, sources, every, tick, sparing, reports)
        submission.problems += account.settle(submission.digests, submission.problems)
    submission.rows_in += loader.rows_in
    submission.rows_aside += sum(set_apart(con, tables, submission).values())
    _gate(con, tables, submission)
    submission.filing = filing(con, tables)
    if account is not None:
        _sent_unread(submission, account)
    settle_aside(con, tables, submission)
    work_out(con, every, frozenset(tables))
    inherit(con, every)
    submission.partly = read_back(con)
    loader.held.settle()
    return submission


def _read_database(
    con: duckdb.DuckDBPyConnection, address: Address, tables: dict[str, Table]
) -> tuple[Submission, Loader]:
    """What the tables of a PostgreSQL schema hold."""
    submission = Submission(str(address), str(address))
    prepare(con, tables)
    loader = started(con, tables, submission)
    read_postgres(address, tables, loader, submission)
    finish(con, tables, loader, submission)
    return submission, loader


def _read_path(
    con: duckdb.DuckDBPyConnection,
    sources: Sources,
    every: dict[str, Table],
    tick: Tick | None,
    sparing: bool,
    reports: Callable[[], Reports] | None,
) -> tuple[Submission, Loader, dict[str, Table]]:
    """What lies below a path, and the tables that were made for it."""
    tables = sent_tables(every)
    found = sources.reports() if reports is not None else ()
    reports = cache(reports) if reports is not None and found else None
    submission = sources.plain(tables, with_texts=bool(found))
    by_hand = not sources.books and not sources.others
    if by_hand:
        sources.add_reports(reports, found, submission, tables)
    if by_hand and sparing:
        every = _sent(every, submission)
    prepare(con, sent_tables(every), in_bulk=not (by_hand and sparing))
    loader = started(con, tables, submission)
    sources.bulk(loader, submission, names_of(submission, tables), tick)
    finish(con, tables, loader, submission)
    if not by_hand:
        counts = {name: len(rows) for name, rows in submission.rows.items()}
        sources.add_reports(reports, found, submission, tables, con)
        add_late(con, tables, loader, submission, counts)
    submission.problems += copied_passages(submission)
    return submission, loader, every


def _gate(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], submission: Submission
) -> None:
    """Check the tables that have rows, set aside rows of units that are not listed, count what is left."""
    there = holding(con)
    filled = [table for name, table in tables.items() if name in there]
    for table in filled:
        run_gate(con, table, submission)
    if any(t.role is not Role.UNITS for t in filled):
        known = [t for t in tables.values() if t.table in there or t.role is Role.UNITS]
        leave_unlisted(con, {t.table: t for t in known}, submission)
    submission.counted = sum(number_of_rows(con, table) for table in filled)


def _sent_unread(submission: Submission, account: Account) -> None:
    """Which absent units sent something that nobody could read: it is not as if they had sent nothing. An attachment that is all a unit sent is a problem."""
    assert submission.filing is not None
    unread = account.unread(submission.digests)
    of = {
        unit: files
        for unit, _year, name in submission.filing.absent
        if (files := files_of(unread, unit, name))
    }
    alone = {file for files in of.values() for file in files}
    submission.problems = [
        replace(p, note=False) if p.note and p.at.file in alone else p for p in submission.problems
    ]
    submission.filing = replace(submission.filing, unread=of)


def _sent(every: dict[str, Table], submission: Submission) -> dict[str, Table]:
    """The tables that have rows, or will have: those derived from them, with all that these are derived from, and the lists of units."""
    sent = {name for name, rows in submission.rows.items() if rows}
    derived = [
        t for t in every.values() if t.derived is not None and not sent.isdisjoint(t.sources)
    ]
    lists = (t.table for t in every.values() if t.role in (Role.UNITS, Role.EXPECTED))
    made = sent.union(lists, *(t.sources for t in derived), (t.table for t in derived))
    return {name: table for name, table in every.items() if name in made}


def prepare(con: duckdb.DuckDBPyConnection, tables: dict[str, Table], in_bulk: bool = True) -> None:
    """Make the empty tables, and those for what was printed and where (`in_bulk`: rows may come that are not at hand as values)."""
    for table in tables.values():
        create(con, table)
    create_held(con, tables if in_bulk else {})
    create_aside(con)


def started(
    con: duckdb.DuckDBPyConnection, tables: dict[str, Table], submission: Submission
) -> Loader:
    """Fill in the rows at hand; the loader for what comes in bulk, whose rows are numbered after them."""
    loader = Loader(con, tables, Layouts())
    submission.held = loader.held
    for name, table in tables.items():
        if rows := submission.rows.get(name):
            if gives_columns(table):
                rows, told = given_in_rows(table, rows)
                submission.rows[name] = rows
                submission.problems += told
            fill(con, table, rows)
        loader.start_at(name, len(submission.rows.get(name, ())))
        if table.role is Role.UNITS:
            loader.units_sent = units_sent(submission, table)
    return loader


def finish(
    con: duckdb.DuckDBPyConnection, tables: dict[str, Table], loader: Loader, submission: Submission
) -> None:
    """Write what is still in memory."""
    loader.flush()
    submission.problems += loader.problems


@dataclass(frozen=True, slots=True)
class Sources:
    """What lies at or below a path: workbooks, and files of tables (Parquet, DuckDB) beside the CSVs; the account of all entries."""

    account: Account

    @classmethod
    def below(cls, path: Path) -> Sources:
        """Look. Raises DataError when there is no such path."""
        account = Account.of(path)
        return cls(
            account.setting(read_head(account.root, {}).beside) if path.is_dir() else account
        )

    @property
    def path(self) -> Path:
        """The path."""
        return self.account.root

    @property
    def books(self) -> tuple[Path, ...]:
        """Workbooks."""
        return self.account.files(*SUFFIXES)

    @property
    def others(self) -> tuple[Path, ...]:
        """Files of tables that are no CSV."""
        return self.account.files(*TABULAR)

    def plain(
        self, tables: dict[str, Table], prefix: str = "", with_texts: bool = False
    ) -> Submission:
        """What CSV files hold; places name files with `prefix` before them. Raises DataError when there is nothing to read at all; `with_texts`: there are report texts, which is something."""
        path, files, more = self.path, self.account.files(CSV), bool(self.books or self.others)
        if not self.account.tables and not with_texts:
            raise self.account.nothing()
        if path.is_dir():
            needed = not more and not with_texts
            return read_folder(path, tables, csv_needed=needed, prefix=prefix, files=files)
        if more or with_texts:
            return Submission(path.stem, path.name)
        raise DataError(
            _("{name} 不是能读的文件").format(name=path.name),
            fix=_("报 xlsx、xlsm、xls、parquet、duckdb，或含 CSV 的文件夹"),
        )

    def reports(self) -> tuple[ReportFile, ...]:
        """Documents that may be reports, by name; forms are looked for in some of them besides."""
        fates = (Fate.ATTACHED, Fate.READ)
        return tuple(
            ReportFile(e.name, e.path, e.path in self.books)
            for e in self.account.entries
            if e.kind.fate in fates and e.path.suffix.lower() in TEXTS
        )

    def add_reports(
        self,
        reports: Callable[[], Reports] | None,
        found: Sequence[ReportFile],
        into: Submission,
        tables: Mapping[str, Table],
        bulk: duckdb.DuckDBPyConnection | None = None,
        names: Mapping[str, str] | None = None,
        prefix: str = "",
    ) -> int:
        """Add what report texts fill, and what is said of files that nobody reads; how many of these are refused. `names` are codes of expected units by name; `bulk` is where tables lie by now."""
        read = frozenset[str]()
        if reports is not None and found:
            names = names_of(into, tables) if names is None else names
            books = [e.name for e in self.account.entries if e.path in self.books]
            read = reports().add(found, into, tables, names, bulk, prefix, books)
            into.problems = without_told(into.problems, read)
        told = [p for p in self.account.told(prefix) if p.at.file not in read]
        into.problems += told
        refused = sum(not p.note for p in told)
        into.refused += refused
        return refused

    def bulk(
        self,
        loader: Loader,
        submission: Submission,
        names: Mapping[str, str],
        tick: Tick | None = None,
    ) -> None:
        """Take over the rest. `names` are codes of expected units by name."""
        read_files(self.others, self.path, loader.tables, loader, submission)
        if self.books:
            # Loads what reads workbooks.
            from gouji.intake.workbooks.read_paths import WorkbookReader
            from gouji.intake.workbooks.worker_pool import read_all

            root = self.path if self.path.is_dir() else self.path.parent
            more = names or loader.prefix or self.others or any(submission.rows.values())
            alone = not more and len(self.books) == 1
            reading = WorkbookReader(loader.tables, root, names, alone=alone)
            # Whatever happens, no process outlives the reading.
            with _at_rest(), closing(read_all(self.books, reading)) as heaps:
                _workbooks(heaps, len(self.books), loader, submission, tick)


@contextmanager
def _at_rest() -> Iterator[None]:
    """Nothing is gone through for circles again and again while values come and go by the million: what was there before not at all, the rest heap by heap."""
    mine, on = gc.get_freeze_count() == 0, gc.isenabled()
    if mine:
        gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        if mine:
            gc.unfreeze()
        if on:
            gc.enable()


def _workbooks(
    heaps: Iterator[Heap], count: int, loader: Loader, submission: Submission, tick: Tick | None
) -> None:
    seen, done = dict[str, str](), 0
    for heap in heaps:
        loader.add(heap, [_take(book, seen, loader, submission) for book in heap.books])
        gc.collect()
        if tick is not None:
            for number in range(done, done + len({book.file for book in heap.books})):
                tick(number + 1, count)
        done += len({book.file for book in heap.books})


def _take(book: Received, seen: dict[str, str], loader: Loader, submission: Submission) -> bool:
    """Tell what there is to tell of a workbook; whether its rows count."""
    if book.refused is not None or book.attachment:
        _leave(book, submission)
        return False
    submission.digests[book.file] = book.digest
    of = f"{book.digest} {book.part}"
    if of in seen:
        what = _("与 {other} 一字不差，只读一份").format(other=seen[of])
        submission.problems.append(Problem("", At(book.file), what, "", note=True))
        return False
    seen[of] = book.file
    for problem in book.problems:
        if isinstance(problem, Problem):
            submission.problems.append(problem)
        else:
            submission.problems += problem.told(book.file, loader.layouts)
    submission.rows_in += book.aside
    submission.rows_aside += book.aside
    submission.explanations += book.explanations
    if not book.whose:
        _refuse_unknown(book, submission)
    return book.whose


def _leave(book: Received, submission: Submission) -> None:
    """Nothing is taken of a workbook that cannot be read, nor of a document in which no form was found."""
    fix = _("报表的标题和栏目照表样写；不是报表不用管")
    told = book.refused or (attached(), fix)
    lost = Lost.NOTHING if book.attachment else Lost.SHEET
    submission.problems.append(Problem("", At(book.file), *told, note=book.attachment, lost=lost))
    submission.refused += not book.attachment


def _refuse_unknown(book: Received, submission: Submission) -> None:
    """Nothing counts of a workbook of nobody knows whom or which year, nor of one without a form that anybody knows."""
    if book.rows:
        what = _("认不出是哪个单位、哪一年的")
        fix = _("填封面的单位代码和年度，或让文件名以单位代码开头")
    else:
        what, fix = _("里面没有认得的表"), _("表名和标题照表样写")
    submission.problems.append(Problem("", At(book.file), what, fix, lost=Lost.SHEET))
    submission.rows_in += book.rows
    submission.rows_aside += book.rows
    submission.refused += 1


__all__ = ["receive"]
