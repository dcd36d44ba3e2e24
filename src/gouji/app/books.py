"""Rulebooks for programs: load and check one, print its plan, run its examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gouji.compile import Plan, compile_book
from gouji.examples import Case, Failure, cases, example_submission, failures_of
from gouji.intake import admit
from gouji.load import load_rulebook, load_tables
from gouji.resources import book_folder, data_folder, texts
from gouji.run import connect, run
from gouji.validate import ResolvedBook, validate

DEFAULT_BOOK = "anning-2023"


def load_book(rules: str | Path = DEFAULT_BOOK, schemas: str | Path | None = None) -> ResolvedBook:
    """Load and check a rulebook (its name or folder) against table descriptions (by default those that come with gouji).

    Raises an ExceptionGroup of RuleError with every fault, DataError when there is no such folder.
    """
    return book_of(book_texts(rules, schemas))


@dataclass(frozen=True, slots=True)
class BookTexts:
    """The texts a rulebook is made of: a folder each of the included books and its own, and the table descriptions."""

    rules: tuple[dict[str, str], ...]
    schemas: dict[str, str]


def book_texts(rules: str | Path = DEFAULT_BOOK, schemas: str | Path | None = None) -> BookTexts:
    """Read the texts of a rulebook and of its table descriptions. Raises DataError when there is no such folder."""
    own = texts(book_folder(rules))
    included = tuple(texts(book_folder(name)) for name in _included(own))
    return BookTexts((*included, own), texts(Path(schemas) if schemas else data_folder() / "schemas"))


def book_of(given: BookTexts) -> ResolvedBook:
    """Load and check a rulebook from its texts. Raises an ExceptionGroup of RuleError with every fault."""
    return validate(load_rulebook(*given.rules), load_tables(given.schemas))


def _included(own: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the books that a book includes; a head that cannot be read is left for `load_rulebook` to report."""
    head = {name: text for name, text in own.items() if Path(name).name == "book.yaml"}
    try:
        return load_rulebook(head).head.includes
    except ExceptionGroup:
        return ()


def plan_of(book: ResolvedBook) -> Plan:
    """The plan that a rulebook compiles to, with precision columns beside every table."""
    return compile_book(book, book.tables)


def test_book(book: ResolvedBook) -> tuple[tuple[Case, ...], list[Failure]]:
    """Run every example of a rulebook; returns the examples and those that do not hold."""
    every = cases(book)
    submission, failures = example_submission(book, every)
    unread = {f.case.unit for f in failures}
    con = connect()
    try:
        plan = compile_book(book, admit(con, submission, book.tables))
        outcomes = run(plan, con)
    finally:
        con.close()
    return every, failures + failures_of(book, tuple(c for c in every if c.unit not in unread), outcomes)


test_book.__test__ = False  # type: ignore[attr-defined]  # pytest would take the name for a test
