"""The rulebook of the final-accounts forms: every rule has a basis, says how well it is founded, and shows a pass, a fail and an open case."""

import re
from pathlib import Path

import pytest

from gouji.app import load_book, test_book
from gouji.base.verdict import Verdict
from gouji.rules.rule import BasisStatus, EachRow, RollUp, TieOut

FOLDER = Path(__file__).parent.parent / "rules" / "final-accounts"
BOOK = load_book(FOLDER)
RULES = {r.code: r.rule for r in BOOK.rules}


def test_there_are_enough_and_of_every_kind():
    assert len(RULES) >= 120
    kinds = {
        kind: sum(isinstance(r, kind) for r in RULES.values()) for kind in (TieOut, EachRow, RollUp)
    }
    assert all(kinds.values()) and sum(kinds.values()) == len(RULES)
    assert {code[1] for code in RULES} == set("ABCDEFGHIJKLMT")


def test_files_go_by_their_codes():
    found = {
        p.stem.upper(): p.parent.name
        for p in FOLDER.rglob("*.yaml")
        if p.name not in ("book.yaml", "locate.yaml", "defaults.yaml") and p.parent.name != "text"
    }
    assert set(found) == set(RULES)
    assert all(folder[0].upper() == code[1] for code, folder in found.items())


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule(rule):
    assert rule.basis.document and rule.basis.clause and rule.message
    if rule.basis.status is not BasisStatus.PRINTED:
        assert rule.basis.note, "what is not printed says where it comes from"
    shown = {e.expect for e in rule.examples}
    assert shown & {Verdict.BALANCED, Verdict.WITHIN_ROUNDING}, "a case that holds"
    assert Verdict.UNBALANCED in shown, "a case that does not"
    # A rule that asks for absence by name can always be judged.
    if "is null" not in getattr(rule, "check", ""):
        assert Verdict.UNASSESSABLE in shown, "a case that cannot be judged"
    if rule.applies is not None and "is null" not in rule.applies:
        assert Verdict.NOT_APPLICABLE in shown, "a case it does not speak of"
    assert len({e.name for e in rule.examples}) == len(rule.examples)


def test_memory_is_marked():
    marked = [r for r in RULES.values() if r.basis.note and "[M]" in r.basis.note]
    assert marked and all(r.basis.status is BasisStatus.INFERRED for r in marked)


def test_names_tell_rules_apart():
    assert len({r.name for r in RULES.values()}) == len(RULES)
    assert not any(re.search(r"[，。；]", r.name) for r in RULES.values())


def test_every_example_holds():
    cases, failures = test_book(BOOK)
    assert [str(f.fault) for f in failures] == []
    assert len(cases) >= 3 * len(RULES)
