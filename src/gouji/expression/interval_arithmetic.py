"""Arithmetic on exact numbers that may be missing, on closed intervals of them, and rounding. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval."""

    low: Fraction
    high: Fraction


def rounded(how: str, value: Fraction, places: int) -> Fraction:
    """A number at so many places; a half goes away from zero.

    >>> [str(rounded(how, Fraction("-2.125"), 2)) for how in ("round", "floor", "ceil")]
    ['-213/100', '-213/100', '-53/25']
    """
    whole = value * 10**places
    match how:
        case "floor":
            return Fraction(floor(whole), 10**places)
        case "ceil":
            return Fraction(ceil(whole), 10**places)
    away = floor(abs(whole) + Fraction(1, 2))
    return Fraction(away if whole >= 0 else -away, 10**places)


def lift(do: Callable[[Fraction], Fraction], x: Fraction | None) -> Fraction | None:
    """What a function makes of a number, nothing of none."""
    return None if x is None else do(x)


def arithmetic(op: str, a: Fraction | None, b: Fraction | None) -> Fraction | None:
    """The four operations; no value without both, or divided by zero."""
    if a is None or b is None or (op == "/" and b == 0):
        return None
    return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}[op]()


def corners(op: str, a: Interval, b: Interval) -> Interval:
    """What two intervals come to, from their ends."""
    values = [
        v
        for x in (a.low, a.high)
        for y in (b.low, b.high)
        if (v := arithmetic(op, x, y)) is not None
    ]
    return Interval(min(values), max(values))


def divide(a: Interval, b: Interval) -> Interval | None:
    """A quotient of intervals; none where the denominator may be zero."""
    return None if b.low <= 0 <= b.high else corners("/", a, b)


def absolute(a: Interval) -> Interval:
    """The interval of absolute values."""
    if a.low >= 0:
        return a
    return Interval(-a.high, -a.low) if a.high <= 0 else Interval(Fraction(0), max(-a.low, a.high))


def within(op: str, gap: Interval) -> bool:
    """Whether some difference in the interval satisfies `op 0`."""
    match op:
        case "=":
            return gap.low <= 0 <= gap.high
        case "<>":
            return not gap.low == gap.high == 0
        case "<":
            return gap.low < 0
        case "<=":
            return gap.low <= 0
        case ">":
            return gap.high > 0
    return gap.high >= 0
