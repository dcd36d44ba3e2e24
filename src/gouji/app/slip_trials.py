"""Clean figures of one unit -> what becomes of slips planted in them: judged by the ordinary road, or by the linear forms of the rules, which is a hundred times as fast."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial

from gouji.app.locating import UnitCells, case_of, cells_of
from gouji.app.unit_layout import layout_of, steps_of
from gouji.base.verdict import Verdict
from gouji.expression import Printed
from gouji.intake import Submission
from gouji.locate import CellFacts, CellRef, Located, Relation, Terms, UnitCase, locate
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
            cells = replace(self.cells, figures=self.cells.changed(plant.values), failing_rows={})
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


@dataclass(slots=True)
class Forms:
    """The relations of a clean unit by the cells that they read."""

    unit: CleanUnit
    touching: dict[CellRef, list[int]] = field(default_factory=dict)
    nonlinear: frozenset[str] = frozenset()
    case: UnitCase = field(init=False)

    def __post_init__(self) -> None:
        for number, relation in enumerate(self.unit.soil.relations):
            for cell, _c in relation.terms:
                self.touching.setdefault(cell, []).append(number)
        self.nonlinear = frozenset(r.code for r in self.unit.soil.relations if not r.linear)
        self.case = case_of(self.unit.cells, frozenset())

    def located(self, plant: Plant) -> Located | None:
        """What is located of a slip, by the forms alone; None where no relation notices it."""
        if plant.gone is not None:
            return self.unit.located(plant)[0]
        relations = self.moved(plant.values)
        # The unit is clean: what the slip does not touch does not fail.
        touched = self._numbers(plant.values)
        failing = frozenset(n for n in touched if relations[n].fails and relations[n].binding)
        before = frozenset(relations[number].code for number in failing)
        if not before:
            return None
        cells = self.unit.cells
        doubted = {cell for number in failing for cell, _c in relations[number].terms}
        figures = dict(self.unit.soil.figures)
        for ref, value in plant.values.items():
            figures[ref] = Printed(value, figures[ref].half)

        return locate(
            replace(
                self.case,
                facts=CellFacts(figures, cells.certified()),
                before=before,
                judge=partial(self._judged, plant, failing, relations),
                near=[relations[n] for n in self._numbers(doubted)],
                every=lambda: relations,
                again=partial(self._again, plant),
            )
        )

    def _again(
        self, plant: Plant, codes: frozenset[str], values: Mapping[CellRef, Fraction]
    ) -> tuple[Relation, ...]:
        return self.unit.cells.again(codes, {**plant.values, **values})

    def _judged(
        self,
        plant: Plant,
        failing: frozenset[int],
        relations: list[Relation],
        values: Mapping[CellRef, Fraction],
    ) -> frozenset[str]:
        """The codes that fail with these values besides the planted ones; a line that nobody wrote is judged by the rules themselves."""
        cells = self.unit.cells
        if any(cells.is_new(ref) for ref in values):
            before = frozenset(relations[number].code for number in failing)
            planted = replace(cells, figures=cells.changed(plant.values), failing_rows={})
            return planted.unbalanced(before, values)
        return self._failing(failing, relations, {**plant.values, **values}, values)

    def moved(self, values: Mapping[CellRef, Fraction]) -> list[Relation]:
        """All relations with other values in some cells."""
        relations = list(self.unit.soil.relations)
        for number, relation in self._changed(self._numbers(values), values):
            relations[number] = relation
        return relations

    def _numbers(self, cells: Iterable[CellRef]) -> list[int]:
        return sorted({number for cell in cells for number in self.touching.get(cell, ())})

    def _changed(
        self, numbers: Iterable[int], values: Mapping[CellRef, Fraction]
    ) -> Iterator[tuple[int, Relation]]:
        """Some relations with other values in some cells, by their number."""
        figures, relations = self.unit.soil.figures, self.unit.soil.relations
        deltas = {ref: value - figures[ref].value for ref, value in values.items()}
        rewritten: dict[tuple[str, str], Relation] = {}
        codes = frozenset(relations[n].code for n in numbers) & self.nonlinear
        if codes:
            rewritten = {(r.code, r.spot): r for r in self.unit.cells.again(codes, values)}
        for number in numbers:
            relation = relations[number]
            if relation.code in codes:
                yield number, rewritten.get((relation.code, relation.spot), relation)
            else:
                by = sum((c * deltas[at] for at, c in relation.terms if at in deltas), Fraction(0))
                yield number, replace(relation, gap=relation.gap + by)

    def _failing(
        self,
        failing: frozenset[int],
        relations: list[Relation],
        values: Mapping[CellRef, Fraction],
        changed: Iterable[CellRef],
    ) -> frozenset[str]:
        """The codes that fail with these values; `changed` are those that differ from the planted ones, of which `failing` relations fail."""
        numbers = self._numbers(changed)
        after = failing - set(numbers)
        after |= {n for n, r in self._changed(numbers, values) if r.fails and r.binding}
        return frozenset(relations[n].code for n in after)


def clean_unit(book: ResolvedBook, submission: Submission, unit: str) -> CleanUnit:
    """Gather one unit."""
    cells = cells_of(book, submission, unit)
    printed = cells.printed()
    soil = Soil(
        printed,
        layout_of(book, cells.figures),
        cells.relations(),
        frozenset(_leaves(cells)),
        steps_of(book, printed),
    )
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
        failing_rows={},
    )


__all__ = ["CleanUnit", "Forms", "clean_unit", "without"]
