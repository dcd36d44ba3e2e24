"""One criterion -> columns of the plan: verdict, score with its range and readings, what it rests on, why it is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from gouji.base.verdict import UNSURE, Ground, Verdict
from gouji.plan.columns import Columns, Keeper, Usual
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging import scoring as m
from gouji.plan.judging.composed import composed_state
from gouji.plan.judging.evidence import by_checklist, by_reviewers
from gouji.plan.judging.openness import (
    OpenState,
    all_read,
    applies_of,
    ground,
    known_of,
    open_figures,
    rests_on,
    verdict,
)
from gouji.plan.judging.outcome_cases import (
    NOT_KNOWN,
    Branch,
    Doubt,
    contested,
    decided_word,
    if_it_applies,
    of_sets,
    shifted,
)
from gouji.plan.judging.rows_in_doubt import with_rows
from gouji.plan.judging.scored_points import scored
from gouji.plan.names import PLACED
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.expression_sql import SqlReading
from gouji.plan.sql.shapes import Sql
from gouji.rules import (
    Checklist,
    Deductions,
    Judged,
    Parts,
    ResolvedBook,
    ResolvedCriterion,
    Steps,
    TwoSidedSteps,
)
from gouji.rules import Reading as StepReading

# Score, least and most, and ground.
Standing = tuple[Sql, Sql, Sql, Sql]
# Verdict, score, least and most.
Points = tuple[Sql, Sql, Sql, Sql]


@dataclass(frozen=True, slots=True)
class Tests:
    """Whether a criterion is for the unit's kind, applies to it, has no value though all figures are there, and reads rows that were set aside."""

    belongs: Sql
    applies: Sql
    no_value: Sql
    lost: Sql


def add_criterion(
    of: ResolvedCriterion,
    book: ResolvedBook,
    facts: Facts,
    columns: Columns,
    own: Sql | None,
    doubt: Doubt | None = None,
) -> None:
    """Add the columns of one criterion; `own` is the unit's self-score in hundredths, if the book has such a table, `doubt` what relations may contradict."""
    rule = of.rule
    reading = SqlReading(facts, book.source.head.grades, Keeper(columns, of.code))
    own = columns.define(f"{of.code}.self", own, "INTEGER", out=True) if own is not None else None
    about = facts, book
    match rule.method:
        case Checklist():
            state = by_checklist(of, book, facts, columns)
        case Judged():
            state = by_reviewers(of, book, facts, columns)
        case Parts() | Deductions():
            state = composed_state(of, reading, columns, about)
        case _:
            state = _measured(of, reading, columns, about)
            doubt = with_rows(of, doubt, reading, columns, about)
    applies = applies_of(of, reading, facts, columns)
    no_value, lost = _undefined(of, state, columns), facts.incomplete(all_read(of, book))
    tests = Tests(_belongs(of, reading, facts, columns), applies, no_value, lost)
    _outcome(of, shifted(state, m.centi(rule.bottom)), tests, columns, own, doubt, book)


def _belongs(of: ResolvedCriterion, reading: SqlReading, facts: Facts, columns: Columns) -> Sql:
    """Whether it is for the unit's kind; without value where that is not known."""
    if of.belongs is None:
        return exp.true()
    own = known_of(reading.truth(of.belongs).holds, facts, of.belongs)
    made = sql.case([(sql.column(PLACED), own)])
    return columns.define(f"{of.code}.belongs", made)


def _undefined(of: ResolvedCriterion, state: OpenState, columns: Columns) -> Sql:
    """True where all figures are there and yet a denominator is zero."""
    if of.measure is None:
        return exp.false()
    return sql.all_of([sql.not_(state.decided), sql.not_(columns.outcome(f"{of.code}.absent"))])


