"""Characters of a page -> lines of words: what was printed twice counts once, raised figures become their own signs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gouji.documents.document_model import Box
from gouji.documents.pdf.page import Char
from gouji.documents.plain_text import raised
from gouji.documents.printed_words import FIGURE

# Parts of a character's size: baselines so near are one line; a gap so wide parts words; so much smaller and higher is raised.
LINE, WORD, SMALL, HIGH = 0.35, 0.8, 0.75, 0.2
# Signs of figures so far apart are of two figures: a blank as thousands separator is narrower.
APART = 0.35
_UP, _DOWN = 0.86, 0.14
# Radicals that some fonts print in the place of the characters.
_RADICALS = {
    chr(code): unicodedata.normalize("NFKC", chr(code))
    for span in (range(0x2E80, 0x2FE0), range(0xF900, 0xFB00))
    for code in span
}


@dataclass(frozen=True, slots=True)
class TextRun:
    """Characters of one line without a wide gap."""

    chars: tuple[Char, ...]

    @property
    def text(self) -> str:
        """The characters."""
        return "".join(c.text for c in self.chars)

    @property
    def box(self) -> Box:
        """Around the characters."""
        return box_of(self.chars)

    @property
    def base(self) -> float:
        """The baseline of most of it."""
        return max(self.chars, key=lambda c: c.size).base

    @property
    def size(self) -> float:
        """The size of its largest character."""
        return max(c.size for c in self.chars)


def box_of(chars: Iterable[Char]) -> Box:
    """A box around characters: from the baseline, since boxes of fonts are not to be trusted."""
    every = list(chars)
    return Box(
        min(c.left for c in every),
        min(c.base - _UP * c.size for c in every),
        max(c.right for c in every),
        max(c.base + _DOWN * c.size for c in every),
    )


def lines_of(chars: Iterable[Char]) -> list[list[Char]]:
    """Characters of one baseline each, from left to right; lines from top to bottom."""
    bands = list[list[Char]]()
    for char in sorted(chars, key=lambda c: c.base):
        if bands and char.base - bands[-1][-1].base <= LINE * min(char.size, bands[-1][-1].size):
            bands[-1].append(char)
        else:
            bands.append([char])
    return [_once(sorted(band, key=lambda c: (c.left, c.right))) for band in bands]


def words_of(line: Sequence[Char], gap: float = WORD) -> list[TextRun]:
    """A line -> words, parted where a gap is wide."""
    made = list[list[Char]]()
    for char in line:
        if made and char.left - made[-1][-1].right <= gap * max(char.size, made[-1][-1].size):
            made[-1].append(char)
        else:
            made.append([char])
    return [TextRun(tuple(word)) for word in made]


def _once(line: Sequence[Char]) -> list[Char]:
    """Without what was printed twice at one place; radicals as the characters they stand for."""
    made = list[Char]()
    for char in line:
        if plain := _RADICALS.get(char.text):
            char = char._replace(text=plain)
        if not _printed(char, made):
            made.append(char)
    return made


def _printed(char: Char, line: Sequence[Char]) -> bool:
    """Whether a line, from left to right, ends with the same character at most a point away."""
    for before in reversed(line):
        if char.left - before.left > 1:
            return False
        if before.text == char.text and abs(before.base - char.base) <= 1:
            return True
    return False


def spelled(chars: Sequence[Char]) -> str:
    """The text of characters of one line; small raised figures as their own signs.

    >>> spelled([Char("6", 0, 5, 100, 10), Char("2", 5, 8, 96, 6)])
    '6²'
    """
    if not chars:
        return ""
    size = max(c.size for c in chars)
    base = next(c.base for c in chars if c.size == size)
    made = ""
    for number, char in enumerate(chars):
        text = char.text
        if char.size < SMALL * size and base - char.base > HIGH * size:
            text = raised(text) or text
        if number and _apart(chars[number - 1], char):
            made += "\n"
        made += text
    return made


def _apart(before: Char, char: Char) -> bool:
    """Whether two signs of figures stand so far apart that they are not of one figure."""
    return (
        char.left - before.right > APART * char.size
        and before.text in FIGURE
        and char.text in FIGURE
    )


__all__ = ["TextRun", "box_of", "lines_of", "spelled", "words_of"]
