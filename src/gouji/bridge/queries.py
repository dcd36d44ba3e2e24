"""Tie-outs -> one query each over the input tables, giving the units that are 不平: a second way to the verdict, made without `compile`.

Where `compile` builds intervals of both sides, this asks whether F = left × D − N can be zero while figures move within rounding, for
`left = N ÷ D` with N, D linear: F is linear in every figure, so its extremes follow from its coefficients. Decimals, no quotient anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from gouji.load.tables import ColumnRole, Role, Table
from gouji.measure import nodes as n
from gouji.measure.exact import OPPOSITE, is_text
from gouji.measure.linear import Linear, linear
from gouji.validate import ResolvedBook, ResolvedTieOut

# Where Great Expectations puts the batch: the table of units.
BATCH = "{batch}"


class NotCovered(Exception):
    """A relation of a shape that this second way does not speak."""


@dataclass(frozen=True, slots=True)
class Query:
    """One rule as a query: rows are units that fail it."""

    code: str
    name: str
    severity: str
    clause: str
    sql: str


def queries(book: ResolvedBook) -> tuple[tuple[Query, ...], tuple[str, ...]]:
    """The queries, and the codes of tie-outs that this second way does not speak (min, max, case, products of figures)."""
    made, left_out = [], []
    for tie in book.tie_outs:
        try:
            made.append(_query(book, tie))
        except NotCovered:
            left_out.append(tie.code)
    return tuple(made), tuple(left_out)


def _query(book: ResolvedBook, tie: ResolvedTieOut) -> Query:
    units = book.table_of(Role.UNITS)
    assert units is not None
    teller = _Conditions(book.tables, units, book.year, book)
    unit, year = units.with_role(ColumnRole.UNIT).name, units.with_role(ColumnRole.YEAR).name
    slack = Fraction(tie.rule.tolerance.amount) if tie.rule.tolerance else Fraction(0)
    wrong = f"NOT ({teller.possible(tie.check, slack)})"
    if tie.applies is not None:
        wrong = f"({teller.holds(tie.applies)}) AND {wrong}"
    text = f"SELECT u.{_q(unit)} FROM (SELECT * FROM {BATCH}) u{teller.joined()} WHERE u.{_q(year)} = {book.year} AND {wrong}"
    return Query(tie.code, tie.rule.name, tie.rule.severity.value, f"{tie.rule.basis.document} {tie.rule.basis.clause}", text)


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _t(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class _Conditions:
    """Conditions as SQL text over `u`, the row of the unit, and the rows joined to it: of one-row tables, of aggregates."""

    def __init__(self, tables: Mapping[str, Table], units: Table, year: int, book: ResolvedBook) -> None:
        self.tables, self.units, self.year, self.book = tables, units, year, book
        self.joins: dict[tuple[str, bool] | n.Aggregate, str] = {}

    def joined(self) -> str:
        """The joins that the conditions told so far need."""
        # Joins, not subqueries in place: DuckDB takes most of a second to plan a rule with twenty of those.
        own = self.units.with_role(ColumnRole.UNIT).name
        return "".join(f" LEFT JOIN {source} j{i} ON j{i}.unit = u.{_q(own)}" for i, source in enumerate(self.joins.values()))

    def _alias(self, key: tuple[str, bool] | n.Aggregate, source: str) -> str:
        self.joins.setdefault(key, source)
        return f"j{list(self.joins).index(key)}"

    def _rows(self, table: str, prior: bool) -> tuple[str, str]:
        """The column of the unit, and the rows of the year."""
        described = self.tables[table]
        unit, year = (_q(described.with_role(r).name) for r in (ColumnRole.UNIT, ColumnRole.YEAR))
        return f"t.{unit}", f"FROM {_q(table)} t WHERE t.{year} = {self.year - prior}"

    def possible(self, node: n.Node, slack: Fraction = Fraction(0)) -> str:
        """Whether figures within rounding can make the condition true."""
        match node:
            case n.Compare(op, left, right) if not is_text(left):
                return self._can(op, left, right, slack)
            case n.Both(left, right):
                return f"({self.possible(left)}) AND ({self.possible(right)})"
            case n.Either(left, right):
                return f"({self.possible(left)}) OR ({self.possible(right)})"
            case n.Not(n.Compare(op, left, right)) if not is_text(left):
                return self._can(OPPOSITE[op], left, right, slack)
            case n.Not(of) if not isinstance(of, (n.Both, n.Either, n.Not)):
                return f"NOT ({self.holds(of)})"
        return self.holds(node)

    def holds(self, node: n.Node) -> str:
        """Whether the condition is true at the printed figures."""
        match node:
            case n.Compare(op, left, right) if is_text(left):
                return f"{self.text(left)} {op} {self.text(right)}"
            case n.Compare(op, left, right):
                a, b = linear(left), linear(right)
                if a is None or b is None:
                    raise NotCovered
                return f"{self._sum(a)} {op} {self._sum(b)}"
            case n.Both(left, right):
                return f"({self.holds(left)}) AND ({self.holds(right)})"
            case n.Either(left, right):
                return f"({self.holds(left)}) OR ({self.holds(right)})"
            case n.Not(of):
                return f"NOT ({self.holds(of)})"
            case n.Missing(of):
                return f"({self.text(of) if is_text(of) else self._sum(_form(of))}) IS NULL"
            case n.OneOf(of, values):
                return f"{self.text(of)} IN ({', '.join(map(_t, values))})"
            case n.GradeIs(total, word):
                return self._grade(total, word)
        raise NotCovered

    def _can(self, op: str, left: n.Node, right: n.Node, slack: Fraction) -> str:
        top, bottom, factor = _as_quotient(left, right)
        if bottom is None:
            whole = linear(n.Arithmetic("-", left, right))
            if whole is None:
                raise NotCovered
            low, high = f"{self._sum(whole)} - ({self._slack(whole, slack)})", f"{self._sum(whole)} + ({self._slack(whole, slack)})"
            return _test(op, low, high)
        if slack:
            raise NotCovered
        value, half = self._sum(factor), self._slack(factor, slack)
        lows, highs = [], []
        for end in (f"(({value}) - ({half}))", f"(({value}) + ({half}))"):
            middle = f"({end} * ({self._sum(bottom)}) - ({self._sum(top)}))"
            spread = self._spread(end, top, bottom)
            lows.append(f"({middle} - ({spread}))")
            highs.append(f"({middle} + ({spread}))")
        low, high = f"least({', '.join(lows)})", f"greatest({', '.join(highs)})"
        gap = self._slack(bottom, Fraction(0))
        above, under = f"({self._sum(bottom)}) - ({gap}) > 0", f"({self._sum(bottom)}) + ({gap}) < 0"
        return f"CASE WHEN {above} THEN {_test(op, low, high)} WHEN {under} THEN {_test(_MIRROR[op], low, high)} END"

    def _spread(self, end: str, top: Linear, bottom: Linear) -> str:
        """Σ half × |end × coefficient below − coefficient above| over all figures."""
        above, below = dict(top.coefficients), dict(bottom.coefficients)
        parts = ["0"]
        for leaf in dict.fromkeys((*above, *below)):
            slope = f"({end} * {_number(below.get(leaf, Fraction(0)))} - {_number(above.get(leaf, Fraction(0)))})"
            parts.append(f"{self._half(leaf)} * abs{slope}")
        return " + ".join(parts)

    def _sum(self, form: Linear) -> str:
        parts = [f"{_number(c)} * {self._value(leaf)}" for leaf, c in form.coefficients]
        return "(" + " + ".join([*parts, _number(form.constant)]) + ")"

    def _slack(self, form: Linear, slack: Fraction) -> str:
        return " + ".join([*(f"{_number(abs(c))} * {self._half(leaf)}" for leaf, c in form.coefficients), _number(slack)])

    def _value(self, leaf: n.Leaf) -> str:
        return f"{self._grouped(leaf)}.v" if isinstance(leaf, n.Aggregate) else self._column(leaf, leaf.column)

    def _half(self, leaf: n.Leaf) -> str:
        column = self.tables[leaf.table].column(leaf.column)
        assert column is not None
        if column.exact or (isinstance(leaf, n.Aggregate) and leaf.func == "count"):
            return "0"
        return f"{self._grouped(leaf)}.h" if isinstance(leaf, n.Aggregate) else self._column(leaf, leaf.column + "±")

    def _column(self, leaf: n.Figure | n.Word, name: str) -> str:
        unit, rows = self._rows(leaf.table, leaf.prior)
        return f"{self._alias((leaf.table, leaf.prior), f'(SELECT *, {unit} AS unit {rows})')}.{_q(name)}"

    def _grouped(self, leaf: n.Aggregate) -> str:
        name, column = _q(leaf.column), self.tables[leaf.table].column(leaf.column)
        where = f"({self._row(leaf.where)})" if leaf.where is not None else "TRUE"
        if leaf.func == "count":
            made = f"CASE WHEN count(*) FILTER (WHERE {where} IS NULL) = 0 THEN count(t.{name}) FILTER (WHERE {where}) END"
        else:
            gap = f"{where} IS NULL OR ({where} AND t.{name} IS NULL)"
            made = f"CASE WHEN count(*) FILTER (WHERE {gap}) = 0 THEN coalesce(sum(t.{name}) FILTER (WHERE {where}), 0) END"
        exact = column is None or column.exact or leaf.func == "count"
        half = "0" if exact else f"coalesce(sum(t.{_q(leaf.column + '±')}) FILTER (WHERE {where}), 0)"
        unit, rows = self._rows(leaf.table, leaf.prior)
        return self._alias(leaf, f"(SELECT {unit} AS unit, {made} AS v, {half} AS h {rows} GROUP BY 1)")

    def _row(self, node: n.Node) -> str:
        """A filter over the row `t` itself."""
        match node:
            case n.Compare(op, left, right):
                return f"{self._in_row(left)} {op} {self._in_row(right)}"
            case n.Both(left, right):
                return f"({self._row(left)}) AND ({self._row(right)})"
            case n.Either(left, right):
                return f"({self._row(left)}) OR ({self._row(right)})"
            case n.Not(of):
                return f"NOT ({self._row(of)})"
            case n.Missing(of):
                return f"{self._in_row(of)} IS NULL"
            case n.OneOf(of, values):
                return f"{self._in_row(of)} IN ({', '.join(map(_t, values))})"
        raise NotCovered

    def _in_row(self, node: n.Node) -> str:
        match node:
            case n.Figure() | n.Word():
                return f"t.{_q(node.column)}"
            case n.Number(value):
                return _number(value)
            case n.Text(value):
                return _t(value)
        raise NotCovered

    def text(self, node: n.Node) -> str:
        """A text literal or column."""
        if isinstance(node, n.Text):
            return _t(node.value)
        if isinstance(node, n.Word):
            return self._column(node, node.column)
        raise NotCovered

    def _grade(self, total: n.Node, word: n.Node) -> str:
        value, said = self._sum(_form(total)), self.text(word)
        rows = []
        for grade in self.book.source.head.grades:
            tests = [f"{said} IN ({', '.join(map(_t, (grade.name, *grade.aliases)))})"]
            for end, op, closed in ((grade.when.low, ">", grade.when.low_closed), (grade.when.high, "<", grade.when.high_closed)):
                if end is not None:
                    tests.append(f"{value} {op}{'=' if closed else ''} {_number(Fraction(end))}")
            rows.append(f"({' AND '.join(tests)})")
        return f"CASE WHEN {value} IS NOT NULL AND {said} IS NOT NULL THEN {' OR '.join(rows)} END"


_MIRROR = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _test(op: str, low: str, high: str) -> str:
    match op:
        case "=":
            return f"({low} <= 0 AND {high} >= 0)"
        case "<>":
            return f"NOT ({low} = 0 AND {high} = 0)"
        case "<" | "<=":
            return f"({low} {op} 0)"
    return f"({high} {op} 0)"


def _as_quotient(left: n.Node, right: n.Node) -> tuple[Linear, Linear | None, Linear]:
    """left = N ÷ D with one figure (or number) on the left -> (N, D, left); D is None when neither side is a quotient."""
    none = Linear((), Fraction(0))
    if linear(left) is not None and linear(right) is not None:
        return none, None, none
    if not (isinstance(right, n.Arithmetic) and right.op == "/"):
        raise NotCovered
    factor, top, bottom = _form(left), _form(right.left), _form(right.right)
    shared = {leaf for leaf, _ in factor.coefficients} & {leaf for leaf, _ in (*top.coefficients, *bottom.coefficients)}
    if len(factor.coefficients) > 1 or (factor.constant and factor.coefficients) or shared:
        raise NotCovered
    return top, bottom, factor


def _form(node: n.Node) -> Linear:
    form = linear(node)
    if form is None:
        raise NotCovered
    return form


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return f"({value.numerator})"
    if 10**6 % value.denominator:
        raise NotCovered
    return f"({value.numerator * (10**6 // value.denominator)} * 0.000001)"


__all__ = ["NotCovered", "Query", "queries"]
