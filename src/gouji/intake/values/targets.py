"""What people write as a target (“≥95%”, “不少于3期”, “3-5个”) and as what was reached -> sign, number, half of its last place, unit; nothing is guessed.

A figure is kept in the plain unit (万人次 as 人次, 万元 as 元, percents as they stand), so that both sides of a row are in the same one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from gouji.base.i18n import _
from gouji.intake.values.measure_units import LARGE, MEASURES, MONEY, SHARES

QUALITATIVE = "定性"
SIGNS = {
    "≥": (
        "≥",
        ">=",
        "≧",
        "＞=",
        "＞＝",
        ">＝",
        "大于等于",
        "大于或等于",
        "不少于",
        "不低于",
        "不小于",
        "达到",
        "至少",
        "不得少于",
        "不得低于",
    ),
    "≤": (
        "≤",
        "<=",
        "≦",
        "＜=",
        "＜＝",
        "<＝",
        "小于等于",
        "小于或等于",
        "不高于",
        "不超过",
        "不大于",
        "不多于",
        "控制在",
        "至多",
        "不得超过",
        "不得高于",
    ),
    ">": (">", "＞", "大于", "高于", "超过", "多于"),
    "<": ("<", "＜", "小于", "低于", "少于"),
    "=": ("=", "＝", "等于"),
}
# Behind the figure: “100%以上”, “30万元以内”.
BEHIND = {
    "≥": ("及以上", "(含)以上", "以上"),
    "≤": ("及以下", "(含)以下", "以下", "以内", "之内", "(含)以内"),
}
GRADES = {
    "达成": (
        "达成",
        "达成预期指标",
        "达成年度指标",
        "达成预期目标",
        "已达成",
        "完成",
        "已完成",
        "全部完成",
        "按时完成",
        "按期完成",
        "达到预期目标",
        "达到预期指标",
    ),
    "部分达成": (
        "部分达成",
        "部分达成预期指标并具有一定效果",
        "部分达成年度指标并具有一定效果",
        "部分达成预期指标",
        "部分达成年度指标",
        "部分完成",
        "基本达成",
    ),
    "未达成": (
        "未达成",
        "未达成预期指标且效果较差",
        "未达成年度指标且效果较差",
        "未达成预期指标",
        "未达成年度指标",
        "未完成",
        "没有完成",
        "未达成预期指标且效果较差",
    ),
}
_BEFORE = sorted(
    ((word, sign) for sign, every in SIGNS.items() for word in every), key=lambda p: -len(p[0])
)
_AFTER = sorted(
    ((word, sign) for sign, every in BEHIND.items() for word in every), key=lambda p: -len(p[0])
)
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_FIGURE = re.compile(rf"(-?(?:{_NUMBER}))([^0-9.,]*)")
_RANGE = re.compile(rf"({_NUMBER})([^0-9.,~～—–-]*)(?:-|—|–|~|～|至|到)({_NUMBER})([^0-9.,]*)")
_GRADE = {word: grade for grade, every in GRADES.items() for word in every}
_WIDE = str.maketrans("０１２３４５６７８９．，％（）：＋－", "0123456789.,%():+-")


class TargetFault(Exception):
    """What cannot be read, and what to write instead."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


class NoSign(TargetFault):
    """A figure that does not say whether it is a least, a most, or exact."""


# A figure in 千元 beside a target in 元, or the other way round, is a thousand times apart.
APART_AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class MeasuredFigure:
    """A figure with its unit in words; `factor` is what 1 of it as printed is worth, `half` half of its last printed place."""

    number: Decimal
    half: Decimal
    unit: str
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Target:
    """A target: its sign (定性: a word, `text`), its figure, for a range of two ends the upper one."""

    sign: str
    measured: MeasuredFigure | None = None
    most: MeasuredFigure | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """What was reached: a figure, or a word; of the usual words the one they stand for."""

    measured: MeasuredFigure | None = None
    word: str = ""


def read_target(
    text: str, sign: str = "", unit: str = "", bare: str = "", more: Collection[str] = ()
) -> Target:
    """The target that a cell states; `sign` and `unit` are what other cells of the row say, `bare` the sign of a figure without any. Raises TargetFault.

    >>> [(t.sign, str(t.measured.number), t.measured.unit) for t in map(read_target, ("≥95%", "不少于3期", "≤30万元", "100%以上", "≥1.2万人次"))]
    [('≥', '95', '%'), ('≥', '3', '期'), ('≤', '300000', '元'), ('≥', '100', '%'), ('≥', '12000.0', '人次')]
    >>> read_target("效果明显").sign, read_target("3-5个").most.number
    ('定性', Decimal('5'))
    """
    plain = _plain(text)
    stated, rest = _sign_of(plain)
    own = _sign_word(sign)
    if stated == "?":
        raise _not_read(text)
    if own == QUALITATIVE or not re.search(r"[0-9]", rest):
        if stated and own != QUALITATIVE:
            raise _not_read(text)
        return Target(QUALITATIVE, text=plain)
    if stated and own and stated != own:
        raise TargetFault(
            _("“{text}”与同一行的指标性质“{sign}”不一致").format(text=text, sign=sign),
            _("两处写成一样"),
        )
    if (found := _RANGE.fullmatch(rest)) and not stated:
        return _range(text, found, unit, more)
    made = _figure(text, rest, unit, more)
    means = stated or own or bare
    if not means:
        raise NoSign(
            _("“{text}”没有写是不低于、不超过还是等于").format(text=text), _("写上 ≥、≤ 或 =")
        )
    return Target(means, MeasuredFigure(made.number, Decimal(0), made.unit, made.factor))


