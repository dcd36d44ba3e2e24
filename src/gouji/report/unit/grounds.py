"""What points rest on, and why a score has a range, in words."""

from __future__ import annotations

from gouji.base.i18n import _
from gouji.base.outcome import CriterionOutcome
from gouji.base.verdict import Ground, Verdict
from gouji.report.wording import points


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
