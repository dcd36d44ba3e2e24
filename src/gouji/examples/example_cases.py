"""The examples in the rule files -> a submission with one unit an example; outcomes -> which examples hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gouji.base.faults import Place, RuleError
from gouji.base.i18n import _
from gouji.base.outcome import CriterionOutcome, TieOutcome
from gouji.expression.nodes import OneOf, Word
from gouji.intake import (
    At,
    Cell,
    FigureFault,
    Row,
    Submission,
    blank,
    given_in_rows,
    is_blank,
    read_figure,
    unprinted,
)
from gouji.results import Outcomes
from gouji.rules import (
    AnyRule,
    Column,
    ColumnRole,
    Criterion,
    Example,
    Given,
    ResolvedBook,
    Role,
    Table,
)


@dataclass(frozen=True, slots=True)
class ExampleCase:
    """One example of one rule; `unit` is the code it runs under."""

    unit: str
    rule: AnyRule
    index: int
    example: Example


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not hold: what came out instead, and where it stands."""

    case: ExampleCase
    fault: RuleError


def cases(book: ResolvedBook) -> tuple[ExampleCase, ...]:
    """All examples of the rules in force."""
    return tuple(
        ExampleCase(f"{rule.code}#{i + 1}", rule, i, example)
        for rule in (r.rule for r in book.rules)
        for i, example in enumerate(rule.examples)
    )


def example_submission(
    book: ResolvedBook, of: tuple[ExampleCase, ...]
) -> tuple[Submission, list[Failure]]:
    """One unit an example; examples whose figures cannot be read come back as failures."""
    submission, failures = Submission("examples", "examples"), []
    units = book.table_of(Role.UNITS)
    assert units is not None
    for case in of:
        given = {units.table: {}, **case.example.given}
        given = _with_set(book, case, given)
        try:
            for year, tables in ((book.year, given), (book.year - 1, case.example.prior)):
                for name, row in _rows(case, tables, book.tables, year):
                    made, _told = given_in_rows(book.tables[name], [row])
                    submission.rows.setdefault(name, []).extend(made)
        except FigureFault as fault:
            failures.append(
                Failure(case, RuleError(fault.what, place=_place(book, case), fix=fault.fix))
            )
    return submission, failures


def _rows(
    case: ExampleCase, given: Given | Mapping[str, Any], tables: Mapping[str, Table], year: int
) -> Iterator[tuple[str, Row]]:
    for name, rows in given.items():
        table = tables[name]
        for number, values in enumerate(rows if isinstance(rows, list) else [rows]):
            at = At(case.unit, number + 1)
            cells = {}
            for column in table.columns:
                # What an example leaves out was printed and left blank; `列: null` says that the form does not print it.
                text = values.get(column.name, "")
                text = _implied(case, table, column, year, number) if text in (None, "") else text
                cell = (
                    (unprinted if column.name in values else blank)(column, at)
                    if text is None
                    else _cell(str(text), column, at)
                )
                if cell is not None:
                    cells[column.name] = cell
            yield name, Row(cells, at)


def _implied(case: ExampleCase, table: Table, column: Column, year: int, number: int) -> str | None:
    """What examples leave out: unit, year, the rule's own code, and keys that only tell rows apart."""
    match column.role:
        case ColumnRole.UNIT | ColumnRole.UNIT_NAME:
            return case.unit
        case ColumnRole.YEAR:
            return str(year)
        case ColumnRole.CRITERION if table.role in (Role.CHECKS, Role.REVIEWS):
            return case.rule.code
    return f"{number + 1}" if column.name in table.key else None


def _cell(text: str, column: Column, at: At) -> Cell | None:
    if is_blank(text):
        return blank(column, at)
    if not column.numeric:
        return Cell(text, None, text, at)
    read = read_figure(text, column)
    return Cell(read.value, read.half, text, at, read.unit)


def failures_of(
    book: ResolvedBook, of: tuple[ExampleCase, ...], outcomes: Outcomes
) -> list[Failure]:
    """The examples that do not hold."""
    found = []
    for case in of:
        if case.unit not in outcomes.units:
            found.append(
                Failure(
                    case,
                    RuleError(
                        _("这个样例的数据没有通过数据表检查"),
                        place=_place(book, case),
                        fix=_("核对 given 的列和词"),
                    ),
                )
            )
            continue
        every: tuple[CriterionOutcome | TieOutcome, ...] = outcomes.of(case.unit)
        outcome = next(o for o in every if o.code == case.rule.code)
        what = _difference(case, outcome)
        if what:
            found.append(
                Failure(case, RuleError(what, place=_place(book, case), fix=_("改样例，或改规则")))
            )
    return found


def _with_set(book: ResolvedBook, case: ExampleCase, given: Given) -> Given:
    """Figures with the kind of unit that the rule is for, where the example says nothing of it."""
    by, rule = book.placed, case.rule
    if not isinstance(by, OneOf) or not isinstance(by.of, Word) or not isinstance(rule, Criterion):
        return given
    row = given.get(by.of.table, {})
    if not rule.set or not isinstance(row, dict) or by.of.column in row:
        return given
    return {**given, by.of.table: {**row, by.of.column: rule.set[0]}}


def _difference(case: ExampleCase, outcome: CriterionOutcome | TieOutcome) -> str:
    expected = case.example
    if outcome.verdict != expected.expect:
        return _("{case}：应为“{expect}”，实为“{verdict}”").format(
            case=case.unit, expect=expected.expect, verdict=outcome.verdict
        )
    score = outcome.score if isinstance(outcome, CriterionOutcome) else None
    if expected.score is not None and score != expected.score:
        return _("{case}：应得 {expect} 分，实得 {score} 分").format(
            case=case.unit,
            expect=expected.score,
            score=_("未定") if score is None else f"{score:f}",
        )
    if (
        isinstance(outcome, CriterionOutcome)
        and isinstance(case.rule, Criterion)
        and expected.deduct is not None
    ):
        deducted = case.rule.weight - outcome.score if outcome.score is not None else None
        if deducted != expected.deduct:
            shown = (
                _("未定")
                if deducted is None
                else f"{deducted.normalize() if deducted else Decimal(0):f}"
            )
            return _("{case}：应扣 {expect} 分，实扣 {deducted} 分").format(
                case=case.unit, expect=expected.deduct, deducted=shown
            )
    return ""


def _place(book: ResolvedBook, case: ExampleCase) -> Place:
    return book.source.place(case.rule.code, "examples", case.index)
