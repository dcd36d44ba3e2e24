"""What leaves a rule open: figures that are missing, tables that are not whole, denominators of zero; and how far a criterion could be assessed."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from gouji.base.outcome import Gap, GapKind
from gouji.base.verdict import GROUNDS, VERDICTS, Ground, Verdict
from gouji.expression import (
    by_table,
    denominators,
    homes,
    homes_in,
    named,
    named_table,
    needed,
    unread_home,
    unread_homes,
    words,
)
from gouji.expression.nodes import Leaf, Node, Word
from gouji.plan.columns import Columns
from gouji.plan.grouping.facts import Facts, Home
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.expression_sql import SqlReading
from gouji.plan.sql.rational import Quantity
from gouji.plan.sql.shapes import Sql
from gouji.rules import (
    ColumnRole,
    Judged,
    ResolvedBook,
    ResolvedCriterion,
    ResolvedTableRule,
    ResolvedTieOut,
    Role,
    items_of,
)


def verdict(of: Verdict) -> Sql:
    """A verdict as the number it has in plans."""
    return sql.whole(VERDICTS.index(of))


def ground(of: Ground) -> Sql:
    """What points rest on, as the number it has in plans."""
    return sql.whole(GROUNDS.index(of))


def rests_on(of: Sql, *grounds: Ground) -> Sql:
    """Whether points, of which `of` says what they rest on, rest on one of some grounds."""
    return sql.is_one_of(of, [GROUNDS.index(g) for g in grounds])


def known_of(made: Sql, facts: Facts, *nodes: Node | None) -> Sql:
    """What comes of expressions; without value where they read a table of which rows were set aside."""
    partly = facts.incomplete(homes(*nodes))
    return made if partly == exp.false() else sql.case([(sql.not_(partly), made)])


def applies_of(
    of: ResolvedCriterion | ResolvedTieOut | ResolvedTableRule,
    reading: SqlReading,
    facts: Facts,
    columns: Columns,
) -> Sql:
    """Whether a rule applies to the unit; plainly true where it always does."""
    if of.applies is None:
        return exp.true()
    known = known_of(reading.truth(of.applies).holds, facts, of.applies)
    return columns.define(f"{of.code}.applies", known)


def value_of(made: Quantity, facts: Facts, node: Node) -> Quantity:
    """The same of a quantity."""
    partly = facts.incomplete(homes(node))
    return made if partly == exp.false() else q.pick([(sql.not_(partly), made)], None)


def open_figures(
    code: str,
    nodes: Sequence[Node | None],
    reading: SqlReading,
    columns: Columns,
    about: tuple[Facts, Container[str]],
    shift: int = 0,
) -> tuple[Sql, Sql]:
    """The `gaps` bits of expressions and whether a needed figure is missing; registers what the bits mean. `about`: the facts, and which tables are derived; `shift`: the first bit."""
    facts, _derived = about
    present = [x for x in nodes if x is not None]
    read = [home for home in homes(*present) if home in facts.aside]
    partly = [facts.incomplete(read)] if read else []
    leaves = dict.fromkeys(leaf for x in present for leaf in needed(x))
    missing = {leaf: _lacking(leaf, reading) for leaf in leaves}
    lacking = sql.any_of([*missing.values(), *partly])
    if columns.brief:
        return sql.whole(0), lacking
    reasons = list(_reasons(present, missing, reading, about))
    columns.gaps[code] = tuple(gap for _test, gap in reasons)
    return bits([test for test, _gap in reasons], shift), lacking


def _reasons(
    nodes: Sequence[Node],
    missing: Mapping[Leaf | Word, Sql],
    reading: SqlReading,
    about: tuple[Facts, Container[str]],
) -> Iterator[tuple[Sql, Gap]]:
    """Why expressions have no value, each reason with its test. One is enough: a table that was not sent lacks every figure."""
    facts, _derived = about
    yield from _unsent(tuple(missing), reading, about)
    for home in homes(*nodes):
        if home in facts.aside:
            yield facts.incomplete([home]), Gap(GapKind.ASIDE, named_table(*home))
    for leaf, test in missing.items():
        yield _alone(leaf, test, reading, facts), Gap(GapKind.MISSING, named(leaf))
    for below in dict.fromkeys(d for x in nodes for d in denominators(x)):
        yield _is_zero(below, reading), Gap(GapKind.ZERO, words(below))


def _unsent(
    leaves: Sequence[Leaf | Word], reading: SqlReading, about: tuple[Facts, Container[str]]
) -> Iterator[tuple[Sql, Gap]]:
    """Of each table that figures are read from: whether the unit did not send it."""
    facts, derived = about
    for (table, prior), wanted in by_table(leaves).items():
        absent = sql.not_(reading.leaves.sent(table, prior))
        kind = GapKind.UNDERIVED if table in derived else GapKind.UNSENT
        whole = _whole(homes_in(table, prior, wanted), facts)
        yield sql.all_of([absent, *whole]), Gap(kind, named_table(table, prior), wanted)


def _alone(leaf: Leaf | Word, missing: Sql, reading: SqlReading, facts: Facts) -> Sql:
    """Whether a figure is missing though its table was sent and lost no row."""
    sent = reading.leaves.sent(leaf.table, leaf.prior)
    return sql.all_of([sent, missing, *_whole(homes(leaf), facts)])


def _is_zero(denominator: Node, reading: SqlReading) -> Sql:
    return q.compare("=", reading.value(denominator), q.constant(Fraction(0)))


def _whole(read: Sequence[Home], facts: Facts) -> list[Sql]:
    """The condition, if there is any, that tables are whole."""
    partly = facts.incomplete(read)
    return [] if partly == exp.false() else [sql.not_(partly)]


def _lacking(leaf: Leaf | Word, reading: SqlReading) -> Sql:
    """Whether a figure or text has no value; not asked of a table that nobody sent."""
    if reading.leaves.sent(leaf.table, leaf.prior) == exp.false():
        return exp.true()
    return (
        sql.is_null(reading.text(leaf))
        if isinstance(leaf, Word)
        else sql.not_(reading.value(leaf).has_value)
    )


def all_read(of: ResolvedCriterion, book: ResolvedBook) -> tuple[Home, ...]:
    """Everything that a criterion reads, figures that could not be read among it: with any of it lost nothing is missing in the sense of `missing: zero`."""
    nodes, method = (*of.trees, of.applies), of.rule.method
    read = (*homes(*nodes), *unread_homes(*nodes))
    for role, said in ((Role.REVIEWS, ColumnRole.SCORE), (Role.CHECKS, ColumnRole.RESULT)):
        asked = isinstance(method, Judged) if role is Role.REVIEWS else bool(items_of(method))
        if asked and (table := book.table_of(role)) is not None:
            read += (
                (table.table, False),
                (unread_home(table.table, table.with_role(said).name), False),
            )
    return read


def bits(tests: Sequence[Sql], shift: int = 0) -> Sql:
    """A whole number with bit i (and `shift` more) set where test i holds."""
    made: Sql | None = None
    for i, test in enumerate(tests, shift):
        bit = sql.case([(test, sql.whole(2**i))], sql.whole(0))
        made = bit if made is None else sql.binary(exp.Add, made, bit)
    return made if made is not None else sql.whole(0)


@dataclass(frozen=True, slots=True)
class OpenState:
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
