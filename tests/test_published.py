"""Relations of published texts, typed as facts: each, said in a sentence written for this test, is read as it was typed and judged by its figures."""

from pathlib import Path

import pytest
import yaml

from gouji.app.text_of_report import patterns_of
from gouji.base.verdict import Verdict
from gouji.narrative import lines_of, read

TYPED = yaml.safe_load((Path(__file__).parent / "report_texts/published.yaml").read_text("utf-8"))
# Truly wrong in print: rates that were cut off, stand on the wrong base or lost their percent sign, shares that changed places, sums that the
# printed parts miss by hundredths.
WRONG = {
    "增减幅 -1.73% = -738.30万元 ÷ (33844.74万元 + 738.30万元)",
    "占比 27.58% = 11140万元 ÷ 40381.77万元",
    "占比 35.39% = 9,787.85万元 ÷ 27,664.71万元",
    "占比 45.46% = 12,270.36万元 ÷ 26,994.72万元",
    "其中 2,067,796.51元 = 1,165,708.98元 + 903,615.90元",
    "占比 6.45% = 73200元 ÷ 1133753.33元",
    "占比 90.3% = 7000万元 ÷ 7783.26万元",
    "增减幅 50.63% = 52044.27元 ÷ (75800元 - 52044.27元)",
    "占比 16% = 27.36亿元 ÷ 267.37亿元",
    "占比 79.1% = 868.04亿元 ÷ 1091.71亿元",
    "增减幅 12.1% = 1137亿元 ÷ (12377亿元 - 1137亿元)",
    "占比 31% = 1.18万元 ÷ 1.71万元",
    "占比 59.40% = 30.00万元 ÷ 42.00万元",
    "占比 69% = 0.53万元 ÷ 1.71万元",
    "占比 93.75% = 12.00万元 ÷ 42.00万元",
    "增减幅 -0.006% = -0.1万元 ÷ (5.21万元 + 0.1万元)",
    "增减幅 -1.6% = -571.6亿元 ÷ (36,399亿元 + 571.6亿元)",
    "增减幅 -42.86% = -1.5万元 ÷ (2.30万元 + 1.5万元)",
    "增减幅 1.14% = 1.14万元 ÷ (2.14万元 - 1.14万元)",
    "完成率 43% = 1.71万元 ÷ 3万元",
    "增减幅 -38.28% = -2570.97万元 ÷ (4143.91万元 + 2570.97万元)",
    "其中 17305.34亿元 = 10141.11亿元 + 5230.04亿元 + 1934.25亿元",
}


@pytest.fixture(scope="module")
def grammar():
    return patterns_of("final-accounts").grammar()


def said(relation):
    """The relation in a sentence."""
    kind, _blank, formula = relation.partition(" ")
    stated, _equals, right = formula.partition(" = ")
    figures = right.replace("(", "").replace(")", "").split(" ")
    match kind:
        case "占比":
            return f"收入合计{figures[2]}。其他收入{figures[0]}，占收入合计的{stated}。"
        case "完成率" if "(" in right:
            return f"会议费支出{figures[0]}，完成年初预算{stated}，比年初预算减少{figures[-1]}。"
        case "完成率":
            return (
                f"项目支出年初预算为{figures[2]}，支出决算为{figures[0]}，完成年初预算的{stated}。"
            )
        case "其中":
            parts = [f for f in figures if f not in "+-"]
            listed = "，".join(
                f"第{'甲乙丙丁戊己庚辛壬癸子丑寅'[i]}类{p}" for i, p in enumerate(parts)
            )
            return f"收入合计{stated}，其中：{listed}。"
        case "增减额":
            word = "减少" if stated.startswith("-") else "增加"
            return f"会议费支出{figures[0]}，比上年支出{figures[2]}{word}{stated.lstrip('-')}。"
    if right.startswith("("):
        return f"2023年会议费{figures[0]}，上年会议费{figures[2]}，增长{stated}。"
    down = stated.startswith("-")
    words = ("减少", "下降") if down else ("增加", "增长")
    change, rate = figures[0].lstrip("-"), stated.lstrip("-")
    return f"会议费支出{figures[2]}，比上年{words[0]}{change}，{words[1]}{rate}。"


CASES = sorted(
    {
        relation
        for text in TYPED
        for relation in text["relations"]
        # Changes within changes are said otherwise; a bare number shares the unit of its neighbour.
        if not (
            relation.startswith("其中 -")
            or ("- " in relation.partition(" = ")[2] and relation.startswith("其中"))
        )
        and relation.count("元") >= 2
        and "(2" not in relation[:8]
    }
)


@pytest.mark.parametrize("relation", CASES)
def test_a_typed_relation_is_read(grammar, relation):
    made = {
        f"{r.says} {r.formula}": r.verdict
        for r in read(lines_of(said(relation)), grammar).relations
    }
    verdict = made.get(relation)
    if relation in WRONG:
        assert verdict in (Verdict.UNBALANCED, Verdict.UNASSESSABLE)
    elif "(" in relation and relation not in made:
        # A fall that is stated over both years is the same relation over its change.
        assert verdict is None and Verdict.UNBALANCED not in made.values()
    else:
        assert verdict in (Verdict.BALANCED, Verdict.WITHIN_ROUNDING)


def counted(texts, key):
    """Relations, and how many of them are read right."""
    return sum(len(t["relations"]) for t in texts), sum(t[key] for t in texts)


def test_the_page_tells_what_the_corpus_says():
    """Figures of the page are those of the table: texts compared, relations, read; the rounds of texts looked at once."""
    page = (Path(__file__).parent.parent / "docs/report-texts.md").read_text("utf-8")
    compared = [t for t in TYPED if "read" in t]
    relations, right = counted(compared, "read")
    assert len(compared) >= 40 and right >= 0.8 * relations
    assert f"{len(compared)} 份、{relations} 条，读对 {right} 条" in page
    for number in (1, 2, 3, 4, 5, 6, 7):
        texts = [t for t in TYPED if t.get("held") == number]
        relations, right = counted(texts, "frozen")
        assert (
            f"{len(texts)} 份 {relations} 条，读对 {right} 条（{100 * right / relations:.0f}%）"
            in page
        )
