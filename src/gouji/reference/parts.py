"""Several parts of one criterion -> its score: in Python, as a reader would compute it. `compile.parts_of` says the same in SQL.

What a part does not earn is taken off the weight, which never goes below zero; where the points of the parts add up to the weight
that is their sum, where they do not (deductions) it is what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gouji.expression import homes, unread_home, unread_homes
from gouji.rules import (
    ColumnRole,
    Composed,
    Judged,
    Parts,
    ResolvedBook,
    ResolvedCriterion,
    Role,
    items_of,
)

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class PartState:
    """What a part may earn, its score as far as it is known, and the range in which it lies."""

    points: Decimal
    score: Decimal | None
    low: Decimal
    high: Decimal


def combined(
    method: Composed, weight: Decimal, parts: Sequence[PartState], gate: bool | None
) -> tuple[Decimal | None, Decimal, Decimal]:
    """Score and range; the score is also known where the range leaves nothing open. `gate`: whether its items are met, None where that is not known.

    >>> one = PartState(Decimal(2), Decimal(2), Decimal(2), Decimal(2))
    >>> other = PartState(Decimal(1), None, ZERO, Decimal(1))
    >>> combined(Parts(parts=()), Decimal(3), [one, other], True)
    (None, Decimal('2.00'), Decimal('3.00'))
    """
    if gate is False:
        return ZERO, ZERO, ZERO
    low = _one(method, weight, [(p.points, p.low) for p in parts])
    high = _one(method, weight, [(p.points, p.high) for p in parts])
    scores = [(p.points, p.score) for p in parts if p.score is not None]
    known = gate is True and len(scores) == len(parts)
    if gate is None:
        low = ZERO
    score = _one(method, weight, scores) if known else low if low == high else None
    return score, low, high


def _one(method: Composed, weight: Decimal, earned: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    if isinstance(method, Parts) and method.of != "sum":
        pick = max if method.of == "best" else min
        return pick(score for _points, score in earned)
    lost = sum((points - score for points, score in earned), ZERO)
    return max(weight - lost, ZERO)


def all_read(of: ResolvedCriterion, book: ResolvedBook) -> tuple[tuple[str, bool], ...]:
    """Everything that a criterion reads, figures that could not be read among it: where any of it was lost, nothing is missing in the sense of `missing: zero`."""
    nodes, method = (*of.trees, of.applies), of.rule.method
    read = (*homes(*nodes), *unread_homes(*nodes))
    for role, said in ((Role.REVIEWS, ColumnRole.SCORE), (Role.CHECKS, ColumnRole.RESULT)):
        asked = isinstance(method, Judged) if role is Role.REVIEWS else bool(items_of(method))
        table = book.table_of(role)
        if asked and table is not None:
            own = unread_home(table.table, table.with_role(said).name)
            read = (*read, (table.table, False), (own, False))
    return read
