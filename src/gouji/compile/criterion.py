"""One criterion -> columns of the plan: verdict, score with its range and readings, what it rests on, why it is open."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from gouji.compile import method as m
from gouji.compile import packed, sql
from gouji.compile import quantity as q
from gouji.compile.choice import Ends
from gouji.compile.columns import Columns, Keeper, Usual
from gouji.compile.facts import Facts, Home
from gouji.compile.quantity import Quantity, Whole
from gouji.compile.reading import Reading
from gouji.compile.sql import Sql
from gouji.load.methods import Checklist, Judged, Measured, Steps, TwoSidedSteps, limits_of
from gouji.load.methods import Reading as StepReading
from gouji.load.tables import ColumnRole, Role, Table
from gouji.measure.nodes import Leaf, Node, Word
from gouji.measure.undefined import by_table, denominators, homes, homes_in, needed
from gouji.measure.working import named, named_table, words
from gouji.outcome import Gap, GapKind
from gouji.validate.resolved import ResolvedBook, ResolvedCriterion
from gouji.verdict import GROUNDS, VERDICTS, Ground, Verdict


def verdict(of: Verdict) -> Sql:
    """A verdict as the number it has in plans."""
    return sql.whole(VERDICTS.index(of))


def ground(of: Ground) -> Sql:
    """What points rest on, as the number it has in plans."""
    return sql.whole(GROUNDS.index(of))


def known_of(made: Sql, facts: Facts, *nodes: Node | None) -> Sql:
    """What comes of expressions; without value where they read a table of which rows were set aside."""
    partly = facts.incomplete(homes(*nodes))
    return made if partly == exp.false() else sql.case([(sql.not_(partly), made)])


def value_of(made: Quantity, facts: Facts, node: Node) -> Quantity:
    """The same of a quantity."""
    partly = facts.incomplete(homes(node))
    return made if partly == exp.false() else q.pick([(sql.not_(partly), made)], None)


def open_figures(
    code: str,
    nodes: Sequence[Node | None],
    reading: Reading,
    columns: Columns,
    about: tuple[Facts, Container[str]],
) -> tuple[Sql, Sql]:
    """The `gaps` bits of expressions and whether a needed figure is missing; registers what the bits mean. `about`: the facts, and which tables are derived."""
    facts, derived = about
    present = [x for x in nodes if x is not None]
    leaves = tuple(dict.fromkeys(leaf for x in present for leaf in needed(x)))
    read = [home for home in homes(*present) if home in facts.aside]
    partly = facts.incomplete(read)
    if columns.brief:
        return sql.whole(0), sql.any_of(
            [*(_lacking(x, reading) for x in leaves), *([partly] if read else [])]
        )
    zeros = tuple(dict.fromkeys(d for x in present for d in denominators(x)))
    sources = by_table(leaves)
    missing = [_lacking(x, reading) for x in leaves]
    tests = [
        sql.all_of(
            [sql.not_(reading.leaves.sent(*source)), *_whole(homes_in(*source, wanted), facts)]
        )
        for source, wanted in sources.items()
    ]
    # One reason is enough: a table that was not sent lacks every figure.
    tests += [facts.incomplete([home]) for home in read]
    tests += [
        sql.all_of([reading.leaves.sent(x.table, x.prior), test, *_whole(homes(x), facts)])
        for x, test in zip(leaves, missing, strict=True)
    ]
    tests += [q.compare("=", reading.value(d), q.constant(Fraction(0))) for d in zeros]
    columns.gaps[code] = (
        *(
            Gap(
                GapKind.UNDERIVED if source[0] in derived else GapKind.UNSENT,
                named_table(*source),
                wanted,
            )
            for source, wanted in sources.items()
        ),
        *(Gap(GapKind.ASIDE, named_table(*home)) for home in read),
        *(Gap(GapKind.MISSING, named(x)) for x in leaves),
        *(Gap(GapKind.ZERO, words(d)) for d in zeros),
    )
    return bits(tests), sql.any_of([*missing, *([partly] if read else [])])


def _whole(read: Sequence[Home], facts: Facts) -> list[Sql]:
    """The condition, if there is any, that tables are whole."""
    partly = facts.incomplete(read)
    return [] if partly == exp.false() else [sql.not_(partly)]


def _lacking(leaf: Leaf | Word, reading: Reading) -> Sql:
    """Whether a figure or text has no value; not asked of a table that nobody sent."""
    if reading.leaves.sent(leaf.table, leaf.prior) == exp.false():
        return exp.true()
    return (
        sql.is_null(reading.text(leaf))
        if isinstance(leaf, Word)
        else sql.not_(reading.value(leaf).has_value)
    )


def bits(tests: Sequence[Sql], shift: int = 0) -> Sql:
    """A whole number with bit i (and `shift` more) set where test i holds."""
    made: Sql | None = None
    for i, test in enumerate(tests, shift):
        bit = sql.case([(test, sql.whole(2**i))], sql.whole(0))
        made = bit if made is None else sql.binary(exp.Add, made, bit)
    return made if made is not None else sql.whole(0)


@dataclass(frozen=True, slots=True)
class State:
    """How far a criterion could be assessed, before policies: where it is decided, the score then, else its range.

    `test` is what `decided` asks besides that the score has a value; `exact` says that a decided score has no range.
    """

    decided: Sql
    score: Sql
    low: Sql
    high: Sql
    open_verdict: Sql
    ground: Ground
    test: Sql
    exact: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """Tests that say that a relation contradicts a figure of a criterion: any figure, or one by which it may not apply."""

    every: Sql
    left_out: Sql


def add_criterion(
    of: ResolvedCriterion,
    book: ResolvedBook,
    facts: Facts,
    columns: Columns,
    own: Sql | None,
    doubt: Doubt | None = None,
) -> None:
    """Add the columns of one criterion; `own` is the unit's self-score in hundredths, if the book has such a table, `doubt` what relations may contradict."""
    rule, full = of.rule, m.centi(of.rule.weight)
    reading = Reading(facts, book.source.head.grades, Keeper(columns, of.code))
    own = columns.define(f"{of.code}.self", own, "INTEGER", out=True) if own is not None else None
    match rule.method:
        case Checklist():
            state = _checklist(of, book, facts, columns)
        case Judged():
            state = _judged(of, book, facts, columns)
        case _:
            state = _measured(of, reading, columns, (facts, book))
    applies: Sql = exp.true()
    if of.applies is not None:
        applies = columns.define(
            f"{of.code}.applies", known_of(reading.truth(of.applies).holds, facts, of.applies)
        )
    _outcome(of, full, state, (applies, _undefined(of, state, columns)), columns, own, doubt, book)


