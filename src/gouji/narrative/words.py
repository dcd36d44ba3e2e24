"""Words and signs that sentences of reports are made of, where they are not patterns of a rulebook."""

from __future__ import annotations

import re

# What is planned, by its words where no budget is named.
PLANNED = re.compile("任务|目标|计划|预算|下达|应[^用急]|安排|批复|指标|到位")
# Words that name no subject of their own.
BARE = ("支出决算", "支出", "收入决算", "收入")
# Paragraphs that are items of a list, and the words at the end of the paragraph above them.
LISTED_SIGNS, LISTED_WORDS = "\ue007(", "一"
LISTED = re.compile("[\ue007(①-⑳一二三四五六七八九十]")
OPENS_BELOW = re.compile(r"(?:其中|如下|方面|包括|情况)[:,;。]?\Z")
CLOSES = re.compile("[;。]")
BRACKETS = ("(", "。(", ",(")
# What stands between figures that are listed side by side; between the names of what they are of.
BETWEEN = (",", "、", "和", "及", "与", ",和", "以及")
PARTED = re.compile(
    "[、,]|以及|和(?!构筑|陈列|档案|用具|结余|家庭|服务|运行)|(?<!购置)及(?!构筑|运行)"
)
SENTENCE_ENDS, BETWEEN_NAMES = "。!?", "、"
YUAN, WAN_YUAN = "元", "万元"

__all__ = [
    "BARE",
    "BETWEEN",
    "BETWEEN_NAMES",
    "BRACKETS",
    "CLOSES",
    "LISTED",
    "LISTED_SIGNS",
    "LISTED_WORDS",
    "OPENS_BELOW",
    "PARTED",
    "PLANNED",
    "SENTENCE_ENDS",
    "WAN_YUAN",
    "YUAN",
]
