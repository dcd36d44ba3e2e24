"""Workbooks without a cover: whose they are by what they print and by the name of the file, and the units that a list beside them names."""

import docx
import pytest

from gouji.intake import receive
from gouji.intake.receive_many import receive_several
from gouji.narrative import owner_in
from gouji.run import connect
from sheets import TABLES, accounts, problems, rows, save

UNITS = "单位代码,年度,单位名称\nU001,2023,元江县财政局\nU002,2023,元江县教育局\n"
EXPECTED = UNITS.replace("\nU002,2023,元江县教育局", "")
TWINS = UNITS + "U003,2023,元江县教育局\n"
OURS, NOBODYS = accounts(), [line for line in accounts() if line[:1] != ["编制单位：元江县财政局"]]
THEIRS = [
    [c.replace("财政局", "教育局") if isinstance(c, str) else c for c in line] for line in OURS
]
STRANGE = [
    [c.replace("财政局", "林业局") if isinstance(c, str) else c for c in line] for line in OURS
]
BY_FILE = "表里没有写单位，按文件名或文件夹名当作 {} 的"
# The list next to the workbook and its text, the workbook's name, its form -> the unit it is of (empty: unknown), and what the report says about that.
CASES = {
    "a line and a table of units": ("单位.csv", UNITS, "a.xlsx", OURS, "U001", ""),
    "a line and an expected list": ("应报清单.csv", EXPECTED, "a.xlsx", OURS, "U001", ""),
    "another unit's line": ("单位.csv", UNITS, "a.xlsx", THEIRS, "U002", ""),
    "the name of the file": (
        "单位.csv",
        UNITS,
        "元江县财政局2023年度部门决算.xlsx",
        NOBODYS,
        "U001",
        BY_FILE.format("U001 元江县财政局"),
    ),
    "the name of the file among other words": (
        "应报清单.csv",
        EXPECTED,
        "2023年 元江县财政局（公开表）.xlsx",
        NOBODYS,
        "U001",
        BY_FILE.format("U001 元江县财政局"),
    ),
    "a line, and the name of another unit in that of the file": (
        "单位.csv",
        UNITS,
        "元江县教育局2023.xlsx",
        OURS,
        "U001",
        "",
    ),
    "a line that no list knows, and a name in that of the file": (
        "单位.csv",
        UNITS,
        "元江县财政局2023.xlsx",
        STRANGE,
        "",
        "认不出是哪个单位、哪一年的",
    ),
    "two names in that of the file": (
        "单位.csv",
        UNITS,
        "元江县财政局、元江县教育局2023.xlsx",
        NOBODYS,
        "",
        "认不出是哪个单位、哪一年的",
    ),
    "a name that two units go by": (
        "单位.csv",
        TWINS,
        "a.xlsx",
        THEIRS,
        "",
        "认不出是哪个单位、哪一年的",
    ),
    "the name of its folder": (
        "应报清单.csv",
        EXPECTED,
        "元江县财政局/2023决算公开表.xlsx",
        NOBODYS,
        "U001",
        BY_FILE.format("U001 元江县财政局"),
    ),
    "the file before its folder": (
        "单位.csv",
        UNITS,
        "元江县财政局/元江县教育局2023.xlsx",
        NOBODYS,
        "U002",
        BY_FILE.format("U002 元江县教育局"),
    ),
    "an office of the unit, which no list has": (
        "单位.csv",
        UNITS,
        "元江县财政局国库支付中心2023.xlsx",
        NOBODYS,
        "",
        "认不出是哪个单位、哪一年的",
    ),
    "a unit of another county": (
        "单位.csv",
        UNITS.replace("元江县财政局", "江县财政局"),
        "元江县财政局2023.xlsx",
        NOBODYS,
        "",
        "认不出是哪个单位、哪一年的",
    ),
    "the accounts of the office alone, beside those of the department": (
        "单位.csv",
        UNITS,
        "元江县财政局本级2023.xlsx",
        NOBODYS,
        "",
        "认不出是哪个单位、哪一年的",
    ),
    "a unit that no list has, in the folder of the one above": (
        "单位.csv",
        UNITS,
        "元江县教育局/第一小学2023.xlsx",
        NOBODYS,
        "",
        "认不出是哪个单位、哪一年的",
    ),
    "part of a name": (
        "单位.csv",
        UNITS,
        "财政局2023.xlsx",
        NOBODYS,
        "",
        "认不出是哪个单位、哪一年的",
    ),
}


