"""A text that was read, and ties -> fills: what the columns of tables are filled with, each with its line and the words before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gouji.narrative.grammar import DIRECTIONS, tie_pattern
from gouji.narrative.headings import headings
from gouji.narrative.mentions import Mention, MentionKind
from gouji.narrative.patterns import FigureRole, Names, RowsPattern, TextTie, Tie, compiled
from gouji.narrative.sentence_words import BETWEEN_NAMES
from gouji.narrative.text_facts import Fact
from gouji.narrative.text_lines import TextLine, plain
from gouji.narrative.text_reading import TextReading
from gouji.rules import UNITS, Column, ColumnType, Table

KIND_OF = {
    ColumnType.MONEY: MentionKind.AMOUNT,
    ColumnType.PERCENT: MentionKind.RATE,
    ColumnType.COUNT: MentionKind.COUNT,
    ColumnType.NUMBER: MentionKind.COUNT,
    ColumnType.SCORE: MentionKind.COUNT,
}
WORDS_BEFORE = 10
_NUMBER = re.compile(r"[-+]?[0-9][0-9,.]*")


@dataclass(frozen=True, slots=True)
class Fill:
    """One column of one row: the text as printed (a number without its unit), the unit, the line it stands on, the words before it."""

    table: str
    column: str
    text: str
    unit: str
    line: TextLine
    words: str
    mention: Mention | None = None


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row of a table with many rows."""

    table: str
    values: Mapping[str, str]
    line: TextLine
    words: str = ""


@dataclass(frozen=True, slots=True)
class FilledText:
    """All that a text fills in."""

    fills: tuple[Fill, ...] = ()
    rows: tuple[FilledRow, ...] = ()
    # Figures that rows were made of.
    mentions: tuple[Mention, ...] = field(default=())


def filled(
    reading: TextReading, ties: tuple[TextTie, ...], tables: Mapping[str, Table]
) -> FilledText:
    """Everything that the ties find, in the order they are written."""
    finder = _Finder(reading)
    fills, rows = list[Fill](), list[FilledRow]()
    for tie in ties:
        table = tables.get(tie.table)
        if table is None:
            continue
        # Of several ways into one column the first that finds something is taken.
        own = dict[str, Fill]()
        for one in tie.ties:
            found = finder.fill(table, one, tie.outside)
            if found is not None:
                own.setdefault(found.column, found)
        if own.keys() >= set(tie.needs):
            fills += own.values()
        for names in tie.names:
            rows += finder.listed(table, names)
        for over in tie.rows:
            rows += finder.rows(table, over)
    return FilledText(tuple(fills), tuple(rows))


