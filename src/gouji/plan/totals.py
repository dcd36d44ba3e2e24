"""The columns of criteria -> those of totals, grades and points by what they rest on. `reference.unit_totals` says the same in Python."""

from __future__ import annotations

from collections.abc import Container, Iterable

from sqlglot import exp

from gouji.base.verdict import GROUNDS, UNDECIDED, UNSURE, Ground, Verdict
from gouji.plan.brief.usual import in_brief
from gouji.plan.columns import Columns
from gouji.plan.final_totals import add_caps, capped, final, grade_at, is_plain
from gouji.plan.grouping import bit_fields as packed
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging.openness import known_of, rests_on, verdict
from gouji.plan.judging.scoring import centi
from gouji.plan.names import (
    ADJUSTED,
    BASE,
    GRADE,
    GRADE_HIGH,
    GRADE_LOW,
    GRADE_OWN,
    HIGH,
    LEAST,
    LOW,
    MOST,
    PLACED,
    RESTS_ON,
    SELF,
    TOTAL,
)
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.expression_sql import SqlReading
from gouji.plan.sql.shapes import Sql
from gouji.rules import ResolvedBook, ResolvedCriterion, in_doubt_by_row

PARTS = {TOTAL: "score", LOW: "low", HIGH: "high", LEAST: "least", MOST: "most"}


def add_placed(book: ResolvedBook, facts: Facts, columns: Columns) -> None:
    """Name the column that says whether a unit is of a kind that has a set of criteria."""
    if book.placed is None:
        return
    holds = SqlReading(facts, book.source.head.grades).truth(book.placed).holds
    known = known_of(holds, facts, book.placed)
    columns.define(PLACED, sql.function(exp.Coalesce, known, exp.false()), "BOOLEAN", out=True)


def add_totals(book: ResolvedBook, facts: Facts, columns: Columns) -> None:
    """Add the columns of totals and grades, of a book that has criteria."""
    if not book.criteria:
        return
    made = {title: _added(book.scored, part, columns) for title, part in PARTS.items()}
    made, counts = _of_what_counts(book, made, columns)
    made[SELF] = _own(book, columns)
    made |= _grounds(book, columns)
    if columns.brief:
        made, counts = in_brief(book, columns, made, counts, is_plain(book))
    made = _with_adjustments(book, made, columns)
    totals = {
        title: columns.define(title, e, out=title not in (LEAST, MOST)) for title, e in made.items()
    }
    _grades(book, totals, counts, add_caps(book, facts, columns), columns)


def _grades(
    book: ResolvedBook,
    totals: dict[str, Sql],
    counts: Sql,
    caps: tuple[Sql, ...],
    columns: Columns,
) -> None:
    grades = book.source.head.grades

    def grade(title: str, unknown: bool) -> Sql:
        return capped(grade_at(totals[title], grades, counts), book, caps, unknown)

    worst = columns.define(f"{LEAST}.grade", grade(LEAST, True))
    best = columns.define(f"{MOST}.grade", grade(MOST, False))
    # What rounding alone could bring changes no grade; what is open does.
    same = sql.any_of(
        [sql.binary(exp.EQ, worst, best), sql.all_of([sql.is_null(worst), sql.is_null(best)])]
    )
    columns.define(GRADE, sql.case([(same, worst)], sql.text(UNDECIDED)), out=True)
    columns.define(GRADE_LOW, grade(LOW, True), out=True)
    columns.define(GRADE_HIGH, grade(HIGH, False), out=True)
    columns.define(GRADE_OWN, grade_at(totals[SELF], grades, exp.true()), out=True)


def _of_what_counts(
    book: ResolvedBook, made: dict[str, Sql], columns: Columns
) -> tuple[dict[str, Sql], Sql]:
    """Points within the total, out of the total where what does not apply is left out; and whether there is anything to grade."""
    counts: Sql = exp.true()
    if book.source.head.not_applicable == "exclude":
        # What is left out for figures that are contested may count after all.
        share = _added(book.scored, "weight", columns)
        possible = _added(book.scored, "possible", columns)
        counts = sql.binary(exp.GT, possible, sql.whole(0))
        scaled = {
            title: _rescaled(e, share if title == TOTAL else possible, centi(book.total))
            for title, e in made.items()
        }
        made = {title: _if_placed(book, e, made[title]) for title, e in scaled.items()}
        counts = counts if book.placed is None else sql.any_of([counts, _unplaced()])
    for title in (HIGH, MOST):
        made[title] = _if_placed(book, made[title], sql.whole(centi(book.total)))
    return made, counts


