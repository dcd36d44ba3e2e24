"""Tie-outs as linear equations and inequalities and as equalities of texts: which contradict each other, which follow from others, which are written twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Literal as OneWord
from typing import TypeVar

from gouji.base.i18n import _
from gouji.base.verdict import Severity
from gouji.expression.nodes import Leaf, Node
from gouji.lint.literals import (
    Key,
    LinearComparison,
    Literal,
    Row,
    TextCondition,
    clash,
    culprits,
    literals,
    relations,
    said,
)
from gouji.lint.remark import Remark, about
from gouji.lint.simplex import Bound, best
from gouji.lint.whole_numbers import tightened
from gouji.rules import ResolvedBook, ResolvedTieOut

# What a rule's own precondition says goes by this name.
OWN = "applies"
State = OneWord["new", "implied", "contradiction"]


@dataclass(frozen=True, slots=True)
class PartFinding:
    """What became of one part of a rule beside others, and the rules it was held against."""

    code: str
    state: State
    used: frozenset[str] = frozenset()


Combination = dict[
    tuple[str, int], Fraction
]  # (rule, which of its relations) -> how often it was taken


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

    def take(self, relation: LinearComparison) -> PartFinding:
        """Add an equation; what becomes of it beside those that were taken before."""
        row, used = self.reduce(relation.row)
        if all(k is None for k in row):
            return _settled(relation.code, "=", row, _codes(used))
        self.add(row, relation.code, used)
        return PartFinding(relation.code, "new")


def _codes(used: Combination) -> frozenset[str]:
    return frozenset(code for code, _number in used)


def algebra(book: ResolvedBook) -> Iterator[Remark]:
    """Remarks on tie-outs: each is held against those that apply wherever it does, whatever their order; contradictions also where two preconditions may meet."""
    yield from _written_twice(book)
    groups = by_precondition(book)
    parts = {tie.code: parts_of(book, tie) for tie in book.tie_outs}
    told = set[frozenset[str]]()
    for condition, ties in groups.items():
        given = given_where(book, groups, condition, parts)
        asked = [x for tie in ties for x in parts[tie.code]]
        for remark, codes in _remarks(book, list(held(given, asked)), parts):
            told.add(codes)
            yield remark
    yield from _where_two_meet(book, groups, parts, told)


Groups = Mapping[Node | None, Sequence[ResolvedTieOut]]
Parts = Mapping[str, Sequence[Literal | None]]


def by_precondition(book: ResolvedBook) -> Groups:
    """The tie-outs under each precondition."""
    groups: dict[Node | None, list[ResolvedTieOut]] = {}
    for tie in book.tie_outs:
        groups.setdefault(tie.applies, []).append(tie)
    return groups


def parts_of(book: ResolvedBook, tie: ResolvedTieOut) -> tuple[Literal | None, ...]:
    """What has to hold for a tie-out to balance; nothing is known where it has a tolerance."""
    return (None,) if tie.rule.tolerance is not None else literals_of(book, tie.code, tie.check)


def literals_of(book: ResolvedBook, code: str, node: Node | None) -> tuple[Literal | None, ...]:
    """The literals of a condition; those of whole numbers with whole numbers as bounds."""
    return tuple(tightened(x, book) for x in literals(code, node))


def given_where(
    book: ResolvedBook, groups: Groups, condition: Node | None, parts: Parts
) -> list[Literal | None]:
    """What holds wherever a precondition does: its own words, and the tie-outs of wider ones."""
    wider = (x for tie in _wider(book, groups, condition) for x in parts[tie.code])
    return [*literals_of(book, OWN, condition), *wider]


def _wider(book: ResolvedBook, groups: Groups, condition: Node | None) -> Iterator[ResolvedTieOut]:
    """Tie-outs of other preconditions that apply wherever this one does."""
    for other, ties in groups.items():
        if other != condition and _follows(book, other, condition):
            yield from ties


def _follows(book: ResolvedBook, of: Node | None, condition: Node | None) -> bool:
    """Whether a precondition holds wherever another one does."""
    if of is None:
        return True
    if condition is None:
        return False
    asked, given = literals_of(book, "", of), literals_of(book, OWN, condition)
    return (
        None not in asked and all(f.state == "implied" for f in held(given, asked))
    ) or of == condition


def _where_two_meet(
    book: ResolvedBook, groups: Groups, parts: Parts, told: set[frozenset[str]]
) -> Iterator[Remark]:
    """Contradictions of rules whose preconditions may both hold, though neither follows from the other."""
    for one, other in combinations([c for c in groups if c is not None], 2):
        if _follows(book, one, other) or _follows(book, other, one):
            continue
        mine, theirs = ([x for tie in groups[c] for x in parts[tie.code]] for c in (one, other))
        both = (*literals_of(book, OWN, one), *literals_of(book, OWN, other))
        if not figures_of(mine) & figures_of(theirs) or any(
            f.state == "contradiction" for f in held((), both)
        ):
            continue
        for found in held((*both, *mine), theirs):
            codes = found.used | {found.code}
            if (
                found.state == "contradiction"
                and codes - {OWN} not in told
                and codes & {x.code for x in mine if x is not None}
            ):
                told.add(codes - {OWN})
                yield contradiction(book, found.code, found.used, Severity.VERIFY)


def figures_of(of: Sequence[Literal | None]) -> set[object]:
    """Figures and texts that literals speak of."""
    return {k for x in relations(of) for k in x.row if k is not None} | {
        w for x in said(of) for w in (x.word, x.among) if not isinstance(w, frozenset)
    }


def _remarks(
    book: ResolvedBook, found: list[PartFinding], parts: Parts
) -> Iterator[tuple[Remark, frozenset[str]]]:
    """A rule contradicts when one of its parts does; it follows from others when all of them do."""
    for code in dict.fromkeys(f.code for f in found):
        own = [f for f in found if f.code == code]
        against = [f for f in own if f.state == "contradiction"]
        used = against[0].used if against else frozenset[str]().union(*(f.used for f in own))
        if against:
            yield contradiction(book, code, used, Severity.ERROR), (used | {code}) - {OWN}
        elif None not in parts[code] and all(f.state == "implied" for f in own):
            yield _implied(book, code, used), used


def held(given: Sequence[Literal | None], asked: Sequence[Literal | None]) -> Iterator[PartFinding]:
    """What becomes of each literal asked about beside the given ones and the others."""
    yield from _system(relations(given), relations(asked))
    yield from _texts(said(given), said(asked))


def _texts(given: list[TextCondition], asked: list[TextCondition]) -> Iterator[PartFinding]:
    known, open_ = list(given), list[TextCondition]()
    for one in asked:
        if clash([*known, one]) and not clash(known):
            yield PartFinding(one.code, "contradiction", culprits([*known, one]))
        else:
            known.append(one)
            open_.append(one)
    for one in reversed(open_):
        others = [x for x in known if x is not one]
        if clash([*others, one.denied]) and not clash(others):
            known = others
            yield PartFinding(
                one.code,
                "implied",
                culprits([*others, TextCondition("", one.word, one.among, not one.holds)]) - {""},
            )
        else:
            yield PartFinding(one.code, "new")


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


@dataclass(frozen=True, slots=True)
class Reduced:
    """A relation in the light of the equations, and the rules that took part."""

    code: str
    op: str
    row: Row
    used: frozenset[str]

    @property
    def speaks(self) -> bool:
        """Whether the equations leave a figure in it."""
        return any(k is not None for k in self.row)


def _system(given: list[LinearComparison], asked: list[LinearComparison]) -> Iterator[PartFinding]:
    """Equations first, `given` silently; then inequalities, each in the light of all equations and of all other inequalities."""
    system = System()
    for relation in given:
        if relation.op == "=":
            system.take(relation)
    for relation in asked:
        if relation.op == "=":
            yield system.take(relation)
    mine, theirs = ([_reduced(system, x) for x in of if x.op != "="] for of in (asked, given))
    yield from _inequalities(mine, [x for x in theirs if x.speaks])


def _inequalities(mine: Sequence[Reduced], theirs: Sequence[Reduced]) -> Iterator[PartFinding]:
    """Each beside the others and `theirs`: one that cannot hold is left out; of two that say the same the later one follows."""
    known, open_ = list(theirs), list[Reduced]()
    for one in mine:
        if not one.speaks:
            yield _settled(one.code, one.op, one.row, one.used)
        elif (against := _excluded(one, known)) is not None:
            yield PartFinding(one.code, "contradiction", against)
        else:
            known.append(one)
            open_.append(one)
    for one in reversed(open_):
        others = [x for x in known if x is not one]
        if (by := _follows_from(one, others)) is not None:
            known = others
            yield PartFinding(one.code, "implied", by)
        else:
            yield PartFinding(one.code, "new")


def _reduced(system: System, of: LinearComparison) -> Reduced:
    row, used = system.reduce(of.row)
    return Reduced(of.code, of.op, row, _codes(used))


def _bounds(of: Sequence[Reduced]) -> list[Bound]:
    return [Bound(x.row, x.op == ">") for x in of]


def _near(one: Reduced, of: Sequence[Reduced]) -> list[Reduced]:
    """The inequalities that share a figure with it, or with one that does, and so on."""
    reached, left, found = (
        {k for k in one.row if k is not None},
        [x for x in of if x.op != "<>"],
        list[Reduced](),
    )
    while True:
        more = [x for x in left if any(k in reached for k in x.row)]
        if not more:
            return found
        found += more
        left = [x for x in left if x not in more]
        reached |= {k for x in more for k in x.row if k is not None}


def _follows_from(one: Reduced, others: Sequence[Reduced]) -> frozenset[str] | None:
    """The rules that it follows from; None where it does not."""
    near = _near(one, others)
    if one.op == "<>":
        sides = (
            Reduced(one.code, ">", one.row, one.used),
            Reduced(one.code, ">", _minus({}, one.row, Fraction(1)), one.used),
        )
        return next((by for side in sides if (by := _follows_from(side, others)) is not None), None)
    made = best(one.row, _bounds(near))
    own = one.row.get(None, Fraction(0))
    if (
        made is None
        or own < made.constant
        or (own == made.constant and one.op == ">" and not made.strict)
    ):
        return None
    return frozenset[str]().union(one.used, *(near[i].used | {near[i].code} for i in made.used))


def _excluded(one: Reduced, others: Sequence[Reduced]) -> frozenset[str] | None:
    """The rules that it cannot hold together with; None where it can."""
    opposite = _minus({}, one.row, Fraction(1))
    if one.op == "<>":
        sides = [
            _follows_from(Reduced(one.code, ">=", row, one.used), others)
            for row in (one.row, opposite)
        ]
        return (
            None if None in sides else frozenset[str]().union(*(s for s in sides if s is not None))
        )
    return _follows_from(
        Reduced(one.code, ">=" if one.op == ">" else ">", opposite, one.used), others
    )


def _settled(code: str, op: str, row: Row, used: frozenset[str]) -> PartFinding:
    """A relation of which the others leave only `constant op 0`."""
    constant = row.get(None, Fraction(0))
    holds = {"=": constant == 0, ">=": constant >= 0, ">": constant > 0, "<>": constant != 0}[op]
    return PartFinding(code, "implied" if holds else "contradiction", used)


def _implied(book: ResolvedBook, code: str, used: frozenset[str]) -> Remark:
    others = sorted(used - {code})
    if not others:
        return about(
            book,
            code,
            Severity.VERIFY,
            _("两边恒等，什么都没有检查"),
            _("改 check，或删去"),
            "check",
        )
    what = _("可由 {codes} 推出").format(codes="、".join(others))
    return about(
        book, code, Severity.NOTE, what, _("留着便于定位出错的数；若不需要，可删去"), "check"
    )


def contradiction(
    book: ResolvedBook, code: str, used: frozenset[str], severity: Severity
) -> Remark:
    """What is said of a rule that cannot hold beside others; 核实 where their preconditions only may meet."""
    others = sorted(used - {code, OWN})
    what = (
        _("与 {codes} 不可能同时成立").format(codes="、".join(others))
        if others
        else _("永远不可能成立")
    )
    if severity is Severity.VERIFY:
        what = _("在都适用的单位，与 {codes} 不可能同时成立").format(codes="、".join(others))
    return about(book, code, severity, what, _("核对各条的依据，改错的一条"), "check")


def _written_twice(book: ResolvedBook) -> Iterator[Remark]:
    """The same condition under the same precondition, where it is not a linear one (those are found above)."""
    seen: dict[tuple[Node, Node | None], str] = {}
    for tie in book.tie_outs:
        first = seen.setdefault((tie.check, tie.applies), tie.code)
        if first != tie.code and None in parts_of(book, tie):
            what = _("与 {code} 完全相同").format(code=first)
            yield about(book, tie.code, Severity.VERIFY, what, _("删去一条"), "check")
