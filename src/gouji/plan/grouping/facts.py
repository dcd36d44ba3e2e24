"""Figures that rules name -> columns of one row a unit: each table joined once, each many-row table grouped once.

A figure column of a table is DECIMAL in its base unit. A table may carry, beside a column `甲`, a column `甲±`: half of the last
printed place of that very figure; without it, the table description's unit and places hold for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sqlglot import exp

from gouji.expression import homes_in
from gouji.expression import nodes as n
from gouji.plan.grouping.row_sql import (
    HALF,
    PRIOR,
    ROWS_AT_MOST,
    Limits,
    Rows,
    RowSteps,
    Source,
    aggregate,
    all_exact,
    chosen_rows,
    filtered,
    narrow,
    title_of,
)
from gouji.plan.names import NAME, UNIT
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.branches import Ends
from gouji.plan.sql.leaves import Leaves
from gouji.plan.sql.rational import Quantity, Whole
from gouji.plan.sql.shapes import Sql
from gouji.rules import ColumnRole, Table

# The list of rows that were set aside: table, unit, year.
ASIDE, ASIDE_COLUMNS = "#aside", ("t", "u", "y")
# A table (or a column of a derived one, as `table.column`), and whether of the year before.
Home = tuple[str, bool]


@dataclass(slots=True)
class Facts:
    """Collects what rules name; afterwards `select` is the query that gives one row a unit. The only mutable thing in compile.

    `full` are the columns that no row lacks, where that is known of the data; results do not depend on it, speed does. `aside` are the tables of which
    rows were set aside, of whichever unit: what such a table adds up to has no value for those units.
    """

    tables: Mapping[str, Table]
    halves: frozenset[str]
    year: int
    limits: Limits = field(default_factory=dict)
    columns: dict[str, Sql] = field(default_factory=dict)
    joins: dict[tuple[str, bool], None] = field(default_factory=dict)
    groups: dict[tuple[str, bool], dict[str, Sql]] = field(default_factory=dict)
    steps: dict[tuple[str, bool], RowSteps] = field(default_factory=dict)
    derived: dict[str, exp.Select] = field(default_factory=dict)
    partly: dict[str, Sql] = field(default_factory=dict)
    absent: frozenset[tuple[str, bool]] = frozenset()
    full: frozenset[tuple[str, str]] = frozenset()
    aside: frozenset[Home] = frozenset()

    def value(self, leaf: n.Leaf) -> Quantity:
        """The column of a figure or aggregate."""
        source = self._source(leaf.table, leaf.prior)
        if isinstance(leaf, n.Figure):
            self.joins.setdefault((leaf.table, leaf.prior))
            return source.quantity(
                self._column(title_of(leaf), source.whole(leaf.column)), leaf.column
            )
        return self._aggregate(leaf, source, "")

    def ends(self, leaf: n.Leaf) -> Ends:
        """The columns of its ends; the same column twice when the figure is exact."""
        source = self._source(leaf.table, leaf.prior)
        if isinstance(leaf, n.Aggregate):
            if leaf.func == "count" or all_exact(source, leaf):
                value = self.value(leaf)
                return Ends(value, value)
            if leaf.func == "sum" and leaf.of is None:
                value, spread = self.value(leaf), self._spread(leaf, source)
                return Ends(q.add(value, q.negate(spread)), q.add(value, spread))
            return Ends(self._aggregate(leaf, source, "↓"), self._aggregate(leaf, source, "↑"))
        value = self.value(leaf)
        half = source.half(leaf.column)
        if half.constant is None:
            half = self._column(title_of(leaf) + HALF, half)
        spread = source.quantity(half, leaf.column)
        return Ends(q.add(value, q.negate(spread)), q.add(value, spread))

    def half(self, leaf: n.Leaf) -> Quantity | None:
        """Half of a figure's last place, or of all places of a sum; None for the least and greatest of several, whose ends lie apart."""
        source = self._source(leaf.table, leaf.prior)
        if isinstance(leaf, n.Aggregate):
            if leaf.func == "count" or all_exact(source, leaf):
                return q.constant(Fraction(0))
            return (
                q.add(self.ends(leaf).high, q.negate(self.value(leaf)))
                if leaf.func == "sum" and leaf.of is None
                else None
            )
        half = source.half(leaf.column)
        if half.constant is None:
            half = self._column(title_of(leaf) + HALF, half)
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

    def incomplete(self, homes: Iterable[Home]) -> Sql:
        """Whether rows of some of the tables (or columns) were set aside; plainly false where none were of any unit."""
        tests = []
        for name, prior in homes:
            if (name, prior) in self.aside:
                title = f"{alias_of(name, prior)}#aside"
                self.columns.setdefault(title, sql.not_(self._whole(name, prior)))
                tests.append(sql.column(title))
        return sql.any_of(tests) if tests else exp.false()

    def _whole(self, name: str, prior: bool) -> Sql:
        """Whether no row of the table was set aside, as a condition on the list of such rows."""
        title = f"{alias_of(name, prior)}#"
        of, _unit, year = (sql.column(c) for c in ASIDE_COLUMNS)
        here = sql.all_of(
            [
                sql.binary(exp.EQ, of, sql.text(name)),
                sql.binary(exp.EQ, year, sql.whole(self.year - prior)),
            ]
        )
        self.partly.setdefault(title, exp.Max(this=sql.case([(here, sql.whole(1))])))
        return sql.is_null(sql.column(title, ASIDE))

    def grouped(
        self, table: str, title: str, make: Sql, bound: int = 0, default: int | None = None
    ) -> Whole:
        """A column of the grouping of a many-row table; `default` stands for units without any row."""
        self.groups.setdefault((table, False), {}).setdefault(title, make)
        made = sql.column(title, alias_of(table, False))
        return self._column(
            title,
            Whole(
                sql.function(exp.Coalesce, made, sql.whole(default))
                if default is not None
                else made,
                bound,
            ),
        )

    def derive(self, alias: str, made: exp.Select, titles: Iterable[str]) -> None:
        """Join a statement of one row a unit (its column 单位 is the unit's code); `titles` are its other columns, known by that name."""
        self.derived[alias] = made
        for title in titles:
            self.columns[title] = sql.column(title, alias)

    def rows(self, table: str) -> Leaves:
        """The figures of one row of a table, as its grouping sees them."""
        return Rows(self._source(table, False))

    def of_year(self, table: str) -> Sql:
        """Whether a row of the table belongs to the year judged."""
        return self._of_year(self.tables[table], table, self.year)

    def source(self, table: str) -> Source:
        """The rows of a table as a grouping sees them."""
        return self._source(table, False)

    def _aggregate(self, leaf: n.Aggregate, source: Source, end: str) -> Quantity:
        title = title_of(leaf) + end
        home = (leaf.table, leaf.prior)
        steps = self.steps.setdefault(home, RowSteps(alias_of(*home)))
        made = aggregate(leaf, source, end, steps)
        self.groups.setdefault(home, {})[title] = made.sql
        column = self._column(title, Whole(self._of_whole(leaf, title), made.bound))
        return Quantity(column, q.ONE, made.scale)

    def _of_whole(self, leaf: n.Aggregate, title: str) -> Sql:
        """A column of a grouping, without value where rows were set aside."""
        made = sql.column(title, alias_of(leaf.table, leaf.prior))
        tests = [
            self._whole(*home)
            for home in homes_in(leaf.table, leaf.prior, leaf.columns)
            if home in self.aside
        ]
        return sql.case([(sql.all_of(tests), made)]) if tests else made

    def _spread(self, leaf: n.Aggregate, source: Source) -> Quantity:
        """How far rounding may move a sum: half of the last place of each row that counts. Without value it never stands alone."""
        title, half = title_of(leaf) + HALF, source.half(leaf.column)
        made = narrow(
            sql.function(
                exp.Coalesce,
                filtered(q.sum_of(half.sql, half.bound * ROWS_AT_MOST), chosen_rows(leaf, source)),
                sql.whole(0),
            ),
            half.bound * ROWS_AT_MOST,
        )
        self.groups.setdefault((leaf.table, leaf.prior), {})[title] = made
        column = self._column(
            title,
            Whole(sql.column(title, alias_of(leaf.table, leaf.prior)), half.bound * ROWS_AT_MOST),
        )
        return source.quantity(column, leaf.column)

    def _source(self, table: str, prior: bool) -> Source:
        return Source(
            self.tables[table], alias_of(table, prior), table in self.halves, self.limits, self.full
        )

    def _column(self, title: str, whole: Whole) -> Whole:
        self.columns.setdefault(title, whole.sql)
        return Whole(sql.column(title), whole.bound)

    def select(
        self,
        units: Table,
        apart: bool = False,
        below: Mapping[Home, exp.Select] | None = None,
        read: Container[str] | None = None,
    ) -> exp.Select:
        """One row a unit of the year: its code, its name and every column collected, or those of them that are `read`.

        With `apart` groupings are read from tables of their own. What stands `below` is joined instead of its table (`compile.below`).
        """
        unit, name = (units.with_role(r).name for r in (ColumnRole.UNIT, ColumnRole.UNIT_NAME))
        spine, below = alias_of(units.table, False), below or {}
        query = exp.select(
            sql.named(sql.column(unit, spine), UNIT), sql.named(sql.column(name, spine), NAME)
        )
        columns = self._above(below, read)
        query = query.select(*(sql.named(e, title) for title, e in columns.items()), copy=False)
        query = query.from_(table_as(units.table, spine))
        # Every join hands on the columns of those before it: the widest comes last.
        width = Counter(c.table for e in columns.values() for c in e.find_all(exp.Column))
        beside = self._beside((spine, unit), units, apart, below)
        for _alias, joined, on in sorted(beside, key=lambda j: width[j[0]]):
            query = query.join(joined, on=on, join_type="left", copy=False)
        return query.where(self._of_year(units, spine, self.year), copy=False)

    def _above(self, below: Iterable[Home], read: Container[str] | None) -> dict[str, Sql]:
        """The columns collected, or those `read`, as they are above the joins, while tables are judged `below`."""
        lent = {alias_of(*home) for home in below}
        return {
            title: handed_on(title, e, lent)
            for title, e in self.columns.items()
            if read is None or title in read
        }

    def _beside(
        self,
        whose: tuple[str, str],
        units: Table,
        apart: bool,
        below: Mapping[Home, exp.Select],
    ) -> Iterator[tuple[str, Sql, Sql]]:
        """What is joined to the list of units (`whose` are its alias and its column of the code): alias, statement, condition."""
        for table, prior in (*self.joins, *self.groups):
            alias = alias_of(table, prior)
            if (table, prior) in below:
                made = below[table, prior].subquery(_identifier(alias), copy=False)
                yield alias, made, self._same_unit(alias, *whose)
            elif (table, prior) in self.groups:
                grouped = self._group(table, prior, self.groups[table, prior])
                own = table_as(grouped_name(table, prior), alias)
                joined = own if apart else grouped.subquery(_identifier(alias))
                yield alias, joined, self._same_unit(alias, *whose)
            elif (table, prior) != (units.table, False):
                yield alias, table_as(table, alias), self._on(table, prior, *whose)
        for alias, derived in (*self.derived.items(), *self._list()):
            made = derived.subquery(_identifier(alias))
            yield alias, made, self._same_unit(alias, *whose)

    def _list(self) -> Iterator[tuple[str, exp.Select]]:
        """The list of rows that were set aside, one row a unit: by table 1, or nothing."""
        if self.partly:
            made = exp.select(
                sql.named(sql.column(ASIDE_COLUMNS[1]), UNIT),
                *(sql.named(e, title) for title, e in self.partly.items()),
            )
            yield (
                ASIDE,
                made.from_(exp.Table(this=exp.to_identifier(ASIDE, quoted=True))).group_by(
                    sql.column(ASIDE_COLUMNS[1])
                ),
            )

    def rows_of(self, table: str, prior: bool) -> exp.Select:
        """What is joined of a table: its rows of the year, or its groups, which stand apart."""
        alias = alias_of(table, prior)
        if (table, prior) in self.groups:
            return exp.select(sql.named(sql.column(UNIT, alias), UNIT)).from_(
                table_as(grouped_name(table, prior), alias)
            )
        described = self.tables[table]
        unit = sql.column(described.with_role(ColumnRole.UNIT).name, alias)
        return (
            exp.select(sql.named(unit, UNIT))
            .from_(table_as(table, alias))
            .where(self._of_year(described, alias, self.year - prior))
        )

    def groupings(self) -> dict[tuple[str, bool], exp.Select]:
        """The groupings that `select` reads where they stand apart, by table and whether of the year before."""
        return {
            (table, prior): self._group(table, prior, columns)
            for (table, prior), columns in self.groups.items()
        }

    def _group(self, table: str, prior: bool, columns: Mapping[str, Sql]) -> exp.Select:
        described, alias = self.tables[table], alias_of(table, prior)
        unit = sql.column(described.with_role(ColumnRole.UNIT).name, alias)
        query = exp.select(
            sql.named(unit, UNIT), *(sql.named(e, title) for title, e in columns.items())
        )
        of_year = self._of_year(described, alias, self.year - prior)
        steps = self.steps.get((table, prior))
        if steps is None or not steps.layers:
            return query.from_(table_as(table, alias)).where(of_year).group_by(unit)
        rows = exp.select(exp.Star()).from_(table_as(table, alias)).where(of_year)
        made = steps.over(rows).subquery(exp.to_identifier(alias, quoted=True), copy=False)
        return query.from_(made, copy=False).group_by(unit)

    def _same_unit(self, alias: str, spine: str, unit: str) -> Sql:
        return sql.binary(exp.EQ, sql.column(UNIT, alias), sql.column(unit, spine))

    def _on(self, table: str, prior: bool, spine: str, unit: str) -> Sql:
        described, alias = self.tables[table], alias_of(table, prior)
        own = described.with_role(ColumnRole.UNIT).name
        same = sql.binary(exp.EQ, sql.column(own, alias), sql.column(unit, spine))
        return sql.all_of([same, self._of_year(described, alias, self.year - prior)])

    def _of_year(self, table: Table, alias: str, year: int) -> Sql:
        return sql.binary(
            exp.EQ, sql.column(table.with_role(ColumnRole.YEAR).name, alias), sql.whole(year)
        )


def _identifier(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


def alias_of(table: str, prior: bool) -> str:
    """What a table is called in a plan."""
    return table + PRIOR if prior else table


def handed_on(title: str, of: Sql, lent: Container[str]) -> Sql:
    """A figure as it is above the joins: where it is worked out below and simply has no value for units without a row, its column, otherwise as it was."""
    aliases = {c.table for c in of.find_all(exp.Column)}
    plain = len(aliases) == 1 and not any(
        isinstance(x, (exp.Coalesce, exp.Case, exp.Is, exp.Not)) for x in of.walk()
    )
    (alias,) = aliases if plain else ("",)
    return sql.column(title, alias) if plain and alias in lent else of


def grouped_name(table: str, prior: bool) -> str:
    """The table that holds the grouping of a many-row table, where it stands apart."""
    return f"{alias_of(table, prior)}#"


def table_as(name: str, alias: str) -> exp.Table:
    """A table under an alias."""
    return exp.Table(
        this=exp.to_identifier(name, quoted=True),
        alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)),
    )


__all__ = ["NAME", "UNIT", "Facts"]
