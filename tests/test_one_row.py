"""The figure of one row, 表[键].列, and signs typed with a Chinese keyboard: worked by hand, refused by name, equal in SQL and Python."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.expression import nodes as n
from gouji.expression.parse import MeasureFault, parse_measure
from making import TABLES, YEAR, book_of, by_python, by_sql, submission_of, tie_text
from test_two_meanings import MANY, rows

FIGURES = (
    "数",
    "U",
    YEAR,
    {"甲": "2.50", "乙": "-2.50", "率": "12.34%", "个": "7", "词": "（一）"},
)
ROWS = [
    ("明细", "U", YEAR, {"项目": "合计", "金额": "9.00"}),
    ("明细", "U", YEAR, {"项目": "办公费", "金额": "4.00"}),
    ("明细", "U", YEAR, {"项目": "201", "金额": "0.50"}),
    ("明细", "U", YEAR, {"项目": "一、支出"}),
    ("明细", "U", YEAR - 1, {"项目": "合计", "金额": "3.00"}),
]
# What holds at the printed figures, what only within rounding, and what cannot be known.
CASES = {
    "one row": ("明细[合计].金额 = 90000", "平"),
    "another figure": ("明细[合计].金额 = 80000", "不平"),
    "within rounding": ("明细[合计].金额 = 90040", "平(尾差内)"),
    "beyond rounding": ("明细[合计].金额 = 90060", "不平"),
    "a code": ("明细[201].金额 = 5000", "平"),
    "a key in quotes": ("明细['办公费'].金额 * 2 + 10000 = 明细[合计].金额", "平"),
    "a row that is not there": ("明细[差旅费].金额 = 0", "无法判断"),
    "a row without the figure": ("明细['一、支出'].金额 = 0", "无法判断"),
    "the year before": ("上年(明细[合计].金额) = 30000", "平"),
    "grown on the year before": ("明细[合计].金额 / 上年(明细[合计].金额) - 1 = 200%", "平"),
    "a row of its total": ("明细[办公费].金额 / 明细[合计].金额 > 44%", "平"),
    "a stand-in": ("coalesce(明细[差旅费].金额, 0) = 0", "平"),
    "full-width brackets and signs": ("（数．甲 ＋ ０） ＝ 25000", "平"),
    "full-width selector": ("明细［合计］．金额 ÷ 明细［“办公费”］．金额 ＝ ２．２５", "平"),
    "full-width commas": ("max（数.甲，数.乙） ＝ 25000", "平"),
    "full-width comparison": ("数.个 ＞ 6 and 数.个 ＜ 8 and 数.个 ≦ 7 and 数.个 ！＝ 6", "平"),
    "a full-width percentage": ("数.率 ＜ １３％", "平"),
    "a long minus": ("数.甲 − 数.甲 － 25000 = 数.乙", "平"),
    "an ideographic space": ("数.个　＝　7", "平"),
    "full-width quotes": ("sum(明细.金额) filter (where 明细.项目 = ‘合计’) = 90000", "平"),
    "signs in a text stay": ("数.词 = “（一）”", "平"),
    "signs in a text are not turned": ("数.词 = '(一)'", "不平"),
}


@pytest.mark.parametrize("check, verdict", CASES.values(), ids=CASES)
def test_by_hand(check, verdict):
    book = book_of({"t.yaml": tie_text("T01", check)})
    submission = submission_of(book, [("单位", "U", YEAR, {}), FIGURES, *ROWS])
    (found,) = by_sql(book, submission).tie_outs["U"]
    assert by_python(book, submission, ["U"])["U"][1] == (found,)
    assert found.verdict == verdict


def with_details(old, new):
    return TABLES | {"details.yaml": TABLES["details.yaml"].replace(old, new)}


TWO_KEYS = with_details("年度, 项目]", "年度, 项目, 是否]")
CODES = with_details(
    "{name: 项目, type: text, null: never}",
    "{name: 项目, type: text, null: never, role: code, levels: [3, 5], total: 合计, words: [其他]}",
)
WORDS = with_details("name: 项目, type: text", "name: 项目, type: text, one_of: [合计, 其中]")
FAULTS = {
    "there may be two such rows": ("明细[合计].金额 = 1", TWO_KEYS, "“合计”可能不止一行"),
    "a table of one row": ("数[合计].甲 = 1", TABLES, "“数”每个单位只有一行，没有“合计”行"),
    "no such column": ("明细[合计].无 = 1", TABLES, "没有叫“无”的列"),
    "no such table": ("无[合计].金额 = 1", TABLES, "没有叫“无”的数据表"),
    "a text": ("明细[合计].是否 = 1", TABLES, "是文字"),
    "no such word": ("明细[总计].金额 = 1", WORDS, "“明细”的“项目”没有“总计”"),
    "no such total": ("明细[总计].金额 = 1", CODES, "“明细”的“项目”没有“总计”"),
    "a code of no length": ("明细[2010].金额 = 1", CODES, "编码的位数是 3、5"),
    "a code with a sign": ("明细[201-1].金额 = 1", TABLES, "不是一行里的一列"),
    "a key of a figure": ("明细[数.甲].金额 = 1", TABLES, "不是本行的一列"),
    "no column": ("明细[合计] = 1", TABLES, "公式里不能用"),
    "a dash that may mean a range": ("数.甲 – 1 = 2", TABLES, "公式里不能有“–”"),
    "a colon": ("数.甲：1 = 2", TABLES, "公式里不能有“：”"),
    "a quote without its partner": ("数.词 = “优", TABLES, "公式里不能有““”"),
}


@pytest.mark.parametrize("check, tables, message", FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_told(check, tables, message):
    with pytest.raises(ExceptionGroup) as group:
        book_of({"t.yaml": tie_text("T01", check)}, tables=tables)
    assert any(message in str(f) for f in group.value.exceptions), group.value.exceptions


@pytest.mark.parametrize("key", ["合计", "其他", "201", "20101"])
def test_keys_that_a_column_of_codes_may_hold(key):
    book_of({"t.yaml": tie_text("T01", f"明细[{key}].金额 = 1")}, tables=CODES)


def test_what_stands_in_quotes_is_text():
    assert parse_measure("表.词 = '明细［合计］，“金额”'").right == n.Text("明细［合计］，“金额”")
    assert parse_measure("表.词 = “it's”").right == n.Text("it's")


def test_widths_make_no_difference():
    plain = "case when 表.词 in ('甲', '乙') then max(表.甲, 0) * 10% else 表.乙 / 2 end >= 3"
    wide = (
        "case when 表．词 in（‘甲’，“乙”）then max（表．甲，０）×１０％ else 表．乙 ÷ ２ end ≥ ３"
    )
    assert parse_measure(wide) == parse_measure(plain)


SIGNED = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
CELLS = st.sampled_from(
    ["明细[0].金额", "明细['1'].金额", "上年(明细[0].金额)", "明细[0].金额 / 明细[1].金额", "数.甲"]
)


@MANY
@given(st.data(), CELLS, SIGNED, CELLS)
def test_sql_and_python_find_the_same_row(data, left, sign, right):
    book = book_of({"t.yaml": tie_text("T01", f"{left} {sign} {right} * 2")})
    submission = submission_of(book, data.draw(rows(["U"], [])))
    assert by_sql(book, submission).tie_outs["U"] == by_python(book, submission, ["U"])["U"][1]


def test_a_selector_alone_is_no_formula():
    with pytest.raises(MeasureFault, match="公式里不能用"):
        parse_measure("明细[合计]")
