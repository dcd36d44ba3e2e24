"""A method that scores rows one by one -> lines of words: which rows, what each may earn, in which way, and how rows become a score."""

from __future__ import annotations

from gouji.base.i18n import _
from gouji.report import points, reading_words
from gouji.rules import (
    GradedWords,
    Inverse,
    Proportional,
    RowByRow,
    RowMethod,
    Steps,
    Within,
    shown,
)


def row_words(method: RowByRow) -> list[str]:
    """The method in words, one line a way."""
    which = _("，只计 {where}").format(where=method.where) if method.where is not None else ""
    head = _("“{table}”逐行打分{which}：每行最多得 {points}，按下面第一个适用的办法").format(
        table=method.table, which=which, points=method.points
    )
    ways = []
    for way in method.by:
        measure = way.measure if way.measure is not None else method.measure
        lines = "；".join(_way(way.method, measure or ""))
        ways.append(
            f"{way.where}：{lines}"
            if way.where is not None
            else _("其余各行：{lines}").format(lines=lines)
        )
    return [head, *ways, *_over(method), _total(method)]


def _way(method: RowMethod, measure: str) -> list[str]:
    match method:
        case Within(full_at=full_at):
            return [
                _("{measure} {range} 得该行满分，否则不得分").format(measure=measure, range=full_at)
            ]
        case Proportional(full_at=full_at):
            return [
                _("{measure} 达到 {full} 得该行满分，不到的按比例").format(
                    measure=measure, full=shown(full_at)
                )
            ]
        case Inverse(full_at=full_at):
            return [
                _("{measure} 不超过 {full} 得该行满分，超过的反过来按比例").format(
                    measure=measure, full=shown(full_at)
                )
            ]
        case Steps(full_at=full_at, per=per, reading=reading):
            take = (
                points(method.take)
                if method.take is not None
                else _("该行分值的 {share}").format(share=shown(method.take_share or per))
            )
            return [
                _("{measure} {range} 得该行满分；每差 {per} 扣 {take}，{how}，扣完为止").format(
                    measure=measure,
                    range=full_at,
                    per=shown(per),
                    take=take,
                    how=reading_words(reading),
                )
            ]
        case GradedWords(words=words):
            return [
                _("{measure} 写“{word}”得该行分值的 {share}").format(
                    measure=measure, word=word, share=share
                )
                for word, share in words.items()
            ]
    return []


def _over(method: RowByRow) -> list[str]:
    if method.over is None:
        return []
    unless = _("，{unless} 的除外").format(unless=method.over.unless) if method.over.unless else ""
    return [
        _("按比例得分的行超过 {above} 的，扣该行分值的 {take}{unless}").format(
            above=shown(method.over.above), take=shown(method.over.take), unless=unless
        )
    ]


def _total(method: RowByRow) -> str:
    match method.total:
        case "mean":
            return _("各行得分取平均，每行保留两位小数")
        case "weighted":
            return _("各行得分按 {by} 加权平均，每行保留两位小数").format(by=method.weighted_by)
        case "share":
            return _("各行得分之和占各行满分之和的比例 × 权重，每行得分保留两位小数")
    return _("各行得分相加，每行保留两位小数")
