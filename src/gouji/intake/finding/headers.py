"""The words above columns of a sheet -> which column of a table each one heads, by what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gouji.intake.finding.labels import bare, owner, plain, year_said
from gouji.intake.finding.likely import holds_number
from gouji.intake.finding.words import LEVELS
from gouji.intake.workbooks.sheet import Sheet
from gouji.rules import Column, alternatives, path_of

HEAD_ROWS, HEADER_AT_MOST = 25, 4
Path = tuple[str, ...]


def paths(column: Column, given: Path | None) -> Iterator[Path]:
    """The label paths a column may be found by, the likeliest first."""
    if given is not None:
        yield given
        return
    if column.label:
        yield path_of(column.label)
    yield (column.name,)
    for alias in column.aliases:
        yield path_of(alias)


@dataclass(frozen=True, slots=True)
class Header:
    """A column header: where its lowest words stand, and all words from the top down."""

    row: int
    col: int
    stack: tuple[str, ...]

    def meets(self, path: Path, exact: bool) -> bool:
        """Whether the path is found in the words, its last part lowest."""
        return bool(self.stack) and _is_found(self.stack, path, exact)

    def meets_broken(self, path: Path) -> bool:
        """Whether the path is found where its last part is broken over two rows or more: 基本 above 支出, 功能分类科目 above 编码."""
        return any(
            _is_found((*self.stack[:first], "".join(self.stack[first:])), path, False)
            for first in range(len(self.stack) - 2, -1, -1)
        )

    def way(self, path: Path) -> Callable[[Header], bool] | None:
        """How the words meet a path, as a question to other headers; None where they do not."""
        if self.meets(path, False):
            return lambda other: other.meets(path, False)
        if self.meets_broken(path):
            return lambda other: other.meets_broken(path)
        return None


def _is_found(stack: Path, path: Path, exact: bool) -> bool:
    """Whether the lowest words are the last part of a path, and the words above hold the others from the top down."""
    if not says(stack[-1], path[-1], exact):
        return False
    rest = iter(stack[:-1])
    return all(any(says(word, part, exact) for word in rest) for part in path[:-1])


class LabelCells:
    """Cells that a layout rests on, with the words in them."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.at = sheet, set[tuple[int, int]]()

    def add(self, row: int, col: int) -> None:
        self.at.add((row, col))

    def said(self) -> list[tuple[int, int, str]]:
        return [(row, col, self.sheet.text(row, col)) for row, col in self.at]


def says(word: str, part: str, exact: bool) -> bool:
    """Whether words are one of the alternatives of a label's part; exactly, or without numbering and unit."""
    return (plain if exact else bare)(word) in _words_of(part, exact)


@lru_cache(maxsize=8192)
def _words_of(part: str, exact: bool) -> frozenset[str]:
    return frozenset(map(plain if exact else bare, alternatives(part)))


def headers_of(
    sheet: Sheet, wanted: list[Path], side: str | None = None
) -> tuple[list[Header], int]:
    """The header rows are those that name most of the wanted columns; the columns' words from the top down."""
    best: tuple[int, list[Header], int] = (0, [], -1)
    for first in head_rows(sheet, HEAD_ROWS):
        for last in range(first, min(first + HEADER_AT_MOST, len(sheet.rows))):
            headers = [
                h
                for col in range(sheet.width)
                if (h := _header(sheet, first, last, col)) is not None
            ]
            if side is not None:
                headers = [h for h in headers if _on_side(sheet, h, side)]
            count = sum(
                any(h.meets(path, False) or h.meets_broken(path) for path in wanted)
                for h in headers
            )
            if count > best[0]:
                best = (count, headers, last)
    return best[1], best[2]


def head_rows(sheet: Sheet, count: int) -> range:
    """So many rows from the first one with anything in it."""
    return range(sheet.top, min(sheet.top + count, len(sheet.rows)))


def owner_and_title(sheet: Sheet) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Where the sheet names its unit, and its year."""
    owned = titled = None
    for row in head_rows(sheet, 8):
        for col in range(min(sheet.width, 40)):
            text = sheet.text(row, col)
            if text and owned is None and owner(text):
                owned = (row, col)
            if text and titled is None and year_said(text):
                titled = (row, col)
    return owned, titled


def _on_side(sheet: Sheet, header: Header, side: str) -> bool:
    return any(
        says(w, side, False)
        for w in stack(sheet, header.row - HEADER_AT_MOST, header.row, header.col)
    )


def _header(sheet: Sheet, first: int, last: int, col: int) -> Header | None:
    there = [row for row in range(last, first - 1, -1) if sheet.text(row, col)]
    # 类 below the header of a code may stand beside the lowest words of other headers.
    above = (row for row in there if plain(sheet.text(row, col)) not in LEVELS)
    lowest = next(above, there[0] if there else None)
    return None if lowest is None else Header(lowest, col, stack(sheet, first, lowest, col))


def stack(sheet: Sheet, first: int, lowest: int, col: int) -> Path:
    """The words above a cell: a header that spans several columns stands in the first of them."""
    words: list[str] = []
    for row in range(max(0, first), lowest + 1):
        text = sheet.text(row, col)
        if row < lowest and (not text or holds_number(text)):
            text = next(
                (
                    t
                    for c in range(col - 1, -1, -1)
                    if (t := sheet.text(row, c)) and not holds_number(t)
                ),
                "",
            )
        if text and (not words or words[-1] != text) and (row == lowest or not holds_number(text)):
            words.append(text)
    return tuple(words)


def matched_of(
    columns: Sequence[Column], given: dict[str, Path], headers: Sequence[Header]
) -> dict[str, Header]:
    """The header of each column that has one; exact words are preferred to bare ones, and both to words broken over rows."""
    matched: dict[str, Header] = {}
    for meets in _WAYS:
        for column in columns:
            if column.name in matched:
                continue
            for path in paths(column, given.get(column.name)):
                header = next(
                    (h for h in headers if h not in matched.values() and meets(h, path)), None
                )
                if header is not None:
                    matched[column.name] = header
                    break
    return matched


_WAYS: tuple[Callable[[Header, Path], bool], ...] = (
    lambda header, path: header.meets(path, True),
    lambda header, path: header.meets(path, False),
    Header.meets_broken,
)


__all__ = [
    "HEADER_AT_MOST",
    "HEAD_ROWS",
    "Header",
    "LabelCells",
    "Path",
    "head_rows",
    "headers_of",
    "matched_of",
    "owner_and_title",
    "paths",
    "says",
    "stack",
]
