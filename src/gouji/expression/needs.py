"""Third reading of an expression: where it has no value (figures it needs, denominators that may be zero)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from gouji.expression.nodes import (
    Aggregate,
    Arithmetic,
    Both,
    Case,
    Coalesce,
    Compare,
    Either,
    Figure,
    GradeIs,
    Leaf,
    Missing,
    Node,
    Not,
    OneOf,
    SaysNothing,
    Word,
    children,
    columns_of,
    walk,
)

# Behind `table.column`: figures of it that could not be read.
UNREAD = "?"


def needed(node: Node) -> tuple[Leaf | Word, ...]:
    """Figures without which there may be no value: those asked about by `is null`, or with a stand-in, are not needed."""
    return tuple(dict.fromkeys(_needed(node)))


def _needed(node: Node) -> Iterator[Leaf | Word]:
    match node:
        case Figure() | Aggregate() | Word():
            yield node
        case Missing():
            return
        case Coalesce(items):
            last = items[-1]
            if needed(last):
                for item in items:
                    yield from _needed(item)
        case _:
            for child in children(node):
                yield from _needed(child)


def homes(*nodes: Node | None) -> tuple[tuple[str, bool], ...]:
    """What expressions read, whatever they ask of it: tables, and columns as `table.column`, with True those of the year before.

    Of a table that units send all is whole or nothing is, of one that is worked out each column by itself. `table.column?` are columns whose absence
    decides something: a figure there that was sent and could not be read is not absent.
    """
    parts = [part for node in nodes if node is not None for part in walk(node)]
    read = (
        (name, part.prior)
        for part in parts
        if isinstance(part, (Figure, Aggregate, Word))
        for name in (part.table, *(f"{part.table}.{column}" for column in columns_of(part)))
    )
    asked = (home for node in nodes if node is not None for home in _asked_by_absence(node, False))
    return tuple(dict.fromkeys((*read, *asked)))


def _asked_by_absence(node: Node, named: bool) -> Iterator[tuple[str, bool]]:
    """The columns that expressions ask for by their absence: is null, coalesce, count, and the filters of aggregates."""
    named = named or isinstance(node, (Missing, Coalesce))
    if isinstance(node, Aggregate) and node.where is not None:
        read = (x for x in walk(node.where) if isinstance(x, (Figure, Word)))
        yield from ((unread_home(node.table, x.column), node.prior) for x in read)
    if isinstance(node, Aggregate) and node.of is not None:
        yield from ((home, node.prior) for home, _ in _asked_by_absence(node.of, False))
    if isinstance(node, (Figure, Aggregate, Word)) and (
        named or (isinstance(node, Aggregate) and node.func == "count")
    ):
        yield from ((unread_home(node.table, column), node.prior) for column in columns_of(node))
    for child in children(node):
        yield from _asked_by_absence(child, named)


def unread_home(table: str, column: str) -> str:
    """A column as the list of what is not whole names it where a figure of it could not be read."""
    return f"{table}.{column}{UNREAD}"


def unread_homes(*nodes: Node | None) -> tuple[tuple[str, bool], ...]:
    """The same of every column that expressions read."""
    parts = (part for node in nodes if node is not None for part in walk(node))
    read = (p for p in parts if isinstance(p, (Figure, Aggregate, Word)))
    found = ((unread_home(p.table, column), p.prior) for p in read for column in columns_of(p))
    return tuple(dict.fromkeys(found))


def is_unread(home: tuple[str, bool]) -> bool:
    """Whether it names figures that could not be read, and no rows that were set aside."""
    return home[0].endswith(UNREAD)


def homes_in(table: str, prior: bool, columns: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """The same of columns of one table."""
    return ((table, prior), *((f"{table}.{column}", prior) for column in columns))


def by_table(leaves: Iterable[Leaf | Word]) -> dict[tuple[str, bool], tuple[str, ...]]:
    """The columns they read, by table and whether it is last year's."""
    found: dict[tuple[str, bool], dict[str, None]] = {}
    for leaf in leaves:
        found.setdefault((leaf.table, leaf.prior), {}).update(dict.fromkeys(columns_of(leaf)))
    return {source: tuple(columns) for source, columns in found.items()}


def void(node: Node, absent: Container[tuple[str, bool]]) -> bool:
    """Whether a condition has no value whatever else is given: each comparison in it needs a figure of an `absent` table (or of last year's)."""
    match node:
        case Both(left, right) | Either(left, right):
            return void(left, absent) and void(right, absent)
        case Not(of):
            return void(of, absent)
        case Compare() | OneOf() | SaysNothing() | GradeIs():
            return lacks(node, absent)
    return False


def lacks(node: Node, absent: Container[tuple[str, bool]]) -> bool:
    """Whether an expression needs a figure of an absent table, with no stand-in for it."""
    parts = list(walk(node))
    if any(isinstance(x, (Coalesce, Case, Missing)) for x in parts):
        return False
    return any(
        (x.table, x.prior) in absent for x in parts if isinstance(x, (Figure, Aggregate, Word))
    )


def denominators(node: Node) -> tuple[Node, ...]:
    """Every denominator that holds a figure, once: zero there means no value."""
    found = (n.right for n in walk(node) if isinstance(n, Arithmetic) and n.op == "/")
    return tuple(
        dict.fromkeys(d for d in found if any(isinstance(x, (Figure, Aggregate)) for x in walk(d)))
    )
