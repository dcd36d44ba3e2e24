"""A rule (and one unit's outcome) -> its page in words; all rules of a book -> their pages for a report."""

from gouji.explain.page import Explanation, explain, explain_unit, find
from gouji.explain.rule_pages import rule_pages

__all__ = ["Explanation", "explain", "explain_unit", "find", "rule_pages"]
