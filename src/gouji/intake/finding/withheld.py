"""A piece of a table -> without the columns that cannot be taken, each told: those in nobody's unit, those that a second place fits as well."""

from __future__ import annotations

from gouji.base.i18n import _
from gouji.intake.finding.layout import Rival
from gouji.intake.finding.sheet_account import SheetAccount
from gouji.intake.ledger.submission import At, Lost, Problem
from gouji.intake.workbooks.extracted import Piece, Received
from gouji.intake.workbooks.sheet import address


def withhold(piece: Piece, account: SheetAccount, made: Received) -> bool:
    """Take such columns away; their cells are missing, not blank. False where the key is among them: then no row is left, and they are counted as set aside."""
    table, sheet, layout = piece.table, piece.sheet, piece.layout
    for one in layout.withheld:
        cell = At(
            made.file,
            column=one.column,
            sheet=sheet.name,
            cell=address(*one.at) if one.at is not None else "",
        )
        made.problems.append(Problem(table.table, cell, one.what, one.mend))
    piece.hide([one.column for one in layout.withheld])
    twice = {rival.column: rival for rival in layout.rivals if _stands(piece, rival)}
    for name, rival in twice.items():
        own, other = (
            address(s.row, s.col) if s.row >= 0 else address(rival.label[0], s.col)
            for s in (rival.own, rival.other)
        )
        cell = At(made.file, column=name, sheet=sheet.name, cell=other)
        what = _("“{column}”有两处：{one} 和 {other}；都不采用").format(
            column=name, one=own, other=other
        )
        # Without what tells its rows apart no row is left.
        lost = Lost.ROWS if name in table.key else Lost.NOTHING
        mend = _("只留一处，或在名称上写明区别")
        made.problems.append(Problem(table.table, cell, what, mend, lost=lost))
        account.told += [(piece, rival.own), (piece, rival.other)]
        # It may be the figure of a line that is not printed, with the wrong label.
        piece.hide(
            [n for n, col in layout.wanting if col == rival.other.col]
            if rival.other.row >= 0
            else layout.absent
        )
    if not twice.keys() & set(table.key):
        piece.hide(list(twice))
        return True
    made.aside += len(piece.rows)
    piece.rows, piece.lines, piece.groups = [], [], []
    return False


def _stands(piece: Piece, rival: Rival) -> bool:
    """Whether something stands in the second place as well."""
    sheet, other, own = piece.sheet, rival.other, rival.own
    if other.row >= 0:
        between = (
            range(min(own.col, other.col) + 1, max(own.col, other.col))
            if own.row == other.row
            else range(0)
        )
        # With words between them it is another half of the sheet.
        return sheet.at(other.row, other.col) != "" and not any(
            sheet.text(own.row, c) for c in between
        )
    return any(sheet.at(line - 1, other.col) != "" for line in piece.lines)


__all__ = ["withhold"]
