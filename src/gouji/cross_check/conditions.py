"""Conditions of rules -> SQL over the row of a unit and rows joined to it, made without `compile`: the words of the second way.

Where `compile` builds intervals of both sides, this asks whether F = left × D − N can be zero while figures move within rounding, for
`left = N ÷ D` with N, D linear: F is linear in every figure, so its extremes follow from its coefficients. Decimals, no quotient anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction

from gouji.base.sql_names import literal
from gouji.cross_check.figures_sql import FiguresSql
from gouji.cross_check.sides import (
    MIRROR,
    NotCovered,
    Side,
    as_quotient,
    exact_sides,
    form,
    linear,
    may,
    number,
    side_of,
)
from gouji.cross_check.spans import Ends, branches, by_sign, ends, printed, rest_of
from gouji.expression import NOTHING_SAID, OPPOSITE, Linear, is_text, rate_of, stated
from gouji.expression import nodes as n


class ConditionsSql(FiguresSql):
    """Conditions as SQL text over figures of a unit: at what is printed, and within rounding."""

    def check(self, node: n.Node, slack: Fraction = Fraction(0)) -> str:
        """The same of what figures have to meet: no rate follows from a base of zero, so one that is stated there cannot be true."""
        if isinstance(node, (n.Both, n.Either)):
            return f"({self.check(node.left)}) {'AND' if isinstance(node, n.Both) else 'OR'} ({self.check(node.right)})"
        made, rate = self.possible(node, slack), rate_of(node)
        if rate is None:
            return made
        stated, top, bottom = (printed(of, self) for of in (rate.stated, rate.top, rate.bottom))
        tests = f"{stated} IS NOT NULL AND {top} IS NOT NULL AND {bottom} = 0 AND NOT ({stated} = 0 AND {top} = 0)"
        return f"coalesce({made}, CASE WHEN {tests} THEN FALSE END)"

    def possible(self, node: n.Node, slack: Fraction = Fraction(0)) -> str:
        """Whether figures within rounding can make the condition true."""
        match node:
            case n.Compare(op, n.Case() as left, right) | n.Compare(op, left, n.Case() as right):
                with suppress(NotCovered):
                    return self._can(op, left, right, slack)
                return self._by_span(node, slack)
            case n.Compare(op, left, right) if not is_text(left):
                return self._can(op, left, right, slack)
            case n.Both(left, right):
                return f"({self.possible(left)}) AND ({self.possible(right)})"
            case n.Either(left, right):
                return f"({self.possible(left)}) OR ({self.possible(right)})"
            case n.Not(n.Compare(op, left, right)) if not is_text(left):
                return self.possible(n.Compare(OPPOSITE[op], left, right), slack)
            case n.Not(n.Both(left, right)):
                return self.possible(n.Either(n.Not(left), n.Not(right)))
            case n.Not(n.Either(left, right)):
                return self.possible(n.Both(n.Not(left), n.Not(right)))
            case n.Not(n.Not(of)):
                return self.possible(of)
        return self.holds(node)

    def holds(self, node: n.Node) -> str:
        """Whether the condition is true at the printed figures."""
        match node:
            case n.Compare(op, left, right) if is_text(left):
                return f"{self.text(left)} {op} {self.text(right)}"
            case n.Compare():
                found = stated(node)
                return self._as_stated(node, found[0] if found else None)
            case n.Both(left, right):
                return f"({self.holds(left)}) AND ({self.holds(right)})"
            case n.Either(left, right):
                return f"({self.holds(left)}) OR ({self.holds(right)})"
            case n.Not(of):
                return f"NOT ({self.holds(of)})"
            case n.Missing(of):
                return f"({self.text(of) if is_text(of) else self.total(form(of))}) IS NULL"
            case n.OneOf(of, values):
                return f"{self.text(of)} IN ({', '.join(map(literal, values))})"
            case n.SaysNothing(of):
                return f"regexp_full_match({self.text(of)}, {literal(NOTHING_SAID)})"
            case n.GradeIs(total, word):
                return self._grade(total, word)
        raise NotCovered

    def against(self, op: str, node: n.Node, edge: Fraction) -> str:
        """A measure at the printed figures against a number, multiplied out: an edge such as 95.99995% needs no decimals."""
        side = Side.of(node)
        bottom = self.total(side.bottom)
        top, edge_top = (
            f"({self._top(side)} * {edge.denominator})",
            f"({bottom} * {edge.numerator})",
        )
        return by_sign(bottom, f"{top} {op} {edge_top}", f"{top} {MIRROR[op]} {edge_top}")

    def taken(self, node: n.Node) -> Ends:
        """Whether the condition of a case may be true, and false; figures that are equal in print are equal."""
        match node:
            case n.Not(of):
                can, fail = self.taken(of)
                return fail, can
            case n.Both(left, right) | n.Either(left, right):
                (a, b), (c, d) = self.taken(left), self.taken(right)
                one, other = ("AND", "OR") if isinstance(node, n.Both) else ("OR", "AND")
                return f"(({a}) {one} ({c}))", f"(({b}) {other} ({d}))"
            case n.Compare(op, left, right) if not is_text(left):
                can, fail = self.possible(node), self.possible(n.Compare(OPPOSITE[op], left, right))
                if op not in ("=", "<>"):
                    return can, fail
                same = self.holds(n.Compare("=", left, right))
                yes, no = ("TRUE", "FALSE") if op == "=" else ("FALSE", "TRUE")
                return (
                    f"CASE WHEN {same} THEN {yes} ELSE {can} END",
                    f"CASE WHEN {same} THEN {no} ELSE {fail} END",
                )
        holds = self.holds(node)
        return holds, f"NOT ({holds})"

    def _by_case(self, node: n.Compare, told: Callable[[n.Compare], str]) -> str:
        """A comparison with a case of quotients, branch by branch."""
        of, compared, _other = side_of(node)
        return branches(of, self.holds, lambda value: told(compared(value)), self.same)

    def same(self, left: n.Node, right: n.Node) -> str:
        """Whether two numbers are equal, to the last digit."""
        return self._as_stated(n.Compare("=", left, right), None)

    def _by_span(self, node: n.Compare, slack: Fraction) -> str:
        """The same within rounding. Where both ways are open, the branch and the rest are one stretch from the lower to the higher of them."""
        of, compared, other = side_of(node)
        (condition, value), rest = of.branches[0], rest_of(of, 0)
        if len(of.branches) > 1 or (
            linear(value) is not None and set(n.leaves(value)) & set(n.leaves(other))
        ):
            raise NotCovered
        (can, fail), own = self.taken(condition), self.possible(compared(value), slack)
        if value == rest:
            return own
        only = f"CASE WHEN ({can}) AND NOT ({fail}) THEN {own}"
        if rest is None:
            return f"{only} END"
        if linear(rest) is not None and set(n.leaves(rest)) & set(n.leaves(other)):
            raise NotCovered
        there = self.possible(compared(rest), slack)
        ops: tuple[n.Op, ...] = ("<=", ">=") if node.op == "=" else (node.op,)
        either = [
            " OR ".join(
                f"({self.possible(replace(compared(v), op=op), slack)})" for v in (value, rest)
            )
            for op in ops
        ]
        within = " AND ".join(f"({test})" for test in either)
        known = f"({own}) IS NOT NULL AND ({there}) IS NOT NULL"
        return f"{only} WHEN ({fail}) AND NOT ({can}) THEN {there} WHEN ({can}) AND ({fail}) THEN CASE WHEN {known} THEN {within} END END"

    def _as_stated(self, node: n.Compare, at: n.Leaf | None) -> str:
        """A comparison at the printed figures, where a stated figure equals what rounds to it."""
        with suppress(NotCovered):
            return self._rounded(node, at)
        if isinstance(node.left, n.Case) or isinstance(node.right, n.Case):
            return self._by_case(node, lambda of: self._as_stated(of, at))
        raise NotCovered

    def _rounded(self, node: n.Compare, at: n.Leaf | None) -> str:
        made = self._at_printed(node.op, node.left, node.right)
        if at is None:
            return made
        other, figure = node.right if node.left == at else node.left, form(at)
        low, high = self.ends(figure)
        above = f"{self._to('>', other, low)} OR ({self._to('=', other, low)} AND {self.total(figure)} > 0)"
        below = f"{self._to('<', other, high)} OR ({self._to('=', other, high)} AND {self.total(figure)} < 0)"
        same = f"(({above}) AND ({below}))"
        return f"({made} OR {same})" if "=" in node.op else f"({made} AND NOT {same})"

    def _to(self, op: str, node: n.Node, edge: str) -> str:
        """A number at the printed figures against a sum: it itself, or a quotient multiplied out."""
        with suppress(NotCovered):
            return f"{printed(node, self)} {op} {edge}"
        side = Side.of(node)
        bottom, top = self.total(side.bottom), self._top(side)
        above, under = f"{top} {op} {edge} * {bottom}", f"{top} {MIRROR[op]} {edge} * {bottom}"
        return by_sign(bottom, above, under)

    def _at_printed(self, op: str, left: n.Node, right: n.Node) -> str:
        """A comparison at the printed figures: sums and what is made of them, or quotients multiplied out."""
        with suppress(NotCovered):
            return f"{printed(left, self)} {op} {printed(right, self)}"
        one, other = Side.of(left), Side.of(right)
        d1, d2 = self.total(one.bottom), self.total(other.bottom)
        mine, theirs = f"{self._top(one)} * {d2}", f"{self._top(other)} * {d1}"
        sign = f"sign({d1}) * sign({d2})"
        return f"CASE {sign} WHEN 1 THEN {mine} {op} {theirs} WHEN -1 THEN {mine} {MIRROR[op]} {theirs} END"

    def _top(self, side: Side) -> str:
        return f"abs({self.total(side.top)})" if side.absolute else self.total(side.top)

    def _apart(self, op: str, left: n.Node, right: n.Node, slack: Fraction) -> str:
        """Sides taken apart, each with its own rounding, over exact figures (counts, numbers): low and high of left × other's bottom − right × own."""
        one, other = exact_sides(left, right, self.tables)
        d1, d2 = self._middle(one.bottom), self._middle(other.bottom)
        mine, theirs = (
            [f"{end} * {d}" for end in self._ends(side)] for side, d in ((one, d2), (other, d1))
        )
        room = f"{number(slack)} * abs({d1} * {d2})"
        low = f"(least({', '.join(mine)}) - greatest({', '.join(theirs)}) - {room})"
        high = f"(greatest({', '.join(mine)}) - least({', '.join(theirs)}) + {room})"
        return f"CASE sign({d1}) * sign({d2}) WHEN 1 THEN {may(op, low, high)} WHEN -1 THEN {may(MIRROR[op], low, high)} END"

    def _ends(self, side: Side) -> Ends:
        low, high = self.ends(side.top)
        return (
            (f"greatest({low}, - {high}, 0 * {low})", f"greatest(abs({low}), abs({high}))")
            if side.absolute
            else (low, high)
        )

    def _can(self, op: str, left: n.Node, right: n.Node, slack: Fraction) -> str:
        """Whether a comparison of two numbers can be true within rounding. Raises NotCovered."""
        if linear(left) is None or linear(right) is None:
            with suppress(NotCovered):
                (a, b), (c, d) = ends(left, self), ends(right, self)
                return may(op, f"({a} - {d} - {number(slack)})", f"({b} - {c} + {number(slack)})")
            if Side.of(left).divided and Side.of(right).divided:
                return self._apart(op, left, right, slack)
            if linear(right) is not None and isinstance(left, n.Arithmetic) and left.op == "/":
                return self._can(MIRROR.get(op, op), right, left, slack)
        top, bottom, factor = as_quotient(left, right)
        if bottom is None:
            return self._sums_can(op, left, right, slack)
        if slack:
            raise NotCovered
        return self._quotient_can(op, top, bottom, factor)

    def _sums_can(self, op: str, left: n.Node, right: n.Node, slack: Fraction) -> str:
        """The same of two sums: of what they differ by."""
        whole = linear(n.Arithmetic("-", left, right))
        if whole is None:
            raise NotCovered
        middle, half = self._middle(whole), self._slack(whole, slack)
        return may(op, f"{middle} - ({half})", f"{middle} + ({half})")

    def _quotient_can(self, op: str, top: Linear, bottom: Linear, factor: Linear) -> str:
        """The same of `factor = top ÷ bottom`: of factor × bottom − top, where the sign of the bottom is certain."""
        value, half = self._middle(factor), self._slack(factor, Fraction(0))
        lows, highs = [], []
        for end in (f"(({value}) - ({half}))", f"(({value}) + ({half}))"):
            middle = f"({end} * ({self._middle(bottom)}) - ({self._middle(top)}))"
            spread = self._spread(end, top, bottom)
            lows.append(f"({middle} - ({spread}))")
            highs.append(f"({middle} + ({spread}))")
        low, high = f"least({', '.join(lows)})", f"greatest({', '.join(highs)})"
        below, gap = self._middle(bottom), self._slack(bottom, Fraction(0))
        above, under = f"({below}) - ({gap}) > 0", f"({below}) + ({gap}) < 0"
        return f"CASE WHEN {above} THEN {may(op, low, high)} WHEN {under} THEN {may(MIRROR[op], low, high)} END"

    def _spread(self, end: str, top: Linear, bottom: Linear) -> str:
        """Σ half × |end × coefficient below − coefficient above| over all figures."""
        above, below = dict(top.coefficients), dict(bottom.coefficients)
        parts = ["0"]
        for leaf in dict.fromkeys((*above, *below)):
            slope = f"({end} * {number(below.get(leaf, Fraction(0)))} - {number(above.get(leaf, Fraction(0)))})"
            parts.append(f"{self._half(leaf)} * abs{slope}")
        return " + ".join(parts)

    def _grade(self, total: n.Node, word: n.Node) -> str:
        value, said = self.total(form(total)), self.text(word)
        rows = []
        for grade in self.book.source.head.grades:
            tests = [f"{said} IN ({', '.join(map(literal, (grade.name, *grade.aliases)))})"]
            for end, op, closed in (
                (grade.when.low, ">", grade.when.low_closed),
                (grade.when.high, "<", grade.when.high_closed),
            ):
                if end is not None:
                    tests.append(f"{value} {op}{'=' if closed else ''} {number(Fraction(end))}")
            rows.append(f"({' AND '.join(tests)})")
        return f"CASE WHEN {value} IS NOT NULL AND {said} IS NOT NULL THEN {' OR '.join(rows)} END"
