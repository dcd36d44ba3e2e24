"""A scoring method and a measure -> how the points came about, in one line."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from gouji.base.i18n import _
from gouji.reference import points as m
from gouji.report.wording import ValueShape, places_apart, points, shown
from gouji.rules import (
    AnyMethod,
    Bands,
    Between,
    Criterion,
    Inverse,
    Measured,
    PerViolation,
    Proportional,
    Range,
    Reading,
    RowByRow,
    Steps,
    TwoSidedSteps,
    Within,
    Words,
)
from gouji.rules import shown as number


def measured_words(measured: Fraction, shape: ValueShape, method: AnyMethod) -> str:
    """A measured value, with the places in which it differs from what the method asks for: 99.996% is not 100.00%."""
    return shown(measured, shape, places_apart(shape, measured, *_limits(method)))


def _limits(method: AnyMethod) -> Iterator[Fraction]:
    """The values at which the points of a method change."""
    match method:
        case Within(full_at=wanted) | Steps(full_at=wanted) | TwoSidedSteps(full_at=wanted):
            yield from _ends(wanted)
        case Bands(bands=bands):
            for band in bands:
                yield from _ends(band.when)
        case Proportional(full_at=full) | Inverse(full_at=full):
            yield Fraction(full)
        case Between(none_at=none, full_at=full):
            yield from (Fraction(none), Fraction(full))


def _ends(of: Range) -> Iterator[Fraction]:
    return (Fraction(end) for end in (of.low, of.high) if end is not None)


def scored(method: Measured, rule: Criterion, measured: Fraction, shape: ValueShape) -> str:
    """How the measure became points; of a deduction outside the total, how many it takes off."""
    score = m.points(method, rule.weight, measured)
    if rule.bottom:
        return _taken_off(method, rule.weight - score)
    match method:
        case Steps() | TwoSidedSteps():
            return _stepped(method, rule, measured)
        case Bands():
            where = _band(method, measured)
            return _("{where}，得 {score} 分").format(where=where, score=points(score))
        case Within(full_at=full_at):
            return _("标准 {range}，得 {score} 分").format(range=full_at, score=points(score))
        case Proportional():
            return _proportional(method, rule, measured, shape)
        case Inverse():
            return _inverse(method, rule, measured, shape)
        case Between(none_at=none_at, full_at=full_at):
            return _("{none} 到 {full} 之间按比例，得 {score} 分").format(
                none=number(none_at), full=number(full_at), score=points(score)
            )
        case Words() | RowByRow():
            return _("得 {score} 分").format(score=points(score))
        case PerViolation(take=take):
            return _("每例扣 {take} 分，得 {score} 分").format(
                take=points(take), score=points(score)
            )
        case _:
            assert_never(method)


def _band(method: Bands, measured: Fraction) -> str:
    """In which band the measured value lies."""
    found = next((b for b in method.bands if m.inside(measured, b.when)), None)
    return _("在 {band} 档").format(band=found.when) if found else _("各档都不在")


def _proportional(
    method: Proportional, rule: Criterion, measured: Fraction, shape: ValueShape
) -> str:
    """The quotient with the weight; beyond its ends it is no proportion."""
    score = points(m.points(method, rule.weight, measured))
    if 0 <= measured <= method.full_at:
        return _("{value} ÷ {full} × {weight} 分 = {score} 分").format(
            value=measured_words(measured, shape, method),
            full=number(method.full_at),
            weight=points(rule.weight),
            score=score,
        )
    how = _("低于零，得 {score} 分") if measured < 0 else _("超过 {full}，得 {score} 分")
    return how.format(full=number(method.full_at), score=score)


def _inverse(method: Inverse, rule: Criterion, measured: Fraction, shape: ValueShape) -> str:
    """The quotient turned round with the weight; full marks up to the standard."""
    score = points(m.points(method, rule.weight, measured))
    if measured <= method.full_at:
        return _("不超过 {full}，得 {score} 分").format(full=number(method.full_at), score=score)
    return _("{full} ÷ {value} × {weight} 分 = {score} 分").format(
        value=measured_words(measured, shape, method),
        full=number(method.full_at),
        weight=points(rule.weight),
        score=score,
    )


def _taken_off(method: Measured, lost: Decimal) -> str:
    if isinstance(method, PerViolation):
        return _("每例减 {take} 分，共减 {points} 分").format(
            take=points(method.take), points=points(lost)
        )
    return _("减 {points} 分").format(points=points(lost))


def _stepped(method: Steps | TwoSidedSteps, rule: Criterion, measured: Fraction) -> str:
    steps = m.excess(method, measured)
    if steps == 0:
        return _("达到 {range}，不扣分").format(range=method.full_at)
    off = m.deduction(method, rule.weight, measured, method.reading)
    score = m.points(method, rule.weight, measured)
    how = reading_words(method.reading)
    line = _("与 {range} 相差 {steps} 个 {per}，{how}：扣 {off} 分").format(
        range=method.full_at,
        steps=_short(steps),
        per=number(method.per),
        how=how,
        off=points(rule.weight - score),
    )
    return line + (_("（扣完为止）") if off > Fraction(rule.weight) else "")


def reading_words(reading: Reading) -> str:
    """A reading of the clause in words."""
    return {
        Reading.WHOLE: _("满一个才扣"),
        Reading.BEGUN: _("不足一个按一个扣"),
        Reading.PRORATA: _("按比例扣"),
    }[reading]


def _short(steps: Fraction) -> str:
    text = f"{float(steps):.2f}" if steps.denominator != 1 else str(steps)
    return text.rstrip("0").rstrip(".") if "." in text else text
