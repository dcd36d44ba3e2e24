"""Rules over the rows of one table and one unit's figures -> outcomes, and the spots where they do not hold. The plan counts the same in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gouji.base.outcome import Gap, GapKind, RuleSpot, Span, TieOutcome
from gouji.base.verdict import Verdict
from gouji.expression import (
    Exact,
    Printed,
    Row,
    UnitFigures,
    denominators,
    homes,
    homes_in,
    is_text,
    is_unread,
    named,
    needed,
    unread_home,
    words,
)
from gouji.expression.nodes import Compare, Node, Word
from gouji.reference.applicability import applies_to, gaps_of
from gouji.rules import Column, ResolvedBook, ResolvedEachRow, ResolvedRollUp, ResolvedTableRule

ZERO = Fraction(0)


def table_rule(
    of: ResolvedTableRule, book: ResolvedBook, unit: str, figures: UnitFigures
) -> TieOutcome:
    """One rule for one unit."""
    exact = Exact(figures, book.source.head.grades)
    verdict = _verdict(of, book, exact)
    if verdict is not Verdict.UNASSESSABLE:
        return TieOutcome(unit, of.code, verdict)
    gaps = (*gaps_of([of.applies], exact, book.derived), *_gaps(of, book, figures))
    return TieOutcome(unit, of.code, verdict, gaps=gaps)


def _verdict(of: ResolvedTableRule, book: ResolvedBook, exact: Exact) -> Verdict:
    figures = exact.figures
    applies = applies_to(of.applies, exact)
    if applies is False:
        return Verdict.NOT_APPLICABLE
    if applies is None or not figures.sent(of.table.table, False):
        return Verdict.UNASSESSABLE
    found = {spot.verdict for spot in spots(of, book, figures)}
    if _undecided(of, figures, Verdict.UNBALANCED in found):
        return Verdict.UNASSESSABLE
    for verdict in (Verdict.UNBALANCED, Verdict.UNASSESSABLE, Verdict.WITHIN_ROUNDING):
        if verdict in found:
            return verdict
    return Verdict.BALANCED


def homes_of(of: ResolvedTableRule) -> tuple[tuple[str, bool], ...]:
    """The table and the columns that the rule reads. A roll-up leaves out a column in which nothing is printed: there absence decides."""
    if isinstance(of, ResolvedEachRow):
        return homes(of.check)
    name, columns = of.table.table, of.rule.columns
    unread = ((unread_home(name, column), False) for column in columns)
    return (*homes_in(name, False, columns), *unread)


def _undecided(of: ResolvedTableRule, figures: UnitFigures, fails: bool) -> bool:
    """Whether rows that were set aside, or figures that could not be read, leave it open; a row that fails may do so for a figure that was not read, a node has all its figures."""
    partly = _rows_aside(of, figures)
    unread = figures.incomplete(home for home in homes_of(of) if is_unread(home))
    if _each_by_itself(of):
        return unread or (partly and not fails)
    if isinstance(of, ResolvedEachRow) and of.beyond:
        return partly or unread
    return partly or (unread and not fails)


def _rows_aside(of: ResolvedTableRule, figures: UnitFigures) -> bool:
    return figures.incomplete(home for home in homes_of(of) if not is_unread(home))


def _each_by_itself(of: ResolvedTableRule) -> bool:
    return isinstance(of, ResolvedEachRow) and of.by_itself


def spots(of: ResolvedTableRule, book: ResolvedBook, figures: UnitFigures) -> tuple[RuleSpot, ...]:
    """Every place that is not exactly in order, as the rows stand in the table; none where rows that were set aside may be why."""
    rows = figures.many.get(of.table.table, ())
    if _rows_aside(of, figures) and not _each_by_itself(of):
        return ()
    if isinstance(of, ResolvedRollUp):
        return tuple(_Roll(of, rows).spots())
    exact = Exact(figures, book.source.head.grades)
    found = (_row_spot(of, exact.in_row(of.table.table, row), row) for row in rows)
    return tuple(spot for spot in found if spot.verdict is not Verdict.BALANCED)


def _gaps(of: ResolvedTableRule, book: ResolvedBook, figures: UnitFigures) -> Iterator[Gap]:
    """Why it cannot be judged, in the order of the plan's bits."""
    table = of.table.table
    if not figures.sent(table, False) and not figures.incomplete(homes_of(of)):
        wanted = of.rule.columns if isinstance(of, ResolvedRollUp) else of.own_columns
        yield Gap(GapKind.UNDERIVED if table in book.derived else GapKind.UNSENT, table, wanted)
        return
    if figures.incomplete(homes_of(of)):
        yield from (
            Gap(GapKind.ASIDE, home[0]) for home in homes_of(of) if figures.incomplete([home])
        )
        if _rows_aside(of, figures) and not _each_by_itself(of):
            return
    if isinstance(of, ResolvedRollUp):
        yield from _gaps_of_nodes(of, spots(of, book, figures))
    else:
        yield from _gaps_of_rows(of, Exact(figures, book.source.head.grades))


