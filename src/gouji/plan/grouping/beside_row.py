"""What a row is held against -> columns beside it: figures of the whole unit, and figures of other rows, looked up by a text of the row."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from gouji.expression import nodes as n
from gouji.plan.grouping.facts import Facts, alias_of, table_as
from gouji.plan.grouping.row_sql import Rows, Source
from gouji.plan.names import UNIT
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.branches import Ends
from gouji.plan.sql.rational import Quantity, Whole
from gouji.plan.sql.shapes import Sql
from gouji.rules import ColumnRole, Role, Table

WHOLE = "#whole"


@dataclass(frozen=True, slots=True)
class LookUp:
    """The rows of a table, of this year or of the year before, of which one is found by its key, and the column of the judged row that says the key."""

    table: str
    prior: bool
    key: str
    text: str


@dataclass(slots=True)
class BesideRow:
    """The leaves of conditions on the rows of a table. What does not stand in the row itself is collected, for `join`."""

    table: Table
    facts: Facts
    rows: Rows
    unit: Facts
    columns: dict[str, Sql] = field(default_factory=dict)
    looked: dict[str, LookUp] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table, facts: Facts) -> BesideRow:
        """The rows of a table as the statement sees them that `facts` collects figures for."""
        whole = Facts(facts.tables, facts.halves, facts.year, facts.limits)
        whole.absent, whole.full, whole.aside = facts.absent, facts.full, facts.aside
        return cls(table, facts, Rows(facts.source(table.table)), whole)

    def value(self, leaf: n.Leaf) -> Quantity:
        """The figure: of the row, of the row that was looked up, or of the whole unit."""
        if self._own(leaf):
            return self.rows.value(leaf)
        by = n.looked_up(leaf)
        return self.unit.value(leaf) if by is None else self._found(leaf, by, "")

    def ends(self, leaf: n.Leaf) -> Ends:
        """Its least and greatest."""
        if self._own(leaf):
            return self.rows.ends(leaf)
        by = n.looked_up(leaf)
        if by is None:
            return self.unit.ends(leaf)
        value, half = self._found(leaf, by, ""), self._found(leaf, by, "±")
        return Ends(q.add(value, q.negate(half)), q.add(value, half))

    def half(self, leaf: n.Leaf) -> Quantity | None:
        """Half of its last place."""
        if self._own(leaf):
            return self.rows.half(leaf)
        by = n.looked_up(leaf)
        return self.unit.half(leaf) if by is None else self._found(leaf, by, "±")

    def word(self, word: n.Word) -> Sql:
        """The text, of the row or of the unit."""
        return self.rows.word(word) if self._own(word) else self.unit.word(word)

    def sent(self, table: str, prior: bool) -> Sql:
        """Rows that are judged were sent; what is looked up elsewhere is there or is not."""
        return exp.true()

    def _own(self, leaf: n.Leaf | n.Word) -> bool:
        own = not isinstance(leaf, n.Aggregate) and leaf.table == self.table.table
        return own and not leaf.prior

    def _found(self, leaf: n.Leaf, by: tuple[str, n.Own], part: str) -> Quantity:
        """A column of the row that was looked up; without value where there is none, and where rows of its table were set aside."""
        key, own = by
        alias = f"{alias_of(leaf.table, leaf.prior)}[{own.column}]"
        source = Source(
            self.facts.tables[leaf.table], alias, leaf.table in self.facts.halves, self.facts.limits
        )
        whole = source.half(leaf.column) if part else source.whole(leaf.column)
        if whole.constant is not None:
            return source.quantity(whole, leaf.column)
        title = f"{alias}.{leaf.column}{part}"
        self.columns.setdefault(title, whole.sql)
        self.looked.setdefault(alias, LookUp(leaf.table, leaf.prior, key, own.column))
        return source.quantity(Whole(sql.column(title), whole.bound), leaf.column)

    def joined(self, rows: exp.Select) -> exp.Select:
        """The rows with every column that was collected; `rows` gives them under the name of the table."""
        if not self.unit.columns and not self.looked:
            return rows
        own = sql.column(self.table.with_role(ColumnRole.UNIT).name, self.table.table)
        query = self._selected(rows)
        if self.unit.columns:
            units = next(t for t in self.facts.tables.values() if t.role is Role.UNITS)
            made = self.unit.select(units).subquery(exp.to_identifier(WHOLE, quoted=True))
            query = _left(query, made, sql.binary(exp.EQ, sql.column(UNIT, WHOLE), own))
        for alias, found in self.looked.items():
            query = _left(query, table_as(found.table, alias), self._same(alias, found, own))
        return query

    def _selected(self, rows: exp.Select) -> exp.Select:
        name = exp.to_identifier(self.table.table, quoted=True)
        return exp.select(
            exp.Column(this=exp.Star(), table=name),
            *(sql.named(sql.column(title, WHOLE), title) for title in self.unit.columns),
            *(sql.named(made, title) for title, made in self.columns.items()),
        ).from_(rows.subquery(name.copy(), copy=False), copy=False)

    def _same(self, alias: str, found: LookUp, unit: Sql) -> Sql:
        """The same unit, the year, and the key that the row's text says."""
        table = self.facts.tables[found.table]
        equal = {
            table.with_role(ColumnRole.UNIT).name: unit,
            table.with_role(ColumnRole.YEAR).name: sql.whole(self.facts.year - found.prior),
            found.key: sql.column(found.text, self.table.table),
        }
        return sql.all_of(
            [sql.binary(exp.EQ, sql.column(name, alias), to) for name, to in equal.items()]
        )


def _left(query: exp.Select, joined: exp.Expression, on: Sql) -> exp.Select:
    return query.join(joined, on=on, join_type="left", copy=False)
