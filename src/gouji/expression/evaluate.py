"""First reading in Python: an expression's exact value, as a Fraction, and whether conditions hold; `intervals` has the second. What `plan` says in SQL.

None: no value (a figure is missing, a denominator is or may be zero), so also where it is not known
which branch of a `case` is taken and they differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from gouji.expression import nodes as n
from gouji.expression.figures import Printed, Row, UnitFigures
from gouji.expression.grades import GradeRange, covers
from gouji.expression.interval_arithmetic import (
    Interval,
    arithmetic,
    lift,
    rounded,
    within,
)
from gouji.expression.intervals import Intervals
from gouji.expression.linear_form import linear
from gouji.expression.once import Once
from gouji.expression.rates import rate_of
from gouji.expression.says_nothing import says_nothing
from gouji.expression.stated_figure import rounds_to, stated
from gouji.expression.truth import Truth, certain, joined


@dataclass(frozen=True, slots=True)
class _Counted:
    """What one row gives to an aggregate; no value where the row lacks a figure, no interval where it may lack a value."""

    value: Fraction | None
    ends: Interval | None


class Exact:
    """The readings of expressions for one unit's figures. `grades` gives 等级(…) its meaning."""

    def __init__(self, figures: UnitFigures, grades: tuple[GradeRange, ...] = ()) -> None:
        self.figures = figures
        self.grades = grades
        # Its ends and its middle are asked for one by one, and one aggregate stands in many rules.
        self._counted: dict[n.Aggregate, list[_Counted] | None] = {}
        self._chosen: Once[n.Case, Fraction | None] = Once(self._of_branches)
        self._intervals = Intervals(self)

    def in_row(self, table: str, row: Row) -> Exact:
        """The readings for one row of a table, with the unit's other tables; what rows add up to is worked out once for all of them."""
        inside = Exact(replace(self.figures, one={**self.figures.one, table: row}), self.grades)
        inside._counted = self._counted
        return inside

    def value(self, node: n.Node) -> Fraction | None:
        """The exact value at the printed figures, or None where there is none."""
        match node:
            case n.Number(value):
                return value
            case n.Figure():
                leaf = self.leaf(node)
                return leaf.value if leaf else None
            case n.Aggregate():
                return self._aggregate(node, lambda row: row.value)
            case n.Negate() | n.Absolute() | n.Rounded():
                return lift(_changed(node), self.value(node.of))
            case n.Arithmetic(op, left, right):
                return arithmetic(op, self.value(left), self.value(right))
            case n.Extreme(which, items):
                values = [self.value(i) for i in items]
                return (
                    None
                    if None in values
                    else (min if which == "min" else max)(v for v in values if v is not None)
                )
            case n.Coalesce(items):
                return next((v for v in map(self.value, items) if v is not None), None)
            case n.Case():
                return self._chosen.of(node)
        raise TypeError(f"not a number: {node}")

    def _open_branches(self, node: n.Case) -> list[n.Node | None]:
        """The values that a case may take at the printed figures: several where it is not known whether a condition holds."""
        found: list[n.Node | None] = []
        for condition, value in node.branches:
            holds = self.truth(condition).holds
            if holds is not False:
                found.append(value)
            if holds:
                return found
        return [*found, node.otherwise]

    def branch(self, node: n.Case) -> n.Node | None:
        """The value node that a case takes at the printed figures; None where that is not known."""
        first, *others = self._open_branches(node)
        return None if others else first

    def leaf(self, leaf: n.Leaf) -> Printed | None:
        """A figure, or an aggregate of rows with the rounding of its parts."""
        if isinstance(leaf, n.Figure):
            cell = self.figures.at(leaf.prior).one.get(leaf.table, {}).get(leaf.column)
            return cell if isinstance(cell, Printed) else None
        middle, ends = self.value(leaf), self.ends(leaf)
        if middle is None or ends is None:
            return None
        return Printed(middle, max(middle - ends.low, ends.high - middle))

    def ends(self, leaf: n.Leaf) -> Interval | None:
        """The interval of a figure or aggregate."""
        if isinstance(leaf, n.Figure):
            printed = self.leaf(leaf)
            return Interval(printed.low, printed.high) if printed else None
        low = self._aggregate(leaf, lambda row: row.ends.low if row.ends else None)
        high = self._aggregate(leaf, lambda row: row.ends.high if row.ends else None)
        return None if low is None or high is None else Interval(low, high)

    def _aggregate(
        self, node: n.Aggregate, part: Callable[[_Counted], Fraction | None]
    ) -> Fraction | None:
        if (by := n.looked_up(node)) is None and node not in self._counted:
            self._counted[node] = self._rows(node, None)
        rows = self._counted[node] if by is None else self._rows(node, by)
        if rows is None:
            return None
        if node.func == "count":
            return Fraction(sum(row.value is not None for row in rows))
        values = [value for row in rows if (value := part(row)) is not None]
        if len(values) < len(rows):
            return None
        if node.func == "sum":
            return sum(values, Fraction(0))
        return (min if node.func == "min" else max)(values) if values else None

    def _rows(self, node: n.Aggregate, by: tuple[str, n.Own] | None) -> list[_Counted] | None:
        """What the rows that count give to it; None where there is no row, or where it is not known of some row whether it counts."""
        source = self.figures.at(node.prior)
        homes = (node.table, *(f"{node.table}.{column}" for column in node.columns))
        if node.table not in source.many or not source.aside.isdisjoint(homes):
            return None
        found: list[_Counted] = []
        if by is not None:
            text = self.text(n.Word(by[1].table, by[1].column))
            same = (row for row in source.many[node.table] if row.get(by[0]) == text)
            return [_counted(node, row, self) for row in same] if text is not None else None
        for row in source.many[node.table]:
            inside = Exact(UnitFigures({node.table: row}))
            chosen = True if node.where is None else inside.truth(node.where).holds
            if chosen is None:
                return None
            if chosen:
                found.append(_counted(node, row, inside))
        return found

    def interval(self, node: n.Node) -> Interval | None:
        """The interval of a number, or None where it has no value or may have none."""
        return self._intervals.of(node)

    def _of_branches(self, node: n.Case) -> Fraction | None:
        first, *others = (
            self.value(v) if v is not None else None for v in self._open_branches(node)
        )
        return first if all(v == first for v in others) else None

    def truth(self, node: n.Node) -> Truth:
        """A condition in three-valued logic, at the printed figures and within rounding."""
        match node:
            case n.Compare(op, left, right):
                if is_text(left):
                    return self._compare_text(op, left, right)
                return self._compare(node)
            case n.Both() | n.Either() | n.Not():
                return joined(node, self.truth)
            case n.Missing(of):
                absent = (self.text(of) if is_text(of) else self.value(of)) is None
                return certain(absent)
            case n.OneOf(of, values):
                word = self.text(of)
                return certain(None if word is None else word in values)
            case n.SaysNothing(of):
                word = self.text(of)
                return certain(None if word is None else says_nothing(word))
            case n.GradeIs(total, word):
                return self._grade(total, word)
            case n.Fails(of):
                asked = self.check(of)
                return certain(asked.holds is False and asked.may_hold is False)
        raise TypeError(f"not a condition: {node}")

    def taken(self, node: n.Node) -> Truth:
        """A condition of a `case`: two figures that are equal in print are equal, or none ever surely would be."""
        match node:
            case n.Both() | n.Either() | n.Not():
                return joined(node, self.taken)
        truth = self.truth(node)
        if (
            isinstance(node, n.Compare)
            and node.op in ("=", "<>")
            and truth.holds is (node.op == "=")
        ):
            return certain(truth.holds)
        return truth

    def check(self, node: n.Node) -> Truth:
        """A condition that figures have to meet: from a base of zero no rate follows, so one that is stated is wrong."""
        match node:
            case n.Both() | n.Either():
                return joined(node, self.check)
            case n.Compare() if self.baseless(node):
                return certain(False)
        return self.truth(node)

    def baseless(self, node: n.Node) -> bool:
        """Whether it, or a part of it, states a rate on a base of zero; zero of nothing, stated as zero, is left open."""
        if isinstance(node, n.Both):
            return self.baseless(node.left) or self.baseless(node.right)
        rate = rate_of(node)
        if rate is None or self.value(rate.bottom) != 0:
            return False
        stated, top = self.value(rate.stated), self.value(rate.top)
        return stated is not None and top is not None and not stated == top == 0

    def text(self, node: n.Node) -> str | None:
        """The text of a literal or text column."""
        if isinstance(node, n.Text):
            return node.value
        if isinstance(node, n.Word):
            cell = self.figures.at(node.prior).one.get(node.table, {}).get(node.column)
            return cell if isinstance(cell, str) else None
        raise TypeError(f"not a text: {node}")

    def _compare_text(self, op: str, left: n.Node, right: n.Node) -> Truth:
        a, b = self.text(left), self.text(right)
        if a is None or b is None:
            return certain(None)
        return certain((a == b) if op == "=" else (a != b))

    def _compare(self, node: n.Compare) -> Truth:
        a, b = self.value(node.left), self.value(node.right)
        if a is None or b is None:
            return Truth(None, None, None)
        d = Fraction(0) if self._rounded(node, a, b) else a - b
        holds = {"=": d == 0, "<>": d != 0, "<": d < 0, "<=": d <= 0, ">": d > 0, ">=": d >= 0}[
            node.op
        ]
        gap = self.gap(node)
        if gap is None:
            return Truth(holds, None, None)
        may_hold = within(node.op, gap)
        may_fail = within(OPPOSITE[node.op], gap)
        return Truth(holds, may_hold, may_fail)

    def _rounded(self, node: n.Compare, left: Fraction, right: Fraction) -> bool:
        """Whether one side is a stated figure, and the other one rounds to it."""
        found = stated(node)
        at, ends = (self.value(found[0]), self.ends(found[0])) if found else (None, None)
        return (
            found is not None
            and at is not None
            and ends is not None
            and rounds_to(right if found[0] is node.left else left, at, ends.low, ends.high)
        )

    def gap(self, node: n.Compare) -> Interval | None:
        """The interval of left − right: tight when the whole is linear, else from the two sides apart."""
        whole = n.Arithmetic("-", node.left, node.right)
        if (form := linear(whole)) is not None:
            return self._intervals.of_linear(form, {})
        a, b = self.interval(node.left), self.interval(node.right)
        return Interval(a.low - b.high, a.high - b.low) if a and b else None

    def _grade(self, total: n.Node, word: n.Node) -> Truth:
        amount, said = self.value(total), self.text(word)
        if amount is None or said is None:
            return certain(None)
        return certain(any(covers(g, amount) and said in (g.name, *g.aliases) for g in self.grades))


def _counted(node: n.Aggregate, row: Row, inside: Exact) -> _Counted:
    if node.of is not None:
        return _Counted(inside.value(node.of), inside.interval(node.of))
    cell = row.get(node.column)
    if isinstance(cell, Printed):
        return _Counted(cell.value, Interval(cell.low, cell.high))
    # A text is there to be counted, and nothing else.
    there = Fraction(0) if cell is not None and node.func == "count" else None
    return _Counted(there, None)


def _changed(node: n.Negate | n.Absolute | n.Rounded) -> Callable[[Fraction], Fraction]:
    match node:
        case n.Negate():
            return lambda x: -x
        case n.Absolute():
            return abs
        case n.Rounded(how, _, places):
            return lambda x: rounded(how, x, places)


OPPOSITE: dict[n.Op, n.Op] = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def is_text(node: n.Node) -> bool:
    """Whether a node is a text (literal or column) rather than a number or condition."""
    return isinstance(node, (n.Text, n.Word))
