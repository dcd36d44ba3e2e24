"""Rows of tables + planned sheets -> the value of each input cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gouji.intake import bare
from gouji.returns.plan import Planned
from gouji.rules import Table

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def fill(sheets: Sequence[Planned], rows: Rows) -> dict[tuple[str, int, int], Any]:
    """Values by sheet, row and column (from 0). A table of one row has one; printed lines of a listing are found by their label."""
    values: dict[tuple[str, int, int], Any] = {}
    for sheet in sheets:
        printed = {
            (i.table.table, i.line): bare(sheet.labels[at])
            for at, i in sheet.inputs.items()
            if at in sheet.labels
        }
        for at, given in sheet.inputs.items():
            held = rows.get(given.table.table, ())
            word = printed.get((given.table.table, given.line))
            if word is not None:
                row = next((r for r in held if _stands_for(given.table, word, r)), None)
            else:
                line = max(given.line, 0)
                row = held[line] if line < len(held) else None
            own = at not in sheet.labels or bool(
                given.table.form and given.table.form.listing and given.table.form.listing.lookup
            )
            if row is not None and own and row.get(given.column.name) is not None:
                values[sheet.name, *at] = row[given.column.name]
    return values


def _stands_for(table: Table, word: str, row: Mapping[str, Any]) -> bool:
    """Whether a printed line is the line of a row: by the column that is looked up, else by what the row says."""
    lookup = table.form.listing.lookup if table.form and table.form.listing else {}
    for name, of in lookup.items():
        return row.get(name) == next(
            (code for text, code in of.words.items() if bare(text) == word), None
        )
    return word in (bare(str(v)) for v in row.values())
