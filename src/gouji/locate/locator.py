"""Failing relations that hang together -> their cause: every smallest answer with proposed values, accepted by the judge, the likeliest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from gouji.locate.events import Around as Within
from gouji.locate.events import Event, events, exchanges, units_of_money
from gouji.locate.locate_values import Cause, Change, FailingGroup, SearchLimits, UnitCase
from gouji.locate.missing_lines import lines_left_out
from gouji.locate.proposals import Proposals
from gouji.locate.ranking import Ranking
from gouji.locate.relations import CellRef, Relation
from gouji.locate.search import Answer, Search, intervals
from gouji.rules import How

ZERO = Fraction(0)
# Slips of the digits of one figure.
TYPED = frozenset({How.SWAP, How.INSERT, How.DROP, How.DOUBLE, How.REPLACE, How.SIGN, How.SCALE})


def _below_zero(changes: Sequence[Change]) -> bool:
    """Whether a figure would have to be negative, and no slip says that it lost its sign."""
    return any(c.proposed < 0 <= c.printed and not c.slips for c in changes)


def _told(change: Change) -> bool:
    """Whether a figure was typed wrong in a way that people do, or may be almost anything."""
    return change.free or any(kind.how in TYPED for kind in change.slips)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a relation asks of thousands of events, worked out once: each cell's coefficient and what it contributes as printed, and by how much its value may change."""

    terms: Mapping[CellRef, tuple[Fraction, Fraction]]
    low: Fraction | None
    high: Fraction | None
    strict: bool

    def met(self, values: Mapping[CellRef, Fraction]) -> bool:
        """Whether the relation is in order with these values."""
        change = ZERO
        if len(self.terms) < len(values):
            for at, (c, part) in self.terms.items():
                if at in values:
                    change += c * values[at] - part
        else:
            for at, value in values.items():
                if at in self.terms:
                    c, part = self.terms[at]
                    change += c * value - part
        if (self.low is not None and change < self.low) or (
            self.high is not None and change > self.high
        ):
            return False
        return not (self.strict and change in (self.low, self.high))


