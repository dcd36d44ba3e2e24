"""Conditions and what a `case` gives, in SQL: its value and its interval, from the last branch to the first. `expression.evaluate` and `.intervals` say the same in Python.

Where it is not known whether a condition holds there is no value, unless the branch and what follows it give the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from gouji.expression import nodes as n
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.rational import Quantity, Whole
from gouji.plan.sql.shapes import Sql


@dataclass(frozen=True, slots=True)
class Ends:
    """An interval in SQL."""

    low: Quantity
    high: Quantity


@dataclass(frozen=True, slots=True)
class SqlTruth:
    """A condition in SQL: at the printed figures, and whether figures within rounding make it true, or false."""

    holds: Sql
    may_hold: Sql
    may_fail: Sql


@dataclass(frozen=True, slots=True)
class Branch:
    """What a branch gives: its value, and its interval where that is asked for."""

    value: Quantity
    ends: Ends


def joined(node: n.Both | n.Either | n.Not, truth: Callable[[n.Node], SqlTruth]) -> SqlTruth:
    """`and`, `or`, `not`; `truth` tells the parts."""
    if isinstance(node, n.Not):
        inner = truth(node.of)
        return SqlTruth(sql.not_(inner.holds), inner.may_fail, inner.may_hold)
    a, b = truth(node.left), truth(node.right)
    one, other = (sql.all_of, sql.any_of) if isinstance(node, n.Both) else (sql.any_of, sql.all_of)
    return SqlTruth(
        one([a.holds, b.holds]), one([a.may_hold, b.may_hold]), other([a.may_fail, b.may_fail])
    )


Keep = Callable[[Quantity], Quantity]
ZERO = q.constant(Fraction(0))


def chosen(
    branches: Sequence[tuple[Sql, Quantity]], otherwise: Quantity | None, keep: Keep
) -> Quantity:
    """The value; each condition with the value that it gives."""
    rest = otherwise
    for holds, own in reversed(branches):
        rest = keep(rest) if rest is not None else None
        rest = _either(holds, own, rest)
    assert rest is not None
    return rest


def spanned(
    branches: Sequence[tuple[SqlTruth, Branch]], otherwise: Branch | None, keep: Keep
) -> Ends:
    """The interval: of every branch that figures within rounding may take."""
    rest = otherwise
    for taken, own in reversed(branches):
        if rest is not None:
            rest = Branch(keep(rest.value), Ends(keep(rest.ends.low), keep(rest.ends.high)))
        rest = Branch(
            _either(taken.holds, own.value, rest.value if rest is not None else None),
            _span(taken, own, rest),
        )
    assert rest is not None
    return rest.ends


def _either(holds: Sql, own: Quantity, rest: Quantity | None) -> Quantity:
    if rest is None:
        return q.pick([(holds, own)], None)
    if own == rest:
        return own
    rows = [(holds, own), (sql.not_(holds), rest)]
    return q.pick(rows if _differ(own, rest) else [*rows, (q.compare("=", own, rest), own)], None)


def _span(taken: SqlTruth, own: Branch, rest: Branch | None) -> Ends:
    here = sql.all_of([taken.may_hold, sql.not_(taken.may_fail)])
    if rest is None:
        return Ends(q.pick([(here, own.ends.low)], None), q.pick([(here, own.ends.high)], None))
    if own == rest:
        return own.ends
    there = sql.all_of([taken.may_fail, sql.not_(taken.may_hold)])
    tests = [here, there, sql.all_of([taken.may_hold, taken.may_fail])]
    same = _alike(own, rest)

    def end(which: str, mine: Quantity, other: Quantity) -> Quantity:
        outer = q.extreme("min" if which == "low" else "max", [mine, other])
        return q.pick(list(zip([*tests, *same], (mine, other, outer, mine), strict=False)), None)

    return Ends(end("low", own.ends.low, rest.ends.low), end("high", own.ends.high, rest.ends.high))


def _alike(own: Branch, rest: Branch) -> list[Sql]:
    """The test that two branches give the same; none where they plainly differ."""
    pairs = (
        (own.ends.low, rest.ends.low),
        (own.ends.high, rest.ends.high),
        (own.value, rest.value),
    )
    if any(_differ(a, b) for a, b in pairs):
        return []
    return [sql.all_of([q.compare("=", a, b) for a, b in pairs])]


def _differ(a: Quantity, b: Quantity) -> bool:
    """Whether both are numbers, and not the same."""
    one, other = _number(a), _number(b)
    return one is not None and other is not None and one != other


def _number(of: Quantity) -> Fraction | None:
    num, den = of.num.constant, of.den.constant
    return of.scale * Fraction(num, den) if num is not None and den else None


def changed(node: n.Negate | n.Absolute | n.Rounded, of: Quantity) -> Quantity:
    """What a node makes of the one number below it."""
    match node:
        case n.Negate():
            return q.negate(of)
        case n.Absolute():
            return absolute(of)
        case n.Rounded(how, _, places):
            return q.rounded(how, of, places)


def held(node: n.Extreme, made: Quantity, value: Callable[[n.Node], Quantity]) -> Quantity:
    """max(0, min(a, b)) is no larger than the smaller of the two can get, whatever the other may be."""
    match node:
        case n.Extreme("max", (n.Number(zero), n.Extreme("min", items))) if zero == 0:
            worth = [of.num.bound * of.scale for of in map(value, items) if of.den.constant == 1]
            if worth and made.den.constant == 1:
                bound = int(min(worth) / made.scale) + 1
                return Quantity(Whole(made.num.sql, min(made.num.bound, bound)), q.ONE, made.scale)
    return made


def absolute(a: Quantity) -> Quantity:
    """|a|."""
    if a.num.constant is not None:
        return Quantity(q.literal(abs(a.num.constant)), a.den, a.scale)
    return Quantity(q.Whole(exp.Abs(this=a.num.sql), a.num.bound), a.den, a.scale)


def changed_ends(node: n.Negate | n.Absolute | n.Rounded, of: Ends) -> Ends:
    """The same of an interval."""
    match node:
        case n.Negate():
            return Ends(q.negate(of.high), q.negate(of.low))
        case n.Absolute():
            return absolute_ends(of)
        case n.Rounded(how, _, places):
            return Ends(q.rounded(how, of.low, places), q.rounded(how, of.high, places))


def absolute_ends(a: Ends) -> Ends:
    """The interval of |a|."""
    up, down = q.compare(">=", a.low, ZERO), q.compare("<=", a.high, ZERO)
    low = q.pick([(up, a.low), (down, q.negate(a.high))], q.multiply(a.low, ZERO))
    high = q.pick(
        [(up, a.high), (down, q.negate(a.low))], q.extreme("max", [q.negate(a.low), a.high])
    )
    return Ends(low, high)


def pick_ends(pairs: list[tuple[Sql, Ends]], default: Ends | None) -> Ends:
    """A choice among intervals."""
    return Ends(
        q.pick([(c, e.low) for c, e in pairs], default.low if default else None),
        q.pick([(c, e.high) for c, e in pairs], default.high if default else None),
    )
