"""Text as a unit typed it -> an exact figure in its base unit, with half of its last printed place; or what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from gouji.base.i18n import _
from gouji.intake.finding.marks import (
    MARKS,
    MONEY_BEFORE,
    MONEY_BEHIND,
    SIGN_BEFORE,
    UNIT_IN_BRACKETS,
    ZERO,
)
from gouji.intake.values.codes import UNSEEN, year_in_digits
from gouji.intake.values.date_text import read_date
from gouji.rules import (
    KEPT_PLACES,
    MONEY_UNITS,
    RATES,
    UNITS,
    WHOLE_DIGITS,
    Column,
    ColumnRole,
    ColumnType,
)

# Dashes of every length, a stroke, words for none.
BLANKS = frozenset(
    {"", "/", "//", "\\", "无", "空", "不涉及", "不适用", "n/a", "na"}
    | {sign * n for sign in "-–—―─" for n in (1, 2, 3, 4)}
)
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
# Commas and single blanks group digits by three: `1,320.73`, `1 320.73`. A line break or a tab never does.
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:(?:, ?| )[0-9]{3})+(?:\.[0-9]+)?")
_SHORT = {"万": "万元", "亿": "亿元"}
_UNSEEN = str.maketrans("", "", UNSEEN)
LONGEST = 40
# Signs that turn what stands behind them: `3.21` is seen as 12.3.
_TURNED = re.compile("[\u202b\u202e\u2067]")
# `0,123` may be 123 or 0.123.
_ZERO_FIRST = re.compile(r"[+-]?0[, ]\s?[0-9]{3}")
_UNIT_ENDS = sorted((u for u in UNITS if u != "1"), key=len, reverse=True)


class FigureFault(Exception):
    """A cell that cannot be read as a figure: what is wrong, how to fix it."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


@dataclass(frozen=True, slots=True)
class FigureReading:
    """A figure in its base unit, half of its last printed place, how it was printed; the mark of a note that stood behind it."""

    value: Decimal
    half: Decimal
    unit: str | None
    places: int
    mark: str = ""

    @property
    def told(self) -> str:
        """What is to be said about how it was read."""
        return (
            _("数后面的“{mark}”当作注的标记，不算在数里").format(mark=self.mark)
            if self.mark
            else ""
        )


def is_blank(text: str) -> bool:
    """Whether the cell says that there is no figure."""
    return unicodedata.normalize("NFKC", text.translate(_UNSEEN)).strip().lower() in BLANKS


def read_figure(
    text: str, column: Column, unit: str | None = None, places: int | None = None
) -> FigureReading:
    """Read one figure. `unit` and `places` are how the submission prints this column; by default as the table description has it.

    Raises FigureFault. Full-width digits, thousands commas, a unit or % behind the number and accountants' parentheses are understood; the mark
    of a note behind the number is cut off.
    """
    own_text = text.translate(_UNSEEN).strip()
    if column.type is ColumnType.DATE:
        return _date(own_text)
    mark = found[0].strip() if (found := MARKS.search(own_text)) else ""
    bare = own_text[: found.start()] if found else own_text
    if _TURNED.search(text) or any(map(_becomes_a_digit, bare)):
        raise _no_figure(text)
    plain, own = _without_unit(_in_plain_signs(bare, column), column)
    if len(plain) > LONGEST:
        raise _out_of_range(text.strip()[:20] + "…")
    if not (_PLAIN.fullmatch(plain) or _GROUPED.fullmatch(plain)) or _ZERO_FIRST.fullmatch(plain):
        raise _no_figure(text)
    number = Decimal(plain.replace(",", "").replace(" ", ""))
    return _reading(number, text.strip(), column, own or unit, places, mark)


