"""The same submissions under two rulebooks -> WhatIf: what the books say otherwise, and what that does to outcomes, scores, grades and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gouji.results.changes import Changes
from gouji.results.rows_by_rule import (
    FieldChange,
    RuleRow,
    changes_of_head,
    changes_of_rule,
    rule_rows,
)
from gouji.rules import ResolvedBook, ResolvedRule


@dataclass(frozen=True, slots=True)
class BookRow:
    """One of the two books: its name, title, authority and the year it is written for (which may be another than the year judged)."""

    book: str
    title: str
    authority: str
    year: int
    rules: int
    digest: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`head`: what decides in the heads of the books and differs; `fields`: the same by code of rules that both have; `added` and `dropped`: rules that
    one of them has. `named`: the rules that changes speak of, by code, as the other book has them if it does. `problems`: places in the data that could not be used, the same under both."""

    before: BookRow
    after: BookRow
    year: int
    head: tuple[FieldChange, ...]
    fields: Mapping[str, tuple[FieldChange, ...]]
    added: tuple[RuleRow, ...]
    dropped: tuple[RuleRow, ...]
    changes: Changes
    problems: int
    named: Mapping[str, RuleRow]


def book_row(book: ResolvedBook, digest: str) -> BookRow:
    """A book as a report names it."""
    head = book.source.head
    return BookRow(head.book, head.title, head.authority, head.fiscal_year, len(book.rules), digest)


def _fields(
    own: Mapping[str, ResolvedRule], other: Mapping[str, ResolvedRule]
) -> dict[str, tuple[FieldChange, ...]]:
    """What is written otherwise in the rules that both books have."""
    each = {code: changes_of_rule(own[code], other[code]) for code in own if code in other}
    return {code: found for code, found in each.items() if found}


def what_if(
    before: ResolvedBook,
    after: ResolvedBook,
    books: tuple[BookRow, BookRow],
    changes: Changes,
    problems: int,
) -> WhatIf:
    """Everything about both books that a report tells; `changes` under them, judged in the year of `before`."""
    own, other = ({rule.code: rule for rule in book.rules} for book in (before, after))
    fields = _fields(own, other)
    said = {*fields, *(rule.code for rule in changes.rules)}
    return WhatIf(
        *books,
        before.year,
        changes_of_head(before, after),
        fields,
        tuple(row for row in rule_rows(after) if row.code not in own),
        tuple(row for row in rule_rows(before) if row.code not in other),
        changes,
        problems,
        {row.code: row for book in (before, after) for row in rule_rows(book) if row.code in said},
    )
