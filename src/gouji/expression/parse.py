"""Text of a measure or condition -> Node. sqlglot reads it; only node types on the list below get through.

Raises MeasureFault (what, fix) for everything else; the caller knows the file and line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from gouji.base.i18n import _
from gouji.expression import nodes as n
from gouji.expression.half_width import half_width
from gouji.expression.measure_fault import MeasureFault, highlighted
from gouji.expression.written_days import DAY, as_calls

PRIOR, GRADE, SCORE, ROW_SCORE, EMPTY = "上年", "等级", "得分", "逐行得分", "空话"
MAX_LENGTH, MAX_DEPTH = 4_000, 60
_FULL_WIDTH = re.compile(r"[！-～　“”‘’−–—]")
# `10%` is a percent; `10 % 表.列` would be a remainder, which the language does not have, and is left for sqlglot to name.
_PERCENT = re.compile(
    r"(?<![\w.])([0-9]+(?:\.[0-9]+)?)\s*%(?!\s*(?!(?:and|or|then|else|end|when)\b)[\w(])",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"'[^']*'|[^']+|'")


def parse_measure(text: str, inside: str = "") -> n.Node:
    """Parse one expression; of one that speaks of the rows `inside` a table, bare names are its columns. Raises MeasureFault.

    >>> parse_measure("预算执行.支出决算数 / 预算执行.年初预算数")
    Arithmetic(op='/', left=Figure(table='预算执行', column='支出决算数', prior=False), right=Figure(table='预算执行', column='年初预算数', prior=False))
    """
    if not text.strip():
        raise MeasureFault(_("公式是空的"), _("写成 表.列 或一个计算"))
    if len(text) > MAX_LENGTH:
        raise MeasureFault(_("公式太长（超过 {n} 个字符）").format(n=MAX_LENGTH), _("拆成几条规则"))
    if _nesting(text) > MAX_DEPTH:
        raise MeasureFault(_("公式嵌套太深（超过 {n} 层）").format(n=MAX_DEPTH), _("拆成几条规则"))
    prepared = "".join(
        part if part.startswith("'") else _prepare(part)
        for part in _TOKEN.findall(half_width(text))
    )
    try:
        # sqlglot's own dialect: in DuckDB's, min(a, b) is "the b least of a" and takes no third argument.
        statements = sqlglot.parse(f"SELECT {prepared}")
    except (SqlglotError, RecursionError) as fault:
        raise MeasureFault(
            _("公式读不懂：{text}").format(text=text),
            _("检查括号、运算符和引号是否成对"),
            highlighted(fault),
        ) from fault
    only = statements[0] if len(statements) == 1 else None
    if (
        not isinstance(only, exp.Select)
        or len(only.expressions) != 1
        or any(v for k, v in only.args.items() if k != "expressions")
    ):
        raise MeasureFault(
            _("一条公式只能是一个表达式：{text}").format(text=text),
            _("去掉分号、逗号、from、where 等其余部分"),
        )
    return _Builder(inside).node(only.expressions[0], 0)


def _nesting(text: str) -> int:
    """How deep the parentheses go; asked before sqlglot does, whose own limit has another message."""
    depth = deepest = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    return deepest


def _prepare(part: str) -> str:
    found = _FULL_WIDTH.search(part)
    if found:
        raise MeasureFault(
            _("公式里不能有“{char}”").format(char=found[0]),
            _("减号写成 -，文字放在一对引号里，范围写成 between 甲 and 乙"),
        )
    if "#" in part or "--" in part or "/*" in part:
        raise MeasureFault(_("公式里不能有注释"), _("把说明写在 note 或 message 里"))
    return _PERCENT.sub(lambda m: f"({m[1]} / 100)", as_calls(part))


class _Builder:
    """sqlglot tree -> Node, one method a shape."""

    def __init__(self, inside: str) -> None:
        self.inside = inside

    def node(self, e: Any, depth: int) -> n.Node:
        if depth > MAX_DEPTH:
            raise MeasureFault(
                _("公式嵌套太深（超过 {n} 层）").format(n=MAX_DEPTH), _("拆成几条规则")
            )
        build = _BUILD.get(type(e))
        if build is None:
            raise MeasureFault(
                _("公式里不能用 {what}").format(what=_shown(e)),
                _(
                    "可用：表.列、数字、+ - * / ( )、比较、and or not、abs min max coalesce case round floor ceil、sum count min max(明细.列) filter (where …)、上年(…)、等级(…)"
                ),
            )
        unread = [k for k, v in e.args.items() if v and k not in _ARGS.get(type(e), _USUAL)]
        if unread:
            raise MeasureFault(
                _("“{text}”里有多余的部分").format(text=_shown(e)), _("一个函数只写它要的参数")
            )
        return build(self, e, depth + 1)

    def column(self, e: exp.Column, depth: int) -> n.Node:
        if self.inside and not e.table and not isinstance(e.this, exp.Star):
            return n.Figure(self.inside, e.name)
        if not e.table or e.args.get("db") or isinstance(e.this, exp.Star):
            raise MeasureFault(
                _("“{name}”要写明哪张表的哪一列").format(name=_shown(e)),
                _("写成 表.列，例如 收支决算.本年支出合计"),
            )
        return n.Figure(e.table, e.name)

    def cell(self, e: exp.Dot, depth: int) -> n.Node:
        """表[键].列: the figure of the row with that key."""
        of = e.this
        keys = of.expressions if isinstance(of, exp.Bracket) else []
        named = isinstance(of.this, exp.Column) and not of.this.table
        key = self.key(keys[0], depth) if named and len(keys) == 1 else None
        if key is None or not isinstance(e.expression, exp.Identifier):
            raise MeasureFault(
                _("“{text}”不是一行里的一列").format(text=_shown(e)),
                _(
                    "写成 表[键].列，例如 支出决算表[合计].项目支出；键里有标点时写 表['键'].列，按本行的一列找写 表[本表.列].列"
                ),
            )
        return n.RowFigure(of.this.name, key, e.expression.name)

    def key(self, e: Any, depth: int) -> str | n.Figure | None:
        """What stands between the brackets of 表[键]: a word, a code or a text, or a column of the row itself."""
        if isinstance(e, exp.Literal):
            return str(e.name)
        if not isinstance(e, exp.Column) or not isinstance(e.this, exp.Identifier):
            return None
        if not e.table:
            return str(e.name)
        made = self.column(e, depth)
        return made if isinstance(made, n.Figure) else None

    def literal(self, e: exp.Literal, depth: int) -> n.Node:
        if e.is_string:
            return n.Text(e.name)
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", e.name):
            raise MeasureFault(
                _("数字“{text}”的写法不对").format(text=e.name),
                _("写成 1200 或 0.5，不用科学计数法"),
            )
        return n.Number(Fraction(e.name))

    def negate(self, e: exp.Neg, depth: int) -> n.Node:
        inner = self.node(e.this, depth)
        return n.Number(-inner.value) if isinstance(inner, n.Number) else n.Negate(inner)

    def function(self, e: exp.Anonymous, depth: int) -> n.Node:
        if e.name in (PRIOR, EMPTY) and len(e.expressions) == 1:
            of = self.node(e.expressions[0], depth)
            return _to_prior(of) if e.name == PRIOR else n.SaysNothing(of)
        if e.name == ROW_SCORE and len(e.expressions) == 1:
            return n.RowScore(self.code(e.expressions[0], ROW_SCORE, "P02"))
        if e.name == SCORE and len(e.expressions) == 1:
            return n.Score(self.code(e.expressions[0], SCORE, "C01"))
        if e.name.lower() == "days" and len(e.expressions) == 2:
            return n.Days(*(self.node(x, depth) for x in e.expressions))
        if e.name == DAY and len(e.expressions) == 4:
            year, later, month, day = (int(x.name) for x in e.expressions)
            return n.WrittenDay(year or None, later, month, day)
        if e.name == GRADE:
            raise MeasureFault(
                _("等级(…) 只能和一个等级词比较"), _("写成 等级(表.合计得分) = 表.结论等级")
            )
        raise MeasureFault(
            _("没有函数“{name}”").format(name=e.name),
            _(
                "可用的函数：abs min max coalesce round floor ceil sum count days 上年 等级 得分 空话"
            ),
        )

    def code(self, e: Any, name: str, example: str) -> str:
        """The code of a criterion between the parentheses."""
        if not isinstance(e, exp.Column) or e.table:
            raise MeasureFault(
                _("{name}(…) 里写一条指标的代码").format(name=name),
                _("写成 {name}({example})").format(name=name, example=example),
            )
        return e.name

    def extreme(self, e: exp.Min | exp.Max, depth: int) -> n.Node:
        which: Literal["min", "max"] = "min" if isinstance(e, exp.Min) else "max"
        # The second of two arguments is DuckDB's "how many" of min(x, n) to sqlglot.
        others = [x for x in (e.args.get("count"), *e.expressions) if x is not None]
        if others:
            return n.Extreme(which, tuple(self.node(x, depth) for x in (e.this, *others)))
        return self.aggregate(which, e.this, None, depth)

    def aggregate(
        self, func: Literal["sum", "count", "min", "max"], of: Any, where: Any, depth: int
    ) -> n.Node:
        if isinstance(of, (exp.Distinct, exp.Star)):
            raise MeasureFault(
                _("{func} 里要写一列").format(func=func),
                _("写成 {func}（明细.列）").format(func=func),
            )
        row = self.node(of, depth)
        condition = self.node(where, depth) if where is not None else None
        if isinstance(row, n.Figure) and not row.prior:
            return n.Aggregate(func, row.table, row.column, condition)
        return n.Aggregate(func, self._table(func, row), "", condition, of=row)

    def _table(self, func: str, row: n.Node) -> str:
        """The one table that an expression of a row is about."""
        figures = [x for x in n.walk(row) if isinstance(x, n.Figure)]
        tables = {x.table for x in figures}
        # 上年(…) stands around the aggregate: within it the year would be lost, and this year's rows be added up.
        beyond = any(isinstance(x, (n.Aggregate, n.GradeIs)) for x in n.walk(row))
        if len(tables) != 1 or beyond or any(x.prior for x in figures):
            raise MeasureFault(
                _("{func} 里只能用一张表同一行的列").format(func=func),
                _(
                    "写成 {func}（明细.列）或 {func}（明细.甲 * 明细.乙），合计与 上年(…) 写在外面"
                ).format(func=func),
            )
        return tables.pop()

    def rounded(self, e: Any, depth: int) -> n.Node:
        hows: dict[Any, Literal["round", "floor", "ceil"]] = {
            exp.Round: "round",
            exp.Floor: "floor",
            exp.Ceil: "ceil",
        }
        how = hows[type(e)]
        places = e.args.get("decimals")
        if places is None:
            return n.Rounded(how, self.node(e.this, depth))
        if not isinstance(places, exp.Literal) or places.name not in tuple("0123456"):
            raise MeasureFault(_("保留几位小数要写成 0 到 6 的整数"), _("写成 round(表.列, 2)"))
        return n.Rounded(how, self.node(e.this, depth), int(places.name))

    def filtered(self, e: exp.Filter, depth: int) -> n.Node:
        names: dict[Any, Literal["sum", "count", "min", "max"]] = {
            exp.Sum: "sum",
            exp.Count: "count",
            exp.Min: "min",
            exp.Max: "max",
        }
        func = names.get(type(e.this))
        if func is None or not isinstance(e.expression, exp.Where) or e.this.expressions:
            raise MeasureFault(
                _("filter 只能跟在 sum count min max 后面"),
                _("写成 sum(明细.列) filter (where 明细.列 = '是')"),
            )
        return self.aggregate(func, e.this.this, e.expression.this, depth)

    def case(self, e: exp.Case, depth: int) -> n.Node:
        if e.this is not None:
            raise MeasureFault(
                _("case 后面直接写 when"), _("写成 case when 条件 then 值 else 值 end")
            )
        branches = tuple(
            (self.node(i.this, depth), self.node(i.args["true"], depth)) for i in e.args["ifs"]
        )
        default = e.args.get("default")
        return n.Case(branches, self.node(default, depth) if default is not None else None)

    def compare(self, e: Any, depth: int) -> n.Node:
        op = _COMPARE[type(e)]
        sides = [e.this, e.expression]
        grades = [s for s in sides if isinstance(s, exp.Anonymous) and s.name == GRADE]
        if grades:
            other = sides[1] if sides[0] is grades[0] else sides[0]
            if op != "=" or len(grades) != 1 or len(grades[0].expressions) != 1:
                raise MeasureFault(
                    _("等级(…) 只能和一个等级词比较"), _("写成 等级(表.合计得分) = 表.结论等级")
                )
            return n.GradeIs(self.node(grades[0].expressions[0], depth), self.node(other, depth))
        return n.Compare(op, self.node(e.this, depth), self.node(e.expression, depth))

    def one_of(self, e: exp.In, depth: int) -> n.Node:
        values = [self.node(x, depth) for x in e.expressions]
        if not values or not all(isinstance(v, n.Text) for v in values):
            raise MeasureFault(_("in 后面只能是文字列表"), _("写成 表.列 in ('甲', '乙')"))
        return n.OneOf(
            self.node(e.this, depth), tuple(v.value for v in values if isinstance(v, n.Text))
        )

    def missing(self, e: exp.Is, depth: int) -> n.Node:
        if not isinstance(e.expression, exp.Null):
            raise MeasureFault(_("is 后面只能是 null 或 not null"), _("写成 表.列 is null"))
        return n.Missing(self.node(e.this, depth))

    def between(self, e: exp.Between, depth: int) -> n.Node:
        of = self.node(e.this, depth)
        return n.Both(
            n.Compare(">=", of, self.node(e.args["low"], depth)),
            n.Compare("<=", of, self.node(e.args["high"], depth)),
        )

    def arithmetic(self, e: Any, depth: int) -> n.Node:
        left, right = self.node(e.this, depth), self.node(e.expression, depth)
        return _fold(n.Arithmetic(_ARITHMETIC[type(e)], left, right))


def _fold(node: n.Arithmetic) -> n.Node:
    """Arithmetic on two numbers is done here, exactly (percents arrive as 10 / 100)."""
    match node:
        case n.Arithmetic("/", _left, n.Number(b)) if b == 0:
            raise MeasureFault(_("公式里除以了 0"), _("改分母"))
        case n.Arithmetic(op, n.Number(a), n.Number(b)):
            return n.Number(
                {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}[
                    op
                ]()
            )
    return node


def _to_prior(node: n.Node) -> n.Node:
    match node:
        case n.Figure(table, column):
            return n.Figure(table, column, True)
        case n.RowFigure() | n.Aggregate():
            return replace(node, prior=True)
        case n.Arithmetic(op, left, right):
            return n.Arithmetic(op, _to_prior(left), _to_prior(right))
        case n.Number() | n.WrittenDay():
            return node
    raise MeasureFault(_("上年(…) 里只能是列、合计和四则运算"), _("写成 上年(表.列)"))


def _shown(e: Any) -> str:
    return str(e.sql(unsupported_level=ErrorLevel.IGNORE))[:60]


# What a builder reads of a node; anything else that is there would be dropped in silence, so it is refused.
_USUAL = frozenset({"this", "expression", "expressions"})
_ARGS: dict[Any, frozenset[str]] = {
    exp.Column: frozenset({"this", "table", "db", "catalog"}),
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Count: frozenset({"this", "big_int"}),
    exp.Case: frozenset({"this", "ifs", "default"}),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.Round: frozenset({"this", "decimals"}),
}
_COMPARE: dict[Any, Literal["=", "<>", "<", "<=", ">", ">="]] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: dict[Any, Literal["+", "-", "*", "/"]] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
}
_BUILD: dict[Any, Callable[[_Builder, Any, int], n.Node]] = {
    exp.Column: _Builder.column,
    exp.Dot: _Builder.cell,
    exp.Literal: _Builder.literal,
    exp.Neg: _Builder.negate,
    exp.Paren: lambda b, e, d: b.node(e.this, d),
    exp.Anonymous: _Builder.function,
    exp.Min: _Builder.extreme,
    exp.Max: _Builder.extreme,
    exp.Sum: lambda b, e, d: b.aggregate("sum", e.this, None, d),
    exp.Count: lambda b, e, d: b.aggregate("count", e.this, None, d),
    exp.Filter: _Builder.filtered,
    exp.Abs: lambda b, e, d: n.Absolute(b.node(e.this, d)),
    exp.Coalesce: lambda b, e, d: n.Coalesce(tuple(b.node(x, d) for x in (e.this, *e.expressions))),
    exp.Round: _Builder.rounded,
    exp.Floor: _Builder.rounded,
    exp.Ceil: _Builder.rounded,
    exp.Case: _Builder.case,
    exp.And: lambda b, e, d: n.Both(b.node(e.this, d), b.node(e.expression, d)),
    exp.Or: lambda b, e, d: n.Either(b.node(e.this, d), b.node(e.expression, d)),
    exp.Not: lambda b, e, d: n.Not(b.node(e.this, d)),
    exp.Is: _Builder.missing,
    exp.In: _Builder.one_of,
    exp.Between: _Builder.between,
    **{kind: _Builder.compare for kind in _COMPARE},
    **{kind: _Builder.arithmetic for kind in _ARITHMETIC},
}
