"""A report beside no table at all: what its sentences fill is audited as if somebody had typed it, and its own relations are rules."""

import csv
from pathlib import Path

import docx
import openpyxl
import pytest
import yaml

import gouji
from gouji.app.text_of_report import read_report, rendered
from gouji.base.verdict import Verdict

ROOT = Path(__file__).parent.parent
TEXT = (Path(__file__).parent / "report_texts" / "anning.txt").read_text("utf-8")
DATASET = ROOT / "datasets" / "anning-2023"


def score_rows():
    """The scoring table as it would be printed, cells between bars."""
    with (DATASET / "自评得分.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    yield "一级指标 | 二级指标 | 三级指标 | 得分 | 评价标准 |"
    seen = set()
    for row in rows:
        weight = {"部门职能职责": "(10分)", "预算执行": "(9分)"}.get(row["二级指标"], "")
        above = [row["一级指标"], row["二级指标"] + weight]
        if row["二级指标"] in seen:
            above = []
        seen.add(row["二级指标"])
        own = row["三级指标"] + (f"({row['印明分值']}分)" if row["印明分值"] else "")
        stated = (
            f"做到的，得{row['标准列明分值']}分。" if row["标准列明分值"] else "每少一点扣一点。"
        )
        yield " | ".join([*above, own, row["得分"], stated]) + " |"
    yield "合计 | 100分 | 95.5 |"


def whole():
    """The text with its whole scoring table; what a template leaves stood in the standards of the table."""
    head, _table = TEXT.split("一级指标 |", 1)
    left = "能够适应《安宁市XXXXX规划》和“十XX五”的，得2分。\n"
    return head + left + "\n".join(score_rows())


def as_word(text, path):
    """Paragraphs of a Word file; lines with bars are rows of one table."""
    made, rows = docx.Document(), []
    for line in text.splitlines():
        if line.count("|") >= 2:
            rows.append([cell.strip() for cell in line.rstrip("| ").split("|")])
        else:
            made.add_paragraph(line)
    table = made.add_table(len(rows), max(map(len, rows)))
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            table.cell(number, column).text = cell
    made.save(path)


@pytest.fixture(scope="module", params=["txt", "docx"])
def made(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    if request.param == "txt":
        (folder / "自评报告.txt").write_text(whole(), "utf-8")
    else:
        as_word(whole(), folder / "自评报告.docx")
    (folder / "单位.csv").write_text(
        "单位代码,年度,单位名称\nANCG001,2023,安宁市城市管理综合服务中心\n", "utf-8"
    )
    return gouji.audit(folder, "anning-2023")


def test_verdicts_and_scores_are_those_of_the_typed_dataset(made):
    expect = yaml.safe_load((DATASET / "expect.yaml").read_text("utf-8"))["units"]["ANCG001"]
    (card,) = made.scorecards
    verdicts = {f.rule.code: f.outcome.verdict.value for f in card.tie_outs}
    assert {k: verdicts[k] for k in expect["tie_outs"]} == expect["tie_outs"]
    lines = {line.rule.code: line.outcome for line in card.lines}
    assert {k: (lines[k].verdict.value, float(lines[k].score)) for k in expect["criteria"]} == {
        k: (row["verdict"], float(row["score"])) for k, row in expect["criteria"].items()
    }
    assert (card.totals.score, card.totals.grade) == (expect["total"], expect["grade"])


def test_relations_of_the_text_are_rules(made):
    by_code = {r.rule.code: r.check for r in made.book.table_rules if r.code.startswith("FT")}
    assert len(by_code) == 11
    rows = made.submission.rows["文中增减幅"]
    assert {str(r.cells["关系"].value) for r in rows} >= {
        "增减幅 60.67% = 1.09万元 ÷ (2.89万元 - 1.09万元) 平(尾差内)"
    }
    verdicts = {o.code: o.verdict for o in made.outcomes.of("ANCG001") if o.code.startswith("FT")}
    assert verdicts["FT02"] is Verdict.BALANCED
    assert verdicts["FT04"] is Verdict.WITHIN_ROUNDING


def test_a_figure_cites_its_sentence(made):
    (row,) = made.submission.rows["收支决算"]
    at = row.cells["项目支出增减额"].at
    assert at.document_line == next(
        n for n, line in enumerate(TEXT.splitlines(), 1) if "项目支出增加1.09万元" in line
    )
    assert str(at).startswith("《自评报告》第") and at.words.endswith("项目支出增加")


def test_a_wrong_sentence_is_found(tmp_path):
    (tmp_path / "决算说明.txt").write_text(
        "某县水利局2023年度部门决算\n收入合计100.00万元，比上年增加10.00万元，增长10.00%。\n",
        "utf-8",
    )
    made = gouji.audit(tmp_path, "anning-2023")
    (card,) = made.scorecards
    assert card.name == "某县水利局"
    verdicts = {o.code: o.verdict for o in made.outcomes.of(card.unit)}
    assert verdicts["FT04"] is Verdict.UNBALANCED


@pytest.mark.parametrize(
    "said, verdict",
    [
        ("由60.50%提高到62.00%，提高1.50个百分点", Verdict.BALANCED),
        ("由60.50%提高到62.00%，提高2.50个百分点", Verdict.UNBALANCED),
        ("由95.00%下降到91.20%，下降3.80个百分点", Verdict.BALANCED),
        ("由95.00%下降到91.20%，下降3.20个百分点", Verdict.UNBALANCED),
        ("由60.5%提高到62%，提高1.6个百分点", Verdict.WITHIN_ROUNDING),
    ],
)
def test_points_are_a_rule(tmp_path, said, verdict):
    (tmp_path / "决算说明.txt").write_text(
        f"某县水利局2023年度部门决算\n税收占比{said}。\n", "utf-8"
    )
    made = gouji.audit(tmp_path, "final-accounts")
    assert {o.verdict for o in made.outcomes.of(made.scorecards[0].unit) if o.code == "FT07"} == {
        verdict
    }


def test_figures_that_were_sent_are_not_read_again(tmp_path):
    for name, text in (
        ("单位.csv", "单位代码,年度,单位名称\nA1,2023,某县水利局\n"),
        ("收支决算.csv", "单位代码,年度,收入决算数\nA1,2023,99.00\n"),
        ("决算说明.txt", "某县水利局2023年度部门决算\n本年收入合计100.00万元。\n"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    made = gouji.audit(tmp_path, "anning-2023")
    (row,) = made.submission.rows["收支决算"]
    assert row.cells["收入决算数"].value == 990_000


# Whose a report is: what lies beside it, and to which unit its figures go (None: to nobody, and that is told).
WHOSE = {
    "the unit it names": ("单位代码,年度,单位名称\nA1,2023,某县水利局\n", False, "A1"),
    "another unit than the only one": (
        "单位代码,年度,单位名称\nA1,2023,某县农业局\n",
        False,
        "某县水利局",
    ),
    "beside a workbook that is read later": ("", True, None),
    "beside a workbook, the unit listed": (
        "单位代码,年度,单位名称\nA1,2023,某县水利局\n",
        True,
        "A1",
    ),
}


@pytest.mark.parametrize("units, workbook, of", WHOSE.values(), ids=WHOSE)
def test_whose_a_report_is(units, workbook, of, tmp_path):
    (tmp_path / "决算说明.txt").write_text(
        "某县水利局2023年度部门决算\n本年收入合计100.00万元。\n", "utf-8"
    )
    if units:
        (tmp_path / "单位.csv").write_text(units, "utf-8")
    if workbook:
        openpyxl.Workbook().save(tmp_path / "A1.xlsx")
    made = gouji.audit(tmp_path, "anning-2023")
    rows = made.submission.rows.get("收支决算", [])
    assert [row.cells["单位代码"].value for row in rows] == ([] if of is None else [of])
    told = [p.what for p in made.submission.problems if p.at.file == "决算说明.txt"]
    assert len(told) == (of is None) and all("还不知道代码" in what for what in told)


def test_a_text_without_figures_stays_an_attachment(tmp_path):
    (tmp_path / "单位.csv").write_text("单位代码,年度,单位名称\nA1,2023,某县水利局\n", "utf-8")
    (tmp_path / "说明.txt").write_text("请查收。\n", "utf-8")
    made = gouji.audit(tmp_path, "anning-2023")
    assert [p.at.file for p in made.submission.problems] == ["说明.txt"]


DISCLOSED = """某县水利局2023年度部门决算
第一部分 主要职责和机构设置
第二部分 收入支出决算总体情况说明
“三公”经费支出预算为8.00万元，支出决算为5.60万元，其中：公务接待费1.50万元。
政府采购支出总额20.00万元，占用国有资产情况见表，绩效情况另附。机关运行经费支出30.00万元。
"""


def test_the_text_of_a_disclosure_is_held_against_the_forms(tmp_path):
    form = "财政拨款三公经费和机关运行经费情况表"
    for name, text in (
        ("单位.csv", "单位代码,年度,单位名称\nA1,2023,某县水利局\n"),
        (f"{form}.csv", "单位代码,年度,三公经费合计决算数,公务接待费决算数\nA1,2023,6.50,1.50\n"),
        ("决算说明.txt", DISCLOSED),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    made = gouji.audit(tmp_path, "anning-2023")
    verdicts = {o.code: o.verdict for o in made.outcomes.of("A1")}
    assert {code: verdicts[code] for code in ("FT11", "FT16", "FT31", "FT34", "FT39")} == {
        "FT11": Verdict.UNBALANCED,
        "FT16": Verdict.BALANCED,
        "FT31": Verdict.BALANCED,
        "FT34": Verdict.BALANCED,
        "FT39": Verdict.UNBALANCED,
    }


HOSTILE = {
    "no Word file": ("坏.docx", b"PK\x03\x04 nothing of the kind"),
    "no PDF": ("坏.pdf", b"%PDF-1.7 cut off"),
    "not text": ("坏.txt", bytes(range(256)) * 4),
    "entities that grow": (
        "坏.html",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>&b;</p><script>alert(1)</script>',
    ),
    "one line of a million signs": ("坏.txt", "占比".encode() * 500_000),
    "brackets without end": ("坏.txt", ("支出1.00万元" + "(其中2.00万元" * 3000).encode()),
}


@pytest.mark.parametrize("name, content", HOSTILE.values(), ids=HOSTILE)
def test_hostile_documents_are_inert(tmp_path, name, content):
    """Each is told or read as text; the rest of the submission is audited all the same."""
    (tmp_path / name).write_bytes(content)
    (tmp_path / "单位.csv").write_text("单位代码,年度,单位名称\nA1,2023,某县水利局\n", "utf-8")
    made = gouji.audit(tmp_path, "anning-2023")
    assert [card.unit for card in made.scorecards] == ["A1"]


def test_a_page_takes_nothing_of_the_text_for_markup(tmp_path):
    path = tmp_path / "甲.txt"
    path.write_text('收入合计<script>alert(1)</script>5.00万元" onclick="x()"。\n', "utf-8")
    shown = rendered(read_report(path, "anning-2023"), "html")
    assert "<script>alert" not in shown and 'onclick="x' not in shown
    assert "&lt;script&gt;" in shown
