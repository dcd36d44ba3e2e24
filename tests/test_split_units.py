"""A statement of units that is spread over cells, or stands in a comment: read as in one cell where nobody would doubt it, else the form is not taken."""

from decimal import Decimal
from itertools import combinations

import openpyxl
import pytest
from openpyxl.comments import Comment

from gouji.intake import receive
from gouji.intake.finding.stated_units import Head, units_of
from gouji.intake.workbooks.sheet import Sheet
from gouji.run import connect
from sheets import ACCOUNTS, COVER, TABLES, accounts, problems, rows, save, took

TEXTS = {
    "单位：元": "元",
    "单位：千元": "千元",
    "单位:百万元": "百万元",
    "金额单位：元": "元",
    "（单位：亿元）": "亿元",
    "单位：人民币元": "元",
    "单位十万元": "十万元",
    "单位为元": "元",
    "以元为单位": "元",
    "计量单位＝百元": "百元",
}


def splits(text):
    """A text cut into cells wherever it may be cut, up to three times."""
    for times in (1, 2, 3):
        for cuts in combinations(range(1, len(text)), times):
            yield [text[a:b] for a, b in zip((0, *cuts), (*cuts, len(text)), strict=True)]


def stated(*lines):
    """The unit that some lines above a form say, or what is wrong with them."""
    width = max(map(len, lines))
    rows_ = [[*line, *[""] * (width - len(line))] for line in lines]
    # The line of the unit is among those that the search takes for the head: only its words tell it.
    head = Head(0, len(rows_), 1, frozenset())
    made = units_of(TABLES["收入支出决算表"], Sheet("公开01表", rows_), {"上级补助收入": []}, head)
    assert not (made.said and made.wrong)
    return dict(made.said).get("上级补助收入") or [w.what for w in made.wrong]


@pytest.mark.parametrize("text, unit", TEXTS.items(), ids=TEXTS)
def test_cut_anywhere(text, unit):
    for cells in splits(text):
        assert (stated(["收支总表"], ["", *cells]), cells) == (unit, cells)


@pytest.mark.parametrize("text, unit", TEXTS.items(), ids=TEXTS)
def test_with_blank_cells_between(text, unit):
    for first, *rest in splits(text):
        if len(rest) == 1:
            assert stated(["收支总表"], [first, "", *rest]) == unit


BELOW = {
    "the unit": [["单位："], ["千元"]],
    "without a colon": [["单位"], ["千元"]],
    "the colon with it": [["单位"], ["：千元"]],
    "the colon between": [["单位"], ["："], ["千元"]],
    "beside a name": [["编制单位：元江县财政局", "", "单位："], ["", "", "千元"]],
}


@pytest.mark.parametrize("lines", BELOW.values(), ids=BELOW)
def test_below_its_word(lines):
    assert stated(["收支总表"], *lines) == "千元"


NOT_STATED = {
    "a name": ["单位：", "元江县"],
    "a name in pieces": ["编制", "单位：", "元"],
    "heads": ["指标", "单位", "目标值"],
}


@pytest.mark.parametrize("cells", NOT_STATED.values(), ids=NOT_STATED)
def test_cells_that_state_none(cells):
    assert stated(["收支总表"], cells) == []


REFUSED = {
    "other money": (["单位：", "美", "元"], "“美元”是外币"),
    "no unit": (["金额单位", "：", "大洋"], "“大洋”不知道"),
    "a unit or a name": (["单位：", "元", "江县财政局"], "“元 江县财政局”不知道"),
}


@pytest.mark.parametrize("cells, words", REFUSED.values(), ids=REFUSED)
def test_cells_that_cannot_be_gone_by(cells, words):
    (what,) = stated(["收支总表"], cells)
    assert what.startswith(words)


def test_sheets_that_differ_in_a_piece_alone(tmp_path):
    """A layout that was seen holds only where the pieces are the same."""
    for code, unit in (("U001", "千"), ("U002", "百")):
        lines = accounts(line="")
        lines[2] = [None, None, None, "单位：", unit, "元"]
        cover = [*COVER[:2], ["单位代码", code], *COVER[3:]]
        save(tmp_path / f"{code}.xlsx", {"封面": cover, "公开01表": lines})
    found = receive(connect(), tmp_path, ACCOUNTS)
    kept = {
        code: found.held.rows(ACCOUNTS["收入支出决算表"], code, 2023)[0].cells["上级补助收入"].value
        for code in ("U001", "U002")
    }
    assert kept == {"U001": 12_500, "U002": 1_250} and problems(found) == []


def commented(folder, cell, text, line=""):
    """What 上级补助收入 is read as where a cell has a comment, and what is told."""
    path = folder / "a.xlsx"
    save(path, {"封面": COVER, "公开01表": accounts(line=line)})
    book = openpyxl.load_workbook(path)
    book["公开01表"][cell].comment = Comment(text, "审核人")
    book.save(path)
    found = receive(connect(), folder, ACCOUNTS)
    kept = rows(found, "收入支出决算表")
    return (kept[0]["上级补助收入"] if kept else None), [at for at, _what in problems(found)]


COMMENTS = {
    "the only statement": ("A1", "单位：元", "", Decimal("12.50"), []),
    "the same as printed": ("A1", "单位：万元", "单位：万元", Decimal(125_000), []),
    "the same, at a figure": ("B8", "单位：万元", "单位：万元", Decimal(125_000), []),
    "another than printed": ("A1", "单位：元", "单位：万元", None, ["公开01表!A1"]),
    "of a figure alone": ("B8", "单位：元", "", None, ["公开01表!B8"]),
    "in a long text": (
        "A1",
        "去年的单位：元，今年改了，请看通知第 3 条",
        "",
        None,
        ["公开01表!A1"],
    ),
    "other money": ("A1", "单位：美元", "", None, ["公开01表!A1"]),
    "no unit": ("A1", "单位：元江县财政局", "单位：万元", Decimal(125_000), []),
}


@pytest.mark.parametrize("cell, text, line, value, told", COMMENTS.values(), ids=COMMENTS)
def test_units_in_comments(cell, text, line, value, told, tmp_path):
    assert commented(tmp_path, cell, text, line) == (value, told)


def test_through_a_workbook(tmp_path):
    lines = accounts(line="")
    lines[2] = [None, None, None, "单位", "：", "千", "元"]
    found = took(tmp_path, ACCOUNTS, {"公开01表": lines})
    assert problems(found) == [] and rows(found, "收入支出决算表")[0]["上级补助收入"] == 12_500
