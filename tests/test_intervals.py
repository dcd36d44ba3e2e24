"""The interval of an expression: it contains every value that the printed figures may stand for, and no more where it is promised to be tight."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gouji.base.outcome import Span
from gouji.expression.evaluate import Exact, Interval
from gouji.expression.figures import Printed, UnitFigures
from gouji.expression.linear_form import linear
from gouji.expression.nodes import leaves
from gouji.expression.parse import parse_measure
from gouji.reference import points as m
from test_two_meanings import methods

NAMES = "甲乙丙丁"
HALVES = (Fraction(0), Fraction(1, 200), Fraction(50), Fraction(1, 2))
figures = st.builds(
    Printed, st.fractions(-1000, 1000, max_denominator=100), st.sampled_from(HALVES)
)
printed = st.fixed_dictionaries({name: figures for name in NAMES})
items = st.one_of(
    st.sampled_from([f"表.{name}" for name in NAMES]), st.sampled_from(["2", "0.5", "10%"])
)
expressions = st.recursive(
    items,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda e: f"abs({e})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(
            lambda t: f"{t[0]}({t[1]}, {t[2]})"
        ),
    ),
    max_leaves=5,
)
shares = st.lists(st.fractions(0, 1, max_denominator=20), min_size=4, max_size=4)


def exact(cells):
    return Exact(UnitFigures({"表": cells}))


def true_figures(cells, where):
    """Figures that would be printed like these: `where` says how far each lies between its ends."""
    return {
        name: Printed(c.low + (c.high - c.low) * share)
        for (name, c), share in zip(cells.items(), where, strict=True)
    }


def parsed(text):
    from gouji.expression.parse import MeasureFault

    try:
        return parse_measure(text)
    except MeasureFault:
        assume(False)


@settings(max_examples=150, deadline=None)
@given(expressions, printed, shares)
def test_the_true_value_lies_inside(text, cells, where):
    node = parsed(text)
    interval = exact(cells).interval(node)
    assume(interval is not None)
    value = exact(true_figures(cells, where)).value(node)
    assert value is not None and interval.low <= value <= interval.high


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("+-"), st.sampled_from(["", "2 * ", "0.5 * "]), st.sampled_from(NAMES)
        ),
        min_size=1,
        max_size=6,
    ),
    printed,
)
def test_sums_are_tight(terms, cells):
    """Both ends are reached by figures within rounding, also where one figure stands several times."""
    node = parse_measure(
        "0 " + " ".join(f"{sign} {factor}表.{name}" for sign, factor, name in terms)
    )
    interval = exact(cells).interval(node)
    reached = [
        exact(true_figures(cells, corner)).value(node) for corner in product((0, 1), repeat=4)
    ]
    assert interval == Interval(min(reached), max(reached))


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(
        [
            "表.甲 / 表.乙",
            "表.甲 / (表.乙 - 表.甲)",
            "(表.甲 - 表.乙) / 表.乙",
            "(表.甲 + 表.乙) / (表.乙 + 表.丙)",
            "(表.甲 - 表.乙) / (表.甲 + 表.乙)",
        ]
    ),
    printed,
)
def test_quotients_of_sums_that_share_figures_are_tight(text, cells):
    node = parse_measure(text)
    interval = exact(cells).interval(node)
    assume(interval is not None)
    reached = [
        exact(true_figures(cells, corner)).value(node) for corner in product((0, 1), repeat=4)
    ]
    assert interval == Interval(min(reached), max(reached))


@settings(max_examples=120, deadline=None)
@given(
    st.tuples(expressions, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), expressions).map(
        " ".join
    ),
    printed,
    shares,
)
def test_a_condition_that_can_hold_is_not_refused(text, cells, where):
    """Whatever the true figures say is among what is held possible; so a 不平 is never due to rounding."""
    node = parsed(text)
    truth, true = exact(cells).truth(node), exact(true_figures(cells, where)).truth(node)
    assume(truth.may_hold is not None and true.holds is not None)
    assert truth.may_hold if true.holds else truth.may_fail


@settings(max_examples=120, deadline=None)
@given(
    methods,
    st.fractions(-1, 3, max_denominator=1000),
    st.fractions(0, 1, max_denominator=100),
    shares,
)
def test_points_within_rounding_lie_in_their_range(text, value, width, where):
    """Least and greatest points bound the points of every measure in the interval."""
    from decimal import Decimal

    from gouji.rules.fields import METHOD
    from gouji.rules.yaml_text import read_document

    method = METHOD.validate_python(read_document("m", f"method: {text}").data["method"])
    low, high = m.score_range(method, Decimal(4), Span(value, value + width))
    for share in where:
        assert low <= m.points(method, Decimal(4), value + width * share) <= high


# stated, parts with their decimals -> verdict; the ends worked out by hand
CASES = {
    "exact": ("100.00", ["40.00", "60.00"], "平"),
    "one last place of two addends": ("100.01", ["40.00", "60.00"], "平(尾差内)"),
    "at the very edge: three halves": ("100.015", ["40.00", "60.00"], "不平"),
    "two last places of two addends": ("100.02", ["40.00", "60.00"], "不平"),
    "many addends may be further off": ("60.03", ["10.00"] * 6, "平(尾差内)"),
    "but not so far": ("60.04", ["10.00"] * 6, "不平"),
}


@pytest.mark.parametrize("total, parts, expected", CASES.values(), ids=CASES)
def test_sums_by_hand(total, parts, expected):
    from making import TABLES, YEAR, book_of, by_sql, submission_of, tie_text

    columns = "".join(
        f"  - {{name: 项{i}, type: money, unit: 万元, places: 2}}\n" for i in range(len(parts))
    )
    tables = {**TABLES, "numbers.yaml": TABLES["numbers.yaml"] + columns}
    check = "数.甲 = " + " + ".join(f"数.项{i}" for i in range(len(parts)))
    book = book_of({"t.yaml": tie_text("T01", check)}, tables=tables)
    row = {"甲": total, **{f"项{i}": part for i, part in enumerate(parts)}}
    found = by_sql(book, submission_of(book, [("单位", "A", YEAR, {}), ("数", "A", YEAR, row)]))
    assert found.tie_outs["A"][0].verdict == expected


# check, figures -> verdict; worked out by hand
STATED = {
    "rounds to what is stated": (
        "数.率 = 数.甲 / 数.乙",
        {"率": "60.56%", "甲": "1.09", "乙": "1.80"},
        "平",
    ),
    "only figures inside their precision": (
        "数.率 = 数.甲 / 数.乙",
        {"率": "60.67%", "甲": "1.09", "乙": "1.80"},
        "平(尾差内)",
    ),
    "beyond": ("数.率 = 数.甲 / 数.乙", {"率": "61.80%", "甲": "1.09", "乙": "1.80"}, "不平"),
    "stated on the right": (
        "数.甲 / 数.乙 = 数.率",
        {"率": "60.56%", "甲": "1.09", "乙": "1.80"},
        "平",
    ),
    "a half goes up": (
        "数.率 = 数.甲 / 数.乙",
        {"率": "0.13%", "甲": "1.00", "乙": "800.00"},
        "平",
    ),
    "and not down": (
        "数.率 = 数.甲 / 数.乙",
        {"率": "0.12%", "甲": "1.00", "乙": "800.00"},
        "平(尾差内)",
    ),
    "below zero a half goes away from it": (
        "数.率 = 数.甲 / 数.乙",
        {"率": "-0.13%", "甲": "-1.00", "乙": "800.00"},
        "平",
    ),
    "and not towards it": (
        "数.率 = 数.甲 / 数.乙",
        {"率": "-0.12%", "甲": "-1.00", "乙": "800.00"},
        "平(尾差内)",
    ),
    "to nothing": ("数.率 = 数.甲 / 数.乙", {"率": "0.00%", "甲": "0.01", "乙": "800.00"}, "平"),
    "at the places printed": (
        "数.率 = 数.甲 / 数.乙",
        {"率": "60.556%", "甲": "1.09", "乙": "1.80"},
        "平",
    ),
    "at more places than it was rounded to": (
        "数.率 = 数.甲 / 数.乙",
        {"率": "60.560%", "甲": "1.09", "乙": "1.80"},
        "平(尾差内)",
    ),
    "percentage points": (
        "数.率 = 数.个 / 数.分 - 数.甲 / 数.丙",
        {"率": "27.22%", "个": "109", "分": "180", "甲": "1.09", "丙": "32,700.00"},
        "平",
    ),
    "percentage points within": (
        "数.率 = 数.个 / 数.分 - 数.甲 / 数.丙",
        {"率": "27.25%", "个": "109", "分": "180", "甲": "1.09", "丙": "32,700.00"},
        "平(尾差内)",
    ),
    "a product": ("数.甲 = 数.乙 * 数.率", {"甲": "1.09", "乙": "1.80", "率": "60.56%"}, "平"),
    "a mean": (
        "数.甲 = (数.乙 + 数.丙) / 2",
        {"甲": "1.51", "乙": "1.00", "丙": "20,100.00"},
        "平",
    ),
    "a mean a half below": (
        "数.甲 = (数.乙 + 数.丙) / 2",
        {"甲": "1.50", "乙": "1.00", "丙": "20,100.00"},
        "平(尾差内)",
    ),
    "at most what rounds to it": (
        "数.率 <= 数.甲 / 数.乙",
        {"率": "60.56%", "甲": "1.09", "乙": "1.80"},
        "平",
    ),
    "below is not what rounds to it": (
        "数.率 > 数.甲 / 数.乙",
        {"率": "60.56%", "甲": "1.09", "乙": "1.80"},
        "平(尾差内)",
    ),
    "sums keep their word": (
        "数.甲 = 数.乙 + 数.丙",
        {"甲": "1.41", "乙": "1.00", "丙": "4,090.00"},
        "平(尾差内)",
    ),
    "one branch of a case too": (
        "数.甲 = case when 数.乙 > 0 then 数.丙 else 0 end",
        {"甲": "0.41", "乙": "1.00", "丙": "4,090.00"},
        "平(尾差内)",
    ),
    "counts are exact": (
        "数.个 = 数.甲 / 数.乙",
        {"个": "1", "甲": "1.00", "乙": "1.01"},
        "平(尾差内)",
    ),
}


@pytest.mark.parametrize("check, cells, expected", STATED.values(), ids=STATED)
def test_a_stated_figure_is_met_by_what_rounds_to_it(check, cells, expected):
    from making import YEAR, book_of, by_python, by_sql, submission_of, tie_text

    book = book_of({"t.yaml": tie_text("T01", check)})
    submission = submission_of(book, [("单位", "A", YEAR, {}), ("数", "A", YEAR, cells)])
    found = by_sql(book, submission)
    assert found.tie_outs["A"][0].verdict.value == expected
    assert by_python(book, submission, ["A"])["A"][1] == found.tie_outs["A"]


LESS = "{kind: within, full_at: '≤ 100%'}"
STEPPED = "{kind: steps, full_at: '≤ 100%', per: 1%, percent_is: point, take: 0.5, reading: begun}"
BANDED = "{kind: bands, bands: [{when: '≥ 80%', points: 6}, {when: '[70%, 80%)', points: 4}]}"
# method, measure's figures, what the book says -> score, low, high
LIMITS = {
    "exactly the limit": (LESS, {"甲": "239.56", "乙": "239.56"}, "printed", ("6", "6", "6")),
    "unless the book wants the range": (
        LESS,
        {"甲": "239.56", "乙": "239.56"},
        "range",
        ("6", "0", "6"),
    ),
    "any other keeps its range": (
        LESS,
        {"甲": "239.57", "乙": "239.56"},
        "printed",
        ("0", "0", "6"),
    ),
    "where steps begin": (STEPPED, {"甲": "10.00", "乙": "10.00"}, "printed", ("6", "6", "6")),
    "but not where another step does": (
        STEPPED,
        {"甲": "10.10", "乙": "10.00"},
        "printed",
        ("5.5", "5", "5.5"),
    ),
    "the edge of a band": (BANDED, {"甲": "8.00", "乙": "10.00"}, "printed", ("6", "6", "6")),
    "a full target": (
        "{kind: proportional, full_at: 1}",
        {"甲": "3.00", "乙": "3.00"},
        "printed",
        ("6", "6", "6"),
    ),
    "no full target": (
        "{kind: proportional, full_at: 1}",
        {"甲": "1.50", "乙": "3.00"},
        "printed",
        ("3", "2.99", "3.02"),
    ),
}


@pytest.mark.parametrize("method, cells, limit, expected", LIMITS.values(), ids=LIMITS)
def test_a_threshold_met_exactly(method, cells, limit, expected):
    from making import YEAR, book_of, by_python, by_sql, criterion_text, submission_of

    book = book_of(
        {"c.yaml": criterion_text("C01", method, 6, measure="数.甲 / 数.乙")}, total=6, limit=limit
    )
    submission = submission_of(book, [("单位", "A", YEAR, {}), ("数", "A", YEAR, cells)])
    (found,) = by_sql(book, submission).criteria["A"]
    assert (found.score, found.low, found.high) == tuple(map(Decimal, expected))
    assert by_python(book, submission, ["A"])["A"][0] == (found,)


def test_printed_precision_travels_with_the_figure():
    """The same equation, once in 万元 and once in 元: only the coarse one forgives 40 yuan."""
    from making import YEAR, book_of, by_sql, submission_of, tie_text

    book = book_of({"t.yaml": tie_text("T01", "数.甲 = 数.丙")})
    rows = [
        ("单位", "粗", YEAR, {}),
        ("数", "粗", YEAR, {"甲": "1.00", "丙": "10,040.00"}),
        ("单位", "细", YEAR, {}),
        ("数", "细", YEAR, {"甲": "1.0000", "丙": "10,040.00"}),
    ]
    found = by_sql(book, submission_of(book, rows))
    assert {unit: found.tie_outs[unit][0].verdict.value for unit in found.units} == {
        "粗": "平(尾差内)",
        "细": "不平",
    }


def test_a_linear_form_keeps_what_cancels_out():
    form = linear(parse_measure("表.甲 - 表.甲 + 表.乙"))
    assert form is not None and len(form.coefficients) == len(
        leaves(parse_measure("表.甲 + 表.乙"))
    )
    assert (
        exact({"乙": Printed(Fraction(1))}).interval(parse_measure("表.甲 - 表.甲 + 表.乙")) is None
    )