@pytest.mark.parametrize("listed, text, file, form, unit, said", CASES.values(), ids=CASES)
def test_whose_a_workbook_without_a_cover_is(tmp_path, listed, text, file, form, unit, said):
    (tmp_path / listed).write_text(text, "utf-8")
    (tmp_path / file).parent.mkdir(exist_ok=True)
    save(tmp_path / file, {"收入支出决算表": form})
    found = receive(connect(), tmp_path, TABLES)
    assert found.rows_in == found.rows_accepted + found.rows_set_aside
    told = [*problems(found), *problems(found, notes=True)]
    assert not said or ("", said) in told
    assert bool(unit) == (("", "认不出是哪个单位、哪一年的") not in told)
    held = {
        u: len(list(found.held.rows(TABLES["收入支出决算表"], u, 2023)))
        for u in ("U001", "U002", "U003")
    }
    assert held == {u: int(u == unit) for u in held}
    # The cover is wanting, which only matters where nobody knows the unit otherwise; nor is the unit listed twice.
    wanting = ("", "没有“单位”这张工作表")
    assert wanting in problems(found, notes=bool(unit))
    assert not any("重复" in what for _place, what in told)


CALLED = "没有单位代码，用名称“{}”当作代码"
# Files of a folder in which no list names any unit -> whose their figures are, what is told.
ALONE = {
    "one workbook that says whose it is": (
        {"a.xlsx": OURS},
        "元江县财政局",
        CALLED.format("元江县财政局"),
    ),
    "one beside tables of units by code": (
        {"a.xlsx": OURS, "收入支出决算表.csv": "单位代码,年度,上级补助收入\nX001,2023,5\n"},
        "",
        "认不出是哪个单位、哪一年的",
    ),
    "one that does not": ({"a.xlsx": NOBODYS}, "", "认不出是哪个单位、哪一年的"),
    "two, each of which says it": (
        {"a.xlsx": OURS, "b.xlsx": THEIRS},
        "",
        "认不出是哪个单位、哪一年的",
    ),
}


@pytest.mark.parametrize("files, unit, said", ALONE.values(), ids=ALONE)
def test_a_unit_that_nobody_gave_a_code_goes_by_its_name(tmp_path, files, unit, said):
    for name, form in files.items():
        if isinstance(form, str):
            (tmp_path / name).write_text(form, "utf-8")
        else:
            save(tmp_path / name, {"收入支出决算表": form})
    found = receive(connect(), tmp_path, TABLES)
    assert ("", said) in problems(found, notes=bool(unit))
    held = list(found.held.rows(TABLES["收入支出决算表"], unit or "元江县财政局", 2023))
    assert len(held) == bool(unit)


def test_of_several_submissions_none_goes_by_its_name(tmp_path):
    """Another one may hold the same unit by its code."""
    (tmp_path / "A").mkdir()
    save(tmp_path / "A" / "a.xlsx", {"收入支出决算表": OURS})
    found = receive_several(connect(), {"A": tmp_path / "A"}, TABLES, {}).whole
    assert "认不出是哪个单位、哪一年的" in [p.what for p in found.problems if not p.note]


BODY = ["目录", "第一部分元江县自然资源和规划局概况"]
# First lines of a document -> the name and the year that its title says.
TITLES = {
    "one line": (["元江县财政局2023年度部门决算"], ("元江县财政局", 2023)),
    "the name above": (["元江县财政局", "2023年度部门决算公开"], ("元江县财政局", 2023)),
    "the name over two lines, said again below": (
        ["元江县自然资源和", "规划局", "2023年度部门决算", *BODY],
        ("元江县自然资源和规划局", 2023),
    ),
    "a separate line above the name": (
        ["公开说明", "元江县自然资源和规划局", "2023年度部门决算", *BODY],
        ("元江县自然资源和规划局", 2023),
    ),
    "the office above its department": (
        ["中共元江县委员会", "社会工作部", "2023年度部门决算", "中共元江县委员会社会工作部概况"],
        ("中共元江县委员会社会工作部", 2023),
    ),
    "two lines that are said together nowhere": (
        ["内部资料", "元江县财政局", "2023年度部门决算", *BODY],
        ("元江县财政局", 2023),
    ),
    "a title of a part": (
        ["目录", "第二部分元江县财政局2023年度部门决算情况说明"],
        ("元江县财政局", 2023),
    ),
    "关于 before the name": (["关于元江县财政局2023年度部门决算的说明"], ("元江县财政局", 2023)),
    "关于 behind it": (["元江县财政局关于2023年度部门决算的说明"], ("元江县财政局", 2023)),
    "关于 alone below the name": (
        ["元江县财政局", "关于2023年度部门决算的说明"],
        ("元江县财政局", 2023),
    ),
    "no name": (["2023年度部门决算"], ("", 2023)),
    "no title": (["元江县财政局"], ("", 0)),
}


