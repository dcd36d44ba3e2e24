"""Whether figures within rounding satisfy a comparison, without working out intervals: sums, and quotients of sums, against sums.

A sum of figures moves by the sum of their half places, so `V = 0` may hold where -H ≤ V ≤ H. A quotient N ÷ D with D above zero reaches p or
more where N - p·D + Σ h·|n - p·d| ≥ 0: for a given p the left side is a sum again, and each figure moves it by its half place times its
coefficient. That says exactly what comparing with the quotient's greatest value says (`measure.exact`), in a few products instead of divisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from sqlglot import exp

from gouji.expression import SHARED_AT_MOST, Linear, linear
from gouji.expression import nodes as n
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.rational import Quantity
from gouji.plan.sql.shapes import Sql

ZERO = q.constant(Fraction(0))
MIRROR = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_STRICT = {"<", ">"}


class Halves(Protocol):
    """Figures and half of their last printed place."""

    def value(self, leaf: n.Leaf) -> Quantity:
        """The printed figure."""

    def half(self, leaf: n.Leaf) -> Quantity | None:
        """How far the figure may move either way; None where the two ways differ."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A sum of figures: its value and how far it may move either way."""

    value: Quantity
    half: Quantity


def spread(form: Linear, leaves: Halves) -> Spread | None:
    """A linear form with its half; None where a figure does not move alike both ways."""
    value, half = q.constant(form.constant), ZERO
    for leaf, c in form.coefficients:
        own = leaves.half(leaf)
        if own is None:
            return None
        value, half = q.add(value, times(leaves.value(leaf), c)), q.add(half, times(own, abs(c)))
    return Spread(value, half)


def times(of: Quantity, by: Fraction) -> Quantity:
    """of × by."""
    return of if by == 1 else (q.negate(of) if by == -1 else q.multiply(of, q.constant(by)))


def sum_may(op: str, of: Spread, tolerance: Fraction) -> Sql:
    """Whether `sum op 0` may hold; `<>` only says no when the sum cannot move."""
    reach = q.add(of.half, q.constant(tolerance)) if tolerance else of.half
    match op:
        case "=":
            return q.compare("<=", _size(of.value), reach)
        case "<>":
            return sql.not_(
                sql.all_of(
                    [q.compare("=", of.value, reach), q.compare("=", of.value, q.negate(reach))]
                )
            )
        case "<" | "<=":
            return q.compare(op, of.value, reach)
    return q.compare(op, of.value, q.negate(reach))


@dataclass(frozen=True, slots=True)
class Quotient:
    """top ÷ bottom, both linear, with their values."""

    top: Linear
    bottom: Linear
    num: Quantity
    den: Quantity


def plain(node: n.Node) -> Linear | None:
    """The linear form of an expression in which no figure cancels out."""
    form = linear(node)
    return (
        form
        if form is not None and {leaf for leaf, _ in form.coefficients} == set(n.leaves(node))
        else None
    )


def quotient_parts(node: n.Node) -> tuple[Linear, Linear] | None:
    """Top and bottom of a quotient of sums that share no more figures than `measure.exact` moves together."""
    if not isinstance(node, n.Arithmetic) or node.op != "/":
        return None
    top, bottom = plain(node.left), plain(node.right)
    if top is None or bottom is None or bottom.is_constant:
        return None
    below = {leaf for leaf, _ in bottom.coefficients}
    return (
        (top, bottom)
        if sum(leaf in below for leaf, _ in top.coefficients) <= SHARED_AT_MOST
        else None
    )


def quotient_may(
    op: str, ends: tuple[Quantity, Quantity], of: Quotient, leaves: Halves
) -> Sql | None:
    """Whether `side op quotient` may hold, the side lying between `ends`; NULL where the denominator may be zero, None where halves do not tell."""
    below = spread(of.bottom, leaves)
    if below is None or spread(of.top, leaves) is None:
        return None
    low, high = ends
    strict = "" if op not in _STRICT else "strict"
    tests: dict[str, list[tuple[Quantity, bool]]] = {
        "=": [(low, True), (high, False)],
        "<": [(low, True)],
        "<=": [(low, True)],
        ">": [(high, False)],
        ">=": [(high, False)],
    }
    sign, far = _sign(below.value), q.compare(">", _size(below.value), below.half)
    return sql.case(
        [
            (
                far,
                sql.all_of(
                    [_reaches(p, up, sign, bool(strict), of, leaves) for p, up in tests[op]]
                ),
            )
        ]
    )


def _sign(of: Quantity) -> q.Whole:
    """1, 0 or -1."""
    return q.Whole(exp.Sign(this=of.num.sql), 1)


def _reaches(
    p: Quantity, up: bool, sign: q.Whole, strict: bool, of: Quotient, leaves: Halves
) -> Sql:
    """Whether the quotient's greatest value (`up`) is at least p, or its least value at most p; `sign` is that of the denominator."""
    rest = q.add(of.num, q.negate(q.multiply(p, of.den)))
    turned = Quantity(q.times(rest.num, sign), rest.den, rest.scale)
    moved = _moved(p, of, leaves)
    if up:
        return q.compare(">" if strict else ">=", turned, q.negate(moved))
    return q.compare("<" if strict else "<=", turned, moved)


def _moved(p: Quantity, of: Quotient, leaves: Halves) -> Quantity:
    """Σ half × |n - p·d| over all figures of the quotient."""
    top, bottom = dict(of.top.coefficients), dict(of.bottom.coefficients)
    alone = below = ZERO
    total = ZERO
    for leaf in dict.fromkeys((*top, *bottom)):
        half = leaves.half(leaf)
        assert half is not None
        if leaf not in bottom:
            alone = q.add(alone, times(half, abs(top[leaf])))
        elif leaf not in top:
            below = q.add(below, times(half, abs(bottom[leaf])))
        elif half.num.constant != 0:
            factor = q.add(q.constant(top[leaf]), q.negate(times(p, bottom[leaf])))
            total = q.add(total, q.multiply(_size(factor), half))
    if below.num.constant != 0:
        total = q.add(total, q.multiply(_size(p), below))
    return q.add(total, alone)


def _size(of: Quantity) -> Quantity:
    if of.num.constant is not None:
        return Quantity(q.literal(abs(of.num.constant)), of.den, of.scale)
    return Quantity(q.Whole(exp.Abs(this=of.num.sql), of.num.bound), of.den, of.scale)
