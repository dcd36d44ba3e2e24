"""What stands in several columns, codes as 类 款 项 and targets as ≥ 95 % -> one text."""

from __future__ import annotations

from collections.abc import Sequence

from gouji.intake.finding.labels import plain
from gouji.intake.finding.words import LEVELS
from gouji.intake.workbooks.sheet import Raw, said


class Codes:
    """Reads a code whose parts stand in several columns, 类 款 项: each part as it stands, or whole; a part left blank is the one above."""

    def __init__(self, columns: Sequence[int], levels: Sequence[int]) -> None:
        self.columns = columns
        self.widths = [b - a for a, b in zip((0, *levels), levels, strict=False)][: len(columns)]
        self.above = [""] * len(self.widths)

    def read(self, cells: Sequence[Raw]) -> str:
        """The code of a line, the words that stand in its place, or nothing where the parts do not make one."""
        parts = [plain(said(cells[c])) for c in self.columns]
        words = [part for part in parts if part and not part.isdecimal()]
        if words:
            return next((word for word in words if word not in LEVELS), "")
        last = max((i for i, part in enumerate(parts) if part), default=-1)
        code, made, same = "", [""] * len(self.widths), True
        for i, (part, width) in enumerate(zip(parts[: last + 1], self.widths, strict=False)):
            piece = _piece(part, width, code) if part else self.above[i] if same else ""
            if len(piece) != width:
                return ""
            same = same and piece == self.above[i]
            made[i], code = piece, code + piece
        if code:
            self.above = made
        return code


def _piece(part: str, width: int, code: str) -> str:
    """The digits of one level: as they stand, filled up behind the first level, or at the end of the whole code; nothing where they fit nowhere."""
    if len(part) > width:
        whole = part.startswith(code) and len(part) == len(code) + width
        return part[len(code) :] if whole else ""
    return part.zfill(width) if code else part


def joined(value: Raw, before: Raw, behind: Raw) -> Raw:
    """A text with the sign before it and the unit behind it; a word (定性) is no sign.

    >>> joined(95.0, "≥", "%"), joined("优", "定性", ""), joined("", "≥", "个"), joined("≥95%", "≥", "%")
    ('≥95%', '优', '', '≥95%')
    """
    text = said(value).strip()
    sign, unit = plain(said(before)), said(behind).strip()
    if not text:
        return value
    if sign and not sign.isalpha() and not text.startswith(sign):
        text = sign + text
    return text if text.endswith(unit) else text + unit


__all__ = ["Codes", "joined"]
