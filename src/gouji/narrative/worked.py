"""The figures of a relation -> what comes out at the printed figures, and the interval while each moves within its rounding.

The same as the readings of expressions in `measure.exact`, for the few formulas that sentences state; a test holds both equal. None: the parts make no formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from gouji.expression import ZERO, Printed
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
    value = sum((p.value for p in parts.values()), ZERO)
    half = sum((p.half for p in parts.values()), ZERO)
    return Worked(value, value - half, value + half, False)


# Top and bottom of a quotient of two figures.
Halves = tuple[Fraction, Fraction]


def _share(part: Fraction, whole: Fraction) -> Halves:
    return part, whole


def _planned(part: Fraction, change: Fraction) -> Halves:
    return part, part - change


def _growth(change: Fraction, now: Fraction) -> Halves:
    return change, now - change


def _since(now: Fraction, prior: Fraction) -> Halves:
    return now - prior, prior


def _quotient(
    of: Callable[[Fraction, Fraction], Halves], first: Printed, second: Printed
) -> Worked:
    """The bottom is linear and the quotient monotonous in both figures where the bottom does not touch zero: its ends lie in the corners."""
    top, bottom = of(first.value, second.value)
    corners = [of(a, b) for a, b in product((first.low, first.high), (second.low, second.high))]
    bottoms = [b for _top, b in corners]
    if bottom == 0 or min(bottoms) <= 0 <= max(bottoms):
        return Worked(None if bottom == 0 else top / bottom, None, None, True)
    ends = [t / b for t, b in corners]
    return Worked(top / bottom, min(ends), max(ends), True)


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


__all__ = ["TABLE", "Worked", "tree", "work_out"]
