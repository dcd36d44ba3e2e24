"""Tie-outs as linear equations and inequalities: which contradict each other, which follow from others, which are written twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeVar

from gouji.i18n import _
from gouji.lint.remark import Remark, about
from gouji.measure.exact import is_text
from gouji.measure.linear import Linear, difference
from gouji.measure.nodes import Both, Compare, Leaf, Node
from gouji.validate import ResolvedBook, ResolvedTieOut
from gouji.verdict import Severity

Key = Leaf | None  # None stands for the constant
Row = dict[Key, Fraction]
Direction = tuple[tuple[Leaf, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """One comparison `row op 0` of a tie-out, `op` among =, >=, >."""

    code: str
    op: str
    row: Row


@dataclass(frozen=True, slots=True)
class Found:
    """What became of one relation beside those before it, and the rules it was held against."""

    code: str
    state: Literal["new", "implied", "contradiction"]
    used: frozenset[str] = frozenset()


Combination = dict[tuple[str, int], Fraction]  # (rule, which of its relations) -> how often it was taken


@dataclass(slots=True)
class System:
    """Equations in echelon form; each reduced row knows of which relations it is the combination."""

    rows: dict[Leaf, tuple[Row, Combination]] = field(default_factory=dict)
    count: int = 0

    def reduce(self, row: Mapping[Key, Fraction]) -> tuple[Row, Combination]:
        """The row less multiples of the equations, and the relations that takes away."""
        left, used = dict(row), Combination()
        for pivot, (known, made_of) in self.rows.items():
            factor = left.get(pivot)
            if factor:
                left = _minus(left, known, factor)
                used = _minus(used, made_of, -factor)
        return left, used

    def add(self, row: Row, code: str, used: Combination) -> None:
        """Add a reduced row that is not empty; its first figure becomes the pivot."""
        self.count += 1
        pivot = next(k for k in row if k is not None)
        scaled = {k: v / row[pivot] for k, v in row.items()}
        own: Combination = {(code, self.count): Fraction(1)}
        made_of = {k: v / row[pivot] for k, v in _minus(own, used, Fraction(1)).items()}
        for other, (known, others) in list(self.rows.items()):
            if factor := known.get(pivot):
                self.rows[other] = _minus(known, scaled, factor), _minus(others, made_of, factor)
        self.rows[pivot] = scaled, made_of


def _codes(used: Combination) -> frozenset[str]:
    return frozenset(code for code, _number in used)


def algebra(book: ResolvedBook) -> Iterator[Remark]:
    """Remarks on tie-outs without precondition, and on those that share one; later rules are held against earlier ones."""
    yield from _written_twice(book)
    conditions: dict[Node | None, list[ResolvedTieOut]] = {}
    for tie in book.tie_outs:
        conditions.setdefault(tie.applies, []).append(tie)
    always = [r for tie in conditions.get(None, []) for r in relations(tie)]
    for condition, ties in conditions.items():
        own = [r for tie in ties for r in relations(tie)]
        yield from _remarks(book, list(_system([] if condition is None else always, own)))


def _remarks(book: ResolvedBook, found: list[Found]) -> Iterator[Remark]:
    """A rule contradicts when one of its relations does; it follows from others when all of them do."""
    for code in dict.fromkeys(f.code for f in found):
        own = [f for f in found if f.code == code]
        against = [f for f in own if f.state == "contradiction"]
        if against:
            yield _contradiction(book, code, against[0].used)
        elif all(f.state == "implied" for f in own):
            yield _implied(book, code, frozenset[str]().union(*(f.used for f in own)))


def relations(tie: ResolvedTieOut) -> tuple[Relation, ...]:
    """The linear comparisons that all have to hold for a tie-out to balance; none when a part of it is not linear or has a tolerance."""
    if tie.rule.tolerance is not None:
        return ()
    parts = tuple(_conjuncts(tie.check))
    if not all(isinstance(p, Compare) for p in parts):
        return ()
    found = [_relation(tie.code, p) for p in parts if isinstance(p, Compare)]
    return tuple(r for r in found if r is not None)


def _conjuncts(node: Node) -> Iterator[Node]:
    if isinstance(node, Both):
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    else:
        yield node


def _relation(code: str, node: Compare) -> Relation | None:
    form = None if is_text(node.left) or is_text(node.right) else difference(node)
    if form is None or node.op == "<>":
        return None
    sign = -1 if node.op in ("<", "<=") else 1
    op = {"<": ">", "<=": ">="}.get(node.op, node.op)
    return Relation(code, op, _row(form, Fraction(sign)))


def _row(form: Linear, sign: Fraction) -> Row:
    row: Row = {leaf: c * sign for leaf, c in form.coefficients if c}
    if form.constant:
        row[None] = form.constant * sign
    return row


K = TypeVar("K")


def _minus(a: Mapping[K, Fraction], b: Mapping[K, Fraction], factor: Fraction) -> dict[K, Fraction]:
    made = dict(a)
    for key, value in b.items():
        left = made.get(key, Fraction(0)) - factor * value
        if left:
            made[key] = left
        else:
            made.pop(key, None)
    return made


def _system(given: list[Relation], asked: list[Relation]) -> Iterator[Found]:
    """Equations first, `given` silently; then inequalities, each in the light of all equations."""
    system = System()
    for number, relation in enumerate((*given, *asked)):
        if relation.op != "=":
            continue
        row, used = system.reduce(relation.row)
        is_new = any(k is not None for k in row)
        if is_new:
            system.add(row, relation.code, used)
        if number >= len(given):
            yield Found(relation.code, "new") if is_new else _settled(relation.code, "=", row, _codes(used))
    known: dict[Direction, list[Bound]] = {}
    for number, relation in enumerate((*given, *asked)):
        if relation.op == "=":
            continue
        row, used = system.reduce(relation.row)
        leaves = {k: v for k, v in row.items() if k is not None}
        found = _settled(relation.code, relation.op, row, _codes(used))
        if leaves:
            bound = Bound(row.get(None, Fraction(0)) / _size(leaves), relation.op, _codes(used) | {relation.code})
            found = _beside(relation.code, bound, known, _direction(leaves))
            known.setdefault(_direction(leaves), []).append(bound)
        if number >= len(given):
            yield found


@dataclass(frozen=True, slots=True)
class Bound:
    """direction + constant `op` 0, and the rules that say so."""

    constant: Fraction
    op: str
    codes: frozenset[str]


def _beside(code: str, bound: Bound, known: Mapping[Direction, list[Bound]], direction: Direction) -> Found:
    """x + c ≥ 0 beside x + d ≥ 0 (one may follow from the other), or beside −x + d ≥ 0 (they may exclude each other)."""
    for other in known.get(direction, ()):
        if other.constant < bound.constant or (other.constant == bound.constant and (other.op == ">" or bound.op == ">=")):
            return Found(code, "implied", other.codes | bound.codes)
    for other in known.get(tuple((leaf, -c) for leaf, c in direction), ()):
        room = bound.constant + other.constant  # −bound ≤ x ≤ other
        if room < 0 or (room == 0 and ">" in (other.op, bound.op)):
            return Found(code, "contradiction", other.codes | bound.codes)
    return Found(code, "new")


def _settled(code: str, op: str, row: Row, used: frozenset[str]) -> Found:
    """A relation of which the others leave only `constant op 0`."""
    constant = row.get(None, Fraction(0))
    holds = {"=": constant == 0, ">=": constant >= 0, ">": constant > 0}[op]
    return Found(code, "implied" if holds else "contradiction", used)


def _size(leaves: Mapping[Leaf, Fraction]) -> Fraction:
    return abs(leaves[min(leaves, key=repr)])


def _direction(leaves: Mapping[Leaf, Fraction]) -> Direction:
    size = _size(leaves)
    return tuple((leaf, leaves[leaf] / size) for leaf in sorted(leaves, key=repr))


def _implied(book: ResolvedBook, code: str, used: frozenset[str]) -> Remark:
    others = sorted(used - {code})
    if not others:
        return about(book, code, Severity.VERIFY, _("两边恒等, 什么都没有检查"), _("改 check, 或删去"), "check")
    what = _("可由 {codes} 推出").format(codes="、".join(others))
    return about(book, code, Severity.NOTE, what, _("留着便于定位出错的数; 若不需要, 可删去"), "check")


def _contradiction(book: ResolvedBook, code: str, used: frozenset[str]) -> Remark:
    others = sorted(used - {code})
    what = _("与 {codes} 不可能同时成立").format(codes="、".join(others)) if others else _("永远不可能成立")
    return about(book, code, Severity.ERROR, what, _("核对各条的依据, 改错的一条"), "check")


def _written_twice(book: ResolvedBook) -> Iterator[Remark]:
    """The same condition under the same precondition, where it is not a linear one (those are found above)."""
    seen: dict[tuple[Node, Node | None], str] = {}
    for tie in book.tie_outs:
        first = seen.setdefault((tie.check, tie.applies), tie.code)
        if first != tie.code and not relations(tie):
            what = _("与 {code} 完全相同").format(code=first)
            yield about(book, tie.code, Severity.VERIFY, what, _("删去一条"), "check")
