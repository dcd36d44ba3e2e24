"""Blank workbooks filled with figures that follow from a seed: what tests of intake feed on."""

import random
from decimal import Decimal

from gouji.app import load_book
from gouji.returns.plan import plan_sheets
from gouji.returns.write import workbook_bytes
from gouji.rules.table import ColumnRole, ColumnType

LINES = 6


def value_for(column, line, rng):
    if column.role is ColumnRole.UNIT:
        return "U001"
    if column.role is ColumnRole.YEAR:
        return 2023
    if column.role is ColumnRole.CODE:
        first, second, third = 201 + line // 6, line // 2 % 3 + 1, line % 2 + 1
        return (f"{first}", f"{first}0{second}", f"{first}0{second}0{third}")[
            line % 6 if line % 6 < 2 else 2
        ]
    if column.one_of:
        return column.one_of[line % len(column.one_of)]
    match column.type:
        case ColumnType.TEXT:
            return f"{column.name[:4]}{line + 1}"
        case ColumnType.TARGET:
            return f"{rng.randint(1, 500)}个"
        case ColumnType.REACHED:
            return f"{rng.randint(0, 500)}个"
        case ColumnType.PERCENT:
            return f"{rng.randint(0, 9999) / 100:.2f}%"
        case ColumnType.COUNT:
            return rng.randint(0, 500)
        case ColumnType.SCORE:
            return Decimal(rng.randint(0, 100 * 10)).scaleb(-1)
    most = 10**6 if column.type is ColumnType.MONEY else 1000
    return Decimal(rng.randint(0, most)).scaleb(
        -(column.places if column.places is not None else 2)
    )


def filled(tables, seed=1, lines=LINES):
    """Sheets, and a value for every input cell."""
    rng = random.Random(seed)
    sheets = plan_sheets(list(tables.values()), lines)
    values = {}
    for sheet in sheets:
        for (row, col), given in sorted(sheet.inputs.items()):
            if (row, col) not in sheet.labels:
                values[sheet.name, row, col] = value_for(given.column, max(given.line, 0), rng)
    return sheets, values


def tables():
    return load_book("anning-2023").tables


def workbook(seed=1, change=None):
    """A whole workbook as bytes; `change(sheets, values)` may spoil it first."""
    sheets, values = filled(tables(), seed)
    if change is not None:
        change(sheets, values)
    return workbook_bytes(sheets, values, notes=False), sheets, values
