"""Words and signs that sentences of reports are made of, where they are not patterns of a rulebook."""

from __future__ import annotations

import re

# What is planned, by its words where no budget is named.
PLANNED = re.compile("任务|目标|计划|预算|下达|应[^用急]|安排|批复|指标|到位")
# Words that name no subject of their own.
SIDES = ("收入", "支出")
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

# What is left over in a text, and what stands behind a unit's name where a report names its own unit.
OTHER_YEAR, OTHER_UNIT = "别的年份", "别的单位的名称"
OWN_BEFORE = "(?:(?:19|20)[0-9]{2}年|(?:部门|单位)?(?:收入|支出|整体支出|决算))"

# The tables that relations become rows of, by kind of formula; their columns by part of the formula.
RELATION_TABLES = {
    "PARTS": "文中其中",
    "SHARE": "文中占比",
    "DONE": "文中完成率",
    "GROWTH": "文中增减幅",
    "GROWTH_PRIOR": "文中两年增减幅",
    "CHANGE": "文中增减额",
}
GOAL_TABLE, GOAL_NAME, GOAL_STATE = "目标和完成", "指标", "情况"
GOAL_TEXTS = ("目标", "完成")
GOAL_FIGURES = ("目标数", "完成数")
RELATION_NAME, RELATION_SENTENCE = "序号和行", "关系"
RELATION_COLUMNS = {
    "PARTS": {"stated": "整体", "sum": "各项之和"},
    "SHARE": {"stated": "占比", "part": "部分", "whole": "整体"},
    "DONE": {"stated": "完成率", "part": "完成数", "whole": "预算或任务数"},
    "GROWTH": {"stated": "增减幅", "now": "本年数", "change": "增减额"},
    "GROWTH_PRIOR": {"stated": "增减幅", "now": "本年数", "prior": "上年数"},
    "CHANGE": {"stated": "增减额", "now": "本年数", "prior": "对比数"},
}

__all__ = [
    "BARE",
    "BETWEEN",
    "BETWEEN_NAMES",
    "BRACKETS",
    "CLOSES",
    "GOAL_FIGURES",
    "GOAL_NAME",
    "GOAL_STATE",
    "GOAL_TABLE",
    "GOAL_TEXTS",
    "LISTED",
    "LISTED_SIGNS",
    "LISTED_WORDS",
    "OPENS_BELOW",
    "OTHER_UNIT",
    "OTHER_YEAR",
    "OWN_BEFORE",
    "PARTED",
    "PLANNED",
    "RELATION_COLUMNS",
    "RELATION_NAME",
    "RELATION_SENTENCE",
    "RELATION_TABLES",
    "SENTENCE_ENDS",
    "SIDES",
    "WAN_YUAN",
    "YUAN",
]
