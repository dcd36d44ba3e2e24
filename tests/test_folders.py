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
    return [(p.at.file, p.at.line, p.at.column, p.what) for p in made.submission.problems if not p.note]


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
    "a table nobody knows": ("tables: {表格: {unit: 元}}", ["没有叫“表格”的数据表", "不采用"], None),
    "a key like it": ("table: {表: {unit: 元}}", ["不认识“table”", "不采用"], None),
    "another key": ("author: 张三", ["不认识“author”"], 12345000),
    "a list for all": ("- 1", ["要写成 键: 值", "不采用"], None),
    "no YAML": ("a: [", ["不是合法的 YAML", "不采用"], None),
    "not UTF-8": ("title: 甲".encode("gb18030"), ["不是 UTF-8 文本", "不采用"], None),
    "a number for a title": ("title: 2023", [], 12345000),
    "a list for a title": ("title: [甲]", ["“title”写的是"], 12345000),
    "a word for yes": ("invented: maybe", ["“invented”写的是"], 12345000),
    "figures kept nobody knows how": ("figures: 元", ["gouji.figures 写的是“元”", "不采用"], None),
    "nothing": ("", [], 12345000),
    "all well": ("title: 试验\nnote: 一行\ninvented: false\ntables: {表: {unit: 元, places: 2}}", [], 1234.5),
}


@pytest.mark.parametrize("head, messages, value", HEADS.values(), ids=HEADS)
def test_what_dataset_yaml_says_and_what_of_it_is_understood(head, messages, value, tmp_path):
    made = audited(tmp_path, **{"dataset.yaml": head})
    found = told(made)
    assert len(found) == len(messages) and all(m in what for m, (*_at, what) in zip(messages, found, strict=True)), found
    assert figure(made) == value
    assert made.manifest.rows_in == made.manifest.rows_accepted + made.manifest.rows_set_aside == 2


# 计量单位, 小数位 and 原文 of a figure of figures.csv -> the figure and half of its last place, or the problem.
LONG = {
    "as the form prints it": ("", "", "12.5", (125000, 50)),
    "places": ("万元", "1", "12.5", (125000, 500)),
    "places in full width": ("万元", "１", "12.5", (125000, 500)),
    "places below nought": ("万元", "-3", "12000", "小数位“-3”不认识"),
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
        assert (file, line, column, figure(made)) == ("figures.csv", 2, "甲", None) and expected in what
    else:
        assert not told(made)
        cell = made.submission.rows["表"][0].cells["甲"]
        assert (cell.value, cell.half) == expected
    assert made.manifest.rows_in == made.manifest.rows_accepted + made.manifest.rows_set_aside
