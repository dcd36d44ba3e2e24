"""A report (txt, docx, html, pdf) and a rulebook -> the text as it is read: figures, relations, what fills tables, what was left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.app.books import book_texts, load_book
from gouji.app.default_book import DEFAULT_BOOK
from gouji.base.faults import RuleError
from gouji.intake import lines_in
from gouji.narrative import (
    Filled,
    LeftOpen,
    Patterns,
    TextReading,
    count,
    failures,
    filled,
    left_open,
    load_patterns,
    page,
    read,
)

if TYPE_CHECKING:
    from gouji.rules import Table


@dataclass(frozen=True, slots=True)
class ReadText:
    """A report that was read; `title` is the name of its file."""

    title: str
    reading: TextReading
    filled: Filled
    left: tuple[LeftOpen, ...]


def patterns_of(rules: str | Path = DEFAULT_BOOK, schemas: str | Path | None = None) -> Patterns:
    """The patterns of a rulebook and of those that it includes. Raises an ExceptionGroup of RuleError with every fault."""
    return load_patterns(book_texts(rules, schemas).rules)


def test_patterns(
    rules: str | Path = DEFAULT_BOOK, schemas: str | Path | None = None
) -> tuple[int, list[RuleError]]:
    """Run the example sentences of a rulebook's patterns; how many there are, and what is wrong with those that do not hold."""
    found = patterns_of(rules, schemas)
    return count(found), list(failures(found, load_book(rules, schemas).tables))


test_patterns.__test__ = False  # type: ignore[attr-defined]  # pytest would take the name for a test


def read_report(
    path: str | Path, rules: str | Path = DEFAULT_BOOK, schemas: str | Path | None = None
) -> ReadText:
    """Read a report by the patterns of a rulebook. Raises DataError when it cannot be read."""
    return read_with(Path(path), patterns_of(rules, schemas), load_book(rules, schemas).tables)


def read_with(path: Path, patterns: Patterns, tables: Mapping[str, Table]) -> ReadText:
    """The same, where patterns and tables are at hand."""
    grammar = patterns.grammar()
    reading = read(lines_in(path), grammar)
    return ReadText(
        path.name,
        reading,
        filled(reading, grammar.ties, tables),
        tuple(left_open(reading.paragraphs, grammar)),
    )


def rendered(made: ReadText, form: str) -> str:
    """A report that was read, as text for a terminal, as a page or as JSON."""
    parts = (made.title, made.reading, made.filled, made.left)
    match form:
        case "html":
            return page.html(*parts)
        case "json":
            return page.as_json(*parts) + "\n"
    return page.text(*parts)


__all__ = ["ReadText", "patterns_of", "read_report", "read_with", "rendered", "test_patterns"]
