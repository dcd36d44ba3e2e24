"""One page of a PDF -> its characters, rules, shaded areas and pictures, in points from the upper left corner of the page as shown.

Through pypdfium2's plain bindings. Nothing is rendered; pictures are not decoded; scripts, links, forms to fill in and attachments are not looked at.
"""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from gouji.documents.document_model import Box

# What one page may hold; past it the page is refused before it is worked on.
MAX_CHARACTERS, MAX_OBJECTS, MAX_SEGMENTS, MAX_DEPTH = 60_000, 60_000, 120_000, 6
# A stroke is level or upright within so many points; a filled shape is a rule up to so thick.
STRAIGHT, THICK = 0.8, 3.0
_INVISIBLE = (3, 7)
_BLANK, _UNKNOWN = frozenset((0xA0, 0x3000, 0xFEFF)), 0xFFFD
Matrix = tuple[float, float, float, float, float, float]
PLAIN: Matrix = (1, 0, 0, 1, 0, 0)


class Char(NamedTuple):
    """A character: its text, left and right edge, baseline, size, and how high it stands (top, bottom)."""

    text: str
    left: float
    right: float
    base: float
    size: float

    @property
    def middle(self) -> float:
        """Half way across."""
        return (self.left + self.right) / 2


class Rule(NamedTuple):
    """A level (or upright) rule: its y (or x), from where to where along the other axis."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    """What is on a page."""

    number: int
    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    level: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)
    # Edges of larger filled areas, which are rules where a page has no others.
    areas: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    unseen: list[Char] = field(default_factory=list)
    turned: list[Char] = field(default_factory=list)
    # Characters of fonts that do not say what they are.
    unmapped: int = 0
    # Outlines that may be letters, by box.
    curves: int = 0
    refused: str = ""


class PageTooFull(Exception):
    """A page with more on it than is read."""


def page_of(document: Any, number: int) -> Page:
    """Look at a page, by its number from 1."""
    handle = pdfium.FPDF_LoadPage(document, number - 1)
    if not handle:
        return Page(number, 0, 0, refused="damaged")
    made = Page(number, pdfium.FPDF_GetPageWidthF(handle), pdfium.FPDF_GetPageHeightF(handle))
    try:
        # In the order of cost: objects are counted before characters are.
        shown = _shown(handle, made)
        _Objects(made).all(handle, shown)
        _characters(handle, made, shown)
    except PageTooFull:
        made.refused = "too much"
    finally:
        pdfium.FPDF_ClosePage(handle)
    return made


def _shown(handle: Any, page: Page) -> Matrix:
    """Page space -> points on the page as shown: by the crop box and the quarter turns of the page."""
    scale, far = 100, 1000.0
    width, height = round(page.width * scale), round(page.height * scale)
    x, y = ctypes.c_int(), ctypes.c_int()

    def at(px: float, py: float) -> tuple[float, float]:
        pdfium.FPDF_PageToDevice(handle, 0, 0, width, height, 0, px, py, x, y)
        return x.value / scale, y.value / scale

    (ox, oy), (ax, ay), (bx, by) = at(0, 0), at(far, 0), at(0, far)
    return ((ax - ox) / far, (ay - oy) / far, (bx - ox) / far, (by - oy) / far, ox, oy)


def times(first: Matrix, then: Matrix) -> Matrix:
    """One change of coordinates after another."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        *(a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j),
        *(e * g + f * i + k, e * h + f * j + m),
    )


def moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """A point under a change of coordinates."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _characters(handle: Any, page: Page, shown: Matrix) -> None:
    text = pdfium.FPDFText_LoadPage(handle)
    if not text:
        return
    try:
        count = pdfium.FPDFText_CountChars(text)
        if count > MAX_CHARACTERS:
            raise PageTooFull
        read = _Characters(text, page, shown)
        for index in range(count):
            read.one(index)
    finally:
        pdfium.FPDFText_ClosePage(text)


class _TextPiece(NamedTuple):
    """A text object: the size of its characters, whether its line does not run from left to right, whether it is drawn in another colour than paper."""

    size: float
    turned: bool
    seen: bool


class _Characters:
    """Reads the characters of a page, one after another."""

    def __init__(self, text: Any, page: Page, shown: Matrix) -> None:
        self.text, self.page, self.shown = text, page, shown
        self.box, self.matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self.x, self.y = ctypes.c_double(), ctypes.c_double()
        self.color = [ctypes.c_uint() for _part in range(4)]
        # Many characters stand in one text object: what it says is asked once.
        self.pieces: dict[int, _TextPiece] = {}

    def one(self, index: int) -> None:
        """One character."""
        text, page = self.text, self.page
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code <= 32 or code in _BLANK:
            return
        if _unmapped(code) or pdfium.FPDFText_HasUnicodeMapError(text, index) == 1:
            page.unmapped += 1
            code = _UNKNOWN
        size, turned, seen = self.piece(index)
        char = self.char(index, code, size)
        if turned:
            page.turned.append(char)
        elif self.on_page(char) and (seen or self.on_shade(char)):
            page.chars.append(char)
        else:
            page.unseen.append(char)

    def char(self, index: int, code: int, size: float) -> Char:
        """A character of a size."""
        box, x, y, (a, b, c, d, e, f) = self.box, self.x, self.y, self.shown
        pdfium.FPDFText_GetLooseCharBox(self.text, index, box)
        pdfium.FPDFText_GetCharOrigin(self.text, index, x, y)
        left, right = a * box.left + c * box.bottom + e, a * box.right + c * box.top + e
        if left > right:
            left, right = right, left
        return Char(chr(code), left, right, b * x.value + d * y.value + f, size)

    def piece(self, index: int) -> _TextPiece:
        """What the text object of a character says of all its characters."""
        thing = pdfium.FPDFText_GetTextObject(self.text, index)
        address = ctypes.addressof(thing.contents) if thing else 0
        known = self.pieces.get(address)
        if known is None:
            known = self.asked(index, thing)
            if address:
                self.pieces[address] = known
        return known

    def asked(self, index: int, thing: Any) -> _TextPiece:
        """The size of a text object, whether its line is turned, and whether it is drawn, and in another colour than paper."""
        m, shown = self.matrix, self.shown
        pdfium.FPDFText_GetMatrix(self.text, index, m)
        size = pdfium.FPDFText_GetFontSize(self.text, index) * math.hypot(m.c, m.d)
        along, across = m.a * shown[0] + m.b * shown[2], m.a * shown[1] + m.b * shown[3]
        seen = pdfium.FPDFTextObj_GetTextRenderMode(thing) not in _INVISIBLE
        red, green, blue, clear = self.color
        if seen and pdfium.FPDFText_GetFillColor(self.text, index, red, green, blue, clear):
            seen = clear.value > 12 and min(red.value, green.value, blue.value) < 250
        return _TextPiece(size, along <= 0 or abs(across) > 0.02 * along, seen)

    def on_page(self, char: Char) -> bool:
        """Whether a character is large enough to be seen, and on the page."""
        _text, left, right, base, size = char
        page = self.page
        inside = -2 < left + right < 2 * page.width + 2 and 0 < base < page.height + 1
        return inside and size >= 1

    def on_shade(self, char: Char) -> bool:
        """Whether something shaded lies behind: white letters are seen there."""
        middle = char.base - 0.3 * char.size
        return any(
            box.left <= char.middle <= box.right and box.top <= middle <= box.bottom
            for box in self.page.areas
        )


def _unmapped(code: int) -> bool:
    """Whether a character stands where fonts put what has no meaning elsewhere."""
    return code >= 0xE000 and (code < 0xF900 or code == 0xFFFE or code >= 0xF0000)


class _Objects:
    """Reads what is drawn on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = self.segments = 0
        self.matrix = pdfium.FS_MATRIX()
        self.numbers = [ctypes.c_float() for _part in range(4)]
        self.color = [ctypes.c_uint() for _part in range(4)]
        self.mode, self.stroked = ctypes.c_int(), ctypes.c_int()

    def all(self, handle: Any, shown: Matrix) -> None:
        """Every object of a page. Raises TooMuch."""
        count = pdfium.FPDFPage_CountObjects(handle)
        self.many(
            (pdfium.FPDFPage_GetObject(handle, n) for n in range(count)), count, shown, MAX_DEPTH
        )

    def many(self, things: Iterator[Any], count: int, shown: Matrix, depth: int) -> None:
        """Some objects, those in forms too. Raises TooMuch."""
        self.count += count
        if self.count > MAX_OBJECTS:
            raise PageTooFull
        for thing in things:
            kind = pdfium.FPDFPageObj_GetType(thing)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self.path(thing, shown)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth:
                inside = pdfium.FPDFFormObj_CountObjects(thing)
                below = (pdfium.FPDFFormObj_GetObject(thing, n) for n in range(inside))
                self.many(below, inside, times(self.own(thing), shown), depth - 1)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                corners = [
                    moved(times(self.own(thing), shown), x, y) for x in (0, 1) for y in (0, 1)
                ]
                self.page.pictures.append(_around(corners))

    def own(self, thing: Any) -> Matrix:
        """The change of coordinates of an object itself."""
        if not pdfium.FPDFPageObj_GetMatrix(thing, self.matrix):
            return PLAIN
        m = self.matrix
        return (m.a, m.b, m.c, m.d, m.e, m.f)

    def path(self, thing: Any, shown: Matrix) -> None:
        """A path: rules, or a shaded area. Raises TooMuch."""
        self.segments += (count := pdfium.FPDFPath_CountSegments(thing))
        if self.segments > MAX_SEGMENTS:
            raise PageTooFull
        if not pdfium.FPDFPath_GetDrawMode(thing, self.mode, self.stroked):
            return
        filled = self.mode.value != 0 and self.drawn(pdfium.FPDFPageObj_GetFillColor, thing)
        stroked = self.stroked.value and self.drawn(pdfium.FPDFPageObj_GetStrokeColor, thing)
        if not (filled or stroked):
            return
        matrix = times(self.own(thing), shown)
        for outline in self.outlines(thing, count, matrix):
            if filled:
                self.fill(_around(outline))
            if stroked:
                for first, second in itertools.pairwise(outline):
                    self.line(first, second)

    def drawn(self, ask: Any, thing: Any) -> bool:
        """Whether a colour is seen on paper."""
        red, green, blue, clear = self.color
        if not ask(thing, red, green, blue, clear):
            return True
        return clear.value > 12 and min(red.value, green.value, blue.value) < 250

    def outlines(
        self, thing: Any, count: int, matrix: Matrix
    ) -> Iterator[list[tuple[float, float]]]:
        """The outlines of a path without curves; those with curves are counted."""
        points, curved = list[tuple[float, float]](), False
        x, y = self.numbers[0], self.numbers[1]
        for number in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(thing, number)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                if len(points) > 1 and not curved:
                    yield points
                self.page.curves += curved
                points, curved = [], False
            curved = curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
            points.append(moved(matrix, x.value, y.value))
            if pdfium.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
        if len(points) > 1 and not curved:
            yield points
        self.page.curves += curved

    def fill(self, box: Box) -> None:
        """A filled outline: a rule where it is thin, else an area."""
        wide, high = box.right - box.left, box.bottom - box.top
        if high <= THICK < wide:
            self.page.level.append(Rule((box.top + box.bottom) / 2, box.left, box.right))
        elif wide <= THICK < high:
            self.page.upright.append(Rule((box.left + box.right) / 2, box.top, box.bottom))
        elif wide > THICK and high > THICK:
            self.page.areas.append(box)

    def line(self, first: tuple[float, float], second: tuple[float, float]) -> None:
        """A stroke from one point to another."""
        (x0, y0), (x1, y1) = first, second
        if abs(y0 - y1) <= STRAIGHT and abs(x0 - x1) > STRAIGHT:
            self.page.level.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x0 - x1) <= STRAIGHT and abs(y0 - y1) > STRAIGHT:
            self.page.upright.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _around(points: list[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


__all__ = ["Char", "Page", "Rule", "page_of"]
