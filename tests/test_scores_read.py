"""得分(CODE): a rule that reads the score of a criterion, by hand and on random criteria; and what such a rule must say."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from gouji.base.faults import RuleError
from gouji.base.verdict import RECOMPUTED, Verdict
from gouji.explain import explain, explanation_text
from gouji.rules import Deductions, Parts
from making import YEAR, book_of, by_python, by_sql, criterion_text, submission_of, tie_text
from test_two_meanings import EXAMPLES, MANY, book_or_none, rows, rules

STEPS = '{kind: steps, full_at: "≥ 95%", per: 1%, percent_is: point, take: 0.2, reading: whole}'
FIRST = criterion_text("C01", STEPS, 4, measure="数.甲 / 数.乙", missing="pending")
READS = criterion_text(
    "C02", "{kind: proportional, full_at: 4}", 96, measure="得分(C01)", missing="pending"
)


def judged(texts, figures, *, total=100, head="", other=()):
    book = book_of(texts, total=total, head=head)
    submission = submission_of(
        book, [("单位", "U", YEAR, {"单位名称": "U"}), ("数", "U", YEAR, figures), *other]
    )
    found = by_sql(book, submission)
    scored, ties, totals = by_python(book, submission, ["U"])["U"]
    assert found.criteria["U"] == scored and found.totals["U"] == totals
    assert tuple(found.tie_outs["U"]) == ties
    return {o.code: o for o in (*scored, *ties)}, totals


# Figures of C01; its score, that of C02 which takes a share of it, the range of C02.
CASES = {
    "full": ({"甲": "95.00", "乙": "100.00"}, "4.00", "96.00", ("96.00", "96.00")),
    "three quarters": ({"甲": "90.10", "乙": "100.00"}, "3.20", "76.80", ("76.80", "76.80")),
    "none": ({"甲": "40.00", "乙": "100.00"}, "0.00", "0.00", ("0.00", "0.00")),
    "nothing to divide by": ({"甲": "40.00", "乙": "0.00"}, None, None, ("0.00", "96.00")),
    "not sent": ({"甲": "40.00"}, None, None, ("0.00", "96.00")),
}


@pytest.mark.parametrize("figures, first, second, ends", CASES.values(), ids=CASES)
def test_by_hand(figures, first, second, ends):
    found, _totals = judged({"a.yaml": FIRST, "b.yaml": READS}, figures)
    told = [None if found[c].score is None else str(found[c].score) for c in ("C01", "C02")]
    assert told == [first, second]
    assert (str(found["C02"].low), str(found["C02"].high)) == ends


def test_a_relation_and_a_cap_may_ask_for_it():
    """One criterion without points keeps the grade down; what the unit states is held against what it earns."""
    head = "caps: [{when: 得分(C01) = 0, grade: 良, why: 预算完成率不得分}]\n"
    texts = {
        "a.yaml": FIRST,
        "b.yaml": criterion_text("C02", "{kind: within, full_at: '≥ 0'}", 96, measure="数.个"),
        "t.yaml": tie_text("T01", "数.分 = 得分(C01)"),
    }
    good = {"乙": "100.00", "个": "1", "分": "4"}
    found, totals = judged(texts, {"甲": "99.00", **good}, head=head)
    assert (totals.grade, found["T01"].verdict) == ("优", Verdict.BALANCED)
    found, totals = judged(texts, {"甲": "1.00", **good}, head=head)
    assert (totals.score, totals.grade) == (Decimal("96.00"), "良")
    assert found["T01"].verdict is Verdict.UNBALANCED


def test_what_the_unit_says_of_itself_is_no_score():
    """The self-score that is carried for C01 is not what C02 reads."""
    texts = {"a.yaml": FIRST.replace("missing: pending", "missing: as_reported"), "b.yaml": READS}
    own = ("自评得分", "U", YEAR, {"指标代码": "C01", "得分": "4"})
    found, _totals = judged(texts, {"甲": "1.00"}, other=[own])
    assert (str(found["C01"].score), found["C02"].score) == ("4.00", None)


def test_in_words():
    book = book_of({"a.yaml": FIRST, "b.yaml": READS})
    assert "得分(C01)" in explanation_text(explain(book, "C02"))


WRONG = {
    "nobody": ({"b.yaml": READS.replace("C01", "C09")}, "没有代码是 C09 的指标"),
    "a relation": ({"a.yaml": tie_text("C01", "数.甲 = 0"), "b.yaml": READS}, "没有代码是 C01"),
    "itself": ({"b.yaml": READS.replace("得分(C01)", "得分(C02)")}, "得分绕回了自己：C02 → C02"),
    "in a circle": (
        {
            "a.yaml": READS.replace("C02", "C03").replace("C01", "C02"),
            "b.yaml": READS.replace("C01", "C03"),
        },
        "得分绕回了自己",
    ),
    "a fault of its own": (
        {"a.yaml": FIRST.replace("数.甲", "数.无"), "b.yaml": READS},
        "没有叫“无”的列",
    ),
    "the year before": (
        {"a.yaml": FIRST, "b.yaml": READS.replace("得分(C01)", "上年(得分(C01))")},
        "上年(…) 里只能",
    ),
    "of each row": (
        {
            "a.yaml": FIRST,
            "b.yaml": READS.replace("得分(C01)", "sum(明细.金额) filter (where 得分(C01) > 1)"),
        },
        "没有代码是",
    ),
    "no code": (
        {"a.yaml": FIRST, "b.yaml": READS.replace("得分(C01)", "得分(数.甲)")},
        "得分(…) 里写一条指标的代码",
    ),
}


@pytest.mark.parametrize("texts, message", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(texts, message):
    with pytest.raises(ExceptionGroup) as caught:
        book_of(texts)
    told = [str(fault) for fault in caught.value.exceptions if isinstance(fault, RuleError)]
    assert any(message in one for one in told), told


@settings(MANY, max_examples=EXAMPLES // 15, phases=[Phase.reuse, Phase.generate])
@given(st.data(), rules((1, 1, 1)), st.sampled_from(["full", "exclude"]))
def test_what_is_read_is_what_was_scored(data, made, policy):
    """Every random criterion is read by another one: both meanings agree, and the score read is the score given."""
    texts, total = made
    texts = {name: text for name, text in texts.items() if name.startswith("C")}
    codes = [name.removesuffix(".yaml") for name in texts]
    assume(codes)
    book_or_none(texts, 4 * len(codes), policy)
    for number, code in enumerate(codes, 1):
        reads = f"R{number:02}"
        texts[f"{reads}.yaml"] = criterion_text(
            reads, "{kind: proportional, full_at: 4}", 4, measure=f"得分({code})", missing="pending"
        )
    book = book_or_none(texts, 2 * total or 100, policy)
    units = ["甲单位", "乙单位"]
    submission = submission_of(book, data.draw(rows(units, codes)))
    found = by_sql(book, submission)
    kinds = {c.code: c.rule.method for c in book.criteria}
    for unit, (criteria, _ties, totals) in by_python(book, submission, units).items():
        assert found.criteria[unit] == criteria and found.totals[unit] == totals
        told = {o.code: o for o in criteria}
        for number, code in enumerate(codes, 1):
            read, own = told[f"R{number:02}"].measured, told[code]
            decided = own.verdict in (*RECOMPUTED, Verdict.NOT_APPLICABLE)
            if read is None and isinstance(kinds[code], (Parts, Deductions)):
                continue  # decided whatever an open part comes to
            wanted = Fraction(own.score) if decided and own.score is not None else None
            assert read == wanted, (code, texts[f"{code}.yaml"], own)
