"""Some words -> the unit of measure that they are, read whole: our money, a rate, something else, foreign money."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from gouji.intake.finding.unit_words import COUNTED, FOREIGN
from gouji.intake.values.codes import UNSEEN
from gouji.rules import MONEY_UNITS, RATES, UNITS


class Kind(StrEnum):
    """What is stated: a unit of our money, of a rate, of something else, foreign money, or words that nobody can take for one of these."""

    MONEY = "money"
    RATE = "rate"
    OTHER = "other"
    FOREIGN = "foreign"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: the unit as `UNITS` has it where it is money or a rate, and the words it was said in."""

    kind: Kind
    unit: str
    words: str


# Other ways to write a sign of a unit, our money, what may follow a unit.
USUAL_SIGNS = str.maketrans("仟佰拾萬億圆圓幣", "千百十万亿元元币")
_OURS = r"(?:人民币|RMB|CNY|¥|本币)"
_TAIL = r"(?:\((?P<in>[^()]*)\)|,?(?P<out>保留.+|列至.+|精确.+|取整.*|四舍五入.*|下同))?"
_WHOLE = re.compile(
    rf"(?:{_OURS}|\({_OURS}\))?[:/—–-]*\(?(?P<unit>(?:百|千|万|十万|百万|千万|亿)?元)整?\)?{_OURS}?{_TAIL}",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"{_OURS}(?:,?下同)?|保留.+|列至.+|精确.+|取整.*|含?角[、,]?分|[^元角分币万亿千百十镑$€£/%‰]+",
    re.IGNORECASE,
)
_STRANGE = re.compile(
    rf"(?:[十百千万亿]*(?:{'|'.join(map(re.escape, sorted(FOREIGN, key=len, reverse=True)))})|(?:USD|HKD|EUR|JPY|GBP)[十百千万亿]*元?)",
    re.IGNORECASE,
)
# A rate, or the name of our money, behind a stroke: 元/%. A price (元/人) is none of these.
_BESIDE_OURS = re.compile(rf"(?P<unit>[^/]*元)/(?:[%‰]|{_OURS}元?)", re.IGNORECASE)
_LIST = re.compile(r"[、,;和及]")
_OTHERS = frozenset(
    u for u in UNITS if u not in MONEY_UNITS and u not in RATES and u not in ("1", "万")
) | frozenset(COUNTED)
# Nothing but signs that units are written with.
SIGNS_ONLY = re.compile(
    rf"(?:{_OURS}|[元角分毛块万亿千百十零0-9美港欧日英镑币$€£/、,.%‰()])+", re.IGNORECASE
)
_COLONS = str.maketrans(
    {
        **dict.fromkeys("∶︰ː꞉︓", ":"),
        **dict.fromkeys(UNSEEN),
        **dict.fromkeys("“”\"‘’「」『』'`《》<>"),
        "〔": "(",
        "〕": ")",
        **dict(zip("單額計貨幣", "单额计货币", strict=True)),
    }
)
# Marks of notes and ornaments say nothing of a unit.
ORNAMENTS = re.compile(r"[①-⓿❶-➓¹²³*＊※†‡#^_~…]+")
YUAN = re.compile("yuan", re.IGNORECASE)


def spaced_signs(text: str) -> str:
    """One way to write colons, brackets and letters; blanks stay, for they divide what stands in one cell."""
    return (
        unicodedata.normalize("NFKC", text.translate(_COLONS))
        .replace("[", "(")
        .replace("]", ")")
        .replace("【", "(")
        .replace("】", ")")
    )


@lru_cache(maxsize=4096)
def unit_of(words: str) -> Said | None:
    """The unit that some words are, read whole; None where they are no unit.

    >>> unit_of("人民币万元").unit, unit_of("万美元").kind.value, unit_of("元江县财政局")
    ('万元', 'foreign', None)
    """
    text = _in_usual_signs(words)
    if (found := _WHOLE.fullmatch(text)) and (found["in"] is None or _AFTER.fullmatch(found["in"])):
        return Said(Kind.MONEY, found["unit"], words)
    if text in RATES:
        return Said(Kind.RATE, text, words)
    if text in _OTHERS:
        return Said(Kind.OTHER, "", words)
    if _STRANGE.fullmatch(text):
        return Said(Kind.FOREIGN, "", words)
    if found := _BESIDE_OURS.fullmatch(text):
        return unit_of(found["unit"])
    parts = _LIST.split(text)
    if len(parts) > 1 and all(parts):
        return _one_of([unit_of(part) for part in parts], words)
    return None


def _in_usual_signs(words: str) -> str:
    """One way to write a unit: without blanks, ornaments and the brackets around it."""
    text = re.sub(r"\s+", "", spaced_signs(ORNAMENTS.sub("", words))).translate(USUAL_SIGNS)
    text = YUAN.sub("元", text.strip("。.;,、"))
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def _one_of(parts: list[Said | None], words: str) -> Said | None:
    """`万元、人`: each figure in the one of them that fits; of money there may be one only."""
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if foreign := next((p for p in known if p.kind is Kind.FOREIGN), None):
        return Said(Kind.FOREIGN, foreign.unit, words)
    money = {p.unit for p in known if p.kind is Kind.MONEY}
    if len(money) > 1:
        return Said(Kind.UNCLEAR, "", words)
    return Said(Kind.MONEY, money.pop(), words) if money else Said(Kind.OTHER, "", words)


__all__ = [
    "ORNAMENTS",
    "SIGNS_ONLY",
    "USUAL_SIGNS",
    "YUAN",
    "Kind",
    "Said",
    "spaced_signs",
    "unit_of",
]
