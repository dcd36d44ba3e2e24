"""What some workbooks gave -> a heap: their rows as columns, table by table, small enough to be handed from one process to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from gouji.base.lazy_import import pyarrow as pa
from gouji.intake.finding.layout import Layout
from gouji.intake.workbooks.extracted import Given, Received
from gouji.intake.workbooks.to_arrow import Alike, Buffer, Fault, staged
from gouji.rules import Role, Table


@dataclass(frozen=True, slots=True)
class Stage:
    """Rows of one kind; `@file` and `@layout` are places in the lists of the heap (-1: no layout), faults name a row by its place."""

    alike: Alike
    rows: pa.Table
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class Heap:
    """Workbooks in the order they were asked for, without their rows; the layouts of their sheets; the rows."""

    books: list[Received]
    layouts: list[Layout]
    stages: list[Stage]


def heap_of(books: list[Received], tables: Mapping[str, Table]) -> Heap:
    """Put the rows of workbooks together. Of one that is nobody's the rows are only counted."""
    buffers = defaultdict[Alike, Buffer](Buffer)
    # By their identity: the number of each in the heap.
    layouts: dict[int, tuple[int, Layout]] = {}
    cover = next((t for t in tables.values() if t.role is Role.UNITS), None)
    for number, book in enumerate(books):
        book.rows = sum(len(given.rows) for given in book.given)
        for given in book.given if book.whose else ():
            at, _layout = layouts.setdefault(id(given.layout), (len(layouts), given.layout))
            alike = Alike(given.table, given.columns, given.layout.units)
            _add(buffers[alike], given, number, at, book)
        if book.whose and cover is not None and all(g.table != cover.table for g in book.given):
            _cover(buffers[Alike(cover.table, (), ())], number, book)
        book.given.clear()
    stages = [
        Stage(alike, *staged(buffer, alike, tables[alike.table]))
        for alike, buffer in buffers.items()
    ]
    return Heap(books, [layout for _at, layout in layouts.values()], stages)


def _add(buffer: Buffer, given: Given, number: int, layout: int, book: Received) -> None:
    """The rows that one sheet gave."""
    buffer.rows.extend(given.rows)
    buffer.lines.extend(given.lines)
    buffer.groups.extend(given.groups)
    buffer.runs.append(
        (len(given.rows), number, given.sheet, layout, book.unit, book.year, book.name)
    )


def _cover(buffer: Buffer, number: int, book: Received) -> None:
    """A workbook without a cover still makes a row of the table of units: its code, year and name are known otherwise."""
    buffer.rows.append(())
    buffer.lines.append(0)
    buffer.groups.append(0)
    buffer.runs.append((1, number, "", -1, book.unit, book.year, book.name))
    book.rows += 1
    book.without_cover = True


__all__ = ["Heap", "Stage", "heap_of"]
