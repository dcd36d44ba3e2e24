"""Rows held against what stands elsewhere: their table's total, another row by its key, other tables, the year before."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gouji.base.verdict import Verdict
from gouji.intake import admit
from gouji.intake.ledger.unit_figures import absent_tables, unit_figures
from gouji.plan import compile_bulk
from gouji.reference.row_rule_outcomes import table_rule
from gouji.run import connect
from making import TABLES, YEAR, book_of, by_sql, quoted, submission_of
from test_gx import agree
from test_two_meanings import MANY

ROWS = """
table: 项目
grain: many
key: [单位代码, 年度, 名称]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 名称, type: text, null: never}
  - {name: 上级, type: text}
  - {name: 明细名, type: text}
  - {name: 金额, type: money, unit: 万元, places: 2}
  - {name: 占比, type: percent, places: 2}
"""
WITH = TABLES | {"rows.yaml": ROWS}


def row_text(code, check, more=""):
    return f"""
kind: each_row
code: {code}
name: {code}
basis: {{document: 文件, clause: 条, status: printed}}
table: 项目
check: {quoted(check)}
severity: 错误
{more}
"""


def project(name, amount=None, share=None, above=None, detail=None, year=YEAR, unit="U"):
    cells = {"名称": name, "金额": amount, "占比": share, "上级": above, "明细名": detail}
    return ("项目", unit, year, {k: v for k, v in cells.items() if v is not None})


UNIT = ("单位", "U", YEAR, {})
TWO = [project("甲", "1.00", "33.33%"), project("乙", "2.00", "66.67%")]
SHARE = "项目.占比 = 项目.金额 / sum(项目.金额)"
CASES = {
    "shares of the total": (SHARE, TWO, "平"),
    "a wrong share": (SHARE, [TWO[0], project("乙", "2.00", "60.00%")], "不平"),
    "a row without amount leaves the total open": (
        SHARE,
        [TWO[0], project("乙", None, "60.00%")],
        "无法判断",
    ),
    "a share of nothing": (SHARE, [project("甲", "0.00", "10.00%")], "不平"),
    "against a row by its word": (
        "项目.金额 <= 项目[合计].金额",
        [project("合计", "3.00"), *TWO],
        "平",
    ),
    "the row that is named is not there": ("项目.金额 <= 项目[合计].金额", TWO, "无法判断"),
    "against a table of one row": (
        "项目.金额 < 数.甲",
        [*TWO, ("数", "U", YEAR, {"甲": "2.50"})],
        "平",
    ),
    "one row is more": ("项目.金额 < 数.甲", [*TWO, ("数", "U", YEAR, {"甲": "1.50"})], "不平"),
    "another table by key": (
        "项目.金额 = 明细[项目.明细名].金额",
        [
            project("甲", "1.00", detail="子"),
            project("乙", "2.00", detail="丑"),
            ("明细", "U", YEAR, {"项目": "子", "金额": "1.00"}),
            ("明细", "U", YEAR, {"项目": "丑", "金额": "2.00"}),
        ],
        "平",
    ),
    "another table by key, another figure": (
        "项目.金额 = 明细[项目.明细名].金额",
        [project("甲", "1.00", detail="子"), ("明细", "U", YEAR, {"项目": "子", "金额": "1.10"})],
        "不平",
    ),
    "within rounding": (
        "项目.金额 * 2 = 明细[项目.明细名].金额",
        [project("甲", "1.00", detail="子"), ("明细", "U", YEAR, {"项目": "子", "金额": "2.01"})],
        "平(尾差内)",
    ),
    "no such key": (
        "项目.金额 = 明细[项目.明细名].金额",
        [project("甲", "1.00", detail="寅"), ("明细", "U", YEAR, {"项目": "子", "金额": "1.00"})],
        "无法判断",
    ),
    "a row without key": (
        "项目.金额 = 明细[项目.明细名].金额",
        [project("甲", "1.00"), ("明细", "U", YEAR, {"项目": "子", "金额": "1.00"})],
        "无法判断",
    ),
    "a stand-in where there is none": (
        "项目.金额 >= coalesce(明细[项目.明细名].金额, 0)",
        [project("甲", "1.00", detail="寅")],
        "平",
    ),
    "the row above in the same table": (
        "项目.上级 is null or 项目.金额 <= 项目[项目.上级].金额",
        [
            project("甲", "5.00"),
            project("乙", "2.00", above="甲"),
            project("丙", "6.00", above="甲"),
        ],
        "不平",
    ),
    "the same row of the year before": (
        "项目.金额 <= 上年(项目[项目.名称].金额) * 110%",
        [*TWO, project("甲", "1.00", year=YEAR - 1), project("乙", "1.90", year=YEAR - 1)],
        "平",
    ),
    "grown too much": (
        "项目.金额 <= 上年(项目[项目.名称].金额) * 110%",
        [*TWO, project("甲", "1.00", year=YEAR - 1), project("乙", "1.50", year=YEAR - 1)],
        "不平",
    ),
    "rows of other units are none of it": (
        "项目.金额 = 明细[项目.明细名].金额",
        [
            project("甲", "1.00", detail="子"),
            ("明细", "U", YEAR, {"项目": "子", "金额": "1.00"}),
            ("单位", "V", YEAR, {}),
            ("明细", "V", YEAR, {"项目": "子", "金额": "9.00"}),
        ],
        "平",
    ),
}


def told(check, rows, units=("U",)):
    """The outcome of a rule for each unit, alike in SQL and in Python."""
    book = book_of({"r.yaml": row_text("R01", check)}, tables=WITH)
    submission = submission_of(book, rows)
    found = by_sql(book, submission).table_rules
    for unit in units:
        figures = unit_figures(submission, book.tables, unit, YEAR)
        assert found[unit] == (table_rule(book.table_rules[0], book, unit, figures),)
    return found


@pytest.mark.parametrize("check, rows, verdict", CASES.values(), ids=CASES)
def test_by_hand(check, rows, verdict):
    assert told(check, [UNIT, *rows])["U"][0].verdict == verdict


FAULTS = {
    "another table's rows": ("项目.金额 = 明细.金额", "取一行写 明细[键].金额"),
    "the key of another table": ("项目.金额 = 明细[明细.项目].金额", "不是本行的一列"),
    "a key that is a figure": ("项目.金额 = 明细[项目.金额].金额", "没有叫“金额”的文字列"),
    "no such key": ("项目.金额 = 明细[项目.名字].金额", "没有叫“名字”的文字列"),
    "a text": ("项目.金额 = 明细[项目.名称].是否", "“是否”是文字"),
    "a look-up within a sum": ("sum(明细[项目.名称].金额) = 1", "不是本行的一列"),
    "a look-up within a filter": (
        "sum(明细.金额) filter (where 明细.金额 > 明细[项目.名称].金额) = 1",
        "不是本行的一列",
    ),
}


@pytest.mark.parametrize("check, message", FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_told(check, message):
    with pytest.raises(ExceptionGroup) as group:
        book_of({"r.yaml": row_text("R01", check)}, tables=WITH)
    assert any(message in str(f) for f in group.value.exceptions), group.value.exceptions


amounts = st.one_of(
    st.none(), st.sampled_from(["0.00", "1.00"]), st.integers(-300, 900).map(lambda v: f"{v / 100}")
)
names = st.sampled_from(["甲", "乙", "丙", "合计"])
texts = st.one_of(st.none(), names)
shares = st.one_of(st.none(), st.integers(0, 10_000).map(lambda v: f"{v / 100:.2f}%"))
sides = st.sampled_from(
    [
        "项目.金额",
        "sum(项目.金额)",
        "sum(项目.金额) filter (where 项目.名称 <> '合计')",
        "项目[合计].金额",
        "项目[项目.上级].金额",
        "明细[项目.明细名].金额",
        "上年(项目[项目.名称].金额)",
        "上年(sum(项目.金额))",
        "coalesce(明细[项目.名称].金额, 数.甲)",
        "项目.金额 / sum(项目.金额)",
        "项目.金额 / 项目[合计].金额 * 2",
        "项目.占比",
        "count(明细.金额)",
        "max(明细.金额)",
        "数.丙",
        "abs(项目.金额 - 明细[项目.明细名].金额)",
    ]
)


@st.composite
def filed(draw):
    found = [UNIT, ("单位", "V", YEAR, {})]
    for unit in ("U", "V"):
        for year in (YEAR, YEAR - 1):
            for name in draw(st.lists(names, unique=True, max_size=4)):
                above, detail = draw(texts), draw(texts)
                row = project(name, draw(amounts), draw(shares), above, detail, year, unit)
                found.append(row)
        for name in draw(st.lists(names, unique=True, max_size=3)):
            amount = draw(amounts)
            cells = {"项目": name} | ({"金额": amount} if amount is not None else {})
            found.append(("明细", unit, YEAR, cells))
    if draw(st.booleans()):
        found.append(("数", "U", YEAR, {"甲": draw(amounts.filter(bool)), "丙": "3.00"}))
    return found


@MANY
@given(filed(), sides, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), sides, st.booleans())
def test_sql_and_python_give_the_same(rows, left, sign, right, either):
    check = f"{left} {sign} {right}" + (" or 项目.上级 = '甲'" if either else "")
    try:
        found = told(check, rows, ("U", "V"))
    except ExceptionGroup as group:
        assume(not all("38 位" in str(f) for f in group.exceptions))
        raise
    assert set(found) == {"U", "V"}


WHOLE = {
    f"R{number:02}": check
    for number, check in enumerate(dict.fromkeys(check for check, _, _ in CASES.values()), 1)
}
BOOK = book_of(
    {f"{code}.yaml": row_text(code, check) for code, check in WHOLE.items()}, tables=WITH
)


@settings(MANY, max_examples=30)
@given(filed(), st.booleans())
def test_in_bulk_and_in_python_they_are_the_same(rows, wide):
    submission = submission_of(BOOK, rows)
    con = connect()
    try:
        plan = compile_bulk(
            BOOK,
            admit(con, submission, BOOK.tables),
            wide=wide,
            absent=absent_tables(submission, BOOK.tables, YEAR),
        )
        result = con.execute(plan.sql())
        names_ = [d[0] for d in result.description]
        cells_of = {row[0]: dict(zip(names_, row, strict=True)) for row in result.fetchall()}
    finally:
        con.close()
    assert set(cells_of) == {"U", "V"}
    for unit, cells in cells_of.items():
        figures = unit_figures(submission, BOOK.tables, unit, YEAR)
        expected = {t.code: table_rule(t, BOOK, unit, figures).verdict for t in BOOK.table_rules}
        off = [code for code, verdict in expected.items() if verdict is Verdict.UNBALANCED]
        if wide:
            assert {code: cells[f"{code}.结论"] for code in expected} == expected
        else:
            assert [plan.findings[f["i"] - 1].code for f in cells["发现"] or ()] == off
        assert cells["无法判断"] == list(expected.values()).count(Verdict.UNASSESSABLE)


@settings(MANY, max_examples=30)
@given(filed())
def test_the_second_way_agrees(rows):
    asked = agree(BOOK, submission_of(BOOK, rows))
    assert {query.code for query in asked} == set(WHOLE)
