"""Exact numbers -> the words people read: money in the unit of its form, shares as percents, points without trailing zeros."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Literal

from gouji.base.i18n import _, clauses
from gouji.base.outcome import Span, Totals
from gouji.expression import date_text
from gouji.expression import nodes as n
from gouji.rules import UNITS, ColumnType, Criterion, Table

Kind = Literal["money", "share", "count", "number", "date"]
# A count of no unit that may be a year is printed without a comma: 2023, not 2,023.
YEARS = range(1900, 2101)
# Figures come with at most 38 digits; beyond these places nobody tells two of them apart.
MOST_PLACES = 40
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class ValueShape:
    """What an expression gives: money (and in which unit its figures are printed), a share of 1, a count, or a bare number."""

    kind: Kind
    unit: str = ""


def shape_of(node: n.Node, tables: Mapping[str, Table]) -> ValueShape:
    """The shape of a number's expression, from the columns it reads."""
    match node:
        case n.Aggregate(func="sum" | "min" | "max", of=of) if of is not None:
            return shape_of(of, tables)
        case n.Rounded(_, of, _):
            return shape_of(of, tables)
        case (
            n.Figure(table, column)
            | n.Aggregate(func="sum" | "min" | "max", table=table, column=column)
        ):
            return _of_column(tables, table, column)
        case n.Aggregate():
            return ValueShape("count")
        case n.Negate(of) | n.Absolute(of):
            return shape_of(of, tables)
        case n.Number(_, True):
            return ValueShape("date")
        case n.Arithmetic():
            return _of_arithmetic(node, tables)
        case n.Extreme(_, items) | n.Coalesce(items):
            return _first(items, tables)
        case n.Case(branches, otherwise):
            return _first([*(v for _, v in branches), otherwise], tables)
    return ValueShape("number")


def shape_of_sides(check: n.Compare, tables: Mapping[str, Table]) -> ValueShape:
    """The shape of both sides of a comparison: of the right one, of the left where that is a bare number."""
    right = shape_of(check.right, tables)
    return shape_of(check.left, tables) if right.kind == "number" else right


def _of_arithmetic(node: n.Arithmetic, tables: Mapping[str, Table]) -> ValueShape:
    """The shape of a sum, a difference, a product or a quotient: a plain number beside a figure does not change what it is."""
    left, right = shape_of(node.left, tables), shape_of(node.right, tables)
    bare_left, bare_right = isinstance(node.left, n.Number), isinstance(node.right, n.Number)
    match node.op:
        case "-" if left.kind == "date":
            return ValueShape("count", _("天"))
        case "/" if bare_right:
            return left
        case "/":
            return ValueShape("share" if left.kind == right.kind else "number")
        case "*" if bare_left:
            return right
        case "*" if bare_right or right.kind == "share":
            return left
        case "*":
            return ValueShape("number")
    if not bare_left:
        return left
    return ValueShape("number") if bare_right else right


def _first(nodes: Iterable[n.Node | None], tables: Mapping[str, Table]) -> ValueShape:
    """The shape of the first part that is not a plain number."""
    for node in nodes:
        if node is not None and not isinstance(node, n.Number):
            return shape_of(node, tables)
    return ValueShape("number")


def _of_column(tables: Mapping[str, Table], table: str, name: str) -> ValueShape:
    column = tables[table].column(name)
    assert column is not None
    match column.type:
        case ColumnType.MONEY:
            return ValueShape("money", column.unit or "元")
        case ColumnType.PERCENT:
            return ValueShape("share")
        case ColumnType.DATE:
            return ValueShape("date")
        case ColumnType.COUNT:
            return ValueShape("count", column.unit or "")
    return ValueShape("number", column.unit or "")


def shown(value: Fraction, shape: ValueShape, places: int = 2) -> str:
    """A number in the words of its shape; `places` of the printed unit, rounded half up for display only.

    >>> shown(Fraction(109, 180), ValueShape("share")), shown(Fraction(28900), ValueShape("money", "万元"))
    ('60.56%', '2.89万元')
    >>> shown(Fraction(2023), ValueShape("count")), shown(Fraction(2023), ValueShape("count", "人"))
    ('2023', '2,023人')
    """
    match shape.kind:
        case "date":
            return date_text(int(value))
        case "share":
            return f"{rounded(value * 100, places)}%"
        case "money":
            return f"{rounded(value / Fraction(UNITS[shape.unit]), places)}{shape.unit}"
        case "count" if not shape.unit and value in YEARS:
            return str(value.numerator)
        case "count":
            return (
                f"{value.numerator:,}" if value.denominator == 1 else rounded(value, places)
            ) + shape.unit
    base = value / Fraction(UNITS.get(shape.unit, Decimal(1)))
    return (f"{base.numerator:,}" if base.denominator == 1 else rounded(base, places)) + shape.unit


