"""Linear forms over the cells of one unit: coefficients by cell and a constant. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from gouji.expression import ZERO

ONE = Fraction(1)


@dataclass(frozen=True, slots=True, order=True)
class CellRef:
    """One figure of the unit: table, number of the row in that table (0 where there is one only), column; `prior` for the year before."""

    table: str
    row: int
    column: str
    prior: bool = False


@dataclass(slots=True)
class CellForm:
    """Σ coefficient × cell + constant."""

    cells: dict[CellRef, Fraction] = field(default_factory=dict)
    constant: Fraction = ZERO

    def plus(self, other: CellForm, by: Fraction = ONE) -> CellForm:
        cells = dict(self.cells)
        for cell, c in other.cells.items():
            cells[cell] = cells.get(cell, ZERO) + by * c
        return CellForm(cells, self.constant + by * other.constant)

    def add(self, other: CellForm) -> None:
        """The same in place: of thousands of cells none is copied for every other one."""
        for cell, c in other.cells.items():
            self.cells[cell] = self.cells.get(cell, ZERO) + c
        self.constant += other.constant

    def times(self, by: Fraction) -> CellForm:
        return CellForm({cell: c * by for cell, c in self.cells.items()}, self.constant * by)
