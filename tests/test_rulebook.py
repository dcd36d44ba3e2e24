"""Every rule of every rulebook: a basis, examples that pass, fail and are undefined, all of which hold; files, codes and weights."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from gouji.app import load_book, test_book
from gouji.base.verdict import Verdict
from gouji.rules.fields import Method
from gouji.rules.methods import Checklist, Judged, Reading
from gouji.rules.rule import BasisStatus

ROOT = Path(__file__).parent.parent
BOOKS = sorted(p.parent.name for p in (ROOT / "rules").glob("*/book.yaml"))
PASS = (Verdict.BALANCED, Verdict.WITHIN_ROUNDING, Verdict.FULL)
FAIL = (Verdict.UNBALANCED, Verdict.DEDUCTED)
OPEN = (Verdict.UNASSESSABLE, Verdict.PENDING)
# Rules that are never open, and why.
ALWAYS_DECIDED = {"T20": "asks only whether a text is there"}


@pytest.fixture(scope="module", params=BOOKS)
def book(request):
    return load_book(request.param)


@pytest.fixture(scope="module")
def anning():
    return load_book("anning-2023")


def test_all_examples_hold(book):
    cases, failures = test_book(book)
    assert [str(f.fault) for f in failures] == []
    assert len(cases) >= 4 * len(book.rules)


def test_every_rule_has_its_basis_and_its_examples(book):
    wrong = []
    for rule in book.rules:
        words = [e.expect for e in rule.rule.examples]
        # What asks for absence by name is decided always.
        decided = rule.code in ALWAYS_DECIDED or "is null" in getattr(rule.rule, "check", "")
        wanted = [PASS, FAIL] + [OPEN] * (not decided)
        if (
            not rule.rule.basis.document
            or not rule.rule.basis.clause
            or not all(any(w in kinds for w in words) for kinds in wanted)
        ):
            wrong.append((rule.code, words))
    assert wrong == []


def test_every_rule_is_a_file_of_its_name(book):
    assert [
        (rule.code, book.source.place(rule.code).file)
        for rule in book.rules
        if Path(book.source.place(rule.code).file).stem != rule.code.lower()
    ] == []


def test_the_criteria_are_the_34_of_the_table(anning):
    assert [c.code for c in anning.criteria] == [f"C{n:02}" for n in range(1, 35)]
    # Line numbers of the table in the report, in its order.
    lines = [int(re.match(r"第(\d+)", c.rule.basis.clause)[1]) for c in anning.criteria]
    assert lines == sorted(lines) and len(set(lines)) == 34


# domain: weights printed in the names or marked in the text, and those that follow from the total
WEIGHTS = "2 2 3 3 1 4 4 1 2 3 1 1 3 2 2 1 1 2 1 1 4 1 3 1 1 7.5 7.5 7.5 7.5 4.5 4.5 4.5 4.5 2"


def test_weights(anning):
    assert [c.rule.weight for c in anning.criteria] == [Decimal(w) for w in WEIGHTS.split()]
    sums = {}
    for c in anning.criteria:
        sums[c.rule.path.first] = sums.get(c.rule.path.first, 0) + c.rule.weight
    assert sums == {"投入": 30, "过程": 20, "产出": 30, "效果": 20} and anning.total == 100


METHODS = {
    "steps": "C11 C12 C14 C15 C16 C17 C25",
    "two_sided_steps": "C18 C19",
    "bands": "C13 C34",
    "per_violation": "C21",
    "proportional": "C26 C27 C28 C29",
    "judged": "C30 C31 C32 C33",
}


def test_every_method_is_really_used(anning):
    used = {}
    for c in anning.criteria:
        used.setdefault(c.rule.method.kind, []).append(c.code)
    assert {kind: " ".join(codes) for kind, codes in used.items() if kind != "checklist"} == METHODS
    modes = {c.rule.method.mode for c in anning.criteria if isinstance(c.rule.method, Checklist)}
    assert modes == {"additive", "all_or_nothing"}
    assert next(c for c in anning.criteria if c.code == "C25").rule.method.take_share == Decimal(
        "0.05"
    )
    assert all(
        c.rule.method.reviewers >= 2 for c in anning.criteria if isinstance(c.rule.method, Judged)
    )
    # Methods of other standards have no place in this book.
    others = {"between", "deductions", "inverse", "parts", "rows", "words"}
    assert set(METHODS) | {"checklist", "within"} | others == {
        m.__dataclass_fields__["kind"].default for m in Method.__args__[0].__args__
    }


# domain 1.5: rows whose criterion is truncated in the source
TRUNCATED = {"C03", "C04", "C22", "C23", "C24"}


def test_what_the_source_leaves_open_is_marked(anning):
    status = {c.code: c.rule.basis.status for c in anning.criteria}
    assert {code for code, s in status.items() if s is BasisStatus.TRUNCATED} >= TRUNCATED
    silent = [
        c.code
        for c in anning.criteria
        if hasattr(c.rule.method, "reading")
        and c.rule.basis.values["reading"].status is BasisStatus.PRINTED
    ]
    assert silent == [], "no clause says what part of a step costs"
    assert {
        c.rule.method.reading for c in anning.criteria if hasattr(c.rule.method, "reading")
    } == {Reading.WHOLE}


def test_nothing_missing_earns_full_marks_in_silence(anning):
    for c in anning.criteria:
        if c.rule.undefined == "full":
            assert "undefined" in c.rule.basis.values, c.code


def test_examples_cover_the_edges(anning):
    """Every stepped criterion has an example at full marks, one with exactly one step, and one that is used up."""
    for c in anning.criteria:
        if hasattr(c.rule.method, "reading"):
            deducted = {e.deduct for e in c.rule.examples if e.deduct is not None}
            take = c.rule.method.take or c.rule.method.take_share * c.rule.weight
            assert {Decimal(0), take, c.rule.weight} <= deducted, c.code


def test_rule_files_are_plain_yaml_for_any_reader(book):
    """A bureau's own tools read them too: safe YAML with the same code."""
    for rule in book.rules:
        name = book.source.place(rule.code).file
        assert (
            yaml.safe_load(
                (ROOT / name if not Path(name).is_absolute() else Path(name)).read_text("utf-8")
            )["code"]
            == rule.code
        )


def test_a_wrong_example_is_found(anning):
    """The test of examples can fail: change one expectation and it does."""
    from dataclasses import replace

    c14 = next(c for c in anning.criteria if c.code == "C14")
    wrong = [
        replace(e, deduct=Decimal("0.3")) if e.deduct == Decimal("0.2") else e
        for e in c14.rule.examples
    ]
    changed = replace(c14, rule=replace(c14.rule, examples=tuple(wrong)))
    book = replace(
        anning, criteria=tuple(changed if c.code == "C14" else c for c in anning.criteria)
    )
    _cases, failures = test_book(book)
    assert [f.case.rule.code for f in failures] == ["C14"] and "应扣 0.3 分，实扣 0.2 分" in str(
        failures[0].fault
    )
