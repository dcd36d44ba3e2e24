"""Problems of the lines of a file -> the same, each cause once: a column too many in every line, a year in words all the way down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from gouji.base.i18n import _
from gouji.intake.finding.lines_left import runs
from gouji.intake.ledger.submission import Problem

# So many lines may say the same, each for itself: more of them have one cause.
SAME_AT_MOST = 20


def told_once(problems: Sequence[Problem]) -> list[Problem]:
    """The problems in their order; of those that say the same of one column, where they are many, the first with all their lines."""
    same = defaultdict[tuple[object, ...], list[Problem]](list)
    for one in problems:
        same[_said(one)].append(one)
    kept = list[Problem]()
    for one in problems:
        every = same[_said(one)]
        if len(every) <= SAME_AT_MOST:
            kept.append(one)
        elif one is every[0]:
            what = _("{what}；这样的共 {n} 行：{lines}").format(
                what=one.what, n=len(every), lines=runs([other.at.line for other in every])
            )
            kept.append(replace(one, what=what))
    return kept


def _said(one: Problem) -> tuple[object, ...]:
    """What a problem says, but for its line."""
    at = one.at
    return one.table, at.file, at.sheet, at.column, at.cell, one.what, one.fix, one.note, one.lost


__all__ = ["SAME_AT_MOST", "told_once"]
