"""Rows with targets and what was reached -> the columns that these give: of rows at hand as cells, of many as columns of their stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from gouji.base.i18n import _
from gouji.base.lazy_import import pyarrow as pa
from gouji.intake.ledger.submission import Cell, Problem, Row
from gouji.intake.ledger.tables import HALF, ROW
from gouji.intake.values.figure_text import is_blank
from gouji.intake.values.targets import (
    MeasuredFigure,
    NoSign,
    Reached,
    Target,
    TargetFault,
    read_reached,
    read_target,
)
from gouji.intake.workbooks.to_arrow import VALUE, Fault
from gouji.rules import KEPT_PLACES, WHOLE_DIGITS, Column, ColumnType, Table

Told = Mapping[str, MeasuredFigure | str]


@dataclass(frozen=True, slots=True)
class RowGiven:
    """What the texts of one row give, by column, and what of them cannot be read: source column, what, how to fix it."""

    values: Told
    faults: tuple[tuple[str, str, str], ...] = ()


def gives_columns(table: Table) -> bool:
    """Whether some column of the table gives others."""
    return any(c.gives for c in table.columns)


def read_row(table: Table, texts: Mapping[str, str | None]) -> RowGiven:
    """What one row's targets, and what was reached, say."""
    values, faults, targets = dict[str, MeasuredFigure | str](), [], dict[str, Target | None]()
    giving = (c for c in table.columns if c.gives)
    for column in sorted(giving, key=lambda c: c.type is ColumnType.REACHED):
        text = texts.get(column.name)
        like = targets.get(column.like, _ABSENT) if column.like is not None else _ABSENT
        if text is None or is_blank(text) or (column.like is not None and like is None):
            # Where its target could not be read, that has been told.
            continue
        of = targets.get(column.like) if column.like is not None else None
        try:
            made = _met_exactly(table, column, texts) or _read(column, text, texts, of)
        except TargetFault as fault:
            faults.append((column.name, fault.what, fault.fix))
            targets[column.name] = None
            continue
        if isinstance(made, Target):
            targets[column.name] = made
        values |= {n: v for n, v in _given(column, made) if _blank(texts.get(n))}
    return RowGiven(values, tuple(faults))


_ABSENT = Target("")


def _blank(text: str | None) -> bool:
    return text is None or is_blank(text)


def _read(
    column: Column, text: str, texts: Mapping[str, str | None], target: Target | None
) -> Target | Reached:
    own = {what: texts.get(name) or "" for name, what in column.gives.items()}
    if column.type is ColumnType.TARGET:
        return _target(
            text, own.get("sign", ""), own.get("unit", ""), column.bare or "", column.units
        )
    return _reached(text, target, own.get("unit", ""), column.units)


def _met_exactly(table: Table, column: Column, texts: Mapping[str, str | None]) -> Target | None:
    """A target without sign (100%, 12次) of which exactly that was reached: met, whether it was meant as a least, a most, or exact."""
    reached = next((c for c in table.columns if c.like == column.name), None)
    text, done = texts.get(column.name), texts.get(reached.name) if reached is not None else None
    if reached is None or text is None or done is None or is_blank(done):
        return None
    if not _without_sign(column, text, texts):
        return None
    unit = next((texts.get(name) or "" for name, of in column.gives.items() if of == "unit"), "")
    try:
        target = _target(text, "=", unit, "", column.units)
        made = _read(reached, done, texts, target)
    except TargetFault:
        return None
    wanted, found = target.measured, made.measured
    return target if wanted and found and found.number == wanted.number else None


def _without_sign(column: Column, text: str, texts: Mapping[str, str | None]) -> bool:
    try:
        _read(column, text, texts, None)
    except NoSign:
        return True
    except TargetFault:
        return False
    return False


_target, _reached = lru_cache(4096)(read_target), lru_cache(4096)(read_reached)


def _given(column: Column, made: Target | Reached) -> Iterator[tuple[str, MeasuredFigure | str]]:
    for name, what in column.gives.items():
        value: MeasuredFigure | str | None = None
        match what, made:
            case "sign", Target(sign=sign):
                value = sign
            case "most", Target(most=most):
                value = most
            case "number", Target(measured=measured) | Reached(measured=measured):
                value = _kept(measured)
            case "unit", Target(measured=measured) | Reached(measured=measured):
                value = measured.unit if measured is not None else None
            case "word", Reached(word=word):
                value = word
        if value not in (None, ""):
            yield name, value


