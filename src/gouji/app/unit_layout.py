"""A rulebook and one unit's figures -> Layout: how they stand in its forms, what locating looks for neighbours and whole columns in."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from gouji.expression import Printed, UnitFigures
from gouji.locate import CellRef, Coded, FigureLayout
from gouji.rules import Column, ColumnRole, ColumnType, ResolvedBook, Table

MOST_PLACES = 6


def layout_of(book: ResolvedBook, figures: UnitFigures) -> FigureLayout:
    """How a unit's figures stand in its forms."""
    tables = {name: t for name, t in book.tables.items() if t.derived is None}
    columns = [(name, c) for name, table in tables.items() for c in table.columns]
    coded = {name: _coded(table, figures) for name, table in tables.items()}
    return FigureLayout(
        {name: _figures(table) for name, table in tables.items()},
        {name: _of_money(table) for name, table in tables.items()},
        frozenset((name, c.name) for name, c in columns if c.type is ColumnType.PERCENT),
        {name: t.form.sheets[0] for name, t in tables.items() if t.form is not None},
        {name: len(rows) for name, rows in figures.many.items() if name in tables},
        {
            (name, c.name): _range(c)
            for name, c in columns
            if c.at_least is not None or c.at_most is not None
        },
        {name: made for name, made in coded.items() if made is not None},
    )


def _figures(table: Table) -> list[str]:
    return [c.name for c in table.columns if c.numeric and c.role is None]


def _of_money(table: Table) -> frozenset[str]:
    return frozenset(c.name for c in table.columns if c.type is ColumnType.MONEY)


def _coded(table: Table, figures: UnitFigures) -> Coded | None:
    by = next((c for c in table.columns if c.role is ColumnRole.CODE), None)
    rows = figures.many.get(table.table)
    if by is None or rows is None:
        return None
    codes = [row.get(by.name) for row in rows]
    return Coded(by, [code if isinstance(code, str) else None for code in codes])


def _range(column: Column) -> tuple[Fraction | None, Fraction | None]:
    least, most = column.at_least, column.at_most
    return None if least is None else Fraction(least), None if most is None else Fraction(most)


def steps_of(book: ResolvedBook, printed: Mapping[CellRef, Printed]) -> dict[CellRef, Fraction]:
    """One in the last printed place of figures that are exact: scores have places too. Of those that are not, twice the half place says it."""
    found: dict[CellRef, Fraction] = {}
    for ref, figure in printed.items():
        if not figure.half:
            column = book.tables[ref.table].column(ref.column)
            places = (column.places or 0) if column is not None else 0
            while places < MOST_PLACES and (figure.value * 10**places).denominator != 1:
                places += 1
            if places > 0:
                found[ref] = Fraction(1, 10**places)
    return found


__all__ = ["layout_of", "steps_of"]
