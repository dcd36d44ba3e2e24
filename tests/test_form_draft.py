"""A draft of a form from one sheet: every column right or marked as unsure, and every number of the sheet read by it."""

import openpyxl
import pytest

from elsewhere import PLACES, write
from gouji.app import load_book
from gouji.app.form_drafts import draft_form
from gouji.base.faults import DataError
from gouji.intake import receive
from gouji.intake.finding.choose_form import Chooser
from gouji.intake.finding.claims import Claims
from gouji.intake.finding.find_form import locate
from gouji.intake.finding.layout import Layouts
from gouji.intake.form_draft import KnownColumns, drafted
from gouji.intake.form_draft.yaml import quoted
from gouji.intake.workbooks.sheet import Sheet
from gouji.intake.workbooks.workbook_file import open_book
from gouji.rules import load_tables
from gouji.rules.fields import FORM_SET
from gouji.rules.form_sets import form_of
from gouji.rules.yaml_text import read_document
from gouji.run import connect
from papers import AS, papers

TABLES = load_book("final-accounts").tables
KNOWN = KnownColumns(TABLES)
UNITS = """table: 单位
grain: one
role: units
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 单位名称, type: text, role: unit_name}
form:
  sheets: [封面]
  cells: [{beside: true}]
"""


def spots(layout):
    return {s.column: (s.row, s.col) for s in layout.groups[0]}


@pytest.mark.parametrize("place", PLACES, ids=lambda p: p.name)
def test_forms_of_known_tables_are_drafted_as_the_shipped_sets_read_them(place, tmp_path):
    """Every column of every sheet of five places: 40 layouts."""
    write(place, tmp_path / "a.xlsx")
    forms = [(t, form) for t in TABLES.values() for form in t.forms]
    claims, chooser = Claims(forms), Chooser(forms, Layouts())
    right = several = 0
    for sheet in open_book(tmp_path / "a.xlsx", "a.xlsx").sheets:
        (claim,) = claims.of([sheet]).sheets
        shipped = {
            forms[one.form][0].table: one.layout
            for one in next(iter(chooser.choose(sheet, claim.forms, claim.named).by_set.values()))
        }
        made = drafted(sheet, KNOWN)
        assert made.read.left == "" and made.read.fault == "", sheet.name
        if len(shipped) > 1 or not made.table:
            # A cover, and what holds two tables such as 公开04, is drafted as its own table.
            several += made.table == ""
            continue
        table = TABLES[made.table]
        assert list(shipped) == [made.table]
        entry = FORM_SET.validate_python(read_document("d.yaml", made.text).data).forms[0]
        own = spots(locate(table, form_of(table, entry, "d"), sheet))
        known = spots(shipped[made.table])
        unsure = {name for name, doubt in made.columns if doubt}
        assert {c: at for c, at in own.items() if c not in unsure} == {
            c: known[c] for c in own if c not in unsure
        }
        right += len(set(own) - unsure)
        assert len(set(own) - unsure) >= 0.9 * len(known), sheet.name
    assert several <= 3 and right >= 60


def sheet_of(lines, merged=()):
    width = max(map(len, lines))
    rows = [
        ["" if v is None else float(v) if isinstance(v, (int, float)) else v for v in line]
        + [""] * (width - len(line))
        for line in lines
    ]
    return Sheet("表", rows, areas=merged)


