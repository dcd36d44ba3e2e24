"""The values of a rulebook as its author wrote it: criteria, tie-outs, the book. Nothing here is checked against tables yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal

from gouji.base.verdict import Severity
from gouji.rules.values import Frozen

if TYPE_CHECKING:
    from pydantic import Field

    from gouji.rules.fields import (
        Code,
        Method,
        NotNegative,
        Points,
        PositivePoints,
        WrittenRange,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Path(Frozen):
    """一级 / 二级指标 above a criterion."""

    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Frozen):
    """评价指标: a weight, how it is measured, how the measure becomes points."""

    kind: Literal["criterion"]
    code: Code
    name: str
    path: Path
    basis: Basis
    valid: Valid | None = None
    weight: PositivePoints
    measure: str | None = None
    applies: str | None = None
    method: Method
    missing: Literal["zero", "pending", "as_reported"]
    undefined: Literal["full", "zero", "not_applicable", "pending"] = "pending"
    evidence: tuple[str, ...] = ()
    message: str | None = None
    examples: tuple[Example, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Frozen):
    """A printed weight of a 一级 or 二级指标, to be met by the criteria below it."""

    first: str
    second: str | None = None
    weight: Points


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
    not_applicable: Literal["full", "exclude"] = "full"
    at_the_limit: Literal["printed", "range"] = "printed"
    includes: tuple[str, ...] = ()
    schemas: str | None = None
    notes: str | None = None
