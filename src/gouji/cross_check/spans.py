"""Numbers that are no quotients of sums (products, least and greatest, absolute values, cases) -> SQL: as printed, and their lowest and highest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Protocol

from gouji.cross_check.sides import NotCovered, linear, number
from gouji.expression import Linear
from gouji.expression import nodes as n

Ends = tuple[str, str]
Told = Callable[[n.Node], str]
BRANCHES_AT_MOST = 3


class Sums(Protocol):
    """What sums of figures and conditions are in SQL."""

    def total(self, form: Linear) -> str:
        """A sum at the printed figures."""

    def ends(self, form: Linear) -> Ends:
        """The lowest and highest of a sum within rounding."""

    def holds(self, node: n.Node) -> str:
        """Whether a condition is true at the printed figures."""

    def taken(self, node: n.Node) -> tuple[str, str]:
        """Whether figures within rounding may make the condition of a case true, and false."""


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
            return _chosen(node, sums)
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
        case n.Arithmetic():
            return _arithmetic(node, sums)
        case n.Extreme(which, items):
            lows, highs = zip(*(ends(item, sums) for item in items), strict=True)
            return _extreme(which, lows), _extreme(which, highs)
        case n.Coalesce(items):
            return _first_there(items, sums)
        case n.Case():
            return _spanned(node, sums)
    raise NotCovered


def _arithmetic(node: n.Arithmetic, sums: Sums) -> Ends:
    """The ends of a sum, a difference, a product, or a quotient by a number."""
    if node.op == "/":
        return ends(n.Arithmetic("*", node.left, n.Number(1 / _constant(node.right))), sums)
    (a, b), (c, d) = ends(node.left, sums), ends(node.right, sums)
    match node.op:
        case "+":
            return f"({a} + {c})", f"({b} + {d})"
        case "-":
            return f"({a} - {d})", f"({b} - {c})"
    corners = ", ".join(f"({x} * {y})" for x in (a, b) for y in (c, d))
    return f"least({corners})", f"greatest({corners})"


def _first_there(items: Sequence[n.Node], sums: Sums) -> Ends:
    """The ends of the first of several numbers that is there."""
    tests = [f"WHEN {printed(item, sums)} IS NOT NULL" for item in items]
    both = [ends(item, sums) for item in items]
    low, high = (
        " ".join(f"{test} THEN {of[i]}" for test, of in zip(tests, both, strict=True))
        for i in (0, 1)
    )
    return f"CASE {low} END", f"CASE {high} END"


def branches(node: n.Case, holds: Told, told: Told, same: Callable[[n.Node, n.Node], str]) -> str:
    """What is `told` of the branch that is taken; where a condition is not known, only if its value and the rest are the `same`."""
    rows = ""
    for at, (condition, value) in enumerate(node.branches):
        test, own, rest = holds(condition), told(value), rest_of(node, at)
        doubt = "NULL" if rest is None else f"CASE WHEN {same(value, rest)} THEN {own} END"
        rows += f" WHEN {test} THEN {own} WHEN ({test}) IS NULL THEN {doubt}"
    last = f" ELSE {told(node.otherwise)}" if node.otherwise is not None else ""
    return f"CASE{rows}{last} END"


def by_sign(of: str, positive: str, negative: str) -> str:
    """One condition where a number is above zero, another where it is below; unknown at zero."""
    return f"CASE sign({of}) WHEN 1 THEN {positive} WHEN -1 THEN {negative} END"


def _constant(node: n.Node) -> Fraction:
    """A number that is not zero and holds no figure. Raises NotCovered."""
    form = linear(node)
    if form is None or not form.is_constant or not form.constant:
        raise NotCovered
    return form.constant


def _extreme(which: str, items: Sequence[str]) -> str:
    """The least or greatest; none where one of them is none, which DuckDB's own would pass over."""
    there = " AND ".join(f"{item} IS NOT NULL" for item in items)
    return f"CASE WHEN {there} THEN {'least' if which == 'min' else 'greatest'}({', '.join(items)}) END"


def rest_of(node: n.Case, at: int) -> n.Node | None:
    """What follows a branch: the last value, or the case of what is left."""
    return (
        n.Case(node.branches[at + 1 :], node.otherwise)
        if at + 1 < len(node.branches)
        else node.otherwise
    )


def _chosen(node: n.Case, sums: Sums) -> str:
    """The value; where a condition is not known, only if the branch and the rest are the same."""
    return branches(
        node,
        sums.holds,
        lambda value: printed(value, sums),
        lambda value, rest: f"{printed(value, sums)} = {printed(rest, sums)}",
    )


def _spanned(node: n.Case, sums: Sums) -> Ends:
    """Every branch that may be taken. Each end of the rest stands several times: long chains are not spoken."""
    if len(node.branches) > BRANCHES_AT_MOST:
        raise NotCovered
    (condition, value), rest = node.branches[0], rest_of(node, 0)
    (may, fail), (low, high), own = sums.taken(condition), ends(value, sums), printed(value, sums)
    only = f"CASE WHEN ({may}) AND NOT ({fail}) THEN"
    if rest is None:
        return f"{only} {low} END", f"{only} {high} END"
    (low_rest, high_rest), other = ends(rest, sums), printed(rest, sums)
    same = f"WHEN {low} = {low_rest} AND {high} = {high_rest} AND {own} = {other} THEN"

    def end(which: str, mine: str, theirs: str) -> str:
        return (
            f"{only} {mine} WHEN ({fail}) AND NOT ({may}) THEN {theirs} WHEN ({may}) AND ({fail}) THEN {_extreme(which, [mine, theirs])}"
            f" {same} {mine} END"
        )

    return end("min", low, low_rest), end("max", high, high_rest)
