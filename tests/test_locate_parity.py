"""Every example of every rule over figures: the linear forms that locating works with say what the rule says."""

from pathlib import Path

import pytest

from gouji.app import load_book
from gouji.app.locating import cells_of
from gouji.base.verdict import Verdict
from gouji.examples.example_cases import cases, example_submission
from gouji.expression import nodes as n
from gouji.rules import ResolvedRollUp

RULES = Path(__file__).parent.parent / "rules"
HELD = {Verdict.BALANCED, Verdict.WITHIN_ROUNDING}


@pytest.fixture(scope="module", params=("final-accounts", "anning-2023", "project-self-evaluation"))
def said(request):
    """The rules over figures, and of each example: its rule, what is expected, and whether each relation is off."""
    book = load_book(RULES / request.param)
    rules = {of.code: of for of in (*book.tie_outs, *book.table_rules)}
    asked = tuple(case for case in cases(book) if case.rule.code in rules)
    submission, failures = example_submission(book, asked)
    assert not failures
    found = []
    for case in asked:
        code, cells = case.rule.code, cells_of(book, submission, case.unit)
        off = [relation.fails for relation in cells.relations({code})]
        found.append((case.unit, code, Verdict(case.example.expect), off))
    return rules, found


def reads_words(of):
    """Whether a rule asks for words, or whether something is there at all: no figure is wrong then."""
    if isinstance(of, ResolvedRollUp):
        return False
    return any(isinstance(x, (n.Word, n.Text, n.OneOf, n.Missing)) for x in n.walk(of.check))


def test_no_form_is_off_where_the_rule_holds(said):
    _rules, found = said
    assert [unit for unit, _c, expected, off in found if expected in HELD and any(off)] == []


def test_a_form_is_off_where_the_rule_fails(said):
    """But where an alternative fails by its words alone: then no figure is blamed."""
    rules, found = said
    assert [
        unit
        for unit, code, expected, off in found
        if expected is Verdict.UNBALANCED and off and not any(off) and not reads_words(rules[code])
    ] == []
    assert sum(any(off) for _u, _c, expected, off in found if expected is Verdict.UNBALANCED) > 5


def test_what_has_no_form_is_mostly_words(said):
    """Sentences of a report and codes against names have no figure that could be wrong; sums over other units are none of the unit's own."""
    rules, found = said
    written = {code for _unit, code, _expected, off in found if off}
    formless = {code for _unit, code, _expected, _off in found} - written
    words = {code for code in formless if reads_words(rules[code])}
    assert {f"FT{number}" for number in range(41, 49)} & rules.keys() <= words
    assert len(formless - words) * 3 <= len({code for _u, code, _e, _off in found})
