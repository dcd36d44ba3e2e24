"""Writing a rule: its faults are shown at the word that is meant, and its page is there before its book is."""

import pytest

from gouji.app.watching import turns
from gouji.cli import Exit, main
from gouji.rules.check.excerpt import excerpt
from making import TABLES, book_of, tie_text

MARKED = {
    "a column": ("数.甲 > 0 and 数.假 = 1", "数.假"),
    "a table": ("数.甲 = 收支.甲", "收支"),
    "rows where a figure belongs": ("数.甲 = 明细.金额", "明细"),
    "a sign": ("数.甲 – 1 = 2", "–"),
    "a function": ("数.甲 = getenv('HOME')", "getenv"),
    "brackets": ("(数.甲 = 1", "1"),
}


@pytest.mark.parametrize("check, word", MARKED.values(), ids=MARKED)
def test_the_word_that_is_meant_is_marked(check, word):
    with pytest.raises(ExceptionGroup) as group:
        book_of({"t.yaml": tie_text("T01", check)}, tables=TABLES)
    (fault,) = group.value.exceptions
    line, marks = fault.excerpt.split("\n")
    assert line == f"    {check}"
    wide = sum(1 + (sign > "\u2e80") for sign in word)
    assert marks.count("^") == wide and marks.strip("^ ") == ""
    before = check[: check.rindex(word)]
    assert marks.index("^") == 4 + sum(1 + (sign > "\u2e80") for sign in before)
    assert fault.excerpt in str(fault)


def test_of_a_formula_in_several_lines_the_one_is_shown():
    shown = excerpt("数.甲\n+ 数.假\n= 1", "“数”没有叫“假”的列")
    assert shown == "    + 数.假\n      ^^^^^"


def test_what_no_word_is_meant_by_is_not_marked():
    assert excerpt("数.甲", "这里要的是一个条件，却是一个数") == ""


RULE = """
kind: criterion
code: C07
name: 预算完成率
path: {first: 过程, second: 预算执行}
basis: {document: 办法, clause: 第五条, status: printed}
weight: 4
measure: 预算执行.支出决算数 / 预算执行.调整后预算数
method: {kind: steps, full_at: "≥ 95%", per: 1%, percent_is: point, take: 0.4, reading: whole}
missing: pending
undefined: pending
examples:
  - {name: 正好, given: {预算执行: {支出决算数: 95.00, 调整后预算数: 100.00}}, expect: 得满分, deduct: 0}
"""
HEAD = """
book: half
title: 写到一半
authority: 试验
fiscal_year: 2023
total: 100
grades: [{name: 优, when: "[60, 100]"}, {name: 差, when: "[0, 60)"}]
"""


@pytest.fixture
def half(tmp_path):
    """A book of which another file is broken and weights do not add up yet."""
    (tmp_path / "criteria").mkdir()
    (tmp_path / "book.yaml").write_text(HEAD, "utf-8")
    (tmp_path / "criteria" / "c01.yaml").write_text("kind: criterion\n", "utf-8")
    (tmp_path / "criteria" / "c07.yaml").write_text(RULE, "utf-8")
    return tmp_path / "criteria" / "c07.yaml"


def run(capsys, words):
    """The exit code of a command, and all it printed."""
    code, out = main(words), capsys.readouterr()
    return code, out.out + out.err


def test_the_page_of_a_rule_that_is_being_written(half, capsys):
    code, output = run(capsys, ["explain", str(half)])
    assert code == Exit.CLEAN, output
    assert "C07 预算完成率" in output and "样例 1 个，不符 0 个" in output


def test_an_example_that_is_wrong_is_told(half, capsys):
    half.write_text(RULE.replace("deduct: 0}", "deduct: 1}"), "utf-8")
    code, output = run(capsys, ["explain", str(half)])
    assert code == Exit.FINDINGS and "样例 1 个，不符 1 个" in output


def test_what_is_wrong_with_it_is_told_and_nothing_else(half, capsys):
    half.write_text(RULE.replace("支出决算数 /", "支出决算书 /"), "utf-8")
    code, output = run(capsys, ["explain", str(half)])
    assert code == Exit.UNUSABLE
    assert "没有叫“支出决算书”的列" in output and "^^^^" in output
    assert "c01.yaml" not in output and "权重合计" not in output


def test_a_rule_that_reads_the_score_of_another(half, capsys):
    """得分(C01) of another file is read with it; its own examples alone are run."""
    other = half.with_name("c01.yaml")
    other.write_text(RULE.replace("C07", "C01").replace("deduct: 0}", "deduct: 1}"), "utf-8")
    half.write_text(RULE.replace("measure: ", "applies: 得分(C01) > 0\nmeasure: "), "utf-8")
    code, output = run(capsys, ["explain", str(half)])
    assert code == Exit.CLEAN, output
    assert "样例 1 个，不符 0 个" in output


def test_broken_defaults_are_told_once(half, capsys):
    book = half.parent.parent / "book.yaml"
    book.write_text(
        book.read_text("utf-8") + "\ndefaults: {severity: 大, valid: {frm: 2023}}\n", "utf-8"
    )
    for n in range(1, 4):
        text = RULE.replace("C07", f"C1{n}").replace("valid: {from: 2023}\n", "")
        half.with_name(f"c1{n}.yaml").write_text(text, "utf-8")
    code, output = run(capsys, ["rules", "lint", str(book.parent)])
    assert code == Exit.UNUSABLE
    assert (
        output.count("severity") == 1 and output.count("frm") == 1 and output.count("“from”") == 2
    )


def test_a_file_that_is_not_there(tmp_path, capsys):
    code, output = run(capsys, ["explain", str(tmp_path / "x.yaml"), "--rules", "anning-2023"])
    assert code == Exit.UNUSABLE and "x.yaml" in output


def test_files_are_looked_at_again_when_they_changed(half):
    waited = []
    found = turns(str(half.parent.parent), None, waited.append)
    next(found)
    half.write_text(RULE + "\n# anders\n", "utf-8")
    next(found)
    assert len(waited) == 1
    half.unlink()
    next(found)
    assert len(waited) == 2


def test_faults_do_not_end_the_watch(half, capsys, monkeypatch):
    monkeypatch.setattr("gouji.app.turns", lambda rules, schemas: iter((None, None)))
    code, output = run(capsys, ["rules", "test", str(half.parent.parent), "--watch"])
    assert code == Exit.UNUSABLE and output.count("等文件改动") == 2