def _gaps_of_nodes(of: ResolvedRollUp, found: Sequence[RuleSpot]) -> Iterator[Gap]:
    """Why nodes of a roll-up cannot be judged."""
    table, open_ = of.table.table, [s for s in found if s.verdict is Verdict.UNASSESSABLE]
    lacking = {s.column for s in open_ if s.gap is GapKind.MISSING}
    yield from (
        Gap(GapKind.MISSING, f"{table}.{name}") for name in of.rule.columns if name in lacking
    )
    for kind in (GapKind.NO_TOTAL, GapKind.ORPHAN, GapKind.BARE, GapKind.BAD_CODE):
        if any(s.gap is kind for s in open_):
            yield Gap(kind, table)


def _gaps_of_rows(of: ResolvedEachRow, exact: Exact) -> Iterator[Gap]:
    """Why rows cannot be judged."""
    table = of.table.table
    each = (exact.in_row(table, row) for row in exact.figures.many.get(table, ()))
    open_rows = [row for row in each if _row_verdict(of, row) is Verdict.UNASSESSABLE]
    for leaf in needed(of.check):
        if any(
            (row.text(leaf) if isinstance(leaf, Word) else row.value(leaf)) is None
            for row in open_rows
        ):
            yield Gap(GapKind.MISSING, named(leaf))
    yield from (
        Gap(GapKind.ZERO, words(d))
        for d in denominators(of.check)
        if any(row.value(d) == 0 for row in open_rows)
    )


def row_verdict(of: ResolvedEachRow, book: ResolvedBook, row: Row) -> Verdict:
    """What a rule says of one row alone, whatever it is a part of."""
    return _row_verdict(of, Exact(UnitFigures({of.table.table: row}), book.source.head.grades))


def _row_verdict(of: ResolvedEachRow, exact: Exact) -> Verdict:
    truth = exact.check(of.check)
    if truth.holds:
        return Verdict.BALANCED
    if truth.holds is None or truth.may_hold is None:
        return Verdict.UNASSESSABLE
    return Verdict.WITHIN_ROUNDING if truth.may_hold else Verdict.UNBALANCED


def _row_spot(of: ResolvedEachRow, exact: Exact, row: Row) -> RuleSpot:
    """How one row comes out."""
    verdict = _row_verdict(of, exact)
    zero = (
        exact.baseless(of.check)
        if verdict is Verdict.UNBALANCED
        else any(exact.value(d) == 0 for d in denominators(of.check))
    )
    gap = GapKind.ZERO if zero and verdict in (Verdict.UNBALANCED, Verdict.UNASSESSABLE) else None
    return RuleSpot(
        " ".join(_text(row, name) for name in of.row_key),
        "",
        "",
        verdict,
        *_sides(of.check, exact),
        gap=gap,
    )


def _sides(check: Node, exact: Exact) -> tuple[Fraction | None, Fraction | None, Span | None]:
    if not isinstance(check, Compare) or is_text(check.left):
        return None, None, None
    ends = exact.interval(check.right)
    return (
        exact.value(check.left),
        exact.value(check.right),
        Span(ends.low, ends.high) if ends else None,
    )


def _text(row: Row, name: str) -> str:
    cell = row.get(name)
    return cell if isinstance(cell, str) else (str(cell.value) if isinstance(cell, Printed) else "")


def level_of(by: Column, code: str) -> int | None:
    """0 for the total row, 1 for the first level, …; None outside the hierarchy; -1 for a code that is none."""
    if by.total is not None and code == by.total:
        return 0
    if code in by.words:
        return None
    digits = code.isascii() and code.isdigit()
    return by.levels.index(len(code)) + 1 if digits and len(code) in by.levels else -1


def parent_of(by: Column, code: str, level: int | None) -> str | None:
    """The code of the row above; None for the total row, for a first level without one, and outside the hierarchy."""
    if level is None or level < 1:
        return None
    return by.total if level == 1 else code[: by.levels[level - 2]]


