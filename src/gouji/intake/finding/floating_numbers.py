"""A sheet with a form on it -> what is to be said about numbers that stand in no cell: in shapes laid over it, in comments. None of them is taken."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.base.i18n import _
from gouji.intake.finding.likely import holds_number
from gouji.intake.finding.sheet_account import SheetAccount
from gouji.intake.finding.words import FLOATING_FIGURE
from gouji.intake.ledger.submission import At, Problem
from gouji.intake.workbooks.extracted import Received
from gouji.intake.workbooks.floating import Floating
from gouji.intake.workbooks.sheet import Sheet, address

SHOWN_AT_MOST, NAMED_AT_MOST = 40, 5


def settle(account: SheetAccount, made: Received) -> None:
    """Tell what became of the numbers of a sheet that were not taken, those that stand in no cell too."""
    account.settle(made)
    if account.pieces or account.refused:
        made.problems += afloat(account.sheet, made.file)


def afloat(sheet: Sheet, file: str) -> Iterator[Problem]:
    """A figure that lies over the form is a problem: who signed saw it, and it is not what its cell holds. Other texts with numbers are remarks."""
    rest = list[Floating]()
    for one in sheet.facts.floating:
        if _is_figure(one):
            at = At(file, sheet=sheet.name, cell=address(*one.at))
            what = _("文本框里的数没有读：{text}").format(text=one.text[:SHOWN_AT_MOST])
            yield Problem("", at, what, _("写进格子里，删去文本框"))
        elif any(sign.isdecimal() for sign in one.text):
            rest.append(one)
    if rest:
        at = At(file, sheet=sheet.name, cell=address(*rest[0].at))
        cells = "、".join(dict.fromkeys(address(*one.at) for one in rest[:NAMED_AT_MOST]))
        what = _("文本框和批注里的数没有读：{cells}").format(cells=cells)
        yield Problem("", at, what, "", note=True)


def _is_figure(one: Floating) -> bool:
    """Whether a shape holds a figure and nothing else."""
    figure = FLOATING_FIGURE.fullmatch(one.text) if one.shape else None
    return figure is not None and holds_number(figure[1])


__all__ = ["afloat", "settle"]
