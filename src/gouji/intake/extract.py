"""A workbook as read + table descriptions with forms -> Received: pieces of tables with the place of every value; whatever could not be used, told."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gouji.i18n import _
from gouji.intake.claims import Claims
from gouji.intake.codes import unit_code
from gouji.intake.labels import owner, plain, year_said
from gouji.intake.layout import INSIDE, Layout, Layouts
from gouji.intake.left import Left, Why
from gouji.intake.likeness import Likes
from gouji.intake.lines import Reader, listed
from gouji.intake.locate import NotThere, locate
from gouji.intake.piece import Lacking, Piece, Received
from gouji.intake.plausible import unsaid_units
from gouji.intake.sheet import Sheet, address, said
from gouji.intake.sheet_account import Account
from gouji.intake.submission import At, Lost, Problem
from gouji.intake.told import Teller, untaken
from gouji.intake.withheld import withhold
from gouji.intake.workbook import Book
from gouji.load.forms import Form
from gouji.load.tables import ColumnRole, Role, Table


class Extractor:
    """Takes tables out of workbooks. It learns what sheets look like, and what it learnt changes nothing but how soon it is done."""

    def __init__(self, tables: Mapping[str, Table], layouts: Layouts) -> None:
        self.layouts = layouts
        self.forms = [(t, t.form) for t in tables.values() if t.form is not None]
        self.likes = {table.table: Likes(table, form) for table, form in self.forms}
        self.readers: dict[int, Reader] = {}
        self.claims = Claims(self.forms)

    def take(self, book: Book) -> Received:
        """Everything of one workbook."""
        made = Received(book.name, book.digest)
        for refused, what, mend in book.refused:
            # A sheet of which only the name can be read may hold the form of that name.
            forms = [self.forms[index][0].table for index in self.claims.named(refused)]
            lost = Lost.ROWS if len(forms) == 1 else Lost.SHEET
            made.problems.append(
                Problem(
                    forms[0] if len(forms) == 1 else "",
                    At(book.name, sheet=refused),
                    what,
                    mend,
                    lost=lost,
                )
            )
        found = self.claims.of(book.sheets)
        claimed, unused = found.forms, found.unused
        for index, name, what, mend, note in found.told:
            made.problems.append(
                Problem(
                    self.forms[index][0].table if index >= 0 else "",
                    At(book.name, sheet=name),
                    what,
                    mend,
                    note=note,
                    lost=Lost.NOTHING if note else Lost.SHEET,
                )
            )
            made.aside += not note
        accounts = {id(sheet): Account(sheet) for sheet in book.sheets}
        together = any(
            form.required and i in claimed and table.role is not Role.UNITS
            for i, (table, form) in enumerate(self.forms)
        )
        for index, (table, form) in enumerate(self.forms):
            sheets = claimed.get(index, [])
            if len(sheets) > 1 and not form.each_sheet:
                names = "、".join(s.name for s in sheets)
                what = _("有几张工作表都像“{table}”: {names}; 都不采用").format(
                    table=table.table, names=names
                )
                made.problems.append(
                    Problem(
                        table.table,
                        At(book.name, sheet=sheets[1].name),
                        what,
                        _("只留一张, 其余改名或删去"),
                        lost=Lost.ROWS,
                    )
                )
                made.aside += len(sheets)
            else:
                for sheet in sheets:
                    self._piece(made, table, form, accounts[id(sheet)])
            if form.required and not sheets and (together or table.role is Role.UNITS):
                made.problems.append(
                    Problem(
                        table.table,
                        At(book.name),
                        _("没有“{table}”这张工作表").format(table=table.table),
                        _("补上这张表"),
                    )
                )
        for sheet_name in unused:
            made.problems.append(
                Problem(
                    "",
                    At(book.name, sheet=sheet_name),
                    _("工作表没有对应的表样, 没有读"),
                    "",
                    note=True,
                )
            )
        for account in accounts.values():
            account.settle(made)
        self._hidden(book, made)
        for sheet in {id(s): s for sheets in claimed.values() for s in sheets}.values():
            untaken(sheet, made)
        unsaid_units(made)
        return made

    def _hidden(self, book: Book, made: Received) -> None:
        for name in book.hidden:
            for index in self.claims.named(name):
                table = self.forms[index][0].table
                what = _("“{table}”在隐藏的工作表里, 没有读").format(table=table)
                made.problems.append(
                    Problem(
                        table, At(book.name, sheet=name), what, _("取消隐藏再报"), lost=Lost.SHEET
                    )
                )

    def _piece(self, made: Received, table: Table, form: Form, account: Account) -> None:
        sheet, likes = account.sheet, self.likes[table.table]
        layout = self.layouts.find(table.table, sheet, likes)
        if layout is None:
            try:
                found = locate(table, form, sheet)
            except NotThere as fault:
                cell = address(*fault.at) if fault.at is not None else ""
                made.problems.append(
                    Problem(
                        table.table,
                        At(made.file, sheet=sheet.name, cell=cell),
                        fault.what,
                        fault.mend,
                        lost=Lost.ROWS,
                    )
                )
                made.aside += 1
                account.refused = True
                return
            layout = self.layouts.add(found, likes.of(sheet, found.head))
        if layout.absent:
            made.problems.append(Lacking(table.table, sheet.name, layout))
        if layout.listing and form.listing is not None:
            reader = self.readers.get(layout.number) or self.readers.setdefault(
                layout.number, Reader(table, form.listing, layout)
            )
            left = Left()
            piece = listed(reader, sheet, made.problems, made.file, left)
            made.aside += len(left.lines.get(Why.ASIDE, ()))
            account.left.append(left)
        else:
            piece = self._one(table, layout, sheet)
        account.pieces.append(piece)
        if not withhold(piece, account, made):
            account.refused = True
            return
        Teller(piece, made).tell()
        if piece.rows:
            made.pieces.append(piece)

    def _one(self, table: Table, layout: Layout, sheet: Sheet) -> Piece:
        values = self.layouts.take(layout, sheet)
        spots = layout.groups[0]
        if any(s.col <= INSIDE for s in spots):
            values = tuple(
                plain(said(v)).partition(":")[2] if s.col <= INSIDE else v
                for s, v in zip(spots, values, strict=True)
            )
        return Piece(table, layout, sheet, tuple(s.column for s in spots), [values], [0], [0])


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
            made.year = str(year_said(text) or text)
    heads = [
        (p, owner(_head(p, p.layout.owner)) or "", year_said(_head(p, p.layout.title)))
        for p in made.pieces
    ]
    if not made.unit:
        made.unit = next((names[n] for _p, n, _y in heads if n in names), "") or _code_in(
            made.file, set(names.values())
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


def _code_in(file: str, known: set[str]) -> str:
    """The code at the beginning of a file's name, when it is one of the expected list."""
    stem = unit_code(file.rsplit("/", 1)[-1])
    return next(
        (code for code in sorted(known, key=len, reverse=True) if code and stem.startswith(code)),
        "",
    )


def _year_in(file: str) -> str:
    """The year in a file's name."""
    found = re.search(r"(?<![0-9])20[0-9]{2}(?![0-9])", file.rsplit("/", 1)[-1])
    return found[0] if found else ""
