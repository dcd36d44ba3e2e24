"""`book.yaml` against the rules: weights that must add up (of each set of criteria), what caps a grade, which set is for which unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from gouji.base.faults import RuleError, did_you_mean
from gouji.base.i18n import _
from gouji.expression import MeasureFault, parse_measure
from gouji.expression.nodes import Node, OneOf, Text, Word
from gouji.rules.check.excerpt import excerpt
from gouji.rules.check.types import Checker, Kind, Scores, no_scores
from gouji.rules.resolved import ResolvedBook, ResolvedCriterion
from gouji.rules.rule import Criterion, Group
from gouji.rules.source_map import RuleBook
from gouji.rules.table import Table

Sums = Mapping[tuple[str, str | None], Decimal]


class HeadResolver:
    """The expressions of a book's head as trees; reports what is wrong with them."""

    def __init__(
        self,
        book: RuleBook,
        tables: dict[str, Table],
        faults: list[RuleError],
        scores: Scores = no_scores,
    ) -> None:
        self.book, self.tables, self.faults, self.scores = book, tables, faults, scores
        self._by: Word | None = None

    def placed(self) -> Node | None:
        """Whether a unit is of a kind that has a set of criteria."""
        sets = self.book.head.sets
        if sets is None:
            return None
        tree = self._tree(sets.by, "text", "sets", "by")
        if not isinstance(tree, Word):
            if isinstance(tree, Text):
                self._fault(
                    _("sets 的 by 要是一列文字"), _("写成 表.列，例如 单位.主管部门"), "sets", "by"
                )
            return None
        self._by = tree
        self._check_words(tree)
        return OneOf(tree, sets_of(self.book.rules.values()))

    def whole(self, of: ResolvedBook) -> ResolvedBook:
        """The book with what its head says."""
        placed, caps = self.placed(), self.caps()
        return replace(of, criteria=tuple(map(self.own, of.criteria)), caps=caps, placed=placed)

    def placing(self, of: ResolvedCriterion) -> ResolvedCriterion:
        """One criterion, with the condition that says for which units it is."""
        self.placed()
        return self.own(of)

    def own(self, of: ResolvedCriterion) -> ResolvedCriterion:
        """A criterion that is for some kinds of unit, with the condition that says so."""
        if not of.rule.set or self._by is None:
            return of
        return replace(of, belongs=OneOf(self._by, of.rule.set))

    def caps(self) -> tuple[Node, ...]:
        """The conditions that cap a grade."""
        grades = [g.name for g in self.book.head.grades]
        found = []
        for at, cap in enumerate(self.book.head.caps):
            if cap.grade not in grades:
                self._fault(
                    _("没有叫“{grade}”的等级").format(grade=cap.grade),
                    did_you_mean(cap.grade, grades),
                    "caps",
                    at,
                    "grade",
                )
            tree = self._tree(cap.when, "condition", "caps", at, "when")
            found += [tree] if tree is not None else []
        return tuple(found)

    def _check_words(self, by: Word) -> None:
        """Every word that the column may hold needs a set, and every set a word."""
        column = self.tables[by.table].column(by.column)
        words, sets = (
            (column.one_of if column is not None else ()),
            sets_of(self.book.rules.values()),
        )
        for word in words:
            if word not in sets:
                self._fault(
                    _("“{column}”可以是“{word}”，却没有这一套指标").format(
                        column=by.column, word=word
                    ),
                    _("给指标写 set: {word}，或从 one_of 去掉").format(word=word),
                    "sets",
                )
        for name in sets:
            if words and name not in words:
                self._fault(
                    _("“{column}”不会是“{word}”").format(column=by.column, word=name),
                    did_you_mean(name, words),
                    "sets",
                )

    def _tree(self, text: str, want: Kind, *at: str | int) -> Node | None:
        try:
            parsed = parse_measure(text)
        except MeasureFault as fault:
            self._in_formula(fault.what, fault.fix, text, fault.word, at)
            return None
        checker = Checker(
            self.tables,
            lambda what, fix: self._in_formula(what, fix, text, "", at),
            year=self.book.head.fiscal_year,
            scores=self.scores,
        )
        return checker.check(parsed, want)

    def _in_formula(
        self, what: str, fix: str, text: str, word: str, at: tuple[str | int, ...]
    ) -> None:
        place, shown = self.book.head_document.place(at), excerpt(text, what, word)
        self.faults.append(RuleError(what, place=place, fix=fix, excerpt=shown))

    def _fault(self, what: str, fix: str, *at: str | int) -> None:
        self.faults.append(RuleError(what, place=self.book.head_document.place(at), fix=fix))


