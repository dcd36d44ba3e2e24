"""The shared strings of an `.xls` + its fonts -> those texts of which a run is struck out or raised, read as those of an xlsx are.

A string may go on in the next record in the middle of its signs; what follows begins with a byte that says how wide they are.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gouji.intake.workbooks.cell_texts import Texts

_WIDE, _EXTENDED, _RICH = 0x01, 0x04, 0x08
# Sign at which a run begins, its font.
_Run = tuple[int, int]


# The heights of fonts are in twentieths of a point.
_PART_OF_A_POINT = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What a font does to its text: strikes it out, raises or lowers it (as an xlsx says it); its colour, its size in points."""

    struck: bool = False
    raised: str = ""
    ink: int = 0x7FFF
    size: float = 11.0

    @classmethod
    def of(cls, body: bytes) -> Look:
        """From the record of a font. Raises struct.error."""
        height, flags, ink, _bold, raised = struct.unpack_from("<HHHHH", body)
        where = {1: "superscript", 2: "subscript"}.get(raised, "")
        return cls(bool(flags & 0x08), where, ink, height / _PART_OF_A_POINT)

    @property
    def odd(self) -> bool:
        """Whether it does anything to what is read."""
        return self.struck or bool(self.raised)


def odd_texts(parts: Sequence[bytes], fonts: Sequence[Look]) -> Mapping[int, tuple[str, str]]:
    """Number of a string -> its text, what is no part of it. `parts`: the record of strings and those that go on with it.

    Raises struct.error, IndexError.
    """
    if not parts or not any(font.odd for font in fonts):
        return {}
    reader = _Strings(parts)
    _all, count = struct.unpack("<II", reader.take(8))
    found = dict[int, tuple[str, str]]()
    for number in range(count):
        text, runs = reader.string()
        looks = [(at, fonts[font]) for at, font in runs if font < len(fonts)]
        if any(look.odd for _at, look in looks):
            found[number] = _read(text, looks)
    return found


def _read(text: str, looks: Sequence[tuple[int, Look]]) -> tuple[str, str]:
    """A text in runs; what stands before the first has the font of its cell."""
    texts = Texts()
    texts.begin()
    ends = [at for at, _look in looks[1:]] + [len(text)]
    texts.run(text[: looks[0][0]])
    for (start, look), end in zip(looks, ends, strict=True):
        texts.struck, texts.raised = look.struck, look.raised
        texts.run(text[start:end])
    texts.finish()
    return texts.made, texts.lost


class _Strings:
    """Goes through the strings, from one record to the next."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self.parts, self.part, self.at = parts, 0, 0

    def _left(self) -> int:
        """How many bytes there are in this record; moves on to the next where there are none."""
        while self.at >= len(self.parts[self.part]):
            self.part, self.at = self.part + 1, 0
        return len(self.parts[self.part]) - self.at

    def take(self, count: int) -> bytes:
        """So many bytes."""
        made = b""
        while len(made) < count:
            here = min(self._left(), count - len(made))
            made += self.parts[self.part][self.at : self.at + here]
            self.at += here
        return made

    def string(self) -> tuple[str, list[_Run]]:
        """The next string."""
        count, flags = struct.unpack("<HB", self.take(3))
        runs = struct.unpack("<H", self.take(2))[0] if flags & _RICH else 0
        more = struct.unpack("<I", self.take(4))[0] if flags & _EXTENDED else 0
        text = self._signs(count, bool(flags & _WIDE))
        found = [struct.unpack("<HH", self.take(4)) for _run in range(runs)]
        self.take(more)
        return text, [(at, font) for at, font in found]

    def _signs(self, count: int, wide: bool) -> str:
        made = b""
        while count:
            part = self.part
            left = self._left()
            if self.part != part and made:
                wide = bool(self.take(1)[0] & _WIDE)
                left = self._left()
            here = min(count, left // 2 if wide else left)
            signs = self.take(here * (2 if wide else 1))
            made += signs if wide else signs.decode("latin-1").encode("utf-16-le")
            count -= here
        return made.decode("utf-16-le", "replace")


__all__ = ["Look", "odd_texts"]
