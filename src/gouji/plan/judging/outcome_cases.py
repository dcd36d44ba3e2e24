"""The cases of a criterion (for other units, not applicable, decided, …) -> verdict, score, range and ground of each, as branches of SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlglot import exp

from gouji.base.verdict import Ground, Verdict
from gouji.expression.nodes import Node
from gouji.plan.judging import scoring as m
from gouji.plan.judging.openness import OpenState, ground, verdict
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.shapes import Sql
from gouji.rules import ResolvedCriterion

Branch = tuple[Sql, Sql, Sql, Sql, Sql, Sql]
# The verdict of branches in which nothing is known.
NOT_KNOWN = (verdict(Verdict.UNASSESSABLE),)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Tests that say that a relation contradicts a figure of a criterion: any figure, or one by which it may not apply.

    `whole`: one that puts all its points in doubt; others do so with single rows: then the points lie between `row_ends`, which are measures at first.
    """

    every: Sql
    left_out: Sql
    whole: Sql
    row_ends: tuple[Node, Node] | None = None
    ends: tuple[Sql, Sql] | None = None


def shifted(state: OpenState, bottom: int) -> OpenState:
    """Points from zero up -> from the least that the criterion can give."""
    if not bottom:
        return state

    def moved(points: Sql) -> Sql:
        return sql.binary(exp.Add, sql.wrapped(points), sql.whole(bottom))

    low = sql.function(exp.Coalesce, state.low, sql.whole(0))
    high = sql.function(exp.Coalesce, state.high, sql.whole(-bottom))
    return replace(state, score=moved(state.score), low=moved(low), high=moved(high))


def decided_word(of: ResolvedCriterion, score: Sql, full: Sql) -> Sql:
    """What a score is called."""
    if of.rule.adjust is None:
        is_full = sql.binary(exp.EQ, score, full)
        return sql.case([(is_full, verdict(Verdict.FULL))], verdict(Verdict.DEDUCTED))
    nothing = sql.binary(exp.EQ, score, sql.whole(0))
    word = Verdict.TAKEN_OFF if of.rule.bottom else Verdict.ADDED
    return sql.case([(nothing, verdict(Verdict.UNADJUSTED))], verdict(word))


def of_sets(belongs: Sql, bottom: Sql, top: Sql) -> list[Branch]:
    """Of a criterion for some kinds of unit: nothing for other kinds, anything where the kind is not known."""
    if belongs == exp.true():
        return []
    zero, other = sql.whole(0), verdict(Verdict.OTHER_SET)
    unknown = verdict(Verdict.UNASSESSABLE), exp.null(), bottom, top, ground(Ground.OPEN)
    return [
        (sql.not_(belongs), other, exp.null(), zero, zero, ground(Ground.FIGURES)),
        (sql.is_null(belongs), *unknown),
    ]


def if_it_applies(of: ResolvedCriterion, exclude: bool, low: Sql, high: Sql) -> tuple[Sql, Sql]:
    """The range of what may turn out not to apply: bonuses and deductions give nothing then."""
    zero = sql.whole(0)
    if of.rule.adjust is not None:
        return (low, zero) if of.rule.bottom else (zero, high)
    return zero if exclude else low, sql.whole(m.centi(of.rule.weight))


def contested(branch: Branch, doubt: Doubt, bottom: int, top: int, scored: Sql) -> Branch:
    """A branch that decides the score: where its figures are contradicted, every score is possible, and the points rest on nothing that holds.

    Where only single rows are, of what was `scored`, every score that these rows may bring.
    """
    condition, word, score, low, high, rests = branch
    if word in NOT_KNOWN or word == verdict(Verdict.OTHER_SET):
        return branch
    test = doubt.left_out if word == verdict(Verdict.NOT_APPLICABLE) else doubt.every
    least, most = [(test, sql.whole(bottom))], [(test, sql.whole(top))]
    if doubt.ends is not None and score == scored:
        first, last = doubt.ends
        least = [(doubt.whole, sql.whole(bottom)), (test, _known(sql.least, first, low, bottom))]
        most = [(doubt.whole, sql.whole(top)), (test, _known(sql.greatest, last, high, top))]
    return (
        condition,
        word,
        score,
        sql.case(least, low),
        sql.case(most, high),
        sql.case([(test, ground(Ground.CONTESTED))], rests),
    )


def _known(further: Callable[[Sql, Sql], Sql], end: Sql, own: Sql, otherwise: int) -> Sql:
    """The further of two ends; where one is not known, what is possible at all."""
    known = sql.all_of([sql.not_(sql.is_null(end)), sql.not_(sql.is_null(own))])
    return sql.case([(known, further(end, own))], sql.whole(otherwise))
