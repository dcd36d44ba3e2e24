"""One source of figures -> workbooks as the forms of final accounts are printed in several places. The layouts are written down here a second time, cell by cell.

A layout says where labels stand; the figures are those of the source, in the unit the layout prints. `expected` says what must be read of it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal

import openpyxl
from openpyxl.utils import get_column_letter

CODES = {
    "208": ("社会保障和就业支出", 347500),
    "20805": ("行政事业单位养老支出", 347500),
    "2080505": ("机关事业单位基本养老保险缴费支出", 254800),
    "2080506": ("机关事业单位职业年金缴费支出", 92700),
    "212": ("城乡社区支出", 2881300),
    "21201": ("城乡社区管理事务", 2881300),
    "2120101": ("行政运行", 1697700),
    "2120199": ("其他城乡社区管理事务支出", 1183600),
}
BASIC = {
    "301": ("工资福利支出", 1842600),
    "30101": ("基本工资", 1495100),
    "30108": ("机关事业单位基本养老保险缴费", 254800),
    "30109": ("职业年金缴费", 92700),
    "302": ("商品和服务支出", 186500),
    "30201": ("办公费", 154800),
    "30231": ("公务用车运行维护费", 31700),
    "303": ("对个人和家庭的补助", 16100),
    "30305": ("生活补助", 16100),
}
INCOMES = (
    "一般公共预算财政拨款收入",
    "政府性基金预算财政拨款收入",
    "国有资本经营预算财政拨款收入",
    "上级补助收入",
    "事业收入",
    "经营收入",
    "附属单位上缴收入",
    "其他收入",
)
FUNCTIONS = [
    "一般公共服务支出",
    "外交支出",
    "国防支出",
    "公共安全支出",
    "教育支出",
    "科学技术支出",
    "文化旅游体育与传媒支出",
    "社会保障和就业支出",
    "卫生健康支出",
    "节能环保支出",
    "城乡社区支出",
    "农林水支出",
    "交通运输支出",
    "资源勘探工业信息等支出",
    "商业服务业等支出",
    "金融支出",
    "援助其他地区支出",
    "自然资源海洋气象等支出",
    "住房保障支出",
    "粮油物资储备支出",
    "国有资本经营预算支出",
    "灾害防治及应急管理支出",
    "其他支出",
    "债务还本支出",
    "债务付息支出",
    "抗疫特别国债安排的支出",
]
ORDINALS = [
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "十一",
    "十二",
    "十三",
    "十四",
    "十五",
    "十六",
    "十七",
    "十八",
    "十九",
    "二十",
    "二十一",
    "二十二",
    "二十三",
    "二十四",
    "二十五",
    "二十六",
]
CARS = {
    "三公经费合计": (64500, 49700),
    "因公出国境费": (0, 0),
    "公务用车购置及运行维护费": (39700, 31700),
    "公务用车购置费": (0, 0),
    "公务用车运行维护费": (39700, 31700),
    "公务接待费": (24800, 18000),
}
PRINTED = {
    "三公经费合计": "合计",
    "因公出国境费": "因公出国（境）费",
    "公务用车购置及运行维护费": "公务用车购置及运行维护费",
    "公务用车购置费": "公务用车购置费",
    "公务用车运行维护费": "公务用车运行维护费",
    "公务接待费": "公务接待费",
}
TOTAL_IN, TOTAL_OUT, BEFORE, AFTER = 3098100, 3228800, 290700, 160000
FISCAL = "一般公共预算财政拨款"
OWNER, YEAR = "示例县云岭农业农村服务中心", 2023


@dataclass(frozen=True)
class Place:
    """How one place prints the forms."""

    name: str
    of: str
    titles: dict[str, str]
    numbers: dict[str, str] = field(default_factory=dict)
    unit: str = "万元"
    lines: bool = True
    amount: str = "金额"
    split: bool = False
    total_last: bool = False
    code: str = "功能分类科目编码"
    band: bool = True
    sub: str = "小计"
    # 三公 as halves of six, as pairs, line by line, or with what Yunnan prints besides.
    cars: str = "halves"
    # Whether 公开05 prints income and what is carried forward, too.
    income_too: bool = False
    basic: int = 2
    functions: int = 26
    zero: object = None
    one_row_head: bool = False


def _titles(**other):
    usual = {
        "总": "收入支出决算总表",
        "收": "收入决算表",
        "支": "支出决算表",
        "财": "财政拨款收入支出决算总表",
        "般": "一般公共预算财政拨款支出决算表",
        "基": "一般公共预算财政拨款基本支出决算表",
        "金": "政府性基金预算财政拨款收入支出决算表",
        "资": "国有资本经营预算财政拨款支出决算表",
        "公": "财政拨款“三公”经费支出决算表",
    }
    return {**usual, **other}


def _numbers(order):
    return {key: f"公开{n:02d}表" for n, key in enumerate(order, 1) if key != "-"}


PLACES = (
    Place(
        "national",
        "财政部2022",
        _titles(),
        _numbers("总收支财般基金资公"),
        unit="元",
        one_row_head=False,
    ),
    Place(
        "hunan",
        "湖南2024",
        _titles(基="一般公共预算财政拨款基本支出决算明细表"),
        _numbers("总收支财般基金资公"),
        split=True,
        basic=3,
        zero=0,
    ),
    Place(
        "sichuan",
        "四川2022",
        _titles(资="国有资本经营预算财政拨款收入支出决算表"),
        _numbers("总收支财-般-基-金资-公"),
        sub="合计",
        total_last=True,
        code="科目编码",
        unit="千元",
    ),
    Place(
        "shanghai",
        "上海2024",
        _titles(资="国有资本经营预算财政拨款收入支出决算表"),
        lines=False,
        amount="决算数",
        split=True,
        total_last=True,
        band=False,
        sub="合计",
        cars="pairs",
        zero="0.00",
        functions=24,
        one_row_head=True,
    ),
    Place(
        "anhui",
        "安徽2023",
        _titles(基="一般公共预算财政拨款基本支出决算明细表"),
        _numbers("总收支财般基金资-"),
        cars="lines",
        code="支出功能分类科目编码",
        unit="元",
    ),
    Place(
        "yunnan",
        "",
        _titles(
            总="收入支出决算表",
            财="财政拨款收入支出决算表",
            般="一般公共预算财政拨款（收入）支出决算表",
            公="财政拨款“三公”经费、行政参公单位机关运行经费情况表",
        ),
        {**_numbers("总收支财般基-金资"), "公": "公开10表"},
        sub="合计",
        cars="more",
        code="科目编码",
        income_too=True,
    ),
)


class Sheet:
    """Cells of one sheet, from 1."""

    def __init__(self, place: Place, title: str, width: int, number: str = "") -> None:
        self.place, self.title, self.cells, self.merged = place, title, {}, []
        self.row = 1
        self.put(1, 1, f"{YEAR}年度{title}" if place.lines else title)
        self.merge(1, 1, 1, width)
        if number:
            self.put(2, width, number)
        self.put(3, 1, f"部门：{OWNER}")
        self.put(3, width, f"{'金额单位' if place.lines else '单位'}：{place.unit}")
        self.row = 4

    def put(self, row, col, value) -> None:
        if value is not None:
            self.cells[row, col] = value

    def merge(self, top, left, bottom, right) -> None:
        if (top, left) != (bottom, right):
            self.merged.append((top, left, bottom, right))

    def money(self, row, col, value) -> None:
        if value == 0:
            value = self.place.zero
        elif value is not None:
            value = float(Decimal(value) / {"元": 1, "千元": 1000, "万元": 10000}[self.place.unit])
        self.put(row, col, value)


def sheets(place: Place) -> dict[str, Sheet]:
    """Every form, by the sign of its title."""
    made = {
        "总": _accounts(place),
        "收": _listing(
            place,
            "收",
            (
                "本年收入合计",
                "财政拨款收入",
                "上级补助收入",
                "事业收入",
                "经营收入",
                "附属单位上缴收入",
                "其他收入",
            ),
            lambda v: (v, v, 0, 0, 0, 0, 0),
        ),
        "支": _listing(
            place,
            "支",
            (
                "本年支出合计",
                "基本支出",
                "项目支出",
                "上缴上级支出",
                "经营支出",
                "对附属单位补助支出",
            ),
            lambda v: (v, *_parts(v), 0, 0, 0),
        ),
        "财": _fiscal(place),
        "般": _both_ways(place)
        if place.income_too
        else _listing(
            place,
            "般",
            (place.sub, "基本支出", "项目支出"),
            lambda v: (v, *_parts(v)),
            band="本年支出" if place.band else "",
        ),
        "基": _basic(place),
        "金": _listing(
            place,
            "金",
            ("年初结转和结余", "本年收入", place.sub, "基本支出", "项目支出", "年末结转和结余"),
            None,
            band="本年支出",
            at=(2, 4),
        ),
        "公": _cars(place),
    }
    return made


def _parts(value):
    return (
        (0, value)
        if value == 1183600
        else (value - 1183600, 1183600)
        if value in (2881300, TOTAL_OUT)
        else (value, 0)
    )


def _accounts(place):
    width = 6 if place.lines else 4
    sheet = Sheet(place, place.titles["总"], width, place.numbers.get("总", ""))
    half, r = width // 2, sheet.row
    sheet.put(r, 1, "收入" if place.lines else "收     入")
    sheet.put(r, half + 1, "支出" if place.lines else "支     出")
    sheet.merge(r, 1, r, half)
    sheet.merge(r, half + 1, r, width)
    for left in (1, half + 1):
        sheet.put(r + 1, left, "项目")
        if place.lines:
            sheet.put(r + 1, left + 1, "行次")
        sheet.put(r + 1, left + half - 1, place.amount)
    r += 2
    if place.lines:
        (
            sheet.put(r, 1, "栏次"),
            sheet.put(r, half, 1),
            sheet.put(r, half + 1, "栏次"),
            sheet.put(r, width, 2),
        )
        r += 1
    left = [(f"{ORDINALS[i]}、{name}", TOTAL_IN if i == 0 else 0) for i, name in enumerate(INCOMES)]
    right = [
        (f"{ORDINALS[i]}、{name}", _function(name))
        for i, name in enumerate(FUNCTIONS[: place.functions])
    ]
    rows = max(len(left), len(right))
    left += [("", None)] * (rows - len(left))
    left += [
        ("本年收入合计", TOTAL_IN),
        ("使用非财政拨款结余（含专用结余）" if place.lines else "使用非财政拨款结余", 0),
        ("年初结转和结余", BEFORE),
        ("总计", TOTAL_IN + BEFORE),
    ]
    right += [
        ("本年支出合计", TOTAL_OUT),
        ("结余分配", 0),
        ("年末结转和结余", AFTER),
        ("总计", TOTAL_OUT + AFTER),
    ]
    for i, (one, other) in enumerate(zip(left, right, strict=True)):
        for start, (label, value), number in (
            (1, one, i + 1),
            (half + 1, other, len(left) + i + 1),
        ):
            sheet.put(r + i, start, label or None)
            if place.lines:
                sheet.put(r + i, start + 1, number)
            sheet.money(r + i, start + half - 1, value)
    sheet.put(r + len(left) + 1, 1, "注：本表反映部门本年度的总收支和年末结转结余情况。")
    return sheet


def _function(name):
    return next((v for code, (n, v) in CODES.items() if n == name and len(code) == 3), 0)


def _listing(place, key, heads, values, band="", at=(0, 99)):
    parts = 3 if place.split else 1
    width = parts + 1 + len(heads)
    sheet = Sheet(place, place.titles[key], width, place.numbers.get(key, ""))
    r = sheet.row
    sheet.put(r, 1, "项目")
    sheet.merge(r, 1, r, parts + 1)
    sheet.put(r + 1, 1, place.code)
    sheet.merge(r + 1, 1, r + 1, parts)
    sheet.put(r + 1, parts + 1, "科目名称")
    for i, head in enumerate(heads):
        inside = band and at[0] <= i <= at[1]
        sheet.put(r + 1 if inside else r, parts + 2 + i, head)
        if not inside:
            sheet.merge(r, parts + 2 + i, r + 1, parts + 2 + i)
    if band:
        first, last = max(at[0], 0), min(at[1], len(heads) - 1)
        sheet.put(r, parts + 2 + first, band)
        sheet.merge(r, parts + 2 + first, r, parts + 2 + last)
    r += 2
    if place.split:
        for i, word in enumerate("类款项"):
            sheet.put(r, 1 + i, word)
        r += not place.one_row_head or place.total_last
    if place.lines:
        sheet.put(r, 1, "栏次")
        for i in range(len(heads)):
            sheet.put(r, parts + 2 + i, i + 1)
        r += 1
    if values is None:
        sheet.put(r + 3, 1, f"说明：{OWNER}没有这类收入和支出，故本表无数据。")
        return sheet
    lines = list(CODES.items())
    total = ("合计", ("合计", TOTAL_IN if key == "收" else TOTAL_OUT))
    income = {"208": 347500, "20805": 347500, "212": 2750600, "21201": 2750600, "2120199": 1052900}
    for code, (name, value) in [*lines, total] if place.total_last else [total, *lines]:
        if code == "合计":
            sheet.put(r, 1, "合计")
            sheet.merge(r, 1, r, parts + 1)
        else:
            cells = [code[:3], code[3:5], code[5:7]] if place.split else [code]
            for i, part in enumerate(cells):
                sheet.put(r, 1 + i, part or None)
            sheet.put(r, parts + 1, name)
        for i, one in enumerate(values(income.get(code, value) if key == "收" else value)):
            sheet.money(r, parts + 2 + i, one)
        r += 1
    sheet.put(r + 1, 1, "注：本表反映部门本年度的情况。")
    sheet.put(r + 2, 1, "填表人：张三        审核人：李四")
    return sheet


BANDS = (
    ("年初结转和结余", ("合计", "基本支出结转", "项目支出结转和结余")),
    ("本年收入", ("合计", "基本支出", "项目支出")),
    ("本年支出", ("合计", "小计", "人员经费", "公用经费", "项目支出")),
    ("年末结转和结余", ("合计", "基本支出结转", "小计", "项目支出结转", "项目支出结余")),
)


def _both_ways(place):
    """公开05 of Yunnan: 16 columns under four bands, heads in three rows."""
    sheet = Sheet(place, place.titles["般"], 18, place.numbers.get("般", ""))
    r = sheet.row
    for col, head in ((1, "科目编码"), (2, "科目名称")):
        sheet.put(r, col, head), sheet.merge(r, col, r + 2, col)
    col = 3
    for band, heads in BANDS:
        sheet.put(r, col, band), sheet.merge(r, col, r, col + len(heads) - 1)
        for i, head in enumerate(heads):
            low = head in ("小计", "人员经费", "公用经费", "项目支出结转", "项目支出结余")
            sheet.put(r + 1 + low, col + i, head)
        col += len(heads)
    sheet.put(r + 1, 10, "基本支出"), sheet.merge(r + 1, 10, r + 1, 12)
    sheet.put(r + 1, 16, "项目支出结转和结余"), sheet.merge(r + 1, 16, r + 1, 18)
    sheet.put(r + 3, 1, "栏次")
    for i in range(16):
        sheet.put(r + 3, 3 + i, i + 1)
    for line, (code, (name, value)) in enumerate(
        [("合计", ("", TOTAL_OUT)), *CODES.items()], r + 4
    ):
        basic, project = _parts(value)
        before, after = (BEFORE, AFTER) if project else (0, 0)
        public = 186500 if code in ("合计", "212", "21201", "2120101") else 0
        sheet.put(line, 1, code), sheet.put(line, 2, name or None)
        figures = (
            *(before, 0, before),
            *(value - before + after, basic, project - before + after),
            *(value, basic, basic - public, public, project),
            *(after, 0, after, after, 0),
        )
        for i, figure in enumerate(figures):
            sheet.money(line, 3 + i, figure)
    sheet.put(r + 14, 1, "注：本表反映部门本年度一般公共预算财政拨款的收支余情况。")
    return sheet


def _fiscal(place):
    step = 3 if place.lines else 2
    width = 2 * step + 3
    sheet = Sheet(place, place.titles["财"], width, place.numbers.get("财", ""))
    r = sheet.row
    sheet.put(r, 1, "收入"), sheet.put(r, step + 1, "支出")
    sheet.merge(r, 1, r, step)
    sheet.merge(r, step + 1, r, width)
    (
        sheet.put(r + 1, 1, "项目"),
        sheet.put(r + 1, step + 1, "项目"),
        sheet.put(r + 1, step, place.amount),
    )
    if place.lines:
        sheet.put(r + 1, 2, "行次"), sheet.put(r + 1, step + 2, "行次")
    for i, head in enumerate(
        ("合计", FISCAL, "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
    ):
        sheet.put(r + 1, 2 * step + i, head)
    r += 2
    if place.lines:
        sheet.put(r, 1, "栏次"), sheet.put(r, step, 1)
        for i in range(4):
            sheet.put(r, 2 * step + i, i + 2)
        r += 1
    funds = [FISCAL, "政府性基金预算财政拨款", "国有资本经营预算财政拨款"]
    left = [(f"{ORDINALS[i]}、{f}", TOTAL_IN if i == 0 else 0) for i, f in enumerate(funds)]
    again = [
        (f"{ORDINALS[i]}、{f}" if not place.lines else f, BEFORE if i == 0 else 0)
        for i, f in enumerate(funds)
    ]
    right = [
        (f"{ORDINALS[i]}、{n}", _function(n)) for i, n in enumerate(FUNCTIONS[: place.functions])
    ]
    right += [
        ("本年支出合计", TOTAL_OUT),
        ("年末财政拨款结转和结余", AFTER),
        ("", None),
        ("", None),
        ("", None),
        ("总计", TOTAL_OUT + AFTER),
    ]
    left += [("", None)] * (len(right) - 9) + [
        ("本年收入合计", TOTAL_IN),
        ("年初财政拨款结转和结余", BEFORE),
        *again,
        ("总计", TOTAL_IN + BEFORE),
    ]
    for i, (one, other) in enumerate(zip(left, right, strict=True)):
        sheet.put(r + i, 1, one[0] or None), sheet.put(r + i, step + 1, other[0] or None)
        if place.lines:
            sheet.put(r + i, 2, i + 1), sheet.put(r + i, step + 2, len(left) + i + 1)
        sheet.money(r + i, step, one[1])
        if other[0]:
            for j, value in enumerate((other[1], other[1], 0, 0)):
                sheet.money(r + i, 2 * step + j, value)
    return sheet


def _basic(place):
    width = 3 * place.basic
    sheet = Sheet(place, place.titles["基"], width, place.numbers.get("基", ""))
    r = sheet.row
    sheet.put(r, 1, "人员经费"), sheet.put(r, 4, "公用经费")
    sheet.merge(r, 1, r, 3)
    sheet.merge(r, 4, r, width)
    code = "经济分类科目编码" if not place.lines else "科目编码"
    for left in range(1, width, 3):
        for i, head in enumerate((code, "科目名称", "决算数")):
            sheet.put(r + 1, left + i, head)
    r += 2
    people = [(c, *v) for c, v in BASIC.items() if c[:3] in ("301", "303")]
    public = [(c, *v) for c, v in BASIC.items() if c[:3] == "302"]
    blocks = [people, public] if place.basic == 2 else [people, public[:2], public[2:]]
    for block, lines in enumerate(blocks):
        for i, (c, name, value) in enumerate(lines):
            sheet.put(r + i, 3 * block + 1, c), sheet.put(r + i, 3 * block + 2, name)
            sheet.money(r + i, 3 * block + 3, value)
    end = r + max(map(len, blocks))
    sheet.put(end, 1, "人员经费合计"), sheet.money(end, 3, 1858700)
    (
        sheet.put(end, width - 2 if place.basic == 2 else 4, "公用经费合计"),
        sheet.money(end, width, 186500),
    )
    sheet.merge(end, 1, end, 2)
    if place.basic == 3:
        sheet.merge(end, 4, end, 8)
    return sheet


MONEY = {value for pair in CARS.values() for value in pair} - {0} | {186500}
MORE = (
    ("国内接待费", None, 18000),
    ("其中：外事接待费",),
    ("国（境）外接待费",),
    ("因公出国（境）团组数",),
    ("因公出国（境）人次数",),
    ("公务用车购置数",),
    ("公务用车保有量", None, 1),
    ("国内公务接待批次", None, 50),
    ("其中：外事接待批次",),
    ("国内公务接待人次", None, 150),
    ("其中：外事接待人次",),
    ("国（境）外公务接待批次",),
    ("国（境）外公务接待人次",),
    ("机关运行经费", None, 186500),
    ("行政单位", None, 0),
    ("参照公务员法管理事业单位", None, 186500),
)


def _with_more():
    """Lines of 公开10 of Yunnan: 三公, how many, what running the office costs."""
    yield "项目", "预算数", "决算数"
    for name, figures in CARS.items():
        label = "“三公”经费合计" if name == "三公经费合计" else PRINTED[name]
        yield label, *(figure or None for figure in figures)
    yield from MORE


def _cars(place):
    names = list(PRINTED)
    if place.cars == "lines":
        sheet = Sheet(place, place.titles["公"], 3)
        r = sheet.row
        for i, head in enumerate(("项  目", "预 算 数", "决 算 数")):
            sheet.put(r, 1 + i, head)
        order = [names[0], names[1], names[5], names[2], names[4], names[3]]
        for i, name in enumerate(order, 1):
            label = {
                "三公经费合计": "合  计",
                "公务用车运行维护费": "其中：公务用车运行维护费",
            }.get(name, PRINTED[name])
            sheet.put(r + i, 1, label)
            for j, value in enumerate(CARS[name]):
                sheet.money(r + i, 2 + j, value)
        return sheet
    if place.cars == "more":
        sheet = Sheet(place, place.titles["公"], 3, place.numbers.get("公", ""))
        for i, line in enumerate(_with_more(), sheet.row):
            sheet.put(i, 1, line[0])
            for j, value in enumerate(line[1:], 2):
                (sheet.money if value in MONEY else sheet.put)(i, j, value)
        return sheet
    sheet = Sheet(place, place.titles["公"], 12, place.numbers.get("公", ""))
    r = sheet.row
    if place.cars == "halves":
        for side, kind in enumerate(("预算数", "决算数")):
            left = 1 + 6 * side
            sheet.put(r, left, kind)
            sheet.merge(r, left, r, left + 5)
            for i, head in (
                (0, "合计"),
                (1, "因公出国（境）费"),
                (2, "公务用车购置及运行维护费"),
                (5, "公务接待费"),
            ):
                sheet.put(r + 1, left + i, head)
            sheet.merge(r + 1, left + 2, r + 1, left + 4)
            for i, head in ((2, "小计"), (3, "公务用车购置费"), (4, "公务用车运行维护费")):
                sheet.put(r + 2, left + i, head)
        for i in range(12):
            sheet.put(r + 3, 1 + i, i + 1)
        figures = [CARS[n][side] for side in (0, 1) for n in names]
        r += 4
    else:
        sheet.put(r, 1, "财政拨款“三公”经费")
        sheet.merge(r, 1, r, 12)
        for i, head in (
            (0, "合计"),
            (2, "因公出国（境）费"),
            (4, "公务用车购置及运行维护费"),
            (10, "公务接待费"),
        ):
            sheet.put(r + 1, 1 + i, head)
            sheet.merge(r + 1, 1 + i, r + 1 if i == 4 else r + 2, 1 + i + (5 if i == 4 else 1))
        for i, head in ((4, "小计"), (6, "公务用车购置费"), (8, "公务用车运行维护费")):
            sheet.put(r + 2, 1 + i, head)
            sheet.merge(r + 2, 1 + i, r + 2, 2 + i)
        for i in range(12):
            sheet.put(r + 3, 1 + i, ("预算数", "决算数")[i % 2])
        figures = [value for n in names for value in CARS[n]]
        r += 4
    for i, value in enumerate(figures):
        sheet.money(r, 1 + i, value)
    sheet.put(r + 1, 1, "注：本表反映部门本年度“三公”经费支出预决算情况。")
    return sheet


NAMINGS = ("numbers", "titles", "plain")


def write(place: Place, path, seed=1, naming="titles", change=None) -> None:
    """The workbook of a place; the order of its sheets follows from the seed."""
    rng = random.Random(seed)
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "封面"
    for line in (["决算报表封面"], [], ["单位代码", "U001"], ["年度", YEAR], ["单位名称", OWNER]):
        cover.append(line)
    every = list(sheets(place).items())
    if change is not None:
        change(dict(every))
    rng.shuffle(every)
    for i, (key, sheet) in enumerate(every):
        names = {
            "numbers": place.numbers.get(key, sheet.title),
            "titles": f"GK{i:02d} {sheet.title}"[:31],
            "plain": f"Sheet{i + 1}",
        }
        made = book.create_sheet(names[naming].replace("“", "").replace("”", ""))
        for (row, col), value in sheet.cells.items():
            made.cell(row, col, value)
        for top, left, bottom, right in sheet.merged:
            made.merge_cells(f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}")
    book.save(path)
