"""A cause that spoils many lines of a file is one problem with their number; slips of single lines are told one by one."""

import pytest

from gouji.app import audit
from gouji.intake.ledger.told_once import SAME_AT_MOST
from small_books import small_book

HEAD = "单位代码,年度,甲,乙,率,个,词\n"
GOOD = "{unit},2023,1.00,1.00,100,3,有"
ONE_CAUSE = {
    "a cell too many": ("{unit},2023,1.00,1.00,100,3,有,x", "列数与表头不符"),
    "a cell too few": ("{unit},2023,1.00,1.00", "列数与表头不符"),
    "a year in words": ("{unit},二三年,1.00,1.00,100,3,有", "“二三年”读不成数"),
    "a word for a figure": ("{unit},2023,约一,1.00,100,3,有", "“约一”读不成数"),
}


def problems(folder, lines):
    data = folder / "data"
    data.mkdir()
    units = [f"U{n:03}" for n in range(1, len(lines) + 1)]
    listed = "".join(f"{unit},2023,甲{unit}\n" for unit in units)
    (data / "单位.csv").write_text(f"单位代码,年度,单位名称\n{listed}", "utf-8")
    rows = [line.format(unit=unit) for unit, line in zip(units, lines, strict=True)]
    (data / "表.csv").write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    made = audit(data, *small_book(folder / "book"))
    return [p for p in made.submission.problems if not p.note], made.manifest


@pytest.mark.parametrize("line, what", ONE_CAUSE.values(), ids=ONE_CAUSE)
def test_many_lines_with_one_cause(tmp_path, line, what):
    lines = [GOOD, *[line] * (SAME_AT_MOST + 10), GOOD]
    (told,), manifest = problems(tmp_path, lines)
    assert told.at.line == 3
    assert told.what == f"{what}；这样的共 {SAME_AT_MOST + 10} 行：3-{SAME_AT_MOST + 12}"
    assert manifest.rows_in == 2 * len(lines) == manifest.rows_accepted + manifest.rows_set_aside


def test_every_line_is_named(tmp_path):
    bad, what = ONE_CAUSE["a word for a figure"]
    (told,), _manifest = problems(tmp_path, [bad, GOOD, GOOD, *[bad, GOOD] * SAME_AT_MOST])
    scattered = "、".join(str(5 + 2 * n) for n in range(SAME_AT_MOST))
    assert told.what == f"{what}；这样的共 {SAME_AT_MOST + 1} 行：2、{scattered}"


@pytest.mark.parametrize("line, what", ONE_CAUSE.values(), ids=ONE_CAUSE)
def test_few_lines_are_told_one_by_one(tmp_path, line, what):
    told, _manifest = problems(tmp_path, [GOOD, *[line] * 5, GOOD])
    assert [(p.at.line, p.what) for p in told] == [(n, what) for n in range(3, 8)]


def test_different_slips_are_told_one_by_one(tmp_path):
    lines = [f"{{unit}},2023,约{n},1.00,100,3,有" for n in range(SAME_AT_MOST + 10)]
    told, _manifest = problems(tmp_path, lines)
    assert len(told) == SAME_AT_MOST + 10
