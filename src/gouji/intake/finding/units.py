"""What a form prints about its units of measure -> the unit that figures are in, or that it cannot be told; read whole, never by a part of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from gouji.intake.finding.unit_words import COUNTED, FOREIGN, WHOSE
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
_SIGNS = str.maketrans("仟佰拾萬億圆圓", "千百十万亿元元")
_OURS = r"(?:人民币|RMB|CNY|¥|本币)"
_TAIL = r"(?:\((?P<in>[^()]*)\)|,?(?P<out>保留.+|列至.+|精确.+|取整.*|四舍五入.*|下同))?"
_WHOLE = re.compile(
    rf"{_OURS}?[:/—–-]*\(?(?P<unit>(?:百|千|万|十万|百万|千万|亿)?元)整?\)?{_OURS}?{_TAIL}",
    re.IGNORECASE,
)
_AFTER = re.compile(rf"{_OURS}|保留.+|列至.+|精确.+|[^元角分币万亿千百十镑$€£/%‰]+", re.IGNORECASE)
_STRANGE = re.compile(
    rf"(?:[十百千万亿]*(?:{'|'.join(map(re.escape, sorted(FOREIGN, key=len, reverse=True)))})|(?:USD|HKD|EUR|JPY|GBP)[十百千万亿]*元?)",
    re.IGNORECASE,
)
# A rate, or the name of our money, behind a stroke: 元/%. A price (元/人) is none of these.
_BESIDE_OURS = re.compile(rf"(?P<unit>[^/]*元)/(?:[%‰]|{_OURS})", re.IGNORECASE)
_LIST = re.compile(r"[、,;和及]")
_OTHERS = frozenset(
    u for u in UNITS if u not in MONEY_UNITS and u not in RATES and u not in ("1", "万")
) | frozenset(COUNTED)
# Nothing but signs that units are written with.
_SIGNS_ONLY = re.compile(
    rf"(?:{_OURS}|[元角分毛块万亿千百十零0-9美港欧日英镑币$€£/、,.%‰()])+", re.IGNORECASE
)
_ONLY_UNITS = re.compile(r"[元角分万亿千百十美港欧日英镑币$€£/、或和,]+")
_ENDS_IN_MONEY = re.compile(r"(?:元|[千百十]?万|亿|人民币|RMB)$", re.IGNORECASE)
_BEGINS_AS_MONEY = re.compile(r"[十百千万亿]*元[/,、每或(]|[十百千万亿].{0,2}$")
# 千山区, 百色市, 万元村: no unit of money ends so.
_ENDS_AS_PLACE = re.compile(
    r"..(?:[省市区县州旗盟镇乡村寨屯庄局办处所院校站队会委部厅社馆]|街道|中心|本级)$"
)
_COLONS = str.maketrans(
    {
        **dict.fromkeys("∶︰ː꞉︓", ":"),
        **dict.fromkeys(UNSEEN),
        **dict.fromkeys("“”\"‘’「」『』'`《》<>"),
        "〔": "(",
        "〕": ")",
    }
)
# Marks of notes and ornaments say nothing of a unit.
_ORNAMENTS = re.compile(r"[①-⓿❶-➓¹²³*＊※†‡#^_~…]+")
_YUAN = re.compile("yuan", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n\t]")


def _spaced(text: str) -> str:
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
    text = re.sub(r"\s+", "", _spaced(_ORNAMENTS.sub("", words))).translate(_SIGNS)
    text = _YUAN.sub("元", text.strip("。.;,、"))
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
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


_KEY = re.compile(
    r"(?P<strong>(?:金\s*额|计\s*量|货\s*币|计\s*价|记\s*账)\s*单\s*位|币\s*种)|单\s*位|\bunits?\b(?=\s*:)|(?P<amount>金\s*额)\s*(?=:)",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"\s*(?P<mark>(?:均|都|皆|一律|统一|全部)*为?:|(?:均|都|皆|一律|统一|全部)*[为是]|[=;、。.·→—–-]+|\(|\s)?\s*"
)
# 以元为单位, whatever stands before and behind; 以元计.
_AS = re.compile(
    r"以\s*(?P<unit>[^\s,。;:以]{1,10}?)\s*为\s*(?:金\s*额|计\s*量|货\s*币|计\s*价|记\s*账)?\s*单\s*位"
)
_BY = re.compile(
    r"(?:^|[\s(,。;:]|表|内|额|均|据|一律)[以按]\s*(?P<unit>[^\s,。;:以按]{1,8}?)\s*(?:计算|计|列示|列报|填列|填报|填写|反映|表示|编制|编报)"
)


_MAY_STATE = re.compile(r"[币额以按單]|[Uu][Nn][Ii][Tt]")


@lru_cache(maxsize=65536)
def statements(text: str) -> tuple[Said, ...]:
    """What a cell states of units, in its order; it may say other things beside.

    >>> [s.unit for s in statements("编制单位：元江县教育局　　金额单位∶万元")], statements("单位：元江县财政局")
    (['万元'], ())
    """
    if ("单" not in text or "位" not in text) and not _MAY_STATE.search(text):
        return ()
    spaced = _spaced(_ORNAMENTS.sub("", text)).replace("單", "单")
    keys = list(_KEY.finditer(spaced))
    ends = [*(k.start() for k in keys[1:]), len(spaced)][: len(keys)]
    stated = (
        said
        for key, end in zip(keys, ends, strict=True)
        if (said := _stated(spaced, key, end)) is not None
    )
    return (
        *stated,
        *(said for found in _AS.finditer(spaced) if (said := _as(found["unit"])) is not None),
        *(
            said
            for found in _BY.finditer(spaced)
            if (said := unit_of(found["unit"])) is not None
            and said.kind in (Kind.MONEY, Kind.FOREIGN)
        ),
    )


def _as(words: str) -> Said | None:
    """The unit of `以…为单位`."""
    close = words.translate(_SIGNS)
    return unit_of(words) or (
        Said(Kind.UNCLEAR, "", words)
        if _SIGNS_ONLY.fullmatch(close) or _ENDS_IN_MONEY.search(close)
        else None
    )


def _stated(text: str, key: re.Match[str], end: int) -> Said | None:
    """What one word 单位 states, if it speaks of a unit at all."""
    before, strong = text[: key.start()].rstrip(), bool(key["strong"])
    found = _STATED.match(text, key.end())
    mark = ((found["mark"] or "") if found else "").replace("为:", ":")
    value = text[found.end() if found else key.end() : end]
    if mark == "(":
        value, _bracket, more = value.partition(")")
        mark = ":" if unit_of(value) or more.lstrip().startswith(":") else ""
        if unit_of(value) is None:
            return Said(Kind.UNCLEAR, "", value) if strong and mark else None
    # What follows in another place of the cell, or outside the bracket it stands in, is no part of it.
    value = re.split(r"\s{2,}|[\n\t]|[。;]", value.strip())[0]
    value = value if value.count(")") <= value.count("(") else value[: value.rindex(")")]
    value = (
        _BLANKS.sub(" ", value).strip(" ,()（")
        if "(" not in value
        else _BLANKS.sub(" ", value).strip(" ,")
    )
    first = re.split(r"[ ,、]", value)[0]
    said = unit_of(value) or (
        unit_of(first) if first != value and not re.search(r"[元币]", value[len(first) :]) else None
    )
    if key["amount"]:
        alone = not before or not _letter(before[-1])
        return (
            said
            or (
                Said(Kind.UNCLEAR, "", value)
                if _ONLY_UNITS.fullmatch(value.translate(_SIGNS))
                else None
            )
            if alone
            else None
        )
    if mark and mark not in ":( " and not mark.isspace():
        # 单位为元; but 单位为试验县小学.
        return said if strong or not before.endswith(WHOSE) else None
    if key[0].startswith("币"):
        return said if said is not None and said.kind is Kind.FOREIGN else None
    begins = not before or not _letter(before[-1]) or text[key.start() - 1].isspace()
    if not (begins or strong) and (said is None or before.endswith(WHOSE)):
        return None
    if said is not None:
        return said if mark or begins else None
    return _not_understood(value, mark, strong and (begins or mark == ":"))


def _not_understood(value: str, mark: str, strong: bool) -> Said | None:
    """Words behind 单位 that are no unit: somebody's name, or a unit that nobody knows."""
    if not value or not mark:
        return None
    close = _YUAN.sub("元", re.sub(r"\s", "", value).translate(_SIGNS))
    like = (
        len(close) == 1
        or _SIGNS_ONLY.fullmatch(close)
        or (_BEGINS_AS_MONEY.match(close) and not _ENDS_AS_PLACE.search(close))
        or (len(close) <= 6 and _ENDS_IN_MONEY.search(close))
    )
    if (mark == ":" and (like or strong)) or (like and mark and _SIGNS_ONLY.fullmatch(close)):
        return Said(Kind.UNCLEAR, "", value)
    return None


