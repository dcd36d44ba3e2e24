"""Slips that change several cells at once and are one cause: neighbours exchanged, a run of lines shifted, a column or form in another unit of money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gouji.locate.relations import CellRef, Relation
from gouji.locate.slips import Slip
from gouji.measure.figures import Printed

RUN_AT_MOST = 40


@dataclass(frozen=True, slots=True)
class Event:
    """Several cells and what each should be, in base units."""

    slip: Slip
    values: tuple[tuple[CellRef, Fraction], ...]


def events(
    failing: Sequence[Relation],
    figures: Mapping[CellRef, Printed],
    order: Mapping[str, Sequence[str]],
) -> Iterator[Event]:
    """Every event that could have touched a failing relation. `order`: the columns of each table as they stand beside each other (or below)."""
    doubted = {cell for relation in failing for cell, _c in relation.terms}
    yield from _exchanged(doubted, figures, order)
    yield from _shifted(doubted, figures, order)
    yield from _in_another_unit(doubted, figures)


def _exchanged(
    doubted: set[CellRef], figures: Mapping[CellRef, Printed], order: Mapping[str, Sequence[str]]
) -> Iterator[Event]:
    for cell in sorted(doubted):
        for other in _neighbours(cell, order):
            if (
                other in figures
                and figures[other].value != figures[cell].value
                and (other not in doubted or cell < other)
            ):
                yield Event(
                    Slip.EXCHANGED,
                    tuple(sorted(((cell, figures[other].value), (other, figures[cell].value)))),
                )


def _neighbours(cell: CellRef, order: Mapping[str, Sequence[str]]) -> Iterator[CellRef]:
    for step in (-1, 1):
        yield CellRef(cell.table, cell.row + step, cell.column, cell.prior)
    columns = order.get(cell.table, ())
    if cell.column in columns:
        at = list(columns).index(cell.column)
        for step in (-1, 1):
            if 0 <= at + step < len(columns):
                yield CellRef(cell.table, cell.row, columns[at + step], cell.prior)


def _shifted(
    doubted: set[CellRef], figures: Mapping[CellRef, Printed], order: Mapping[str, Sequence[str]]
) -> Iterator[Event]:
    """A run of figures stands one place too low or too high; the figure that was pushed out is taken from the other end (a rotation)."""
    for line in _lines(doubted, figures, order):
        hit = [at for at, cell in enumerate(line) if cell in doubted]
        for first in range(len(line)):
            for last in range(first + 2, min(first + RUN_AT_MOST, len(line))):
                if any(first <= at <= last for at in hit):
                    run = line[first : last + 1]
                    values = [figures[cell].value for cell in run]
                    for turned in ([*values[1:], values[0]], [values[-1], *values[:-1]]):
                        if turned != values:
                            yield Event(Slip.SHIFTED, tuple(zip(run, turned, strict=True)))


def _lines(
    doubted: set[CellRef], figures: Mapping[CellRef, Printed], order: Mapping[str, Sequence[str]]
) -> Iterator[list[CellRef]]:
    """Cells that stand below each other: a column of a table with many rows, or the figures of a table with one."""
    for table, prior in sorted({(c.table, c.prior) for c in doubted}):
        rows = sorted({c.row for c in figures if (c.table, c.prior) == (table, prior)})
        if len(rows) == 1:
            yield from _runs(
                [CellRef(table, rows[0], column, prior) for column in order.get(table, ())], figures
            )
        else:
            for column in sorted(
                {c.column for c in doubted if (c.table, c.prior) == (table, prior)}
            ):
                yield from _runs([CellRef(table, row, column, prior) for row in rows], figures)


def _runs(cells: Sequence[CellRef], figures: Mapping[CellRef, Printed]) -> Iterator[list[CellRef]]:
    """Stretches without a gap, of three cells or more."""
    run: list[CellRef] = []
    for cell in cells:
        if cell in figures:
            run.append(cell)
            continue
        if len(run) > 2:
            yield run
        run = []
    if len(run) > 2:
        yield run


def _in_another_unit(doubted: set[CellRef], figures: Mapping[CellRef, Printed]) -> Iterator[Event]:
    """All figures of a column, or of a form, ten thousand times too large or too small."""
    groups: dict[tuple[str, ...], list[CellRef]] = {}
    for cell, printed in figures.items():
        if printed.value:
            groups.setdefault((cell.table, str(cell.prior)), []).append(cell)
            groups.setdefault((cell.table, str(cell.prior), cell.column), []).append(cell)
            groups.setdefault((cell.table, str(cell.prior), "", str(cell.row)), []).append(cell)
    for _name, cells in sorted(groups.items()):
        if len(cells) < 2 or doubted.isdisjoint(cells):
            continue
        for by, slip in (
            (Fraction(1, 10_000), Slip.TEN_THOUSAND),
            (Fraction(10_000), Slip.PER_TEN_THOUSAND),
        ):
            yield Event(slip, tuple((cell, figures[cell].value * by) for cell in sorted(cells)))


__all__ = ["Event", "events"]
