"""A paragraph -> its figures (mentions), and the paragraph with one sign in the place of each. Every digit belongs to a mention.

The sign says what kind of figure stands there, so that a pattern reads like the sentence: «A» an amount, «P» a percentage, «T» percentage
points, «N» a number of things, «Y» a year, «D» a date, «M» a figure that names and does not count (文号, 编号, 时间, 标准).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from functools import lru_cache

ZERO = Fraction(0)


class MentionKind(Enum):
    """What a figure is; the value is the sign that stands for it."""

    AMOUNT = "\ue001"
    RATE = "\ue002"
    POINTS = "\ue003"
    COUNT = "\ue004"
    YEAR = "\ue005"
    DATE = "\ue006"
    MARK = "\ue007"


SIGN_OF = {
    "A": MentionKind.AMOUNT,
    "P": MentionKind.RATE,
    "T": MentionKind.POINTS,
    "N": MentionKind.COUNT,
    "Y": MentionKind.YEAR,
    "D": MentionKind.DATE,
    "M": MentionKind.MARK,
}
SIGNS = "".join(kind.value for kind in MentionKind)
MONEY = {
    "万亿元": 10**12,
    "亿元": 10**8,
    "千万元": 10**7,
    "百万元": 10**6,
    "十万元": 10**5,
    "万元": 10**4,
    "千元": 1000,
    "百元": 100,
    "元": 1,
}
_MANY = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100}
# What things are counted in. What is counted in another word has a unit of one character.
COUNTED_IN = [
    "万平方米",
    "平方公里",
    "平方千米",
    "平方米",
    "立方米",
    "人次",
    "批次",
    "户次",
    "车次",
    "场次",
    "辆次",
    "架次",
    "件次",
    "人天",
    "课时",
    "学时",
    "小时",
    "分钟",
    "工作日",
    "公里",
    "千米",
    "公顷",
    "公斤",
    "千克",
    "个月",
    "台套",
    "台次",
    "个",
    "名",
    "人",
    "户",
    "家",
    "件",
    "起",
    "宗",
    "例",
    "辆",
    "台",
    "套",
    "次",
    "项",
    "份",
    "册",
    "期",
    "条",
    "块",
    "亩",
    "米",
    "吨",
    "只",
    "头",
    "株",
    "棵",
    "处",
    "座",
    "所",
    "间",
    "场",
    "批",
    "篇",
    "部",
    "张",
    "位",
    "天",
    "岁",
    "支",
    "把",
    "组",
    "类",
    "级",
    "分",
    "页",
    "字",
    "盏",
    "根",
    "棚",
    "艘",
    "艇",
    "架",
    "幅",
    "枚",
    "对",
    "双",
    "副",
    "门",
    "院",
    "村",
    "栋",
    "幢",
    "层",
    "站",
    "班",
    "队",
    "节",
    "讲",
    "轮",
    "届",
    "口",
    "眼",
    "片",
    "段",
    "度",
    "倍",
    "票",
    "笔",
    "单",
    "万",
]
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_CN = "零〇一二三四五六七八九"
_FIGURE = re.compile(
    rf"""
    # No figure begins with another sign: where one cannot begin, nothing more is tried.
    (?=[-+0-9第百\[(〔【“"])
    (?: (?P<name>[\[(〔【][0-9]{{4}}[\])〕】](?:第)?[0-9]+号 | 第[0-9]+(?=[条款项章号次届批期位名个页节部轮]) | [0-9]{{1,3}}号(?=文|令|通知))
  | (?P<head>(?:(?<=^)|(?<=[。;:!?|]))[0-9]{{1,2}}[.、)](?![0-9]) | (?<=\()[0-9]{{1,2}}(?=\)))
  | (?P<date>[0-9]{{4}}年[0-9]{{1,2}}(?:-[0-9]{{1,2}})?月(?:[0-9]{{1,2}}日)?份?[初底末]? | [0-9]{{4}}[./-][0-9]{{1,2}}[./-][0-9]{{1,2}}(?![0-9.])
      | (?<![0-9.])[0-9]{{1,2}}(?:-[0-9]{{1,2}})?月(?:[0-9]{{1,2}}日)?份?[初底末]? | (?<![0-9.])[0-9]{{1,2}}日(?=[前止起]) )
  | (?P<year>(?:19|20)[0-9]{{2}}年?[-~至](?:19|20)[0-9]{{2}}年度? | (?:19|20)[0-9]{{2}}年度?[初底末]? | (?<=[-~至])(?:19|20)[0-9]{{2}}(?![0-9.,]) | (?<![0-9.,])(?:19|20)[0-9]{{2}}(?=[全我本][省市县区州镇乡国校院]) )
  | (?P<time>[0-9]{{1,2}}:[0-9]{{2}}(?:[-~]+[0-9]{{1,2}}:[0-9]{{2}})?)
  | (?P<code>(?<![0-9.,])[0-9]{{7,}}(?![0-9.,]|[亿万千百]?元|[个名人户家件起%]) | [“"][0-9]{{5,}}[”"] | (?<![0-9.])(?<![0-9],)(?:1[02-9][0-9]|12[0-9]{{3}}|9[56][0-9]{{3}})(?=[公热举投]))
  | (?P<share>百分之(?P<cn>[{_CN}十百点]+))
  | (?P<sign>(?<![-0-9A-Za-z)~%‰元人个项家件起次辆])[-+])?(?P<number>{_NUMBER})
    (?:(?P<points>个?百分点) | (?P<rate>[%‰]) | (?P<almost>余|多|来)?(?P<money>[亿万千百](?:余|多|来)元|万亿元|亿元|千万元|百万元|十万元|万元|千元|百元|元)
      | (?P<many>[亿万千百])?(?P<almost2>余|多|来)?(?P<unit>{"|".join(COUNTED_IN)})?))
    """,
    re.VERBOSE,
)
_LIMIT = re.compile(r"\(?含\)?以[上下内]|以[上下内](?!领导)|\(含\)")
_STANDARD = re.compile(
    r"(?:单价|突破|每[人次天户]?|标准|不低于|不超过|不少于|不高于|高于|低于|(?<!分别)(?<!比重)达到|[≥≤>＜<≧≦=])$"
)
_ABOUT = re.compile(r"(?:约|近|大约|逾|超过|超)$")
LONGEST = 30
# What stands between a bare number and the amount whose unit it shares.
SHARING = (",", "、", "和", "增加", "减少", "增加了", "减少了", "增长", "下降")
# Last year's figure before this year's: 上年2709.16,本年2845.20元. What may stand behind a number of 亿 whose 元 was left out.
_YEAR_SHARING = re.compile(r"[,、;](?:本年|当年|今年|上年|去年|本期|上期)(?:度|为|的|数|是)*")
# What stands before it: it is what the amount is held against. 常住人口12.5万,投入1.2万元 are people.
_HELD_AGAINST = re.compile(
    "(?:上年|去年|前年|同期|预算|年初|计划|目标)(?:度|同期|数|的|为|是)*\\Z|[由从]\\Z"
)
_NO_YUAN = re.compile(r"[,;。、)]|[增减下上占和与]|\Z")


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure of a text: its exact value (元, shares of 1, things) and half of its last printed place, as printed, where it stands.

    `unit` is the printed unit, of a MARK what it names; `about`: the text says that it is rounded further (约, 余). `paragraph` and `at` are
    the paragraph and the place in its plain text, `sign` the place of its sign in the masked text.
    """

    kind: MentionKind
    value: Fraction
    half: Fraction
    unit: str
    printed: str
    paragraph: int
    at: int
    sign: int
    about: bool = False

    @property
    def low(self) -> Fraction:
        """Least figure that is printed like this."""
        return self.value - self.half

    @property
    def high(self) -> Fraction:
        """Greatest figure that is printed like this."""
        return self.value + self.half


@dataclass(frozen=True, slots=True)
class MaskedParagraph:
    """A paragraph with a sign for every figure, and the figures in order."""

    text: str
    mentions: tuple[Mention, ...]


def counted_alike(one: Mention, other: Mention) -> bool:
    """Whether two figures may be compared or added up: money with money, counts of the same (批 with 批)."""
    return one.kind is other.kind and (one.kind is MentionKind.AMOUNT or one.unit == other.unit)


def masked(text: str, paragraph: int) -> MaskedParagraph:
    """Plain text of a paragraph -> its mentions and the text with their signs."""
    parts, made, last, length = list[str](), list[Mention](), 0, 0
    for found in _FIGURE.finditer(text):
        before = text[last : found.start()]
        length += len(before)
        mention = _mention(found, text, paragraph, length)
        parts += [before, mention.kind.value]
        made.append(mention)
        last, length = found.end(), length + 1
    return _shared_units(MaskedParagraph("".join([*parts, text[last:]]), tuple(made)), text)


def _shared_units(found: MaskedParagraph, text: str) -> MaskedParagraph:
    """A bare number with nothing but a comma before an amount is one in the same unit (`4125.49,4143.91万元`); so is one whose 元 was left out (3.94亿元,比上年的3.92亿)."""
    made, signs = list(found.mentions), list(found.text)
    for at in range(len(made) - 1, -1, -1):
        one = made[at]
        if one.kind is not MentionKind.COUNT:
            continue
        changed = _in_unit_behind(one, made[at + 1 : at + 2], text)
        if changed is one:
            changed = _without_yuan(one, (*made[at + 1 : at + 2], *made[max(0, at - 1) : at]), text)
        made[at], signs[one.sign] = changed, changed.kind.value
    return MaskedParagraph("".join(signs), tuple(made))


def _in_unit_behind(one: Mention, behind: Sequence[Mention], text: str) -> Mention:
    """A number in the unit of the figure right behind it, where the words between them say so."""
    if one.unit or not one.printed[-1].isdigit() or "." not in one.printed or not behind:
        return one
    (after,) = behind
    between = text[one.at + len(one.printed) : after.at]
    if after.kind not in (MentionKind.AMOUNT, MentionKind.RATE) or not (
        between in SHARING or _YEAR_SHARING.fullmatch(between)
    ):
        return one
    money = after.kind is MentionKind.AMOUNT
    factor = Fraction(MONEY.get(after.unit, 1)) if money else Fraction(1, 100)
    value, half = one.value * factor, one.half * factor
    return replace(one, kind=after.kind, unit=after.unit, value=value, half=half)


def _without_yuan(one: Mention, beside: Sequence[Mention], text: str) -> Mention:
    """A number of 亿 or 万 next to an amount of so many 亿元 or 万元, that the amount is held against, with no word for things after it."""
    unit = f"{one.printed[-1:]}元"
    alike = any(m.kind is MentionKind.AMOUNT and m.unit == unit for m in beside)
    behind = text[one.at + len(one.printed) :][:1]
    held = _HELD_AGAINST.search(text[: one.at]) is not None and _NO_YUAN.match(behind) is not None
    if one.printed[-1:] not in _MANY or not alike or not held:
        return one
    return replace(one, kind=MentionKind.AMOUNT, unit=unit)


def _mention(found: re.Match[str], text: str, paragraph: int, sign: int) -> Mention:
    kind, unit = _named(found)
    if kind is None:
        return _figure(found, text, paragraph, sign)
    digits = re.sub("[^0-9]", "", found[0])
    value = Fraction(int(digits[:4])) if kind is MentionKind.YEAR and digits else ZERO
    if found["cn"]:
        value = _chinese(found["cn"]) / 100
        return Mention(kind, value, ZERO, "%", found[0], paragraph, found.start(), sign)
    return Mention(kind, value, ZERO, unit, found[0], paragraph, found.start(), sign)


def _named(found: re.Match[str]) -> tuple[MentionKind | None, str]:
    """The kind of a figure that is none that counts."""
    match found.lastgroup:
        case "name" | "head" | "time" | "code":
            return MentionKind.MARK, ""
        case "date":
            return MentionKind.DATE, ""
        case "year":
            return MentionKind.YEAR, ""
        case "share":
            return MentionKind.RATE, ""
    return None, ""


def _figure(found: re.Match[str], text: str, paragraph: int, sign: int) -> Mention:
    printed = found["number"].replace(",", "")
    before, after = text[max(0, found.start() - 8) : found.start()], text[found.end() :][:6]
    inside = found["money"] not in (None, *MONEY)
    about = bool(found["almost"] or found["almost2"] or inside or _ABOUT.search(before))
    kind, unit, factor = _scale(found)
    if len(printed) > LONGEST:
        kind, unit = MentionKind.MARK, ""
        printed = "0"
    elif _LIMIT.match(after) or _STANDARD.search(before):
        kind = MentionKind.MARK
    places = len(printed.partition(".")[2])
    value, half = _exact(printed, places, factor), _half(factor, places)
    if value == 0 and not places:
        # Nothing at all, however it is printed: `0万元` is not a sum below half a 万元.
        half = ZERO
    if kind is MentionKind.COUNT and not places and factor == 1:
        half = ZERO
    if found["sign"] == "-":
        value = -value
    return Mention(kind, value, half, unit, found[0], paragraph, found.start(), sign, about)


def _exact(printed: str, places: int, factor: Fraction) -> Fraction:
    """A number as printed, with so many places, times a factor."""
    number = int(printed.replace(".", "")) * factor.numerator
    return Fraction(number, 10**places * factor.denominator)


@lru_cache(maxsize=256)
def _half(factor: Fraction, places: int) -> Fraction:
    """Half of the last of so many places, times a factor."""
    return Fraction(factor.numerator, 2 * 10**places * factor.denominator)


def _scale(found: re.Match[str]) -> tuple[MentionKind, str, Fraction]:
    if found["points"]:
        return MentionKind.POINTS, "百分点", Fraction(1, 100)
    if found["rate"]:
        return MentionKind.RATE, found["rate"], Fraction(1, 100 if found["rate"] == "%" else 1000)
    if found["money"]:
        # 5.65亿多元: the word that it is no whole number stands within the unit.
        money = re.sub("[余多来]", "", found["money"])
        return MentionKind.AMOUNT, money, Fraction(MONEY[money])
    unit, many = found["unit"] or "", found["many"] or ""
    factor = Fraction(_MANY[many] if many else 1)
    if unit == "万平方米":
        return MentionKind.COUNT, "平方米", factor * 10**4
    return MentionKind.COUNT, unit, factor


def _chinese(text: str) -> Fraction:
    """百分之二十五点五 -> 25.5."""
    whole, _point, rest = text.partition("点")
    if "百" in whole:
        number = 100
    elif "十" in whole:
        tens, _ten, ones = whole.partition("十")
        number = 10 * (_CN.index(tens) - 1 if tens else 1) + (_CN.index(ones) - 1 if ones else 0)
    else:
        number = max(_CN.index(whole[-1]) - 1, 0) if whole else 0
    digits = "".join(str(max(_CN.index(c) - 1, 0)) for c in rest if c in _CN)
    return Fraction(number) + (Fraction(int(digits), 10 ** len(digits)) if digits else ZERO)


__all__ = [
    "SIGNS",
    "SIGN_OF",
    "MaskedParagraph",
    "Mention",
    "MentionKind",
    "counted_alike",
    "masked",
]
