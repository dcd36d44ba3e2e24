"""A rule -> the columns that it reads."""

from __future__ import annotations

from gouji.expression import nodes as n
from gouji.rules import ResolvedEachRow, ResolvedRollUp, ResolvedTieOut


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


__all__ = ["columns_read"]