@dataclass(frozen=True, slots=True)
class _Roll:
    """One table of one unit, row by row."""

    of: ResolvedRollUp
    rows: Sequence[Row]

    def spots(self) -> Iterator[RuleSpot]:
        """Nodes that are not exactly the sum of the rows below them, and what keeps nodes from being judged."""
        by = self.of.by
        own = {_text(row, by.name): row for row in self.rows}
        levels = {code: level_of(by, code) for code in own}
        below, printed = self._below(own, levels), self._printed()
        yield from self._lacking(own, printed)
        known = {code: level for code, level in levels.items() if level is not None}
        last = min(len(by.levels), max(known.values(), default=0))
        for code, level in known.items():
            if level == -1:
                yield self._open(code, own[code], "", GapKind.BAD_CODE)
            elif level == 0 or code in below:
                yield from self._sums(code, own[code], below.get(code, []), printed)
            elif level < last:
                yield from self._childless(code, own[code], printed)
        for code in below:
            if code not in own and code != by.total:
                yield RuleSpot(code, "", "", Verdict.UNASSESSABLE, gap=GapKind.ORPHAN)

    def _lacking(self, own: Mapping[str, Row], printed: Sequence[str]) -> Iterator[RuleSpot]:
        """That nothing is printed at all, and that there is no row of the total."""
        if not printed:
            for name in self.of.rule.columns:
                yield RuleSpot("", "", name, Verdict.UNASSESSABLE, gap=GapKind.MISSING)
        total = self.of.by.total
        if total is not None and total not in own:
            yield RuleSpot(total, "", "", Verdict.UNASSESSABLE, gap=GapKind.NO_TOTAL)

    def _below(
        self, own: Mapping[str, Row], levels: Mapping[str, int | None]
    ) -> dict[str, list[Row]]:
        """The rows right below each code."""
        below: dict[str, list[Row]] = {}
        for code, row in own.items():
            parent = parent_of(self.of.by, code, levels[code])
            if parent is not None:
                below.setdefault(parent, []).append(row)
        return below

    def _printed(self) -> list[str]:
        """The columns in which anything is printed."""
        return [
            name
            for name in self.of.rule.columns
            if any(isinstance(row.get(name), Printed) for row in self.rows)
        ]

    def _sums(
        self, code: str, row: Row, below: Sequence[Row], printed: Sequence[str]
    ) -> Iterator[RuleSpot]:
        """One node against the rows below it, where they are not equal."""
        for column in printed:
            spot = _node(code, self._name(row), column, row, below)
            if spot.verdict is not Verdict.BALANCED:
                yield spot

    def _childless(self, code: str, row: Row, printed: Sequence[str]) -> Iterator[RuleSpot]:
        """A node above the last level without a row below it: where it lacks a figure, and whether it states an amount."""
        for column in printed:
            if not isinstance(row.get(column), Printed):
                yield self._open(code, row, column, GapKind.MISSING)
        if self._amount(row):
            yield self._open(code, row, "", GapKind.BARE)

    def _open(self, code: str, row: Row, column: str, gap: GapKind) -> RuleSpot:
        """What keeps a node from being judged."""
        return RuleSpot(code, self._name(row), column, Verdict.UNASSESSABLE, gap=gap)

    def _name(self, row: Row) -> str:
        return _text(row, self.of.name_column) if self.of.name_column else ""

    def _amount(self, row: Row) -> bool:
        return any(
            isinstance(cell := row.get(name), Printed) and cell.value != 0
            for name in self.of.rule.columns
        )


def _node(code: str, name: str, column: str, row: Row, below: Sequence[Row]) -> RuleSpot:
    """One node in one column: what it states against the sum of the rows below it."""
    stated, parts = row.get(column), [part.get(column) for part in below]
    known = [p for p in parts if isinstance(p, Printed)]
    if not isinstance(stated, Printed) or len(known) != len(parts):
        return RuleSpot(code, name, column, Verdict.UNASSESSABLE, gap=GapKind.MISSING)
    total, slack = sum((p.value for p in known), ZERO), sum((p.half for p in known), ZERO)
    gap, span = abs(stated.value - total), Span(total - slack, total + slack)
    verdict = Verdict.BALANCED
    if gap:
        verdict = Verdict.WITHIN_ROUNDING if gap <= stated.half + slack else Verdict.UNBALANCED
    return RuleSpot(code, name, column, verdict, stated.value, total, span)
