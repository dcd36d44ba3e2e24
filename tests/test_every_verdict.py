"""Every verdict in every form of report: points outside the total and criteria of other sets have their own words, and every form of report prints them."""

import json
from dataclasses import replace

import openpyxl
import pytest

import gouji
from gouji.app import page_of
from gouji.app.reports import libraries
from gouji.base.verdict import FAILING, OPEN, Verdict
from gouji.cli import Exit, main
from gouji.report.bureau import RuleTally, bureau
from gouji.report.html import bureau_page, unit_page
from gouji.report.html.bureau_page import sentences
from gouji.report.text import STYLES
from making import HEAD, TABLES, criterion_text, tie_text
from test_book_level import bonus, deduction

BANDS = "{kind: proportional, full_at: 100%}"
RULES = {
    "book.yaml": HEAD.format(total=100, policy="full")
    + "sets: {by: 单位.类型}\nadjust: {at_most: 5, at_least: -10, total_at_most: 100}\n",
    "c1.yaml": criterion_text("C01", BANDS, 60, measure="数.甲 / 数.乙", missing="pending"),
    "c2.yaml": criterion_text("C02", BANDS, 40, measure="数.率", missing="pending", more="set: 局"),
    "c3.yaml": criterion_text("C03", BANDS, 40, measure="数.率", missing="pending", more="set: 院"),
    "b.yaml": bonus(),
    "d.yaml": deduction(more="message: 少报几件。"),
    "t.yaml": tie_text("T01", "数.甲 = sum(明细.金额)"),
}
# Unit -> its kind, 甲, 乙, 率, 个, what its list comes to.
UNITS = {
    "A": ("局", "3.00", "3.00", "100.00%", 3, "3.00"),
    "B": ("院", "2.00", "4.00", "90.00%", 0, "2.00"),
    "C": ("局", "0.00", "4.00", "90.00%", 1, "0.00"),
    "D": ("院", "3.00", "4.00", "", 1, "4.00"),
    "E": ("站", "3.00", "4.00", "90.00%", 0, "3.00"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    root = tmp_path_factory.mktemp("verdicts")
    lines = {
        "单位": [
            "单位代码,年度,单位名称,类型",
            *(f"{u},2023,{u}局,{v[0]}" for u, v in UNITS.items()),
        ],
        "数": [
            "单位代码,年度,甲,乙,率,个",
            *(f"{u},2023,{','.join(map(str, v[1:5]))}" for u, v in UNITS.items()),
        ],
        "明细": [
            "单位代码,年度,项目,金额,是否",
            *(f"{u},2023,x,{v[5]},是" for u, v in UNITS.items()),
        ],
    }
    for folder, texts in (("rules", RULES), ("schemas", TABLES)):
        (root / folder).mkdir()
        for name, text in texts.items():
            (root / folder / name).write_text(text, "utf-8")
    (root / "data").mkdir()
    for name, text in lines.items():
        (root / "data" / f"{name}.csv").write_text("\n".join(text), "utf-8")
    return root


@pytest.fixture(scope="module")
def page(place):
    return page_of(gouji.audit(place / "data", place / "rules", place / "schemas"))


def test_the_data_have_every_verdict_of_criteria(page):
    said = {row.verdict for card in page.cards for row in card.criteria}
    assert {"加分", "减分", "不加不减", "得满分", "扣分", "无法判断"} <= said
    assert Verdict.OTHER_SET not in said


def test_every_verdict_has_its_colour():
    assert set(STYLES) == {v.value for v in Verdict}


def test_what_decides_and_what_fails():
    verdicts = {v.value: 1 for v in Verdict}
    tally = RuleTally("C01", verdicts, 0)
    assert tally.judged == len(Verdict) - len(OPEN)
    assert tally.failing == len(FAILING) == 3


@pytest.mark.parametrize("form", ["text", "json", "html", "xlsx", "docx", "csv", "parquet"])
def test_every_form(place, form, tmp_path, capsys):
    command = ["report", str(place / "data"), "--rules", str(place / "rules")]
    command += ["--schemas", str(place / "schemas"), "--format", form, "--out", str(tmp_path / "o")]
    assert main(command) == Exit.CLEAN, capsys.readouterr().err
    if form == "xlsx":
        (file,) = tmp_path.rglob("*.xlsx")
        texts = [c.value for s in openpyxl.load_workbook(file) for r in s.iter_rows() for c in r]
        assert {"加分", "减分", "不加不减"} <= set(texts)


@pytest.mark.parametrize("form", ["text", "summary", "json"])
def test_an_audit_of_it(place, form, capsys):
    command = ["audit", str(place / "data"), "--rules", str(place / "rules")]
    command += ["--schemas", str(place / "schemas"), "--format", form]
    assert main(command) == Exit.FINDINGS
    told = capsys.readouterr().out
    if form == "json":
        json.loads(told)
    assert "减分" in told and "加分" in told and "不属本套" not in told


def test_pages_of_a_deduction_say_what_to_do(page):
    card = next(c for c in page.cards if c.unit == "B")
    html = unit_page(page, card)
    assert "少报几件。" in html
    assert "D01" in bureau_page(bureau(page), libraries(), ())


# Unit, criterion -> how its points came about.
WORKINGS = {
    ("A", "D01"): "每例减 1 分，共减 3 分",
    ("C", "D01"): "每例减 1 分，共减 0 分",
    ("A", "B01"): "得 3 分",
}


@pytest.mark.parametrize("at", WORKINGS, ids="".join)
def test_how_points_outside_the_total_came_about(page, at):
    card = next(c for c in page.cards if c.unit == at[0])
    row = next(r for r in card.criteria if r.code == at[1])
    assert WORKINGS[at] in row.working and "得 5 分" not in row.working.replace(WORKINGS[at], "")


def test_points_in_doubt_are_counted_as_the_grounds_count_them(page):
    of = {card.unit: card for card in page.cards}
    assert of["D"].range_causes == "有疑 60 分、有疑的加减分 5 分、未定 40 分"
    # One of the two sets counts, whichever it is.
    assert of["E"].range_causes.startswith("未定 40 分")


def test_nobody_is_said_to_have_filed_where_there_is_no_list(page):
    first, *_more = sentences(bureau(page))
    assert first.startswith("审核 5 个单位；6 条规则")
    head = replace(bureau(page).head, not_filed=(("Z", "Z局"),))
    first, *_more = sentences(replace(bureau(page), head=head))
    assert first.startswith("审核 5 个单位，未报送 1 个；6 条规则")


def test_lint_knows_what_passes_outside_the_total():
    from gouji.lint.odd_scoring import scoring
    from making import book_of

    example = "examples:\n  - {given: {数: {个: 3}}, expect: 加分, score: 3}\n  - {given: {数: {个: 0}}, expect: 不加不减, score: 0}\n  - {given: {数: {个: null}}, expect: 无法判断}"
    of = book_of({"b.yaml": bonus(more=example), "c.yaml": RULES["c1.yaml"].replace("60", "100")})
    assert not [r for r in scoring(of) if r.code == "B01" and "样例" in r.what]
