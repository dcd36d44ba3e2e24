"""The cells of one sheet while they are read, row by row -> the Sheet: values as they are shown, what is to be said about cells, hidden lines, merged areas.

Cells without a name stand behind the one before. A sheet that is too large, or writes a cell twice, is refused whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite

from gouji.base.i18n import _
from gouji.intake.workbooks.cell_styles import PLAIN, Styles
from gouji.intake.workbooks.cell_texts import Shared, visible
from gouji.intake.workbooks.date_format import from_iso
from gouji.intake.workbooks.masks import CONDITIONS, Conditions
from gouji.intake.workbooks.sheet import (
    TOO_LONG,
    Area,
    Place,
    Raw,
    Sheet,
    SheetFacts,
    Shown,
    Sight,
    Unread,
    Why,
    address,
    row_column,
    said,
    uncover,
)
from gouji.intake.workbooks.xml_elements import Given, Malformed, is_on

MAX_CELLS, MAX_ROWS, MAX_COLUMNS, NAMES_AT_MOST = 2_000_000, 1_048_576, 16_384, 1 << 17
# Rows and columns below these (in points, in signs) show nothing of what they hold.
ROW_AT_LEAST, COLUMN_AT_LEAST = 4.0, 0.5
# From this width (in signs) on a column has room for any figure.
NARROW = 8.0
PAGES = frozenset(
    {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}
)
# Codes inside them: fonts, sizes, colours, page numbers; parts on the left, in the middle, on the right.
_FONT, _PART = (
    re.compile(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&[0-9]+|&[ABDEFGINOPSTUXYZ]'),
    re.compile("&[LCR]"),
)
ERRORS = frozenset({
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"
})  # fmt: skip


# What a program writes for the result of a formula that it does not work out.
_ZERO = re.compile(r"0+(?:\.0*)?")


class TooLarge(Exception):
    """A sheet with more cells than are read."""


@dataclass(frozen=True, slots=True)
class Wordbook:
    """What the cells of a workbook refer to: shared strings, styles, what is added to days; whether programs work out every formula when they open it."""

    strings: Shared = field(default_factory=Shared)
    styles: Styles = PLAIN
    day_zero: int = 0
    worked_out_anew: bool = False


def _flat(text: str | None, least: float = ROW_AT_LEAST) -> bool:
    """Whether a row or a column of this size shows nothing."""
    try:
        return text is not None and float(text) < least
    except ValueError:
        return False


class _Places(dict[str, Place]):
    """The name of a cell -> row and column from 0; worked out when it is first met. Raises Malformed."""

    def __missing__(self, name: str) -> Place:
        try:
            row, column = row_column(name.strip().replace("$", "").upper())
        except ValueError as fault:
            raise Malformed(name[:40]) from fault
        if not (0 <= row < MAX_ROWS and 0 <= column < MAX_COLUMNS):
            raise Malformed(name[:40])
        if len(self) > NAMES_AT_MOST:
            self.clear()
        made = self[name] = row, column
        return made


_PLACES = _Places()


class Grid:
    """The cells of a sheet while it is read."""

    def __init__(self, words: Wordbook) -> None:
        self.words, self.facts = words, SheetFacts()
        self.rows: dict[int, dict[int, Raw]] = {}
        self.areas = list[Area]()
        self.hidden_rows, self.hidden_columns = set[int](), list[tuple[int, int]]()
        self.widths = list[tuple[int, int, float]]()
        self.at, self.named, self.count = -1, True, 0
        # Whether rows are hidden that do not say how high they are; whether cells show their formulas.
        self.rows_hidden = self.formulas_shown = False
        # Whether the result of a formula may be another one than whoever opens the workbook sees.
        self.wary = words.worked_out_anew
        self.quick = words.styles.quick
        self.odd, self.unseen = words.styles.struck | words.styles.hiding, words.styles.unseen
        self.pages, self.conditions = list[Given](), Conditions(words.styles)

    def begin(self, given: Given) -> None:
        """A row begins."""
        number = given.get("r", "").strip()
        self.named = number.isdecimal()
        self.at = int(number) - 1 if self.named else self.at + 1
        if (
            is_on(given, "hidden")
            or _flat(given.get("ht"))
            or (self.rows_hidden and "ht" not in given)
        ):
            self.hidden_rows.add(self.at)
        elif "ht" in given:
            self.facts.heights[self.at] = float(given["ht"])

    def row(self, cells: Sequence[Given]) -> None:
        """The cells of the row that is over."""
        column, kept, unseen, number = -1, self.rows.get(self.at), self.unseen, self._number
        self._count(len(cells))
        for given in cells:
            if (name := given.get("r")) is not None:
                row, column = _PLACES[name]
                if row != self.at:
                    self._elsewhere(row, name)
                    kept = self.rows.get(row)
            else:
                column += 1
            text, kind = given.get("v"), given.get("t", "n")
            value: Raw
            if self.wary and "f" in given and (made := self._of_formula(text or "", column)):
                value = made
            elif text and kind == "n":
                value = number(text, given, column)
            elif text is None and "is" not in given and "f" not in given and kind != "e":
                continue
            else:
                value = self._value(given, text, column)
            if value == "":
                continue
            if kept is None:
                kept = self.rows[self.at] = {}
            elif column in kept:
                raise Malformed(_("{cell} 写了两次").format(cell=address(self.at, column)))
            kept[column] = value
            if unseen:
                self._see(given, column)

    def value(self, given: Given, row: int, column: int) -> Raw:
        """What a cell with a text shows, apart from its row; an empty text where it shows nothing."""
        self.at, text = row, given.get("v")
        if text and given.get("t", "n") == "n":
            value = self._number(text, given, column)
        else:
            value = self._value(given, text, column)
        if self.unseen and value != "":
            self._see(given, column)
        return value

    def _see(self, given: Given, column: int) -> None:
        """Keep in mind why a cell is not seen as it is read."""
        if (sight := self.unseen.get(given.get("s", "0"))) is not None:
            self.facts.unseen[self.at, column] = sight

    def _count(self, cells: int) -> None:
        self.count += cells
        if self.count > MAX_CELLS:
            raise TooLarge

    def _of_formula(self, text: str, column: int) -> Unread | None:
        """Why nothing can be taken of a formula: it is shown itself, or nobody has worked it out and a program put 0 there. Any other result is kept in mind."""
        if self.formulas_shown:
            return self._unread(Why.FORMULA, text)
        if _ZERO.fullmatch(text.strip()):
            return self._unread(Why.UNSOLVED, text)
        self.facts.worked_out.add((self.at, column))
        return None

    def _elsewhere(self, row: int, name: str) -> None:
        """A row that does not say which one it is has the number that its cells say; any other difference is none to be guessed at."""
        if self.named:
            raise Malformed(name[:40])
        self.at, self.named = row, True

    def other(self, name: str, given: Given) -> Given | None:
        """Another element of the sheet; what its text goes into, if anybody minds it."""
        if name in PAGES:
            self.pages.append(Given(v=""))
            return self.pages[-1]
        try:
            if name == "mergeCell":
                first, _colon, last = given.get("ref", "").partition(":")
                (top, left), (bottom, right) = _PLACES[first], _PLACES[last or first]
                corners = sorted((top, bottom)), sorted((left, right))
                self.areas.append(((corners[0][0], corners[1][0]), (corners[0][1], corners[1][1])))
            elif name == "col":
                self._column(given)
            elif name == "sheetView":
                self.formulas_shown = self.formulas_shown or is_on(given, "showFormulas")
                self.wary = self.wary or self.formulas_shown
            elif name == "sheetFormatPr":
                self.rows_hidden = is_on(given, "zeroHeight")
            elif name in CONDITIONS:
                return self.conditions.take(name, given)
        except (ValueError, KeyError) as fault:
            raise Malformed(name) from fault
        return None

    def _column(self, given: Given) -> None:
        """Columns that are hidden, and those that say how wide they are."""
        first, last, width = int(given["min"]) - 1, int(given["max"]), given.get("width")
        if is_on(given, "hidden") or _flat(width, COLUMN_AT_LEAST):
            self.hidden_columns.append((first, last))
        elif width is not None:
            self.widths.append((first, last, float(width)))

    def _value(self, given: Given, text: str | None, column: int) -> Raw:
        """What a cell shows that holds no number, an empty text where it shows nothing."""
        kind, style = given.get("t", "n"), given.get("s", "0")
        made: Raw
        if kind == "inlineStr" or (text is None and "is" in given):
            made = self._inline(given, text or "", kind, column)
        elif text is None or (kind == "n" and not text.strip()):
            return self._without_value(given, kind)
        elif kind == "s":
            made = self._shared(text, style, column)
        elif kind == "e":
            return self._unread(Why.ERROR, text)
        elif kind == "b":
            made = text.strip() in ("1", "true")
        elif kind in ("str", "d"):
            made = from_iso(text) if kind == "d" and text.strip() else text.strip()
        else:
            made = self._unread(Why.BROKEN, text)
        if isinstance(made, Unread):
            self.facts.unread = True
        return self._text(made, style) if isinstance(made, str) else made

    def _inline(self, given: Given, text: str, kind: str, column: int) -> Raw:
        """A text that stands in its cell, what of it is lost, and whether it cannot be seen."""
        if kind == "inlineStr" and text and not text.isspace():
            return self._unread(Why.BROKEN, text)
        if given.get("hid"):
            self.facts.unseen[self.at, column] = Sight.GROUND
        if lost := given.get("lost", ""):
            self.facts.lost[self.at, column] = lost
        return given.get("is", text)

    def _without_value(self, given: Given, kind: str) -> Raw:
        """A cell without a value: of a formula, of an error, or of nothing."""
        if "f" in given:
            return self._unread(Why.UNSOLVED)
        return self._unread(Why.ERROR) if kind == "e" else ""

    def _shared(self, text: str, style: str, column: int) -> Raw:
        strings = self.words.strings
        try:
            number = int(text)
            made = strings.texts[number] if number >= 0 else None
        except (ValueError, IndexError):
            made = None
        if made is None:
            return self._unread(Why.BROKEN, text)
        lost = strings.lost.get(number, "")
        if (runs := strings.coloured.get(number)) is not None:
            made, lost, hidden = visible(made, lost, runs, self.words.styles.ground(style))
            if hidden:
                self.facts.unseen[self.at, column] = Sight.GROUND
        if lost:
            self.facts.lost[self.at, column] = lost
        return made

    def _text(self, text: str, style: str) -> Raw:
        if not text or text.isspace():
            return ""
        if text[0] == "#" and text.strip() in ERRORS:
            return self._unread(Why.ERROR, text.strip())
        if style in self.odd:
            return self._unread(
                Why.STRUCK if style in self.words.styles.struck else Why.UNSHOWN, text
            )
        return text

    def _number(self, text: str, given: Given, column: int) -> Raw:
        try:
            number = float(text)
        except ValueError:
            return (
                self._unread(Why.BROKEN, text) if text.strip() else self._value(given, "", column)
            )
        # Python takes more for a number than the format of workbooks does.
        if "_" in text or not text.isascii():
            return self._unread(Why.BROKEN, text)
        style = given.get("s", "0")
        if (quick := self.quick.get(style)) is not None and 0 < number < 1e13:
            # A number that is the nearest to so many whole parts of its last place is shown as it is held; `show` says the same.
            scale, kind = quick
            parts = (number * scale + 0.5) // 1.0
            if parts < TOO_LONG and parts / scale == number:
                return kind(number)
        look, struck = self.words.styles.displays.get(style), style in self.words.styles.struck
        if look is None and not struck and -TOO_LONG < number < TOO_LONG:
            return number
        if not isfinite(number):
            return self._unread(Why.BROKEN, text)
        if abs(number) >= TOO_LONG:
            self.facts.long = True
        value = number if look is None else look.show(number, self.words.day_zero)
        if struck:
            value = Unread(Why.STRUCK, said(value))
        return value if value.__class__ is float else self._shown(value, number, column)

    def _shown(self, value: Raw, number: float, column: int) -> Raw:
        """A number that its format makes something of."""
        if isinstance(value, Shown):
            if value.cut:
                self.facts.held[self.at, column] = number
        elif isinstance(value, Unread):
            self.facts.unread = True
        elif isinstance(value, str):
            self.facts.held[self.at, column] = number
        return value

    def _unread(self, why: Why, held: str = "") -> Unread:
        self.facts.unread = True
        return Unread(why, held.strip()[:100])

    def sheet(self, name: str) -> Sheet:
        """The sheet, once all of it was told."""
        height = max(self.rows, default=-1) + 1
        width = max((max(row) for row in self.rows.values()), default=-1) + 1
        if height * width > MAX_CELLS or self._merged(height, width) > 2 * MAX_CELLS:
            raise TooLarge
        rows = []
        blank: list[Raw] = [""] * width
        for number in range(height):
            line = blank.copy()
            for column, value in self.rows.get(number, {}).items():
                line[column] = value
            rows.append(line)
        self._settle_facts(width)
        uncover(rows, self.areas, self.facts)
        return Sheet(name, rows, self.facts, self.areas)

    def _merged(self, height: int, width: int) -> int:
        """How many cells of the sheet lie in merged areas; one counts once for each area."""
        return sum(
            max(0, min(bottom, height - 1) - top + 1) * max(0, min(right, width - 1) - left + 1)
            for (top, left), (bottom, right) in self.areas
        )

    def _settle_facts(self, width: int) -> None:
        """What is to be said about the sheet beside its cells: texts of its pages, what hides cells, narrow columns."""
        facts = self.facts
        parts = (part for page in self.pages for part in _PART.split(_FONT.sub("", page["v"])))
        facts.page = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
        facts.masks = self.conditions.masks(_PLACES)
        facts.hidden_rows = frozenset(self.hidden_rows)
        facts.hidden_columns = frozenset(
            c for first, last in self.hidden_columns for c in range(max(first, 0), min(last, width))
        )
        facts.widths = {
            c: wide for first, last, wide in self.widths for c in range(first, min(last, width))
        }
        facts.narrow = {c: wide for c, wide in facts.widths.items() if wide < NARROW}


__all__ = ["MAX_CELLS", "Grid", "TooLarge", "Wordbook"]
