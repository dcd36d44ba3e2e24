"""One Card -> the outcome of that unit in sentences, and what could bring it the next grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gouji.base.i18n import _
from gouji.base.verdict import Ground, Severity, Verdict
from gouji.report.page_of_unit import Card, CriterionRow
from gouji.report.unit.next_grade import NextGrade
from gouji.report.wording import on_total, points
from gouji.results import told

JUDGED = (Verdict.BALANCED, Verdict.WITHIN_ROUNDING, Verdict.UNBALANCED)


def unit_sentences(card: Card) -> list[str]:
    """The outcome for one unit in sentences."""
    return [
        *(
            _("{found}。").format(found=line)
            for line in (*on_total(card.totals), told(card.degrees))
        ),
        *_scored(card),
        *_relations(card),
        *_wanted(card),
    ]


def _scored(card: Card) -> Iterator[str]:
    """What the scores rest on, and how they stand to what the unit gave itself."""
    t = card.totals
    if card.criteria and all(r.undecided for r in card.criteria):
        word = all(r.ground == Ground.WORD.value for r in card.criteria)
        yield (
            _("没有一分可以由数据或佐证复核，得分全凭单位自评。")
            if word
            else _("没有一分可以由数据或佐证复核。")
        )
    if t.graded and t.self_score is not None and t.self_score != t.score:
        more = (
            _("复核比自评低 {gap} 分。") if t.score < t.self_score else _("复核比自评高 {gap} 分。")
        )
        yield more.format(gap=points(abs(t.self_score - t.score)))
    if any(r.recomputed for r in card.criteria):
        yield _("{n} 项指标扣分，{differing} 项复核与自评不符。").format(
            n=len(card.deducted), differing=len(card.differing)
        )
    contested = [r for r in card.criteria if r.contested]
    if contested:
        yield _("{n} 项指标（{points} 分）所用的数自相矛盾，得分有疑，先核对。").format(
            n=len(contested), points=_weight(contested)
        )


def _relations(card: Card) -> Iterator[str]:
    """How many relations were judged, and how they came out."""
    wrong = card.failing
    if card.tie_outs:
        yield _(
            "勾稽关系 {n} 条：能判断 {judged} 条，不平 {wrong} 条，其中错误 {errors} 条。"
        ).format(
            n=len(card.tie_outs),
            judged=sum(r.verdict in JUDGED for r in card.tie_outs),
            wrong=len(wrong),
            errors=sum(r.severity == Severity.ERROR for r in wrong),
        )


def _wanted(card: Card) -> Iterator[str]:
    """How many criteria wait for data or evidence."""
    left = [r for r in card.criteria if r.undecided]
    if left:
        yield _("{n} 项指标（{points} 分）还不能判断，要单位补报。").format(
            n=len(left), points=_weight(left)
        )


def _weight(rows: Sequence[CriterionRow]) -> str:
    return points(sum((r.weight for r in rows), start=Decimal(0)))


def outlook(found: NextGrade | None, graded: bool = True) -> str:
    """Whether data could bring the next grade, or only another result; of a unit that is not `graded` yet, from the score that it has."""
    if found is None:
        return ""
    line = "" if graded else _("等级待定；按现有得分算，")
    line += _("到“{grade}”（{at} 分）还差 {lacking} 分。").format(
        grade=found.grade, at=points(found.at), lacking=points(found.lacking)
    )
    if found.by_data >= found.lacking:
        return line + _("补报或更正数据最多可得 {gain} 分，可能够；以核实后的数为准。").format(
            gain=points(found.by_data)
        )
    rest = found.lacking - found.by_data
    if found.by_data + found.by_performance >= found.lacking:
        return line + _(
            "补报或更正数据最多可得 {gain} 分，不够；其余 {rest} 分要靠实绩，本年度已成事实，供下年度改进。"
        ).format(gain=points(found.by_data), rest=points(rest))
    return line + _("补报、更正数据和实绩加起来也不够。")
