"""`kind: rows` -> the expression of what one row earns, and the measure over all of them: nothing else has to know how rows are scored.

A measure `a ÷ b` is held against its limits multiplied out, so that a target of zero decides too: a ≥ limit × b instead of a ÷ b ≥ limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from gouji.base.i18n import _
from gouji.expression import nodes as n
from gouji.rules.methods import (
    GradedWords,
    Inverse,
    LargeDeviation,
    Proportional,
    Reading,
    RowByRow,
    RowWay,
    Steps,
    Within,
)
from gouji.rules.values import Range

PLACES = 2
ZERO, ONE = n.Number(Fraction(0)), n.Number(Fraction(1))
Branches = tuple[tuple[n.Node, n.Node], ...]


@dataclass(frozen=True, slots=True)
class RowWayTrees:
    """One way with its expressions as trees: which rows take it, what is measured of them."""

    where: n.Node | None
    measure: n.Node
    method: Within | Proportional | Inverse | Steps | GradedWords


@dataclass(frozen=True, slots=True)
class RowTrees:
    """All expressions of the method as trees over one row."""

    points: n.Node
    ways: tuple[RowWayTrees, ...]
    where: n.Node | None = None
    unless: n.Node | None = None
    stated: n.Node | None = None
    weighted_by: n.Node | None = None


def row_points(method: RowByRow, trees: RowTrees) -> n.Node:
    """What one row earns: of the first way that fits, in hundredths, from zero to its points; no value where none fits."""
    branches, otherwise = [], None
    for way in trees.ways:
        earned = _earned(way, trees, method.over)
        if way.where is None:
            otherwise = earned
        else:
            branches.append((way.where, earned))
    if not branches and otherwise is not None:
        return otherwise
    return n.Case(tuple(branches), otherwise)


def measure_of(method: RowByRow, trees: RowTrees, row: n.Node, weight: Decimal) -> n.Node:
    """What all rows that count come to; no value where there is none."""
    table = method.table

    def over(func: str, of: n.Node) -> n.Aggregate:
        return n.Aggregate("sum" if func == "sum" else "count", table, "", trees.where, of=of)

    earned = over("sum", row)
    match method.total:
        case "sum":
            return n.Case(((n.Compare(">", over("count", row), ZERO), earned),), None)
        case "mean":
            return n.Arithmetic("/", earned, over("count", row))
        case "share":
            made = n.Arithmetic("*", n.Number(Fraction(weight)), earned)
            return n.Arithmetic("/", made, over("sum", trees.points))
        case "weighted":
            assert trees.weighted_by is not None
            each = over("sum", n.Arithmetic("*", trees.weighted_by, row))
            return n.Arithmetic("/", each, over("sum", trees.weighted_by))
    assert_never(method.total)


def _earned(way: RowWayTrees, trees: RowTrees, over: LargeDeviation | None) -> n.Node:
    points = trees.points
    match way.method:
        case Within(full_at=full_at):
            return _where_based(way.measure, ((_inside(way.measure, full_at), points),), ZERO)
        case Proportional(full_at=full_at):
            return _proportional(way, trees, Fraction(full_at), over)
        case Inverse(full_at=full_at):
            return _inverse(way.measure, points, Fraction(full_at))
        case Steps():
            return _stepped(way.method, way.measure, points)
        case GradedWords(words=words):
            return n.Case(tuple(_graded(way.measure, words, trees)), None)
    assert_never(way.method)


def _proportional(
    way: RowWayTrees, trees: RowTrees, limit: Fraction, over: LargeDeviation | None
) -> n.Node:
    top, bottom = _quotient(way.measure)
    points, wanted = trees.points, _times(bottom, limit)
    branches: Branches = (
        (n.Compare("=", top, wanted), points),
        (n.Compare(">=", top, wanted), points),
    )
    if over is not None:
        most = _times(bottom, Fraction(over.above))
        beyond: n.Node = n.Compare(">", top, most)
        if trees.unless is not None:
            beyond = n.Both(beyond, n.Not(trees.unless))
        left = _rounded(_times(points, 1 - Fraction(over.take)))
        branches = ((n.Compare("=", top, most), points), (beyond, left), *branches)
    made = n.Arithmetic("/", n.Arithmetic("*", points, top), wanted)
    return _where_based(way.measure, branches, _held(points, made))


def _inverse(measure: n.Node, points: n.Node, limit: Fraction) -> n.Node:
    top, bottom = _quotient(measure)
    wanted = _times(bottom, limit)
    branches: Branches = (
        (n.Compare("=", top, wanted), points),
        (n.Compare("<=", top, wanted), points),
    )
    made = n.Arithmetic("/", n.Arithmetic("*", points, wanted), top)
    return _where_based(measure, branches, _held(points, made))


def _stepped(method: Steps, measure: n.Node, points: n.Node) -> n.Node:
    """Points less what each step beyond the limit takes, never below zero."""
    end = method.full_at.high if method.full_at.high is not None else method.full_at.low
    assert end is not None
    edge, up = n.Number(Fraction(end)), method.full_at.high is not None
    width = Fraction(method.per) * (abs(Fraction(end)) if method.percent_is == "relative" else 1)
    gap = n.Arithmetic("-", measure, edge) if up else n.Arithmetic("-", edge, measure)
    steps: n.Node = n.Arithmetic("/", gap, n.Number(width))
    if method.reading is not Reading.PRORATA:
        steps = n.Rounded("floor" if method.reading is Reading.WHOLE else "ceil", steps)
    take: n.Node = (
        n.Number(Fraction(method.take))
        if method.take is not None
        else _times(points, Fraction(method.take_share or 0))
    )
    left = _held(points, n.Arithmetic("-", points, n.Arithmetic("*", steps, take)))
    branches: Branches = (
        (n.Compare("=", measure, edge), points),
        (_inside(measure, method.full_at), points),
    )
    return n.Case(branches, left)


def _graded(
    measure: n.Node, words: dict[str, Range], trees: RowTrees
) -> Iterator[tuple[n.Node, n.Node]]:
    """Each word with what it earns: a share of the points, or the unit's own mark within the shares that it allows."""
    for word, share in words.items():
        least, most = (
            _rounded(_times(trees.points, Fraction(end or 0))) for end in (share.low, share.high)
        )
        earned = most
        if share.low != share.high and trees.stated is not None:
            earned = n.Extreme("min", (most, n.Extreme("max", (least, trees.stated))))
        yield n.Compare("=", measure, n.Text(word)), earned


