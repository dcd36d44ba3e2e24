"""Paths of workbooks -> what each gave. Nothing here needs a database: it runs here or in a helper process, and makes the same of the same file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from gouji.base.guard import Unforeseen, attempt
from gouji.base.i18n import _
from gouji.intake.finding.labels import plain
from gouji.intake.finding.layout import Layouts
from gouji.intake.ledger.submission import Lost, Problem
from gouji.intake.workbooks.batch import Heap, heap_of
from gouji.intake.workbooks.container import Refused
from gouji.intake.workbooks.continued import join_continued
from gouji.intake.workbooks.document_sheets import open_paper
from gouji.intake.workbooks.extract import Extractor
from gouji.intake.workbooks.extracted import Given, Received
from gouji.intake.workbooks.file_kinds import HEAD, truly
from gouji.intake.workbooks.replies import ISSUES_SHEET, explanations_in
from gouji.intake.workbooks.sheet import PAPERS
from gouji.intake.workbooks.whose import identify
from gouji.intake.workbooks.workbook_file import Apart, Book, open_book
from gouji.rules import Role, Table


@dataclass(slots=True)
class WorkbookReader:
    """Reads workbooks below a root by table descriptions. `names` are codes of known units by name; `apart` reads an `.xls` elsewhere.

    `alone`: nothing else was sent, so that a unit without a code goes by its name.
    """

    tables: Mapping[str, Table]
    root: Path
    names: Mapping[str, str]
    apart: Callable[[Path], Received] | None = None
    alone: bool = False
    extractor: Extractor = field(init=False)
    form_names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.extractor = Extractor(self.tables, Layouts(), self.names)
        named = [(t, t.form) for t in self.tables.values() if t.form is not None]
        self.form_names = frozenset(
            plain(word)
            for table, form in named
            for word in (*form.sheets, *form.titles, table.label or table.table)
        )

    def __reduce__(self) -> tuple[type[WorkbookReader], tuple[Any, ...]]:
        """What was learnt stays behind."""
        own = dict(self.tables), self.root, dict(self.names), None, self.alone
        return WorkbookReader, own

    def heap(self, paths: Sequence[Path]) -> Heap:
        """Read one after another, and put together what they gave. One whose rows cannot be put together is refused, and the others are read once more."""
        return attempt(
            lambda: heap_of(
                [part for path in paths for part in self.one(path).by_unit()], self.tables
            ),
            lambda _fault: self._apart(paths),
        )

    def _apart(self, paths: Sequence[Path]) -> Heap:
        wrong = {
            p: fault
            for p in paths
            if (fault := attempt(partial(self._alone, p), lambda fault: fault)) is not None
        }
        return heap_of(
            [
                part
                for p in paths
                for part in ([self.refused(p, wrong[p])] if p in wrong else self.one(p).by_unit())
            ],
            self.tables,
        )

    def _alone(self, path: Path) -> Unforeseen | None:
        heap_of(self.one(path).by_unit(), self.tables)
        return None

    def one(self, path: Path) -> Received:
        """Read a workbook; one that cannot be opened says why."""
        try:
            return self.here(path, old_too=self.apart is None)
        except Apart:
            assert self.apart is not None
            return self.apart(path)

    def here(self, path: Path, *, old_too: bool = True) -> Received:
        """Read it in this process. Raises Apart for an `.xls` unless `old_too`."""
        return attempt(
            lambda: self._here(path, old_too), lambda fault: self.refused(path, fault), (Apart,)
        )

    def refused(self, path: Path, fault: Unforeseen) -> Received:
        """A workbook that gouji was at fault with."""
        return Received(self.name_of(path), "", refused=(fault.what, fault.fix))

    def _here(self, path: Path, old_too: bool) -> Received:
        book, made = self.opened(path, old_too)
        if book is None:
            return made
        if path.suffix.lower() in PAPERS:
            _as_paper(made)
        _placed(made, book)
        made.given = [Given.of(piece) for piece in made.pieces]
        made.pieces.clear()
        return made

    def opened(self, path: Path, old_too: bool) -> tuple[Book | None, Received]:
        """A file, and what was taken from it, places still those of its sheets; no file where it is refused. Raises Apart for an `.xls` unless `old_too`."""
        name = self.name_of(path)
        try:
            book = self.book(path, old_too=old_too)
        except Refused as fault:
            paper = path.suffix.lower() in PAPERS
            what = fault.what if paper else truly(_head(path)) or fault.what
            return None, Received(name, "", refused=(what, fault.fix), attachment=fault.scan)
        except OSError as fault:
            why = _("读不了：{why}").format(why=fault.strerror or fault)
            return None, Received(name, "", refused=(why, _("检查文件和权限")))
        issues = [s for s in book.sheets if s.name == ISSUES_SHEET]
        book.sheets = [s for s in book.sheets if s.name != ISSUES_SHEET]
        if not book.printed:
            join_continued(book, self.extractor.claims.is_title)
        made = self.extractor.take(book)
        cover = next((t for t in self.tables.values() if t.role is Role.UNITS), None)
        made.titled = book.titled
        identify(made, self.names, cover, self.alone)
        made.explanations = [said for sheet in issues for said in explanations_in(sheet, name)]
        return book, made

    def book(self, path: Path, *, old_too: bool = True) -> Book:
        """The sheets of a workbook, or the tables of a document as sheets. Raises Refused; OSError; Apart for an `.xls` unless `old_too`."""
        name = self.name_of(path)
        if path.suffix.lower() in PAPERS:
            return open_paper(path, name, self._is_name)
        return open_book(path, name, old_too=old_too)

    def _is_name(self, text: str) -> bool:
        """Whether a line is the name of a form and nothing else."""
        return plain(text) in self.form_names

    def name_of(self, path: Path) -> str:
        """The name of a workbook below the root."""
        return path.relative_to(self.root).as_posix()


def _as_paper(made: Received) -> None:
    """A document without any form that is known is an attachment: then that alone is said."""
    lost = any(isinstance(p, Problem) and p.lost is not Lost.NOTHING for p in made.problems)
    made.attachment = not made.pieces and not lost


def _placed(made: Received, book: Book) -> None:
    """Places of a document, or of the sheets that others go on with, in place of those of the sheets as they were read."""
    made.printed = book.printed
    made.problems = [
        book.printed[p.at.sheet].problem(p)
        if isinstance(p, Problem) and p.at.sheet in book.printed
        else p
        for p in made.problems
    ]
    made.problems += book.told


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


__all__ = ["WorkbookReader"]
