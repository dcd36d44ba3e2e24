"""Figures that rules name -> columns of one row a unit: each table joined once, each many-row table grouped once.

A figure column of a table is DECIMAL in its base unit. A table may carry, beside a column `甲`, a column `甲±`: half of the last
printed place of that very figure; without it, the table description's unit and places hold for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sqlglot import exp

from gouji.compile import quantity as q
from gouji.compile import sql
from gouji.compile.quantity import Quantity, Whole
from gouji.compile.reading import Ends, Leaves, Reading
from gouji.compile.sql import Sql
from gouji.compile.titles import NAME, UNIT
from gouji.load.tables import KEPT_PLACES, WHOLE_DIGITS, Column, ColumnRole, Table, half_place
from gouji.measure import nodes as n
from gouji.measure.working import words

HALF, PRIOR = "±", "@上年"
ROWS_AT_MOST = 10**6
# Digits of a decimal of 64 bits, which is what the figures of a table are.
NARROW = 18
# A table, and whether of the year before.
Home = tuple[str, bool]
# (table, column) -> digits before the point that figures of a column are known to have at most.
Limits = Mapping[tuple[str, str], int]


def scale_of(column: Column, has_halves: bool) -> int:
    """Decimal places of the whole numbers that stand for a figure: as many as kept, one more where half a last place would not be whole."""
    kept = KEPT_PLACES[column.type]
    return kept if not has_halves and (half_place(column) * 10**kept).denominator == 1 else kept + (0 if column.exact else 1)


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
        return min(WHOLE_DIGITS[column.type], self.limits.get((self.table.table, column.name), WHOLE_DIGITS[column.type]))

    def whole(self, name: str) -> Whole:
        """A figure as a whole number."""
        column = self.table.column(name)
        assert column is not None
        places, kept, digits = scale_of(column, self.has_halves), KEPT_PLACES[column.type], self._digits(column)
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
        own = sql.cast(sql.binary(exp.Mul, sql.column(name + HALF, self.alias), sql.whole(shift)), "BIGINT")
        return Whole(sql.function(exp.Coalesce, own, sql.whole(usual)), 10 ** WHOLE_DIGITS[column.type] * shift)

    def quantity(self, whole: Whole, name: str) -> Quantity:
        """Whole number -> quantity in the base unit."""
        column = self.table.column(name)
        assert column is not None
        return Quantity(whole, q.ONE, Fraction(1, 10 ** scale_of(column, self.has_halves)))


@dataclass(frozen=True, slots=True)
class _Rows:
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
class Facts:
    """Collects what rules name; afterwards `select` is the query that gives one row a unit. The only mutable thing in compile.

    `full` are the columns that no row lacks, where that is known of the data; results do not depend on it, speed does.
    """

    tables: Mapping[str, Table]
    halves: frozenset[str]
    year: int
    limits: Limits = field(default_factory=dict)
    columns: dict[str, Sql] = field(default_factory=dict)
    joins: dict[tuple[str, bool], None] = field(default_factory=dict)
    groups: dict[tuple[str, bool], dict[str, Sql]] = field(default_factory=dict)
    derived: dict[str, exp.Select] = field(default_factory=dict)
    absent: frozenset[tuple[str, bool]] = frozenset()
    full: frozenset[tuple[str, str]] = frozenset()

    def value(self, leaf: n.Leaf) -> Quantity:
        """The column of a figure or aggregate."""
        source = self._source(leaf.table, leaf.prior)
        if isinstance(leaf, n.Figure):
            self.joins.setdefault((leaf.table, leaf.prior))
            return source.quantity(self._column(_title(leaf), source.whole(leaf.column)), leaf.column)
        return self._aggregate(leaf, source, "")

    def ends(self, leaf: n.Leaf) -> Ends:
        """The columns of its ends; the same column twice when the figure is exact."""
        source = self._source(leaf.table, leaf.prior)
        if isinstance(leaf, n.Aggregate):
            if leaf.func == "count" or _exact(source, leaf.column):
                value = self.value(leaf)
                return Ends(value, value)
            if leaf.func == "sum":
                value, spread = self.value(leaf), self._spread(leaf, source)
                return Ends(q.add(value, q.negate(spread)), q.add(value, spread))
            return Ends(self._aggregate(leaf, source, "↓"), self._aggregate(leaf, source, "↑"))
        value = self.value(leaf)
        half = source.half(leaf.column)
        if half.constant is None:
            half = self._column(_title(leaf) + HALF, half)
        spread = source.quantity(half, leaf.column)
        return Ends(q.add(value, q.negate(spread)), q.add(value, spread))

    def half(self, leaf: n.Leaf) -> Quantity | None:
        """Half of a figure's last place, or of all places of a sum; None for the least and greatest of several, whose ends lie apart."""
        source = self._source(leaf.table, leaf.prior)
        if isinstance(leaf, n.Aggregate):
            if leaf.func == "count" or _exact(source, leaf.column):
                return q.constant(Fraction(0))
            return q.add(self.ends(leaf).high, q.negate(self.value(leaf))) if leaf.func == "sum" else None
        half = source.half(leaf.column)
        if half.constant is None:
            half = self._column(_title(leaf) + HALF, half)
        return source.quantity(half, leaf.column)

    def word(self, word: n.Word) -> Sql:
        """The column of a text."""
        self.joins.setdefault((word.table, word.prior))
        title = f"{word.table}.{word.column}{PRIOR if word.prior else ''}"
        self.columns.setdefault(title, sql.column(word.column, alias_of(word.table, word.prior)))
        return sql.column(title)

    def sent(self, table: str, prior: bool) -> Sql:
        """The column that says whether the unit sent the table at all; plainly false where nobody did."""
        if (table, prior) in self.absent:
            return exp.false()
        described, alias = self.tables[table], alias_of(table, prior)
        if described.grain == "many":
            self.groups.setdefault((table, prior), {})
            own = sql.column(UNIT, alias)
        else:
            self.joins.setdefault((table, prior))
            own = sql.column(described.with_role(ColumnRole.UNIT).name, alias)
        self.columns.setdefault(f"{alias}#", sql.not_(sql.is_null(own)))
        return sql.column(f"{alias}#")

    def grouped(self, table: str, title: str, make: Sql, bound: int = 0, default: int | None = None) -> Whole:
        """A column of the grouping of a many-row table; `default` stands for units without any row."""
        self.groups.setdefault((table, False), {}).setdefault(title, make)
        made = sql.column(title, alias_of(table, False))
        return self._column(title, Whole(sql.function(exp.Coalesce, made, sql.whole(default)) if default is not None else made, bound))

    def derive(self, alias: str, made: exp.Select, titles: Iterable[str]) -> None:
        """Join a statement of one row a unit (its column 单位 is the unit's code); `titles` are its other columns, known by that name."""
        self.derived[alias] = made
        for title in titles:
            self.columns[title] = sql.column(title, alias)

    def rows(self, table: str) -> Leaves:
        """The figures of one row of a table, as its grouping sees them."""
        return _Rows(self._source(table, False))

    def of_year(self, table: str) -> Sql:
        """Whether a row of the table belongs to the year judged."""
        return self._of_year(self.tables[table], table, self.year)

    def source(self, table: str) -> Source:
        """The rows of a table as a grouping sees them."""
        return self._source(table, False)

    def _aggregate(self, leaf: n.Aggregate, source: Source, end: str) -> Quantity:
        title = _title(leaf) + end
        make, bound = _aggregate_sql(leaf, source, end)
        self.groups.setdefault((leaf.table, leaf.prior), {})[title] = make
        column = self._column(title, Whole(sql.column(title, alias_of(leaf.table, leaf.prior)), bound))
        return Quantity(column, q.ONE, Fraction(1)) if leaf.func == "count" else source.quantity(column, leaf.column)

    def _spread(self, leaf: n.Aggregate, source: Source) -> Quantity:
        """How far rounding may move a sum: half of the last place of each row that counts. Without value it never stands alone."""
        title, half = _title(leaf) + HALF, source.half(leaf.column)
        made = _narrow(sql.function(exp.Coalesce, _filtered(exp.Sum(this=half.sql), _chosen(leaf, source)), sql.whole(0)), half.bound * ROWS_AT_MOST)
        self.groups.setdefault((leaf.table, leaf.prior), {})[title] = made
        column = self._column(title, Whole(sql.column(title, alias_of(leaf.table, leaf.prior)), half.bound * ROWS_AT_MOST))
        return source.quantity(column, leaf.column)

    def _source(self, table: str, prior: bool) -> Source:
        return Source(self.tables[table], alias_of(table, prior), table in self.halves, self.limits, self.full)

    def _column(self, title: str, whole: Whole) -> Whole:
        self.columns.setdefault(title, whole.sql)
        return Whole(sql.column(title), whole.bound)

    def select(self, units: Table, apart: bool = False, below: Mapping[Home, exp.Select] | None = None, read: Container[str] | None = None) -> exp.Select:
        """One row a unit of the year: its code, its name and every column collected, or those of them that are `read`.

        With `apart` groupings are read from tables of their own. What stands `below` is joined instead of its table (`compile.below`).
        """
        unit, name = (units.with_role(r).name for r in (ColumnRole.UNIT, ColumnRole.UNIT_NAME))
        spine, below = alias_of(units.table, False), below or {}
        query = exp.select(sql.named(sql.column(unit, spine), UNIT), sql.named(sql.column(name, spine), NAME))
        lent = {alias_of(*home) for home in below}
        columns = {title: handed_on(title, e, lent) for title, e in self.columns.items() if read is None or title in read}
        query = query.select(*(sql.named(e, title) for title, e in columns.items()), copy=False)
        query = query.from_(table_as(units.table, spine))
        made: list[tuple[str, Sql, Sql]] = []
        for table, prior in (*self.joins, *self.groups):
            alias = alias_of(table, prior)
            same = self._same_unit(alias, spine, unit)
            if (table, prior) in below:
                made.append((alias, below[table, prior].subquery(exp.to_identifier(alias, quoted=True), copy=False), same))
            elif (table, prior) in self.groups:
                grouped = self._group(table, prior, self.groups[table, prior])
                made.append((alias, table_as(grouped_name(table, prior), alias) if apart else grouped.subquery(exp.to_identifier(alias, quoted=True)), same))
            elif (table, prior) != (units.table, False):
                made.append((alias, table_as(table, alias), self._on(table, prior, spine, unit)))
        for alias, derived in self.derived.items():
            made.append((alias, derived.subquery(exp.to_identifier(alias, quoted=True)), self._same_unit(alias, spine, unit)))
        # Every join hands on the columns of those before it: the widest comes last.
        width = Counter(c.table for e in columns.values() for c in e.find_all(exp.Column))
        for _name, joined, on in sorted(made, key=lambda m: width[m[0]]):
            query = query.join(joined, on=on, join_type="left", copy=False)
        return query.where(self._of_year(units, spine, self.year), copy=False)

    def rows_of(self, table: str, prior: bool) -> exp.Select:
        """What is joined of a table: its rows of the year, or its groups, which stand apart."""
        alias = alias_of(table, prior)
        if (table, prior) in self.groups:
            return exp.select(sql.named(sql.column(UNIT, alias), UNIT)).from_(table_as(grouped_name(table, prior), alias))
        described = self.tables[table]
        unit = sql.column(described.with_role(ColumnRole.UNIT).name, alias)
        return exp.select(sql.named(unit, UNIT)).from_(table_as(table, alias)).where(self._of_year(described, alias, self.year - prior))

    def groupings(self) -> dict[tuple[str, bool], exp.Select]:
        """The groupings that `select` reads where they stand apart, by table and whether of the year before."""
        return {(table, prior): self._group(table, prior, columns) for (table, prior), columns in self.groups.items()}

    def _group(self, table: str, prior: bool, columns: Mapping[str, Sql]) -> exp.Select:
        described, alias = self.tables[table], alias_of(table, prior)
        unit = sql.column(described.with_role(ColumnRole.UNIT).name, alias)
        query = exp.select(sql.named(unit, UNIT), *(sql.named(e, title) for title, e in columns.items()))
        query = query.from_(table_as(table, alias)).where(self._of_year(described, alias, self.year - prior))
        return query.group_by(unit)

    def _same_unit(self, alias: str, spine: str, unit: str) -> Sql:
        return sql.binary(exp.EQ, sql.column(UNIT, alias), sql.column(unit, spine))

    def _on(self, table: str, prior: bool, spine: str, unit: str) -> Sql:
        described, alias = self.tables[table], alias_of(table, prior)
        own = described.with_role(ColumnRole.UNIT).name
        same = sql.binary(exp.EQ, sql.column(own, alias), sql.column(unit, spine))
        return sql.all_of([same, self._of_year(described, alias, self.year - prior)])

    def _of_year(self, table: Table, alias: str, year: int) -> Sql:
        return sql.binary(exp.EQ, sql.column(table.with_role(ColumnRole.YEAR).name, alias), sql.whole(year))


