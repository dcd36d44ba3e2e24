"""What a submission is once read: rows of cells, each knowing where it stood; problems listed, nothing dropped."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class At:
    """Where a figure stood: file, line (or row) from 1, column or cell, the document it was taken from and the words before it."""

    file: str
    line: int = 0
    column: str = ""
    document: str = ""
    document_line: int = 0
    words: str = ""

    def __str__(self) -> str:
        here = f"{self.file}:{self.line}" if self.line else self.file
        here = f"{here} [{self.column}]" if self.column else here
        if not self.document:
            return here
        there = f"《{self.document}》" + (f"第{self.document_line}行" if self.document_line else "")
        return f"{there} “{self.words}…”" if self.words else there


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as kept (a number in its base unit, or text), half of its last place, how it was printed and where it stood."""

    value: Decimal | str
    half: Decimal | None
    printed: str
    at: At
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; columns that were not given are absent."""

    cells: dict[str, Cell]
    at: At


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the submission that could not be used: where, what, how to mend it."""

    table: str
    at: At
    what: str
    mend: str


@dataclass(slots=True)
class Submission:
    """All that was read: rows by table, problems, counts of rows read (accepted and set aside add up to it)."""

    title: str
    origin: str
    note: str = ""
    invented: bool = False
    rows: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    rows_in: int = 0
    set_aside: list[tuple[str, Row, str]] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def rows_accepted(self) -> int:
        """Rows that reached the tables."""
        return sum(len(rows) for rows in self.rows.values())
