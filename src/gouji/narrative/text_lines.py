"""Lines of a report text, each with its place -> paragraphs of plain characters: broken lines put together again, blanks gone, one way of writing each sign.

Every character of a paragraph knows the line and the column it stood at. Nothing is dropped but blanks and sounds of signs in brackets.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gouji.narrative.sentence_words import SIMPLIFIED, TRADITIONAL

# Signs that are written in several ways; each stands for one sign, so that places are kept.
_FULL = {0xFF01 + i: chr(0x21 + i) for i in range(94)}
_SIGNS: dict[int, int] = str.maketrans(
    "﹪﹐﹔﹕﹙﹚﹣−–—‐‑～〜∼﹑｡․﹒．",
    "%,;:()------~~~、。...",
)
_OLD: dict[int, int] = str.maketrans(TRADITIONAL, SIMPLIFIED)
# Several signs in the place of one.
_LONGER = {ord("㎡"): "平方米", ord("㎞"): "公里", ord("‱"): "‱"}
_TABLE: dict[int, str | int] = {**_FULL, **_SIGNS, **_OLD, **_LONGER}
_ENDS = "。!?;:！？；："
_OPENS = re.compile(
    r"\s*(?:[一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十0-9０-９]+[)）]|第[一二三四五六七八九十]+[部章节]"
    r"|[0-9０-９]{1,2}[.．、)）](?![0-9０-９])|[①-⑳]|注[:：]|附[件表])"
)
# A line that ends in a word that a figure follows, and one that begins with a figure, are one sentence.
_DANGLES = re.compile(
    "(?:增加|减少|增长|下降|上升|提高|降低|占|[^行因作以视]为|分别为|达到?|共计|合计)$"
)
_GOES_ON = re.compile(r"\s*[0-9０-９]")
# A heading has a number before it and no comma in it.
_PHRASED = re.compile("[,，;；。]")
# How a sign is pronounced, in brackets behind it, as programs that turn texts into traditional signs leave it: 萬(wàn)元.
_SOUND = r"(?<=[\u4e00-\u9fff])\((?=[a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿê])[a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿê]{1,6}\)"
_SOLID = re.compile(rf"(?P<sound>{_SOUND})|(?:(?!{_SOUND})\S)+")
# A line that is broken by hand or by a program is nearly as long as the longest one.
_FULL_SHARE = 0.8
_SHORTEST_BREAK = 20
_BROKEN_LINES, _NEARLY = 4, 0.9
BAR = "|"


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a text (of a Word file one paragraph): its number from 1, its page, whether it is a row of a table (cells between bars); in a PDF its left, top, right and bottom on the page."""

    text: str
    number: int
    page: int = 0
    row: bool = False
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class TextParagraph:
    """Plain characters; `starts` are the offsets at which a stretch of a line begins, `stretches` the line and column (from 0) it stood at."""

    text: str
    starts: tuple[int, ...]
    stretches: tuple[tuple[int, int], ...]
    row: bool = False

    def origin(self, at: int) -> tuple[int, int]:
        """Index of the line and column of a character."""
        index = bisect_right(self.starts, at) - 1
        line, column = self.stretches[index]
        return line, column + at - self.starts[index]


def plain(text: str) -> str:
    """One way of writing each sign, without blanks.

    >>> plain("增长 ６．５１％，占 總額 的")
    '增长6.51%,占总额的'
    """
    return "".join(t for t, _column in _stretches(text))


def _stretches(text: str) -> Iterator[tuple[str, int]]:
    """Solid pieces of a line as plain characters, with their columns; a blank between two digits stays, for it parts two figures."""
    last = ""
    for found in _SOLID.finditer(text):
        if found["sound"]:
            continue
        piece = found[0].translate(_TABLE)
        if last.isdigit() and piece[:1].isdigit():
            yield " ", found.start() - 1
        yield piece, found.start()
        last = piece[-1:]


def is_row(text: str) -> bool:
    """Whether a line of text is a row of a table whose cells stand between bars."""
    return text.count(BAR) >= 2


def paragraphs(lines: Sequence[TextLine]) -> tuple[TextParagraph, ...]:
    """Lines -> paragraphs; blank lines end one."""
    layout = _Layout.of([line.text.strip() for line in lines if not line.row])
    made, open_ = list[TextParagraph](), list[int]()
    for index, line in enumerate(lines):
        if not line.text.strip():
            _close(lines, open_, made)
            continue
        if open_ and (line.row or not layout.goes_on(lines[open_[-1]].text, line.text)):
            _close(lines, open_, made)
        open_.append(index)
        if line.row:
            _close(lines, open_, made)
    _close(lines, open_, made)
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a text is set: the width at which its lines are broken, None where they are not; the longest line, for none that is much shorter was broken."""

    width: int | None
    wide: bool
    longest: int

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Layout:
        """Lines are broken where most long ones have the same length, in characters or in columns."""
        kept = [t for t in texts if t]
        longest = max(map(len, kept), default=0)
        for wide in (False, True):
            sizes = sorted(_size(t, wide) for t in kept)
            width = sizes[len(sizes) * 9 // 10] if sizes else 0
            full = sum(s >= _NEARLY * width for s in sizes)
            if full >= _BROKEN_LINES and 5 * full >= 3 * sum(2 * s > width for s in sizes):
                return cls(width, wide, longest)
        return cls(None, False, longest)

    def goes_on(self, before: str, after: str) -> bool:
        """Whether a line was broken in the middle of a sentence."""
        left = before.strip()
        if _OPENS.match(after):
            return False
        if _DANGLES.search(left) and _GOES_ON.match(after):
            return True
        if self.width is not None:
            return _size(left, self.wide) >= _NEARLY * self.width
        if left[-1] in _ENDS or (_OPENS.match(left) and not _PHRASED.search(left)):
            return False
        return len(left) >= max(_FULL_SHARE * self.longest, _SHORTEST_BREAK)


def _size(text: str, wide: bool) -> int:
    """Characters, or columns of a terminal."""
    return len(text) + (sum(c > "\u2e7f" for c in text) if wide else 0)


def _close(lines: Sequence[TextLine], open_: list[int], made: list[TextParagraph]) -> None:
    if not open_:
        return
    parts, starts, stretches, length = list[str](), list[int](), list[tuple[int, int]](), 0
    for index in open_:
        for text, column in _stretches(lines[index].text):
            parts.append(text)
            starts.append(length)
            stretches.append((index, column))
            length += len(text)
    made.append(TextParagraph("".join(parts), tuple(starts), tuple(stretches), lines[open_[0]].row))
    open_.clear()


def lines_of(text: str) -> tuple[TextLine, ...]:
    """A plain text -> its lines."""
    return tuple(
        TextLine(line, number, row=is_row(line)) for number, line in enumerate(text.splitlines(), 1)
    )


__all__ = ["BAR", "TextLine", "TextParagraph", "is_row", "lines_of", "paragraphs", "plain"]
