"""Ranges that a clause writes: ends that it does not say, single figures, what lies beyond."""

from __future__ import annotations

from dataclasses import replace

from gouji.base.i18n import _
from gouji.drafting.clause_reading import ClauseRange, ClauseRefused
from gouji.drafting.mask import ClauseToken


def figure_alone(bound: ClauseRange) -> bool:
    """Whether a range is one figure."""
    return bound.low is not None and bound.high is not None and bound.low.at == bound.high.at


def told_ends(bound: ClauseRange, inferred: dict[str, str]) -> ClauseRange:
    """Ends of which the text says nothing are in (民法典 1259: 以上, 以下 take in the figure), and marked."""
    unsaid = [e for e in (bound.low, bound.high) if e is not None and e.closed is None]
    if not unsaid:
        return bound
    inferred["full_at"] = _("“以上”“以下”按含本数理解（民法典第1259条）")
    low, high = (
        replace(e, closed=True) if e is not None and e.closed is None else e
        for e in (bound.low, bound.high)
    )
    return ClauseRange(low, high)


def complement(full: ClauseRange, beyond: ClauseRange, token: ClauseToken) -> None:
    """Raises Refused unless a range is all that lies beyond the range of full marks."""
    for inner, outer in ((full.high, beyond.low), (full.low, beyond.high)):
        if (inner is None) != (outer is None):
            if inner is not None and full.low is not None and full.high is not None:
                continue
            raise ClauseRefused(_("扣分的范围和满分的范围合不拢"), token.text)
        if inner is not None and outer is not None and inner.at != outer.at:
            raise ClauseRefused(_("扣分的范围和满分的范围合不拢"), token.text)


def same_place(one: ClauseRange, two: ClauseRange) -> bool:
    """Whether two ranges end at the same figures, whatever the text says of the figures themselves."""
    ends = [[None if e is None else e.at for e in (b.low, b.high)] for b in (one, two)]
    return ends[0] == ends[1]
