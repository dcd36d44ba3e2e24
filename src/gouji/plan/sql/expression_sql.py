"""First reading of an expression as SQL: its exact value and its truth; `interval_sql` has the second. `expression.evaluate` says the same in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from sqlglot import exp

from gouji.expression import NOTHING_SAID, OPPOSITE, Linear, is_text, linear, rate_of, stated
from gouji.expression import nodes as n
from gouji.plan.sql import may_hold as o
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.branches import (
    ZERO,
    Ends,
    SqlTruth,
    changed,
    chosen,
    held,
    joined,
)
from gouji.plan.sql.interval_sql import IntervalsSql
from gouji.plan.sql.leaves import Leaves
from gouji.plan.sql.rational import Quantity
from gouji.plan.sql.shapes import Sql
from gouji.rules import Grade, Range


class SqlReading:
    """The readings of expressions over some leaves."""

    def __init__(
        self,
        leaves: Leaves,
        grades: tuple[Grade, ...] = (),
        keep: Callable[[Quantity], Quantity] = lambda of: of,
    ) -> None:
        self.leaves, self.grades, self.keep = leaves, grades, keep
        self._values: dict[n.Node, Quantity] = {}
        self._intervals = IntervalsSql(self)
        self._totals: dict[n.Compare, o.Spread | None] = {}

    def value(self, node: n.Node) -> Quantity:
        """The exact value; named once, then a column."""
        if node not in self._values:
            self._values[node] = self.keep(self._value(node))
        return self._values[node]

    def interval(self, node: n.Node) -> Ends:
        """The interval; ends without value where there is none."""
        return self._intervals.of(node)

    def _value(self, node: n.Node) -> Quantity:
        match node:
            case n.Number(value):
                return q.constant(value)
            case n.Figure() | n.Aggregate():
                return self.leaves.value(node)
            case n.Negate() | n.Absolute() | n.Rounded():
                return changed(node, self.value(node.of))
            case n.Arithmetic(op, left, right):
                form = _whole_form(node)
                return (
                    self._sum(form)
                    if form is not None
                    else _arithmetic(op, self.value(left), self.value(right))
                )
            case n.Extreme(which, items):
                return held(node, q.extreme(which, [self.value(i) for i in items]), self.value)
            case n.Coalesce(items):
                parts = [self.value(i) for i in items]
                return q.pick([(p.has_value, p) for p in parts[:-1]], parts[-1])
            case n.Case(branches, otherwise):
                pairs = [(self.truth(c).holds, self.value(v)) for c, v in branches]
                return chosen(
                    pairs, self.value(otherwise) if otherwise is not None else None, self.keep
                )
        raise TypeError(f"not a number: {node}")

    def _sum(self, form: Linear) -> Quantity:
        """A sum of figures in one expression: naming each step made a layer of the plan for each term."""
        made = q.constant(form.constant)
        for leaf, c in form.coefficients:
            made = q.add(made, q.scaled(self.value(leaf), c))
        return made

    def truth(self, node: n.Node) -> SqlTruth:
        """A condition."""
        match node:
            case n.Compare(op, left, right) if is_text(left):
                return _certain(
                    q.compare_whole(op, q.Whole(self.text(left), 0), q.Whole(self.text(right), 0))
                )
            case n.Compare(op):
                may_hold, may_fail = (
                    self.within(node, op, Fraction(0)),
                    self.within(node, OPPOSITE[op], Fraction(0)),
                )
                return SqlTruth(self._holds(node), may_hold, may_fail)
            case n.Both() | n.Either() | n.Not():
                return joined(node, self.truth)
            case n.Missing(of):
                return _certain(
                    sql.is_null(self.text(of))
                    if is_text(of)
                    else sql.not_(self.value(of).has_value)
                )
            case n.OneOf() | n.SaysNothing():
                return _certain(_worded(node, self.text(node.of)))
            case n.GradeIs(total, word):
                return _certain(self._grade(self.value(total), self.text(word)))
            case n.Fails(of):
                return _surely_fails(self.check(of))
        raise TypeError(f"not a condition: {node}")

    def taken(self, node: n.Node) -> SqlTruth:
        """A condition of a `case`: two figures that are equal in print are equal."""
        truth = (
            joined(node, self.taken)
            if isinstance(node, (n.Both, n.Either, n.Not))
            else self.truth(node)
        )
        if not isinstance(node, n.Compare) or node.op not in ("=", "<>") or is_text(node.left):
            return truth
        same = truth.holds if node.op == "=" else sql.not_(truth.holds)
        sure, never = (
            sql.case([(same, exp.true())], truth.may_hold),
            sql.case([(same, exp.false())], truth.may_fail),
        )
        if node.op == "<>":
            sure, never = (
                sql.case([(same, exp.false())], truth.may_hold),
                sql.case([(same, exp.true())], truth.may_fail),
            )
        return SqlTruth(truth.holds, sure, never)

    def check(self, node: n.Node) -> SqlTruth:
        """A condition that figures have to meet: from a base of zero no rate follows, so one that is stated is wrong."""
        if isinstance(node, (n.Both, n.Either)):
            return joined(node, self.check)
        truth = self.truth(node)
        return SqlTruth(
            self.based(node, truth.holds), self.based(node, truth.may_hold), truth.may_fail
        )

    def based(self, node: n.Node, made: Sql) -> Sql:
        """What is made of an equation; false where that has no value because it states a rate on a base of zero."""
        rate = rate_of(node)
        if rate is None:
            return made
        stated, top = self.value(rate.stated), self.value(rate.top)
        nothing = sql.all_of([q.compare("=", stated, ZERO), q.compare("=", top, ZERO)])
        tests = [
            stated.has_value,
            top.has_value,
            q.compare("=", self.value(rate.bottom), ZERO),
            sql.not_(nothing),
        ]
        return sql.function(exp.Coalesce, made, sql.case([(sql.all_of(tests), exp.false())]))

    def text(self, node: n.Node) -> Sql:
        """A text literal or column."""
        if isinstance(node, n.Text):
            return sql.text(node.value)
        if isinstance(node, n.Word):
            return self.leaves.word(node)
        raise TypeError(f"not a text: {node}")

    def within(self, node: n.Compare, op: str, tolerance: Fraction) -> Sql:
        """Whether some figures within rounding (and the tolerance) satisfy left `op` right."""
        quick = self._quick(node, op, tolerance)
        if quick is not None:
            return quick
        whole = n.Arithmetic("-", node.left, node.right)
        if linear(whole) is not None:
            gap = self.interval(whole)
            below, above = (gap.low, ZERO), (gap.high, ZERO)
        else:
            left, right = self.interval(node.left), self.interval(node.right)
            below, above = (left.low, right.high), (left.high, right.low)
        if tolerance:
            below = (q.add(below[0], q.constant(-tolerance)), below[1])
            above = (q.add(above[0], q.constant(tolerance)), above[1])
        match op:
            case "=":
                return sql.all_of([q.compare("<=", *below), q.compare(">=", *above)])
            case "<>":
                return sql.not_(sql.all_of([q.compare("=", *below), q.compare("=", *above)]))
            case "<" | "<=":
                return q.compare(op, *below)
        return q.compare(op, *above)

    def _quick(self, node: n.Compare, op: str, tolerance: Fraction) -> Sql | None:
        """The same without intervals, where one side is a sum and the other a sum or a quotient of sums."""
        total = self._total(node)
        if total is not None:
            return o.sum_may(op, total, tolerance)
        for made, parts, other, how in self._quotients(node, op):
            half = q.add(made.half, q.constant(tolerance))
            ends = self.keep(q.add(made.value, q.negate(half))), self.keep(q.add(made.value, half))
            return o.quotient_may(
                how,
                ends,
                o.Quotient(*parts, self.value(other.left), self.value(other.right)),
                self.leaves,
            )
        return None

    def _quotients(
        self, node: n.Compare, op: str
    ) -> Iterator[tuple[o.Spread, tuple[Linear, Linear], n.Arithmetic, str]]:
        """The sides that are sums, with the quotient on the other side."""
        for side, other, how in (
            (node.left, node.right, op),
            (node.right, node.left, o.MIRROR.get(op, "")),
        ):
            form, parts = o.plain(side), o.quotient_parts(other)
            made = (
                o.spread(form, self.leaves)
                if form is not None and parts is not None and how in o.MIRROR
                else None
            )
            if made is not None and parts is not None and isinstance(other, n.Arithmetic):
                yield made, parts, other, how

    def is_sum(self, node: n.Compare) -> bool:
        """Whether left minus right is a sum of figures that move alike both ways."""
        return self._total(node) is not None

    def is_quotient(self, node: n.Compare) -> bool:
        """Whether a sum is compared with a quotient of sums, of figures that move alike both ways."""
        for _, parts, _, _ in self._quotients(node, node.op):
            return all(o.spread(part, self.leaves) is not None for part in parts)
        return False

    def _total(self, node: n.Compare) -> o.Spread | None:
        """Left minus right as a sum, named once."""
        if node not in self._totals:
            form = linear(n.Arithmetic("-", node.left, node.right))
            made = o.spread(form, self.leaves) if form is not None else None
            self._totals[node] = (
                o.Spread(self.keep(made.value), made.half) if made is not None else None
            )
        return self._totals[node]

    def _holds(self, node: n.Compare) -> Sql:
        total = (
            self._total(node)
            if o.plain(n.Arithmetic("-", node.left, node.right)) is not None
            else None
        )
        made = (
            q.compare(node.op, total.value, ZERO)
            if total is not None
            else q.compare(node.op, self.value(node.left), self.value(node.right))
        )
        same = self._rounded(node)
        if same is None:
            return made
        return sql.any_of([made, same]) if "=" in node.op else sql.all_of([made, sql.not_(same)])

    def _rounded(self, node: n.Compare) -> Sql | None:
        """Whether one side is a stated figure, and the other one rounds to it (`measure.stated`); None where that asks nothing new."""
        found = stated(node)
        ends = self.leaves.ends(found[0]) if found else None
        if found is None or ends is None or ends.low == ends.high:
            return None
        at, of, low, high = (
            self.value(found[0]),
            self.value(found[1]),
            self.keep(ends.low),
            self.keep(ends.high),
        )
        above = sql.any_of(
            [
                q.compare(">", of, low),
                sql.all_of([q.compare("=", of, low), q.compare(">", at, ZERO)]),
            ]
        )
        below = sql.any_of(
            [
                q.compare("<", of, high),
                sql.all_of([q.compare("=", of, high), q.compare("<", at, ZERO)]),
            ]
        )
        return sql.all_of([above, below])

    def _grade(self, total: Quantity, word: Sql) -> Sql:
        rows = [
            sql.all_of(
                [
                    in_range(total, g.when),
                    exp.In(this=word, expressions=[sql.text(w) for w in (g.name, *g.aliases)]),
                ]
            )
            for g in self.grades
        ]
        known = sql.all_of([total.has_value, sql.not_(sql.is_null(word))])
        return sql.case([(known, sql.any_of(rows))])


def in_range(of: Quantity, when: Range) -> Sql:
    """Whether a quantity lies in a range."""
    tests = []
    if when.low is not None:
        tests.append(
            q.compare(">=" if when.low_closed else ">", of, q.constant(Fraction(when.low)))
        )
    if when.high is not None:
        tests.append(
            q.compare("<=" if when.high_closed else "<", of, q.constant(Fraction(when.high)))
        )
    return sql.all_of(tests)


def _whole_form(node: n.Node) -> Linear | None:
    """The linear form, unless a figure cancels out of it: a − a has no value while a is missing."""
    form = linear(node)
    if form is None or len(form.coefficients) != len(set(n.leaves(node))):
        return None
    return form


def _arithmetic(op: str, a: Quantity, b: Quantity) -> Quantity:
    match op:
        case "+":
            return q.add(a, b)
        case "-":
            return q.add(a, q.negate(b))
        case "*":
            return q.multiply(a, b)
    return q.divide(a, b)


def _surely_fails(asked: SqlTruth) -> SqlTruth:
    """That a condition fails beyond rounding; false where that is not known."""
    wrong = sql.all_of([sql.not_(asked.holds), sql.not_(asked.may_hold)])
    return _certain(sql.function(exp.Coalesce, wrong, exp.false()))


def _worded(node: n.OneOf | n.SaysNothing, text: Sql) -> Sql:
    """Whether a text is one of some words, or says nothing."""
    if isinstance(node, n.OneOf):
        return exp.In(this=text, expressions=[sql.text(v) for v in node.values])
    return exp.RegexpLike(this=text, expression=sql.text(NOTHING_SAID))


def _certain(holds: Sql) -> SqlTruth:
    return SqlTruth(holds, holds, sql.not_(holds))
