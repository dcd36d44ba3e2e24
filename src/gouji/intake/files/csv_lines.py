"""Bytes of a CSV -> its lines with their numbers, whatever it is written in and whatever parts its cells; what cannot be told is said."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

# In the order in which they are believed where several would do.
SEPARATORS = (",", ";", "\t", "|", "，", "；")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Lines among which a header is looked for: above it there may be a title and a line with the unit.
HEAD_LINES = 8


def decoded(raw: bytes) -> str | None:
    """The text of a file: as the mark at its beginning says, else UTF-8, else GB18030; UTF-16 without a mark is known by its zero bytes. None: none of these."""
    marked = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), None)
    zeros = raw[:4096].count(b"\0")
    if marked is None and zeros:
        marked = (
            "utf-16-le" if raw[1:4096:2].count(b"\0") >= raw[0:4096:2].count(b"\0") else "utf-16-be"
        )
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


@dataclass(frozen=True, slots=True)
class Torn:
    """A line that cannot be parsed, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Lines:
    """The text of a CSV from its header on: `header` and the `line` it stands on (0: none was found), what parts the cells."""

    text: str
    separator: str
    line: int
    header: tuple[str, ...]

    def __iter__(self) -> Iterator[tuple[int, list[str] | Torn]]:
        """Lines below the header, or all where none was found, with their numbers; empty ones are left out."""
        for line, cells in _parsed(self.text, self.separator):
            if line > self.line and (isinstance(cells, Torn) or any(c.strip() for c in cells)):
                yield line, cells


def lines_of(text: str, knows: Callable[[list[str]], int], needed: int) -> Lines:
    """Find header and separator: `knows` says how many cells of a line are known headers; a header has at least so many as are `needed`."""
    said = _said(text)
    best = Lines(text, said or ",", 0, ())
    if needed and not text.strip():
        return best
    most = needed - 1
    for separator in (said,) if said else SEPARATORS:
        for line, cells in islice(_parsed(text, separator), HEAD_LINES):
            if not isinstance(cells, Torn) and (found := knows(cells)) > most:
                most, best = found, Lines(text, separator, line, tuple(c.strip() for c in cells))
    return best


def swallows(cells: list[str], separator: str, width: int) -> bool:
    r"""Whether a quote that was never closed made following lines part of a cell: the line breaks off, or a cell holds what looks like its own line.

    >>> swallows(["U1", "2023,50\nU2,2023"], ",", 3), swallows(["U1", "2023", "1. a\n2. b, c"], ",", 3)
    (True, False)
    """
    broken = [cell for cell in cells if "\n" in cell or "\r" in cell]
    if not broken:
        return False
    least = max(2, width - 2)
    return len(cells) != width or any(
        line.count(separator) >= least for cell in broken for line in cell.splitlines()
    )


def cut_off(text: str, line: int) -> bool:
    """Whether a line that is too short is the last one and does not end: the file was not written, or not sent, to its end."""
    return not text.endswith(("\n", "\r")) and line > (text.count("\n") or text.count("\r"))


def _said(text: str) -> str | None:
    """What Excel writes in its own line: `sep=;`."""
    first = text.split("\n", 1)[0].strip().strip('"')
    return first[4] if first.lower().startswith("sep=") and len(first) == 5 else None


def _parsed(text: str, separator: str) -> Iterator[tuple[int, list[str] | Torn]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            yield line, Torn(str(fault))


__all__ = ["SEPARATORS", "Lines", "Torn", "cut_off", "decoded", "lines_of", "swallows"]
