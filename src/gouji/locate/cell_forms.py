"""Linear forms over the cells of one unit: coefficients by cell and a constant. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from gouji.expression import ZERO
from gouji.locate.line_sums import LineSum

ONE = Fraction(1)


@dataclass(frozen=True, slots=True, order=True)
class CellRef:
    """One figure of the unit: table, number of the row in that table (0 where there is one only), column; `prior` for the year before; `code` of a line that
    nobody wrote, where it can have only one."""

    table: str
    row: int
    column: str
    prior: bool = False
    code: str = ""


@dataclass(slots=True)
class CellForm:
    """Σ coefficient × cell + constant; `sums`: which sums over lines with certain codes are in it, with their coefficients."""

    cells: dict[CellRef, Fraction] = field(default_factory=dict)
    constant: Fraction = ZERO
    sums: dict[LineSum, Fraction] = field(default_factory=dict)

    def plus(self, other: CellForm, by: Fraction = ONE) -> CellForm:
        cells, sums = dict(self.cells), dict(self.sums)
        for cell, c in other.cells.items():
            cells[cell] = cells.get(cell, ZERO) + by * c
        for of, c in other.sums.items():
            sums[of] = sums.get(of, ZERO) + by * c
        return CellForm(cells, self.constant + by * other.constant, sums)

    def add(self, other: CellForm) -> None:
        """The same in place: of thousands of cells none is copied for every other one."""
        for cell, c in other.cells.items():
            self.cells[cell] = self.cells.get(cell, ZERO) + c
        self.constant += other.constant

    def times(self, by: Fraction) -> CellForm:
        return CellForm(
            {cell: c * by for cell, c in self.cells.items()},
            self.constant * by,
            {of: c * by for of, c in self.sums.items()},
        )
