"""Which lines of a form are rows, which are not, and what becomes of every number that no table took: read, told, or named; nothing vanishes."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filled import filled
from gouji.intake import receive
from gouji.intake.finding.cell_ranges import ranges
from gouji.intake.finding.words import ends_in_sum, is_day, is_note, leads, signs, sums_up
from gouji.intake.workbooks.sheet import address, row_column
from gouji.returns.plan import plan_sheets
from gouji.returns.write import workbook_bytes
from gouji.run import connect
from sheets import ACCOUNTS, COVER, LISTED, TABLES, accounts, problems, rows, save, took

PROJECTS = {name: TABLES[name] for name in ("单位", "项目支出明细")}
HEAD = [
    ["2023年度支出决算表"],
    ["单位：万元"],
    ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
]
BODY = [
    ["合计", None, 30, 20, 10],
    ["208", "社会保障和就业支出", 10, 10, 0],
    ["212", "城乡社区支出", 20, 10, 10],
]


def projects(*lines, key="项目名称"):
    """项目支出明细 with these lines."""
    columns = [c for c in TABLES["项目支出明细"].columns if c.role is None]
    heads = [c.label or c.name for c in columns]
    money = next(i for i, c in enumerate(columns) if c.name == "决算数")
    at = next(i for i, c in enumerate(columns) if c.name == key)
    made = []
    for name, amount, *more in lines:
        line = [None] * len(columns)
        line[at], line[money] = name, amount
        made.append(line + list(more))
    return [["2023年度项目支出明细"], ["单位：万元"], heads, *made]


def names(found):
    return [row["项目名称"] for row in rows(found, "项目支出明细")]


KINDS = {
    "sums": (
        sums_up,
        (
            "合计",
            "合  计：",
            "总 计",
            "小计",
            "本页小计",
            "（页计）",
            "总分",
            "合计（1+2）",
            "总计(万元)：",
            "Sub Total",
            "合計",
            "【合计】",
            "合计数",
            "合计金额",
            "小计2",
            "合 计①",
            "本年合计",
        ),
        ("总计算机系统改造", "小计生服务站", "合计量检定费", "合计划", "合计（1）班", "（合计）算"),
    ),
    "sums behind": (
        ends_in_sum,
        ("基本建设类小计", "人员经费合计", "人员经费合计（1+2）"),
        ("合计算", "小计生服务站", "合计（一）期"),
    ),
    "words that lead on": (
        leads,
        ("其中：", "一、基本支出:", "第 1 页 共 2 页", "第二页"),
        ("其中：专项", "2023-01", "1/2", "联系电话："),
    ),
    "days": (
        is_day,
        ("2024年3月5日", "2024 年 3 月", "2024-3-5", "2024.03.05"),
        ("2024年", "2024.3", "3月5日"),
    ),
    "notes": (
        is_note,
        (
            "注：本表",
            "备注∶见后",
            "说明：本部门",
            "附注1：",
            "填表说明：",
            "注（1）：略",
            "※ 说明：略",
            "数据来源：决算报表",
        ),
        ("注射疫苗采购项目", "说明牌制作", "备注册登记系统", "资料：整理"),
    ),
    "signatures": (
        signs,
        (
            "填表人：李某    审核人：王某    填报日期：2024年3月8日",
            "单位负责人（签章）：",
            "制表：张三",
            "审核人 李四",
            "联系电话：0871",
            "部门负责人：",
            "报出日期：",
            "单位公章",
        ),
        ("填表人培训费", "审核人员补助", "制表机购置", "负责人公寓维修", "审计项目", "联系点建设"),
    ),
}


@pytest.mark.parametrize("of, yes, no", KINDS.values(), ids=KINDS)
def test_words_of_lines(of, yes, no):
    assert [t for t in yes if not of(t)] == [] and [t for t in no if of(t)] == []


def test_projects_with_names_like_other_lines_are_rows(tmp_path):
    wanted = [
        "注射疫苗采购项目",
        "说明牌制作项目",
        "总计算机系统改造",
        "合计量检定费",
        "填表人培训费",
        "2023",
        "资料：档案整理",
    ]
    found = took(tmp_path, PROJECTS, {"项目支出明细": projects(*[(name, 5) for name in wanted])})
    assert names(found) == wanted and problems(found) == []


FOOT = {
    "a day": "2024年3月5日",
    "a day in words": "二〇二四年三月五日",
    "a day to be filled in": "年   月   日",
    "the end": "——以下空白——",
    "nothing more": "以下无正文",
    "a seal": "（盖章）",
    "the next page": "续下页",
    "an English page": "Page 1 of 3",
    "a sentence": "1.本表反映本年度项目支出情况。",
    "a rule": "======",
}


@pytest.mark.parametrize("text", FOOT.values(), ids=FOOT)
def test_a_line_of_words_that_name_nothing_is_no_row(text, tmp_path):
    lines = projects(("甲", 1), ("乙", 2), (text, None))
    found = took(tmp_path, PROJECTS, {"项目支出明细": lines})
    assert names(found) == ["甲", "乙"] and problems(found) == []


def test_a_text_below_a_blank_line_is_no_row_and_told(tmp_path):
    """A line without figures among the others, or directly below them, is a row whose figures are missing."""
    lines = projects(("甲", 1), (None, None), ("丙", None), ("乙", 2), ("丁", None))
    found = took(tmp_path, PROJECTS, {"项目支出明细": [*lines, [], ["本表由财务股填"]]})
    assert names(found) == ["甲", "丙", "乙", "丁"] and problems(found) == []
    assert [what for at, what in problems(found, notes=True) if at.endswith("A10")] == [
        "表格下面隔着空行的“本表由财务股填”没有数，不当作一行"
    ]


TOTAL_LINES = {
    "brackets": "（合计）",
    "other brackets": "【合计】",
    "what is added up": "合计（1+2）",
    "its unit": "合计（万元）",
    "a mark": "合 计①",
    "of amounts": "合计数",
    "other signs": "合計",
}


@pytest.mark.parametrize("word", TOTAL_LINES.values(), ids=TOTAL_LINES)
def test_the_total_of_codes_however_it_is_set(word, tmp_path):
    lines = [*HEAD, [word, *BODY[0][1:]], *BODY[1:]]
    found = took(tmp_path, LISTED, {"支出决算表": lines})
    assert [row["科目编码"] for row in rows(found, "支出决算表")] == ["合计", "208", "212"]
    assert problems(found) == []


@pytest.mark.parametrize("word", ["本年合计", "支出合计", "累计", "TOTAL"])
def test_the_total_of_codes_under_another_word_is_told(word, tmp_path):
    lines = [*HEAD, [word, *BODY[0][1:]], *BODY[1:]]
    found = took(tmp_path, LISTED, {"支出决算表": lines})
    assert [row["科目编码"] for row in rows(found, "支出决算表")] == ["208", "212"]
    ((_at, what),) = problems(found)
    assert what == f"“{word}”这一行可能就是表样的“合计”行；不采用"
    # Where there is a total, it is a sum like others.
    found = took(tmp_path, LISTED, {"支出决算表": [*lines, BODY[0]]})
    assert problems(found) == [] and len(rows(found, "支出决算表")) == 3


def test_sums_notes_and_signatures_are_no_rows(tmp_path):
    lines = [
        ("甲", 1),
        ("小 计", 1),
        ("乙", 2),
        ("合  计：", 3),
        ("总计", 3),
        ("注：本表由财务股填报。", None),
        ("  2.金额已取整。", None),
        ("填表人：李某    审核人：王某", None),
        ("联系电话：", 13888888888),
    ]
    found = took(tmp_path, PROJECTS, {"项目支出明细": projects(*lines)})
    assert names(found) == ["甲", "乙"] and problems(found) == []
    ((_at, what),) = [p for p in problems(found, notes=True) if "没有采用的数" in p[1]]
    assert "合计、小计行" in what and "注和签字行" in what


def test_a_signature_is_no_row_of_a_listing_by_codes(tmp_path):
    sheet = [
        *HEAD,
        *BODY,
        [],
        ["注：本表反映支出情况。"],
        ["    2.口径有变。"],
        ["填表人：李某", None, "审核人：王某", None, "填报日期：2024年3月8日"],
    ]
    found = took(tmp_path, LISTED, {"公开03表": sheet})
    assert [row["科目编码"] for row in rows(found, "支出决算表")] == [
        "合计",
        "208",
        "212",
    ] and problems(found) == []


def test_other_words_for_the_total_and_codes_with_joints(tmp_path):
    found = took(
        tmp_path,
        LISTED,
        {
            "公开03表": [
                *HEAD,
                [None, "总 计：", 30, 20, 10],
                ["208.05", "养老", 10, 10, 0],
                ["２０８", "社会保障", 10, 10, 0],
                [" 212-01-01 ", "行政运行", 20, 10, 10],
                ["小计", None, 30, 20, 10],
            ]
        },
    )
    assert [row["科目编码"] for row in rows(found, "支出决算表")] == [
        "合计",
        "20805",
        "208",
        "2120101",
    ] and problems(found) == []


NUMBERING = {
    "bare": [None, None, 1, 2, 3],
    "with a word": ["栏次", None, 1, 2, 3],
    "with stems": ["甲", "乙", 1, 2, 3],
    "over all": [1, 2, 3, 4, 5],
    "with one stem": [None, "甲", 1, 2, 3],
    "as texts": ["1", "2", "3", "4", "5"],
}


@pytest.mark.parametrize("line", NUMBERING.values(), ids=NUMBERING)
def test_numbers_of_columns_are_no_row(line, tmp_path):
    found = took(tmp_path, LISTED, {"公开03表": [*HEAD, line, *BODY]})
    assert [row["科目编码"] for row in rows(found, "支出决算表")] == [
        "合计",
        "208",
        "212",
    ] and problems(found) == []


LOST = {"not from 1": ([None, None, 12, 13, 14], 0), "below a row": ([None, None, 1, 2, 3], 1)}


@pytest.mark.parametrize("line, at", LOST.values(), ids=LOST)
def test_consecutive_figures_elsewhere_are_a_line_without_its_code(line, at, tmp_path):
    found = took(tmp_path, LISTED, {"公开03表": [*HEAD, *BODY[:at], line, *BODY[at:]]})
    assert [(place, "没有“科目编码”" in what) for place, what in problems(found)] == [
        (f"公开03表!A{4 + at}", True)
    ] and found.rows_set_aside == 1


def test_a_label_that_nobody_knows_is_told_and_what_it_may_be_is_missing(tmp_path):
    found = took(tmp_path, ACCOUNTS, {"公开01表": accounts(label="四、上级补助收入（含专项）")})
    (row,) = rows(found, "收入支出决算表")
    ((place, what),) = problems(found)
    assert place == "公开01表!B8" and "“四、上级补助收入（含专项）”(B8)" in what
    # Any income that is not printed may be the one; what the other half does not print is still zero.
    assert "上级补助收入" not in row and "经营收入" not in row and row["外交支出"] == 0
    found = took(
        tmp_path, ACCOUNTS, {"公开01表": accounts(label="四、上级补助收入（含专项）", value=0)}
    )
    assert problems(found) == [] and rows(found, "收入支出决算表")[0]["上级补助收入"] == 0


def test_two_lines_with_one_label_are_taken_neither(tmp_path):
    found = took(tmp_path, ACCOUNTS, {"公开01表": accounts(more=[["上级补助收入", 99]])})
    ((place, what),) = problems(found)
    assert (
        place == "公开01表!B10"
        and "B8 和 B10" in what
        and "上级补助收入" not in rows(found, "收入支出决算表")[0]
    )
    found = took(tmp_path, ACCOUNTS, {"公开01表": accounts(more=[["上级补助收入", None]])})
    assert problems(found) == [] and rows(found, "收入支出决算表")[0]["上级补助收入"] == 125_000


def test_two_columns_with_one_label_are_taken_neither(tmp_path):
    twice = [
        *HEAD[:2],
        [None, None, None, "甲类", "乙类"],
        [*HEAD[2][:3], "基本支出", "基本支出"],
        *BODY,
    ]
    found = took(tmp_path, LISTED, {"公开03表": twice})
    ((place, what),) = problems(found)
    assert place == "公开03表!E4" and "D4 和 E4" in what
    assert [
        (r["科目编码"], "基本支出" in r, r["本年支出合计"]) for r in rows(found, "支出决算表")
    ] == [("合计", False, 300_000), ("208", False, 100_000), ("212", False, 200_000)]


def test_two_columns_of_figures_with_one_header_are_taken_neither(tmp_path):
    lines = [
        [*line[:2], 7 if len(line) > 1 and isinstance(line[1], (int, float)) else None, *line[2:]]
        for line in accounts()
    ]
    lines[4][2] = "决算数"
    found = took(tmp_path, ACCOUNTS, {"公开01表": lines})
    assert {what for _at, what in problems(found)} >= {
        "“上级补助收入”有两处：B8 和 C8；都不采用"
    } and "上级补助收入" not in rows(found, "收入支出决算表")[0]


def test_a_column_that_nobody_knows(tmp_path):
    head = [*HEAD[:2], [*HEAD[2][:4], "项目类支出"]]
    found = took(tmp_path, LISTED, {"公开03表": [*head, *BODY]})
    assert [place for place, _what in problems(found)] == [
        "公开03表!E4"
    ] and "“项目类支出”(E4、E6)" in problems(found)[0][1]
    assert all("项目支出" not in row for row in rows(found, "支出决算表"))


SPLIT = {
    "as texts": [
        ["208", None, None],
        ["208", "05", None],
        ["208", "05", "05"],
        ["208", "05", "06"],
        ["212", "01", "01"],
    ],
    "not repeated": [
        ["208", None, None],
        [None, "05", None],
        [None, None, "05"],
        [None, None, "06"],
        ["212", "01", "01"],
    ],
    "as numbers": [[208, None, None], [208, 5, None], [208, 5, 5], [208, 5, 6], [212, 1, 1]],
    "whole codes": [
        ["208", None, None],
        ["208", "20805", None],
        ["208", "20805", "2080505"],
        ["208", "20805", "2080506"],
        ["212", "21201", "2120101"],
    ],
}


@pytest.mark.parametrize("codes", SPLIT.values(), ids=SPLIT)
@pytest.mark.parametrize("beside", [False, True], ids=["total below", "total beside"])
def test_a_code_in_three_columns(codes, beside, tmp_path):
    head = [
        ["2023年度支出决算表"],
        ["单位：万元"],
        ["功能分类科目编码", None, None, "科目名称", "本年支出合计", "基本支出"],
    ]
    parts = ["类", "款", "项", "合计", 30, 20] if beside else ["类", "款", "项"]
    total = [] if beside else [["合计", None, None, None, 30, 20]]
    found = took(
        tmp_path,
        LISTED,
        {"公开03表": [*head, parts, *total, *[[*code, "某科目", 10, 10] for code in codes]]},
    )
    assert problems(found) == [] and [row["科目编码"] for row in rows(found, "支出决算表")] == [
        "合计",
        "208",
        "20805",
        "2080505",
        "2080506",
        "2120101",
    ]


def test_parts_that_make_no_code_are_told(tmp_path):
    head = [
        ["2023年度支出决算表"],
        ["单位：万元"],
        ["功能分类科目编码", None, None, "科目名称", "本年支出合计"],
        ["类", "款", "项"],
    ]
    found = took(
        tmp_path,
        LISTED,
        {
            "公开03表": [
                *head,
                [None, "05", None, "甲", 1],
                ["20", None, None, "乙", 1],
                ["208", None, "05", "丙", 1],
            ]
        },
    )
    assert [place for place, _what in problems(found)] == [
        "公开03表!A5",
        "公开03表!A6",
        "公开03表!A7",
    ] and rows(found, "支出决算表") == []


def test_a_key_merged_over_two_lines_is_filled_down_and_told(tmp_path):
    lines = [*HEAD, BODY[0], ["208", "社会保障和就业支出", 10, 10, 0], [None, None, 20, 10, 10]]
    found = took(
        tmp_path, LISTED, {"公开03表": lines}, [("公开03表", "A5:A6"), ("公开03表", "B5:B6")]
    )
    assert [what for _at, what in problems(found, notes=True) if "合并" in what] == [
        "合并单元格的内容也算到它盖住的行：A6"
    ]
    # Twice the same code is no code of its own: both are set aside, with that reason.
    assert [row["科目编码"] for row in rows(found, "支出决算表")] == ["合计"] and all(
        "重复" in what for _at, what in problems(found)
    )


def test_a_cause_is_told_once(tmp_path):
    found = took(
        tmp_path, LISTED, {"公开03表": [*HEAD, *[[None, "某科目", 1, 1, 0] for _ in range(40)]]}
    )
    assert [what for _at, what in problems(found)] == [
        "40 行有数，却没有“科目编码”：第 4-43 行；都不采用"
    ] and found.rows_set_aside == 40
    found = took(tmp_path, LISTED, {"公开03表": [*HEAD[:2], ["代号", *HEAD[2][1:]], *BODY * 20]})
    assert (
        problems(found) == [("公开03表!B3", "找不到“科目编码”这一列")] and found.rows_set_aside == 1
    )


def test_ranges():
    assert (
        ranges([(4, 0), (5, 0), (4, 1), (5, 1), (7, 3)]) == "A5:B6、D8"
        and ranges([(0, 0), (0, 2)]) == "A1、C1"
    )


def named_cells(found, sheet):
    """Every cell that is named by what was said about a sheet."""
    cells = set()
    for problem in found.problems:
        if problem.at.sheet == sheet:
            for a, _colon, b in re.findall(
                r"([A-Z]+[0-9]+)(:([A-Z]+[0-9]+))?", f"{problem.at.cell} {problem.what}"
            ):
                (top, left), (bottom, right) = row_column(a), row_column(b or a)
                cells |= {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
            cells |= {
                (int(line) - 1, c)
                for line in re.findall(r"第 (\d+) 行", problem.what)
                for c in range(30)
            }
    return cells


GRID = {
    "公开01表": (ACCOUNTS, "收入支出决算表", accounts()),
    "公开03表": (
        LISTED,
        "支出决算表",
        [*HEAD, *BODY, ["小计", None, 30, 20, 10], [], ["注：某某。"]],
    ),
}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(GRID)),
    st.dictionaries(
        st.tuples(st.integers(0, 14), st.integers(0, 8)),
        st.sampled_from([0, 7.5, 123456, "1,320.73", "45%"]),
        min_size=1,
        max_size=6,
    ),
)
def test_every_number_is_taken_or_named(name, more):
    described, table, lines = GRID[name]
    grid = [list(line) + [None] * (9 - len(line)) for line in [*lines, *[[]] * (15 - len(lines))]]
    for (row, col), value in more.items():
        if grid[row][col] is None:
            grid[row][col] = value
    with TemporaryDirectory() as folder:
        save(f"{folder}/a.xlsx", {"封面": COVER, name: grid})
        found = receive(connect(), Path(folder), described)
    taken = {
        row_column(cell.at.cell)
        for row in found.held.rows(described[table], "U001", 2023)
        for cell in row.cells.values()
        if cell.at.cell
    }
    told = named_cells(found, name)
    numbers = {
        (r, c)
        for r, line in enumerate(grid)
        for c, v in enumerate(line)
        if isinstance(v, (int, float)) or v in ("1,320.73", "45%")
    }
    # A table that is refused is refused whole.
    assert taken or any(not p.note and p.at.sheet == name for p in found.problems)
    assert not taken or {address(*at) for at in numbers - taken - told} == set()


def every_sheet():
    return plan_sheets(list(TABLES.values()), 3)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0], ids=["blank", "half blank", "one figure each"])
def test_templates_not_filled_in_are_no_error(share, tmp_path):
    sheets = every_sheet()
    values = {}
    for sheet in sheets:
        places = [at for at in sorted(sheet.inputs) if at not in sheet.labels]
        chosen = places[: int(len(places) * share)] if share < 1 else places[:1]
        for at in chosen:
            column = sheet.inputs[at].column
            values[sheet.name, *at] = 1 if column.numeric else "甲"
            if column.role is not None and column.role.value == "year":
                values[sheet.name, *at] = 2023
    (tmp_path / "U001.xlsx").write_bytes(workbook_bytes(sheets, values, notes=False))
    found = receive(connect(), tmp_path, TABLES)
    assert [p.what for p in found.problems if "没有料到" in p.what] == []
    # A form without a single figure is told as such, the others are not.
    empty = {p.at.sheet for p in found.problems if "一个数也没有填" in p.what}
    assert (len(empty) > 20) is (share == 0.0) and "封面" not in empty


def test_a_form_without_figures_is_told(tmp_path):
    sheets, values = filled(
        {name: TABLES[name] for name in ("单位", "收入支出决算表", "收入决算表")}, 1, 3
    )
    values = {at: value for at, value in values.items() if at[0] != "公开01表"}
    (tmp_path / "U001.xlsx").write_bytes(workbook_bytes(sheets, values, notes=False))
    found = receive(connect(), tmp_path, TABLES)
    assert [(p.at.sheet, p.note) for p in found.problems if "一个数也没有填" in p.what] == [
        ("公开01表", True)
    ]


@pytest.mark.parametrize("said", ["12.5x", "150.00万元", "#N/A"])
def test_a_form_whose_figures_cannot_be_read_is_not_called_empty(said, tmp_path):
    sheets, values = filled(
        {name: TABLES[name] for name in ("单位", "收入支出决算表", "收入决算表")}, 1, 3
    )
    first = min(at for at in values if at[0] == "公开01表" and values[at].__class__ is not str)
    values = {at: value for at, value in values.items() if at[0] != "公开01表"} | {first: said}
    (tmp_path / "U001.xlsx").write_bytes(workbook_bytes(sheets, values, notes=False))
    found = receive(connect(), tmp_path, TABLES)
    assert [p.at.sheet for p in found.problems if "一个数也没有填" in p.what] == []


# The first cells of a line, and a figure, below two projects that come to 30.
BELOW = {
    "a sum of lines": ("合计（1+2）", 30),
    "a sum in a unit": ("总计（万元）", 30),
    "a sum of a county": ("全县合计", 30),
    "an English sum": ("Total", 30),
    "words that lead on": ("其中：", None),
    "a page": ("第1页 共2页", None),
    "a day behind signatures": ("单位负责人：张某", "2024年3月5日"),
}


@pytest.mark.parametrize("line", BELOW.values(), ids=BELOW)
def test_lines_that_are_no_projects(line, tmp_path):
    """They are no rows, and what they hold is told, once; the sum of the projects is not doubled."""
    found = took(tmp_path, PROJECTS, {"项目支出明细": projects(("绿化", 10), ("道路", 20), line)})
    assert names(found) == ["绿化", "道路"]
    assert [p for p in found.problems if not p.note] == []
    sums = [p for p in found.problems if "合计、小计行" in p.what]
    assert len(sums) == (line[1] == 30)


TOTALS = {
    "at the end as well": ([["合计", None, 30, 20, 10]], True),
    "twice more": ([["合计", None, 30, 20, 10], [], ["合计", None, 30, 20, 10]], True),
    "in other signs": ([["合  计", None, 30, 20, 10]], True),
    "with another figure": ([["合计", None, 30, 20, 11]], False),
    "a row that is none": ([BODY[1]], False),
}


@pytest.mark.parametrize("more, same", TOTALS.values(), ids=TOTALS)
def test_a_total_printed_again(more, same, tmp_path):
    """The same total above and below leaves nobody in doubt; anything else twice is set aside."""
    found = took(tmp_path, LISTED, {"公开03表": [*HEAD, *BODY, *more]})
    codes = [row["科目编码"] for row in rows(found, "支出决算表")]
    assert (sorted(codes) == ["208", "212", "合计"]) is same
    assert (problems(found) == []) is same
