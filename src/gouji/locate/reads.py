"""A rule -> the columns that it reads; of a whole book, by code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gouji.expression import nodes as n
from gouji.rules import ResolvedBook, ResolvedEachRow, ResolvedRollUp, ResolvedTieOut

Reads = Mapping[str, frozenset[tuple[str, str]]]


def columns_read(
    of: ResolvedTieOut | ResolvedEachRow | ResolvedRollUp,
) -> frozenset[tuple[str, str]]:
    """Every column that a rule reads, filters included, as (table, column)."""
    if isinstance(of, ResolvedRollUp):
        return frozenset((of.table.table, name) for name in (*of.rule.columns, of.by.name))
    found = set[tuple[str, str]]()
    for node in (x for top in (of.check, of.applies) if top is not None for x in n.walk(top)):
        if isinstance(node, n.Aggregate) and node.where is not None:
            found |= {
                (leaf.table, leaf.column)
                for leaf in n.walk(node.where)
                if isinstance(leaf, (n.Figure, n.Word))
            }
        if isinstance(node, (n.Figure, n.Word, n.Aggregate)):
            found |= {(node.table, column) for column in n.columns_of(node)}
    return frozenset(found)


@dataclass(slots=True)
class _Last:
    """The book that was asked for last, and what its rules read: it is the same from one unit to the next."""

    book: ResolvedBook | None = None
    reads: Reads = field(default_factory=dict)


LAST = _Last()


def reads_of(book: ResolvedBook) -> Reads:
    """The columns that each rule over figures reads, by code."""
    if LAST.book is not book:
        rules = (*book.tie_outs, *book.table_rules)
        LAST.reads = {of.code: columns_read(of) for of in rules}
        LAST.book = book
    return LAST.reads


__all__ = ["Reads", "columns_read", "reads_of"]
