"""A condition that other words alone would meet blames no figure; one that only figures can meet still does."""

import pytest

from gouji.app.locating import cells_of
from making import YEAR, book_of, submission_of, tie_text

# Eight of ten points, with no reason given.
GIVEN = {"甲": "8.00", "乙": "10.00", "词": "无"}
NO_FIGURE = (
    "数.甲 >= 数.乙 or 数.词 is not null and 数.词 <> '无'",
    "数.词 <> '无' or 数.甲 >= 数.乙",
    "数.甲 >= 数.乙 or 数.甲 = 1 or 数.词 in ('已改', '说明')",
)
FIGURES = (
    "数.甲 >= 数.乙",
    "数.甲 >= 数.乙 or 数.甲 = 1",
    "数.甲 >= 数.乙 or 数.乙 = 1 and 数.词 = '有'",
    "数.甲 >= 数.乙 or 数.甲 = 1 and 数.词 = '无'",
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
