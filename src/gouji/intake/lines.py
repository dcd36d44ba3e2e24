"""A listing on a sheet -> the rows of its table: which lines count, where it ends, what stands for what is not printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any

from gouji.i18n import _
from gouji.intake.labels import bare, plain
from gouji.intake.layout import Layout
from gouji.intake.piece import Lacking, Piece
from gouji.intake.sheet import Raw, Sheet, said
from gouji.intake.submission import At, Problem
from gouji.load.forms import Listing
from gouji.load.tables import ColumnRole, Table

NOTES = ("注:", "注", "备注:", "说明:")
COUNTS = ("栏次", "行次")
TOLD_AT_MOST = 20_000


def listed(reader: Reader, sheet: Sheet, problems: list[Problem | Lacking], file: str) -> tuple[Piece, int]:
    """The lines of a listing, and how many were left aside. A line with figures but without what tells it apart is a problem, never dropped unseen."""
    table, layout = reader.table, reader.layout
    if reader.quick >= 0:
        found = _by_code(reader, sheet)
        if found is not None:
            return Piece(table, layout, sheet, reader.columns, *found, [0] * len(found[0])), 0
    rows, lines, groups, aside = list[tuple[Raw, ...]](), list[int](), list[int](), 0
    for group in range(len(layout.groups)):
        for line, values, wanting in reader.lines(sheet, group):
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


def _by_code(reader: Reader, sheet: Sheet) -> tuple[list[tuple[Raw, ...]], list[int]] | None:
    """The lines of a plain listing without a loop over cells: rows with a code as they stand. None where some other line says something wrong."""
    first, at = reader.layout.first, reader.quick
    body = list(map(reader.take[0], sheet.rows[first:]))
    coded = [row[at].__class__ is str and row[at].isdecimal() for row in body]
    width = len(reader.layout.groups[0])
    others = [i for i, known in enumerate(coded) if not known and body[i].count("") < width]
    if not others:
        return [row for row, known in zip(body, coded, strict=True) if known], [i for i, known in enumerate(coded, first + 1) if known]
    told = {line: (values, wanting) for line, values, wanting in reader.lines(sheet, 0, others)}
    if any(wanting for _values, wanting in told.values()):
        return None
    kept = [(i, row) for i, (row, known) in enumerate(zip(body, coded, strict=True), first + 1) if known]
    kept = sorted([*kept, *((line, values) for line, (values, _w) in told.items())], key=lambda pair: pair[0])
    return [row for _line, row in kept], [line for line, _row in kept]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the words of a line tell: whether there are any, whether the listing ends here, whether the line is none of its own, its code."""

    words: bool
    ends: bool
    skipped: bool
    code: str