def _letter(sign: str) -> bool:
    return sign.isalnum()


# Marks of notes behind a label: `事业收入①`, `事业收入（注1）`.
MARK_BEHIND = re.compile(
    r"(?<=.)\s*(?:[①-⓿❶-➓*＊※†‡]+|[\[【〔(（]\s*注\s*[0-9一二三四五①-⑳]{0,2}\s*[\]】〕)）])$"
)
_BRACKET = re.compile(r"\((?P<in>[^()]*(?:\([^()]*\))?)\)$")
_BEHIND = re.compile(r"(?<=.)[\s,/:_-]+(?P<in>[^\s,/:_()-]+)$", re.DOTALL)
_WORDS = re.compile(r"[\u4e00-\u9fff]")


@lru_cache(maxsize=65536)
def parted(text: str) -> tuple[str, Said | None]:
    """A label, and the unit behind it: in brackets, or after a blank, a comma or a stroke.

    >>> parted("机关运行经费（元）")[0], parted("决算数 万元")[0], parted("使用非财政拨款结余（含专用结余）")[1]
    ('机关运行经费', '决算数', None)
    """
    spaced = _spaced(MARK_BEHIND.sub("", text.strip())).strip()
    if statements(text) and not spaced.endswith(")"):
        return spaced, None
    if found := _BRACKET.search(spaced):
        inner = re.sub(r"\s", "", found["in"])
        stated = statements(inner)
        said = stated[0] if stated else unit_of(inner)
        if (
            said is None
            and inner
            and inner != "-"
            and _SIGNS_ONLY.fullmatch(inner.translate(_SIGNS))
            and re.search(r"[元万亿千百币镑]", inner)
        ):
            said = Said(Kind.UNCLEAR, "", inner)
        return (spaced[: found.start()].rstrip(), said) if said is not None else (spaced, None)
    if (
        (found := _BEHIND.search(spaced))
        and _WORDS.search(spaced[: found.start()])
        and (said := unit_of(found["in"])) is not None
        and said.kind in (Kind.MONEY, Kind.FOREIGN)
    ):
        return spaced[: found.start()], said
    return spaced, None


