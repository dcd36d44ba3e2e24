"""Units × forms on the page of a county: which unit's failing relations read which form."""

import re

import pytest

from gouji.report.bureau import bureau
from gouji.report.heat_map import TABLES_AT_MOST, UNITS_AT_MOST, heat_map
from gouji.report.html import bureau_page
from test_reports import NO_LIBRARIES, complete

READS = {"T01": ("甲表",), "T02": ("甲表", "乙表"), "T03": ("丙表",)}
CASES = {
    "a relation counts for each form that it reads": (
        [("X1", "甲校", ["T01", "T02"])],
        {},
        (("甲表", "乙表"), [("X1", 2, (2, 1))]),
    ),
    "a form that was not sent is no zero": (
        [("X1", "甲校", ["T01"]), ("X2", "乙校", ["T02"])],
        {"X1": ("乙表",)},
        (("甲表", "乙表"), [("X1", 1, (1, None)), ("X2", 1, (1, 1))]),
    ),
    "the unit with the most failing relations comes first": (
        [("X1", "甲校", ["T03"]), ("X2", "乙校", ["T01", "T02", "T03"])],
        {},
        (("丙表", "甲表", "乙表"), [("X2", 3, (1, 2, 1)), ("X1", 1, (1, 0, 0))]),
    ),
    "a unit in order is not listed": ([("X1", "甲校", [])], {}, ((), [])),
}


@pytest.mark.parametrize("name", CASES)
def test_counts(name):
    units, unsent, (tables, rows) = CASES[name]
    made = heat_map(units, unsent, READS)
    assert (made.tables, [(r.unit, r.failing, r.cells) for r in made.rows]) == (tables, rows)


def test_of_very_many_how_many_are_left_out():
    reads = {f"T{i:02}": (f"表{i:02}",) for i in range(TABLES_AT_MOST + 3)}
    made = heat_map([(f"X{i:03}", "", list(reads)) for i in range(UNITS_AT_MOST + 5)], {}, reads)
    assert (len(made.rows), made.more) == (UNITS_AT_MOST, 5)
    assert (len(made.tables), made.more_tables) == (TABLES_AT_MOST, 3)


def test_on_the_page():
    page = complete()
    text = bureau_page(bureau(page), NO_LIBRARIES)
    rows = re.findall(r'<tr><th scope="row"><bdi>(.*?)</bdi></th><td class="n">(\d+)</td>', text)
    failing = {c.name: str(len(c.failing)) for c in page.cards if c.failing}
    assert dict(rows) == failing and len(failing) > 1
