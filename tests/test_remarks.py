"""Remarks: a cause once with its places, none lost on the page; every form of a report has them, and no exit code changes."""

import io
import json as plain_json
import shutil
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gouji
from gouji.app import page_of, summary_of
from gouji.app.reports import only
from gouji.cli import Exit, main
from gouji.report import json, summary, xlsx
from gouji.report import text as told
from gouji.report.bureau import bureau
from gouji.report.html import Libraries, bureau_page, unit_page
from gouji.report.unit.remarks import LINES_AT_MOST, grouped, lines
from reporting import ROOT

BOOK = "X001_示例县云岭农业农村服务中心.xlsx"
NO_LIBRARIES = Libraries("", "var x=1;export{x as default};")

# What is told (place, what, what to do) -> the lines.
LINES = {
    "nothing": ([], []),
    "one": ([("a.xlsx", "没有读", "")], ["a.xlsx：没有读"]),
    "with what to do": ([("a.pdf", "没有读", "另存为 xlsx")], ["a.pdf：没有读（另存为 xlsx）"]),
    "cells of a sheet": (
        [(f"a.xlsx/甲/B{n}", "去掉注释", "") for n in (3, 4)],
        ["a.xlsx/甲/B3、B4：去掉注释"],
    ),
    "sheets of a workbook": (
        [(f"a.xlsx/{name}", "没有读", "") for name in "甲乙"],
        ["a.xlsx/甲、乙：没有读"],
    ),
    "two workbooks": (
        [(f"{name}.xlsx/甲", "没有读", "") for name in "ab"],
        ["a.xlsx/甲；b.xlsx/甲：没有读"],
    ),
    "a sheet and a cell of it": (
        [("a.xlsx/甲", "没有读", ""), ("a.xlsx/甲/B3", "没有读", "")],
        ["a.xlsx/甲、甲/B3：没有读"],
    ),
    "many places": (
        [(f"a.xlsx/甲/B{n}", "去掉注释", "") for n in range(1, 31)],
        ["a.xlsx/甲/B1、B2、B3、B4 … 共 30 处：去掉注释"],
    ),
    "names at one place": (
        [("a.xlsx/封面", f"没有“{name}”, 不要紧", "") for name in "甲乙丙"],
        ["a.xlsx/封面：没有“甲”、“乙”、“丙”, 不要紧"],
    ),
    "names at one place, of two units": (
        [(f"{unit}.xlsx/封面", f"没有“{name}”", "") for unit in "ab" for name in "甲乙"],
        ["a.xlsx/封面；b.xlsx/封面：没有“甲”、“乙”"],
    ),
    "very many names": (
        [("a", f"没有“{n}号”", "") for n in range(12)],
        ["a：没有“0号”、“1号”、“2号”、“3号”、“4号”、“5号”、“6号”、“7号” … 共 12 个"],
    ),
    "the same twice at one place": ([("a", "没有“甲”", "")] * 2, ["a：没有“甲”"]),
    "two figures that differ": (
        [("a/B1", "存 15, 显示 2", ""), ("a/B2", "存 16, 显示 3", "")],
        ["a/B1：存 15, 显示 2", "a/B2：存 16, 显示 3"],
    ),
    "many figures": (
        [(f"a/B{n}", f"存 {n}.4, 显示 {n}", "") for n in range(1, 6)],
        ["a/B1、B2、B3、B4 … 共 5 处：存 1.4, 显示 1（同类 5 种，这是第一种）"],
    ),
    "other things to do": (
        [("a", "没有读", "甲"), ("b", "没有读", "乙")],
        ["a：没有读（甲）", "b：没有读（乙）"],
    ),
    "more causes than lines": (
        [(str(n), "因" * n, "") for n in range(1, 26)],
        [*(f"{n}：{'因' * n}" for n in range(1, 21)), "… 共 25 处，见 audit.json"],
    ),
}


@pytest.mark.parametrize("remarks, wanted", LINES.values(), ids=LINES)
def test_a_cause_is_told_once(remarks, wanted):
    assert list(lines(remarks)) == wanted


REMARKS = st.lists(
    st.tuples(
        st.sampled_from(["a", "a/B1", "b.xlsx/甲/C7", "b.xlsx/甲"]),
        st.builds(
            "{}“{}”{} {}".format,
            st.sampled_from("甲乙"),
            st.text(max_size=2),
            st.sampled_from(["", "B3、C4:D9"]),
            st.integers(0, 3),
        ),
        st.sampled_from(["", "改"]),
    ),
    max_size=60,
)


@given(REMARKS)
def test_no_place_is_lost_and_lines_are_few(remarks):
    found = grouped(remarks)
    assert {(place, fix) for place, _what, fix in remarks} == {
        (place, x.fix) for x in found for place in x.places
    }
    assert len(found) <= len(set(remarks)) and len(list(lines(remarks))) <= LINES_AT_MOST + 1


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """One unit's workbook with two sheets more that no form knows, and the report of it."""
    folder = tmp_path_factory.mktemp("sent")
    shutil.copy(ROOT / "datasets" / "county-demo" / BOOK, folder)
    book = openpyxl.load_workbook(folder / BOOK)
    for name in ("备忘", "<b>草稿"):
        book.create_sheet(name).append(["随手记", 12])
    book.save(folder / BOOK)
    (folder / "readme.txt").write_text("x", "utf-8")
    return folder, gouji.audit(folder, "final-accounts")