# Lines, merged areas, columns of the draft, of these unsure, numbers read, cells that are not.
LAYOUTS = {
    "lines × years, changes, heads over two rows": (
        [["2016年“三公”经费决算情况统计表"], ["编制单位：甲局", None, None, "单位：万元"], ["项目", "上年决算数", "本年决算数", "比上年增、减情况"], [None, None, None, "增、减金额", "增、减幅度"], ["合计", 12, 10, -2, "-16.67%"], ["1.因公出国(境)费", 0, 0, 0, "0%"], ["2.公务接待费", 5, 4, -1, "-20%"]],
        [((2, 3), (2, 4)), ((2, 0), (3, 0)), ((2, 1), (3, 1)), ((2, 2), (3, 2))], 12, 0, 12, "",
    ),
    "a budget of 三公, three levels of numbering": (
        [["2016年部门“三公”经费预算表"], ["单位：万元"], ["项目", "小计", "其中：一般公共预算安排数"], ["一、“三公”经费合计", 30, 28], ["(一)因公出国(境)费", 0, 0], ["(二)公务接待费", 10, 9], ["二、会议费", 5, 5]],
        [], 8, 0, 8, "",
    ),
    "projects line by line": (
        [["重点项目支出明细表"], ["部门：甲局", None, None, None, "金额单位：元"], ["序号", "项目名称", "年初预算数", "全年预算数", "执行数", "执行率"], [1, "道路养护", 1000, 1200, 1100, "91.67%"], [2, "绿化管护", 500, 500, 480, "96.00%"], ["合计", None, 1500, 1700, 1580, "92.94%"]],
        [], 5, 0, 8, "C6:F6",
    ),
    "units of measure in the lines": (
        [["资产占用统计表"], ["单位：甲局", None, None, "单位：万元"], ["项目", "数量", "账面原值", "净值"], ["一、房屋（平方米）", 1200, 300, 250], ["二、车辆（辆）", 5, 100, 40], ["合计", None, 400, 290]],
        [], 9, 5, 4, "C4:D5",
    ),
    "sums beside parts, a share": (
        [["政府采购统计表"], ["编制单位：甲局", None, None, None, "单位：万元"], ["项目", "采购预算", "实际采购", None, None], [None, None, "合计", "货物", "占比"], ["合计", 100, 90, 30, "66.67%"], ["财政性资金", 80, 75, 25, "66.67%"], ["其他资金", 20, 15, 5, "66.67%"]],
        [((2, 2), (2, 4)), ((2, 0), (3, 0)), ((2, 1), (3, 1))], 12, 0, 12, "",
    ),
    "street lamps": (
        [["路灯情况表"], ["街道", "路灯", None, None], [None, "盏数", "每盏电费（元）", "电费（万元）"], ["东街", 100, 120.5, 1.2], ["西街", 80, 110, 0.88]],
        [((1, 1), (1, 3)), ((1, 0), (2, 0))], 4, 1, 6, "",
    ),
    "people, no unit anywhere": (
        [["人员统计表"], ["指标", "编制人数", "年末实有人数", "其中：在职"], ["行政人员", 10, 9, 9], ["事业人员", 20, 18, 17], ["合计", 30, 27, 26]],
        [], 9, 9, 9, "",
    ),
    "a listing by codes of another authority": (
        [["项目收入支出决算表"], ["公开05表"], ["部门：甲局", None, None, None, None, None, None, "金额单位：元"], ["项目", None, "年初结转和结余", "本年收入", "本年支出", None, None, "年末结转和结余"], ["科目编码", "科目名称", None, None, "合计", "财政拨款", "其他资金", None], ["合计", None, 10, 20, 25, 20, 5, 5], ["201", "一般公共服务支出", 10, 20, 25, 20, 5, 5], ["20101", "人大事务", 10, 20, 25, 20, 5, 5]],
        [((3, 0), (3, 1)), ((3, 2), (4, 2)), ((3, 3), (4, 3)), ((3, 4), (3, 6)), ((3, 7), (4, 7))], 8, 0, 20, "",
    ),
    "codes with letters": (
        [["政府购买服务支出情况表"], ["单位：万元"], ["序号", "指导性目录编码", "项目名称", "支出金额"], [1, "A0101", "课题研究", 12.5], [2, "B0203", "物业管理", 30]],
        [], 3, 0, 2, "",
    ),
    "heads of a line below labels": (
        [["部门整体绩效自评表"], ["主管部门", "甲局", None, "自评总分（分）", 96.5], ["部门预算执行情况", "年初预算数", "全年（调整）预算数", "执行数", "执行率（%）"], ["金额（万元）", 100, 120, 110, 91.67]],
        [], 3, 1, 1, "E2、C4:E4",
    ),
    "label beside value": (
        [["基本情况"], ["在职人数", 12], ["办公用房面积", 800.5], ["联系人", "张三"]],
        [], 3, 2, 2, "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "lines, merged, columns, unsure, taken, left", LAYOUTS.values(), ids=LAYOUTS
)
def test_forms_that_nobody_knows(lines, merged, columns, unsure, taken, left):
    made = drafted(sheet_of(lines, merged), KNOWN)
    doubts = [name for name, doubt in made.columns if doubt]
    assert (made.table, len(made.columns), len(doubts)) == ("", columns, unsure), made.text
    assert (made.read.taken, made.read.left, made.read.fault) == (taken, left, "")
    assert len({name for name, _doubt in made.columns}) == columns
    # What is unsure says so where it stands, and so does what is not read.
    assert made.text.count("# 不确定") == unsure + bool(left) + ("--against" in made.text)


def test_a_draft_in_the_schemas_reads_the_file_it_was_made_from(tmp_path):
    lines, merged = LAYOUTS["lines × years, changes, heads over two rows"][:2]
    book = openpyxl.Workbook()
    cover, sheet = book.active, book.create_sheet("统计")
    cover.title = "封面"
    for line in (["单位代码", "U001"], ["年度", 2023], ["单位名称", "甲局"]):
        cover.append(line)
    for line in lines:
        sheet.append([v.replace("2016", "2023") if isinstance(v, str) else v for v in line])
    for (top, left), (bottom, right) in merged:
        sheet.merge_cells(
            start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
        )
    book.save(tmp_path / "a.xlsx")
    made = draft_form(tmp_path / "a.xlsx", "统计", rules="final-accounts")
    tables = load_tables({"units.yaml": UNITS, "draft.yaml": made.text}).tables
    (name,) = set(tables) - {"单位"}
    found = receive(connect(), tmp_path, dict(tables))
    (row,) = found.held.rows(tables[name], "U001", 2023)
    assert (
        row.cells["合计本年决算数"].value == 100000
        and row.cells["公务接待费增减金额"].value == -10000
    )
    assert str(row.cells["合计增减幅度"].value) == "-0.166700"
    assert [p.what for p in found.problems if not p.note] == []


def test_what_is_only_like_a_known_column_says_how_like():
    lines = [
        ["收入决算表"],
        ["单位：万元"],
        ["科目编码", "科目名称", "本年收入合计", "财政拨款类的收入", "上级补助", "别的"],
        ["合计", None, 3, 1, 1, 1],
        ["201", "一般公共服务支出", 3, 1, 1, 1],
    ]
    made = drafted(sheet_of(lines), KNOWN, against="收入决算表")
    doubts = dict(made.columns)
    assert doubts["本年收入合计"] == "" and doubts["财政拨款收入"].startswith(
        "只是像“财政拨款收入”（"
    )
    assert (
        doubts["别的"] == "不知道是哪一列" and "# 不确定: 这一栏不知道是哪一列：别的" in made.text
    )


def test_which_sheet_and_which_table_must_be_said(tmp_path):
    write(PLACES[0], tmp_path / "a.xlsx")
    with pytest.raises(DataError, match="有 9 张工作表"):
        draft_form(tmp_path / "a.xlsx", rules="final-accounts")
    with pytest.raises(DataError, match="没有叫“总表”的工作表"):
        draft_form(tmp_path / "a.xlsx", "总表", rules="final-accounts")
    with pytest.raises(DataError, match="没有叫“总表”的数据表"):
        draft_form(tmp_path / "a.xlsx", "GK02 收入决算表", "总表", "final-accounts")
    (tmp_path / "b.xlsx").write_bytes(b"no workbook")
    with pytest.raises(DataError):
        draft_form(tmp_path / "b.xlsx", rules="final-accounts")


@pytest.mark.parametrize(
    "text",
    [
        "一、教育支出",
        "(一) 工资",
        "2023",
        "其中: 甲",
        "a#b",
        "“三公”经费",
        "- 甲",
        "true",
        "甲, 乙",
    ],
)
def test_words_read_back(text):
    assert read_document("a.yaml", f"a: {quoted(text)}").data == {"a": text}


def test_columns_under_two_heads_with_the_same_words_are_unsure(tmp_path):
    """资产数量 and 资产原值 have 年初 and 年末 each: which of them a column is cannot be told from its lowest words."""
    lines = [
        ["资产情况表"],
        ["单位：万元"],
        ["项目", "资产数量", None, "资产原值", None],
        [None, "年初", "年末", "年初", "年末"],
        ["资产总额", None, None, 500.5, 520.25],
        ["（一）房屋（平方米）", 1200, 1200, 300, 300],
        ["（二）车辆（辆）", 5, 6, 100.5, 120.25],
    ]
    made = drafted(sheet_of(lines, [((2, 1), (2, 2)), ((2, 3), (2, 4)), ((2, 0), (3, 0))]), KNOWN)
    assert len(made.columns) == 12 and all(doubt for _name, doubt in made.columns)


NAMES = {
    "units": ("单位名称", ["县委办公室", "县财政局", "县第一中学"]),
    "units below another word": ("项目", ["局机关", "农技推广站", "种子管理所"]),
    "regions": ("地区", ["市本级", "甲县", "乙区"]),
    "towns": ("乡镇（街道）", ["红星街道", "白马镇", "双河乡"]),
    "people": ("姓名", ["张三", "李四", "王五"]),
}


@pytest.mark.parametrize("total", ["none", "first", "last"])
@pytest.mark.parametrize("head, lines", NAMES.values(), ids=NAMES)
def test_units_regions_and_people_are_a_list_with_or_without_a_total(head, lines, total):
    """They were drafted as fixed cells, each unit in the names of columns, as soon as a total stood among them."""
    rows = [[name, 10 + n, 5, 5 + n] for n, name in enumerate(lines)]
    sums = [["合计", *(sum(r[c] for r in rows) for c in (1, 2, 3))]]
    rows = rows if total == "none" else sums + rows if total == "first" else rows + sums
    made = drafted(
        sheet_of([["专项经费情况表"], ["单位：万元"], [head, "小计", "会议费", "培训费"], *rows]),
        KNOWN,
    )
    assert "listing:" in made.text and "cells:" not in made.text
    assert len(made.columns) == 4 and not any(doubt for _name, doubt in made.columns)
    assert made.read.taken == 9 and "行名看不出" not in made.text


def test_lines_of_items_are_cells_and_what_words_do_not_say_is_asked():
    rows = [["合计", 30, 20], ["车辆购置", 10, 10], ["设备维护", 20, 10]]
    head = [["专项情况表"], ["单位：万元"], ["项目", "预算数", "执行数"]]
    made = drafted(sheet_of([*head, *rows]), KNOWN)
    assert "cells:" in made.text and len(made.columns) == 6 and "行名看不出" not in made.text
    rows = [["合计", 30, 20], ["春晖行动", 10, 10], ["暖冬行动", 20, 10]]
    made = drafted(sheet_of([*head, *rows]), KNOWN)
    assert "# 不确定: 行名看不出是不是固定的，按固定的行起草" in made.text
    made = drafted(sheet_of([*head, *rows[1:]]), KNOWN)
    assert "# 不确定: 行名看不出是不是固定的，按一行一条起草" in made.text


def columns_in(text):
    (table,) = load_tables({"d.yaml": text}).tables.values()
    return {c.name: (c.type.value, c.unit) for c in table.columns}


@pytest.mark.parametrize("unit", ["人", "辆", "户"])
def test_a_form_that_counts_says_so_above(unit):
    """`单位：人` is no unit of money: the draft took 万元, and then could not read its own form."""
    lines = [["情况表"], [f"单位：{unit}"], ["单位名称", "小计", "甲类", "乙类"], ["甲局", 3, 1, 2]]
    made = drafted(sheet_of(lines), KNOWN)
    assert set(columns_in(made.text).values()) >= {("count", unit)}
    assert (made.read.taken, made.read.fault, made.text.count("# 不确定")) == (3, "", 0)


def test_money_and_people_in_one_form():
    lines = [
        ["经费情况表"],
        ["单位：万元、人"],
        ["单位", "编制人数", "实有人数", "人员经费", "人均（元）", "排名", "比例"],
        ["甲局", 20, 18, 360.5, 200277.78, 1, "12.5%"],
    ]
    held = columns_in(drafted(sheet_of(lines), KNOWN).text)
    assert held["编制人数"] == held["实有人数"] == ("count", "人")
    assert held["人员经费"] == ("money", "万元") and held["人均"] == ("money", "元")
    assert held["排名"][0] == "count" and held["比例"][0] == "percent"


def test_a_quantity_beside_its_unit_of_measure_and_amounts_below_a_word_that_counts():
    lines = [
        ["购置表"],
        ["单位：万元"],
        ["采购人", "数量", "计量单位", "车辆", None, "购置日期"],
        [None, None, None, "辆数", "价值", None],
        ["甲局", 2, "台", 1, 20.5, "2023-05-04"],
        ["乙局", 3, "套", 2, 40, "2023-06-01"],
    ]
    areas = [((2, 3), (2, 4)), *(((2, c), (3, c)) for c in (0, 1, 2, 5))]
    made = drafted(sheet_of(lines, areas), KNOWN)
    held = columns_in(made.text)
    assert held["数量"][0] == "count" and held["价值"] == ("money", "万元")
    assert held["购置日期"][0] == "date" and made.read.fault == ""
    lines[4][1] = 2.5
    assert columns_in(drafted(sheet_of(lines, areas), KNOWN).text)["数量"][0] == "number"


def test_fees_of_things_that_are_counted_are_amounts():
    """套 in 配套费收入 made a count of it."""
    lines = [["基金收入表"], ["单位：万元"], ["项目", "上年执行数", "本年预算数"]]
    lines += [["一、基础设施配套费收入", 30, 32], ["二、车辆购置税收入", 5, 6]]
    made = drafted(sheet_of(lines), KNOWN)
    held = {v for k, v in columns_in(made.text).items() if k not in ("单位代码", "年度")}
    assert held == {("money", "万元")} and not any(doubt for _name, doubt in made.columns)


def test_halves_whose_corners_say_more_in_brackets_are_two():
    """项目（按功能分类） was no corner, so that the second half was taken for columns of the first."""
    lines = [
        ["收支总表"],
        ["单位：万元"],
        ["收入", None, None, "支出", None, None],
        ["项目", "行次", "2024年预算数", "项目（按功能分类）", "行次", "2024年预算数"],
        ["一、事业收入", 1, 50, "一、教育支出", 3, 40],
        ["收入总计", 2, 50, "支出总计", 4, 40],
    ]
    made = drafted(sheet_of(lines, [((2, 0), (2, 2)), ((2, 3), (2, 5))]), KNOWN)
    assert len(made.columns) == 4 and made.read.taken == 4 and made.read.left == ""
    assert not any(doubt for _name, doubt in made.columns)


def test_a_list_that_prints_the_code_of_each_unit_has_it_in_the_column_of_units():
    """单位代码 was drafted a second time as 单位代码2, and no line was read."""
    lines = [
        ["支出总体情况表"],
        ["单位：万元"],
        ["单位代码", "单位名称", "合计", "基本支出", "项目支出"],
        ["1", "2", "3", "4", "5"],
        ["205001", "甲局机关", 15, 8, 7],
        ["205002", "甲局中心", 25, 20, 5],
    ]
    made = drafted(sheet_of(lines), KNOWN)
    assert set(columns_in(made.text)) == {
        *("单位代码", "年度", "单位名称", "合计", "基本支出", "项目支出"),
    }
    assert (made.read.fault, made.read.left) == ("", "")


@pytest.mark.parametrize(
    "head, values, kind, unsure",
    [
        ("绩效系数", [1.05, 0.98], "number", False),
        ("农村人口", [3000, 2000], "count", True),
        ("耕地面积", [30.5, 20], "number", True),
        ("实际完成值（B）", ["22场", "95%"], "text", False),
        ("执行情况", ["12%", 95], "percent", True),
        ("补助", [30, "另行下达2批"], "money", True),
        ("补助", [30, "—"], "money", False),
    ],
)
def test_what_no_amount_is_and_cells_that_are_no_numbers(head, values, kind, unsure):
    lines = [["分配表"], ["单位：万元"], ["市县", "补助金额", head]]
    lines += [[name, 10, v] for name, v in zip(["甲县", "乙县"], values, strict=True)]
    made = drafted(sheet_of(lines), KNOWN)
    (name, doubt) = made.columns[2]
    assert (columns_in(made.text)[name][0], bool(doubt)) == (kind, unsure), made.text


SPLIT_AND_BLANK = [
    ["2025年预算单位政府性基金预算支出功能分类预算表"],
    ["编制部门：甲局", None, None, None, None, None, "单位：元"],
    ["项目", None, None, None, "政府性基金预算支出", None, None],
    ["功能分类科目编码", None, None, "功能分类科目名称", "合计", "基本支出", "项目支出"],
    ["类", "款", "项", None, None, None, None],
    [None] * 7,
    ["合计", None, None, None, None, None, None],
]


@pytest.mark.parametrize("total", ["合计", "总计", "合 计", "支出合计", None])
def test_a_blank_list_with_codes_over_three_columns(total):
    lines = [*SPLIT_AND_BLANK[:-1], [total, *[None] * 6]]
    made = drafted(sheet_of(lines), KNOWN, new=True)
    described = next(iter(load_tables({"draft.yaml": made.text}).tables.values()))
    kinds = {c.name: c.type.value for c in described.columns}
    assert kinds == {
        "单位代码": "text",
        "年度": "count",
        "功能分类科目编码": "text",
        "功能分类科目名称": "text",
        "合计": "money",
        "基本支出": "money",
        "项目支出": "money",
    }
    assert dict(made.columns)["功能分类科目编码"] == "空表看不出各级编码的位数"


@pytest.mark.parametrize("label", ["2023", "2023年", "三公", "第1项"])
def test_a_line_with_words_or_a_year_is_not(label):
    lines = [
        ["单位收支总表"],
        ["单位：元"],
        ["项目", "预算数", "决算数"],
        ["收入", None, None],
        [label, None, None],
    ]
    made = drafted(sheet_of(lines), KNOWN, new=True)
    assert not [doubt for _name, doubt in made.columns if "没有名称" in doubt]


@pytest.mark.parametrize("label", ["二、", "二、…", "……", "（三）", "4.", "××"])
def test_a_line_without_words_is_unsure(label):
    lines = [
        ["单位收支总表"],
        ["单位：元"],
        ["本年收入", None, "本年支出", None],
        ["项目", "预算数", "项目", "预算数"],
        ["一、财政拨款收入", None, "一、教育支出", None],
        [label, None, label, None],
        ["收入总计", None, "支出总计", None],
    ]
    made = drafted(sheet_of(lines), KNOWN, new=True)
    unsure = [doubt for _name, doubt in made.columns if doubt]
    assert unsure == ["这一行没有名称；是占位的就删去"] * 2


@pytest.mark.parametrize("suffix", AS)
def test_a_document_is_drafted_as_the_workbook_is(suffix, tmp_path):
    """The same sheets printed elsewhere: the same columns, as many figures read."""
    write(PLACES[0], tmp_path / "a.xlsx", naming="plain")
    sheets = papers((tmp_path / "a.xlsx").read_bytes())[1:4]
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(AS[suffix](sheets))
    with pytest.raises(DataError, match=f"有 {len(sheets)} 张工作表") as listed:
        draft_form(path, rules="final-accounts")
    names = str(listed.value.what).partition("：")[2].split("、")
    assert len(names) == len(sheets)
    for name, sheet in zip(names, sheets, strict=True):
        of_workbook = draft_form(tmp_path / "a.xlsx", sheet.name, rules="final-accounts")
        made = draft_form(path, name, rules="final-accounts")
        assert (made.table, made.columns) == (of_workbook.table, of_workbook.columns), name
        assert (made.read.taken, made.read.left) == (of_workbook.read.taken, ""), name
