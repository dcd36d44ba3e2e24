"""得分(CODE): a criterion -> the expression of its score, so that whatever reads expressions reads scores too.

A score that is not decided by figures, items or marks (the unit's word is carried, a part is open) has no value here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import assert_never

from gouji.expression import needed
from gouji.expression import nodes as n
from gouji.rules.methods import (
    Bands,
    Between,
    Checklist,
    Deductions,
    Inverse,
    Judged,
    Measured,
    Partial,
    Parts,
    PerViolation,
    Proportional,
    Reading,
    RowByRow,
    Steps,
    TwoSidedSteps,
    Within,
    Words,
    limits_of,
)
from gouji.rules.resolved import ResolvedCriterion, ResolvedPart
from gouji.rules.rule import BookHead
from gouji.rules.table import ColumnRole, Role, Table
from gouji.rules.values import Range

PLACES = 2
ZERO = n.Number(Fraction(0))
Branches = tuple[tuple[n.Node, n.Node], ...]


@dataclass(frozen=True, slots=True)
class ScoreTrees:
    """Makes the expression of a criterion's score from its trees, as the head of the book says of what does not apply and of limits met in print."""

    tables: dict[str, Table]
    head: BookHead

    def of(self, criterion: ResolvedCriterion) -> n.Node:
        """The score, to hundredths, from the least to the most that the criterion can give."""
        rule, bottom = criterion.rule, Fraction(criterion.rule.bottom)
        made = self._points(criterion)
        if bottom:
            made = n.Arithmetic("+", made, n.Number(bottom))
        left_out: n.Node | None = n.Number(Fraction(rule.weight))
        if rule.adjust is not None:
            left_out = ZERO
        elif self.head.not_applicable == "exclude":
            left_out = None
        if criterion.measure is not None:
            policies: dict[str, n.Node] = {"full": n.Number(Fraction(rule.top)), "zero": ZERO}
            policies |= {"not_applicable": left_out} if left_out is not None else {}
            made = _where_measured(criterion.measure, made, policies.get(rule.undefined))
        if criterion.applies is not None:
            otherwise: Branches = (
                ((n.Not(criterion.applies), left_out),) if left_out is not None else ()
            )
            made = n.Case((*otherwise, (criterion.applies, made)), None)
        if criterion.belongs is not None:
            made = n.Case(((criterion.belongs, made),), None)
        return n.Rounded("round", made, PLACES, criterion.code)

    def _points(self, of: ResolvedCriterion) -> n.Node:
        match of.rule.method:
            case Checklist() as method:
                return self._items(of.code, method, of.rule.weight)
            case Judged() as method:
                return self._marks(of.code, method, of.rule.weight)
            case Parts() | Deductions() as method:
                return self._composed(of, method)
            case method:
                assert of.measure is not None
                return self._measured(method, of.rule.weight, of.measure)

    def _composed(self, of: ResolvedCriterion, method: Parts | Deductions) -> n.Node:
        each = [(part.points, self._part(of.code, part)) for part in of.parts]
        if isinstance(method, Parts) and method.of != "sum":
            one = n.Extreme("max" if method.of == "best" else "min", tuple(x for _, x in each))
            return self._gated(of.code, method.gate, one)
        left: n.Node = n.Number(Fraction(of.rule.weight - sum(points for points, _ in each)))
        for _, part in each:
            left = n.Arithmetic("+", left, part)
        made = n.Extreme("max", (ZERO, left))
        return self._gated(of.code, method.gate, made) if isinstance(method, Parts) else made

    def _part(self, code: str, part: ResolvedPart) -> n.Node:
        made: n.Node
        if isinstance(part.method, Checklist):
            made = self._items(code, part.method, part.points)
        else:
            assert part.measure is not None
            made = self._measured(part.method, part.points, part.measure)
            made = _where_measured(part.measure, made, None)
        if part.applies is None:
            return made
        full = n.Number(Fraction(part.points))
        return n.Case(((n.Not(part.applies), full), (part.applies, made)), None)

    def _measured(self, method: Measured, weight: Decimal, measure: n.Node) -> n.Node:
        """Points of a measure; one that is printed exactly at a limit of the method is there, whatever it was rounded from."""
        made = earned(method, weight, measure)
        limits = limits_of(method) if self.head.at_the_limit == "printed" else ()
        at: Branches = tuple(
            (n.Compare("=", measure, n.Number(x)), earned(method, weight, n.Number(x)))
            for x in limits
        )
        return n.Case(at, made) if at else made

    def _gated(self, code: str, gate: Sequence[str], made: n.Node) -> n.Node:
        if not gate:
            return made
        return n.Case(
            ((_any(self._is(code, gate, 1)), ZERO), (_all(self._is(code, gate, 0)), made)), None
        )

    def _items(self, code: str, method: Checklist, weight: Decimal) -> n.Node:
        names = [item.item for item in method.items]
        met, unmet = self._is(code, names, 0), self._is(code, names, 1)
        if method.mode == "all_or_nothing":
            full = n.Number(Fraction(weight))
            return n.Case(((_any(unmet), ZERO), (_all(met), full)), None)
        each: Iterable[n.Node] = (
            n.Case(((yes, n.Number(Fraction(item.points))), (no, ZERO)), None)
            for item, yes, no in zip(method.items, met, unmet, strict=True)
        )
        return reduce(lambda a, b: n.Arithmetic("+", a, b), each)

    def _is(self, code: str, items: Iterable[str], word: int) -> list[n.Node]:
        """Of each item whether it was said to be met (word 0) or not met (word 1)."""
        table = self._table(Role.CHECKS)
        named, result = table.with_role(ColumnRole.ITEM).name, table.with_role(ColumnRole.RESULT)
        found: list[n.Node] = []
        for item in items:
            where = _all(
                [
                    _same(table, table.with_role(ColumnRole.CRITERION).name, code),
                    _same(table, named, item),
                    _same(table, result.name, result.one_of[word]),
                ]
            )
            said = n.Aggregate("count", table.table, result.name, where)
            found.append(n.Compare(">", said, ZERO))
        return found

    def _marks(self, code: str, method: Judged, weight: Decimal) -> n.Node:
        """The mean of the marks, where there are enough and none is out of range."""
        table = self._table(Role.REVIEWS)
        name = table.with_role(ColumnRole.SCORE).name
        own = _same(table, table.with_role(ColumnRole.CRITERION).name, code)
        many, total, least, most = (
            n.Aggregate(func, table.table, name, own) for func in ("count", "sum", "min", "max")
        )
        tests: list[n.Node] = [
            n.Compare(">=", many, n.Number(Fraction(method.reviewers))),
            n.Compare(">=", least, ZERO),
            n.Compare("<=", most, n.Number(Fraction(weight))),
        ]
        mean: n.Node = n.Arithmetic("/", total, many)
        if method.by == "trimmed_mean":
            rest = n.Arithmetic("-", n.Arithmetic("-", total, least), most)
            mean = n.Arithmetic("/", rest, n.Arithmetic("-", many, n.Number(Fraction(2))))
        return n.Case(((_all(tests), n.Rounded("round", mean, PLACES)),), None)

    def _table(self, role: Role) -> Table:
        return next(t for t in self.tables.values() if t.role is role)


