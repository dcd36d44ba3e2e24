"""Words by which a draft guesses what columns hold. They say nothing to people."""

from __future__ import annotations

import re

UNIT, YEAR, COLUMN, USUAL, POINTS, SUM = "单位代码", "年度", "列", "万元", "分", "合计"
COLONS, NEW_TABLE, NEW_SET = ":：", "新表", "新表样"
# What a YAML scalar may hold without quotes.
PLAIN = re.compile(r"[\w\u4e00-\u9fff（）、·|“”：]+")
CODE_HEADS = ("科目编码", "科目代码", "编码", "代码")
CORNER_HEADS = ("项目", "科目名称", "名称", "内容", "指标", "收入项目", "支出项目")
OWNER_LABELS = ("项目名称", "主管部门", "单位名称", "实施单位")
BY_ECONOMY = ("经济", "基本支出")
# What heads a column of figures, on a blank form too.
MONEY_HEAD = re.compile(r"(?:合计|小计|总计|数|费|额|支出|收入|拨款|结余)(?:[(（].*)?$")
NO_NAME = re.compile(r"[^\w]|_")
RATE = re.compile(r"率|占比|比重|幅度|增减幅|百分比|%")
SCORE = re.compile(r"得分|分值|评分|权重")
COUNT = re.compile(r"人数|人次|批次|团组|户数|辆|台|套|个数|份数|次数|保有量|购置数|编制数")
QUANTITY = re.compile(r"数量|面积|台数|辆数|个数|人数|^数$|决算统计数")
PLACES = re.compile(r"\.([0-9]+)")

__all__ = [
    "BY_ECONOMY",
    "CODE_HEADS",
    "COLONS",
    "COLUMN",
    "CORNER_HEADS",
    "COUNT",
    "MONEY_HEAD",
    "NEW_SET",
    "NEW_TABLE",
    "NO_NAME",
    "OWNER_LABELS",
    "PLACES",
    "PLAIN",
    "POINTS",
    "QUANTITY",
    "RATE",
    "SCORE",
    "SUM",
    "UNIT",
    "USUAL",
    "YEAR",
]
