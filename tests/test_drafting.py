"""A bureau's scoring table becomes rules: what is read, what is refused, that nothing is silently wrong, that the book runs."""

import csv
import re
import shlex
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.app import load_book
from gouji.app import test_book as run_examples
from gouji.app.drafted_books import draft_book, known_columns, load_grammar
from gouji.base.faults import DataError
from gouji.base.verdict import Severity
from gouji.cli import Exit, main
from gouji.drafting.book_files import reading_text, texts_of
from gouji.drafting.clause import read_clause
from gouji.drafting.clause_grammar import read_grammar
from gouji.drafting.clause_reading import (
    ChecklistClause,
    DeductionsClause,
    UnreadClause,
    WordsClause,
)
from gouji.drafting.make_draft import draft
from gouji.drafting.measure import measure_of
from gouji.drafting.scoring_table import TableCell, scoring_table
from gouji.lint import lint

ROOT = Path(__file__).parent.parent
GRAMMAR = load_grammar()
TABLE = Path(__file__).parent / "drafting" / "department.csv"


def read(clause, weight, shared=1):
    return read_clause(clause, None if weight is None else Fraction(str(weight)), GRAMMAR, shared)


def method_of(clause, weight, shared=1):
    """The method in one line, as rule files write it; None where the clause was not read."""
    found = read(clause, weight, shared)
    if isinstance(found, UnreadClause):
        return None
    lines = reading_text(found, Fraction(str(weight or 1))).split("\n")
    method = [line for line in lines if line.startswith(("method:", "  "))]
    return " ".join(line.strip() for line in method).removeprefix("method:").strip()