@pytest.mark.parametrize("lines, said", TITLES.values(), ids=TITLES)
def test_what_a_title_says(lines, said):
    assert owner_in(lines) == said


TITLED = ("元江县财政局2023年度部门决算", "2023年度部门决算公开")
# First lines of a document, what lies beside it, its name -> whose it is.
DOCUMENTS = {
    "alone, by its title": (TITLED[:1], "", "公开表", "元江县财政局"),
    "alone, by two lines of its title": (
        ("元江县财政局", TITLED[1]),
        "",
        "公开表",
        "元江县财政局",
    ),
    "by its title, known by a list": (TITLED[:1], UNITS, "公开表", "U001"),
    "title and file of one unit": (TITLED[:1], UNITS, "U001", "U001"),
    "title and file of two units": (TITLED[:1], UNITS, "U002", ""),
    "a title that no list knows": (("元江县林业局2023年度部门决算",), UNITS, "公开表", ""),
    "nothing": ((), "", "公开表", ""),
}


@pytest.mark.parametrize("first, listed, name, unit", DOCUMENTS.values(), ids=DOCUMENTS)
def test_the_title_of_a_document_says_whose_its_forms_are(tmp_path, first, listed, name, unit):
    made = docx.Document()
    for line in first:
        made.add_paragraph(line)
    made.add_paragraph("2023年度收入支出决算表")
    made.add_paragraph("单位：万元")
    lines = [[*line, *[""] * 5][:5] for line in NOBODYS[2:]]
    table = made.add_table(len(lines), 5)
    for cells, line in zip(table.rows, lines, strict=True):
        for cell, value in zip(cells.cells, line, strict=True):
            cell.text = "" if value is None else str(value)
    made.save(str(tmp_path / f"{name}.docx"))
    if listed:
        (tmp_path / "单位.csv").write_text(listed, "utf-8")
    found = receive(connect(), tmp_path, TABLES)
    units = ("元江县财政局", "U001", "U002")
    held = {u: len(list(found.held.rows(TABLES["收入支出决算表"], u, 2023))) for u in units}
    assert held == {u: int(u == unit) for u in units}
    refused = ("", "认不出是哪个单位、哪一年的") in problems(found)
    assert refused == (not unit)


def test_a_form_without_any_figure_is_no_problem_whatever_its_header(tmp_path):
    """A published form for which there is nothing to say: the heads of its columns stand on the line of its total."""
    title = "政府性基金预算财政拨款收入支出决算表"
    lines = [
        [f"2023年度{title}"],
        ["单位：万元"],
        ["项目", None, "年初结转和结余", "本年收入", "本年支出", None, None, "年末结转和结余"],
        ["功能分类科目编码", "科目名称"],
        ["合计", None, None, None, "合计", "基本支出", "项目支出", None],
        ["说明：2023年度没有政府性基金收入和支出，故本表无数据。"],
    ]
    merged = ("A3:B3", "C3:C4", "D3:D4", "E3:G4", "H3:H4", "A5:B5")
    told = {}
    figures = {"filled": 12.5, "words": "约3万", "capitals": "叁万元", "a formula": "=1+2"}
    for name, figure in {"empty": None, **figures}.items():
        (tmp_path / name).mkdir()
        sheets = {
            title: [*lines[:5], [2120801, "支出", 0, figure, None, None, None, 0], lines[5]]
            if figure
            else lines
        }
        save(tmp_path / name / "U001 2023.xlsx", sheets, [(title, m) for m in merged])
        found = receive(connect(), tmp_path / name, TABLES)
        told[name] = [what for _place, what in problems(found) if "科目编码" in what]
        said = (title, f"“{title}”一个数也没有填") in problems(found, notes=True)
        assert said == (name == "empty")
        assert not rows(found, title)
    assert not told["empty"] and all(told[name] for name in figures)
