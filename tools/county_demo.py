"""Writes datasets/county-demo: workbooks of forty-five invented units, clean ones and ones with planted faults, and the truth of what must be found.

    python tools/county_demo.py [FOLDER]

The same bytes each time. Every figure is invented.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from county_figures import KINDS, Figures, Rows, added_up, invent, money, offset, tables
from gouji.app.books import load_book
from gouji.intake import address
from gouji.returns import Input, Planned, fill, plan_sheets, workbook_bytes
from gouji.rules import Table

YEAR = 2023
FORMS = (
    "单位",
    "收入支出决算表",
    "收入决算表",
    "支出决算表",
    "财政拨款收入支出决算表",
    "财政拨款支出功能分类表",
    "一般公共预算财政拨款支出决算表",
    "一般公共预算财政拨款基本支出决算表",
    "一般公共预算财政拨款项目支出决算表",
    "政府性基金预算财政拨款收入支出决算表",
    "财政拨款三公经费和机关运行经费情况表",
    "一般公共预算财政拨款三公经费情况表",
    "国有资产使用情况表",
    "政府采购情况表",
)
MORE = ("对附属单位补助明细", "报送户数情况表", "三公经费")
PLACES = ("青山", "云岭", "白塔", "龙泉", "石门", "金沙", "碧溪", "太和")
BODIES = ("财政所", "农业农村服务中心", "小学", "综合执法队", "社会保障所")


@dataclass(slots=True)
class Unit:
    """One workbook in the making: its sheets, the value of every cell, what was spoilt."""

    code: str
    name: str
    file: str
    sheets: list[Planned]
    values: dict[tuple[str, int, int], Any]
    spoilt: list[tuple[str, str, str]] = field(default_factory=list)

    def at(self, table: str, column: str, word: str = "") -> tuple[str, int, int]:
        """The cell of a column; of a listing, in the line that says `word` somewhere."""
        for sheet in self.sheets:
            for (row, col), given in sorted(sheet.inputs.items()):
                if (
                    given.table.table == table
                    and given.column.name == column
                    and (not word or self._says(sheet, row, word))
                ):
                    return sheet.name, row, col
        raise KeyError((table, column, word))

    def _says(self, sheet: Planned, row: int, word: str) -> bool:
        return any(
            value == word
            for (name, r, _c), value in self.values.items()
            if name == sheet.name and r == row
        )

    def set(self, fault: str, at: tuple[str, int, int], value: Any) -> None:
        """Change one cell and write it down."""
        self.values[at] = value
        self.spoilt.append((fault, at[0], address(at[1], at[2])))


def _swapped(value: Decimal) -> Decimal:
    """Two neighbouring digits that differ, changed over."""
    text = f"{value:f}"
    for i in range(len(text) - 1):
        a, b = text[i], text[i + 1]
        if a.isdigit() and b.isdigit() and a != b and (i or b != "0"):
            return Decimal(text[:i] + b + a + text[i + 2 :])
    return value + Decimal("0.09")


def transposed(unit: Unit) -> None:
    at = unit.at("收入支出决算表", "社会保障和就业支出")
    unit.set("数字颠倒", at, _swapped(unit.values[at]))


def ten_thousandfold(unit: Unit) -> None:
    for column in ("公务接待费决算数", "公务用车运行维护费决算数"):
        at = unit.at("一般公共预算财政拨款三公经费情况表", column)
        unit.set("元当万元", at, unit.values[at] * 10000)


def sign(unit: Unit) -> None:
    at = unit.at("支出决算表", "基本支出", "2210201")
    unit.set("正负号", at, -unit.values[at])


def stale_total(unit: Unit) -> None:
    at = unit.at("收入决算表", "财政拨款收入", "合计")
    unit.set("合计没有更新", at, unit.values[at] - Decimal("12.34"))


def wrong_year(unit: Unit) -> None:
    for word in [
        w
        for w in ("2010302", "2050299", "2120199", "2130199")
        if any(v == w for v in unit.values.values())
    ]:
        for column in ("年末结转和结余", "年末项目支出结转和结余"):
            at = unit.at("一般公共预算财政拨款支出决算表", column, word)
            other = unit.at("一般公共预算财政拨款支出决算表", column.replace("年末", "年初"), word)
            unit.set("填了上年的列", at, unit.values.get(other, Decimal(0)) + Decimal("7.77"))


def shifted(unit: Unit) -> None:
    columns = ["社会保障和就业支出", "卫生健康支出", "节能环保支出"]
    cells = [unit.at("收入支出决算表", c) for c in columns]
    old = [unit.values.get(c) for c in cells]
    for cell, value in zip(cells, [Decimal("0.00"), *old[:-1]], strict=True):
        unit.set("错行", cell, value)


def text_number(unit: Unit) -> None:
    at = unit.at("财政拨款三公经费和机关运行经费情况表", "三公经费合计决算数")
    unit.set("数写成了文字", at, f"约{unit.values[at]}左右")


def missing_sheet(unit: Unit) -> None:
    unit.sheets = [s for s in unit.sheets if s.name != "公开03表"]
    unit.spoilt.append(("缺工作表", "", ""))


def too_many_cars(unit: Unit) -> None:
    at = unit.at("财政拨款三公经费和机关运行经费情况表", "公务用车保有量")
    unit.set("保有量多写了一位", at, unit.values[at] * 10 + 2)


def unknown_class(unit: Unit) -> None:
    for word in ("221", "22102", "2210201"):
        at = unit.at("收入决算表", "科目编码", word)
        unit.set("没有这个科目", at, "218" + word[3:])


def stale_summary(unit: Unit) -> None:
    """A unit corrected its form after the department had added up."""
    at = unit.at("财政拨款三公经费和机关运行经费情况表", "国内公务接待批次")
    unit.values[at] += 1
    at = unit.at("财政拨款三公经费和机关运行经费情况表", "其中外事接待费决算数")
    unit.set("户表改了没有重新汇总", at, Decimal("0.05"))


def understated_grant(unit: Unit) -> None:
    """The unit entered less than the unit above it says it gave; its own forms agree with each other."""
    at = unit.at("收入支出决算表", "上级补助收入")
    unit.spoilt.append(("少列上级补助", at[0], address(at[1], at[2])))


def hidden_year(unit: Unit) -> None:
    sheet = next(s for s in unit.sheets if s.name == "公开06表")
    sheet.labels[0, 0] = "2022年度一般公共预算财政拨款基本支出决算表"
    unit.spoilt.append(("上年的表", "公开06表", "A1"))


# Things that units do and that are no faults: nothing may be found.
def renamed(unit: Unit) -> None:
    for number, sheet in enumerate(unit.sheets, 1):
        _rename(unit, sheet, f"Sheet{number}")


def _rename(unit: Unit, sheet: Planned, name: str) -> None:
    old, sheet.name = sheet.name, name
    for key in [k for k in unit.values if k[0] == old]:
        unit.values[name, key[1], key[2]] = unit.values.pop(key)


def moved(unit: Unit) -> None:
    """Two more lines at the top and a column of remarks at the left of every sheet but the cover."""
    for sheet in unit.sheets[1:]:
        down, right = 2, 1
        sheet.labels = {(r + down, c + right): t for (r, c), t in sheet.labels.items()} | {
            (0, 0): "附件"
        }
        sheet.inputs = {(r + down, c + right): i for (r, c), i in sheet.inputs.items()}
        sheet.headers = {(r + down, c + right) for r, c in sheet.headers}
        sheet.merged = [(a + down, b + right, c + down, d + right) for a, b, c, d in sheet.merged]
    for key in [k for k in unit.values if k[0] != "封面"]:
        unit.values[key[0] + "\0", key[1] + 2, key[2] + 1] = unit.values.pop(key)
    unit.values = {(name.rstrip("\0"), r, c): v for (name, r, c), v in unit.values.items()}


def in_yuan(unit: Unit) -> None:
    """Amounts in 元 under a line that says so."""
    for sheet in unit.sheets:
        for at, text in list(sheet.labels.items()):
            if text == "单位：万元":
                sheet.labels[at] = "单位：元"
        for (row, col), given in sheet.inputs.items():
            key = (sheet.name, row, col)
            if given.column.type == "money" and key in unit.values:
                unit.values[key] *= 10000


def typed_as_text(unit: Unit) -> None:
    """Thousands commas, full-width digits, dashes: readable, so nothing is found."""
    for (name, row, col), value in list(unit.values.items()):
        if name == "公开01表" and isinstance(value, Decimal):
            text = f"{value:,.2f}"
            unit.values[name, row, col] = (
                text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
                if row % 2
                else text
            )


Change = Callable[[Unit], None]
PLAN: dict[int, Change] = {
    3: transposed,
    5: ten_thousandfold,
    7: sign,
    9: stale_total,
    11: wrong_year,
    13: shifted,
    15: text_number,
    17: missing_sheet,
    19: renamed,
    21: moved,
    23: in_yuan,
    25: typed_as_text,
    27: hidden_year,
    29: transposed,
    31: stale_total,
    33: ten_thousandfold,
    35: sign,
    26: too_many_cars,
    34: unknown_class,
    16: understated_grant,
    43: stale_summary,
}
TWICE, ABSENT, STRANGER = 37, (6, 28), 40
# A copy of another unit's forms under its own name.
COPY, COPIED = 45, 20
# Departments: the summary, the 调整表, the unit that gives grants, those that receive them and how much (hundredths of 万元), other units.
DEPARTMENTS: tuple[tuple[int, int, int, dict[int, int], tuple[int, ...]], ...] = (
    (41, 42, 2, {12: 1250, 22: 800}, (32,)),
    (43, 44, 8, {10: 900, 16: 1500}, (18,)),
)
ABOVE = {
    unit: summary
    for summary, adjusted, giver, takers, others in DEPARTMENTS
    for unit in (adjusted, giver, *takers, *others)
}
SHORT = 250


def figures(index: int) -> tuple[Rows, str]:
    """The rows of one unit's forms, and what kind of unit it is."""
    rng = Random(f"county-demo {COPIED if index == COPY else index}")
    kind = KINDS[(COPIED if index == COPY else index) % 3]
    made = invent(rng, kind, "205" if index in ABOVE else None)
    for _sum, _adjusted, giver, takers, _others in DEPARTMENTS:
        if index == giver:
            _give(made, sum(takers.values()))
        if index in takers:
            made.received = _received(index, takers[index])
            made.own_spent += made.received
    return tables(made, rng), kind


