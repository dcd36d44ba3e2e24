"""Whether a rule is for a unit and applies to it, and what that makes of a criterion's score: in Python, as a reader would say it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from decimal import Decimal
from fractions import Fraction

from gouji.base.outcome import Gap, GapKind
from gouji.base.verdict import Verdict
from gouji.expression import (
    Exact,
    UnitFigures,
    by_table,
    denominators,
    homes,
    homes_in,
    named,
    named_table,
    needed,
    words,
)
from gouji.expression.nodes import Node, Word
from gouji.reference import points as m
from gouji.rules import Criterion, ResolvedBook, ResolvedCriterion

ZERO = Decimal("0.00")


def incomplete(figures: UnitFigures, *nodes: Node | None) -> bool:
    """Whether expressions read a table of which rows were set aside: then nothing that they come to is to be relied on."""
    return figures.incomplete(homes(*nodes))


def applies_to(applies: Node | None, exact: Exact) -> bool | None:
    """Whether a rule with that precondition applies; None where it is not known."""
    if applies is None:
        return True
    return None if incomplete(exact.figures, applies) else exact.truth(applies).holds


def belongs_to(of: ResolvedCriterion, book: ResolvedBook, exact: Exact) -> bool | None:
    """Whether the criterion is for the unit's kind; None where its kind is not known, or has no set of criteria."""
    if of.belongs is None or book.placed is None:
        return True
    return applies_to(of.belongs, exact) if applies_to(book.placed, exact) else None


def decided_word(rule: Criterion, score: Decimal) -> Verdict:
    """What a score is called."""
    if rule.adjust is None:
        return Verdict.FULL if score == rule.weight else Verdict.DEDUCTED
    if not score:
        return Verdict.UNADJUSTED
    return Verdict.ADDED if score > 0 else Verdict.TAKEN_OFF


def if_it_applies(
    rule: Criterion, exclude: bool, low: Decimal, high: Decimal
) -> tuple[Decimal, Decimal]:
    """The range of what may turn out not to apply: bonuses and deductions give nothing then."""
    if rule.adjust is not None:
        return min(low, ZERO), max(high, ZERO)
    return ZERO if exclude else low, m.hundredths(Fraction(rule.weight))


def gaps_of(nodes: Sequence[Node | None], exact: Exact, derived: Container[str]) -> tuple[Gap, ...]:
    """Tables not sent (or not to be `derived`), or not whole, missing figures and zero denominators of expressions."""
    present = [x for x in nodes if x is not None]
    found = []
    leaves = tuple(dict.fromkeys(leaf for x in present for leaf in needed(x)))
    for (table, prior), wanted in by_table(leaves).items():
        if not exact.figures.sent(table, prior) and not exact.figures.incomplete(
            homes_in(table, prior, wanted)
        ):
            found.append(
                Gap(
                    GapKind.UNDERIVED if table in derived else GapKind.UNSENT,
                    named_table(table, prior),
                    wanted,
                )
            )
    read = homes(*present)
    found += [
        Gap(GapKind.ASIDE, named_table(*home)) for home in read if exact.figures.incomplete([home])
    ]
    for leaf in leaves:
        if (
            exact.figures.sent(leaf.table, leaf.prior)
            and not incomplete(exact.figures, leaf)
            and (exact.text(leaf) if isinstance(leaf, Word) else exact.value(leaf)) is None
        ):
            found.append(Gap(GapKind.MISSING, named(leaf)))
    found += [
        Gap(GapKind.ZERO, words(d))
        for d in dict.fromkeys(d for x in present for d in denominators(x))
        if exact.value(d) == 0
    ]
    return tuple(found)
