"""ResolvedBook -> Plan: one SQL statement as a tree. Knows no connection and no file.

Layers, each a SELECT over the one below: figures (one row a unit), then every named result above those it reads, totals last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from sqlglot import exp

from gouji.base.faults import DataError, RuleError, raise_all
from gouji.base.i18n import _
from gouji.base.outcome import Gap
from gouji.plan.brief.usual import add_clean
from gouji.plan.columns import Columns
from gouji.plan.engine.printing import printed, statements_for
from gouji.plan.engine.sql_engines import SPARK
from gouji.plan.grouping import bit_fields as packed
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging.contradicted import add_doubts
from gouji.plan.judging.criterion import add_criterion
from gouji.plan.judging.scoring import centi
from gouji.plan.judging.table_rule import add_table_rules
from gouji.plan.judging.tie_out import add_tie_out
from gouji.plan.names import GRADE, GRADE_HIGH, GRADE_LOW, HIGH, LOW, NAME, SELF, TOTAL, UNIT
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.rational import TooManyDigits
from gouji.plan.sql.shapes import Sql
from gouji.plan.totals import add_placed, add_totals
from gouji.rules import ResolvedBook, Role


class CompiledWith(NamedTuple):
    """What a book was compiled with: tables with precisions, absent tables, tables of which rows were set aside."""

    halves: tuple[str, ...] = ()
    absent: tuple[tuple[str, bool], ...] = ()
    aside: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The statement, and what its columns mean: the scale of each quantity and the reasons behind the bits of each `gaps` column."""

    query: exp.Select
    book: ResolvedBook
    scales: dict[str, Fraction]
    gaps: dict[str, tuple[Gap, ...]]
    given: CompiledWith = field(default_factory=CompiledWith)

    def sql(self, dialect: str = "duckdb", *, pretty: bool = False) -> str:
        """The statement in the words of DuckDB or (`spark`) of Spark 3.4 and newer with ANSI on.

        Raises DataError for other engines, which divide and add up whole numbers in 64 bits and wrap without a word, and for what Spark has no words for;
        RuleError in an ExceptionGroup where 38 digits might not hold what 2^127 does.
        """
        match dialect:
            case "duckdb":
                return printed(self.query, pretty)
            case "spark":
                with statements_for(SPARK):
                    plan = compile_book(self.book, *self.given)
                    return printed(plan.query, pretty)
        raise DataError(
            _("审核语句只有 DuckDB 和 Spark 的写法，写成 {dialect} 的会算错").format(
                dialect=dialect
            ),
            fix=_("在 Spark 上用 gouji.spark.audit，或 gouji audit --engine"),
        )


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
    given = CompiledWith(tuple(halves), tuple(absent), tuple(aside))
    facts, columns = (
        Facts(
            book.tables,
            frozenset(given.halves),
            book.year,
            absent=frozenset(given.absent),
            aside=frozenset(given.aside),
        ),
        Columns(),
    )
    judge_all(book, facts, columns)
    units = book.table_of(Role.UNITS)
    assert units is not None
    query = _stack(facts.select(units), columns)
    return Plan(query, book, columns.scales, columns.gaps, given)


def judge_all(book: ResolvedBook, facts: Facts, columns: Columns) -> None:
    """Add the columns of every rule and of the totals. Raises an ExceptionGroup of RuleError, as `compile_book` does."""
    faults = []
    for tie_out in book.tie_outs:
        try:
            add_tie_out(tie_out, book, facts, columns)
        except TooManyDigits:
            faults.append(_too_large(book, tie_out.code, "check"))
    faults += [_too_large(book, code, "check") for code in add_table_rules(book, facts, columns)]
    if columns.brief:
        add_clean(facts, columns)
    own, columns.packs = _self_scores(book, facts)
    doubts = add_doubts(book, columns) if not faults else {}
    add_placed(book, facts, columns)
    for criterion in book.criteria:
        try:
            add_criterion(
                criterion, book, facts, columns, own.get(criterion.code), doubts.get(criterion.code)
            )
        except TooManyDigits:
            faults.append(_too_large(book, criterion.code, "measure"))
    raise_all(faults)
    add_totals(book, facts, columns)


def _too_large(book: ResolvedBook, code: str, key: str) -> RuleError:
    return RuleError(
        _("公式的中间结果可能超过 38 位数字"),
        place=book.source.place(code, key),
        fix=_("少乘几个数，或拆成几条规则"),
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
