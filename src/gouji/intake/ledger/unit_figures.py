"""Submission -> the figures of single units as values (for `explain` and the Python readings), and the places they stood at."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from gouji.expression import Cell as FigureCell
from gouji.expression import Printed, UnitFigures
from gouji.intake.ledger.submission import Cell, Row, Submission
from gouji.rules import ColumnRole, Table


def unit_figures(
    submission: Submission, tables: Mapping[str, Table], unit: str, year: int
) -> UnitFigures:
    """All figures of one unit in a year, with those of the year before."""
    prior = _year(submission, tables, unit, year - 1, None)
    return _year(submission, tables, unit, year, prior)


def absent_tables(
    submission: Submission, tables: Mapping[str, Table], year: int
) -> frozenset[tuple[str, bool]]:
    """Tables of which nobody sent a row for the year (with True: for the year before)."""
    found = set()
    for name, table in tables.items():
        of_year = table.with_role(ColumnRole.YEAR).name
        years = {
            row.cells[of_year].value
            for row in submission.rows.get(name, [])
            if of_year in row.cells
        }
        if submission.held is not None:
            years |= submission.held.years(table)
        found |= {(name, prior) for prior in (False, True) if Decimal(year - prior) not in years}
    return frozenset(found)


def cell_of(
    submission: Submission,
    tables: Mapping[str, Table],
    unit: str,
    year: int,
    table: str,
    column: str,
) -> Cell | None:
    """The cell of a figure in a one-row table."""
    rows = _rows(submission, tables[table], unit, year)
    return rows[0].cells.get(column) if rows else None


def rows_of(submission: Submission, table: Table, unit: str, year: int) -> list[Row]:
    """The unit's rows of one table."""
    return _rows(submission, table, unit, year)


def _year(
    submission: Submission,
    tables: Mapping[str, Table],
    unit: str,
    year: int,
    prior: UnitFigures | None,
) -> UnitFigures:
    one: dict[str, Mapping[str, FigureCell]] = {}
    many: dict[str, tuple[Mapping[str, FigureCell], ...]] = {}
    for name, table in tables.items():
        rows = [
            {c: _value(cell) for c, cell in row.cells.items()}
            for row in _rows(submission, table, unit, year)
        ]
        if rows and table.grain == "one":
            one[name] = rows[0]
        elif rows:
            many[name] = tuple(rows)
    return UnitFigures(one, many, prior, frozenset(submission.aside(unit, year)))


def _rows(submission: Submission, table: Table, unit: str, year: int) -> list[Row]:
    read = submission.of_unit(table, unit, year)
    return read + submission.held.rows(table, unit, year) if submission.held is not None else read


def _value(cell: Cell) -> FigureCell:
    if isinstance(cell.value, Decimal):
        return Printed(Fraction(cell.value), Fraction(cell.half or 0))
    return cell.value
