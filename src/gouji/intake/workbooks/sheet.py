"""One sheet of a workbook as a reader of it sees it: rows of values as shown, what else is to be said about its cells; addresses of cells."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from gouji.intake.workbooks.floating import Floating
    from gouji.intake.workbooks.masks import Mask
    from gouji.intake.workbooks.overlays import LaidOver

# The files that hold sheets: workbooks, and documents with tables.
WORKBOOKS, PAPERS = (
    (".xlsx", ".xlsm", ".xls"),
    (".docx", ".docm", ".odt", ".ods", ".html", ".htm", ".pdf"),
)
SUFFIXES = (*WORKBOOKS, *PAPERS)
# What a cell shows: a text, a float with all its digits, a Shown number, bool, date, datetime, time or timedelta; an Unread; an empty text for nothing.
Raw = Any
Place = tuple[int, int]
Area = tuple[Place, Place]
T = TypeVar("T")
# From here on a number has more digits than a workbook keeps.
TOO_LONG = 1e15


class Shown(float):
    """A number as its format shows it: the double nearest to the decimal shown. Its class says how many places are shown, whether the cell holds
    more than it shows (`cut`), and the sign behind the number (a percent is in percents)."""

    __slots__ = ()
    places, cut, sign = 0, False, ""

    def __reduce__(self) -> tuple[Any, ...]:
        return _shown_again, (float(self), self.places, self.cut, self.sign)


@lru_cache(maxsize=1024)
def shown_kind(places: int, cut: bool = False, sign: str = "") -> type[Shown]:
    """The class of numbers shown alike."""
    return type("Shown", (Shown,), {"__slots__": (), "places": places, "cut": cut, "sign": sign})


def _shown_again(value: float, places: int, cut: bool, sign: str) -> Shown:
    return shown_kind(places, cut, sign)(value)


class Why(StrEnum):
    """Why nothing can be taken from a cell that is not empty."""

    ERROR = "error"
    UNSOLVED = "unsolved"
    UNSHOWN = "unshown"
    UNCLEAR = "unclear"
    STRUCK = "struck"
    BROKEN = "broken"
    COVERED = "covered"
    FORMULA = "formula"
    ALTERED = "altered"


class Sight(StrEnum):
    """Why whoever signs does not see a cell as it is read: in the colour of what lies behind it, too small, repeated to fill its cell, in a narrow column, below a drawing, by a condition."""

    GROUND = "ground"
    SMALL = "small"
    FILLED = "filled"
    NARROW = "narrow"
    COVERED = "covered"
    MASKED = "masked"
    CHANGED = "changed"
    MAY_BE_MASKED = "may be masked"


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that holds something of which no value can be taken: an error value, a formula without a result, a number that is not shown …

    It stands among the values of a sheet, so that nobody takes the cell for an empty one.
    """

    why: Why
    held: str = ""


