"""The picture of a file as it was read -> text and JSON: every cell that was taken, every cell with a number that was not."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from gouji.base.i18n import _, clauses, noted
from gouji.base.plain import escaped, plain
from gouji.intake import Picture, PicturedCell, PicturedSheet, State

SHOWN = (State.READ, State.ZERO, State.UNREAD, State.DOUBTFUL)


def words_of(state: State) -> str:
    """What became of a cell, in words."""
    return {
        State.READ: _("已读"),
        State.ZERO: _("空，按 0 读"),
        State.UNREAD: _("有数，没有读"),
        State.DOUBTFUL: _("存疑，不采用"),
        State.OTHER: "",
    }[state]


def counts_of(picture: Picture) -> dict[State, int]:
    """How many cells of each state a file has."""
    return {state: sum(sheet.count(state) for sheet in picture.sheets) for state in SHOWN}


def text(picture: Picture) -> str:
    """Sheet by sheet, a line a cell."""
    lines = [_head(picture)]
    if picture.refused is not None:
        return "\n".join([*lines, refusal(picture)]) + "\n"
    lines += [plain(line) for line in picture.told]
    for sheet in picture.sheets:
        lines += ["", *_sheet(sheet)]
    return "\n".join(lines) + "\n"


def refusal(picture: Picture) -> str:
    """Why a file was not read, and how to fix it; empty where it was."""
    if picture.refused is None:
        return ""
    what, fix = picture.refused
    return _("{what}（{fix}）").format(what=what, fix=fix) if fix else what


def _head(picture: Picture) -> str:
    whose = " ".join(part for part in (picture.unit, picture.year) if part)
    counts = clauses(f"{words_of(s)} {n}" for s, n in counts_of(picture).items())
    return plain(f"{picture.file}  {whose}  {counts}")


def _sheet(sheet: PicturedSheet) -> list[str]:
    title = f"[{sheet.name}] " + ("、".join(sheet.tables) if sheet.tables else sheet.why)
    lines = [title, *(f"  ! {line}" for line in sheet.told if sheet.tables)]
    lines += [_line(cell) for cell in sheet.cells if cell.state in SHOWN]
    return [plain(line) for line in lines]


def _line(cell: PicturedCell) -> str:
    line = f"  {cell.place}  {words_of(cell.state)}  “{' '.join(cell.text.split())}”"
    if (taken := cell.taken) is not None:
        row = f"[{taken.row}]" if taken.row else ""
        line += f"  {taken.table}{row}.{taken.column}"
        if isinstance(taken.value, Decimal):
            line += " = " + (
                noted(f"{taken.value:f}", taken.unit) if taken.unit else f"{taken.value:f}"
            )
    return line + (f"  {cell.why}" if cell.why else "")


def as_json(picture: Picture) -> str:
    """The same as JSON: cells with a state, `value` in base units as a text of digits."""
    made = {
        "file": picture.file,
        "unit": picture.unit,
        "year": picture.year,
        "refused": list(picture.refused) if picture.refused is not None else None,
        "told": list(picture.told),
        "counts": {state.value: n for state, n in counts_of(picture).items()},
        "sheets": [_sheet_json(sheet) for sheet in picture.sheets],
    }
    return escaped(json.dumps(made, ensure_ascii=False, indent=1)) + "\n"


def _sheet_json(sheet: PicturedSheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "tables": list(sheet.tables),
        "why": sheet.why,
        "told": list(sheet.told),
        "cells": [_cell_json(cell) for cell in sheet.cells if cell.state in SHOWN],
    }


def _cell_json(cell: PicturedCell) -> dict[str, Any]:
    made: dict[str, Any] = {
        "place": cell.place,
        "row": cell.row + 1,
        "column": cell.column + 1,
        "state": cell.state.value,
        "shown": cell.text,
    }
    if (taken := cell.taken) is not None:
        value = f"{taken.value:f}" if isinstance(taken.value, Decimal) else taken.value
        made |= {
            "table": taken.table,
            "key": taken.row,
            "field": taken.column,
            "value": value,
            "unit": taken.unit,
        }
    return made | ({"why": cell.why} if cell.why else {})


__all__ = ["SHOWN", "as_json", "counts_of", "refusal", "text", "words_of"]
