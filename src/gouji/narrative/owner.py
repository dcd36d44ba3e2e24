"""The first paragraphs of a report -> whose it is and for which year, as its title says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gouji.narrative.text_lines import TextParagraph, plain

_TITLE = re.compile(
    "(?P<name>[^0-9《》,。;:]{0,40}?)(?P<year>(?:19|20)[0-9]{2})年(?:度)?(?:部门|单位)*(?:整体支出|项目支出|支出|预算|决算|绩效|财政)"
)
# What stands before and behind a name in a title and is none of it.
_AROUND = re.compile("^(?:第[一二三四五六七八九十]+(?:部分|[部章]))?(?:关于)?|(?:关于|的)$")
_NAME = re.compile(
    "[^0-9《》,。;:、]{3,40}(?:局|委|办|厅|部|院|校|中心|站|所|队|会|馆|处|镇|乡|街道|政府|大学|学院|中学|小学|医院|公司|协会|联合会|委员会|办公室|[一-龥])"
)
# In so many lines a title is looked for; with so many a name that is printed over lines, at most so many, is compared.
_LOOKED_AT, _HELD_AGAINST, _NAME_LINES = 8, 80, 3
_CODE = re.compile("(?:单位|预算|部门)代码:?([0-9A-Za-z]+)")
_NOT_A_NAME = re.compile("监督索引号|附件|目录|目录|第[一二三四]部分|公开|索引|发布")


def owner_of(paragraphs: Sequence[TextParagraph]) -> tuple[str, int]:
    """Name and year; empty and 0 where the title does not say."""
    return _titled([own.text for own in paragraphs[:_HELD_AGAINST]])


def owner_in(lines: Sequence[str]) -> tuple[str, int]:
    """As `owner_of`, from lines as they are printed."""
    return _titled([plain(line) for line in lines[:_HELD_AGAINST]])


def _titled(texts: Sequence[str]) -> tuple[str, int]:
    for number, text in enumerate(texts[:_LOOKED_AT]):
        found = _TITLE.match(text)
        if found is not None:
            name = _AROUND.sub("", found["name"]) or _above(texts[:number], texts[number + 1 :])
            return name, int(found["year"])
    return "", 0


def _above(lines: Sequence[str], rest: Sequence[str]) -> str:
    """The name on the last lines above a title: of several lines where the text says it so elsewhere, else of one."""
    for count in range(min(_NAME_LINES, len(lines)), 1, -1):
        name = "".join(lines[-count:])
        if _is_name(name) and any(name in text for text in rest):
            return name
    return lines[-1] if lines and _is_name(lines[-1]) else ""


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and not _NOT_A_NAME.search(text)


def codes_in(texts: Sequence[str]) -> list[str]:
    """Codes of units that lines say."""
    return [code for text in texts for code in _CODE.findall(text)]


__all__ = ["codes_in", "owner_in", "owner_of"]
