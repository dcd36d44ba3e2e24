"""A table, its listing and the layout that was found -> which of the printed columns are key, texts, figures, code."""

from __future__ import annotations

from dataclasses import dataclass

from gouji.intake.finding.layout import Layout
from gouji.intake.finding.listed_codes import words_for_codes
from gouji.rules import Column, ColumnRole, Listing, Table


@dataclass(frozen=True, slots=True)
class ListedColumns:
    """The columns that a listing prints. Numbers are places in `printed`; `constant` are those that stand once, above the lines."""

    printed: tuple[str, ...]
    constant: frozenset[str]
    code: Column | None
    key: tuple[int, ...]
    down: tuple[int, ...]
    texts: tuple[int, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, table: Table, part: Listing, layout: Layout) -> ListedColumns:
        """The columns of the first of the groups; the others print the same."""
        spots = layout.groups[0]
        printed = tuple(s.column for s in spots)
        constant = frozenset(s.column for s in spots if s.row >= 0)
        described = {c.name: c for c in table.columns}
        varying = [(i, described[n]) for i, n in enumerate(printed) if n not in constant]
        codes = (c for c in table.columns if c.role is ColumnRole.CODE and c.name not in constant)
        return cls(
            printed,
            constant,
            next((c for c in codes if c.name in printed), None),
            tuple(i for i, c in varying if _tells_apart(c, table)),
            tuple(i for i, name in enumerate(printed) if name in part.fill_down),
            tuple(i for i, c in varying if not c.numeric),
            tuple(i for i, c in varying if c.numeric),
        )

    @property
    def code_at(self) -> int:
        """The place of the code; -1 where there is none."""
        return self.printed.index(self.code.name) if self.code is not None else -1

    def total(self) -> dict[str, str]:
        """The words that stand for a code, as they are compared -> as the code is kept."""
        return words_for_codes(self.code) if self.code is not None else {}


def _tells_apart(column: Column, table: Table) -> bool:
    """Whether a column tells the lines of one unit and year apart."""
    return column.name in table.key and column.role not in (ColumnRole.UNIT, ColumnRole.YEAR)


__all__ = ["ListedColumns"]
