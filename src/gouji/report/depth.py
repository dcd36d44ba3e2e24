"""How much of a unit's page is worked out: no more than the form that is asked for shows."""

from __future__ import annotations

from enum import IntEnum

from gouji.base.outcome import TieOutcome
from gouji.base.verdict import Verdict

TOLD = (Verdict.UNBALANCED, Verdict.WITHIN_ROUNDING, Verdict.UNASSESSABLE)
# Of these relations every form but the text has the figures behind them.
SHOWN = (Verdict.UNBALANCED, Verdict.WITHIN_ROUNDING)


class Depth(IntEnum):
    """How much of a card is worked out: what a text for a terminal prints; what short JSON holds besides (parts of what fails); what pages, workbooks
    and opinions show (the working of everything too); the parts of everything."""

    TEXT = 0
    DATA = 1
    PAGES = 2
    WHOLE = 3

    def of(self, outcome: TieOutcome) -> tuple[bool, bool, bool]:
        """Whether the working of a relation is told, the places of its figures, and all their parts."""
        told = outcome.verdict in TOLD and not outcome.gaps
        parts = self is Depth.WHOLE or (self > Depth.TEXT and outcome.verdict in SHOWN)
        # A text has places of everything that it tells.
        placed = parts or (told and self <= Depth.DATA)
        return told or self >= Depth.PAGES, placed, parts
