"""ResolvedBook -> the tables that its rules read, and the columns whose texts they do not ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gouji.expression.nodes import Aggregate, Figure, Node, Word, columns_of, walk
from gouji.rules.resolved import (
    ResolvedBook,
    ResolvedCriterion,
    ResolvedEachRow,
    ResolvedRule,
    ResolvedTieOut,
)
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


def with_unasked(book: ResolvedBook) -> ResolvedBook:
    """The book with, in each table, the columns that give others (targets, what was reached) of which no rule reads any."""
    read = {home for rule in book.rules for tree in _trees(rule) for home in _columns(tree)}
    read |= {home for tree in (*book.caps, book.placed) for home in _columns(tree)}
    sources = {name for t in book.tables.values() for name in t.sources}
    tables = {
        name: replace(table, unasked=found)
        if name not in sources and (found := tuple(_unasked(table, read)))
        else table
        for name, table in book.tables.items()
    }
    return replace(book, tables=tables)


def _unasked(table: Table, read: set[tuple[str, str]]) -> Iterator[str]:
    for column in table.columns:
        if column.gives and not any((table.table, name) in read for name in column.gives):
            yield column.name


def _trees(rule: ResolvedRule) -> Iterator[Node | None]:
    yield rule.applies
    match rule:
        case ResolvedCriterion():
            yield from rule.trees
        case ResolvedTieOut(check=check) | ResolvedEachRow(check=check):
            yield check


def _columns(tree: Node | None) -> Iterator[tuple[str, str]]:
    for node in walk(tree) if tree is not None else ():
        if isinstance(node, (Figure, Word, Aggregate)):
            yield from ((node.table, column) for column in columns_of(node))
        if isinstance(node, Aggregate):
            yield from _columns(node.where)


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
        case ResolvedEachRow(check=check):
            trees = (check,)
            yield rule.table.table
        case _:
            trees = ()
            yield rule.table.table
    for tree in trees:
        yield from _in(tree)


def _in(tree: Node | None) -> Iterator[str]:
    for node in walk(tree) if tree is not None else ():
        if isinstance(node, (Figure, Word, Aggregate)):
            yield node.table
