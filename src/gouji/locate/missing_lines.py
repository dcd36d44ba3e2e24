"""Failing relations -> lines of tables that nobody wrote: what sums, roll-ups and sums over certain codes lack would stand in one line more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from gouji.locate.events import Around, Event
from gouji.locate.locate_values import Coded, FigureLayout, new_line
from gouji.locate.relations import CellRef, Relation
from gouji.reference import level_of, parent_of
from gouji.rules import How


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a line is lacking: in a table at large, below the line of a number, or with a code."""

    table: str
    under: int | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Lack:
    """What one relation lacks: so much in a column."""

    number: int
    column: str
    amount: Fraction


def lines_left_out(of: Around) -> Iterator[tuple[Event, frozenset[int]]]:
    """One line of a table that nobody wrote: what reads its rows lacks the same amounts, one for each column that fails. With the failing relations (by number)
    that lack them. Of a line with a code, those that do not know the code are not named as well."""
    slip = of.kinds.named(How.LINE)
    if slip is None:
        return
    found: dict[_Spot, list[_Lack]] = {}
    for number, relation in enumerate(of.failing):
        for spot, column, amount in _lacking(relation, of.layout):
            found.setdefault(spot, []).append(_Lack(number, column, amount))
    named: dict[str, list[frozenset[int]]] = {}
    ordered = sorted(found, key=lambda s: (s.table, not s.code, s.code, s.under or -1))
    for spot in ordered:
        told = _told(spot, found, of.layout)
        numbers = frozenset(lack.number for lack in told)
        amounts = {lack.column: lack.amount for lack in told}
        if any(not lack.amount > 0 or amounts[lack.column] != lack.amount for lack in told) or any(
            numbers <= known for known in named.get(spot.table, ()) if not spot.code
        ):
            continue
        values = _values(spot, amounts, of)
        if values is not None:
            if spot.code:
                named.setdefault(spot.table, []).append(numbers)
            yield Event(slip, values), numbers


def _told(spot: _Spot, found: Mapping[_Spot, list[_Lack]], layout: FigureLayout) -> list[_Lack]:
    """What speaks for a line in a place: the relations over it, over what stands above it, and over the whole table."""
    told = list(found[spot])
    above = _above(spot, layout) if spot.code else None
    if above is not None:
        told += found.get(_Spot(spot.table, above), [])
    if spot != _Spot(spot.table):
        told += found.get(_Spot(spot.table), [])
    return told


def _above(spot: _Spot, layout: FigureLayout) -> int | None:
    """The number of the line that a line with a code would be a part of."""
    of = layout.coded.get(spot.table)
    if of is None:
        return None
    parent = parent_of(of.by, spot.code, level_of(of.by, spot.code))
    return of.codes.index(parent) if parent is not None and parent in of.codes else None


def _values(
    spot: _Spot, amounts: Mapping[str, Fraction], of: Around
) -> tuple[tuple[CellRef, Fraction], ...] | None:
    """The cells of a line: what is lacking; where it would be the only part of the line above it, all that this one holds. None where these differ."""
    lines, held = of.layout.lines[spot.table], dict(amounts)
    under = spot.under
    if spot.code:
        under = _above(spot, of.layout)
        coded = of.layout.coded[spot.table]
        if under is not None and not _parts(coded, under):
            for column in of.layout.columns[spot.table]:
                printed = of.figures.get(CellRef(spot.table, under, column))
                if printed is not None and printed.value:
                    held.setdefault(column, printed.value)
                    if held[column] != printed.value:
                        return None
    return tuple(
        (new_line(spot.table, column, lines, under, spot.code), value)
        for column, value in sorted(held.items())
    )


def _parts(coded: Coded, under: int) -> bool:
    """Whether a line has parts."""
    above = coded.codes[under]
    return any(
        parent_of(coded.by, code, level_of(coded.by, code)) == above
        for code in coded.codes
        if code is not None
    )


def _lacking(relation: Relation, layout: FigureLayout) -> Iterator[tuple[_Spot, str, Fraction]]:
    """Where one more row would have to stand for the relation to be met, in which column, and with which amount."""
    if relation.op != "=" or not relation.linear:
        return
    yield from _codes_lacking(relation, layout)
    by_code = {(of.table, of.column) for of, _c in relation.sums}
    groups = _rows_read(relation, layout)
    for (table, column), rows in groups.items():
        if (table, column) not in by_code:
            for under, sign in _signs_lacking(rows, len(groups) == 1):
                yield _Spot(table, under), column, -relation.gap / sign


def _codes_lacking(
    relation: Relation, layout: FigureLayout
) -> Iterator[tuple[_Spot, str, Fraction]]:
    """Codes that a sum over certain codes asks for, and that the table does not have."""
    for of, c in relation.sums:
        coded = layout.coded.get(of.table)
        if coded is not None and c:
            for code in of.codes:
                if code not in coded.codes:
                    yield _Spot(of.table, None, code), of.column, -relation.gap / c


def _rows_read(
    relation: Relation, layout: FigureLayout
) -> dict[tuple[str, str], dict[int, Fraction]]:
    """Table and column -> the rows of it that the relation reads, each with its coefficient."""
    groups: dict[tuple[str, str], dict[int, Fraction]] = {}
    for cell, c in relation.terms:
        if cell.table in layout.lines and not cell.prior:
            groups.setdefault((cell.table, cell.column), {})[cell.row] = c
    return groups


def _signs_lacking(
    rows: Mapping[int, Fraction], alone: bool
) -> Iterator[tuple[int | None, Fraction]]:
    """Below which row a line may be lacking, and with which coefficient: one of a sum of all rows, or a part of the one row that the others add up to.
    `alone`: the relation reads no other column."""
    signs = set(rows.values())
    if len(signs) == 1 and (len(rows) > 1 or alone):
        yield None, next(iter(signs))
    if len(signs) != 2 or not alone:
        return
    for sign in signs:
        heads = [row for row, c in rows.items() if c == sign]
        if len(heads) == 1:
            yield heads[0], next(c for c in signs if c != sign)
