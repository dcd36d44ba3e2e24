"""Dates: read as people write them, compared and counted in days, alike in SQL and in Python."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.expression.day_numbers import date_text, day_number
from gouji.intake.values.date_text import read_date
from gouji.intake.values.figure_text import FigureFault, read_figure
from making import TABLES, YEAR, book_of, by_python, by_sql, criterion_text, submission_of, tie_text
from test_gx import agree
from test_two_meanings import MANY

FILED = """
table: 报送
grain: one
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 报送日期, type: date}
  - {name: 批复日期, type: date}
"""
ISSUED = """
table: 专项
grain: many
key: [单位代码, 年度, 名称]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 名称, type: text, null: never}
  - {name: 下达日期, type: date}
"""
WITH = TABLES | {"filed.yaml": FILED, "issued.yaml": ISSUED}
DAY = book_of({"t.yaml": tie_text("T01", "报送.报送日期 is null")}, tables=WITH)
COLUMN = DAY.tables["报送"].column("报送日期")
READ = {
    "2024-03-31": "2024-03-31",
    "2024/3/1": "2024-03-01",
    "2024.3.31": "2024-03-31",
    "2024年3月31日": "2024-03-31",
    "２０２４年２月２９日": "2024-02-29",
    "20240331": "2024-03-31",
    "2024-03-31 00:00:00": "2024-03-31",
    " 2024-3-31 ": "2024-03-31",
    "2023-02-29": None,
    "2024-13-01": None,
    "3月31日": None,
    "2024年3月": None,
    "2024-03/31": None,
    "45382": None,
    "31/3/2024": None,
    "月底": None,
}


@pytest.mark.parametrize("text, told", READ.items(), ids=READ)
def test_dates_as_people_write_them(text, told):
    if told is None:
        with pytest.raises(FigureFault, match="读不成日期"):
            read_figure(text, COLUMN)
        return
    assert date_text(int(read_figure(text, COLUMN).value)) == told


@given(st.dates())
def test_days_are_those_of_the_calendar(day):
    assert day_number(day.year, day.month, day.day) == day.toordinal() == read_date(f"{day}")
    assert date_text(day.toordinal()) == day.isoformat()


CASES = {
    "in time": ("报送.报送日期 <= 次年3月31日", {"报送日期": "2024-03-31"}, "平"),
    "a day late": ("报送.报送日期 <= 次年3月31日", {"报送日期": "2024-04-01"}, "不平"),
    "in the fiscal year": ("报送.报送日期 <= 6月底", {"报送日期": "2023-06-30"}, "平"),
    "the last day of February": ("报送.报送日期 = 次年2月底", {"报送日期": "2024-02-29"}, "平"),
    "a year written out": ("报送.报送日期 < 2024年1月10日", {"报送日期": "2024-01-10"}, "不平"),
    "days between two": (
        "days(报送.批复日期, 报送.报送日期) = 30",
        {"批复日期": "2024-02-01", "报送日期": "2024-03-02"},
        "平",
    ),
    "not sent": ("报送.报送日期 <= 次年3月31日", {"批复日期": "2024-02-01"}, "无法判断"),
    "between two days": (
        "报送.报送日期 between 次年3月1日 and 次年3月31日",
        {"报送日期": "2024-03-15"},
        "平",
    ),
}


@pytest.mark.parametrize("check, cells, verdict", CASES.values(), ids=CASES)
def test_by_hand(check, cells, verdict):
    book = book_of({"t.yaml": tie_text("T01", check)}, tables=WITH)
    submission = submission_of(book, [("单位", "U", YEAR, {}), ("报送", "U", YEAR, cells)])
    (found,) = by_sql(book, submission).tie_outs["U"]
    assert by_python(book, submission, ["U"])["U"][1] == (found,)
    assert found.verdict == verdict
    agree(book, submission)


STEPS = '{kind: steps, full_at: "≤ 0", per: 1, percent_is: point, take: 0.5, reading: whole}'
LATE = {"2024-03-20": 3, "2024-03-31": 3, "2024-04-01": 2.5, "2024-04-04": 1, "2024-05-01": 0}


@pytest.mark.parametrize("day, score", LATE.items(), ids=LATE)
def test_each_day_late_costs(day, score):
    """次年3月31日前报送，每迟一天扣0.5分: 3 points."""
    measure = "days(次年3月31日, 报送.报送日期)"
    book = book_of(
        {"c.yaml": criterion_text("C01", STEPS, 3, measure=measure)}, tables=WITH, total=3
    )
    rows = [("单位", "U", YEAR, {}), ("报送", "U", YEAR, {"报送日期": day})]
    submission = submission_of(book, rows)
    (found,) = by_sql(book, submission).criteria["U"]
    assert by_python(book, submission, ["U"])["U"][0] == (found,)
    assert float(found.score) == score


def test_each_row_issued_late_costs():
    """6月底前下达, 每一专项未按进度扣0.5: 2 points."""
    measure = "count(专项.名称) filter (where 专项.下达日期 > 6月底)"
    method = "{kind: per_violation, take: 0.5}"
    book = book_of(
        {"c.yaml": criterion_text("C01", method, 2, measure=measure)}, tables=WITH, total=2
    )
    days = {"一": "2023-06-30", "二": "2023-07-01", "三": "2023年12月1日"}
    rows = [("专项", "U", YEAR, {"名称": n, "下达日期": d}) for n, d in days.items()]
    submission = submission_of(book, [("单位", "U", YEAR, {}), *rows])
    (found,) = by_sql(book, submission).criteria["U"]
    assert float(found.score) == 1
    assert by_python(book, submission, ["U"])["U"][0] == (found,)


FAULTS = {
    "a date plus a number": ("报送.报送日期 + 1 = 2", "这里要的是一个数，却是一个日期"),
    "a date against a number": ("报送.报送日期 > 100", "不能拿一个日期和一个数比较"),
    "no such day": ("报送.报送日期 <= 2月30日", "没有这一天"),
    "no such month": ("报送.报送日期 <= 13月1日", "没有这一天"),
    "days of a number": ("days(数.甲, 报送.报送日期) > 1", "这里要的是一个日期，却是一个数"),
    "dates added up": ("sum(专项.下达日期) > 1", "“下达日期”是日期，不能 sum"),
    "one day alone": ("days(报送.报送日期) > 1", "没有函数“days”"),
}


@pytest.mark.parametrize("check, message", FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_told(check, message):
    with pytest.raises(ExceptionGroup) as group:
        book_of({"t.yaml": tie_text("T01", check)}, tables=WITH)
    assert any(message in str(f) for f in group.value.exceptions), group.value.exceptions


days = st.one_of(
    st.none(),
    st.dates(datetime.date(2023, 12, 25), datetime.date(2024, 4, 10)).map(lambda d: d.isoformat()),
)
sides = st.sampled_from(
    [
        "days(次年3月31日, 报送.报送日期)",
        "days(报送.批复日期, 报送.报送日期)",
        "abs(days(min(专项.下达日期), max(专项.下达日期)))",
        "count(专项.名称) filter (where 专项.下达日期 > 次年2月底)",
        "sum(days(次年1月1日, 专项.下达日期))",
        "days(专项[甲].下达日期, 报送.报送日期) * 2",
        "10",
    ]
)


@MANY
@given(
    days,
    days,
    st.lists(st.tuples(st.sampled_from("甲乙丙"), days), max_size=3, unique_by=lambda r: r[0]),
    sides,
    st.sampled_from(["=", "<", ">="]),
    sides,
)
def test_sql_and_python_count_the_same_days(filed, allowed, issued, left, sign, right):
    book = book_of({"t.yaml": tie_text("T01", f"{left} {sign} {right}")}, tables=WITH)
    cells = {"报送日期": filed, "批复日期": allowed}
    rows = [("单位", "U", YEAR, {}), ("报送", "U", YEAR, {k: v for k, v in cells.items() if v})]
    rows += [("专项", "U", YEAR, {"名称": n} | ({"下达日期": d} if d else {})) for n, d in issued]
    submission = submission_of(book, rows)
    assert by_sql(book, submission).tie_outs["U"] == by_python(book, submission, ["U"])["U"][1]
