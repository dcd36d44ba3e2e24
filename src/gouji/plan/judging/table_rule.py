"""Rules over the rows of tables -> columns of the plan: verdict and why it could not be judged, from counts of rows (or nodes)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from gouji.base.outcome import Gap, GapKind
from gouji.base.verdict import Verdict
from gouji.expression import homes, homes_in, needed
from gouji.plan.columns import Columns, Keeper
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging.each_row import Counted, row_counts
from gouji.plan.judging.openness import bits, known_of, open_figures, verdict
from gouji.plan.judging.roll_up import node_counts
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.expression_sql import Reading
from gouji.plan.sql.shapes import Sql
from gouji.rules import ResolvedBook, ResolvedEachRow, ResolvedRollUp, ResolvedTableRule


def add_table_rules(book: ResolvedBook, facts: Facts, columns: Columns) -> list[str]:
    """Add the columns of every such rule; gives the codes of those whose numbers could exceed 38 digits."""
    counted, too_large = dict[str, Counted](), list[str]()
    by_table: dict[str, list[ResolvedEachRow]] = {}
    for of in book.table_rules:
        if (of.table.table, False) in facts.absent:
            counted[of.code] = (exp.false(), exp.false(), [])
        elif isinstance(of, ResolvedEachRow):
            by_table.setdefault(of.table.table, []).append(of)
        else:
            counted[of.code] = node_counts(of, facts)
    for rules in by_table.values():
        found, over = row_counts(rules, facts, book.source.head.grades)
        counted.update(found)
        too_large += over
    for of in book.table_rules:
        if of.code in counted:
            _add(of, book, facts, columns, counted[of.code])
    return too_large


def _add(
    of: ResolvedTableRule, book: ResolvedBook, facts: Facts, columns: Columns, counted: Counted
) -> None:
    reading = Reading(facts, book.source.head.grades, Keeper(columns, of.code))
    applies: Sql = exp.true()
    if of.applies is not None:
        applies = columns.define(
            f"{of.code}.applies", known_of(reading.truth(of.applies).holds, facts, of.applies)
        )
    sent = facts.sent(of.table.table, False)
    fails, withins, reasons = counted
    partly = facts.incomplete(homes_of(of))
    if columns.brief:
        _brief(of, applies, sent, counted, columns, partly)
        return
    _gaps(of, reading, columns, (sent, partly), reasons, (facts, book.derived))
    made = sql.case(
        [
            (sql.not_(applies), verdict(Verdict.NOT_APPLICABLE)),
            (sql.is_null(applies), verdict(Verdict.UNASSESSABLE)),
            (sql.not_(sent), verdict(Verdict.UNASSESSABLE)),
            *(
                (test, verdict(Verdict.UNBALANCED if test is fails else Verdict.UNASSESSABLE))
                for test in _in_turn(of, fails, partly)
            ),
            (sql.any_of([test for _, test in reasons]), verdict(Verdict.UNASSESSABLE)),
            (withins, verdict(Verdict.WITHIN_ROUNDING)),
        ],
        verdict(Verdict.BALANCED),
    )
    columns.define(f"{of.code}.verdict", made, "TINYINT", out=True)


def _in_turn(of: ResolvedTableRule, fails: Sql, partly: Sql) -> tuple[Sql, ...]:
    """Whether it fails, and whether rows were set aside: a row that was taken fails by itself, a node (or a row that was worked out) only if all are there."""
    if partly == exp.false():
        return (fails,)
    return (
        (fails, partly)
        if isinstance(of, ResolvedEachRow) and of.table.derived is None
        else (partly, fails)
    )


def _brief(
    of: ResolvedTableRule, applies: Sql, sent: Sql, counted: Counted, columns: Columns, partly: Sql
) -> None:
    """Whether it is off: what a brief plan asks."""
    fails, _, reasons = counted
    unknown = sql.any_of([sql.not_(sent), *(test for _, test in reasons)])
    turns = [
        (test, exp.true() if test is fails else exp.null()) for test in _in_turn(of, fails, partly)
    ]
    made = sql.case([(sql.not_(sent), exp.null()), *turns, (unknown, exp.null())], exp.false())
    if sent == exp.false():
        made = exp.null()
    if of.applies is not None:
        made = sql.case([(sql.not_(applies), exp.false()), (sql.not_(sql.is_null(applies)), made)])
    columns.off[of.code] = (
        made
        if made == exp.null() or sent == exp.false()
        else columns.define(f"{of.code}.off", made, "BOOLEAN")
    )


def _gaps(
    of: ResolvedTableRule,
    reading: Reading,
    columns: Columns,
    there: tuple[Sql, Sql],
    reasons: Sequence[tuple[Gap, Sql]],
    about: tuple[Facts, frozenset[str]],
) -> None:
    """The `gaps` bits: those of the precondition, the table not sent or not whole (`there`), then the rows' own."""
    code, (sent, partly), table = of.code, there, of.table.table
    before, _ = open_figures(code, [of.applies], reading, columns, about)
    wanted: tuple[Gap, ...] = (
        Gap(GapKind.UNDERIVED if table in about[1] else GapKind.UNSENT, table, columns_of(of)),
    )
    tests, given = [sql.not_(sent)], [sent]
    if partly != exp.false():
        read = [home for home in homes_of(of) if home in about[0].aside]
        wanted = (*wanted, *(Gap(GapKind.ASIDE, name) for name, _prior in read))
        tests = [
            sql.all_of([*tests, sql.not_(partly)]),
            *(about[0].incomplete([home]) for home in read),
        ]
        if not isinstance(of, ResolvedEachRow) or of.table.derived is not None:
            given.append(sql.not_(partly))
    wanted = (*wanted, *(gap for gap, _ in reasons))
    tests += [sql.all_of([*given, test]) for _, test in reasons]
    shift = len(columns.gaps[code])
    columns.gaps[code] = (*columns.gaps[code], *wanted)
    columns.define(f"{code}.gaps", sql.binary(exp.Add, before, bits(tests, shift)), out=True)


def homes_of(of: ResolvedTableRule) -> tuple[tuple[str, bool], ...]:
    """The table and the columns that the rule reads."""
    return (
        homes_in(of.table.table, False, of.rule.columns)
        if isinstance(of, ResolvedRollUp)
        else homes(of.check)
    )


def columns_of(of: ResolvedTableRule) -> tuple[str, ...]:
    """The columns of the table that the rule reads."""
    if isinstance(of, ResolvedRollUp):
        return of.rule.columns
    return tuple(dict.fromkeys(leaf.column for leaf in needed(of.check)))
