"""The XML of a sheet that is written as most programs write it -> where the texts of its cells stand among its tokens, and which cell each belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers import expat

from gouji.intake.workbooks.cell_texts import unescaped
from gouji.intake.workbooks.sheet import Place, row_column
from gouji.intake.workbooks.xml_elements import MAIN, Given


class Unfit(Exception):
    """The sheet cannot stand for others."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A text that is one token: its place among the tokens, its cell with all attributes; `inline`: it stands in the cell, and is no value."""

    token: int
    row: int
    column: int
    given: Given
    inline: bool

    @property
    def is_number(self) -> bool:
        """Whether the text is a number, by the kind of its cell."""
        return not self.inline and self.given.get("t", "n") == "n"

    def with_text(self, text: str) -> Given:
        """The cell with a text."""
        return {**self.given, "is": unescaped(text)} if self.inline else {**self.given, "v": text}


@dataclass(frozen=True, slots=True)
class SheetTexts:
    """The texts that may be other ones on another sheet; all cells that hold anything; whether there are formulas; how many tokens there are."""

    holes: list[Hole]
    filled: list[Place]
    formulas: bool
    count: int


def find_texts(pieces: Iterable[bytes]) -> SheetTexts:
    """Go through a sheet that was read at once. Raises Unfit where a value is not one token, a cell has no name or two texts."""
    found = _Finding()
    try:
        found.go(b"".join(pieces))
    except expat.ExpatError as fault:
        raise Unfit from fault
    return found.texts()


class _Finding:
    """Follows the parser through the sheet and counts tokens, by the places in the file where they begin."""

    def __init__(self) -> None:
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler, parser.DefaultHandler = self._chars, self._other
        self.count, self.begin = 0, -1
        self.cells, self.cell = list[Given](), Given()
        self.holes = list[tuple[int, Given, bool]]()
        self.parts: list[int] | None = None
        self.inside = False

    def go(self, raw: bytes) -> None:
        """Go through all of it."""
        self.parser.Parse(raw, True)

    def texts(self) -> SheetTexts:
        """What was found."""
        cells = [id(cell) for _token, cell, _inline in self.holes]
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
        return SheetTexts(holes, places, any("f" in cell for cell in filled), self.count)

    def _step(self) -> None:
        if self.parser.CurrentByteIndex != self.begin:
            self.count, self.begin = self.count + 1, self.parser.CurrentByteIndex

    def _other(self, _text: str) -> None:
        self._step()

    def _start(self, name: str, given: Given) -> None:
        self._step()
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

    def _chars(self, _text: str) -> None:
        self._step()
        if self.parts is not None:
            self.parts.append(self.count - 1)

    def _end(self, name: str) -> None:
        self._step()
        own = _own(name)
        if own == "is":
            self.inside = False
        if self.parts is None or own not in ("v", "t"):
            return
        if len(self.parts) == 1:
            self.holes.append((self.parts[0], self.cell, self.inside))
        elif own == "v":
            raise Unfit
        self.cell["is" if self.inside else "v"] = ""
        self.parts = None


def _own(name: str) -> str:
    """The own name of an element of a sheet; empty for any other."""
    space, _blank, own = name.rpartition(" ")
    return own if space in ("", *MAIN) else ""


def _place(cell: Given) -> Place:
    return row_column(cell["r"].strip().replace("$", "").upper())
