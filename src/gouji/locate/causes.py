"""Relations, cells and a judge -> Located: causes, each with every smallest answer, ranked; and what none explains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from gouji.locate.events import Event, events
from gouji.locate.relations import CellRef, Facts, Relation
from gouji.locate.search import Answer, Bounds, Search
from gouji.locate.slips import EVENTS, Slip, odds, slips

# Values of cells that are tried -> the codes of rules that are 不平 then.
Judge = Callable[[Mapping[CellRef, Fraction]], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a search goes: failing relations of a unit (with more of them nothing is located), answers of one cause, cells of an answer, steps, values tried."""

    failing: int = 60
    answers: int = 5
    cells: int = 3
    steps: int = 20_000
    values: int = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One cell: what is printed, what it should be (base unit), in which interval that may lie, by which slip, and how many equations fix it."""

    cell: CellRef
    printed: Fraction
    proposed: Fraction
    low: Fraction | None
    high: Fraction | None
    slips: tuple[Slip, ...]
    equations: int


@dataclass(frozen=True, slots=True)
class Cause:
    """Answers to one group of failing relations, the likeliest first; `codes` are the rules it explains, `certain` when nothing else is possible."""

    answers: tuple[tuple[Change, ...], ...]
    codes: tuple[str, ...]
    certain: bool
    whole: bool = True

    @property
    def best(self) -> tuple[Change, ...]:
        """The likeliest answer."""
        return self.answers[0]


@dataclass(frozen=True, slots=True)
class Located:
    """One unit: its causes, and the codes of failing rules that none of them explains."""

    unit: str
    causes: tuple[Cause, ...]
    unexplained: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Failing relations that hang together by their cells; `codes` are their rules, `alone` those of them that fail nowhere else."""

    failing: tuple[Relation, ...]
    codes: tuple[str, ...]
    alone: frozenset[str]


