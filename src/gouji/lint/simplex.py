"""Inequalities `row + constant ≥ 0` -> what a sum of multiples of them says at best: an exact linear programme over fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gouji.expression.nodes import Leaf

Row = Mapping[Leaf | None, Fraction]  # None stands for the constant
ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Bound:
    """row + constant ≥ 0, or > 0 where `strict`."""

    row: Row
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Best:
    """The least constant with which multiples of some bounds add up to a row, whether a strict one is among them, and which bounds were taken."""

    constant: Fraction
    strict: bool
    used: tuple[int, ...]


def best(goal: Row, given: Sequence[Bound]) -> Best | None:
    """The figures of `goal` as Σ multiple × bound, no multiple below zero; None where that cannot be, or where the bounds exclude each other.

    >>> from gouji.expression.nodes import Figure
    >>> x, y = Figure("表", "甲"), Figure("表", "乙")
    >>> best({x: ONE}, [Bound({x: ONE, y: -ONE}), Bound({y: ONE, None: Fraction(-2)}, True)])  # x ≥ y, y > 2: x > 2
    Best(constant=Fraction(-2, 1), strict=True, used=(0, 1))
    """
    table, basis = _tableau(goal, given), list[int]()
    basis += range(len(given), len(given) + len(table))
    # First the artificial multiples that stand for what is lacking are driven out, then the constant is made small, then strict bounds are preferred.
    costs = [
        [-sum(column, ZERO) for column in zip(*table, strict=True)] or [ZERO] * (len(given) + 1),
        [*(b.row.get(None, ZERO) for b in given), ZERO],
        [*(-ONE if b.strict else ZERO for b in given), ZERO],
    ]
    for depth in (1, 3):
        if not _improved(table, basis, costs, depth) or costs[0][-1] != 0:
            return None
    taken = (at for at, line in zip(basis, table, strict=True) if line[-1] > 0)
    used = tuple(sorted(at for at in taken if at < len(given)))
    return Best(-costs[1][-1], any(given[i].strict for i in used), used)


def _tableau(goal: Row, given: Sequence[Bound]) -> list[list[Fraction]]:
    """A line for each figure: its coefficient in every bound, and in the goal, that not below zero."""
    rows = (goal, *(b.row for b in given))
    figures = dict.fromkeys(k for row in rows for k in row if k is not None)
    lines = ([*(b.row.get(f, ZERO) for b in given), goal.get(f, ZERO)] for f in figures)
    return [line if line[-1] >= 0 else [-x for x in line] for line in lines]


def _improved(
    table: list[list[Fraction]], basis: list[int], costs: list[list[Fraction]], depth: int
) -> bool:
    """Pivot until nothing makes the first `depth` costs smaller, one after another; False where they can be made as small as you like."""
    count = len(costs[0]) - 1
    while True:
        # The first that helps, and below the first of the rows that bind: so no basis comes twice.
        enter = _helping(costs[:depth], count)
        if enter is None:
            return True
        ratios = [
            (line[-1] / line[enter], basis[at], at)
            for at, line in enumerate(table)
            if line[enter] > 0
        ]
        if not ratios:
            return False
        _ratio, _name, at = min(ratios)
        pivot = table[at][enter]
        table[at] = [x / pivot for x in table[at]]
        for other in (*(line for number, line in enumerate(table) if number != at), *costs):
            if factor := other[enter]:
                other[:] = [x - factor * y for x, y in zip(other, table[at], strict=True)]
        basis[at] = enter


def _helping(costs: Sequence[Sequence[Fraction]], count: int) -> int | None:
    """The first multiple that makes the costs smaller: of each multiple the first cost that it changes at all tells."""
    for at in range(count):
        if next((cost[at] for cost in costs if cost[at]), ZERO) < 0:
            return at
    return None