def money_behind(name: str) -> Said | None:
    """The unit of money behind a name: `机关运行经费（元）`."""
    said = parted(name)[1] if "元" in name else None
    return (
        said if said is not None and said.kind in (Kind.MONEY, Kind.FOREIGN, Kind.UNCLEAR) else None
    )


_NAMED = re.compile(
    r"(?:表|单位|[\s_·、,:(¥-])(?P<in>(?:人民币)?(?:百|千|万|十万|百万|千万|亿)?元|万?[美港欧日]元)\)?$|^(?P<first>(?:人民币)?(?:百|千|万|十万|百万|千万|亿)?元)[\s_·、,:)-]"
)


@lru_cache(maxsize=4096)
def unit_in_name(name: str) -> Said | None:
    """The unit that the name of a sheet, or a title, ends in: `公开01表(元)`, `公开01表_万元`."""
    behind = parted(name)[1]
    if behind is not None and behind.kind is not Kind.OTHER:
        return behind
    if stated := statements(name):
        return stated[0]
    found = _NAMED.search(_spaced(name).strip().translate(_SIGNS))
    return unit_of(found["in"] or found["first"]) if found else None


def about_units(text: str) -> bool:
    """Whether a text may say something of units: such texts a layout may rest on."""
    return bool(statements(text) or parted(text)[1] or unit_of(text) or asks(text))


def asks(text: str) -> bool:
    """`单位：`, and the unit stands in a cell beside."""
    return _ASKED.fullmatch(_spaced(text).strip()) is not None


_ASKED = re.compile(r"\(?(?:(?:金\s*额|计\s*量|货\s*币|计\s*价|记\s*账)\s*)?单\s*位\s*:?")


# Signs that may stand in their own cell between 单位 and the unit.
COLON_SIGNS = ":：∶ "

__all__ = [
    "COLON_SIGNS",
    "MARK_BEHIND",
    "Kind",
    "Said",
    "about_units",
    "asks",
    "money_behind",
    "parted",
    "statements",
    "unit_in_name",
    "unit_of",
]
