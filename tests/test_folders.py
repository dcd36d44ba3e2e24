"""Folders of CSV files: what they say of themselves, how their lines are parted, what their headers and figures may look like; what is not understood is told."""

import pytest

from gouji.app import audit
from small_books import small_book

UNITS = "单位代码,年度,单位名称\nA,2023,甲局\n"
FORM = "单位代码,年度,甲,乙,率\nA,2023,1234.50,1234.50,100.00\n"


def audited(tmp_path, **files):
    """Files by name (`表` is 表.csv, in text or bytes) -> the audit of a folder of them."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name, text in {"单位": UNITS, "表": FORM, **files}.items():
        path = folder / (name if "." in name else f"{name}.csv")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return audit(folder, *small_book(tmp_path / "book"))


def told(made):
    """Problems (no remarks) as file, line, column, what."""
    return [
        (p.at.file, p.at.line, p.at.column, p.what) for p in made.submission.problems if not p.note
    ]


def figure(made, column="甲"):
    """A figure of the one unit, in its base unit."""
    rows = made.submission.rows.get("表", [])
    cell = rows[0].cells.get(column) if rows else None
    return None if cell is None else cell.value


# dataset.yaml -> words of the problems, whether 表.csv is read, the figure.
HEADS = {
    "a list for tables": ("tables: [1]", ["“tables”写的是", "不采用"], None),
    "a word for a table": ("tables: {表: 元}", ["“表”写的是", "不采用"], None),
    "a unit nobody knows": ("tables: {表: {unit: 百万圆}}", ["“表”写的是", "不采用"], None),
    "a word for places": ("tables: {表: {places: 三}}", ["“表”写的是", "不采用"], None),
    "a key of a table nobody knows": ("tables: {表: {units: 元}}", ["“表”写的是", "不采用"], None),
    "a table nobody knows": (
        "tables: {表格: {unit: 元}}",
        ["没有叫“表格”的数据表", "不采用"],
        None,
    ),
    "a key like it": ("table: {表: {unit: 元}}", ["不认识“table”", "不采用"], None),
    "another key": ("author: 张三", ["不认识“author”"], 12345000),
    "a list for all": ("- 1", ["要写成 键：值", "不采用"], None),
    "no YAML": ("a: [", ["不是合法的 YAML", "不采用"], None),
    "not UTF-8": ("title: 甲".encode("gb18030"), ["不是 UTF-8 文本", "不采用"], None),
    "a number for a title": ("title: 2023", [], 12345000),
    "a list for a title": ("title: [甲]", ["“title”写的是"], 12345000),
    "a word for yes": ("invented: maybe", ["“invented”写的是"], 12345000),
    "figures kept nobody knows how": ("figures: 元", ["gouji.figures 写的是“元”", "不采用"], None),
    "nothing": ("", [], 12345000),
    "all well": (
        "title: 试验\nnote: 一行\ninvented: false\ntables: {表: {unit: 元, places: 2}}",
        [],
        1234.5,
    ),
}


@pytest.mark.parametrize("head, messages, value", HEADS.values(), ids=HEADS)
def test_what_dataset_yaml_says_and_what_of_it_is_understood(head, messages, value, tmp_path):
    made = audited(tmp_path, **{"dataset.yaml": head})
    found = told(made)
    assert len(found) == len(messages) and all(
        m in what for m, (*_at, what) in zip(messages, found, strict=True)
    ), found
    assert figure(made) == value
    assert made.manifest.rows_in == made.manifest.rows_accepted + made.manifest.rows_set_aside == 2


# 计量单位, 小数位 and 原文 of a figure of figures.csv -> the figure and half of its last place, or the problem.
LONG = {
    "as the form prints it": ("", "", "12.5", (125000, 50)),
    "places": ("万元", "1", "12.5", (125000, 500)),
    "places in full width": ("万元", "１", "12.5", (125000, 500)),
    "places below zero": ("万元", "-3", "12000", "小数位“-3”不认识"),
    "places in words": ("万元", "三", "12.5", "小数位“三”不认识"),
    "places with a point": ("万元", "1.0", "12.5", "小数位“1.0”不认识"),
    "too many places": ("万元", "99", "12.5", "小数位“99”不认识"),
    "a unit nobody knows": ("百万圆", "", "12.5", "计量单位“百万圆”不认识"),
    "a unit of something else": ("平方米", "", "12.5", "计量单位"),
}


@pytest.mark.parametrize("unit, places, text, expected", LONG.values(), ids=LONG)
def test_units_and_places_in_figures_csv(unit, places, text, expected, tmp_path):
    lines = f"数据表,单位代码,年度,列,原文,计量单位,小数位\n表,A,2023,甲,{text},{unit},{places}\n表,A,2023,乙,1.00,,\n"
    made = audited(tmp_path, 表="单位代码,年度,甲\n", **{"figures.csv": lines})
    if isinstance(expected, str):
        ((file, line, column, what),) = told(made)
        assert (file, line, column, figure(made)) == (
            "figures.csv",
            2,
            "甲",
            None,
        ) and expected in what
    else:
        assert not told(made)
        cell = made.submission.rows["表"][0].cells["甲"]
        assert (cell.value, cell.half) == expected
    assert made.manifest.rows_in == made.manifest.rows_accepted + made.manifest.rows_set_aside


# Ways to write the same 表.csv: how it is encoded, what parts its cells, what its header says. All are read; the figure is the same.
SAME = {
    "as described": FORM,
    "with a mark": b"\xef\xbb\xbf" + FORM.encode(),
    "UTF-16, low byte first": FORM.encode("utf-16"),
    "UTF-16, high byte first": b"\xfe\xff" + FORM.encode("utf-16-be"),
    "UTF-16 without a mark": FORM.encode("utf-16-le"),
    "UTF-32": FORM.encode("utf-32"),
    "GB18030": FORM.encode("gb18030"),
    "semicolons": FORM.replace(",", ";"),
    "tabs": FORM.replace(",", "\t"),
    "strokes": FORM.replace(",", "|"),
    "full-width commas": FORM.replace(",", "，"),
    "a line that names the separator": "sep=;\n" + FORM.replace(",", ";"),
    "semicolons in UTF-16": FORM.replace(",", ";").encode("utf-16"),
    "tabs in GB18030": FORM.replace(",", "\t").encode("gb18030"),
    "lines of Windows": FORM.replace("\n", "\r\n"),
    "lines of old Macs": FORM.replace("\n", "\r"),
    "in quotes": '"单位代码","年度","甲","乙","率"\n"A","2023","1,234.50","1234.50","100.00"\n',
    "labels": "代码,年度,甲项合计,乙项合计,完成率\nA,2023,1234.50,1234.50,100.00\n",
    "another word": "单位代码,年度,甲类,乙,率\nA,2023,1234.50,1234.50,100.00\n",
    "blanks in the header": "单位代码 , 年 度,甲　,乙,率\nA,2023,1234.50,1234.50,100.00\n",
    "units in the header": "单位代码,年度,甲（元）,乙(万元),率（%）\nA,2023,12345000.00,1234.50,100.00\n",
    "columns in another order": "乙,甲,年度,率,单位代码\n1234.50,1234.50,2023,100.00,A\n",
    "empty columns behind": "单位代码,年度,甲,乙,率,,\nA,2023,1234.50,1234.50,100.00,,\n",
    "commas behind the line": "单位代码,年度,甲,乙,率\nA,2023,1234.50,1234.50,100.00,,\n",
    "a title above": "甲乙表,,,,\n单位代码,年度,甲,乙,率\nA,2023,1234.50,1234.50,100.00\n",
    "empty lines": "\n单位代码,年度,甲,乙,率\n\nA,2023,1234.50,1234.50,100.00\n,,,,\n",
    "a code in full width": "单位代码,年度,甲,乙,率\nＡ,2023,1234.50,1234.50,100.00\n",
    "noise of doubles": "单位代码,年度,甲,乙,率\nA,2023,1234.4999999999998,1234.5000000000002,99.99999999999999\n",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_ways_to_write_the_same_csv(text, tmp_path):
    made = audited(tmp_path, 表=text)
    assert (
        not told(made)
        and figure(made) == figure(made, "乙") == 12345000
        and figure(made, "率") == 1
    )
    assert made.manifest.units == 1 and made.manifest.rows_in == made.manifest.rows_accepted == 2


# 表.csv of which something is not understood -> the problems (line, column, words), the figure.
ODD = {
    "blanks between cells": (
        "单位代码 年度 甲 乙\nA 2023 1 1\nB 2023 1 1\nC 2023 1 1\n",
        [(1, "", "表头没有看懂：单位代码 年度 甲 乙")],
        None,
    ),
    "an unusual sign between cells": (FORM.replace(",", "#"), [(1, "", "表头没有看懂")], None),
    "no header": (
        "A,2023,1.00,1.00,100\nA,2023,1.00,1.00,100\n",
        [(1, "", "表头没有看懂：A,2023")],
        None,
    ),
    "no year": ("单位代码,甲\nA,1.00\nB,1.00\n", [(1, "", "表头没有看懂：单位代码,甲")], None),
    "a unit above the header": (
        "单位：元,,,,\n" + FORM,
        [(1, "", "表头上面写着计量单位：单位：元")],
        None,
    ),
    "a unit nobody knows": (
        FORM.replace("甲", "甲(美元)"),
        [(1, "甲", "“甲(美元)”的计量单位没有看懂")],
        None,
    ),
    "a unit of something else": (
        FORM.replace("甲", "甲(%)"),
        [(1, "甲", "“甲(%)”的计量单位没有看懂")],
        None,
    ),
    "two columns for one": (FORM.replace("乙", "甲类"), [(1, "", "表头有重复的列：甲")], None),
    "the same column twice": (FORM.replace("乙", "甲"), [(1, "", "表头有重复的列：甲")], None),
    "a comma for the point": (
        "单位代码;年度;甲;乙;率\nA;2023;1,234;1234,50;100\n",
        [(2, "甲", "千分位还是小数点"), (2, "乙", "读不成数")],
        None,
    ),
    "a code with an exponent": (
        "单位代码,年度,甲,乙,率\n1.253E+17,2023,1.00,1.00,100\n",
        [(2, "单位代码", "“1.253E+17”是被当作数字存过的编码")],
        None,
    ),
    "a year in words": (
        "单位代码,年度,甲,乙,率\nA,二〇二三,1.00,1.00,100\n",
        [(2, "年度", "读不成数")],
        None,
    ),
    "two lines in a cell": (
        '单位代码,年度,甲,乙,率\nA,2023,"211\n360",1.00,100\n',
        [(2, "甲", "")],
        None,
    ),
    "a tab in a figure": (
        '单位代码,年度,甲,乙,率\nA,2023,"211\t360",1.00,100\n',
        [(2, "甲", "")],
        None,
    ),
    "too many places": (
        "单位代码,年度,甲,乙,率\nA,2023,0.00000012345678901,1.00,100\n",
        [(2, "甲", "小数位太多")],
        None,
    ),
    "many digits that are no noise": (
        "单位代码,年度,甲,乙,率\nA,2023,1234567.8901234567,1.00,100\n",
        [(2, "甲", "小数位太多")],
        None,
    ),
    "neither encoding": (
        b"\xff\xff\xff\x81" + FORM.encode()[:40],
        [(0, "", "既不是 UTF-8 也不是 GB18030")],
        None,
    ),
    "a quote that never ends": (
        '单位代码,年度,甲,乙,率\nA,2023,"1.00,1.00,100\n',
        [(2, "", "CSV 这一行读不了")],
        None,
    ),
}


@pytest.mark.parametrize("text, problems, value", ODD.values(), ids=ODD)
def test_what_is_not_understood_in_a_csv_is_told_once(text, problems, value, tmp_path):
    made = audited(tmp_path, 表=text)
    found = [(line, column, what) for _file, line, column, what in told(made)]
    assert [(line, column) for line, column, _what in found] == [
        (line, column) for line, column, _what in problems
    ], found
    assert all(
        part in what for (*_at, what), (*_where, part) in zip(found, problems, strict=True)
    ), found
    assert figure(made) == value
    assert made.manifest.rows_in == made.manifest.rows_accepted + made.manifest.rows_set_aside


@pytest.mark.parametrize("mark", ["①", "²", "*", "[1]", "注1"])
def test_the_mark_of_a_note_is_cut_off_and_told(mark, tmp_path):
    made = audited(tmp_path, 表=f"单位代码,年度,甲,乙,率\nA,2023,211.36{mark},1.00,100\n")
    assert not told(made) and [
        (p.at.line, p.at.column) for p in made.submission.problems if p.note and mark in p.what
    ] == [(2, "甲")]
    assert figure(made) == 2113600


def test_thousands_of_rows_under_a_header_that_is_not_understood_are_one_problem(tmp_path):
    made = audited(tmp_path, 明细="编号、年份、金额\n" + "A、2023、1.00\n" * 3535)
    assert len(told(made)) == 1 and made.submission.rows_set_aside == 3535


def test_noise_is_told_once_a_column(tmp_path):
    lines = "".join(f"A,2023,项目{n},1320.7299999999998,是\n" for n in range(50))
    made = audited(tmp_path, 明细="单位代码,年度,项目,金额,是否\n" + lines)
    notes = [p for p in made.submission.problems if p.note]
    assert (
        [(p.at.line, p.at.column) for p in notes] == [(2, "金额")]
        and "1320.73" in notes[0].what
        and not told(made)
    )
    assert {row.cells["金额"].value for row in made.submission.rows["明细"]} == {13207300}


UNLISTED = {
    "a unit nobody listed": (
        FORM + "B,2023,1.00,1.00,100\nB,2022,1.00,1.00,100\n",
        ["B；它们的 2 行（表）"],
        3,
    ),
    "no unit at all": (FORM, ["A；它们的 1 行（表）"], 0),
    "its own line that was set aside": (FORM, ["单位代码, 年度 重复"], 0),
}


@pytest.mark.parametrize("name", UNLISTED)
def test_rows_of_units_that_are_not_listed_are_set_aside(name, tmp_path):
    text, messages, _rows = UNLISTED[name]
    units = {
        "no unit at all": UNITS.split("\n")[0] + "\n",
        "its own line that was set aside": UNITS + "A,2023,乙局\n",
    }.get(name, UNITS)
    made = audited(tmp_path, 单位=units, 表=text)
    whats = list(dict.fromkeys(what for *_at, what in told(made)))
    assert len(whats) == len(messages) and all(
        m in what for m, what in zip(messages, whats, strict=True)
    ), whats
    assert made.manifest.rows_in == made.manifest.rows_accepted + made.manifest.rows_set_aside
    assert {row.cells["单位代码"].value for row in made.submission.rows.get("表", [])} == (
        {"A"} if name == "a unit nobody listed" else set()
    )
