"""A sheet that prints figures of several years side by side (本年决算数, 上年决算数) -> the same sheet with the columns of its own year alone; cells of the others are named.

A form has figures of one year. Which column is whose is told by its words: 本年, 上年, 2022年.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from gouji.intake.finding.headers import HEAD_ROWS, head_rows
from gouji.intake.finding.labels import plain, year_said
from gouji.intake.finding.layout_match import label_words
from gouji.intake.finding.likely import holds_number
from gouji.intake.finding.units import parted
from gouji.intake.values.codes import year_in_digits
from gouji.intake.workbooks.sheet import Place, Raw, Sheet
from gouji.rules import Form, Table, alternatives

# What heads a column of amounts where no words but those of its year do.
AMOUNT = "金额"
_HEAD = re.compile(
    r"(?:(?P<own>本年度?|本期|当年|今年)|(?P<before>上年度?|上一年度?|上期|去年|前年度?)|(?P<year>20[0-9]{2})年度?)"
    r"(?P<amount>(?:年初|全年|调整后?|实际|实)?(?:支出决算|收入决算|决算|预算|执行|支出|收入|发生|完成)?(?:数|额|金额)|决算|预算|金额|实际)?"
)
_NUMBER_OF_YEAR = re.compile(r"20[0-9]{2}(?:\.0)?")


class _WhoseYear(Enum):
    OWN = 1
    BEFORE = 2
    STATED = 3


@dataclass(frozen=True, slots=True)
class _SaidYear:
    """What the words of a head say of a year: its own, one before, or a stated one; of which amount."""

    whose: _WhoseYear
    year: int
    amount: str


@dataclass(frozen=True, slots=True)
class _YearHead:
    """Words of a year over columns: where they stand, the last column that they head."""

    row: int
    column: int
    last: int
    words: _SaidYear


class YearColumns:
    """Finds columns of other years. `forms` are those that sheets may hold; what a form itself calls a column is no word of a year."""

    def __init__(self, forms: Sequence[tuple[Table, Form]]) -> None:
        self.forms = forms
        self.known: dict[tuple[int, ...], frozenset[str]] = {}

    def own(self, sheet: Sheet, forms: tuple[int, ...]) -> tuple[Sheet, tuple[Place, ...]]:
        """The sheet without columns of other years, and the cells that these hold figures in; the sheet itself where it prints one year alone."""
        heads = _heads(sheet)
        if not heads:
            return sheet, ()
        known = self._labels(forms)
        heads = [h for h in heads if plain(sheet.text(h.row, h.column)) not in known]
        year = _own_year(sheet, heads)
        others = [h for h in heads if _is_other(h.words, year)]
        rows = [list(row) for row in sheet.rows]
        for head in heads:
            if head not in others:
                _rename(rows, head)
        columns = {c: head.row for head in others for c in range(head.column, head.last + 1)}
        left = tuple(_blanked(rows, columns))
        areas = [
            ((top, first), end)
            for (top, first), end in sheet.areas
            if first not in columns or top < columns[first]
        ]
        return Sheet(sheet.name, rows, replace(sheet.facts), areas), left

    def _labels(self, forms: tuple[int, ...]) -> frozenset[str]:
        if (found := self.known.get(forms)) is None:
            found = self.known[forms] = frozenset(
                plain(word)
                for i in forms
                for part in label_words(*self.forms[i])
                for word in alternatives(part)
            )
        return found


@lru_cache(maxsize=8192)
def _words(text: str) -> _SaidYear | None:
    found = _HEAD.fullmatch(plain(parted(year_in_digits(text))[0]))
    if found is None:
        return None
    year = int(found["year"] or 0)
    whose = (
        _WhoseYear.STATED
        if year
        else _WhoseYear.OWN
        if found["own"] is not None
        else _WhoseYear.BEFORE
    )
    return _SaidYear(whose, year, found["amount"] or "")


def _heads(sheet: Sheet) -> list[_YearHead]:
    """Heads of columns that say a year: none of them a mere year below the title."""
    made = list[_YearHead]()
    rows = head_rows(sheet, HEAD_ROWS)
    for row in rows:
        cells = [(c, v) for c, v in enumerate(sheet.rows[row]) if v != ""]
        if any([holds_number(v) and not _is_year(v) for _c, v in cells]):
            break
        found = [(c, words) for c, v in cells if v.__class__ is str and (words := _words(v))]
        if len(found) > 1 or any(words.amount for _c, words in found):
            made += [_YearHead(row, c, _last(sheet, row, c), words) for c, words in found]
    return made


def _is_year(value: Raw) -> bool:
    return _NUMBER_OF_YEAR.fullmatch(str(value).strip()) is not None


def _last(sheet: Sheet, row: int, column: int) -> int:
    """The last column that a head spans: merged, or followed by blanks with words below."""
    for (top, left), (_bottom, right) in sheet.areas:
        if (top, left) == (row, column):
            return right
    last = column
    while (
        last + 1 < sheet.width
        and sheet.at(row, last + 1) == ""
        and _heads_column(sheet, row + 1, column)
        and _heads_column(sheet, row + 1, last + 1)
    ):
        last += 1
    return last


def _heads_column(sheet: Sheet, row: int, column: int) -> bool:
    """Whether words head a column of figures: below them no other words stand."""
    text = sheet.text(row, column)
    if not text or holds_number(text):
        return False
    below = (sheet.text(r, column) for r in range(row + 2, min(row + 12, len(sheet.rows))))
    return not any(t and any(map(_is_letter, t)) and not holds_number(t) for t in below)


def _is_letter(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def _own_year(sheet: Sheet, heads: Sequence[_YearHead]) -> int:
    """The year of the sheet: what its title says, else the last of those that its columns say; 0 where only 本年 says it."""
    at = {(h.row, h.column) for h in heads}
    first = min((h.row for h in heads), default=0)
    said = (
        year
        for row in range(sheet.top, first + 1)
        for c in range(sheet.width)
        if (row, c) not in at and (text := sheet.text(row, c)) and (year := year_said(text))
    )
    if title := next(said, 0):
        return title
    stated = {h.words.year for h in heads if h.words.whose is _WhoseYear.STATED}
    by_words = any(h.words.whose is _WhoseYear.OWN for h in heads)
    return 0 if by_words or not stated else max(stated)


def _is_other(words: _SaidYear, year: int) -> bool:
    match words.whose:
        case _WhoseYear.OWN:
            return False
        case _WhoseYear.BEFORE:
            return True
        case _WhoseYear.STATED:
            return words.year != year


def _rename(rows: list[list[Raw]], head: _YearHead) -> None:
    """Take the year off the words of a column: 本年决算数 is 决算数, 本年 with nothing below is an amount."""
    amount = head.words.amount
    below = rows[head.row + 1][head.column] if head.row + 1 < len(rows) else ""
    alone = not (isinstance(below, str) and below and not holds_number(below))
    if amount in ("", "数", "额", "实际", "实际数"):
        amount = AMOUNT if alone else ""
    said = parted(str(rows[head.row][head.column]))[1]
    if amount:
        rows[head.row][head.column] = f"{amount}({said.words})" if said is not None else amount


def _blanked(rows: list[list[Raw]], columns: dict[int, int]) -> Iterator[Place]:
    """Blank columns from a row on; the cells that held figures."""
    for r, row in enumerate(rows):
        for c, first in columns.items():
            if r >= first and row[c] != "":
                if holds_number(row[c]):
                    yield r, c
                row[c] = ""


__all__ = ["YearColumns"]