def earned(method: Partial | Measured, weight: Decimal, measure: n.Node) -> n.Node:
    """The points of a measure that has a value, to hundredths, from zero to the weight."""
    full = n.Number(Fraction(weight))
    match method:
        case Within() | Bands() | Inverse():
            return _by_range(method, weight, measure)
        case Steps() | TwoSidedSteps():
            return _stepped(method, weight, measure)
        case Proportional(full_at=full_at):
            return _held(_times(measure, Fraction(weight) / Fraction(full_at)), full)
        case Between():
            return _held(_between(method, weight, measure), full)
        case Words() | RowByRow():
            return _held(measure, full)
        case PerViolation(take=take):
            cases = n.Extreme("max", (ZERO, measure))
            return _held(n.Arithmetic("-", full, _times(cases, Fraction(take))), full)
        case Checklist():
            raise TypeError("items are not measured")
        case _:
            assert_never(method)


def _by_range(method: Within | Bands | Inverse, weight: Decimal, measure: n.Node) -> n.Node:
    """Points by the range in which the measure lies."""
    full = n.Number(Fraction(weight))
    match method:
        case Within(full_at=full_at):
            return n.Case(((_inside(measure, full_at), full),), ZERO)
        case Bands(bands=bands):
            rows = ((_inside(measure, b.when), n.Number(Fraction(b.points))) for b in bands)
            return n.Case(tuple(rows), ZERO)
        case Inverse(full_at=limit):
            edge = Fraction(limit)
            left = n.Arithmetic("/", n.Number(full.value * edge), measure)
            return n.Case(((n.Compare("<=", measure, n.Number(edge)), full),), _held(left, full))
        case _:
            assert_never(method)


