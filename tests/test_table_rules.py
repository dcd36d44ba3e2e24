"""Rules over the rows of a table: roll-ups and conditions on each row, in SQL and in Python; what they say of rows that are missing."""

import os
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gouji.base.faults import RuleError
from gouji.base.outcome import GapKind
from gouji.base.verdict import Verdict
from gouji.intake.ledger.unit_figures import unit_figures
from gouji.reference.row_rule_outcomes import spots, table_rule
from gouji.report import page
from gouji.report.text import render
from gouji.results import scorecards
from making import BASIS, TABLES, YEAR, book_of, by_sql, submission_of

EXAMPLES = int(os.environ.get("GOUJI_EXAMPLES", "120"))
MANY = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
TREE = """
table: 树
grain: many
key: [单位代码, 年度, 编码]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 编码, type: text, null: never, role: code, levels: [1, 2, 4]TOTAL, words: [另计]}
  - {name: 名称, type: text}
  - {name: 甲, type: money, unit: 万元, places: 2}
  - {name: 乙, type: money, unit: 元, places: 2}
  - {name: 个, type: count}
  - {name: 词, type: text}
"""
SUMMED, LOOSE = (
    {**TABLES, "tree.yaml": TREE.replace("TOTAL", total)} for total in (", total: 合计", "")
)
HEAD = ["name: 试", BASIS, "severity: 错误"]


def roll_text(columns="甲, 乙, 个", *more):
    return "\n".join(
        ["kind: roll_up", "code: R01", *HEAD, "table: 树", f"columns: [{columns}]", *more]
    )


def row_text(code, check, *more):
    return "\n".join(
        ["kind: each_row", f"code: {code}", *HEAD, "table: 树", f"check: {check}", *more]
    )


def tree(rows, column="甲"):
    """code -> figure, for one unit."""
    return [("单位", "U", YEAR, {"单位名称": "U"})] + [
        ("树", "U", YEAR, {"编码": code, **({column: text} if text else {})})
        for code, text in rows.items()
    ]


def judged(rules, rows, tables=SUMMED):
    """The outcome of the one rule on table rows for the unit U, alike in SQL and in Python, and its spots."""
    book = book_of(rules, tables=tables)
    submission = submission_of(book, rows)
    found = by_sql(book, submission)
    figures = unit_figures(submission, book.tables, "U", YEAR)
    (outcome,) = found.table_rules["U"]
    assert outcome == table_rule(book.table_rules[0], book, "U", figures)
    return outcome, spots(book.table_rules[0], book, figures)


FULL = {
    "合计": "10.00",
    "1": "10.00",
    "11": "4.00",
    "12": "6.00",
    "1101": "1.00",
    "1102": "3.00",
    "1201": "6.00",
}
SHAPES = {
    "in order": (FULL, "平", None),
    "each rounded by itself": ({**FULL, "11": "4.01"}, "平(尾差内)", None),
    "two parts may hide two last places": (
        {"合计": "10.01", "1": "3.33", "2": "3.33", "3": "3.34"},
        "平(尾差内)",
        None,
    ),
    "exactly as far as rounding allows": ({"合计": "10.01", "1": "10.00"}, "平(尾差内)", None),
    "one place further": ({"合计": "10.02", "1": "10.00"}, "不平", None),
    "a parent does not add up": ({**FULL, "11": "5.00"}, "不平", None),
    "the total was not refreshed": ({**FULL, "合计": "9.00"}, "不平", None),
    "a parent printed as zero above an amount": ({**FULL, "12": "0.00"}, "不平", None),
    "no total row": ({k: v for k, v in FULL.items() if k != "合计"}, "无法判断", GapKind.NO_TOTAL),
    "no total row, and a node fails": (
        {k: "9.00" if k == "11" else v for k, v in FULL.items() if k != "合计"},
        "不平",
        None,
    ),
    "rows without the row above": (
        {"合计": "10.00", "1": "10.00", "1101": "4.00", "12": "10.00", "1201": "10.00"},
        "无法判断",
        GapKind.ORPHAN,
    ),
    "an amount without the rows below, where others have them": (
        {**FULL, "合计": "12.00", "2": "2.00"},
        "无法判断",
        GapKind.BARE,
    ),
    "zero needs no rows below": ({**FULL, "2": "0.00"}, "平", None),
    "a table that stops at the first level": (
        {"合计": "10.00", "1": "4.00", "2": "6.00"},
        "平",
        None,
    ),
    "a code of no known length": ({**FULL, "121": "1.00"}, "无法判断", GapKind.BAD_CODE),
    "a code with other signs": ({**FULL, "1-01": "1.00"}, "无法判断", GapKind.BAD_CODE),
    "full-width digits are no code": ({**FULL, "１": "1.00"}, "无法判断", GapKind.BAD_CODE),
    "rows outside the hierarchy": ({**FULL, "另计": "99.00"}, "平", None),
    "an amount missing below": ({**FULL, "1101": ""}, "无法判断", GapKind.MISSING),
    "an amount missing in a leaf's parent": ({**FULL, "11": ""}, "无法判断", GapKind.MISSING),
    "a total of nothing": ({"合计": "0.00"}, "平", None),
    "a total without any row": ({"合计": "5.00"}, "不平", None),
    "no figure at all": (dict.fromkeys(FULL, ""), "无法判断", GapKind.MISSING),
}


