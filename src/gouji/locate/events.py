"""Slips that change several cells at once and are one cause: neighbours exchanged, a run of lines shifted, a column or form in another unit of money."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from gouji.expression import Printed
from gouji.locate.locate_values import FigureLayout
from gouji.locate.relations import CellRef, Relation
from gouji.locate.slips import Kinds
from gouji.rules import How, SlipKind

RUN_AT_MOST = 40
# Cells by what they have in common: their column, line, table or sheet.
Groups = dict[tuple[str, ...], list[CellRef]]


@dataclass(frozen=True, slots=True)
class Event:
    """Several cells and what each should be, in base units; `free`: one more, whose figure is lost and follows from the equations."""

    slip: SlipKind
    values: tuple[tuple[CellRef, Fraction], ...]
    free: CellRef | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What events are looked for in: the cells of each failing relation, all figures, how they stand."""

    failing: Sequence[Relation]
    figures: Mapping[CellRef, Printed]
    layout: FigureLayout
    kinds: Kinds
    hits: dict[CellRef, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, relation in enumerate(self.failing):
            for cell, _c in relation.terms:
                self.hits.setdefault(cell, set()).add(number)

    def touches(self, cells: Iterable[CellRef]) -> bool:
        """Whether each failing relation has one of the cells."""
        found = set[int]()
        for cell in cells:
            found |= self.hits.get(cell, set())
        return len(found) == len(self.failing)

    def within(self, relation: Relation, cells: set[CellRef]) -> bool:
        """Whether a relation speaks of these cells alone (and of zeros), so that it says the same in any unit of money."""
        if not relation.linear or any(cell not in self.figures for cell, _c in relation.terms):
            return False
        values = {cell: c * self.figures[cell].value for cell, c in relation.terms}
        return sum(values.values()) == relation.gap and not any(
            value for cell, value in values.items() if cell not in cells
        )

    def places(self, hits: Iterable[tuple[int, CellRef]]) -> list[list[int]]:
        """Cells by their place in a line -> the places, in order, where each failing relation is hit."""
        found: list[list[int]] = [[] for _relation in self.failing]
        for at, cell in hits:
            for number in self.hits.get(cell, ()):
                found[number].append(at)
        return found

    @property
    def doubted(self) -> set[CellRef]:
        """The cells of failing relations."""
        return set(self.hits)


def events(of: Around) -> Iterator[Event]:
    """Every event that could have touched each failing relation."""
    doubted, shifted = of.doubted, of.kinds.named(How.SHIFT)
    yield from exchanges(of)
    if shifted is not None:
        yield from _shifted(of, doubted, shifted)
        if len({(c.table, c.column) for c in doubted}) > 1:
            yield from _blocks(of, doubted, shifted)
    yield from units_of_money(of)


def exchanges(of: Around) -> Iterator[Event]:
    """Two neighbours of which each holds the other's figure."""
    figures, doubted, slip = of.figures, of.doubted, of.kinds.named(How.EXCHANGE)
    if slip is None:
        return
    for cell in sorted(doubted & figures.keys()):
        for other in neighbours(cell, of.layout):
            if (
                other in figures
                and of.layout.alike(cell, other)
                and figures[other].value != figures[cell].value
                and (other not in doubted or cell < other)
                and of.touches({cell, other})
            ):
                yield Event(
                    slip,
                    tuple(sorted(((cell, figures[other].value), (other, figures[cell].value)))),
                )


def neighbours(cell: CellRef, layout: FigureLayout) -> tuple[CellRef, ...]:
    """The cells above and below, then those of the columns beside."""
    return (*rows_beside(cell), *columns_beside(cell, layout))


def rows_beside(cell: CellRef) -> tuple[CellRef, ...]:
    """The cells above and below."""
    return tuple(
        CellRef(cell.table, cell.row + step, cell.column, cell.prior)
        for step in (-1, 1)
        if cell.row + step >= 0
    )


def columns_beside(cell: CellRef, layout: FigureLayout) -> tuple[CellRef, ...]:
    """The cells of the columns beside."""
    columns = list(layout.columns.get(cell.table, ()))
    at = columns.index(cell.column) if cell.column in columns else -1
    return tuple(
        CellRef(cell.table, cell.row, columns[i], cell.prior)
        for i in (at - 1, at + 1)
        if at >= 0 and 0 <= i < len(columns)
    )


def _shifted(of: Around, doubted: set[CellRef], slip: SlipKind) -> Iterator[Event]:
    """A run of figures stands one place too low or too high. The figure that was pushed out stands at the other end (a rotation), or is lost."""
    for line in _lines(of, doubted):
        for first, last in _spans(len(line), of.places(enumerate(line)), 2):
            yield from _turned(line[first : last + 1], of.figures, slip)


def _spans(length: int, hit: Sequence[Sequence[int]], least: int) -> Iterator[tuple[int, int]]:
    """First and last place of every run, at least so many places apart, that has a place of each of the lists (in order)."""
    if not all(hit):
        return
    for first in range(length):
        at = [bisect_left(places, first) for places in hit]
        if any(i == len(places) for i, places in zip(at, hit, strict=True)):
            return
        until = max((places[i] for i, places in zip(at, hit, strict=True)), default=first)
        for last in range(max(first + least, until), min(first + RUN_AT_MOST, length)):
            yield first, last


def _blocks(of: Around, doubted: set[CellRef], slip: SlipKind) -> Iterator[Event]:
    """Whole lines of a table that stand one place too low or too high, all columns together; the line that was pushed out stands at the other end."""
    for table, prior in sorted({(c.table, c.prior) for c in doubted}):
        columns, whole = _grid(of, table, prior)
        if table not in of.layout.lines or len(columns) < 2:
            continue
        cells = [
            (at, CellRef(table, row, c, prior)) for at, row in enumerate(whole) for c in columns
        ]
        for first, last in _spans(len(whole), of.places(cells), 1):
            run = whole[first : last + 1]
            if run[-1] - run[0] != last - first:
                continue
            for turned in ([*run[1:], run[0]], [run[-1], *run[:-1]]):
                values = [
                    (CellRef(table, row, c, prior), of.figures[CellRef(table, other, c, prior)])
                    for row, other in zip(run, turned, strict=True)
                    for c in columns
                ]
                yield Event(slip, tuple((cell, printed.value) for cell, printed in values))


def _grid(of: Around, table: str, prior: bool) -> tuple[list[str], list[int]]:
    """The columns of a table that have figures, and the lines that have one in each of them."""
    here = {c for c in of.figures if (c.table, c.prior) == (table, prior)}
    filled = {c.column for c in here}
    columns = [c for c in of.layout.columns.get(table, ()) if c in filled]
    lines = range(of.layout.lines.get(table, 0))
    return columns, [
        row for row in lines if all(CellRef(table, row, c, prior) in here for c in columns)
    ]


def _turned(
    run: Sequence[CellRef], figures: Mapping[CellRef, Printed], slip: SlipKind
) -> Iterator[Event]:
    values = [figures[cell].value for cell in run]
    if len(set(values)) == 1:
        return
    yield Event(slip, tuple(zip(run, [*values[1:], values[0]], strict=True)))
    yield Event(slip, tuple(zip(run, [values[-1], *values[:-1]], strict=True)))
    yield Event(slip, tuple(zip(run[:-1], values[1:], strict=True)), run[-1])
    yield Event(slip, tuple(zip(run[1:], values[:-1], strict=True)), run[0])


def _lines(of: Around, doubted: set[CellRef]) -> Iterator[list[CellRef]]:
    """Cells that stand below each other: a column of a table with many rows, or the figures of a table with one; then those beside each other."""
    figures = of.figures
    for table, prior in sorted({(c.table, c.prior) for c in doubted}):
        here = {c for c in figures if (c.table, c.prior) == (table, prior)}
        rows = sorted({c.row for c in here})
        across = of.layout.columns.get(table, ())
        if len(rows) != 1:
            for column in sorted({c.column for c in doubted & here}):
                yield from _runs([CellRef(table, row, column, prior) for row in rows], of)
        for row in sorted({c.row for c in doubted & here}):
            yield from _runs([CellRef(table, row, column, prior) for column in across], of)


def _runs(cells: Sequence[CellRef], of: Around) -> Iterator[list[CellRef]]:
    """Stretches of three cells or more without a gap, of one kind of figure."""
    run: list[CellRef] = []
    for cell in cells:
        here = cell in of.figures
        if here and (not run or of.layout.alike(run[-1], cell)):
            run.append(cell)
            continue
        if len(run) > 2:
            yield run
        run = [cell] if here else []
    if len(run) > 2:
        yield run


def units_of_money(of: Around) -> Iterator[Event]:
    """Amounts (or percentages) so many times too large or too small: all of a column, a line, a table or a form, or a run of them."""
    groups, doubted = _groups(of), of.doubted
    found = {name: cells for name, cells in groups.items() if not doubted.isdisjoint(cells)}
    yield from _in_another_unit(of, found)
    yield from _runs_in_another_unit(of, found)


def _in_another_unit(of: Around, groups: Groups) -> Iterator[Event]:
    """All amounts of a column, a line, a table or a form, so many times too large or too small."""
    for _name, cells in sorted(groups.items(), key=lambda item: (len(item[1]), item[0])):
        if len(cells) < 2 or not of.touches(cells):
            continue
        # What fails within one unit of money fails in any: ten thousand times smaller, the difference would only hide in rounding.
        if not any(of.within(relation, set(cells)) for relation in of.failing):
            for slip in of.kinds.whole(_is_percent(of.layout, cells[0])):
                yield _scaled(cells, of, slip)


def _scaled(cells: Iterable[CellRef], of: Around, slip: SlipKind) -> Event:
    by = 1 / Fraction(slip.times or 1)
    return Event(slip, tuple((c, of.figures[c].value * by) for c in sorted(cells)))


def _is_percent(layout: FigureLayout, cell: CellRef) -> bool:
    return (cell.table, cell.column) in layout.percents


def _groups(of: Around) -> Groups:
    """Cells with amounts by column, line, table and sheet; percentages apart."""
    groups: Groups = {}
    for cell, printed in of.figures.items():
        kind = of.layout.kind(cell)
        if not printed.value or kind == "":
            continue
        year = str(cell.prior)
        for name in (
            ("column", kind, cell.table, year, cell.column),
            ("line", kind, cell.table, year, str(cell.row)),
            ("table", kind, cell.table, year),
            ("sheet", kind, of.layout.sheets.get(cell.table, cell.table), year),
        ):
            groups.setdefault(name, []).append(cell)
    return groups


def _runs_in_another_unit(of: Around, groups: Groups) -> Iterator[Event]:
    """A run of lines of a table (all amounts, or those of one column), or of cells of one line, so many times too large or too small; lines of zeros are none."""
    for line in _places(of, groups):
        for slip in of.kinds.whole(_is_percent(of.layout, line[0][0])):
            for first, last in _spans_scaled(of, line, 1 / Fraction(slip.times or 1)):
                cells = [cell for place in line[first : last + 1] for cell in place]
                if not any(of.within(relation, set(cells)) for relation in of.failing):
                    yield _scaled(cells, of, slip)


def _places(of: Around, groups: Groups) -> Iterator[list[list[CellRef]]]:
    """Cells that are not zero by their place: the lines of a table, the lines in one column, the columns of one line."""
    for name, cells in sorted(groups.items()):
        if name[0] not in ("table", "column", "line") or not of.touches(cells):
            continue
        columns = {c: at for at, c in enumerate(of.layout.columns.get(cells[0].table, ()))}
        places: dict[int, list[CellRef]] = {}
        for cell in cells:
            at = columns.get(cell.column) if name[0] == "line" else cell.row
            if at is not None:
                places.setdefault(at, []).append(cell)
        if len(places) > 2:
            yield [places[at] for at in sorted(places)]


def _spans_scaled(
    of: Around, line: Sequence[Sequence[CellRef]], by: Fraction
) -> Iterator[tuple[int, int]]:
    """Runs of two places or more that put every failing relation in order where they are so many times as large; not the whole line."""
    sums: list[list[Fraction]] = []
    for relation in of.failing:
        of_cell, total = dict(relation.terms), [Fraction(0)]
        for place in line:
            held = [of_cell[c] * of.figures[c].value for c in place if c in of_cell]
            total.append(total[-1] + sum(held))
        sums.append(total)
    hits = of.places((at, cell) for at, place in enumerate(line) for cell in place)
    for first, last in _spans(len(line), hits, 1):
        if last - first + 1 < len(line) and all(
            relation.keeps((by - 1) * (total[last + 1] - total[first]))
            for relation, total in zip(of.failing, sums, strict=True)
        ):
            yield first, last


__all__ = [
    "Around",
    "Event",
    "columns_beside",
    "events",
    "exchanges",
    "rows_beside",
    "units_of_money",
]
