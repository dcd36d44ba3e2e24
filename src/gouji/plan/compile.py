"""ResolvedBook -> Plan: one SQL statement as a tree. Knows no connection and no file.

Layers, each a SELECT over the one below: figures (one row a unit), then every named result above those it reads, totals last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from gouji.base.faults import RuleError, raise_all
from gouji.base.i18n import _
from gouji.base.outcome import Gap
from gouji.base.verdict import GROUNDS, UNDECIDED, UNSURE, Ground, Verdict
from gouji.plan.brief.usual import add_clean, in_brief
from gouji.plan.columns import Columns
from gouji.plan.grouping import bit_fields as packed
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging.contradicted import add_doubts
from gouji.plan.judging.criterion import add_criterion
from gouji.plan.judging.openness import rests_on, verdict
from gouji.plan.judging.scoring import centi
from gouji.plan.judging.table_rule import add_table_rules
from gouji.plan.judging.tie_out import add_tie_out
from gouji.plan.names import (
    GRADE,
    GRADE_HIGH,
    GRADE_LOW,
    GRADE_OWN,
    HIGH,
    LEAST,
    LOW,
    MOST,
    NAME,
    RESTS_ON,
    SELF,
    TOTAL,
    UNIT,
)
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.rational import TooLarge
from gouji.plan.sql.shapes import Sql
from gouji.rules import Grade, ResolvedBook, ResolvedCriterion, Role


@dataclass(frozen=True, slots=True)
class Plan:
    """The statement, and what its columns mean: the scale of each quantity and the reasons behind the bits of each `gaps` column."""

    query: exp.Select
    book: ResolvedBook
    scales: dict[str, Fraction]
    gaps: dict[str, tuple[Gap, ...]]

    def sql(self, dialect: str = "duckdb", *, pretty: bool = False) -> str:
        """The statement in the words of an engine."""
        return self.query.sql(dialect=dialect, pretty=pretty, identify=True)


def compile_book(
    book: ResolvedBook,
    halves: Iterable[str] = (),
    absent: Iterable[tuple[str, bool]] = (),
    aside: Iterable[tuple[str, bool]] = (),
) -> Plan:
    """Compile all rules into one statement. `halves` names the tables that carry a precision column beside each figure.

    `absent` names tables (and whether last year's) of which nobody sent a row: what cannot be judged without them is not worked out;
    `aside` those of which rows were set aside: of whom, the table `#aside` says when the plan is run.

    Raises an ExceptionGroup of RuleError for measures whose intermediate results could exceed 38 digits.
    """
    facts, columns = (
        Facts(
            book.tables,
            frozenset(halves),
            book.year,
            absent=frozenset(absent),
            aside=frozenset(aside),
        ),
        Columns(),
    )
    judge_all(book, facts, columns)
    units = book.table_of(Role.UNITS)
    assert units is not None
    return Plan(_stack(facts.select(units), columns), book, columns.scales, columns.gaps)


def judge_all(book: ResolvedBook, facts: Facts, columns: Columns) -> None:
    """Add the columns of every rule and of the totals. Raises an ExceptionGroup of RuleError, as `compile_book` does."""
    faults = []
    for tie_out in book.tie_outs:
        try:
            add_tie_out(tie_out, book, facts, columns)
        except TooLarge:
            faults.append(_too_large(book, tie_out.code, "check"))
    faults += [_too_large(book, code, "check") for code in add_table_rules(book, facts, columns)]
    if columns.brief:
        add_clean(facts, columns)
    own, columns.packs = _self_scores(book, facts)
    doubts = add_doubts(book, columns) if not faults else {}
    for criterion in book.criteria:
        try:
            add_criterion(
                criterion, book, facts, columns, own.get(criterion.code), doubts.get(criterion.code)
            )
        except TooLarge:
            faults.append(_too_large(book, criterion.code, "measure"))
    raise_all(faults)
    _totals(book, columns)


def _too_large(book: ResolvedBook, code: str, key: str) -> RuleError:
    return RuleError(
        _("公式的中间结果可能超过 38 位数字"),
        place=book.source.place(code, key),
        mend=_("少乘几个数, 或拆成几条规则"),
    )


def _self_scores(
    book: ResolvedBook, facts: Facts
) -> tuple[dict[str, Sql], tuple[packed.Pack, ...]]:
    """The unit's own score for each criterion, in hundredths, and what they are packed in."""
    table = book.table_of(Role.SELF_SCORES)
    if table is None or not book.criteria:
        return {}, ()
    made = packed.scores(facts, table, {c.code: centi(c.rule.weight) for c in book.criteria})
    return made.own, made.packs


def _stack(figures: exp.Select, columns: Columns) -> exp.Select:
    """The layers on top of each other; on top the columns that leave the plan."""
    return on_top(figures, columns, [sql.column(name) for name in (UNIT, NAME, *columns.outputs)])


def on_top(figures: exp.Select, columns: Columns, out: Sequence[Sql]) -> exp.Select:
    """The layers on top of each other, and what is read off them."""
    query = figures
    layers, made = columns.arranged(out)
    for number, added in enumerate(layers):
        layer = exp.select(exp.Star(), *(sql.named(e, title) for title, e in added.items()))
        query = layer.from_(
            query.subquery(exp.to_identifier(f"layer{number}", quoted=True), copy=False), copy=False
        )
    out = [
        sql.named(e, title.name) if isinstance(title, exp.Column) and e is not title else e
        for title, e in zip(out, made, strict=True)
    ]
    return exp.select(*out).from_(
        query.subquery(exp.to_identifier("outcomes", quoted=True), copy=False), copy=False
    )


def _totals(book: ResolvedBook, columns: Columns) -> None:
    if not book.criteria:
        return
    made: dict[str, Sql] = {}
    for title, part in (
        (TOTAL, "score"),
        (LOW, "low"),
        (HIGH, "high"),
        (LEAST, "least"),
        (MOST, "most"),
    ):
        made[title] = _added(book.criteria, part, columns)
    counts: Sql = exp.true()
    if book.source.head.not_applicable == "exclude":
        # What is left out for figures that are contested may count after all.
        share, possible = (
            _added(book.criteria, "weight", columns),
            _added(book.criteria, "possible", columns),
        )
        # Where no criterion applies there is nothing to grade.
        counts = sql.binary(exp.GT, possible, sql.whole(0))
        made = {
            title: _rescaled(e, share if title == TOTAL else possible, centi(book.total))
            for title, e in made.items()
        }
    known = sql.all_of([sql.not_(sql.is_null(sql.column(f"{c.code}.self"))) for c in book.criteria])
    made[SELF] = sql.case([(known, _added(book.criteria, "self", columns))])
    made |= _grounds(book, columns)
    if columns.brief:
        made, counts = in_brief(book, columns, made, counts)
    totals = {
        title: columns.define(title, e, out=title not in (LEAST, MOST)) for title, e in made.items()
    }
    grades = book.source.head.grades
    worst, best = (
        columns.define(f"{title}.grade", _grade(totals[title], grades, counts))
        for title in (LEAST, MOST)
    )
    # What rounding alone could bring changes no grade; what is open does.
    same = sql.any_of(
        [sql.binary(exp.EQ, worst, best), sql.all_of([sql.is_null(worst), sql.is_null(best)])]
    )
    columns.define(GRADE, sql.case([(same, worst)], sql.text(UNDECIDED)), out=True)
    for title, part in ((GRADE_LOW, LOW), (GRADE_HIGH, HIGH), (GRADE_OWN, SELF)):
        columns.define(
            title,
            _grade(totals[part], grades, exp.true() if title == GRADE_OWN else counts),
            out=True,
        )


def _grounds(book: ResolvedBook, columns: Columns) -> dict[str, Sql]:
    """Weights by what the points rest on. One sum holds those of all grounds but the first, a field of bits each, unless the total is too large for that;
    what rests on none of them rests on the first."""
    weight = sum(centi(c.rule.weight) for c in book.criteria)
    first, *others = GROUNDS
    width = 63 // len(others)
    if columns.brief or weight >= 2**width:
        return {
            f"{RESTS_ON}{of.value}": _added(book.criteria, "ground", columns, of) for of in Ground
        }
    packed_sum: Sql = sql.whole(0)
    for c in book.criteria:
        rests = sql.column(f"{c.code}.ground")
        shift = sql.binary(
            exp.Mul,
            sql.cast(exp.Paren(this=sql.binary(exp.Sub, rests, sql.whole(1))), "BIGINT"),
            sql.whole(width),
        )
        own = exp.BitwiseLeftShift(
            this=sql.cast(sql.whole(centi(c.rule.weight)), "BIGINT"),
            expression=exp.Paren(this=shift),
        )
        packed_sum = exp.Add(
            this=packed_sum,
            expression=sql.case(
                [(sql.binary(exp.GT, rests, sql.whole(0)), own)],
                sql.cast(sql.whole(0), "BIGINT"),
            ),
        )
    every = columns.define("依据", packed_sum, "BIGINT")
    found = {
        of: sql.cast(packed.part(every, width * i, 2**width - 1), "INTEGER")
        for i, of in enumerate(others)
    }
    rest = sql.binary(exp.Sub, sql.whole(weight), exp.Paren(this=sql.total(list(found.values()))))
    return {f"{RESTS_ON}{of.value}": made for of, made in {first: rest, **found}.items()}


def _added(
    criteria: Iterable[ResolvedCriterion], part: str, columns: Columns, of: Ground | None = None
) -> Sql:
    """Sum over criteria of a score column, or of the weights that apply (or may), or that rest on one ground.

    `least` and `most` are those of the range that what is open, contested or the unit's word alone leaves; what is decided stands at its score.
    """
    made: Sql = sql.whole(0)
    for c in criteria:
        made = exp.Add(this=made, expression=_part(c, part, columns, of))
    return sql.cast(made, "INTEGER")


def _part(c: ResolvedCriterion, part: str, columns: Columns, of: Ground | None) -> Sql:
    """What one criterion adds to such a sum."""
    weight, zero = sql.whole(centi(c.rule.weight)), sql.whole(0)
    if part == "ground" and of is not None:
        rests = columns.outcome(f"{c.code}.ground")
        made = sql.chosen(rests, lambda n: weight if n == GROUNDS.index(of) else zero)
        return made or sql.case([(rests_on(rests, of), weight)], zero)
    if part in ("weight", "possible"):
        left_out = sql.binary(
            exp.EQ, columns.outcome(f"{c.code}.verdict"), verdict(Verdict.NOT_APPLICABLE)
        )
        if part == "possible":
            contested = rests_on(columns.outcome(f"{c.code}.ground"), Ground.CONTESTED)
            left_out = sql.all_of([left_out, sql.not_(contested)])
        return sql.case([(left_out, zero)], weight)
    if part in ("least", "most"):
        if (sure := columns.late.get(f"{c.code}.at_{part}")) is not None:
            return sql.function(exp.Coalesce, sure, zero)
        unsure = rests_on(columns.outcome(f"{c.code}.ground"), *UNSURE)
        end = columns.outcome(f"{c.code}.{'low' if part == 'least' else 'high'}")
        return sql.function(
            exp.Coalesce, sql.case([(unsure, end)], columns.outcome(f"{c.code}.score")), zero
        )
    certain = [columns.outcome(f"{c.code}.low")] if part == "score" else []
    return sql.function(exp.Coalesce, columns.outcome(f"{c.code}.{part}"), *certain, zero)


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


def _grade(total: Sql, grades: tuple[Grade, ...], counts: Sql) -> Sql:
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


__all__ = [
    "GRADE",
    "GRADE_HIGH",
    "GRADE_LOW",
    "HIGH",
    "LOW",
    "NAME",
    "SELF",
    "TOTAL",
    "UNIT",
    "Plan",
    "compile_book",
]