WHAT, ATTACHED = "工作表没有对应的表样，没有读", "附件，不是报表，没有读"


def test_the_page_has_every_remark_and_a_card_those_of_its_workbook(sent):
    page = page_of(sent[1])
    noted = [p for p in sent[1].submission.problems if p.note]
    assert page.remarks == tuple((str(p.at), p.what, p.fix) for p in noted)
    own = {(f"{BOOK}/{name}", WHAT, "") for name in ("备忘", "<b>草稿")}
    assert (
        own <= set(page.remarks)
        and own <= set(page.cards[0].remarks)
        and all(place.startswith(BOOK) for place, _what, _fix in page.cards[0].remarks)
    )
    assert any(place == "readme.txt" and what == ATTACHED for place, what, _fix in page.remarks)
    assert page.remarks and only(page, "X001").remarks == page.remarks


def test_text_and_summary_print_them(sent):
    page = page_of(sent[1])
    for text in (told.render(page, width=200), summary.render(summary_of(sent[1]), width=200)):
        after = text[text.index(f"说明（{len(page.remarks)} 处）") :]
        assert f"{BOOK}/备忘、<b>草稿：{WHAT}" in after and f"readme.txt：{ATTACHED}" in after


def test_workbook_and_pages_print_them(sent):
    page = page_of(sent[1])
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(page)))
    assert [
        tuple(cell.value or "" for cell in row) for row in book["说明"].iter_rows(min_row=4)
    ] == list(page.remarks)
    whole, one = bureau_page(bureau(page), NO_LIBRARIES), unit_page(page, page.cards[0])
    for text, count in ((whole, len(page.remarks)), (one, len(page.cards[0].remarks))):
        assert (
            f"<summary>说明（{count} 处）</summary>" in text
            and f"{BOOK}/备忘、&lt;b&gt;草稿" in text
            and WHAT in text
            and "<b>草稿" not in text
        )
    assert "readme.txt" in whole and "readme.txt" not in one


def test_the_page_says_where_causes_are_left_out(sent):
    page = page_of(sent[1])
    text = bureau_page(
        bureau(replace(page, remarks=tuple((str(n), "因" * n, "") for n in range(1, 206)))),
        NO_LIBRARIES,
    )
    assert (
        "说明（205 处）" in text and "… 另有 5 处，见 audit.json" in text and "因" * 201 not in text
    )


def test_json_has_them_and_pages_kept_before_are_read(sent):
    page = page_of(sent[1])
    plain = plain_json.loads(json.render(page))
    assert [tuple(x) for x in plain["remarks"]] == list(page.remarks) and json.read(
        json.render(page), "x"
    ) == json.read(plain_json.dumps(plain), "x")
    del plain["remarks"], plain["cards"][0]["remarks"]
    before = json.read(plain_json.dumps(plain), "x")
    assert before.remarks == before.cards[0].remarks == () and before.problems == page.problems


def test_a_remark_changes_no_exit_code_and_no_count(sent, tmp_path, capsys):
    shutil.copy(ROOT / "datasets" / "county-demo" / BOOK, tmp_path)
    assert (
        main(["audit", str(tmp_path), "--rules", "final-accounts"])
        == main(["audit", str(sent[0]), "--rules", "final-accounts"])
        == Exit.CLEAN
    )
    plain = page_of(gouji.audit(tmp_path, "final-accounts"))
    assert plain.degrees({}) == page_of(sent[1]).degrees({})
    assert len(page_of(sent[1]).remarks) == len(plain.remarks) + 3


def second(plain):
    """A page as the second version wrote it."""
    plain = plain_json.loads(plain_json.dumps(plain)) | {"version": 2}
    del plain["remarks"]
    for card in plain["cards"]:
        del card["remarks"], card["said"], card["totals"]["grounds"]["contested"]
        for spot in (s for row in card["tie_outs"] for s in row["spots"]):
            sides = spot.pop("sides")
            spot |= {
                "stated": sides["left"],
                "expected": sides["right"],
                "difference": sides["difference"],
                "span": sides["span"],
            }
    return plain


def test_a_page_of_the_second_version_is_read():
    made = page_of(gouji.audit(ROOT / "datasets" / "county-demo", "final-accounts"))
    page = only(
        made,
        next(
            c.unit
            for c in made.cards
            if any(s.sides.difference for t in c.tie_outs for s in t.spots)
        ),
    )
    again = json.read(plain_json.dumps(second(plain_json.loads(json.render(page)))), "x")
    pairs = [
        (a, b)
        for x, y in zip(again.cards[0].tie_outs, page.cards[0].tie_outs, strict=True)
        for a, b in zip(x.spots, y.spots, strict=True)
    ]
    assert any(b.sides.difference for _a, b in pairs)
    for a, b in pairs:
        assert (a.sides.left, a.sides.right, a.sides.difference, a.sides.span, a.places) == (
            b.sides.left,
            b.sides.right,
            b.sides.difference,
            b.sides.span,
            b.places,
        )
        assert not a.sides.rolled and a.sides.op in ("", "=")
    assert again.cards[0].totals == page.cards[0].totals and told.render(again)
