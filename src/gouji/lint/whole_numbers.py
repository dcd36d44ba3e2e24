"""What gives whole numbers only, and comparisons of it with the nearest whole numbers as bounds: more than 1 is 2 or more."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, gcd, lcm

from gouji.expression import nodes as n
from gouji.lint.literals import LinearComparison, Literal, Row
from gouji.rules import ColumnType, ResolvedBook


def is_whole(node: n.Node, book: ResolvedBook) -> bool:
    """Whether a measure gives whole numbers only: counts, their sums and products, and one of several of them."""
    match node:
        case n.Number(value):
            return value.denominator == 1
        case n.Aggregate(func="count"):
            return True
        case n.Aggregate(of=of) if of is not None:
            return is_whole(of, book)
        case n.Rounded(_, of, places):
            return places == 0 or is_whole(of, book)
        case n.Figure() | n.Aggregate():
            column = book.tables[node.table].column(node.column)
            return column is not None and column.type is ColumnType.COUNT
        case n.Arithmetic("+" | "-" | "*", left, right):
            return is_whole(left, book) and is_whole(right, book)
        case n.Negate(of) | n.Absolute(of):
            return is_whole(of, book)
        case n.Extreme(_, items) | n.Coalesce(items):
            return all(is_whole(item, book) for item in items)
        case n.Case(branches, otherwise):
            return all(is_whole(v, book) for _, v in branches) and (
                otherwise is None or is_whole(otherwise, book)
            )
    return False


def tightened(of: Literal | None, book: ResolvedBook) -> Literal | None:
    """A comparison of whole numbers only, with a whole number as its bound; an equation that no whole numbers satisfy is `1 = 0`. All else as it is."""
    if not isinstance(of, LinearComparison) or of.op == "<>":
        return of
    row = {k: v for k, v in of.row.items() if k is not None}
    if not row or not all(is_whole(leaf, book) for leaf in row):
        return of
    scale = Fraction(
        lcm(*(v.denominator for v in row.values())), gcd(*(v.numerator for v in row.values()))
    )
    least = -of.row.get(None, Fraction(0)) * scale
    if of.op == "=":
        possible = least.denominator == 1
        return of if possible else LinearComparison(of.code, "=", {None: Fraction(1)})
    bound = floor(least) + 1 if of.op == ">" else ceil(least)
    made: Row = {k: v * scale for k, v in row.items()}
    if bound:
        made[None] = Fraction(-bound)
    return LinearComparison(of.code, ">=", made)


__all__ = ["is_whole", "tightened"]
