"""Paragraphs of a text -> the headings that each stands under, the highest first: by how they are numbered, whatever the numbers are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gouji.narrative.mentions import MaskedParagraph
from gouji.narrative.text_facts import COUNTING

LONGEST = 45
_ENDS = re.compile("[。;,!?]\\Z")
# By level: 第一部分, 一、, (一), 1. and (1), anything without a number. Numbers of ours are masked as marks.
_LEVELS = tuple(
    re.compile(p)
    for p in (
        "第[^,;。]{1,3}[部章篇]",
        "[一二三四五六七八九十]+[、.:,]",
        r"\([一二三四五六七八九十]+\)",
    )
)
_COUNTED = frozenset(kind.value for kind in COUNTING)


def headings(paragraphs: Sequence[MaskedParagraph]) -> tuple[tuple[str, ...], ...]:
    """Of each paragraph the headings above it."""
    made, open_ = list[tuple[str, ...]](), list[tuple[int, str]]()
    for own in paragraphs:
        text = own.text
        if text and len(text) <= LONGEST and not _ENDS.search(text) and not _COUNTED & set(text):
            level = _level(text)
            open_ = [one for one in open_ if one[0] < level]
            open_.append((level, text))
        made.append(tuple(text for _level_of, text in open_))
    return tuple(made)


def _level(text: str) -> int:
    return next((n for n, p in enumerate(_LEVELS) if p.match(text)), len(_LEVELS))


__all__ = ["headings"]
