"""What a brief plan says of units that have nothing open: plain sums, and the general case only for the others.

In what bureaus receive, nearly every unit has every criterion decided and no tie-out off. The columns `SETTLED` and `CLEAN` say so; everything
else stands in the ELSE of a CASE, which costs nothing for rows that do not come to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlglot import exp

from gouji.base.verdict import GROUNDS, Ground
from gouji.plan.brief.per_table import Summary
from gouji.plan.columns import Columns
from gouji.plan.fold import bare, missing
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging.scoring import centi
from gouji.plan.names import HIGH, LEAST, LOW, MOST, RESTS_ON, SELF, TOTAL
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.shapes import Sql
from gouji.rules import ResolvedBook

SETTLED, EVEN, CLEAN, POINTS = "都定", "都同", "都平", "都定.score"


def in_brief(
    book: ResolvedBook, columns: Columns, general: dict[str, Sql], counts: Sql, plain_sums: bool
) -> tuple[dict[str, Sql], Sql]:
    """Totals as `general` has them, and whether the unit counts; where all criteria are decided, by adding up alone.

    Where totals are more than the sum of all criteria (not `plain_sums`) nothing is as usual.
    """
    if not plain_sums:
        for name in (SETTLED, EVEN):
            columns.define(name, exp.false())
        return general, counts
    usual = list(columns.usual.values())
    # A score without value makes the sum one without value: the cheapest test that all have one.
    points = columns.define(POINTS, sql.total([u.score for u in usual]))
    settled = _settled(columns, points)
    even = _even(columns, settled)
    # Where nothing is off nothing is contested.
    sure = sql.all_of([settled, sql.column(CLEAN)])
    made = dict(general)
    for title, plain in _plain_totals(book, columns, points).items():
        if title in general:
            usually = sql.cast(plain, "INTEGER")
            made[title] = sql.case([(settled if title == TOTAL else sure, usually)], general[title])
    # A self-score without value makes this sum one without value, as it should.
    own = sql.cast(sql.total([u.own for u in usual]), "INTEGER")
    # Where every one of them is right so is their sum, and none has to be taken out of what it is packed in.
    made[SELF] = sql.case([(even, sql.cast(points, "INTEGER"))], own)
    always = isinstance(counts, exp.Boolean)
    return made, counts if always else sql.case([(settled, exp.true())], counts)


def _settled(columns: Columns, points: Sql) -> Sql:
    """Whether every criterion is decided; `points`: the sum of their scores."""
    tests = [u.test for u in columns.usual.values() if u.test != exp.true()]
    return columns.define(SETTLED, sql.all_of([*tests, sql.not_(sql.is_null(points))]))


def _even(columns: Columns, settled: Sql) -> Sql:
    """Whether every criterion is decided and every score is the unit's own."""
    usual = columns.usual.items()
    given = {code: u.score for code, u in usual}
    same = [p.same(given) for p in columns.packs] or [
        sql.binary(exp.EQ, u.score, u.own) for _, u in usual
    ]
    return columns.define(EVEN, sql.all_of([settled, *same]))


def _plain_totals(book: ResolvedBook, columns: Columns, points: Sql) -> dict[str, Sql]:
    """The totals of a unit of which every criterion is decided and nothing is off, in hundredths of a point."""
    usual = columns.usual
    plain = {
        TOTAL: points,
        LOW: sql.total([u.low for u in usual.values()]),
        HIGH: sql.total([u.high for u in usual.values()]),
        LEAST: points,
        MOST: points,
    }
    for of in Ground:
        number = sql.whole(GROUNDS.index(of))
        weight = sum(centi(c.rule.weight) for c in book.criteria if usual[c.code].ground == number)
        plain[f"{RESTS_ON}{of.value}"] = sql.whole(weight)
    return plain


def add_clean(facts: Facts, columns: Columns) -> None:
    """Name the column that says that nothing is off or open of what is 平 or 不平; what never is 平 is left out of it."""
    columns.summaries = [Summary(home, below, facts) for home, below in columns.below.items()]
    tests = [test for test in columns.off.values() if isinstance(test, exp.Column)]
    columns.define(
        CLEAN,
        sql.all_of(
            [
                *(s.clear for s in columns.summaries),
                *([sql.not_(sql.any_of(tests))] if tests else []),
            ]
        ),
    )


def where_open(columns: Columns, tests: Iterable[Sql], usual: str) -> Sql:
    """How many of the tests hold; none where the column `usual` is true."""
    listed = [t for t in tests if t != exp.false()]
    return (
        sql.case([(sql.column(usual), sql.whole(0))], sql.count(listed)) if listed else sql.whole(0)
    )


def off(columns: Columns, codes: Collection[str]) -> Sql:
    """How many of some tie-outs are off."""
    return _counted(columns, codes, open_=False)


def open_ones(columns: Columns) -> Sql:
    """How many of all tie-outs cannot be judged."""
    always = sum(test == exp.null() for test in columns.off.values())
    partly = [
        sql.is_null(test)
        for test in columns.off.values()
        if test != exp.null() and not isinstance(test, exp.Column)
    ]
    made = _counted(columns, columns.tests().keys(), open_=True)
    for other in ([sql.count(partly)] if partly else []) + ([sql.whole(always)] if always else []):
        made = sql.binary(exp.Add, made, other)
    return made


def _counted(columns: Columns, codes: Collection[str], open_: bool) -> Sql:
    """How many of some tie-outs are off or open; none where all is 平."""
    listed = [
        test for code, test in columns.off.items() if code in codes and isinstance(test, exp.Column)
    ]
    parts = [_count(listed, open_)] if listed else []
    for summary in columns.summaries:
        own = [test for code, test in summary.columns.off.items() if code in codes]
        if own:
            parts.append(
                summary.count(_count(own, open_), _count(map(summary.without, own), open_))
            )
    return (
        sql.case([(sql.column(CLEAN), sql.whole(0))], sql.total(parts)) if parts else sql.whole(0)
    )


def _count(tests: Iterable[Sql], open_: bool) -> Sql:
    """How many of some tests are NULL (`open_`), or true."""
    known, asked = 0, []
    for test in map(bare, tests):
        if missing(test):
            known += open_
        elif isinstance(test, exp.Boolean):
            known += not open_ and bool(test.this)
        else:
            asked.append(
                sql.is_null(test) if open_ else sql.function(exp.Coalesce, test, exp.false())
            )
    return sql.cast(
        sql.total([*([sql.count(asked)] if asked else []), sql.whole(known)]), "USMALLINT"
    )
