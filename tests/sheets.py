"""Workbooks for tests, cell by cell: name of sheet -> lines of values, and what became of them."""

import openpyxl

from filled import tables
from gouji.intake import receive
from gouji.run import connect

TABLES = tables()
COVER = [["决算报表封面"], [], ["单位代码", "U001"], ["年度", 2023], ["单位名称", "元江县财政局"]]
ACCOUNTS = {name: TABLES[name] for name in ("单位", "收入支出决算表")}
LISTED = {name: TABLES[name] for name in ("单位", "支出决算表")}


def save(path, sheets, merged=()):
    """Write a workbook; `merged` holds pairs of a sheet's name and a range."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(["" if v is None else v for v in line])
    for name, cells in merged:
        book[name].merge_cells(cells)
    book.save(path)


def took(path, described, sheets, merged=()):
    """What is received of one workbook beside the cover; the counts must add up."""
    save(path / "a.xlsx", {"封面": COVER, **sheets}, merged)
    found = receive(connect(), path, described)
    assert found.rows_in == found.rows_accepted + found.rows_set_aside
    return found


def rows(found, table, described=TABLES):
    """The rows of one table: column -> value."""
    return [
        {name: cell.value for name, cell in row.cells.items()}
        for row in found.held.rows(described[table], "U001", 2023)
    ]


def problems(found, *, notes=False):
    """Place and words of what was told."""
    return [
        (f"{p.at.sheet}!{p.at.cell}" if p.at.cell else p.at.sheet, p.what)
        for p in found.problems
        if p.note is notes
    ]


def accounts(
    *,
    line="单位：万元",
    head="决算数",
    label="四、上级补助收入",
    value=12.5,
    title="2023年度收入支出决算表",
    more=(),
):
    """公开01表 with a few lines; 上级补助收入 is at B8."""
    return [
        [title],
        ["编制单位：元江县财政局"],
        [line],
        ["收入", None, None, "支出"],
        ["项目", head, None, "项目", head],
        ["一、一般公共预算财政拨款收入", 100, None, "五、教育支出", 112.5],
        ["本年收入合计", 112.5, None, "本年支出合计", 112.5],
        [label, value],
        ["总计", 112.5, None, "总计", 112.5],
        *more,
    ]