@dataclass(slots=True)
class _Locator:
    relations: Sequence[Relation]
    facts: Facts
    before: frozenset[str]
    judge: Judge
    order: Mapping[str, Sequence[str]]
    weights: Mapping[CellRef, Fraction]
    limits: Limits
    steps: Mapping[CellRef, Fraction]
    touching: dict[CellRef, list[Relation]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for relation in self.relations:
            for cell, _c in relation.terms:
                self.touching.setdefault(cell, []).append(relation)

    def one(self, part: Part) -> Cause | None:
        """The cause of a part where it is one cell, or one event over several cells."""
        return self._of_size(part, 1)

    def few(self, part: Part) -> Cause | None:
        """The same where it is several cells that have nothing to do with each other."""
        return next(
            (
                made
                for size in range(2, self.limits.cells + 1)
                if (made := self._of_size(part, size)) is not None
            ),
            None,
        )

    def _of_size(self, part: Part, size: int) -> Cause | None:
        found = Search(self.relations, self.facts.fixed, self.weights, self.limits.steps).minimal(
            part.failing, size
        )
        accepted = [
            made
            for answer in found.answers
            if (made := self._changes(answer)) is not None and self._holds(made, part)
        ]
        if not accepted and size == 1:
            accepted = self._composite(part)
        return self._cause(accepted, part.codes, found.whole) if accepted else None

    def _cause(
        self, accepted: Sequence[tuple[Change, ...]], codes: tuple[str, ...], whole: bool
    ) -> Cause:
        ranked = sorted(accepted, key=_rank)
        first = ranked[0]
        certain = len(ranked) == 1 and whole and all(c.equations >= 2 for c in first)
        return Cause(
            tuple(ranked[: self.limits.answers]),
            codes,
            certain,
            whole and len(ranked) <= self.limits.answers,
        )

    def _holds(self, changes: Sequence[Change], part: Part) -> bool:
        """Whether the rules themselves say so: what fails in this part alone does not fail any more, and no other rule begins to."""
        after = self.judge({change.cell: change.proposed for change in changes})
        return after.isdisjoint(part.alone) and after <= self.before

    def _composite(self, part: Part) -> list[tuple[Change, ...]]:
        """Events that put everything in order; of those that contain one another the smallest."""
        found: list[tuple[Change, ...]] = []
        for event in events(part.failing, self.facts.figures, self.order):
            cells = {cell for cell, _v in event.values}
            if not cells.isdisjoint(self.facts.fixed) or any(
                {c.cell for c in known} <= cells for known in found
            ):
                continue
            if self._fits(event, part.failing):
                made = tuple(
                    self._change(cell, value, value, value, (event.slip,))
                    for cell, value in event.values
                    if value != self.facts.figures[cell].value
                )
                if made and self._holds(made, part):
                    found.append(made)
        return found

    def _fits(self, event: Event, failing: Sequence[Relation]) -> bool:
        """Whether the forms say that it does: each relation it touches is in order then, and every failing one is touched."""
        deltas = {cell: value - self.facts.figures[cell].value for cell, value in event.values}
        touched = {id(r): r for cell in deltas for r in self.touching.get(cell, ()) if r.binding}
        if any(id(r) not in touched for r in failing):
            return False
        return all(
            _allowed(r, sum((c * deltas.get(cell, 0) for cell, c in r.terms), Fraction(0)))
            for r in touched.values()
        )

    def _changes(self, answer: Answer) -> tuple[Change, ...] | None:
        """Values on the printed grid for an answer; None where the grid has none."""
        made: list[Change] = []
        for cell, (low, high) in zip(answer.cells, answer.changes, strict=True):
            value = self._proposed(cell, low, high)
            if value is None:
                return None
            printed = self.facts.figures[cell].value
            made.append(
                self._change(
                    cell,
                    value,
                    None if low is None else printed + low,
                    None if high is None else printed + high,
                    (),
                )
            )
        return tuple(made)

    def _change(
        self,
        cell: CellRef,
        value: Fraction,
        low: Fraction | None,
        high: Fraction | None,
        known: tuple[Slip, ...],
    ) -> Change:
        printed = self.facts.figures[cell].value
        wanted = self._wanted(cell)
        equations = (
            wanted.count(value)
            if not known
            else sum(1 for r in self.touching.get(cell, ()) if r.op == "=" and r.binding)
        )
        return Change(cell, printed, value, low, high, known or self._slips(cell, value), equations)

    def _slips(self, cell: CellRef, value: Fraction) -> tuple[Slip, ...]:
        """By which slip a cell may hold what it holds instead of a value."""
        printed, step = self.facts.figures[cell].value, self._step(cell)
        near = frozenset(
            self.facts.figures[c].value / step
            for c in _beside(cell, self.order)
            if c in self.facts.figures
        )
        last = self.facts.figures.get(CellRef(cell.table, cell.row, cell.column, True))
        found = slips(printed / step, value / step, 0, near, last.value / step if last else None)
        return found or (
            (Slip.TOTAL,) if any(_is_total(cell, r) for r in self.touching.get(cell, ())) else ()
        )

    def _step(self, cell: CellRef) -> Fraction:
        """The grid of a cell: one in its last printed place."""
        return self.steps.get(cell) or 2 * self.facts.figures[cell].half or Fraction(1)

    def _proposed(
        self, cell: CellRef, low: Fraction | None, high: Fraction | None
    ) -> Fraction | None:
        """The value on the printed grid within the interval: what most equations ask for exactly, else what a slip explains, else near the middle."""
        printed, step = self.facts.figures[cell].value, self._step(cell)
        first, last = (
            (None if low is None else -((-(printed + low)) // step)),
            (None if high is None else (printed + high) // step),
        )
        if first is None or last is None:
            end = first if first is not None else last
            return None if end is None else end * step
        if first > last:
            return None
        wanted = self._wanted(cell)
        inside = [
            v for v in wanted if first * step <= v <= last * step and (v / step).denominator == 1
        ]
        if inside:
            return max(sorted(set(inside)), key=inside.count)
        if last - first < self.limits.values:
            explained = [
                v
                for n in range(int(first), int(last) + 1)
                if set(self._slips(cell, v := n * step)) - {Slip.TOTAL}
            ]
            if explained:
                return min(explained, key=lambda v: (abs(v - printed), v))
        return ((first + last) // 2) * step

    def _wanted(self, cell: CellRef) -> list[Fraction]:
        """The value that each equation on a cell asks for, the other cells as printed."""
        printed = self.facts.figures[cell].value
        return [
            printed - r.gap / c
            for r in self.touching.get(cell, ())
            if r.op == "=" and r.binding
            for at, c in r.terms
            if at == cell
        ]


def _is_total(cell: CellRef, relation: Relation) -> bool:
    """Whether a cell is stated as the sum of two or more others."""
    own = next((c for at, c in relation.terms if at == cell), Fraction(0))
    others = [c for at, c in relation.terms if at != cell]
    return relation.op == "=" and len(others) >= 2 and own != 0 and all(c * own < 0 for c in others)


def _beside(cell: CellRef, order: Mapping[str, Sequence[str]]) -> tuple[CellRef, ...]:
    columns = list(order.get(cell.table, ()))
    at = columns.index(cell.column) if cell.column in columns else -1
    across = [
        CellRef(cell.table, cell.row, columns[i], cell.prior)
        for i in (at - 1, at + 1)
        if at >= 0 and 0 <= i < len(columns)
    ]
    return (
        CellRef(cell.table, cell.row - 1, cell.column, cell.prior),
        CellRef(cell.table, cell.row + 1, cell.column, cell.prior),
        *across,
    )


def _allowed(relation: Relation, change: Fraction) -> bool:
    low, high = relation.allowed
    return (low is None or change >= low) and (high is None or change <= high)


def _rank(changes: tuple[Change, ...]) -> tuple[object, ...]:
    """An event over several cells counts as one change; then the likelier slips, then more equations that ask for just this; ties in the order of cells."""
    one = (
        set(changes[0].slips).intersection(*(c.slips for c in changes)) & EVENTS
        if len(changes) > 1
        else set()
    )
    size = 1 if one else len(changes)
    return (
        size,
        sum(odds(c.slips, c.printed, c.proposed) for c in changes) if not one else 0,
        -min(c.equations for c in changes),
        [c.cell for c in changes],
    )


def parts_of(failing: Sequence[Relation]) -> list[Part]:
    """Failing relations that share cells, together; in order of their first code."""
    found: list[tuple[set[CellRef], list[Relation]]] = []
    for relation in failing:
        joined = {cell for cell, _c in relation.terms}, [relation]
        rest = []
        for part in found:
            if part[0].isdisjoint(joined[0]):
                rest.append(part)
            else:
                joined = part[0] | joined[0], part[1] + joined[1]
        found = [*rest, joined]
    ordered = sorted(
        (sorted(part, key=_place) for _cells, part in found), key=lambda part: _place(part[0])
    )
    times = Counter(code for part in ordered for code in {r.code for r in part})
    return [
        Part(
            tuple(part),
            codes := tuple(sorted({r.code for r in part})),
            frozenset(c for c in codes if times[c] == 1),
        )
        for part in ordered
    ]


def _place(relation: Relation) -> tuple[str, str]:
    return relation.code, relation.spot


@dataclass(frozen=True, slots=True)
class Case:
    """One unit as it is to be looked at.

    `before`: codes that are 不平 as printed; `judge`: those when some cells hold other values. `near`: the relations of every rule that reads a column which a
    failing rule reads; `every`: those of the whole book. `order`: the columns of each table as they stand; `steps`: the grid on which a cell is printed
    (else twice its half place).
    """

    unit: str
    facts: Facts
    before: frozenset[str]
    judge: Judge
    near: Sequence[Relation]
    every: Callable[[], Sequence[Relation]]
    order: Mapping[str, Sequence[str]]
    steps: Mapping[CellRef, Fraction] = field(default_factory=dict)
    weights: Mapping[CellRef, Fraction] = field(default_factory=dict)


def locate(case: Case, limits: Limits | None = None) -> Located:
    """Find the causes of a unit's failing relations. Degrees, scores and verdicts stay as they are: what comes out is a proposal."""
    limits = limits or Limits()

    def locator(relations: Sequence[Relation]) -> _Locator:
        return _Locator(
            relations,
            case.facts,
            case.before,
            case.judge,
            case.order,
            case.weights,
            limits,
            case.steps,
        )

    failing = [r for r in case.near if r.fails and r.binding and r.code in case.before]
    if len(failing) > limits.failing:
        return Located(case.unit, (), ())
    near, whole = locator(case.near), None
    causes = []
    for part in parts_of(failing):
        cause = near.one(part)
        if cause is None:
            whole = whole or locator(case.every())
            cause = whole.few(part)
        if cause is not None:
            causes.append(cause)
    found = _joined(causes)
    # All likeliest answers together, judged once more: what fails even then is not explained.
    left = (
        case.judge({c.cell: c.proposed for cause in found for c in cause.best})
        if found
        else case.before
    )
    explained = {code for cause in found for code in cause.codes if code not in left}
    return Located(case.unit, found, tuple(sorted(case.before - explained)))


def _joined(causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """Causes with the same likeliest answer are one: it explains all of their rules."""
    found: dict[tuple[Change, ...], Cause] = {}
    for cause in causes:
        known = found.get(cause.best)
        codes = tuple(sorted({*cause.codes, *(known.codes if known else ())}))
        found[cause.best] = Cause(
            cause.answers,
            codes,
            cause.certain and (known is None or known.certain),
            cause.whole and (known is None or known.whole),
        )
    return tuple(found.values())


__all__ = ["Bounds", "Case", "Cause", "Change", "Judge", "Limits", "Located", "locate", "parts_of"]