@pytest.mark.parametrize("rows, verdict, gap", SHAPES.values(), ids=SHAPES)
def test_roll_up(rows, verdict, gap):
    outcome, _ = judged({"r.yaml": roll_text("甲")}, tree(rows))
    assert outcome.verdict == verdict
    assert [g.kind for g in outcome.gaps] == ([gap] if gap else [])


def test_a_column_that_the_form_does_not_print_is_not_judged():
    assert judged({"r.yaml": roll_text("甲, 乙")}, tree(FULL))[0].verdict is Verdict.BALANCED


def test_without_a_total_in_the_description_none_is_missed():
    rows = {k: v for k, v in FULL.items() if k != "合计"}
    assert judged({"r.yaml": roll_text("甲")}, tree(rows), LOOSE)[0].verdict is Verdict.BALANCED


def test_a_table_that_was_not_sent_is_the_one_reason():
    outcome, _ = judged({"r.yaml": roll_text("甲, 乙")}, tree({}))
    assert outcome.verdict is Verdict.UNASSESSABLE
    assert [(g.kind, g.what, g.parts) for g in outcome.gaps] == [
        (GapKind.UNSENT, "树", ("甲", "乙"))
    ]


def test_every_failing_node_is_named():
    outcome, found = judged({"r.yaml": roll_text("甲")}, tree({**FULL, "11": "5.00", "12": "6.01"}))
    assert outcome.verdict is Verdict.UNBALANCED
    wrong = {s.row: (s.stated, s.expected) for s in found if s.verdict is Verdict.UNBALANCED}
    assert wrong == {
        "1": (Fraction(100_000), Fraction(110_100)),
        "11": (Fraction(50_000), Fraction(40_000)),
    }
    (near,) = (s for s in found if s.verdict is Verdict.WITHIN_ROUNDING)
    assert (near.row, near.span.low, near.span.high) == ("12", 59_950, 60_050)


ROWS = {
    "every row holds": (
        "树.甲 = 树.乙",
        [{"甲": "1.00", "乙": "10000.00"}, {"甲": "2.00", "乙": "20000.00"}],
        "平",
        None,
    ),
    "one row only within rounding": (
        "树.甲 = 树.乙",
        [{"甲": "1.00", "乙": "10000.00"}, {"甲": "2.00", "乙": "20049.00"}],
        "平(尾差内)",
        None,
    ),
    "one row fails": (
        "树.甲 = 树.乙",
        [{"甲": "1.00", "乙": "10000.00"}, {"甲": "2.00", "乙": "20051.00"}],
        "不平",
        None,
    ),
    "one row fails, another lacks a figure": (
        "树.甲 = 树.乙",
        [{"甲": "1.00"}, {"甲": "2.00", "乙": "1.00"}],
        "不平",
        None,
    ),
    "a row lacks a figure": (
        "树.甲 = 树.乙",
        [{"甲": "1.00", "乙": "10000.00"}, {"甲": "2.00"}],
        "无法判断",
        GapKind.MISSING,
    ),
    "a lacking figure that does not matter": (
        "树.甲 > 0 or 树.乙 > 0",
        [{"甲": "1.00"}],
        "平",
        None,
    ),
    "a denominator of zero": (
        "树.甲 / 树.乙 > 1",
        [{"甲": "1.00", "乙": "0.00"}],
        "无法判断",
        GapKind.ZERO,
    ),
    "a word instead of a figure": (
        "树.个 >= 5 or 树.词 is not null",
        [{"个": "3", "词": "有原因"}, {"个": "7"}],
        "平",
        None,
    ),
    "neither figure nor word": ("树.个 >= 5 or 树.词 is not null", [{"个": "3"}], "不平", None),
}


@pytest.mark.parametrize("check, rows, verdict, gap", ROWS.values(), ids=ROWS)
def test_each_row(check, rows, verdict, gap):
    given_rows = [("单位", "U", YEAR, {"单位名称": "U"})] + [
        ("树", "U", YEAR, {"编码": str(i + 1), **row}) for i, row in enumerate(rows)
    ]
    outcome, _ = judged({"r.yaml": row_text("R01", check)}, given_rows)
    assert outcome.verdict == verdict
    assert [g.kind for g in outcome.gaps] == ([gap] if gap else [])


