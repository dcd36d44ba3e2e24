"""What a cell of a form says -> the label behind it: spaces, full-width characters, quotes, numbering and 其中 taken off."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans("", "", "“”\"'‘’《》*")
_DIGITS = "一二三四五六七八九十"
_LEAD = re.compile(rf"(?:[{_DIGITS}]+、|\([{_DIGITS}]+\)|[0-9]{{1,2}}(?:[、)]|\.(?![0-9]))|\([0-9]{{1,2}}\)|其中:|加:|减:)")
_UNIT = re.compile(r"\((?:单位:)?(元|千元|万元|亿元|%|人|个|辆)\)$")
_UNIT_LINE = re.compile(r"(?:金额|计量)?单位:(?:人民币)?(亿元|万元|千元|元)")
_OWNER = re.compile(r"^(?:编制单位|填报单位|填报部门|单位名称|单位\(部门\)|预算单位|部门|单位)(?:\([^)]*\))?:(.+)$")
_YEAR = re.compile(r"(?:^|[^0-9])(20[0-9]{2})年")


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """The text without spaces, full-width forms and quotes.

    >>> plain("“三公” 经费（合计）")
    '三公经费(合计)'
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_QUOTES)


@lru_cache(maxsize=65536)
def bare(text: str) -> str:
    """The plain text without numbering, 其中 and a unit in brackets behind.

    >>> bare("（一）其中：车辆（万元）"), bare("一、一般公共服务支出"), bare("12. 其他")
    ('车辆', '一般公共服务支出', '其他')
    """
    made = plain(text)
    while found := _LEAD.match(made):
        made = made[found.end() :]
    return _UNIT.sub("", made).rstrip(":")


def unit_behind(text: str) -> str | None:
    """The unit in brackets behind a header: `决算数（元）` -> `元`."""
    found = _UNIT.search(plain(text))
    return found[1] if found else None


def unit_line(text: str) -> str | None:
    """The unit that a line of the head states: `金额单位：万元` -> `万元`."""
    found = _UNIT_LINE.search(plain(text))
    return found[1] if found else None


def owner(text: str) -> str | None:
    """The unit whose form it is, from a line of the head: `编制单位：某某局` -> `某某局`."""
    found = _OWNER.match(plain(text))
    return found[1] if found and unit_line(text) is None and not found[1].endswith("元") else None


def year_said(text: str) -> int | None:
    """The fiscal year that a title states: `2023年度收入支出决算表` -> 2023."""
    found = _YEAR.search(plain(text))
    return int(found[1]) if found else None