class Reader:
    """Reads the lines of listings of one layout. What the words of a line tell is worked out once for the same words."""

    def __init__(self, table: Table, part: Listing, layout: Layout) -> None:
        self.table, self.part, self.layout = table, part, layout
        self.printed = tuple(s.column for s in layout.groups[0])
        self.columns = (*self.printed, *part.lookup)
        self.take = [_taker([s.col for s in spots]) for spots in layout.groups]
        described = {c.name: c for c in table.columns}
        own = [n for n in table.key if n in self.printed and described[n].role not in (ColumnRole.UNIT, ColumnRole.YEAR)]
        constant = {s.column for s in layout.groups[0] if s.row >= 0}
        self.code = next((c for c in table.columns if c.role is ColumnRole.CODE and c.name in self.printed and c.name not in constant), None)
        self.code_at = self.printed.index(self.code.name) if self.code is not None else -1
        self.key = [i for i, name in enumerate(self.printed) if name in own and name not in constant]
        self.down = [i for i, name in enumerate(self.printed) if name in part.fill_down]
        self.texts = [i for i, n in enumerate(self.printed) if not described[n].numeric and n not in constant]
        self.words = _taker(self.texts)
        self.numbers = [i for i, n in enumerate(self.printed) if described[n].numeric and n not in constant]
        self.until, self.skip = ({plain(w) for w in words} | {bare(w) for w in words} for words in (part.until, part.skip))
        # Nothing but a code tells its lines apart: a line with a code is a row as it stands.
        clear = not (part.until or part.skip or part.fill_down or part.lookup or part.numbered or constant)
        self.quick = self.code_at if clear and len(layout.groups) == 1 else -1
        self.lookups = [(name, self.printed.index(of.of), {bare(k): v for k, v in of.words.items()}) for name, of in part.lookup.items()]
        self.told: dict[tuple[str, ...], _Told] = {}

    def lines(self, sheet: Sheet, group: int, chosen: Sequence[int] | None = None) -> Iterator[tuple[int, tuple[Raw, ...], str]]:
        """Line from 1, values in the order of `columns`, and the key column that is wanting, if any; of all lines or only of those chosen."""
        get, first = self.take[group], self.layout.first
        constants = {i: sheet.at(s.row, s.col) for i, s in enumerate(self.layout.groups[group]) if s.row >= 0}
        above: dict[int, Raw] = {}
        for index in range(len(sheet.rows) - first) if chosen is None else chosen:
            values = list(get(sheet.rows[first + index]))
            for i in self.down:
                values[i] = above[i] = values[i] if values[i] != "" else above.get(i, "")
            words = tuple([v if v.__class__ is str else said(v) for v in self.words(values)])
            told = self.told.get(words) or self._tell(words)
            if told.ends:
                return
            if told.skipped or (not told.words and self._idle(values)):
                continue
            for i, value in constants.items():
                values[i] = value
            yield self._line(first + index + 1, values, told)

    def _tell(self, words: tuple[str, ...]) -> _Told:
        heads = [plain(word) for word in words if word != ""]
        ends = bool(heads and self.until) and any(h in self.until or bare(h) in self.until for h in heads[:2])
        skipped = bool(heads) and (heads[0] in COUNTS or heads[0].startswith(NOTES) or bool(self.skip & {heads[0], bare(heads[0])}))
        if len(self.told) > TOLD_AT_MOST:
            self.told.clear()
        made = self.told[words] = _Told(bool(heads), ends, skipped, self._code(words))
        return made

    def _code(self, words: tuple[str, ...]) -> str:
        """The code of a line; a total line says its word in any of its texts."""
        if self.code is None:
            return ""
        text = plain(words[self.texts.index(self.code_at)])
        if text.isdecimal():
            return text
        named = {plain(w): w for w in (self.code.total, *self.code.words) if w}
        for word in map(plain, words):
            if word in named or bare(word) in named:
                return named.get(word) or named[bare(word)]
        return text

    def _idle(self, values: list[Raw]) -> bool:
        """A line without words that holds nothing, or only numbers the columns: 1, 2, 3 …"""
        found = [values[i] for i in self.numbers if values[i] != ""]
        return not found or (len(found) > 1 and all(isinstance(v, (int, float)) for v in found) and all(b - a == 1 for a, b in pairwise(found)))

    def _line(self, line: int, values: list[Raw], told: _Told) -> tuple[int, tuple[Raw, ...], str]:
        if self.code_at >= 0:
            values[self.code_at] = told.code
        if self.part.numbered:
            for i in self.key:
                if isinstance(values[i], str):
                    values[i] = bare(values[i])
        looked = tuple(words.get(bare(said(values[of])), "") for _name, of, words in self.lookups)
        missing = next((self.printed[i] for i in self.key if values[i] == ""), "")
        missing = missing or next((name for (name, _of, _words), word in zip(self.lookups, looked, strict=True) if not word), "")
        return line, (*values, *looked), missing


def _taker(at: list[int]) -> Callable[[Any], tuple[Raw, ...]]:
    """Like itemgetter, but always a tuple."""
    if len(at) > 1:
        return itemgetter(*at)
    return (lambda row: (row[at[0]],)) if at else lambda row: ()