@dataclass(slots=True)
class Locator:
    """Looks for causes over some relations of a unit."""

    case: UnitCase
    relations: Sequence[Relation]
    limits: SearchLimits
    touching: dict[CellRef, list[Relation]] = field(default_factory=dict)
    judged: dict[frozenset[tuple[CellRef, Fraction]], frozenset[str]] = field(default_factory=dict)
    asked: dict[int, _Asked] = field(default_factory=dict)
    proposals: Proposals = field(init=False)
    ranking: Ranking = field(init=False)

    def __post_init__(self) -> None:
        for relation in self.relations:
            for cell, _c in relation.terms:
                self.touching.setdefault(cell, []).append(relation)
        self.proposals = Proposals(self.case, self.limits, self.touching)
        self.ranking = Ranking(self.case, self.proposals)

    def one(self, part: FailingGroup) -> Cause | None:
        """The cause of a part where it is one cell, or one event over several cells."""
        return self._of_weight(part, 1)

    def event(self, part: FailingGroup, exchanged: bool) -> Cause | None:
        """The cause of several parts taken together where it is one event over several cells (or only an exchange)."""
        within = self._within(part.failing)
        found = exchanges(within) if exchanged else events(within)
        accepted = self._composite(part, found, False)
        return self._cause(accepted, part.codes, True) if accepted else None

    def few(self, part: FailingGroup) -> Cause | None:
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

    def _least(self, part: FailingGroup) -> int:
        """So many cells are needed at least: none is in more of the failing relations than some number."""
        most = max(map(len, self._within(part.failing).hits.values()), default=1)
        return -(-len(part.failing) // most)

    def many(self, part: FailingGroup) -> list[Cause]:
        """Of a part that more cells would have to explain than are searched: each cell whose change settles two or more of its relations and breaks none, where no
        other cell settles one of these. Never certain, and not exhaustive."""
        settled: dict[CellRef, tuple[tuple[Change, ...], frozenset[int]]] = {}
        of = {id(relation): number for number, relation in enumerate(part.failing)}
        for cell, numbers in sorted(self._within(part.failing).hits.items()):
            changes = self._changes_of(cell) if len(numbers) > 1 else None
            if changes is not None:
                own = frozenset(of[id(r)] for r in self.touching[cell] if id(r) in of)
                settled[cell] = (changes, own)
        times = Counter(number for _changes, numbers in settled.values() for number in numbers)
        return [
            Cause((changes,), tuple(sorted({part.failing[n].code for n in numbers})), False, False)
            for changes, numbers in settled.values()
            if all(times[number] == 1 for number in numbers)
        ]

    def _changes_of(self, cell: CellRef) -> tuple[Change, ...] | None:
        """How one cell may change so that all relations over it are in order, and no rule fails that did not fail before."""
        if cell in self.case.facts.fixed:
            return None
        bounds = intervals([cell], [r for r in self.touching[cell] if r.binding], {})
        changes = None if bounds is None else self.proposals.changes(Answer((cell,), bounds))
        if changes is None or not self.case.judge({cell: changes[0].proposed}) <= self.case.before:
            return None
        return changes

    def line(self, parts: Sequence[FailingGroup]) -> tuple[Cause, frozenset[int]] | None:
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
            self.proposals.change(cell, value, value, value, (event.slip,))
            for cell, value in event.values
        )
        return Cause((changes,), tuple(sorted(codes)), False)

    def _within(self, failing: Sequence[Relation]) -> Within:
        case = self.case
        return Within(failing, case.facts.figures, case.layout, case.kinds)

    def _of_weight(self, part: FailingGroup, upto: int) -> Cause | None:
        facts = self.case.facts
        found = Search(self.relations, facts.fixed, self.case.weights, self.limits.steps).minimal(
            part.failing, Fraction(upto - 1), Fraction(upto), self.limits.cells
        )
        accepted = [
            changes
            for answer in found.answers
            if (changes := self._accepted(answer, part)) is not None
        ]
        if upto == 1:
            within = self._within(part.failing)
            every = frozenset(range(len(part.failing)))
            left_out = [event for event, told in lines_left_out(within) if told == every]
            accepted += self._composite(part, left_out, True)
            if all(_below_zero(changes) for changes in accepted):
                accepted += self._composite(part, events(within), False)
            elif scaled := [a for a in accepted if any(kind.whole for kind in a[0].slips)]:
                # A total in another unit than its parts, or the parts in another unit than the total.
                accepted += self._composite(part, units_of_money(within), False, scaled)
            elif not any(_told(changes[0]) for changes in accepted):
                # One cell would do, and nobody types it like that: it may have been exchanged with one that no equation reads.
                accepted += self._composite(part, exchanges(within), False)
        return self._cause(accepted, part.codes, found.whole) if accepted else None

    def _accepted(self, answer: Answer, part: FailingGroup) -> tuple[Change, ...] | None:
        """The changes of an answer that the rules accept. Of a figure that may be almost anything, those values are left that suit rules too which had no form at the printed
        figures (a rate whose denominator is empty)."""
        codes: frozenset[str] = frozenset()
        while (changes := self.proposals.changes(answer, codes)) is not None:
            if self._holds(changes, part):
                return changes
            new = self._after(changes) - self.case.before - codes
            if not new or not any(change.free for change in changes):
                return None
            codes |= new
        return None

    def _cause(
        self, accepted: Sequence[tuple[Change, ...]], codes: tuple[str, ...], whole: bool
    ) -> Cause:
        ranked = sorted(accepted, key=self.ranking.rank)
        certain = len(ranked) == 1 and whole and all(c.equations >= 2 for c in ranked[0])
        return Cause(
            tuple(ranked[: self.limits.answers]),
            codes,
            certain,
            whole and len(ranked) <= self.limits.answers,
            self.ranking.leads(ranked),
        )

    def _holds(self, changes: Sequence[Change], part: FailingGroup) -> bool:
        """Whether the rules themselves say so: what fails in this part alone does not fail any more, and no other rule begins to."""
        after = self._after(changes)
        return after.isdisjoint(part.alone) and after <= self.case.before

    def _after(self, changes: Sequence[Change]) -> frozenset[str]:
        """The codes that fail with these changes; where another rule begins to fail, not all of these."""
        values = {change.cell: change.proposed for change in changes}
        key = frozenset(values.items())
        if key not in self.judged:
            self.judged[key] = self.case.judge(values)
        return self.judged[key]

    # Events over several cells.

    def _composite(
        self,
        part: FailingGroup,
        found: Iterable[Event],
        new: bool,
        known: Sequence[tuple[Change, ...]] = (),
    ) -> list[tuple[Change, ...]]:
        """Events that put everything in order; of those that contain one another (or an answer that is known) the smallest."""
        kept: list[tuple[Change, ...]] = []
        for event in found:
            cells = {cell for cell, _v in event.values} | ({event.free} if event.free else set())
            if not cells.isdisjoint(self.case.facts.fixed) or any(
                {c.cell for c in smaller} <= cells for smaller in (*known, *kept)
            ):
                continue
            values = dict(event.values) if new else self._fitting(event, part.failing)
            if values is None:
                continue
            changes = tuple(
                self.proposals.change(cell, value, value, value, (event.slip,))
                for cell, value in values.items()
                if value != self.proposals.printed(cell).value
            )
            if changes and self._holds(changes, part):
                kept.append(changes)
        return kept

    def _asked(self, relation: Relation) -> _Asked:
        known = self.asked.get(id(relation))
        if known is None:
            known = self.asked[id(relation)] = _Asked(
                {at: (c, c * self.proposals.printed(at).value) for at, c in relation.terms},
                *relation.allowed,
                relation.op in ("<", ">"),
            )
        return known

    def _fitting(self, event: Event, failing: Sequence[Relation]) -> dict[CellRef, Fraction] | None:
        """The values of an event where the forms say that each relation it touches is in order then, and every failing one is touched."""
        values = dict(event.values)
        if event.free is not None:
            lost = self._lost(event.free, values, failing)
            if lost is None:
                return None
            values[event.free] = lost
        # Most events fail at the first failing relation: it is asked before all that they touch is gathered.
        if not all(self._asked(relation).met(values) for relation in failing):
            return None
        touched = {id(r): r for cell in values for r in self.touching.get(cell, ()) if r.binding}
        hit = all(id(r) in touched for r in failing)
        return values if hit and all(self._asked(r).met(values) for r in touched.values()) else None

    def _lost(
        self, cell: CellRef, values: Mapping[CellRef, Fraction], failing: Sequence[Relation]
    ) -> Fraction | None:
        """The value of a lost figure that the first equation on it asks for, other cells holding other values; None where none is on it."""
        for relation in failing:
            c = next((c for at, c in relation.terms if at == cell), ZERO)
            if c and relation.op == "=":
                return (
                    self.proposals.printed(cell).value
                    - (relation.gap + self.proposals.moved(relation, values)) / c
                )
        return None


__all__ = ["Locator"]
