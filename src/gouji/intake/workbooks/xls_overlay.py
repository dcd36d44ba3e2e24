"""Records of an `.xls` -> what lies over its cells or hides them: texts of shapes and comments, conditional formats that show nothing.

Only what Excel 97 knows: rules of later versions (colour scales, icons) hide nothing and are left out. After [MS-XLS] 2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from gouji.base.colours import same_colour
from gouji.intake.workbooks.floating import Floating
from gouji.intake.workbooks.masks import Mask
from gouji.intake.workbooks.sheet import Area, Place


class RecordKind(IntEnum):
    """The records that tell of it."""

    OBJECT = 0x005D
    TEXT = 0x01B6
    MORE = 0x003C
    DRAWING = 0x00EC
    NOTE = 0x001C
    FORMATS = 0x01B0
    RULE = 0x01B1


OVERLAY = frozenset(RecordKind)
# The head of an anchor in a drawing: its kind and its length.
_ANCHOR = b"\x00\x00\x10\xf0\x12\x00\x00\x00"
_COMMENT = 0x19
_NUMBER, _INK, _BORDER, _FILL = 0x02000000, 0x04000000, 0x10000000, 0x20000000
_OPERATORS = (
    "",
    "between",
    "notBetween",
    "equal",
    "notEqual",
    "greaterThan",
    "lessThan",
    "greaterThanOrEqual",
    "lessThanOrEqual",
)
Colour = bytes | int

_WHITE, _COLOURS = b"\xff\xff\xff", 80


def same_look(ink: Colour, ground: Colour) -> bool:
    """Whether text of one colour is not seen on another: of three bytes each, or numbers of colours that are not known."""
    if isinstance(ink, bytes) and isinstance(ground, bytes):
        return same_colour(ink.hex(), ground.hex())
    return ink == ground


@dataclass(slots=True)
class Overlay:
    """The records of one sheet, as they come."""

    colour: Callable[[int], Colour] = int
    masks: list[Mask] = field(default_factory=list)
    shapes: list[Floating] = field(default_factory=list)
    comments: dict[int, str] = field(default_factory=dict)
    notes: dict[int, Place] = field(default_factory=dict)
    at: Place = (0, 0)
    object: tuple[int, int] = (0, 0)
    signs: int = 0
    areas: tuple[Area, ...] = ()

    def take(self, kind: int, body: bytes) -> None:
        """One record."""
        match kind:
            case RecordKind.DRAWING:
                if (found := body.rfind(_ANCHOR)) >= 0:
                    column, _dx, row = struct.unpack_from("<HHH", body, found + 10)
                    self.at = row, column
            case RecordKind.OBJECT:
                self.object = struct.unpack_from("<HH", body, 4)
            case RecordKind.TEXT:
                (self.signs,) = struct.unpack_from("<H", body, 10)
            case RecordKind.MORE if self.signs:
                self._said(body)
            case RecordKind.NOTE:
                row, column, _flags, number = struct.unpack_from("<HHHH", body)
                self.notes[number] = row, column
            case RecordKind.FORMATS:
                self.areas = tuple(_areas(body))
            case RecordKind.RULE if self._hides(body):
                self.masks.append(self._mask(body))

    @property
    def floating(self) -> tuple[Floating, ...]:
        """Texts that stand in no cell."""
        said = (
            Floating(False, self.notes[n], text)
            for n, text in self.comments.items()
            if n in self.notes
        )
        return (*self.shapes, *said)

    def _said(self, body: bytes) -> None:
        """The text of the last object: one byte a sign, or two."""
        text = (
            body[1 : 1 + 2 * self.signs].decode("utf-16-le", "replace")
            if body[0] & 1
            else body[1 : 1 + self.signs].decode("latin-1")
        )
        kind, number = self.object
        if kind == _COMMENT:
            self.comments[number] = text
        elif text.strip():
            self.shapes.append(Floating(True, self.at, text.strip()))
        self.signs = 0

    def _hides(self, body: bytes) -> bool:
        """Whether the format of a rule shows nothing, or text in the colour of the ground; its number format may."""
        (flags,) = struct.unpack_from("<I", body, 6)
        if flags & _NUMBER:
            return True
        if not flags & _INK:
            return False
        (ink,) = struct.unpack_from("<I", body, 12 + 80)
        ground: Colour = _WHITE
        if flags & _FILL:
            at = 12 + 118 + (8 if flags & _BORDER else 0)
            ground = self.colour(struct.unpack_from("<H", body, at + 2)[0] >> 7 & 0x7F)
        return ink < _COLOURS and same_look(self.colour(ink), ground)

    def _mask(self, body: bytes) -> Mask:
        kind, operator, first, second = struct.unpack_from("<BBHH", body)
        (flags,) = struct.unpack_from("<I", body, 6)
        if kind != 1 or operator >= len(_OPERATORS) or flags & _NUMBER:
            return Mask(self.areas, "expression")
        end = len(body)
        parts = (body[end - first - second : end - second], body[end - second : end])
        return Mask(
            self.areas, "cellIs", _OPERATORS[operator], tuple(_number(p) for p in parts if p)
        )


def _number(formula: bytes) -> str:
    """A formula that is a number, as text; "?" of any other."""
    if formula[:1] == b"\x1e" and len(formula) == 3:
        return str(struct.unpack_from("<H", formula, 1)[0])
    if formula[:1] == b"\x1f" and len(formula) == 9:
        return str(struct.unpack_from("<d", formula, 1)[0])
    return "?"


def _areas(body: bytes) -> Iterator[Area]:
    """The areas that a record of conditions is for."""
    (count,) = struct.unpack_from("<H", body, 12)
    for top, bottom, left, right in struct.iter_unpack("<HHHH", body[14 : 14 + 8 * count]):
        yield (top, left), (bottom, right)


__all__ = ["OVERLAY", "Overlay"]
