"""Where a person looks, the cell that is probably wrong comes first: page, workbook, opinion, explanation, the unit's own workbook back; and nothing of it decides anything."""

import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from gouji import cli
from gouji.app import audit, page_of
from gouji.app.audits import explain_rule
from gouji.app.returns import returned
from gouji.report import json as page_json
from gouji.report.html.unit import unit_page
from gouji.report.opinion import render as opinion
from gouji.report.xlsx import render as workbook

COUNTY = Path(__file__).parent.parent / "datasets" / "county-demo"
UNIT, CELL, PRINTED, RIGHT = "X003", "E13", "818.16万元", "188.16万元"
# A unit of which five and more cells would do as well.
OPEN = "X037"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Three units of the county: one with two digits swapped, one without findings, one of which a single equation fails."""
    folder = tmp_path_factory.mktemp("county")
    some = [file for unit in ("X003", "X004", OPEN) for file in COUNTY.glob(f"{unit}*")]
    for file in [*some, COUNTY / "dataset.yaml"]:
        (folder / file.name).write_bytes(file.read_bytes())
    return folder, audit(folder, "final-accounts")


@pytest.fixture(scope="module")
def page(made):
    return page_of(made[1])


def test_the_page_folds_findings_under_causes(page):
    text = unit_page(page, next(c for c in page.cards if c.unit == UNIT))
    assert "2 条不平，1 处原因" in text and "没有不平的勾稽关系" not in text
    cause = text.partition("</article>")[0]
    assert text.index(PRINTED) < text.index("FA03</a>") and RIGHT in cause
    # Each finding stands once, within its cause; the inspector of the cell names the equations that say so.
    assert text.count('<article class="finding">') == 2
    look = text[text.index('<template id="k-1">') :]
    assert "FA03" in look and "FC05" in look and "不平 → 平" in look and RIGHT in look


def test_the_workbook_lists_causes_and_advice(page):
    book = openpyxl.load_workbook(io.BytesIO(workbook(page)))
    rows = [r for r in book["原因"].iter_rows(min_row=4, values_only=True) if r[0]]
    (row,) = [r for r in rows if r[0] == UNIT]
    assert row[:2] == (UNIT, "示例县龙泉综合执法队") and row[4] == CELL
    assert row[6:9] == (PRINTED, RIGHT, "相邻两位颠倒") and row[10] == "FA03 FC05"
    assert row[11] == "只有这一种改法"
    found = [r for r in book["问题清单"].iter_rows(min_row=4, values_only=True) if r[0] == UNIT]
    assert len(found) == 2 and all(CELL in r[12] and RIGHT in r[12] for r in found)


def test_the_opinion_suggests(page):
    card = next(c for c in page.cards if c.unit == UNIT)
    text = "\n".join(p.text for p in Document(io.BytesIO(opinion(page, card))).paragraphs)
    assert "建议先核对" in text and f"{CELL} 社会保障和就业支出 {PRINTED} → {RIGHT}" in text
    other = next(c for c in page.cards if c.unit == "X004")
    assert "建议先核对" not in "\n".join(
        p.text for p in Document(io.BytesIO(opinion(page, other))).paragraphs
    )


def test_a_rule_explained_for_a_unit_says_its_cause(made):
    sections = dict(explain_rule("FC05", "final-accounts", None, made[0], UNIT).sections)
    assert CELL in sections["多半的原因"][0] and RIGHT in sections["多半的原因"][0]
    assert "多半的原因" not in dict(
        explain_rule("FC05", "final-accounts", None, made[0], "X004").sections
    )


def test_the_workbook_back_blames_the_cell_and_writes_over_nothing(made):
    raw = returned(made[0], UNIT, "final-accounts").content
    book = openpyxl.load_workbook(io.BytesIO(raw))
    (file,) = made[0].glob("X003*")
    was = openpyxl.load_workbook(file)
    fills, comments = {}, {}
    for sheet in was:
        for row in book[sheet.title].iter_rows():
            for cell in row:
                assert cell.value == sheet[cell.coordinate].value
                if cell.fill.fgColor.rgb != sheet[cell.coordinate].fill.fgColor.rgb:
                    fills[sheet.title, cell.coordinate] = cell.fill.fgColor.rgb
                if cell.comment:
                    comments[sheet.title, cell.coordinate] = cell.comment.text
    # The strong colour and the comment are the blamed cell's; the other cells of its findings are pale.
    assert set(comments) == {("公开01表", CELL)} and RIGHT in comments["公开01表", CELL]
    strong = fills.pop(("公开01表", CELL))
    assert set(fills.values()) == {"FFF7F0E6"} and strong == "FFFF6B6B"
    assert ("公开03表", "C6") in fills
    listed = list(book["问题清单"].iter_rows(values_only=True))
    assert listed[0][-2:] == ("建议", "审核说明")
    assert all(RIGHT in row[-2] for row in listed[1:])


def test_a_proposal_decides_nothing(made):
    one, other = page_of(made[1]), page_of(made[1], located=False)
    assert [c.causes != () for c in one.cards] == [True, False, True]
    bare = tuple(replace(c, causes=(), unexplained=()) for c in one.cards)
    assert bare == tuple(replace(c, unexplained=()) for c in other.cards)
    for card in json.loads(page_json.render(other))["cards"]:
        assert card["causes"] == [] and card["unexplained"] == []


def test_json_says_where_what_and_why(page):
    cards = json.loads(page_json.render(page))["cards"]
    card = next(c for c in cards if c["unit"] == UNIT)
    (cause,) = card["causes"]
    (cell,) = cause["cells"]
    assert (cell["sheet"], cell["cell"]) == ("公开01表", CELL)
    assert (cell["printed"], cell["proposed"]) == (PRINTED, RIGHT)
    assert cell["slips"] == ["相邻两位颠倒"] and cause["codes"] == ["FA03", "FC05"]
    assert cause["certain"] is True and card["unexplained"] == []


def test_no_locate(made, capsys):
    codes = {}
    for more in ((), ("--no-locate",)):
        codes[more] = cli.main(["audit", str(made[0]), "--rules", "final-accounts", *more])
        assert ("处原因" in capsys.readouterr().out) is (not more)
    assert len(set(codes.values())) == 1


def test_where_nothing_tells_cells_apart_none_is_blamed(made, page):
    """One equation fails: every cell of it may be wrong. All are named, none strongly."""
    card = next(c for c in page.cards if c.unit == OPEN)
    (cause,) = card.causes
    assert not cause.leads and not cause.certain and len(cause.others) == 4 and not cause.whole
    assert cause.line.startswith("可能是其中一格") and "多半" not in cause.line
    cells = {(cell.sheet, cell.cell) for cell in cause.named}
    assert len(cells) == 5 and ("公开12表", "C6") in cells and ("公开12表", "B6") in cells
    assert all(f"公开12表 {cell} " in cause.line for _sheet, cell in cells)
    article = unit_page(page, card).partition("</article>")[0]
    assert all(f"<bdi>公开12表 {cell}</bdi>" in article for _sheet, cell in cells)
    rows = openpyxl.load_workbook(io.BytesIO(workbook(page)))["原因"]
    listed = [r for r in rows.iter_rows(min_row=4, values_only=True) if r[0] == OPEN]
    assert {(r[3], r[4]) for r in listed} == cells
    assert all(r[11].startswith("可能是其中一格：5 种改法") for r in listed)
    back = openpyxl.load_workbook(io.BytesIO(returned(made[0], OPEN, "final-accounts").content))[
        "公开12表"
    ]
    told = {c.coordinate for row in back.iter_rows() for c in row if c.comment}
    assert told == {cell for _sheet, cell in cells}
    assert all(back[cell].fill.fgColor.rgb != "FFFF6B6B" for cell in told)