def _outcome(
    of: ResolvedCriterion,
    state: OpenState,
    tests: Tests,
    columns: Columns,
    own: Sql | None,
    doubt: Doubt | None,
    book: ResolvedBook,
) -> None:
    code, bottom, top = of.code, m.centi(of.rule.bottom), m.centi(of.rule.top)
    low = sql.function(exp.Coalesce, state.low, sql.whole(0))
    high = sql.function(exp.Coalesce, state.high, sql.whole(top))
    rows = _branches(of, state, tests, own, book, (low, high))
    if doubt is not None:
        rows = [contested(row, doubt, bottom, top, state.score) for row in rows]
    last = (state.open_verdict, *_undecided(of, own, tests.lost, low, high))
    _conclude(code, rows, last, columns)
    if columns.brief:
        _given(code, rows, doubt, columns)
        _sure_range(code, rows, last, columns)
        _flags(code, [(c, word) for c, word, *_ in rows], state.open_verdict, columns)
    if own is None:
        own = columns.define(f"{code}.self", exp.null(), "INTEGER", out=True)
    columns.usual[code] = _usual(state, tests, (low, high), own)


def _conclude(code: str, rows: Sequence[Branch], last: tuple[Sql, ...], columns: Columns) -> None:
    """The columns of what a criterion comes to: of the first branch whose test holds, otherwise `last`."""
    for i, title in enumerate(("verdict", "score", "low", "high", "ground")):
        kind = "TINYINT" if title in ("verdict", "ground") else "INTEGER"
        made = sql.case([(r[0], r[i + 1]) for r in rows], last[i])
        columns.conclude(f"{code}.{title}", made, kind)


def _usual(state: OpenState, tests: Tests, ends: tuple[Sql, Sql], own: Sql) -> Usual:
    """What a criterion comes to while nothing is unusual about the unit, and what has to hold for that."""
    low, high = (state.score, state.score) if state.exact else ends
    asked = [t for t in (tests.belongs, tests.applies, state.test) if t != exp.true()]
    return Usual(sql.all_of(asked), state.score, low, high, ground(state.ground), own)


def _branches(
    of: ResolvedCriterion,
    state: OpenState,
    tests: Tests,
    own: Sql | None,
    book: ResolvedBook,
    ends: tuple[Sql, Sql],
) -> list[Branch]:
    """What a criterion comes to, by the first test that holds; `ends`: the least and most points while it applies."""
    bottom, full = (sql.whole(m.centi(n)) for n in (of.rule.bottom, of.rule.top))
    exclude = book.source.head.not_applicable == "exclude"
    adjusts, rests = of.rule.adjust is not None, ground(state.ground)
    bound = sql.whole(0) if exclude or adjusts else full
    given = exp.null() if exclude and not adjusts else bound
    # It may turn out not to apply: then it counts in full, or its weight goes to the others.
    doubtful = _undecided(of, own, tests.lost, *if_it_applies(of, exclude, *ends))
    left_out = verdict(Verdict.NOT_APPLICABLE), given, bound, bound
    return [
        *of_sets(tests.belongs, bottom, full),
        (sql.not_(tests.applies), *left_out, rests),
        (sql.is_null(tests.applies), verdict(Verdict.UNASSESSABLE), *doubtful),
        (state.decided, decided_word(of, state.score, full), state.score, *ends, rests),
        *((tests.no_value, *points, rests) for points in _by_policy(of, full, left_out)),
    ]


def _by_policy(of: ResolvedCriterion, full: Sql, left_out: Points) -> list[Points]:
    """Where all figures are there and yet a denominator is zero: what the rule says of that, if it says anything."""
    zero = sql.whole(0)
    match of.rule.undefined:
        case "full":
            return [(verdict(Verdict.FULL), full, full, full)]
        case "zero":
            return [(verdict(Verdict.DEDUCTED), zero, zero, zero)]
        case "not_applicable":
            return [left_out]
    return []


def _undecided(of: ResolvedCriterion, own: Sql | None, lost: Sql, low: Sql, high: Sql) -> Standing:
    """Where a criterion stands that could not be assessed: by what the rule says of figures that are missing."""
    missing = of.rule.missing
    ends = _still_possible(missing, lost, low, high)
    score, rests = _carried(missing, own, *ends, lost)
    return score, *ends, rests


def _given(code: str, rows: Sequence[Branch], doubt: Doubt | None, columns: Columns) -> None:
    """Of a brief plan, the score that was worked out again from figures that nothing contradicts."""
    given = sql.case([(r[0], exp.null() if r[1] in NOT_KNOWN else r[2]) for r in rows])
    if doubt is not None:
        doubted = rests_on(columns.outcome(f"{code}.ground"), Ground.CONTESTED)
        given = sql.case([(doubted, exp.null())], given)
    columns.define(f"{code}.given", given)


