"""A path (a file, or a folder of files) -> a submission whose tables lie in DuckDB, gated. Door 1 for everything that units send.

Workbooks are read by as many threads as there are cores (python-calamine reads without the interpreter's lock); what was read is taken over in
the order of the names, so that the same files give the same bytes.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gouji.faults import DataError
from gouji.i18n import _
from gouji.intake.derived import sent_tables, work_out
from gouji.intake.expected import filing, names_of
from gouji.intake.explained import ISSUES_SHEET, explanations_in
from gouji.intake.extract import Extractor, identify
from gouji.intake.filling import Loader
from gouji.intake.folder import read_folder
from gouji.intake.gate import run_gate
from gouji.intake.held import FILES, create_held, printed_table
from gouji.intake.layout import Layouts
from gouji.intake.store import ROW, create, fill, quoted
from gouji.intake.submission import At, Problem, Submission
from gouji.intake.tabular import TABULAR, URLS, read_postgres, read_tabular
from gouji.intake.workbook import SUFFIXES, Book, Refused, open_book
from gouji.load.tables import Table

Tick = Callable[[int, int], None]


def receive(con: duckdb.DuckDBPyConnection, data: str | Path, every: dict[str, Table], tick: Tick | None = None) -> Submission:
    """Read everything below a path (or a PostgreSQL schema) into DuckDB, run the gate, work out what is derived. Raises DataError when there is nothing to read."""
    tables = sent_tables(every)
    url = str(data) if str(data).startswith(URLS) else ""
    sources = None if url else Sources.below(Path(data))
    prepare(con, tables)
    shown = url.rsplit("@", 1)[-1]
    submission = sources.plain(tables) if sources else Submission(shown, shown)
    loader = started(con, tables, submission)
    if sources is None:
        read_postgres(url, tables, loader, submission)
    else:
        sources.bulk(loader, submission, names_of(submission, tables), tick)
    finish(con, tables, loader, submission)
    submission.rows_in += loader.rows_in
    submission.rows_aside += sum(set_apart(con, tables, submission).values())
    for table in tables.values():
        run_gate(con, table, submission)
    submission.counted = sum(_count(con, f"SELECT count(*) FROM {quoted(name)}") for name in tables)
    submission.filing = filing(con, tables)
    work_out(con, every, frozenset(tables))
    return submission


def prepare(con: duckdb.DuckDBPyConnection, tables: dict[str, Table]) -> None:
    """Make the empty tables, and those for what was printed and where."""
    for table in tables.values():
        create(con, table)
    create_held(con, tables)


def started(con: duckdb.DuckDBPyConnection, tables: dict[str, Table], submission: Submission) -> Loader:
    """Fill in the rows at hand; the loader for what comes in bulk, whose rows are numbered after them."""
    loader = Loader(con, tables, Layouts())
    submission.held = loader.held
    for name, table in tables.items():
        if rows := submission.rows.get(name):
            fill(con, table, rows)
        loader.start_at(name, len(submission.rows.get(name, ())))
    return loader


def finish(con: duckdb.DuckDBPyConnection, tables: dict[str, Table], loader: Loader, submission: Submission) -> None:
    """Write what is still in memory."""
    loader.flush()
    submission.problems += loader.problems


@dataclass(frozen=True, slots=True)
class Sources:
    """What lies at or below a path: workbooks, and files of tables (Parquet, DuckDB) beside the CSVs."""

    path: Path
    books: tuple[Path, ...]
    others: tuple[Path, ...]

    @classmethod
    def below(cls, path: Path) -> Sources:
        """Look. Raises DataError when there is no such path."""
        if not path.exists():
            raise DataError(_("没有这个文件夹: {name}").format(name=path), mend=_("检查路径"))
        others = (p for p in (path.iterdir() if path.is_dir() else [path]) if p.suffix.lower() in TABULAR)
        return cls(path, tuple(sorted(_books(path), key=str)), tuple(sorted(others)))

    def plain(self, tables: dict[str, Table], prefix: str = "") -> Submission:
        """What CSV files hold; places name files with `prefix` before them. Raises DataError when there is nothing to read at all."""
        return _plain(self.path, tables, bool(self.books or self.others), prefix)

    def bulk(self, loader: Loader, submission: Submission, names: Mapping[str, str], tick: Tick | None = None) -> None:
        """Take over the rest. `names` are codes of expected units by name."""
        for other in self.others:
            read_tabular(loader.con, other, loader.tables, loader, submission)
        if self.books:
            root = self.path if self.path.is_dir() else self.path.parent
            _workbooks(list(self.books), root, loader, Extractor(loader.tables, loader.layouts), submission, names, tick)


def _plain(path: Path, tables: dict[str, Table], more: bool, prefix: str) -> Submission:
    """What CSV files hold; an empty submission where there are only other files."""
    if path.is_dir() and (not more or any(p.suffix.lower() == ".csv" for p in path.iterdir())):
        return read_folder(path, tables, prefix=prefix)
    if path.is_dir():
        return read_folder(path, tables, csv_needed=False, prefix=prefix)
    if not more:
        raise DataError(_("{name} 不是能读的文件").format(name=path.name), mend=_("报 xlsx、xlsm、xls、parquet、duckdb, 或含 CSV 的文件夹"))
    return Submission(path.stem, path.name)


def _books(path: Path) -> Iterator[Path]:
    """Workbooks at or below a path; what Excel leaves beside an open file (`~$…`) is none."""
    if path.is_file():
        if path.suffix.lower() in SUFFIXES:
            yield path
        return
    for found in path.rglob("*"):
        if found.suffix.lower() in SUFFIXES and found.is_file() and not found.name.startswith(("~$", ".")):
            yield found


def _workbooks(books: list[Path], root: Path, loader: Loader, extractor: Extractor, submission: Submission,
               names: Mapping[str, str], tick: Tick | None) -> None:  # fmt: skip
    seen: dict[str, str] = {}
    for done, (name, book) in enumerate(_opened(books, root), 1):
        if isinstance(book, Refused):
            submission.problems.append(Problem("", At(name), book.what, book.mend))
            submission.refused += 1
        elif book.digest in seen:
            what = _("与 {other} 一字不差, 只读一份").format(other=seen[book.digest])
            submission.problems.append(Problem("", At(name), what, "", note=True))
            submission.digests[name] = book.digest
        else:
            seen[book.digest] = name
            submission.digests[name] = book.digest
            _take(book, loader, extractor, submission, names)
        if tick is not None:
            tick(done, len(books))


def _take(book: Book, loader: Loader, extractor: Extractor, submission: Submission, names: Mapping[str, str]) -> None:
    issues = [s for s in book.sheets if s.name == ISSUES_SHEET]
    book.sheets = [s for s in book.sheets if s.name != ISSUES_SHEET]
    received = extractor.take(book)
    identify(received, names)
    submission.problems += received.problems
    submission.rows_in += received.aside
    submission.rows_aside += received.aside
    for sheet in issues:
        submission.explanations += explanations_in(sheet, book.name)
    rows = sum(len(p.rows) for p in received.pieces)
    if received.pieces and received.unit and received.year:
        loader.add(received)
    else:
        what = _("里面没有认得的表") if not received.pieces else _("认不出是哪个单位、哪一年的")
        mend = _("表名和标题照表样写") if not received.pieces else _("填封面的单位代码和年度, 或让文件名以单位代码开头")
        submission.problems.append(Problem("", At(book.name), what, mend))
        submission.rows_in += rows
        submission.rows_aside += rows
        submission.refused += 1


def _opened(books: list[Path], root: Path) -> Iterator[tuple[str, Book | Refused]]:
    """Each workbook with its name below the root, in order; a few are read ahead, so that memory does not grow with their number."""
    workers = max(2, min(8, os.cpu_count() or 2))
    waiting: deque[tuple[str, Future[Book | Refused]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for path in books:
            name = path.relative_to(root).as_posix()
            waiting.append((name, pool.submit(_open, path, name)))
            if len(waiting) > 4 * workers:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()


def _open(path: Path, name: str) -> Book | Refused:
    try:
        return open_book(path, name)
    except Refused as fault:
        return fault
    except OSError as fault:
        return Refused(_("读不了: {why}").format(why=fault.strerror or fault), _("检查文件和权限"))


def set_apart(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], submission: Submission,
              home: Callable[[str], str] = lambda _file: "") -> Counter[str]:  # fmt: skip
    """Two different workbooks of one unit and year: neither is taken, for only the unit can say which one holds.

    Each `home` of such files is told once; returns how many rows of each were set aside.
    """
    aside: Counter[str] = Counter()
    twice = con.execute(
        f"SELECT unit, year, list(name ORDER BY name, file), list(file ORDER BY name, file) FROM {quoted(FILES)} WHERE unit <> ''"
        " GROUP BY unit, year HAVING count(*) > 1 ORDER BY unit, year"
    ).fetchall()
    for unit, year, names, files in twice:
        what = _("{unit} {year} 年报了 {n} 份不同的工作簿: {names}; 都不采用").format(unit=unit, year=year, n=len(names), names="、".join(names))
        submission.problems += [Problem("", At(last), what, _("只留一份")) for last in {home(name): name for name in names}.values()]
        submission.twice.append((unit, int(year) if str(year).isdecimal() else 0))
        for name, file in zip(names, files, strict=True):
            aside[home(name)] += sum(_without(con, table, int(file)) for table in tables.values())
    return aside


def _without(con: duckdb.DuckDBPyConnection, table: Table, file: int) -> int:
    """Take the rows of one file out of a table; how many there were."""
    where = f"{quoted(ROW)} IN (SELECT {quoted(ROW)} FROM {quoted(printed_table(table))} WHERE {quoted('@file')} = {file})"
    count = _count(con, f"SELECT count(*) FROM {quoted(table.table)} WHERE {where}")
    con.execute(f"DELETE FROM {quoted(table.table)} WHERE {where}").fetchall()
    return count


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    (found,) = con.execute(query).fetchall()
    return int(found[0])


def digest_of(path: Path) -> str:
    """SHA-256 of a file, read in parts."""
    made = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            made.update(part)
    return made.hexdigest()


__all__ = ["receive"]
