"""A listing on a sheet -> the rows of its table: which lines count, where it ends, what stands for what is not printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any

from gouji.i18n import _
from gouji.intake.labels import bare, plain
from gouji.intake.layout import Layout, Spot
from gouji.intake.piece import Piece
from gouji.intake.sheet import Raw, Sheet, said
from gouji.intake.submission import At, Problem
from gouji.load.forms import Listing
from gouji.load.tables import Column, ColumnRole, Table

NOTES = ("注:", "注", "备注:", "说明:")
COUNTS = ("栏次", "行次")


def listed(table: Table, part: Listing, layout: Layout, sheet: Sheet, problems: list[Problem], file: str) -> tuple[Piece, int]:
    """The lines of a listing, and how many were left aside. A line with figures but without what tells it apart is a problem, never dropped unseen."""
    reader = _Reader(table, part, layout, sheet)
    if reader.quick >= 0:
        found = _by_code(reader, layout.groups[0])
        if found is not None:
            return Piece(table, layout, sheet, reader.columns, *found, [0] * len(found[0])), 0
    rows, lines, groups, aside = list[tuple[Raw, ...]](), list[int](), list[int](), 0
    for group, spots in enumerate(layout.groups):
        for line, values, wanting in reader.lines(spots):
            if wanting:
                cell = At(file, line, wanting, sheet=sheet.name)
                what = _("第 {line} 行有数, 却没有“{column}”; 不采用").format(line=line, column=wanting)
                problems.append(Problem(table.table, cell, what, _("补上, 或删去这一行")))
                aside += 1
            else:
                rows.append(values)
                lines.append(line)
                groups.append(group)
    return Piece(table, layout, sheet, reader.columns, rows, lines, groups), aside


def _by_code(reader: _Reader, spots: tuple[Spot, ...]) -> tuple[list[tuple[Raw, ...]], list[int]] | None:
    """The lines of a plain listing without a loop over cells: rows with a code as they stand. None where some other line says something wrong."""
    first, at = reader.layout.first, reader.quick
    body = list(map(reader.getter(spots), reader.sheet.rows[first:]))
    coded = [row[at].__class__ is str and row[at].isdecimal() for row in body]
    width = len(spots)
    others = [i for i, known in enumerate(coded) if not known and body[i].count("") < width]
    if not others:
        return [row for row, known in zip(body, coded, strict=True) if known], [i for i, known in enumerate(coded, first + 1) if known]
    told = {line: (values, wanting) for line, values, wanting in reader.lines(spots, others)}
    if any(wanting for _values, wanting in told.values()):
        return None
    kept = [(i, row) for i, (row, known) in enumerate(zip(body, coded, strict=True), first + 1) if known]
    kept = sorted([*kept, *((line, values) for line, (values, _w) in told.items())], key=lambda pair: pair[0])
    return [row for _line, row in kept], [line for line, _row in kept]


class _Reader:
    def __init__(self, table: Table, part: Listing, layout: Layout, sheet: Sheet) -> None:
        self.part, self.layout, self.sheet = part, layout, sheet
        self.printed = tuple(s.column for s in layout.groups[0])
        self.columns = (*self.printed, *part.lookup)
        described = {c.name: c for c in table.columns}
        self.code = next((c for c in table.columns if c.role is ColumnRole.CODE and c.name in self.printed), None)
        own = [n for n in table.key if n in self.printed and described[n].role not in (ColumnRole.UNIT, ColumnRole.YEAR)]
        constant = {s.column for s in layout.groups[0] if s.row >= 0}
        self.key = [i for i, name in enumerate(self.printed) if name in own and name not in constant]
        self.down = [i for i, name in enumerate(self.printed) if name in part.fill_down]
        self.texts = [i for i, n in enumerate(self.printed) if not described[n].numeric and n not in constant]
        self.numbers = [i for i, n in enumerate(self.printed) if described[n].numeric and n not in constant]
        self.until, self.skip = ({plain(w) for w in words} | {bare(w) for w in words} for words in (part.until, part.skip))
        # Nothing but a code tells its lines apart: a line with a code is a row as it stands.
        self.plain = not (part.until or part.skip or part.fill_down or part.lookup or part.numbered or constant)
        self.quick = self.printed.index(self.code.name) if self.code is not None and self.plain and len(layout.groups) == 1 else -1
        self.words = {name: {bare(k): v for k, v in of.words.items()} for name, of in part.lookup.items()}

    def getter(self, spots: tuple[Spot, ...]) -> Callable[[Any], tuple[Raw, ...]]:
        """Takes the values of a group out of a row of the sheet."""
        take = [s.col for s in spots]
        return itemgetter(*take) if len(take) > 1 else lambda row: (row[take[0]],)

    def lines(self, spots: tuple[Spot, ...], chosen: Sequence[int] | None = None) -> Iterator[tuple[int, tuple[Raw, ...], str]]:
        """Line from 1, values in the order of `columns`, and the key column that is wanting, if any; of all lines or only of those chosen."""
        get = self.getter(spots)
        constants = {i: self.sheet.at(s.row, s.col) for i, s in enumerate(spots) if s.row >= 0}
        first = self.layout.first
        above: dict[int, Raw] = {}
        for index in range(len(self.sheet.rows) - first) if chosen is None else chosen:
            number, values = first + index + 1, list(get(self.sheet.rows[first + index]))
            for i in self.down:
                values[i] = above[i] = values[i] if values[i] != "" else above.get(i, "")
            heads = [plain(said(values[i])) for i in self.texts if values[i] != ""]
            if heads and self._ends(heads):
                return
            if not heads and all(values[i] == "" for i in self.numbers):
                continue
            if heads and (heads[0] in COUNTS or heads[0].startswith(NOTES) or self.skip & {heads[0], bare(heads[0])}):
                continue
            if self._counting(heads, values):
                continue
            for i, value in constants.items():
                values[i] = value
            yield self._line(number, values)

    def _ends(self, heads: list[str]) -> bool:
        return bool(self.until) and any(h in self.until or bare(h) in self.until for h in heads[:2])

    def _counting(self, heads: list[str], values: list[Raw]) -> bool:
        """A line that only numbers the columns: 1, 2, 3 …"""
        found = [values[i] for i in self.numbers if values[i] != ""]
        return not heads and len(found) > 1 and all(isinstance(v, (int, float)) for v in found) and all(
            b - a == 1 for a, b in pairwise(found)
        )  # fmt: skip

    def _line(self, line: int, values: list[Raw]) -> tuple[int, tuple[Raw, ...], str]:
        if self.code is not None:
            at = self.printed.index(self.code.name)
            values[at] = self._code(self.code, values, at)
        if self.part.numbered:
            for i in self.key:
                if isinstance(values[i], str):
                    values[i] = bare(values[i])
        looked = tuple(self.words[name].get(bare(said(values[self.printed.index(of.of)])), "") for name, of in self.part.lookup.items())
        missing = next((self.printed[i] for i in self.key if values[i] == ""), "")
        missing = missing or next((name for name, word in zip(self.part.lookup, looked, strict=True) if not word), "")
        return line, (*values, *looked), missing

    def _code(self, code: Column, values: list[Raw], at: int) -> str:
        """The code of a line; a total line says its word in any of its texts."""
        text = plain(said(values[at]))
        if text.isdecimal():
            return text
        named = {plain(w): w for w in (code.total, *code.words) if w}
        for i in self.texts:
            word = plain(said(values[i]))
            if word in named or bare(word) in named:
                return named.get(word) or named[bare(word)]
        return text
