"""Second reading of an expression as SQL: its interval. `expression.intervals` says the same in Python."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Protocol

from gouji.expression import Linear, linear, shared_leaves
from gouji.expression import nodes as n
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.branches import (
    ZERO,
    Branch,
    Ends,
    SqlTruth,
    changed_ends,
    held,
    pick_ends,
    spanned,
)
from gouji.plan.sql.leaves import Leaves
from gouji.plan.sql.rational import Quantity
from gouji.plan.sql.shapes import Sql


class ValuesSql(Protocol):
    """What intervals rest on: figures, values, and which branches of a `case` figures within rounding may take."""

    @property
    def leaves(self) -> Leaves:
        """Where figures are found."""

    @property
    def keep(self) -> Callable[[Quantity], Quantity]:
        """Names a quantity, so that it is worked out once."""

    def value(self, node: n.Node) -> Quantity:
        """The exact value."""

    def taken(self, node: n.Node) -> SqlTruth:
        """A condition of a `case`."""


class IntervalsSql:
    """The intervals of expressions, each worked out once."""

    def __init__(self, reading: ValuesSql) -> None:
        self.reading = reading
        self._known: dict[n.Node, Ends] = {}

    def of(self, node: n.Node) -> Ends:
        """The interval; ends without value where there is none."""
        if node not in self._known:
            self._known[node] = self._kept(self._worked_out(node))
        return self._known[node]

    def _kept(self, ends: Ends) -> Ends:
        low = self.reading.keep(ends.low)
        return Ends(low, low if ends.high == ends.low else self.reading.keep(ends.high))

    def _worked_out(self, node: n.Node) -> Ends:
        form = linear(node)
        if form is not None:
            return self.of_linear(form, {})
        match node:
            case n.Figure() | n.Aggregate():
                return self.reading.leaves.ends(node)
            case n.Negate() | n.Absolute() | n.Rounded():
                return changed_ends(node, self.of(node.of))
            case n.Arithmetic("/", left, right):
                return self._quotient(left, right)
            case n.Arithmetic(op, left, right):
                return _corners(op, self.of(left), self.of(right), self.reading.keep)
            case n.Extreme():
                return self._extreme_ends(node)
            case n.Coalesce(items):
                *first, last = items
                tests = [self.reading.value(i).has_value for i in first]
                return pick_ends(list(zip(tests, map(self.of, first), strict=True)), self.of(last))
            case n.Case(branches, otherwise):
                return spanned(
                    [(self.reading.taken(c), self._branch(v)) for c, v in branches],
                    self._branch(otherwise) if otherwise is not None else None,
                    self.reading.keep,
                )
        raise TypeError(f"not a number: {node}")

    def _extreme_ends(self, node: n.Extreme) -> Ends:
        parts = [self.of(i) for i in node.items]
        low = q.extreme(node.which, [p.low for p in parts])
        high = q.extreme(node.which, [p.high for p in parts])
        return Ends(
            held(node, low, lambda i: self.of(i).low),
            held(node, high, lambda i: self.of(i).high),
        )

    def _branch(self, node: n.Node) -> Branch:
        return Branch(self.reading.value(node), self.of(node))

    def of_linear(self, form: Linear, fixed: dict[n.Leaf, Quantity]) -> Ends:
        low = high = q.constant(form.constant)
        for leaf, c in form.coefficients:
            ends = (
                Ends(fixed[leaf], fixed[leaf]) if leaf in fixed else self.reading.leaves.ends(leaf)
            )
            first, second = (ends.low, ends.high) if c > 0 else (ends.high, ends.low)
            low, high = q.add(low, q.scaled(first, c)), q.add(high, q.scaled(second, c))
        return Ends(low, high)

    def _quotient(self, left: n.Node, right: n.Node) -> Ends:
        shared = shared_leaves(left, right)
        if not shared:
            return self._divided(self.of(left), self.of(right))
        top, bottom = linear(left), linear(right)
        assert top is not None and bottom is not None
        ends = [self.reading.leaves.ends(leaf) for leaf in shared]
        whole = self.of(right)
        sound = sql.any_of([q.compare(">", whole.low, ZERO), q.compare("<", whole.high, ZERO)])
        parts = []
        for corner in product(*((e.low, e.high) for e in ends)):
            fixed = dict(zip(shared, corner, strict=True))
            parts.append(
                self._divided(
                    self._kept(self.of_linear(top, fixed)),
                    self._kept(self.of_linear(bottom, fixed)),
                )
            )
        low = self.reading.keep(q.extreme("min", [p.low for p in parts]))
        high = self.reading.keep(q.extreme("max", [p.high for p in parts]))
        return Ends(q.pick([(sound, low)], None), q.pick([(sound, high)], None))

    def _divided(self, a: Ends, b: Ends) -> Ends:
        """Quotient of intervals; no value where the denominator's interval holds zero."""
        if b.low.num.constant is not None and b.low == b.high:
            low, high = q.divide(a.low, b.low), q.divide(a.high, b.low)
            return self._kept(Ends(low, high) if b.low.num.constant > 0 else Ends(high, low))
        keep = self.reading.keep
        above = q.compare(">", b.low, ZERO)
        sound = sql.any_of([above, q.compare("<", b.high, ZERO)])
        top = _turned(a, above, keep)
        return self._kept(_over_positive(top, _turned(b, above, keep), sound, keep))


Keep = Callable[[Quantity], Quantity]


def _turned(of: Ends, above: Sql, keep: Keep) -> Ends:
    """The interval of one side of a quotient with both signs changed unless the denominator is `above` zero, so that it is."""
    low = keep(q.pick([(above, of.low)], q.negate(of.high)))
    return Ends(low, keep(q.pick([(above, of.high)], q.negate(of.low))))


def _over_positive(top: Ends, bottom: Ends, sound: Sql, keep: Keep) -> Ends:
    """Quotient of intervals with a denominator above zero; no value unless it is `sound`."""

    def by(of: Quantity, if_positive: Quantity, otherwise: Quantity) -> Quantity:
        positive = q.compare(">=", of, ZERO)
        chosen = q.pick([(sound, q.pick([(positive, if_positive)], otherwise))], None)
        return q.divide(of, keep(chosen), positive=True)

    return Ends(by(top.low, bottom.high, bottom.low), by(top.high, bottom.low, bottom.high))


def _corners(op: str, a: Ends, b: Ends, keep: Keep) -> Ends:
    if op == "+":
        return Ends(q.add(a.low, b.low), q.add(a.high, b.high))
    if op == "-":
        return Ends(q.add(a.low, q.negate(b.high)), q.add(a.high, q.negate(b.low)))
    every = [keep(q.multiply(x, y)) for x in (a.low, a.high) for y in (b.low, b.high)]
    return Ends(q.extreme("min", every, keep), q.extreme("max", every, keep))
