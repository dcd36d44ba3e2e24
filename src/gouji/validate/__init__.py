"""Station 2: RuleBook + TableSet -> ResolvedBook: names exist, types fit, weights add up."""

from gouji.validate.book import validate
from gouji.validate.resolved import ResolvedBook, ResolvedCriterion, ResolvedTieOut

__all__ = ["ResolvedBook", "ResolvedCriterion", "ResolvedTieOut", "validate"]
