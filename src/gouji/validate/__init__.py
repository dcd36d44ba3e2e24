"""Station 2: RuleBook + TableSet -> ResolvedBook: names exist, types fit, weights add up."""

from typing import TYPE_CHECKING

from gouji.later import names_of
from gouji.validate.resolved import (
    ResolvedBook,
    ResolvedCriterion,
    ResolvedEachRow,
    ResolvedRollUp,
    ResolvedRule,
    ResolvedTableRule,
    ResolvedTieOut,
)

if TYPE_CHECKING:
    from gouji.validate.book import validate

__all__ = [
    "ResolvedBook", "ResolvedCriterion", "ResolvedEachRow", "ResolvedRollUp", "ResolvedRule", "ResolvedTableRule", "ResolvedTieOut", "validate",
]  # fmt: skip
__getattr__ = names_of(__name__, {"validate": "gouji.validate.book"})
