"""Tie-outs that hold where one of several conditions does: those of which none can hold beside the other tie-outs, whichever is taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gouji.base.i18n import _
from gouji.base.verdict import Severity
from gouji.expression.nodes import Both, Either, Node, Not
from gouji.lint.algebra import (
    OWN,
    by_precondition,
    contradiction,
    figures_of,
    given_where,
    held,
    literals_of,
    parts_of,
)
from gouji.lint.literals import Literal, conjuncts
from gouji.lint.remark import Remark, about
from gouji.rules import ResolvedBook, ResolvedTieOut

# So many ways to take one condition of each of several tie-outs are tried.
CASES = 64


@dataclass(frozen=True, slots=True)
class Choice:
    """A part of a tie-out that holds where one of its branches does, each what has to hold together."""

    code: str
    branches: tuple[tuple[Literal, ...], ...]

    @property
    def figures(self) -> set[object]:
        """Figures and texts that it speaks of."""
        return figures_of([x for branch in self.branches for x in branch])


def either(book: ResolvedBook) -> Iterator[Remark]:
    """Remarks on tie-outs with `or`: no branch can hold beside what has to hold wherever it applies."""
    groups = by_precondition(book)
    parts = {tie.code: parts_of(book, tie) for tie in book.tie_outs}
    told = set[frozenset[str]]()
    for condition, ties in groups.items():
        choices = [one for tie in ties for one in _choices(book, tie)]
        known = [*given_where(book, groups, condition, parts)] if choices else []
        known += [x for tie in ties for x in parts[tie.code]] if choices else []
        for one in choices:
            yield from _remarks(book, one, choices, [x for x in known if x is not None], told)


def _remarks(
    book: ResolvedBook,
    one: Choice,
    choices: Sequence[Choice],
    known: Sequence[Literal],
    told: set[frozenset[str]],
) -> Iterator[Remark]:
    """What is said of a choice: alone, then beside the choices that speak of the same figures."""
    beside = [other for other in choices if other is not one and other.figures & one.figures]
    tried = list(_within_cases(one, beside))
    near = _near([one, *tried], known)
    if _contradictory(near):
        # Told without it.
        return
    used = _ruled_out(near, [one]) or _ruled_out(near, [one, *tried])
    if used and (codes := used - {OWN}) not in told:
        told.add(codes)
        yield contradiction(book, one.code, used, Severity.ERROR)
    elif not used and len(tried) < len(beside):
        what = _("“或”太多，只核对了与 {n} 条是否矛盾").format(n=len(tried))
        yield about(book, one.code, Severity.NOTE, what, _("分成几条写"), "check")


def _within_cases(one: Choice, beside: Iterable[Choice]) -> Iterator[Choice]:
    """Choices that are tried together with one: as many as make no more than `CASES` ways."""
    ways = len(one.branches)
    for other in beside:
        ways *= len(other.branches)
        if ways > CASES:
            return
        yield other


def _ruled_out(known: Sequence[Literal], choices: Sequence[Choice]) -> frozenset[str]:
    """The rules that leave no branch of the choices to be taken; empty where some can be."""
    first, *more = choices
    used = frozenset[str]((first.code,))
    for branch in first.branches:
        by = _contradictory(known, branch)
        if not by and more:
            by = _ruled_out([*known, *branch], more)
        if not by:
            return frozenset()
        used |= by
    return used


def _contradictory(
    known: Sequence[Literal], branch: Sequence[Literal] | None = None
) -> frozenset[str]:
    """The rules of which one cannot hold beside the others: among all that is known, or of a branch beside it; empty where all can."""
    found = held((), known) if branch is None else held(known, branch)
    return next((f.used | {f.code} for f in found if f.state == "contradiction"), frozenset())


def _near(choices: Iterable[Choice], known: Sequence[Literal]) -> list[Literal]:
    """What speaks of a figure of the choices, or of one of those that do, and so on."""
    reached = set[object]().union(*(one.figures for one in choices))
    left, found = list(known), list[Literal]()
    while more := [x for x in left if figures_of([x]) & reached]:
        found += more
        left = [x for x in left if x not in more]
        reached |= figures_of(more)
    return found


def _choices(book: ResolvedBook, tie: ResolvedTieOut) -> Iterator[Choice]:
    """The parts of a tie-out that are a choice; what a branch asks for beside comparisons and words is left out of it."""
    for part in conjuncts(tie.check) if tie.rule.tolerance is None else ():
        if branches := tuple(_branches(part)):
            each = (literals_of(book, tie.code, branch) for branch in branches)
            yield Choice(tie.code, tuple(tuple(x for x in own if x is not None) for own in each))


def _branches(node: Node) -> Iterator[Node]:
    """The conditions of which one has to hold; none where it is no choice."""
    match node:
        case Either(left, right):
            yield from _flat(left)
            yield from _flat(right)
        case Not(Both(left, right)):
            yield from _flat(Not(left))
            yield from _flat(Not(right))


def _flat(node: Node) -> Iterator[Node]:
    found = tuple(_branches(node))
    yield from found or (node,)


__all__ = ["either"]
