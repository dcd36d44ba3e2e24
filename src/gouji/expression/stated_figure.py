"""A figure that stands alone on one side of a comparison is stated as rounded: which figure that is, and whether a number rounds to it.

`60.56% = 1.09 ÷ 1.80` is right though 1.09 ÷ 1.80 is not 60.56% exactly: rounded to two places it is. `compile.reading` says the same in SQL.
"""

from __future__ import annotations

from fractions import Fraction

from gouji.expression.linear_form import linear
from gouji.expression.nodes import (
    Absolute,
    Aggregate,
    Arithmetic,
    Case,
    Coalesce,
    Compare,
    Extreme,
    Figure,
    Leaf,
    Negate,
    Node,
)


def stated(node: Compare) -> tuple[Leaf, Node] | None:
    """The figure that stands alone and what it is compared with; None where none does, and for sums, which are to be met to the last place.

    >>> from gouji.expression.parse import parse_measure
    >>> [stated(parse_measure(text)) is not None for text in ("表.率 = 表.甲 / 表.乙", "表.甲 / 表.乙 >= 表.率", "表.甲 = 表.乙 + 表.丙", "表.均 = (表.甲 + 表.乙) / 2")]
    [True, True, False, True]
    """
    if _whole(node.left) and _whole(node.right):
        return None
    for one, other in ((node.left, node.right), (node.right, node.left)):
        # The greatest or least of some rows is how a rule names the figure of one row.
        if isinstance(one, Figure) or (
            isinstance(one, Aggregate) and one.func in ("min", "max") and one.of is None
        ):
            return one, other
    return None


def _whole(node: Node) -> bool:
    """Whether no more places come out than went in: sums, whole multiples, and what picks one of several."""
    match node:
        case Absolute(of) | Negate(of):
            return _whole(of)
        case Aggregate("sum" | "min" | "max", of=of) if of is not None:
            return _whole(of)
        case Extreme(_, items) | Coalesce(items):
            return all(map(_whole, items))
        case Case(branches, otherwise):
            return all(_whole(value) for _, value in branches) and (
                otherwise is None or _whole(otherwise)
            )
        case Arithmetic("+" | "-", left, right):
            return _whole(left) and _whole(right)
    form = linear(node)
    return isinstance(node, Aggregate) or (
        form is not None and all(c.denominator == 1 for _, c in form.coefficients)
    )


def rounds_to(value: Fraction, to: Fraction, low: Fraction, high: Fraction) -> bool:
    """Whether a number, rounded to the places that a figure was printed with, is that figure, which lies half a place from `low` and `high`; halves go away from zero.

    >>> [rounds_to(Fraction(x), Fraction("0.5"), Fraction("0.45"), Fraction("0.55")) for x in ("0.449", "0.45", "0.5499", "0.55")]
    [False, True, True, False]
    >>> [rounds_to(Fraction(x), Fraction("-0.5"), Fraction("-0.55"), Fraction("-0.45")) for x in ("-0.449", "-0.45", "-0.5499", "-0.55")]
    [False, True, True, False]
    """
    # A half on the side of zero goes up to the figure, one on the far side goes beyond it.
    return (low < value or (low == value and to > 0)) and (
        value < high or (value == high and to < 0)
    )
