"""Titles of forms and names of sheets: what belongs to them, and what is only printed around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from gouji.intake.finding.labels import plain
from gouji.intake.workbooks.sheet import Sheet

TABLE = "表"
# So many rows at the top of a sheet may be its title, its number, whose it is.
TITLE_ROWS = 5
_NUMBERED = re.compile(r"\D*[0-9]+(?:-[0-9]+)?表?")
# What may stand before the name of a form: a year, a number of a form, whose it is.
_BEFORE = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|年度?|表|局|委|办|院|校|所|站|队|中心|厅|会|处|馆|社|园|场|镇|乡|县|市|区|政府|公司|学|团|级|部门|单位|系统|汇总|街道|一|二|三|四|五|六|七|八|九|十)$"
)
_BEHIND = re.compile(r"(?:$|[^\u4e00-\u9fff]|续|样|汇总|模板|空)")
_YEAR = re.compile(r".*(?:年度|[0-9]年)")
_YEAR_LAST = re.compile(r"(?<=表)20[0-9]{2}年度?$")
_FIRST = re.compile(
    r"^(?:附[件表][0-9一二三四五六七八九十]*[:、.]?|表?[一二三四五六七八九十]+、|[0-9]+[、.]|(?:公开|财决)[0-9]+(?:-[0-9]+)?表?[-_:]?)+"
)
_LAST = re.compile(r"\((?:[^()]*表|[^()]*元|[^()]*年度?|样表|空表|续)\)$|\([0-9]\)$")
_BRACKETS = re.compile(r"\([^()]*\)")
_GENERIC = re.compile(
    r".*(?:公开表|报表|附表|套表|公开0?[0-9]+表|财决0?[0-9-]+表|决算表格|明细附表)"
)

# 支出决算表(续), 支出决算表(续表二), 续表1, Sheet3续
MORE = re.compile(
    r"\(?续(?:表|页)?[一二三四五六七八九十0-9]{0,2}\)?[:：]?$|^\(?续(?:表|页)[一二三四五六七八九十0-9]{0,2}\)?[:：]?"
)
# Numbers of lines in what is told: 第 4-6、9 行.
LINES = re.compile(r"第 [0-9][0-9、-]* 行")
_NUMBER_ALONE = re.compile(r"[^0-9]{0,4}[0-9]{1,3}(?:-[0-9]{1,2})?表?")
# Words that heads say and lines do not.
_HEADS = re.compile(
    r"项目(?:\(.*\))?|.*科目(?:编码|代码|名称)|名称|金额|决算数|预算数|全年预算数|行次|栏次|[类款项]|备注"
)
_UNIT = re.compile(r"单位.*元")


def heads_again(text: str) -> bool:
    """Whether a text is a word of heads, or says in which unit amounts are.

    >>> heads_again("支出功能分类科目编码"), heads_again("金额单位:万元"), heads_again("住房保障支出")
    (True, True, False)
    """
    return bool(_HEADS.fullmatch(text) or _UNIT.search(text))


def goes_on(words: Sequence[str]) -> bool:
    """Whether texts are a title that says 续, the number of a form, and nothing else.

    >>> goes_on(["支出决算表(续)"]), goes_on(["公开03表"]), goes_on(["201", "一般公共服务支出"])
    (True, True, False)
    """
    alone = len(words) <= 2 and all(MORE.search(w) or _NUMBER_ALONE.fullmatch(w) for w in words)
    return alone and any(w.endswith(TABLE) or MORE.search(w) for w in words)


def top_words(sheet: Sheet) -> Sequence[str]:
    """The texts at the top of a sheet, plain."""
    return sheet.wording.once("top", lambda: tuple(_top_words(sheet)))


def _top_words(sheet: Sheet) -> Iterator[str]:
    for row in sheet.rows[sheet.top : sheet.top + TITLE_ROWS]:
        yield from (plain(v) for v in row if isinstance(v, str) and v)


def numbered(name: str) -> bool:
    """Whether a name is the number of a form: 公开01表. Such numbers differ from place to place.

    >>> numbered("公开01表"), numbered("收入决算表")
    (True, False)
    """
    return _NUMBERED.fullmatch(name) is not None


@lru_cache(maxsize=8192)
def core(text: str) -> str:
    """A title without year, number and unit.

    >>> core("2023年度收入支出决算表(公开01表)"), core("项目支出绩效自评表(2023年度)"), core("支出决算表2023年")
    ('收入支出决算表', '项目支出绩效自评表', '支出决算表')
    """
    made = text
    # A year behind the title goes first: what stands before a year is no part of a title.
    while found := _LAST.search(made) or _YEAR_LAST.search(made):
        made = made[: found.start()]
    made = _YEAR.sub("", made or text) or made or text
    made = _FIRST.sub("", made) or made
    while found := _LAST.search(made):
        made = made[: found.start()]
    return made


@lru_cache(maxsize=8192)
def loosely(title: str) -> str:
    """A title without the words by which the same form is called otherwise elsewhere: 总, 明细, 情况, what stands in brackets."""
    made = _BRACKETS.sub("", core(title))
    return (
        made.replace("总表", TABLE)
        .replace("明细表", TABLE)
        .replace("情况表", TABLE)
        .replace("部门", "")
    )


def without_brackets(text: str) -> str:
    """A name without what stands in brackets behind it."""
    return re.sub(r"\([^()]*\)$", "", text) or text


def generic(title: str) -> bool:
    """Whether a title is that of a whole set of forms, or a mere number."""
    return _GENERIC.fullmatch(title) is not None


def bounded(text: str, name: str) -> bool:
    """Whether a text holds a name as a whole: `公开01` is not in `公开011`, 支出决算表 not in 项目支出决算表.

    >>> bounded("公开011表", "公开01"), bounded("2023年度支出决算表", "支出决算表"), bounded("三公经费支出决算表", "支出决算表")
    (False, True, False)
    """
    at = text.find(name)
    while at >= 0:
        behind = text[at + len(name) :]
        if name[-1].isdecimal():
            if not re.match(r"[0-9]|-[0-9]", behind):
                return True
        elif (
            not name.endswith(TABLE)
            or numbered(name)
            or (_BEFORE.search(text[:at]) and _BEHIND.match(behind))
        ):
            return True
        at = text.find(name, at + 1)
    return False


__all__ = [
    "LINES",
    "MORE",
    "TABLE",
    "bounded",
    "core",
    "generic",
    "goes_on",
    "heads_again",
    "loosely",
    "numbered",
    "top_words",
    "without_brackets",
]
