"""Accepted answers -> the likeliest first: fewer cells, likelier slips, figures that stand elsewhere too, more equations that ask for just this. Ties stay ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from gouji.locate.locate_values import Change, UnitCase, event_of
from gouji.locate.proposals import Proposals
from gouji.locate.relations import CellRef
from gouji.locate.slips import tells_apart
from gouji.rules import How

COPIED = frozenset({How.ROW, How.COLUMN, How.PRIOR})


@dataclass(slots=True)
class Ranking:
    """How likely answers are, one beside another."""

    case: UnitCase
    proposals: Proposals
    standing: dict[Fraction, list[CellRef]] = field(default_factory=dict)

    def rank(self, changes: tuple[Change, ...]) -> tuple[object, ...]:
        """An event over several cells counts as one change; then the likelier slips, then more equations that ask for just this, then slips that come out just so by less of
        a chance; ties in the order of cells."""
        event = event_of(changes)
        return (
            1 if event is not None else len(changes),
            event.odds if event is not None else sum(map(self._odds, changes)),
            -min(c.equations for c in changes),
            sum(
                self.case.kinds.ways(c.slips, c.proposed / self.proposals.step(c.cell))
                for c in changes
            ),
            [c.cell for c in changes],
        )

    def leads(self, ranked: Sequence[tuple[Change, ...]]) -> bool:
        """Whether the first answer stands out from the second by the number of its cells or by its slip, and not by the order of cells alone."""
        if len(ranked) == 1:
            # A figure of which nothing says what it should be, nor how it came to be wrong, is a guess.
            return not any(c.free and not c.slips for c in ranked[0])
        first, second = (self.rank(changes)[:2] for changes in ranked[:2])
        return first != second and all(c.equations >= 2 for c in ranked[0])

    def _odds(self, change: Change) -> int:
        """How unlikely a change is: by its slip, and by whether the figure that it proposes, or the one it does away with, stands in other cells as well."""
        kinds, step = self.case.kinds, self.proposals.step(change.cell)
        odds = kinds.odds(change.slips, change.printed / step, change.proposed / step)
        if self._elsewhere(change.cell, change.proposed):
            return odds - kinds.elsewhere
        copied = any(kind.how in COPIED for kind in change.slips)
        doubted = not copied and self._elsewhere(change.cell, change.printed)
        return odds + kinds.elsewhere if doubted else odds

    def _elsewhere(self, cell: CellRef, value: Fraction) -> bool:
        """Whether a value stands in a cell that no relation compares with this one: it was written there independently of what is doubted."""
        if not tells_apart(value / self.proposals.step(cell)):
            return False
        if not self.standing:
            for at, printed in self.case.facts.figures.items():
                self.standing.setdefault(printed.value, []).append(at)
        others = [at for at in self.standing.get(value, ()) if at != cell]
        if not others:
            return False
        compared = {at for r in self.proposals.touching.get(cell, ()) for at, _c in r.terms}
        return any(at not in compared and self.case.layout.alike(at, cell) for at in others)


__all__ = ["Ranking"]
