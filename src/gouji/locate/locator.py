"""Failing relations that hang together -> their cause: every smallest answer with proposed values, accepted by the judge, the likeliest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from gouji.expression import Printed
from gouji.locate.events import Around as Within
from gouji.locate.events import Event, columns_beside, events, lines_left_out, rows_beside
from gouji.locate.relations import CellRef, Relation
from gouji.locate.search import Answer, Bounds, Search, intervals
from gouji.locate.slips import EVENTS, Around
from gouji.locate.values import Case, Cause, Change, Limits, Part
from gouji.rules import How, SlipKind

ZERO = Fraction(0)
# How often a rate is written down anew around the values that its first approximation gave.
ROUNDS = 6
NOTHING = Printed(ZERO)


@dataclass(slots=True)
class Locator:
    """Looks for causes over some relations of a unit."""

    case: Case
    relations: Sequence[Relation]
    limits: Limits
    touching: dict[CellRef, list[Relation]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for relation in self.relations:
            for cell, _c in relation.terms:
                self.touching.setdefault(cell, []).append(relation)

    def one(self, part: Part) -> Cause | None:
        """The cause of a part where it is one cell, or one event over several cells."""
        return self._of_weight(part, 1)

    def few(self, part: Part) -> Cause | None:
        """The same where it is several cells that have nothing to do with each other, or one that is seldom wrong."""
        if self._least(part) > self.limits.cells:
            return None
        return next(
            (
                found
                for upto in range(2, self.limits.cells + 1)
                if (found := self._of_weight(part, upto)) is not None
            ),
            None,
        )

    def _least(self, part: Part) -> int:
        """So many cells are needed at least: none is in more of the failing relations than some number."""
        most = max(map(len, self._within(part.failing).hits.values()), default=1)
        return -(-len(part.failing) // most)

    def many(self, part: Part) -> list[Cause]:
        """Of a part that more cells would have to explain than are searched: each cell whose change settles two or more of its relations and breaks none, where no
        other cell settles one of these. Never certain, and not exhaustive."""
        settled: dict[CellRef, tuple[tuple[Change, ...], frozenset[int]]] = {}
        of = {id(relation): number for number, relation in enumerate(part.failing)}
        for cell, numbers in sorted(self._within(part.failing).hits.items()):
            if len(numbers) < 2 or cell in self.case.facts.fixed:
                continue
            bounds = intervals([cell], [r for r in self.touching[cell] if r.binding], {})
            changes = None if bounds is None else self._changes(Answer((cell,), bounds))
            if (
                changes is not None
                and self.case.judge({cell: changes[0].proposed}) <= self.case.before
            ):
                settled[cell] = (
                    changes,
                    frozenset(of[id(r)] for r in self.touching[cell] if id(r) in of),
                )
        times = Counter(number for _changes, numbers in settled.values() for number in numbers)
        return [
            Cause((changes,), tuple(sorted({part.failing[n].code for n in numbers})), False, False)
            for changes, numbers in settled.values()
            if all(times[number] == 1 for number in numbers)
        ]

    def line(self, parts: Sequence[Part]) -> tuple[Cause, frozenset[int]] | None:
        """One line left out that explains two or more parts at once, and which (by number): where several would do, those that explain most."""
        failing = [(number, r) for number, part in enumerate(parts) for r in part.failing]
        found: list[tuple[Cause, frozenset[int]]] = []
        for event, told in lines_left_out(self._within([r for _number, r in failing])):
            of = frozenset(failing[number][0] for number in told)
            codes = frozenset(failing[number][1].code for number in told)
            if len(of) > 1 and (cause := self._left_out(event, codes)) is not None:
                found.append((cause, of))
        most = max((len(of) for _cause, of in found), default=0)
        best = [(cause, of) for cause, of in found if len(of) == most]
        if not best:
            return None
        cause, of = best[0]
        answers = tuple(cause.best for cause, _of in best)[: self.limits.answers]
        return Cause(answers, cause.codes, False, len(best) <= self.limits.answers), of

    def _left_out(self, event: Event, codes: frozenset[str]) -> Cause | None:
        """A line left out as a cause, where the rules say that some of the codes hold with it and no other rule begins to fail."""
        after = self.case.judge(dict(event.values))
        if not after < self.case.before or codes <= after:
            return None
        changes = tuple(
            self._change(cell, value, value, value, (event.slip,)) for cell, value in event.values
        )
        return Cause((changes,), tuple(sorted(codes)), False)

    def _within(self, failing: Sequence[Relation]) -> Within:
        case = self.case
        return Within(failing, case.facts.figures, case.layout, case.kinds)

    def _of_weight(self, part: Part, upto: int) -> Cause | None:
        facts = self.case.facts
        found = Search(self.relations, facts.fixed, self.case.weights, self.limits.steps).minimal(
            part.failing, Fraction(upto - 1), Fraction(upto), self.limits.cells
        )
        accepted = [
            changes
            for answer in found.answers
            if (changes := self._changes(answer)) is not None and self._holds(changes, part)
        ]
        if upto == 1:
            within = self._within(part.failing)
            every = frozenset(range(len(part.failing)))
            left_out = [event for event, told in lines_left_out(within) if told == every]
            accepted += self._composite(part, left_out, True)
            if not accepted:
                accepted = self._composite(part, events(within), False)
        return self._cause(accepted, part.codes, found.whole) if accepted else None

    def _cause(
        self, accepted: Sequence[tuple[Change, ...]], codes: tuple[str, ...], whole: bool
    ) -> Cause:
        ranked = sorted(accepted, key=self._rank)
        certain = len(ranked) == 1 and whole and all(c.equations >= 2 for c in ranked[0])
        return Cause(
            tuple(ranked[: self.limits.answers]),
            codes,
            certain,
            whole and len(ranked) <= self.limits.answers,
        )

    def _rank(self, changes: tuple[Change, ...]) -> tuple[object, ...]:
        """An event over several cells counts as one change; then the likelier slips, then more equations that ask for just this; ties in the order of cells."""
        event = event_of(changes)
        odds = (
            event.odds
            if event is not None
            else sum(self.case.kinds.odds(c.slips, c.printed, c.proposed) for c in changes)
        )
        return (
            1 if event is not None else len(changes),
            odds,
            -min(c.equations for c in changes),
            [c.cell for c in changes],
        )

    def _holds(self, changes: Sequence[Change], part: Part) -> bool:
        """Whether the rules themselves say so: what fails in this part alone does not fail any more, and no other rule begins to."""
        after = self.case.judge({change.cell: change.proposed for change in changes})
        return after.isdisjoint(part.alone) and after <= self.case.before

    # Events over several cells.

    def _composite(self, part: Part, found: Iterable[Event], new: bool) -> list[tuple[Change, ...]]:
        """Events that put everything in order; of those that contain one another the smallest."""
        kept: list[tuple[Change, ...]] = []
        for event in found:
            cells = {cell for cell, _v in event.values} | ({event.free} if event.free else set())
            if not cells.isdisjoint(self.case.facts.fixed) or any(
                {c.cell for c in known} <= cells for known in kept
            ):
                continue
            values = dict(event.values) if new else self._fitting(event, part.failing)
            if values is None:
                continue
            changes = tuple(
                self._change(cell, value, value, value, (event.slip,))
                for cell, value in values.items()
                if value != self._printed(cell).value
            )
            if changes and self._holds(changes, part):
                kept.append(changes)
        return kept

    def _printed(self, cell: CellRef) -> Printed:
        return self.case.facts.figures.get(cell, NOTHING)

    def _fitting(self, event: Event, failing: Sequence[Relation]) -> dict[CellRef, Fraction] | None:
        """The values of an event where the forms say that each relation it touches is in order then, and every failing one is touched."""
        deltas = {cell: value - self._printed(cell).value for cell, value in event.values}
        if event.free is not None:
            lost = _lost(event.free, deltas, failing)
            if lost is None:
                return None
            deltas[event.free] = lost
        # Most events fail at the first failing relation: it is asked before all that they touch is gathered.
        if not all(_allowed(relation, _moved(relation, deltas)) for relation in failing):
            return None
        touched = {id(r): r for cell in deltas for r in self.touching.get(cell, ()) if r.binding}
        if all(id(r) in touched for r in failing) and all(
            _allowed(r, _moved(r, deltas)) for r in touched.values()
        ):
            return {cell: self._printed(cell).value + by for cell, by in deltas.items()}
        return None

    # Single cells.

    def _changes(self, answer: Answer) -> tuple[Change, ...] | None:
        """Values on the printed grid for an answer; None where the grid has none. Rates are written down anew around the values until these stay."""
        bounds: tuple[Bounds, ...] | None = answer.changes
        values = self._grid(answer.cells, answer.changes)
        touched = {id(r): r for cell in answer.cells for r in self.touching[cell] if r.binding}
        if any(not r.linear for r in touched.values()):
            bounds, values = self._anew(answer, list(touched.values()), values)
        if values is None or bounds is None:
            return None
        return tuple(
            self._change(
                cell,
                values[cell],
                None if low is None else self._printed(cell).value + low,
                None if high is None else self._printed(cell).value + high,
                (),
            )
            for cell, (low, high) in zip(answer.cells, bounds, strict=True)
        )

    def _anew(
        self, answer: Answer, touched: Sequence[Relation], values: dict[CellRef, Fraction] | None
    ) -> tuple[tuple[Bounds, ...] | None, dict[CellRef, Fraction] | None]:
        """Intervals and values for an answer of which some relations are not linear: these are written down anew around the values until they stay."""
        codes = frozenset(r.code for r in touched if not r.linear)
        kept = [r for r in touched if r.code not in codes]
        bounds: tuple[Bounds, ...] | None = answer.changes
        for _round in range(ROUNDS if self.case.again is not None else 0):
            if values is None:
                break
            assert self.case.again is not None
            near = [
                r
                for r in self.case.again(codes, values)
                if r.binding and any(cell in values for cell, _c in r.terms)
            ]
            moved = {cell: value - self._printed(cell).value for cell, value in values.items()}
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
        known = {cell: value for cell, value in found.items() if value is not None}
        return known if len(known) == len(found) else None

    def _change(
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
        printed = self._printed(cell).value
        return Change(cell, printed, value, low, high, known or self._slips(cell, value), equations)

    def _slips(self, cell: CellRef, value: Fraction) -> tuple[SlipKind, ...]:
        """By which slip a cell may hold what it holds instead of a value."""
        printed, step = self._printed(cell).value, self._step(cell)

        def told(cells: Sequence[CellRef]) -> frozenset[Fraction]:
            figures = self.case.facts.figures
            return frozenset(figures[c].value / step for c in cells if c in figures)

        prior = told([CellRef(cell.table, cell.row, cell.column, True)])
        around = Around(
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

    def _step(self, cell: CellRef) -> Fraction:
        """The grid of a cell: one in its last printed place."""
        return self.case.steps.get(cell) or 2 * self._printed(cell).half or Fraction(1)

    def _proposed(
        self, cell: CellRef, low: Fraction | None, high: Fraction | None
    ) -> Fraction | None:
        """The value on the printed grid within the interval: what most equations ask for exactly, else what a slip explains, else near the middle."""
        printed, step = self._printed(cell).value, self._step(cell)
        first, last = (
            (None if low is None else -((-(printed + low)) // step)),
            (None if high is None else (printed + high) // step),
        )
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

    def _wanted(self, cell: CellRef) -> list[Fraction]:
        """The value that each equation on a cell asks for, the other cells as printed."""
        printed = self._printed(cell).value
        return [
            printed - r.gap / c
            for r in self.touching.get(cell, ())
            if r.op == "=" and r.binding
            for at, c in r.terms
            if at == cell
        ]


def event_of(changes: Sequence[Change]) -> SlipKind | None:
    """The kind of slip that changed several cells at once, where one did; of one cell, None unless it is a line left out."""
    common = [
        kind
        for kind in changes[0].slips
        if kind.how in EVENTS
        and (kind.how is not How.SCALE or kind.whole)
        and (len(changes) > 1 or kind.how is How.LINE)
        and all(kind in change.slips for change in changes)
    ]
    return common[0] if common else None


def is_total(cell: CellRef, relation: Relation) -> bool:
    """Whether a cell is stated as the sum of two or more others."""
    own = next((c for at, c in relation.terms if at == cell), ZERO)
    others = [c for at, c in relation.terms if at != cell]
    return relation.op == "=" and len(others) >= 2 and own != 0 and all(c * own < 0 for c in others)


def _lost(
    cell: CellRef, deltas: Mapping[CellRef, Fraction], failing: Sequence[Relation]
) -> Fraction | None:
    """The change of a lost figure that the first equation on it asks for, other cells having changed; None where none is on it."""
    for relation in failing:
        c = next((c for at, c in relation.terms if at == cell), ZERO)
        if c and relation.op == "=":
            return -(relation.gap + _moved(relation, deltas)) / c
    return None


def _moved(relation: Relation, deltas: Mapping[CellRef, Fraction]) -> Fraction:
    """By how much changes of cells move a relation's value."""
    return sum((c * deltas[cell] for cell, c in relation.terms if cell in deltas), ZERO)


def _allowed(relation: Relation, change: Fraction) -> bool:
    low, high = relation.allowed
    return (low is None or change >= low) and (high is None or change <= high)


__all__ = ["Locator", "event_of", "is_total"]
