"""`locate.yaml` of a rulebook: what it says is loaded, checked with file and line, doubted by lint, and used."""

import pytest

from gouji.lint import lint
from gouji.rules import load_rulebook, load_tables, validate
from gouji.rules.locate_file import USUAL
from making import HEAD, TABLES
from test_broken_books import GOOD, faults_of

TEXT = """\
basis: {document: 填报常见差错, clause: 数字差错, status: inferred, note: 没有统计}
prior: 3
certified: [数]
slips:
  - {slip: 颠倒, how: swap, odds: 0}
  - {slip: 差一万倍, how: scale, times: 10000, whole: true, odds: 1}
"""
# name -> (what stands in place of what, line, words of the fault)
FAULTS = {
    "a table that is none": (("[数]", "[数据]"), 3, "没有叫“数据”的数据表"),
    "a column that is none": (("[数]", "[数.戊]"), 3, "“数”没有叫“戊”的列"),
    "an unknown key": (("prior", "piror"), 2, "没有“piror”这个键"),
    "an unknown operation": (("how: swap", "how: swop"), 5, "“how”不能是 swop"),
    "scale without times": (("times: 10000, ", ""), 6, "how: scale 要写 times"),
    "times of one": (("times: 10000", "times: 1"), 6, "times 要大于零，不能是 1"),
    "times without scale": (("how: swap", "how: swap, times: 10"), 5, "how: scale 要写 times"),
    "whole of a swap": (("how: swap", "how: swap, whole: true"), 5, "whole 和 percent 只用于"),
    "a kind twice": (("差一万倍", "颠倒"), 1, "差错“颠倒”写了两次"),
    "odds of ten": (("odds: 1", "odds: 10"), 6, "odds"),
    "no kinds": (("slips:\n  - {slip: 颠倒, how: swap, odds: 0}\n", "slips: []\n#"), 4, "slips"),
}


def book(*texts):
    head = HEAD.format(total=100, policy="full")
    folders = [
        {"book.yaml": head, "c01.yaml": GOOD} | ({"locate.yaml": text} if text else {})
        for text in texts
    ]
    return validate(load_rulebook(*folders), load_tables(TABLES))


@pytest.mark.parametrize("change, line, what", FAULTS.values(), ids=FAULTS)
def test_faults_come_with_file_and_line(change, line, what):
    found = faults_of({"c01.yaml": GOOD, "locate.yaml": TEXT.replace(*change)})
    assert found and all(f.fix for f in found)
    assert any(what in f.what and str(f.place) == f"locate.yaml:{line}" for f in found), [
        (str(f.place), f.what) for f in found
    ]


def test_a_book_has_its_own_that_of_a_book_it_includes_or_the_usual():
    assert book(None).source.locating == USUAL
    assert [k.slip for k in book(TEXT, None).source.locating.slips] == ["颠倒", "差一万倍"]
    own = book(TEXT, TEXT.replace("prior: 3", "prior: 4")).source
    assert own.locating.prior == 4 and own.locating.certified == ("数",)


def test_lint_doubts_it():
    remarks = [r for r in lint(book(TEXT)) if r.place.file == "locate.yaml"]
    assert [r.what for r in remarks] == ["数字差错：原文没写，是推定的（没有统计）"]
    every = TEXT.replace("[数]", f"[{', '.join(t for t in load_tables(TABLES).tables)}]")
    assert any("什么都定位不到" in r.what for r in lint(book(every)))