STEPS = {
    "bound and step": (
        "以100%为标准。在职人员控制率≦100%，计5分；每超过一个百分点扣0.5分，扣完为止。",
        5,
        '{kind: steps, full_at: "≤ 100%", per: 1%, percent_is: point, take: 0.5, reading: whole}',
    ),
    "what lies beyond is said again": (
        "“三公经费”变动率≦0,计8分；“三公经费”>0，每超过一个百分点扣0.8分，扣完为止。",
        8,
        '{kind: steps, full_at: "≤ 0", per: 1%, percent_is: point, take: 0.8, reading: whole}',
    ),
    "a single figure takes the side of the step": (
        "100%计满分，每低于5%扣2分，扣完为止。",
        5,
        '{kind: steps, full_at: "≥ 100%", per: 5%, percent_is: point, take: 2, reading: whole}',
    ),
    "a standard alone": (
        "以100%为标准。每少于5%扣0.2分,扣完为止。",
        1,
        '{kind: steps, full_at: "≥ 100%", per: 5%, percent_is: point, take: 0.2, reading: whole}',
    ),
    "both sides": (
        "100%计6分，每超过（降低）一个百分点扣0.5分，扣完为止。",
        6,
        '{kind: two_sided_steps, full_at: "= 100%", per: 1%, percent_is: point, take: 0.5, reading: whole}',
    ),
    "both sides in two sentences": (
        "以100%为标准，每超过1%扣0.5分，每低于1%扣0.5分",
        5,
        '{kind: two_sided_steps, full_at: "= 100%", per: 1%, percent_is: point, take: 0.5, reading: whole}',
    ),
    "a share of the weight": (
        "固定资产在用率=(实际在用固定资产总额/所有固定资产总额)×100%。达到95%以上得1分,每降低1%扣权重分(1分)5%,扣完为止。",
        1,
        '{kind: steps, full_at: "≥ 95%", per: 1%, percent_is: point, take_share: 5%, reading: whole}',
    ),
    "of a count": (
        "培训次数≥3次得5分，每少一次扣2分，扣完为止",
        5,
        '{kind: steps, full_at: "≥ 3", per: 1, take: 2, reading: whole}',
    ),
    "the bound before the step": (
        "全年培训不少于4期，少一期扣1分",
        4,
        '{kind: steps, full_at: "≥ 4", per: 1, take: 1, reading: whole}',
    ),
    "what lies beyond, before the step": (
        "预算调整率超过10%的，每超过1个百分点扣0.2分，扣完为止",
        2,
        '{kind: steps, full_at: "≤ 10%", per: 1%, percent_is: point, take: 0.2, reading: whole}',
    ),
    "cases": ("每有一项未完成扣1分，扣完为止。", 5, "{kind: per_violation, take: 1}"),
    "cases, the cap in points": (
        "有一例不符合扣1分，3分扣完为止",
        3,
        "{kind: per_violation, take: 1}",
    ),
    "cases of a list": (
        "①支出符合规定；②拨付有手续；③经过评估。以上情况每出现一例不符合要求的扣1分，扣完为止。",
        6,
        "{kind: per_violation, take: 1}",
    ),
    "full marks without a case": (
        "全部完成得5分，每有一项未完成扣1分。",
        5,
        "{kind: per_violation, take: 1}",
    ),
}
BANDS = {
    "ends told by 含": (
        "90%（含）以上计6分；80%（含）-90%，计4分；70%（含）-80%，计2分；低于70%计0分。",
        6,
        'kind: bands bands: - {when: "≥ 90%", points: 6} - {when: "[80%, 90%)", points: 4} - {when: "[70%, 80%)", points: 2} - {when: "< 70%", points: 0}',
    ),
    "a single figure below": (
        "预算控制率=0，计8分；0-10%（含），计6分；10-20%（含），计4分；20-30%（含），计2分；大于30%不得分。",
        8,
        'kind: bands bands: - {when: "> 30%", points: 0} - {when: "(20%, 30%]", points: 2} - {when: "(10%, 20%]", points: 4} - {when: "(0%, 10%]", points: 6} - {when: "= 0", points: 8}',
    ),
    "one end each": (
        "=0得3分; ≤10%得2分; ≤20%得1分; ≤30%得0.5分; 大于30%得0分",
        3,
        'kind: bands bands: - {when: "> 30%", points: 0} - {when: "(20%, 30%]", points: 0.5} - {when: "(10%, 20%]", points: 1} - {when: "(0, 10%]", points: 2} - {when: "= 0", points: 3}',
    ),
    "between signs": (
        "80%≤完成率<100%得3分，完成率≥100%得5分，完成率<80%得0分",
        5,
        'kind: bands bands: - {when: "≥ 100%", points: 5} - {when: "[80%, 100%)", points: 3} - {when: "< 80%", points: 0}',
    ),
    "within": ("大于90%得满分", 3, '{kind: within, full_at: "> 90%"}'),
    "within, with its weight in brackets": (
        "大于95%得满分（3分）",
        3,
        '{kind: within, full_at: "> 95%"}',
    ),
    "within, otherwise nothing": (
        "成本节约率≥0得5分，否则不得分",
        5,
        '{kind: within, full_at: "≥ 0"}',
    ),
    "in proportion to a target": (
        "年内查处≥10例得10分，否则按完成比例得分",
        10,
        "{kind: proportional, full_at: 10}",
    ),
    "in proportion to all": (
        "目标100%, 按比例得分, 满分为止",
        4,
        "{kind: proportional, full_at: 1}",
    ),
    "one end each, down to nothing": (
        "完成100%的得7分，完成90%以上的得5分，完成60%以上的得1分，60%以下的不得分",
        7,
        'kind: bands bands: - {when: "≥ 100%", points: 7} - {when: "[90%, 100%)", points: 5} - {when: "[60%, 90%)", points: 1} - {when: "< 60%", points: 0}',
    ),
    "so much for each, up to the weight": (
        "每完成一个项目得1分，最高5分",
        5,
        "{kind: proportional, full_at: 5}",
    ),
    "full marks from a rate on, else its share": (
        "实际完成率≥100%，得满分；否则，得分=实际完成率×5",
        5,
        "{kind: proportional, full_at: 1}",
    ),
    "rate times weight": ("得分=预算执行率×分值", 10, "{kind: proportional, full_at: 1}"),
    "a score of another body": (
        "根据2018年考核分数折算。该项得分=（考核得分/50）*8",
        8,
        "{kind: proportional, full_at: 50}",
    ),
}
LISTS = {
    "points behind each": (
        "①有制度，2分；②有执行，得1分；③有公开，1分。",
        4,
        "additive",
        (2, 1, 1),
    ),
    "and so much off for each": (
        "①有标准，1分；②有定点，1分；③有办法，1分，每少一项扣1分，扣完为止。",
        3,
        "additive",
        (1, 1, 1),
    ),
    "each the same": ("①有标准；②有定点。每项2分", 4, "additive", (2, 2)),
    "all must be met": ("①有标准；②有定点；以上两点匹配得分。", 1, "all_or_nothing", (0, 0)),
    "numbers with dots": (
        "1.制定方案，得1分。2.召开会议，得1分。3.总结上报，得1分。",
        3,
        "additive",
        (1, 1, 1),
    ),
    "words divided by 、": ("真实、完整、准确各1分", 3, "additive", (1, 1, 1)),
    "sentences": ("项目立项符合规定（1分），程序规范（1分）", 2, "additive", (1, 1)),
    "one sentence": ("部门详细工作目标与职能对应匹配，得4分。", 4, "all_or_nothing", (0,)),
    "its opposite earns nothing": ("配合得5分，不配合不得分", 5, "all_or_nothing", (0,)),
    "the list breaks off": (
        "①制定明确的措施,得0.5分;",
        1,
        "additive",
        (Fraction(1, 2), Fraction(1, 2)),
    ),
}
REFUSED = {
    "two conditions joined by 或": ("执行率达到95%以上或节约率达到5%以上得2分", 2),
    "points in a range": ("根据情况得1-5分", 5),
    "a range of points off": ("扣0.1-0.5分", 5),
    "two quantities": ("支付率≥90%得5分，结转率≤10%得4分", 10),
    "two quantities that earn alike": (
        "数量指标完成率达到100%得3分，质量指标完成率达到100%得3分",
        3,
    ),
    "a second deduction": ("预算完成率≥95%得2分，每少于一个百分点扣0.2分，资料不全再扣1分。", 2),
    "another condition beside the bound": (
        "预算调整率≤10%，且手续完备，得2分，每超过一个百分点扣0.2分",
        2,
    ),
    "witnesses that disagree": ("预算完成率≥95%得2分，每超过一个百分点扣0.2分", 2),
    "full marks are not the weight": ("预算完成率≥95%得3分，每少于一个百分点扣0.2分", 2),
    "a floor above zero": ("每出现一例扣1分，最多扣2分", 4),
    "a proportion and bands": ("满意度≥95%得满分，80%-95%按比例得分，低于80%不得分", 5),
    "a bonus": ("省级表彰加2分，市级表彰加1分", 3),
    "ranking": ("按得分排名，第一名得5分，第二名得3分", 5),
    "one of two": ("率≤9%，变动率≤-30%，二者择其一，得5分", 5),
    "items above the weight": (
        "1、制定方案的，得1分；2、召开会议的，得1分；3、总结上报的，得1.5分。",
        3,
    ),
    "no points at all": ("反映部门履职情况。", 3),
    "nothing written": ("", 3),
    "a deduction beside the points": ("按规定公开得3分，未按规定公开扣2分", 3),
    "bands that overlap": ("≥80%得5分；70%-90%得3分；低于70%得0分", 5),
    "bands with a gap": ("≥90%得5分；70%-80%得3分；低于70%得0分", 5),
    "points of grades in ranges": ("优（5-6分）：完成好；良（3-4分）：较好；中（1-2分）：一般", 6),
    "no bound": ("每超过一个百分点扣0.2分", 2),
}


