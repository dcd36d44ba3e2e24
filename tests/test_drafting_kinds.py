"""Kinds of wording that published scoring tables use, in sentences of our own: what the drafter reads of each, what it refuses, what it asks."""

import csv
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.app import load_book
from gouji.app import test_book as run_examples
from gouji.app.drafted_books import draft_book
from gouji.drafting.book_files import reading_text
from gouji.drafting.clause import read_clause
from gouji.drafting.clause_reading import DeductionsClause, PartsClause
from test_drafting_kept_aside import GRAMMAR, told

COUNTERS = ["次", "天", "人", "处", "件", "户"]


def reading(clause, weight):
    return read_clause(clause, Fraction(str(weight)), GRAMMAR)


@pytest.mark.parametrize("counter", COUNTERS)
def test_a_count_right_before_the_deduction_is_for_each_case(counter):
    """无故缺席的一次扣2分 was read as two points off, however often."""
    method = reading(f"未报计划的扣3分，无故缺席的一{counter}扣2分。", 10).method
    assert isinstance(method, DeductionsClause)
    assert [(o.take, o.cases) for o in method.occasions] == [(3, False), (2, True)]


@pytest.mark.parametrize("counter", COUNTERS)
def test_a_point_with_full_marks_of_its_own_is_not_the_whole(counter):
    """得满分 inside one of several points speaks of that point, whose marks are not printed."""
    clause = f"①按月对账，漏对一{counter}扣0.5分。②实行集中支付的，得满分；未实行的不得分。"
    assert told(clause, 4) is None


@pytest.mark.parametrize("degree", ["情况严重", "情节严重", "造成不良影响", "性质恶劣"])
def test_worse_cases_are_not_one_deduction(degree):
    assert told(f"每发现一处扣2分，{degree}的扣3分。", 20) is None


@pytest.mark.parametrize("most, of", [(4, 6), (2, 5), (3, 10)])
def test_a_cap_behind_cases_is_of_these_cases(most, of):
    clause = f"缺方案的，每少一份扣1分，最高扣{most}分；缺计划的，每少一份扣1分，最高扣{most}分。"
    method = reading(clause, of).method
    assert [(o.take, o.at_most) for o in method.occasions] == [(1, most), (1, most)]
    assert reading_text(reading(clause, of), Fraction(of)).count(f"at_most: {most}") == 2


@pytest.mark.parametrize(
    "clause, weight, right",
    [
        ("设备完好率90%以上，得2分；未达标的，扣2分。", 2, '{kind: within, full_at: "≥ 90%"}'),
        ("设备完好率90%以上，得2分；否则扣2分。", 2, '{kind: within, full_at: "≥ 90%"}'),
        ("设备完好率90%以上，得2分；未达标的，扣1分。", 2, None),
        ("设备完好率90%以上，得2分；没有台账的，扣2分。", 2, None),
    ],
    ids=["not reached", "else", "not all", "of something else"],
)
def test_all_points_off_beyond_a_range_is_none_earned(clause, weight, right):
    assert told(clause, weight) == right


@pytest.mark.parametrize(
    "clause, weight, right",
    [
        ("召开专题会的，每次得1分，最多得6分。", 6, "{kind: proportional, full_at: 6}"),
        ("公示栏、网站等，一项可得2分，最高不超过6分", 6, "{kind: proportional, full_at: 3}"),
        ("有一次会议记录或者纪要的得1分，最多得2分。", 2, "{kind: proportional, full_at: 2}"),
        ("有一次会议记录或者纪要的得1分，最多得3分。", 2, None),
    ],
    ids=["each time", "an item may earn", "once and the most", "the most is not the weight"],
)
def test_points_for_each_up_to_the_most(clause, weight, right):
    assert told(clause, weight) == right


def test_what_a_clause_says_beside_its_cases_is_asked():
    found = reading("信息形成之日起20个工作日内公开，未及时公开的每例扣2分。", 10)
    assert told("信息形成之日起20个工作日内公开，未及时公开的每例扣2分。", 10) == (
        "per_violation",
        ["2"],
    )
    assert any("20个工作日" in q for q in found.questions)
    found = reading("1、每月至少报一篇。2、空缺一个月扣5分。3、退回重报的，每次扣2分。", 20)
    assert [o.take for o in found.method.occasions] == [5, 2]
    assert any("每月至少报" in q for q in found.questions)


@pytest.mark.parametrize("remark", ["（由监管科负责评分）", "（实地查看）", "（由甲、乙街道评定）"])
def test_who_scores_is_no_part_of_the_points(remark):
    clause = f"有专人负责，5分；有台账，10分。{remark}"
    assert told(clause, 15) == ("checklist", ["5", "10"])
    assert any(remark.strip("（）") in q for q in reading(clause, 15).questions)


def test_deductions_may_rest_on_one_limit_but_several_are_bands():
    clause = "没有记录的扣2分；办结率低于85%的扣1分，未开展的扣2分。"
    assert told(clause, 5) == ("deductions", ["1", "2", "2"])
    assert told("没有记录的扣2分；办结率低于85%的扣1分，低于60%的扣2分。", 5) is None


@pytest.mark.parametrize(
    "clause, right",
    [
        ("有台账得3分，有专人得2分，没有台账不得分。", ("checklist", ["2", "3"])),
        ("有台账得3分，有专人得2分，没有经费不得分。", None),
    ],
    ids=["denies an item", "something else"],
)
def test_a_denial_of_an_item_says_nothing_new(clause, right):
    assert told(clause, 5) == right


