"""Conditions of tie-outs -> literals that all have to hold: linear relations and equalities of texts; what is neither is opaque."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gouji.expression import OPPOSITE, difference, is_text
from gouji.expression.nodes import Both, Compare, Either, Leaf, Node, Not, OneOf, Text, Word

Key = Leaf | None  # None stands for the constant
Row = dict[Key, Fraction]


@dataclass(frozen=True, slots=True)
class LinearComparison:
    """One comparison `row op 0` of a rule, `op` among =, <>, >=, >."""

    code: str
    op: str
    row: Row


@dataclass(frozen=True, slots=True)
class TextCondition:
    """What a rule says of a text: it is among some words (or is not), or is another text column's (or is not)."""

    code: str
    word: Word
    among: frozenset[str] | Word
    holds: bool = True

    @property
    def denied(self) -> TextCondition:
        """The opposite."""
        return TextCondition(self.code, self.word, self.among, not self.holds)


Literal = LinearComparison | TextCondition


def literals(code: str, node: Node | None) -> tuple[Literal | None, ...]:
    """What has to hold together; None for each part that is neither linear nor about texts."""
    return tuple(_literal(code, part) for part in conjuncts(node)) if node is not None else ()


def relations(of: Iterable[Literal | None]) -> list[LinearComparison]:
    """The linear ones."""
    return [x for x in of if isinstance(x, LinearComparison)]


def said(of: Iterable[Literal | None]) -> list[TextCondition]:
    """Those about texts."""
    return [x for x in of if isinstance(x, TextCondition)]


def conjuncts(node: Node) -> Iterator[Node]:
    """The conditions that have to hold together."""
    match node:
        case Both(left, right):
            yield from conjuncts(left)
            yield from conjuncts(right)
        case Not(Either(left, right)):
            yield from conjuncts(Not(left))
            yield from conjuncts(Not(right))
        case Not(Not(of)):
            yield from conjuncts(of)
        case Not(Compare(op, left, right)):
            yield Compare(OPPOSITE[op], left, right)
        case _:
            yield node


def _literal(code: str, node: Node) -> Literal | None:
    match node:
        case OneOf(Word() as word, values):
            return TextCondition(code, word, frozenset(values))
        case Not(OneOf(Word() as word, values)):
            return TextCondition(code, word, frozenset(values), False)
        case Compare("=" | "<>" as op, Word() as word, Text(value)) | Compare(
            "=" | "<>" as op, Text(value), Word() as word
        ):
            return TextCondition(code, word, frozenset((value,)), op == "=")
        case Compare("=" | "<>" as op, Word() as word, Word() as other):
            return TextCondition(code, word, other, op == "=")
        case Compare() if not is_text(node.left) and not is_text(node.right):
            return _relation(code, node)
    return None


def _relation(code: str, node: Compare) -> LinearComparison | None:
    form = difference(node)
    if form is None:
        return None
    sign = Fraction(-1 if node.op in ("<", "<=") else 1)
    row: Row = {leaf: c * sign for leaf, c in form.coefficients if c}
    if form.constant:
        row[None] = form.constant * sign
    return LinearComparison(code, {"<": ">", "<=": ">="}.get(node.op, node.op), row)


def clash(of: Sequence[TextCondition]) -> bool:
    """Whether texts cannot be all that is said of them."""
    home: dict[Word, Word] = {}

    def root(word: Word) -> Word:
        while word in home:
            word = home[word]
        return word

    for one in of:
        if one.holds and isinstance(one.among, Word) and root(one.word) != root(one.among):
            home[root(one.word)] = root(one.among)
    left: dict[Word, frozenset[str]] = {}
    for one in of:
        if one.holds and not isinstance(one.among, Word):
            left[root(one.word)] = left.get(root(one.word), one.among) & one.among
    for one in of:
        if not one.holds and not isinstance(one.among, Word) and root(one.word) in left:
            left[root(one.word)] -= one.among
    if any(not words for words in left.values()):
        return True
    apart = [
        (root(one.word), root(one.among))
        for one in of
        if not one.holds and isinstance(one.among, Word)
    ]
    return any(
        a == b or (a in left and left[a] == left.get(b) and len(left[a]) == 1) for a, b in apart
    )


def culprits(of: Sequence[TextCondition]) -> frozenset[str]:
    """The rules without which a clash would be none."""
    kept = list(of)
    for one in of:
        fewer = [x for x in kept if x.code != one.code]
        if clash(fewer):
            kept = fewer
    return frozenset(x.code for x in kept)