@pytest.mark.parametrize(
    "clause, weight, method", [*STEPS.values(), *BANDS.values()], ids=[*STEPS, *BANDS]
)
def test_a_figure_is_read(clause, weight, method):
    assert method_of(clause, weight) == method


@pytest.mark.parametrize("clause, weight, mode, points", LISTS.values(), ids=LISTS)
def test_a_list_is_read(clause, weight, mode, points):
    found = read(clause, weight).method
    assert isinstance(found, ChecklistClause)
    assert ("additive" if found.additive else "all_or_nothing") == mode
    assert tuple(i.points for i in found.items) == points


@pytest.mark.parametrize("clause, weight", REFUSED.values(), ids=REFUSED)
def test_what_no_method_carries_is_refused(clause, weight):
    assert isinstance(read(clause, weight), UnreadClause)


TAKEN = {
    "of several sizes": (
        "未按时报送扣3分，不完整扣1分，每缺1份扣0.5分，扣完为止",
        5,
        {("未按时报送", 3, False), ("不完整", 1, False), ("每缺1份扣0.5分", Fraction(1, 2), True)},
    ),
    "numbered": (
        "①未制定方案的，扣2分；②未召开会议的，每少一次扣1分。",
        4,
        {("未制定方案的", 2, False), ("未召开会议的,", 1, True)},
    ),
    "cases of two kinds": (
        "每发生一起责任事故扣2分，每发现一处隐患扣0.5分",
        5,
        {("每发生1起责任事故扣2分", 2, True), ("每发现1处隐患扣0.5分", Fraction(1, 2), True)},
    ),
}


