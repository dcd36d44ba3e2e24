"""One derived table -> the statements that gather and fill it: SQL text, made of nothing but names and words of table descriptions."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from gouji.intake.deriving.among_peers_sql import Peers
from gouji.intake.deriving.derived_codes import code_of, coded, judged, named, one
from gouji.intake.deriving.whole_figures_sql import rounded, small
from gouji.intake.ledger.tables import HALF, PLACED, ROW, layout, literal, printed_table, quoted
from gouji.intake.values.codes import unit_code_sql
from gouji.rules import (
    KEPT_PLACES,
    UNITS,
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
# Units named in the text behind a figure, and what parts their number from the text.
NAMED_AT_MOST, MARK = 6, "|"
BETWEEN = literal("、")


def gathered_name(table: Table, column: Column) -> str:
    """The table with what is gathered for one column."""
    return f"{table.table}.{column.name}@"


def taken(table: Table) -> Iterator[tuple[Column, Take]]:
    """The columns of a derived table with what they are made of."""
    return ((c, c.take) for c in table.columns if c.take is not None)


def sources_of(table: Table, take: Take) -> tuple[str, ...]:
    """The tables that a column comes from."""
    return take.from_ or (table.derived.cells if table.derived else ())


class Statements:
    """The statements of one derived table."""

    def __init__(self, tables: Tables, halves: Container[str], table: Table) -> None:
        assert table.derived is not None
        self.tables, self.halves, self.table, self.derived = tables, halves, table, table.derived
        self.units = next(t for t in tables.values() if t.role is Role.UNITS)

    def whose(self, table: Table) -> str:
        return ", ".join(
            f"{quoted(table.with_role(role).name)} AS {name}"
            for role, name in ((ColumnRole.UNIT, "u"), (ColumnRole.YEAR, "y"))
        )

    def _figure(self, table: Table, name: str) -> tuple[str, str]:
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
        return self._rows([(column, take)])

    def _rows(self, bundle: Bundle, only: str = "") -> str:
        """The same of several columns: the figures of others are v1, h1 and so on. `only` gives the units asked for."""
        (_column, take), *_more = bundle
        if self.derived.cells and not take.from_:
            return " UNION ALL ".join(
                f"({self._cells(self.tables[name], only)})" for name in self.derived.cells
            )
        if take.names:
            rows = " UNION ALL ".join(
                f"({named(self.tables[name], self.whose(self.tables[name]), take)})"
                for name in take.from_
            )
            return f"SELECT u, y, k, 1 AS v, 0 AS h FROM (SELECT DISTINCT u, y, k, w FROM ({rows}))"
        if take.codes or take.above:
            return " UNION ALL ".join(
                f"({self._codes(self.tables[name], bundle)})" for name in take.from_
            )
        table = self.tables[take.from_[0]]
        whose, where = self.whose(table), self._where(take)
        if take.at:
            return self._spread(
                table,
                [(literal(key), *self._figure(table, name)) for key, name in take.at.items()],
                where,
            )
        figures = [
            ("1", "0") if one.by is By.COUNT else self._figure(table, one.column or c.name)
            for c, one in bundle
        ]
        per = f", {quoted(take.per)} AS d" if take.per else ""
        extra = (
            f", {unit_code_sql(quoted(self.derived.by or ''))} AS target"
            if take.over is Over.NAMED
            else ""
        )
        found = f"SELECT {whose}, {self._key(table, take)} AS k, {_numbered(figures)}{per}{extra} FROM {quoted(table.table)}{where}"
        if take.without:
            found = f"SELECT s.* FROM ({found}) s ANTI JOIN ({self.left_out(take)}) o USING (u, y)"
        if self.derived.key is None:
            return found
        digits = (
            f" AND length(k) = {self.derived.digits} AND regexp_full_match(k, '[0-9]+')"
            if self.derived.digits
            else ""
        )
        return f"SELECT * FROM ({found}) WHERE k IS NOT NULL{digits}"

    def _where(self, take: Take) -> str:
        tests = (
            f"{quoted(name)} IN ({', '.join(map(literal, words))})"
            for name, words in take.where.items()
        )
        joined = " AND ".join(tests)
        return f" WHERE {joined}" if joined else ""

    def left_out(self, take: Take) -> str:
        """Units whose figures do not count."""
        tests = (
            f"{quoted(name)} IN ({', '.join(map(literal, words))})"
            for name, words in take.without.items()
        )
        return f"SELECT {self.whose(self.units)} FROM {quoted(self.units.table)} WHERE {' OR '.join(tests)}"

    def _keys(self, table: Table) -> list[str]:
        whose = {table.with_role(role).name for role in (ColumnRole.UNIT, ColumnRole.YEAR)}
        return [quoted(name) for name in table.key if name not in whose]

    def _key(self, table: Table, take: Take) -> str:
        if self.derived.key is None:
            return "''"
        own = quoted(take.key) if take.key else f"concat_ws(' ', {', '.join(self._keys(table))})"
        if not take.words:
            return own
        return f"CASE {own} {' '.join(f'WHEN {literal(said)} THEN {literal(key)}' for said, key in take.words.items())} END"

    def _cells(self, table: Table, only: str) -> str:
        """Every amount of a table as a row: table, its own key, column."""
        keys, money = self._keys(table), [c for c in table.columns if c.type is ColumnType.MONEY]
        parts = [
            (
                f"concat_ws(' ', {', '.join([literal(table.table), *keys, literal(c.name)])})",
                *self._figure(table, c.name),
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
        return f"SELECT u, y, {literal(table.table + ' ')} || c AS k, {_numbered(figures)} FROM ({coded(table, whose, names)})"

    def gathered(self, column: Column, take: Take) -> Iterator[str]:
        """What other units give, in a few queries: whose figure it is, year, key, figure, half, text; rows not `known` say which table is not complete."""
        match take.over:
            case Over.PEERS if take.among_peers:
                yield Peers(self, column, take).query()
            case Over.PEERS:
                yield self._median(column, take)
            case Over.TWINS:
                yield self._twins(take)
            case Over.NAMED:
                yield self._added(
                    column,
                    f"SELECT target, u, y, k, v, h FROM ({self.rows(column, take)}) WHERE target <> u",
                )
            case _:
                yield from self._below_added(column, take)
                yield " UNION ALL ".join(
                    f"SELECT b.target, b.y, {literal(name)}, NULL, NULL, '', false FROM ({self.below()}) b ANTI JOIN (SELECT {self.whose(self.tables[name])}"
                    f" FROM {quoted(name)}) s ON s.u = b.u AND s.y = b.y GROUP BY ALL"
                    for name in sources_of(self.table, take)
                )

    def _below_added(self, column: Column, take: Take) -> Iterator[str]:
        if self.derived.cells and not take.from_:
            yield from (self._cells_added(column, self.tables[name]) for name in self.derived.cells)
        else:
            yield self._added(
                column,
                f"SELECT b.target, s.* FROM ({self.rows(column, take)}) s JOIN ({self.below()}) b ON b.u = s.u AND b.y = s.y",
            )

    def _cells_added(self, column: Column, table: Table) -> str:
        """As `_added`, of every amount of a table: the columns are added up side by side, and only their sums become rows."""
        own, of_year = (
            quoted(table.with_role(role).name) for role in (ColumnRole.UNIT, ColumnRole.YEAR)
        )
        key = f"concat_ws(' ', {', '.join([literal(table.table), *self._keys(table)])})"
        money = [
            (number, c, *self._figure(table, c.name))
            for number, c in enumerate(table.columns)
            if c.type is ColumnType.MONEY
        ]
        given = ", ".join(f"{v} AS v{i}, {h} AS h{i}" for i, _c, v, h in money)
        rows = f"SELECT b.target, b.u, b.y, {key} AS k, {given} FROM {quoted(table.table)} s JOIN ({self.below()}) b ON b.u = s.{own} AND b.y = s.{of_year}"
        sums = ", ".join(
            f"{{'c': {literal(c.name)}, 'v': CASE WHEN count(v{i}) = count(*) THEN sum(v{i}) END::DECIMAL(38,6),"
            f" 'h': CASE WHEN count(v{i}) = count(*) THEN sum(h{i}) END::DECIMAL(38,6), 'first': min({{'u': u, 'v': v{i}}}, {NAMED_AT_MOST})}}"
            for i, c, _v, _h in money
        )
        enough = (
            f" HAVING count(DISTINCT u) >= {self.derived.at_least}"
            if self.derived.at_least > 1
            else ""
        )
        listed = f"array_to_string(list_transform(c.first, lambda x : x.u || ' ' || coalesce({_shown(column, 'x.v')}, '?')), {BETWEEN})"
        return (
            f"SELECT target, y, k || ' ' || c.c, c.v, c.h, n || '{MARK}' || {listed}, true"
            f" FROM (SELECT target, y, k, count(*) AS n, unnest([{sums}]) AS c FROM ({rows}) GROUP BY target, y, k{enough})"
        )

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

    def _added(self, column: Column, rows: str) -> str:
        """Sums by target; without value where a figure that counts is missing."""
        whole = "count(v) = count(*)"
        listed = f"array_to_string(list_slice(list(u || ' ' || coalesce({_shown(column, 'v')}, '?') ORDER BY u), 1, {NAMED_AT_MOST}), {BETWEEN})"
        made = (
            f"SELECT target, y, k, CASE WHEN {whole} THEN sum(v) END, CASE WHEN {whole} THEN sum(h) END,"
            f" count(*) || '{MARK}' || {listed}, true FROM ({rows}) WHERE target <> '' GROUP BY ALL"
        )
        return (
            made
            if self.derived.at_least == 1
            else f"{made} HAVING count(DISTINCT u) >= {self.derived.at_least}"
        )

    def _median(self, column: Column, take: Take) -> str:
        """The lower median over all units of a year, in whole numbers; a unit whose divisor is zero or whose figure is negative has none.

        Rounded to significant figures it is no unit's figure any more, and names none.
        """
        table = self.tables[take.from_[0]]
        described = table.column(take.column or column.name)
        assert described is not None
        kept = KEPT_PLACES[described.type]
        # A place more than is kept is whole: halves of last places are.
        figure, half, divisor = (
            f"(v * {10**kept})::HUGEINT",
            f"(h * {10 ** (kept + 1)})::HUGEINT",
            "d::HUGEINT",
        )
        if take.per:
            figure, half = (
                f"(2 * {figure} + {divisor}) // (2 * {divisor})",
                f"({half} + {divisor} - 1) // {divisor} + 5",
            )
        usable = "v >= 0 AND d > 0" if take.per else "v >= 0"
        each = f"SELECT u, y, {figure} AS r, {half} AS s FROM ({self.rows(column, take)}) WHERE {usable}"
        middle = (
            f"SELECT y, quantile_disc(r, 0.5) AS m, quantile_disc(10 * r - s, 0.5) AS low, quantile_disc(10 * r + s, 0.5) AS high"
            f" FROM ({each}) GROUP BY y HAVING count(*) >= {self.derived.at_least}"
        )
        value, slack = (
            f"m.m::DECIMAL(30,0) * {small(kept)}",
            f"greatest(10 * m.m - m.low, m.high - 10 * m.m)::DECIMAL(30,0) * {small(kept + 1)}",
        )
        if take.significant is not None:
            return f"SELECT '', y, '', {value}, m.s::DECIMAL(30,0) * {small(kept + 1)}, '{MARK}', true FROM ({rounded(middle, take.significant)}) m"
        return (
            f"SELECT '', y, '', {value}, {slack}, '{MARK}' || min(u), true FROM ({middle}) m JOIN ({each}) e USING (y) WHERE e.r = m.m"
            " GROUP BY y, m.m, m.low, m.high"
        )

    def _twins(self, take: Take) -> str:
        """How many units print the same figures, none of them zero."""
        table = self.tables[take.from_[0]]
        names = ", ".join(quoted(name) for name in take.same)
        whose, some = self.whose(table), " AND ".join(f"{quoted(name)} <> 0" for name in take.same)
        units = f"SELECT {whose}, {names} FROM {quoted(table.table)} WHERE {some}"
        if take.without:
            units = f"SELECT s.* FROM ({units}) s ANTI JOIN ({self.left_out(take)}) o USING (u, y)"
        same = (
            f"SELECT y, list(u ORDER BY u) AS us, count(*) AS n FROM ({units}) GROUP BY y, {names}"
        )
        enough = f"SELECT * FROM ({same}) QUALIFY sum(n) OVER (PARTITION BY y) >= {self.derived.at_least}"
        # One more than are named, for one may be the unit itself; a list of all beside each of them would grow with the square of their number.
        first = f"SELECT unnest(us) AS u, y, n, list_slice(us, 1, {NAMED_AT_MOST + 1}) AS f FROM ({enough})"
        others = f"array_to_string(list_slice(list_filter(f, lambda x : x <> u), 1, {NAMED_AT_MOST}), {BETWEEN})"
        return f"SELECT u, y, '', n, 0, '{MARK}' || {others}, true FROM ({first})"

    def filled(self, parts: Sequence[str] = ("true",)) -> Iterator[str]:
        """The statements that fill the table and the one with the texts behind its figures; part by part, where there are conditions on the unit `u`."""
        name, values = quoted(self.table.table), ", ".join(value for _name, value in self._values())
        numbered = (
            "(SELECT *, row_number() OVER (ORDER BY y, u, k) - 1{before} AS n FROM ({rows})) b"
        )
        for done, part in enumerate(parts):
            rows = numbered.format(
                before=f" + (SELECT count(*) FROM {name})" if done else "", rows=self._grouped(part)
            )
            yield f"INSERT INTO {name} SELECT {values} FROM {rows} {self._sent()}"
        texts = [
            f"b.{quoted('t.' + c.name)}"
            if c.take is not None and c.take.over is not Over.OWN
            else "NULL"
            for c in self.table.columns
        ]
        # Without texts the rows need not be worked out once more for their numbers.
        number, rows = (
            ("n", numbered.format(before="", rows=self._grouped()))
            if set(texts) != {"NULL"}
            else (quoted(ROW), name)
        )
        placed = ", ".join([number, *["NULL"] * (len(PLACED) - 1), *texts])
        yield f"INSERT INTO {quoted(printed_table(self.table))} SELECT {placed} FROM {rows}"

    def viewed(self) -> str:
        """The rows as a query; their number is not asked for."""
        values = ", ".join(
            f"{'0' if name == ROW else value} AS {quoted(name)}" for name, value in self._values()
        )
        return f"SELECT {values} FROM ({self._grouped()}) b {self._sent()}"

    def _grouped(self, part: str = "true") -> str:
        """One row for each unit, year and key: of every column its figure and half (`v.`, `h.`), how many rows it is made of (`n.`), its text (`t.`)."""
        parts, made, bundles = [], dict[str, list[str]](), self._bundles()
        for number, bundle in enumerate(bundles):
            names = [
                name
                for i in range(max(map(len, bundles)))
                for name in (_name("v", i), _name("h", i))
            ]
            given = (
                name if i < 2 * len(bundle) else f"NULL AS {name}" for i, name in enumerate(names)
            )
            parts.append(
                f"SELECT {number} AS c, u, y, k, {', '.join(given)}, t FROM ({self._part(bundle)})"
            )
            here = f"FILTER (WHERE c = {number})"
            for i, (column, _take) in enumerate(bundle):
                v, h = _name("v", i), _name("h", i)
                whole = f"count({v}) {here} = count(*) {here}"
                made[column.name] = [
                    f"CASE WHEN {whole} THEN sum({v}) {here} END AS {quoted('v.' + column.name)}",
                    f"CASE WHEN {whole} THEN sum({h}) {here} END AS {quoted('h.' + column.name)}",
                    f"count(*) {here} AS {quoted('n.' + column.name)}",
                    f"max(t) {here} AS {quoted('t.' + column.name)}",
                ]
        return f"SELECT u, y, k, {', '.join(chain(*made.values()))} FROM ({' UNION ALL '.join(parts)}) WHERE k IS NOT NULL AND left(k, 1) <> '{MARK}' AND {part} GROUP BY u, y, k"

    def _bundles(self) -> list[Bundle]:
        """The columns of the table; those made of the same rows of the unit's own under the same keys together, so that the rows are gone through once."""
        found: dict[str, Bundle] = {}
        for column, take in taken(self.table):
            together = take.over is Over.OWN and take.from_ and not take.at
            alike = (
                take.from_,
                bool(take.codes or take.above),
                take.names,
                take.key,
                take.words,
                take.where,
                take.without,
            )
            found.setdefault(repr(alike) if together else column.name, []).append((column, take))
        return list(found.values())

    def _targets(self) -> str:
        """The units that figures of other units were gathered for."""
        names = [
            gathered_name(self.table, c)
            for c, take in taken(self.table)
            if take.over is not Over.OWN and not take.levels
        ]
        return " UNION ".join(f"SELECT u, y FROM {quoted(name)}" for name in names)

    def _sent(self) -> str:
        """Beside each row, whether the unit sent the tables that its columns come from."""
        if self.derived.cells:
            return ""
        wanted = dict.fromkeys(
            take.from_[0]
            for c, take in taken(self.table)
            if c.null == "zero" and take.over is Over.OWN
        )
        return " ".join(
            f"LEFT JOIN (SELECT DISTINCT {self.whose(self.tables[name])} FROM {quoted(name)}) {quoted('sent.' + name)}"
            f" ON {quoted('sent.' + name)}.u = b.u AND {quoted('sent.' + name)}.y = b.y"
            for name in wanted
        )

    def _part(self, bundle: Bundle) -> str:
        """Rows u, y, k, v, h, t of columns: the unit's own, or what was gathered for it."""
        column, take = bundle[0]
        if take.over is Over.OWN:
            targets = self._targets()
            rows = f"SELECT *, '' AS t FROM ({self._rows(bundle, targets)})"
            return (
                f"{rows} WHERE (u, y) IN ({targets})"
                if targets and not self.derived.cells
                else rows
            )
        found = (
            f"SELECT u, y, k, v, h, t FROM {quoted(gathered_name(self.table, column))} WHERE known"
        )
        if take.levels:
            return f"SELECT w.u, w.y, k, v, h, t FROM ({self.holders(column, take)}) w JOIN ({found}) g ON g.y = w.y"
        return found

    def holders(self, column: Column, take: Take) -> str:
        """Whom the level of peers is for: units (u, y) that have such a figure, whether or not it counts in the level."""
        own = replace(take, without={})
        usable = "v IS NOT NULL AND d <> 0" if take.per else "v IS NOT NULL"
        return f"SELECT DISTINCT u, y FROM ({self.rows(column, own)}) WHERE {usable}"

    def _values(self) -> Iterator[tuple[str, str]]:
        """The columns of a row as the table lays them out, each with its value."""
        described = {c.name: c for c in self.table.columns}
        for name, kind in layout(self.table):
            column = described.get(name.removesuffix(HALF))
            if name == ROW or column is None:
                yield name, "b.n"
            elif column.take is not None:
                yield (
                    name,
                    f"TRY_CAST({self._value(column, column.take, 'v' if name in described else 'h')} AS {kind})",
                )
            elif column.role is ColumnRole.UNIT:
                yield name, "b.u"
            elif column.role is ColumnRole.YEAR:
                yield name, "b.y"
            else:
                yield name, "b.k" if name == self.derived.key else f"NULL::{kind}"

    def _value(self, column: Column, take: Take, which: str) -> str:
        """A figure; without a row it is zero where the description says so and the tables it comes from were sent (by every unit that counts)."""
        found, rows = f"b.{quoted(f'{which}.{column.name}')}", f"b.{quoted('n.' + column.name)}"
        tables = sources_of(self.table, take)
        said = (
            "split_part(b.k, ' ', 1)"
            if self.derived.cells and not take.from_
            else literal(tables[0])
        )
        if column.null == "zero" and take.over is Over.OWN:
            every = " UNION ".join(
                f"SELECT {self.whose(self.tables[n])}, {literal(n)} AS t FROM {quoted(n)}"
                for n in tables
            )
            sent = (
                f"(b.u, b.y, {said}) IN ({every})"
                if self.derived.cells
                else f"{quoted('sent.' + tables[0])}.u IS NOT NULL"
            )
            return f"CASE WHEN {rows} > 0 THEN {found} WHEN {sent} THEN 0 END"
        if take.over is not Over.BELOW:
            return found
        lacking = f"SELECT u, y, k FROM {quoted(gathered_name(self.table, column))} WHERE NOT known"
        zero = f"CASE WHEN {rows} = 0 THEN 0 ELSE {found} END" if column.null == "zero" else found
        return f"CASE WHEN (b.u, b.y, {said}) NOT IN ({lacking}) THEN {zero} END"


def _name(of: str, number: int) -> str:
    return f"{of}{number or ''}"


def _numbered(figures: Sequence[tuple[str, str]]) -> str:
    """Figures with halves of last places: the first v and h, the others v1, h1 and so on."""
    return ", ".join(
        f"{v} AS {_name('v', i)}, {h} AS {_name('h', i)}" for i, (v, h) in enumerate(figures)
    )


def _shown(column: Column, figure: str) -> str:
    """A figure in the unit of the column, as text."""
    factor = UNITS[column.unit] if column.unit else 1
    places = column.places if column.places is not None else (2 if column.unit else 0)
    return f"({figure} * CAST('{1 / factor:f}' AS DECIMAL(12,8)))::DECIMAL(38,{max(places, 0)})::VARCHAR"


__all__ = ["MARK", "Statements", "gathered_name", "sources_of", "taken"]