def _kept(measured: MeasuredFigure | None) -> MeasuredFigure | None:
    """A figure that the column can hold. Raises TargetFault for another one."""
    if measured is None:
        return None
    kept, most = KEPT_PLACES[ColumnType.NUMBER], WHOLE_DIGITS[ColumnType.NUMBER]
    number = measured.number.normalize()
    if -int(number.as_tuple().exponent) > kept or abs(number) >= Decimal(10) ** most:
        raise TargetFault(
            _("“{number}”位数太多").format(number=f"{number:f}"), _("少写几位小数，或换大的单位")
        )
    return measured


def given_in_rows(table: Table, rows: Sequence[Row]) -> tuple[list[Row], list[Problem]]:
    """Rows at hand with the cells that their targets give, each in the place of the text that it comes from."""
    found, problems = [], list[Problem]()
    source = {name: c.name for c in table.columns for name in c.gives}
    for row in rows:
        texts = {name: cell.printed or str(cell.value) for name, cell in row.cells.items()}
        told = read_row(table, texts)
        given = {name: _cell(value, row.cells[source[name]]) for name, value in told.values.items()}
        unread = list(row.unread)
        for column, what, fix in told.faults:
            note = column in table.unasked
            problems.append(Problem(table.table, row.cells[column].at, what, fix, note))
            unread += [column, *_of(table, column)]
        found.append(replace(row, cells=dict(row.cells) | given, unread=tuple(unread)))
    return found, problems


def _cell(value: MeasuredFigure | str, source: Cell) -> Cell:
    """What a text gives, in its place."""
    if isinstance(value, str):
        return Cell(value, None, source.printed, source.at)
    return Cell(value.number, value.half, source.printed, source.at)


def _of(table: Table, column: str) -> tuple[str, ...]:
    """The columns that a column gives."""
    described = table.column(column)
    return tuple(described.gives) if described is not None else ()


def given_in_stage(table: Table, stage: Any) -> tuple[Any, list[Fault]]:
    """A stage of texts with the columns that its targets give: figures with the halves of their last places, beside the texts they come from."""
    names = [n for n in stage.column_names if (c := table.column(n)) and not c.numeric]
    texts = {name: stage[name].cast(pa.string()).to_pylist() for name in names}
    told, faults = [], list[Fault]()
    for at, row in enumerate(stage[ROW].to_pylist()):
        one = read_row(table, {name: column[at] for name, column in texts.items()})
        told.append(one.values)
        faults += _faults_of(table, row, one)
    for source in table.columns:
        for name in source.gives:
            stage = _with(stage, table, name, source.name, told, texts)
    return stage, faults


def _faults_of(table: Table, row: int, given: RowGiven) -> Iterator[Fault]:
    """What cannot be read of a row's targets, and the columns that they would have given."""
    for column, what, fix in given.faults:
        note = column in table.unasked
        yield row, column, what, fix, note
        for name in _of(table, column):
            yield row, name, "", "", note


def _with(
    stage: Any,
    table: Table,
    name: str,
    source: str,
    told: Sequence[Told],
    texts: Mapping[str, Sequence[str | None]],
) -> Any:
    column = table.column(name)
    assert column is not None
    own = set(stage.column_names)
    if not column.numeric:
        before = texts.get(name, [None] * len(told))
        words = [b if b else v.get(name) for b, v in zip(before, told, strict=True)]
        made = pa.array(words, pa.string())
        return _put(stage, name, made)
    if name in own or VALUE + name in own or source not in texts:
        # The form prints it: what stands there holds.
        return stage
    values = [v if isinstance(v := one.get(name), MeasuredFigure) else None for one in told]
    printed = [t if v is not None else None for v, t in zip(values, texts[source], strict=True)]
    return _figures(_put(stage, name, pa.array(printed, pa.string())), name, values)


def _figures(stage: Any, name: str, values: Sequence[MeasuredFigure | None]) -> Any:
    """A stage with the figures of a column and the halves of their last places."""
    figures = [None if v is None else round(v.number, 4) for v in values]
    halves = [None if v is None else round(v.half, 5) for v in values]
    stage = _put(stage, VALUE + name, pa.array(figures, pa.decimal128(18, 4)))
    return _put(stage, HALF + name, pa.array(halves, pa.decimal128(18, 5)))


def _put(stage: Any, name: str, made: Any) -> Any:
    if name in stage.column_names:
        return stage.set_column(stage.column_names.index(name), name, made)
    return stage.append_column(name, made)


__all__ = ["given_in_rows", "given_in_stage", "gives_columns", "read_row"]
