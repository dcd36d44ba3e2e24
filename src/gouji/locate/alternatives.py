"""A condition with `or` that does not hold -> the branch whose figures may be wrong."""

from __future__ import annotations

from gouji.expression import Exact, is_text
from gouji.expression import nodes as n


def branch_to_blame(check: n.Either, exact: Exact) -> n.Node | None:
    """The branch with the fewest conditions that fail; None where the whole holds, or where other words alone would meet a branch (a reason that is not given).

    One that holds forbids nothing that the rule itself does not see when it judges an answer.
    """
    if exact.check(check).holds:
        return None
    failing = {branch: _failing(branch, exact) for branch in _branches(check)}
    if any(all(map(_of_words, conditions)) for conditions in failing.values()):
        return None
    return min(failing, key=lambda branch: len(failing[branch]))


def _branches(check: n.Node) -> tuple[n.Node, ...]:
    if isinstance(check, n.Either):
        return (*_branches(check.left), *_branches(check.right))
    return (check,)


def _failing(check: n.Node, exact: Exact) -> list[n.Node]:
    """The conditions of a conjunction that do not hold."""
    if isinstance(check, n.Both):
        return [*_failing(check.left, exact), *_failing(check.right, exact)]
    return [] if exact.truth(check).holds else [check]


def _of_words(check: n.Node) -> bool:
    """Whether a condition is about words."""
    return any(map(is_text, n.walk(check)))


__all__ = ["branch_to_blame"]
