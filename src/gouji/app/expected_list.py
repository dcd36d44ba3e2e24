"""The 应报清单 that a workspace names (CSV or workbook) + the rulebook -> the units that have to file."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.intake import (
    SEPARATORS,
    WORKBOOKS,
    Refused,
    decoded,
    open_book,
    said,
    unit_code,
    year_in_digits,
)
from gouji.rules import ColumnRole, ResolvedBook, Role
from gouji.runs import read_plain

HEADER_WITHIN = 10
_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?![0-9])")


def expected_units(path: Path, book: ResolvedBook) -> list[dict[str, Any]]:
    """Code and name of each unit, and the code of the unit above it where the list says so. Columns are those of the table description of expected units, or else the first two.

    Where the list has a year, rows of other years are left out; a year that nobody can read leaves nobody out. Raises DataError when the list cannot be read,
    or names no unit of the year.
    """
    rows = _sheet(path) if path.suffix.lower() in WORKBOOKS else _csv(path)
    start, unit, name, year, above = _columns(rows, book)
    found: dict[str, tuple[str, str]] = {}
    for row in rows[start:]:
        code, of, over, called = (
            row[i].strip() if 0 <= i < len(row) else "" for i in (unit, year, above, name)
        )
        code, over = unit_code(code), unit_code(over)
        if code and _year(of) in ("", str(book.year)):
            found[code] = called, over
    if not found:
        raise _names_nobody(
            path, {_year(row[year]) for row in rows[start:] if 0 <= year < len(row)}, book
        )
    return [
        {"unit": code, "name": called, "above": over or None}
        for code, (called, over) in found.items()
    ]


def _year(written: str) -> str:
    """The year that somebody wrote, in any of the usual ways: 2023, 2023年度, 二〇二三年, 2023-01-01; empty where it is none."""
    found = _YEAR.match(unicodedata.normalize("NFKC", year_in_digits(written.strip())))
    return found[1] if found else ""


def _names_nobody(path: Path, years: set[str], book: ResolvedBook) -> DataError:
    what = _("应报清单 {file} 里没有 {wanted} 年的单位，写的是：{found}").format(
        file=path, wanted=book.year, found="、".join(sorted(years - {""})) or "—"
    )
    return DataError(what, fix=_("换成 {wanted} 年的清单，或改规则库").format(wanted=book.year))


def _columns(rows: Sequence[Sequence[str]], book: ResolvedBook) -> tuple[int, int, int, int, int]:
    """Where the rows begin, and the columns of code, name, year and the unit above (-1: none)."""
    table = book.table_of(Role.EXPECTED)
    if table is not None:
        words = [
            (c.name, c.label)
            for c in map(table.with_role, (ColumnRole.UNIT, ColumnRole.UNIT_NAME, ColumnRole.YEAR))
        ]
        by = next(
            (
                c
                for t in book.tables.values()
                if t.derived and t.derived.by and (c := table.column(t.derived.by))
            ),
            None,
        )
        words.append((by.name, by.label) if by is not None else ("", None))
        for number, row in enumerate(rows[:HEADER_WITHIN]):
            unit, name, year, above = (
                next((i for i, text in enumerate(row) if text.strip() and text.strip() in own), -1)
                for own in words
            )
            if unit >= 0 and name >= 0:
                return number + 1, unit, name, year, above
    return 1, 0, 1, -1, -1


def _csv(path: Path) -> list[list[str]]:
    content = read_plain(path)
    if isinstance(content, str):
        raise _unusable(path, content)
    text = decoded(content)
    if text is None:
        raise _unusable(path, _("既不是 UTF-8 也不是 GB18030"))
    # What parts the cells of most lines.
    return max((_parsed(text, sign) for sign in SEPARATORS), key=_wide)


def _parsed(text: str, separator: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def _wide(rows: Sequence[Sequence[str]]) -> int:
    return sum(len(row) > 1 for row in rows)


def _sheet(path: Path) -> list[list[str]]:
    try:
        sheets = open_book(path, path.name).sheets
    except Refused as fault:
        raise _unusable(path, fault.what) from fault
    except OSError as fault:
        raise _unusable(path, fault.strerror or str(fault)) from fault
    return [[said(value) for value in row] for row in sheets[0].rows] if sheets else []


def _unusable(path: Path, why: str) -> DataError:
    return DataError(
        _("应报清单 {file} 读不了：{why}").format(file=path, why=why),
        fix=_("补上，或从 gouji.yaml 里去掉 expected"),
    )
