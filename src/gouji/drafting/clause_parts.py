"""A clause in normal form -> what stands before a list, its points, and what stands behind them. Also sentences that are formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gouji.drafting.clause_grammar import NUMBER
from gouji.drafting.normal import CIRCLED

_STYLES = (
    re.compile(f"([{CIRCLED}])[、.:]?"),
    re.compile(r"[(](\d{1,2})[)](?!%)[、.]?"),
    re.compile(r"(?<![\d.(])(\d{1,2})[)](?!%)"),
    re.compile(r"(?<![\d.%-])(\d{1,2})[.、](?!\d)"),
    re.compile(r"(?<![第十])([一二三四五六七八九])是"),
    re.compile(r"(?:^|(?<=[\n。;]))([一二三四五六七八九])、"),
    re.compile(r"[(]([一二三四五六七八九])[)]"),
)
# Sentences that speak of all points together.
_TOGETHER = re.compile(
    r"[。;\n,](?=以上|上述|每项|每条|每点|每个要点|每1项|各项|各占|全部|均|否则|扣完|三点|四点|五点|满足|其中1项|任1项|每[少缺]1[项条点])"
    r"|(?=[(]每[项条点]各?\d)|(?=其中(?:有|任)?1[项条点])|[。;\n](?=没有不得分|没有的不得分|每满足|每符合|每具备|每达到|每做到|每完成|每出现|每发现|每有|每缺|每少|每1[例处个]|有1[项例处条个]|出现1|发现1|1项不|1[例处条]不|缺1项|少1项)"
)
_DEFINITION = re.compile(
    r"(?:^|(?<=[。;\n,]))[^。;\n,=≤≥<>]{1,40}=[^。;\n,=≤≥<>]*[\u4e00-\u9fff)\]][)\]]*[/÷][(\[]*[\u4e00-\u9fff][^。;\n,]*[。;,\n]?"
)

_SCORED = re.compile(
    rf"得分[(:]*=[(\[]*(?P<name>[^=/÷×()\[\]]+)[/÷](?P<full>{NUMBER})[)\]]*×(?P<points>{NUMBER})(?:分(?!值)|$|(?=[。;,]))[)]*"
)
_SHARED = re.compile(
    rf"得分[(:]*=[(\[]*(?P<name>[^=×()\[\]]+[率比例度])[)\]]*×(?:(?P<points>{NUMBER})(?:分(?!值))?|(?:该项|本项|指标|此项)?(?:分值|权重|标准分|满分|权数)(?:分值?)?)(?=$|[。;,)])"
)
_QUOTIENT = re.compile(
    r"得分[(:]*=[(\[]*(?P<name>[^=×()\[\]/÷。;,\d]+[/÷][^=×()\[\]/÷。;,\d]+)[)\]]*(?:×100%)?[)\]]*×"
    r"(?:该项|本项|该指标|指标|此项)?(?:分值|权重|标准分|满分|权数)(?:分值?)?(?=$|[。;,)])"
)
_SHARED_FIRST = re.compile(
    rf"得分[(:]*=(?:该项|本项|指标|此项)?(?:(?:分值|权重|标准分|满分)(?:分值?)?(?:[(](?P<points>{NUMBER})分?[)])?)×(?P<name>[^=×/÷]+[率比例度])(?=$|[。;,)])"
)
# Without 得分=, at the beginning of a sentence: 执行率×10分, 完成数/计划数×10分.
_UNSAID = re.compile(
    rf"(?:得分[(:]*=|^|(?<=[。;,\n:]))[(\[]*(?P<name>[^=×()\[\]/÷。;,:\d]+(?:[率比例度]|[/÷][^=×()\[\]/÷。;,:\d]+))[)\]]*(?:×100%)?[)\]]*"
    rf"×(?:(?P<points>{NUMBER})(?:分(?!值))?|(?:该项|本项|该指标|指标|此项)?(?:分值|权重|标准分|满分|权数|权重分)(?:分值?)?)(?=$|[。;,)])"
)
_NAMED = re.compile("“[^“”]*”(?=的|制)")
_NAMES = re.compile(r"[、和及]")


@dataclass(frozen=True, slots=True)
class NumberedClause:
    """A clause with numbered points."""

    head: str
    points: tuple[str, ...]
    tail: str
    alone: bool


def split_list(text: str) -> NumberedClause | None:
    """The outermost list of a clause; None where there is none. A single ① at the start is a list that breaks off (`alone`)."""
    best: tuple[int, list[re.Match[str]]] | None = None
    for style in _STYLES:
        marks = _in_order(list(style.finditer(text)))
        enough = len(marks) > 1 or (marks and marks[0].start() == 0 and marks[0][1] == "①")
        if enough and (best is None or marks[0].start() < best[0]):
            best = (marks[0].start(), marks)
    if best is None:
        return None
    marks = best[1]
    ends = [*(m.start() for m in marks[1:]), len(text)]
    points = [text[m.end() : end] for m, end in zip(marks, ends, strict=True)]
    points[-1], tail = _tail(points[-1])
    return NumberedClause(text[: best[0]], tuple(points), tail, len(points) == 1)


def _in_order(found: list[re.Match[str]]) -> list[re.Match[str]]:
    """The marks that count from one upwards; what does not follow is no mark."""
    made: list[re.Match[str]] = []
    for one in found:
        if _rank(one[1]) == len(made) + 1:
            made.append(one)
        elif _rank(one[1]) == 1 and made:
            return []
    return made


def _rank(sign: str) -> int:
    if sign in CIRCLED:
        return CIRCLED.index(sign) + 1
    return int(sign) if sign.isdigit() else "一二三四五六七八九".index(sign) + 1


def _tail(last: str) -> tuple[str, str]:
    """The last point, and the sentences behind it that speak of all points."""
    found = _TOGETHER.search(last)
    return (last[: found.end()], last[found.end() :]) if found else (last, "")


def split_definitions(text: str) -> tuple[str, tuple[str, ...]]:
    """A clause without the sentences that say what is divided by what, and these."""
    found = tuple(m[0].strip("。;,\n") for m in _DEFINITION.finditer(text))
    return _DEFINITION.sub("", text), found


def scored(text: str) -> re.Match[str] | None:
    """The formula by which a clause itself gives points: groups name, full (the divisor), points."""
    found = (kind.search(text) for kind in (_SCORED, _SHARED, _SHARED_FIRST, _QUOTIENT, _UNSAID))
    return next((one for one in found if one), None)


def without_named(text: str) -> str:
    """A clause without what it only names: 没有实行“一票否决”制的扣2分 orders nothing."""
    return _NAMED.sub("", text)


def split_names(text: str) -> list[str]:
    """真实、完整和准确 -> its words."""
    return [name for name in _NAMES.split(text) if name]
