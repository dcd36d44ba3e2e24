"""Station 5: scorecards -> one Page value -> text, JSON, HTML, workbook, opinion; a renderer a file."""

from gouji.report.page import Card, CriterionRow, Page, RulePage, TieRow, page

__all__ = ["Card", "CriterionRow", "Page", "RulePage", "TieRow", "page"]
