"""A path (a file, or a folder of files) -> a submission whose tables lie in DuckDB, gated. Door 1 for everything that units send.

Workbooks are read by as many threads as there are cores (python-calamine reads without the interpreter's lock); what was read is taken over in
the order of the names, so that the same files give the same bytes.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import duckdb

from gouji.faults import DataError
from gouji.i18n import _
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


def receive(con: duckdb.DuckDBPyConnection, data: str | Path, tables: dict[str, Table], tick: Tick | None = None) -> Submission:
    """Read everything below a path (or a PostgreSQL schema) into DuckDB and run the gate. Raises DataError when there is nothing to read."""
    path, url = Path(data), str(data) if str(data).startswith(URLS) else ""
    if not url and not path.exists():
        raise DataError(_("没有这个文件夹: {name}").format(name=path), mend=_("检查路径"))
    for table in tables.values():
        create(con, table)
    create_held(con, tables)
    books = sorted(_books(path), key=str)
    others = sorted(p for p in (path.iterdir() if path.is_dir() else [path]) if p.suffix.lower() in TABULAR)
    shown = url.rsplit("@", 1)[-1]
    submission = Submission(shown, shown) if url else _plain(path, tables, bool(books or others))
    for table in tables.values():
        if rows := submission.rows.get(table.table):
            fill(con, table, rows)
    layouts = Layouts()
    loader = Loader(con, tables, layouts)
    submission.held = loader.held
    for name in tables:
        loader.start_at(name, len(submission.rows.get(name, ())))
    if url:
        read_postgres(url, tables, loader, submission)
    for other in others:
        read_tabular(con, other, tables, loader, submission)
    if books:
        root = path if path.is_dir() else path.parent
        _workbooks(books, root, loader, Extractor(tables, layouts), submission, names_of(submission, tables), tick)
    loader.flush()
    submission.problems += loader.problems
    submission.rows_in += loader.rows_in
    _filed_twice(con, tables, submission)
    for table in tables.values():
        run_gate(con, table, submission)
    submission.counted = sum(_count(con, f"SELECT count(*) FROM {quoted(name)}") for name in tables)
    submission.filing = filing(con, tables)
    return submission


def _plain(path: Path, tables: dict[str, Table], more: bool) -> Submission:
    """What CSV files hold; an empty submission where there are only other files."""
    if path.is_dir() and (not more or any(p.suffix.lower() == ".csv" for p in path.iterdir())):
        return read_folder(path, tables)
    if path.is_dir():
        return read_folder(path, tables, csv_needed=False)
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


def _filed_twice(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], submission: Submission) -> None:
    """Two different workbooks of one unit and year: neither is taken, for only the unit can say which one holds."""
    twice = con.execute(
        f"SELECT unit, year, list(name ORDER BY name), list(file ORDER BY file) FROM {quoted(FILES)} WHERE unit <> ''"
        " GROUP BY unit, year HAVING count(*) > 1 ORDER BY unit, year"
    ).fetchall()
    for unit, year, names, files in twice:
        what = _("{unit} {year} 年报了 {n} 份不同的工作簿: {names}; 都不采用").format(unit=unit, year=year, n=len(names), names="、".join(names))
        submission.problems.append(Problem("", At(names[-1]), what, _("只留一份")))
        submission.twice.append((unit, int(year) if str(year).isdecimal() else 0))
        marks = ", ".join(str(int(f)) for f in files)
        for table in tables.values():
            placed = quoted(printed_table(table))
            rows = f"SELECT {quoted(ROW)} FROM {placed} WHERE {quoted('@file')} IN ({marks})"
            submission.rows_aside += _count(con, f"SELECT count(*) FROM {quoted(table.table)} WHERE {quoted(ROW)} IN ({rows})")
            con.execute(f"DELETE FROM {quoted(table.table)} WHERE {quoted(ROW)} IN ({rows})").fetchall()


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
