"""A criterion -> the trees of its measure and of its parts; reports points that do not add up, measures where none belong, words without points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from gouji.base.faults import did_you_mean
from gouji.base.i18n import _
from gouji.expression.nodes import Case, Compare, Node, Number, Text, Word
from gouji.rules.check.row_scores import (
    RowTrees,
    RowWayTrees,
    measure_of,
    row_points,
    without_mark,
)
from gouji.rules.check.types import Kind
from gouji.rules.methods import (
    AnyMethod,
    Bands,
    Between,
    Checklist,
    Composed,
    Deductions,
    GradedWords,
    Item,
    Judged,
    Measured,
    Occasion,
    Part,
    Parts,
    PerViolation,
    RowByRow,
    RowWay,
    Words,
    items_of,
)
from gouji.rules.resolved import ResolvedPart
from gouji.rules.rule import Criterion
from gouji.rules.table import Role, Table


class Trees(Protocol):
    """Parses the expression under a key, reporting its faults; `inside` names the table whose rows it speaks of."""

    def __call__(
        self, key: str, text: str | None, want: Kind, inside: str | None = None
    ) -> Node | None: ...


class Report(Protocol):
    """Takes a fault under a key."""

    def __call__(self, key: str, what: str, fix: str, *more: str | int) -> None: ...


@dataclass(frozen=True, slots=True)
class MethodResolver:
    """What a criterion's method needs of the rest of the rule and of the tables."""

    tables: dict[str, Table]
    tree: Trees
    report: Report

    def resolve(self, rule: Criterion) -> tuple[Node | None, tuple[ResolvedPart, ...]]:
        """The tree of the measure, and the parts of a composed method."""
        self._evidence(rule.method)
        match rule.method:
            case Parts() | Deductions() as method:
                self._no_measure(method, rule.measure)
                self._composed(method, rule)
                return None, self._parts(method, rule.weight)
            case Checklist() | Judged() as method:
                self._no_measure(method, rule.measure)
                self._points(method, rule.weight, "method")
                return None, ()
            case method:
                self._points(method, rule.weight, "method")
                return self._measure(method, rule.measure, "measure", rule.weight), ()

    def _evidence(self, method: AnyMethod) -> None:
        role = Role.REVIEWS if isinstance(method, Judged) else Role.CHECKS
        wanted = isinstance(method, Judged) or items_of(method)
        if wanted and not any(t.role is role for t in self.tables.values()):
            self.report(
                "method",
                _("没有 role: {role} 的数据表").format(role=role),
                _("在 schemas/ 里加一张"),
            )
        if len(set(items_of(method))) != len(items_of(method)):
            self.report("method", _("有两个要点的文字相同"), _("每个要点写不同的文字"))

    def rows(self, method: RowByRow) -> tuple[RowTrees, Node] | None:
        """The expressions of a method over rows, and what one row earns; None where a fault was reported."""
        table = self.tables.get(method.table)
        if table is None or table.grain == "one":
            self.report(
                "method",
                _("“{table}”不是有多行的数据表").format(table=method.table),
                did_you_mean(
                    method.table, [t.table for t in self.tables.values() if t.grain == "many"]
                ),
                "table",
            )
            return None

        def tree(text: str | None, want: Kind = "number") -> Node | None:
            return self.tree("method", text, want, method.table)

        ways = tuple(self._way(way, method, tree) for way in method.by)
        points, over = tree(method.points), method.over
        if points is None or None in ways:
            return None
        trees = RowTrees(
            points,
            tuple(way for way in ways if way is not None),
            tree(method.where, "condition"),
            tree(over.unless, "condition") if over is not None else None,
            tree(method.stated),
            tree(method.weighted_by),
        )
        return trees, row_points(method, trees)

    def _way(
        self, way: RowWay, method: RowByRow, tree: Callable[..., Node | None]
    ) -> RowWayTrees | None:
        text = way.measure if way.measure is not None else method.measure
        if text is None:
            self.report("method", _("by 的每种办法要有 measure"), _("写上，或写在 by 外面"), "by")
            return None
        fault = without_mark(way) if method.stated is None else ""
        if fault:
            self.report("method", fault, _("写 stated: 得分 所在的列，或写成 = 100% 这样"), "by")
        measure = tree(text, "text" if isinstance(way.method, GradedWords) else "number")
        where = tree(way.where, "condition")
        if measure is None or (where is None and way.where is not None):
            return None
        return RowWayTrees(where, measure, way.method)

    def _no_measure(
        self, method: Checklist | Judged | Composed | RowByRow, text: str | None
    ) -> None:
        if text is None:
            return
        if isinstance(method, RowByRow):
            self.report(
                "measure",
                _("rows 的取数写在 method 里，逐行取"),
                _("把 measure 移到 method 里"),
            )
            return
        if isinstance(method, (Parts, Deductions)):
            self.report(
                "measure",
                _("{kind} 的取数写在各部分里").format(kind=method.kind),
                _("把 measure 移到各部分"),
            )
            return
        self.report(
            "measure",
            _("{kind} 按佐证或评审打分，不用 measure").format(kind=method.kind),
            _("去掉 measure"),
        )

    def _measure(
        self, method: Measured, text: str | None, key: str, weight: Decimal
    ) -> Node | None:
        if isinstance(method, RowByRow):
            self._no_measure(method, text)
            made = self.rows(method)
            return measure_of(method, made[0], made[1], weight) if made is not None else None
        if text is None:
            self.report(
                "method",
                _("{kind} 要有 measure").format(kind=method.kind),
                _("写上取数公式 measure: 表.列 / 表.列"),
            )
            return None
        if isinstance(method, Words):
            return self._words(method, text, key)
        return self.tree(key, text, "number")

    def _words(self, method: Words, text: str, key: str) -> Node | None:
        """The column of words as a choice among points; every word that it may hold has points, so that it never falls through."""
        tree = self.tree(key, text, "text")
        if tree is None:
            return None
        column = self.tables[tree.table].column(tree.column) if isinstance(tree, Word) else None
        if column is None or not column.one_of:
            self.report(
                key,
                _("words 要有一个写明 one_of 的文字列"),
                _("measure 写成 表.列，并在数据表说明里给这一列写 one_of"),
            )
            return None
        if unknown := [w for w in column.one_of if w not in method.words]:
            self.report(
                "method",
                _("“{column}”的 one_of 里有没写分的词：{words}").format(
                    column=column.name, words="、".join(unknown)
                ),
                _("给每个词写上分"),
            )
        points = ((Text(w), Number(Fraction(p))) for w, p in method.words.items())
        return Case(tuple((Compare("=", tree, word), earned) for word, earned in points), None)

    def _points(
        self, method: Measured | Checklist | Judged, weight: Decimal, *at: str | int
    ) -> None:
        """Points of a method against its weight."""
        match method:
            case Checklist(mode="additive", items=items):
                total = sum((i.points for i in items), Decimal(0))
                if total != weight:
                    self.report(
                        "method",
                        _("要点分值合计 {total}，权重 {weight}").format(total=total, weight=weight),
                        _("改要点分值或权重，使两者相等"),
                        *at[1:],
                    )
            case Bands(bands=bands):
                for index, band in enumerate(bands):
                    if band.points > weight:
                        self.report(
                            "method",
                            _("第 {n} 档 {points} 分，超过权重 {weight}").format(
                                n=index + 1, points=band.points, weight=weight
                            ),
                            _("改这一档的分或权重"),
                            *at[1:],
                            "bands",
                            index,
                        )
            case Between(none_points=least) if least >= weight:
                self.report(
                    "method",
                    _("none_points {points} 不小于权重 {weight}").format(
                        points=least, weight=weight
                    ),
                    _("改 none_points 或权重"),
                    *at[1:],
                )
            case Words(words=words):
                for word, points in words.items():
                    if points > weight:
                        self.report(
                            "method",
                            _("“{word}” {points} 分，超过权重 {weight}").format(
                                word=word, points=points, weight=weight
                            ),
                            _("改这个词的分或权重"),
                            *at[1:],
                        )

    def _composed(self, method: Composed, rule: Criterion) -> None:
        if rule.undefined != "pending":
            self.report(
                "undefined",
                _("{kind} 不用 undefined").format(kind=method.kind),
                _("分母可能为零的部分写 applies"),
            )
        if isinstance(method, Deductions):
            return
        worth = [p.points for p in method.parts]
        whole = sum(worth) if method.of == "sum" else max(worth)
        if whole != rule.weight:
            self.report(
                "method",
                _("各部分合起来 {whole} 分，权重 {weight}").format(whole=whole, weight=rule.weight),
                _("改各部分的 points 或权重，使两者相等"),
                "parts",
            )

    def _parts(self, method: Composed, weight: Decimal) -> tuple[ResolvedPart, ...]:
        if isinstance(method, Parts):
            return tuple(self._part(part, at) for at, part in enumerate(method.parts))
        return tuple(self._occasion(one, weight) for one in method.occasions)

    def _part(self, part: Part, at: int) -> ResolvedPart:
        self._points(part.method, part.points, "method", "parts", at, "method")
        measure = None
        if isinstance(part.method, Checklist):
            self._no_measure(part.method, part.measure)
        else:
            measure = self._measure(part.method, part.measure, "method", part.points)
        applies = self.tree("method", part.applies, "condition")
        return ResolvedPart(part.name, part.points, part.method, measure, applies)

    def _occasion(self, one: Occasion, weight: Decimal) -> ResolvedPart:
        """An item is a checklist of one; cases lose no more than `at_most`, or than the criterion has."""
        if one.item is not None:
            if one.take > weight:
                self.report(
                    "method",
                    _("“{item}”扣 {take} 分，超过权重 {weight}").format(
                        item=one.item, take=one.take, weight=weight
                    ),
                    _("改 take 或权重"),
                )
            items = (Item(item=one.item, points=one.take),)
            return ResolvedPart(one.item, one.take, Checklist(mode="additive", items=items))
        measure = self.tree("method", one.measure, "number")
        most = one.at_most if one.at_most is not None else weight
        return ResolvedPart(one.measure or "", most, PerViolation(take=one.take), measure)
