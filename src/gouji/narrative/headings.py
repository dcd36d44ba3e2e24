"""Paragraphs of a text -> the headings that each stands under, the highest first: by how they are numbered, whatever the numbers are."""

from __future__ import annotations

from collections.abc import Sequence

from gouji.narrative.mentions import MaskedParagraph
from gouji.narrative.sentence_words import HEADING_ENDS, HEADING_LEVELS
from gouji.narrative.text_facts import COUNTING

LONGEST = 45
_COUNTED = frozenset(kind.value for kind in COUNTING)


def headings(paragraphs: Sequence[MaskedParagraph]) -> tuple[tuple[str, ...], ...]:
    """Of each paragraph the headings above it."""
    made, open_ = list[tuple[str, ...]](), list[tuple[int, str]]()
    for own in paragraphs:
        text = own.text
        if (
            text
            and len(text) <= LONGEST
            and not HEADING_ENDS.search(text)
            and not _COUNTED & set(text)
        ):
            level = _level(text)
            open_ = [one for one in open_ if one[0] < level]
            open_.append((level, text))
        made.append(tuple(text for _level_of, text in open_))
    return tuple(made)


def _level(text: str) -> int:
    return next((n for n, p in enumerate(HEADING_LEVELS) if p.match(text)), len(HEADING_LEVELS))


__all__ = ["headings"]