def _give(made: Figures, amount: int) -> None:
    """Grants out of what the unit earned itself."""
    made.granted = amount
    made.own_income += amount


def _received(index: int, granted: int) -> int:
    """What a unit entered of a grant."""
    return granted - (SHORT if PLAN.get(index) is understated_grant else 0)


def _summary(index: int) -> Rows | None:
    """The rows of a department: of a summary all that was filed below it, of a 调整表 what takes the inner grants out."""
    for summary, adjusted, giver, takers, others in DEPARTMENTS:
        if index == adjusted:
            return offset(sum(_received(*taker) for taker in takers.items()))
        if index == summary:
            parts = [figures(unit)[0] for unit in (giver, *takers, *others)]
            made = added_up([*parts, _summary(adjusted) or {}])
            sangong = made["财政拨款三公经费和机关运行经费情况表"][0]
            made["三公经费"] = [
                {"预算数": sangong["三公经费合计预算数"], "决算数": sangong["三公经费合计决算数"]}
            ]
            made["报送户数情况表"] = [_counts([unit % 3 for unit in (giver, *takers, *others)])]
            return made
    return None


def _counts(kinds: list[int]) -> dict[str, Any]:
    n = len(kinds)
    return {
        "单位户数合计": n,
        "行政单位户数": kinds.count(0),
        "行政类事业单位户数": kinds.count(1),
        "公益一类事业单位户数": kinds.count(2),
        "政府会计制度户数": n,
        "县级户数": n,
        "录入户数合计": n + 1,
        "单户表户数": n,
        "调整表户数": 1,
    }