def _aggregate_sql(leaf: n.Aggregate, source: Source, end: str) -> tuple[Sql, int]:
    """The aggregate, without value when a row that counts lacks its figure, or when it is unknown whether a row counts."""
    chosen = _chosen(leaf, source)
    doubt = None if chosen is None or _certain(leaf.where, source) else sql.is_null(chosen)
    cell = sql.column(leaf.column, source.alias)
    if leaf.func == "count":
        made = _filtered(exp.Count(this=cell), chosen)
        return (_unless_unknown(made, doubt) if doubt is not None else made), ROWS_AT_MOST
    whole = source.whole(leaf.column)
    if end:
        half = source.half(leaf.column)
        whole = q.plus(whole, q.minus(half) if end == "↓" else half)
    kinds: dict[str, type[exp.AggFunc]] = {"sum": exp.Sum, "min": exp.Min, "max": exp.Max}
    made = _filtered(kinds[leaf.func](this=whole.sql), chosen)
    bound = whole.bound * (ROWS_AT_MOST if leaf.func == "sum" else 1)
    if leaf.func == "sum":
        made = _narrow(sql.function(exp.Coalesce, made, sql.whole(0)), bound)
    gaps = [] if doubt is None else [doubt]
    if source.lacks(leaf.column):
        gaps.append(sql.is_null(cell) if chosen is None else sql.all_of([chosen, sql.is_null(cell)]))
    return (_unless_unknown(made, sql.any_of(gaps)) if gaps else made), bound


