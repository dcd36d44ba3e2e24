"""What stands for nothing -> a cell of exactly zero, or None: as the table description has it. Every reader of submissions asks here."""

from __future__ import annotations

from decimal import Decimal

from gouji.intake.ledger.submission import At, Cell
from gouji.rules import Column


def blank(column: Column, at: At) -> Cell | None:
    """A printed cell with nothing in it (or with a dash)."""
    return _nought(at) if column.null == "zero" else None


def unprinted(column: Column, at: At) -> Cell | None:
    """A line or column that the form does not print. Not for a cell that could not be read, nor for one that a summary left out."""
    return _nought(at) if column.unprinted == "zero" else None


def _nought(at: At) -> Cell:
    return Cell(Decimal(0), Decimal(0), "", at)
