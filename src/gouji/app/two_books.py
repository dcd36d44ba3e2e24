"""One dataset (or a kept run) and two rulebooks -> WhatIf: the submissions are read once and judged twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.app.audits import Audit, audited, read, reports_of
from gouji.app.books import load_book
from gouji.app.manifests import book_digest, tables_digest
from gouji.app.which_book import book_for
from gouji.base.digest import sha256
from gouji.results import Results, WhatIf, book_row, in_memory, what_if
from gouji.results.rows_by_rule import rule_rows
from gouji.rules import ResolvedBook

if TYPE_CHECKING:
    from gouji.intake.receiving import Tick


def what_if_audit(
    data: str | Path,
    rules: str | Path | None,
    against: str | Path,
    schemas: str | Path | None = None,
    tick: Tick | None = None,
    listed: int | None = None,
    forms: Sequence[str] = (),
) -> WhatIf:
    """What changes where the same submissions are judged by the book `against` instead of `rules`; at most so many units are `listed`. `forms` are form sets that decide, under both.

    The other book is asked in the year of the first: next year's criteria are tried on this year's figures. Raises what `audit` raises.
    """
    before = load_book(book_for(rules, data), schemas, forms)
    own = load_book(against, schemas, forms)
    after = in_year(own, before.year)
    con, submission = read(
        data, before, tick, reports_of(before.year, book_for(rules, data), schemas)
    )
    one = audited(con, before, submission)
    if tables_digest(after) != tables_digest(before):
        # Other table descriptions: nothing that was read by these may be judged by those.
        con, submission = read(data, after, tick, reports_of(after.year, against, schemas))
    other = audited(con, after, submission)
    changes = _results(one).compare(_results(other), listed)
    books = book_row(before, book_digest(before)), book_row(own, book_digest(own))
    return what_if(before, after, books, changes, sum(not p.note for p in one.submission.problems))


def _results(made: Audit) -> Results:
    return in_memory(rule_rows(made.book), made.scorecards)


def in_year(book: ResolvedBook, year: int) -> ResolvedBook:
    """The rules that are in force in the book's own year, asked in another. Its digest tells it from the book itself: plans are kept by digests."""
    if book.year == year:
        return book
    head = replace(book.source.head, fiscal_year=year)
    digest = sha256(f"{book_digest(book)} in {year}".encode())
    return replace(
        book,
        source=replace(book.source, head=head),
        digests=(digest, tables_digest(book)),
    )


def written(found: WhatIf) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file that tells it: text, JSON, a page, a workbook."""
    from gouji.report import what_if_lists as told
    from gouji.report import what_if_page, what_if_workbook

    yield "what-if.txt", told.render(found).encode()
    yield "what-if.json", told.to_json(found).encode()
    yield "what-if.html", what_if_page(found).encode()
    yield "what-if.xlsx", what_if_workbook(found)