@pytest.mark.parametrize("clause, weight, occasions", TAKEN.values(), ids=TAKEN)
def test_deductions_are_read_each_with_its_points(clause, weight, occasions):
    found = read(clause, weight).method
    assert isinstance(found, DeductionsClause)
    assert {(o.take, o.cases) for o in found.occasions} == {o[1:] for o in occasions}
    assert len(found.occasions) == len(occasions)


def test_grades_are_words():
    assert read("充分3分；一般1.5分；没有0分", 3).method == WordsClause(
        (("充分", Fraction(3)), ("一般", Fraction(3, 2)), ("没有", Fraction(0)))
    )


def test_what_is_read_as_words_runs(tmp_path):
    rows = grid(
        "指标|分值|评分标准",
        "依据|3|充分3分；一般1.5分；没有0分",
        "负债率|4|负债率≤9%得4分，否则按比例得分",
        "及时性|5|未按时报送扣3分，不完整扣1分，每缺1份扣0.5分",
        "效果|88|根据情况得1-5分",
    )
    made = draft(scoring_table([rows], GRAMMAR), (), GRAMMAR)
    folder = tmp_path / "book"
    for name, text in texts_of(made, title="表", document="表", year=2023, book="b").items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    book = load_book(folder)
    assert [c.rule.method.kind for c in book.criteria] == [
        "words",
        "inverse",
        "deductions",
        "judged",
    ]
    assert [c.rule.basis.status for c in book.criteria] == ["printed", "printed", "printed", "open"]
    cases, failures = run_examples(book)
    assert failures == []
    assert len(cases) >= 10


def test_one_formula_for_several_rows_is_of_their_sum():
    clause = "该项得分(=考核得分/110)*30分"
    assert method_of(clause, 7.5, 4) == "{kind: proportional, full_at: 110}"
    assert method_of(clause, 7.5, 3) is None


EVERY = [(c, w) for c, w, *_rest in (*STEPS.values(), *BANDS.values(), *LISTS.values())]
TYPED = [
    ("≤", "≦"),
    ("≥", "≧"),
    ("%", "％"),
    ("，", ","),
    ("；", ";"),
    ("（", "("),
    ("）", ")"),
    ("一个百分点", "1个百分点"),
    ("得", "计"),
    ("-", "—"),
    ("分", " 分"),
    ("0", "０"),
]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(EVERY), st.sets(st.sampled_from(TYPED)))
def test_how_a_clause_is_typed_changes_nothing(case, typed):
    clause, weight = case
    other = clause
    for one, two in typed:
        if one != "得" or not any(
            w in clause
            for w in (
                "匹配得分",
                "按比例得分",
                "完成比例得分",
                "不得分",
                "得分=",
                "考核得分",
                "该项得分",
            )
        ):
            other = other.replace(one, two)
    assert method_of(other, weight) == method_of(clause, weight)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(EVERY), st.data())
def test_a_figure_that_changes_changes_the_reading(case, data):
    """The closed world: no figure of a clause is without meaning."""
    clause, weight = case
    places = [i for i, c in enumerate(clause) if c in "3456789" and clause[i - 3 : i] != "201"]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "3456789" if d != clause[at]]))
    changed = clause[:at] + digit + clause[at + 1 :]
    before, after = read(clause, weight), read(changed, weight)
    assert isinstance(after, UnreadClause) or after.method != before.method


