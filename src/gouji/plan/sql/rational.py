"""An exact rational number in SQL: scale × num ÷ den, over whole numbers only, with the greatest size each can reach.

Whole-number arithmetic is exact in every engine, and the sizes prove beforehand that nothing overflows. DuckDB divides decimals as
doubles (0.07 / 0.01 is 7.000000000000001 there), so nothing here divides: quotients stay pairs, comparisons cross-multiply.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Literal

from sqlglot import exp

from gouji.expression import rounded as rounded_number
from gouji.plan.engine.engine_nodes import WideDiv, WideSum
from gouji.plan.engine.sql_engines import DUCKDB, target
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.shapes import Sql

LONG = 2**63 - 1
_COMPARISONS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


class TooManyDigits(Exception):
    """An intermediate result could exceed what whole numbers of the engine hold."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in SQL and the greatest absolute value it can take."""

    sql: Sql
    bound: int

    def __post_init__(self) -> None:
        if self.bound > target().greatest:
            raise TooManyDigits

    @property
    def constant(self) -> int | None:
        """Its value when it is a literal."""
        return sql.number_of(self.sql)


def literal(value: int) -> Whole:
    """A whole constant."""
    return Whole(sql.whole(value), abs(value))


ONE = literal(1)


def times(a: Whole, b: Whole) -> Whole:
    """a × b, widened to 128 bits where 64 could overflow."""
    for one, other in ((a, b), (b, a)):
        if one.constant == 1:
            return other
    if a.constant is not None and b.constant is not None:
        return literal(a.constant * b.constant)
    bound = a.bound * b.bound
    return Whole(sql.binary(exp.Mul, _wide(a, bound), b.sql), bound)


def plus(a: Whole, b: Whole) -> Whole:
    """a + b."""
    if a.constant == 0 or b.constant == 0:
        return b if a.constant == 0 else a
    if a.constant is not None and b.constant is not None:
        return literal(a.constant + b.constant)
    bound = a.bound + b.bound
    if b.constant is not None and b.constant < 0:
        return Whole(sql.binary(exp.Sub, _wide(a, bound), sql.whole(-b.constant)), bound)
    if isinstance(b.sql, exp.Neg):
        return Whole(sql.binary(exp.Sub, _wide(a, bound), b.sql.this), bound)
    return Whole(sql.binary(exp.Add, _wide(a, bound), b.sql), bound)


def minus(a: Whole) -> Whole:
    """-a."""
    if a.constant is not None:
        return literal(-a.constant)
    if isinstance(a.sql, exp.Neg):
        return Whole(a.sql.this, a.bound)
    return Whole(exp.Neg(this=sql.wrapped(a.sql)), a.bound)


def _wide(a: Whole, bound: int) -> Sql:
    return sql.cast(a.sql, "HUGEINT") if bound > LONG >= a.bound else a.sql


def int_div(top: Whole, bottom: Whole, most: int) -> Sql:
    """top ÷ bottom without what is left over, `most` at most; bottom is above zero."""
    if max(top.bound, bottom.bound) > LONG:
        return WideDiv(this=sql.wrapped(top.sql), expression=sql.wrapped(bottom.sql), most=most)
    if target() is DUCKDB:
        return exp.IntDiv(this=sql.wrapped(top.sql), expression=sql.wrapped(bottom.sql))
    # What is small may still be of a wide type, and a division is as narrow as Spark makes it: the casts are checked when they are run.
    return exp.IntDiv(this=sql.cast(top.sql, "BIGINT"), expression=sql.cast(bottom.sql, "BIGINT"))


def sum_of(of: Sql, bound: int) -> Sql:
    """SUM(of) over the rows of a group; neither it nor the sum of some of the rows exceeds `bound`."""
    return (exp.Sum if bound <= LONG else WideSum)(this=of)


def compare_whole(op: str, a: Whole, b: Whole) -> Sql:
    """a op b."""
    return sql.binary(_COMPARISONS[op], a.sql, b.sql)