def _undefined(of: ResolvedCriterion, state: State, columns: Columns) -> Sql:
    """True where all figures are there and yet a denominator is zero."""
    if of.measure is None:
        return exp.false()
    return sql.all_of([sql.not_(state.decided), sql.not_(columns.outcome(f"{of.code}.absent"))])


def _outcome(
    of: ResolvedCriterion,
    full: int,
    state: State,
    tests: tuple[Sql, Sql],
    columns: Columns,
    own: Sql | None,
    doubt: Doubt | None,
    book: ResolvedBook,
) -> None:
    code, missing, undefined = of.code, of.rule.missing, of.rule.undefined
    applies, no_value = tests
    exclude = book.source.head.not_applicable == "exclude"
    given = sql.whole(full) if not exclude else exp.null()
    full_, zero = sql.whole(full), sql.whole(0)
    low, high = (
        sql.function(exp.Coalesce, state.low, zero),
        sql.function(exp.Coalesce, state.high, full_),
    )
    carried, carried_ground = _carried(missing, own, low, high)
    closed_low, closed_high = (zero, zero) if missing == "zero" else (low, high)
    # It may turn out not to apply: then it counts in full, or its weight goes to the others.
    doubt_low, doubt_high = (zero, zero) if missing == "zero" else (zero if exclude else low, full_)
    doubtful, doubt_ground = _carried(missing, own, doubt_low, doubt_high)
    by_policy = {
        "full": (verdict(Verdict.FULL), full_),
        "zero": (verdict(Verdict.DEDUCTED), zero),
        "not_applicable": (verdict(Verdict.NOT_APPLICABLE), given),
    }
    bound = zero if exclude else full_
    rows: list[Branch] = [
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
            doubt_low,
            doubt_high,
            doubt_ground,
        ),
        (
            state.decided,
            sql.case(
                [(sql.binary(exp.EQ, state.score, full_), verdict(Verdict.FULL))],
                verdict(Verdict.DEDUCTED),
            ),
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
        rows = [_contested(row, doubt, full) for row in rows]
    last = (state.open_verdict, carried, closed_low, closed_high, carried_ground)
    for i, title in enumerate(("verdict", "score", "low", "high", "ground")):
        kind = "TINYINT" if title in ("verdict", "ground") else "INTEGER"
        made = sql.case([(r[0], r[i + 1]) for r in rows], last[i])
        columns.conclude(f"{code}.{title}", made, kind)
    if columns.brief:
        given_again = sql.case([(r[0], exp.null() if i == 1 else r[2]) for i, r in enumerate(rows)])
        contested = sql.binary(exp.EQ, columns.outcome(f"{code}.ground"), ground(Ground.CONTESTED))
        columns.late[f"{code}.given"] = (
            given_again if doubt is None else sql.case([(contested, exp.null())], given_again)
        )
        _flags(code, [c for c, *_ in rows], state.open_verdict, columns)
    if own is None:
        own = columns.define(f"{code}.self", exp.null(), "INTEGER", out=True)
    ends = (state.score, state.score) if state.exact else (low, high)
    columns.usual[code] = Usual(
        sql.all_of([t for t in (applies, state.test) if t != exp.true()]),
        state.score,
        *ends,
        ground(state.ground),
        own,
    )


Branch = tuple[Sql, Sql, Sql, Sql, Sql, Sql]


def _contested(branch: Branch, doubt: Doubt, full: int) -> Branch:
    """A branch that decides the score: where its figures are contradicted, every score is possible, and the points rest on nothing that holds."""
    condition, word, score, low, high, rests_on = branch
    if word == verdict(Verdict.UNASSESSABLE):
        return branch
    test = doubt.left_out if word == verdict(Verdict.NOT_APPLICABLE) else doubt.every
    return (
        condition,
        word,
        score,
        sql.case([(test, sql.whole(0))], low),
        sql.case([(test, sql.whole(full))], high),
        sql.case([(test, ground(Ground.CONTESTED))], rests_on),
    )


def _flags(code: str, conditions: Sequence[Sql], last: Sql, columns: Columns) -> None:
    """What a brief plan asks of the verdict: whether the score could not be worked out, and whether it is still to be given.

    `conditions` are those of `_outcome`: not applicable, unknown whether it is, decided, and perhaps undefined by policy.
    """
    for name, of in (("unassessable", Verdict.UNASSESSABLE), ("pending", Verdict.PENDING)):
        at_last = (
            _boolean(last == verdict(of))
            if sql.number_of(last) is not None
            else sql.binary(exp.EQ, last, verdict(of))
        )
        branches = [
            (c, _boolean(i == 1 and of is Verdict.UNASSESSABLE))
            for i, c in enumerate(conditions)
            if c != exp.false()
        ]
        columns.late[f"{code}.{name}"] = (
            at_last if all(v == at_last for _, v in branches) else sql.case(branches, at_last)
        )


def _boolean(value: bool) -> Sql:
    return exp.true() if value else exp.false()


def _carried(missing: str, own: Sql | None, low: Sql, high: Sql) -> tuple[Sql, Sql]:
    """Score and ground of what could not be assessed."""
    if missing == "zero":
        return sql.whole(0), ground(Ground.OPEN)
    if missing == "pending" or own is None:
        return exp.null(), ground(Ground.OPEN)
    known = sql.not_(sql.is_null(own))
    return (
        sql.case([(known, sql.greatest(low, sql.least(high, own)))]),
        sql.case([(known, ground(Ground.WORD))], ground(Ground.OPEN)),
    )


def _measured(
    of: ResolvedCriterion, reading: Reading, columns: Columns, about: tuple[Facts, ResolvedBook]
) -> State:
    rule, code, (facts, book) = of.rule, of.code, about
    assert of.measure is not None and not isinstance(rule.method, (Checklist, Judged))
    mask, absent = open_figures(
        code, [of.measure, of.applies], reading, columns, (facts, book.derived)
    )
    value = columns.keep(
        f"{code}.measured", value_of(reading.value(of.measure), facts, of.measure), out=True
    )
    ends = reading.interval(of.measure)
    exact = ends.low == ends.high
    ends = Ends(value_of(ends.low, facts, of.measure), value_of(ends.high, facts, of.measure))
    columns.conclude(f"{code}.gaps", mask)
    columns.conclude(f"{code}.absent", absent, out=False)
    points = low = high = columns.define(
        f"{code}.points", m.score(rule.method, rule.weight, value), "INTEGER"
    )
    if not exact:
        kept = Ends(
            columns.keep(f"{code}.low_end", ends.low, out=True),
            columns.keep(f"{code}.high_end", ends.high, out=True),
        )
        at_low, at_high = (m.score(rule.method, rule.weight, end) for end in (kept.low, kept.high))
        at_ends = (
            columns.define(f"{code}.at_low", at_low, "INTEGER"),
            columns.define(f"{code}.at_high", at_high, "INTEGER"),
        )
        least, most = m.score_range(rule.method, rule.weight, kept, (points, *at_ends))
        if book.source.head.at_the_limit == "printed":
            met = _at_a_limit(rule.method, value)
            least, most = sql.case([(met, points)], least), sql.case([(met, points)], most)
        low, high = (
            columns.define(f"{code}.least", least),
            columns.define(f"{code}.most", most, "INTEGER"),
        )
    if isinstance(rule.method, (Steps, TwoSidedSteps)) and not columns.brief:
        for other in StepReading:
            columns.define(
                f"{code}.{other}",
                m.score(rule.method, rule.weight, value, other),
                "INTEGER",
                out=True,
            )
    return State(
        value.has_value,
        points,
        low,
        high,
        verdict(Verdict.UNASSESSABLE),
        Ground.FIGURES,
        exp.true(),
        exact,
    )


def _at_a_limit(method: Measured, measured: Quantity) -> Sql:
    """Whether the measure is exactly one of the method's thresholds: then the printed figures decide."""
    return sql.any_of([q.compare("=", measured, q.constant(limit)) for limit in limits_of(method)])


def _checklist(of: ResolvedCriterion, book: ResolvedBook, facts: Facts, columns: Columns) -> State:
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
        return State(
            decided, points, low, high, verdict(Verdict.PENDING), Ground.EVIDENCE, decided, True
        )
    worth = [m.centi(i.points) for i in method.items]
    earned = columns.define(f"{of.code}.points", _sum(said.met, worth))
    columns.conclude(f"{of.code}.lost", _sum(said.unmet, worth), out=False)
    high = sql.binary(exp.Sub, sql.whole(full), columns.outcome(f"{of.code}.lost"))
    decided = sql.binary(exp.EQ, gaps, sql.whole(0))
    return State(
        decided,
        earned,
        earned,
        high,
        verdict(Verdict.PENDING),
        Ground.EVIDENCE,
        decided,
        sum(worth) == full,
    )


def checklist_items(book: ResolvedBook) -> tuple[tuple[str, str], ...]:
    """Every checklist item of a book with the code of its criterion."""
    return tuple(
        (c.code, i.item)
        for c in book.criteria
        if isinstance(c.rule.method, Checklist)
        for i in c.rule.method.items
    )


def _sum(mask: Sql, worth: Sequence[int]) -> Sql:
    """The points of the items whose bits are set."""
    made: Sql = sql.whole(0)
    for i, points in enumerate(worth):
        moved = (
            exp.BitwiseRightShift(this=sql.wrapped(mask), expression=sql.whole(i)) if i else mask
        )
        bit = exp.BitwiseAnd(this=sql.wrapped(moved), expression=sql.whole(1))
        made = sql.binary(exp.Add, made, sql.binary(exp.Mul, bit, sql.whole(points)))
    return made


def _judged(of: ResolvedCriterion, book: ResolvedBook, facts: Facts, columns: Columns) -> State:
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
    return State(decided, points, points, points, open_verdict, Ground.EVIDENCE, exp.true(), True)


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
