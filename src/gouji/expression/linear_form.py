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
    match node:
        case Number(value):
            return Linear((), value)
        case Figure() | Aggregate(func="sum" | "count"):
            return Linear(((node, Fraction(1)),), Fraction(0))
        case Negate(of):
            inner = linear(of)
            return _scaled(inner, Fraction(-1)) if inner else None
        case Arithmetic(op, left, right):
            a, b = linear(left), linear(right)
            if a is None or b is None:
                return None
            return _combined(op, a, b)
    return None


def difference(node: Compare) -> Linear | None:
    """Left side minus right side of a comparison as a linear form."""
    return linear(Arithmetic("-", node.left, node.right))


def _combined(op: str, a: Linear, b: Linear) -> Linear | None:
    match op:
        case "+":
            return _sum(a, b)
        case "-":
            return _sum(a, _scaled(b, Fraction(-1)))
        case "*" if a.is_constant or b.is_constant:
            return _scaled(b, a.constant) if a.is_constant else _scaled(a, b.constant)
        case "/" if b.is_constant and b.constant != 0:
            return _scaled(a, 1 / b.constant)
    return None


def _scaled(form: Linear, by: Fraction) -> Linear:
    return Linear(tuple((leaf, c * by) for leaf, c in form.coefficients), form.constant * by)


def _sum(a: Linear, b: Linear) -> Linear:
    total: dict[Leaf, Fraction] = dict(a.coefficients)
    for leaf, c in b.coefficients:
        total[leaf] = total.get(leaf, Fraction(0)) + c
    return Linear(tuple(total.items()), a.constant + b.constant)
