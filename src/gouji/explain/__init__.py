"""`gouji explain`: the page of a rule, and its working for one unit."""

from gouji.explain.page import Explanation, explain, explain_unit, find

__all__ = ["Explanation", "explain", "explain_unit", "find"]
