"""A text that was read -> what was left of a template or left open, each with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from gouji.narrative.grammar import TextGrammar
from gouji.narrative.mentions import MentionKind
from gouji.narrative.patterns import Chapter, FigureRole
from gouji.narrative.sentence_words import NO_UNIT, OTHER_UNIT, OTHER_YEAR, OWN_BEFORE
from gouji.narrative.text_lines import TextParagraph
from gouji.narrative.text_reading import TextReading


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """One such place: what it is called, the words, the paragraph and the place in its plain text."""

    name: str
    text: str
    paragraph: int
    at: int

    def __str__(self) -> str:
        return f"{self.name} {self.text}"


def left_open(paragraphs: Sequence[TextParagraph], grammar: TextGrammar) -> Iterator[LeftOpen]:
    """Every place, in the order of the text; places that lie in one another are one."""
    ready = [(blank.name, re.compile("|".join(blank.patterns))) for blank in grammar.blanks]
    for number, own in enumerate(paragraphs):
        found = sorted(
            (m.start(), -m.end(), name, m[0])
            for name, pattern in ready
            for m in pattern.finditer(own.text)
        )
        end = 0
        for start, stop, name, text in found:
            if start >= end:
                end = -stop
                yield LeftOpen(name, text, number, start)


def other_years(reading: TextReading, year: int) -> Iterator[LeftOpen]:
    """Years before a figure of the unit that are neither the report's nor the one before: left over from an older text."""
    for fact in reading.facts:
        if fact.role is not FigureRole.AMOUNT or fact.name.item is None:
            continue
        masked = reading.masked[fact.mention.paragraph]
        start = fact.mention.sign - len(fact.left)
        for mention in masked.mentions:
            if mention.sign >= fact.mention.sign:
                break
            if (
                mention.kind is MentionKind.YEAR
                and mention.sign >= start
                and mention.value not in (year, year - 1)
            ):
                yield LeftOpen(OTHER_YEAR, mention.printed, mention.paragraph, mention.at)


def without_unit(reading: TextReading) -> Iterator[LeftOpen]:
    """Figures of money, by their name, that are printed without a unit where the text does not say one either: they are read as mere numbers."""
    for fact in reading.facts:
        mention = fact.mention
        bare = mention.kind is MentionKind.COUNT and not mention.unit and mention.value
        if bare and fact.name.item is not None and "." in mention.printed:
            yield LeftOpen(NO_UNIT, mention.printed, mention.paragraph, mention.at)


def names_of_others(
    paragraphs: Sequence[TextParagraph], own: str, others: Collection[str]
) -> Iterator[LeftOpen]:
    """Places where another unit's name stands where a report names its own: before a year, its income, its spending."""
    names = sorted((n for n in others if n and n != own and n not in own and own not in n), key=len)
    if not own or not names:
        return
    ready = re.compile("(" + "|".join(map(re.escape, reversed(names))) + ")" + OWN_BEFORE)
    for number, paragraph in enumerate(paragraphs):
        for found in ready.finditer(paragraph.text):
            yield LeftOpen(OTHER_UNIT, found[1], number, found.start())


def chapters(reading: TextReading, wanted: Sequence[Chapter]) -> Iterator[LeftOpen]:
    """The first place of each chapter that is there."""
    for chapter in wanted:
        ready = re.compile("|".join(chapter.patterns))
        for number, own in enumerate(reading.paragraphs):
            found = ready.search(own.text)
            if found is not None:
                yield LeftOpen(chapter.name, found[0], number, found.start())
                break


__all__ = ["LeftOpen", "chapters", "left_open", "names_of_others", "other_years", "without_unit"]
