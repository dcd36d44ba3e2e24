"""What a number is that was not taken from a sheet, and the words for it."""

from __future__ import annotations

from enum import Enum

from gouji.base.i18n import _
from gouji.intake.finding.lines_left import LineReason


class Untaken(Enum):
    """What a number is that was not taken."""

    NUMBERING = 1
    SUM = 2
    NOTE = 3
    ABOVE = 4
    LABEL = 5
    COLUMN = 6
    UNASKED = 7
    NOTHING = 8


OF_LINE = {
    LineReason.NUMBERS: Untaken.NUMBERING,
    LineReason.SUM: Untaken.SUM,
    LineReason.SKIPPED: Untaken.SUM,
    LineReason.NOTE: Untaken.NOTE,
    LineReason.SIGNED: Untaken.NOTE,
}


def said_of(kind: Untaken) -> str:
    """Words for it."""
    return {
        Untaken.NUMBERING: _("编号"),
        Untaken.SUM: _("合计、小计行"),
        Untaken.NOTE: _("注和签字行"),
        Untaken.ABOVE: _("表头以上"),
        Untaken.LABEL: _("表样没有的名称"),
        Untaken.COLUMN: _("表样没有的列"),
        Untaken.UNASKED: _("表样没有的格子"),
        Untaken.NOTHING: _("没有名称的格子"),
    }[kind]


__all__ = ["OF_LINE", "Untaken", "said_of"]
