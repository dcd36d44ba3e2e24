"""What is found of one table on one sheet: its figures, the cells of its labels, what these say of units; where else the same words stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gouji.base.i18n import _
from gouji.intake.finding.headers import (
    HEADER_AT_MOST,
    Header,
    LabelCells,
    Path,
    paths,
)
from gouji.intake.finding.labels import plain
from gouji.intake.finding.layout import Rival, Spot
from gouji.intake.finding.stated_units import Head, Place, Units, merged_over, units_of
from gouji.intake.finding.unit_spelling import Said, unit_of
from gouji.intake.finding.units import parted, statements
from gouji.intake.finding.words import UNIT_HEADS
from gouji.intake.workbooks.sheet import Sheet
from gouji.rules import Column, Table


class NotThere(Exception):
    """The sheet does not hold the table, or it cannot be told what its figures are: what is wrong, how to fix it, and in which cell where there is one."""

    def __init__(self, what: str, fix: str, at: tuple[int, int] | None = None) -> None:
        super().__init__(what)
        self.what, self.fix, self.at = what, fix, at


def no_header(table: Table) -> NotThere:
    """No header of the table was found."""
    return NotThere(_("找不到“{table}”的表头").format(table=table.table), _("表头照表样写"))


class FormSearch:
    """Keeps what is found of a table on a sheet, part after part of its form."""

    def __init__(self, table: Table, sheet: Sheet) -> None:
        self.table, self.sheet = table, sheet
        self.labels = LabelCells(sheet)
        self.spots: list[Spot] = []
        # What headers and row labels say of units, by column; the cells that say so.
        self.own: dict[str, list[tuple[Said, Place]]] = {}
        self.single = set[tuple[int, int]]()
        self.merged = merged_over(sheet)
        # Other places that fit a label, cells of labels that are used, columns of figures that were found for lines that were not, parts of codes.
        self.others: list[Rival] = []
        self.claimed = set[tuple[int, int]]()
        self.wanting: list[tuple[str, int]] = []
        self.split: list[tuple[int, ...]] = []
        self.joined: list[tuple[str, int, int]] = []
        # The first row of what was taken for a header, and the first one below all of it.
        self.top, self.head = len(sheet.rows), 0

    def rivals(self) -> tuple[Rival, ...]:
        """Places that fit a label as well as the one that was chosen, and fit no other."""
        return tuple(r for r in self.others if r.label not in self.claimed)

    def keep_twins(
        self,
        matched: Mapping[str, Header],
        headers: Sequence[Header],
        columns: Sequence[Column],
        given: Mapping[str, Path],
        row: int,
    ) -> None:
        """Keep headers that fit a column as well as the one that it was found by."""
        self.claimed |= {(h.row, h.col) for h in matched.values()}
        others = [h for h in headers if h not in matched.values()]
        for column in columns:
            own = matched.get(column.name)
            if own is None or not (column.numeric or column.name in self.table.key):
                continue
            for path in paths(column, given.get(column.name)):
                if (meets := own.way(path)) is not None:
                    for twin in filter(meets, others):
                        self._keep_rival(column.name, row, own, twin)
                    break

    def _keep_rival(self, name: str, row: int, own: Header, other: Header) -> None:
        """Another column for the figure of a line."""
        self.labels.add(other.row, other.col)
        spots = Spot(name, row, own.col), Spot(name, row, other.col)
        self.others.append(Rival(name, *spots, (other.row, other.col)))

    def use(self, header: Header, name: str) -> None:
        """Keep the header as a label of the layout, with the words above it."""
        self.head = max(self.head, header.row + 1)
        for row in range(max(0, header.row - HEADER_AT_MOST + 1), header.row + 1):
            if self.sheet.text(row, header.col):
                self.labels.add(row, header.col)
        self.states(name, header.row, header.col)
        self.states_alone(name, header.row + 1, header.col)
        for row, col in self._above(header):
            self.states(name, row, col)
        self.top = min(self.top, header.row, *(row for row, _col in self._above(header)))

    def _above(self, header: Header) -> list[tuple[int, int]]:
        """Cells of words above a header, or spanning it from the left. What stands alone on its line is a title, or a line of the head."""
        found = []
        for row in range(max(0, header.row - HEADER_AT_MOST + 1), header.row):
            texts = [c for c in range(self.sheet.width) if self.sheet.text(row, c)]
            col = max((c for c in texts if c <= header.col), default=-1)
            if (
                len(texts) > 1
                and col >= 0
                and not statements(self.sheet.text(row, col))
                and self.sheet.text(row, col) in header.stack
            ):
                found.append((row, col))
        return found

    def keep_line(self, name: str, labels: Sequence[tuple[int, int]], header: Header) -> None:
        """Keep what the label of a line says of its unit, or else a label that is merged over the line, or else a column of units."""
        row, col = labels[-1]
        said = self.states(name, row, col) or any(
            self.states(name, *at)
            for at in reversed(labels[:-1])
            if parted(self.sheet.text(*at))[1] is not None
        )
        if not said and col > 0 and (over := self._merged_over(row, col - 1)) is not None:
            said = self.states(name, *over)
        if not said and (beside := self._unit_column(header)) is not None:
            self.states_alone(name, row, beside)

    def _merged_over(self, row: int, col: int) -> tuple[int, int] | None:
        return next(
            (
                (top, left)
                for (top, left), (bottom, right) in self.merged
                if top <= row <= bottom and left <= col <= right
            ),
            None,
        )

    def _unit_column(self, header: Header) -> int | None:
        """The column headed 单位 beside a column of figures."""
        words = (
            c
            for c in range(self.sheet.width)
            if c != header.col and plain(self.sheet.text(header.row, c)) in UNIT_HEADS
        )
        return min(words, key=lambda c: abs(c - header.col), default=None)

    def states(self, name: str, row: int, col: int) -> bool:
        """Keep what a label says of its unit."""
        return self._keep(name, parted(self.sheet.text(row, col))[1], row, col)

    def states_alone(self, name: str, row: int, col: int) -> None:
        """Keep what a cell says that holds nothing but a unit."""
        self._keep(name, unit_of(self.sheet.text(row, col)), row, col)

    def _keep(self, name: str, said: Said | None, row: int, col: int) -> bool:
        if said is None:
            return False
        column = self.table.column(name)
        if column is not None and column.numeric:
            self.single.add((row, col))
            self.own.setdefault(name, []).append((said, (row, col)))
        return True

    def units(self, groups: tuple[tuple[Spot, ...], ...]) -> Units:
        """The unit of each column of money or rates."""
        spots = [s for group in groups for s in group]
        figures = {c.name for c in self.table.columns if c.numeric and c.role is None}
        left = min((s.col for s in spots if s.col >= 0 and s.column in figures), default=0)
        top = self.top
        if not self.head:
            lines = (s.row for s in spots if s.row >= 0)
            top = min(top, min(lines, default=len(self.sheet.rows)))
        own = {s.column: self.own.get(s.column, []) for s in spots}
        head = Head(top, self.head, left, frozenset(self.single))
        return units_of(self.table, self.sheet, own, head)


__all__ = ["FormSearch", "NotThere", "no_header"]
