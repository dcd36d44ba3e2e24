"""Self-evaluation forms (财预〔2020〕10号) in the layouts found in practice: the same project gives the same money, targets, marks and total."""

import openpyxl
import pytest

from gouji.app import load_book
from gouji.intake import receive
from gouji.run import connect

TABLES = load_book("final-accounts").tables
# First and second level, name, sign, target, unit, actual, weight, mark.
INDICATORS = (
    ("产出指标", "数量指标", "检测样品数量", "≥", "50", "个", "52", 20, 20),
    ("产出指标", "质量指标", "报告合格率", "=", "100", "%", "100%", 20, 20),
    ("产出指标", "时效指标", "提交报告及时性", "定性", "及时", "", "及时", 10, 10),
    ("效益指标", "社会效益指标", "检测结果利用率", "≥", "80", "%", "79%", 30, 29.6),
    ("满意度指标", "服务对象满意度", "公众满意度", "≥", "95", "%", "96%", 10, 10),
)
MONEY = (
    ("年度资金总额", 90, 89.97, 76.26),
    ("其中：本年财政拨款", 90, 89.97, 76.26),
    ("上年结转资金", 0, 0, 0),
    ("其他资金", None, None, None),
)
RATE, TOTAL = "84.76%", 98.08


def target(sign, value, unit):
    return value if sign == "定性" else f"{sign}{value}{unit}"


class Lines(list):
    def add(self, *values):
        self.append(list(values))