def _unplaced() -> Sql:
    return sql.not_(sql.column(PLACED))


def _if_placed(book: ResolvedBook, then: Sql, otherwise: Sql) -> Sql:
    return then if book.placed is None else sql.case([(_unplaced(), otherwise)], then)


def _own(book: ResolvedBook, columns: Columns) -> Sql:
    """The total of the unit's own scores within the total; without value where one is not there."""
    tests = [sql.not_(sql.is_null(sql.column(f"{c.code}.self"))) for c in book.criteria]
    if book.placed is not None:
        tests = [
            sql.any_of([test, _other_set(c, columns)]) if c.belongs is not None else test
            for test, c in zip(tests, book.criteria, strict=True)
        ]
        tests.append(sql.column(PLACED))
    return sql.case([(sql.all_of(tests), _added(book.scored, "self", columns))])


def _with_adjustments(book: ResolvedBook, made: dict[str, Sql], columns: Columns) -> dict[str, Sql]:
    """Totals with bonuses and deductions, within the bounds of the book, rounded as it says."""
    done = dict(made)
    for title, part in (*PARTS.items(), (SELF, "self")):
        up, down = (
            _added([c for c in book.adjusting if bool(c.rule.bottom) is low], part, columns)
            for low in (False, True)
        )
        adjusted, done[title] = final(book, made[title], up, down)
        if title == TOTAL and book.adjusting:
            done[BASE], done[ADJUSTED] = made[title], adjusted
    return done


def _grounds(book: ResolvedBook, columns: Columns) -> dict[str, Sql]:
    """Weights by what the points rest on, in hundredths."""
    weight = sum(centi(c.rule.weight) for c in book.scored)
    width = 63 // (len(GROUNDS) - 1)
    partly = in_doubt_by_row(book)
    if columns.brief or weight >= 2**width or book.placed is not None or partly:
        each = {of: _added(book.scored, "ground", columns, of, partly) for of in Ground}
        if book.placed is not None:
            left = sql.binary(
                exp.Sub, sql.whole(centi(book.total)), sql.wrapped(sql.total(list(each.values())))
            )
            each[Ground.OPEN] = sql.cast(
                sql.total([each[Ground.OPEN], sql.wrapped(left)]), "INTEGER"
            )
    else:
        each = _packed_grounds(book, columns, weight, width)
    return {f"{RESTS_ON}{of.value}": made for of, made in each.items()}


def _packed_grounds(
    book: ResolvedBook, columns: Columns, weight: int, width: int
) -> dict[Ground, Sql]:
    """Weights by ground out of one sum that holds those of all grounds but the first, a field of `width` bits each; the rest of `weight` rests on the first."""
    first, *others = GROUNDS
    packed_sum: Sql = sql.whole(0)
    for c in book.scored:
        own = _in_its_field(sql.column(f"{c.code}.ground"), centi(c.rule.weight), width)
        packed_sum = exp.Add(this=packed_sum, expression=own)
    every = columns.define("依据", packed_sum, "BIGINT")
    found = {
        of: sql.cast(packed.part(every, width * i, 2**width - 1), "INTEGER")
        for i, of in enumerate(others)
    }
    rest = sql.binary(exp.Sub, sql.whole(weight), exp.Paren(this=sql.total(list(found.values()))))
    return {first: rest, **found}


def _in_its_field(rests: Sql, weight: int, width: int) -> Sql:
    """A weight in the field of bits of the ground it rests on; zero for the first ground."""
    before = sql.cast(exp.Paren(this=sql.binary(exp.Sub, rests, sql.whole(1))), "BIGINT")
    shifted = exp.BitwiseLeftShift(
        this=sql.cast(sql.whole(weight), "BIGINT"),
        expression=exp.Paren(this=sql.binary(exp.Mul, before, sql.whole(width))),
    )
    has_field = sql.binary(exp.GT, rests, sql.whole(0))
    return sql.case([(has_field, shifted)], sql.cast(sql.whole(0), "BIGINT"))