def test_a_precondition_is_asked_of_the_unit():
    rules = {"r.yaml": row_text("R01", "树.甲 = 0", "applies: 单位.类型 = '行政'")}
    rows = [
        ("单位", "U", YEAR, {"单位名称": "U", "类型": "事业"}),
        ("树", "U", YEAR, {"编码": "1", "甲": "1.00"}),
    ]
    assert judged(rules, rows)[0].verdict is Verdict.NOT_APPLICABLE
    assert (
        judged(rules, [("单位", "U", YEAR, {"单位名称": "U"}), rows[1]])[0].verdict
        is Verdict.UNASSESSABLE
    )


money = st.integers(-300, 3_000).map(lambda n: f"{Decimal(n) / 100:.2f}")
codes = st.sampled_from(
    ["合计", "1", "2", "11", "12", "21", "1101", "1102", "1201", "2101", "另计", "121", "X"]
)
cells = st.fixed_dictionaries(
    {},
    optional={
        "甲": st.one_of(money, st.sampled_from(["0.00", "1.00", "2.00"])),
        "乙": st.sampled_from(["0.00", "10000.00", "20000.00", "10049.99", "3.14"]),
        "个": st.sampled_from(["0", "1", "2"]),
        "词": st.sampled_from(["有", "无"]),
    },
)
sides = st.sampled_from(
    [
        "树.甲",
        "树.乙",
        "树.个 * 10000",
        "树.甲 + 树.乙",
        "树.甲 - 树.乙",
        "树.甲 / 树.乙",
        "树.个 / 树.乙",
        "abs(树.甲 - 树.乙)",
        "min(树.甲, 树.乙)",
        "0",
        "10000",
    ]
)
compared = st.tuples(sides, st.sampled_from(["=", "<=", ">", "<>"]), sides).map(" ".join)
conditions = st.recursive(
    st.one_of(
        compared, st.sampled_from(["树.词 = '有'", "树.甲 is null", "树.编码 in ('1', '11')"])
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda t: f"({t[0]} {t[1]} {t[2]})"
        ),
        inner.map(lambda c: f"(not {c})"),
    ),
    max_leaves=3,
)


@st.composite
def forests(draw):
    """Rows of some units: sums that mostly add up, disturbed."""
    found = []
    for unit in ("U", "V", "W"):
        found.append(
            (
                "单位",
                unit,
                YEAR,
                {
                    "单位名称": unit,
                    **draw(st.sampled_from([{}, {"类型": "行政"}, {"类型": "事业"}])),
                },
            )
        )
        for year in (YEAR, YEAR - 1):
            rows = draw(st.dictionaries(codes, cells, max_size=8))
            if draw(st.booleans()):
                rows.update(
                    {
                        "合计": {"甲": "3.00"},
                        "1": {"甲": "3.00"},
                        "11": {"甲": draw(st.sampled_from(["3.00", "3.01", "2.99", "1.00"]))},
                    }
                )
            found += [("树", unit, year, {"编码": code, **row}) for code, row in rows.items()]
    return found


@MANY
@given(
    forests(),
    st.sampled_from(["甲", "甲, 乙", "甲, 乙, 个"]),
    conditions,
    conditions,
    st.sampled_from(["", "applies: 单位.类型 = '行政'", "applies: count(树.甲) > 2"]),
    st.booleans(),
)
def test_sql_and_python_give_the_same_outcomes(rows, columns, first, second, applies, summed):
    rules = {
        "a.yaml": roll_text(columns, applies),
        "b.yaml": row_text("R02", first, applies),
        "c.yaml": row_text("R03", second),
    }
    book = book_of(rules, tables=SUMMED if summed else LOOSE)
    submission = submission_of(book, rows)
    found = by_sql(book, submission)
    for unit in ("U", "V", "W"):
        figures = unit_figures(submission, book.tables, unit, YEAR)
        for of, outcome in zip(book.table_rules, found.table_rules[unit], strict=True):
            assert outcome == table_rule(of, book, unit, figures), (of.rule, figures)


SAME = [
    f"{hidden}{a} {op} {b}{end}"
    for a, b in product(["树.甲 / 树.乙", "树.个 / 树.乙", "-树.甲 / 树.乙"], repeat=2)
    for op in ("=", "<>", "<=", "<")
    for hidden, end in (("", ""), ("(not ", ")"))
]


