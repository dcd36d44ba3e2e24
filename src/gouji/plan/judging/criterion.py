"""One criterion -> columns of the plan: verdict, score with its range and readings, what it rests on, why it is open."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sqlglot import exp

from gouji.base.outcome import Gap, GapKind
from gouji.base.verdict import UNSURE, Ground, Verdict
from gouji.plan.columns import Columns, Keeper, Usual
from gouji.plan.grouping import bit_fields as packed
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging import scoring as m
from gouji.plan.judging.composed import composed_state
from gouji.plan.judging.openness import (
    OpenState,
    all_read,
    bits,
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
from gouji.plan.judging.scored_points import checklist_items, item_points, scored
from gouji.plan.names import PLACED
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.expression_sql import SqlReading
from gouji.plan.sql.rational import Quantity, Whole
from gouji.plan.sql.shapes import Sql
from gouji.rules import (
    Checklist,
    ColumnRole,
    Deductions,
    Judged,
    Parts,
    ResolvedBook,
    ResolvedCriterion,
    Role,
    Steps,
    Table,
    TwoSidedSteps,
)
from gouji.rules import Reading as StepReading


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
            state = _checklist(of, book, facts, columns)
        case Judged():
            state = _judged(of, book, facts, columns)
        case Parts() | Deductions():
            state = composed_state(of, reading, columns, about)
        case _:
            state = _measured(of, reading, columns, about)
            doubt = with_rows(of, doubt, reading, columns, about)
    applies: Sql = exp.true()
    if of.applies is not None:
        applies = columns.define(
            f"{of.code}.applies", known_of(reading.truth(of.applies).holds, facts, of.applies)
        )
    tests = applies, _undefined(of, state, columns), facts.incomplete(all_read(of, book))
    belongs = _belongs(of, reading, facts, columns)
    _outcome(of, shifted(state, m.centi(rule.bottom)), (belongs, *tests), columns, own, doubt, book)


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
    tests: tuple[Sql, Sql, Sql, Sql],
    columns: Columns,
    own: Sql | None,
    doubt: Doubt | None,
    book: ResolvedBook,
) -> None:
    code, missing, undefined = of.code, of.rule.missing, of.rule.undefined
    belongs, applies, no_value, lost = tests
    exclude, adjusts = book.source.head.not_applicable == "exclude", of.rule.adjust is not None
    bottom, top = m.centi(of.rule.bottom), m.centi(of.rule.top)
    full_, zero = sql.whole(top), sql.whole(0)
    bound = zero if exclude or adjusts else full_
    given = exp.null() if exclude and not adjusts else bound
    low, high = (
        sql.function(exp.Coalesce, state.low, zero),
        sql.function(exp.Coalesce, state.high, full_),
    )
    ends = _still_possible(missing, lost, low, high)
    carried, carried_ground = _carried(missing, own, *ends, lost)
    # It may turn out not to apply: then it counts in full, or its weight goes to the others.
    doubt_ends = _still_possible(missing, lost, *if_it_applies(of, exclude, low, high))
    doubtful, doubt_ground = _carried(missing, own, *doubt_ends, lost)
    by_policy = {
        "full": (verdict(Verdict.FULL), full_),
        "zero": (verdict(Verdict.DEDUCTED), zero),
        "not_applicable": (verdict(Verdict.NOT_APPLICABLE), given),
    }
    rows: list[Branch] = [
        *of_sets(belongs, sql.whole(bottom), full_),
        (
            sql.not_(applies),
            verdict(Verdict.NOT_APPLICABLE),
            given,
            bound,
            bound,
            ground(state.ground),
        ),
        (
            sql.is_null(applies),
            verdict(Verdict.UNASSESSABLE),
            doubtful,
            *doubt_ends,
            doubt_ground,
        ),
        (
            state.decided,
            decided_word(of, state.score, full_),
            state.score,
            low,
            high,
            ground(state.ground),
        ),
    ]
    if undefined in by_policy:
        word, points = by_policy[undefined]
        end = bound if undefined == "not_applicable" else points
        rows.append((no_value, word, points, end, end, ground(state.ground)))
    if doubt is not None:
        rows = [contested(row, doubt, bottom, top, state.score) for row in rows]
    last = (state.open_verdict, carried, *ends, carried_ground)
    for i, title in enumerate(("verdict", "score", "low", "high", "ground")):
        kind = "TINYINT" if title in ("verdict", "ground") else "INTEGER"
        made = sql.case([(r[0], r[i + 1]) for r in rows], last[i])
        columns.conclude(f"{code}.{title}", made, kind)
    if columns.brief:
        given_again = sql.case([(r[0], exp.null() if r[1] in NOT_KNOWN else r[2]) for r in rows])
        doubted = rests_on(columns.outcome(f"{code}.ground"), Ground.CONTESTED)
        columns.define(
            f"{code}.given",
            given_again if doubt is None else sql.case([(doubted, exp.null())], given_again),
        )
        _sure_range(code, rows, last, columns)
        _flags(code, [(c, word) for c, word, *_ in rows], state.open_verdict, columns)
    if own is None:
        own = columns.define(f"{code}.self", exp.null(), "INTEGER", out=True)
    columns.usual[code] = Usual(
        sql.all_of([t for t in (belongs, applies, state.test) if t != exp.true()]),
        state.score,
        *((state.score, state.score) if state.exact else (low, high)),
        ground(state.ground),
        own,
    )


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


def _checklist(
    of: ResolvedCriterion, book: ResolvedBook, facts: Facts, columns: Columns
) -> OpenState:
    method, full = of.rule.method, m.centi(of.rule.weight)
    table = book.table_of(Role.CHECKS)
    assert isinstance(method, Checklist) and table is not None
    kind = "BIGINT" if len(method.items) <= packed.MASK_BITS else "HUGEINT"
    said = packed.items(
        facts,
        table,
        checklist_items(book),
        of.code,
        lambda part, made: columns.define(f"{of.code}.{part}", made, kind),
    )
    columns.gaps[of.code] = tuple(Gap(GapKind.ITEM, i.item) for i in method.items)
    gaps = columns.define(f"{of.code}.gaps", said.unknown, kind, out=True)
    if method.mode == "all_or_nothing":
        decided = columns.define(f"{of.code}.decided", sql.any_of([said.any_unmet, said.all_met]))
        points = columns.define(
            f"{of.code}.points", sql.case([(said.all_met, sql.whole(full))], sql.whole(0))
        )
        low, high = (sql.case([(decided, points)], sql.whole(end)) for end in (0, full))
        return OpenState(
            decided, points, low, high, verdict(Verdict.PENDING), Ground.EVIDENCE, decided, True
        )
    worth = [m.centi(i.points) for i in method.items]
    earned = columns.define(f"{of.code}.points", item_points(said.met, worth))
    columns.conclude(f"{of.code}.lost", item_points(said.unmet, worth), out=False)
    high = sql.binary(exp.Sub, sql.whole(full), columns.outcome(f"{of.code}.lost"))
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


def _judged(of: ResolvedCriterion, book: ResolvedBook, facts: Facts, columns: Columns) -> OpenState:
    method, full = of.rule.method, m.centi(of.rule.weight)
    table = book.table_of(Role.REVIEWS)
    assert isinstance(method, Judged) and table is not None
    given = packed.marks(facts, table, of.code, full)
    count, total = given.count, given.total
    few = columns.define(
        f"{of.code}.few", sql.binary(exp.LT, count.sql, sql.whole(method.reviewers))
    )
    outside = columns.define(
        f"{of.code}.outside", q.compare_whole(">", given.outside, q.literal(0))
    )
    if method.by == "trimmed_mean":
        least, most = _extreme_marks(of.code, table, facts)
        total, count = q.plus(total, q.minus(q.plus(least, most))), q.plus(count, q.literal(-2))
    blank, partly = packed.blanks(facts, table, of.code), facts.incomplete([(table.table, False)])
    wrong = [
        few,
        outside,
        *([blank] if blank is not None else []),
        *([partly] if partly != exp.false() else []),
    ]
    columns.gaps[of.code] = (
        Gap(GapKind.REVIEWERS, str(method.reviewers)),
        Gap(GapKind.MARK, str(of.rule.weight)),
    )
    if blank is not None:
        columns.gaps[of.code] += (
            Gap(GapKind.MISSING, f"{table.table}.{table.with_role(ColumnRole.SCORE).name}"),
        )
    if partly != exp.false():
        columns.gaps[of.code] += (Gap(GapKind.ASIDE, table.table),)
    columns.conclude(f"{of.code}.gaps", bits(wrong))
    decided = sql.not_(sql.any_of(wrong))
    safe = Whole(exp.Nullif(this=count.sql, expression=sql.whole(0)), count.bound)
    mean = m.hundredths(Quantity(total, safe, Fraction(1)))
    points = columns.define(f"{of.code}.points", sql.case([(decided, mean.sql)]))
    open_verdict = sql.case(
        [
            (
                sql.any_of([outside, *([partly] if partly != exp.false() else [])]),
                verdict(Verdict.UNASSESSABLE),
            )
        ],
        verdict(Verdict.PENDING),
    )
    return OpenState(
        decided, points, points, points, open_verdict, Ground.EVIDENCE, exp.true(), True
    )


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
