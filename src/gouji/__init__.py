"""Gouji (勾稽): audits what budget units submit.

    import gouji
    made = gouji.audit("datasets/anning-2023")
    for card in made.scorecards:
        print(card.name, card.totals.score, card.totals.grade)

Names are loaded when first used, so that importing gouji costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gouji.app import (
        Audit,
        BulkAudit,
        audit,
        audit_bulk,
        explain_rule,
        load_book,
        plan_of,
        test_book,
    )
    from gouji.base.faults import DataError, EngineError, GoujiError, RuleError
    from gouji.base.verdict import Verdict
    from gouji.results import Scorecard

# The one place that says it: the package's metadata, `gouji --version` and every manifest read it here.
__version__ = "0.2.0"

_HOMES = {
    "Audit": "gouji.app",
    "BulkAudit": "gouji.app",
    "audit": "gouji.app",
    "audit_bulk": "gouji.app",
    "explain_rule": "gouji.app",
    "load_book": "gouji.app",
    "plan_of": "gouji.app",
    "test_book": "gouji.app",
    "Scorecard": "gouji.results",
    "Verdict": "gouji.base.verdict",
    "GoujiError": "gouji.base.faults",
    "RuleError": "gouji.base.faults",
    "DataError": "gouji.base.faults",
    "EngineError": "gouji.base.faults",
}
__all__ = [
    "Audit",
    "BulkAudit",
    "DataError",
    "EngineError",
    "GoujiError",
    "RuleError",
    "Scorecard",
    "Verdict",
    "__version__",
    "audit",
    "audit_bulk",
    "explain_rule",
    "load_book",
    "plan_of",
    "test_book",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'gouji' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