def _in_plain_signs(bare: str, column: Column) -> str:
    """A figure with the digits and signs of ASCII, without a sign of money, in the form -1 where it is (1)."""
    plain = unicodedata.normalize("NFKC", bare).replace("−", "-").replace("–", "-").lstrip("'")
    plain = UNIT_IN_BRACKETS.sub(r"\1", SIGN_BEFORE.sub(_sign, ZERO.sub("0", plain)))
    if column.type is ColumnType.MONEY:
        plain = MONEY_BEFORE.sub(r"\1", plain, count=1)
        plain = MONEY_BEHIND.sub(lambda found: found[1].replace(" ", ""), plain)
    if plain.startswith("(") and plain.endswith(")"):
        plain = "-" + plain[1:-1].strip()
    if column.role is ColumnRole.YEAR:
        plain = year_in_digits(plain).removesuffix("度").removesuffix("年")
    return plain


def _sign(found: re.Match[str]) -> str:
    return found[1] or "-"


def _without_unit(plain: str, column: Column) -> tuple[str, str | None]:
    """The figure before the unit that stands behind it, and the unit."""
    short = _SHORT if column.type is ColumnType.MONEY else {}
    own = next((u for u in (*_UNIT_ENDS, *short) if plain.endswith(u)), None)
    return (plain, None) if own is None else (plain[: -len(own)].strip(), short.get(own, own))


def _no_figure(text: str) -> FigureFault:
    return FigureFault(
        _("“{text}”读不成数").format(text=text.strip()), _("填数字，例如 1,320.73；没有就留空")
    )


def _out_of_range(text: str) -> FigureFault:
    return FigureFault(_("“{text}”超出可以处理的范围").format(text=text), _("检查计量单位和小数点"))


def _date(text: str) -> FigureReading:
    """The number of a day."""
    day = read_date(text)
    if day is None:
        raise FigureFault(
            _("“{text}”读不成日期").format(text=text[:LONGEST]),
            _("写成 2024-03-31 或 2024年3月31日，年月日都要有；没有就留空"),
        )
    return FigureReading(Decimal(day), Decimal(0), None, 0)


def _becomes_a_digit(sign: str) -> bool:
    """Whether a sign that is no digit would be taken for one: ①, ², ½; or a raised one for a sign of a number: ⁻."""
    if sign.isascii() or sign.isdecimal():
        return False
    made = unicodedata.normalize("NFKC", sign)
    return any(map(str.isdecimal, made)) or (
        made in "+-−=()" and unicodedata.decomposition(sign).startswith(("<super>", "<sub>"))
    )


def _reading(
    number: Decimal, text: str, column: Column, unit: str | None, places: int | None, mark: str = ""
) -> FigureReading:
    """A number in its unit, in the base unit, if the column keeps such figures."""
    usual = column.unit or ("%" if column.type is ColumnType.PERCENT else None)
    used = unit or usual
    if not _fits(column, used):
        raise FigureFault(
            _("“{text}”的计量单位与“{column}”不符").format(text=text, column=column.name),
            _("这一列的计量单位是 {unit}").format(unit=usual or _("无")),
        )
    factor = UNITS[used] if used else Decimal(1)
    value = number * factor
    kept = KEPT_PLACES[column.type]
    if abs(value) >= Decimal(10) ** WHOLE_DIGITS[column.type]:
        raise _out_of_range(text)
    if value != round(value, kept):
        raise FigureFault(
            _("“{text}”的小数位太多").format(text=text),
            _("最多精确到 {unit}").format(unit=f"1e-{kept}" if kept else "1"),
        )
    if places is None:
        places = max(_declared_places(column, used, usual), -int(number.as_tuple().exponent))
    # Zeros printed beyond the places kept (0.000元) promise no more than the last place kept.
    last = max(factor.scaleb(-places) / 2, Decimal(5).scaleb(-kept - 1))
    half = Decimal(0) if column.exact else last
    return FigureReading(value.quantize(Decimal(1).scaleb(-kept)), half, used, places, mark)


def _fits(column: Column, unit: str | None) -> bool:
    """Whether figures of a column are in such a unit: money in one of money, a percent in a rate."""
    money, rate = column.type is ColumnType.MONEY, column.type is ColumnType.PERCENT
    return money == (unit in MONEY_UNITS) and rate == (unit in RATES)


def _declared_places(column: Column, used: str | None, usual: str | None) -> int:
    """How many places a column is printed with: as its description says, in its usual unit; else two in 元."""
    if used == usual and column.places is not None:
        return column.places
    return 2 if used == "元" else 0
