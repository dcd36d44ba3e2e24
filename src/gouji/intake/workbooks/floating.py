"""What lies over or beside the cells of a sheet: the texts of shapes and of comments, each with the cell that it is fixed to. None of it is a figure of a form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gouji.intake.workbooks.container import Package
from gouji.intake.workbooks.overlays import Anchor
from gouji.intake.workbooks.sheet import Place, row_column
from gouji.intake.workbooks.xml_elements import Given, Malformed, parse

ANCHORS = frozenset({"twoCellAnchor", "oneCellAnchor", "absoluteAnchor"})


@dataclass(frozen=True, slots=True)
class Floating:
    """A text that stands in no cell: of a shape or of a comment."""

    shape: bool
    at: Place
    text: str


def floating(package: Package, part: str) -> Iterator[Floating | Anchor]:
    """What lies over cells and hides them too: pictures, charts, filled shapes. Those of a sheet's part. What is no XML is left: it holds no cell. Raises Refused where the list of what the sheet refers to is damaged."""
    for _id, kind, path in package.related(part):
        if kind in ("drawing", "comments"):
            found = list[Floating | Anchor]()
            read = _Shapes(found) if kind == "drawing" else _Comments(found)
            try:
                parse(package.pieces(path), read.start, read.end, read.chars)
            except Malformed:
                continue
            yield from found


class _Shapes:
    """Texts of shapes, by the cell that their upper left corner lies in."""

    def __init__(self, found: list[Floating | Anchor]) -> None:
        self.found, self.path = found, list[str]()
        self.place, self.text = {"row": "", "col": ""}, ""
        self.anchor = Anchor()

    def start(self, name: str, given: Given) -> None:
        """An element begins."""
        own = name.rpartition(" ")[2]
        self.path.append(own)
        if own in ANCHORS:
            self.place, self.text = {"row": "", "col": ""}, ""
            self.anchor = Anchor()
        self.anchor.take(self.path, given)
        if own == "p" and self.text:
            self.text += "\n"

    def end(self, name: str) -> None:
        """An element ends."""
        self.path.pop()
        if name.rpartition(" ")[2] in ANCHORS and self.anchor.opaque:
            self.found.append(self.anchor)
        if name.rpartition(" ")[2] in ANCHORS and self.text.strip():
            row, column = (
                int(text) if (text := self.place[word].strip()).isdecimal() else 0
                for word in ("row", "col")
            )
            self.found.append(Floating(True, (row, column), self.text.strip()))

    def chars(self, text: str) -> None:
        """A piece of text."""
        if self.path[-1:] == ["t"] and "sp" in self.path:
            self.text += text
            return
        self.anchor.say(self.path, text)
        if self.path[-2:-1] == ["from"] and self.path[-1] in self.place:
            self.place[self.path[-1]] += text


class _Comments:
    """Texts of comments, by the cell that each is of."""

    def __init__(self, found: list[Floating | Anchor]) -> None:
        self.found, self.path = found, list[str]()
        self.cell, self.text = "", ""

    def start(self, name: str, given: Given) -> None:
        """An element begins."""
        self.path.append(name.rpartition(" ")[2])
        if self.path[-1] == "comment":
            self.cell, self.text = given.get("ref", ""), ""

    def end(self, _name: str) -> None:
        """An element ends."""
        if self.path.pop() == "comment" and self.text.strip():
            try:
                at = row_column(self.cell.replace("$", "").upper())
            except ValueError:
                at = (0, 0)
            self.found.append(Floating(False, at, self.text.strip()))

    def chars(self, text: str) -> None:
        """A piece of text."""
        if self.path[-1:] == ["t"]:
            self.text += text


__all__ = ["Floating", "floating"]
