"""The figures of a relation -> what comes out at the printed figures, and the interval while each moves within its rounding.

The same as the readings of expressions in `measure.exact`, for the few formulas that sentences state; a test holds both equal. None: the parts make no formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm

from gouji.expression import Printed
from gouji.expression import nodes as n
from gouji.narrative.says import Says

TABLE = "文"


@dataclass(frozen=True, slots=True)
class Worked:
    """What comes out; None where a denominator is zero, or may be. `rounded`: the stated figure is rounded from it (a rate), not summed up."""

    right: Fraction | None
    low: Fraction | None
    high: Fraction | None
    rounded: bool


def work_out(says: Says, parts: Mapping[str, Printed]) -> Worked | None:
    """By the kind of relation and the parts that are there."""
    have = frozenset(parts)
    if says in (Says.PARTS, Says.EQUAL):
        return _sum(parts) if parts else None
    match says, have:
        case ((Says.SHARE | Says.DONE), _) if have == {"part", "whole"}:
            return _quotient(_share, parts["part"], parts["whole"])
        case Says.DONE, _ if have == {"part", "change"}:
            return _quotient(_planned, parts["part"], parts["change"])
        case Says.GROWTH, _ if have == {"now", "change"}:
            return _quotient(_growth, parts["change"], parts["now"])
        case Says.GROWTH, _ if have == {"now", "prior"}:
            return _quotient(_since, parts["now"], parts["prior"])
        case ((Says.CHANGE | Says.POINTS), _) if have == {"now", "prior"}:
            now, prior = parts["now"], parts["prior"]
            value, half = now.value - prior.value, now.half + prior.half
            return Worked(value, value - half, value + half, False)
    return None


def _sum(parts: Mapping[str, Printed]) -> Worked:
    made = total(parts.values())
    return Worked(made.value, made.low, made.high, False)


def total(figures: Iterable[Printed]) -> Printed:
    """The sum of figures, and how far they may move together. Exact, in integers of a common unit."""
    common, numbers = _in_integers(figures)
    value, half = sum(v for v, _half in numbers), sum(h for _value, h in numbers)
    return Printed(Fraction(value, common), Fraction(half, common))


def meets(one: Printed, other: Printed) -> bool:
    """Whether two figures may be the same, each within its rounding."""
    _common, ((a, half), (b, room)) = _in_integers((one, other))
    return abs(a - b) <= half + room


def _in_integers(figures: Iterable[Printed]) -> tuple[int, list[tuple[int, int]]]:
    """The parts of 1 that all values and halves are multiples of, and how many of them each value and half is."""
    ratios = [(*f.value.as_integer_ratio(), *f.half.as_integer_ratio()) for f in figures]
    common = lcm(*(n for _v, a, _h, b in ratios for n in (a, b)))
    return common, [(v * (common // a), h * (common // b)) for v, a, h, b in ratios]


# Top and bottom of a quotient of two figures, both in the same unit.
Halves = tuple[int, int]


def _share(part: int, whole: int) -> Halves:
    return part, whole


def _planned(part: int, change: int) -> Halves:
    return part, part - change


def _growth(change: int, now: int) -> Halves:
    return change, now - change


def _since(now: int, prior: int) -> Halves:
    return now - prior, prior


def _quotient(of: Callable[[int, int], Halves], first: Printed, second: Printed) -> Worked:
    """The bottom is linear and the quotient monotonous in both figures where the bottom does not touch zero: its ends lie in the corners."""
    _common, ((a, half), (b, room)) = _in_integers((first, second))
    top, bottom = of(a, b)
    corners = [of(x, y) for x, y in product((a - half, a + half), (b - room, b + room))]
    bottoms = [y for _top, y in corners]
    if bottom == 0 or min(bottoms) <= 0 <= max(bottoms):
        return Worked(None if bottom == 0 else Fraction(top, bottom), None, None, True)
    ends = [Fraction(x, y) for x, y in corners]
    return Worked(Fraction(top, bottom), min(ends), max(ends), True)


def tree(says: Says, parts: tuple[str, ...]) -> n.Compare | None:
    """The same as a condition over figures of one table, `stated` on the left; None where the parts do not make one."""
    leaf = {part: n.Figure(TABLE, part) for part in (*parts, "stated")}
    right: n.Node | None = None
    if says in (Says.PARTS, Says.EQUAL):
        for part in parts:
            right = leaf[part] if right is None else n.Arithmetic("+", right, leaf[part])
    else:
        right = _rate(says, frozenset(parts), leaf)
    return None if right is None else n.Compare("=", leaf["stated"], right)


def _rate(says: Says, have: frozenset[str], leaf: Mapping[str, n.Node]) -> n.Node | None:
    """The right side of a rate or a change by the parts that are there."""
    if says in (Says.SHARE, Says.DONE) and have == {"part", "whole"}:
        return n.Arithmetic("/", leaf["part"], leaf["whole"])
    if says is Says.DONE and have == {"part", "change"}:
        return n.Arithmetic("/", leaf["part"], n.Arithmetic("-", leaf["part"], leaf["change"]))
    if says is Says.GROWTH and have == {"now", "change"}:
        return n.Arithmetic("/", leaf["change"], n.Arithmetic("-", leaf["now"], leaf["change"]))
    if have != {"now", "prior"}:
        return None
    change = n.Arithmetic("-", leaf["now"], leaf["prior"])
    return n.Arithmetic("/", change, leaf["prior"]) if says is Says.GROWTH else change


__all__ = ["TABLE", "Worked", "meets", "total", "tree", "work_out"]
