"""No finding prints two sides that look equal, or a difference that looks like zero; no condition is denied twice."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.base.outcome import Span
from gouji.expression import denied, parse_measure, words
from gouji.expression import nodes as n
from gouji.intake.ledger.unit_figures import unit_figures
from gouji.report.make_page import page
from gouji.report.unit.cited import Cited
from gouji.report.unit.spots import spot_rows
from gouji.report.unit.working import WorkingTeller
from gouji.report.wording import (
    ValueShape,
    difference_words,
    places_apart,
    shown,
    shown_whole,
    span_line,
)
from gouji.results import scorecards
from making import BASIS, TABLES, YEAR, book_of, by_sql, criterion_text, submission_of

TREE = """
table: 树
grain: many
key: [单位代码, 年度, 编码]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 编码, type: text, null: never, role: code, levels: [1, 2], total: 合计}
  - {name: 甲, type: money, unit: 万元, places: 2}
  - {name: 乙, type: money, unit: 万元, places: 2}
  - {name: 率, type: percent, places: 2}
  - {name: 比, type: percent, places: 2}
"""
SHAPES = [
    ValueShape("money", "元"),
    ValueShape("money", "亿元"),
    ValueShape("share"),
    ValueShape("count"),
    ValueShape("count", "人"),
    ValueShape("number"),
    ValueShape("number", "平方米"),
]
exact = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**9)
near = st.integers(1, 12).map(lambda places: Fraction(1, 10**places))
FIGURE = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")


def number_in(text):
    (found,) = FIGURE.findall(text)
    return Decimal(found.replace(",", ""))


@given(st.sampled_from(SHAPES), exact, near)
def test_what_differs_looks_different(shape, value, step):
    other = value + step
    places = places_apart(shape, value, other)
    assert number_in(shown(value, shape, places)) != number_in(shown(other, shape, places))
    assert number_in(difference_words(value - other, shape)) != 0
    low, high = FIGURE.findall(span_line(Span(value, other), shape))
    assert Decimal(low.replace(",", "")) < Decimal(high.replace(",", ""))


@given(st.sampled_from(SHAPES), st.decimals(-(10**9), 10**9, places=6))
def test_a_value_whose_decimals_end_is_shown_whole(shape, value):
    unit = {"share": Fraction(1, 100), "money": Fraction(10**8 if shape.unit == "亿元" else 1)}
    exact_value = Fraction(value) * unit.get(shape.kind, 1)
    assert number_in(shown_whole(exact_value, shape)) == value


def report_of(rule, given_rows):
    """The one row of a rule in a report, its findings in one line each, and its spots."""
    book = book_of(
        {"r.yaml": f"code: R01\nname: 试\n{BASIS}\nseverity: 错误\n{rule}"},
        tables={**TABLES, "tree.yaml": TREE},
    )
    submission = submission_of(book, [("单位", "U", YEAR, {"单位名称": "U"}), *given_rows])
    cards = scorecards(by_sql(book, submission), book)
    teller = WorkingTeller(book, submission, unit_figures(submission, book.tables, "U", YEAR), "U")
    told = [Cited(teller).working(f) for f in cards[0].findings]
    spots = [s for of in book.table_rules for s in spot_rows(teller, of)]
    counts = dict.fromkeys(
        ("rows_in", "rows_accepted", "rows_set_aside", "units", "rules_in_force", "outcomes"), 0
    ) | dict.fromkeys(("gouji", "duckdb", "rules", "schemas"), "")
    return told, spots, page(book, submission, cards, counts).cards[0]


# Pairs that differ in a place beyond the two that forms print.
PAIRS = [
    ("1000.00", "1000.004"),
    ("1000.004", "1000.00"),
    ("0.00", "0.001"),
    ("-0.0001", "0.0000"),
    ("99.996", "100.00"),
    ("100.0001", "100.00"),
    ("0.0001", "0.0002"),
]
FAILING = {"=": lambda a, b: a != b, "<=": lambda a, b: a > b, ">=": lambda a, b: a < b}
FAILING |= {"<": lambda a, b: a >= b, ">": lambda a, b: a <= b}


@pytest.mark.parametrize("columns", [("甲", "乙"), ("率", "比")])
@pytest.mark.parametrize("op", FAILING)
@pytest.mark.parametrize("pair", PAIRS)
def test_every_relation_over_rows_tells_its_sides_apart(pair, op, columns):
    (left, right), (a, b) = pair, columns
    sign = "%" if a == "率" else ""
    rows = [("树", "U", YEAR, {"编码": "1", a: left + sign, b: right + sign})]
    told, spots, _card = report_of(f"kind: each_row\ntable: 树\ncheck: '树.{a} {op} 树.{b}'", rows)
    fails = FAILING[op](Decimal(left), Decimal(right))
    assert fails or not spots
    for spot in spots:
        assert number_in(spot.sides.left) != number_in(spot.sides.right), told
        assert number_in(spot.sides.difference) != 0, told


@pytest.mark.parametrize("pair", PAIRS)
def test_a_sum_of_rows_tells_its_sides_apart(pair):
    stated, below = pair
    rows = [("树", "U", YEAR, {"编码": c, "甲": v}) for c, v in (("合计", stated), ("1", below))]
    _told, spots, _card = report_of("kind: roll_up\ntable: 树\ncolumns: [甲]", rows)
    for spot in spots:
        assert number_in(spot.sides.left) != number_in(spot.sides.right)
        assert number_in(spot.sides.difference) != 0


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize(
    "check",
    [
        "max(树.甲) filter (where 树.编码 = '1') = max(树.甲) filter (where 树.编码 = '2')",
        "sum(树.甲) filter (where 树.编码 = '1') = sum(树.甲) filter (where 树.编码 = '2') * 1",
        "not sum(树.甲) filter (where 树.编码 = '1') <> sum(树.甲) filter (where 树.编码 = '2')",
        "not (not sum(树.甲) filter (where 树.编码 = '1') = sum(树.甲) filter (where 树.编码 = '2'))",
    ],
)
def test_a_relation_of_sums_tells_its_sides_apart(check, pair):
    rows = [("树", "U", YEAR, {"编码": c, "甲": v}) for c, v in zip("12", pair, strict=True)]
    told, _spots, card = report_of(f'kind: tie_out\ncheck: "{check}"', rows)
    for line in (*told, *(t.working for t in card.tie_outs)):
        assert "非(非(" not in line
        sides = re.split(" ≠ | = ", line.split("，")[0].replace(" × 1", ""))
        found = [number_in(side) for side in " → ".join(sides).split(" → ")]
        assert found[0] != found[-1], line
        assert "差 0.00万元" not in line and "差 -0.00万元" not in line


@pytest.mark.parametrize("measured", ["99.996", "100.0001", "94.9999", "95.0001"])
def test_a_measure_never_looks_like_the_limit_that_it_misses(measured):
    book = book_of(
        {
            "c.yaml": criterion_text(
                "C01", "{kind: within, full_at: '[95%, 100%]'}", 100, measure="数.率"
            )
        }
    )
    submission = submission_of(
        book,
        [("单位", "U", YEAR, {"单位名称": "U"}), ("数", "U", YEAR, {"率": f"{measured}%"})],
    )
    cards = scorecards(by_sql(book, submission), book)
    counts = dict.fromkeys(
        ("rows_in", "rows_accepted", "rows_set_aside", "units", "rules_in_force", "outcomes"), 0
    ) | dict.fromkeys(("gouji", "duckdb", "rules", "schemas"), "")
    (row,) = page(book, submission, cards, counts).cards[0].criteria
    assert number_in(row.parts.result or row.working.split("%")[0]) not in (95, 100)


CONDITIONS = st.recursive(
    st.sampled_from(
        ["数.甲 = 数.乙", "数.甲 <= 数.乙", "数.甲 > 1", "数.甲 is null", "数.词 = '好'"]
    ),
    lambda inner: st.one_of(
        inner.map(lambda a: f"not ({a})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda t: f"({t[0]}) {t[1]} ({t[2]})"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(CONDITIONS)
def test_no_condition_is_denied_twice(text):
    node = parse_measure(text)
    for told in (words(node), words(denied(node)), words(n.Not(node)), words(n.Not(n.Not(node)))):
        assert "非(非(" not in told and not re.search(r"非\([^()]* [=≠<>≤≥且或] ", told)
    assert words(n.Not(n.Not(node))) == words(node)
