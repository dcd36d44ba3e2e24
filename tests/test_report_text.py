"""Report texts: what is read in a sentence, that every figure is accounted for, that the way a text is set changes nothing, that patterns keep their examples."""

import csv
import io
import random
import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import groupby
from pathlib import Path

import docx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gouji.app import load_book
from gouji.app.text_of_report import patterns_of, test_patterns
from gouji.base.resources import book_folder, texts
from gouji.base.verdict import Verdict
from gouji.documents import read_bytes
from gouji.expression.evaluate import Exact
from gouji.expression.figures import Printed, UnitFigures
from gouji.intake.report_text import lines_of_document
from gouji.narrative.load import load_patterns
from gouji.narrative.mentions import MentionKind, masked
from gouji.narrative.pattern_examples import failures, told
from gouji.narrative.relation import TextTerm, add_up, fits, judged, may_be
from gouji.narrative.says import Says
from gouji.narrative.text_lines import is_row, lines_of, plain
from gouji.narrative.text_reading import FigureState, read
from gouji.narrative.ties import filled
from gouji.narrative.unfilled import left_open
from gouji.narrative.worked import TABLE, tree, work_out

ROOT = Path(__file__).parent.parent
TEXT = (Path(__file__).parent / "report_texts" / "anning.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def grammar():
    return patterns_of("anning-2023").grammar()


@pytest.fixture(scope="module")
def tables():
    return load_book("anning-2023").tables


NAMING = (MentionKind.YEAR, MentionKind.DATE, MentionKind.MARK)
FIGURES = {
    "an amount with commas": ("共1,320.73万元", [(MentionKind.AMOUNT, 13_207_300, 50)]),
    "an amount in 亿元": ("约1.2亿元", [(MentionKind.AMOUNT, 120_000_000, 5_000_000)]),
    "full-width digits": ("共１２．５万元", [(MentionKind.AMOUNT, 125_000, 500)]),
    "no money at all": ("支出0万元", [(MentionKind.AMOUNT, 0, 0)]),
    "a percentage": ("占12.5％", [(MentionKind.RATE, "0.125", "0.0005")]),
    "percentage points": ("提高3个百分点", [(MentionKind.POINTS, "0.03", "0.005")]),
    "a count": ("接待1,024人次", [(MentionKind.COUNT, 1024, 0)]),
    "an area": ("面积35.67万平方米", [(MentionKind.COUNT, 356_700, 50)]),
    "a year, a date": (
        "2023年度，截至12月末",
        [(MentionKind.YEAR, 2023, 0), (MentionKind.DATE, 0, 0)],
    ),
    "a document's number": ("财预〔2020〕10号", [(MentionKind.MARK, 0, 0)]),
    "times of day": ("07:00--09:00", [(MentionKind.MARK, 0, 0)]),
    "a heading": (
        "1.基本支出2万元",
        [(MentionKind.MARK, 0, 0), (MentionKind.AMOUNT, 20_000, 5_000)],
    ),
    "a threshold": ("单价100万元以上的设备", [(MentionKind.MARK, 1_000_000, 5_000)]),
    "a range is not negative": (
        "85%-95%",
        [(MentionKind.RATE, "0.85", "0.005"), (MentionKind.RATE, "0.95", "0.005")],
    ),
    "a negative amount": ("增减额-91.92万元", [(MentionKind.AMOUNT, -919_200, 50)]),
}


@pytest.mark.parametrize("text, expected", FIGURES.values(), ids=FIGURES)
def test_figures(text, expected):
    """Kinds of all; value and half place of what counts."""
    found = masked(plain(text), 0).mentions
    assert [m.kind for m in found] == [kind for kind, _value, _half in expected]
    for mention, (kind, value, half) in zip(found, expected, strict=True):
        if kind not in NAMING:
            assert (mention.value, mention.half) == (Fraction(value), Fraction(half))


READ = {
    "a list that is closed": (
        "基本支出200万元，其中：人员经费150万元，公用经费60万元。",
        ["其中 200万元 = 150万元 + 60万元 不平"],
    ),
    "a list that may be open": (
        "培训100人次，其中：新进30人次、骨干50人次。",
        ["其中 100人次 = 30人次 + 50人次 无法判断(未必列全)"],
    ),
    "a list in brackets": (
        "支出300万元（基本支出200万元，项目支出100万元）。",
        ["其中 300万元 = 200万元 + 100万元 平"],
    ),
    "a rate on the wrong base": (
        "收入合计132.07万元，比上年减少9.19万元，下降6.96%。",
        ["增减幅 -6.96% = -9.19万元 ÷ (132.07万元 + 9.19万元) 不平"],
    ),
    "a small base, within rounding": (
        "项目支出2.89万元，比上年增加1.09万元，增长60.67%。",
        ["增减幅 60.67% = 1.09万元 ÷ (2.89万元 - 1.09万元) 平(尾差内)"],
    ),
    "nothing to work it out from": (
        "支出合计900万元，比上年增长12.5%。",
        ["增减幅 12.5% = ? 无法判断(只有百分比)"],
    ),
    "a share of a whole that stands elsewhere": (
        "收入合计200万元，比预算多。财政拨款收入150万元，占本年收入合计的75%。",
        ["占比 75% = 150万元 ÷ 200万元 平"],
    ),
    "a share without a whole": (
        "财政拨款收入150万元，占全市同类收入的12.34%。",
        ["占比 12.34% = ? 无法判断(找不到分母)"],
    ),
    "what was done of what was planned": (
        "年初预算为120万元，支出决算为90万元，完成年初预算的75%。",
        ["完成率 75% = 90万元 ÷ 120万元 平"],
    ),
    "income is no budget": (
        "收入决算数100万元，支出决算数100万元，预算支出完成率为100.00%。",
        ["完成率 100.00% = ? 无法判断(找不到分母)"],
    ),
}


@pytest.mark.parametrize("text, expected", READ.values(), ids=READ)
def test_relations(grammar, text, expected):
    assert [str(r) for r in read(lines_of(text), grammar).relations] == expected


def test_the_examples_of_all_patterns_hold():
    for book in ("final-accounts", "anning-2023"):
        count, wrong = test_patterns(book)
        assert count > 20 or book == "final-accounts"
        assert [str(fault) for fault in wrong] == []


def test_every_digit_belongs_to_a_figure(grammar):
    reading = read(lines_of(TEXT), grammar)
    for own, hidden in zip(reading.paragraphs, reading.masked, strict=True):
        assert not any(c.isdigit() for c in hidden.text)
        assert all(own.text.startswith(m.printed, m.at) for m in hidden.mentions)
    states = reading.states()
    assert {id(m) for m in reading.mentions} == set(states)
    assert set(states.values()) <= set(FigureState)


def test_the_dataset_comes_out_of_the_report(grammar, tables):
    """The figures that were typed from the published report come out of a text that carries the same facts, each from its own line."""
    with (ROOT / "datasets/anning-2023/figures.csv").open(encoding="utf-8") as file:
        wanted = {(r["数据表"], r["列"]): r for r in csv.DictReader(file)}
    reading = read(lines_of(TEXT), grammar)
    found = {(f.table, f.column): f for f in filled(reading, grammar.ties, tables).fills}
    # A date in words: the report says 截止11月份.
    wanted.pop(("履职情况", "治理期间复述"))
    assert {k: (found[k].text, found[k].unit) for k in wanted} == {
        k: (r["原文"], r["计量单位"]) for k, r in wanted.items()
    }
    for key, one in found.items():
        if one.mention is not None:
            assert one.mention.printed in one.line.text, key


def test_what_is_left_of_a_template(grammar):
    reading = read(lines_of("支出XX万元，占%，增加（减少）5万元。"), grammar)
    assert [str(f) for f in left_open(reading.paragraphs, grammar)] == [
        "没填的数 XX",
        "没填的数 占%",
        "没改的选项 增加(减少)",
    ]


def broken(text, width):
    """Every long line broken at a width, as a mail program does."""
    made = []
    for line in text.splitlines():
        if line.count("|") >= 2:
            made.append(line)
        else:
            made += [line[i : i + width] for i in range(0, len(line), width)] or [""]
    return "\n".join(made)


WIDE = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789%()"}


def shown(text, grammar, tables):
    return shown_of(read(lines_of(text), grammar), grammar, tables)


def shown_of(reading, grammar, tables):
    fills = filled(reading, grammar.ties, tables)
    return (
        [str(r) for r in reading.relations],
        [(f.table, f.column, f.text, f.unit) for f in fills.fills],
        [dict(r.values) for r in fills.rows],
    )


@cache
def everything():
    return patterns_of("anning-2023").grammar(), load_book("anning-2023").tables


@settings(max_examples=20, deadline=None, phases=[Phase.generate])
@given(width=st.integers(40, 120), seed=st.integers(0, 1000))
def test_setting_a_text_otherwise_changes_no_reading(width, seed):
    chosen = random.Random(seed)
    wide = "".join(c.translate(WIDE) if chosen.random() < 0.3 else c for c in TEXT)
    spaced = "".join(c + (" " if chosen.random() < 0.02 and not c.isdigit() else "") for c in TEXT)
    expected = shown(TEXT, *everything())
    assert shown(wide, *everything()) == expected
    assert shown(spaced, *everything()) == expected
    assert shown(broken(TEXT, width), *everything()) == expected


def as_word(text):
    """The same text as a Word file: rows between bars as tables, every other line a paragraph."""
    made, into = docx.Document(), io.BytesIO()
    for is_table, lines in groupby(text.splitlines(), key=is_row):
        if not is_table:
            for line in lines:
                made.add_paragraph(line)
            continue
        rows = [line.strip().strip("|").split("|") for line in lines]
        table = made.add_table(0, max(map(len, rows)))
        for row in rows:
            for cell, said in zip(table.add_row().cells, row, strict=False):
                cell.text = said.strip()
    made.save(into)
    return into.getvalue()


@settings(max_examples=10, deadline=None, phases=[Phase.generate])
@given(seed=st.integers(0, 1000))
def test_a_text_says_the_same_as_a_word_file(seed):
    chosen = random.Random(seed)
    wide = "".join(c.translate(WIDE) if chosen.random() < 0.3 else c for c in TEXT)
    lines = tuple(lines_of_document(read_bytes(as_word(wide), "a.docx")))
    found = shown_of(read(lines, everything()[0]), *everything())
    assert found == shown(TEXT, *everything())


PAGE = (ROOT / "docs" / "report-texts.md").read_text("utf-8")


@pytest.mark.parametrize(
    "block", re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S), ids=lambda b: b[:20].strip()
)
def test_patterns_on_the_page_read_what_it_says(block):
    """Each pattern of the page, added to those of the rulebook, reads its examples."""
    folders = [dict(texts(book_folder("final-accounts")))]
    folders.append({"rules/own/book.yaml": "", "rules/own/text/own.yaml": block})
    found = load_patterns(folders)
    tables = everything()[1]
    assert [str(fault) for fault in failures(found, tables)] == []
    assert any(p.examples for p, document in found.every if document.file.endswith("own.yaml"))


