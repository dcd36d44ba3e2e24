"""A rulebook and clean data -> Power: which slips in which figures no rule notices, and which are noticed but not located."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from gouji.app.locating import UnitCells, case_of, cells_of, layout_of
from gouji.base.verdict import Verdict
from gouji.intake import Submission
from gouji.locate import CellRef, Located, Terms, locate
from gouji.locate.planting import Plant, Soil
from gouji.reference import table_rule, tie_out
from gouji.rules import ColumnRole, ResolvedBook, ResolvedTieOut


@dataclass(slots=True)
class CleanUnit:
    """One unit without findings, its relations, and how many equations read each cell."""

    cells: UnitCells
    soil: Soil
    equations: Mapping[CellRef, int] = field(default_factory=dict)

    @property
    def read(self) -> tuple[CellRef, ...]:
        """Filled cells of this year that some relation reads."""
        return tuple(
            cell
            for cell in sorted(self.equations)
            if not cell.prior and cell in self.soil.figures and self.soil.figures[cell].value
        )

    def planted(self, plant: Plant) -> tuple[UnitCells, frozenset[str]]:
        """The unit's cells with a slip in them, and the codes that are 不平 then."""
        if plant.gone is not None:
            cells = without(self.cells, *plant.gone)
            touched = {plant.gone[0]}
        else:
            cells = replace(self.cells, figures=self.cells.changed(plant.values))
            touched = {ref.table for ref in plant.values}
        touched |= {
            ref.table
            for ref, terms in self.cells.lineage.items()
            if any(cell.table in touched for cell, _c in terms or ())
        }
        return cells, frozenset(_unbalanced(cells, touched))

    def located(self, plant: Plant) -> tuple[Located | None, UnitCells]:
        """What is located of a slip; None where no rule notices it."""
        cells, codes = self.planted(plant)
        return (locate(case_of(cells, codes)) if codes else None), cells


def clean_unit(book: ResolvedBook, submission: Submission, unit: str) -> CleanUnit:
    """Gather one unit."""
    cells = cells_of(book, submission, unit)
    soil = Soil(cells.printed(), layout_of(cells), cells.relations(), frozenset(_leaves(cells)))
    equations: dict[CellRef, int] = {}
    for relation in soil.relations:
        for cell, _c in relation.terms:
            equations[cell] = equations.get(cell, 0) + (relation.op == "=" and relation.binding)
    return CleanUnit(cells, soil, equations)


def _leaves(cells: UnitCells) -> Iterator[tuple[str, int]]:
    """Lines of tables with codes that no other line stands below."""
    for name, rows in cells.figures.many.items():
        table = cells.book.tables[name]
        by = next((c for c in table.columns if c.role is ColumnRole.CODE), None)
        if by is None or table.derived is not None:
            continue
        codes = [str(row.get(by.name)) for row in rows]
        for number, code in enumerate(codes):
            if code != by.total and not any(c != code and c.startswith(code) for c in codes):
                yield name, number


def _unbalanced(cells: UnitCells, touched: set[str]) -> Iterator[str]:
    for of in (*cells.book.tie_outs, *cells.book.table_rules):
        if not any(table in touched for table, _column in cells.reads[of.code]):
            continue
        outcome = (
            tie_out(of, cells.book, cells.unit, cells.figures)
            if isinstance(of, ResolvedTieOut)
            else table_rule(of, cells.book, cells.unit, cells.figures)
        )
        if outcome.verdict is Verdict.UNBALANCED:
            yield of.code


def without(cells: UnitCells, table: str, row: int) -> UnitCells:
    """The cells of a unit that left one line out of a table; derived figures without it."""
    figures = cells.changed(
        {
            ref: Fraction(0)
            for ref in cells.sent
            if (ref.table, ref.row, ref.prior) == (table, row, False)
        }
    )
    rows = figures.many[table]
    figures = replace(figures, many={**figures.many, table: rows[:row] + rows[row + 1 :]})

    def moved(ref: CellRef) -> CellRef | None:
        if ref.table != table or ref.prior or ref.row < row:
            return ref
        return None if ref.row == row else CellRef(table, ref.row - 1, ref.column)

    def kept(terms: Terms) -> Terms:
        return tuple((at, c) for cell, c in terms if (at := moved(cell)) is not None)

    return replace(
        cells,
        figures=figures,
        sent={at: cell for ref, cell in cells.sent.items() if (at := moved(ref)) is not None},
        lineage={ref: kept(terms) if terms else terms for ref, terms in cells.lineage.items()},
    )


__all__ = ["CleanUnit", "clean_unit", "without"]
