"""A scoring method -> what it says, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from gouji.base.i18n import _, clauses, noted
from gouji.explain.row_words import row_words
from gouji.report import points, reading_words
from gouji.rules import (
    AnyMethod,
    Bands,
    Between,
    Checklist,
    Criterion,
    Deductions,
    Inverse,
    Judged,
    Occasion,
    Part,
    Parts,
    PerViolation,
    Proportional,
    RowByRow,
    Steps,
    TwoSidedSteps,
    Within,
    Words,
    shown,
)


def method_words(method: AnyMethod, rule: Criterion) -> list[str]:
    """A scoring method in words."""
    match method:
        case Within(full_at=full_at):
            line = _("{range} 得 {points} 分，否则不得分")
            return [line.format(range=full_at, points=points(rule.weight))]
        case Steps() | TwoSidedSteps():
            return [_steps_words(method, rule)]
        case Bands(bands=bands):
            line = _("{range}：{points} 分")
            return [
                *(line.format(range=b.when, points=points(b.points)) for b in bands),
                _("其余：0 分"),
            ]
        case Proportional() | Inverse() | Between():
            return [_ratio_words(method, rule)]
        case Words(words=words):
            line = _("{word}：{points} 分")
            return [line.format(word=word, points=points(n)) for word, n in words.items()]
        case RowByRow():
            return row_words(method)
        case PerViolation(take=take):
            return [_("每例扣 {take} 分，扣完为止").format(take=points(take))]
        case Checklist() | Judged():
            return _people_words(method)
        case Parts():
            return _parts_words(method, rule)
        case Deductions(occasions=occasions):
            head = _("从 {points} 分里逐项扣，扣完为止").format(points=points(rule.weight))
            return [head, *map(_occasion_words, occasions)]
    return []


def _steps_words(method: Steps | TwoSidedSteps, rule: Criterion) -> str:
    """What each step beyond the range of full marks takes off."""
    take = (
        points(method.take)
        if method.take is not None
        else _("权重的 {share}").format(share=shown(method.take_share or rule.weight))
    )
    means = {
        "point": _("（指百分点）"),
        "relative": _("（指相对标准的百分之几）"),
        None: "",
    }[method.percent_is]
    return _("{range} 得满分；每差 {per}{means} 扣 {take}，{how}，扣完为止").format(
        range=method.full_at,
        per=shown(method.per),
        means=means,
        take=take,
        how=reading_words(method.reading),
    )


def _ratio_words(method: Proportional | Inverse | Between, rule: Criterion) -> str:
    """How the points follow the measured value."""
    most = points(rule.weight)
    match method:
        case Proportional(full_at=full_at):
            line = _("实测值 ÷ {full} × {points} 分，最多 {points} 分")
            return line.format(full=shown(full_at), points=most)
        case Inverse(full_at=full_at):
            line = _("不超过 {full} 得满分；超过的按 {full} ÷ 实测值 × {points} 分")
            return line.format(full=shown(full_at), points=most)
        case Between(none_at=none_at, full_at=full_at, none_points=least):
            line = _("{full} 得 {points} 分，{none} 得 {least} 分，两者之间按比例")
            return line.format(
                full=shown(full_at), points=most, none=shown(none_at), least=points(least)
            )
        case _:
            assert_never(method)


def _people_words(method: Checklist | Judged) -> list[str]:
    """What people look for, or how many of them give marks."""
    if isinstance(method, Judged):
        how = _("平均") if method.by == "mean" else _("去掉最高和最低后平均")
        return [_("至少 {count} 人评分，{how}").format(count=method.reviewers, how=how)]
    if method.mode == "additive":
        return [_("逐项加分"), *(noted(i.item, points(i.points)) for i in method.items)]
    return [_("全部具备才得分"), *(i.item for i in method.items)]


def _parts_words(method: Parts, rule: Criterion) -> list[str]:
    """How the parts make one score, each part, and what must be there at all."""
    head = {
        "sum": _("各部分的分相加"),
        "best": _("取各部分里最高的分"),
        "worst": _("取各部分里最低的分"),
    }[method.of]
    return [
        head,
        *(_part_words(part, rule) for part in method.parts),
        *(_("必备：{item}，不具备则不得分").format(item=i) for i in method.gate),
    ]


def _part_words(part: Part, rule: Criterion) -> str:
    """A part with its points, its measure and its method, in one line."""
    inner = method_words(part.method, replace(rule, weight=part.points))
    told = [part.measure] if part.measure is not None else []
    lines = clauses([*told, *inner])
    return _("{name}（{points} 分）：{lines}").format(
        name=part.name, points=points(part.points), lines=lines
    )


def _occasion_words(of: Occasion) -> str:
    if of.item is not None:
        return _("{item}：不具备扣 {take} 分").format(item=of.item, take=points(of.take))
    most = _("，最多 {points} 分").format(points=points(of.at_most)) if of.at_most else ""
    return _("{measure}：每例扣 {take} 分{most}").format(
        measure=of.measure, take=points(of.take), most=most
    )
