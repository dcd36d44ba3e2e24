"""A unit's total in the summary of a workbook -> a formula over its criteria on another sheet."""

from __future__ import annotations

from decimal import Decimal

from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.report.page_of_unit import Card, ReportPage
from gouji.report.sheet_cells import Cell, Formula
from gouji.report.wording import points


def score_cell(page: ReportPage, card: Card, first: int, last: int) -> Cell:
    """The total as a formula over the criteria; where the book bounds or rounds it otherwise, the figure itself."""
    added = sum((r.score or Decimal(0) for r in card.criteria), Decimal(0))
    left_out = any(r.verdict == Verdict.NOT_APPLICABLE and r.score is None for r in card.criteria)
    more = card.totals.base is not None if left_out else added != card.totals.score
    if more and any(r.score is not None for r in card.criteria):
        return card.totals.score
    return Formula(_score_formula(page, card, first, last), card.totals.score)


def _score_formula(page: ReportPage, card: Card, first: int, last: int) -> str:
    """The scores of the unit added up; where what does not apply is left out, scaled to the total as the book says."""
    sheet = f"'{_('评分明细')}'"
    total = f"SUM({sheet}!I{first}:I{last})"
    if not any(r.verdict == Verdict.NOT_APPLICABLE and r.score is None for r in card.criteria):
        return f"={total}"
    counted_weights = f'SUMIFS({sheet}!G{first}:G{last},{sheet}!K{first}:K{last},"<>{Verdict.NOT_APPLICABLE.value}")'
    return f"=ROUND({total}*{points(page.total)}/{counted_weights},2)"
