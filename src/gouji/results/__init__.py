"""What a run found, as values and as tables: rows of a plan -> outcomes -> scorecards and findings; kept, read again, compared."""

from typing import TYPE_CHECKING

from gouji.later import names_of

if TYPE_CHECKING:
    from gouji.results.decode import Outcomes
    from gouji.results.scorecard import Finding, GroupSum, Line, Scorecard, scorecards

_CARD = "gouji.results.scorecard"

__all__ = ["Finding", "GroupSum", "Line", "Outcomes", "Scorecard", "scorecards"]
__getattr__ = names_of(
    __name__, dict.fromkeys(__all__, _CARD) | {"Outcomes": "gouji.results.decode"}
)