@pytest.mark.parametrize("clause, weight, _method", STEPS.values(), ids=STEPS)
def test_a_step_without_its_verb_is_refused(clause, weight, _method):
    assert isinstance(read(clause.replace("扣", ""), weight), UnreadClause)


def test_what_a_bureau_adds_comes_first():
    own = "words: {more: [越过]}\nrefuse: [{word: 特别, because: 我局另有规定}]\n"
    words = read_grammar((ROOT / "drafting" / "grammar.yaml").read_text("utf-8"), own)
    found = read_clause("率≤100%得1分，每越过一个百分点扣0.2分", Fraction(1), words)
    assert not isinstance(found, UnreadClause)
    assert isinstance(read("率≤100%得1分，每越过一个百分点扣0.2分", 1), UnreadClause)
    assert "我局另有规定" in read_clause("特别好得1分", Fraction(1), words).reasons[0]


FORMULAS = {
    "two columns of one table": (
        "在职人员控制率=(在职人员数/编制数)×100%",
        "人员编制.在职人数 / 人员编制.编制数",
    ),
    "one name prefers the table of the other": (
        "公用经费控制率=(实际支出公用经费总额/预算安排公用经费总额)×100%",
        "预算执行.公用经费决算数 / 预算执行.公用经费预算数",
    ),
    "a version that is not said": ("预算调整率=(预算调整数/预算数)×100%", None),
    "no such column": ("办结率=(办结数/交办数)×100%", None),
    "divided by itself": ("重点率=(在职人员数/在职人数)×100%", None),
    "brackets that do not close": ("率=(在职人员数/编制数×100%", None),
    "people over money": ("率=(在职人员数/固定资产总额)×100%", None),
}


@pytest.mark.parametrize("formula, expression", FORMULAS.values(), ids=FORMULAS)
def test_names_are_columns_beyond_doubt(formula, expression):
    assert measure_of(formula, known_columns(), GRAMMAR).expression == expression


def rows():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def workbook(path):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["评价指标体系"])
    sheet.merge_cells("A1:G1")
    head, *below = rows()
    sheet.append(head)
    for row in below:
        sheet.append(row)
    sheet.append(["合计", "", "", "100"])
    for start, end in groups(below, lambda r: r[:1]):
        sheet.merge_cells(start_row=start + 3, end_row=end + 3, start_column=1, end_column=1)
    for start, end in groups(below, lambda r: r[5]):
        sheet.merge_cells(start_row=start + 3, end_row=end + 3, start_column=6, end_column=6)
    book.save(path)


def document(path):
    from docx import Document

    made = Document()
    head, *below = rows()
    table = made.add_table(rows=len(below) + 1, cols=len(head))
    for at, row in enumerate((head, *below)):
        for cell, text in zip(table.rows[at].cells, row, strict=True):
            cell.text = text
    for column, of in ((0, lambda r: r[:1]), (5, lambda r: r[5])):
        for start, end in groups(below, of):
            text = below[start][column]
            for at in range(start + 1, end + 2):
                table.cell(at, column).text = ""
            table.cell(start + 1, column).merge(table.cell(end + 1, column)).text = text
    made.save(str(path))


def groups(below, of):
    """First and last of rows that read alike, where there are several."""
    start = 0
    for at in range(1, len(below) + 1):
        if at == len(below) or of(below[at]) != of(below[start]):
            if at - start > 1 and of(below[start]) not in (
                "以100%为标准。每超过或低于10%扣0.2分,扣完为止。",
            ):
                yield start, at - 1
            start = at


@pytest.fixture(scope="module")
def drafted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drafted")
    workbook(folder / "评分标准.xlsx")
    document(folder / "评分标准.docx")
    return {
        kind: draft_book(folder / f"评分标准.{kind}", folder / f"book-{kind}", year=2023)
        for kind in ("xlsx", "docx")
    }


def written_by_hand():
    folder = ROOT / "rules" / "anning-2023" / "criteria"
    for path in sorted(folder.glob("c[0-9]*.yaml")):
        yield yaml.safe_load(path.read_text("utf-8"))


def test_a_workbook_and_a_document_draft_alike(drafted):
    one, two = (
        [(r.method, r.measure, r.weight, r.row.name) for r in made.draft.rules]
        for made in drafted.values()
    )
    assert one == two