def places_apart(shape: ValueShape, *values: Fraction, fewest: int = 2) -> int:
    """The places, `fewest` or more, at which no two of the values that differ look alike.

    >>> places_apart(ValueShape("share"), Fraction(1), Fraction(99999, 100000))
    3
    """
    scaled = {_scaled(value, shape) for value in values}
    for places in range(fewest, MOST_PLACES):
        if len({_at_places(value, places) for value in scaled}) == len(scaled):
            return places
    return MOST_PLACES


def shown_whole(value: Fraction, shape: ValueShape) -> str:
    """As `shown`, with every place of a value whose decimals end: a sum of figures printed with three places has three.

    >>> shown_whole(Fraction(40001, 4), ValueShape("money", "万元")), shown_whole(Fraction(1, 3), ValueShape("share"))
    ('1.000025万元', '33.33%')
    """
    scaled = _scaled(value, shape)
    ends = (p for p in range(2, MOST_PLACES) if (scaled * 10**p).denominator == 1)
    return shown(value, shape, next(ends, 2))


def _scaled(value: Fraction, shape: ValueShape) -> Fraction:
    """The number that is printed of a value: in its unit, of a share in percent."""
    if shape.kind == "share":
        return value * 100
    return value / Fraction(UNITS.get(shape.unit, Decimal(1)))


def rounded(value: Fraction, places: int) -> str:
    """With thousands commas, half up.

    >>> rounded(Fraction(2641, 2), 2), rounded(Fraction(-1, 8), 2)
    ('1,320.50', '-0.13')
    """
    return f"{_at_places(value, places):,f}"


def _at_places(value: Fraction, places: int) -> Decimal:
    """Half up; what rounds to zero has no sign."""
    exact = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    near = exact.quantize(Decimal(1).scaleb(-places), context=_WIDE)
    return near if near else abs(near)


def difference_words(value: Fraction, shape: ValueShape, places: int = 2) -> str:
    """A difference in the words of its shape: shares differ by percentage points. What is not zero never looks like it."""
    places = max(places, places_apart(shape, value, Fraction(0)))
    if shape.kind != "share":
        return shown(value, shape, places)
    return shown(value, shape, places).removesuffix("%") + _(" 个百分点")


def span_line(span: Span, shape: ValueShape, *beside: Fraction) -> str:
    """An interval in words; its ends look unlike each other, and unlike the values that stand beside it."""
    # One place more than figures are printed with.
    places = places_apart(shape, span.low, span.high, *beside, fewest=3)
    return f"[{shown(span.low, shape, places)}, {shown(span.high, shape, places)}]"


def points(value: Decimal | None) -> str:
    """Points without trailing zeros; a dash where there are none.

    >>> points(Decimal("7.50")), points(Decimal("95.00")), points(None)
    ('7.5', '95', '—')
    """
    if value is None:
        return "—"
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def differing_words(self_score: Decimal | None, score: Decimal | None, working: str) -> str:
    """Both scores of a criterion that the unit scored otherwise, and the working of the recomputed one."""
    line = _("自评 {own} 分，复核 {score} 分").format(own=points(self_score), score=points(score))
    return clauses((line, working)) if working else line


def adjusts(rule: Criterion) -> str:
    """Behind the name of a criterion, that its points stand outside the total; nothing for others."""
    if rule.adjust is None:
        return ""
    form = _("（减分，最多减 {points} 分）") if rule.bottom else _("（加分，最多加 {points} 分）")
    return form.format(points=points(rule.weight))


def on_total(of: Totals) -> tuple[str, ...]:
    """What a total is made of where it is more than the sum of weights, and what keeps its grade down."""
    made = []
    if of.base is not None and of.adjusted is not None:
        sign = "−" if of.adjusted < 0 else "+"
        made.append(
            _("总分内 {base} 分，加减分 {sign}{adjusted} 分，合计 {score} 分").format(
                base=points(of.base),
                sign=sign,
                adjusted=points(abs(of.adjusted)),
                score=points(of.score),
            )
        )
    for cap in of.capped:
        form = (
            _("{why}，等级至多为“{grade}”")
            if cap.sure
            else _("{why}：还不能判断，成立则等级至多为“{grade}”")
        )
        made.append(form.format(why=cap.why, grade=cap.grade))
    return tuple(made)
