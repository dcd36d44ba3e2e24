"""A UnitCase -> Located: causes, each with every smallest answer, ranked; and what none explains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from gouji.locate.locate_values import (
    Cause,
    Change,
    FailingGroup,
    Located,
    SearchLimits,
    UnitCase,
    event_of,
)
from gouji.locate.locator import Locator
from gouji.locate.relations import CellRef, Relation
from gouji.rules import How

# Of so many parts at most each two are asked whether an exchange explains both.
PARTS_AT_MOST = 6


def parts_of(failing: Sequence[Relation]) -> list[FailingGroup]:
    """Failing relations that share cells, together; in order of their first code."""
    found: list[tuple[set[CellRef], list[Relation]]] = []
    for relation in failing:
        joined = {cell for cell, _c in relation.terms}, [relation]
        rest = []
        for part in found:
            if part[0].isdisjoint(joined[0]):
                rest.append(part)
            else:
                joined = part[0] | joined[0], part[1] + joined[1]
        found = [*rest, joined]
    ordered = sorted(
        (sorted(part, key=_place) for _cells, part in found), key=lambda part: _place(part[0])
    )
    times = Counter(code for part in ordered for code in {r.code for r in part})
    return [
        FailingGroup(
            tuple(part),
            codes := tuple(sorted({r.code for r in part})),
            frozenset(c for c in codes if times[c] == 1),
        )
        for part in ordered
    ]


def _place(relation: Relation) -> tuple[str, str]:
    return relation.code, relation.spot


def locate(case: UnitCase, limits: SearchLimits | None = None) -> Located:
    """Find the causes of a unit's failing relations. Degrees, scores and verdicts stay as they are: what comes out is a proposal."""
    limits = limits or SearchLimits()
    failing = [r for r in case.near if r.fails and r.binding and r.code in case.before]
    if len(failing) > limits.failing:
        return Located(case.unit, (), tuple(sorted(case.before)), tried=False)
    causes = _causes(case, parts_of(failing), limits)
    found = _joined(causes)
    # All likeliest answers together, judged once more: what fails even then is not explained.
    left = (
        case.judge({c.cell: c.proposed for cause in found for c in cause.best})
        if found
        else case.before
    )
    explained = {code for cause in found for code in cause.codes if code not in left}
    unexplained = tuple(sorted(case.before - explained))
    if len(found) > 1 or unexplained:
        found = tuple(replace(c, certain=c.certain and not _scaled(c)) for c in found)
    return Located(case.unit, found, unexplained)


def _scaled(cause: Cause) -> bool:
    """Whether a cause says that a column or form is in another unit of money: where more is wrong, it may be the figures that it is compared with."""
    event = event_of(cause.best)
    return event is not None and event.how is How.SCALE


def _causes(case: UnitCase, parts: list[FailingGroup], limits: SearchLimits) -> list[Cause]:
    """What explains several parts at once first, then the cause of each part."""
    near, whole = Locator(case, case.near, limits), None
    causes = []
    while len(parts) > 1 and (event := _of_several(near, parts)) is not None:
        causes.append(event[0])
        parts = [part for part in parts if part not in event[1]]
    while len(parts) > 1 and (line := near.line(parts)) is not None:
        causes.append(line[0])
        parts = [part for number, part in enumerate(parts) if number not in line[1]]
    for part in parts:
        cause = near.one(part)
        if cause is None:
            whole = whole or Locator(case, case.every(), limits)
            cause = whole.few(part)
        causes += [cause] if cause is not None else whole.many(part) if whole is not None else []
    return causes


def _of_several(
    near: Locator, parts: list[FailingGroup]
) -> tuple[Cause, list[FailingGroup]] | None:
    """One slip over several cells that explains all parts, or an exchange that explains two of them; and which."""
    for some in (parts, *_of_one_table(parts)):
        if (cause := near.event(_together(some, parts), False)) is not None:
            return cause, some
    for two in combinations(parts, 2) if 2 < len(parts) <= PARTS_AT_MOST else ():
        if (cause := near.event(_together(two, parts), True)) is not None:
            return cause, list(two)
    return None


def _of_one_table(parts: list[FailingGroup]) -> list[list[FailingGroup]]:
    """The parts that read a table, of each table that two parts or more read, but not all of them: those of most parts first."""
    by_table: dict[str, list[FailingGroup]] = {}
    for part in parts:
        for table in sorted({cell.table for r in part.failing for cell, _c in r.terms}):
            by_table.setdefault(table, []).append(part)
    several = [some for _table, some in sorted(by_table.items()) if 1 < len(some) < len(parts)]
    return sorted(several, key=len, reverse=True)


def _together(some: Sequence[FailingGroup], parts: Sequence[FailingGroup]) -> FailingGroup:
    """Some of the parts as one."""
    others = {code for part in parts if part not in some for code in part.codes}
    codes = tuple(sorted({code for part in some for code in part.codes}))
    failing = tuple(relation for part in some for relation in part.failing)
    return FailingGroup(failing, codes, frozenset(codes) - others)


def _joined(causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """Causes with the same likeliest answer are one: it explains all of their rules."""
    found: dict[tuple[Change, ...], Cause] = {}
    for cause in causes:
        known = found.get(cause.best)
        codes = tuple(sorted({*cause.codes, *(known.codes if known else ())}))
        found[cause.best] = Cause(
            cause.answers,
            codes,
            cause.certain and (known is None or known.certain),
            cause.whole and (known is None or known.whole),
            cause.leads and (known is None or known.leads),
        )
    return tuple(without_parts(list(found.values())))


def without_parts(causes: Sequence[Cause]) -> list[Cause]:
    """Causes without those whose changes another one has among its own; that one explains their rules as well."""
    changes = [{(c.cell, c.proposed) for c in cause.best} for cause in causes]
    kept = []
    for number, cause in enumerate(causes):
        if any(changes[number] < other for other in changes):
            continue
        parts = [c for at, c in enumerate(causes) if changes[at] < changes[number]]
        codes = {code for one in (cause, *parts) for code in one.codes}
        kept.append(replace(cause, codes=tuple(sorted(codes))))
    return kept


__all__ = ["locate", "parts_of", "without_parts"]
