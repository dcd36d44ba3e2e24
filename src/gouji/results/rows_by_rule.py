"""Rulebooks -> rows of the table `rules` of results, and what one book says otherwise than another: fields of rules and of the book's head, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from gouji.results.fingerprint import WORDS, rule_version
from gouji.rules import RULE, Criterion, ResolvedBook, ResolvedCriterion, ResolvedRule

# Of a book's head what decides a total or a grade.
DECIDING = ("total", "not_applicable", "at_the_limit")
RuleKind = Literal["criterion", "tie_out"]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule in force. `weight` in points, None for a relation; `severity` is empty for a criterion; `version` is a hash of all that decides in it."""

    code: str
    kind: RuleKind
    name: str
    severity: str
    weight: Decimal | None
    document: str
    clause: str
    version: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a rule (its path in the YAML, `method.full_at`) as one book has it and as the other has it; None where it has none."""

    field: str
    was: str | None
    now: str | None


def rule_rows(book: ResolvedBook) -> tuple[RuleRow, ...]:
    """The rules in force, in the order of the book."""
    return tuple(map(_row, book.rules))


def _row(of: ResolvedRule) -> RuleRow:
    rule = of.rule
    scored = isinstance(of, ResolvedCriterion)
    return RuleRow(
        of.code,
        "criterion" if scored else "tie_out",
        rule.name,
        "" if isinstance(rule, Criterion) else rule.severity.value,
        rule.weight if isinstance(rule, Criterion) else None,
        rule.basis.document,
        rule.basis.clause,
        rule_version(rule),
    )


def changes_of_rule(was: ResolvedRule, now: ResolvedRule) -> tuple[FieldChange, ...]:
    """What decides in a rule and differs; words that decide nothing are left out."""
    before, after = (
        RULE.dump_python(of.rule, mode="json", exclude=WORDS, exclude_none=True)
        for of in (was, now)
    )
    return tuple(_changes(dict(_flat(before)), dict(_flat(after))))


def changes_of_head(was: ResolvedBook, now: ResolvedBook) -> tuple[FieldChange, ...]:
    """What decides in the head of a book and differs: the full mark, grades, how what does not apply counts."""
    return tuple(_changes(dict(_flat(_head(was))), dict(_flat(_head(now)))))


def _head(book: ResolvedBook) -> dict[str, Any]:
    head = book.source.head
    grades = {grade.name: str(grade.when) for grade in head.grades}
    return {name: getattr(head, name) for name in DECIDING} | {"grades": grades}


def _changes(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*was, *now)):
        if was.get(name) != now.get(name):
            yield FieldChange(name, was.get(name), now.get(name))


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Leaves by path; a list of plain values is one leaf, in other lists the place counts from 1."""
    match value:
        case dict():
            for key, part in value.items():
                yield from _flat(part, f"{path}.{key}" if path else str(key))
        case list() if any(isinstance(part, (dict, list)) for part in value):
            for number, part in enumerate(value, 1):
                yield from _flat(part, f"{path}[{number}]")
        case list():
            yield path, "、".join(map(str, value))
        case None:
            return
        case _:
            yield path, str(value)
