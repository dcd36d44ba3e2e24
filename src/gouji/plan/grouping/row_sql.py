"""Rows of one table as a grouping sees them: SQL of their figures, of conditions on them, and of aggregates over those that count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sqlglot import exp

from gouji.expression import nodes as n
from gouji.expression import words
from gouji.plan.engine.sql_engines import target
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.branches import Ends
from gouji.plan.sql.expression_sql import SqlReading
from gouji.plan.sql.rational import Quantity, Whole
from gouji.plan.sql.shapes import Sql
from gouji.rules import KEPT_PLACES, WHOLE_DIGITS, Column, Table, half_place

HALF = "±"
PRIOR = "@上年"
# Before the number of a step of an expression over a row.
STEP = "#"
ROWS_AT_MOST = 10**6
# Digits of a decimal of 64 bits, which is what the figures of a table are.
NARROW = 18
# (table, column) -> digits before the point that figures of a column are known to have at most.
Limits = Mapping[tuple[str, str], int]


def scale_of(column: Column, has_halves: bool) -> int:
    """Decimal places of the whole numbers that stand for a figure: as many as kept, one more where half a last place would not be whole."""
    kept = KEPT_PLACES[column.type]
    return (
        kept
        if not has_halves and (half_place(column) * 10**kept).denominator == 1
        else kept + (0 if column.exact else 1)
    )


@dataclass(frozen=True, slots=True)
class Source:
    """How the rows of one table are seen from inside a grouping, or from a join: SQL of its columns."""

    table: Table
    alias: str
    has_halves: bool
    limits: Limits = field(default_factory=dict)
    full: frozenset[tuple[str, str]] = frozenset()

    def lacks(self, name: str) -> bool:
        """Whether a row may lack a value in the column."""
        return (self.table.table, name) not in self.full

    def _digits(self, column: Column) -> int:
        """Digits before the point that figures of the column have at most."""
        most = WHOLE_DIGITS[column.type]
        if column.at_least is not None and column.at_most is not None:
            # A row outside is set aside.
            most = min(most, len(str(int(max(abs(column.at_least), abs(column.at_most))))))
        return min(most, self.limits.get((self.table.table, column.name), most))

    def whole(self, name: str) -> Whole:
        """A figure as a whole number."""
        column = self.table.column(name)
        assert column is not None
        places, kept, digits = (
            scale_of(column, self.has_halves),
            KEPT_PLACES[column.type],
            self._digits(column),
        )
        cell: Sql = sql.column(name, self.alias)
        if places and digits + kept + places > NARROW:
            # A decimal times a whole number keeps its places and its eighteen digits: shares and areas would not fit.
            cell = sql.cast(cell, f"DECIMAL(38, {kept})")
        shifted = sql.binary(exp.Mul, cell, sql.whole(10**places)) if places else cell
        return Whole(sql.cast(shifted, "BIGINT"), 10 ** (digits + places))

    def half(self, name: str) -> Whole:
        """Half of its last printed place, in the same whole numbers."""
        column = self.table.column(name)
        assert column is not None
        shift = 10 ** scale_of(column, self.has_halves)
        usual = int(half_place(column) * shift)
        if column.exact or not self.has_halves:
            return q.literal(usual)
        own = sql.cast(
            sql.binary(exp.Mul, sql.column(name + HALF, self.alias), sql.whole(shift)), "BIGINT"
        )
        return Whole(
            sql.function(exp.Coalesce, own, sql.whole(usual)),
            10 ** WHOLE_DIGITS[column.type] * shift,
        )

    def quantity(self, whole: Whole, name: str) -> Quantity:
        """Whole number -> quantity in the base unit."""
        column = self.table.column(name)
        assert column is not None
        return Quantity(whole, q.ONE, Fraction(1, 10 ** scale_of(column, self.has_halves)))


@dataclass(frozen=True, slots=True)
class Rows:
    """Leaves inside the filter of an aggregate: columns of the same row."""

    source: Source

    def value(self, leaf: n.Leaf) -> Quantity:
        return self.source.quantity(self.source.whole(leaf.column), leaf.column)

    def ends(self, leaf: n.Leaf) -> Ends:
        value = self.value(leaf)
        half = self.source.quantity(self.source.half(leaf.column), leaf.column)
        return Ends(q.add(value, q.negate(half)), q.add(value, half))

    def half(self, leaf: n.Leaf) -> Quantity | None:
        return self.source.quantity(self.source.half(leaf.column), leaf.column)

    def word(self, word: n.Word) -> Sql:
        return sql.column(word.column, self.source.alias)

    def sent(self, table: str, prior: bool) -> Sql:
        return exp.true()


@dataclass(slots=True)
class RowSteps:
    """Named steps of expressions over one row of a table: each stands in a layer above the steps that it reads, all below the grouping."""

    alias: str
    layers: list[dict[str, Sql]] = field(default_factory=list)
    depth: dict[str, int] = field(default_factory=dict)
    named: dict[Sql, Sql] = field(default_factory=dict)

    def keep(self, of: Quantity) -> Quantity:
        """The same quantity, its parts as columns."""
        return Quantity(self._part(of.num), self._part(of.den), of.scale)

    def _part(self, of: Whole) -> Whole:
        if of.constant is not None or isinstance(of.sql, exp.Column):
            return of
        if of.sql not in self.named:
            reads = (self.depth.get(c.name, -1) for c in of.sql.find_all(exp.Column))
            at, name = 1 + max(reads, default=-1), f"{STEP}{len(self.named)}"
            self.layers += [{} for _ in range(at + 1 - len(self.layers))]
            self.layers[at][name], self.depth[name] = of.sql, at
            self.named[of.sql] = sql.column(name, self.alias)
        return Whole(self.named[of.sql], of.bound)

    def over(self, rows: exp.Select) -> exp.Select:
        """Some rows with every step beside them."""
        for layer in self.layers:
            below = rows.subquery(exp.to_identifier(self.alias, quoted=True), copy=False)
            rows = exp.select(exp.Star(), *(sql.named(e, name) for name, e in layer.items()))
            rows = rows.from_(below, copy=False)
        return rows


@dataclass(frozen=True, slots=True)
class Aggregated:
    """An aggregate in SQL: a whole number, how large it may get, and what one of it is worth in the base unit."""

    sql: Sql
    bound: int
    scale: Fraction


def aggregate(leaf: n.Aggregate, source: Source, end: str, steps: RowSteps) -> Aggregated:
    """The aggregate, without value when a row that counts lacks its figure, or when it is unknown whether a row counts."""
    chosen = chosen_rows(leaf, source)
    doubt = None if chosen is None or _certain(leaf.where, source) else sql.is_null(chosen)
    taken = _taken(leaf, source, end, steps)
    whole = taken.num
    if leaf.func == "count":
        return _counted(whole, chosen, doubt)
    lacks = leaf.of is not None or source.lacks(leaf.column)
    bound = whole.bound * (ROWS_AT_MOST if leaf.func == "sum" else 1)
    if bound > target().greatest:
        raise q.TooManyDigits
    if leaf.func == "sum" and lacks and doubt is None and 2 * bound < q.LONG:
        return Aggregated(_sum_or_nothing(whole, chosen, bound), bound, taken.scale)
    made = _extreme_or_sum(leaf.func, whole.sql, bound, chosen)
    gaps = [] if doubt is None else [doubt]
    if lacks:
        own = whole.sql if leaf.of is not None else sql.column(leaf.column, source.alias)
        gaps.append(_lacking(own, chosen))
    told = _unless_unknown(made, sql.any_of(gaps)) if gaps else made
    return Aggregated(told, bound, taken.scale)


def _lacking(own: Sql, chosen: Sql | None) -> Sql:
    """Whether a row that counts lacks its figure."""
    absent = sql.is_null(own)
    return absent if chosen is None else sql.all_of([chosen, absent])


def _counted(whole: Whole, chosen: Sql | None, doubt: Sql | None) -> Aggregated:
    made = filtered(exp.Count(this=whole.sql), chosen)
    told = _unless_unknown(made, doubt) if doubt is not None else made
    return Aggregated(told, ROWS_AT_MOST, Fraction(1))


def _extreme_or_sum(func: str, of: Sql, bound: int, chosen: Sql | None) -> Sql:
    """Least, greatest or sum of the rows that count; zero is the sum of none."""
    if func == "sum":
        total = filtered(q.sum_of(of, bound), chosen)
        return narrow(sql.function(exp.Coalesce, total, sql.whole(0)), bound)
    return filtered((exp.Min if func == "min" else exp.Max)(this=of), chosen)


def _taken(leaf: n.Aggregate, source: Source, end: str, steps: RowSteps) -> Quantity:
    """What is taken of one row: a whole number, NULL where the row has no value."""
    if leaf.of is not None:
        reading = SqlReading(Rows(source), keep=steps.keep)
        if not end:
            made = reading.value(leaf.of)
        else:
            ends = reading.interval(leaf.of)
            made = ends.low if end == "↓" else ends.high
        # What rows are divided by has no common measure; `validate` refuses it.
        assert made.den.constant == 1
        return steps.keep(made)
    if leaf.func == "count":
        return Quantity(Whole(sql.column(leaf.column, source.alias), 0), q.ONE, Fraction(1))
    whole = source.whole(leaf.column)
    if end:
        half = source.half(leaf.column)
        whole = q.plus(whole, q.minus(half) if end == "↓" else half)
    return source.quantity(whole, leaf.column)


def _sum_or_nothing(of: Whole, chosen: Sql | None, bound: int) -> Sql:
    """A sum that lies within `bound`, without value when a row lacks its figure: such a row counts as more than the sum can ever make up for."""
    beyond = 2 * bound + 1
    made = sql.function(exp.Coalesce, of.sql, sql.whole(beyond))
    told = filtered(q.sum_of(made, beyond * ROWS_AT_MOST), chosen)
    whole = sql.function(exp.Coalesce, told, sql.whole(0))
    return sql.case([(sql.binary(exp.LTE, whole, sql.whole(bound)), narrow(whole, bound))])


def narrow(of: Sql, bound: int) -> Sql:
    """A sum is of 128 bits to the engine; where 64 hold it, all that is done with it takes a fraction of the time."""
    return sql.cast(of, "BIGINT") if bound <= q.LONG else of


def chosen_rows(leaf: n.Aggregate, source: Source) -> Sql | None:
    """Whether a row counts; None when all do."""
    return SqlReading(Rows(source)).truth(leaf.where).holds if leaf.where is not None else None


def _certain(where: n.Node | None, source: Source) -> bool:
    """Whether a condition on a row is always decided: it compares a text that no row lacks with words, or no row lacks any column it reads."""
    match where:
        case (
            n.Compare(_, n.Word(column=name), n.Text())
            | n.OneOf(n.Word(column=name), _)
            | n.SaysNothing(n.Word(column=name))
        ):
            column = source.table.column(name)
            if column is not None and column.null == "never":
                return True
    parts = list(n.walk(where)) if where is not None else []
    divides = any(isinstance(x, n.Arithmetic) and x.op == "/" for x in parts)
    there = _there(where) if where is not None else frozenset()
    return not divides and not any(
        source.lacks(x.column) and x.column not in there
        for x in parts
        if isinstance(x, (n.Figure, n.Word))
    )


def _there(where: n.Node) -> frozenset[str]:
    """Columns of which a condition asks as well that they have a value: where they have none it is false, whatever the rest is."""
    match where:
        case n.Both(left, right):
            return _there(left) | _there(right)
        case n.Not(n.Missing(n.Figure(column=name) | n.Word(column=name))):
            return frozenset((name,))
    return frozenset()


def _unless_unknown(made: Sql, gap: Sql) -> Sql:
    return sql.case(
        [(sql.binary(exp.EQ, filtered(exp.Count(this=exp.Star()), gap), sql.whole(0)), made)]
    )


def filtered(made: Sql, chosen: Sql | None) -> Sql:
    """An aggregate over the rows that count; None: all of them."""
    return made if chosen is None else exp.Filter(this=made, expression=exp.Where(this=chosen))


def all_exact(source: Source, leaf: n.Aggregate) -> bool:
    """Whether every figure that it takes in, or that decides what it takes, is the figure itself."""
    columns = (source.table.column(name) for name in leaf.columns)
    return all(c is not None and (c.exact or not c.numeric) for c in columns)


def title_of(leaf: n.Leaf) -> str:
    """What the column of a figure or aggregate is called in a plan."""
    base = f"{leaf.table}.{leaf.column}{PRIOR if leaf.prior else ''}"
    if isinstance(leaf, n.Figure):
        return base
    if leaf.of is not None:
        base = f"{words(leaf.of)}{PRIOR if leaf.prior else ''}"
    return f"{leaf.func}({base})" + (f"[{words(leaf.where)}]" if leaf.where is not None else "")
