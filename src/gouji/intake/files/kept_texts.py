"""A text from a file or database -> the text that is kept: codes of units and of listed lines the same however they are written."""

from __future__ import annotations

from gouji.intake.finding.listed_codes import listed_code
from gouji.intake.values.codes import unit_code
from gouji.rules import Column, ColumnRole


def kept_text(text: str, column: Column) -> str:
    """The text of a column that is no number."""
    match column.role:
        case ColumnRole.UNIT:
            return unit_code(text)
        case ColumnRole.CODE:
            return listed_code(text, column)
        case _:
            return text.strip()


__all__ = ["kept_text"]
