"""A workbook as read + table descriptions with forms -> Received: pieces of tables with the place of every value; whatever could not be used, told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace

from gouji.base.i18n import _
from gouji.intake.finding.broken_off import break_off, lacking
from gouji.intake.finding.cell_ranges import ranges
from gouji.intake.finding.cell_remarks import Teller, untaken
from gouji.intake.finding.choose_form import Chooser, Chosen, Found
from gouji.intake.finding.claims import Claimed, Claims, RecognisedBy
from gouji.intake.finding.floating_numbers import settle
from gouji.intake.finding.forms_on_sheet import forms_on
from gouji.intake.finding.labels import plain
from gouji.intake.finding.layout import INSIDE, Layout, Layouts
from gouji.intake.finding.likely import may_stand_for_figure
from gouji.intake.finding.lines_left import Left, LineReason, runs
from gouji.intake.finding.listing import listed
from gouji.intake.finding.listing_reader import Reader
from gouji.intake.finding.plausible import unsaid_units
from gouji.intake.finding.sheet_account import SheetAccount
from gouji.intake.finding.withheld import withhold
from gouji.intake.finding.year_columns import YearColumns
from gouji.intake.ledger.submission import At, Lost, Problem, wanting
from gouji.intake.workbooks.extracted import Piece, Received
from gouji.intake.workbooks.sheet import Sheet, address, said
from gouji.intake.workbooks.whose import owner_of
from gouji.intake.workbooks.workbook_file import Book
from gouji.rules import Role, Table

# Sheets, each with the form that it is printed in; these by table.
_Held = list[tuple[Sheet, Found]]
Taken = Mapping[str, _Held]


class Extractor:
    """Takes tables out of workbooks. It learns what sheets look like, and what it learnt changes nothing but how soon it is done."""

    def __init__(
        self, tables: Mapping[str, Table], layouts: Layouts, names: Mapping[str, str] | None = None
    ) -> None:
        self.layouts, self.names = layouts, names or {}
        self.forms = [(t, form) for t in tables.values() for form in t.forms]
        self.tables = [(t, t.form) for t in tables.values() if t.forms]
        self.chooser = Chooser(self.forms, layouts)
        self.readers: dict[tuple[int, int], Reader] = {}
        self.claims = Claims(self.forms)
        self.years = YearColumns(self.forms)

    def take(self, book: Book) -> Received:
        """Everything of one workbook."""
        made = Received(book.name, book.digest)
        self._refused(book, made)
        claimed, parts = self._claimed(book.sheets, made)
        accounts = {id(sheet): SheetAccount(sheet) for sheet in parts}
        why = dict[int, str]()
        taken = self._by_table(claimed, made, why)
        self._pieces(taken, accounts, made)
        made.problems += [_unused(book.name, sheet) for sheet in claimed.unused]
        for account in accounts.values():
            settle(account, made)
        self._hidden(book, made)
        for sheet in {id(s): s for held in taken.values() for s, _one in held}.values():
            untaken(sheet, made)
        self._say_sets(taken, why, made)
        unsaid_units(made)
        return made

    def _refused(self, book: Book, made: Received) -> None:
        """Sheets that cannot be read. One of which only the name can be may hold the form of that name."""
        for name, what, fix in book.refused:
            forms = [self.forms[index][0].table for index in self.claims.named(name)]
            table, lost = (forms[0], Lost.ROWS) if len(forms) == 1 else ("", Lost.SHEET)
            at = At(book.name, sheet=name)
            made.problems.append(Problem(table, at, what, fix, lost=lost))

    def _parts(self, sheets: Sequence[Sheet]) -> list[Sheet]:
        title, again = self.claims.is_title, self.claims.comes_again
        return [part for sheet in sheets for part in forms_on(sheet, title, again)]

    def _claimed(self, sheets: Sequence[Sheet], made: Received) -> tuple[Claimed, list[Sheet]]:
        """What each sheet may hold, and the sheets, or parts of them, as they are to be read."""
        parts = self._parts(sheets)
        claimed = self.claims.of(parts)
        self._tell(claimed, made)
        return claimed, self._of_own_year(claimed, parts, made)

    def _of_own_year(self, claimed: Claimed, parts: Sequence[Sheet], made: Received) -> list[Sheet]:
        """Leave columns of other years out of the sheets that hold forms, and tell which."""
        seen = dict[int, Sheet]()
        for number, claim in enumerate(claimed.sheets):
            sheet, left = self.years.own(claim.sheet, claim.forms)
            seen[id(claim.sheet)] = sheet
            claimed.sheets[number] = replace(claim, sheet=sheet)
            if left:
                what = _("别的年度的列不当作本年的数，没有采用：{cells}").format(cells=ranges(left))
                at = At(made.file, sheet=sheet.name, cell=address(*left[0]))
                made.problems.append(Problem("", at, what, "", note=True))
        return [seen.get(id(sheet), sheet) for sheet in parts]

    def _tell(self, claimed: Claimed, made: Received) -> None:
        for index, name, what, fix, note in claimed.told:
            made.problems.append(
                Problem(
                    self.forms[index][0].table if index >= 0 else "",
                    At(made.file, sheet=name),
                    what,
                    fix,
                    note=note,
                    lost=Lost.NOTHING if note else Lost.SHEET,
                )
            )
            made.aside += not note

    def _by_table(self, claimed: Claimed, made: Received, why: dict[int, str]) -> Taken:
        """The sheets of each table, each with the form it is printed in; `why` is told what each was recognised by.

        A sheet that only a part of its title speaks for counts only where no other does.
        """
        chosen = [self.chooser.choose(c.sheet, c.forms, c.named) for c in claimed.sheets]
        votes = Counter(of for one in chosen if not one.rivals for of in one.by_set)
        firm, weak = defaultdict[str, _Held](list), defaultdict[str, _Held](list)
        for claim, one in zip(claimed.sheets, chosen, strict=True):
            if one.rivals:
                made.problems.append(self._undecided(one, claim.sheet, made))
                made.aside += 1
                continue
            held = weak if claim.by is RecognisedBy.PART else firm
            why[id(claim.sheet)] = _by_words(claim.by, one.by_labels)
            # Of sets that read it alike the one that reads most of the workbook is named.
            for found in one.by_set[max(one.by_set, key=votes.__getitem__)]:
                held[self.forms[found.form][0].table].append((claim.sheet, found))
        self._called_otherwise(weak, firm)
        claimed.unused += _passed_over(weak, firm, claimed.unused)
        return {**weak, **firm}

    def _called_otherwise(
        self,
        weak: Taken,
        firm: Taken,
    ) -> None:
        """What is printed on every such sheet may be called otherwise on some of them."""
        for table in weak.keys() & firm.keys():
            if all(self.forms[one.form][1].each_sheet for _sheet, one in firm[table]):
                firm[table].extend(held for held in weak[table] if held[1].layout is not None)

    def _undecided(self, chosen: Chosen, sheet: Sheet, made: Received) -> Problem:
        """Two sets fit the sheet equally well, and would read it otherwise."""
        names = "、".join(_set_called(of) for of in (chosen.first, *chosen.rivals))
        tables = {self.forms[one.form][0].table for one in chosen.by_set[chosen.first]}
        return Problem(
            next(iter(tables)) if len(tables) == 1 else "",
            At(made.file, sheet=sheet.name),
            _("这张表同样像几套表样：{names}，读法却不同；不采用").format(names=names),
            _("用 --forms 名称（或 gouji.yaml 的 forms）指定按哪一套读"),
            lost=Lost.SHEET,
        )

    def _pieces(self, taken: Taken, accounts: Mapping[int, SheetAccount], made: Received) -> None:
        """Read the forms of every table. Where sheets are of one unit, forms that are wanting are told."""
        below = self._below(taken)
        for table, _form in self.tables:
            sheets = taken.get(table.table, [])
            if len(sheets) > 1 and not all(self.forms[f.form][1].each_sheet for _s, f in sheets):
                self._of_units(table, sheets, accounts, made)
            else:
                for sheet, one in sheets:
                    self._piece(made, one, accounts[id(sheet)])
            if not sheets and table.table in below:
                self._told_below(made, table.table, *below[table.table])
        if not any(piece.unit for piece in made.pieces):
            made.problems += self._lacking(taken, below, made.file)

    def _lacking(self, taken: Taken, below: Container[str], file: str) -> Iterator[Problem]:
        """Forms that are wanting among those that are sent together; a cover is wanting anyhow."""
        required = [table for table, _form in self.tables if self._required(table, taken)]
        together = any(t.table in taken and t.role is not Role.UNITS for t in required)
        for table in required:
            there = table.table in taken or table.table in below
            if not there and (together or table.role is Role.UNITS):
                yield _lacking(table, file)

    def _of_units(
        self,
        table: Table,
        sheets: _Held,
        accounts: Mapping[int, SheetAccount],
        made: Received,
    ) -> None:
        """A form that is printed once, on several sheets: each is read where they are those of different units that are expected."""
        owners = [
            owner_of(sheet, one.layout, self.names) if one.layout is not None else ""
            for sheet, one in sheets
        ]
        if len(set(owners) - {""}) < 2:
            owners = [""] * len(sheets)
        for unit in dict.fromkeys(owners):
            own = [held for held, other in zip(sheets, owners, strict=True) if other == unit]
            if unit and len(own) == 1:
                self._piece(made, own[0][1], accounts[id(own[0][0])], unit)
                continue
            made.aside += len(own)
            if unit or len(own) == len(sheets):
                made.problems.append(_several(table, own, made.file))
            else:
                made.problems += [_nobodys(table, sheet, made.file) for sheet, _one in own]

    def _required(self, table: Table, taken: Taken) -> bool:
        """Whether the sets that the workbook was read by print the table, always, among forms that are sent together."""
        if table.form is None or not table.form.required:
            return False
        used = {self.forms[one.form][1].of for held in taken.values() for _sheet, one in held}
        own = table.form.of
        return not own or own in used or any(form.of in used for form in table.printed)

    def _say_sets(self, taken: Taken, why: Mapping[int, str], made: Received) -> None:
        """Which sheets were read as other sets print them, and by what they were recognised: once a workbook and set."""
        found: dict[tuple[str, str], dict[str, None]] = {}
        for held in taken.values():
            for sheet, one in held:
                table, form = self.forms[one.form]
                if form is not table.form and form.of and one.layout is not None:
                    found.setdefault((form.of, why[id(sheet)]), {}).setdefault(sheet.name)
        for (of, by), sheets in found.items():
            what = _("按“{name}”的表样读（{by}）：{sheets}").format(
                name=of, by=by, sheets="、".join(sheets)
            )
            made.problems.append(Problem("", At(made.file), what, "", note=True))

    def _below(self, taken: Taken) -> dict[str, tuple[Sheet, int, int]]:
        """Tables whose form stands on the sheet of another one, below it: the sheet, row and column of its title."""
        others = {
            id(sheet): sheet
            for held in taken.values()
            for sheet, one in held
            if self.forms[one.form][0].role is not Role.UNITS
        }
        found = self.claims.below(list(others.values()))
        return {self.forms[index][0].table: place for index, place in found.items()}

    def _told_below(self, made: Received, table: str, sheet: Sheet, row: int, col: int) -> None:
        at = At(made.file, sheet=sheet.name, cell=address(row, col))
        what = _("“{table}”接在另一张表下面，没有读").format(table=table)
        made.problems.append(Problem(table, at, what, _("一张工作表只放一张表"), lost=Lost.ROWS))

    def _hidden(self, book: Book, made: Received) -> None:
        for name in book.hidden:
            for index in self.claims.named(name):
                table = self.forms[index][0].table
                what = _("“{table}”在隐藏的工作表里，没有读").format(table=table)
                made.problems.append(
                    Problem(
                        table, At(book.name, sheet=name), what, _("取消隐藏再报"), lost=Lost.SHEET
                    )
                )

    def _piece(self, made: Received, one: Found, account: SheetAccount, unit: str = "") -> None:
        """Read one form of a sheet, if it can be read; `account` is told what was taken of it."""
        (table, form), layout = self.forms[one.form], one.layout
        piece = None
        if layout is None:
            self._refuse(made, table, one, account.sheet)
        else:
            piece = self._read(made, one.form, layout, account)
        if piece is None:
            account.refused = True
            return
        piece.unit = unit
        account.pieces.append(piece)
        break_off(form, piece, made)
        if not withhold(piece, account, made):
            account.refused = True
            return
        Teller(piece, made).tell()
        if piece.rows:
            made.pieces.append(piece)

    def _refuse(self, made: Received, table: Table, one: Found, sheet: Sheet) -> None:
        """Tell why nothing can be read of a form; of one without any figure only that there is none."""
        fault = one.fault
        assert fault is not None
        if not any(map(may_stand_for_figure, sheet.flat)):
            what = _("“{tables}”一个数也没有填").format(tables=table.table)
            made.problems.append(Problem("", At(made.file, sheet=sheet.name), what, "", note=True))
            return
        cell = address(*fault.at) if fault.at is not None else ""
        at = At(made.file, sheet=sheet.name, cell=cell)
        made.problems.append(Problem(table.table, at, fault.what, fault.fix, lost=Lost.ROWS))
        made.aside += 1

    def _read(
        self, made: Received, number: int, layout: Layout, account: SheetAccount
    ) -> Piece | None:
        """Read a form by its layout; None where nobody can tell which of its lines counts. `number` is that of the form."""
        (table, form), sheet = self.forms[number], account.sheet
        if layout.absent:
            made.problems.append(lacking(table, form, sheet.name, layout))
        if not layout.listing or form.listing is None:
            return self._one(table, layout, sheet)
        key = layout.number, number
        reader = self.readers.get(key) or self.readers.setdefault(
            key, Reader(table, form.listing, layout)
        )
        left = Left()
        piece = listed(reader, sheet, made.problems, made.file, left)
        # Lines that print whose they are, or of which year, are told apart by the gate.
        if table.grain == "one" and len(piece.rows) > 1 and not {*piece.columns} & {*table.key}:
            self._too_many(piece, made)
            return None
        made.aside += len(left.lines.get(LineReason.ASIDE, ()))
        account.left.append(left)
        return piece

    def _too_many(self, piece: Piece, made: Received) -> None:
        """A form with one line of figures has several: which of them is the unit's nobody can tell."""
        lines = piece.lines
        what = _("“{table}”应只有一行数，却有 {n} 行：第 {lines} 行；都不采用").format(
            table=piece.table.table, n=len(lines), lines=runs(lines)
        )
        at = At(made.file, lines[0], sheet=piece.sheet.name)
        fix = _("只留本单位的一行")
        made.problems.append(Problem(piece.table.table, at, what, fix, lost=Lost.ROWS))
        made.aside += len(lines)

    def _one(self, table: Table, layout: Layout, sheet: Sheet) -> Piece:
        values = self.layouts.take(layout, sheet)
        spots = layout.groups[0]
        if any(s.col <= INSIDE for s in spots):
            values = tuple(
                plain(said(v)).partition(":")[2] if s.col <= INSIDE else v
                for s, v in zip(spots, values, strict=True)
            )
        return Piece(table, layout, sheet, tuple(s.column for s in spots), [values], [0], [0])


