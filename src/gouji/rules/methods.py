"""The closed set of scoring methods, as rule files write them (`method: {kind: steps, …}`). Values only: `judge` and `compile` give them meaning.

Points are in 分; thresholds and widths are exact numbers or percents of 1 (`95%` is 0.95).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal, assert_never

from gouji.base.i18n import _
from gouji.rules.values import Frozen, Range

if TYPE_CHECKING:
    from pydantic import Field

    from gouji.rules.fields import (
        Number,
        PartMethod,
        Points,
        Positive,
        PositivePoints,
        RowEarning,
        WrittenRange,
    )


class Reading(StrEnum):
    """How a part of a step counts: 满一个才扣, 不足一个按一个扣, 按比例扣."""

    WHOLE = "whole"
    BEGUN = "begun"
    PRORATA = "prorata"


@dataclass(frozen=True, slots=True, kw_only=True)
class Within(Frozen):
    """全有或全无: full marks inside the range, none outside."""

    kind: Literal["within"] = "within"
    full_at: WrittenRange


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stepped(Frozen):
    full_at: WrittenRange
    per: Positive
    percent_is: Literal["point", "relative"] | None = None
    take: PositivePoints | None = None
    take_share: Positive | None = None
    reading: Reading

    def __post_init__(self) -> None:
        if (self.take is None) == (self.take_share is None):
            raise ValueError(
                _("take（每步扣几分）与 take_share（每步扣权重的百分之几）要写且只写一个")
            )
        if self.percent_is is None and self.per < 1:
            raise ValueError(
                _("per 是百分数时要写 percent_is: point（百分点）或 relative（相对百分之）")
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps(_Stepped):
    """递减: full marks inside a one-sided range, then `take` off for each `per` beyond it, never below zero."""

    kind: Literal["steps"] = "steps"

    def __post_init__(self) -> None:
        _Stepped.__post_init__(self)
        if (self.full_at.low is None) == (self.full_at.high is None):
            raise ValueError(_("steps 的 full_at 只能有一端，例如 ≥ 95%；两端的用 two_sided_steps"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSidedSteps(_Stepped):
    """双向递减: as steps, for measures that lose marks above and below (`full_at: = 100%`)."""

    kind: Literal["two_sided_steps"] = "two_sided_steps"

    def __post_init__(self) -> None:
        _Stepped.__post_init__(self)
        if self.full_at.low is None or self.full_at.high is None:
            raise ValueError(_("two_sided_steps 的 full_at 要有两端，例如 = 100% 或 [95%, 105%]"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Band(Frozen):
    """One row of a band table: the points for measures inside `when`."""

    when: WrittenRange
    points: Points


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands(Frozen):
    """分档: the points of the first band that holds the measure; outside all bands nothing is given."""

    kind: Literal["bands"] = "bands"
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportional(Frozen):
    """按比例: weight × measure ÷ full_at, between zero and the weight."""

    kind: Literal["proportional"] = "proportional"
    full_at: Positive


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverse(Frozen):
    """反向按比例: full marks up to full_at, beyond it weight × full_at ÷ measure. Lower is better."""

    kind: Literal["inverse"] = "inverse"
    full_at: Positive


@dataclass(frozen=True, slots=True, kw_only=True)
class Between(Frozen):
    """两个界限之间按比例: none_points at none_at and beyond, the weight at full_at and beyond, in proportion between them."""

    kind: Literal["between"] = "between"
    none_at: Number
    full_at: Number
    none_points: Points = Decimal(0)

    def __post_init__(self) -> None:
        if self.none_at == self.full_at:
            raise ValueError(_("none_at 与 full_at 不能是同一个数"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Frozen):
    """按评语分档: the points of the word that a column of text holds; the column's `one_of` must not hold any other word."""

    kind: Literal["words"] = "words"
    words: Annotated[dict[str, Points], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerViolation(Frozen):
    """按例扣: `take` off for each case counted by the measure, never below zero."""

    kind: Literal["per_violation"] = "per_violation"
    take: PositivePoints


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Frozen):
    """One point of a checklist (要点) and what it is worth."""

    item: str
    points: Points = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist(Frozen):
    """清单: items met by evidence; `additive` adds their points, `all_or_nothing` gives the weight when all are met."""

    kind: Literal["checklist"] = "checklist"
    mode: Literal["additive", "all_or_nothing"]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Frozen):
    """专家评定: the reviewers' marks, by mean, or by mean without the highest and the lowest."""

    kind: Literal["judged"] = "judged"
    by: Literal["mean", "trimmed_mean"] = "mean"
    reviewers: Annotated[int, Field(ge=1, le=99)]

    def __post_init__(self) -> None:
        if self.by == "trimmed_mean" and self.reviewers < 3:
            raise ValueError(_("trimmed_mean 去掉最高和最低，至少要三人：reviewers ≥ 3"))


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedWords(Frozen):
    """按评语定档: a word earns a share of the row's points; where that is a range, what the unit gave itself, held within it."""

    kind: Literal["words"] = "words"
    words: Annotated[dict[str, WrittenRange], Field(min_length=1)]

    def __post_init__(self) -> None:
        for word, share in self.words.items():
            if share.low is None or share.high is None or share.low < 0 or share.high > 1:
                raise ValueError(
                    _("“{word}”要写成 0 到 100% 之间的一段，例如 [80%, 100%] 或 = 100%").format(
                        word=word
                    )
                )