class _Finder:
    """Looks for ties in one text."""

    def __init__(self, reading: TextReading) -> None:
        self.reading = reading
        self._headings = headings(reading.masked)
        self._by_sentence: dict[int, set[str]] | None = None
        # Facts by what they are of and what they say.
        self._of: dict[tuple[str | None, FigureRole], list[Fact]] = {}
        for fact in reading.facts:
            self._of.setdefault((reading.name_of(fact).item, fact.role), []).append(fact)

    def _places(self, pattern: str, top: int | None = None) -> Iterator[tuple[int, re.Match[str]]]:
        ready = tie_pattern(pattern)
        for number, masked in enumerate(self.reading.masked[:top]):
            for found in ready.finditer(masked.text):
                yield number, found

    def _plain_at(self, paragraph: int, sign: int) -> int:
        """The place in the plain text of a place in the masked text."""
        at = sign
        for m in self.reading.masked[paragraph].mentions:
            if m.sign >= sign:
                break
            at += len(m.printed) - 1
        return at

    def _place(self, paragraph: int, at: int) -> tuple[TextLine, str]:
        """The line of a place in the plain text, and the words before it on that line."""
        own = self.reading.paragraphs[paragraph]
        line, column = own.origin(min(at, max(len(own.text) - 1, 0)))
        text = self.reading.lines[line].text
        return self.reading.lines[line], text[max(0, column - WORDS_BEFORE) : column]

    def fill(self, table: Table, tie: Tie, outside: str | None = None) -> Fill | None:
        """What one tie finds, None where it finds nothing; the figure of an item not behind the words `outside`."""
        column = table.column(tie.column)
        if column is None:
            return None
        if tie.item is not None:
            return self._of_item(table, column, tie, outside)
        found = list(self._places(tie.pattern or "", tie.top))
        if tie.count:
            return self._counted(table, column, found)
        if len(found) < abs(tie.nth):
            return None
        return self._at(table, column, tie, found[tie.nth - 1 if tie.nth > 0 else tie.nth])

    def _at(
        self, table: Table, column: Column, tie: Tie, found: tuple[int, re.Match[str]]
    ) -> Fill | None:
        paragraph, match = found
        if tie.says is not None:
            line, words = self._place(paragraph, self._plain_at(paragraph, match.start()))
            return Fill(table.table, column.name, tie.says, "", line, words)
        groups = match.groupdict()
        place = next(
            (match.start(k) for k, v in groups.items() if k.startswith("figure") and v), -1
        )
        if place < 0:
            return self._text(table, column, paragraph, match)
        mention = next(m for m in self.reading.masked[paragraph].mentions if m.sign == place)
        down = tie.sign and DIRECTIONS.get(groups.get("dir") or "", 1) < 0
        return self._figure(table, column, mention, down)

    def _counted(
        self, table: Table, column: Column, found: list[tuple[int, re.Match[str]]]
    ) -> Fill | None:
        if not found:
            return None
        line, words = self._place(found[0][0], self._plain_at(found[0][0], found[0][1].start()))
        return Fill(table.table, column.name, str(len(found)), column.unit or "", line, words)

    def _text(
        self, table: Table, column: Column, paragraph: int, match: re.Match[str]
    ) -> Fill | None:
        start, end = match.span("text" if "text" in match.groupdict() else "dir")
        at = self._plain_at(paragraph, start)
        line, words = self._place(paragraph, at)
        text = self.reading.paragraphs[paragraph].text[at : self._plain_at(paragraph, end)]
        text = text[:4] if column.numeric and column.unit is None else text
        return Fill(table.table, column.name, text, "", line, words)

    def _figure(self, table: Table, column: Column, mention: Mention, down: bool) -> Fill | None:
        if KIND_OF.get(column.type) not in (mention.kind, None) and mention.kind not in (
            MentionKind.YEAR,
            MentionKind.DATE,
            MentionKind.MARK,
        ):
            return None
        line, words = self._place(mention.paragraph, mention.at)
        number, unit = _split(mention, column)
        if mention.kind is MentionKind.RATE:
            number = mention.printed
        if down and not number.startswith("-"):
            number = "-" + number
        return Fill(table.table, column.name, number, unit, line, words, mention)

    def _of_item(self, table: Table, column: Column, tie: Tie, outside: str | None) -> Fill | None:
        """A figure by what it is of and what it says."""
        facts = [f for f in self._of.get((tie.item, tie.role), ()) if self._suits(f, tie, column)]
        if outside is not None:
            facts = [f for f in facts if not self._said_before(f, outside)]
        if len(facts) < abs(tie.nth):
            return None
        fact = facts[tie.nth - 1 if tie.nth > 0 else tie.nth]
        if not column.numeric:
            at = fact.mention.at - len(fact.word)
            line, words = self._place(fact.mention.paragraph, at)
            return Fill(table.table, column.name, fact.word, "", line, words)
        return self._figure(table, column, fact.mention, tie.sign and fact.direction < 0)

    def _suits(self, fact: Fact, tie: Tie, column: Column) -> bool:
        if fact.name.prior or bool(fact.name.budget) != tie.budget:
            return False
        if tie.within is not None and tie.within not in self._items(fact.sentence):
            return False
        return not column.numeric or KIND_OF.get(column.type) is fact.mention.kind

    def _said_before(self, fact: Fact, words: str) -> bool:
        """Whether words stand before a figure in its paragraph, or in a heading above."""
        number, said = fact.mention.paragraph, compiled(words)
        own = self.reading.masked[number].text[: fact.mention.sign]
        return any(said.search(text) for text in (*self._headings[number], own))

    def _items(self, sentence: int) -> set[str]:
        """The items that a sentence names."""
        if self._by_sentence is None:
            self._by_sentence = {}
            for fact in self.reading.facts:
                if fact.name.item is not None:
                    self._by_sentence.setdefault(fact.sentence, set()).add(fact.name.item)
        return self._by_sentence.get(sentence, set())

    def listed(self, table: Table, names: Names) -> Iterator[FilledRow]:
        """The rows of a list of names."""
        each = tie_pattern(names.each)
        for paragraph, match in self._places(names.pattern):
            start, end = (self._plain_at(paragraph, at) for at in match.span("list"))
            line, words = self._place(paragraph, start)
            made = dict[str, dict[str, str]]()
            last = dict[str, str]()
            for name in self.reading.paragraphs[paragraph].text[start:end].split(BETWEEN_NAMES):
                found = each.match(name)
                own = {k: v for k, v in (found.groupdict() if found else {}).items() if v}
                last = own or last
                if last:
                    key = "|".join(last.values())
                    row = made.setdefault(key, {**names.fixed, **last})
                    if names.count:
                        row[names.count] = str(int(row.get(names.count, "0")) + 1)
            yield from (FilledRow(table.table, row, line, words) for row in made.values())
            if not names.every:
                return

    def rows(self, table: Table, over: RowsPattern) -> Iterator[FilledRow]:
        """The rows of a table whose cells stand between bars."""
        pattern = compiled(over.pattern)
        kept = dict[str, str]()
        for own in self.reading.paragraphs:
            if not own.row:
                continue
            found = pattern.search(own.text)
            if found is None:
                continue
            values = {k: v for k, v in found.groupdict().items() if v}
            for name in over.fill_down:
                kept = {**kept, name: values[name]} if values.get(name) else kept
            values = {**{k: kept[k] for k in over.fill_down if k in kept}, **values}
            for name, part in over.sums.items():
                if not (over.unless and re.search(over.unless, own.text)):
                    values |= _summed(name, part, own.text)
            values |= _looked_up(table, values)
            if all(values.get(name) for name in over.needs):
                line = self.reading.lines[own.origin(0)[0]]
                yield FilledRow(table.table, values, line)


