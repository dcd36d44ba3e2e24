"""Causes of all units -> what several have in common: the same kind of slip in the same cell points at the form or the program that exports it, not at the units."""

from __future__ import annotations

from collections.abc import Iterable

from gouji.base.i18n import _
from gouji.report.unit.cause_lines import HasCauses

# So many units, and it is one message to the bureau.
UNITS_AT_LEAST = 3
NAMED_AT_MOST = 10


class SameSlip:
    """Gathers causes unit by unit."""

    def __init__(self) -> None:
        # (sheet, slip) -> cell and figure -> units.
        self._found: dict[tuple[str, str], dict[tuple[str, str], list[str]]] = {}

    def add(self, card: HasCauses) -> None:
        """Note the likeliest answers of one unit, where they stand out; cells without a slip say nothing in common."""
        for cause in card.causes:
            for cell in cause.cells if cause.leads else ():
                if not cell.slips or not cell.cell:
                    continue
                cells = self._found.setdefault((cell.sheet, cell.slips[0]), {})
                units = cells.setdefault((cell.cell, cell.figure), [])
                if not units or units[-1] != card.unit:
                    units.append(card.unit)

    def lines(self) -> tuple[str, ...]:
        """One message for each form, kind of slip and group of three units or more; cells of the same units together."""
        told: list[str] = []
        for (sheet, slip), cells in sorted(self._found.items()):
            groups: dict[tuple[str, ...], list[str]] = {}
            for (cell, figure), units in sorted(cells.items()):
                if len(units) >= UNITS_AT_LEAST:
                    groups.setdefault(tuple(sorted(units)), []).append(f"{cell} {figure}")
            for units_of, names in groups.items():
                named = "、".join(units_of[:NAMED_AT_MOST])
                told.append(
                    _(
                        "{n} 个单位的 {sheet} {cells} 都像是{slip}：表样或导出程序多半有错（{units}）"
                    ).format(
                        n=len(units_of),
                        sheet=sheet,
                        cells="、".join(names),
                        slip=slip,
                        units=named + (" …" if len(units_of) > NAMED_AT_MOST else ""),
                    )
                )
        return tuple(told)


def same_slips(cards: Iterable[HasCauses]) -> tuple[str, ...]:
    """The messages of these units."""
    found = SameSlip()
    for card in cards:
        found.add(card)
    return found.lines()


__all__ = ["SameSlip", "same_slips"]
