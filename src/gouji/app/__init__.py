"""What the commands do, for programs: load a rulebook, audit a dataset, test a rulebook's examples. Ties the stations together."""

from gouji.app.audits import Audit, Manifest, audit, explain_rule, page_of, summary_of
from gouji.app.books import DEFAULT_BOOK, load_book, plan_of, test_book
from gouji.app.second_way import SecondWay, second_way

__all__ = [
    "DEFAULT_BOOK", "Audit", "Manifest", "SecondWay", "audit", "explain_rule", "load_book", "page_of", "plan_of", "second_way", "summary_of", "test_book",
]  # fmt: skip
