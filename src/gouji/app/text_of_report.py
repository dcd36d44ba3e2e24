"""A report (txt, docx, html, pdf) and a rulebook -> the text as it is read: figures, relations, what fills tables, what was left open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.app.books import book_texts, load_book
from gouji.app.which_book import book_for
from gouji.base.faults import DataError, RuleError
from gouji.base.i18n import _, labelled
from gouji.base.verdict import Severity
from gouji.intake import TEXTS, lines_in
from gouji.narrative import (
    FilledText,
    LeftOpen,
    Patterns,
    SharedPassage,
    TextGrammar,
    TextReading,
    alike,
    count,
    failures,
    filled,
    left_open,
    load_patterns,
    names_of_others,
    other_years,
    owner_of,
    read,
    text_page,
    without_unit,
)

if TYPE_CHECKING:
    from gouji.rules import Table


@dataclass(frozen=True, slots=True)
class ReadText:
    """A report that was read; `title` is the name of its file."""

    title: str
    reading: TextReading
    filled: FilledText
    left: tuple[LeftOpen, ...]


def patterns_of(rules: str | Path | None = None, schemas: str | Path | None = None) -> Patterns:
    """The patterns of a rulebook and of those that it includes. Raises an ExceptionGroup of RuleError with every fault."""
    return load_patterns(book_texts(rules, schemas).rules)


def test_patterns(
    rules: str | Path | None = None, schemas: str | Path | None = None
) -> tuple[int, list[RuleError]]:
    """Run the example sentences of a rulebook's patterns; how many there are, and what is wrong with those that do not hold."""
    rules = book_for(rules)
    found = patterns_of(rules, schemas)
    return count(found), list(failures(found, load_book(rules, schemas).tables))


test_patterns.__test__ = False  # type: ignore[attr-defined]  # pytest would take the name for a test


def read_report(
    path: str | Path, rules: str | Path | None = None, schemas: str | Path | None = None
) -> ReadText:
    """Read a report by the patterns of a rulebook. Raises DataError when it cannot be read."""
    book = book_for(rules, path)
    return read_with(Path(path), patterns_of(book, schemas), load_book(book, schemas).tables)


def read_with(path: Path, patterns: Patterns, tables: Mapping[str, Table]) -> ReadText:
    """The same, where patterns and tables are at hand."""
    grammar = patterns.grammar()
    reading = read(lines_in(path), grammar)
    return ReadText(
        path.name,
        reading,
        filled(reading, grammar.ties, tables),
        _left(reading, grammar),
    )


def _left(reading: TextReading, grammar: TextGrammar) -> tuple[LeftOpen, ...]:
    """What was left of a template, years left over from an older report, money without a unit."""
    _name, year = owner_of(reading.paragraphs)
    years = other_years(reading, year) if year else ()
    found = [*left_open(reading.paragraphs, grammar), *years, *without_unit(reading)]
    return tuple(sorted(found, key=lambda one: (one.paragraph, one.at)))


@dataclass(frozen=True, slots=True)
class ReadTexts:
    """The reports below a folder; those that could not be read, with the reason; passages that two of them share."""

    texts: tuple[ReadText, ...]
    refused: tuple[tuple[str, str], ...]
    alike: tuple[SharedPassage, ...]


def read_reports(
    folder: Path, rules: str | Path | None = None, schemas: str | Path | None = None
) -> ReadTexts:
    """Read every report below a folder. Raises DataError when there is none."""
    of = book_for(rules, folder)
    made, refused = _each(folder, patterns_of(of, schemas), load_book(of, schemas).tables)
    if not made and not refused:
        raise DataError(
            _("{name} 里没有报告").format(name=folder),
            fix=_("放入 {kinds}").format(kinds="、".join(TEXTS)),
        )
    names = {one.title: owner_of(one.reading.paragraphs)[0] for one in made}
    texts = tuple(_with_others(one, names) for one in made)
    shared = alike({one.title: one.reading.paragraphs for one in texts})
    return ReadTexts(texts, tuple(refused), tuple(shared))


def _each(
    folder: Path, patterns: Patterns, tables: Mapping[str, Table]
) -> tuple[list[ReadText], list[tuple[str, str]]]:
    """The reports that could be read, and the names of the others with the reason."""
    made, refused = list[ReadText](), list[tuple[str, str]]()
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in TEXTS and p.is_file()):
        name = path.relative_to(folder).as_posix()
        try:
            made.append(replace(read_with(path, patterns, tables), title=name))
        except DataError as fault:
            refused.append((name, fault.what))
    return made, refused


def _with_others(one: ReadText, names: Mapping[str, str]) -> ReadText:
    """With the places where it names another unit of the folder as its own."""
    others = names_of_others(one.reading.paragraphs, names[one.title], set(names.values()))
    return replace(one, left=(*one.left, *others))


def rendered_texts(made: ReadTexts) -> str:
    """A line a report, and the passages that two of them share."""
    readings = {one.title: one.reading for one in made.texts}
    lines = [_coverage(one) for one in made.texts]
    lines += [line for one in made.texts for line in _left_lines(one)]
    lines += [labelled(name, why) for name, why in made.refused]
    lines += [_shared_line(pair, readings) for pair in made.alike]
    return "\n".join(lines) + "\n"


def _coverage(one: ReadText) -> str:
    """How many figures of a report are accounted for."""
    states = text_page.states_of(one.reading, one.filled)
    return labelled(one.title, text_page.coverage(one.reading, states))


def _left_lines(one: ReadText) -> Iterator[str]:
    """What a report left open, with the line where it stands."""
    for gap in one.left:
        place = _("第{n}行").format(n=_line_number(one.reading, gap.paragraph, gap.at))
        yield f"[{Severity.NOTE}] {one.title} {place} {gap}"


def _shared_line(pair: SharedPassage, readings: Mapping[str, TextReading]) -> str:
    """A passage that two reports share: where it begins in each, and how it begins."""
    first, second = readings[pair.first], readings[pair.second]
    return _("[提示] {first} 第{n}行 与 {second} 第{m}行 雷同 {share}：{text}…").format(
        first=pair.first,
        n=_line_number(first, pair.first_paragraph),
        second=pair.second,
        m=_line_number(second, pair.second_paragraph),
        share=f"{pair.share:.0%}",
        text=first.paragraphs[pair.first_paragraph].text[:30],
    )


def _line_number(reading: TextReading, paragraph: int, at: int = 0) -> int:
    """The line of the file where a place in a paragraph stands."""
    return reading.lines[reading.paragraphs[paragraph].origin(at)[0]].number


def rendered(made: ReadText, form: str) -> str:
    """A report that was read, as text for a terminal, as a page or as JSON."""
    parts = (made.title, made.reading, made.filled, made.left)
    match form:
        case "html":
            return text_page.html(*parts)
        case "json":
            return text_page.as_json(*parts) + "\n"
    return text_page.text(*parts)


__all__ = [
    "ReadText",
    "patterns_of",
    "read_report",
    "read_reports",
    "read_with",
    "rendered",
    "rendered_texts",
    "test_patterns",
]
