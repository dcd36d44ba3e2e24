"""A criterion of several parts -> its score, range and gaps in SQL, in whole hundredths. `judge.parts` says the same in Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from sqlglot import exp

from gouji.base.outcome import Gap, GapKind
from gouji.base.verdict import Ground, Verdict
from gouji.plan.columns import Columns
from gouji.plan.grouping import bit_fields as packed
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging import scoring as m
from gouji.plan.judging.openness import OpenState, known_of, open_figures, verdict
from gouji.plan.judging.scored_points import checklist_items, item_points, scored
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.expression_sql import SqlReading
from gouji.plan.sql.shapes import Sql
from gouji.rules import (
    Checklist,
    Composed,
    Deductions,
    Parts,
    ResolvedBook,
    ResolvedCriterion,
    ResolvedPart,
    Role,
    items_of,
)

About = tuple[Facts, ResolvedBook]


@dataclass(frozen=True, slots=True)
class PartColumns:
    """One part: what it may earn, whether its score is known, the score then, else its range."""

    points: int
    known: Sql
    score: Sql
    low: Sql
    high: Sql


@dataclass(frozen=True, slots=True)
class ItemBits:
    """Some of the items of a criterion: masks of those met, not met, and not spoken of, lowest bit first."""

    met: Sql
    unmet: Sql
    unknown: Sql
    count: int

    @property
    def all_met(self) -> Sql:
        """Whether each is met."""
        return sql.binary(exp.EQ, self.met, sql.whole(2**self.count - 1))

    @property
    def any_unmet(self) -> Sql:
        """Whether one is not."""
        return sql.binary(exp.NEQ, self.unmet, sql.whole(0))

    @property
    def all_said(self) -> Sql:
        """Whether something was said of each."""
        return sql.binary(exp.EQ, self.unknown, sql.whole(0))


def some_items(said: packed.Items, first: int, count: int) -> ItemBits:
    """The items from `first` on."""
    met, unmet, unknown = (
        packed.part(mask, first, 2**count - 1) for mask in (said.met, said.unmet, said.unknown)
    )
    return ItemBits(met, unmet, unknown, count)


def of_items(method: Checklist, points: int, bits: ItemBits) -> PartColumns:
    """A part that evidence meets."""
    if method.mode == "all_or_nothing":
        decided = sql.any_of([bits.any_unmet, bits.all_met])
        score = sql.case([(bits.all_met, sql.whole(points))], sql.whole(0))
        low, high = (sql.case([(decided, score)], sql.whole(end)) for end in (0, points))
        return PartColumns(points, decided, score, low, high)
    worth = [m.centi(i.points) for i in method.items]
    earned = item_points(bits.met, worth)
    high = sql.binary(exp.Sub, sql.whole(points), sql.wrapped(item_points(bits.unmet, worth)))
    return PartColumns(points, bits.all_said, earned, earned, high)


def where_it_applies(part: PartColumns, applies: Sql) -> PartColumns:
    """A part that may not apply gives its points then; where that is not known anything is possible."""
    full = sql.whole(part.points)
    unknown, not_so = sql.is_null(applies), sql.not_(applies)
    return PartColumns(
        part.points,
        sql.case([(unknown, exp.false()), (not_so, exp.true())], part.known),
        sql.case([(not_so, full)], part.score),
        sql.case([(unknown, sql.whole(0)), (not_so, full)], part.low),
        sql.case([(unknown, full), (not_so, full)], part.high),
    )


def combined(method: Composed, full: int, parts: Sequence[PartColumns], ends: str) -> Sql:
    """The score of the whole at the scores of the parts, or at one end of their ranges (`score`, `low`, `high`)."""
    each: list[Sql] = [getattr(p, ends) for p in parts]
    if isinstance(method, Parts) and method.of != "sum":
        pick = sql.greatest if method.of == "best" else sql.least
        return reduce(lambda a, b: pick(a, b), each)
    left: Sql = sql.whole(full - sum(p.points for p in parts))
    for one in each:
        left = sql.binary(exp.Add, left, sql.wrapped(one))
    return sql.greatest(left, sql.whole(0))


def composed_state(
    of: ResolvedCriterion, reading: SqlReading, columns: Columns, about: About
) -> OpenState:
    """How far a criterion of several parts could be assessed."""
    method, full, (facts, book) = of.rule.method, m.centi(of.rule.weight), about
    assert isinstance(method, (Parts, Deductions))
    said = _said(of, columns, about)
    items = items_of(method)
    mask, _absent = open_figures(
        of.code, [*of.trees, of.applies], reading, columns, (facts, book.derived), len(items)
    )
    columns.gaps[of.code] = (
        *(Gap(GapKind.ITEM, item) for item in items),
        *columns.gaps.get(of.code, ()),
    )
    if said is not None:
        mask = sql.binary(exp.Add, sql.cast(said.unknown, "HUGEINT"), sql.wrapped(mask))
    columns.define(f"{of.code}.gaps", mask, out=True)
    parts = [
        _named(part, f"{of.code}/{at}", columns)
        for at, part in enumerate(_parts(of, said, reading, columns, about), 1)
    ]
    return _state(of, method, full, parts, _gate(method, said), columns)


def _said(of: ResolvedCriterion, columns: Columns, about: About) -> packed.Items | None:
    """What was said of the items of all parts; None where no part asks for evidence."""
    (facts, book), items = about, items_of(of.rule.method)
    table = book.table_of(Role.CHECKS)
    if not items or table is None:
        return None
    kind = "BIGINT" if len(items) <= packed.MASK_BITS else "HUGEINT"
    return packed.items(
        facts,
        table,
        checklist_items(book),
        of.code,
        lambda part, made: columns.define(f"{of.code}.{part}", made, kind),
    )


def _parts(
    of: ResolvedCriterion,
    said: packed.Items | None,
    reading: SqlReading,
    columns: Columns,
    about: About,
) -> Sequence[PartColumns]:
    made, first = [], 0
    for at, part in enumerate(of.parts, 1):
        if isinstance(part.method, Checklist):
            assert said is not None
            count = len(part.method.items)
            one = of_items(part.method, m.centi(part.points), some_items(said, first, count))
            first += count
        else:
            one = _measured(part, f"{of.code}/{at}", reading, columns, about)
        if part.applies is not None:
            applies = known_of(reading.truth(part.applies).holds, about[0], part.applies)
            name = f"{of.code}/{at}.applies"
            one = where_it_applies(one, columns.define(name, applies))
        made.append(one)
    return made


def _measured(
    part: ResolvedPart, name: str, reading: SqlReading, columns: Columns, about: About
) -> PartColumns:
    assert part.measure is not None and not isinstance(part.method, Checklist)
    found = scored(
        name, (part.method, part.points, part.measure), reading, columns, about, out=False
    )
    full = m.centi(part.points)
    known = sql.not_(sql.is_null(found.points))
    low = sql.function(exp.Coalesce, found.low, sql.whole(0))
    high = sql.function(exp.Coalesce, found.high, sql.whole(full))
    return PartColumns(full, known, found.points, low, high)


def _named(part: PartColumns, name: str, columns: Columns) -> PartColumns:
    """The same, as columns."""
    return replace(
        part,
        known=columns.define(f"{name}.known", part.known),
        score=columns.define(f"{name}.score", part.score, "INTEGER"),
        low=columns.define(f"{name}.low", part.low, "INTEGER"),
        high=columns.define(f"{name}.high", part.high, "INTEGER"),
    )


def _gate(method: Composed, said: packed.Items | None) -> ItemBits | None:
    """The items without which nothing is earned, behind those of the parts."""
    if not isinstance(method, Parts) or not method.gate or said is None:
        return None
    return some_items(said, len(items_of(method)) - len(method.gate), len(method.gate))


def _state(
    of: ResolvedCriterion,
    method: Composed,
    full: int,
    parts: Sequence[PartColumns],
    gate: ItemBits | None,
    columns: Columns,
) -> OpenState:
    each_known = sql.all_of([p.known for p in parts])
    low, high = (combined(method, full, parts, end) for end in ("low", "high"))
    at_scores, zero = combined(method, full, parts, "score"), sql.whole(0)
    if gate is not None:
        each_known = sql.all_of([each_known, gate.all_met])
        low = sql.case([(gate.all_met, low)], zero)
        high = sql.case([(gate.any_unmet, zero)], high)
    low = columns.define(f"{of.code}.least", low, "INTEGER")
    high = columns.define(f"{of.code}.most", high, "INTEGER")
    score = columns.define(
        f"{of.code}.points",
        sql.case([(each_known, at_scores), (sql.binary(exp.EQ, low, high), low)]),
        "INTEGER",
    )
    decided, still_open = sql.not_(sql.is_null(score)), _open_verdict(of, parts)
    ground = Ground.EVIDENCE if items_of(method) else Ground.FIGURES
    return OpenState(decided, score, low, high, still_open, ground, exp.true(), False)


def _open_verdict(of: ResolvedCriterion, parts: Sequence[PartColumns]) -> Sql:
    """What a criterion is while a part is open: 无法判断 where figures lack, otherwise 待评定."""
    figures = [
        sql.not_(part.known)
        for part, asked in zip(parts, of.parts, strict=True)
        if not isinstance(asked.method, Checklist)
    ]
    lacking = [(sql.any_of(figures), verdict(Verdict.UNASSESSABLE))] if figures else []
    return sql.case(lacking, verdict(Verdict.PENDING))