def choose(branches: list[tuple[Sql, Whole]], default: Whole | None) -> Whole:
    """CASE over whole numbers."""
    every = [w for _, w in branches] + ([default] if default else [])
    made = sql.case([(c, w.sql) for c, w in branches], default.sql if default else None)
    # A choice among literals is INT32 to the engine, whatever it is multiplied by later.
    return Whole(
        sql.cast(made, "BIGINT") if all(w.constant is not None for w in every) else made,
        max(w.bound for w in every),
    )


@dataclass(frozen=True, slots=True)
class Quantity:
    """scale × num ÷ den; den is positive, or NULL where there is no value; scale is positive."""

    num: Whole
    den: Whole
    scale: Fraction

    @property
    def has_value(self) -> Sql:
        """SQL: whether there is a value."""
        parts = [w.sql for w in (self.num, self.den) if w.constant is None]
        return (
            sql.not_(sql.is_null(sql.binary(exp.Add, *parts) if len(parts) == 2 else parts[0]))
            if parts
            else exp.true()
        )


def constant(value: Fraction) -> Quantity:
    """A constant."""
    return Quantity(literal(value.numerator), ONE, Fraction(1, value.denominator))


def _common(a: Quantity, b: Quantity) -> tuple[Whole, Whole, Fraction]:
    """Numerators over the same scale and denominator."""
    scale = _shared_scale(a, b)
    left = times(a.num, literal(int(a.scale / scale)))
    right = times(b.num, literal(int(b.scale / scale)))
    if a.den == b.den:
        return left, right, scale
    return times(left, b.den), times(right, a.den), scale


def _shared_scale(a: Quantity, b: Quantity) -> Fraction:
    """The largest scale that both are whole multiples of."""
    return Fraction(
        gcd(a.scale.numerator * b.scale.denominator, b.scale.numerator * a.scale.denominator),
        a.scale.denominator * b.scale.denominator,
    )


def add(a: Quantity, b: Quantity) -> Quantity:
    """a + b."""
    for one, other in ((a, b), (b, a)):
        if one.num.constant == 0 and one.den.constant is not None:
            return other
    left, right, scale = _common(a, b)
    den = a.den if a.den == b.den else times(a.den, b.den)
    return Quantity(plus(left, right), den, scale)


def negate(a: Quantity) -> Quantity:
    """-a."""
    return Quantity(minus(a.num), a.den, a.scale)


def multiply(a: Quantity, b: Quantity) -> Quantity:
    """a × b."""
    return Quantity(times(a.num, b.num), times(a.den, b.den), a.scale * b.scale)


def divide(a: Quantity, b: Quantity, *, positive: bool = False) -> Quantity:
    """a ÷ b; no value where b is zero. With `positive` the caller knows that b is above zero wherever it has a value."""
    # A constant zero (abs(0)) is as undefined as any other: it takes the general way, to NULL.
    if value := b.num.constant:
        inverse = Quantity(
            b.den if value > 0 else minus(b.den), literal(1), Fraction(1, abs(value)) / b.scale
        )
        return multiply(a, inverse)
    top, bottom = times(a.num, b.den), b.num
    if not positive:
        negative = compare_whole("<", b.num, literal(0))
        top = choose([(negative, minus(top))], top)
        bottom = Whole(
            exp.Nullif(this=exp.Abs(this=b.num.sql), expression=sql.whole(0)), b.num.bound
        )
    return Quantity(top, times(a.den, bottom), a.scale / b.scale)


