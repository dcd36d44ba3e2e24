"""Goals of a report beside what it says was done: in sentences and tables, each found, none invented; as rows that rules judge."""

import pytest

import gouji
from gouji.app.audits import page_of
from gouji.app.text_of_report import patterns_of, read_report, rendered
from gouji.base.verdict import Verdict
from gouji.narrative import GoalState, goals_in, lines_of, read
from gouji.report import unit_page


@pytest.fixture(scope="module")
def grammar():
    return patterns_of("final-accounts").grammar()


BELOW = "一、绩效目标\n{goal}\n二、工作完成情况\n{done}\n"
TABLE = "三级指标 | 年度指标值 | 实际完成值 | 得分 |\n{row}\n"
FOUND = {
    "reached": (
        BELOW.format(goal="完成培训500人次。", done="全年举办培训，培训人员520人次。"),
        ["完成培训 目标500人次 完成520人次 达到目标"],
    ),
    "a limit below, short of it": (
        BELOW.format(goal="培训合格率不低于95%。", done="培训合格率达到93%。"),
        ["培训合格率不低于 目标95% 完成93% 没有达到"],
    ),
    "a limit above": (
        BELOW.format(goal="控制投诉不超过10件。", done="全年已办理投诉8件。"),
        ["控制投诉不超过 目标10件 完成8件 达到目标"],
    ),
    "no completion": (
        BELOW.format(goal="改造道路20公里。", done="各项工作顺利。"),
        ["改造道路 目标20公里 没有写完成"],
    ),
    "no goal": (
        BELOW.format(goal="改造道路20公里。", done="已改造道路20公里。共办理案件30件。"),
        ["改造道路 目标20公里 完成20公里 达到目标", "共办理案件 完成30件 没有写目标"],
    ),
    "projects managed by goals, which are none": (
        "编报绩效目标的项目4个，涉及预算金额598.42万元；绩效自评的项目3个。共发现问题2个，已经完成整改的0个，正在整改的2个。\n",
        [],
    ),
    "projects managed beside a goal": (
        "纳入绩效目标管理的项目12个。计划植树1000株，实际植树900株。\n",
        ["计划植树 目标1000株 完成900株 没有达到"],
    ),
    "a plan to put something right": (
        "计划整改问题20个，实际整改问题18个。\n",
        ["计划整改问题 目标20个 完成18个 没有达到"],
    ),
    "a plan to review projects": (
        "计划开展绩效评价的项目10个，实际完成8个。\n",
        ["计划开展绩效评价的项目 目标10个 完成8个 没有达到"],
    ),
    "no figure": (
        BELOW.format(goal="改善办公条件，提升群众满意度。", done="各项工作顺利。"),
        ["改善办公条件,提升群众满意度。 没有数衡量"],
    ),
    "in one sentence": (
        "计划植树1000株，实际植树900株，完成率90%。\n",
        ["计划植树 目标1000株 完成900株 没有达到"],
    ),
    "said twice": (
        "全年目标任务拆除面积30万平方米。市里下达拆除面积任务30万平方米，实际拆除35万平方米。\n",
        ["全年目标任务拆除面积 目标30万平方米 完成35万平方米 达到目标"],
    ),
    "goal and completion side by side": (
        "改造管网目标值≥35公里，实际完成36.4公里，得10分。按时完工率目标≥95%，实际90%，得8分。\n",
        [
            "改造管网 目标35公里 完成36.4公里 达到目标",
            "按时完工率 目标95% 完成90% 没有达到",
        ],
    ),
    "the goal behind": (
        "满意度94.9%，目标值≥90%。\n",
        ["满意度 目标90% 完成94.9% 达到目标"],
    ),
    "in a bracket behind the rate": (
        "完成河道清淤12.5公里，完成率104.17%（目标12公里）。\n",
        ["完成河道清淤 目标12公里 完成12.5公里 达到目标"],
    ),
    "a completion said again": (
        "改造管网目标值≥35公里，实际完成36.4公里。改造管网共完成36.4公里。\n",
        ["改造管网 目标35公里 完成36.4公里 达到目标"],
    ),
    "a goal of growth": (
        "计划游客数增长8%。\n",
        ["计划游客数增长 目标8% 没有写完成"],
    ),
    "two that may be meant": (
        BELOW.format(goal="培训500人次。", done="已培训干部300人次，培训群众400人次。"),
        [
            "培训 目标500人次 没有写完成",
            "已培训干部 完成300人次 没有写目标",
            "培训群众 完成400人次 没有写目标",
        ],
    ),
    "the text says so itself": (
        "存在的问题：编制的绩效目标不能完全量化。\n",
        ["目标不能完全量化 没有数衡量"],
    ),
    "a table": (
        TABLE.format(
            row="受益户数 | ≥100户 | 120户 | 10 |\n合格率 | ≥95% | 94% | 9 |\n满意度 | 提升 | 提升 | 5 |\n"
            "验收次数 | 2次 | | 5 |\n成本 | ≤10万元 | 9万元 | 5 |\n面积 | 20亩 | 20公里 | 5 |"
        ),
        [
            "受益户数 目标≥100户 完成120户 达到目标",
            "合格率 目标≥95% 完成94% 没有达到",
            "满意度 目标提升 完成提升 没有数衡量",
            "验收次数 目标2次 没有写完成",
            "成本 目标≤10万元 完成9万元 达到目标",
            "面积 目标20亩 完成20公里 比不了",
        ],
    ),
    "no goals at all": ("全年共办理案件30件，接待群众50人次。\n", []),
    "a budget is no goal": ("年初预算100万元，支出决算90万元，完成预算的90%。\n", []),
}


