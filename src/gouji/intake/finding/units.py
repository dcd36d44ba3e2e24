"""What a form prints about its units of measure -> the unit that figures are in, or that it cannot be told; read whole, never by a part of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gouji.intake.finding.unit_spelling import (
    ORNAMENTS,
    SIGNS_ONLY,
    USUAL_SIGNS,
    YUAN,
    Kind,
    Said,
    spaced_signs,
    unit_of,
)
from gouji.intake.finding.unit_words import WHOSE

_ONLY_UNITS = re.compile(r"[元角分万亿千百十美港欧日英镑币$€£/、或和,]+")
_ENDS_IN_MONEY = re.compile(r"(?:元|[千百十]?万|亿|人民币|RMB)$", re.IGNORECASE)
_BEGINS_AS_MONEY = re.compile(r"[十百千万亿]*元[/,、每或(为整计以及]|[十百千万亿].{0,2}$")
# 千山区, 百色市, 万元村: no unit of money ends so.
_ENDS_AS_PLACE = re.compile(
    r"..(?:[省市区县州旗盟镇乡村寨屯庄局办处所院校站队会委部厅社馆]|街道|中心|本级)$"
)
# Letters and signs of money without a number are nobody's name, nor are words that put the answer off.
_NO_NAME = re.compile(r"[A-Za-z$€£¥.,'’/-]+|不详|不明|待定|未定|同[上左前]|[见详]\S+")
# Where the words behind 单位 end: another place of the cell, another sentence, the number of the page.
_ENDS = re.compile(r"\s{2,}|[\n\t]|[。;]|第\s*[0-9]+\s*页")
_BLANKS = re.compile(r"[^\S\n\t]")
# A semicolon between two units does not make the second a separate sentence.
_LISTED_UNITS = re.compile(r"(?<=元)\s*;\s*(?=[十百千万亿美港欧]*元(?:[;。,\s]|$))")
_KEY = re.compile(
    r"(?P<strong>(?:金\s*额|计\s*量|货\s*币|计\s*价|记\s*账)\s*单\s*位|币\s*种)|单\s*位|\bunits?\b(?=\s*:)|(?P<amount>金\s*额)\s*(?=:)",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"\s*(?P<mark>(?:均|都|皆|一律|统一|全部)*为?:|(?:均|都|皆|一律|统一|全部)*[为是]|[=;、。.·→|—–-]+|\(|\s)?\s*"
)
# 以元为单位, whatever stands before and behind; 以元计.
_AS = re.compile(
    r"以\s*(?P<unit>[^\s,。;:以]{1,10}?)\s*为\s*(?:金\s*额|计\s*量|货\s*币|计\s*价|记\s*账)?\s*单\s*位"
)
_BY = re.compile(
    r"(?:^|[\s(,。;:]|表|内|额|均|据|一律)[以按]\s*(?P<unit>[^\s,。;:以按]{1,8}?)\s*(?:计算|计|列示|列报|填列|填报|填写|反映|表示|编制|编报)"
    # 以下金额均为元, 表内数据都是元.
    r"|(?:金\s*额|数\s*[据字值额]|[表以][内中下上])\s*(?:均|都|皆|一律|统一|全部)\s*[为是]\s*(?P<all>[^\s,。;:()]{1,8})"
)


_MAY_STATE = re.compile(r"[币额以按單額]|[均都皆律一部][为是]|[Uu][Nn][Ii][Tt]")


@lru_cache(maxsize=65536)
def statements(text: str) -> tuple[Said, ...]:
    """What a cell states of units, in its order; it may say other things beside.

    >>> [s.unit for s in statements("编制单位：元江县教育局　　金额单位∶万元")], statements("单位：元江县财政局")
    (['万元'], ())
    """
    if ("单" not in text or "位" not in text) and not _MAY_STATE.search(text):
        return ()
    spaced = spaced_signs(ORNAMENTS.sub("", text))
    keys = list(_KEY.finditer(spaced))
    ends = [*(k.start() for k in keys[1:]), len(spaced)][: len(keys)]
    stated = (
        said
        for key, end in zip(keys, ends, strict=True)
        if (said := _stated(_Key(key), end)) is not None
    )
    return (
        *stated,
        *(said for found in _AS.finditer(spaced) if (said := _as(found["unit"])) is not None),
        *(said for found in _BY.finditer(spaced) if (said := _by(found)) is not None),
    )


def _by(found: re.Match[str]) -> Said | None:
    """The unit of `以…列示`, `金额均为…`: of money only."""
    said = unit_of(found["unit"] or found["all"])
    return said if said is not None and said.kind in (Kind.MONEY, Kind.FOREIGN) else None


def _as(words: str) -> Said | None:
    """The unit of `以…为单位`."""
    close = words.translate(USUAL_SIGNS)
    return unit_of(words) or (
        Said(Kind.UNCLEAR, "", words)
        if SIGNS_ONLY.fullmatch(close) or _ENDS_IN_MONEY.search(close)
        else None
    )


@dataclass(frozen=True, slots=True)
class _Key:
    """A word like 单位 in a text, and what stands around it."""

    found: re.Match[str]

    @property
    def before(self) -> str:
        """The words before it."""
        return self.found.string[: self.found.start()].rstrip()

    @property
    def strong(self) -> bool:
        """Whether it speaks of units and nothing else: 金额单位, 币种."""
        return bool(self.found["strong"])

    @property
    def alone(self) -> bool:
        """Whether no word stands before it."""
        return not self.before or not self.before[-1].isalnum()

    @property
    def begins(self) -> bool:
        """Whether it begins a separate text."""
        return self.alone or self.found.string[self.found.start() - 1].isspace()

    def behind(self, end: int) -> tuple[str, str]:
        """The sign behind it, and what follows up to the end."""
        found = _STATED.match(self.found.string, self.found.end())
        mark = ((found["mark"] or "") if found else "").replace("为:", ":")
        return mark, self.found.string[found.end() if found else self.found.end() : end]


def _stated(key: _Key, end: int) -> Said | None:
    """What one word 单位 states, if it speaks of a unit at all."""
    mark, value = key.behind(end)
    if mark == "(":
        value, _bracket, more = value.partition(")")
        mark = ":" if unit_of(value) or more.lstrip().startswith(":") else ""
        if unit_of(value) is None:
            return Said(Kind.UNCLEAR, "", value) if key.strong and mark else None
    value = _in_one_place(value)
    said = _first_unit(value)
    if key.found["amount"]:
        return _of_amount(value, said) if key.alone else None
    if mark and mark not in ":( " and not mark.isspace():
        # 单位为元; but 单位为试验县小学.
        return said if key.strong or not key.before.endswith(WHOSE) else None
    if key.found[0].startswith("币"):
        return said if said is not None and said.kind is Kind.FOREIGN else None
    if not (key.begins or key.strong) and (said is None or key.before.endswith(WHOSE)):
        return None
    if said is not None:
        return said if mark or key.begins else None
    return _not_understood(value, mark, key.strong and (key.begins or mark == ":"))


def _in_one_place(value: str) -> str:
    """What follows 单位, without what stands in another place of the cell or outside the bracket that the word stands in."""
    value = _ENDS.split(_LISTED_UNITS.sub("、", value.strip()))[0]
    value = value if value.count(")") <= value.count("(") else value[: value.rindex(")")]
    return _BLANKS.sub(" ", value).strip(" ,()（" if "(" not in value else " ,")


def _first_unit(value: str) -> Said | None:
    """The unit that some words are, or that stands before others which speak of no money."""
    if (said := unit_of(value)) is not None:
        return said
    first = re.split(r"[ ,、]", value)[0]
    if (said := _name_or_unit(first, value[len(first) :])) is not None:
        return said
    more = value[len(first) :]
    alone = bool(more) and (not re.search(r"[元币]", more) or _ENDS_AS_PLACE.search(more))
    return unit_of(first) if alone else _spaced_unit(value)


def _name_or_unit(first: str, more: str) -> Said | None:
    """`元 江县财政局`: the first sign of somebody's name set apart from the rest, or a unit and then somebody; nobody can tell."""
    if first == "元" and more.startswith(" ") and _ENDS_AS_PLACE.search(first + more.strip()):
        return Said(Kind.UNCLEAR, "", first + more)
    return None