def test_a_published_table_is_drafted_as_by_hand(drafted):
    """All 34 rows: kind, bounds, steps and deductions as in the rules written by hand."""
    folder = drafted["xlsx"].folder / "criteria"
    made = [yaml.safe_load(p.read_text("utf-8"))["method"] for p in sorted(folder.glob("*.yaml"))]
    wrong = []
    for ours, rule in zip(made, written_by_hand(), strict=True):
        hand = rule["method"]
        keys = set(hand) - {"items", "by", "reviewers"}
        if any(str(ours.get(k)) != str(hand[k]) for k in keys):
            wrong.append((rule["code"], ours, hand))
    # ≤ 0% by hand is ≤ 0 in the clause.
    assert [code for code, *_ in wrong if code != "C12"] == []
    assert len(made) == 34


def test_a_drafted_measure_is_right_or_open(drafted):
    by_hand = [rule.get("measure") for rule in written_by_hand()]
    made = [r.measure for r in drafted["xlsx"].draft.rules]
    named = [(ours, hand) for ours, hand in zip(made, by_hand, strict=True) if ours]
    right = [ours for ours, hand in named if ours in str(hand)]
    open_ = [ours for ours, _hand in named if ours.startswith("待补数据")]
    assert len(right) + len(open_) == len(named)
    assert len(right) >= 9


def test_a_drafted_book_runs(drafted):
    book = load_book(drafted["xlsx"].folder)
    assert [r for r in lint(book) if r.severity is Severity.ERROR] == []
    cases, failures = run_examples(book)
    assert failures == []
    assert len(cases) > 150


def test_the_page_on_drafting_runs(tmp_path, monkeypatch, capsys):
    """Every command of docs/drafting.md, one after another, in an empty folder."""
    page = (ROOT / "docs" / "drafting.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", page, re.M | re.S)
    commands = [shlex.split(line)[1:] for block in blocks for line in block.splitlines()]
    workbook(tmp_path / "评分标准.xlsx")
    monkeypatch.chdir(tmp_path)
    assert [main(words) for words in commands] == [Exit.CLEAN] * len(commands)
    assert len(commands) == 6
    told = capsys.readouterr().out
    assert "34 行：" in told and "take: 0.2, reading: whole" in told
    assert (tmp_path / "rules" / "drafted" / "草拟清单.xlsx").is_file()


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "mine.txt").write_text("mine", "utf-8")
    workbook(tmp_path / "a.xlsx")
    with pytest.raises(DataError):
        draft_book(tmp_path / "a.xlsx", tmp_path / "book", year=2023)
    assert [p.name for p in (tmp_path / "book").iterdir()] == ["mine.txt"]


def grid(*lines):
    return [
        [
            TableCell(text, f"{row}:{at}", f"{row}:{at}")
            for at, text in enumerate(line.split("|"), 1)
        ]
        for row, line in enumerate(lines, 1)
    ]


LAYOUTS = {
    "points in the name": grid(
        "一级指标|三级指标|评价标准", "投入|控制率（2分）|≤100%得2分，每超过1个百分点扣0.1分"
    ),
    "points of each level": grid(
        "一级指标|分值|二级指标|分值|三级指标|分值|评价标准",
        "投入|20|配置|10|控制率|2|≤100%得2分，每超过1个百分点扣0.1分",
    ),
    "a title above, a total below": grid(
        "评分表||",
        "三级指标|标准分|计分标准",
        "控制率|2|≤100%得2分，每超过1个百分点扣0.1分",
        "合计|100|",
    ),
    "a clause that goes on": grid(
        "指标|分值|评分标准", "控制率|2|≤100%得2分，", "||每超过1个百分点扣0.1分"
    ),
}


@pytest.mark.parametrize("cells", LAYOUTS.values(), ids=LAYOUTS)
def test_layouts_of_tables(cells):
    made = draft(scoring_table([cells], GRAMMAR), (), GRAMMAR)
    assert [(r.row.name, r.weight, r.settled) for r in made.rules] == [("控制率", 2, "confirm")]


def test_a_file_without_such_a_table_is_told():
    with pytest.raises(DataError):
        scoring_table([grid("甲|乙", "1|2")], GRAMMAR)