def _where_based(measure: n.Node, branches: Branches, otherwise: n.Node) -> n.Node:
    """A choice that has no value where a quotient is measured against less than nothing."""
    bottom = _quotient(measure)[1]
    if isinstance(bottom, n.Number):
        return n.Case(branches, otherwise)
    # What is printed as zero is zero.
    sound = n.Either(n.Compare("=", bottom, ZERO), n.Compare(">=", bottom, ZERO))
    return n.Case(((sound, n.Case(branches, otherwise)),), None)


def _inside(measure: n.Node, when: Range) -> n.Node:
    top, bottom = _quotient(measure)
    tests: list[n.Node] = []
    for end, op, closed in ((when.low, ">", when.low_closed), (when.high, "<", when.high_closed)):
        if end is not None:
            against = _times(bottom, Fraction(end))
            beyond = n.Compare(_CLOSED[op] if closed else _OPEN[op], top, against)
            same = n.Compare("=", top, against)
            # What is printed at the limit is at the limit, whatever it was rounded from.
            tests.append(n.Either(same, beyond) if closed else n.Both(n.Not(same), beyond))
    if when.low is not None and when.low == when.high:
        return n.Compare("=", top, _times(bottom, Fraction(when.low)))
    return tests[0] if len(tests) == 1 else n.Both(tests[0], tests[1])


_CLOSED: dict[str, n.Op] = {">": ">=", "<": "<="}
_OPEN: dict[str, n.Op] = {">": ">", "<": "<"}


def _quotient(measure: n.Node) -> tuple[n.Node, n.Node]:
    """What is divided and what it is divided by, 1 where nothing is."""
    match measure:
        case n.Arithmetic("/", top, bottom) if n.leaves(bottom):
            return top, bottom
    return measure, ONE


def _times(of: n.Node, by: Fraction) -> n.Node:
    if isinstance(of, n.Number):
        return n.Number(of.value * by)
    return of if by == 1 else n.Arithmetic("*", n.Number(by), of)


def _held(points: n.Node, earned: n.Node) -> n.Node:
    """In hundredths, from zero to the points."""
    return n.Extreme("max", (ZERO, n.Extreme("min", (points, _rounded(earned)))))


def _rounded(of: n.Node) -> n.Node:
    if isinstance(of, n.Number):
        return of
    return n.Rounded("round", of, PLACES)


def without_mark(way: RowWay) -> str:
    """The fault of words that allow a range where the unit's own mark is not named."""
    found = way.method.words.items() if isinstance(way.method, GradedWords) else ()
    open_ = [word for word, share in found if share.low != share.high]
    return (
        _("“{words}”给的是一段，要有本单位的打分才定得下来").format(words="、".join(open_))
        if open_
        else ""
    )
