"""ResolvedBook -> BulkPlan: the same judgement as `compile_book`, read off as a wide row a unit in the words of the field, for tables instead of reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from gouji.base.verdict import Severity, Verdict
from gouji.plan.brief import exceptions as odd
from gouji.plan.brief import usual as brief
from gouji.plan.brief.per_table import joined, needed_above
from gouji.plan.bulk_found import (
    LEFT,
    RIGHT,
    brief_findings,
    differs,
    found_list,
    recomputed,
    ties_of,
    verdict_is,
    wide_findings,
)
from gouji.plan.bulk_plan import (
    DIFFERS,
    FOUND,
    GROUND,
    GROUND_WORDS,
    UNBALANCED,
    VERDICT,
    WORDS,
    BulkFinding,
    BulkPlan,
    Grouping,
)
from gouji.plan.columns import Columns
from gouji.plan.compile import judge_all, on_top
from gouji.plan.engine.engine_nodes import Element
from gouji.plan.engine.printing import printed
from gouji.plan.final_totals import why_capped
from gouji.plan.grouping.facts import Facts, grouped_name
from gouji.plan.grouping.row_sql import Limits
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
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.decimals import decimal
from gouji.plan.sql.shapes import Sql
from gouji.rules import (
    Reading,
    ResolvedBook,
    ResolvedCriterion,
    Role,
    Steps,
    TwoSidedSteps,
)

READING_WORDS = {Reading.WHOLE: "满一个", Reading.BEGUN: "不足一个", Reading.PRORATA: "按比例"}
MEASURED = "实测"
SCORECARD = {"单位代码": UNIT, "单位名称": NAME}
POINTS = {"得分": TOTAL, "得分下限": LOW, "得分上限": HIGH, "自评合计": SELF}
GRADES = {"等级": GRADE, "等级下限": GRADE_LOW, "等级上限": GRADE_HIGH, "自评等级": GRADE_OWN}
LINE_POINTS = {"得分": "score", "下限": "low", "上限": "high", "自评": "self"}
ADJUSTMENTS = {"总分内得分": BASE, "加减分": ADJUSTED}
WHY_CAPPED = "等级说明"
# The clauses of a grouping behind its columns.
GROUPED = ("from_", "where", "group")


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
    judged = _judged(book, columns)
    card = dict(_scorecard(book, columns))
    lines, found = _lines_and_findings(book, columns)
    counts = tuple(filter(_counts_findings, card))
    out = [sql.named(made, name) for name, made in (*card.items(), *lines.items())]
    groupings = list(_groupings(facts))
    taken = _figures(book, facts, columns, out)
    usual, judging = _statements(columns, out, len(card))
    width, figures = len(taken.expressions), printed(taken)
    return BulkPlan(
        judged, tuple(card), found, counts, tuple(groupings), figures, judging, width, usual
    )


def _counts_findings(name: str) -> bool:
    """Whether a column of the scorecard counts findings."""
    return name.startswith(UNBALANCED) or name == DIFFERS


def _lines_and_findings(
    book: ResolvedBook, columns: Columns
) -> tuple[dict[str, Sql], tuple[BulkFinding, ...]]:
    """What leaves the statement beside the scorecard, and where findings stand in it: columns of every rule, or of a brief plan one list."""
    if columns.brief:
        found = tuple(brief_findings(book, columns))
        return {FOUND: found_list(book, columns)}, found
    lines = dict(_lines(book, columns))
    return lines, tuple(wide_findings(book, frozenset(lines)))


def _statements(columns: Columns, out: Sequence[Sql], of_card: int) -> tuple[str, str]:
    """What judges figures: of a brief plan first those of the usual units, for which the first columns of `out`, the scorecard, are enough; then all."""
    figures = exp.select(exp.Star()).from_(exp.Table(this=exp.to_identifier(FIGURES, quoted=True)))
    usual = printed(on_top(figures, *odd.as_usual(columns, out[:of_card]))) if columns.brief else ""
    return usual, printed(on_top(figures, columns, out))


def _judged(book: ResolvedBook, columns: Columns) -> tuple[str, ...]:
    """The codes of all rules, each of which has a verdict: a rule without one would be left out of every count."""
    concluded = {*columns.outputs, *columns.late, *(f"{code}.verdict" for code in columns.tests())}
    judged = tuple(rule.code for rule in book.rules if f"{rule.code}.verdict" in concluded)
    assert len(judged) == len(book.rules)
    return judged


def _figures(book: ResolvedBook, facts: Facts, columns: Columns, out: Sequence[Sql]) -> exp.Select:
    """One row a unit: of the figures, those that `out` reads, and what each table says of its own tie-outs."""
    units = book.table_of(Role.UNITS)
    assert units is not None
    read = needed_above(columns, out)
    below = {home: joined(facts, home, of, read) for home, of in columns.below.items()}
    return facts.select(units, True, below, read)


def _groupings(facts: Facts) -> Iterator[Grouping]:
    """Every many-row table that figures are read of, one row a unit."""
    for (table, prior), made in facts.groupings().items():
        clauses = {name: part for name, part in made.args.items() if part}
        head = printed(exp.Select(expressions=clauses.pop("expressions")))
        # One more column may stand between the two.
        tail = " ".join(printed(clauses.pop(name)) for name in GROUPED if name in clauses)
        assert not clauses, "a grouping has no other clauses"
        yield Grouping(grouped_name(table, prior), table, prior, head, tail)


def _words(of: Sql, words: Iterable[str]) -> Sql:
    """A coded column as words; an ENUM, so that writing it needs no dictionary of its own."""
    listed = [sql.text(w) for w in words]
    kind = exp.DataType(this=exp.DataType.Type.ENUM, expressions=listed)
    array = exp.DataType(this=exp.DataType.Type.ARRAY, expressions=[kind], nested=True)
    return Element(
        this=exp.Cast(this=exp.Array(expressions=listed), to=array),
        expression=sql.binary(exp.Add, of, sql.whole(1)),
    )


def _points(of: Sql) -> Sql:
    """Hundredths -> points."""
    return exp.Mul(
        this=sql.cast(of, "DECIMAL(7, 0)"),
        expression=sql.cast(exp.Literal.number("0.01"), "DECIMAL(2, 2)"),
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
        codes = [t.code for t in ties_of(book) if t.rule.severity is severity]
        made = (
            brief.off(columns, codes)
            if columns.brief
            else sql.count(verdict_is(code, columns, Verdict.UNBALANCED) for code in codes)
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
        verdict_is(rule.code, columns, Verdict.UNASSESSABLE)
        for rule in (*book.criteria, *ties_of(book))
    )


def _pending(book: ResolvedBook, columns: Columns) -> Sql:
    if columns.brief:
        return brief.where_open(
            columns, [columns.outcome(f"{c.code}.pending") for c in book.criteria], brief.SETTLED
        )
    return sql.count(verdict_is(c.code, columns, Verdict.PENDING) for c in book.criteria)


def _differing(book: ResolvedBook, columns: Columns) -> Sql:
    tests = [differs(c, columns) for c in book.criteria]
    return brief.where_open(columns, tests, brief.EVEN) if columns.brief else sql.count(tests)


def _lines(book: ResolvedBook, columns: Columns) -> Iterator[tuple[str, Sql]]:
    """The columns of every rule, where all of them leave the statement."""
    for c in book.criteria:
        yield from _lines_of_criterion(c, columns)
    for t in ties_of(book):
        yield _worded(t.code, "verdict", VERDICT)
        unbalanced = verdict_is(t.code, columns, Verdict.UNBALANCED)
        for name, side in ((LEFT, "left"), (RIGHT, "right")):
            kept = columns.kept.get(f"{t.code}.{side}")
            if kept is not None:
                yield f"{t.code}.{name}", sql.case([(unbalanced, decimal(kept))])


def _lines_of_criterion(of: ResolvedCriterion, columns: Columns) -> Iterator[tuple[str, Sql]]:
    code = of.code
    yield _worded(code, "verdict", VERDICT)
    for name, column in LINE_POINTS.items():
        yield f"{code}.{name}", _points(sql.column(f"{code}.{column}"))
    yield _worded(code, "ground", GROUND)
    yield f"{code}.{DIFFERS}", differs(of, columns)
    measured = columns.kept.get(f"{code}.measured")
    if measured is not None:
        deducted = verdict_is(code, columns, Verdict.DEDUCTED)
        yield f"{code}.{MEASURED}", sql.case([(deducted, decimal(measured))])
    if isinstance(of.rule.method, (Steps, TwoSidedSteps)):
        score, again = sql.column(f"{code}.score"), recomputed(of, columns)
        for reading, word in READING_WORDS.items():
            read = sql.column(f"{code}.{reading}")
            other = sql.all_of([sql.binary(exp.NEQ, read, score), again])
            yield f"{code}.{word}", sql.case([(other, _points(read))])


def _worded(code: str, column: str, word: str) -> tuple[str, Sql]:
    """A coded column of a rule in words."""
    return f"{code}.{word}", _words(sql.column(f"{code}.{column}"), WORDS[word])