RowMethod = Within | Proportional | Inverse | Steps | GradedWords


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWay(Frozen):
    """One way in which a row may earn its points: taken by rows for which `where` holds; without it, by all the others."""

    where: str | None = None
    measure: str | None = None
    method: RowEarning


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeDeviation(Frozen):
    """偏差较大: a proportional row above so much of its target loses a share of its points, unless a condition (a reason, costs) holds."""

    above: Positive
    take: Positive
    unless: str | None = None

    def __post_init__(self) -> None:
        if self.take > 1:
            raise ValueError(_("over 的 take 是该行分值的百分之几，不超过 100%"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RowByRow(Frozen):
    """逐行打分: each row of a table earns up to its `points`, in hundredths, in the first of the ways `by` that fits it.

    Expressions speak of the columns of one row, by their bare names. `total`: the rows are added up (`sum`), averaged (`mean`), averaged by the
    column `weighted_by` (`weighted`), or earn the share of the weight that they earn of all their points (`share`). `stated`: the column with
    what the unit gave itself. A row that cannot be scored leaves the whole open.
    """

    kind: Literal["rows"] = "rows"
    table: str
    where: str | None = None
    points: str
    measure: str | None = None
    by: Annotated[tuple[RowWay, ...], Field(min_length=1, max_length=20)]
    over: LargeDeviation | None = None
    total: Literal["sum", "mean", "weighted", "share"] = "sum"
    weighted_by: str | None = None
    stated: str | None = None

    def __post_init__(self) -> None:
        if (self.total == "weighted") != (self.weighted_by is not None):
            raise ValueError(_("total: weighted 要写 weighted_by（按哪一列加权），其他不能写"))
        if any(way.where is None for way in self.by[:-1]):
            raise ValueError(_("by 里只有最后一种办法可以不写 where"))


Measured = (
    Within
    | Steps
    | TwoSidedSteps
    | Bands
    | Proportional
    | Inverse
    | Between
    | Words
    | RowByRow
    | PerViolation
)
Partial = Measured | Checklist


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Frozen):
    """One scored part of a criterion, with a measure, precondition and method of its own. Where it does not apply it gives its points."""

    name: str
    points: PositivePoints
    measure: str | None = None
    applies: str | None = None
    method: PartMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts(Frozen):
    """几部分合成: `sum` adds the parts up, `best` and `worst` take one of them; items of `gate` must be met, or nothing is earned."""

    kind: Literal["parts"] = "parts"
    of: Literal["sum", "best", "worst"] = "sum"
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=20)]
    gate: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion(Frozen):
    """One occasion for a deduction: an item that is not met, or cases that a measure counts, at most so many points."""

    item: str | None = None
    measure: str | None = None
    take: PositivePoints
    at_most: PositivePoints | None = None

    def __post_init__(self) -> None:
        if (self.item is None) == (self.measure is None):
            raise ValueError(_("item（不具备就扣）与 measure（按例扣）要写且只写一个"))
        if self.item is not None and self.at_most is not None:
            raise ValueError(_("at_most 只用于按例扣的 measure"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deductions(Frozen):
    """逐项扣分: from the weight, each occasion takes its own points off, never below zero."""

    kind: Literal["deductions"] = "deductions"
    occasions: Annotated[tuple[Occasion, ...], Field(min_length=1, max_length=40)]


Composed = Parts | Deductions
AnyMethod = Measured | Checklist | Judged | Composed


def items_of(method: AnyMethod) -> tuple[str, ...]:
    """The items that evidence must meet, in the order in which the method names them; those of a gate last."""
    match method:
        case Checklist(items=items):
            return tuple(i.item for i in items)
        case Parts(parts=parts, gate=gate):
            return (*(item for part in parts for item in items_of(part.method)), *gate)
        case Deductions(occasions=occasions):
            return tuple(o.item for o in occasions if o.item is not None)
    return ()


def limits_of(method: Measured) -> tuple[Fraction, ...]:
    """The thresholds that the method itself writes: the ends of the full-mark range or of bands, the target, no violation."""
    match method:
        case Within(full_at=full_at) | Steps(full_at=full_at) | TwoSidedSteps(full_at=full_at):
            return _ends(full_at)
        case Bands(bands=bands):
            return tuple(dict.fromkeys(end for band in bands for end in _ends(band.when)))
        case Proportional(full_at=target) | Inverse(full_at=target):
            return (Fraction(target),)
        case Between(none_at=none_at, full_at=full_at):
            return (Fraction(none_at), Fraction(full_at))
        case Words() | RowByRow():
            return ()
        case PerViolation():
            return (Fraction(0),)
        case _:
            assert_never(method)


def _ends(when: Range) -> tuple[Fraction, ...]:
    return tuple(dict.fromkeys(Fraction(end) for end in (when.low, when.high) if end is not None))
