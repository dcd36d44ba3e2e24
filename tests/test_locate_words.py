"""Where words are what is wrong no figure is blamed: a reason that is not given, a word against figures that fit. Otherwise the figures are."""

import pytest

from gouji.app.locating import cells_of
from making import YEAR, book_of, submission_of, tie_text

# Eight of ten points, with no reason given.
GIVEN = {"甲": "8.00", "乙": "10.00", "词": "无"}
NO_FIGURE = (
    "数.甲 >= 数.乙 or 数.词 is not null and 数.词 <> '无'",
    "数.词 <> '无' or 数.甲 >= 数.乙",
    "数.甲 >= 数.乙 or 数.甲 = 1 or 数.词 not in ('无', '暂无')",
    "数.甲 >= 数.乙 or not 空话(数.词)",
    "数.甲 > 数.乙 and 数.词 = '增加' or 数.甲 < 数.乙 and 数.词 = '减少'",
)
FIGURES = (
    "数.甲 >= 数.乙",
    "数.甲 >= 数.乙 or 数.甲 = 1",
    "数.甲 >= 数.乙 or 数.乙 = 1 and 数.词 = '有'",
    "数.甲 >= 数.乙 or 数.甲 = 1 and 数.词 = '无'",
    # Another kind of line, of which nothing speaks.
    "数.甲 >= 数.乙 or 数.词 = '定性'",
    "数.甲 >= 数.乙 or 数.甲 = case when 数.词 = '无' then 数.乙 else 0 end",
)


def relations(check):
    book = book_of({"t.yaml": tie_text("T01", check)})
    submission = submission_of(book, [("单位", "U", YEAR, {}), ("数", "U", YEAR, GIVEN)])
    return cells_of(book, submission, "U").relations({"T01"})


@pytest.mark.parametrize("check", NO_FIGURE)
def test_words_that_would_do_blame_no_figure(check):
    assert relations(check) == ()


@pytest.mark.parametrize("check", FIGURES)
def test_figures_are_blamed_where_words_do_not_help(check):
    assert [relation.fails for relation in relations(check)] == [True]