def test_without_its_pattern_the_page_reads_otherwise():
    """The examples of the page rest on its patterns: taken away, they fail."""
    grammar = load_patterns([dict(texts(book_folder("final-accounts")))]).grammar()
    block = next(b for b in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S) if "涨跌幅" in b)
    said = re.search("text: (.*)", block)[1]
    assert told(said, grammar, everything()[1]) != tuple(re.findall(r"expect: \[(.*)\]", block))


PARTS = {
    Says.PARTS: ("p0", "p1", "p2"),
    Says.SHARE: ("part", "whole"),
    Says.DONE: ("part", "whole"),
    Says.CHANGE: ("now", "prior"),
}
FORMULAS = [*PARTS.items(), (Says.GROWTH, ("change", "now")), (Says.GROWTH, ("now", "prior"))]
figures = st.builds(
    lambda value, places: Printed(Fraction(value, 10**places), Fraction(1, 2 * 10**places)),
    st.integers(-3000, 3000),
    st.integers(0, 2),
)


@settings(max_examples=300, deadline=None)
@given(
    formula=st.sampled_from(FORMULAS),
    values=st.lists(figures, min_size=3, max_size=3),
    data=st.data(),
)
def test_a_relation_is_judged_as_a_rule_would_judge_it(formula, values, data):
    """The verdict of a sentence is that of the same expression over the same figures, by the readings that rules go by."""
    says, parts = formula
    row = dict(zip(parts, values, strict=False))
    worked = work_out(says, row)
    near = worked.right if worked.right is not None else Fraction(0)
    offset = data.draw(st.integers(-3, 3))
    value = Fraction(round(near * 1000) + offset, 1000)
    stated = Printed(value, Fraction(1, 2000))
    check = tree(says, parts)
    exact = Exact(UnitFigures({TABLE: {**row, "stated": stated}}))
    truth, ends = exact.check(check), exact.interval(check.right)
    assert exact.value(check.right) == worked.right
    assert (ends.low, ends.high) == (worked.low, worked.high) if ends else worked.low is None
    mention = masked("1万元", 0).mentions[0]
    whole = TextTerm("stated", replace(mention, value=value, half=stated.half))
    terms = tuple(TextTerm(k, replace(mention, value=v.value, half=v.half)) for k, v in row.items())
    made = judged(says, whole, terms)
    if says in (Says.PARTS, Says.EQUAL):
        assert may_be(whole, add_up(terms)) is fits(made)
    if made.verdict is Verdict.BALANCED:
        assert truth.holds
    elif made.verdict is Verdict.WITHIN_ROUNDING:
        assert not truth.holds and truth.may_hold
    elif made.verdict is Verdict.UNBALANCED:
        assert truth.holds is False and truth.may_hold is False
    else:
        assert worked.right is None or truth.may_hold is None