def read_reached(
    text: str, target: Target | None, unit: str = "", more: Collection[str] = ()
) -> Reached:
    """What was reached, against the target of the row. Raises TargetFault where its unit is another one, or where it may mean two things.

    >>> read_reached("28.5", read_target("≤30万元")).measured.number
    Decimal('285000.0')
    >>> read_reached("部分达成年度指标并具有一定效果", None).word
    '部分达成'
    """
    plain = _plain(text)
    if plain in _GRADE or not re.search(r"[0-9]", plain):
        same = target is not None and target.text == plain
        return Reached(word="达成" if same else _GRADE.get(plain, plain))
    if target is None or target.measured is None:
        return Reached(word=text.strip())
    _stated, rest = _sign_of(plain)
    wanted = target.measured
    found = _figure(text, rest, unit, more)
    if found.unit == wanted.unit:
        return Reached(found)
    if found.unit:
        raise TargetFault(
            _("“{text}”的单位与目标的“{unit}”不同").format(
                text=text, unit=wanted.unit or _("无单位")
            ),
            _("两处用同一个单位"),
        )
    return Reached(_in_unit_of(text, found, wanted))


def _in_unit_of(text: str, found: MeasuredFigure, wanted: MeasuredFigure) -> MeasuredFigure:
    """A figure without unit in that of its target. Raises TargetFault where another unit may be meant."""
    if wanted.unit in SHARES and 0 < found.number <= 1 < wanted.number:
        raise TargetFault(
            _("“{text}”是百分数还是几成，看不出来").format(text=text),
            _("写成 {text}% 或换算成百分数").format(text=text),
        )
    if _another_scale(found.number * wanted.factor, wanted):
        raise TargetFault(
            _("“{text}”没有写单位，按目标的单位读相差太远").format(text=text),
            _("写上单位"),
        )
    half = _half(found.number, wanted.unit, wanted.factor)
    return MeasuredFigure(found.number * wanted.factor, half, wanted.unit, wanted.factor)


def _another_scale(number: Decimal, wanted: MeasuredFigure) -> bool:
    """Whether a figure without unit is so far from its target that it may be in another unit: 元 for 万元 or 千元, 9500 for 95%."""
    if not number or not wanted.number or wanted.unit not in ("元", *SHARES):
        return False
    apart = abs(number / wanted.number)
    most = 100 if wanted.unit in SHARES else APART_AT_MOST
    return apart >= most or (wanted.unit == "元" and apart * APART_AT_MOST <= 1)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(_WIDE)).rstrip("。；;")


def _sign_of(text: str) -> tuple[str, str]:
    """The sign that words before or behind a figure say, and the figure without them."""
    before = next(
        ((sign, text[len(word) :]) for word, sign in _BEFORE if text.startswith(word)), None
    )
    sign, rest = before or ("", text)
    for word, means in _AFTER:
        if rest.endswith(word):
            return (means if sign in ("", means) or word in ("以内", "之内") else "?"), rest[
                : -len(word)
            ]
    return sign, rest


def _sign_word(sign: str) -> str:
    """A sign as another cell writes it."""
    plain = _plain(sign)
    if plain in ("", QUALITATIVE):
        return plain
    return next((of for of, every in SIGNS.items() if plain in every), "")


def _range(text: str, found: re.Match[str], unit: str, more: Collection[str]) -> Target:
    least = _figure(text, found[1] + (found[2] or found[4]), unit, more)
    most = _figure(text, found[3] + found[4], unit, more)
    if least.number > most.number or least.unit != most.unit:
        raise _not_read(text)
    low, high = (
        MeasuredFigure(one.number, Decimal(0), one.unit, one.factor) for one in (least, most)
    )
    return Target("区间", low, high)


def _figure(text: str, plain: str, unit: str, more: Collection[str]) -> MeasuredFigure:
    found = _FIGURE.fullmatch(plain)
    if found is None:
        raise _not_read(text)
    word, factor = _unit(found[2] or _plain(unit), more)
    if word is None:
        raise TargetFault(
            _("“{text}”的单位“{unit}”不认识").format(text=text, unit=found[2] or unit),
            _("写成常用的计量单位，或在数据表说明的 units 里加上"),
        )
    number = Decimal(found[1].replace(",", ""))
    return MeasuredFigure(number * factor, _half(number, word, factor), word, factor)


def _unit(word: str, more: Collection[str]) -> tuple[str | None, Decimal]:
    """The plain unit of a word, and what one of it is worth in that."""
    if word in ("", *more):
        return word, Decimal(1)
    if word in SHARES:
        return "%", SHARES[word]
    if word in MONEY:
        return "元", MONEY[word]
    for large, factor in LARGE.items():
        if word.startswith(large) and word[len(large) :] in (*MEASURES, *more, ""):
            return word[len(large) :], factor
    return (word, Decimal(1)) if word in MEASURES else (None, Decimal(1))


def _half(number: Decimal, unit: str, factor: Decimal) -> Decimal:
    """Half of the last printed place; what is counted one by one has no rounding."""
    places = -int(number.as_tuple().exponent)
    if places <= 0 and factor == 1 and unit not in ("%", "元"):
        return Decimal(0)
    return Decimal(1).scaleb(-places) / 2 * factor


def _not_read(text: str) -> TargetFault:
    return TargetFault(
        _("“{text}”读不成目标值").format(text=text), _("写成 ≥95%、=12次、≤30万元 这样")
    )
