"""Styles of a spreadsheet (ods) and one of its sheets -> cells whose numbers it does not show as their text says: by conditions, in columns too narrow, below drawings. Lengths in centimetres."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from math import inf

from lxml import etree

from gouji.documents.document_package import attribute, local
from gouji.documents.grid import Laid

_LENGTH = re.compile(r"(?P<number>-?\d*\.?\d+)(?P<unit>cm|mm|in|pt|pc)")
_UNITS = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6}
# Width of a column and height of a row that say none; of a digit of usual size, and what stands around them.
COLUMN, ROW, DIGIT, AROUND = 2.258, 0.452, 0.19, 0.14
# Rows and columns below so much show nothing.
FLAT = 0.1
# So many more digits may stand in a column when they are small; so much of a cell is covered where its figure cannot be read.
SMALL, MOST = 1.5, 0.6
_SHAPES = frozenset(("frame", "custom-shape", "rect", "ellipse", "circle", "polygon"))
_PICTURES = frozenset(("image", "object", "object-ole", "plugin"))
_NUMBER = r"\s*(-?\d+(?:\.\d+)?)\s*"
_COMPARED = re.compile(rf"(?:cell-content\(\))?\s*(<=|>=|!=|<>|<|>|=){_NUMBER}")
_BETWEEN = re.compile(
    rf"(?:cell-content-is-)?(?P<not>not-)?between\({_NUMBER},{_NUMBER}\)", re.IGNORECASE
)
_TESTS: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<>": lambda a, b: a != b,
}
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})$")
Spot = tuple[int, int]
Rectangle = tuple[float, float, float, float]


def centimetres(text: str) -> float | None:
    """A length; None where none is stated.

    >>> centimetres("10mm"), centimetres("auto")
    (1.0, None)
    """
    found = _LENGTH.fullmatch(text)
    return float(found["number"]) * _UNITS[found["unit"]] if found else None


def is_flat(size: str) -> bool:
    """Whether rows or columns of a size show nothing.

    >>> is_flat("0cm"), is_flat("0.4mm"), is_flat("1cm"), is_flat("")
    (True, True, False, False)
    """
    length = centimetres(size)
    return length is not None and length < FLAT


def holds(condition: str, number: float) -> bool | None:
    """Whether a number meets a condition; None where it is not worked out.

    >>> holds("cell-content()>100", 150.5), holds("between(1,2)", 3.0), holds("formula-is(A1)", 1.0)
    (True, False, None)
    """
    if found := _COMPARED.fullmatch(condition.strip()):
        return _TESTS[found[1]](number, float(found[2]))
    if found := _BETWEEN.fullmatch(condition.strip()):
        inside = float(found[2]) <= number <= float(found[3])
        return inside is not bool(found["not"])
    return None


@dataclass(frozen=True, slots=True)
class ShownBy:
    """What a cell looks like where a condition holds: the style; none where it shows no number at all."""

    condition: str
    style: str


@dataclass(slots=True)
class OpenLooks:
    """What the styles of a file say of numbers; `hides`: whether text of a style is not seen."""

    hides: Callable[[str], bool]
    sizes: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)
    maps: dict[str, list[ShownBy]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    fills: dict[str, str] = field(default_factory=dict)
    shrinks: set[str] = field(default_factory=set)
    # Formats of numbers by name: what they make of a number.
    formats: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def take(self, styles: Iterable[etree._Element]) -> None:
        """Look through some styles; those that others follow come first."""
        for style in styles:
            name = attribute(style, "name")
            if local(style).endswith("-style"):
                self.formats[name] = _format(style)
            elif local(style) == "style":
                self._style(style, name, attribute(style, "parent-style-name"))

    def _style(self, style: etree._Element, name: str, parent: str) -> None:
        given = list(chain.from_iterable(part.attrib.items() for part in style))
        said = {str(key).rpartition("}")[2]: str(value) for key, value in given}
        self.sizes[name] = (
            centimetres(said.get("column-width", "")),
            centimetres(said.get("row-height", "")),
        )
        number = attribute(style, "data-style-name") or self.numbers.get(parent, "")
        self.numbers[name] = number
        if (fill := said.get("fill") or self.fills.get(parent)) is not None:
            self.fills[name] = fill
        if said.get("shrink-to-fit") == "true" or parent in self.shrinks:
            self.shrinks.add(name)
        own = [
            ShownBy(attribute(m, "condition"), attribute(m, "apply-style-name"))
            for m in style.iterfind("{*}map")
        ]
        self.maps[name] = own or self.maps.get(parent, [])

    def sight(self, style: str, number: float, more: Iterable[ShownBy]) -> str:
        """`masked` where a condition hides a number, `changed` where it shows another one, `may be masked` where that cannot be told; else empty."""
        seen = ""
        for one in (*self.maps.get(style, ()), *more):
            met = holds(one.condition, number)
            what = self._made_of(style, one.style) if met is not False else ""
            if what and met:
                return what
            seen = seen or ("may be masked" if what else "")
        return seen

    def _made_of(self, style: str, applied: str) -> str:
        if not applied or self.hides(applied):
            return "masked"
        other, own = self.numbers.get(applied, ""), self.numbers.get(style, "")
        return "changed" if other and self.formats.get(other) != self.formats.get(own) else ""

    def is_narrow(self, style: str, text: str, width: float) -> bool:
        """Whether a number does not fit a column that is shown; the general format leaves places out first."""
        if style in self.shrinks or width <= AROUND:
            return False
        general = len(self.formats.get(self.numbers.get(style, ""), ("", ""))[1]) == 0
        shown = text.partition(".")[0] if general else text
        return len(shown) > (width - AROUND) / DIGIT * SMALL + 1

    def rectangles(self, parent: etree._Element) -> Iterator[Rectangle]:
        """What is laid over cells below an element: left, top, right, bottom."""
        for one in parent.iter():
            if local(one) not in _SHAPES or not self._is_opaque(one):
                continue
            x, y, wide, high = (
                centimetres(attribute(one, name)) or 0.0 for name in ("x", "y", "width", "height")
            )
            yield x, y, x + wide, y + high

    def _is_opaque(self, shape: etree._Element) -> bool:
        if attribute(shape, "table-background") == "true":
            return False
        if any(local(below) in _PICTURES for below in shape):
            return True
        fill = self.fills.get(attribute(shape, "style-name"), "")
        return fill not in ("", "none") if local(shape) == "frame" else fill != "none"

    def height(self, row: etree._Element) -> float:
        """The height of a row."""
        return self.sizes.get(attribute(row, "style-name"), (None, None))[1] or ROW

    def widths(self, table: etree._Element) -> Callable[[int], float]:
        """The width of each column of a sheet."""
        known, column = dict[int, float](), 0
        for part in table.iter("{*}table-column"):
            times = repeated(part, "number-columns-repeated")
            if (
                wide := self.sizes.get(attribute(part, "style-name"), (None, None))[0]
            ) and times < 20_000:
                known |= dict.fromkeys(range(column, column + times), wide)
            column += times
        return lambda number: known.get(number, COLUMN)


class SheetLooks:
    """How one sheet shows its numbers: conditions with their areas, widths of columns, tops of rows, what lies over cells."""

    def __init__(
        self, looks: OpenLooks, table: etree._Element, rows: Iterable[etree._Element]
    ) -> None:
        self.looks, self.width = looks, looks.widths(table)
        self.conditions = list(conditions_of(table))
        # First row, top and height of each run of rows that are alike.
        self.runs, self.over = list[tuple[int, float, float]](), list[Rectangle]()
        number, top = 0, 0.0
        for row in rows:
            times, height = repeated(row, "number-rows-repeated"), looks.height(row)
            self.runs.append((number, top, height))
            self.over += self._fixed_to_cells(row, top)
            number, top = number + times, top + times * height
        for shapes in table.iterfind("{*}shapes"):
            self.over += looks.rectangles(shapes)

    def _fixed_to_cells(self, row: etree._Element, top: float) -> Iterator[Rectangle]:
        column = 0
        for cell in row:
            if any(local(below) in _SHAPES for below in cell):
                left = self.left(column)
                for x, y, right, bottom in self.looks.rectangles(cell):
                    yield x + left, y + top, right + left, bottom + top
            column += repeated(cell, "number-columns-repeated")

    def left(self, column: int) -> float:
        """Where a column begins."""
        return sum(self.width(c) for c in range(min(column, 20_000)))

    def unseen(self, at: Spot, style: str, laid: Laid) -> str:
        """Why a cell is not seen as it is read; empty where it is."""
        if self.over and self._is_covered(at, laid.columns):
            return "covered"
        if laid.number is None:
            return ""
        row, column = at
        own = (
            one
            for (top, left, bottom, right), one in self.conditions
            if top <= row <= bottom and left <= column <= right
        )
        width = sum(self.width(c) for c in range(column, column + laid.columns))
        seen = self.looks.sight(style, laid.number, own)
        return seen or ("narrow" if self.looks.is_narrow(style, laid.text, width) else "")

    def _is_covered(self, at: Spot, columns: int) -> bool:
        row, column = at
        first, start, height = self.runs[max(bisect_right(self.runs, (row, inf, inf)) - 1, 0)]
        top, left = start + (row - first) * height, self.left(column)
        right, bottom = self.left(column + columns), top + height
        return any(
            max(min(r, right) - max(x, left), 0) * max(min(b, bottom) - max(y, top), 0)
            >= MOST * height * (right - left)
            > 0
            for x, y, r, b in self.over
        )


def conditions_of(table: etree._Element) -> Iterator[tuple[tuple[int, int, int, int], ShownBy]]:
    """The conditional formats of a sheet, each with an area: top, left, bottom, right."""
    for formats in table.iter("{*}conditional-format"):
        made = [
            ShownBy(attribute(c, "value"), attribute(c, "apply-style-name"))
            for c in formats.iterfind("{*}condition")
        ]
        made += [ShownBy("", "") for c in formats if attribute(c, "show-value", "true") == "false"]
        for area in attribute(formats, "target-range-address").split():
            ends = [_CELL.search(end) for end in (area.partition(":")[0], area.rpartition(":")[2])]
            if all(ends) and made:
                (top, left), (bottom, right) = (_spot(end) for end in ends if end is not None)
                for one in made:
                    yield (top, left, bottom, right), one


def is_error(cell: etree._Element) -> bool:
    """Whether a program says that it could not work a cell out."""
    return any(
        name.endswith("}value-type") and value == "error"
        for name, value in ((str(n), str(v)) for n, v in cell.attrib.items())
    )


def _spot(found: re.Match[str]) -> Spot:
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _format(style: etree._Element) -> tuple[str, ...]:
    """What a format makes of numbers: its kind, its places (empty for the general one), by how much it divides, the words beside."""
    kind = local(style).removesuffix("-style")
    number = next((p for p in style if local(p) == "number"), None)
    places, factor = (
        (attribute(number, "decimal-places"), attribute(number, "display-factor", "1"))
        if number is not None
        else ("", "")
    )
    words = tuple((p.text or "") for p in style if local(p) == "text")
    # With another format for numbers that are not negative this one is for those that are.
    words = () if words == ("-",) and style.find("{*}map") is not None else words
    others = tuple(
        local(p)
        for p in style
        if local(p) not in ("number", "text", "map", "text-properties", "currency-symbol")
    )
    return ("number" if kind == "currency" else kind, places, factor, *words, *others)


def repeated(element: etree._Element, name: str) -> int:
    """How often a row, a column or a cell stands there."""
    text = attribute(element, name, "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 9 else 1


__all__ = ["OpenLooks", "SheetLooks", "holds", "is_error", "is_flat", "repeated"]
