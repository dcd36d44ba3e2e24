"""A rule, and the figures of one unit that it reads -> short hashes: a waiver or a known finding holds while both stay the same.

Row numbers, file names and the order of rows have no part in them; printed places do, for they decide what rounding can explain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gouji.base.digest import sha256
from gouji.expression import Cell, Printed, Row, UnitFigures, words
from gouji.expression import nodes as n
from gouji.rules import (
    RULE,
    AnyRule,
    ColumnRole,
    ResolvedBook,
    ResolvedCriterion,
    ResolvedRollUp,
    ResolvedTableRule,
    ResolvedTieOut,
    Role,
    items_of,
)
from gouji.rules import Judged as Reviewed

LENGTH = 16
# What a rule says in words decides nothing: changing a sentence or adding an example leaves waivers alone.
WORDS = {"name", "basis", "message", "examples", "evidence", "path"}
# Left out where a rule does not write them, so that what was hashed before they existed keeps its hash.
OPTIONAL = ("set", "adjust")


def rule_version(rule: AnyRule) -> str:
    """A hash of all that decides in a rule."""
    unwritten = {key for key in OPTIONAL if not getattr(rule, key, None)}
    return _short([RULE.dump_json(rule, exclude=WORDS | unwritten).decode()])


class Reads:
    """What each expression of a rulebook reads, worked out once for all units: figure or aggregate, its name, the columns an aggregate looks at."""

    def __init__(self) -> None:
        # By identity, which the node beside it keeps from being given to another: hashing a tree takes as long as walking it.
        self._found: dict[
            int, tuple[n.Node, tuple[tuple[n.Leaf | n.Word, str, list[str]], ...]]
        ] = {}

    def of(self, node: n.Node | None) -> tuple[tuple[n.Leaf | n.Word, str, list[str]], ...]:
        """Each of them, in the order of first appearance."""
        if node is None:
            return ()
        if id(node) not in self._found:
            self._found[id(node)] = node, tuple(map(_named, (*n.leaves(node), *n.words(node))))
        return self._found[id(node)][1]


def _named(leaf: n.Leaf | n.Word) -> tuple[n.Leaf | n.Word, str, list[str]]:
    name = f"{leaf.table}.{leaf.column}@{int(leaf.prior)}"
    if not isinstance(leaf, n.Aggregate):
        return leaf, f"{name}:", []
    if leaf.of is not None:
        name = f"{leaf.table}.{words(leaf.of)}@{int(leaf.prior)}"
    return (
        leaf,
        f"{name}:{leaf.func}:",
        sorted({*leaf.columns, *(_columns(leaf.where) if leaf.where is not None else ())}),
    )


def criterion_figures(
    of: ResolvedCriterion, book: ResolvedBook, figures: UnitFigures, reads: Reads
) -> str:
    """A hash of the figures, items, marks and the self-score that a criterion reads."""
    parts = [
        *(line for tree in of.trees for line in _read(figures, reads.of(tree))),
        *_read(figures, reads.of(of.applies)),
        *_read(figures, reads.of(of.belongs)),
        *_rows(Role.SELF_SCORES, of.code, book, figures),
    ]
    if items_of(of.rule.method):
        parts += _rows(Role.CHECKS, of.code, book, figures)
    if isinstance(of.rule.method, Reviewed):
        parts += _rows(Role.REVIEWS, of.code, book, figures)
    return _short(parts)


def tie_out_figures(of: ResolvedTieOut, figures: UnitFigures, reads: Reads) -> str:
    """A hash of the figures that a tie-out reads."""
    return _short([*_read(figures, reads.of(of.check)), *_read(figures, reads.of(of.applies))])


def table_rule_figures(of: ResolvedTableRule, figures: UnitFigures, reads: Reads) -> str:
    """A hash of the rows that a rule over the rows of a table reads."""
    columns = (
        [of.by.name, *of.rule.columns]
        if isinstance(of, ResolvedRollUp)
        else sorted({*of.row_key, *_columns(of.check)})
    )
    rows = sorted(_row(row, columns) for row in figures.many.get(of.table.table, ()))
    return _short(
        [str(figures.sent(of.table.table, False)), *rows, *_read(figures, reads.of(of.applies))]
    )


def _read(
    figures: UnitFigures, read: Iterable[tuple[n.Leaf | n.Word, str, list[str]]]
) -> Iterator[str]:
    for leaf, name, columns in read:
        own = figures.at(leaf.prior)
        if isinstance(leaf, n.Aggregate):
            yield name + ";".join(
                sorted(_row(row, columns) for row in own.many.get(leaf.table, ()))
            )
        else:
            yield name + _cell(own.one.get(leaf.table, {}).get(leaf.column))


def _columns(where: n.Node) -> Iterator[str]:
    return (x.column for x in n.walk(where) if isinstance(x, (n.Figure, n.Word)))


def _rows(role: Role, code: str, book: ResolvedBook, figures: UnitFigures) -> list[str]:
    """Rows about one criterion, by what gouji reads from them."""
    table = book.table_of(role)
    if table is None:
        return []
    name = table.with_role(ColumnRole.CRITERION).name
    told = [
        c.name
        for c in table.columns
        if c.role in (ColumnRole.SCORE, ColumnRole.ITEM, ColumnRole.RESULT, ColumnRole.REVIEWER)
    ]
    return sorted(
        f"{role}:{_row(row, told)}"
        for row in figures.many.get(table.table, ())
        if row.get(name) == code
    )


def _row(row: Row, columns: list[str]) -> str:
    return "|".join(_cell(row.get(c)) for c in columns)


def _cell(cell: Cell) -> str:
    if isinstance(cell, Printed):
        return f"{cell.value}±{cell.half}"
    return "" if cell is None else repr(cell)


def _short(parts: list[str]) -> str:
    return sha256("\0".join(parts))[:LENGTH]