def layout_a(
    money="万元",
    heads=("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
    columns=("年度指标值", "实际完成值"),
    title="项目支出绩效自评表",
    factor=1,
    fiscal="其中：本年财政拨款",
    weights=False,
    filler=False,
    name="项目名称",
):
    """The pattern: money, goals, indicators, total. Targets as ≥95% in one cell."""
    lines = Lines()
    lines.add(title)
    lines.add("（2023年度）")
    if name:
        lines.add(name, "样品检测项目")
    lines.add("主管部门", "219-甲局", None, None, "实施单位", "219001-甲局本级")
    lines.add(f"项目资金（{money}）", None, None, *heads)
    for i, (label, *figures) in enumerate(MONEY):
        label = fiscal if i == 1 else label + ("：" if filler and not i else "")
        money_marks = (10, RATE, 8.48) if i == 0 else ("—", None, "—")
        lines.add(
            None,
            None,
            label,
            *(f if f is None else round(f * factor, 2) for f in figures),
            *money_marks,
        )
    lines.add("年度总体目标", "预期目标", None, None, None, "实际完成情况")
    lines.add(None, "检测50个样品。", None, None, None, "检测52个样品。")
    lines.add(
        "绩效指标",
        "一级指标",
        "二级指标",
        "三级指标",
        *columns,
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    )
    above = ("", "")
    for first, second, label, sign, value, unit, actual, weight, mark in INDICATORS:
        shown = f"{first}(50分)" if weights and first == "产出指标" else first
        lines.add(
            None,
            None if above[0] == first else shown,
            second,
            label,
            target(sign, value, unit),
            actual,
            weight,
            mark,
            "无",
        )
        if filler and second == "时效指标":
            lines.add(None, None, None, "指标2：", None, None, None, None, None)
            lines.add(None, None, None, "……", None, None, None, None, None)
        above = first, second
    lines.add("总分", None, None, None, None, None, 100, TOTAL)
    lines.add("注：1.得分一档最高不能超过该指标分值上限。")
    return lines


def layout_three(
    signs=("指标性质", "指标值", "度量单位"),
    order=(0, 1, 2, 3),
    actual="完成值",
    weight="权重",
    reason="未完成原因分析",
):
    """四川、天津: sign, value and unit in a column each; goals before the money."""
    lines = Lines()
    lines.add("部门预算项目支出绩效自评表(2023年度)")
    lines.add("项目名称", "样品检测项目")
    lines.add("主管部门", "甲局", None, "实施单位（盖章）", "甲局本级")
    lines.add("项目基本情况", "1.项目年度目标完成情况", "项目年度目标", None, "年度目标完成情况")
    lines.add(None, None, "检测50个样品", None, "检测52个样品")
    lines.add(
        "预算执行情况(10分)",
        "年度预算数（万元）",
        "年初预算",
        "调整后预算数",
        "预算执行数",
        "预算执行率",
        weight,
        "得分",
        "原因",
    )
    for i, (label, *figures) in enumerate(MONEY):
        label = ("总额", "其中：财政资金", "上年结转资金", "其他资金")[i]
        lines.add(None, label, *figures, *((RATE, 10, 8.48) if i == 0 else ("/", "/", "/")), None)
    heads = [*signs, actual]
    lines.add(
        "绩效指标(90分)",
        "一级指标",
        "二级指标",
        "三级指标",
        *(heads[i] for i in order),
        weight,
        "得分",
        reason,
    )
    above = ""
    for first, second, label, sign, value, unit, done, points, mark in INDICATORS:
        values = [sign, value, unit, done]
        lines.add(
            None,
            None if above == first else first,
            second,
            label,
            *(values[i] for i in order),
            points,
            mark,
        )
        above = first
    lines.add("合计", None, None, None, None, None, None, None, 100, TOTAL)
    lines.add("评价结论", "项目按计划完成。")
    lines.add("存在问题", "无")
    lines.add("项目负责人：张三", None, None, "财务负责人：李四")
    return lines


LAYOUTS = {
    "the pattern of 财预〔2020〕10号": layout_a(),
    "Shanghai, in 元": layout_a("元", title="财政项目支出绩效自评表", factor=10000, fiscal="其中：当年财政拨款"),
    "Anhui, weights in the first level, fillers": layout_a(weights=True, filler=True),
    "Anhui, (A) (B) (B/A)": layout_a(heads=("年初预算数", "全年预算数（A）", "全年执行数（B）", "分值", "执行率（B/A）", "得分"), columns=("年度指标值（A）", "实际完成值（B）")),
    "a county, 年初目标值(A)": layout_a(columns=("年初目标值(A)", "实际完成值(B)")),
    "Sichuan, three columns": layout_three(),
    "Tianjin, value before unit": layout_three(("计算符号", "指标值", "计量单位"), order=(0, 1, 3, 2), actual="实际完成值", weight="分值", reason="偏差原因分析及改进措施"),
}  # fmt: skip


def book_of(path, **every):
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "封面"
    for line in (["单位代码", "U001"], ["年度", 2023], ["单位名称", "甲局"]):
        cover.append(line)
    for name, lines in every.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.data_type = "s"
    book.save(path / "a.xlsx")
    return receive(connect(), path, dict(TABLES))


def values(found, table, *columns):
    rows = found.held.rows(TABLES[table], "U001", 2023)
    return [
        tuple(
            str(row.cells[c].value) if c in row.cells and row.cells[c].value is not None else ""
            for c in columns
        )
        for row in rows
    ]


def told(found):
    return [(p.at.sheet, p.at.cell, p.what) for p in found.problems if not p.note]


@pytest.mark.parametrize("lines", LAYOUTS.values(), ids=LAYOUTS)
def test_the_same_project_in_every_layout(lines, tmp_path):
    found = book_of(tmp_path, 自评=lines)
    assert told(found) == []
    money = (
        "年度资金总额年初预算数",
        "年度资金总额全年预算数",
        "年度资金总额全年执行数",
        "本年财政拨款全年执行数",
        "执行率",
        "执行率分值",
        "执行率得分",
        "总分值",
        "总得分",
    )
    assert values(found, "项目支出绩效自评表", "项目名称", *money) == [
        (
            "样品检测项目",
            "900000.00",
            "899700.00",
            "762600.00",
            "762600.00",
            "0.847600",
            "10.00",
            "8.48",
            "100.00",
            "98.08",
        )
    ]
    read = values(
        found,
        "项目绩效指标完成情况表",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
    )
    assert read == [
        (second, label, target(sign, value, unit), actual, f"{weight:.2f}", f"{mark:.2f}")
        for _first, second, label, sign, value, unit, actual, weight, mark in INDICATORS
    ]


def test_projects_one_below_another_and_sheet_by_sheet(tmp_path):
    """Several projects on one sheet, another one on its own sheet: each is its own, none lends another its figures."""
    other = [
        ["乙项目" if v == "样品检测项目" else 1 if v == 90 else v for v in line]
        for line in layout_a()
    ]
    third = [["丙项目" if v == "样品检测项目" else v for v in line] for line in layout_a()]
    found = book_of(tmp_path, 自评=[*layout_a(), [], ["-1-"], *other], 第二张=third)
    assert told(found) == []
    assert values(found, "项目支出绩效自评表", "项目名称", "年度资金总额年初预算数") == [
        ("样品检测项目", "900000.00"),
        ("乙项目", "10000.00"),
        ("丙项目", "900000.00"),
    ]
    read = values(found, "项目绩效指标完成情况表", "项目名称")
    assert [read.count((name,)) for name in ("样品检测项目", "乙项目", "丙项目")] == [5, 5, 5]


def renamed(lines, name, budget):
    """The same form for another project with another first figure."""
    return [
        [name if v == "样品检测项目" else budget if v == 90 else v for v in line] for line in lines
    ]


MIXED = (layout_a(), layout_three(), layout_a(title="财政项目支出绩效自评表（2023年度）"))


@pytest.mark.parametrize("way", ["one below another", "sheet by sheet"])
def test_projects_in_different_layouts(way, tmp_path):
    """Two layouts on one sheet, with the title of one of them twice; on separate sheets some have other names."""
    forms = [renamed(MIXED[i % 3], f"项目{i}", 10 + i) for i in range(5)]
    if way == "one below another":
        found = book_of(tmp_path, 自评=[line for form in forms for line in (*form, ["- 3 -"], [])])
    else:
        found = book_of(tmp_path, **{f"第{i}张": form for i, form in enumerate(forms)})
    assert told(found) == []
    money = values(found, "项目支出绩效自评表", "项目名称", "年度资金总额年初预算数")
    assert sorted(money) == [(f"项目{i}", f"{10 + i}0000.00") for i in range(5)]
    read = values(found, "项目绩效指标完成情况表", "项目名称", "三级指标")
    assert sorted(read) == sorted((f"项目{i}", line[2]) for i in range(5) for line in INDICATORS)


@pytest.mark.parametrize(
    "title",
    ["项目支出绩效自评表（2023年度）", "2023年度项目支出绩效自评表", "项目支出绩效自评表2023年度"],
)
def test_the_year_may_stand_before_or_behind_the_title(title, tmp_path):
    found = book_of(tmp_path, Sheet1=[[title], *layout_a()[2:]])
    assert told(found) == []
    assert values(found, "项目支出绩效自评表", "项目名称") == [("样品检测项目",)]


def test_fillers_of_the_template_are_no_indicators(tmp_path):
    found = book_of(tmp_path, 自评=layout_a(filler=True))
    assert told(found) == []
    read = values(found, "项目绩效指标完成情况表", "三级指标")
    assert read == [(line[2],) for line in INDICATORS]


def test_the_whole_department(tmp_path):
    lines = layout_a(title="部门整体支出绩效自评表", name="")
    found = book_of(tmp_path, 部门自评=lines)
    assert told(found) == []
    assert values(
        found, "部门整体绩效自评表", "年度资金总额全年执行数", "执行率得分", "总得分"
    ) == [("762600.00", "8.48", "98.08")]
    read = values(found, "部门绩效指标完成情况表", "一级指标", "三级指标", "年度指标值", "得分")
    assert len(read) == 5 and read[3] == ("效益指标", "检测结果利用率", "≥80%", "29.60")


LETTERS = {
    "one after another": ("年初预算数（A）", "全年预算数（B）", "全年执行数（C）", "执行率（C/B）"),
    "half-width": ("年初预算数(A)", "全年预算数(B)", "全年执行数(C)", "执行率(C/B)"),
    "from the second on": ("年初预算数", "全年预算数(A)", "全年执行数(B)", "执行率（B/A）"),
}


@pytest.mark.parametrize("heads", LETTERS.values(), ids=LETTERS)
def test_letters_of_columns_say_nothing(heads, tmp_path):
    first, second, third, rate = heads
    found = book_of(tmp_path, 自评=layout_a(heads=(first, second, third, "分值", rate, "得分")))
    assert told(found) == []
    assert values(found, "项目支出绩效自评表", "年度资金总额年初预算数", "年度资金总额全年预算数", "年度资金总额全年执行数", "执行率") == [
        ("900000.00", "899700.00", "762600.00", "0.847600")
    ]  # fmt: skip


@pytest.mark.parametrize("at", [0, 1], ids=["targets", "reached"])
def test_targets_below_an_unknown_header_are_told(at, tmp_path):
    """Words that no set has: the column is told with its cells, though none of them is a mere number."""
    columns = ["年度指标值", "实际完成值"]
    columns[at] = ("甲类指标口径", "乙类指标口径")[at]
    lines = layout_a(columns=tuple(columns))
    if at:
        lines[:] = [["52个" if v == "52" else v for v in line] for line in lines]
    said = [what for _sheet, _cell, what in told(book_of(tmp_path, 自评=lines))]
    assert len(said) == 1 and columns[at] in said[0]
