"""What a sheet of a workbook is made of: cells, formulas with their values, columns. Knows no file."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and the value it gives."""

    text: str
    value: Decimal


Cell = str | int | Decimal | Formula | None


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: title, width, `points` for numbers with two places, and whether its numbers are added up above the header."""

    title: str
    width: int
    form: str = "text"
    added: bool = False


__all__ = ["Cell", "Formula", "SheetColumn"]
