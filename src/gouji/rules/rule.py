"""The values of a rulebook as its author wrote it: criteria, tie-outs, the book. Nothing here is checked against tables yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal

from gouji.base.i18n import _
from gouji.base.verdict import Severity
from gouji.rules.values import Frozen

if TYPE_CHECKING:
    from pydantic import Field

    from gouji.rules.defaults import Defaults
    from gouji.rules.fields import (
        Code,
        Loss,
        Method,
        Names,
        NotNegative,
        Number,
        Points,
        PositivePoints,
        WrittenRange,
        WrittenRounding,
        Year,
    )


class BasisStatus(StrEnum):
    """How far the source itself says what the rule says; `open` is what nobody knows yet."""

    PRINTED = "printed"
    TRUNCATED = "truncated"
    INFERRED = "inferred"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording(Frozen):
    """The quantity that each part of the clause names, in the clause's own words; lint compares them."""

    name: tuple[str, ...] = ()
    explanation: tuple[str, ...] = ()
    criterion: tuple[str, ...] = ()
    formula: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueBasis(Frozen):
    """Where one value of a rule comes from, when it is not where the rule comes from."""

    clause: str | None = None
    status: BasisStatus
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis(Frozen):
    """The clause that demands the rule. `values` says for single keys (`weight`, `reading`, …) where they come from."""

    document: str
    clause: str
    status: BasisStatus
    note: str | None = None
    values: dict[str, ValueBasis] = field(default_factory=dict)
    wording: Wording | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Valid(Frozen):
    """The fiscal years a rule holds for, both ends included."""

    from_: Year
    to: Year | None = None


