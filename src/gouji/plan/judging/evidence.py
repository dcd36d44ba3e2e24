"""A criterion that people judge -> how far it is decided: by a checklist of items, or by the marks of reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sqlglot import exp

from gouji.base.outcome import Gap, GapKind
from gouji.base.verdict import Ground, Verdict
from gouji.plan.columns import Columns
from gouji.plan.grouping import bit_fields as packed
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging import scoring as m
from gouji.plan.judging.openness import (
    OpenState,
    bits,
    verdict,
)
from gouji.plan.judging.scored_points import checklist_items, item_points
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.rational import Quantity, Whole
from gouji.plan.sql.shapes import Sql
from gouji.rules import (
    Checklist,
    ColumnRole,
    Judged,
    ResolvedBook,
    ResolvedCriterion,
    Role,
    Table,
)


def by_checklist(
    of: ResolvedCriterion, book: ResolvedBook, facts: Facts, columns: Columns
) -> OpenState:
    """How far a criterion is decided by the items that a check list says are met."""
    method, code = of.rule.method, of.code
    table = book.table_of(Role.CHECKS)
    assert isinstance(method, Checklist) and table is not None
    kind = "BIGINT" if len(method.items) <= packed.MASK_BITS else "HUGEINT"
    said = packed.items(
        facts,
        table,
        checklist_items(book),
        code,
        lambda part, made: columns.define(f"{code}.{part}", made, kind),
    )
    columns.gaps[code] = tuple(Gap(GapKind.ITEM, i.item) for i in method.items)
    gaps = columns.define(f"{code}.gaps", said.unknown, kind, out=True)
    if method.mode == "all_or_nothing":
        return _all_or_nothing(of, said, columns)
    return _item_by_item(of, method, said, gaps, columns)


def _all_or_nothing(of: ResolvedCriterion, said: packed.Items, columns: Columns) -> OpenState:
    """All points when every item is met, none as soon as one is not."""
    code, full = of.code, m.centi(of.rule.weight)
    decided = columns.define(f"{code}.decided", sql.any_of([said.any_unmet, said.all_met]))
    earned = sql.case([(said.all_met, sql.whole(full))], sql.whole(0))
    points = columns.define(f"{code}.points", earned)
    low, high = (sql.case([(decided, points)], sql.whole(end)) for end in (0, full))
    pending = verdict(Verdict.PENDING)
    return OpenState(decided, points, low, high, pending, Ground.EVIDENCE, decided, True)


def _item_by_item(
    of: ResolvedCriterion, method: Checklist, said: packed.Items, gaps: Sql, columns: Columns
) -> OpenState:
    """Each item earns its own points; `gaps`: the items that nobody answered."""
    code, full = of.code, m.centi(of.rule.weight)
    worth = [m.centi(i.points) for i in method.items]
    earned = columns.define(f"{code}.points", item_points(said.met, worth))
    columns.conclude(f"{code}.lost", item_points(said.unmet, worth), out=False)
    high = sql.binary(exp.Sub, sql.whole(full), columns.outcome(f"{code}.lost"))
    decided = sql.binary(exp.EQ, gaps, sql.whole(0))
    return OpenState(
        decided,
        earned,
        earned,
        high,
        verdict(Verdict.PENDING),
        Ground.EVIDENCE,
        decided,
        sum(worth) == full,
    )


def by_reviewers(
    of: ResolvedCriterion, book: ResolvedBook, facts: Facts, columns: Columns
) -> OpenState:
    """How far a criterion is decided by the marks of reviewers."""
    method, code = of.rule.method, of.code
    table = book.table_of(Role.REVIEWS)
    assert isinstance(method, Judged) and table is not None
    given = packed.marks(facts, table, code, m.centi(of.rule.weight))
    few = columns.define(
        f"{code}.few", sql.binary(exp.LT, given.count.sql, sql.whole(method.reviewers))
    )
    outside = columns.define(f"{code}.outside", q.compare_whole(">", given.outside, q.literal(0)))
    mean = _mean_mark(of, method, given, table, facts)
    reasons = [
        (few, Gap(GapKind.REVIEWERS, str(method.reviewers))),
        (outside, Gap(GapKind.MARK, str(of.rule.weight))),
        *_marks_lost(code, table, facts),
    ]
    columns.gaps[code] = tuple(gap for _test, gap in reasons)
    return _if_none_of(reasons, mean, code, columns)


def _if_none_of(
    reasons: Sequence[tuple[Sql, Gap]], mean: Sql, code: str, columns: Columns
) -> OpenState:
    """Points where there is no reason against them; otherwise marks are still to come, or stand in a table that cannot be used."""
    wrong = [test for test, _gap in reasons]
    columns.conclude(f"{code}.gaps", bits(wrong))
    decided = sql.not_(sql.any_of(wrong))
    points = columns.define(f"{code}.points", sql.case([(decided, mean)]))
    unread = [test for test, gap in reasons if gap.kind in (GapKind.MARK, GapKind.ASIDE)]
    unassessable = verdict(Verdict.UNASSESSABLE)
    open_verdict = sql.case([(sql.any_of(unread), unassessable)], verdict(Verdict.PENDING))
    return OpenState(
        decided, points, points, points, open_verdict, Ground.EVIDENCE, exp.true(), True
    )


def _marks_lost(code: str, table: Table, facts: Facts) -> list[tuple[Sql, Gap]]:
    """Whether a mark of the criterion was left blank and whether rows of the table were set aside, where either can be."""
    blank, partly = packed.blanks(facts, table, code), facts.incomplete([(table.table, False)])
    lost = []
    if blank is not None:
        mark = f"{table.table}.{table.with_role(ColumnRole.SCORE).name}"
        lost.append((blank, Gap(GapKind.MISSING, mark)))
    if partly != exp.false():
        lost.append((partly, Gap(GapKind.ASIDE, table.table)))
    return lost


def _mean_mark(
    of: ResolvedCriterion, method: Judged, given: packed.Marks, table: Table, facts: Facts
) -> Sql:
    """The mean of the reviewers' marks in hundredths, the least and the greatest left out where the method is a trimmed mean."""
    count, total = given.count, given.total
    if method.by == "trimmed_mean":
        least, most = _extreme_marks(of.code, table, facts)
        total, count = q.plus(total, q.minus(q.plus(least, most))), q.plus(count, q.literal(-2))
    safe = Whole(exp.Nullif(this=count.sql, expression=sql.whole(0)), count.bound)
    return m.hundredths(Quantity(total, safe, Fraction(1))).sql


def _extreme_marks(code: str, table: Table, facts: Facts) -> tuple[Whole, Whole]:
    mark = facts.source(table.table).whole(table.with_role(ColumnRole.SCORE).name)
    here = sql.binary(
        exp.EQ, sql.column(table.with_role(ColumnRole.CRITERION).name, table.table), sql.text(code)
    )
    least, most = (
        exp.Filter(this=kind(this=mark.sql), expression=exp.Where(this=here))
        for kind in (exp.Min, exp.Max)
    )
    return facts.grouped(table.table, f"{code}.Min", least, mark.bound), facts.grouped(
        table.table, f"{code}.Max", most, mark.bound
    )
