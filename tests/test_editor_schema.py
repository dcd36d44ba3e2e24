"""The JSON Schemas that editors use: they accept every file that comes with gouji, refuse what gouji refuses, and speak of keys in words."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gouji.rules import json_schema, read_document
from making import TABLES, criterion_text

ROOT = Path(__file__).parent.parent
VALIDATORS = {
    kind: Draft202012Validator(json.loads(json_schema(kind)))
    for kind in ("rule", "table", "book", "form_set", "locate", "defaults")
}
FILES = [
    path
    for folder in ("rules", "schemas")
    for path in sorted((ROOT / folder).rglob("*.yaml"))
    if "text" not in path.relative_to(ROOT).parts
]
STEPS = '{kind: steps, full_at: "≥ 95%", per: 1%, percent_is: point, take: 0.2, reading: whole}'
RULE = criterion_text("C01", STEPS, 2, measure="数.率")


def kind_of(path):
    if path.name in ("book.yaml", "locate.yaml", "defaults.yaml"):
        return path.stem
    if "rules" in path.relative_to(ROOT).parts:
        return "rule"
    return "form_set" if "sets" in path.parts else "table"


def plain(value):
    """What a JSON reader would have in its place."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {k: plain(v) for k, v in value.items()}
        case list():
            return [plain(v) for v in value]
    return value


def faults(kind, text):
    return list(VALIDATORS[kind].iter_errors(plain(read_document("a.yaml", text).data)))


def test_every_shipped_file_is_accepted():
    assert len(FILES) > 400
    wrong = [path for path in FILES if faults(kind_of(path), path.read_text("utf-8"))]
    assert wrong == []


REFUSED = {
    "a key that is none": ("rule", RULE + "\nwieght: 2"),
    "a word that is none": ("rule", RULE.replace("missing: as_reported", "missing: never")),
    "a number that is none": ("rule", RULE.replace("take: 0.2", "take: 两分")),
    "a method that is none": ("rule", RULE.replace("kind: steps", "kind: step")),
    "a table without columns": ("table", TABLES["units.yaml"].partition("columns")[0]),
    "a type that is none": ("table", TABLES["numbers.yaml"].replace("type: count", "type: counts")),
    "a cap without a reason": (
        "book",
        "book: a\ntitle: a\nauthority: a\nfiscal_year: 2023\ncaps: [{when: 数.甲 > 0, grade: 良}]",
    ),
}


@pytest.mark.parametrize("kind, text", REFUSED.values(), ids=REFUSED)
def test_what_gouji_refuses_is_refused(kind, text):
    assert faults(kind, text)


def test_the_rule_they_are_changed_from_is_accepted():
    assert faults("rule", RULE) == []


def test_keys_are_told_in_words():
    """Of rules and book heads every key; `detect` of texts is no part of it."""
    for kind in ("rule", "book"):
        made = json.loads(json_schema(kind))
        for model in (made, *made["$defs"].values()):
            for key, described in model.get("properties", {}).items():
                assert described.get("description"), (kind, key)
