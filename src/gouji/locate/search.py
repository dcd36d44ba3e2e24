"""Relations over cells -> the smallest sets of cells whose change puts every failing relation in order and breaks none. Exact, all of them, no random choice.

Branching on failing relations (Fellegi and Holt 1976: the changed cells hit every failing edit), with the system of inequalities of the chosen cells solved by
Fourier-Motzkin elimination over fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gouji.locate.relations import CellRef, Relation

Bounds = tuple[Fraction | None, Fraction | None]
# Σ coefficient × change ≤ bound.
Inequality = tuple[dict[CellRef, Fraction], Fraction]
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Answer:
    """Cells to change, and for each the interval of its change, in base units."""

    cells: tuple[CellRef, ...]
    changes: tuple[Bounds, ...]


@dataclass(frozen=True, slots=True)
class SearchAnswers:
    """All answers of one size and the least weight, in order; `whole` is False when a limit ended the search."""

    answers: tuple[Answer, ...]
    whole: bool


class _Stop(Exception):
    """The limit of steps was reached."""


class Search:
    """One search; `weights` of cells (1 where not given), `steps` that may be taken in all."""

    def __init__(
        self,
        relations: Sequence[Relation],
        fixed: frozenset[CellRef],
        weights: Mapping[CellRef, Fraction],
        steps: int,
    ) -> None:
        self.relations = [r for r in relations if r.binding]
        self.fixed, self.weights, self.steps = fixed, weights, steps
        self.touching: dict[CellRef, list[Relation]] = {}
        self._cells: dict[int, frozenset[CellRef]] = {}
        for relation in self.relations:
            for cell, _c in relation.terms:
                self.touching.setdefault(cell, []).append(relation)

    def minimal(
        self, failing: Sequence[Relation], above: Fraction, upto: Fraction, most: int
    ) -> SearchAnswers:
        """The sets of at most so many cells, heavier than `above` and no heavier than `upto`, that put these in order: those of the least weight."""
        found: dict[frozenset[CellRef], Answer] = {}
        whole = True
        self._cells = {id(r): frozenset(cell for cell, _c in r.terms) for r in failing}
        try:
            for chosen in self._sets(failing, (), frozenset(), upto, most):
                if self._weight(chosen) <= above:
                    continue
                answer = self._solved(chosen)
                if answer is not None:
                    found[frozenset(chosen)] = answer
        except _Stop:
            whole = False
        least = min(map(self._weight, found), default=Fraction(0))
        return SearchAnswers(
            tuple(
                sorted(
                    (a for cells, a in found.items() if self._weight(cells) == least),
                    key=lambda a: a.cells,
                )
            ),
            whole,
        )

    def _weight(self, cells: Iterable[CellRef]) -> Fraction:
        return sum((self.weights.get(cell, ONE) for cell in cells), Fraction(0))

    def _sets(
        self,
        failing: Sequence[Relation],
        chosen: tuple[CellRef, ...],
        without: frozenset[CellRef],
        left: Fraction,
        most: int,
    ) -> Iterator[tuple[CellRef, ...]]:
        """Every set of at most so many more cells, of at most that weight, that hits each failing relation; none twice."""
        self._step()
        taken = set(chosen)
        open_ = [r for r in failing if taken.isdisjoint(self._cells[id(r)])]
        if not open_:
            yield tuple(sorted(chosen))
        if most == 0 or left <= 0:
            return
        if open_:
            relation = min(open_, key=lambda r: (len(r.terms), r.code, r.spot))
            candidates = [cell for cell, _c in relation.terms]
        else:
            # All are hit, but not by cells that can put them in order: another cell beside one of those chosen has to move with it.
            candidates = sorted(
                {cell for c in chosen for r in self.touching[c] for cell, _k in r.terms}
            )
        for cell in candidates:
            weight = self.weights.get(cell, ONE)
            if cell in taken or cell in without or cell in self.fixed or weight > left:
                continue
            yield from self._sets(failing, (*chosen, cell), without, left - weight, most - 1)
            without |= {cell}

    def _step(self, cost: int = 1) -> None:
        self.steps -= cost
        if self.steps < 0:
            raise _Stop

    def _solved(self, chosen: tuple[CellRef, ...]) -> Answer | None:
        """The intervals of changes, or None where no change of these cells does; None too where one of them need not change."""
        # Elimination with three unknowns costs some twenty-five times as much as an intersection.
        self._step(len(chosen) ** 3)
        relations = {id(r): r for cell in chosen for r in self.touching[cell]}.values()
        changes = intervals(chosen, relations, {})
        if changes is None and len(chosen) == 1:
            # A rate is written down around the printed figures: with another sign in its denominator it says something else.
            changes = intervals(chosen, [r for r in relations if r.linear or not r.fails], {})
        if changes is None:
            return None
        # The end of a strict inequality is none of its values, and an approximation may allow too much: there no change at all only seems to do.
        open_ = len(chosen) > 1 or any(
            r.fails and (not r.linear or r.op in "<>") for r in relations
        )
        return Answer(chosen, changes) if open_ or all(map(_moves, changes)) else None


def intervals(
    cells: Sequence[CellRef], relations: Iterable[Relation], from_: Mapping[CellRef, Fraction]
) -> tuple[Bounds, ...] | None:
    """The least and greatest change of each cell over all changes that keep the relations in order; None where there are none.

    `from_`: by how much the cells are changed already where relations that are not linear were written down.
    """
    among = set(cells)
    system: list[Inequality] = []
    for relation in relations:
        form = {cell: c for cell, c in relation.terms if cell in among}
        low, high = relation.allowed
        moved = (
            sum((c * from_.get(cell, 0) for cell, c in form.items()), Fraction(0))
            if not relation.linear
            else Fraction(0)
        )
        if high is not None:
            system.append((form, high + moved))
        if low is not None:
            system.append(({cell: -c for cell, c in form.items()}, -low - moved))
    found = [bounds_of(cell, cells, system) for cell in cells]
    known = tuple(bounds for bounds in found if bounds is not None)
    return known if len(known) == len(found) else None


def _moves(bounds: Bounds) -> bool:
    low, high = bounds
    return not ((low is None or low <= 0) and (high is None or high >= 0))


def bounds_of(
    cell: CellRef, cells: Sequence[CellRef], system: Sequence[Inequality]
) -> Bounds | None:
    """The least and greatest value of one unknown over all solutions of a system; None where there is no solution.

    >>> a, b = CellRef("表", 0, "甲"), CellRef("表", 0, "乙")
    >>> one = Fraction(1)
    >>> bounds_of(a, (a, b), [({a: one, b: one}, Fraction(3)), ({a: -one}, Fraction(-1)), ({b: -one}, Fraction(-1))])
    (Fraction(1, 1), Fraction(2, 1))
    """
    rest = list(system)
    for other in cells:
        if other != cell:
            rest = _without(other, rest)
    low: Fraction | None = None
    high: Fraction | None = None
    for form, bound in rest:
        c = form.get(cell, Fraction(0))
        if c == 0:
            if bound < 0:
                return None
        elif c > 0:
            high = bound / c if high is None else min(high, bound / c)
        else:
            low = bound / c if low is None else max(low, bound / c)
    return None if low is not None and high is not None and low > high else (low, high)


def _without(cell: CellRef, system: Sequence[Inequality]) -> list[Inequality]:
    """One step of Fourier-Motzkin elimination."""
    above = [(form, bound) for form, bound in system if form.get(cell, 0) > 0]
    below = [(form, bound) for form, bound in system if form.get(cell, 0) < 0]
    made = [(form, bound) for form, bound in system if form.get(cell, 0) == 0]
    for up, high in above:
        for down, low in below:
            x, y = -down[cell], up[cell]
            made.append((_combined(up, x, down, y, cell), high * x + low * y))
    return _thinned(made)


def _combined(
    up: Mapping[CellRef, Fraction],
    x: Fraction,
    down: Mapping[CellRef, Fraction],
    y: Fraction,
    cell: CellRef,
) -> dict[CellRef, Fraction]:
    """x times one form and y times the other, in which a cell cancels out."""
    zero = Fraction(0)
    each = {c: up.get(c, zero) * x + down.get(c, zero) * y for c in up.keys() | down.keys()}
    return {c: v for c, v in each.items() if c != cell and v}


def _thinned(system: Sequence[Inequality]) -> list[Inequality]:
    """Without inequalities that a tighter one of the same direction makes idle."""
    best: dict[tuple[tuple[CellRef, Fraction], ...], Fraction] = {}
    for form, bound in system:
        ordered = sorted(form.items())
        scale = abs(ordered[0][1]) if ordered else Fraction(1)
        key, scaled = tuple((cell, c / scale) for cell, c in ordered), bound / scale
        best[key] = min(best.get(key, scaled), scaled)
    return [(dict(key), bound) for key, bound in best.items()]


__all__ = ["Answer", "Bounds", "Search", "SearchAnswers", "bounds_of", "intervals"]
