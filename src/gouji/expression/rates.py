"""A comparison -> the rate that it states: the stated side, what is divided, and what it is divided by; None where it states none."""

from __future__ import annotations

from dataclasses import dataclass

from gouji.expression.linear_form import linear
from gouji.expression.nodes import Absolute, Arithmetic, Compare, Negate, Node, leaves


@dataclass(frozen=True, slots=True)
class Rate:
    """`stated = top ÷ bottom`, perhaps times or plus numbers; the bottom holds a figure."""

    stated: Node
    top: Node
    bottom: Node


def rate_of(node: Node) -> Rate | None:
    """The rate that an equation states.

    >>> from gouji.expression.parse import parse_measure
    >>> rate_of(parse_measure("表.增减幅 = 表.本年 / 表.上年 - 1")).bottom
    Figure(table='表', column='上年', prior=False)
    >>> rate_of(parse_measure("表.甲 / 表.乙 = 1")) is None
    True
    """
    if not isinstance(node, Compare) or node.op != "=":
        return None
    for stated, other in ((node.left, node.right), (node.right, node.left)):
        form, quotient = linear(stated), _quotient(other)
        if quotient is not None and form is not None and not form.is_constant:
            return Rate(stated, quotient.left, quotient.right)
    return None


def _quotient(node: Node) -> Arithmetic | None:
    match node:
        case Arithmetic("/", _, bottom) if leaves(bottom):
            return node
        case Arithmetic(_, left, right) if not leaves(right):
            return _quotient(left)
        case Arithmetic("+" | "-" | "*", left, right) if not leaves(left):
            return _quotient(right)
        case Negate(of) | Absolute(of):
            return _quotient(of)
    return None
