"""ResolvedBook -> the relations that contradict a criterion's figures where they do not hold: its points are in doubt then.

An equation that fails says that one of its figures is wrong. An inequality may fail because it happened so (more spent than planned): only one of the
gravest degree, which must hold whatever happened, says the same. What is of the least degree says it of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gouji.base.verdict import Severity
from gouji.expression import nodes as n
from gouji.rules.derived_table import Over
from gouji.rules.resolved import ResolvedBook, ResolvedRollUp, ResolvedTableRule, ResolvedTieOut
from gouji.rules.table import Table

# A figure: its table, its column, whether last year's.
Key = tuple[str, str, bool]
# Of an aggregate, what a text column has to say: column -> words.
Rows = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Contesting:
    """Codes of relations, in the order of the book: those over any figure of a criterion, and those over the figures by which it may not apply."""

    every: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def contesting(book: ResolvedBook) -> dict[str, Contesting]:
    """Of each criterion that has any."""
    read: dict[Key, list[tuple[str, Rows]]] = {}
    for relation in (*book.tie_outs, *book.table_rules):
        if contradicts(relation):
            for key, rows in _of_relation(relation, book.tables):
                read.setdefault(key, []).append((relation.code, rows))
    order = {rule.code: i for i, rule in enumerate(book.rules)}

    def over(*nodes: n.Node | None) -> tuple[str, ...]:
        parts = (
            part for node in nodes if node is not None for part in _of_expression(node, book.tables)
        )
        found = {
            code
            for key, rows in parts
            for code, others in read.get(key, ())
            if not _apart(rows, others)
        }
        return tuple(sorted(found, key=order.__getitem__))

    made = {}
    for c in book.criteria:
        every = over(*c.trees, c.applies)
        made[c.code] = Contesting(
            every, every if c.rule.undefined == "not_applicable" else over(c.applies)
        )
    return {code: of for code, of in made.items() if of.every}


def contradicts(of: ResolvedTieOut | ResolvedTableRule) -> bool:
    """Whether figures are in doubt where the relation does not hold."""
    if of.rule.severity is not Severity.VERIFY or isinstance(of, ResolvedRollUp):
        return of.rule.severity is not Severity.NOTE
    return any(isinstance(x, n.Compare) and x.op == "=" for x in n.walk(of.check))


def _of_relation(
    of: ResolvedTieOut | ResolvedTableRule, tables: Mapping[str, Table]
) -> Iterator[tuple[Key, Rows]]:
    if isinstance(of, ResolvedRollUp):
        for column in of.rule.columns:
            yield from _made_of((of.table.table, column, False), {}, tables)
        return
    yield from _of_expression(of.check, tables)
    yield from (((word.table, word.column, word.prior), {}) for word in n.words(of.check))


def _of_expression(node: n.Node, tables: Mapping[str, Table]) -> Iterator[tuple[Key, Rows]]:
    for leaf in n.leaves(node):
        rows = (
            dict(_words_of(leaf.where))
            if isinstance(leaf, n.Aggregate) and leaf.where is not None
            else {}
        )
        for column in n.columns_of(leaf):
            yield from _made_of((leaf.table, column, leaf.prior), rows, tables)


def _made_of(key: Key, rows: Rows, tables: Mapping[str, Table]) -> Iterator[tuple[Key, Rows]]:
    """The figure itself and, of a derived one, those of the unit's own tables that it is made of."""
    yield key, rows
    name, column, prior = key
    table = tables[name]
    described = table.column(column)
    take = described.take if described is not None else None
    if table.derived is None or take is None or take.over is not Over.OWN:
        return
    for source in take.from_ or table.derived.cells:
        named = (take.column or column, *take.at.values(), *([take.per] if take.per else ()))
        amounts = (
            [c.name for c in tables[source].columns if c.numeric and c.role is None]
            if not take.from_
            else named
        )
        for amount in amounts:
            if tables[source].column(amount) is not None:
                yield from _made_of((source, amount, prior), {}, tables)


def _words_of(where: n.Node) -> Iterable[tuple[str, frozenset[str]]]:
    """The texts that a condition on rows asks for, of what is joined by `and`."""
    match where:
        case n.Both(left, right):
            yield from _words_of(left)
            yield from _words_of(right)
        case n.Compare("=", n.Word(_, column), n.Text(value)):
            yield column, frozenset({value})
        case n.OneOf(n.Word(_, column), values):
            yield column, frozenset(values)


def _apart(one: Rows, other: Rows) -> bool:
    """Whether two aggregates count rows of which none is the same."""
    return any(name in other and one[name].isdisjoint(other[name]) for name in one)
