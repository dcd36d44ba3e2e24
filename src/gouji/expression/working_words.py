"""Fifth reading of an expression: its working, in words; with a `shown` function, with the numbers filled in."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from gouji.base.digest import sha256
from gouji.expression import nodes as n
from gouji.expression.day_numbers import date_text
from gouji.expression.denial import denied

Shown = Callable[[n.Leaf | n.Word], str]
SIGNS = {
    "+": " + ",
    "-": " − ",
    "*": " × ",
    "/": " ÷ ",
    "<=": " ≤ ",
    ">=": " ≥ ",
    "<>": " ≠ ",
    "=": " = ",
    "<": " < ",
    ">": " > ",
}
_BINDING = {"+": 4, "-": 4, "*": 5, "/": 5}


# An expression of a row that is longer is named by its columns.
ROW_AT_MOST = 80
_AGGREGATES = {"sum": "合计", "count": "个数", "min": "最小", "max": "最大"}


def named(leaf: n.Leaf | n.Word) -> str:
    """The figure by its name, in words.

    >>> named(n.Figure("收支决算", "基本支出", prior=True))
    '上年(收支决算.基本支出)'
    >>> named(n.Aggregate("max", "收入决算表", "事业收入", n.Compare("=", n.Word("收入决算表", "科目编码"), n.Text("合计"))))
    '收入决算表.事业收入(合计行)'
    """
    name = f"{leaf.table}.{leaf.column}"
    if isinstance(leaf, n.Aggregate):
        if leaf.of is not None:
            name = _of_row(leaf, leaf.of)
        elif leaf.func == "max" and (row := _one_row(leaf.where)) is not None:
            name = f"{name}({row}行)"
            return f"上年({name})" if leaf.prior else name
        where = f"，只计 {words(leaf.where)}" if leaf.where is not None else ""
        name = f"{_AGGREGATES[leaf.func]}({name}{where})"
    return f"上年({name})" if leaf.prior else name


def _of_row(leaf: n.Aggregate, of: n.Node) -> str:
    """What is taken of each row: the expression, or of a long one the columns that it reads."""
    line = words(of)
    return line if len(line) <= ROW_AT_MOST else f"{leaf.table}各行({'、'.join(leaf.columns)})"


def _one_row(where: n.Node | None) -> str | None:
    """The word or code of the one row that a condition picks, as in `科目编码 = '合计'`."""
    match where:
        case n.Compare("=", n.Word() | n.Figure(), n.Text(value)):
            return value
        case n.Compare("=", n.Word(), n.Own(_, column)):
            return f"本行{column}的"
    return None


def named_table(table: str, prior: bool) -> str:
    """A table by its name, in words.

    >>> named_table("收支决算", True)
    '上年(收支决算)'
    """
    return f"上年({table})" if prior else table


def words(node: n.Node, shown: Shown = named) -> str:
    """The expression as a line a clerk can follow."""
    return _line(node, shown, 0)


def _line(node: n.Node, shown: Shown, outer: int) -> str:
    match node:
        case n.Number():
            return _figure(node)
        case n.Text(value):
            return f"'{value}'"
        case n.Figure() | n.Aggregate() | n.Word():
            text = shown(node)
            return f"({text})" if outer > 3 and text.startswith("-") else text
        case n.Arithmetic(op, left, right):
            own = _BINDING[op]
            # a − (b − c) and a ÷ (b × c) need their parentheses
            line = _line(left, shown, own) + SIGNS[op] + _line(right, shown, own + (op in "-/"))
            return f"({line})" if own < outer else line
        case n.Compare(op, left, right):
            line = _line(left, shown, 3) + SIGNS[op] + _line(right, shown, 3)
            return f"({line})" if outer > 3 else line
        case n.Both(left, right) | n.Either(left, right):
            own, word = (2, " 且 ") if isinstance(node, n.Both) else (1, " 或 ")
            line = _line(left, shown, own) + word + _line(right, shown, own)
            return f"({line})" if own < outer else line
        case n.Negate(of):
            return f"−{_line(of, shown, 6)}"
        case n.Not(of):
            return _denied(of, shown, outer)
    return _called(node, shown)


def _denied(of: n.Node, shown: Shown, outer: int) -> str:
    """What is not so: its opposite where there is one."""
    opposite = denied(of)
    if isinstance(opposite, n.Not) and not isinstance(of, n.Not):
        return f"非({_line(of, shown, 0)})"
    return _line(opposite, shown, outer)


def _figure(of: n.Number) -> str:
    return date_text(int(of.value)) if of.date else number(of.value)


def _called(node: n.Node, shown: Shown) -> str:
    match node:
        case n.Rounded(called=code) if code:
            return f"得分({code})"
        case n.Rounded(how, of, places):
            return f"{_rounding(how, places)}({_line(of, shown, 0)})"
        case n.Extreme(which, items):
            return f"{'最小' if which == 'min' else '最大'}({'；'.join(_line(i, shown, 0) for i in items)})"
        case n.Coalesce(items):
            return f"首个有数的({'；'.join(_line(i, shown, 0) for i in items)})"
        case n.Case(branches, otherwise):
            parts = [f"{_line(c, shown, 0)} 时 {_line(v, shown, 0)}" for c, v in branches]
            return (
                "{"
                + "；".join(
                    parts
                    + ([f"否则 {_line(otherwise, shown, 0)}"] if otherwise is not None else [])
                )
                + "}"
            )
        case n.Absolute(of):
            return f"|{_line(of, shown, 0)}|"
        case n.Missing(of):
            return f"{_line(of, shown, 6)} 未填"
        case n.OneOf(of, values):
            return f"{_line(of, shown, 6)} 属于 {'、'.join(values)}"
        case n.SaysNothing(of):
            return f"{_line(of, shown, 6)} 没有说明什么"
        case n.GradeIs(total, word):
            return f"等级({_line(total, shown, 0)}) = {_line(word, shown, 6)}"
        case n.Fails(of):
            # No report prints it; plans name their columns by it.
            return f"fails {sha256(_line(of, shown, 0))[:16]}"
    raise TypeError(f"unknown node {node}")


def _rounding(how: str, places: int) -> str:
    whole = {"round": "四舍五入到", "floor": "只舍不入到", "ceil": "只入不舍到"}[how]
    return f"{whole}{f'{places} 位小数' if places else '整数'}"


def number(value: Fraction) -> str:
    """An exact number; shares that are not whole read as percents.

    >>> number(Fraction(1, 10)), number(Fraction(110))
    ('10%', '110')
    """
    if value.denominator == 1:
        return str(value.numerator)
    hundred = value * 100
    if abs(value) <= 10 and 10**6 % hundred.denominator == 0:
        return f"{_decimal(hundred)}%"
    return (
        _decimal(value)
        if 10**8 % value.denominator == 0
        else f"{value.numerator}/{value.denominator}"
    )


def _decimal(value: Fraction) -> str:
    text = format(Decimal(value.numerator) / Decimal(value.denominator), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
