"""The totals of a unit -> its row of the table of scorecards."""

from __future__ import annotations

from typing import Any

from gouji.base.outcome import Totals
from gouji.base.verdict import Ground
from gouji.report import on_total


def totals_row(totals: Totals) -> dict[str, Any]:
    """What is kept of them."""
    grounds = {f"by_{g.value}": totals.grounds[g] for g in Ground}
    return {
        "score": totals.score,
        "low": totals.low,
        "high": totals.high,
        "self_score": totals.self_score,
        "grade": totals.grade,
        "grade_low": totals.grade_low,
        "grade_high": totals.grade_high,
        "own_grade": totals.own_grade,
        "on_total": "; ".join(on_total(totals)) or None,
    } | grounds
