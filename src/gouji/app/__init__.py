"""What the commands do, for programs: load a rulebook, audit a dataset or a million units, test a rulebook's examples. Ties the stations together."""

from typing import TYPE_CHECKING

from gouji.later import names_of

if TYPE_CHECKING:
    from gouji.app.audits import Audit, Manifest, audit, explain_rule, page_of, summary_of
    from gouji.app.books import load_book, plan_of, test_book
    from gouji.app.bulk import audit_bulk
    from gouji.app.bulk_runs import BulkAudit
    from gouji.app.synthesis import synthesize

DEFAULT_BOOK = "anning-2023"

_AUDITS, _BOOKS = "gouji.app.audits", "gouji.app.books"
_HOMES = {
    "Audit": _AUDITS,
    "Manifest": _AUDITS,
    "audit": _AUDITS,
    "explain_rule": _AUDITS,
    "page_of": _AUDITS,
    "summary_of": _AUDITS,
    "load_book": _BOOKS,
    "plan_of": _BOOKS,
    "test_book": _BOOKS,
    "BulkAudit": "gouji.app.bulk_runs",
    "audit_bulk": "gouji.app.bulk",
    "synthesize": "gouji.app.synthesis",
}
__all__ = [
    "DEFAULT_BOOK",
    "Audit",
    "BulkAudit",
    "Manifest",
    "audit",
    "audit_bulk",
    "explain_rule",
    "load_book",
    "page_of",
    "plan_of",
    "summary_of",
    "synthesize",
    "test_book",
]
__getattr__ = names_of(__name__, _HOMES)
