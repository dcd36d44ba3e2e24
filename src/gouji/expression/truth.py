"""Conditions of three values: true, false, or not known while a figure is missing; each at the printed figures and within rounding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gouji.expression.nodes import Both, Either, Node, Not


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition: at the printed figures, and whether some figures within rounding make it true, or false."""

    holds: bool | None
    may_hold: bool | None
    may_fail: bool | None


def joined(node: Both | Either | Not, truth: Callable[[Node], Truth]) -> Truth:
    """`and`, `or`, `not` by Kleene's tables; `truth` tells the parts.

    >>> from gouji.expression.parse import parse_measure
    >>> joined(parse_measure("表.甲 > 0 or 表.乙 > 0"), lambda part: certain(True if part.left.column == "甲" else None)).holds
    True
    """
    match node:
        case Not(of):
            inner = truth(of)
            return Truth(_not(inner.holds), inner.may_fail, inner.may_hold)
        case Both(left, right):
            a, b = truth(left), truth(right)
            return Truth(
                _and(a.holds, b.holds), _and(a.may_hold, b.may_hold), _or(a.may_fail, b.may_fail)
            )
    a, b = truth(node.left), truth(node.right)
    return Truth(_or(a.holds, b.holds), _or(a.may_hold, b.may_hold), _and(a.may_fail, b.may_fail))


def certain(holds: bool | None) -> Truth:
    """A condition that rounding has no part in."""
    return Truth(holds, holds, _not(holds))


def _and(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else (None if a is None or b is None else True)


def _or(a: bool | None, b: bool | None) -> bool | None:
    return True if a is True or b is True else (None if a is None or b is None else False)


def _not(a: bool | None) -> bool | None:
    return None if a is None else not a