def _added(
    criteria: Iterable[ResolvedCriterion],
    part: str,
    columns: Columns,
    of: Ground | None = None,
    partly: Container[str] = (),
) -> Sql:
    """Sum over criteria of a score column, or of the weights that apply (or may), or that rest on one ground.

    `least` and `most` are those of the range that what is open, contested or the unit's word alone leaves; what is decided stands at its score.
    """
    made: Sql = sql.whole(0)
    for c in criteria:
        own = _part(c, part, columns, of)
        if of is not None and c.code in partly:
            own = _without_doubt(c, own, columns, of)
        made = exp.Add(this=made, expression=own)
    return sql.cast(made, "INTEGER")


def _part(c: ResolvedCriterion, part: str, columns: Columns, of: Ground | None) -> Sql:
    """What one criterion adds to such a sum."""
    zero = sql.whole(0)
    if part in ("ground", "weight", "possible"):
        return _weight(c, part, columns, of)
    if part in ("least", "most"):
        if (sure := columns.late.get(f"{c.code}.at_{part}")) is not None:
            return sql.function(exp.Coalesce, sure, zero)
        unsure = rests_on(columns.outcome(f"{c.code}.ground"), *UNSURE)
        end = columns.outcome(f"{c.code}.{'low' if part == 'least' else 'high'}")
        return sql.function(
            exp.Coalesce, sql.case([(unsure, end)], columns.outcome(f"{c.code}.score")), zero
        )
    certain = [columns.outcome(f"{c.code}.low")] if part == "score" else []
    made = sql.function(exp.Coalesce, columns.outcome(f"{c.code}.{part}"), *certain, zero)
    if part == "self" and c.belongs is not None:
        return sql.case([(_other_set(c, columns), zero)], made)
    return made


def _without_doubt(c: ResolvedCriterion, own: Sql, columns: Columns, of: Ground) -> Sql:
    """Of a criterion of which single rows may be in doubt: the points that these may bring are contested, the rest follows from figures."""
    contested = rests_on(columns.outcome(f"{c.code}.ground"), Ground.CONTESTED)
    width = sql.binary(exp.Sub, columns.outcome(f"{c.code}.high"), columns.outcome(f"{c.code}.low"))
    match of:
        case Ground.CONTESTED:
            return sql.case([(contested, width)], own)
        case Ground.FIGURES:
            rest = sql.binary(exp.Sub, sql.whole(centi(c.rule.weight)), sql.wrapped(width))
            return sql.case([(contested, rest)], own)
    return own


def _weight(c: ResolvedCriterion, part: str, columns: Columns, of: Ground | None) -> Sql:
    """A criterion's weight, where it counts for what is added up."""
    weight, zero = sql.whole(centi(c.rule.weight)), sql.whole(0)
    if part == "ground" and of is not None:
        rests = columns.outcome(f"{c.code}.ground")
        if c.belongs is not None:
            elsewhere = sql.any_of([_unplaced(), _other_set(c, columns)])
            return sql.case([(elsewhere, zero), (rests_on(rests, of), weight)], zero)
        made = sql.chosen(rests, lambda n: weight if n == GROUNDS.index(of) else zero)
        return made or sql.case([(rests_on(rests, of), weight)], zero)
    left_out = sql.binary(
        exp.EQ, columns.outcome(f"{c.code}.verdict"), verdict(Verdict.NOT_APPLICABLE)
    )
    if part == "possible":
        contested = rests_on(columns.outcome(f"{c.code}.ground"), Ground.CONTESTED)
        left_out = sql.all_of([left_out, sql.not_(contested)])
    if c.belongs is not None:
        left_out = sql.any_of([left_out, _other_set(c, columns)])
    return sql.case([(left_out, zero)], weight)


def _other_set(c: ResolvedCriterion, columns: Columns) -> Sql:
    """Whether a criterion is for other kinds of unit."""
    return sql.binary(exp.EQ, columns.outcome(f"{c.code}.verdict"), verdict(Verdict.OTHER_SET))


def _rescaled(points: Sql, weights: Sql, total: int) -> Sql:
    """points × total ÷ weights that apply, in hundredths, halves up."""
    top = sql.binary(
        exp.Add, sql.binary(exp.Mul, sql.cast(points, "BIGINT"), sql.whole(2 * total)), weights
    )
    divided = exp.IntDiv(
        this=exp.Paren(this=top),
        expression=exp.Paren(
            this=sql.binary(
                exp.Mul, exp.Nullif(this=weights.copy(), expression=sql.whole(0)), sql.whole(2)
            )
        ),
    )
    # Where nothing applies there is nothing to share out.
    return sql.cast(sql.function(exp.Coalesce, divided, sql.whole(0)), "INTEGER")
