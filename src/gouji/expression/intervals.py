"""Second reading of an expression in Python: its interval, the least and greatest value while every printed figure moves within half of its last place.

Tight for sums (like terms are collected) and for quotients of sums that share up to three figures; elsewhere it may be wider, never narrower. A
`case` spans every branch that figures within rounding may take.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Protocol

from gouji.expression import nodes as n
from gouji.expression.interval_arithmetic import Interval, absolute, corners, divide, rounded
from gouji.expression.linear_form import Linear, linear
from gouji.expression.once import Once
from gouji.expression.truth import Truth

SHARED_AT_MOST = 3


class FirstReading(Protocol):
    """What intervals rest on: figures, values, and which branches of a `case` figures within rounding may take."""

    def value(self, node: n.Node) -> Fraction | None:
        """The exact value at the printed figures, or None where there is none."""

    def ends(self, leaf: n.Leaf) -> Interval | None:
        """The interval of a figure or aggregate."""

    def taken(self, node: n.Node) -> Truth:
        """A condition of a `case`."""


class Intervals:
    """The intervals of expressions for one unit's figures."""

    def __init__(self, reading: FirstReading) -> None:
        self.reading = reading
        self._cases: Once[n.Case, Interval | None] = Once(self._of_case)

    def of(self, node: n.Node) -> Interval | None:
        """The interval of a number, or None where it has no value or may have none."""
        form = linear(node)
        if form is not None:
            return self.of_linear(form, {})
        match node:
            case n.Figure() | n.Aggregate():
                return self.reading.ends(node)
            case n.Negate() | n.Absolute() | n.Rounded():
                inner = self.of(node.of)
                return _changed(node, inner) if inner else None
            case n.Arithmetic("/", left, right):
                return self._quotient(left, right)
            case n.Arithmetic(op, left, right):
                a, b = self.of(left), self.of(right)
                return corners(op, a, b) if a and b else None
            case n.Extreme(which, items):
                return _extreme(which, [self.of(i) for i in items])
            case n.Coalesce(items):
                first = next((i for i in items if self.reading.value(i) is not None), None)
                return self.of(first) if first is not None else None
            case n.Case():
                return self._cases.of(node)
        raise TypeError(f"not a number: {node}")

    def _of_case(self, node: n.Case) -> Interval | None:
        """From the last branch to the first: what figures within rounding may take."""
        rest = (
            (self.of(node.otherwise), self.reading.value(node.otherwise))
            if node.otherwise is not None
            else (None, None)
        )
        for condition, value in reversed(node.branches):
            own = self.of(value), self.reading.value(value)
            rest = _either(self.reading.taken(condition), own, rest)
        return rest[0]

    def of_linear(self, form: Linear, fixed: dict[n.Leaf, Fraction]) -> Interval | None:
        """The interval of a sum, with some figures at a value."""
        low = high = form.constant
        for leaf, c in form.coefficients:
            ends = Interval(fixed[leaf], fixed[leaf]) if leaf in fixed else self.reading.ends(leaf)
            if ends is None:
                return None
            low += c * (ends.low if c > 0 else ends.high)
            high += c * (ends.high if c > 0 else ends.low)
        return Interval(low, high)

    def _quotient(self, left: n.Node, right: n.Node) -> Interval | None:
        shared = shared_leaves(left, right)
        if not shared:
            a, b = self.of(left), self.of(right)
            return divide(a, b) if a and b else None
        top, bottom = linear(left), linear(right)
        assert top is not None and bottom is not None
        ends = [self.reading.ends(leaf) for leaf in shared]
        if None in ends:
            return None
        parts = []
        for corner in product(*((e.low, e.high) for e in ends if e is not None)):
            fixed = dict(zip(shared, corner, strict=True))
            a, b = self.of_linear(top, fixed), self.of_linear(bottom, fixed)
            parts.append(divide(a, b) if a and b else None)
        # Every corner must keep the denominator on the same side of zero, or a zero lies between two corners.
        whole = self.of_linear(bottom, {})
        if None in parts or whole is None or whole.low <= 0 <= whole.high:
            return None
        return Interval(min(p.low for p in parts if p), max(p.high for p in parts if p))


Given = tuple[Interval | None, Fraction | None]


def _either(taken: Truth, own: Given, rest: Given) -> Given:
    """What a branch gives or what follows it: interval and value."""
    middle = (
        own[1]
        if taken.holds or (taken.holds is None and own[1] == rest[1])
        else (rest[1] if taken.holds is False else None)
    )
    if taken.may_hold is None or taken.may_fail is None:
        return own[0] if own == rest else None, middle
    if taken.may_hold and taken.may_fail:
        if own[0] is None or rest[0] is None:
            return None, middle
        return Interval(min(own[0].low, rest[0].low), max(own[0].high, rest[0].high)), middle
    return own[0] if taken.may_hold else rest[0], middle


def _changed(node: n.Negate | n.Absolute | n.Rounded, of: Interval) -> Interval:
    """What a node makes of the interval of the one number below it."""
    match node:
        case n.Negate():
            return Interval(-of.high, -of.low)
        case n.Absolute():
            return absolute(of)
        case n.Rounded(how, _, places):
            return Interval(rounded(how, of.low, places), rounded(how, of.high, places))


def _extreme(which: str, parts: Sequence[Interval | None]) -> Interval | None:
    """The interval of the least or greatest of several; none where one of them has none."""
    pick, known = min if which == "min" else max, [p for p in parts if p is not None]
    if len(known) < len(parts):
        return None
    return Interval(pick(p.low for p in known), pick(p.high for p in known))


def shared_leaves(left: n.Node, right: n.Node) -> tuple[n.Leaf, ...]:
    """Figures in both sides of a quotient of linear forms, when there are one to three; else none."""
    a, b = linear(left), linear(right)
    if a is None or b is None:
        return ()
    below = {leaf for leaf, _ in b.coefficients}
    shared = tuple(leaf for leaf, _ in a.coefficients if leaf in below)
    return shared if len(shared) <= SHARED_AT_MOST else ()