def rounded(how: Literal["round", "floor", "ceil"], a: Quantity, places: int) -> Quantity:
    """a at so many places, a half away from zero; no value where a has none."""
    if a.num.constant is not None and a.den.constant:
        value = a.scale * Fraction(a.num.constant, a.den.constant)
        return constant(rounded_number(how, value, places))
    scale, kept = a.scale * 10**places, Fraction(1, 10**places)
    top = times(a.num, literal(scale.numerator))
    bottom = times(a.den, literal(scale.denominator))
    if bottom.constant == 1:
        return Quantity(top, ONE, kept)
    if how == "ceil":
        below = rounded("floor", negate(a), places)
        return Quantity(minus(below.num), ONE, kept)
    size = Whole(exp.Abs(this=top.sql), top.bound)
    if how == "round":
        up = _whole_part(plus(times(size, literal(2)), bottom), times(bottom, literal(2)))
        down = up
    else:
        up = _whole_part(top, bottom)
        down = _whole_part(plus(size, plus(bottom, literal(-1))), bottom)
    negative = compare_whole("<", top, literal(0))
    return Quantity(choose([(negative, minus(down))], up), ONE, kept)


def _whole_part(top: Whole, bottom: Whole) -> Whole:
    """top ÷ bottom without what is left over; neither is below zero."""
    most = top.bound // bottom.constant if bottom.constant else top.bound
    return Whole(int_div(top, bottom, most), most)


def compare(op: str, a: Quantity, b: Quantity) -> Sql:
    """a op b by cross-multiplication; NULL where either has no value."""
    try:
        left, right, _ = _common(a, b)
    except TooManyDigits:
        return _by_parts(op, a, b)
    made = compare_whole(op, left, right)
    # A denominator that both have falls out of the comparison, and with it that there is no value.
    shared = a.den == b.den and a.den.constant is None
    return sql.case([(sql.not_(sql.is_null(a.den.sql)), made)]) if shared else made


def _by_parts(op: str, a: Quantity, b: Quantity) -> Sql:
    """The same where the products would be too large: whole parts first, and where these are equal what is left over, which is smaller than the denominators."""
    scale = _shared_scale(a, b)
    one, other = (times(x.num, literal(int(x.scale / scale))) for x in (a, b))
    wholes = [Whole(int_div(top, x.den, top.bound), top.bound) for top, x in ((one, a), (other, b))]
    rest, rest_other = (
        Whole(
            exp.Mod(this=sql.wrapped(top.sql), expression=sql.wrapped(x.den.sql)),
            min(top.bound, x.den.bound),
        )
        for top, x in ((one, a), (other, b))
    )
    same = compare_whole("=", *wholes)
    return sql.case(
        [(same, compare_whole(op, times(rest, b.den), times(rest_other, a.den)))],
        compare_whole(op, *wholes),
    )


def pick(branches: list[tuple[Sql, Quantity]], default: Quantity | None) -> Quantity:
    """CASE over quantities: all brought to one scale, denominators chosen alongside."""
    every = [q for _, q in branches] + ([default] if default else [])
    scale = Fraction(
        gcd(*(q.scale.numerator for q in every)), lcm(*(q.scale.denominator for q in every))
    )

    def top(q: Quantity) -> Whole:
        return times(q.num, literal(int(q.scale / scale)))

    num = choose([(c, top(q)) for c, q in branches], top(default) if default else None)
    if all(q.den == every[0].den for q in every):
        return Quantity(num, every[0].den, scale)
    return Quantity(
        num, choose([(c, q.den) for c, q in branches], default.den if default else None), scale
    )


def extreme(
    which: Literal["min", "max"],
    items: list[Quantity],
    name: Callable[[Quantity], Quantity] = lambda of: of,
) -> Quantity:
    """The least or greatest of several; no value where one of them has none. `name` makes columns of those found so far."""
    best = items[0]
    for item in items[1:]:
        best = name(best)
        keep = compare("<=" if which == "min" else ">=", best, item)
        best = pick([(keep, best), (sql.not_(keep), item)], None)
    return best


def scaled(of: Quantity, by: Fraction) -> Quantity:
    """A quantity times a number."""
    return of if by == 1 else (negate(of) if by == -1 else multiply(of, constant(by)))
