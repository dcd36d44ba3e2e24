"""A listing on a sheet -> the rows of its table: which lines count, where it ends, what stands for what is not printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from gouji.base.i18n import _
from gouji.intake.finding.labels import bare, plain
from gouji.intake.finding.layout import Layout
from gouji.intake.finding.lines_left import Left, LineReason, answers, by_words, is_page, runs
from gouji.intake.finding.split_codes import Codes, joined
from gouji.intake.finding.units import statements
from gouji.intake.finding.words import (
    COUNTS,
    STEMS,
    TOTALS,
    ends_in_sum,
    goes_on,
    is_day,
    is_note,
    leads,
    signs,
    sums_up,
)
from gouji.intake.ledger.submission import At, Lost, Problem
from gouji.intake.workbooks.extracted import Lacking, Piece
from gouji.intake.workbooks.sheet import Raw, Sheet, address, said
from gouji.rules import ColumnRole, Listing, Table

TOLD_AT_MOST, EACH_AT_MOST = 20_000, 5
# What people set between the parts of a code: 208.05.05, '2080505.
# The zeros that a program puts behind a number: 201.00 is no code.
_ZEROS = re.compile(r"\.0+$")
_JOINTS = re.compile("[-._/·'`]")


def listed(
    reader: Reader, sheet: Sheet, problems: list[Problem | Lacking], file: str, left: Left
) -> Piece:
    """The lines of a listing. A line with figures but without what tells it apart is a problem, never dropped unseen; `left` is told which lines are no rows."""
    table, layout = reader.table, reader.layout
    if reader.quick >= 0:
        found = _by_code(reader, sheet, left)
        if found is not None:
            return Piece(table, layout, sheet, reader.columns, *found, [0] * len(found[0]))
    left.lines.clear()
    rows, lines, groups, wanted = (
        list[tuple[Raw, ...]](),
        list[int](),
        list[int](),
        dict[tuple[str, int], list[int]](),
    )
    for group in range(len(layout.groups)):
        for line, values, wanting in reader.lines(sheet, group, left):
            if wanting:
                wanted.setdefault((wanting, group), []).append(line)
                left.add(LineReason.ASIDE, line - 1)
            else:
                rows.append(values)
                lines.append(line)
                groups.append(group)
    for (column, group), of in wanted.items():
        problems += _wanting(reader, sheet, file, column, group, of)
    return Piece(table, layout, sheet, reader.columns, rows, lines, groups)


def _wanting(
    reader: Reader, sheet: Sheet, file: str, column: str, group: int, lines: Sequence[int]
) -> Iterator[Problem]:
    """Lines without what tells them apart: each is told; many, which have one cause, are told together."""

    def cell(line: int) -> At:
        col = reader.layout.spot(column, group, line)[1]
        return At(
            file, line, column, sheet=sheet.name, cell=address(line - 1, col) if col >= 0 else ""
        )

    mend = _("补上，或删去这一行")
    if len(lines) <= EACH_AT_MOST:
        for line in lines:
            written = said(sheet.at(line - 1, reader.layout.spot(column, group, line)[1])).strip()
            what = _("第 {line} 行有数，却没有“{column}”；不采用").format(line=line, column=column)
            if written:
                what = _("第 {line} 行的“{column}”写的是“{written}”，不是编码；不采用").format(
                    line=line, column=column, written=written[:40]
                )
            yield Problem(reader.table.table, cell(line), what, mend, lost=Lost.ROWS)
    else:
        what = _("{n} 行有数，却没有“{column}”：第 {lines} 行；都不采用").format(
            n=len(lines), column=column, lines=runs(lines)
        )
        yield Problem(reader.table.table, cell(lines[0]), what, mend, lost=Lost.ROWS)


def _by_code(
    reader: Reader, sheet: Sheet, left: Left
) -> tuple[list[tuple[Raw, ...]], list[int]] | None:
    """The lines of a plain listing without a loop over cells: rows with a code as they stand. None where some other line says something wrong."""
    first, at = reader.layout.first, reader.quick
    body = list(map(reader.take[0], sheet.rows[first:]))
    coded = [row[at].__class__ is str and row[at].isdecimal() and row[at].isascii() for row in body]
    if (numbers := reader.numbering(sheet)) is not None:
        coded[numbers - first] = False
    width = len(reader.layout.groups[0])
    others = [i for i, known in enumerate(coded) if not known and body[i].count("") < width]
    if not others:
        return [row for row, known in zip(body, coded, strict=True) if known], [
            i for i, known in enumerate(coded, first + 1) if known
        ]
    told = {
        line: (values, wanting) for line, values, wanting in reader.lines(sheet, 0, left, others)
    }
    if any(wanting for _values, wanting in told.values()):
        return None
    kept = [
        (i, row) for i, (row, known) in enumerate(zip(body, coded, strict=True), first + 1) if known
    ]
    kept = sorted(
        [*kept, *((line, values) for line, (values, _w) in told.items())], key=lambda pair: pair[0]
    )
    return [row for _line, row in kept], [line for line, _row in kept]


@dataclass(frozen=True, slots=True)
class _LineWords:
    """What the words of a line tell: whether there are any, whether the listing ends here, why the line is none of its own (if so), its code."""

    words: bool
    ends: bool
    why: LineReason | None
    code: str


class Reader:
    """Reads the lines of listings of one layout. What the words of a line tell is worked out once for the same words."""

    def __init__(self, table: Table, part: Listing, layout: Layout) -> None:
        self.table, self.part, self.layout = table, part, layout
        self.printed = tuple(s.column for s in layout.groups[0])
        self.columns = (*self.printed, *part.lookup)
        self.take = [_taker([s.col for s in spots]) for spots in layout.groups]
        described = {c.name: c for c in table.columns}
        own = [
            n
            for n in table.key
            if n in self.printed and described[n].role not in (ColumnRole.UNIT, ColumnRole.YEAR)
        ]
        constant = {s.column for s in layout.groups[0] if s.row >= 0}
        self.code = next(
            (
                c
                for c in table.columns
                if c.role is ColumnRole.CODE and c.name in self.printed and c.name not in constant
            ),
            None,
        )
        self.code_at = self.printed.index(self.code.name) if self.code is not None else -1
        self.total = (
            {plain(w): w for w in (self.code.total, *self.code.words) if w}
            if self.code is not None
            else {}
        )
        if self.code is not None and self.code.total in TOTALS:
            self.total |= dict.fromkeys(TOTALS - self.total.keys(), self.code.total)
        self.key = [
            i for i, name in enumerate(self.printed) if name in own and name not in constant
        ]
        self.down = [i for i, name in enumerate(self.printed) if name in part.fill_down]
        self.texts = [
            i for i, n in enumerate(self.printed) if not described[n].numeric and n not in constant
        ]
        self.words = _taker(self.texts)
        self.numbers = [
            i for i, n in enumerate(self.printed) if described[n].numeric and n not in constant
        ]
        self.until, self.skip = (
            {plain(w) for w in words} | {bare(w) for w in words}
            for words in (part.until, part.skip)
        )
        # Nothing but a code tells its lines apart: a line with a code is a row as it stands.
        clear = not (
            part.until
            or part.skip
            or part.fill_down
            or part.lookup
            or part.numbered
            or constant
            or layout.split
            or layout.joined
        )
        self.quick = self.code_at if clear and len(layout.groups) == 1 else -1
        self.lookups = [
            (name, self.printed.index(of.of), {bare(k): v for k, v in of.words.items()})
            for name, of in part.lookup.items()
        ]
        self.joined = [(self.printed.index(name), *around) for name, *around in layout.joined]
        self.columns_at = [frozenset(s.col for s in spots) for spots in layout.groups]
        self.told: dict[tuple[str, ...], _LineWords] = {}

    def lines(
        self, sheet: Sheet, group: int, left: Left, chosen: Sequence[int] | None = None
    ) -> Iterator[tuple[int, tuple[Raw, ...], str]]:
        """Line from 1, values in the order of `columns`, and the key column that is wanting, if any; of all lines or only of those chosen."""
        get, first = self.take[group], self.layout.first
        constants = {
            i: sheet.at(s.row, s.col) for i, s in enumerate(self.layout.groups[group]) if s.row >= 0
        }
        above: dict[int, Raw] = {}
        codes = (
            Codes(self.layout.split[group], self.code.levels)
            if self.layout.split and self.code is not None
            else None
        )
        numbers, noted = self.numbering(sheet), False
        heads = {
            plain(v) for cells in sheet.rows[:first] for v in cells if isinstance(v, str) and v
        }
        for index in range(len(sheet.rows) - first) if chosen is None else chosen:
            row = first + index
            values = list(get(sheet.rows[row]))
            if row == numbers:
                left.add(LineReason.NUMBERS, row)
                continue
            if self._again(sheet.rows[row], heads) or is_page(sheet.rows[row]):
                left.add(LineReason.WORDS, row)
                continue
            if codes is not None:
                values[self.code_at] = codes.read(sheet.rows[row])
            for i, before, behind in self.joined:
                values[i] = joined(values[i], sheet.at(row, before), sheet.at(row, behind))
            filled = {i: above.get(i, "") for i in self.down if values[i] == ""}
            for i, value in filled.items():
                values[i] = value
            words = tuple([v if v.__class__ is str else said(v) for v in self.words(values)])
            told = self.told.get(words) or self._tell(words)
            if told.ends:
                left.lines.setdefault(LineReason.BEYOND, []).extend(range(row, len(sheet.rows)))
                return
            figures = self._figures(values)
            if not figures and len(self.layout.groups) > 1 and self._reaches_on(sheet, row, group):
                continue
            why = self._left(told, values, figures, sheet, row, noted)
            why = why or self._sum_below(filled, words)
            if why is None and figures and any(values[i] == "" for i in self.key):
                why = self._summed(sheet.rows[row], group)
            if why is None and self.down and not figures:
                why = self._words_beside(values, filled)
            if why is not None:
                noted = noted or why is LineReason.NOTE
                if told.words or figures:
                    left.add(why, row)
                continue
            above |= {i: values[i] for i in self.down if i not in filled}
            for i, value in constants.items():
                values[i] = value
            made = self._line(row + 1, values, told)
            yield self._merged_key(sheet, group, made, left) if made[2] else made

    def _words_beside(self, values: Sequence[Raw], filled: dict[int, Raw]) -> LineReason | None:
        """A line without figures that says nothing of its own but in columns that are filled down is a note, whatever was filled in."""
        own = (values[i] != "" for i in self.texts if i not in filled and i not in self.down)
        return None if any(own) or not self.numbers else LineReason.WORDS

    def _reaches_on(self, sheet: Sheet, row: int, group: int) -> bool:
        """Whether a label is merged past its own columns into those of the next group, where its figure stands."""
        spots = self.layout.groups[group]
        last = max(s.col for s in spots)
        starts = {spots[i].col for i in self.texts}
        return any(
            top <= row <= bottom and left in starts and right > last
            for (top, left), (bottom, right) in sheet.merged()
        )

    def _again(self, cells: Sequence[Raw], heads: set[str]) -> bool:
        """Whether a line holds nothing but words of the head, printed again on another page, or says that the form goes on."""
        if any(v.__class__ is not str for v in cells):
            return False
        words = [plain(v) for v in cells if v]
        return bool(words) and all(word in heads or goes_on(word) for word in words)

    def numbering(self, sheet: Sheet) -> int | None:
        """The line directly below the header that numbers the columns, 1, 2, 3 …, and holds nothing else."""
        for row in range(self.layout.first, len(sheet.rows)):
            cells = [v for v in sheet.rows[row] if v != ""]
            if cells:
                stems = [v for v in cells if isinstance(v, str) and plain(v) in STEMS]
                found = [
                    plain(said(v)).partition("=")[0].strip("()")
                    for v in cells[len(stems) :]
                    if not isinstance(v, str) or plain(v) not in COUNTS
                ]
                # One word and few figures may be a line with its name.
                enough = len(found) >= (3 if len(stems) == 1 else 2) or len(found) + len(
                    stems
                ) < len(cells)
                return (
                    row
                    if enough
                    and found == [str(n) for n in range(1, len(found) + 1)]
                    and cells[: len(stems)] == stems
                    else None
                )
        return None

    def _sum_below(self, filled: dict[int, Raw], words: tuple[str, ...]) -> LineReason | None:
        """A line that sums up those above it under a word that is filled down."""
        own_words = (w for i, w in zip(self.texts, words, strict=True) if w and i not in filled)
        own = next(own_words, "") if filled else ""
        return LineReason.SUM if own and sums_up(own) else None

    def _left(
        self,
        told: _LineWords,
        values: Sequence[Raw],
        figures: bool,
        sheet: Sheet,
        row: int,
        noted: bool,
    ) -> LineReason | None:
        """Why a line is no row, if it is none."""
        if told.why is LineReason.NOTE:
            return LineReason.NOTE if not figures else None
        if told.why is LineReason.WORDS and figures:
            return None
        if told.why is not None:
            return told.why
        if not told.words:
            return LineReason.WORDS if not figures else None
        if figures or not self.numbers:
            return None
        if (why := by_words(sheet.rows[row])) is not None:
            return why
        if noted or (
            self.code is not None
            and not told.code.isdecimal()
            and told.code not in self.total.values()
        ):
            return LineReason.NOTE if noted else LineReason.WORDS
        return None

    def _summed(self, cells: Sequence[Raw], group: int) -> LineReason | None:
        """Whether a line begins, beside the columns of its group, with a word for a sum."""
        at = next((c for c, v in enumerate(cells) if v != ""), 0)
        first = cells[at] if at not in self.columns_at[group] else ""
        summed = isinstance(first, str) and (sums_up(first) or plain(first) in self.skip)
        return LineReason.SUM if summed else None

    def _figures(self, values: Sequence[Raw]) -> bool:
        """Whether a line holds figures: anything in a column of figures but words that say whose signature stands there."""
        if not self.numbers:
            return any(values[i] != "" for i in self.texts)
        return not answers(values) and any(
            any(map(str.isdecimal, v)) and not (signs(v) or is_day(v))
            if isinstance(v, str)
            else v != ""
            for v in (values[i] for i in self.numbers)
        )

    def _tell(self, words: tuple[str, ...]) -> _LineWords:
        heads = [plain(word) for word in words if word != ""]
        ends = bool(heads and self.until) and any(
            h in self.until or bare(h) in self.until for h in heads[:2]
        )
        code = self._code(words)
        if len(self.told) > TOLD_AT_MOST:
            self.told.clear()
        made = self.told[words] = _LineWords(
            bool(heads), ends, self._why(words, heads, code) if heads else None, code
        )
        return made

    def _why(self, words: tuple[str, ...], heads: list[str], code: str) -> LineReason | None:
        """Why a line with such words is no row, whatever figures it holds (a note: if it holds none)."""
        if COUNTS & set(heads[:2]):
            return LineReason.NUMBERS
        if is_note(heads[0]):
            return LineReason.NOTE
        if any(statements(word) for word in words if word):
            return LineReason.WORDS
        if self.skip & {heads[0], bare(heads[0])}:
            return LineReason.SKIPPED
        keyless = any(words[self.texts.index(i)] == "" for i in self.key if i in self.texts)
        keyless = keyless or len(heads) == 1 < len(self.texts)
        if self.code is not None and (code.isdecimal() or code in self.total.values()):
            return None
        summing = sums_up(heads[0]) or (keyless and (sums_up(heads[-1]) or ends_in_sum(heads[0])))
        if summing or (self.code is not None and ends_in_sum(heads[0])):
            return LineReason.SUM
        return LineReason.WORDS if len(heads) == 1 and any(leads(w) for w in words if w) else None

    def _code(self, words: tuple[str, ...]) -> str:
        """The code of a line; a total line says its word in any of its texts."""
        if self.code is None:
            return ""
        text = plain(words[self.texts.index(self.code_at)])
        if (digits := _JOINTS.sub("", text)).isdecimal() and digits.isascii():
            return (
                digits
                if digits == text or (len(digits) in self.code.levels and not _ZEROS.search(text))
                else text
            )
        for word in map(plain, words):
            if word in self.total or bare(word) in self.total:
                return self.total.get(word) or self.total[bare(word)]
        return text

    def _line(
        self, line: int, values: list[Raw], told: _LineWords
    ) -> tuple[int, tuple[Raw, ...], str]:
        if self.code_at >= 0:
            values[self.code_at] = told.code
        if self.part.numbered:
            for i in self.key:
                if isinstance(values[i], str):
                    values[i] = bare(values[i])
        looked = tuple(words.get(bare(said(values[of])), "") for _name, of, words in self.lookups)
        missing = next((self.printed[i] for i in self.key if values[i] == ""), "")
        if (
            self.code is not None
            and told.code
            and told.code not in self.total.values()
            and not (told.code.isdecimal() and told.code.isascii())
        ):
            missing = missing or self.code.name
        missing = missing or next(
            (
                name
                for (name, _of, _words), word in zip(self.lookups, looked, strict=True)
                if not word
            ),
            "",
        )
        return line, (*values, *looked), missing

    def _merged_key(
        self, sheet: Sheet, group: int, made: tuple[int, tuple[Raw, ...], str], left: Left
    ) -> tuple[int, tuple[Raw, ...], str]:
        """A line whose key is wanting takes it from the cell that is merged over it, and other words likewise."""
        line, values, _wanting = made
        found = list(values[: len(self.printed)])
        spots = self.layout.groups[group]
        for i in self.texts:
            if found[i] != "" or (self.layout.split and i == self.code_at):
                continue
            over = _over(sheet, line - 1, spots[i].col)
            if over is not None and over[0] >= self.layout.first and sheet.at(*over) != "":
                found[i] = sheet.at(*over)
                left.filled += [(line - 1, spots[i].col)] if i in self.key else []
        words = tuple(v if isinstance(v, str) else said(v) for v in self.words(found))
        return self._line(line, found, self.told.get(words) or self._tell(words))


def _over(sheet: Sheet, row: int, col: int) -> tuple[int, int] | None:
    """The cell whose value a merged area shows in this one."""
    return next(
        (
            (top, left)
            for (top, left), (bottom, right) in sheet.merged()
            if top <= row <= bottom and left <= col <= right and (top, left) != (row, col)
        ),
        None,
    )


def _taker(at: list[int]) -> Callable[[Any], tuple[Raw, ...]]:
    """Like itemgetter, but always a tuple."""
    if len(at) > 1:
        return itemgetter(*at)
    return (lambda row: (row[at[0]],)) if at else lambda row: ()
