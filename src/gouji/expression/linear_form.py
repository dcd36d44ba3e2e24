"""Fourth reading of an expression: its linear form, Σ coefficient × figure + constant, or None when it has none."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gouji.expression.nodes import (
    Aggregate,
    Arithmetic,
    Compare,
    Figure,
    Leaf,
    Negate,
    Node,
    Number,
)

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Linear:
    """Coefficients by figure and the constant. A figure that cancels out stays, with zero: without it there is still no value."""

    coefficients: tuple[tuple[Leaf, Fraction], ...]
    constant: Fraction

    @property
    def is_constant(self) -> bool:
        """Whether no figure is left."""
        return not self.coefficients


def linear(node: Node) -> Linear | None:
    """The linear form of a number, like terms collected.

    >>> from gouji.expression.parse import parse_measure
    >>> [(leaf.column, str(c)) for leaf, c in linear(parse_measure("表.甲 + 2 * 表.乙 - 表.甲")).coefficients]
    [('甲', '0'), ('乙', '2')]
    """
    total: dict[Leaf, Fraction] = {}
    constant = _gathered(node, ONE, total)
    return None if constant is None else Linear(tuple(total.items()), constant)


def _gathered(node: Node, by: Fraction, total: dict[Leaf, Fraction]) -> Fraction | None:
    """Add `by` times the figures of a number to a total, and return as many times its constant; None where it is not linear."""
    match node:
        case Number(value):
            return by * value
        case Figure() | Aggregate(func="sum" | "count"):
            total[node] = total.get(node, ZERO) + by
            return ZERO
        case Negate(of):
            return _gathered(of, -by, total)
        case Arithmetic("+" | "-" as op, left, right):
            a = _gathered(left, by, total)
            b = None if a is None else _gathered(right, by if op == "+" else -by, total)
            return None if a is None or b is None else a + b
        case Arithmetic(op, left, right):
            return _multiple(op, left, right, by, total)
    return None


def _multiple(
    op: str, left: Node, right: Node, by: Fraction, total: dict[Leaf, Fraction]
) -> Fraction | None:
    """The same of a product or quotient of which one side (of a quotient the lower one) is a constant."""
    a, b = linear(left), linear(right)
    if a is None or b is None:
        return None
    if op == "*" and a.is_constant:
        return _gathered(right, by * a.constant, total)
    if op == "*" and b.is_constant:
        return _gathered(left, by * b.constant, total)
    if op == "/" and b.is_constant and b.constant:
        return _gathered(left, by / b.constant, total)
    return None


def difference(node: Compare) -> Linear | None:
    """Left side minus right side of a comparison as a linear form."""
    return linear(Arithmetic("-", node.left, node.right))
