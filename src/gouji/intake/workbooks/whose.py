"""What one workbook gave + codes of expected units by name -> whose it is and of which year; forms of others are set aside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gouji.base.i18n import _
from gouji.intake.finding.labels import owner, plain, year_named, year_said
from gouji.intake.finding.layout import Layout
from gouji.intake.finding.titles import core
from gouji.intake.ledger.known_units import KnownUnits
from gouji.intake.ledger.submission import At, Lost, Problem, wanting
from gouji.intake.values.codes import unit_code
from gouji.intake.workbooks.extracted import Lacking, Piece, Received
from gouji.intake.workbooks.sheet import Sheet, address, said
from gouji.rules import ColumnRole, Role, Table

# So long a code is in a file's name on purpose.
SHORT_CODE = 6
# What bodies are called: a file that says such a word without a known name is of a unit that nobody knows.
_BODY = re.compile("[局委办厅院校站所队馆处镇乡园社]|部(?!门)|中心|学校?|会(?!计)|街道|政府|公司")


def identify(
    made: Received, names: Mapping[str, str], cover: Table | None = None, alone: bool = False
) -> None:
    """Whose workbook it is and for which year: its cover, else the heads of its forms and the title of a document (by the names that are known), else the code or the name of a unit in the name of the file.

    `alone`: nothing else was sent, so that a unit that has no code goes by its name.
    """
    covers = [p for p in made.pieces if p.table.role is Role.UNITS and p.rows]
    for piece in covers:
        _by_cover(made, piece)
    _by_its_code(made, names)
    _of_several(made, names)
    heads = [_FormHead.of(piece) for piece in made.pieces]
    if not made.unit:
        _by_known_name(made, heads, names)
    if not made.unit and alone:
        _by_its_name(made, heads)
    if not made.year:
        years = (*(h.year for h in heads), made.titled[1])
        made.year = next((str(year) for year in years if year), "") or _year_in(made.file)
    for head in heads:
        _leave_others(made, head, names)
    _tell_unknown(made, [h for h in heads if h.name and h.name not in names], covers)
    made.pieces = [p for p in made.pieces if p.rows]
    if cover is not None and made.year and (made.unit in names.values() or alone):
        made.problems = [_without_cover(p, cover) for p in made.problems]


def _by_known_name(made: Received, heads: Sequence[_FormHead], names: Mapping[str, str]) -> None:
    """A unit that goes by a name on its forms, by the title of the document, by its file."""
    known = next((h.name for h in heads if h.name in names), "")
    filed, titled = _code_in(made.file, names), names.get(plain(made.titled[0]), "")
    if not known and titled and filed in ("", titled):
        known = plain(made.titled[0])
    made.unit = names.get(known, "") or ("" if titled else filed)
    made.name = known or made.name
    if not (made.unit or titled or any(h.name for h in heads)):
        _by_name_of_file(made, names)


def _by_its_name(made: Received, heads: Sequence[_FormHead]) -> None:
    """A unit that nobody has given a code goes by the one name that its forms and the title of the document say."""
    said = ({h.name for h in heads} | {made.titled[0]}) - {""}
    if len(said) == 1 and any(piece.rows for piece in made.pieces):
        (made.name,) = said
        made.unit = unit_code(made.name)
        what = _("没有单位代码，用名称“{name}”当作代码").format(name=made.name)
        made.problems.append(Problem("", At(made.file), what, "", note=True))


def _without_cover(told: Problem | Lacking, cover: Table) -> Problem | Lacking:
    """That the cover is wanting is only a remark where the unit and the year are known without it."""
    if isinstance(told, Lacking) or told.what != wanting(cover.table):
        return told
    return replace(told, fix="", note=True)


@dataclass(frozen=True, slots=True)
class _FormHead:
    """What the head of a form says: the name of the unit, the year."""

    piece: Piece
    name: str
    year: int | None

    @classmethod
    def of(cls, piece: Piece) -> _FormHead:
        """Read the head."""
        name = owner(_head(piece, piece.layout.owner)) or ""
        return cls(piece, name, year_said(_head(piece, piece.layout.title)))


def _by_cover(made: Received, cover: Piece) -> None:
    """Unit, name and year as a cover says them."""
    by_name = dict(zip(cover.columns, cover.rows[0], strict=True))

    def printed(role: ColumnRole) -> str:
        return said(by_name.get(cover.table.with_role(role).name) or "").strip()

    made.unit = unit_code(printed(ColumnRole.UNIT))
    made.name = printed(ColumnRole.UNIT_NAME)
    year = printed(ColumnRole.YEAR)
    made.year = str(year_named(year) or year)


def _leave_others(made: Received, head: _FormHead, names: Mapping[str, str]) -> None:
    """Nothing counts of a form that says it is of another unit or year."""
    piece, name, own = head.piece, head.name, head.piece.unit or made.unit
    others = name in names and names[name] != own
    if others and made.unit:
        what = _("这张表是“{name}”的，不是本单位的；不采用").format(name=name)
    elif head.year and made.year and str(head.year) != made.year:
        what = _("这张表写的是 {year} 年，工作簿是 {own} 年；不采用").format(
            year=head.year, own=made.year
        )
    else:
        return
    cell = piece.layout.owner if others else piece.layout.title
    at = At(made.file, sheet=piece.sheet.name, cell=address(*cell) if cell else "")
    made.problems.append(
        Problem(piece.table.table, at, what, _("换成本单位本年度的表"), lost=Lost.SHEET)
    )
    made.aside += len(piece.rows)
    piece.rows.clear()


def _tell_unknown(made: Received, heads: Sequence[_FormHead], covers: Sequence[Piece]) -> None:
    """Forms that name another body than the cover does, which nobody knows: read, and told once a name."""
    printed = {plain(said(v)) for piece in covers for row in piece.rows for v in row if v}
    found = dict[str, list[Piece]]()
    for head in heads:
        alike = any(head.name in one or one in head.name for one in printed)
        if printed and made.unit and not (alike or head.piece.unit) and head.piece.rows:
            found.setdefault(head.name, []).append(head.piece)
    for name, pieces in found.items():
        sheets = "、".join(piece.sheet.name for piece in pieces)
        first = pieces[0]
        cell = address(*first.layout.owner) if first.layout.owner else ""
        what = _("表上写的单位是“{name}”，封面上没有这个名称：{sheets}").format(
            name=name, sheets=sheets
        )
        fix = _("是别的单位的表就换掉，是本单位的就写封面上的名称")
        at = At(made.file, sheet=first.sheet.name, cell=cell)
        made.problems.append(Problem(first.table.table, at, what, fix, lost=Lost.NOTHING))


def owner_of(sheet: Sheet, layout: Layout, names: Mapping[str, str]) -> str:
    """The code of the expected unit that a sheet says it is of: its line 编制单位, the name of the sheet, its title; empty where none says so, or two say different ones."""
    head = owner(sheet.text(*layout.owner)) if layout.owner is not None else None
    if head and head not in names:
        return ""
    title = plain(sheet.text(*layout.title)) if layout.title is not None else ""
    said_by = [
        names[head] if head else "",
        *(_begins(t, names) for t in (plain(sheet.name), title, core(title))),
    ]
    found = {code for code in said_by if code}
    return found.pop() if len(found) == 1 else ""


def _begins(text: str, names: Mapping[str, str]) -> str:
    """The code of the unit whose name, or code, a text begins with: the longest."""
    called = {**{code.casefold(): code for code in names.values()}, **names}
    found = max(
        (n for n in called if n and text.casefold().startswith(n.casefold())), key=len, default=""
    )
    behind = text[len(found) : len(found) + 1]
    # X01 is not X011.
    joined = found.isascii() and behind.isascii() and behind.isalnum()
    return "" if not found or joined else called[found]


def _of_several(made: Received, names: Mapping[str, str]) -> None:
    """In a workbook with sheets of several units every sheet is somebody's; of one that nobody can be told nothing is taken, nor of a cover without forms of its own."""
    units = {piece.unit for piece in made.pieces if piece.unit}
    if not units:
        return
    for piece in made.pieces:
        if piece.table.role is Role.UNITS:
            piece.unit = made.unit if made.unit in units else ""
        else:
            piece.unit = piece.unit or owner_of(piece.sheet, piece.layout, names)
        if not piece.unit:
            _leave_nobodys(made, piece)
    made.unit = min(units)