def sets_of(rules: Iterable[object]) -> tuple[str, ...]:
    """The sets that criteria name, each once."""
    return tuple(dict.fromkeys(s for r in rules if isinstance(r, Criterion) for s in r.set))


def check_sums(book: RuleBook, criteria: list[Criterion]) -> list[RuleError]:
    """Weights must add up, per printed group and in total; where there are sets, those of each set with those of all units."""
    head = book.head
    if not criteria:
        return []
    absent = [key for key, given in (("total", head.total), ("grades", head.grades)) if not given]
    if absent:
        return [
            RuleError(
                _("有评价指标的规则库要有 {keys}").format(keys="、".join(absent)),
                place=book.head_document.place(()),
                fix=_("在 book.yaml 里写上总分和等级"),
            )
        ]
    faults = list(_sets_told(book, criteria))
    if faults:
        return faults
    scored = [c for c in criteria if c.adjust is None]
    for name in sets_of(criteria) or ("",):
        faults += _one_set(book, name, [c for c in scored if not c.set or name in c.set])
    return faults


def _sets_told(book: RuleBook, criteria: list[Criterion]) -> Iterator[RuleError]:
    named = sets_of(criteria)
    if named and book.head.sets is None:
        first = next(c for c in criteria if c.set)
        yield RuleError(
            _("指标写了 set，book.yaml 却没有 sets"),
            place=book.place(first.code, "set"),
            fix=_("在 book.yaml 写 sets: {by: 表.列}，说明按哪一列分套"),
        )
    if book.head.sets is not None and not named:
        yield RuleError(
            _("book.yaml 写了 sets，却没有指标写 set"),
            place=book.head_document.place(("sets",)),
            fix=_("给各套自己的指标写 set，或去掉 sets"),
        )


def _one_set(book: RuleBook, name: str, criteria: list[Criterion]) -> Iterator[RuleError]:
    sums: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    for c in criteria:
        for key in ((c.path.first, None), (c.path.first, c.path.second)):
            sums[key] += c.weight
    whose = _("“{name}”这一套的").format(name=name) if name else ""
    total = sum((c.weight for c in criteria), Decimal(0))
    if total != book.head.total:
        yield RuleError(
            whose
            + _("各指标权重合计 {total}，总分 {full}").format(total=total, full=book.head.total),
            place=book.head_document.place(("total",)),
            fix=_("改指标的 weight 或 book.yaml 的 total"),
        )
    for index, group in enumerate(book.head.groups):
        if group.set in (None, name or None):
            yield from _group(book, index, group, sums, whose)


def _group(book: RuleBook, index: int, group: Group, sums: Sums, whose: str) -> Iterator[RuleError]:
    found = sums.get((group.first, group.second))
    name = f"{group.first}/{group.second}" if group.second else group.first
    place = book.head_document.place(("groups", index))
    if found is None and whose and group.set is None:
        # A group of another set.
        return
    if found is None:
        known = [f"{a}/{b}" if b else a for a, b in sums]
        yield RuleError(
            _("没有指标属于“{name}”").format(name=name),
            place=place,
            fix=did_you_mean(name, known),
        )
    elif found != group.weight:
        yield RuleError(
            whose
            + _("“{name}”的指标权重合计 {found}，应为 {weight}").format(
                name=name, found=found, weight=group.weight
            ),
            place=place,
            fix=_("改指标的 weight 或这里的 weight"),
        )
