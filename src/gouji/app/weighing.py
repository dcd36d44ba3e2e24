"""A rulebook and clean data (given, or made up) -> Power: every kind of slip planted in every figure, and what the rules make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from gouji.app.audits import Audit, audit
from gouji.app.slip_trials import CleanUnit, Forms, clean_unit
from gouji.app.synthesis import synthesize
from gouji.base.faults import DataError, did_you_mean
from gouji.base.i18n import _
from gouji.locate import CellRef, Located, event_of
from gouji.locate.planting import Plant, plants
from gouji.report.power_report import ColumnPower, KindCount, Power
from gouji.rules import How, SlipKind

MADE_UP = 60
# Of a column with many figures so many are tried.
FIGURES = 2
Tick = Callable[[int, int], None]
# Counts of slips (planted, unnoticed, unlocated) by column and kind.
Counts = dict[tuple[str, str], dict[str, list[int]]]


def rulebook_power(
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    data: str | Path | None = None,
    unit: str | None = None,
    tick: Tick | None = None,
    figures: int = FIGURES,
) -> Power:
    """Weigh a rulebook on a unit without findings: the one named, else that of the data with most figures. Without data some is made up. Slips are planted in at most
    so many `figures` of each column, evenly drawn.

    Raises DataError where no unit is clean, or the one named is not.
    """
    if data is not None:
        return _weighed(audit(data, rules, schemas), unit, tick, figures)
    with TemporaryDirectory() as folder:
        synthesize(MADE_UP, Path(folder) / "data", rules, schemas)
        return _weighed(audit(Path(folder) / "data", rules, schemas), unit, tick, figures)


def _weighed(made: Audit, unit: str | None, tick: Tick | None, figures: int) -> Power:
    chosen = _chosen(made, unit)
    counts: Counts = {}
    forms, kinds = Forms(chosen), made.book.source.locating.slips
    read = _drawn(chosen.read, figures)
    for number, ref in enumerate(read):
        if tick is not None:
            tick(number, len(read))
        for kind, plant in _plants(chosen, ref, kinds):
            of = counts.setdefault((ref.table, ref.column), {}).setdefault(kind.slip, [0, 0, 0])
            located = forms.located(plant)
            of[0] += 1
            of[1] += located is None
            of[2] += located is not None and not names(located, plant)
    head = made.book.source.head
    return Power(head.book, head.title, (chosen.cells.unit,), tuple(_columns(chosen, counts)))


def _drawn(read: Sequence[CellRef], most: int) -> list[CellRef]:
    """At most so many cells of each column, evenly drawn."""
    columns: dict[tuple[str, str], list[CellRef]] = {}
    for ref in read:
        columns.setdefault((ref.table, ref.column), []).append(ref)
    found = []
    for cells in columns.values():
        some = min(most, len(cells))
        found += [cells[len(cells) * i // some] for i in range(some)]
    return found


def _plants(
    unit: CleanUnit, ref: CellRef, kinds: tuple[SlipKind, ...]
) -> Iterator[tuple[SlipKind, Plant]]:
    """One slip of each kind at a cell, the middle one of all that are possible; the same wrong figure once."""
    seen = set[object]()
    for kind in kinds:
        ways = list(plants(unit.soil, ref, kind))
        if not ways:
            continue
        plant = ways[len(ways) // 2]
        what = plant.gone or tuple(sorted(plant.values.items()))
        if what not in seen:
            seen.add(what)
            yield kind, plant


def names(located: Located, plant: Plant) -> bool:
    """Whether the likeliest answers are the very cells that hold a slip; of a line left out, whether one is said to be left out there."""
    cells = {change.cell for cause in located.causes for change in cause.best}
    if plant.gone is None:
        return cells == set(plant.values)
    events = [event_of(cause.best) for cause in located.causes]
    return (
        bool(events)
        and all(kind is not None and kind.how is How.LINE for kind in events)
        and {cell.table for cell in cells} == {plant.gone[0]}
    )


def _columns(unit: CleanUnit, counts: Counts) -> Iterator[ColumnPower]:
    filled: dict[tuple[str, str], list[bool]] = {}
    read = set(unit.read)
    for ref, printed in unit.soil.figures.items():
        if printed.value and not ref.prior:
            filled.setdefault((ref.table, ref.column), []).append(ref in read)
    tables = unit.cells.book.tables
    for table in tables.values():
        for column in table.columns:
            figures = filled.get((table.table, column.name))
            if figures is None:
                continue
            kinds: Mapping[str, list[int]] = counts.get((table.table, column.name), {})
            yield ColumnPower(
                table.table,
                table.label or table.table,
                column.name,
                len(figures),
                figures.count(False),
                tuple(KindCount(slip, *found) for slip, found in kinds.items()),
            )


def _chosen(made: Audit, unit: str | None) -> CleanUnit:
    clean = [card.unit for card in made.scorecards if not card.findings]
    if unit is not None:
        if unit not in clean:
            raise DataError(
                _("单位 {unit} 没有报，或有不平的关系，量不出规则库有多强").format(unit=unit),
                fix=did_you_mean(unit, clean),
            )
        return clean_unit(made.book, made.submission, unit)
    if not clean:
        raise DataError(
            _("没有一个单位是全平的"), fix=_("用 --data 给一份没有问题的数据，或改正后再试")
        )
    units = [clean_unit(made.book, made.submission, one) for one in clean[:MADE_UP]]
    return max(units, key=lambda one: (len(one.read), one.cells.unit))


__all__ = ["names", "rulebook_power"]