def _leave_nobodys(made: Received, piece: Piece) -> None:
    """Nothing counts of a sheet of nobody knows whom, nor of a cover without forms."""
    at = At(made.file, sheet=piece.sheet.name)
    if piece.table.role is Role.UNITS:
        what = _("工作簿里是几个单位的表，封面的单位自己没有表，封面不算")
        made.problems.append(Problem(piece.table.table, at, what, "", note=True))
    else:
        what, fix = (
            _("认不出这张表是哪个单位的；不采用"),
            _("写上编制单位，或用单位名称做工作表名"),
        )
        made.problems.append(Problem(piece.table.table, at, what, fix, lost=Lost.SHEET))
        made.aside += len(piece.rows)
    piece.rows.clear()


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


def _by_name_of_file(made: Received, names: Mapping[str, str]) -> None:
    """Where no form says whose it is: the one unit whose name stands in the name of the file, else in that of the nearest folder that names any, where the file names no other body; which is told."""
    called = {name: code for name, code in names.items() if not name.isascii()}
    known = KnownUnits.of(called)
    *folders, file = made.file.split("/")
    stem = file.rsplit(".", 1)[0]
    parts = [stem] if _BODY.search(stem) else [stem, *reversed(folders)]
    found = next((units for part in parts if (units := known.in_name(part))), frozenset())
    if len(found) == 1 and any(piece.rows for piece in made.pieces):
        (made.unit,) = found
        made.name = next(name for name, code in called.items() if code == made.unit)
        what = _("表里没有写单位，按文件名或文件夹名当作 {unit} {name} 的").format(
            unit=made.unit, name=made.name
        )
        made.problems.append(Problem("", At(made.file), what, "", note=True))


def _year_in(file: str) -> str:
    """The year in a file's name."""
    found = re.search(r"(?<![0-9])20[0-9]{2}(?![0-9])", file.rsplit("/", 1)[-1])
    return found[0] if found else ""


__all__ = ["identify"]
