"""Words by which a draft guesses what columns hold. They say nothing to people."""

from __future__ import annotations

import re

UNIT, YEAR, COLUMN, USUAL, POINTS, SUM = "单位代码", "年度", "列", "万元", "分", "合计"
COLONS, NEW_TABLE, NEW_SET = ":：", "新表", "新表样"
# What a YAML scalar may hold without quotes.
PLAIN = re.compile(r"[\w\u4e00-\u9fff（）、·|“”：]+")
CODE_HEADS = ("科目编码", "科目代码", "编码", "代码")
CORNER_HEADS = ("项目", "科目名称", "名称", "内容", "指标", "收入项目", "支出项目")
ORDINALS = ("序号", "编号")
NAME = "名称"
OWNER_LABELS = ("项目名称", "主管部门", "单位名称", "实施单位")
BY_ECONOMY = ("经济", "基本支出")
# What heads a column of figures, on a blank form too.
MONEY_HEAD = re.compile(r"(?:合计|小计|总计|数|费|额|支出|收入|拨款|结余)(?:[(（].*)?$")
NO_NAME = re.compile(r"[^\w]|_")
# A label of an ordinal, dots or signs for words to come: 二、 (三) …… ××.
NO_WORDS = re.compile(r"[^\w]*(?:[一二三四五六七八九十百]+|[0-9]{1,2})?(?:[^\w]|[_×xX*])*")
RATE = re.compile(r"率|占比|比重|幅度|增减幅|百分比|%")
SCORE = re.compile(r"得分|分值|评分|权重")
COUNT = re.compile(
    r"人数|人次|批次|团组|户数|辆|台|套|个数|份数|次数|保有量|购置数|编制数|数量$|^期限|年限$"
)
PEOPLE, OF_PEOPLE = re.compile(r"人数|编制|在职|在编|离休|退休"), "人"
# Words that head amounts, whatever is counted above them: 车辆·价值.
AMOUNT = re.compile(r"价值|[原净]值|金额|[价额费款]$|经费|费用$|支出$|收入$")
# What the words say is no amount, whatever unit the form states; and columns of targets and results, in whatever unit each line has.
FACTOR = re.compile(r"系数|指数|倍数")
MEASURE = re.compile(r"人口|面积|里程|长度|学生|教师|床位|年龄|工龄|天数|班级|户籍")
VALUES = re.compile(r"(?:指标|目标|完成|实际|标准|达成|绩效|计划)值")
UNITS_APART = re.compile(r"[、,，;；和及]")
NIL = frozenset({"-", "--", "—", "——", "/", "\\", "无", "×", "*"})
# A place in an order has no unit of measure.
ORDER = re.compile(r"排名|名次|位次")
QUANTITY = re.compile(r"数量|面积|台数|辆数|个数|人数|^数$|决算统计数")
# Headers of labels that tell whose each line is; ends of names of units, and of items of budgets.
WHO_HEADS = re.compile(
    r".*(?:单位|部门|机构|主体|供应商|采购人)(?:名称)?|(?:学校|乡镇|街道|企业|公司|银行|债券|车辆)(?:名称)?|.*地区|区划|县市区?|县区|区县|乡镇街道|姓名|车牌号码?|科室|股室"
)
ORGANISATION = re.compile(
    r"(?:[局厅委办院所站队校馆社厂场镇乡村县区市州旗]|机关|本级|本部|中心|办公室|学校|中学|小学|幼儿园|公司|街道|[联协学工商]会|妇联|科协|残联|团委|纪委|监委|党校|支队|大队)$"
)
FISCAL_ITEM = re.compile(
    r"(?:收入|支出|费|费用|资金|拨款|结余|结转|补助|税|基金|经费|人员|债务|债券|限额|余额|资产|负债|净值|原值|收益|贷款|利息|福利|工资|津贴|补贴|奖金|缴费|公积金|购置|维护|接待|运行|货物|工程|服务|事务|投资|还本|付息|房屋|车辆|设备|数)$"
)
_BEHIND = re.compile(r"[(（][^()（）]*[)）]$")
PLACES = re.compile(r"\.([0-9]+)")


def in_brackets_off(words: str) -> str:
    """Words without what stands in brackets behind them: 项目(按功能分类) -> 项目."""
    return _BEHIND.sub("", words)


__all__ = [
    "AMOUNT",
    "BY_ECONOMY",
    "CODE_HEADS",
    "COLONS",
    "COLUMN",
    "CORNER_HEADS",
    "COUNT",
    "FACTOR",
    "FISCAL_ITEM",
    "MEASURE",
    "MONEY_HEAD",
    "NAME",
    "NEW_SET",
    "NEW_TABLE",
    "NIL",
    "NO_NAME",
    "NO_WORDS",
    "OF_PEOPLE",
    "ORDER",
    "ORDINALS",
    "ORGANISATION",
    "OWNER_LABELS",
    "PEOPLE",
    "PLACES",
    "PLAIN",
    "POINTS",
    "QUANTITY",
    "RATE",
    "SCORE",
    "SUM",
    "UNIT",
    "UNITS_APART",
    "USUAL",
    "VALUES",
    "WHO_HEADS",
    "YEAR",
    "in_brackets_off",
]
