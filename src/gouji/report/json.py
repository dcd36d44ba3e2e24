"""ReportPage -> JSON -> ReportPage: the same figures as every other form, exact numbers as text, keys in English, words as they are; and its JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.base.plain import escaped
from gouji.base.verdict import Ground, Verdict
from gouji.report.page_of_unit import Card, ReportPage

# 2: rules, grades and units not filed on the page; parts, doubts, readings and the next grade of a unit.
# 3: the two sides of a row that is not in order, by what they are and not as what is wrong and what is right.
# 4: of a relation that is in order, or does not apply, code and verdict alone, unless all is asked for; of one that cannot be judged what is wanted.
VERSION = 4
# Versions that can still be read; what came to a page without a new version has a default.
READ = (2, 3, VERSION)
# What short JSON keeps of relations with such a verdict; the rules of the page say the rest.
SHORT: Mapping[str, tuple[str, ...]] = {
    Verdict.BALANCED: ("code", "verdict"),
    Verdict.NOT_APPLICABLE: ("code", "verdict"),
    Verdict.UNASSESSABLE: ("code", "verdict", "gaps", "unsent"),
}


def render(page: ReportPage, full: bool = True) -> str:
    """The page as JSON text, keys in the order of the page; Decimals are texts so that no reader makes floats of them.

    Not `full`: of relations that are in order, or cannot be judged, only what the rules of the page do not say, without their working and parts.
    """
    return "".join(pieces(page, full))


def pieces(page: ReportPage, full: bool = True) -> Iterator[str]:
    """The same piece by piece: a card of each unit, and what stands before and after them."""
    return map(escaped, _pieces(page, full))


def _pieces(page: ReportPage, full: bool) -> Iterator[str]:
    plain = _adapter().dump_python(replace(page, cards=()), mode="json")
    text = json.dumps({"version": VERSION, **plain}, ensure_ascii=False, indent=2) + "\n"
    # Nothing else begins a line like this: within a text a line never ends.
    before, empty, after = text.partition('\n  "cards": []')
    assert empty
    if not page.cards:
        yield text
        return
    yield before + empty[:-1]
    for number, card in enumerate(page.cards):
        yield ("," if number else "") + (_indented(card) if full else _short(card))
    yield f"\n  ]{after}"


def _indented(card: Card) -> str:
    """A card as a line of the list that it stands in, and those below it. By pydantic alone, which takes a tenth of the time."""
    return "\n    " + _card_adapter().dump_json(card, indent=2).decode().replace("\n", "\n    ")


def _short(card: Card) -> str:
    """A card on its own line list, without what is said about relations that are in order."""
    plain = _card_adapter().dump_python(card, mode="json")
    plain["tie_outs"] = [_kept(row) for row in plain["tie_outs"]]
    made = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return f"\n    {made}"


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    names = SHORT.get(row["verdict"])
    return {name: row[name] for name in names if row[name]} if names else row


def _filled(plain: dict[str, Any]) -> dict[str, Any]:
    """Short rows with what the rules of the page say of them; their working and parts were not kept."""
    rules = {rule.get("code"): rule for rule in _dicts(plain.get("rules"))}
    for card in _dicts(plain.get("cards")):
        for row in _dicts(card.get("tie_outs")):
            if "name" not in row and row.get("verdict") in SHORT:
                rule = rules.get(row.get("code"), {})
                said = {name: rule.get(name, "") for name in ("name", "severity", "message")}
                basis = f"{rule.get('document', '')} {rule.get('clause', '')}".strip()
                lists = {name: row.get(name, []) for name in ("gaps", "places", "unsent")}
                row |= {**said, **lists, "basis": basis, "working": "", "parts": {}}
    return plain


def read(text: str, name: str) -> ReportPage:
    """JSON text -> the page it was made from. Raises DataError for what is no page, or a page of another version."""
    again = _("重新运行 gouji audit DATA --out DIR")
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as fault:
        raise DataError(
            _("{name} 不是 JSON: 第 {line} 行").format(name=name, line=fault.lineno), fix=again
        ) from fault
    if not isinstance(plain, dict) or "version" not in plain:
        raise DataError(_("{name} 不是审核结果").format(name=name), fix=again)
    if plain["version"] not in READ:
        raise DataError(
            _("{name} 是第 {found} 版，这里读第 {wanted} 版").format(
                name=name, found=plain["version"], wanted=VERSION
            ),
            fix=again,
        )
    if plain["version"] == 2:
        plain = _from_second(plain)
    plain = _filled(plain)
    try:
        made = _adapter().validate_python({k: v for k, v in plain.items() if k != "version"})
        return replace(made, cards=tuple(made.cards))
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DataError(
            _("{name} 读不成审核结果：{where}").format(name=name, where=where), fix=again
        ) from fault


def _from_second(plain: dict[str, Any]) -> dict[str, Any]:
    """A page of the second version in the form of this one. What a relation over rows asks was not kept: its figures are shown side by side, which accuses
    neither; points on contradicted figures were counted with the others. What does not look like one is left as it is: reading it says where it ends."""
    for card in _dicts(plain.get("cards")):
        totals = card.get("totals")
        if isinstance(totals, dict) and isinstance(totals.get("grounds"), dict):
            totals["grounds"].setdefault(Ground.CONTESTED.value, "0")
        for row in _dicts(card.get("tie_outs")):
            for spot in _dicts(row.get("spots")):
                left, right, gap, span = (
                    spot.pop(key, "") for key in ("stated", "expected", "difference", "span")
                )
                spot["sides"] = {
                    "op": "=" if left or right else "",
                    "left": left,
                    "right": right,
                    "difference": gap,
                    "span": span,
                }
    return plain


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def schema() -> str:
    """The JSON Schema (draft 2020-12) of what `render` writes, as text."""
    made: dict[str, Any] = _adapter().json_schema(mode="serialization")
    made["properties"] = {"version": {"const": VERSION, "type": "integer"}, **made["properties"]}
    made["required"] = ["version", *made["required"]]
    made["$defs"]["TieRow"]["required"] = ["code", "verdict"]
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:gouji:page:{VERSION}",
    }
    return json.dumps({**head, **made}, ensure_ascii=False, indent=2)


@cache
def _card_adapter() -> TypeAdapter[Card]:
    return TypeAdapter(Card)


@cache
def _adapter() -> TypeAdapter[ReportPage]:
    return TypeAdapter(ReportPage)
