"""What a bulk plan finds: the tests of its findings, their two sides, and in a brief plan the findings of a unit as one list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from sqlglot import exp

from gouji.base.verdict import RECOMPUTED, Ground, Verdict
from gouji.plan.brief import usual as brief
from gouji.plan.bulk_plan import (
    DIFFERS,
    DIFFERS_DEGREE,
    FOUND,
    NUMBER,
    SIDES,
    UNBALANCED,
    VERDICT,
    BulkFinding,
)
from gouji.plan.columns import Columns
from gouji.plan.engine.engine_nodes import Joined, Present, Record
from gouji.plan.engine.printing import printed
from gouji.plan.fold import missing
from gouji.plan.judging.openness import rests_on, verdict
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.decimals import decimal
from gouji.plan.sql.rational import Quantity, Whole
from gouji.plan.sql.shapes import Sql
from gouji.rules import (
    ResolvedBook,
    ResolvedCriterion,
    ResolvedTableRule,
    ResolvedTieOut,
)

LEFT, RIGHT = "左边", "右边"
NO_FINDINGS = "STRUCT(i USMALLINT, ln HUGEINT, ld HUGEINT, rn HUGEINT, rd HUGEINT)[]"
TIES_FOUND, SCORES_FOUND = "发现.不平", "发现.不符"
# Number, test and the two sides of what a finding says.
Row = tuple[int, Sql, Quantity | None, Quantity | None]


def ties_of(book: ResolvedBook) -> tuple[ResolvedTieOut | ResolvedTableRule, ...]:
    """Everything that is 平 or 不平: tie-outs, then rules over the rows of a table."""
    return (*book.tie_outs, *book.table_rules)


def verdict_is(code: str, columns: Columns, *which: Verdict) -> Sql:
    """Whether a rule has one of some verdicts."""
    return sql.any_of(
        [sql.binary(exp.EQ, columns.outcome(f"{code}.verdict"), verdict(v)) for v in which]
    )


def recomputed(of: ResolvedCriterion, columns: Columns) -> Sql:
    """Whether its score was worked out again, from figures that nothing contradicts."""
    again = verdict_is(of.code, columns, *RECOMPUTED)
    return sql.all_of(
        [again, sql.not_(rests_on(columns.outcome(f"{of.code}.ground"), Ground.CONTESTED))]
    )


def differs(of: ResolvedCriterion, columns: Columns) -> Sql:
    """Whether the score that was worked out again is another than the unit's own."""
    if columns.brief:
        # Without value where the score was not worked out again.
        return sql.function(
            exp.Coalesce,
            sql.binary(exp.NEQ, columns.outcome(f"{of.code}.given"), sql.column(f"{of.code}.self")),
            exp.false(),
        )
    other = sql.binary(exp.NEQ, columns.outcome(f"{of.code}.score"), sql.column(f"{of.code}.self"))
    return sql.function(exp.Coalesce, sql.all_of([other, recomputed(of, columns)]), exp.false())


def found_list(book: ResolvedBook, columns: Columns) -> Sql:
    """The findings of a unit as a list, NULL where there are none.

    Those of tie-outs are listed right above what they read, so that no layer further up has to hand on every figure.
    """
    scores = [
        (
            number,
            differs(c, columns),
            hundredths(c.code, "self", columns),
            hundredths(c.code, "given", columns),
        )
        for number, c in enumerate(book.criteria, 1)
    ]
    numbers = {t.code: number for number, t in enumerate(ties_of(book), len(scores) + 1)}
    ties = _rows(numbers, columns)
    lists = (
        [
            columns.define(
                SCORES_FOUND, sql.case([(sql.column(brief.EVEN), exp.null())], _list(scores))
            )
        ]
        if scores
        else []
    )
    if ties:
        lists.append(
            columns.define(
                TIES_FOUND, sql.case([(sql.column(brief.CLEAN), exp.null())], _list(ties))
            )
        )
    for summary in columns.summaries:
        rows = _rows(numbers, summary.columns)
        lists.append(summary.list(_list(rows), _list_of(rows, summary.without)))
        summary.close()
    made = (
        lists[0]
        if lists
        else exp.Cast(this=exp.null(), to=exp.DataType.build(NO_FINDINGS, dialect="duckdb"))
    )
    for other in lists[1:]:
        made = Joined(this=made, expression=other)
    return made


