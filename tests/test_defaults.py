"""`defaults` of a book and of its folders, and `order`: what rules leave out is theirs all the same, and what is wrong is told at its place."""

import json

import pytest

from gouji.rules import json_schema, load_rulebook, load_tables, validate
from making import HEAD, TABLES

TIE = "kind: tie_out\ncode: {code}\nname: 试\ncheck: 数.甲 = 数.乙\n"
CRITERION = (
    "kind: criterion\ncode: {code}\nname: 试\npath: {{first: 一, second: 二}}\nweight: 50\nmeasure: 数.甲 / 数.乙\n"
    'method: {{kind: steps, full_at: "≥ 95%", per: 1%, percent_is: point, take: 1, reading: whole}}\n'
)
BOOK = """
defaults:
  basis: {document: 办法, clause: 附表, status: printed, values: {reading: {status: inferred, note: 满一个才扣}}}
  valid: {from: 2020}
  severity: 核实
  missing: pending
  undefined: zero
"""


def loaded(head="", **files):
    """Rules by code; a file's name has `_` where its path has `/`."""
    texts = {name.replace("_", "/") + ".yaml": text for name, text in files.items()}
    return load_rulebook({"book.yaml": HEAD.format(total=100, policy="full") + head, **texts})


def test_what_a_rule_leaves_out_is_that_of_its_book():
    rules = loaded(BOOK, a=TIE.format(code="T01"), b=CRITERION.format(code="C01")).rules
    tie, criterion = rules["T01"], rules["C01"]
    assert (tie.basis.document, tie.basis.clause, tie.valid.from_, tie.severity) == (
        "办法",
        "附表",
        2020,
        "核实",
    )
    assert (criterion.missing, criterion.undefined, criterion.basis.values["reading"].note) == (
        "pending",
        "zero",
        "满一个才扣",
    )
    # Each key goes to the rules that have what it speaks of.
    assert tie.basis.values == {}


def test_the_nearest_counts_and_the_rule_itself_most():
    own = TIE.format(code="T03") + "severity: 错误\nbasis: {clause: 第三条}\n"
    rules = loaded(
        BOOK,
        a_defaults="severity: 提示\nbasis: {clause: 第一条}\n",
        a_b_defaults="basis: {clause: 第二条}\n",
        a_one=TIE.format(code="T01"),
        a_b_two=TIE.format(code="T02"),
        a_b_three=own,
        ab_four=TIE.format(code="T04"),
    ).rules
    told = {code: (r.severity.value, r.basis.clause, r.basis.document) for code, r in rules.items()}
    assert told == {
        "T01": ("提示", "第一条", "办法"),
        "T02": ("提示", "第二条", "办法"),
        "T03": ("错误", "第三条", "办法"),
        "T04": ("核实", "附表", "办法"),
    }


def test_as_if_the_file_had_said_it():
    """Written out or left out, it is the same rulebook to its digest."""
    short = loaded(BOOK, a=TIE.format(code="T01"))
    long = loaded(
        a="kind: tie_out\ncode: T01\nname: 试\nbasis: {document: 办法, clause: 附表, status: printed}\nvalid: {from: 2020}\ncheck: 数.甲 = 数.乙\nseverity: 核实\n"
    )
    assert short.rules == long.rules
    assert repr(short.documents["T01"].data) == repr(long.documents["T01"].data)
    assert repr(short.head_document.data) == repr(long.head_document.data)


def test_rules_stand_in_the_order_that_the_book_gives():
    files = {f"f{c}": TIE.format(code=c) for c in ("T01", "T02", "T03")}
    assert list(loaded(BOOK + "order: [T03, T01]\n", **files).rules) == ["T03", "T01", "T02"]
    book = validate(
        loaded(
            "order: [C02, C01]\n" + BOOK,
            a=CRITERION.format(code="C01"),
            b=CRITERION.format(code="C02"),
        ),
        load_tables(TABLES),
    )
    assert [c.code for c in book.criteria] == ["C02", "C01"]


WRONG = {
    "a key that no rule may leave out": ("defaults: {name: 试}\n", {}, "book.yaml:12: 没有“name”这个键"),
    "a word that is none": ("", {"a_defaults": "severity: 严重\n"}, "a/defaults.yaml:1: “severity”不能是 严重"),
    "nothing says it": ("", {"a": TIE.format(code="T01")}, "缺少“basis”"),
    "a code that no rule has": (BOOK + "order: [T09]\n", {"a": TIE.format(code="T01")}, "T09 没有这条规则，或写了两次"),
    "a code twice": (BOOK + "order: [T01, T01]\n", {"a": TIE.format(code="T01")}, "T01 没有这条规则，或写了两次"),
}  # fmt: skip


@pytest.mark.parametrize("head, files, message", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(head, files, message):
    with pytest.raises(ExceptionGroup) as caught:
        loaded(head, **files)
    told = [str(fault) for fault in caught.value.exceptions]
    assert any(message in one for one in told), told


def test_editors_know_that_these_may_be_left_out():
    asked = json.loads(json_schema("rule"))["$defs"]["TieOut"]["required"]
    assert "check" in asked and not {"basis", "severity"} & set(asked)
    assert "defaults" in json.loads(json_schema("book"))["properties"]
