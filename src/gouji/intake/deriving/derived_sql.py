"""One derived table -> the statements that fill it: SQL text, made of nothing but names and words of table descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from gouji.intake.deriving.among_peers_sql import MARK
from gouji.intake.deriving.source_rows_sql import (
    Bundle,
    SourceRows,
    gathered_name,
    numbered_name,
    sources_of,
    taken,
)
from gouji.intake.ledger.tables import HALF, PLACED, ROW, layout, literal, printed_table, quoted
from gouji.rules import Column, ColumnRole, Over, Take


class FillingStatements(SourceRows):
    """The statements that fill one derived table, once what other units give was gathered."""

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
                for name in (numbered_name("v", i), numbered_name("h", i))
            ]
            given = (
                name if i < 2 * len(bundle) else f"NULL AS {name}" for i, name in enumerate(names)
            )
            parts.append(
                f"SELECT {number} AS c, u, y, k, {', '.join(given)}, t FROM ({self._part(bundle)})"
            )
            here = f"FILTER (WHERE c = {number})"
            for i, (column, _take) in enumerate(bundle):
                v, h = numbered_name("v", i), numbered_name("h", i)
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
            rows = f"SELECT *, '' AS t FROM ({self.bundled(bundle, targets)})"
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


__all__ = ["FillingStatements"]
