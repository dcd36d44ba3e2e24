"""Words and signs that documents print around forms: page numbers, titles, statements of units. They say nothing to people."""

from __future__ import annotations

import re

# What page numbers are made of: 第 3 页 共 30 页, -12-, iv.
NUMBERING = "-—–·•/第页共,，0123456789ivxIVX "
# Signs of figures.
FIGURE = frozenset("0123456789.,%-−()（）")
_COMPLETE = re.compile(r"[-−(（]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?%?[)）]?|[-—－/]+")
_BEGINS = re.compile(
    r"[0-9]{3,7}(?![0-9.,])|[（(]?[一二三四五六七八九十]{1,3}[)）、]|[0-9]{1,2}[.、]"
)
_TITLE = re.compile(
    r"[^。；;，,：:？！…]{2,48}?表(?:[（(]?(?:续表?|续[一二三四0-9]+)[)）]?)?(?:[（(][^（）()]{1,16}[)）])?"
)
_NUMBER = re.compile(r"[^0-9。；;，,：:]{0,4}[0-9]{1,3}(?:-[0-9]{1,2})?表")
_UNIT = re.compile(r"单位[^。]{0,12}元|元[)）]?$")
_MORE = re.compile(r"[（(]?续表?[一二三四0-9]*[)）]?$|[（(]续[一二三四0-9]+[)）]$")
_YEAR = re.compile(r"20[0-9]{2}年度?")
_SAYS = re.compile(r"单位|部门|年度|公开|编报|编制|表$")
# Words that forms spread over a cell: 项    目.
_SPREAD = frozenset(
    ("项目", "合计", "小计", "总计", "金额", "收入", "支出", "名称", "单位", "备注", "科目")
)
_NOTE = re.compile(r"注[:：1-9一]|备注|说明[:：]")
_PAGE = re.compile(r"[-—–·\s]*第?\s*[0-9ivx]{1,4}\s*页?[-—–·\s]*(?:[/共]\s*共?[0-9]{1,4}\s*页?)?")
_TOTAL = re.compile(r"(?:本年|收入|支出)?[\u4e00-\u9fff]{0,4}(?:合|总|小)\s*计")


def is_figure(text: str) -> bool:
    """Whether a text is one complete figure.

    >>> is_figure("1,234.50"), is_figure("2010601"), is_figure("二、外交支出"), is_figure("1.2.3")
    (True, True, False, False)
    """
    return _COMPLETE.fullmatch(text) is not None


def begins_body(text: str) -> bool:
    """Whether a word is such as lines below heads begin with: a code, a number of a line, a total."""
    return _BEGINS.match(text) is not None


def is_title(text: str) -> bool:
    """Whether a line reads like the title of a form.

    >>> is_title("支出决算表"), is_title("支出决算表（续表）"), is_title("见支出决算表。"), is_title("支出决算表情况说明")
    (True, True, False, False)
    """
    return _TITLE.fullmatch("".join(text.split())) is not None


def is_number_of_form(text: str) -> bool:
    """Whether a line is the number of a form, which stands beside or below its title.

    >>> is_number_of_form("公开08表"), is_number_of_form("财决05-1表"), is_number_of_form("支出决算表")
    (True, True, False)
    """
    return _NUMBER.fullmatch("".join(text.split())) is not None


def says_unit(text: str) -> bool:
    """Whether a line says in which unit amounts are printed."""
    return _UNIT.search(text) is not None


def without_more(text: str) -> str:
    """A title without what says that it goes on, and without blanks.

    >>> without_more("支出 决算表（续表）"), without_more("支出决算表（续1）"), without_more("支出决算表")
    ('支出决算表', '支出决算表', '支出决算表')
    """
    return _MORE.sub("", "".join(text.split()))


def is_same_title(one: str, other: str) -> bool:
    """Whether two titles are one, whether they say a year and 续 or not.

    >>> is_same_title("2023年度支出决算表", "支出决算表（续表）"), is_same_title("收入支出决算表", "支出决算表")
    (True, False)
    """
    return _YEAR.sub("", without_more(one)) == _YEAR.sub("", without_more(other))


def says_something(text: str) -> bool:
    """Whether a line above a table may say whose, of which year or in which unit it is."""
    return _SAYS.search(text) is not None


def is_short(text: str) -> bool:
    """Whether a line is no running text."""
    return len(text) <= 60 and not is_sentence(text) and not text.endswith("。")


def is_note(text: str) -> bool:
    """Whether a line is a note below a form."""
    return _NOTE.match(text) is not None


def is_page_number(text: str) -> bool:
    """Whether a line may be a page number and nothing else."""
    return _PAGE.fullmatch(text) is not None


def is_sentence(text: str) -> bool:
    """Whether a line is running text."""
    return len(text) > 24 and ("。" in text or "，" in text)


def is_spread(text: str) -> bool:
    """Whether two characters are a word that forms spread."""
    return text in _SPREAD


def is_total(text: str) -> bool:
    """Whether a word is that of a total, which may stand across the columns of names."""
    return _TOTAL.fullmatch(text) is not None


__all__ = [
    "FIGURE",
    "NUMBERING",
    "begins_body",
    "is_figure",
    "is_note",
    "is_number_of_form",
    "is_page_number",
    "is_same_title",
    "is_sentence",
    "is_short",
    "is_spread",
    "is_title",
    "is_total",
    "says_something",
    "says_unit",
    "without_more",
]