def _narrow(of: Sql, bound: int) -> Sql:
    """A sum is of 128 bits to the engine; where 64 hold it, all that is done with it takes a fraction of the time."""
    return sql.cast(of, "BIGINT") if bound <= q.LONG else of


def _chosen(leaf: n.Aggregate, source: Source) -> Sql | None:
    """Whether a row counts; None when all do."""
    return Reading(_Rows(source)).truth(leaf.where).holds if leaf.where is not None else None


def _certain(where: n.Node | None, source: Source) -> bool:
    """Whether a condition on a row is always decided: it compares a text that no row lacks with words, or no row lacks any column it reads."""
    match where:
        case n.Compare(_, n.Word(column=name), n.Text()) | n.OneOf(n.Word(column=name), _):
            column = source.table.column(name)
            if column is not None and column.null == "never":
                return True
    parts = list(n.walk(where)) if where is not None else []
    divides = any(isinstance(x, n.Arithmetic) and x.op == "/" for x in parts)
    there = _there(where) if where is not None else frozenset()
    return not divides and not any(source.lacks(x.column) and x.column not in there for x in parts if isinstance(x, (n.Figure, n.Word)))


def _there(where: n.Node) -> frozenset[str]:
    """Columns of which a condition asks as well that they have a value: where they have none it is false, whatever the rest is."""
    match where:
        case n.Both(left, right):
            return _there(left) | _there(right)
        case n.Not(n.Missing(n.Figure(column=name) | n.Word(column=name))):
            return frozenset((name,))
    return frozenset()


