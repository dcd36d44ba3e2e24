"""Station 2: RuleBook + TableSet -> ResolvedBook: names exist, types fit, weights add up."""

from gouji.validate.book import validate
from gouji.validate.resolved import ResolvedBook, ResolvedCriterion, ResolvedEachRow, ResolvedRollUp, ResolvedTableRule, ResolvedTieOut

__all__ = [
    "ResolvedBook", "ResolvedCriterion", "ResolvedEachRow", "ResolvedRollUp", "ResolvedTableRule", "ResolvedTieOut", "validate",
]  # fmt: skip
