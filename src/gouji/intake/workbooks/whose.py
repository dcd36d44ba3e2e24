"""What one workbook gave + codes of expected units by name -> whose it is and of which year; forms of others are set aside."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gouji.base.i18n import _
from gouji.intake.finding.labels import owner, plain, year_named, year_said
from gouji.intake.ledger.submission import At, Lost, Problem
from gouji.intake.values.codes import unit_code
from gouji.intake.workbooks.extracted import Piece, Received
from gouji.intake.workbooks.sheet import address, said
from gouji.rules import ColumnRole, Role

# So long a code is in a file's name on purpose.
SHORT_CODE = 6


def identify(made: Received, names: Mapping[str, str]) -> None:
    """Whose workbook it is and for which year: its cover, else the heads of its forms (by the expected list), else the name of the file."""
    for piece in made.pieces:
        if piece.table.role is Role.UNITS and piece.rows:
            by_name = dict(zip(piece.columns, piece.rows[0], strict=True))
            made.unit, made.name = (
                said(by_name.get(piece.table.with_role(role).name) or "").strip()
                for role in (ColumnRole.UNIT, ColumnRole.UNIT_NAME)
            )
            made.unit = unit_code(made.unit)
            text = said(by_name.get(piece.table.with_role(ColumnRole.YEAR).name) or "").strip()
            made.year = str(year_named(text) or text)
    _by_its_code(made, names)
    heads = [
        (p, owner(_head(p, p.layout.owner)) or "", year_said(_head(p, p.layout.title)))
        for p in made.pieces
    ]
    if not made.unit:
        made.unit = next((names[n] for _p, n, _y in heads if n in names), "") or _code_in(
            made.file, names
        )
        made.name = next((n for _p, n, _y in heads if n in names), made.name)
    if not made.year:
        made.year = next((str(y) for _p, _n, y in heads if y), "") or _year_in(made.file)
    for piece, name, year in heads:
        cell = (
            piece.layout.owner if name in names and names[name] != made.unit else piece.layout.title
        )
        if name in names and made.unit and names[name] != made.unit:
            what = _("这张表是“{name}”的, 不是本单位的; 不采用").format(name=name)
        elif year and made.year and str(year) != made.year:
            what = _("这张表写的是 {year} 年, 工作簿是 {own} 年; 不采用").format(
                year=year, own=made.year
            )
        else:
            continue
        at = At(made.file, sheet=piece.sheet.name, cell=address(*cell) if cell else "")
        made.problems.append(
            Problem(piece.table.table, at, what, _("换成本单位本年度的表"), lost=Lost.SHEET)
        )
        made.aside += len(piece.rows)
        piece.rows.clear()
    made.pieces = [p for p in made.pieces if p.rows]


def _head(piece: Piece, at: tuple[int, int] | None) -> str:
    return piece.sheet.text(*at) if at is not None else ""


def _by_its_code(made: Received, names: Mapping[str, str]) -> None:
    """A unit that goes by another of its codes, as the expected list has it, goes by its own from here on."""
    known = set(names.values())
    if made.unit and made.unit not in known:
        made.unit = names.get(plain(made.unit), made.unit)
    for piece in made.pieces:
        column = next((c.name for c in piece.table.columns if c.role is ColumnRole.UNIT), "")
        if column not in piece.columns:
            continue
        at = piece.columns.index(column)
        for number, row in enumerate(piece.rows):
            code = unit_code(said(row[at])) if row[at] is not None else ""
            if code not in known and (own := names.get(plain(code))):
                piece.rows[number] = (*row[:at], own, *row[at + 1 :])


def _code_in(file: str, names: Mapping[str, str]) -> str:
    """The code at the beginning of a file's name, when it is one of the expected list."""
    stem = unit_code(file.rsplit("/", 1)[-1])
    codes = {code: code for code in names.values()} | {
        code: own for code, own in names.items() if code.isascii() and len(code) >= SHORT_CODE
    }
    return next(
        (
            codes[code]
            for code in sorted(codes, key=len, reverse=True)
            if code and stem.startswith(code)
        ),
        "",
    )


def _year_in(file: str) -> str:
    """The year in a file's name."""
    found = re.search(r"(?<![0-9])20[0-9]{2}(?![0-9])", file.rsplit("/", 1)[-1])
    return found[0] if found else ""


__all__ = ["identify"]
