"""ResolvedBook -> the relations that contradict a criterion's figures where they do not hold: its points are in doubt then.

An equation that fails says that one of its figures is wrong. An inequality may fail because it happened so (more spent than planned): only one of the
gravest degree, which must hold whatever happened, says the same. What is of the least degree says it of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gouji.base.verdict import Severity
from gouji.expression import nodes as n
from gouji.rules.derived_table import Over
from gouji.rules.methods import RowByRow
from gouji.rules.resolved import (
    ResolvedBook,
    ResolvedCriterion,
    ResolvedEachRow,
    ResolvedRollUp,
    ResolvedTableRule,
    ResolvedTieOut,
)
from gouji.rules.table import Table

# A figure: its table, its column, whether last year's.
Key = tuple[str, str, bool]
# Of an aggregate, what a text column has to say: column -> words.
Rows = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Contesting:
    """Codes of relations, in the order of the book: those over any figure of a criterion, and those over the figures by which it may not apply.

    Of a criterion that scores rows `whole` are those of `every` that put all of it in doubt; the others put the rows in doubt that fail. `row_ends` are
    measures then: with nothing for such rows, and with all that they may earn.
    """

    every: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    row_ends: tuple[n.Node, n.Node] | None = None


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
        left_out = every if c.rule.undefined == "not_applicable" else over(c.applies)
        made[c.code] = _with_rows(c, book, Contesting(every, left_out))
    return {code: of for code, of in made.items() if of.every}


def _with_rows(of: ResolvedCriterion, book: ResolvedBook, found: Contesting) -> Contesting:
    """Told apart: relations that put the whole in doubt, and those that do so with single rows."""
    by_row = [r for r in book.table_rules if r.code in found.every and _row_by_row(r, of)]
    alone = {r.code for r in by_row}
    whole = tuple(code for code in found.every if code not in alone)
    return replace(found, whole=whole, row_ends=_row_ends(of, by_row))


def in_doubt_by_row(book: ResolvedBook) -> frozenset[str]:
    """The criteria of which single rows may be in doubt: of their weight what these may bring counts as contested, the rest as recomputed."""
    if all(c.row is None for c in book.criteria):
        return frozenset()
    return frozenset(code for code, of in contesting(book).items() if of.row_ends is not None)


def _row_by_row(relation: ResolvedTableRule, of: ResolvedCriterion) -> bool:
    """Whether a relation that fails on a row says nothing of the other rows of the criterion, and each row tells by itself whether it does."""
    return (
        isinstance(relation, ResolvedEachRow)
        and isinstance(of.rule.method, RowByRow)
        and relation.table.table == of.rule.method.table
        and relation.applies is None
        and all(_of_the_row(x, of.rule.method.table) for x in n.walk(relation.check))
    )


def _of_the_row(node: n.Node, table: str) -> bool:
    """Whether a part of a condition can be told from the row alone: it reads no other table and asks for no grade."""
    match node:
        case n.Figure(name, _column, prior) | n.Word(name, _column, prior):
            return name == table and not prior
        case n.Aggregate() | n.GradeIs() | n.Own():
            return False
    return True


def _row_ends(
    of: ResolvedCriterion, relations: Sequence[ResolvedTableRule]
) -> tuple[n.Node, n.Node] | None:
    """The measure with nothing, and with all that they may earn, for rows on which one of the relations fails; None where there are none."""
    checks = [r.check for r in relations if isinstance(r, ResolvedEachRow)]
    if not checks or of.measure is None or of.row is None or of.row_points is None:
        return None

    def with_rows(points: n.Node) -> n.Node:
        assert of.measure is not None and of.row is not None
        branches = tuple((n.Fails(check), points) for check in checks)
        return n.replaced(of.measure, of.row, n.Case(branches, of.row))

    return with_rows(n.Number(Fraction(0))), with_rows(of.row_points)


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