def _summed(name: str, part: str, text: str) -> dict[str, str]:
    found = [float(m) for m in re.findall(part, text)]
    return {name: f"{sum(found):g}"} if found else {}


def _looked_up(table: Table, values: Mapping[str, str]) -> dict[str, str]:
    """Columns that the form of the table gives for the words of others, as on a sheet."""
    listing = table.form.listing if table.form is not None else None
    made = dict[str, str]()
    for column, lookup in (listing.lookup if listing is not None else {}).items():
        words = {plain(k).translate(_QUOTES): v for k, v in lookup.words.items()}
        said = plain(values.get(lookup.of, "")).translate(_QUOTES)
        if said in words:
            made[column] = words[said]
    return made


_QUOTES = str.maketrans("", "", '“”"')


def _split(mention: Mention, column: Column) -> tuple[str, str]:
    """The number as printed without its unit, and the unit."""
    printed = mention.printed
    if column.unit and printed.endswith(column.unit):
        return printed.removesuffix(column.unit), column.unit
    found = _NUMBER.match(printed)
    number = found[0] if found else printed
    rest = printed[len(number) :]
    if mention.kind is MentionKind.YEAR:
        return number[:4], ""
    if rest not in UNITS and mention.kind is MentionKind.AMOUNT and mention.unit in UNITS:
        # A number whose unit stands elsewhere: behind the next one, or once for the text.
        return number, mention.unit
    return number, rest if rest in UNITS else (column.unit or "")


__all__ = ["Fill", "FilledRow", "FilledText", "filled"]
