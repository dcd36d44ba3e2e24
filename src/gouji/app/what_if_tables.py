"""Tables of many units and two rulebooks -> a folder with the results under each, and WhatIf: tables are found, checked and sieved once, units judged twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from gouji.app.books import load_book, load_outline
from gouji.app.bulk_judging import Counts, Done
from gouji.app.bulk_plans import bulk_plan_for
from gouji.app.bulk_runs import SievedTables, judged_into, manifest_of, opened, telling
from gouji.app.manifests import book_digest
from gouji.app.two_books import in_year
from gouji.app.which_book import book_for
from gouji.base.faults import DataError
from gouji.base.files import MARK, whole_folder
from gouji.base.i18n import _
from gouji.results import (
    BookSide,
    Changes,
    WhatIf,
    book_row,
    compare_in,
    of_folder,
    what_if,
)
from gouji.results.rows_by_rule import rule_rows
from gouji.rules import BookOutline, ResolvedBook
from gouji.run import SPILL, Limits, open_bulk

BEFORE, AFTER = "before", "after"
# Units that are listed; all of them stand in the folders.
LISTED = 10_000


def what_if_bulk(
    data: str | Path,
    out: str | Path,
    rules: str | Path | None,
    against: str | Path,
    schemas: str | Path | None = None,
    limits: Limits | None = None,
    done: Done = lambda judged, units: None,
    forms: Sequence[str] = (),
) -> WhatIf:
    """Judge all units by both books; `out` gets the results of each as `audit_bulk` writes them, in `before` and `after`.

    Raises what `audit_bulk` raises, DataError where the books have other table descriptions.
    """
    limits = limits or Limits()
    rules = book_for(rules, data)
    before, own = load_book(rules, schemas, forms), load_book(against, schemas, forms)
    pair = before, in_year(own, before.year)
    outlines = (
        load_outline(rules, schemas, forms),
        _outline(load_outline(against, schemas, forms), pair[1]),
    )
    _check(*outlines)
    with whole_folder(Path(out).absolute()) as folder:
        aside = _judge_twice(data, outlines, pair, limits, folder, done)
        changes = _compared(folder, *pair, limits)
        books = book_row(before, book_digest(before)), book_row(own, book_digest(own))
        _write(folder / MARK, {"before": books[0].digest, "after": books[1].digest})
        return what_if(*pair, books, changes, aside)


def _check(before: BookOutline, after: BookOutline) -> None:
    if before.digests[1] != after.digests[1]:
        raise DataError(
            _("两个规则库的数据表说明不同，很多单位的数据不能一次读、判两次"),
            fix=_("分别审核，再比较两个结果"),
        )


def _judge_twice(
    data: str | Path,
    outlines: tuple[BookOutline, BookOutline],
    books: tuple[ResolvedBook, ResolvedBook],
    limits: Limits,
    folder: Path,
    done: Done,
) -> int:
    """Results under each book in its own folder; returns how many rows were set aside."""
    for name in (BEFORE, AFTER):
        (folder / name).mkdir()
    with opened(data, outlines[0], limits, folder) as tables, telling(tables):
        counts = [
            _judge(tables, folder, done, half, outline, book)
            for half, (outline, book) in enumerate(zip(outlines, books, strict=True))
        ]
    for name, outline, count in zip((BEFORE, AFTER), outlines, counts, strict=True):
        _write(folder / name / MARK, manifest_of(outline, tables, count))
    return sum(tables.found.refused.values())


def _outline(outline: BookOutline, book: ResolvedBook) -> BookOutline:
    """The outline of a book that is asked in another year."""
    assert book.digests is not None
    return replace(outline, year=book.year, digests=book.digests)


def _judge(
    tables: SievedTables,
    folder: Path,
    done: Done,
    half: int,
    outline: BookOutline,
    book: ResolvedBook,
) -> Counts:
    """All units under one of the books."""

    def heard(judged: int, units: int) -> None:
        done(half * units + judged, 2 * units)

    plan_of = partial(bulk_plan_for, outline.digests, lambda: book)
    return judged_into(tables, outline, plan_of, folder / (BEFORE, AFTER)[half], heard)


def _write(file: Path, value: dict[str, Any]) -> None:
    file.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _compared(folder: Path, before: ResolvedBook, after: ResolvedBook, limits: Limits) -> Changes:
    """Within the memory that the run may use."""
    sides = [
        of_folder(folder / name, rule_rows(book))
        for name, book in ((BEFORE, before), (AFTER, after))
    ]
    with closing(open_bulk(limits, folder / SPILL)) as con:
        own, other = (BookSide(side.rules, side.lay) for side in sides)
        return compare_in(con, own, other, LISTED)
