"""One sheet of a workbook as it was read: rows of raw values, addresses of cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain
from typing import Any

# The files that hold sheets.
SUFFIXES = (".xlsx", ".xlsm", ".xls")
Raw = Any  # str, float, int, bool, date, datetime, time or timedelta: what python-calamine hands out


@dataclass(slots=True)
class Sheet:
    """A sheet: its name, its rows (all of one width, from A1 on), whether a reader of the workbook sees it, and its cells one after another."""

    name: str
    rows: Sequence[Sequence[Raw]]
    marks: Callable[..., Marks] = field(default=lambda percents=False: Marks())
    merged: Callable[[], Sequence[tuple[tuple[int, int], tuple[int, int]]]] = field(default=tuple)
    solved: bool = False
    formats_known: bool = True
    # Texts that may say something of units, once they have been looked for: place in `flat`, words.
    telling: tuple[tuple[int, str], ...] | None = field(default=None)
    flat: list[Raw] = field(init=False)
    width: int = field(init=False)

    def __post_init__(self) -> None:
        self.width = len(self.rows[0]) if self.rows else 0
        self.flat = list(chain.from_iterable(self.rows))

    def at(self, row: int, column: int) -> Raw:
        """The raw value of a cell; an empty text outside the sheet."""
        return self.rows[row][column] if 0 <= row < len(self.rows) and 0 <= column < self.width else ""

    def text(self, row: int, column: int) -> str:
        """The text of a cell, empty for figures."""
        value = self.at(row, column)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What python-calamine does not tell: cells with a formula but no result, cells with an error, cells shown as percents."""

    unsolved: frozenset[tuple[int, int]] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()
    percents: frozenset[tuple[int, int]] = frozenset()


def address(row: int, column: int) -> str:
    """Row and column from 0 -> the name of the cell.

    >>> address(0, 0), address(11, 27)
    ('A1', 'AB12')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def row_column(cell: str) -> tuple[int, int]:
    """The name of a cell -> row and column from 0.

    >>> row_column("AB12")
    (11, 27)
    """
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(cell[len(letters) :]) - 1, column - 1


def said(value: Raw) -> str:
    """A raw value as text: numbers with at most the 15 digits that a workbook keeps, dates as 2023-12-31.

    >>> said(1320.7300000000002), said(59.0), said(" 甲 ")
    ('1320.73', '59', ' 甲 ')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (float, int)):
        return plain_number(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def plain_number(value: float) -> str:
    """A number with at most 15 digits, never with an exponent.

    >>> plain_number(0.00001), plain_number(1e16)
    ('0.00001', '10000000000000000')
    """
    text = f"{value:.15g}"
    if "e" not in text:
        return text
    from decimal import Decimal

    return format(Decimal(text), "f")
