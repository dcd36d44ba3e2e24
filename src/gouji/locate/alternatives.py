"""A condition with `or` that does not hold -> the branch whose figures may be wrong."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.expression import Exact, is_text
from gouji.expression import nodes as n


def branch_to_blame(check: n.Either, exact: Exact) -> n.Node | None:
    """The branch with the fewest conditions that fail; None where the whole holds, or where words are what is wrong.

    One that holds forbids nothing that the rule itself does not see when it judges an answer. Words are wrong where a branch fails by them alone, and either
    its figures hold (增减额 > 0 beside 减少) or it asks only that something is said (a reason).
    """
    if exact.check(check).holds:
        return None
    branches = tuple(_branches(check))
    if any(_words_are_wrong(branch, exact) for branch in branches):
        return None
    return min(branches, key=lambda branch: sum(not _holds(c, exact) for c in _conditions(branch)))


def _branches(check: n.Node) -> Iterator[n.Node]:
    if isinstance(check, n.Either):
        yield from (*_branches(check.left), *_branches(check.right))
    else:
        yield check


def _conditions(check: n.Node) -> Iterator[n.Node]:
    """The conditions of a conjunction."""
    if isinstance(check, n.Both):
        yield from (*_conditions(check.left), *_conditions(check.right))
    else:
        yield check


def _holds(check: n.Node, exact: Exact) -> bool:
    return exact.truth(check).holds is True


def _words_are_wrong(branch: n.Node, exact: Exact) -> bool:
    conditions = tuple(_conditions(branch))
    failing = [c for c in conditions if not _holds(c, exact)]
    fit = any(_holds(c, exact) and not _of_words(c) for c in conditions)
    return all(map(_of_words, failing)) and (fit or all(map(_asks_for_any, failing)))


def _of_words(check: n.Node) -> bool:
    """Whether a condition compares words, or asks whether there are any."""
    match check:
        case n.Not(of):
            return _of_words(of)
        case n.Compare(_, left, right):
            return is_text(left) or is_text(right)
        case n.OneOf(of) | n.SaysNothing(of) | n.Missing(of):
            return is_text(of)
    return False


def _asks_for_any(check: n.Node) -> bool:
    """Whether a condition about words is met by nearly any: not blank, not a word that says nothing."""
    match check:
        case n.Not(n.Missing() | n.SaysNothing() | n.OneOf()) | n.Compare("<>", _, _):
            return True
    return False


__all__ = ["branch_to_blame"]
