"""Whether a rule is for a unit and applies to it, and what that makes of a criterion's score: in Python, as a reader would say it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
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
from gouji.expression.nodes import Leaf, Node, Word
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
    present, figures = [x for x in nodes if x is not None], exact.figures
    leaves = tuple(dict.fromkeys(leaf for x in present for leaf in needed(x)))
    below = dict.fromkeys(d for x in present for d in denominators(x))
    return (
        *_unsent(leaves, figures, derived),
        *(
            Gap(GapKind.ASIDE, named_table(*home))
            for home in homes(*present)
            if figures.incomplete([home])
        ),
        *(Gap(GapKind.MISSING, named(leaf)) for leaf in leaves if _missing_alone(leaf, exact)),
        *(Gap(GapKind.ZERO, words(d)) for d in below if exact.value(d) == 0),
    )


def _unsent(
    leaves: Sequence[Leaf | Word], figures: UnitFigures, derived: Container[str]
) -> Iterator[Gap]:
    """The tables that figures are read from and that the unit did not send."""
    for (table, prior), wanted in by_table(leaves).items():
        partly = figures.incomplete(homes_in(table, prior, wanted))
        if not figures.sent(table, prior) and not partly:
            kind = GapKind.UNDERIVED if table in derived else GapKind.UNSENT
            yield Gap(kind, named_table(table, prior), wanted)


def _missing_alone(leaf: Leaf | Word, exact: Exact) -> bool:
    """Whether a figure is missing though its table was sent and lost no row."""
    figures = exact.figures
    if not figures.sent(leaf.table, leaf.prior) or incomplete(figures, leaf):
        return False
    return (exact.text(leaf) if isinstance(leaf, Word) else exact.value(leaf)) is None
