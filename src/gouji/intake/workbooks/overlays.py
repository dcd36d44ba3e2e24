"""What is laid over the cells of a sheet and hides them (pictures, charts, filled shapes) -> which cells it covers. Lengths are in EMU: 12,700 to a point."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from gouji.intake.workbooks.sheet import Place, SheetFacts
from gouji.intake.workbooks.xml_elements import Given

POINT, PIXEL = 12_700, 9_525
# The usual height of a row in points and width of a column in signs; how many pixels a sign has, and what stands around them.
ROW, COLUMN, SIGN, AROUND = 15.0, 8.43, 7, 5
# So much of a cell is covered where its figure cannot be read.
MOST = 0.6
LINES_AT_MOST = 20_000
_FILLS = frozenset({"solidFill", "gradFill", "blipFill", "pattFill"})
_CORNERS = ("col", "colOff", "row", "rowOff")


@dataclass(frozen=True, slots=True)
class LaidOver:
    """Something that covers cells: whether it is a chart, a picture or a shape; its edges, in rows and columns and parts of them."""

    kind: str
    top: float
    left: float
    bottom: float
    right: float

    def covers(self, at: Place) -> bool:
        """Whether the figure of a cell cannot be read below it.

        >>> [LaidOver("pic", 1.0, 1.0, 3.0, 2.5).covers(at) for at in ((1, 1), (1, 2), (0, 1))]
        [True, False, False]
        """
        row, column = at
        high = min(self.bottom, row + 1) - max(self.top, row)
        wide = min(self.right, column + 1) - max(self.left, column)
        return high > 0 and wide > 0 and high * wide >= MOST


@dataclass(slots=True)
class Anchor:
    """Where something is laid, as its elements say it: the cells of its corners with what lies between, or its first corner and its size."""

    kind: str = ""
    corners: dict[str, dict[str, str]] = field(default_factory=dict)
    at: tuple[str, str] = ("0", "0")
    size: tuple[str, str] = ("0", "0")

    @property
    def opaque(self) -> bool:
        """Whether it hides what lies below it."""
        return bool(self.kind)

    def take(self, path: Sequence[str], given: Given) -> None:
        """An element begins."""
        match path[-3:]:
            case [*_, "pic" | "graphicFrame" as kind]:
                self.kind = self.kind or kind
            case ["sp", "spPr", fill] if fill in _FILLS:
                self.kind = self.kind or "sp"
            case [*_, "oneCellAnchor" | "absoluteAnchor", "ext"]:
                self.size = given.get("cx", "0"), given.get("cy", "0")
            case [*_, "absoluteAnchor", "pos"]:
                self.at = given.get("x", "0"), given.get("y", "0")

    def say(self, path: Sequence[str], text: str) -> None:
        """A piece of text."""
        if path[-2:-1] in (["from"], ["to"]) and path[-1] in _CORNERS:
            corner = self.corners.setdefault(path[-2], {})
            corner[path[-1]] = corner.get(path[-1], "") + text

    def overlay(self, facts: SheetFacts) -> LaidOver:
        """What it covers on a sheet with these lines."""
        rows = _Lines(facts.heights, facts.hidden_rows, ROW, lambda points: points * POINT)
        columns = _Lines(facts.widths, facts.hidden_columns, COLUMN, _wide)
        top, bottom = self._ends("row", 1, rows)
        left, right = self._ends("col", 0, columns)
        return LaidOver(self.kind, top, left, bottom, right)

    def _ends(self, name: str, side: int, lines: _Lines) -> tuple[float, float]:
        """Where it begins and ends along one side."""
        stated = "from" in self.corners
        first = (
            self._corner("from", name, lines) if stated else lines.after(0.0, _whole(self.at[side]))
        )
        if "to" in self.corners:
            return first, self._corner("to", name, lines)
        return first, lines.after(first, _whole(self.size[side]))

    def _corner(self, which: str, name: str, lines: _Lines) -> float:
        given = self.corners.get(which, {})
        line = _whole(given.get(name, "0"))
        return line + min(_whole(given.get(f"{name}Off", "0")) / max(lines.size(line), 1.0), 1.0)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The rows, or the columns, of a sheet: the sizes of those that say theirs, those that are hidden, the usual size, and what makes EMU of a size."""

    sizes: Mapping[int, float]
    hidden: frozenset[int]
    usual: float
    made: Callable[[float], float]

    def size(self, line: int) -> float:
        """How large one is, in EMU."""
        return 0.0 if line in self.hidden else self.made(self.sizes.get(line, self.usual))

    def after(self, start: float, length: int) -> float:
        """Where something of a length ends that begins so many lines (and parts of one) from the first."""
        line, left = int(start), float(length) + (start % 1) * self.size(int(start))
        while left > (size := self.size(line)) and line < LINES_AT_MOST:
            left -= size
            line += 1
        return line + (left / size if size else 0.0)


def _wide(signs: float) -> float:
    return (signs * SIGN + AROUND) * PIXEL


def _whole(text: str) -> int:
    text = text.strip()
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 12 else 0


__all__ = ["Anchor", "LaidOver"]
