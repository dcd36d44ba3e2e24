"""A text that was read -> what was left of a template or left open, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gouji.narrative.grammar import Grammar
from gouji.narrative.lines import Paragraph
from gouji.narrative.patterns import Chapter
from gouji.narrative.text import TextReading


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """One such place: what it is called, the words, the paragraph and the place in its plain text."""

    name: str
    text: str
    paragraph: int
    at: int

    def __str__(self) -> str:
        return f"{self.name} {self.text}"


def left_open(paragraphs: Sequence[Paragraph], grammar: Grammar) -> Iterator[LeftOpen]:
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


def chapters(reading: TextReading, wanted: Sequence[Chapter]) -> Iterator[LeftOpen]:
    """The first place of each chapter that is there."""
    for chapter in wanted:
        ready = re.compile("|".join(chapter.patterns))
        for number, own in enumerate(reading.paragraphs):
            found = ready.search(own.text)
            if found is not None:
                yield LeftOpen(chapter.name, found[0], number, found.start())
                break


__all__ = ["LeftOpen", "chapters", "left_open"]
