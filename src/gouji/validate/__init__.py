"""Station 2: RuleBook + TableSet -> ResolvedBook: names exist, types fit, weights add up."""

from typing import TYPE_CHECKING

from gouji.later import names_of

if TYPE_CHECKING:
    from gouji.validate.book import validate
    from gouji.validate.resolved import (
        ResolvedBook,
        ResolvedCriterion,
        ResolvedEachRow,
        ResolvedPart,
        ResolvedRollUp,
        ResolvedRule,
        ResolvedTableRule,
        ResolvedTieOut,
    )

_RESOLVED = (
    "ResolvedBook",
    "ResolvedCriterion",
    "ResolvedEachRow",
    "ResolvedPart",
    "ResolvedRollUp",
    "ResolvedRule",
    "ResolvedTableRule",
    "ResolvedTieOut",
)

__all__ = [
    "ResolvedBook",
    "ResolvedCriterion",
    "ResolvedEachRow",
    "ResolvedPart",
    "ResolvedRollUp",
    "ResolvedRule",
    "ResolvedTableRule",
    "ResolvedTieOut",
    "validate",
]
__getattr__ = names_of(
    __name__,
    {"validate": "gouji.validate.book", **dict.fromkeys(_RESOLVED, "gouji.validate.resolved")},
)
