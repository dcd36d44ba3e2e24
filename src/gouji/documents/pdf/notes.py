"""A PDF + notes -> the PDF with boxes, labels and notes, and pages with a list, appended to it: what was sent stays byte for byte at its front.

Runs in the process that `process.py` starts.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from gouji.base.i18n import _
from gouji.documents.document_model import Box, DocumentFault
from gouji.documents.pdf.pdf_process import Note

# A list's page in points, its margins, size of letters and distance of lines, letters a line (a Chinese one counts two).
WIDTH, HEIGHT, MARGIN, SIZE, LEADING, LETTERS = 595.0, 842.0, 48.0, 9.0, 15.0, 108
PRINTED = 4
# Size of labels in points; how much of its colour a box has.
LABEL, PALE = 6.0, 0.25


def note(raw: bytes, notes: Sequence[Note], listed: Sequence[str]) -> bytes:
    """The PDF with notes. Raises DocumentFault where nothing can be added to it."""
    try:
        if PdfReader(io.BytesIO(raw), strict=False).is_encrypted:
            raise _refused()
        writer = PdfWriter(io.BytesIO(raw), incremental=True)
        resources = _resources(writer)
        for one in notes:
            if 0 < one.page <= len(writer.pages):
                _Marks(writer, writer.pages[one.page - 1], resources).mark(one)
        for lines in _pages(listed):
            _list_page(writer, lines)
        made = io.BytesIO()
        writer.write(made)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise _refused() from fault
    content = made.getvalue()
    if not content.startswith(raw):
        raise _refused()
    return content


def _refused() -> DocumentFault:
    return DocumentFault(_("这个 PDF 加了密或不完整，不能加批注"), _("用 --separate 只出问题清单"))


@dataclass(frozen=True, slots=True)
class _Marks:
    """Marks one page."""

    writer: PdfWriter
    page: PageObject
    resources: IndirectObject

    def mark(self, one: Note) -> None:
        """A box with its note, and beside it a label: some viewers drop the Chinese of a note."""
        points = _corners(self.page, one.box)
        wide, high = one.box.right - one.box.left, one.box.bottom - one.box.top
        pale = " ".join(f"{1 - PALE * (1 - part):.3f}" for part in one.color)
        draw = f"/G gs {pale} rg 0 0 {wide:.2f} {high:.2f} re f\n"
        draw += f"/S gs {_color(one)} RG .6 w .3 .3 {wide - 0.6:.2f} {high - 0.6:.2f} re S"
        made = self.annotation("/Highlight", points, one.words, (wide, high), draw)
        made[NameObject("/QuadPoints")] = _numbers(*(c for point in points for c in point))
        made[NameObject("/T")] = TextStringObject("gouji")
        made[NameObject("/C")] = _numbers(*one.color)
        self.add(made)
        if one.label:
            self.add(self.label(one))

    def label(self, one: Note) -> DictionaryObject:
        """The label above a box."""
        text = one.label.replace("\\", "").replace("(", "").replace(")", "")
        wide, high = 0.6 * LABEL * len(text) + 2, LABEL + 2
        box = Box(one.box.left, one.box.top - high, one.box.left + wide, one.box.top)
        draw = f"/S gs BT {_color(one)} rg /F {LABEL} Tf 1 2 Td ({text}) Tj ET"
        made = self.annotation("/FreeText", _corners(self.page, box), text, (wide, high), draw)
        made[NameObject("/DA")] = TextStringObject(f"/Helv {LABEL} Tf {_color(one)} rg")
        return made

    def annotation(
        self,
        kind: str,
        points: Sequence[tuple[float, float]],
        words: str,
        size: tuple[float, float],
        draw: str,
    ) -> DictionaryObject:
        """An annotation that is drawn upright on the page as shown."""
        turn = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
        stream = DecodedStreamObject()
        stream.set_data(draw.encode("latin-1", "replace"))
        stream[NameObject("/Type")] = NameObject("/XObject")
        stream[NameObject("/Subtype")] = NameObject("/Form")
        stream[NameObject("/BBox")] = _numbers(0, 0, *size)
        stream[NameObject("/Matrix")] = _numbers(*turn[self.page.rotation % 360], 0, 0)
        stream[NameObject("/Resources")] = self.resources
        drawn = DictionaryObject({NameObject("/N"): self.writer._add_object(stream)})
        return DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject(kind),
                NameObject("/Rect"): _numbers(*_around(points)),
                NameObject("/Contents"): TextStringObject(words),
                NameObject("/F"): NumberObject(PRINTED),
                NameObject("/AP"): drawn,
            }
        )

    def add(self, annotation: DictionaryObject) -> None:
        """Put an annotation on the page, behind those that are there."""
        there = self.page.get("/Annots")
        kept = list(there.get_object()) if there is not None else []
        self.page[NameObject("/Annots")] = ArrayObject([*kept, self.writer._add_object(annotation)])


def _color(one: Note) -> str:
    return " ".join(f"{part:.3f}" for part in one.color)


def _resources(writer: PdfWriter) -> IndirectObject:
    """What all annotations are drawn with."""
    states = {
        NameObject("/G"): _state(1, "/Multiply"),
        NameObject("/S"): _state(1, "/Normal"),
    }
    fonts = {NameObject("/F"): _font("/Type1", "/Helvetica")}
    return writer._add_object(
        DictionaryObject(
            {
                NameObject("/ExtGState"): DictionaryObject(states),
                NameObject("/Font"): DictionaryObject(fonts),
            }
        )
    )


def _state(clear: float, mode: str) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/ca"): FloatObject(clear),
            NameObject("/CA"): FloatObject(clear),
            NameObject("/BM"): NameObject(mode),
        }
    )


def _font(kind: str, name: str) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject(kind),
            NameObject("/BaseFont"): NameObject(name),
        }
    )


def _corners(page: PageObject, box: Box) -> list[tuple[float, float]]:
    """The corners of a box on the page as shown -> in the page's own space: upper left, upper right, lower left, lower right as seen."""
    crop = page.cropbox
    left, bottom, right, top = (float(n) for n in (crop.left, crop.bottom, crop.right, crop.top))

    def own(x: float, y: float) -> tuple[float, float]:
        match page.rotation % 360:
            case 90:
                return left + y, bottom + x
            case 180:
                return right - x, bottom + y
            case 270:
                return right - y, top - x
            case _:
                return left + x, top - y

    return [own(x, y) for y in (box.top, box.bottom) for x in (box.left, box.right)]