@dataclass(slots=True)
class SheetFacts:
    """What is to be said about cells beside their values.

    `unread`, `long`: whether there is any Unread, any number with more digits than a workbook keeps. `lost` says of a cell what is no part of its
    text (struck out, raised); `held` is the number of a cell whose format makes a text of it, or cuts it.
    """

    unread: bool = False
    long: bool = False
    lost: dict[Place, str] = field(default_factory=dict)
    held: dict[Place, float] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    # How many signs a column has room for, of those that are narrow.
    narrow: Mapping[int, float] = field(default_factory=dict)
    # Widths in signs and heights in points of the lines that say theirs.
    widths: Mapping[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    # Cells that are not seen as they are read.
    unseen: dict[Place, Sight] = field(default_factory=dict)
    # Results of formulas in a workbook of which every formula is worked out anew when it is opened.
    worked_out: set[Place] = field(default_factory=set)
    # What is printed above and below each page.
    page: tuple[str, ...] = ()
    # Conditional formats that hide or change what cells show; texts that stand in no cell; what lies over cells.
    masks: tuple[Mask, ...] = ()
    floating: tuple[Floating, ...] = ()
    overlays: tuple[LaidOver, ...] = ()


class SheetWords:
    """What has been found out of a sheet from its words alone: its texts, and which cells hold anything else. Sheets that differ in figures alone have one together."""

    AT_MOST = 64

    def __init__(self) -> None:
        self.known: dict[Hashable, Any] = {}

    def once(self, what: Hashable, find: Callable[[], T]) -> T:
        """What is asked for, found when it is first asked for."""
        if what not in self.known:
            if len(self.known) >= self.AT_MOST:
                self.known.clear()
            self.known[what] = find()
        made: T = self.known[what]
        return made


@dataclass(slots=True)
class Sheet:
    """A sheet: its name, its rows (all of one width, from A1 on), what is to be said about its cells, its merged areas, its cells one after another."""

    name: str
    rows: Sequence[Sequence[Raw]]
    facts: SheetFacts = field(default_factory=SheetFacts)
    areas: Sequence[Area] = ()
    wording: SheetWords = field(default_factory=SheetWords, compare=False, repr=False)
    # Texts that may say something of units, once they have been looked for: place in `flat`, words.
    telling: tuple[tuple[int, str], ...] | None = field(default=None)
    flat: list[Raw] = field(init=False)
    width: int = field(init=False)
    # The first row with anything in it.
    top: int = field(init=False)
    _covered: Mapping[Place, Place] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.width = len(self.rows[0]) if self.rows else 0
        self.flat = list(chain.from_iterable(self.rows))
        blank = [""] * self.width
        self.top = next((i for i, row in enumerate(self.rows) if list(row) != blank), 0)

    def at(self, row: int, column: int) -> Raw:
        """The raw value of a cell; an empty text outside the sheet."""
        return (
            self.rows[row][column] if 0 <= row < len(self.rows) and 0 <= column < self.width else ""
        )

    def text(self, row: int, column: int) -> str:
        """The text of a cell, empty for figures."""
        value = self.at(row, column)
        return value if isinstance(value, str) else ""

    def texts(self) -> Sequence[tuple[int, str]]:
        """The cells with texts: place in `flat`, text."""
        return self.wording.once("texts", self._find_texts)

    def _find_texts(self) -> Sequence[tuple[int, str]]:
        return [(at, v) for at, v in enumerate(self.flat) if v.__class__ is str and v]

    def merged(self) -> Sequence[Area]:
        """Merged areas: upper left and lower right corner of each."""
        return self.areas

    def covered(self) -> Mapping[Place, Place]:
        """Cells of the sheet that a merged area covers -> the cell whose value stands there."""
        if self._covered is None:
            self._covered = {
                (row, column): (top, left)
                for (top, left), (bottom, right) in self.areas
                for row in range(top, min(bottom + 1, len(self.rows)))
                for column in range(left, min(right + 1, self.width))
                if (row, column) != (top, left)
            }
        return self._covered


def uncover(rows: Sequence[list[Raw]], areas: Sequence[Area], facts: SheetFacts) -> None:
    """What cells hold below a merged area, where nobody sees it, is not read. Words that the area shows anyway are no loss."""
    for (top, left), (bottom, right) in areas:
        for row in range(top, min(bottom + 1, len(rows))):
            line = rows[row]
            for column in range(left, min(right + 1, len(line))):
                value = line[column]
                if value == "" or (row, column) == (top, left):
                    continue
                same = isinstance(value, str) and value == rows[top][left]
                line[column] = "" if same else Unread(Why.COVERED, said(value)[:100])
                facts.unread = facts.unread or not same


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

    >>> said(1320.7300000000002), said(59.0), said(" 甲 "), said(shown_kind(2, sign="%")(91.5))
    ('1320.73', '59', ' 甲 ', '91.5%')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Shown):
        return plain_number(value) + value.sign
    if isinstance(value, (float, int)):
        return plain_number(value)
    if isinstance(value, Unread):
        return value.held
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def figure_text(value: Raw) -> tuple[str, int | None]:
    """A raw value as a figure is read from it: with the zeros that are shown behind it; and its places, where the cell holds more than it shows.

    >>> figure_text(shown_kind(2)(59.0)), figure_text(shown_kind(1, cut=True)(59.1)), figure_text("59.10")
    (('59.00', None), ('59.1', 1), ('59.10', None))
    """
    if not isinstance(value, Shown):
        return said(value), None
    return f"{value:.{value.places}f}{value.sign}", value.places if value.cut else None


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