def _between(method: Between, weight: Decimal, measure: n.Node) -> n.Node:
    none_at, full_at, least = map(Fraction, (method.none_at, method.full_at, method.none_points))
    one = (Fraction(weight) - least) / (full_at - none_at)
    beyond = _times(n.Arithmetic("-", measure, n.Number(none_at)), one)
    # Points below the least stay at the least: beyond none_at nothing more is lost.
    return n.Arithmetic("+", n.Number(least), n.Extreme("max", (ZERO, beyond)))


def _stepped(method: Steps | TwoSidedSteps, weight: Decimal, measure: n.Node) -> n.Node:
    """Full points less what each step beyond an end of the range takes."""
    full, branches = n.Number(Fraction(weight)), []
    take = (
        Fraction(method.take)
        if method.take is not None
        else Fraction(method.take_share or 0) * Fraction(weight)
    )
    for end, up in ((method.full_at.high, True), (method.full_at.low, False)):
        if end is None:
            continue
        edge = n.Number(Fraction(end))
        width = Fraction(method.per)
        width *= abs(Fraction(end)) if method.percent_is == "relative" else 1
        gap = n.Arithmetic("-", measure, edge) if up else n.Arithmetic("-", edge, measure)
        steps: n.Node = _times(gap, 1 / width)
        if method.reading is not Reading.PRORATA:
            steps = n.Rounded("floor" if method.reading is Reading.WHOLE else "ceil", steps)
        left = _held(n.Arithmetic("-", full, _times(steps, take)), full)
        branches.append((n.Compare(">" if up else "<", measure, edge), left))
    return n.Case(tuple(branches), full)


def _where_measured(measure: n.Node, made: n.Node, undefined: n.Node | None) -> n.Node:
    """Points where the measure has a value; what a zero denominator gives where every figure is there and it has none."""
    absent = n.Missing(measure)
    branches: Branches = ((n.Not(absent), made),)
    if undefined is not None:
        there = [n.Not(n.Missing(leaf)) for leaf in needed(measure)]
        branches += ((_all([absent, *there]), undefined),)
    return n.Case(branches, None)


def _inside(measure: n.Node, when: Range) -> n.Node:
    if when.low is not None and when.low == when.high:
        return n.Compare("=", measure, n.Number(Fraction(when.low)))
    tests: list[n.Node] = []
    if when.low is not None:
        sign: n.Op = ">=" if when.low_closed else ">"
        tests.append(n.Compare(sign, measure, n.Number(Fraction(when.low))))
    if when.high is not None:
        sign = "<=" if when.high_closed else "<"
        tests.append(n.Compare(sign, measure, n.Number(Fraction(when.high))))
    return _all(tests)


def _same(table: Table, column: str, word: str) -> n.Node:
    return n.Compare("=", n.Word(table.table, column), n.Text(word))


def _all(tests: Sequence[n.Node]) -> n.Node:
    return reduce(n.Both, tests)


def _any(tests: Sequence[n.Node]) -> n.Node:
    return reduce(n.Either, tests)


def _times(of: n.Node, by: Fraction) -> n.Node:
    return of if by == 1 else n.Arithmetic("*", n.Number(by), of)


def _held(made: n.Node, full: n.Node) -> n.Node:
    """To hundredths, from zero to the full points."""
    held = n.Extreme("max", (ZERO, n.Extreme("min", (full, made))))
    return n.Rounded("round", held, PLACES)