def _cover(index: int) -> dict[str, Any]:
    """Who the unit is."""
    code, name, kind, small = (
        f"X{index:03}",
        f"示例县{PLACES[index % 8]}{BODIES[index % 5]}",
        KINDS[index % 3],
        "单户表",
    )
    for number, (summary, adjusted, *_rest) in enumerate(DEPARTMENTS):
        if index in (summary, adjusted):
            name = f"示例县{('教育', '体育')[number]}系统" + (
                "汇总" if index == summary else "调整表"
            )
            kind, small = "", "叠加汇总表" if index == summary else "调整表"
    if index == COPY:
        kind, name = KINDS[COPIED % 3], f"示例县南山{BODIES[3]}"
    cover = {
        "单位代码": code,
        "年度": YEAR,
        "单位名称": name,
        "单位类型": kind,
        "主管部门": "示例县财政局",
        "报表小类": small,
    }
    return cover | ({"上级单位代码": f"X{ABOVE[index]:03}"} if index in ABOVE else {})


def build(index: int, described: dict[str, Table]) -> Unit:
    """One unit, spoilt as planned."""
    made = _summary(index)
    if made is None:
        made, _kind = figures(index)
    cover = _cover(index)
    code, name = cover["单位代码"], cover["单位名称"]
    made["单位"] = [cover]
    for _sum, _adjusted, giver, takers, _others in DEPARTMENTS:
        if index == giver:
            made["对附属单位补助明细"] = [
                {
                    "附属单位代码": f"X{unit:03}",
                    "附属单位名称": _cover(unit)["单位名称"],
                    "补助支出": money(amount),
                }
                for unit, amount in sorted(takers.items())
            ]
    longest = max(len(rows) for rows in made.values())
    sheets = list(
        plan_sheets([described[t] for t in (*FORMS, *(t for t in MORE if t in made))], longest)
    )
    for sheet in sheets:
        if (1, 0) in sheet.labels:
            sheet.labels[1, 0] = f"编制单位：{name}"
        sheet.labels[0, 0] = f"{YEAR}年度{sheet.title}" if sheet.name != "封面" else sheet.title
        last = max((row for (s, row, _c) in fill([sheet], made) if s == sheet.name), default=0)
        sheet.inputs = {
            at: i for at, i in sheet.inputs.items() if at[0] <= max(last, _fixed(sheet.inputs))
        }
    unit = Unit(code, name, f"{code}_{name}.xlsx", sheets, fill(sheets, made))
    if index in PLAN:
        PLAN[index](unit)
    return unit


