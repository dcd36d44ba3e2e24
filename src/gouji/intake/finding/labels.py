"""What a cell of a form says -> the label behind it: spaces, full-width characters, quotes, numbering and 其中 taken off."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from gouji.intake.finding.unit_spelling import unit_of
from gouji.intake.finding.units import MARK_BEHIND, parted, statements
from gouji.intake.values.codes import UNSEEN, year_in_digits

_SPACE = re.compile(r"\s+")
# What nobody sees goes, too.
_COLONS = str.maketrans({"∶": ":", **dict.fromkeys(UNSEEN)})
_QUOTES = str.maketrans("", "", "“”\"'‘’《》*")
_DIGITS = "一二三四五六七八九十"
_LEAD = re.compile(
    rf"(?:[{_DIGITS}]+[、.,](?![0-9])|\([{_DIGITS}]+\)|[0-9]{{1,2}}(?:[、)]|\.(?![0-9]))|\([0-9]{{1,2}}\)|其中:|加:|减:)"
)
# Which lines a label adds up: `本年收入合计（1+2）`, `（5=6+7）`.
_ADDED = re.compile(r"(?<=.)\((?=[^()]*[+=])[0-9.+=…~-]+\)$")
# Signs of lists before a label: `①事业收入`.
_SIGN_BEFORE = re.compile(r"^\s*[①-⑳❶-❿☆★●○■□◆◇▪•·→─├└┣┗│]+\s*(?=.)")
_OWNER = re.compile(
    r"(?:编制单位|填报单位|填报部门|单位名称|单位\(部门\)|预算单位|部门|单位)(?:\([^)]*\))?"
)
# Where a name ends that has something else behind it in the same cell.
_NAME_ENDS = re.compile(
    r"[\n\t]|\s{2,}|\s*[(]?(?:金额|计量|货币|计价|记账)\s*单\s*位|\s+[(]?(?:单\s*位|币种|20[0-9]{2}年|公开[0-9])|(?<=.)单位:"
)
_YEAR = re.compile(r"(?:^|[^0-9])(20[0-9]{2})年")
# A month behind it makes it a date: of filling in, of printing.
_DATE = re.compile(r"20[0-9]{2}年[0-9]{1,2}月(?![-~至到—])")


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """The text without spaces, full-width forms and quotes.

    >>> plain("“三公” 经费（合计）")
    '三公经费(合计)'
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", text.translate(_COLONS))).translate(_QUOTES)


@lru_cache(maxsize=65536)
def bare(text: str) -> str:
    """The plain text without numbering, 其中 and a unit in brackets behind.

    >>> bare("（一）其中：车辆（万元）"), bare("一、一般公共服务支出"), bare("12. 其他")
    ('车辆', '一般公共服务支出', '其他')
    """
    text = _SIGN_BEFORE.sub("", MARK_BEHIND.sub("", text.rstrip(":：。、 ")))
    made = _ADDED.sub("", plain(parted(text)[0]))
    while found := _LEAD.match(made):
        made = made[found.end() :]
    return made.rstrip(":")


def owner(text: str) -> str | None:
    """The unit whose form it is, from a line of the head: `编制单位：某某局　　金额单位：万元` -> `某某局`."""
    head, colon, name = (
        unicodedata.normalize("NFKC", text.translate(_COLONS)).strip().partition(":")
    )
    if not colon or _OWNER.fullmatch(plain(head)) is None:
        return None
    name = plain(_NAME_ENDS.split(name.strip(), maxsplit=1)[0])
    return name if name and unit_of(name) is None and not statements(f"单位:{name}") else None


def year_said(text: str) -> int | None:
    """The fiscal year that a title states: `2023年度收入支出决算表` -> 2023; a date (`填报日期：2024年1月5日`) states none."""
    return year_named(_DATE.sub("", plain(year_in_digits(text))))


def year_named(text: str) -> int | None:
    """The year in a text that is to say one: `2023年12月31日` -> 2023."""
    found = _YEAR.search(plain(year_in_digits(text)))
    return int(found[1]) if found else None
