"""Rulebooks for programs: load and check one, print its plan, run its examples."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.app.manifests import book_digest, tables_digest
from gouji.app.shelf import book_from, outline_from
from gouji.app.which_book import book_for
from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.base.resources import book_folder, data_folder, texts

OWN_TABLES, DECIDES = "schemas", "--forms"

if TYPE_CHECKING:
    from gouji.examples import ExampleCase, Failure
    from gouji.intake import Reports
    from gouji.plan import Plan
    from gouji.rules import BookOutline, ResolvedBook


def load_book(
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    forms: Sequence[str] = (),
) -> ResolvedBook:
    """Load and check a rulebook (its name or folder) against table descriptions (by default those that the book names, or that come with gouji). `forms` are form sets that decide.

    Without `rules` it is that of the workspace in the current folder. Raises an ExceptionGroup of RuleError with every fault, DataError when there is no such folder.
    """
    folder = book_folder(book_for(rules))
    own, tables = _own_texts(folder)
    described = {**_schemas(schemas, folder, forms), **tables}
    return book_from(
        own,
        described,
        lambda name: _own_texts(name)[0],
        lambda: _included(own),
        lambda every: book_of(BookTexts(tuple(dict(one) for one in every), described)),
    )


def load_outline(
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    forms: Sequence[str] = (),
) -> BookOutline:
    """The outline of a rulebook, as `load_book`. Where it is kept, no rule is read but for its hash."""
    folder = book_folder(book_for(rules))
    own, tables = _own_texts(folder)
    return outline_from(
        own,
        {**_schemas(schemas, folder, forms), **tables},
        lambda name: _own_texts(name)[0],
        lambda: _included(own),
        lambda: load_book(folder, schemas, forms),
    )


# A key of a mapping in block or in flow style; where it is none after all, reading the head shows that.
_SCHEMAS = re.compile(r"(^|[{,])\s*[\"']?schemas[\"']?\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class BookTexts:
    """The texts a rulebook is made of: a folder each of the included books and its own, and the table descriptions."""

    rules: tuple[dict[str, str], ...]
    schemas: dict[str, str]


def book_texts(
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    forms: Sequence[str] = (),
) -> BookTexts:
    """Read the texts of a rulebook and of its table descriptions. Raises DataError when there is no such folder."""
    folder = book_folder(book_for(rules))
    own, tables = _own_texts(folder)
    included = tuple(_own_texts(name)[0] for name in _included(own))
    return BookTexts((*included, own), {**_schemas(schemas, folder, forms), **tables})


def _own_texts(rules: str | Path) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of a rulebook's rules, and those of the tables that it describes itself, in its folder `schemas`."""
    folder = book_folder(rules)
    tables = texts(folder / OWN_TABLES)
    return {name: text for name, text in texts(folder).items() if name not in tables}, tables


def _schemas(given: str | Path | None, book: Path, forms: Sequence[str] = ()) -> dict[str, str]:
    """Texts of the table descriptions that were asked for; else those that the book names; else those that come with gouji.

    Which form sets decide is one of them, so that whatever follows from it is kept apart.
    """
    found = texts(Path(given) if given else _named_by(book) or data_folder() / "schemas")
    decides = {DECIDES: json.dumps(list(forms), ensure_ascii=False)} if forms else {}
    return {**found, **decides}


def _named_by(book: Path) -> Path | None:
    """The folder of table descriptions that book.yaml names. Raises DataError where it is not there."""
    head = (book / "book.yaml").read_text("utf-8")
    if not _SCHEMAS.search(head):
        # Most books name none; reading YAML takes longer than all the rest of a start.
        return None
    from gouji.rules import load_rulebook

    try:
        named = load_rulebook({"book.yaml": head}).head.schemas
    except ExceptionGroup:
        # Faults of the head are told by whoever reads the book.
        return None
    if named is None:
        return None
    if not (book / named).is_dir():
        raise DataError(
            _("book.yaml 的 schemas 写的是“{name}”，没有这个文件夹").format(name=named),
            fix=_("写数据表说明的文件夹，从规则库的文件夹算起"),
        )
    return book / named


def book_of(given: BookTexts) -> ResolvedBook:
    """Load and check a rulebook from its texts. Raises an ExceptionGroup of RuleError with every fault."""
    from gouji.rules import load_rulebook, load_tables, validate

    book = validate(load_rulebook(*given.rules), load_tables(given.schemas))
    return replace(book, digests=(book_digest(book), tables_digest(book)))


def reports_in(
    folders: Callable[[], Sequence[Mapping[str, str]]], year: int
) -> Callable[[], Reports]:
    """How report texts beside the tables are read, by the patterns in some folders of texts (included books first); nothing of it is loaded where there is none."""

    def made() -> Reports:
        from gouji.intake import Reports
        from gouji.narrative import load_patterns

        return Reports(lambda: load_patterns(folders()).grammar(), year)

    return made


def kept_book_of(given: BookTexts) -> ResolvedBook:
    """The same, from the user's cache folder where it is there and whole."""
    *others, own = given.rules
    return book_from(
        own,
        given.schemas,
        lambda name: others[int(name)],
        lambda: tuple(map(str, range(len(others)))),
        lambda every: book_of(BookTexts(tuple(dict(one) for one in every), given.schemas)),
    )


def _included(own: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the books that a book includes; a head that cannot be read is left for `load_rulebook` to report."""
    from gouji.rules import load_rulebook

    head = {name: text for name, text in own.items() if Path(name).name == "book.yaml"}
    try:
        return load_rulebook(head).head.includes
    except ExceptionGroup:
        return ()


def plan_of(book: ResolvedBook) -> Plan:
    """The plan that a rulebook compiles to, with precision columns beside every table."""
    from gouji.plan import compile_book

    return compile_book(book, book.tables)


def test_book(book: ResolvedBook) -> tuple[tuple[ExampleCase, ...], list[Failure]]:
    """Run every example of a rulebook; returns the examples and those that do not hold."""
    from gouji.examples import cases, example_submission, failures_of
    from gouji.intake import admit
    from gouji.plan import compile_book
    from gouji.run import connect, run

    every = cases(book)
    submission, failures = example_submission(book, every)
    unread = {f.case.unit for f in failures}
    con = connect()
    try:
        plan = compile_book(book, admit(con, submission, book.tables))
        outcomes = run(plan, con)
    finally:
        con.close()
    return every, failures + failures_of(
        book, tuple(c for c in every if c.unit not in unread), outcomes
    )


test_book.__test__ = False  # type: ignore[attr-defined]  # pytest would take the name for a test