def _sure_range(code: str, rows: Sequence[Branch], last: tuple[Sql, ...], columns: Columns) -> None:
    """Of a brief plan, what is least and most while what is decided stands at its score: `compile` says the same of the columns of a whole plan."""
    _word, *otherwise = last
    for at, name in enumerate(("at_least", "at_most"), 1):
        branches = [(test, _sure(of, at)) for test, _verdict, *of in rows]
        columns.late[f"{code}.{name}"] = sql.case(branches, _sure(otherwise, at))


def _sure(of: Sequence[Sql], at: int) -> Sql:
    """An end of the range where points rest on what is not sure, otherwise the score."""
    rests = of[-1]
    return sql.case([(rests_on(rests, *UNSURE), of[at])], of[0])


def _flags(code: str, conditions: Sequence[tuple[Sql, Sql]], last: Sql, columns: Columns) -> None:
    """What a brief plan asks of the verdict: whether the score could not be worked out, and whether it is still to be given.

    `conditions` are those of `_outcome`, each with its verdict: of another set, not applicable, unknown whether it is, decided, and perhaps undefined by policy.
    """
    for name, of in (("unassessable", Verdict.UNASSESSABLE), ("pending", Verdict.PENDING)):
        at_last = (
            _boolean(last == verdict(of))
            if sql.number_of(last) is not None
            else sql.binary(exp.EQ, last, verdict(of))
        )
        branches = [
            (c, _boolean(word in NOT_KNOWN and of is Verdict.UNASSESSABLE))
            for c, word in conditions
            if c != exp.false()
        ]
        columns.late[f"{code}.{name}"] = (
            at_last if all(v == at_last for _, v in branches) else sql.case(branches, at_last)
        )


def _boolean(value: bool) -> Sql:
    return exp.true() if value else exp.false()


def _still_possible(missing: str, lost: Sql, low: Sql, high: Sql) -> tuple[Sql, Sql]:
    """The ends of what could not be assessed: what is missing earns nothing under `missing: zero`, what was lost may earn anything."""
    if missing != "zero":
        return low, high
    zero = sql.whole(0)
    if lost == exp.false():
        return zero, zero
    return sql.case([(lost, low)], zero), sql.case([(lost, high)], zero)


def _carried(missing: str, own: Sql | None, low: Sql, high: Sql, lost: Sql) -> tuple[Sql, Sql]:
    """Score and ground of what could not be assessed."""
    if missing == "zero":
        kept = sql.whole(0) if lost == exp.false() else sql.case([(sql.not_(lost), sql.whole(0))])
        return kept, ground(Ground.OPEN)
    if missing == "pending" or own is None:
        return exp.null(), ground(Ground.OPEN)
    known = sql.not_(sql.is_null(own))
    return (
        sql.case([(known, sql.greatest(low, sql.least(high, own)))]),
        sql.case([(known, ground(Ground.WORD))], ground(Ground.OPEN)),
    )


def _measured(
    of: ResolvedCriterion, reading: SqlReading, columns: Columns, about: tuple[Facts, ResolvedBook]
) -> OpenState:
    rule, code, (facts, book) = of.rule, of.code, about
    method = rule.method
    assert of.measure is not None
    assert not isinstance(method, (Checklist, Judged, Parts, Deductions))
    mask, absent = open_figures(
        code, [of.measure, of.applies], reading, columns, (facts, book.derived)
    )
    found = scored(code, (method, rule.weight, of.measure), reading, columns, about, out=True)
    columns.conclude(f"{code}.gaps", mask)
    columns.conclude(f"{code}.absent", absent, out=False)
    if isinstance(method, (Steps, TwoSidedSteps)) and not columns.brief:
        for other in StepReading:
            points = m.score(method, rule.weight, found.value, other)
            if bottom := m.centi(rule.bottom):
                points = sql.binary(exp.Add, sql.wrapped(points), sql.whole(bottom))
            columns.define(f"{code}.{other}", points, "INTEGER", out=True)
    return OpenState(
        found.value.has_value,
        found.points,
        found.low,
        found.high,
        verdict(Verdict.UNASSESSABLE),
        Ground.FIGURES,
        exp.true(),
        found.exact,
    )
