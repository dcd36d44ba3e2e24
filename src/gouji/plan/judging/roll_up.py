"""A roll-up -> counts of nodes by outcome, in one statement: a row gives its figures to its own node and to the node above it.

Node: the code of a row. The total row is the node above the first level. Nothing is joined: each row is taken twice, once as itself (side 0)
and once as a part of its parent (side 1), and both are gathered by node, then by unit.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from gouji.base.outcome import Gap, GapKind
from gouji.plan.grouping.facts import UNIT, Facts
from gouji.plan.grouping.row_sql import ROWS_AT_MOST
from gouji.plan.judging.each_row import Counted
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.shapes import Sql
from gouji.rules import Column, ColumnRole, ResolvedRollUp

# Levels: 0 is the total row, 1 the first level, …; rows outside the hierarchy and codes that are none are told apart below it.
OUTSIDE, NO_CODE = -1, -2
CODE, NODE, LEVEL, OWN, BELOW, SIDE = "code", "node", "level", "own", "below", "side"
FAILS, WITHINS = "fails", "withins"


def node_counts(of: ResolvedRollUp, facts: Facts) -> Counted:
    """Counts of nodes that fail and that balance within rounding; what keeps others from being judged. `facts` joins the statement."""
    code, columns = of.code, range(len(of.rule.columns))
    tests = [*_missing(of), *_shape(of)]
    titles = [f"{code}.nodes_{part}" for part in (FAILS, WITHINS, *range(len(tests)))]
    counts = [
        _added([_count(_unbalanced(i, False)) for i in columns]),
        _added([_count(_unbalanced(i, True)) for i in columns]),
        *tests,
    ]
    nodes = _nodes(of, facts).subquery(exp.to_identifier("nodes", quoted=True))
    made = exp.select(
        sql.column(UNIT), *(sql.named(e, title) for title, e in zip(titles, counts, strict=True))
    )
    facts.derive(f"{code}.nodes", made.from_(nodes).group_by(sql.column(UNIT)), titles)
    found: list[Sql] = [sql.column(title) for title in titles]
    fails, withins = (sql.binary(exp.GT, e, sql.whole(0)) for e in found[:2])
    return fails, withins, list(zip(_gaps(of), found[2:], strict=True))


def _gaps(of: ResolvedRollUp) -> list[Gap]:
    """What may keep a node from being judged: a column without figures, then the shape of the table."""
    table = of.table.table
    shape = (GapKind.NO_TOTAL, GapKind.ORPHAN, GapKind.BARE, GapKind.BAD_CODE)
    missing = [Gap(GapKind.MISSING, f"{table}.{name}") for name in of.rule.columns]
    return [*missing, *(Gap(kind, table) for kind in shape)]


def _contributions(of: ResolvedRollUp, facts: Facts) -> exp.Select:
    """Each row of the year twice: its unit, the node it counts for, its level, its figures and half of their last places."""
    code, level = sql.column(CODE), sql.column(LEVEL)
    # Unnested, not joined with two sides: a condition on the node of a join is asked for every pair, and works out the level of the code anew.
    nodes = exp.Explode(this=exp.Array(expressions=[code, _parent(of.by, code, level)]))
    figures = [
        sql.column(f"{part}{i}") for i, _ in enumerate(of.rule.columns) for part in ("v", "h")
    ]
    kept = [sql.column(UNIT), level, *figures]
    rows = _rows(of, facts).subquery(exp.to_identifier("rows", quoted=True))
    doubled = exp.select(*kept, code, sql.named(nodes, NODE)).from_(rows)
    # No code is its own parent.
    is_own = sql.binary(exp.EQ, sql.column(NODE), code)
    side = sql.named(sql.case([(is_own, sql.whole(0))], sql.whole(1)), SIDE)
    return exp.select(*kept, sql.column(NODE), side).from_(
        doubled.subquery(exp.to_identifier("doubled", quoted=True))
    )


def _rows(of: ResolvedRollUp, facts: Facts) -> exp.Select:
    """Each row of the year: its unit, its code, the level of the code, its figures and half of their last places."""
    source, table = facts.source(of.table.table), of.table
    code = sql.column(of.by.name, source.alias)
    unit = sql.column(table.with_role(ColumnRole.UNIT).name, source.alias)
    key = ((unit, UNIT), (code, CODE), (_level(of.by, code), LEVEL))
    parts = [sql.named(made, name) for made, name in key]
    for i, name in enumerate(of.rule.columns):
        parts += [
            sql.named(source.whole(name).sql, f"v{i}"),
            sql.named(source.half(name).sql, f"h{i}"),
        ]
    query = exp.select(*parts).from_(exp.Table(this=exp.to_identifier(source.alias, quoted=True)))
    return query.where(facts.of_year(table.table))


def _level(by: Column, code: Sql) -> Sql:
    """The level of a code."""
    digits = sql.binary(
        exp.EQ,
        exp.Anonymous(this="TRANSLATE", expressions=[code, sql.text("0123456789"), sql.text("")]),
        sql.text(""),
    )
    length: Sql = exp.Length(this=code)
    branches = (
        [(sql.binary(exp.EQ, code, sql.text(by.total)), sql.whole(0))]
        if by.total is not None
        else []
    )
    if by.words:
        branches.append(
            (exp.In(this=code, expressions=[sql.text(w) for w in by.words]), sql.whole(OUTSIDE))
        )
    branches += [
        (sql.all_of([digits, sql.binary(exp.EQ, length, sql.whole(n))]), sql.whole(i + 1))
        for i, n in enumerate(by.levels)
    ]
    return sql.case(branches, sql.whole(NO_CODE))


def _parent(by: Column, code: Sql, level: Sql) -> Sql:
    """The node above a code; NULL for the total, for a first level without a total, and outside the hierarchy."""
    branches: list[tuple[Sql, Sql]] = []
    if by.total is not None:
        branches.append((sql.binary(exp.EQ, level, sql.whole(1)), sql.text(by.total)))
    for i, n in enumerate(by.levels[:-1]):
        above = exp.Substring(this=code, start=sql.whole(1), length=sql.whole(n))
        branches.append((sql.binary(exp.EQ, level, sql.whole(i + 2)), above))
    return sql.case(branches)


def _nodes(of: ResolvedRollUp, facts: Facts) -> exp.Select:
    """One row a unit and node: its own rows, rows below it, of each column the stated figure, the sum below, the slack and how many have a figure."""
    own, below = (sql.binary(exp.EQ, sql.column(SIDE), sql.whole(n)) for n in (0, 1))
    parts: list[Sql] = [
        sql.column(UNIT),
        sql.column(NODE),
        sql.named(_where(exp.Max(this=sql.column(LEVEL)), own), LEVEL),
        sql.named(_where(exp.Count(this=exp.Star()), own), OWN),
        sql.named(_where(exp.Count(this=exp.Star()), below), BELOW),
    ]
    source = facts.source(of.table.table)
    for i, name in enumerate(of.rule.columns):
        # A row counts on both sides.
        most = 2 * ROWS_AT_MOST * max(source.whole(name).bound, source.half(name).bound)
        parts += _sums(i, own, below, most)
    rows = _contributions(of, facts).subquery(exp.to_identifier("parts", quoted=True))
    known = sql.not_(sql.is_null(sql.column(NODE)))
    return exp.select(*parts).from_(rows).where(known).group_by(sql.column(UNIT), sql.column(NODE))


def _sums(i: int, own: Sql, below: Sql, most: int) -> list[Sql]:
    """Of the i-th column of a node: what it lacks of the sum below, the slack (neither above `most`), the stated figure, and how many figures stand there and below."""
    value, half = sql.column(f"v{i}"), sql.column(f"h{i}")
    signed = sql.case([(own, value)], exp.Neg(this=value))
    halves = sql.case([(sql.not_(sql.is_null(value)), half)])
    return [
        *(
            sql.named(
                sql.cast(sql.function(exp.Coalesce, q.sum_of(of, most), sql.whole(0)), "HUGEINT"),
                f"{name}{i}",
            )
            for name, of in (("gap", signed), ("slack", halves))
        ),
        sql.named(_where(exp.Max(this=value), own), f"stated{i}"),
        sql.named(_where(exp.Count(this=value), own), f"own{i}"),
        sql.named(_where(exp.Count(this=value), below), f"below{i}"),
    ]


def _where(made: Sql, test: Sql) -> Sql:
    return exp.Filter(this=made, expression=exp.Where(this=test))


def _count(test: Sql) -> Sql:
    return _where(exp.Count(this=exp.Star()), test)


def _added(counts: Sequence[Sql]) -> Sql:
    made = counts[0]
    for count in counts[1:]:
        made = sql.binary(exp.Add, made, count)
    return made


def _checked() -> Sql:
    """Whether a node is added up: it stands in the table and rows stand below it. Below a total row there may be none: then it must be zero."""
    is_total = sql.binary(exp.EQ, sql.column(LEVEL), sql.whole(0))
    has_parts = sql.binary(exp.GT, sql.column(BELOW), sql.whole(0))
    inside = sql.binary(exp.GTE, sql.column(LEVEL), sql.whole(0))
    return sql.all_of([_positive(OWN), inside, sql.any_of([is_total, has_parts])])


def _positive(name: str) -> Sql:
    return sql.binary(exp.GT, sql.column(name), sql.whole(0))


def _complete(i: int) -> Sql:
    return sql.all_of(
        [
            sql.binary(exp.EQ, sql.column(f"own{i}"), sql.column(OWN)),
            sql.binary(exp.EQ, sql.column(f"below{i}"), sql.column(BELOW)),
        ]
    )


def _unbalanced(i: int, within: bool) -> Sql:
    """Whether the figures of column `i` differ, within rounding or beyond it."""
    far: Sql = exp.Abs(this=sql.column(f"gap{i}"))
    beyond = sql.binary(exp.GT, far, sql.column(f"slack{i}"))
    test = (
        sql.all_of([sql.binary(exp.GT, far, sql.whole(0)), sql.not_(beyond)]) if within else beyond
    )
    return sql.all_of([_checked(), _complete(i), test])


def _missing(of: ResolvedRollUp) -> list[Sql]:
    """Of each column: whether the form prints it and a node lacks a figure in it; or whether the form prints none of the columns."""
    printed = [
        sql.binary(exp.GT, exp.Sum(this=sql.column(f"own{i}")), sql.whole(0))
        for i, _ in enumerate(of.rule.columns)
    ]
    none = sql.not_(sql.any_of(printed))
    found = []
    for i, test in enumerate(printed):
        lacking = [
            sql.binary(
                exp.GT, _count(sql.all_of([_checked(), sql.not_(_complete(i))])), sql.whole(0)
            )
        ]
        blank = sql.binary(exp.LT, sql.column(f"own{i}"), sql.column(OWN))
        lacking += [_some_bare(level, blank) for level in range(1, len(of.by.levels))]
        found.append(sql.any_of([none, sql.all_of([test, sql.any_of(lacking)])]))
    return found


def _some_bare(n: int, test: Sql) -> Sql:
    """Whether a node of the n-th level has no rows below it where the table goes deeper elsewhere, and meets a test."""
    level = sql.column(LEVEL)
    deeper = sql.binary(exp.GT, exp.Max(this=level), sql.whole(n))
    here = sql.all_of(
        [
            sql.binary(exp.EQ, level, sql.whole(n)),
            sql.binary(exp.EQ, sql.column(BELOW), sql.whole(0)),
            test,
        ]
    )
    return sql.all_of([deeper, sql.binary(exp.GT, _count(here), sql.whole(0))])


def _shape(of: ResolvedRollUp) -> list[Sql]:
    """Whether the total row is missing; a row's parent; the rows below an amount, where the table goes deeper elsewhere; and codes that are none."""
    levels, total = of.by.levels, of.by.total
    level = sql.column(LEVEL)
    no_total: Sql = exp.false()
    orphan = sql.binary(exp.EQ, sql.column(OWN), sql.whole(0))
    if total is not None:
        no_total = sql.binary(exp.EQ, _count(sql.binary(exp.EQ, level, sql.whole(0))), sql.whole(0))
        orphan = sql.all_of([orphan, sql.binary(exp.NEQ, sql.column(NODE), sql.text(total))])
    amount = sql.any_of(
        [
            sql.binary(exp.NEQ, sql.column(f"stated{i}"), sql.whole(0))
            for i, _ in enumerate(of.rule.columns)
        ]
    )
    bare = [_some_bare(n, amount) for n in range(1, len(levels))]
    no_code = sql.binary(
        exp.GT, _count(sql.binary(exp.EQ, level, sql.whole(NO_CODE))), sql.whole(0)
    )
    return [no_total, sql.binary(exp.GT, _count(orphan), sql.whole(0)), sql.any_of(bare), no_code]
