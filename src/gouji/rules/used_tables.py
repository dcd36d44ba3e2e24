"""ResolvedBook -> the tables that its rules read."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.expression.nodes import Aggregate, Figure, Node, Word, walk
from gouji.rules.resolved import ResolvedBook, ResolvedCriterion, ResolvedRule, ResolvedTieOut
from gouji.rules.table import Role, Table


def tables_read(book: ResolvedBook) -> dict[str, Table]:
    """Those that rules name, those that these are derived from, and those with their own role (units, self-scores, …); in the order of the book."""
    waiting = [name for rule in book.rules for name in _named(rule)] + [
        name for name, t in book.tables.items() if t.role is not Role.FIGURES
    ]
    waiting += [name for tree in (*book.caps, book.placed) for name in _in(tree)]
    read: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in read:
            read.add(name)
            waiting += book.tables[name].sources
    return {name: table for name, table in book.tables.items() if name in read}


def tables_of(rule: ResolvedRule) -> tuple[str, ...]:
    """The tables whose figures a rule compares, each once; those that only say where it applies are left out."""
    return tuple(dict.fromkeys(_compared(rule)))


def _named(rule: ResolvedRule) -> Iterator[str]:
    yield from _compared(rule)
    yield from _in(rule.applies)


def _compared(rule: ResolvedRule) -> Iterator[str]:
    trees: tuple[Node, ...]
    match rule:
        case ResolvedCriterion():
            trees = rule.trees
        case ResolvedTieOut(check=check):
            trees = (check,)
        case _:
            trees = ()
            yield rule.table.table
    for tree in trees:
        yield from _in(tree)


def _in(tree: Node | None) -> Iterator[str]:
    for node in walk(tree) if tree is not None else ():
        if isinstance(node, (Figure, Word, Aggregate)):
            yield node.table
