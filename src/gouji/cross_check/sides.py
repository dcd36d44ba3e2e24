"""The two sides of a comparison, taken apart: quotients of sums, cases, numbers and names as SQL text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from gouji.expression import Linear
from gouji.expression import linear as linear_of_sums
from gouji.expression import nodes as n
from gouji.rules import Table

MIRROR = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
ONE = Linear((), Fraction(1))


class NotCovered(Exception):
    """A rule of a shape that this second way does not speak; says which, where it is no matter of the formula."""


@dataclass(frozen=True, slots=True)
class Side:
    """top ÷ bottom, the absolute value of the top where `absolute`; `divided` when the bottom holds a figure."""

    top: Linear
    bottom: Linear
    absolute: bool = False

    @property
    def divided(self) -> bool:
        """Whether it is a quotient of figures."""
        return not self.bottom.is_constant

    @classmethod
    def of(cls, node: n.Node) -> Side:
        """Take a side apart. Raises NotCovered for what is no quotient of sums."""
        whole = linear(node)
        if whole is not None:
            return cls(whole, ONE)
        match node:
            case n.Absolute(of):
                return cls(form(of), ONE, True)
            case n.Arithmetic("/", n.Absolute(of), below):
                return cls(form(of), form(below), True)
            case n.Arithmetic("/", above, below):
                return cls(form(above), form(below))
        raise NotCovered


def exact_sides(left: n.Node, right: n.Node, tables: Mapping[str, Table]) -> tuple[Side, Side]:
    """Both sides, where what they are divided by is exact. Raises NotCovered elsewhere."""
    one, other = Side.of(left), Side.of(right)
    if not all(
        _exact(leaf, tables) for side in (one, other) for leaf, _ in side.bottom.coefficients
    ):
        raise NotCovered
    return one, other


def _exact(leaf: n.Leaf, tables: Mapping[str, Table]) -> bool:
    column = tables[leaf.table].column(leaf.column)
    return column is not None and (
        column.exact or (isinstance(leaf, n.Aggregate) and leaf.func == "count")
    )


def side_of(node: n.Compare) -> tuple[n.Case, Callable[[n.Node], n.Compare], n.Node]:
    """A comparison with a case on one side: the case, the comparison of another value in its place, and the other side."""
    of = node.left if isinstance(node.left, n.Case) else node.right
    assert isinstance(of, n.Case)

    def compared(value: n.Node) -> n.Compare:
        return (
            n.Compare(node.op, value, node.right)
            if of is node.left
            else n.Compare(node.op, node.left, value)
        )

    return of, compared, node.right if of is node.left else node.left


def linear(node: n.Node) -> Linear | None:
    """The linear form of a number, min(…) and max(…) over rows taken as their own figures."""
    hidden: dict[n.Leaf, n.Aggregate] = {}
    made = linear_of_sums(_hide(node, hidden))
    return made and Linear(
        tuple((hidden.get(leaf, leaf), c) for leaf, c in made.coefficients), made.constant
    )


def _hide(node: n.Node, hidden: dict[n.Leaf, n.Aggregate]) -> n.Node:
    match node:
        case n.Aggregate(of=of) if of is not None:
            raise NotCovered
        case n.Aggregate("min" | "max"):
            stand_in = next(
                (leaf for leaf, of in hidden.items() if of == node), n.Figure("", str(len(hidden)))
            )
            hidden[stand_in] = node
            return stand_in
        case n.Arithmetic(op, left, right):
            return n.Arithmetic(op, _hide(left, hidden), _hide(right, hidden))
        case n.Negate(of):
            return n.Negate(_hide(of, hidden))
    return node


def form(node: n.Node) -> Linear:
    """The linear form of a number. Raises NotCovered where it has none."""
    made = linear(node)
    if made is None:
        raise NotCovered
    return made


def number(value: Fraction) -> str:
    """An exact number as SQL."""
    if value.denominator == 1:
        return f"({value.numerator})"
    if 10**6 % value.denominator:
        raise NotCovered
    return f"({value.numerator * (10**6 // value.denominator)} * 0.000001)"


def may(op: str, low: str, high: str) -> str:
    """Whether some difference between two ends satisfies `op 0`."""
    match op:
        case "=":
            return f"({low} <= 0 AND {high} >= 0)"
        case "<>":
            return f"NOT ({low} = 0 AND {high} = 0)"
        case "<" | "<=":
            return f"({low} {op} 0)"
    return f"({high} {op} 0)"


def as_quotient(left: n.Node, right: n.Node) -> tuple[Linear, Linear | None, Linear]:
    """left = N ÷ D with one figure (or number) on the left -> (N, D, left); D is None when neither side is a quotient."""
    none = Linear((), Fraction(0))
    if linear(left) is not None and linear(right) is not None:
        return none, None, none
    if not (isinstance(right, n.Arithmetic) and right.op == "/"):
        raise NotCovered
    factor, top, bottom = form(left), form(right.left), form(right.right)
    shared = {leaf for leaf, _ in factor.coefficients} & {
        leaf for leaf, _ in (*top.coefficients, *bottom.coefficients)
    }
    if len(factor.coefficients) > 1 or (factor.constant and factor.coefficients) or shared:
        raise NotCovered
    return top, bottom, factor
