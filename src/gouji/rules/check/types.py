"""Node + tables -> Node with text columns marked, and every fault in it: unknown names, rows where a figure belongs, mixed types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from gouji.base.faults import did_you_mean
from gouji.base.i18n import _
from gouji.expression import nodes as n
from gouji.rules.check.dates import number_of
from gouji.rules.check.row_by_key import one_row
from gouji.rules.table import Column, ColumnType, Table

Kind = Literal["number", "text", "date", "condition", "unknown"]
Report = Callable[[str, str], None]
# The code of a criterion -> its table, and the points of one row of it.
RowScores = Callable[[str], tuple[str, n.Node] | None]
# The code of a criterion -> its score, or why there is none, and what to do about it.
Scores = Callable[[str], n.Node | tuple[str, str]]


def no_scores(code: str) -> tuple[str, str]:
    """What a score is answered by where there are no criteria."""
    return _("没有代码是 {code} 的指标").format(code=code), _("写一条指标的代码")


@dataclass(frozen=True, slots=True)
class Checker:
    """Walks a tree once; `report(what, fix)` receives each fault. `inside` is the table whose rows a filter speaks of.

    With `beyond` such a row may be held against what stands elsewhere: another row, what rows add up to, tables of one row.

    `row_scores` gives what a criterion gives to a row of its table, None where it scores no rows; `scores` the score of a criterion.
    """

    tables: dict[str, Table]
    report: Report
    inside: str | None = None
    row_scores: RowScores = lambda code: None
    beyond: bool = False
    year: int = 0
    scores: Scores = no_scores

    def check(self, node: n.Node, want: Kind) -> n.Node:
        """The resolved node; reports when it is not of the wanted kind."""
        resolved, kind = self._resolve(node)
        if kind not in (want, "unknown"):
            self.report(
                _("这里要的是{want}，却是{kind}").format(
                    want=_kind_name(want), kind=_kind_name(kind)
                ),
                _("日期只能比较先后，或用 days(先, 后) 数天数")
                if kind == "date"
                else _("条件写成比较（=、≤ …），数写成列或计算"),
            )
        return resolved

    def _resolve(self, node: n.Node) -> tuple[n.Node, Kind]:
        match node:
            case n.Number():
                return node, "number"
            case n.Text():
                return node, "text"
            case n.Figure():
                return self._figure(node)
            case n.WrittenDay() | n.Days():
                return self._dated(node)
            case n.RowFigure() | n.Aggregate():
                made = self._over(node)
                return made, self._kind_of(made)
            case n.Score(code):
                return self._score(code), "number"
            case n.RowScore(code):
                return self._row_score(code), "number"
            case n.Arithmetic(op, left, right):
                return n.Arithmetic(
                    op, self.check(left, "number"), self.check(right, "number")
                ), "number"
            case n.Negate(of) | n.Absolute(of):
                return replace(node, of=self.check(of, "number")), "number"
            case n.Rounded():
                return replace(node, of=self.check(node.of, "number")), "number"
            case n.Extreme() | n.Coalesce() | n.Case():
                return self._choice(node), "number"
            case _:
                return self._condition(node), "condition"

    def _choice(self, node: n.Extreme | n.Coalesce | n.Case) -> n.Node:
        """One of several numbers."""
        match node:
            case n.Extreme() | n.Coalesce():
                return replace(node, items=tuple(self.check(i, "number") for i in node.items))
            case n.Case(branches, otherwise):
                pairs = tuple(
                    (self.check(c, "condition"), self.check(v, "number")) for c, v in branches
                )
                last = self.check(otherwise, "number") if otherwise is not None else None
                return n.Case(pairs, last)

    def _condition(self, node: n.Node) -> n.Node:
        match node:
            case n.Compare(op, left, right):
                return self._compare(op, left, right)
            case n.Both(left, right) | n.Either(left, right):
                return replace(
                    node, left=self.check(left, "condition"), right=self.check(right, "condition")
                )
            case n.Not(of):
                return n.Not(self.check(of, "condition"))
            case n.Missing(of):
                resolved, kind = self._resolve(of)
                if kind == "condition":
                    self.report(_("is null 只能问一个数或一段文字"), _("写成 表.列 is null"))
                return n.Missing(resolved)
            case n.OneOf(of, values):
                return n.OneOf(self.check(of, "text"), values)
            case n.SaysNothing(of):
                return n.SaysNothing(self.check(of, "text"))
            case n.GradeIs(total, word):
                return n.GradeIs(self.check(total, "number"), self.check(word, "text"))
        raise TypeError(f"unknown node {node}")

    def _compare(
        self, op: Literal["=", "<>", "<", "<=", ">", ">="], left: n.Node, right: n.Node
    ) -> n.Node:
        (a, kind), (b, other) = self._resolve(left), self._resolve(right)
        if "condition" in (kind, other):
            self.report(_("比较的两边不能是条件"), _("用 and、or、not 连接条件"))
        elif "unknown" not in (kind, other) and kind != other:
            self.report(
                _("不能拿{one}和{other}比较").format(one=_kind_name(kind), other=_kind_name(other)),
                _("日期和日期比，例如 表.报送日期 <= 3月31日")
                if "date" in (kind, other)
                else _("两边都用数，或都用文字"),
            )
        elif kind == "text" and op not in ("=", "<>"):
            self.report(_("文字只能比较相等或不等"), _("用 = 或 <> 或 in (…)"))
        return n.Compare(op, a, b)

    def _figure(self, node: n.Figure) -> tuple[n.Node, Kind]:
        column = self._column(node.table, node.column)
        if column is None:
            return node, "unknown"
        table = self.tables[node.table]
        elsewhere = node.table != self.inside or node.prior
        alone = self.inside is not None and not self.beyond
        if alone and node.table != self.inside:
            self.report(
                _("逐行的条件里只能用“{table}”的列").format(table=self.inside), _("条件只问同一行")
            )
        if alone and node.prior:
            self.report(_("逐行的条件里不能用 上年(…)"), _("把 上年(…) 写在合计外面"))
        if (self.inside is None or (self.beyond and elsewhere)) and table.grain == "many":
            self.report(
                _("“{table}”有多行，不能直接取一列").format(table=table.table),
                _(
                    "写成 sum({table}.{column}) 或 count、min、max，取一行写 {table}[键].{column}"
                ).format(table=table.table, column=node.column),
            )
        if not column.numeric:
            return n.Word(node.table, node.column, node.prior), "text"
        return node, "date" if column.type is ColumnType.DATE else "number"

    def _kind_of(self, node: n.Node) -> Kind:
        """Of the first or last of several dates a date, else a number."""
        if not isinstance(node, n.Aggregate) or node.func == "count" or node.of is not None:
            return "number"
        table = self.tables.get(node.table)
        column = table.column(node.column) if table is not None else None
        return "date" if column is not None and column.type is ColumnType.DATE else "number"

    def _over(self, node: n.RowFigure | n.Aggregate) -> n.Node:
        return self._cell(node) if isinstance(node, n.RowFigure) else self._aggregate(node)

    def _dated(self, node: n.WrittenDay | n.Days) -> tuple[n.Node, Kind]:
        """A day that is written, or the number of days between two."""
        if isinstance(node, n.WrittenDay):
            return self._day(node), "date"
        then, first = self.check(node.then, "date"), self.check(node.first, "date")
        return n.Arithmetic("-", then, first), "number"

    def _day(self, node: n.WrittenDay) -> n.Node:
        made = number_of(node, self.year)
        if made is None:
            self.report(
                _("没有这一天：{month}月{day}日").format(month=node.month, day=node.day),
                _("改成历上有的日子，月底写 2月底"),
            )
        return made if made is not None else _STAND_IN

    def _cell(self, node: n.RowFigure) -> n.Node:
        """The figure of one row, as the aggregate that takes it."""
        if self._column(node.table, node.column) is None:
            return _STAND_IN
        made = one_row(node, self.tables, self.inside if self.beyond else None, self.report)
        if made is not None and n.looked_up(made) is not None:
            self._takes(made)
            return made
        return self._aggregate(made) if made is not None else _STAND_IN

    def _aggregate(self, node: n.Aggregate) -> n.Node:
        if self.inside is not None and not self.beyond:
            self.report(_("逐行的条件里不能有合计"), _("条件只问同一行"))
        if node.of is not None:
            return self._over_rows(node, node.of)
        column = self._column(node.table, node.column)
        if column is None:
            return node
        if self.tables[node.table].grain == "one":
            self.report(
                _("“{table}”每个单位只有一行，不用 {func}").format(
                    table=node.table, func=node.func
                ),
                _("直接写 {table}.{column}").format(table=node.table, column=node.column),
            )
        self._takes(node)
        inner = Checker(self.tables, self.report, node.table, year=self.year)
        where = inner.check(node.where, "condition") if node.where is not None else None
        return replace(node, where=where)

    def _takes(self, node: n.Aggregate) -> None:
        column = self.tables[node.table].column(node.column)
        if node.func == "sum" and self._kind_of(node) == "date":
            self.report(
                _("“{column}”是日期，不能 sum").format(column=node.column),
                _("用 min（最早）、max（最晚）或 count"),
            )
        if node.func != "count" and column is not None and not column.numeric:
            self.report(
                _("“{column}”是文字，不能 {func}").format(column=node.column, func=node.func),
                _("数个数用 count"),
            )

    def _score(self, code: str) -> n.Node:
        if self.inside is not None and not self.beyond:
            self.report(_("逐行的条件里不能有 得分(…)"), _("条件只问同一行"))
        found = self.scores(code)
        if isinstance(found, tuple):
            self.report(*found)
            return _STAND_IN
        return found

    def _row_score(self, code: str) -> n.Node:
        found = self.row_scores(code)
        if found is None:
            self.report(
                _("{code} 不是逐行打分的指标").format(code=code),
                _("写一条 method 是 rows 的指标的代码"),
            )
        elif found[0] != self.inside:
            self.report(
                _("逐行得分({code}) 只能用在“{table}”的一行里").format(code=code, table=found[0]),
                _("写在这张表的 each_row 里"),
            )
        return found[1] if found is not None else _STAND_IN

    def _over_rows(self, node: n.Aggregate, of: n.Node) -> n.Node:
        """An aggregate of an expression of each row."""
        if node.table in self.tables and self.tables[node.table].grain == "one":
            self.report(
                _("“{table}”每个单位只有一行，不用 {func}").format(
                    table=node.table, func=node.func
                ),
                _("直接写里面的计算"),
            )
        inner = Checker(self.tables, self.report, node.table, year=self.year)
        if _divides(of):
            self.report(
                _("{func} 里不能除以一列：各行的分母不同，加起来不精确").format(func=node.func),
                _("逐行取整后再加，例如 {func}(round(明细.甲 / 明细.乙, 2))").format(
                    func=node.func
                ),
            )
        where = inner.check(node.where, "condition") if node.where is not None else None
        return replace(node, where=where, of=inner.check(of, "number"))

    def _column(self, table: str, column: str) -> Column | None:
        if table not in self.tables:
            self.report(
                _("没有叫“{table}”的数据表").format(table=table), did_you_mean(table, self.tables)
            )
            return None
        found = self.tables[table].column(column)
        if found is None:
            self.report(
                _("“{table}”没有叫“{column}”的列").format(table=table, column=column),
                did_you_mean(column, (c.name for c in self.tables[table].columns)),
            )
        return found


# In place of what has been reported: a book with faults is never compiled.
_STAND_IN = n.Number(Fraction(0))


def _divides(node: n.Node) -> bool:
    """Whether a quotient of figures comes out of it; one that is rounded, or only compared, does not."""
    match node:
        case n.Arithmetic("/", left, right):
            return any(True for _ in n.leaves(right)) or _divides(left)
        case n.Rounded():
            return False
        case n.Case(branches, otherwise):
            values = (*(value for _, value in branches), otherwise)
            return any(value is not None and _divides(value) for value in values)
    return any(_divides(child) for child in n.children(node))


def _kind_name(kind: Kind) -> str:
    return {
        "number": _("一个数"),
        "text": _("一段文字"),
        "date": _("一个日期"),
        "condition": _("一个条件"),
        "unknown": "?",
    }[kind]
