"""What rules of a book or folder have in common (`defaults`) -> each rule file as if it had said it itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from gouji.base.verdict import Severity
from gouji.rules.rule import BasisStatus, Valid, ValueBasis
from gouji.rules.source_map import YamlDocument
from gouji.rules.values import Frozen

if TYPE_CHECKING:
    from gouji.rules.fields import Names

DEFAULTS_FILE, DEFAULTS = "defaults.yaml", "defaults"
BASIS_KEYS = ("document", "clause", "status", "note", "values", "wording")


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultBasis(Frozen):
    """The keys of `basis` that rules may leave out; `values` go to the rules that have the key they speak of."""

    document: str | None = None
    clause: str | None = None
    status: BasisStatus | None = None
    note: str | None = None
    values: dict[str, ValueBasis] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults(Frozen):
    """Keys that rules may leave out; each goes to the rules of a kind that has it."""

    basis: DefaultBasis | None = None
    valid: Valid | None = None
    severity: Severity | None = None
    missing: Literal["zero", "pending", "as_reported"] | None = None
    undefined: Literal["full", "zero", "not_applicable", "pending"] | None = None
    evidence: Names = ()
    message: str | None = None


def of_folder(name: str) -> str | None:
    """The folder that a file of defaults speaks of; None for other files.

    >>> of_folder("rules/a/criteria/defaults.yaml"), of_folder("defaults.yaml"), of_folder("c14.yaml")
    ('rules/a/criteria/', '', None)
    """
    folder, _slash, last = name.rpartition("/")
    if last != DEFAULTS_FILE:
        return None
    return f"{folder}/" if folder else ""


def nearest_first(name: str, folders: Mapping[str, Any], book: Any) -> tuple[dict[str, Any], ...]:
    """The defaults that hold for a file: those of its folder, of the folders above, then of the book."""
    around = sorted((at for at in folders if name.startswith(at)), key=len, reverse=True)
    found = [*(folders[at] for at in around), book]
    return tuple(one for one in found if isinstance(one, dict))


def without_defaults(head: YamlDocument | None) -> YamlDocument | None:
    """The head without what its rules have taken over."""
    if head is None or not isinstance(head.data, dict):
        return head
    return replace(head, data={k: v for k, v in head.data.items() if k != DEFAULTS})


def is_told(
    document: YamlDocument, at: tuple[str | int, ...], kinds: Collection[str], told: Collection[str]
) -> bool:
    """Whether a fault is of a key in `told` that a rule's file does not write itself; `at` may begin with the kind of rule."""
    path = tuple(part for part in at if part not in kinds)
    return bool(path) and path[0] in told and path not in document.lines


def completed(
    document: YamlDocument,
    defaults: Iterable[Mapping[str, Any]],
    order: Mapping[str, Iterable[str]],
) -> YamlDocument:
    """The file of a rule with the keys that it left out, each where files have it; `order` are the keys of each kind of rule."""
    data = document.data
    known = tuple(order.get(str(data.get("kind")), ())) if isinstance(data, dict) else ()
    if not known:
        return document
    for one in defaults:
        data = _with(data, one, known)
    return replace(document, data=data)


def _with(
    data: dict[str, Any], defaults: Mapping[str, Any], known: tuple[str, ...]
) -> dict[str, Any]:
    made = dict(data)
    for key, value in defaults.items():
        if key == "basis" and isinstance(value, dict):
            made[key] = _basis(data, data.get(key, {}), value)
        elif key in known and key not in made and _is_asked(key, data):
            made[key] = value
    return _arranged(made, data, known)


def _is_asked(key: str, data: Mapping[str, Any]) -> bool:
    """What a zero denominator gives is asked of rules with a measure alone."""
    return key != "undefined" or "measure" in data


def _basis(rule: Mapping[str, Any], own: Any, defaults: Mapping[str, Any]) -> Any:
    if not isinstance(own, dict):
        return own
    spoken = {
        key: value
        for key, value in (defaults.get("values") or {}).items()
        if key in rule or key in _method(rule)
    }
    made = {**{k: v for k, v in defaults.items() if k != "values"}, **own}
    said = own.get("values") or {}
    values = {**{k: v for k, v in spoken.items() if k not in said}, **said}
    if values:
        made["values"] = values
    return _arranged(made, own, BASIS_KEYS)


def _method(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    method = rule.get("method")
    return method if isinstance(method, dict) else {}


def _arranged(made: Mapping[str, Any], own: Iterable[str], known: Iterable[str]) -> dict[str, Any]:
    """Keys as they stood, each that was added behind the one that files have before it."""
    listed, keys = tuple(known), list(own)
    for key in (k for k in listed if k in made and k not in keys):
        before = [k for k in listed[: listed.index(key)] if k in keys]
        keys.insert(keys.index(before[-1]) + 1 if before else 0, key)
    return {k: made[k] for k in keys}
