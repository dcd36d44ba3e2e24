"""A kept run and another rulebook -> WhatIf: what the run found, and what the submissions that it kept give under the other book."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from gouji.app.audits import reports_of
from gouji.app.books import load_book
from gouji.app.manifests import book_digest
from gouji.app.night_inputs import code_digest
from gouji.app.replaying import kept_book, kept_reports, restore
from gouji.app.two_books import in_year
from gouji.results import Results, WhatIf, book_row, of_kept_run, read_table, what_if
from gouji.results.rows_by_rule import rule_rows
from gouji.rules import ResolvedBook
from gouji.runs import MANIFEST, Bench, Making, RunInputs

if TYPE_CHECKING:
    from gouji.intake import Reports


def _decided(book: ResolvedBook) -> tuple[str, ...]:
    """The form sets that decided for a kept book."""
    return next((table.only for table in book.tables.values() if table.only), ())


def what_if_run(
    run: Path,
    against: str | Path,
    schemas: str | Path | None = None,
    listed: int | None = None,
    forms: Sequence[str] = (),
) -> WhatIf:
    """What changes where the submissions of a run are judged by the book `against` instead of the book that the run kept; by the form sets that decided then, unless `forms` says others.

    A run of another version of gouji is judged anew by its own book too: what the program does otherwise is not the rules' doing.
    Raises DataError where the run did not keep its inputs.
    """
    inputs = json.loads((run / MANIFEST).read_text("utf-8"))["inputs"]
    before = kept_book(run)
    own = load_book(against, schemas, forms or _decided(before))
    after = in_year(own, before.year)
    with TemporaryDirectory(prefix="gouji-what-if-") as folder:
        old, new = Path(folder, "old"), Path(folder, "new")
        if inputs.get("code") != code_digest():
            one = _judged(run, inputs, before, old, kept_reports(run, before.year))
        else:
            one = of_kept_run(run, rule_rows(before))
        changes = one.compare(
            _judged(run, inputs, after, new, reports_of(after.year, against, schemas)), listed
        )
    books = book_row(before, book_digest(before)), book_row(own, book_digest(own))
    return what_if(before, after, books, changes, len(read_table(run, "problems")))


def _judged(
    run: Path,
    inputs: dict[str, Any],
    book: ResolvedBook,
    folder: Path,
    reports: Callable[[], Reports],
) -> Results:
    """What a run kept, judged by a book: without waivers and findings known before, which change no outcome."""
    source, desk, made = (folder / name for name in ("source", "desk", "made"))
    for path in (source, desk, made):
        path.mkdir(parents=True)
    bench = Bench(book, 0, reports=reports)
    given = RunInputs(bench, inputs["as_of"], [], read_table(run, "expected"), [], [], [])
    objects = run.resolve().parent.parent / "objects"
    files, submissions = read_table(run, "files"), read_table(run, "submissions")
    arrived = restore(submissions, files, objects, source)
    making = Making(given, source, desk, None, lambda event, **fields: None)
    try:
        making.make(arrived, None)
        making.results.write(made)
    finally:
        making.close()
    return of_kept_run(made, rule_rows(book))
