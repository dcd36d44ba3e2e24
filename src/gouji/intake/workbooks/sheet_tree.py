"""The XML of one sheet, whole -> its rows told to a grid, where it is written as most programs write it.

The tree is made by expat too, but in C. What is written in any other way (values in pieces of text, rich texts in cells, elements where nobody puts
them, whatever is wrong) is left to `sheet_xml.py`, which goes element by element: then nothing that was told here counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError, XMLParser

from gouji.intake.workbooks.cell_texts import unescaped
from gouji.intake.workbooks.container import Refused
from gouji.intake.workbooks.sheet_grid import Grid, TooLarge
from gouji.intake.workbooks.xml_elements import MAIN, Given, Malformed

# A tree takes some ten times the room of its text.
AT_ONCE = 4 << 20


class _Unusual(Exception):
    """Something that is left to the other way."""


def at_once(pieces: Iterable[bytes], grid: Grid) -> bool:
    """Tell the whole sheet to a grid; False where it is to be read the other way, with a new grid."""
    try:
        root = _tree(pieces)
        space, brace, own = root.tag.rpartition("}")
        if own != "worksheet" or space.lstrip("{") not in ("", *MAIN):
            return False
        names = _Tags(space + brace)
        for part in root:
            if part.tag == names.data:
                _rows(part, grid, names)
            else:
                _beside(part, grid, names)
    except (_Unusual, Malformed, TooLarge, Refused, ParseError, ValueError, LookupError):
        return False
    return True


def _tree(pieces: Iterable[bytes]) -> Element:
    """The tree. A document type is refused by the other way: of bytes without a zero, which UTF-16 has, its beginning is always written alike."""
    parser, size = XMLParser(), 0
    held = b""
    for piece in pieces:
        size += len(piece)
        held = held[-len(b"<!DOCTYPE") :] + piece
        if size > AT_ONCE or b"\0" in held or b"<!DOCTYPE" in held:
            raise _Unusual
        parser.feed(piece)
    made: Element = parser.close()
    return made


class _Tags:
    """The names of the elements that hold cells, as this sheet writes them."""

    def __init__(self, space: str) -> None:
        self.data, self.row, self.cell = f"{space}sheetData", f"{space}row", f"{space}c"
        self.value, self.formula = f"{space}v", f"{space}f"
        self.inline, self.text = f"{space}is", f"{space}t"
        self.inside = frozenset({self.row, self.cell, self.value, self.formula, self.inline})


def _rows(data: Element, grid: Grid, names: _Tags) -> None:
    """One element after another, as they begin; one function, because it goes through every cell."""
    row_name, cell_name, value_name, inline_name = names.row, names.cell, names.value, names.inline
    elements, given = data.iter(), Given()
    cells: list[Given] = []
    _only_blank(next(elements).text)
    for element in elements:
        tag = element.tag
        if tag == cell_name:
            given = element.attrib
            cells.append(given)
        elif tag == value_name:
            if "v" in given:
                raise _Unusual
            given["v"] = element.text or ""
        elif tag == inline_name:
            given["is"] = _inline(element, next(elements, element), names.text)
        elif tag == row_name:
            _only_blank(element.text)
            grid.row(cells)
            cells.clear()
            grid.begin(element.attrib)
        elif tag == names.formula:
            given["f"] = ""
        else:
            raise _Unusual
        if element.tail is not None:
            _only_blank(element.tail)
    grid.row(cells)


def _inline(element: Element, inside: Element, name: str) -> str:
    """The text inside a cell, where it has no runs."""
    if len(element) != 1 or inside.tag != name or len(inside):
        raise _Unusual
    return unescaped(inside.text or "")


def _beside(part: Element, grid: Grid, names: _Tags) -> None:
    """What stands before and behind the rows."""
    for element in part.iter():
        if element.tag in names.inside:
            raise _Unusual
        into = grid.other(element.tag.rpartition("}")[2], element.attrib)
        _only_blank(element.tail)
        if into is not None:
            if len(element):
                raise _Unusual
            into["v"] += element.text or ""


def _only_blank(text: str | None) -> None:
    if text is not None and text.strip():
        raise _Unusual


__all__ = ["at_once"]
