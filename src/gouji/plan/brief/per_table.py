"""Tie-outs on figures of one table alone, in a brief plan: judged where the table is read, before it is joined to the others.

Most tie-outs are of that kind. Judged above the joins they would make these hand on every figure of every table; judged below, a table hands on
the figures that others need as well, and two columns: whether all is as it should be, or how many tie-outs are off or open, and the findings.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from sqlglot import exp

from gouji.expression import homes as homes_read
from gouji.expression import nodes as n
from gouji.expression import void
from gouji.plan.columns import Columns, names_in
from gouji.plan.fold import Folder
from gouji.plan.grouping.facts import Facts, Home, alias_of, handed_on
from gouji.plan.names import UNIT
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.shapes import Sql
from gouji.rules import ResolvedTieOut, Role

# The bits of one count, and one more than there are counts: of each severity, and of what is open.
FIELD, FIELDS = 12, 5


def home_of(of: ResolvedTieOut, facts: Facts) -> Home | None:
    """The table that a tie-out alone is about; None where it is about several, or about the list of units, which is joined to nothing."""
    parts = [part for node in (of.check, of.applies) if node is not None for part in n.walk(node)]
    homes = {
        (part.table, part.prior)
        for part in parts
        if isinstance(part, (n.Figure, n.Aggregate, n.Word))
    }
    if len(homes) != 1 or void(of.check, facts.absent):
        return None
    (home,) = homes
    table = facts.tables[home[0]]
    if not facts.aside.isdisjoint(homes_read(of.check, of.applies)):
        return None
    return (
        None
        if table.role is Role.UNITS
        or home in facts.absent
        or any(c.name == UNIT for c in table.columns)
        else home
    )


class Summary:
    """What one table says of its tie-outs: a whole number, zero where all of them are 平, otherwise with a field of bits for every count; and the findings.

    Where a unit has no row, what stands for them is worked out without any figure.
    """

    def __init__(self, home: Home, columns: Columns, facts: Facts) -> None:
        self.columns, self.facts, self.alias = columns, facts, alias_of(*home)
        # A text is a bare column; NULL of another kind could not be compared with it.
        known = {
            title: exp.null() if isinstance(e, exp.Column) else sql.cast(exp.null(), "BIGINT")
            for title, e in facts.columns.items()
            if any(c.table == self.alias for c in e.find_all(exp.Column))
        }
        self.without = Folder(known)
        for layer in list(columns.layers):
            for name, e in layer.items():
                known[name] = self.without(e)
        tests = [test for test in columns.off.values() if isinstance(test, exp.Column)]
        self._clear = columns.define(f"{self.alias}#clear", sql.not_(sql.any_of(tests)))
        self._counts: list[Sql] = []
        self._number = sql.column(f"{self.alias}#numbers")
        self.clear = sql.binary(exp.EQ, self._number, sql.whole(0))

    def count(self, here: Sql, nothing: Sql) -> Sql:
        """How many there are, above: `here` where the table has a row, `nothing` where it has none."""
        self._counts.append(here)
        shifted = exp.BitwiseRightShift(
            this=self._number, expression=sql.whole(FIELD * (len(self._counts) - 1))
        )
        field = exp.BitwiseAnd(this=exp.Paren(this=shifted), expression=sql.whole(2**FIELD - 1))
        return sql.case([(sql.is_null(self._number), nothing)], sql.cast(field, "USMALLINT"))

    def list(self, here: Sql, nothing: Sql) -> Sql:
        """Findings, above."""
        made = self._lent(f"{self.alias}#found", sql.case([(self._clear, exp.null())], here))
        return (
            made
            if nothing == exp.null()
            else sql.case([(sql.is_null(self._number), nothing)], made)
        )

    def lend(self, name: str, of: Sql, clear: Sql) -> None:
        """Hand something more on: `clear` where nothing is off or open."""
        self._lent(f"{self.alias}#{name}", sql.case([(self._clear, clear)], of))

    def lent(self, name: str) -> Sql:
        """It, above: without value where the table has no row."""
        return sql.column(f"{self.alias}#{name}")

    def close(self) -> None:
        """Define the number, once all that is asked has been asked."""
        assert len(self._counts) < FIELDS
        # Never zero, whatever the counts.
        made: Sql = sql.cast(sql.whole(2 ** (FIELD * FIELDS)), "BIGINT")
        for i, count in enumerate(self._counts):
            made = sql.binary(
                exp.Add,
                made,
                sql.binary(
                    exp.Mul,
                    sql.cast(count, "BIGINT"),
                    sql.cast(sql.whole(2 ** (FIELD * i)), "BIGINT"),
                ),
            )
        self._lent(
            f"{self.alias}#numbers",
            sql.case([(self._clear, sql.cast(sql.whole(0), "BIGINT"))], made),
        )

    def _lent(self, name: str, of: Sql) -> Sql:
        """A column that is worked out below and read above, as a figure is."""
        self.facts.columns[name] = sql.column(name, self.alias)
        return self.columns.define(name, of)


def joined(facts: Facts, home: Home, columns: Columns, read: Container[str]) -> exp.Select:
    """What is joined instead of a table: the unit, and those of its figures and of the columns worked out of them that are `read` above."""
    alias = alias_of(*home)
    wanted = [name for name in columns.depth if name in read]
    layers, made = columns.arranged([sql.column(name) for name in wanted])
    own = _figures_of(facts, alias, columns)
    above = (handed_on(title, e, (alias,)) for title, e in own.items() if title in read)
    handed = list(dict.fromkeys(c.name for e in above for c in e.find_all(exp.Column)))
    asked = {*handed, *_names_read([*(e for of in layers for e in of.values()), *made])}
    out = [
        *map(sql.column, dict.fromkeys((UNIT, *handed))),
        *(sql.named(e, name) for e, name in zip(made, wanted, strict=True)),
    ]
    rows = facts.rows_of(*home).select(*_lent(own, asked, handed, alias), copy=False)
    return _over(_layered(rows, layers), "below", out)


def _lent(
    own: Mapping[str, Sql], asked: Container[str], handed: Iterable[str], alias: str
) -> Iterator[Sql]:
    """What is read off the rows of a table: its `own` figures that are asked for, and columns that are handed on as they stand there."""
    yield from (sql.named(e, title) for title, e in own.items() if title in asked)
    for name in handed:
        if name not in own and name != UNIT:
            yield sql.named(sql.column(name, alias), name)


def _names_read(expressions: Iterable[Sql]) -> set[str]:
    return {name for e in expressions for name in names_in(e)}


def _figures_of(facts: Facts, alias: str, columns: Columns) -> dict[str, Sql]:
    """The figures that are read off a table, without those that `columns` work out."""
    return {
        title: e
        for title, e in facts.columns.items()
        if title not in columns.depth and any(c.table == alias for c in e.find_all(exp.Column))
    }


def _layered(rows: exp.Select, layers: Iterable[Mapping[str, Sql]]) -> exp.Select:
    """The rows with the columns of each layer, which read those of the layers before it."""
    for number, layer in enumerate(layers):
        added = [sql.named(e, title) for title, e in layer.items()]
        rows = _over(rows, f"below{number}", [exp.Star(), *added])
    return rows


def _over(rows: exp.Select, alias: str, columns: Iterable[Sql]) -> exp.Select:
    inner = rows.subquery(exp.to_identifier(alias, quoted=True), copy=False)
    return exp.select(*columns).from_(inner, copy=False)


def needed_above(columns: Columns, out: Iterable[Sql]) -> set[str]:
    """The columns that some expressions read, directly or not, and that no layer defines."""
    made = {name: e for layer in columns.layers for name, e in layer.items()}
    seen, open_ = set[str](), list(out)
    while open_:
        for name in names_in(open_.pop()):
            if name not in seen:
                seen.add(name)
                if name in made:
                    open_.append(made[name])
    return seen - made.keys()