def _around(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _numbers(*values: float) -> ArrayObject:
    return ArrayObject([FloatObject(round(value, 3)) for value in values])


def _pages(lines: Sequence[str]) -> Iterator[list[str]]:
    """Lines broken to the width of a page, page by page."""
    broken = [part for line in lines for part in _broken(line)]
    size = int((HEIGHT - 2 * MARGIN) / LEADING)
    for start in range(0, len(broken), size):
        yield broken[start : start + size]


def _broken(line: str) -> Iterator[str]:
    part, wide = "", 0
    for sign in line:
        own = 1 if sign.isascii() else 2
        if sign == "\n" or wide + own > LETTERS:
            yield part
            part, wide = "    ", 4
        if sign != "\n":
            part, wide = part + sign, wide + own
    yield part


def _list_page(writer: PdfWriter, lines: Sequence[str]) -> None:
    """A page of lines, in a font that viewers have for Chinese."""
    page = writer.add_blank_page(WIDTH, HEIGHT)
    font = _font("/Type0", "/STSong-Light")
    font[NameObject("/Encoding")] = NameObject("/UniGB-UCS2-H")
    font[NameObject("/DescendantFonts")] = ArrayObject([writer._add_object(_song())])
    drawn = [f"BT /L {SIZE} Tf {LEADING} TL {MARGIN} {HEIGHT - MARGIN} Td"]
    drawn += [f"<{line.encode('utf-16-be', 'replace').hex()}> Tj T*" for line in lines]
    stream = DecodedStreamObject()
    stream.set_data(" ".join([*drawn, "ET"]).encode("latin-1"))
    fonts = DictionaryObject({NameObject("/L"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = writer._add_object(stream)


def _song() -> DictionaryObject:
    """The glyphs of that font, by their numbers in Adobe-GB1."""
    info = DictionaryObject(
        {
            NameObject("/Registry"): TextStringObject("Adobe"),
            NameObject("/Ordering"): TextStringObject("GB1"),
            NameObject("/Supplement"): NumberObject(4),
        }
    )
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/CIDFontType0"),
            NameObject("/BaseFont"): NameObject("/STSong-Light"),
            NameObject("/CIDSystemInfo"): info,
            NameObject("/DW"): NumberObject(1000),
            # Letters and figures are half as wide.
            NameObject("/W"): ArrayObject([NumberObject(n) for n in (1, 95, 500)]),
        }
    )


__all__ = ["note"]