def test_quotients_of_one_denominator_are_undefined_together():
    """The denominator falls out of such a comparison; that it is missing or zero must not."""
    book = book_of(
        {f"r{i}.yaml": row_text(f"R{i:02}", check) for i, check in enumerate(SAME)}, tables=SUMMED
    )
    every = list(
        product(("", "0.00", "1.00", "-2.00"), ("", "0.00", "10000.00", "-0.01"), ("", "0", "3"))
    )
    rows = [("单位", f"U{i}", YEAR, {"单位名称": "U"}) for i in range(len(every))]
    rows += [
        (
            "树",
            f"U{i}",
            YEAR,
            {"编码": "1", **{k: v for k, v in zip("甲乙个", row, strict=True) if v}},
        )
        for i, row in enumerate(every)
    ]
    submission = submission_of(book, rows)
    found = by_sql(book, submission)
    for i, (_first, below, _third) in enumerate(every):
        figures = unit_figures(submission, book.tables, f"U{i}", YEAR)
        for of, outcome in zip(book.table_rules, found.table_rules[f"U{i}"], strict=True):
            assert outcome == table_rule(of, book, f"U{i}", figures), (of.rule.check, every[i])
            assert below not in ("", "0.00") or outcome.verdict is Verdict.UNASSESSABLE


FAULTS = {
    "no such table": (roll_text("甲").replace("table: 树", "table: 数木"), "没有叫“数木”的数据表"),
    "one row a unit": (
        row_text("R01", "数.甲 > 0").replace("table: 树", "table: 数"),
        "每个单位只有一行",
    ),
    "no codes": (roll_text("金额").replace("table: 树", "table: 明细"), "没有 role: code 的列"),
    "no such column": (roll_text("甲, 丙"), "没有叫“丙”的列"),
    "not a number": (roll_text("甲, 名称"), "不是可以相加的数"),
    "twice": (roll_text("甲, 甲"), "有一列写了两次"),
    "rows of another table": (row_text("R01", "树.甲 = 明细.金额"), "“明细”有多行"),
    "rows of last year": (row_text("R01", "树.甲 = 上年(树.甲)"), "“树”有多行"),
    "a sum of one row": (row_text("R01", "树.甲 = sum(数.乙)"), "“数”每个单位只有一行"),
}


@pytest.mark.parametrize("text, what", FAULTS.values(), ids=FAULTS)
def test_fault(text, what):
    with pytest.raises(ExceptionGroup) as caught:
        book_of({"r.yaml": text}, tables=SUMMED)
    faults = caught.value.exceptions
    assert all(isinstance(f, RuleError) and f.fix and f.place for f in faults)
    assert any(what in f.what for f in faults), [f.what for f in faults]


CODES = {
    "levels without a role": ("{name: 编码, type: text, levels: [1, 2]}", "role: code"),
    "a role without levels": ("{name: 编码, type: text, role: code}", "role: code"),
    "levels that do not grow": ("{name: 编码, type: text, role: code, levels: [3, 3]}", "逐级变长"),
    "a total without a role": ("{name: 编码, type: text, total: 合计}", "只用于 role: code"),
    "a code for a word": (
        "{name: 编码, type: text, role: code, levels: [1], words: ['12']}",
        "不是编码",
    ),
    "zero for a text": ("{name: 词, type: text, null: zero}", "null: zero 只用于"),
    "zero unprinted but not blank": (
        "{name: 甲, type: count, unprinted: zero}",
        "和 null: zero 一起写",
    ),
}


@pytest.mark.parametrize("column, what", CODES.values(), ids=CODES)
def test_table_fault(column, what):
    with pytest.raises(ExceptionGroup) as caught:
        book_of(
            {"r.yaml": row_text("R01", "树.甲 > 0")},
            tables={**TABLES, "tree.yaml": TREE.replace("TOTAL", "") + f"  - {column}\n"},
        )
    assert any(what in str(f) for f in caught.value.exceptions)


def test_a_book_of_relations_alone_prints_no_scorecard_and_asks_for_tables():
    text = "book: b\ntitle: 只有勾稽\nauthority: 试\nfiscal_year: 2023\n"
    from gouji.rules import load_rulebook, load_tables, validate

    rules = {
        "book.yaml": text,
        "r.yaml": roll_text("甲"),
        **{
            f"t{i}.yaml": f"kind: tie_out\ncode: T0{i}\n"
            + "\n".join(HEAD)
            + f"\ncheck: 数.甲 = 数.乙 + {i}"
            for i in range(3)
        },
    }
    book = validate(load_rulebook(rules), load_tables(SUMMED))
    submission = submission_of(book, tree({**FULL, "11": "5.00"}))
    cards = scorecards(by_sql(book, submission), book)
    counts = {
        "rows_in": 0,
        "rows_accepted": 0,
        "rows_set_aside": 0,
        "units": 1,
        "rules_in_force": 4,
        "outcomes": 4,
        "gouji": "",
        "duckdb": "",
        "rules": "",
        "schemas": "",
    }
    shown = render(page(book, submission, cards, counts))
    assert "复核得分" not in shown and "等级" not in shown
    assert "未报送 数：涉及 3 条（T00、T01、T02）" in shown
    assert "11 · 甲：本行 5.00万元，下级之和 4.00万元，差 1.00万元" in shown