def _spaced_unit(value: str) -> Said | None:
    """A unit set with a blank in it, before words that speak of no money: `万 元 2023年度`; but 万 元 村委会 is a name."""
    pieces = value.split(" ")
    if _ENDS_AS_PLACE.search("".join(pieces)):
        return None
    for end in range(2, len(pieces)):
        said = unit_of("".join(pieces[:end]))
        if said is not None and not re.search(r"[元币]", "".join(pieces[end:])):
            return said
    return None


def _of_amount(value: str, said: Said | None) -> Said | None:
    """What `金额:` states: a unit, or signs of units that are none; else it asks for an amount."""
    if said is None and _ONLY_UNITS.fullmatch(value.translate(USUAL_SIGNS)):
        return Said(Kind.UNCLEAR, "", value)
    return said


def _not_understood(value: str, mark: str, strong: bool) -> Said | None:
    """Words behind 单位 that are no unit: somebody's name, or a unit that nobody knows."""
    if not value or not mark:
        return None
    packed = re.sub(r"\s", "", value)
    close = YUAN.sub("元", packed.translate(USUAL_SIGNS))
    like = (
        len(close) == 1
        or _NO_NAME.fullmatch(packed)
        or SIGNS_ONLY.fullmatch(close)
        or (_BEGINS_AS_MONEY.match(close) and not _ENDS_AS_PLACE.search(close))
        or (len(close) <= 6 and _ENDS_IN_MONEY.search(close))
    )
    if (mark == ":" and (like or strong)) or (like and mark and SIGNS_ONLY.fullmatch(close)):
        return Said(Kind.UNCLEAR, "", value)
    return None


