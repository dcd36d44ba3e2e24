"""A condition -> the condition that holds where it fails, in the fewest words: no `not` of a `not`, of a comparison or of joined conditions."""

from __future__ import annotations

from dataclasses import replace

from gouji.expression import nodes as n
from gouji.expression.evaluate import OPPOSITE


def denied(node: n.Node) -> n.Node:
    """What holds where `node` fails; unknown where `node` is unknown.

    >>> denied(n.Not(n.Word("表", "甲"))), denied(n.Compare("<", n.Word("表", "甲"), n.Word("表", "乙"))).op
    (Word(table='表', column='甲', prior=False), '>=')
    """
    match node:
        case n.Not(of):
            return of
        case n.Compare(op):
            return replace(node, op=OPPOSITE[op])
        case n.Both(left, right):
            return n.Either(denied(left), denied(right))
        case n.Either(left, right):
            return n.Both(denied(left), denied(right))
    return n.Not(node)
