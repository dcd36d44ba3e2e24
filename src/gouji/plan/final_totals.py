"""What `book.yaml` says of totals -> SQL: bounds of bonuses and deductions, rounding, grades and what caps them."""

from __future__ import annotations

from sqlglot import exp

from gouji.plan.columns import Columns
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging.openness import bits, known_of
from gouji.plan.judging.scoring import centi
from gouji.plan.names import CAPPED, MAY_CAP
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.expression_sql import SqlReading
from gouji.plan.sql.shapes import Sql
from gouji.rules import AdjustBounds, Grade, ResolvedBook, Rounding, better_than


def is_plain(book: ResolvedBook) -> bool:
    """Whether a total is the sum of all criteria, whatever the unit."""
    return not book.adjusting and book.placed is None


def final(book: ResolvedBook, base: Sql, up: Sql, down: Sql) -> tuple[Sql, Sql]:
    """Points within the total, those of bonuses and of deductions -> what is added to the total, and the total, all in hundredths."""
    bounds = book.source.head.adjust or AdjustBounds()
    if bounds.at_most is not None:
        up = sql.least(up, sql.whole(centi(bounds.at_most)))
    if bounds.at_least is not None:
        down = sql.greatest(down, sql.whole(centi(bounds.at_least)))
    adjusted = sql.cast(sql.binary(exp.Add, up, down), "INTEGER")
    made = base
    if book.adjusting:
        # `greatest` passes over NULL, which a total of scores that are not all there must keep.
        total = sql.binary(exp.Add, sql.wrapped(base), adjusted)
        made = sql.greatest(total, sql.whole(centi(bounds.total_at_least)))
        if bounds.total_at_most is not None:
            made = sql.least(made, sql.whole(centi(bounds.total_at_most)))
        made = sql.case([(sql.not_(sql.is_null(base)), sql.cast(made, "INTEGER"))])
    rounding = book.source.head.round
    return adjusted, made if rounding is None else _rounded(made, rounding)


def _rounded(total: Sql, how: Rounding) -> Sql:
    """A total in hundredths, never below zero, to multiples of a step."""
    step, total = centi(how.to), sql.wrapped(total)

    def steps(more: int, times: int = 1) -> Sql:
        top = sql.binary(exp.Add, sql.binary(exp.Mul, total, sql.whole(times)), sql.whole(more))
        return exp.IntDiv(this=exp.Paren(this=top), expression=sql.whole(step * times))

    match how.by:
        case "half_up":
            whole = steps(step, 2)
        case "up":
            whole = steps(step - 1)
        case "down":
            whole = steps(0)
        case "half_even":
            whole = _half_even(total, steps(0), step)
    return sql.cast(sql.binary(exp.Mul, exp.Paren(this=whole), sql.whole(step)), "INTEGER")


def _half_even(total: Sql, below: Sql, step: int) -> Sql:
    left = exp.Paren(
        this=sql.binary(exp.Sub, total, sql.binary(exp.Mul, exp.Paren(this=below), sql.whole(step)))
    )
    twice = sql.binary(exp.Mul, left, sql.whole(2))
    odd = sql.binary(
        exp.EQ, exp.Mod(this=exp.Paren(this=below), expression=sql.whole(2)), sql.whole(1)
    )
    more = sql.any_of(
        [
            sql.binary(exp.GT, twice, sql.whole(step)),
            sql.all_of([sql.binary(exp.EQ, twice, sql.whole(step)), odd]),
        ]
    )
    return sql.binary(
        exp.Add, exp.Paren(this=below), sql.case([(more, sql.whole(1))], sql.whole(0))
    )


def add_caps(book: ResolvedBook, facts: Facts, columns: Columns) -> tuple[Sql, ...]:
    """Name what caps a grade: a condition each, and two columns of bits: of those that hold, and of those that may."""
    reading = SqlReading(facts, book.source.head.grades)
    found = tuple(
        columns.define(f"{CAPPED}.{at}", known_of(reading.truth(cap).holds, facts, cap), "BOOLEAN")
        for at, cap in enumerate(book.caps)
    )
    if found:
        holds = [sql.function(exp.Coalesce, cap, exp.false()) for cap in found]
        columns.define(CAPPED, bits(holds), "BIGINT", out=True)
        columns.define(MAY_CAP, bits([sql.is_null(cap) for cap in found]), "BIGINT", out=True)
    return found


def capped(grade: Sql, book: ResolvedBook, caps: tuple[Sql, ...], unknown: bool) -> Sql:
    """The grade, or that of the lowest cap below it; caps that may hold count where `unknown` says so."""
    head = book.source.head
    for cap, holds in zip(head.caps, caps, strict=True):
        above = better_than(cap.grade, head.grades)
        if not above:
            continue
        counts = sql.function(exp.Coalesce, holds, exp.true() if unknown else exp.false())
        high = exp.In(this=sql.wrapped(grade), expressions=[sql.text(name) for name in above])
        grade = sql.case([(sql.all_of([counts, high]), sql.text(cap.grade))], grade)
    return grade


def grade_at(total: Sql, grades: tuple[Grade, ...], counts: Sql) -> Sql:
    """The word of the grade whose range holds a total."""
    rows = []
    for g in grades:
        tests = [] if isinstance(counts, exp.Boolean) else [counts]
        if g.when.low is not None:
            tests.append(
                sql.binary(
                    exp.GTE if g.when.low_closed else exp.GT, total, sql.whole(centi(g.when.low))
                )
            )
        if g.when.high is not None:
            tests.append(
                sql.binary(
                    exp.LTE if g.when.high_closed else exp.LT, total, sql.whole(centi(g.when.high))
                )
            )
        rows.append((sql.all_of(tests), sql.text(g.name)))
    return sql.case(rows)


def why_capped(book: ResolvedBook) -> Sql:
    """What keeps the grade down, or may, as one text; without value where nothing does."""
    found = []
    for bit, cap in enumerate(book.source.head.caps):
        for name, form in (
            (CAPPED, "{}，等级至多为“{}”"),
            (MAY_CAP, "{}：还不能判断，成立则等级至多为“{}”"),
        ):
            test = sql.binary(
                exp.NEQ,
                exp.Paren(this=exp.BitwiseAnd(this=sql.column(name), expression=sql.whole(2**bit))),
                sql.whole(0),
            )
            found.append(sql.case([(test, sql.text(form.format(cap.why, cap.grade)))]))
    joined_ = exp.Anonymous(this="concat_ws", expressions=[sql.text("; "), *found])
    return exp.Nullif(this=joined_, expression=sql.text(""))
