"""Tables of documents without pages that go on in another table: joined where nothing stands between them, or 续表; what is not theirs is not joined."""

import io

import pytest
from docx import Document

from gouji.intake import receive
from gouji.run import connect
from papers import Paper, as_html
from sheets import LISTED, TABLES

FIGURES = ("本年支出合计", "基本支出", "项目支出")
HEAD = ["科目编码", "科目名称", *FIGURES]
LINES = [
    ["合计", "", "60.00", "40.00", "20.00"],
    ["205", "教育支出", "30.00", "20.00", "10.00"],
    ["20502", "普通教育", "30.00", "20.00", "10.00"],
    ["208", "社会保障和就业支出", "30.00", "20.00", "10.00"],
    ["20805", "行政事业单位养老支出", "30.00", "20.00", "10.00"],
]
ABOVE = ["2023年度支出决算表", "编制单位：元江县财政局", "单位：万元"]


def as_docx(papers):
    made = Document()
    for paper in papers:
        for line in paper.above:
            made.add_paragraph(line)
        table = made.add_table(len(paper.rows), len(paper.rows[0]))
        for row, texts in zip(table.rows, paper.rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        made.add_paragraph("")
        made.add_page_break()
    raw = io.BytesIO()
    made.save(raw)
    return raw.getvalue()


WRITERS = {"docx": as_docx, "html": as_html}


def read(folder, kind, *papers):
    """Codes that were read, and what was told as a problem."""
    (folder / f"a.{kind}").write_bytes(WRITERS[kind]([Paper("", *p, []) for p in papers]))
    found = receive(connect(), folder / f"a.{kind}", LISTED)
    rows = found.held.rows(TABLES["支出决算表"], "元江县财政局", 2023)
    money = {str(r.cells["科目编码"].value): r.cells["本年支出合计"].value for r in rows}
    return money, [p.what for p in found.problems if not p.note]


RIGHT = {line[0]: int(float(line[2])) * 10000 for line in LINES}
WAYS = {
    "lines alone": ([], 0),
    "heads again": ([], 1),
    "heads again below 续表": (["续表"], 1),
    "lines below （续表）": (["（续表）"], 0),
    "the title with 续": (["支出决算表（续表）"], 1),
}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("cut", [1, 3])
@pytest.mark.parametrize("above, heads", WAYS.values(), ids=WAYS)
def test_goes_on(above, heads, cut, kind, tmp_path):
    more = [HEAD] * heads + LINES[cut:]
    assert read(tmp_path, kind, (ABOVE, [HEAD, *LINES[:cut]]), (above, more)) == (RIGHT, [])


OTHERS = {
    "another title in it": ([], [["收入决算表", "", "", "", ""], HEAD, *LINES[3:]]),
    "words between": (["以下是单位的其他情况"], LINES[3:]),
    "the same lines again": ([], [HEAD, *LINES[:3]]),
    "words alone": ([], [["项目", "说明", "负责人", "电话", "备注"], ["甲", "乙", "丙", "丁", "戊"]]),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("above, rows", OTHERS.values(), ids=OTHERS)
def test_does_not_go_on(above, rows, kind, tmp_path):
    money, _told = read(tmp_path, kind, (ABOVE, [HEAD, *LINES[:3]]), (above, rows))
    assert money in ({line[0]: RIGHT[line[0]] for line in LINES[:3]}, {})


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("above", [[], ["续表"]], ids=["nothing between", "续表"])
def test_other_columns_are_told(above, kind, tmp_path):
    more = [line[:4] for line in LINES[3:]]
    money, told = read(tmp_path, kind, (ABOVE, [HEAD, *LINES[:3]]), (above, more))
    assert money == {} and any("列却对不上" in what for what in told)