# Marks of notes behind a label: `事业收入①`, `事业收入（注1）`.
MARK_BEHIND = re.compile(
    r"(?<=.)\s*(?:[①-⓿❶-➓*＊※†‡]+|[\[【〔(（]\s*注\s*[0-9一二三四五①-⑳]{0,2}\s*[\]】〕)）]"
    r"|\[[0-9]{1,2}\]|\s注[0-9]{1,2})$"
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
    spaced = spaced_signs(MARK_BEHIND.sub("", text.strip())).strip()
    if statements(text) and not spaced.endswith(")"):
        return spaced, None
    if found := _BRACKET.search(spaced):
        said = _in_brackets(re.sub(r"\s", "", found["in"]))
        return (spaced[: found.start()].rstrip(), said) if said is not None else (spaced, None)
    if (found := _BEHIND.search(spaced)) and _WORDS.search(spaced[: found.start()]):
        said = unit_of(found["in"])
        if said is not None and said.kind in (Kind.MONEY, Kind.FOREIGN):
            return spaced[: found.start()], said
    return spaced, None


def _in_brackets(inner: str) -> Said | None:
    """The unit that stands in brackets behind a label."""
    stated = statements(inner)
    said = stated[0] if stated else unit_of(inner)
    signs = inner != "-" and SIGNS_ONLY.fullmatch(inner.translate(USUAL_SIGNS))
    if said is None and signs and re.search(r"[元万亿千百币镑]", inner):
        return Said(Kind.UNCLEAR, "", inner)
    return said


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
    found = _NAMED.search(spaced_signs(name).strip().translate(USUAL_SIGNS))
    return unit_of(found["in"] or found["first"]) if found else None


def about_units(text: str) -> bool:
    """Whether a text may say something of units: such texts a layout may rest on."""
    return bool(statements(text) or alone(text) or asks(text))


def alone(text: str) -> Said | None:
    """The unit that a text of the head is, or that stands behind it, or in its own place in the cell: `元`, `决算表（元）`, `元    2023年`."""
    parts = re.split(r"\s{2,}", text.strip())
    found = unit_of(text) or parted(text)[1]
    return found or next((said for part in parts if (said := unit_of(part)) is not None), None)


def asks(text: str) -> bool:
    """`单位：`, and the unit stands in a cell beside."""
    return _ASKED.fullmatch(spaced_signs(text).strip()) is not None


_ASKED = re.compile(r"\(?(?:(?:金\s*额|计\s*量|货\s*币|计\s*价|记\s*账)\s*)?单\s*位\s*:?")


# Signs that may stand in their own cell between 单位 and the unit.
COLON_SIGNS = ":：∶ "

__all__ = [
    "COLON_SIGNS",
    "MARK_BEHIND",
    "about_units",
    "alone",
    "asks",
    "money_behind",
    "parted",
    "statements",
    "unit_in_name",
]