def _fixed(inputs: dict[tuple[int, int], Input]) -> int:
    return max((row for (row, _col), given in inputs.items() if given.line < 0), default=0)


def write(folder: Path) -> None:
    """All files of the dataset."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.xlsx"):
        old.unlink()
    described = load_book("final-accounts").tables
    truth: list[tuple[str, ...]] = []
    expected = []
    for index in range(1, COPY + 1):
        unit = build(index, described)
        if index != STRANGER:
            expected.append(
                (unit.code, str(YEAR), unit.name, f"X{ABOVE[index]:03}" if index in ABOVE else "")
            )
        if index in ABSENT:
            truth.append((unit.code, "", "没有报", "", ""))
            continue
        (folder / unit.file).write_bytes(workbook_bytes(unit.sheets, unit.values, notes=False))
        truth += [(unit.code, unit.file, *one) for one in unit.spoilt]
        if index == TWICE:
            again = unit.file.replace(".xlsx", "(改).xlsx")
            at = unit.at("国有资产使用情况表", "流动资产")
            unit.values[at] += 1
            (folder / again).write_bytes(workbook_bytes(unit.sheets, unit.values, notes=False))
            # Of two files the one that is called a correction counts, and its total was not changed with it.
            truth.append((unit.code, again, "更正稿没有改合计", at[0], address(at[1], at[2])))
        if index == STRANGER:
            truth.append((unit.code, unit.file, "不在应报清单", "", ""))
        # Found in figures of several units: no cell of one's own is wrong.
        if index in (COPY, COPIED):
            truth.append((unit.code, unit.file, "照抄别的单位", "", ""))
        if index in {ABOVE[unit] for unit, change in PLAN.items() if change is understated_grant}:
            truth.append((unit.code, unit.file, "部门内部往来没有对上", "", ""))
    (folder / "应报清单.csv").write_text(
        _csv(("单位代码", "年度", "单位名称", "上级单位代码"), expected), "utf-8"
    )
    (folder / "expect").mkdir(exist_ok=True)
    (folder / "expect" / "truth.csv").write_text(
        _csv(("单位代码", "文件", "故障", "工作表", "格子"), truth), "utf-8"
    )
    (folder / "dataset.yaml").write_text(_HEAD, "utf-8")


def _csv(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


_HEAD = """dataset: county-demo
title: 示例县2023年度部门决算公开表
source: tools/county_demo.py
invented: true
rules: final-accounts
beside: [expect]
note: >-
  四十五个虚构的报送单位（其中两个部门汇总、两张调整表），数和名称都是编的。有的工作簿里故意放了错，expect/truth.csv 写明放了什么、在哪个格子；其余的没有错，也有只是写法不同的（表名改了、
  多了行和列、用元、用全角和千分位）。两个单位没有报，一个报了更正稿而没有改合计，一个不在应报清单里，一个照抄别的单位。
"""

if __name__ == "__main__":
    write(
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else Path(__file__).parent.parent / "datasets" / "county-demo"
    )
