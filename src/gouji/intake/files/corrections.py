"""Names of files -> what they say of being a correction: 更正, 修改, (改), 最新, v2. Dates and (1) say nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# 未改, 不要更正, 待定稿 say the opposite; 发改, 年终 and 暂定 end with such a sign by chance: alone it counts behind a separator only.
_WORD = re.compile(
    r"(?<![未不没勿待需须应拟暂])(?<!不要|尚未|没有|无需)[-_\s(]*"
    r"(?:(更正后?|修正后?|修改后?|修订后?|订正后?|调整后|重报|改版|改稿|最新|最终|终版|终稿|定版|定稿)(?:版本?|稿|件)?"
    r"|(?<=[-_\s(])(改|终|定))"
    # Of which day it is says nothing.
    r"(?:[-_\s]*(?:20[0-9]{6}|20[0-9]{2}([-.])[0-9]{1,2}\3[0-9]{1,2}|(?:20[0-9]{2}年)?[0-9]{1,2}月[0-9]{1,2}日))?"
    r"(?=[-_\s)./]|$)\)?"
)
# Whoever writes this does not want the file to count.
_VOID = re.compile(r"作废|废止|旧版|旧稿|停用|勿用|不用")
_DIGITS = {word: n for n, word in enumerate("一二三四五六七八九十", 1)}
_VERSION = re.compile(
    r"[-_\s(]*(?:v\.?([0-9]{1,2})|第?([0-9]{1,2}|[一二三四五六七八九十])(?:稿|版|次(?:更正|修改|报送)))\)?",
    re.I,
)
_SUFFIX = re.compile(r"\.[a-z]{3,4}$", re.I)
_EMPTY = re.compile(r"[-_\s()]*")


@dataclass(frozen=True, slots=True)
class CorrectionMark:
    """What a name says of being a correction: the words that say so, the number of its version (0: none), the name without them."""

    words: str
    version: int
    stem: str


def mark_of(name: str) -> CorrectionMark:
    """What a name says of being a correction.

    >>> mark_of("U001_某局（更正）.xlsx"), mark_of("U001_某局-v2.xlsx"), mark_of("U001_某局(1).xlsx").version
    (CorrectionMark(words='更正', version=0, stem='U001_某局'), CorrectionMark(words='v2', version=2, stem='U001_某局'), 0)
    """
    stem = _SUFFIX.sub("", unicodedata.normalize("NFKC", name))
    if _VOID.search(name):
        return CorrectionMark("", 0, stem)
    words, version, parts = list[str](), 0, list[str]()
    for part in stem.split("/"):
        versions, part = _cut_out(_VERSION, part)
        marks, part = _cut_out(_WORD, part)
        for found in versions:
            number = found[1] or found[2]
            version = max(version, _DIGITS.get(number) or int(number))
        words += [found[0].strip("-_ ()") for found in (*versions, *marks)]
        if not _EMPTY.fullmatch(part):
            parts.append(part)
    return CorrectionMark("、".join(words), version, "/".join(parts))


def _cut_out(pattern: re.Pattern[str], text: str) -> tuple[list[re.Match[str]], str]:
    """What is found of a pattern, one after another, and the text without."""
    cut = list[re.Match[str]]()
    while found := pattern.search(text):
        cut.append(found)
        text = text[: found.start()] + text[found.end() :]
    return cut, text


__all__ = ["CorrectionMark", "mark_of"]
