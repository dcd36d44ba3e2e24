"""One derived table -> queries for the rows of the tables that its columns come from: whose, of which year, under which key, figure and half."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from gouji.intake.deriving.derived_codes_sql import code_of, coded, judged, named, one
from gouji.intake.deriving.spelled_names_sql import is_name, spelled_sql
from gouji.intake.ledger.tables import HALF, literal, quoted
from gouji.intake.values.codes import unit_code_sql
from gouji.rules import (
    KEPT_PLACES,
    By,
    Column,
    ColumnRole,
    ColumnType,
    Over,
    Role,
    Table,
    Take,
    half_place,
)

Tables = Mapping[str, Table]
Bundle = list[tuple[Column, Take]]


def gathered_name(table: Table, column: Column) -> str:
    """The table with what is gathered for one column."""
    return f"{table.table}.{column.name}@"


def taken(table: Table) -> Iterator[tuple[Column, Take]]:
    """The columns of a derived table with what they are made of."""
    return ((c, c.take) for c in table.columns if c.take is not None)


def sources_of(table: Table, take: Take) -> tuple[str, ...]:
    """The tables that a column comes from."""
    return take.from_ or (table.derived.cells if table.derived else ())


class SourceRows:
    """Queries for what the columns of one derived table come from."""

    def __init__(self, tables: Tables, halves: Container[str], table: Table) -> None:
        assert table.derived is not None
        self.tables, self.halves, self.table, self.derived = tables, halves, table, table.derived
        self.units = next(t for t in tables.values() if t.role is Role.UNITS)

    def whose(self, table: Table) -> str:
        """Unit and year of a row as u and y."""
        return ", ".join(
            f"{quoted(table.with_role(role).name)} AS {name}"
            for role, name in ((ColumnRole.UNIT, "u"), (ColumnRole.YEAR, "y"))
        )

    def figure(self, table: Table, name: str) -> tuple[str, str]:
        """A figure and half of its last place."""
        column = table.column(name)
        assert column is not None
        usual = half_place(column)
        half = (
            "0"
            if column.exact
            else f"{usual.numerator / usual.denominator:.6f}::DECIMAL(18,{KEPT_PLACES[column.type] + 1})"
        )
        if not column.exact and table.table in self.halves:
            half = f"coalesce({quoted(name + HALF)}, {half})"
        return quoted(name), half

    def rows(self, column: Column, take: Take) -> str:
        """Rows u, y, k, v, h of the source: whose, of which year, under which key, the figure and half of its last place."""
        return self.bundled([(column, take)])

    def bundled(self, bundle: Bundle, only: str = "") -> str:
        """The same of several columns: the figures of others are v1, h1 and so on. `only` gives the units asked for."""
        (_column, take), *_more = bundle
        if self.derived.cells and not take.from_:
            return _union(self._cells(self.tables[name], only) for name in self.derived.cells)
        tables = [self.tables[name] for name in take.from_]
        if take.names:
            rows = _union(named(table, self.whose(table), take) for table in tables)
            return f"SELECT u, y, k, 1 AS v, 0 AS h FROM (SELECT DISTINCT u, y, k, w FROM ({rows}))"
        if take.codes or take.above:
            return _union(self._codes(table, bundle) for table in tables)
        if take.at:
            parts = [(literal(k), *self.figure(tables[0], name)) for k, name in take.at.items()]
            return self._spread(tables[0], parts, self._where(take))
        found = self._of_table(tables[0], bundle)
        if self.derived.key is None:
            return found
        digits = (
            f" AND length(k) = {self.derived.digits} AND regexp_full_match(k, '[0-9]+')"
            if self.derived.digits
            else ""
        )
        return f"SELECT * FROM ({found}) WHERE k IS NOT NULL{digits}"

    def _of_table(self, table: Table, bundle: Bundle) -> str:
        """The rows of one table with the figures of several columns, units that do not count left out."""
        (_column, take), *_more = bundle
        figures = [
            ("1", "0") if one.by is By.COUNT else self.figure(table, one.column or c.name)
            for c, one in bundle
        ]
        per = f", {quoted(take.per)} AS d" if take.per else ""
        of_whom = unit_code_sql(quoted(self.derived.by or ""))
        extra = f", {of_whom} AS target" if take.over is Over.NAMED else ""
        found = f"SELECT {self.whose(table)}, {self._key(table, take)} AS k, {numbered(figures)}{per}{extra} FROM {quoted(table.table)}{self._where(take)}"
        if not take.without:
            return found
        return f"SELECT s.* FROM ({found}) s ANTI JOIN ({self.left_out(take)}) o USING (u, y)"

    def _where(self, take: Take) -> str:
        joined = " AND ".join(_among(take.where))
        return f" WHERE {joined}" if joined else ""

    def left_out(self, take: Take) -> str:
        """Units whose figures do not count."""
        counted_out = " OR ".join(_among(take.without))
        return (
            f"SELECT {self.whose(self.units)} FROM {quoted(self.units.table)} WHERE {counted_out}"
        )

    def keys(self, table: Table) -> list[str]:
        whose = {table.with_role(role).name for role in (ColumnRole.UNIT, ColumnRole.YEAR)}
        return [quoted(name) for name in table.key if name not in whose]

    def _key(self, table: Table, take: Take) -> str:
        if self.derived.key is None:
            return "''"
        own = quoted(take.key) if take.key else f"concat_ws(' ', {', '.join(self.keys(table))})"
        if not take.words:
            return spelled_sql(own) if is_name(table, take) else own
        return f"CASE {own} {' '.join(f'WHEN {literal(said)} THEN {literal(key)}' for said, key in take.words.items())} END"

    def _cells(self, table: Table, only: str) -> str:
        """Every amount of a table as a row: table, its own key, column."""
        keys, money = self.keys(table), [c for c in table.columns if c.type is ColumnType.MONEY]
        parts = [
            (
                f"concat_ws(' ', {', '.join([literal(table.table), *keys, literal(c.name)])})",
                *self.figure(table, c.name),
            )
            for c in money
        ]
        whose = ", ".join(
            quoted(table.with_role(role).name) for role in (ColumnRole.UNIT, ColumnRole.YEAR)
        )
        return self._spread(table, parts, f" WHERE ({whose}) IN ({only})" if only else "")

    def _spread(self, table: Table, parts: Sequence[tuple[str, str, str]], where: str) -> str:
        """Several figures of each row as their own rows, in one pass: key, figure and half of each."""
        listed = ", ".join(
            f"{{'k': {key}, 'v': ({v})::DECIMAL(38,6), 'h': ({h})::DECIMAL(38,6)}}"
            for key, v, h in parts
        )
        return f"SELECT u, y, c.k AS k, c.v AS v, c.h AS h FROM (SELECT {self.whose(table)}, unnest([{listed}]) AS c FROM {quoted(table.table)}{where})"

    def _codes(self, table: Table, bundle: Bundle) -> str:
        """1 for a row whose code is in the list (or whose row above is there), else 0; what is no code is left to the roll-ups."""
        by, whose = code_of(table), self.whose(table)
        names = "".join(
            f", {quoted(name)} AS {quoted('#' + name)}"
            for name in dict.fromkeys(take.called for _column, take in bundle if take.called)
        )
        # Several columns IN a query are compared row by row; one text is looked up.
        there = f"SELECT {one('u', 'y', 'c')} FROM (SELECT {whose}, {quoted(by.name)} AS c FROM {quoted(table.table)})"
        figures = [
            (f"CASE WHEN {judged(take, by, there)} THEN 1 ELSE 0 END", "0")
            for _column, take in bundle
        ]
        return f"SELECT u, y, {literal(table.table + ' ')} || c AS k, {numbered(figures)} FROM ({coded(table, whose, names)})"

    def below(self) -> str:
        """Units with the unit that they count for: those that filed, and those that should have."""
        named = [
            t
            for t in self.tables.values()
            if t.role in (Role.UNITS, Role.EXPECTED) and t.column(self.derived.by or "") is not None
        ]
        parts = (
            f"SELECT {self.whose(t)}, {unit_code_sql(quoted(self.derived.by or ''))} AS target FROM {quoted(t.table)}"
            for t in named
        )
        return f"SELECT DISTINCT u, y, target FROM ({' UNION ALL '.join(parts)}) WHERE target <> '' AND target <> u"

    def holders(self, column: Column, take: Take) -> str:
        """Whom the level of peers is for: units (u, y) that have such a figure, whether or not it counts in the level."""
        own = replace(take, without={})
        usable = "v IS NOT NULL AND d <> 0" if take.per else "v IS NOT NULL"
        return f"SELECT DISTINCT u, y FROM ({self.rows(column, own)}) WHERE {usable}"


def _union(queries: Iterable[str]) -> str:
    return " UNION ALL ".join(f"({query})" for query in queries)


def _among(words: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Tests whether columns hold one of their words."""
    for name, some in words.items():
        yield f"{quoted(name)} IN ({', '.join(map(literal, some))})"


def numbered_name(of: str, number: int) -> str:
    """The name of the first, second, … of some columns: v, v1, v2."""
    return f"{of}{number or ''}"


def numbered(figures: Sequence[tuple[str, str]]) -> str:
    """Figures with halves of last places: the first v and h, the others v1, h1 and so on."""
    return ", ".join(
        f"{v} AS {numbered_name('v', i)}, {h} AS {numbered_name('h', i)}"
        for i, (v, h) in enumerate(figures)
    )


__all__ = [
    "Bundle",
    "SourceRows",
    "Tables",
    "gathered_name",
    "numbered",
    "numbered_name",
    "sources_of",
    "taken",
]
