"""What the commands do, for programs: load a rulebook, audit a dataset or a million units, test a rulebook's examples. Ties the stations together."""

from gouji.app.audits import Audit, Manifest, audit, explain_rule, page_of, summary_of
from gouji.app.books import DEFAULT_BOOK, load_book, plan_of, test_book
from gouji.app.bulk import BulkAudit, audit_bulk
from gouji.app.second_way import SecondWay, second_way
from gouji.app.synthesis import synthesize

__all__ = [
    "DEFAULT_BOOK", "Audit", "BulkAudit", "Manifest", "SecondWay", "audit", "audit_bulk", "explain_rule", "load_book", "page_of", "plan_of", "second_way",
    "summary_of", "synthesize", "test_book",
]  # fmt: skip
