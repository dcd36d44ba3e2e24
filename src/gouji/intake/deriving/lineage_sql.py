"""A figure of a derived table -> the cells that units sent and that it was made of: the unit's own, and those of the units below it where they are at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gouji.intake.deriving.derived_codes_sql import bare_name, code_of
from gouji.intake.deriving.spelled_names_sql import is_name, spelled
from gouji.intake.ledger.submission import Cell, Row, Submission
from gouji.intake.ledger.tables import quoted
from gouji.intake.ledger.unit_figures import rows_of
from gouji.rules import By, CodeNames, Column, ColumnRole, Over, Role, Table, Take

Named = tuple[str, Cell]
# Units below whose cells are listed one by one.
UNITS_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class UnitLineage:
    """What derived rows of one unit and year are made of, in a submission with these tables."""

    submission: Submission
    tables: Mapping[str, Table]
    unit: str
    year: int

    def own_cells(self, table: Table, row: Row, name: str) -> list[Named]:
        """The cells of the unit itself behind a column of a derived row; the derived figure itself where they are other units'."""
        column = table.column(name)
        take = column.take if column is not None else None
        if take is not None and take.over is Over.OWN:
            return list(self._cells(table, take, row, name))
        cell = row.cells.get(name)
        return [(name, cell)] if cell is not None and take is not None else []

    def all_cells(self, table: Table, row: Row, name: str) -> list[Named]:
        """The same with the cells of the units below, each under its unit's code."""
        found = self.own_cells(table, row, name)
        column = table.column(name)
        if column is None or column.take is None or column.take.over is not Over.BELOW:
            return found
        for below in self.units_below(table)[:UNITS_AT_MOST]:
            of = replace(self, unit=below)
            cells = of._cells(table, column.take, row, name)
            found += [(f"{below} {label}", cell) for label, cell in cells]
        return found

    def units_below(self, table: Table) -> list[str]:
        """The units that filed and count for the unit, where all units lie in the database; else none."""
        units = next(t for t in self.tables.values() if t.role is Role.UNITS)
        held, derived = self.submission.held, table.derived
        if held is None or derived is None or derived.by is None:
            return []
        own, of_year, by = (
            quoted(units.with_role(ColumnRole.UNIT).name),
            quoted(units.with_role(ColumnRole.YEAR).name),
            quoted(derived.by),
        )
        query = f"SELECT DISTINCT {own} FROM {quoted(units.table)} WHERE {by} = ? AND {of_year} = ? AND {own} <> ? ORDER BY 1"
        rows = held.con.execute(query, [self.unit, self.year, self.unit]).fetchall()
        return [str(found) for (found,) in rows]

    def _cells(self, table: Table, take: Take, row: Row, name: str) -> Iterator[Named]:
        """The cells of the unit that a column of a row takes."""
        sources, key, column = _taken_from(table, take, row, name)
        if take.names:
            for one in sources:
                yield from self._by_name(self.tables[one], take).get(key, ())
            return
        source = self.tables[sources[0]]
        column = take.at.get(key, column)
        if take.codes or take.above:
            column = take.called or code_of(source).name
        elif take.by is By.COUNT:
            column = take.key or column
        for found in self._by_key(source, take).get("" if take.at else key, ()):
            cell = found.cells.get(column)
            if cell is not None:
                yield f"{source.table} {column}", cell

    def _by_key(self, source: Table, take: Take) -> Mapping[str, Sequence[Row]]:
        """The rows of the unit that a column takes, by the key they go under; all of them under "". Gone through once, not once for every key that is asked for."""
        found: dict[str, list[Row]] = {"": []}

        def make() -> Mapping[str, Sequence[Row]]:
            for row in rows_of(self.submission, source, self.unit, self.year):
                if take.at or _counts(take, row):
                    found[""].append(row)
                    if key := _key_of(source, take, row):
                        found.setdefault(key, []).append(row)
            return found

        return self.submission.once(("rows", source.table, self.unit, self.year), take, make)

    def _by_name(self, source: Table, take: Take) -> Mapping[str, Sequence[Named]]:
        """The cells with the names of a code, or the codes of a name below the same code, in one table, by the key they go under."""

        def make() -> Mapping[str, Sequence[Named]]:
            found: dict[str, list[Named]] = {}
            for row in rows_of(self.submission, source, self.unit, self.year):
                if (named := _name_of(source, take, row)) is not None:
                    key, cell = named
                    found.setdefault(key, []).append(cell)
            return found

        return self.submission.once(("names", source.table, self.unit, self.year), take, make)


def _taken_from(table: Table, take: Take, row: Row, name: str) -> tuple[Sequence[str], str, str]:
    """The tables that a column of a row takes from, the key of the rows there, the column there."""
    derived = table.derived
    assert derived is not None
    key, column = "", take.column or name
    if derived.key is not None and derived.key in row.cells:
        key = str(row.cells[derived.key].value)
    if not take.from_:
        # A cell of a form: table, the key of its row, column.
        first, _mark, rest = key.partition(" ")
        key, _mark, column = rest.rpartition(" ")
        return (first,), key, column
    if take.codes or take.above:
        first, _mark, key = key.partition(" ")
        return (first,), key, column
    return take.from_, key, column


def _name_of(source: Table, take: Take, row: Row) -> tuple[str, Named] | None:
    """What a row says of a code and its name: the key it goes under, the cell; None where it says neither."""
    name, by = take.called or "", code_of(source)
    code, said = (str(row.cells[c].value) if c in row.cells else "" for c in (by.name, name))
    level = level_of(by, code)
    if level is None or level < 1 or not said:
        return None
    if take.names is CodeNames.PER_CODE:
        return code, (f"{source.table} {code}", row.cells[name])
    above = code[: by.levels[level - 2]] if level > 1 else ""
    key = " ".join(filter(None, (above, bare_name(said))))
    return key, (f"{source.table} {said}", row.cells[by.name])


def level_of(by: Column, code: str) -> int | None:
    """The level of a code, from 1; None for what is none."""
    return (
        by.levels.index(len(code)) + 1
        if code.isascii() and code.isdigit() and len(code) in by.levels
        else None
    )


def _counts(take: Take, row: Row) -> bool:
    """Whether a row of the source counts."""
    return all(
        name in row.cells and row.cells[name].value in words for name, words in take.where.items()
    )


def _key_of(source: Table, take: Take, row: Row) -> str:
    """The key that a row of the source goes under."""
    whose = {source.with_role(role).name for role in (ColumnRole.UNIT, ColumnRole.YEAR)}
    keys = (take.key,) if take.key else source.key
    own = " ".join(
        str(row.cells[name].value) for name in keys if name not in whose and name in row.cells
    )
    if not take.words and is_name(source, take):
        return spelled(own)
    return take.words.get(own, own)


__all__ = ["UnitLineage"]
