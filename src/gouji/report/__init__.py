"""Station 5: scorecards -> one Page value -> text, JSON, …; a renderer a file."""

from gouji.report.page import Card, CriterionRow, Page, TieRow, page

__all__ = ["Card", "CriterionRow", "Page", "TieRow", "page"]
