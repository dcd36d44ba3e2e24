"""`locate.yaml` of a rulebook: which slips people make, how likely each is, which figures are never doubted. Ranks proposals; decides no verdict."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from gouji.base.i18n import _
from gouji.rules.rule import Basis, BasisStatus
from gouji.rules.values import Frozen

if TYPE_CHECKING:
    from pydantic import Field

    from gouji.rules.fields import Names, Number, Positive, Word


class How(StrEnum):
    """What a slip does to a figure. `swap` to `scale` change its digits, `row` to `prior` copy another figure, the rest concern several cells or a missing line."""

    SWAP = "swap"
    INSERT = "insert"
    DROP = "drop"
    DOUBLE = "double"
    REPLACE = "replace"
    SIGN = "sign"
    SCALE = "scale"
    ROW = "row"
    COLUMN = "column"
    PRIOR = "prior"
    BLANK = "blank"
    TOTAL = "total"
    EXCHANGE = "exchange"
    SHIFT = "shift"
    LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipKind(Frozen):
    """One kind of slip, in the field's words. `odds`: 0 is the surest sign of a slip, 9 the weakest. `times`: of `scale`, the printed figure is so many times the
    right one; `whole`: it also happens to a whole column or form at once. `percent`: it happens to percentages alone."""

    slip: Word
    how: How
    odds: Annotated[int, Field(ge=0, le=9)]
    times: Number | None = None
    whole: bool = False
    percent: bool = False
    note: str | None = None

    def __post_init__(self) -> None:
        if (self.how is How.SCALE) != (self.times is not None):
            raise ValueError(_("how: scale 要写 times（写成的数是应有数的多少倍），其他不能写"))
        if self.times is not None and (self.times <= 0 or self.times == 1):
            raise ValueError(_("times 要大于零，不能是 1"))
        if (self.whole or self.percent) and self.how is not How.SCALE:
            raise ValueError(_("whole 和 percent 只用于 how: scale"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Locating(Frozen):
    """How causes are looked for. `prior`: what it costs to blame a figure of the year before (one of this year costs 1). `certified`: tables, or `table.column`,
    whose figures come from elsewhere and are never blamed. `elsewhere`: by so much the odds of an answer fall where the figure that it proposes also stands in a cell
    that no rule compares with the doubted one, and rise where the printed one does."""

    basis: Basis
    prior: Positive = Decimal(2)
    elsewhere: Annotated[int, Field(ge=0, le=9)] = 2
    certified: Names = ()
    slips: Annotated[tuple[SlipKind, ...], Field(min_length=1)] = ()

    def __post_init__(self) -> None:
        names = [kind.slip for kind in self.slips]
        twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
        if twice is not None:
            raise ValueError(_("差错“{slip}”写了两次").format(slip=twice))


def _kind(
    slip: str, how: How, odds: int, times: str = "", whole: bool = False, percent: bool = False
) -> SlipKind:
    return SlipKind(
        slip=slip,
        how=how,
        odds=odds,
        times=Decimal(times) if times else None,
        whole=whole,
        percent=percent,
    )


# What holds for a rulebook without `locate.yaml`.
USUAL = Locating(
    basis=Basis(document="gouji", clause="locate.yaml", status=BasisStatus.INFERRED),
    slips=(
        _kind("相邻两位颠倒", How.SWAP, 0),
        _kind("正负号", How.SIGN, 0),
        _kind("元当万元", How.SCALE, 0, "10000", whole=True),
        _kind("万元当元", How.SCALE, 0, "0.0001", whole=True),
        _kind("百分比大一百倍", How.SCALE, 0, "100", whole=True, percent=True),
        _kind("百分比小一百倍", How.SCALE, 0, "0.01", whole=True, percent=True),
        _kind("小数点移位", How.SCALE, 0, "10"),
        _kind("小数点左移", How.SCALE, 0, "0.1"),
        _kind("小数点移两位", How.SCALE, 0, "100"),
        _kind("小数点左移两位", How.SCALE, 0, "0.01"),
        _kind("差一千倍", How.SCALE, 0, "1000"),
        _kind("小一千倍", How.SCALE, 0, "0.001"),
        _kind("两格互换", How.EXCHANGE, 0),
        _kind("整段错行", How.SHIFT, 0),
        _kind("重一位", How.DOUBLE, 1),
        _kind("多一位", How.INSERT, 2),
        _kind("少一位", How.DROP, 1),
        _kind("抄了相邻行", How.ROW, 2),
        _kind("抄了相邻栏", How.COLUMN, 2),
        _kind("抄了上年数", How.PRIOR, 2),
        _kind("错一位", How.REPLACE, 2),
        _kind("合计没有更新", How.TOTAL, 3),
        _kind("漏填", How.BLANK, 4),
        _kind("明细漏一行", How.LINE, 4),
    ),
)


__all__ = ["USUAL", "How", "Locating", "SlipKind"]