def _unless_unknown(made: Sql, gap: Sql) -> Sql:
    return sql.case([(sql.binary(exp.EQ, _filtered(exp.Count(this=exp.Star()), gap), sql.whole(0)), made)])


def _filtered(made: Sql, chosen: Sql | None) -> Sql:
    return made if chosen is None else exp.Filter(this=made, expression=exp.Where(this=chosen))


def _exact(source: Source, name: str) -> bool:
    column = source.table.column(name)
    return column is not None and column.exact


def alias_of(table: str, prior: bool) -> str:
    """What a table is called in a plan."""
    return table + PRIOR if prior else table


def handed_on(title: str, of: Sql, lent: Container[str]) -> Sql:
    """A figure as it is above the joins: where it is worked out below and simply has no value for units without a row, its column, otherwise as it was."""
    aliases = {c.table for c in of.find_all(exp.Column)}
    plain = len(aliases) == 1 and not any(isinstance(x, (exp.Coalesce, exp.Case, exp.Is, exp.Not)) for x in of.walk())
    (alias,) = aliases if plain else ("",)
    return sql.column(title, alias) if plain and alias in lent else of


def grouped_name(table: str, prior: bool) -> str:
    """The table that holds the grouping of a many-row table, where it stands apart."""
    return f"{alias_of(table, prior)}#"


def table_as(name: str, alias: str) -> exp.Table:
    """A table under an alias."""
    return exp.Table(this=exp.to_identifier(name, quoted=True), alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))


def _title(leaf: n.Leaf) -> str:
    base = f"{leaf.table}.{leaf.column}{PRIOR if leaf.prior else ''}"
    if isinstance(leaf, n.Figure):
        return base
    return f"{leaf.func}({base})" + (f"[{words(leaf.where)}]" if leaf.where is not None else "")


__all__ = ["NAME", "UNIT", "Facts", "Limits", "Source", "scale_of"]
