"""Spots of a rule over the rows of a table -> rows of a report: what stands there, what the other rows or columns give, where the cells are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Literal

from gouji.base.i18n import _, clauses, labelled
from gouji.base.outcome import RuleSpot, TieOutcome
from gouji.base.verdict import Verdict
from gouji.expression import is_text, named, words
from gouji.expression import nodes as n
from gouji.intake import Cell, Row, UnitLineage, rows_of
from gouji.reference import level_of, parent_of, spots
from gouji.report.unit.gap_words import gap_word
from gouji.report.unit.relation_sides import Sides
from gouji.report.unit.working import WorkingTeller
from gouji.report.wording import (
    ValueShape,
    difference_words,
    places_apart,
    shape_of,
    shown,
    span_line,
)
from gouji.rules import ResolvedEachRow, ResolvedRollUp, ResolvedTableRule

LINES_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class SpotRow:
    """One spot in words: the row and column, what stands on both sides of the relation, why it cannot be judged, the cells."""

    row: str
    name: str
    column: str
    verdict: str
    sides: Sides
    why: str
    places: tuple[str, ...]

    @property
    def line(self) -> str:
        """`208 社会保障和就业支出 · 基本支出: 本行 980.00万元, 下级之和 970.00万元, 差 10.00万元`."""
        head = " ".join(part for part in (self.row, self.name) if part) + (
            f" · {self.column}" if self.column else ""
        )
        said = self.why or self.sides.line
        return labelled(head, said) if said else head


def relation(of: ResolvedTableRule) -> str:
    """What the rule asks of the table, in one line."""
    if isinstance(of, ResolvedEachRow):
        return _("每一行 {condition}").format(condition=words(of.check, partial(_in_row, of)))
    total = f"{of.by.total} = " if of.by.total is not None else ""
    levels = " = ".join(_("Σ{n}位").format(n=length) for length in of.by.levels)
    return _("{levels}（{by}）；列：{columns}").format(
        levels=total + levels, by=of.by.name, columns="、".join(of.rule.columns)
    )


def _in_row(of: ResolvedEachRow, leaf: n.Leaf | n.Word) -> str:
    """A column of the row by its name alone; what stands elsewhere by its whole name."""
    own = not isinstance(leaf, n.Aggregate) and leaf.table == of.table.table and not leaf.prior
    return leaf.column if own else named(leaf)


def spot_rows(teller: WorkingTeller, of: ResolvedTableRule) -> tuple[SpotRow, ...]:
    """Every spot of one unit: those that fail first, then what could not be judged, then what rounding explains."""
    rank = {Verdict.UNBALANCED: 0, Verdict.UNASSESSABLE: 1, Verdict.WITHIN_ROUNDING: 2}
    found = sorted(
        spots(of, teller.book, teller.exact.figures), key=lambda spot: rank[spot.verdict]
    )
    rows = (
        RowsOf(of, rows_of(teller.submission, of.table, teller.unit, teller.book.year))
        if found
        else None
    )
    return tuple(_spot_row(teller, of, spot, rows) for spot in found) if rows is not None else ()


class RowsOf:
    """The rows of one unit by the spot that they are the cells of: gone through once, whatever the number of spots."""

    def __init__(self, of: ResolvedTableRule, rows: Sequence[Row]) -> None:
        self._found: dict[str, list[Row]] = {}
        for row in rows:
            for spot in dict.fromkeys(_spots_of(of, row)):
                self._found.setdefault(spot, []).append(row)

    def at(self, spot: str) -> Sequence[Row]:
        """Of a roll-up the node and the rows just below it, of a condition the row itself (or those of the same key)."""
        return self._found.get(spot, ())


def _spots_of(of: ResolvedTableRule, row: Row) -> Iterator[str]:
    """The spots that a row belongs to: its own, and of a roll-up that of the row above it."""
    if isinstance(of, ResolvedEachRow):
        yield _key(row, of.row_key)
        return
    code = _key(row, (of.by.name,))
    yield code
    above = parent_of(of.by, code, level_of(of.by, code))
    if above is not None:
        yield above


def _spot_row(
    teller: WorkingTeller, of: ResolvedTableRule, spot: RuleSpot, rows: RowsOf
) -> SpotRow:
    cells = list(_cells(teller, of, spot, rows))
    return SpotRow(
        row=spot.row,
        name=spot.name,
        column=spot.column,
        verdict=spot.verdict.value,
        sides=_sides(teller, of, spot),
        why=gap_word(spot.gap) if spot.gap is not None else "",
        places=tuple(
            labelled(f"{name} {cell.printed or _('空，按 0 计')}", str(cell.at))
            for name, cell in cells
        ),
    )


def _sides(teller: WorkingTeller, of: ResolvedTableRule, spot: RuleSpot) -> Sides:
    op, shape = _asked(of), _shape(teller, of, spot)
    if not op:
        return Sides("", "", "")
    if (question := _question(of)) and spot.stated is not None and spot.expected is not None:
        return Sides(op, _yes_or_no(spot.stated), _yes_or_no(spot.expected), question=question)
    known = [value for value in (spot.stated, spot.expected) if value is not None]
    places = places_apart(shape, *known)
    left, right = (
        "" if value is None else shown(value, shape, places)
        for value in (spot.stated, spot.expected)
    )
    gap = (
        difference_words(spot.stated - spot.expected, shape)
        if spot.stated is not None and spot.expected is not None
        else ""
    )
    span = (
        span_line(spot.span, shape, *known)
        if spot.span is not None and spot.span.low != spot.span.high
        else ""
    )
    return Sides(op, left, right, gap, span, rolled=isinstance(of, ResolvedRollUp))


def _asked(of: ResolvedTableRule) -> n.Op | Literal[""]:
    """What a rule asks of its two sides; nothing where it compares no two figures."""
    if isinstance(of, ResolvedRollUp):
        return "="
    return of.check.op if isinstance(of.check, n.Compare) and not is_text(of.check.left) else ""


def _question(of: ResolvedTableRule) -> str:
    """The column of a derived table that says yes (1) or no (0), where the rule asks for one of the two; else empty."""
    match of:
        case ResolvedEachRow(check=n.Compare(op="=", left=n.Figure(column=name), right=n.Number())):
            column = of.table.column(name)
            take = column.take if column is not None else None
            return name if take is not None and take.says_whether else ""
    return ""


def _yes_or_no(value: Fraction) -> str:
    return _("是") if value else _("否")


def _shape(teller: WorkingTeller, of: ResolvedTableRule, spot: RuleSpot) -> ValueShape:
    if isinstance(of, ResolvedRollUp):
        return (
            shape_of(n.Figure(of.table.table, spot.column), teller.book.tables)
            if spot.column
            else ValueShape("number")
        )
    if not isinstance(of.check, n.Compare) or is_text(of.check.left):
        return ValueShape("number")
    left = shape_of(of.check.left, teller.book.tables)
    return left if left.kind != "number" else shape_of(of.check.right, teller.book.tables)


def _cells(
    teller: WorkingTeller, of: ResolvedTableRule, spot: RuleSpot, rows: RowsOf
) -> Iterator[tuple[str, Cell]]:
    """The cells of a spot: of a roll-up the node and the rows below it, of a row the columns that the condition reads, or what they were made of."""
    if isinstance(of, ResolvedEachRow):
        wanted = [(row, name) for row in rows.at(spot.row) for name in of.own_read]
    else:
        wanted = [(row, spot.column) for row in rows.at(spot.row)]
    book = teller.book
    lineage = UnitLineage(teller.submission, book.tables, teller.unit, book.year)
    for row, name in wanted:
        if of.table.derived is not None:
            yield from lineage.all_cells(of.table, row, name)
            continue
        cell = row.cells.get(name)
        if cell is not None:
            label = (
                name if isinstance(of, ResolvedEachRow) else f"{_key(row, (of.by.name,))} {name}"
            )
            yield label, cell


def _key(row: Row, names: tuple[str, ...]) -> str:
    return " ".join(str(row.cells[name].value) if name in row.cells else "" for name in names)


def summary_of_spots(of: ResolvedTableRule, outcome: TieOutcome, found: tuple[SpotRow, ...]) -> str:
    """How many spots there are and the first few of them; the relation where all is in order."""
    same = [spot for spot in found if spot.verdict == outcome.verdict]
    if outcome.verdict not in (Verdict.UNBALANCED, Verdict.WITHIN_ROUNDING) or not same:
        return relation(of)
    more = " …" if len(same) > LINES_AT_MOST else ""
    lines = clauses(spot.line for spot in same[:LINES_AT_MOST])
    return (
        _("{n} 处{verdict}：{lines}").format(
            n=len(same), verdict=outcome.verdict.value, lines=lines
        )
        + more
    )
