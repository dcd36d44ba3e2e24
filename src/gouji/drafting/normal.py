"""A clause as printed -> its normal form: one way of writing for signs, dashes, numbers and small words. Knows no meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMERAL = "[零一二三四五六七八九十两]"
_SHARE = re.compile(rf"百分之({_NUMERAL}+(?:点{_NUMERAL}+)?|百)")
_FIGURE, _UNIT = r"\d+(?:\.\d+)?", r"(?:%|万元|亿元|元|万|分|天|日|个?[\u4e00-\u9fff])?"
_BOTH_ENDS = re.compile(
    rf"(?<![\d.])(?P<a>{_FIGURE})(?P<au>{_UNIT})-(?P<b>{_FIGURE})(?P<bu>{_UNIT})"
    rf"[(](?P<in>不?含)(?P<c>{_FIGURE}){_UNIT}[)]"
)
_ONE_END = re.compile(
    rf"(?<![\d.])(?P<a>{_FIGURE})(?P<behind>{_UNIT}(?:及?以上|及?以下|以内)?)"
    rf"[(](?P<in>不?含)(?P=a){_UNIT}[)]"
)
# 一 before these is a word's part, not a count: 统一项目, 第一项.
_WORDS_WITH_ONE = "统同第唯逐进任另单"


def normal_form(text: str, characters: Mapping[str, str], counters: Sequence[str]) -> str:
    """Clauses that differ only in how they are typed come out alike.

    >>> normal_form("人员控制率≦１００％，得１分；每超过一个百分点扣０. ２分。", {"≦": "≤"}, ("项",))
    '人员控制率≤100%,得1分;每超过1个百分点扣0.2分。'
    """
    made = "".join(
        c if c in CIRCLED else unicodedata.normalize("NFKC", c) for c in text.replace("\r", "\n")
    )
    made = "".join(characters.get(c, c) for c in made)
    made = re.sub(r"\n+(?=\s*(?:[①-⑳]|\(?\d{1,2}[.、)]|[一二三四五六七八九]、))", "§", made)
    # A line that ends with points ends a sentence.
    made = re.sub(r"(?<=[分])[ \t]*\n\s*(?=[^\s,;。、)])", ";", made)
    made = re.sub(r"\s+", "", made).replace("§", "\n")
    made = made.replace("“", "").replace("”", "").replace("，", ",").replace("；", ";")
    made = re.sub(r"-{2,}", "-", made)
    made = re.sub(r"(?<=[\d%)])(?:到|至)(?=\d)", "-", made)
    made = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", made)
    made = _SHARE.sub(lambda m: f"{_number(m[1])}%", made)
    made = re.sub(r"(?<=[\d)%])[xX](?=\d)", "×", made)
    made = re.sub(r"零分", "0分", made)
    made = re.sub(r"半分(?!析|布|类|散|开|数)", "0.5分", made)
    made = _counted(_by_the_piece(made, counters), counters)
    made = re.sub(r"(\d)个?百分点", r"\1个百分点", made)
    made = re.sub(r"每个?百分点", "每1个百分点", made)
    return _told_end(re.sub(r"\((含|不含)(?:本数|该值|本级)?\)", r"(\1)", made))


def _by_the_piece(text: str, counters: Sequence[str]) -> str:
    """扣1分/次 -> 每次扣1分."""
    units = "|".join(map(re.escape, sorted(counters, key=len, reverse=True)))
    pattern = rf"([扣减])({_FIGURE})分[/／]({units})(?![\u4e00-\u9fff])"
    return re.sub(pattern, r"每\3\1\2分", text)


def _told_end(text: str) -> str:
    """80%-90%(含80%) -> 80%(含)-90%, 10万元以上(含10万) -> 10万元以上(含): which end 含 speaks of is said by its figure."""
    return _ONE_END.sub(r"\g<a>\g<behind>(\g<in>)", _BOTH_ENDS.sub(_at_its_end, text))


def _at_its_end(found: re.Match[str]) -> str:
    low, high = (f"{found[end]}{found[end + 'u']}" for end in "ab")
    told = f"({found['in']})"
    match found["c"]:
        case c if c == found["a"]:
            return f"{low}{told}-{high}"
        case c if c == found["b"]:
            return f"{low}-{high}{told}"
        case _:
            return found[0]


def _counted(text: str, counters: Sequence[str]) -> str:
    """一例, 两次 -> 1例, 2次; and 一个百分点 -> 1个百分点, 三分 after 得 or 扣."""
    units = "|".join(map(re.escape, sorted(counters, key=len, reverse=True)))
    made = re.sub(
        rf"(?<![{_WORDS_WITH_ONE}{_NUMERAL[1:-1]}])({_NUMERAL}{{1,3}})(?=个?百分点|个工作日|个月|(?:{units})(?!性|般|致|定|体|律))",
        lambda m: str(_number(m[1])),
        text,
    )
    return re.sub(
        rf"(?<=[得计扣记给])({_NUMERAL}{{1,3}})(?=分(?![析布类散开]))",
        lambda m: str(_number(m[1])),
        made,
    )


def _number(numeral: str) -> str:
    """A Chinese numeral below a thousand, or with 点, in digits."""
    if numeral == "百":
        return "100"
    whole, _point, places = numeral.partition("点")
    if "十" in whole:
        tens, _ten, ones = whole.partition("十")
        made = str((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0))
    else:
        made = "".join(str(_DIGITS[c]) for c in whole)
    return made + ("." + "".join(str(_DIGITS[c]) for c in places) if places else "")
