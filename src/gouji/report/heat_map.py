"""Findings of units -> units × forms: how many failing relations of a unit read each form, and which forms it did not send."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

# More rows or columns than this are no picture.
UNITS_AT_MOST, TABLES_AT_MOST = 40, 30


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One unit: for each table of the map the failing relations that read it; None where the unit did not send it."""

    unit: str
    name: str
    failing: int
    cells: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Units with the most failing relations first, tables that most of them read first; `more` units and `more_tables` tables are left out."""

    tables: tuple[str, ...] = ()
    rows: tuple[HeatRow, ...] = ()
    more: int = 0
    more_tables: int = 0


def heat_map(
    units: Iterable[tuple[str, str, Collection[str]]],
    unsent: Mapping[str, Collection[str]],
    reads: Mapping[str, Collection[str]],
) -> HeatMap:
    """`units`: code, name, codes of failing relations; `unsent`: unit → tables that it did not send; `reads`: rule → tables that it reads.

    >>> heat_map([("X1", "甲校", ["T01", "T02"]), ("X2", "乙校", [])], {"X1": ["丙"]}, {"T01": ["甲"], "T02": ["甲", "丙"]})
    HeatMap(tables=('甲', '丙'), rows=(HeatRow(unit='X1', name='甲校', failing=2, cells=(2, None)),), more=0, more_tables=0)
    """
    failing = [(code, name, found) for code, name, found in units if found]
    first = sorted(failing, key=lambda unit: (-len(unit[2]), unit[0]))[:UNITS_AT_MOST]
    counts = {
        code: Counter(table for rule in found for table in reads.get(rule, ()))
        for code, _name, found in first
    }
    totals: Counter[str] = sum(counts.values(), Counter())
    ordered = sorted(totals, key=lambda table: (-totals[table], table))
    tables = tuple(ordered[:TABLES_AT_MOST])
    cells = {
        code: tuple(None if t in unsent.get(code, ()) else count[t] for t in tables)
        for code, count in counts.items()
    }
    rows = tuple(HeatRow(code, name, len(found), cells[code]) for code, name, found in first)
    return HeatMap(tables, rows, len(failing) - len(first), len(ordered) - len(tables))


__all__ = ["HeatMap", "HeatRow", "heat_map"]