Given = dict[str, dict[str, Any] | list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example(Frozen):
    """Figures in (table -> columns, as a unit would print them), verdict out. A list of rows for tables with many rows."""

    name: str | None = None
    given: Given
    prior: Given = field(default_factory=dict)
    expect: str
    deduct: Points | None = None
    score: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Path(Frozen):
    """一级 / 二级指标 above a criterion."""

    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjust(Frozen):
    """加分或减分: points outside the total, from zero up to `at_most`, or from `at_least` (a negative number) up to zero."""

    at_most: PositivePoints | None = None
    at_least: Loss | None = None

    def __post_init__(self) -> None:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError(
                _("at_most（最多加几分）与 at_least（最多减几分，写负数）要写且只写一个")
            )

    @property
    def size(self) -> Decimal:
        """How many points it can move the total."""
        return self.at_most if self.at_most is not None else -(self.at_least or Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Frozen):
    """评价指标: a weight, how it is measured, how the measure becomes points.

    One with `adjust` has its points outside the total; its weight is then how many points it can add or take off. `set`: the kinds of
    unit (of `sets` in book.yaml) that it is for; of all units where there is none.
    """

    kind: Literal["criterion"]
    code: Code
    name: str
    path: Path
    basis: Basis
    valid: Valid | None = None
    set: Names = ()
    weight: PositivePoints = Decimal(0)
    adjust: Adjust | None = None
    measure: str | None = None
    applies: str | None = None
    method: Method
    missing: Literal["zero", "pending", "as_reported"]
    undefined: Literal["full", "zero", "not_applicable", "pending"] = "pending"
    evidence: tuple[str, ...] = ()
    message: str | None = None
    examples: tuple[Example, ...] = ()

    def __post_init__(self) -> None:
        if self.adjust is None:
            if not self.weight:
                raise ValueError(_("缺少“weight”；总分以外的加分、减分写 adjust"))
            return
        if self.weight not in (Decimal(0), self.adjust.size):
            raise ValueError(_("adjust 的指标不写 weight"))
        object.__setattr__(self, "weight", self.adjust.size)
        self._check_policies(self.adjust)

    def _check_policies(self, adjust: Adjust) -> None:
        """What is missing must not pass for a deduction that was not earned, nor for a bonus that was."""
        if adjust.at_least is not None and self.missing == "zero":
            raise ValueError(
                _("减分的 missing 不能是 zero：缺数不等于没有可减的；写 pending 或 as_reported")
            )
        if self.undefined in ("full", "zero"):
            raise ValueError(_("加分、减分的 undefined 只能是 not_applicable 或 pending"))

    @property
    def bottom(self) -> Decimal:
        """The least it can give: below zero only for a deduction."""
        return -self.weight if self.adjust is not None and self.adjust.at_least else Decimal(0)

    @property
    def top(self) -> Decimal:
        """The most it can give."""
        return self.weight + self.bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance(Frozen):
    """A tolerance set by hand, in the unit of the compared figures (money: 元), and why precision does not give it."""

    amount: NotNegative
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TieOut(Frozen):
    """勾稽关系: a condition that the figures of one unit must meet."""

    kind: Literal["tie_out"]
    code: Code
    name: str
    basis: Basis
    valid: Valid | None = None
    check: str
    applies: str | None = None
    severity: Severity
    tolerance: Tolerance | None = None
    message: str | None = None
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EachRow(Frozen):
    """逐行勾稽: a condition that every row of one table with many rows must meet."""

    kind: Literal["each_row"]
    code: Code
    name: str
    basis: Basis
    valid: Valid | None = None
    table: str
    check: str
    applies: str | None = None
    severity: Severity
    message: str | None = None
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp(Frozen):
    """逐级汇总: in a table whose rows carry hierarchical codes, every row is the sum of the rows one level below it, column by column."""

    kind: Literal["roll_up"]
    code: Code
    name: str
    basis: Basis
    valid: Valid | None = None
    table: str
    columns: Annotated[tuple[str, ...], Field(min_length=1, max_length=40)]
    applies: str | None = None
    severity: Severity
    message: str | None = None
    examples: tuple[Example, ...] = ()


TableRule = EachRow | RollUp
AnyRule = Criterion | TieOut | EachRow | RollUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade(Frozen):
    """One grade: its word, the totals it covers, other words units write for it."""

    name: str
    when: WrittenRange
    aliases: tuple[str, ...] = ()


def better_than(name: str, grades: tuple[Grade, ...]) -> tuple[str, ...]:
    """The grades above one of them, by where they begin."""
    order = sorted(grades, key=lambda g: (g.when.low is not None, g.when.low or 0), reverse=True)
    names = [g.name for g in order]
    return tuple(names[: names.index(name)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Frozen):
    """A printed weight of a 一级 or 二级指标, to be met by the criteria below it."""

    first: str
    second: str | None = None
    set: str | None = None
    weight: Points


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap(Frozen):
    """一票否决: where the condition holds the grade is no better than `grade`; `why` is printed wherever the grade stands."""

    when: str
    grade: str
    why: str
    basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets(Frozen):
    """Which set of criteria is for which unit: the column of text whose word is the name of the set."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustBounds(Frozen):
    """How far bonuses together can raise, deductions together can lower a total, and what the total itself never leaves."""

    at_most: Points | None = None
    at_least: Loss | None = None
    total_at_most: PositivePoints | None = None
    total_at_least: Points = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding(Frozen):
    """How totals are rounded: to multiples of `to`, halves up, halves to the even one, always up, or always down."""

    to: PositivePoints
    by: Literal["half_up", "half_even", "up", "down"] = "half_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookHead(Frozen):
    """`book.yaml`: what the rulebook is, for which year, how totals become grades (a book of tie-outs alone has neither)."""

    book: str
    title: str
    authority: str
    fiscal_year: Year
    total: PositivePoints | None = None
    grades: tuple[Grade, ...] = ()
    groups: tuple[Group, ...] = ()
    caps: tuple[Cap, ...] = ()
    sets: Sets | None = None
    adjust: AdjustBounds | None = None
    round: WrittenRounding | None = None
    not_applicable: Literal["full", "exclude"] = "full"
    at_the_limit: Literal["printed", "range"] = "printed"
    includes: tuple[str, ...] = ()
    defaults: Defaults | None = None
    order: Names = ()
    schemas: str | None = None
    notes: str | None = None
