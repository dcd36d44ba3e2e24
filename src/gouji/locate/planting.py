"""Clean figures of one unit -> every slip that could have been made in one of them. What `gouji rules power` and the tests of locating plant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from gouji.expression import Printed
from gouji.locate.events import columns_beside, rows_beside
from gouji.locate.locate_values import FigureLayout, is_total
from gouji.locate.relations import CellRef, Relation
from gouji.rules import How, SlipKind

DIGITS = "0123456789"
RUN = 4


@dataclass(frozen=True, slots=True)
class Plant:
    """One slip: cells with the wrong values that they hold then (base units); `gone`: the table and number of a line that is left out instead."""

    kind: SlipKind
    values: Mapping[CellRef, Fraction]
    gone: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Soil:
    """Where slips are planted: clean figures, how they stand, the relations that read them; `leaves`: lines that have none below them; `steps`: the printed place of exact figures."""

    figures: Mapping[CellRef, Printed]
    layout: FigureLayout
    relations: Sequence[Relation]
    leaves: frozenset[tuple[str, int]] = frozenset()
    steps: Mapping[CellRef, Fraction] = field(default_factory=dict)

    def step(self, ref: CellRef) -> Fraction:
        """One in the last printed place of a cell."""
        return self.steps.get(ref) or 2 * self.figures[ref].half or Fraction(1)


def plants(soil: Soil, ref: CellRef, kind: SlipKind) -> Iterator[Plant]:
    """Every slip of one kind that starts at a cell; none where it would leave everything as it is, or gives what the cell cannot print."""
    match kind.how:
        case How.EXCHANGE:
            wrong = _exchanged(soil, ref)
        case How.SHIFT:
            wrong = _shifted(soil, ref)
        case How.LINE:
            if (ref.table, ref.row) in soil.leaves and not ref.prior:
                yield Plant(kind, {}, (ref.table, ref.row))
            return
        case _:
            wrong = ({ref: value} for value in _singles(soil, ref, kind))
    for values in wrong:
        changed = {at: v for at, v in values.items() if v != soil.figures[at].value}
        if changed and all((v / soil.step(at)).denominator == 1 for at, v in changed.items()):
            yield Plant(kind, changed)


def whole_columns(soil: Soil, kind: SlipKind) -> Iterator[Plant]:
    """Every column of amounts in the wrong unit, for kinds that happen to whole columns."""
    if not kind.whole or kind.percent or kind.times is None:
        return
    columns: dict[tuple[str, str], list[CellRef]] = {}
    money = soil.layout.money or {}
    for ref, printed in soil.figures.items():
        if printed.value and not ref.prior and ref.column in money.get(ref.table, ()):
            columns.setdefault((ref.table, ref.column), []).append(ref)
    for _name, refs in sorted(columns.items()):
        values = {ref: soil.figures[ref].value * Fraction(kind.times) for ref in refs}
        if len(refs) > 1 and all((v / soil.step(r)).denominator == 1 for r, v in values.items()):
            yield Plant(kind, values)


def _singles(soil: Soil, ref: CellRef, kind: SlipKind) -> Iterator[Fraction]:
    value, step = soil.figures[ref].value, soil.step(ref)
    match kind.how:
        case How.SIGN:
            yield -value
        case How.BLANK:
            yield Fraction(0)
        case How.SCALE:
            assert kind.times is not None
            if not kind.percent or (ref.table, ref.column) in soil.layout.percents:
                # Digits that fall off the end are rounded away.
                yield round(value * Fraction(kind.times) / step) * step
        case How.ROW | How.COLUMN | How.PRIOR:
            for other in _copied(soil, ref, kind.how):
                if other in soil.figures and soil.figures[other].value:
                    yield soil.figures[other].value
        case How.TOTAL:
            yield from _not_updated(soil, ref)
        case _:
            sign = -1 if value < 0 else 1
            text = str(abs(int(value / step)))
            for wrong in dict.fromkeys(_digits(text, kind.how)):
                yield sign * int(wrong or "0") * step


def _copied(soil: Soil, ref: CellRef, how: How) -> Sequence[CellRef]:
    if how is How.PRIOR:
        return () if ref.prior else (CellRef(ref.table, ref.row, ref.column, True),)
    return rows_beside(ref) if how is How.ROW else columns_beside(ref, soil.layout)


def _digits(text: str, how: How) -> Iterator[str]:
    """Every way in which a row of digits comes out wrong."""
    for i in range(len(text)):
        match how:
            case How.SWAP:
                if text[i : i + 1] != text[i + 1 : i + 2] and i + 1 < len(text):
                    yield text[:i] + text[i + 1] + text[i] + text[i + 2 :]
            case How.DROP:
                yield text[:i] + text[i + 1 :]
            case How.DOUBLE:
                yield text[: i + 1] + text[i:]
            case How.REPLACE:
                yield from (text[:i] + d + text[i + 1 :] for d in DIGITS if d != text[i])
            case How.INSERT:
                yield from (text[:i] + d + text[i:] for d in DIGITS if d != text[i])


def _not_updated(soil: Soil, ref: CellRef) -> Iterator[Fraction]:
    """A total without one of its parts, which came later."""
    value = soil.figures[ref].value
    for relation in soil.relations:
        if is_total(ref, relation):
            own = dict(relation.terms)[ref]
            for cell, c in relation.terms:
                if cell != ref and cell in soil.figures:
                    part = -c / own * soil.figures[cell].value
                    if 0 < part < value:
                        yield value - part


def _exchanged(soil: Soil, ref: CellRef) -> Iterator[dict[CellRef, Fraction]]:
    for other in (*rows_beside(ref), *columns_beside(ref, soil.layout)):
        if other in soil.figures and ref < other:
            yield {ref: soil.figures[other].value, other: soil.figures[ref].value}


def _shifted(soil: Soil, ref: CellRef) -> Iterator[dict[CellRef, Fraction]]:
    """A run of figures from the cell on, one line too low, the last one at its head."""
    run: list[CellRef] = []
    at = ref
    while at in soil.figures and len(run) < RUN:
        run.append(at)
        at = CellRef(at.table, at.row + 1, at.column, at.prior)
        if len(run) > 2:
            values = [soil.figures[cell].value for cell in run]
            yield dict(zip(run, [values[-1], *values[:-1]], strict=True))


__all__ = ["Plant", "Soil", "plants", "whole_columns"]