def test_states_down_to_zero_points_are_words():
    clause = "完成全部目标。（20分）未完成甲目标，但完成乙目标。（10分）甲乙都未完成。（0分）"
    assert told(clause, 20) == ("words", ["0", "10", "20"])


def test_a_name_in_quotes_orders_nothing():
    clause = "没有制度的，扣2分；没有实行“一票否决”的，扣3分。"
    assert told(clause, 5) == ("deductions", ["2", "3"])
    assert told("没有制度的，扣2分；发生事故的一票否决。", 5) is None


def test_points_beside_their_formula_are_the_same_points():
    assert told("及时受理率（5分），得分=及时受理率×5分。", 5) == "{kind: proportional, full_at: 1}"
    assert told("及时受理率（4分），得分=及时受理率×5分。", 5) is None


PIECES = {
    "有专人负责": "{lead}有专人负责得{n}分",
    "有年度计划": "{lead}有年度计划，{n}分",
    "steps": "{lead}支付率≥95%得{n}分，每低1个百分点扣0.1分，扣完为止",
    "cases": "{lead}每月报送一次信息，{n}分，每少一次扣0.5分",
    "within": "{lead}公开率达到100%得{n}分，否则不得分",
    "bands": "{lead}满意度≥90%得{n}分，80%(含)-90%得0.5分，低于80%不得分",
    "proportion": "{lead}按任务完成比例得{n}分",
}
FIGURES = {"steps", "cases", "bands", "proportion"}


@given(
    st.lists(st.sampled_from(sorted(PIECES)), min_size=2, max_size=5, unique=True),
    st.data(),
    st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_parts_of_any_kinds_are_read_or_refused(names, data, numbered):
    """Every figure of the clause stands in the parts; where the points do not come to the weight nothing is read."""
    points = [data.draw(st.integers(1, 6)) for _ in names]
    texts = [
        PIECES[name].format(lead=f"{i}.", n=n) if numbered else PIECES[name].format(lead="", n=n)
        for i, (name, n) in enumerate(zip(names, points, strict=True), 1)
    ]
    clause, weight = "；".join(texts) + "。", sum(points)
    assert told(clause, weight + 1) in (None, *_short_list(names, points, weight + 1))
    found = told(clause, weight)
    if found is not None and found[0] == "parts":
        method = reading(clause, weight).method
        assert isinstance(method, PartsClause)
        assert sum(p.points for p in method.parts) == weight
        assert len([p for p in method.parts if p.measured]) >= len(FIGURES & {*names})
    else:
        assert found is None or not FIGURES & {*names}


def _short_list(names, points, weight):
    """A list of items that breaks off is completed by an item, and marked."""
    if set(names) & FIGURES:
        return []
    return [("checklist", sorted([*map(str, points), str(weight - sum(points))], key=int))]


def test_ranges_of_one_figure_are_no_parts():
    assert told("完成率≥90%得3分；完成率在80%-90%得2分。", 5) is None


def test_parts_are_drafted_with_examples_that_agree(tmp_path):
    rows = [
        ("预算管理", 4, "①有制度得1分；②支付率≥95%得2分，每低1个百分点扣0.2分，扣完为止；③有台账得1分。"),
        ("信息", 6, "1.有方案，2分。2.每季度报送一次信息，4分，每少一次扣1分。"),
        ("任务", 5, "有制度得2分；按任务完成比例得3分。"),
        ("满意度", 5, "1.有计划得2分；2.满意度≥90%得3分，80%(含)-90%得2分，低于80%不得分。"),
        ("方案", 6, "缺方案的，每少一份扣1分，最高扣4分；缺计划的，每少一份扣1分，最高扣4分。"),
    ]  # fmt: skip
    table = tmp_path / "t.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["一级指标", "二级指标", "三级指标", "分值", "评价标准"])
        out.writerows(("过程", "管理", *row) for row in rows)
    made = draft_book(table, tmp_path / "book", year=2024)
    book = load_book(made.folder)
    kinds = [c.rule.method.kind for c in book.criteria]
    assert kinds == ["parts"] * 4 + ["deductions"]
    cases, failures = run_examples(book)
    assert failures == []
    assert len(cases) > 20


@pytest.mark.parametrize(
    "clause, weight, right",
    [
        ("责任书中各项任务，任何一项未完成，扣2分。", 10, ("per_violation", ["2"])),
        ("（1）有场所；（2）有设备；（3）有专人（每项各2.5分）", 7.5, ("checklist", ["2.5"] * 3)),
        ("（1）资料齐全8分；（2）无违规问题8分；（3）归档4分", 20, ("checklist", ["4", "8", "8"])),
        ("（1）资料齐全8分；（2）无违规问题8分", 20, None),
        ("1、面积达到任务，记6分，达不到的，该项不得分。2、质量达到标准，记4分，达不到的，该项不得分。", 10, ("checklist", ["4", "6"])),
        ("（1）无上访；（2）有台账；出现上访，一次扣2分；未建台账扣1分", 5, ("deductions", ["1", "2"])),
        ("（1）无上访；（2）有台账；不符合的扣1分", 5, None),
    ],
    ids=["any one of them", "each the same", "a denial that adds up", "one that does not", "no points for this point", "deductions behind requirements", "one deduction behind them"],
)  # fmt: skip
def test_points_of_a_list(clause, weight, right):
    assert told(clause, weight) == right