def _rows(numbers: Mapping[str, int], columns: Columns) -> list[Row]:
    """Number, test and sides of tie-outs; what nobody can judge is never off."""
    return [
        (numbers[code], test, columns.kept.get(f"{code}.left"), columns.kept.get(f"{code}.right"))
        for code, test in columns.off.items()
        if isinstance(test, exp.Column)
    ]


def _list_of(rows: Iterable[Row], become: Callable[[Sql], Sql]) -> Sql:
    """One entry for every row whose test is true, of what becomes of tests and sides; nothing where none can be."""
    made: list[Row] = []
    for number, test, left, right in rows:
        asked = become(test)
        if asked != exp.false() and not missing(asked):
            made.append((number, asked, _become(left, become), _become(right, become)))
    return _list(made) if made else exp.null()


def _become(of: Quantity | None, become: Callable[[Sql], Sql]) -> Quantity | None:
    return (
        Quantity(
            Whole(become(of.num.sql), of.num.bound),
            Whole(become(of.den.sql), of.den.bound),
            of.scale,
        )
        if of
        else None
    )


def _list(rows: Iterable[Row]) -> Sql:
    """One entry for every row whose test is true."""
    made = []
    for number, test, *sides in rows:
        parts = {NUMBER: sql.cast(sql.whole(number), "USMALLINT")}
        for names, side in zip(SIDES, sides, strict=True):
            for name, part in zip(
                names,
                (side.num.sql, side.den.sql) if side else (exp.null(), exp.null()),
                strict=True,
            ):
                parts[name] = sql.cast(part, "HUGEINT")
        packed = Record(expressions=[sql.named(v, k) for k, v in parts.items()])
        made.append(sql.case([(test, packed)]))
    return Present(this=exp.Array(expressions=made))


def hundredths(code: str, part: str, columns: Columns) -> Quantity:
    """A score of the plan as a quantity."""
    return Quantity(Whole(columns.outcome(f"{code}.{part}"), 10**6), q.ONE, Fraction(1, 100))


def wide_findings(book: ResolvedBook, lines: frozenset[str]) -> Iterator[BulkFinding]:
    """What findings are read off where every rule has its own columns; `lines`: the names of those."""
    for c in book.criteria:
        yield BulkFinding(
            c.code,
            DIFFERS,
            DIFFERS_DEGREE,
            f"{c.code}.{DIFFERS}",
            f"{c.code}.自评",
            f"{c.code}.得分",
        )
    for t in ties_of(book):
        left, right = (
            f"{t.code}.{name}" if f"{t.code}.{name}" in lines else None for name in (LEFT, RIGHT)
        )
        yield BulkFinding(t.code, UNBALANCED, t.rule.severity, f"{t.code}.{VERDICT}", left, right)


def brief_findings(book: ResolvedBook, columns: Columns) -> Iterator[BulkFinding]:
    """What findings are read off where a unit has one list of them."""
    for c in book.criteria:
        left, right = (
            _side(hundredths(c.code, part, columns), names)
            for part, names in zip(("self", "score"), SIDES, strict=True)
        )
        yield BulkFinding(c.code, DIFFERS, DIFFERS_DEGREE, FOUND, left, right)
    kept = {
        name: side for of in (columns, *columns.below.values()) for name, side in of.kept.items()
    }
    for t in ties_of(book):
        left, right = (
            _side(kept.get(f"{t.code}.{part}"), names)
            for part, names in zip(("left", "right"), SIDES, strict=True)
        )
        yield BulkFinding(t.code, UNBALANCED, t.rule.severity, FOUND, left, right)


def _side(of: Quantity | None, names: tuple[str, str]) -> str | None:
    """A side read off the numerator and denominator of a finding, as text: few rules differ in it."""
    if of is None:
        return None
    num, den = (
        part if part.constant is not None else Whole(sql.column(name), part.bound)
        for part, name in zip((of.num, of.den), names, strict=True)
    )
    return printed(decimal(Quantity(num, den, of.scale)))