def _passed_over(
    weak: Taken,
    firm: Taken,
    told: Sequence[str],
) -> list[str]:
    """Names of sheets that only a part of a title speaks for, where others are read instead."""
    used = {id(sheet) for held in {**weak, **firm}.values() for sheet, _one in held}
    lost = (s.name for held in weak.values() for s, _one in held if id(s) not in used)
    return [name for name in dict.fromkeys(lost) if name not in told]


def _unused(file: str, sheet: str) -> Problem:
    return Problem("", At(file, sheet=sheet), _("工作表没有对应的表样，没有读"), "", note=True)


def _several(table: Table, sheets: Sequence[tuple[Sheet, Found]], file: str) -> Problem:
    """Several sheets look like a form that is printed once."""
    names = "、".join(sheet.name for sheet, _one in sheets)
    what = _("有几张工作表都像“{table}”：{names}；都不采用").format(table=table.table, names=names)
    at = At(file, sheet=sheets[1][0].name)
    return Problem(table.table, at, what, _("只留一张，其余改名或删去"), lost=Lost.ROWS)


def _lacking(table: Table, file: str) -> Problem:
    """A form is wanting among those that are sent together."""
    return Problem(table.table, At(file), wanting(table.table), _("补上这张表"))


def _nobodys(table: Table, sheet: Sheet, file: str) -> Problem:
    """A sheet beside those of several units that says of none that it is its."""
    what = _("认不出这张表是哪个单位的；不采用")
    fix = _("写上编制单位，或用单位名称做工作表名")
    return Problem(table.table, At(file, sheet=sheet.name), what, fix, lost=Lost.SHEET)


def _by_words(by: RecognisedBy, labels: bool) -> str:
    """What a sheet was recognised by, in words."""
    match by, labels:
        case RecognisedBy.NAME, False:
            return _("凭表名或编号")
        case RecognisedBy.NAME, True:
            return _("凭表名或编号，再凭行列的名称")
        case _, False:
            return _("凭标题")
        case _:
            return _("凭标题，再凭行列的名称")


def _set_called(of: str) -> str:
    return of or _("数据表自己的表样")
