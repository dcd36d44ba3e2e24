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
    table, layout = piece.table, piece.layout
    for one in layout.withheld:
        cell = address(*one.at) if one.at is not None else ""
        at = At(made.file, column=one.column, sheet=piece.sheet.name, cell=cell)
        made.problems.append(Problem(table.table, at, one.what, one.fix))
    piece.hide([one.column for one in layout.withheld])
    twice = {rival.column: rival for rival in layout.rivals if _stands(piece, rival)}
    for rival in twice.values():
        made.problems.append(_two_places(piece, rival, made.file))
        account.told += [(piece, rival.own), (piece, rival.other)]
        # It may be the figure of a line that is not printed, with the wrong label.
        beside = [n for n, col in layout.wanting if col == rival.other.col]
        piece.hide(beside if rival.other.row >= 0 else layout.absent)
    if not twice.keys() & set(table.key):
        piece.hide(list(twice))
        return True
    made.aside += len(piece.rows)
    piece.rows, piece.lines, piece.groups = [], [], []
    return False


def _two_places(piece: Piece, rival: Rival, file: str) -> Problem:
    """A column stands in two places; without what tells its rows apart no row is left."""
    own, other = (
        address(s.row if s.row >= 0 else rival.label[0], s.col) for s in (rival.own, rival.other)
    )
    what = _("“{column}”有两处：{one} 和 {other}；都不采用").format(
        column=rival.column, one=own, other=other
    )
    at = At(file, column=rival.column, sheet=piece.sheet.name, cell=other)
    lost = Lost.ROWS if rival.column in piece.table.key else Lost.NOTHING
    fix = _("只留一处，或在名称上写明区别")
    return Problem(piece.table.table, at, what, fix, lost=lost)


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
