"""The XML of a sheet that is written as most programs write it -> where the texts of its cells stand in it, and which cell each belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from xml.parsers import expat

from gouji.intake.workbooks.cell_texts import unescaped
from gouji.intake.workbooks.sheet import Place, row_column
from gouji.intake.workbooks.xml_elements import MAIN, Given


class Unfit(Exception):
    """The sheet cannot stand for others."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A text that is written as it is read: its place among the texts, its cell with all attributes; `inline`: it stands in the cell, and is no value."""

    text: int
    row: int
    column: int
    given: Given
    inline: bool

    @property
    def style(self) -> str:
        """The style of its cell."""
        return self.given.get("s", "0")

    @property
    def is_number(self) -> bool:
        """Whether the text is a number, by the kind of its cell."""
        return not self.inline and self.given.get("t", "n") == "n"

    def with_text(self, text: str) -> Given:
        """The cell with a text."""
        return {**self.given, "is": unescaped(text)} if self.inline else {**self.given, "v": text}


@dataclass(frozen=True, slots=True)
class SheetTexts:
    """The texts that may be other ones on another sheet, and what is written between them, with an empty piece for each; all cells that hold anything; whether there are formulas; how many texts there are."""

    holes: list[Hole]
    between: list[str]
    filled: list[Place]
    formulas: bool
    count: int


def find_texts(whole: str) -> SheetTexts:
    """Go through a sheet that was read at once. Raises Unfit where a value is not one text, a cell has no name or two texts."""
    found = _Finding(whole.encode())
    try:
        found.parser.Parse(found.raw, True)
    except expat.ExpatError as fault:
        raise Unfit from fault
    return found.texts()


class _Finding:
    """Follows the parser through the sheet and counts texts; where one begins and ends it says in bytes."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.parser = raw, expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._chars
        self.count, self.passed = 0, 0
        self.between = list[str]()
        self.cells, self.cell = list[Given](), Given()
        self.holes = list[tuple[int, Given, bool]]()
        self.parts: list[tuple[int, int, str]] | None = None
        self.inside = False

    def texts(self) -> SheetTexts:
        """What was found."""
        cells = [id(cell) for _text, cell, _inline in self.holes]
        filled = [
            cell
            for cell in self.cells
            if {"v", "is", "f"} & cell.keys() or "e" in cell.get("t", "")
        ]
        if len(set(cells)) < len(cells) or not all("r" in cell for cell in filled):
            raise Unfit
        places = [_place(cell) for cell in filled]
        at = {id(cell): place for cell, place in zip(filled, places, strict=True)}
        holes = [Hole(n, *at[id(cell)], cell, inline) for n, cell, inline in self.holes]
        for cell in filled:
            cell.pop("v", None)
            cell.pop("is", None)
        between = [*self.between, self.raw[self.passed :].decode()]
        return SheetTexts(holes, between, places, any("f" in c for c in filled), self.count)

    def _start(self, name: str, given: Given) -> None:
        own = _own(name)
        if own == "c":
            self.cell = given
            self.cells.append(given)
        elif own == "v" or (own == "t" and self.inside):
            self.parts = []
        elif own == "is":
            self.inside = True
        elif own == "f":
            self.cell["f"] = ""

    def _chars(self, text: str) -> None:
        if self.parts is not None:
            self.parts.append((self.count, self.parser.CurrentByteIndex, text))
        self.count += 1

    def _end(self, name: str) -> None:
        own = _own(name)
        if own == "is":
            self.inside = False
        if self.parts is None or own not in ("v", "t"):
            return
        if not self._is_hole(self.parts) and own == "v":
            raise Unfit
        self.cell["is" if self.inside else "v"] = ""
        self.parts = None

    def _is_hole(self, parts: list[tuple[int, int, str]]) -> bool:
        """Whether what an element holds is one text that is written as it is read; then it is kept in mind."""
        if len(parts) != 1:
            return False
        ((number, begin, text),) = parts
        end = self.parser.CurrentByteIndex
        if self.raw[begin:end] != text.encode():
            return False
        self.holes.append((number, self.cell, self.inside))
        self.between += [self.raw[self.passed : begin].decode(), ""]
        self.passed = end
        return True


def _own(name: str) -> str:
    """The own name of an element of a sheet; empty for any other."""
    space, _blank, own = name.rpartition(" ")
    return own if space in ("", *MAIN) else ""


def _place(cell: Given) -> Place:
    return row_column(cell["r"].strip().replace("$", "").upper())
