"""Cells that may be wrong -> the values they should have: on the printed grid, within what relations allow, with the slips that explain them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gouji.expression import Printed
from gouji.locate.events import columns_beside, rows_beside
from gouji.locate.locate_values import Change, SearchLimits, UnitCase, is_total
from gouji.locate.relations import CellRef, Relation
from gouji.locate.search import Answer, Bounds, intervals
from gouji.locate.slips import CopySources
from gouji.rules import How, SlipKind

ZERO = Fraction(0)
# How often a rate is written down anew around the values that its first approximation gave.
ROUNDS = 6
NOTHING = Printed(ZERO)
# Slips that tell what a figure should be; others go with any.
FIXING = frozenset(How) - {How.BLANK, How.TOTAL, How.ROW, How.COLUMN, How.PRIOR}


@dataclass(frozen=True, slots=True)
class Proposals:
    """What cells of a unit should hold; `touching`: the relations on each cell."""

    case: UnitCase
    limits: SearchLimits
    touching: Mapping[CellRef, Sequence[Relation]]

    def printed(self, cell: CellRef) -> Printed:
        return self.case.facts.figures.get(cell, NOTHING)

    def moved(self, relation: Relation, values: Mapping[CellRef, Fraction]) -> Fraction:
        """By how much other values of cells move a relation's value."""
        return sum(
            (c * (values[at] - self.printed(at).value) for at, c in relation.terms if at in values),
            ZERO,
        )

    def keeps(self, relation: Relation, values: Mapping[CellRef, Fraction]) -> bool:
        """Whether a relation is in order with other values in some cells."""
        return relation.keeps(self.moved(relation, values))

    def changes(
        self, answer: Answer, codes: frozenset[str] = frozenset()
    ) -> tuple[Change, ...] | None:
        """Values on the printed grid for an answer; None where the grid has none. Rates, and what some more rules say, are written down anew around the values until these
        stay."""
        bounds: tuple[Bounds, ...] | None = answer.changes
        values = self._grid(answer.cells, answer.changes)
        touched = {id(r): r for cell in answer.cells for r in self.touching[cell] if r.binding}
        codes |= {r.code for r in touched.values() if not r.linear}
        if codes:
            kept = [r for r in touched.values() if r.code not in codes]
            bounds, values = self._anew(answer, codes, kept, values or self._sure(answer, kept))
        elif values is not None and not all(self.keeps(r, values) for r in touched.values()):
            values = self._in_turn(answer.cells, list(touched.values()))
        if values is None or bounds is None:
            return None
        # An answer one of whose cells stays as it is is none of the smallest.
        if any(value == self.printed(cell).value for cell, value in values.items()):
            return None
        return tuple(
            self._within(cell, values[cell], *found)
            for cell, found in zip(answer.cells, bounds, strict=True)
        )

    def _sure(self, answer: Answer, kept: Sequence[Relation]) -> dict[CellRef, Fraction] | None:
        """Values that suit what is linear. Written down around a figure with the wrong sign, a rate may leave none: then one begins with these."""
        bounds = intervals(answer.cells, kept, {})
        return None if bounds is None else self._grid(answer.cells, bounds)

    def _within(
        self, cell: CellRef, value: Fraction, low: Fraction | None, high: Fraction | None
    ) -> Change:
        """A change that may be as small as `low` and as large as `high`."""
        first, last = self._ends(cell, low, high)
        step = self.step(cell)
        ends = (None if first is None else first * step, None if last is None else last * step)
        made = self.change(cell, value, *ends, ())
        told = made.equations or value in self._rounded(cell)
        free = not told and first != last and not any(k.how in FIXING for k in made.slips)
        return replace(made, free=free)

    def _in_turn(
        self, cells: Sequence[CellRef], touched: Sequence[Relation]
    ) -> dict[CellRef, Fraction] | None:
        """Values for cells that depend on each other: of each one within what those before it leave."""
        values: dict[CellRef, Fraction] = {}
        for cell in cells:
            left = [
                replace(
                    r,
                    gap=r.gap + self.moved(r, values),
                    terms=tuple((at, c) for at, c in r.terms if at not in values),
                )
                for r in touched
            ]
            bounds = intervals([c for c in cells if c not in values], left, {})
            value = None if bounds is None else self._proposed(cell, *bounds[0])
            if value is None or not self.case.layout.holds(cell, value):
                return None
            values[cell] = value
        return values

    def _anew(
        self,
        answer: Answer,
        codes: frozenset[str],
        kept: Sequence[Relation],
        values: dict[CellRef, Fraction] | None,
    ) -> tuple[tuple[Bounds, ...] | None, dict[CellRef, Fraction] | None]:
        """Intervals and values for an answer of which the relations of some rules are written down anew around the values until they stay."""
        bounds: tuple[Bounds, ...] | None = answer.changes
        for _round in range(ROUNDS if self.case.again is not None else 0):
            if values is None:
                break
            assert self.case.again is not None
            near = [
                # What is written down at the values themselves says how far these may move, linear or not.
                replace(r, linear=False)
                for r in self.case.again(codes, values)
                if r.binding and any(cell in values for cell, _c in r.terms)
            ]
            moved = {cell: value - self.printed(cell).value for cell, value in values.items()}
            bounds = intervals(answer.cells, [*kept, *near], moved)
            after = None if bounds is None else self._grid(answer.cells, bounds)
            if after == values:
                break
            values = after
        return bounds, values

    def _grid(
        self, cells: Sequence[CellRef], bounds: Sequence[Bounds]
    ) -> dict[CellRef, Fraction] | None:
        found = {
            cell: self._proposed(cell, low, high)
            for cell, (low, high) in zip(cells, bounds, strict=True)
        }
        known = {c: v for c, v in found.items() if v is not None and self.case.layout.holds(c, v)}
        return known if len(known) == len(found) else None

    def change(
        self,
        cell: CellRef,
        value: Fraction,
        low: Fraction | None,
        high: Fraction | None,
        known: tuple[SlipKind, ...],
    ) -> Change:
        equations = (
            self._wanted(cell).count(value)
            if not known
            else sum(1 for r in self.touching.get(cell, ()) if r.op == "=" and r.binding)
        )
        printed, step = self.printed(cell).value, self.step(cell)
        slips = known or self._slips(cell, value)
        if not slips and equations:
            slips = self.case.kinds.hinted(printed / step, value / step)
        return Change(cell, printed, value, low, high, slips, equations)

    def _slips(self, cell: CellRef, value: Fraction) -> tuple[SlipKind, ...]:
        """By which slip a cell may hold what it holds instead of a value."""
        printed, step = self.printed(cell).value, self.step(cell)

        def told(cells: Sequence[CellRef]) -> frozenset[Fraction]:
            figures = self.case.facts.figures
            return frozenset(figures[c].value / step for c in cells if c in figures)

        prior = told([CellRef(cell.table, cell.row, cell.column, True)])
        around = CopySources(
            told(rows_beside(cell)),
            told(columns_beside(cell, self.case.layout)),
            next(iter(prior), None) if not cell.prior else None,
        )
        percent = (cell.table, cell.column) in self.case.layout.percents
        found = self.case.kinds.between(printed / step, value / step, 0, around, percent)
        total = self.case.kinds.named(How.TOTAL)
        if found or total is None:
            return found
        return (total,) if any(is_total(cell, r) for r in self.touching.get(cell, ())) else ()

    def step(self, cell: CellRef) -> Fraction:
        """The grid of a cell: one in its last printed place."""
        return self.case.steps.get(cell) or 2 * self.printed(cell).half or Fraction(1)

    def _proposed(
        self, cell: CellRef, low: Fraction | None, high: Fraction | None
    ) -> Fraction | None:
        """The value on the printed grid within the interval: what most equations ask for exactly, else what a slip explains, else near the middle."""
        printed, step = self.printed(cell).value, self.step(cell)
        first, last = self._ends(cell, low, high)
        if first is None or last is None:
            end = first if first is not None else last
            return None if end is None else end * step
        if first > last:
            return None
        inside = [
            v
            for v in self._wanted(cell)
            if first * step <= v <= last * step and (v / step).denominator == 1
        ]
        inside = inside or [v for v in self._rounded(cell) if first * step <= v <= last * step]
        if inside:
            return max(sorted(set(inside)), key=inside.count)
        if last - first < self.limits.values:
            explained = [
                value
                for value in (n * step for n in range(int(first), int(last) + 1))
                if any(kind.how is not How.TOTAL for kind in self._slips(cell, value))
            ]
            if explained:
                return min(explained, key=lambda v: (abs(v - printed), v))
        return ((first + last) // 2) * step

    def _ends(
        self, cell: CellRef, low: Fraction | None, high: Fraction | None
    ) -> tuple[int | None, int | None]:
        """The first and the last value within an interval of changes, in printed places. A strict inequality does not hold at its very end."""
        printed, step = self.printed(cell).value, self.step(cell)
        first = None if low is None else -((-(printed + low)) // step)
        last = None if high is None else (printed + high) // step
        if first is not None and not self._strictly(cell, first * step):
            first += 1
        if last is not None and not self._strictly(cell, last * step):
            last -= 1
        return first, last

    def _strictly(self, cell: CellRef, value: Fraction) -> bool:
        """Whether the strict inequalities on a cell hold with a value."""
        strict = [r for r in self.touching.get(cell, ()) if r.op in ("<", ">") and r.binding]
        return all(self.keeps(r, {cell: value}) for r in strict)

    def _rounded(self, cell: CellRef) -> list[Fraction]:
        """The values that rates on a cell ask for, in the places it is printed with."""
        step = self.step(cell)
        return [round(v / step) * step for v in self._wanted(cell, linear=False)]

    def _wanted(self, cell: CellRef, linear: bool | None = None) -> list[Fraction]:
        """The value that each equation on a cell asks for, the other cells as printed."""
        printed = self.printed(cell).value
        return [
            printed - r.gap / c
            for r in self.touching.get(cell, ())
            if r.op == "=" and r.binding and linear in (None, r.linear)
            for at, c in r.terms
            if at == cell
        ]


__all__ = ["Proposals"]
