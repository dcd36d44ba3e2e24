"""Third reading of an expression: where it has no value (figures it needs, denominators that may be zero)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gouji.measure.nodes import Aggregate, Arithmetic, Coalesce, Figure, Leaf, Missing, Node, Word, children, walk


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


def by_table(leaves: Iterable[Leaf | Word]) -> dict[tuple[str, bool], tuple[str, ...]]:
    """The columns they read, by table and whether it is last year's."""
    found: dict[tuple[str, bool], dict[str, None]] = {}
    for leaf in leaves:
        found.setdefault((leaf.table, leaf.prior), {}).setdefault(leaf.column)
    return {source: tuple(columns) for source, columns in found.items()}


def denominators(node: Node) -> tuple[Node, ...]:
    """Every denominator that holds a figure, once: zero there means no value."""
    found = (n.right for n in walk(node) if isinstance(n, Arithmetic) and n.op == "/")
    return tuple(dict.fromkeys(d for d in found if any(isinstance(x, (Figure, Aggregate)) for x in walk(d))))