@pytest.mark.parametrize("text, expected", FOUND.values(), ids=FOUND)
def test_goals(grammar, text, expected):
    assert [str(goal) for goal in goals_in(read(lines_of(text), grammar))] == expected


def test_goals_are_judged_and_shown(tmp_path):
    path = tmp_path / "自评报告.txt"
    text = "某县水利局2023年度部门整体支出绩效自评报告\n" + BELOW.format(
        goal="改造道路20公里。完成培训500人次。改善村容村貌。",
        done="培训人员共520人次。办理案件30件。",
    )
    path.write_text(text, "utf-8")
    made = gouji.audit(tmp_path, "final-accounts")
    (card,) = made.scorecards
    verdicts = {o.code: o.verdict for o in made.outcomes.of(card.unit)}
    assert {code: verdicts[code] for code in ("FT41", "FT42", "FT43", "FT44")} == {
        "FT41": Verdict.UNBALANCED,
        "FT42": Verdict.UNBALANCED,
        "FT43": Verdict.UNBALANCED,
        "FT44": Verdict.BALANCED,
    }
    (row,) = [
        r for r in made.submission.rows["目标和完成"] if r.cells["情况"].value == "没有写完成"
    ]
    assert str(row.cells["指标"].at).startswith("《自评报告》第3行")
    one = read_report(path, "final-accounts")
    for form in ("text", "html", "json"):
        shown = rendered(one, form)
        assert "改造道路" in shown and GoalState.UNREPORTED.value in shown


def test_the_page_of_a_unit_holds_its_report(tmp_path):
    """Every figure in the colour of what is known of it; what the text says stays text."""
    path = tmp_path / "决算说明.txt"
    text = "某县水利局2023年度部门决算\n收入合计100.00万元，比上年增加10.00万元，增长10.00%。<b>x</b>\n"
    path.write_text(text, "utf-8")
    page = page_of(gouji.audit(tmp_path, "final-accounts"))
    (shown,) = page.cards[0].texts
    parts = {p.text: p.kind for line in shown.lines for p in line.parts if p.kind}
    assert parts == {
        "2023年度": "named",
        "100.00万元": "tied bad",
        "10.00万元": "tied bad",
        "10.00%": "tied bad",
    }
    html = unit_page(page, page.cards[0])
    assert '<details class="f tied bad"><summary>10.00%</summary>' in html
    assert "<b>x</b>" not in html and "&lt;b&gt;x" in html
