"""Rules over the rows of tables -> columns of the plan: verdict and why it could not be judged, from counts of rows (or nodes)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from gouji.base.outcome import Gap, GapKind
from gouji.base.verdict import Verdict
from gouji.expression import homes, homes_in, is_unread, unread_home
from gouji.plan.columns import Columns, Keeper
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging.each_row import Counted, row_counts
from gouji.plan.judging.openness import applies_of, bits, open_figures, verdict
from gouji.plan.judging.roll_up import node_counts
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.expression_sql import SqlReading
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
    reading = SqlReading(facts, book.source.head.grades, Keeper(columns, of.code))
    applies = applies_of(of, reading, facts, columns)
    sent = facts.sent(of.table.table, False)
    fails, withins, reasons = counted
    turns = _in_turn(of, fails, facts)
    if columns.brief:
        _brief(of, applies, sent, counted, columns, turns)
        return
    _gaps(of, reading, columns, sent, reasons, (facts, book.derived))
    made = sql.case(
        [
            (sql.not_(applies), verdict(Verdict.NOT_APPLICABLE)),
            (sql.is_null(applies), verdict(Verdict.UNASSESSABLE)),
            (sql.not_(sent), verdict(Verdict.UNASSESSABLE)),
            *(
                (test, verdict(Verdict.UNBALANCED if test is fails else Verdict.UNASSESSABLE))
                for test in turns
            ),
            (sql.any_of([test for _, test in reasons]), verdict(Verdict.UNASSESSABLE)),
            (withins, verdict(Verdict.WITHIN_ROUNDING)),
        ],
        verdict(Verdict.BALANCED),
    )
    columns.define(f"{of.code}.verdict", made, "TINYINT", out=True)


def _in_turn(of: ResolvedTableRule, fails: Sql, facts: Facts) -> tuple[Sql, ...]:
    """Whether it fails, whether rows were set aside, whether figures could not be read, in the order in which they decide.

    A row that was taken fails by itself, a node (or a row that was worked out) only if all are there. A node that fails has all its figures; a row may
    fail because one of them was not read.
    """
    read = homes_of(of)
    partly = facts.incomplete(home for home in read if not is_unread(home))
    unread = facts.incomplete(home for home in read if is_unread(home))
    turns: tuple[Sql, ...]
    if isinstance(of, ResolvedEachRow) and of.beyond:
        turns = (partly, unread, fails)
    elif isinstance(of, ResolvedEachRow) and of.by_itself:
        turns = (unread, fails, partly)
    else:
        turns = (partly, fails, unread)
    return tuple(test for test in turns if test is fails or test != exp.false())


def _brief(
    of: ResolvedTableRule,
    applies: Sql,
    sent: Sql,
    counted: Counted,
    columns: Columns,
    in_turn: Sequence[Sql],
) -> None:
    """Whether it is off: what a brief plan asks."""
    fails, _, reasons = counted
    unknown = sql.any_of([sql.not_(sent), *(test for _, test in reasons)])
    turns = [(test, exp.true() if test is fails else exp.null()) for test in in_turn]
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
    reading: SqlReading,
    columns: Columns,
    sent: Sql,
    reasons: Sequence[tuple[Gap, Sql]],
    about: tuple[Facts, frozenset[str]],
) -> None:
    """The `gaps` bits: those of the precondition, the table not sent or not whole, then the rows' own."""
    code, facts = of.code, about[0]
    partly = facts.incomplete(homes_of(of))
    before, _ = open_figures(code, [of.applies], reading, columns, about)
    read = [home for home in homes_of(of) if home in facts.aside] if partly != exp.false() else []
    given = [sent, *(_no_row_lost(of, read, facts) if read else [])]
    found = [
        *_table_gaps(of, sent, read, about),
        *((gap, sql.all_of([*given, test])) for gap, test in reasons),
    ]
    shift = len(columns.gaps[code])
    columns.gaps[code] = (*columns.gaps[code], *(gap for gap, _test in found))
    made = bits([test for _gap, test in found], shift)
    columns.define(f"{code}.gaps", sql.binary(exp.Add, before, made), out=True)


def _table_gaps(
    of: ResolvedTableRule,
    sent: Sql,
    aside: Sequence[tuple[str, bool]],
    about: tuple[Facts, frozenset[str]],
) -> Iterator[tuple[Gap, Sql]]:
    """That the table was not sent; that of what the rule reads something was set `aside`: then it was sent."""
    (facts, derived), table = about, of.table.table
    kind = GapKind.UNDERIVED if table in derived else GapKind.UNSENT
    unsent = sql.not_(sent)
    if aside:
        unsent = sql.all_of([unsent, sql.not_(facts.incomplete(homes_of(of)))])
    yield Gap(kind, table, columns_of(of)), unsent
    for home in aside:
        yield Gap(GapKind.ASIDE, home[0]), facts.incomplete([home])


def _no_row_lost(
    of: ResolvedTableRule, read: Sequence[tuple[str, bool]], facts: Facts
) -> list[Sql]:
    """Where rows are looked at together: that none of them was set aside."""
    lost = facts.incomplete(home for home in read if not is_unread(home))
    alone = isinstance(of, ResolvedEachRow) and of.by_itself
    return [] if alone or lost == exp.false() else [sql.not_(lost)]


def homes_of(of: ResolvedTableRule) -> tuple[tuple[str, bool], ...]:
    """The table and the columns that the rule reads. A roll-up leaves out a column in which nothing is printed: there absence decides."""
    if isinstance(of, ResolvedEachRow):
        return homes(of.check)
    name, columns = of.table.table, of.rule.columns
    unread = ((unread_home(name, column), False) for column in columns)
    return (*homes_in(name, False, columns), *unread)


def columns_of(of: ResolvedTableRule) -> tuple[str, ...]:
    """The columns of the table that the rule reads."""
    if isinstance(of, ResolvedRollUp):
        return of.rule.columns
    return of.own_columns
