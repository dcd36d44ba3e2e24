"""The tree of a measure or condition: small frozen values, a closed union met by `match`. Exact numbers only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

Op = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number; percents are shares of 1, a date is the number of its day."""

    value: Fraction
    date: bool = False


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """3月31日, 次年6月底, 2024年3月31日: a day, of the year `year` or so many years after the fiscal year; day 0 is the last of the month."""

    year: int | None
    later: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Days:
    """days(a, b): how many days b is after a; `validate` makes a difference of it."""

    first: Node
    then: Node


@dataclass(frozen=True, slots=True)
class Text:
    """A text literal."""

    value: str


@dataclass(frozen=True, slots=True)
class Figure:
    """表.列: one figure of the unit; with `prior` the figure of the year before (上年)."""

    table: str
    column: str
    prior: bool = False


@dataclass(frozen=True, slots=True)
class RowFigure:
    """表[键].列: the figure of the row with that key; `validate` knows the key column and makes an aggregate of it.

    The key is a text, or a column of the row that is judged: the row of another table that says the same.
    """

    table: str
    key: str | Figure
    column: str
    prior: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """表.列 of a text column; the parser writes Figure, `validate` knows which columns are text."""

    table: str
    column: str
    prior: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """The text of a column of the row that is judged, within a condition on rows of the same or another table."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Aggregate:
    """sum, count, min or max over the unit's rows of a many-row table, those only for which `where` holds.

    It is of a column, or of an expression `of` the columns of one row; `column` is empty then.
    """

    func: Literal["sum", "count", "min", "max"]
    table: str
    column: str
    where: Node | None = None
    prior: bool = False
    of: Node | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose figures it takes in, each once; those of its filter are not among them."""
        if self.of is None:
            return (self.column,)
        return tuple(dict.fromkeys(x.column for x in walk(self.of) if isinstance(x, Cell)))


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two operands joined by + - * /."""

    op: Literal["+", "-", "*", "/"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negate:
    """-x."""

    of: Node


@dataclass(frozen=True, slots=True)
class Absolute:
    """abs(x)."""

    of: Node


@dataclass(frozen=True, slots=True)
class Rounded:
    """round(x, places), floor(x), ceil(x): a half goes away from zero. `called`: the code of the criterion of which it is the score."""

    how: Literal["round", "floor", "ceil"]
    of: Node
    places: int = 0
    called: str = ""


@dataclass(frozen=True, slots=True)
class Extreme:
    """min(a, b, …) or max(a, b, …) of several values; no value when one of them has none."""

    which: Literal["min", "max"]
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Coalesce:
    """The first of the items that has a value."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """case when … then … else … end; the conditions are taken at the printed figures."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of two numbers or two texts."""

    op: Op
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Both:
    """a and b."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Either:
    """a or b."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Not:
    """not a."""

    of: Node


@dataclass(frozen=True, slots=True)
class Missing:
    """x is null: the figure was not given."""

    of: Node


@dataclass(frozen=True, slots=True)
class OneOf:
    """text in ('甲', '乙')."""

    of: Node
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaysNothing:
    """空话(text): the text gives no reason, as 无, 暂无。, 不适用, 详见附件 or a dash."""

    of: Node


@dataclass(frozen=True, slots=True)
class GradeIs:
    """等级(total) = word: the word is the name or an alias of the grade that holds the total."""

    total: Node
    word: Node


@dataclass(frozen=True, slots=True)
class Fails:
    """Whether a condition that figures have to meet fails beyond rounding; what cannot be judged does not. No rule can write it."""

    of: Node


@dataclass(frozen=True, slots=True)
class Score:
    """得分(CODE): the score of a criterion; `validate` puts the expression of it in its place."""

    code: str


@dataclass(frozen=True, slots=True)
class RowScore:
    """逐行得分(CODE): what a criterion gives to the row; `validate` puts the expression of that criterion in its place."""

    code: str


Node = (
    Number
    | WrittenDay
    | Days
    | Text
    | Figure
    | RowFigure
    | Word
    | Own
    | Aggregate
    | Arithmetic
    | Negate
    | Absolute
    | Rounded
    | Extreme
    | Coalesce
    | Case
    | Compare
    | Both
    | Either
    | Not
    | Missing
    | OneOf
    | SaysNothing
    | GradeIs
    | Fails
    | Score
    | RowScore
)
Leaf = Figure | Aggregate
Cell = Figure | Word
CONDITIONS = (Compare, Both, Either, Not, Missing, OneOf, SaysNothing, GradeIs, Fails)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below; the filter of an aggregate is not one of them (it speaks of rows, not of the unit)."""
    match node:
        case Aggregate():
            return
        case Case(branches=branches, otherwise=otherwise):
            for condition, value in branches:
                yield condition
                yield value
            if otherwise is not None:
                yield otherwise
        case _:
            for name in node.__match_args__:
                value = getattr(node, name)
                if isinstance(value, tuple):
                    yield from (v for v in value if not isinstance(v, str))
                elif not isinstance(value, (str, int, Fraction)) and value is not None:
                    yield value


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, depth first, left to right."""
    yield node
    for child in children(node):
        yield from walk(child)


def looked_up(node: Leaf) -> tuple[str, Own] | None:
    """Of a figure that is looked up, the column of keys and the own text that it is held against; None for all others."""
    match node:
        case Aggregate(where=Compare("=", Word(column=key), Own() as own)):
            return key, own
    return None


def replaced(node: Node, old: Node, new: Node) -> Node:
    """The tree with one part of it exchanged, inside aggregates too; their filters stay."""
    if node == old:
        return new
    match node:
        case Aggregate():
            return node if node.of is None else replace(node, of=replaced(node.of, old, new))
        case Case(branches, otherwise):
            made = tuple((replaced(c, old, new), replaced(v, old, new)) for c, v in branches)
            last = None if otherwise is None else replaced(otherwise, old, new)
            return Case(made, last)
        case Arithmetic(op, left, right):
            return Arithmetic(op, replaced(left, old, new), replaced(right, old, new))
        case Compare(op, left, right):
            return Compare(op, replaced(left, old, new), replaced(right, old, new))
    return node


def words(node: Node) -> tuple[Word, ...]:
    """Every text column, each once."""
    return tuple(dict.fromkeys(n for n in walk(node) if isinstance(n, Word)))


def columns_of(part: Leaf | Word) -> tuple[str, ...]:
    """The columns of its table that a figure, text or aggregate is taken from."""
    return part.columns if isinstance(part, Aggregate) else (part.column,)


def leaves(node: Node) -> tuple[Leaf, ...]:
    """Every figure and aggregate, each once, in the order of first appearance."""
    return tuple(dict.fromkeys(n for n in walk(node) if isinstance(n, (Figure, Aggregate))))
