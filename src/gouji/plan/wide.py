"""ResolvedBook -> BulkPlan: the same judgement as `compile_book`, read off as a wide row a unit in the words of the field, for tables instead of reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from sqlglot import exp

from gouji.base.verdict import RECOMPUTED, Ground, Severity, Verdict
from gouji.plan.brief import exceptions as odd
from gouji.plan.brief import usual as brief
from gouji.plan.brief.per_table import joined, needed_above
from gouji.plan.bulk_plan import (
    DIFFERS,
    DIFFERS_DEGREE,
    FOUND,
    GROUND,
    GROUND_WORDS,
    NUMBER,
    SIDES,
    UNBALANCED,
    VERDICT,
    WORDS,
    BulkFinding,
    BulkPlan,
    Grouping,
)
from gouji.plan.columns import Columns
from gouji.plan.compile import judge_all, on_top
from gouji.plan.final_totals import why_capped
from gouji.plan.fold import missing
from gouji.plan.grouping.facts import Facts, grouped_name
from gouji.plan.grouping.row_sql import Limits
from gouji.plan.judging.openness import rests_on, verdict
from gouji.plan.names import (
    ADJUSTED,
    BASE,
    FIGURES,
    GRADE,
    GRADE_HIGH,
    GRADE_LOW,
    GRADE_OWN,
    HIGH,
    LOW,
    NAME,
    RESTS_ON,
    SELF,
    TOTAL,
    UNIT,
)
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.decimals import decimal
from gouji.plan.sql.rational import Quantity, Whole
from gouji.plan.sql.shapes import Sql
from gouji.rules import (
    Reading,
    ResolvedBook,
    ResolvedCriterion,
    ResolvedTableRule,
    ResolvedTieOut,
    Role,
    Steps,
    TwoSidedSteps,
)

READING_WORDS = {Reading.WHOLE: "满一个", Reading.BEGUN: "不足一个", Reading.PRORATA: "按比例"}
LEFT, RIGHT, MEASURED = "左边", "右边", "实测"
SCORECARD = {"单位代码": UNIT, "单位名称": NAME}
POINTS = {"得分": TOTAL, "得分下限": LOW, "得分上限": HIGH, "自评合计": SELF}
GRADES = {"等级": GRADE, "等级下限": GRADE_LOW, "等级上限": GRADE_HIGH, "自评等级": GRADE_OWN}
ADJUSTMENTS = {"总分内得分": BASE, "加减分": ADJUSTED}
WHY_CAPPED = "等级说明"
NO_FINDINGS = "STRUCT(i USMALLINT, ln HUGEINT, ld HUGEINT, rn HUGEINT, rd HUGEINT)[]"
TIES_FOUND, SCORES_FOUND = "发现.不平", "发现.不符"
Row = tuple[int, Sql, Quantity | None, Quantity | None]


def compile_bulk(
    book: ResolvedBook,
    halves: Iterable[str] = (),
    limits: Limits | None = None,
    wide: bool = True,
    absent: Iterable[tuple[str, bool]] = (),
    full: Iterable[tuple[str, str]] = (),
    aside: Iterable[tuple[str, bool]] = (),
) -> BulkPlan:
    """Compile all rules for many units. `limits` are the digits that figures are known to have, `absent` the tables (with True: of the year before)
    of which nobody sent a row, `full` the columns that no row lacks; results do not depend on them, speed does. `aside` are tables of which rows were set
    aside, of units that the table `#aside` names.

    Without `wide` only what scorecards and findings are made of leaves the statement: the findings as one list a unit.

    Raises an ExceptionGroup of RuleError, as `compile_book` does.
    """
    facts = Facts(
        book.tables,
        frozenset(halves),
        book.year,
        limits or {},
        absent=frozenset(absent),
        full=frozenset(full),
        aside=frozenset(aside),
    )
    columns = Columns(brief=not wide)
    judge_all(book, facts, columns)
    concluded = {*columns.outputs, *columns.late, *(f"{code}.verdict" for code in columns.tests())}
    judged = tuple(rule.code for rule in book.rules if f"{rule.code}.verdict" in concluded)
    # Nothing is lost: a rule without a verdict would be left out of every count below.
    assert len(judged) == len(book.rules)
    units = book.table_of(Role.UNITS)
    assert units is not None
    card = dict(_scorecard(book, columns))
    lines = dict(_lines(book, columns)) if wide else {}
    every = tuple(_findings(book, frozenset(lines)) if wide else _brief_findings(book, columns))
    counts = tuple(name for name in card if name.startswith(UNBALANCED) or name == DIFFERS)
    if not wide:
        lines = {FOUND: _found(book, columns)}
    out = [sql.named(made, name) for name, made in (*card.items(), *lines.items())]
    groupings = tuple(
        _grouping(table, prior, made) for (table, prior), made in facts.groupings().items()
    )
    read = needed_above(columns, out)
    below = {home: joined(facts, home, of, read) for home, of in columns.below.items()}
    figures = exp.select(exp.Star()).from_(exp.Table(this=exp.to_identifier(FIGURES, quoted=True)))
    usual = (
        _text(on_top(figures, *odd.as_usual(columns, out[: len(card)]))) if columns.brief else ""
    )
    taken = facts.select(units, True, below, read)
    return BulkPlan(
        judged,
        tuple(card),
        every,
        counts,
        groupings,
        _text(taken),
        _text(on_top(figures, columns, out)),
        len(taken.expressions),
        usual,
    )


def _text(of: exp.Select) -> str:
    return of.sql(dialect="duckdb", identify=True)


def _grouping(table: str, prior: bool, made: exp.Select) -> Grouping:
    head = _text(exp.Select(expressions=made.expressions))
    return Grouping(
        grouped_name(table, prior), table, prior, head, _text(made).removeprefix(head).strip()
    )


def _found(book: ResolvedBook, columns: Columns) -> Sql:
    """The findings of a unit as a list, NULL where there are none.

    Those of tie-outs are listed right above what they read, so that no layer further up has to hand on every figure.
    """
    scores = [
        (
            number,
            _differs(c, columns),
            _hundredths(c.code, "self", columns),
            _hundredths(c.code, "given", columns),
        )
        for number, c in enumerate(book.criteria, 1)
    ]
    numbers = {t.code: number for number, t in enumerate(_ties(book), len(scores) + 1)}
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
        made = exp.Anonymous(this="list_concat", expressions=[made, other])
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
        packed = exp.Anonymous(
            this="struct_pack",
            expressions=[
                exp.PropertyEQ(this=exp.to_identifier(k), expression=v) for k, v in parts.items()
            ],
        )
        made.append(sql.case([(test, packed)]))
    return exp.Anonymous(
        this="list_filter",
        expressions=[exp.Array(expressions=made), exp.Var(this="lambda f : f IS NOT NULL")],
    )


def _hundredths(code: str, part: str, columns: Columns) -> Quantity:
    """A score of the plan as a quantity."""
    return Quantity(Whole(columns.outcome(f"{code}.{part}"), 10**6), q.ONE, Fraction(1, 100))


def _words(of: Sql, words: Iterable[str]) -> Sql:
    """A coded column as words; an ENUM, so that writing it needs no dictionary of its own."""
    listed = [sql.text(w) for w in words]
    kind = exp.DataType(this=exp.DataType.Type.ENUM, expressions=listed)
    array = exp.DataType(this=exp.DataType.Type.ARRAY, expressions=[kind], nested=True)
    return exp.Anonymous(
        this="list_extract",
        expressions=[
            exp.Cast(this=exp.Array(expressions=listed), to=array),
            sql.binary(exp.Add, of, sql.whole(1)),
        ],
    )


def _points(of: Sql) -> Sql:
    """Hundredths -> points."""
    return exp.Mul(
        this=sql.cast(of, "DECIMAL(7, 0)"),
        expression=sql.cast(exp.Literal.number("0.01"), "DECIMAL(2, 2)"),
    )


def _ties(book: ResolvedBook) -> tuple[ResolvedTieOut | ResolvedTableRule, ...]:
    """Everything that is 平 or 不平: tie-outs, then rules over the rows of a table."""
    return (*book.tie_outs, *book.table_rules)


def _is(code: str, columns: Columns, *which: Verdict) -> Sql:
    return sql.any_of(
        [sql.binary(exp.EQ, columns.outcome(f"{code}.verdict"), verdict(v)) for v in which]
    )


def _scorecard(book: ResolvedBook, columns: Columns) -> Iterator[tuple[str, Sql]]:
    for name, column in SCORECARD.items():
        yield name, sql.column(column)
    if book.criteria:
        for name, column in POINTS.items():
            yield name, _points(sql.column(column))
        for name, column in GRADES.items():
            yield name, sql.column(column)
        if book.adjusting:
            for name, column in ADJUSTMENTS.items():
                yield name, _points(sql.column(column))
        if book.caps:
            yield WHY_CAPPED, why_capped(book)
        for of, word in GROUND_WORDS.items():
            yield word, _points(sql.column(f"{RESTS_ON}{of.value}"))
    for severity in Severity:
        codes = [t.code for t in _ties(book) if t.rule.severity is severity]
        made = (
            brief.off(columns, codes)
            if columns.brief
            else sql.count(_is(code, columns, Verdict.UNBALANCED) for code in codes)
        )
        yield f"{UNBALANCED}{severity.value}", sql.cast(made, "USMALLINT")
    for word, made in {
        Verdict.UNASSESSABLE.value: _unassessable(book, columns),
        Verdict.PENDING.value: _pending(book, columns),
        DIFFERS: _differing(book, columns),
    }.items():
        yield word, sql.cast(made, "USMALLINT")


def _unassessable(book: ResolvedBook, columns: Columns) -> Sql:
    if columns.brief:
        criteria = [columns.outcome(f"{c.code}.unassessable") for c in book.criteria]
        return sql.binary(
            exp.Add, brief.where_open(columns, criteria, brief.SETTLED), brief.open_ones(columns)
        )
    return sql.count(
        _is(rule.code, columns, Verdict.UNASSESSABLE) for rule in (*book.criteria, *_ties(book))
    )


def _pending(book: ResolvedBook, columns: Columns) -> Sql:
    if columns.brief:
        return brief.where_open(
            columns, [columns.outcome(f"{c.code}.pending") for c in book.criteria], brief.SETTLED
        )
    return sql.count(_is(c.code, columns, Verdict.PENDING) for c in book.criteria)


def _differing(book: ResolvedBook, columns: Columns) -> Sql:
    tests = [_differs(c, columns) for c in book.criteria]
    return brief.where_open(columns, tests, brief.EVEN) if columns.brief else sql.count(tests)


def _recomputed(of: ResolvedCriterion, columns: Columns) -> Sql:
    """Whether its score was worked out again, from figures that nothing contradicts."""
    again = _is(of.code, columns, *RECOMPUTED)
    return sql.all_of(
        [again, sql.not_(rests_on(columns.outcome(f"{of.code}.ground"), Ground.CONTESTED))]
    )


def _differs(of: ResolvedCriterion, columns: Columns) -> Sql:
    if columns.brief:
        # Without value where the score was not worked out again.
        return sql.function(
            exp.Coalesce,
            sql.binary(exp.NEQ, columns.outcome(f"{of.code}.given"), sql.column(f"{of.code}.self")),
            exp.false(),
        )
    other = sql.binary(exp.NEQ, columns.outcome(f"{of.code}.score"), sql.column(f"{of.code}.self"))
    return sql.function(exp.Coalesce, sql.all_of([other, _recomputed(of, columns)]), exp.false())


def _lines(book: ResolvedBook, columns: Columns) -> Iterator[tuple[str, Sql]]:
    for c in book.criteria:
        yield (
            f"{c.code}.{VERDICT}",
            _words(sql.column(f"{c.code}.verdict"), WORDS[VERDICT]),
        )
        for name, column in {
            "得分": "score",
            "下限": "low",
            "上限": "high",
            "自评": "self",
        }.items():
            yield f"{c.code}.{name}", _points(sql.column(f"{c.code}.{column}"))
        yield (
            f"{c.code}.{GROUND}",
            _words(sql.column(f"{c.code}.ground"), WORDS[GROUND]),
        )
        yield f"{c.code}.{DIFFERS}", _differs(c, columns)
        measured = columns.kept.get(f"{c.code}.measured")
        if measured is not None:
            yield (
                f"{c.code}.{MEASURED}",
                sql.case([(_is(c.code, columns, Verdict.DEDUCTED), decimal(measured))]),
            )
        if isinstance(c.rule.method, (Steps, TwoSidedSteps)):
            for reading, word in READING_WORDS.items():
                made = sql.column(f"{c.code}.{reading}")
                differs = sql.all_of(
                    [
                        sql.binary(exp.NEQ, made, sql.column(f"{c.code}.score")),
                        _recomputed(c, columns),
                    ]
                )
                yield f"{c.code}.{word}", sql.case([(differs, _points(made))])
    for t in _ties(book):
        yield (
            f"{t.code}.{VERDICT}",
            _words(sql.column(f"{t.code}.verdict"), WORDS[VERDICT]),
        )
        for name, side in ((LEFT, "left"), (RIGHT, "right")):
            if f"{t.code}.{side}" in columns.kept:
                yield (
                    f"{t.code}.{name}",
                    sql.case(
                        [
                            (
                                _is(t.code, columns, Verdict.UNBALANCED),
                                decimal(columns.kept[f"{t.code}.{side}"]),
                            )
                        ]
                    ),
                )


def _findings(book: ResolvedBook, lines: frozenset[str]) -> Iterator[BulkFinding]:
    for c in book.criteria:
        yield BulkFinding(
            c.code,
            DIFFERS,
            DIFFERS_DEGREE,
            f"{c.code}.{DIFFERS}",
            f"{c.code}.自评",
            f"{c.code}.得分",
        )
    for t in _ties(book):
        left, right = (
            f"{t.code}.{name}" if f"{t.code}.{name}" in lines else None for name in (LEFT, RIGHT)
        )
        yield BulkFinding(t.code, UNBALANCED, t.rule.severity, f"{t.code}.{VERDICT}", left, right)


def _brief_findings(book: ResolvedBook, columns: Columns) -> Iterator[BulkFinding]:
    for c in book.criteria:
        left, right = (
            _side(_hundredths(c.code, part, columns), names)
            for part, names in zip(("self", "score"), SIDES, strict=True)
        )
        yield BulkFinding(c.code, DIFFERS, DIFFERS_DEGREE, FOUND, left, right)
    kept = {
        name: side for of in (columns, *columns.below.values()) for name, side in of.kept.items()
    }
    for t in _ties(book):
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
    return decimal(Quantity(num, den, of.scale)).sql(dialect="duckdb", identify=True)
