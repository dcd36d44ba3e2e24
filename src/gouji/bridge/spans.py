"""Numbers that are no quotients of sums (products, least and greatest, absolute values, cases) -> SQL: as printed, and their lowest and highest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Protocol

from gouji.bridge.sides import NotCovered, linear, number
from gouji.measure import nodes as n
from gouji.measure.linear import Linear

Ends = tuple[str, str]


class Sums(Protocol):
    """What sums of figures and conditions are in SQL."""

    def total(self, form: Linear) -> str:
        """A sum at the printed figures."""

    def ends(self, form: Linear) -> Ends:
        """The lowest and highest of a sum within rounding."""

    def holds(self, node: n.Node) -> str:
        """Whether a condition is true at the printed figures."""


def printed(node: n.Node, sums: Sums) -> str:
    """A number at the printed figures. Raises NotCovered for quotients of figures."""
    whole = linear(node)
    if whole is not None:
        return sums.total(whole)
    match node:
        case n.Absolute(of):
            return f"abs({printed(of, sums)})"
        case n.Negate(of):
            return f"(- {printed(of, sums)})"
        case n.Arithmetic("+" | "-" | "*" as op, left, right):
            return f"({printed(left, sums)} {op} {printed(right, sums)})"
        case n.Arithmetic("/", of, below):
            return f"({printed(of, sums)} * {number(1 / _constant(below))})"
        case n.Extreme(which, items):
            return _extreme(which, [printed(item, sums) for item in items])
        case n.Coalesce(items):
            return f"coalesce({', '.join(printed(item, sums) for item in items)})"
        case n.Case():
            return _case(node, sums, lambda of: printed(of, sums))
    raise NotCovered


def ends(node: n.Node, sums: Sums) -> Ends:
    """The lowest and highest of a number, each figure in it moving within its rounding by itself. Raises NotCovered for quotients of figures."""
    whole = linear(node)
    if whole is not None:
        return sums.ends(whole)
    match node:
        case n.Absolute(of):
            low, high = ends(of, sums)
            return f"greatest({low}, - {high}, 0 * {low})", f"greatest(abs({low}), abs({high}))"
        case n.Negate(of):
            low, high = ends(of, sums)
            return f"(- {high})", f"(- {low})"
        case n.Arithmetic("+", left, right):
            (a, b), (c, d) = ends(left, sums), ends(right, sums)
            return f"({a} + {c})", f"({b} + {d})"
        case n.Arithmetic("-", left, right):
            (a, b), (c, d) = ends(left, sums), ends(right, sums)
            return f"({a} - {d})", f"({b} - {c})"
        case n.Arithmetic("*", left, right):
            corners = [f"({x} * {y})" for x in ends(left, sums) for y in ends(right, sums)]
            return f"least({', '.join(corners)})", f"greatest({', '.join(corners)})"
        case n.Arithmetic("/", of, below):
            return ends(n.Arithmetic("*", of, n.Number(1 / _constant(below))), sums)
        case n.Extreme(which, items):
            lows, highs = zip(*(ends(item, sums) for item in items), strict=True)
            return _extreme(which, lows), _extreme(which, highs)
        case n.Coalesce(items):
            tests = [f"WHEN {printed(item, sums)} IS NOT NULL" for item in items]
            both = [ends(item, sums) for item in items]
            low, high = (" ".join(f"{test} THEN {of[i]}" for test, of in zip(tests, both, strict=True)) for i in (0, 1))
            return f"CASE {low} END", f"CASE {high} END"
        case n.Case():
            return _case(node, sums, lambda of: ends(of, sums)[0]), _case(node, sums, lambda of: ends(of, sums)[1])
    raise NotCovered


def _constant(node: n.Node) -> Fraction:
    """A number that is not nought and holds no figure. Raises NotCovered."""
    form = linear(node)
    if form is None or not form.is_constant or not form.constant:
        raise NotCovered
    return form.constant


def _extreme(which: str, items: Sequence[str]) -> str:
    """The least or greatest; none where one of them is none, which DuckDB's own would pass over."""
    there = " AND ".join(f"{item} IS NOT NULL" for item in items)
    return f"CASE WHEN {there} THEN {'least' if which == 'min' else 'greatest'}({', '.join(items)}) END"


def _case(node: n.Case, sums: Sums, told: Callable[[n.Node], str]) -> str:
    rows = "".join(f" WHEN {sums.holds(condition)} THEN {told(value)}" for condition, value in node.branches)
    return f"CASE{rows}{f' ELSE {told(node.otherwise)}' if node.otherwise is not None else ''} END"
