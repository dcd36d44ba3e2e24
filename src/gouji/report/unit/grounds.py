"""What points rest on, and why a score has a range, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Protocol

from gouji.base.i18n import _
from gouji.base.outcome import CriterionOutcome
from gouji.base.verdict import UNSURE, Ground, Verdict
from gouji.report.wording import points


class Ranged(Protocol):
    """A criterion with a range; outside the total its weight is nothing."""

    @property
    def weight(self) -> Decimal: ...
    @property
    def low(self) -> Decimal: ...
    @property
    def high(self) -> Decimal: ...
    @property
    def ground(self) -> str: ...


def ground_words() -> dict[Ground, str]:
    """What points rest on, in the order that reports say it."""
    return {
        Ground.FIGURES: _("数据复核"),
        Ground.EVIDENCE: _("佐证评审"),
        Ground.CONTESTED: _("有疑"),
        Ground.WORD: _("仅凭自评"),
        Ground.OPEN: _("未定"),
    }


def cause_of(of: CriterionOutcome) -> str:
    """Why a decided score has a range; nothing where it has none, and where it is open, for then its gaps say why."""
    if of.low == of.high or of.verdict in (Verdict.PENDING, Verdict.UNASSESSABLE):
        return ""
    ends = {"low": points(of.low), "high": points(of.high)}
    if of.ground is Ground.CONTESTED:
        return _("有疑：所用的数在 {codes} 不平，得分可能在 {low}–{high} 分").format(
            codes="、".join(of.doubts), **ends
        )
    return _("尾差：各数在印刷位数以内变动，得分可能在 {low}–{high} 分").format(**ends)


def unsure_points(ranged: Iterable[Ranged], grounds: Mapping[Ground, Decimal]) -> list[str]:
    """The points that may move the total, by what they rest on, those outside the total apart. Of sets of criteria of which the unit's is not known one counts."""
    rows, made = list(ranged), []
    for ground in UNSURE:
        own, word = [c for c in rows if c.ground == ground.value], ground_words()[ground]
        within = min(sum((c.weight for c in own), Decimal(0)), grounds[ground])
        outside = sum((c.high - c.low for c in own if not c.weight), Decimal(0))
        if within:
            made.append(_("{ground} {points} 分").format(ground=word, points=points(within)))
        if outside:
            made.append(
                _("{ground}的加减分 {points} 分").format(ground=word, points=points(outside))
            )
    return made
