"""The lines of a listing on sheets of one layout -> their values, and for each that is no row the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from gouji.intake.finding.labels import bare, plain
from gouji.intake.finding.layout import Layout
from gouji.intake.finding.line_words import LineWords, WordsOfLines
from gouji.intake.finding.lines_left import Left, LineReason, answers, by_words, foot, is_page
from gouji.intake.finding.listed_columns import ListedColumns
from gouji.intake.finding.split_codes import Codes, joined
from gouji.intake.finding.words import COUNTS, STEMS, goes_on, is_day, signs, sums_up
from gouji.intake.workbooks.sheet import Raw, Sheet, said
from gouji.rules import Listing, Table

# Line from 1, values in the order of the columns, the key column that is wanting ("": none).
Made = tuple[int, tuple[Raw, ...], str]


class Reader:
    """Reads the lines of listings of one layout. What the words of a line tell is worked out once for the same words."""

    def __init__(self, table: Table, part: Listing, layout: Layout) -> None:
        self.table, self.part, self.layout = table, part, layout
        self.of = ListedColumns.of(table, part, layout)
        self.columns = (*self.of.printed, *part.lookup)
        self.take = [_taker([s.col for s in spots]) for spots in layout.groups]
        self.columns_at = [frozenset(s.col for s in spots) for spots in layout.groups]
        self.words, self.told = _taker(self.of.texts), WordsOfLines(self.of, part)
        self.code_at = self.of.code_at
        # Where nothing but a code tells its lines apart, a line with a code is a row as it stands.
        self.quick = self.code_at if self._rows_as_they_stand() else -1
        place = self.of.printed.index
        self.lookups = [
            (name, place(of.of), {bare(k): v for k, v in of.words.items()})
            for name, of in part.lookup.items()
        ]
        self.joined = [(place(name), *around) for name, *around in layout.joined]

    def _rows_as_they_stand(self) -> bool:
        """Whether nothing is filled in, looked up, joined or left out by its words."""
        part, layout = self.part, self.layout
        by_words = part.until or part.skip or part.fill_down or part.lookup or part.numbered
        by_place = self.of.constant or layout.split or layout.joined or len(layout.groups) > 1
        return not (by_words or by_place)

    def lines(
        self, sheet: Sheet, group: int, left: Left, chosen: Sequence[int] | None = None
    ) -> Iterator[Made]:
        """The rows among all lines, or among those chosen (from 0 behind the head); `left` is told of the others."""
        first, reading = self.layout.first, _GroupOfLines(self, sheet, group, left)
        for index in range(len(sheet.rows) - first) if chosen is None else chosen:
            row = first + index
            if reading.belongs_to_head(row):
                continue
            line = reading.line(row)
            if line.told.ends:
                left.lines.setdefault(LineReason.BEYOND, []).extend(range(row, len(sheet.rows)))
                return
            if not reading.left_out(line):
                yield reading.row(line)

    def numbering(self, sheet: Sheet) -> int | None:
        """The line directly below the header that numbers the columns, 1, 2, 3 …, and holds nothing else."""
        for row in range(self.layout.first, len(sheet.rows)):
            cells = [v for v in sheet.rows[row] if v != ""]
            if cells:
                return row if _numbers_columns(cells) else None
        return None

    def made(self, line: int, values: list[Raw], told: LineWords) -> Made:
        """A line (from 1) as a row, codes and looked-up words in their places."""
        if self.code_at >= 0:
            values[self.code_at] = told.code
        if self.part.numbered:
            for i in self.of.key:
                if isinstance(value := values[i], str):
                    values[i] = bare(value)
        looked = tuple(words.get(bare(said(values[of])), "") for _name, of, words in self.lookups)
        return line, (*values, *looked), self._wanting(values, told, looked)

    def _wanting(self, values: Sequence[Raw], told: LineWords, looked: Sequence[str]) -> str:
        """The first column without which nobody knows what a line is: a key, a code that is none, a word that is looked up."""
        key = next((self.of.printed[i] for i in self.of.key if values[i] == ""), "")
        if key:
            return key
        code, known = told.code, told.code in self.told.codes
        digits = code.isdecimal() and code.isascii()
        if self.of.code is not None and code and not known and not digits:
            return self.of.code.name
        names = (name for name, _of, _words in self.lookups)
        return next((name for name, word in zip(names, looked, strict=True) if not word), "")

    def holds_figures(self, values: Sequence[Raw]) -> bool:
        """Whether a line holds figures: anything in a column of figures but words that say whose signature stands there."""
        if not self.of.numbers:
            return any(values[i] != "" for i in self.of.texts)
        return not answers(values) and any(
            any(map(str.isdecimal, v)) and not (signs(v) or is_day(v))
            if isinstance(v, str)
            else v != ""
            for v in (values[i] for i in self.of.numbers)
        )


@dataclass(slots=True)
class _Line:
    """One line: its values as printed and filled down, what was filled down into which places, what its words tell, whether it holds figures."""

    row: int
    values: list[Raw]
    filled: dict[int, Raw]
    words: tuple[str, ...]
    told: LineWords
    figures: bool


class _GroupOfLines:
    """The lines of one group on one sheet, gone through from above: what is filled down, and whether a note has been passed."""

    def __init__(self, reader: Reader, sheet: Sheet, group: int, left: Left) -> None:
        self.reader, self.sheet, self.group, self.left = reader, sheet, group, left
        self.spots = reader.layout.groups[group]
        self.constants = {i: sheet.at(s.row, s.col) for i, s in enumerate(self.spots) if s.row >= 0}
        split, code = reader.layout.split, reader.of.code
        self.codes = Codes(split[group], code.levels) if split and code is not None else None
        self.numbering = reader.numbering(sheet)
        head = sheet.rows[: reader.layout.first]
        self.heads = {plain(v) for cells in head for v in cells if isinstance(v, str) and v}
        self.above: dict[int, Raw] = {}
        # The first line that stands for all, by its code.
        self.totals: dict[str, tuple[Raw, ...]] = {}
        self.noted = False
        # Behind it a text alone is no name of a line.
        self.foot = foot(sheet.rows, reader.layout.first)

    def belongs_to_head(self, row: int) -> bool:
        """Whether a line numbers the columns, is the head printed again or the number of a page."""
        cells = self.sheet.rows[row]
        if row == self.numbering:
            self.left.add(LineReason.NUMBERS, row)
        elif self._again(cells) or is_page(cells):
            self.left.add(LineReason.WORDS, row)
        else:
            return False
        return True

    def _again(self, cells: Sequence[Raw]) -> bool:
        """Whether a line holds nothing but words of the head, printed again on another page, or says that the form goes on."""
        if any(v.__class__ is not str for v in cells):
            return False
        words = [plain(v) for v in cells if v]
        return bool(words) and all(word in self.heads or goes_on(word) for word in words)

    def line(self, row: int) -> _Line:
        """A line with what stands in several columns in one, and what is filled down."""
        reader, cells = self.reader, self.sheet.rows[row]
        values = list(reader.take[self.group](cells))
        if self.codes is not None:
            values[reader.code_at] = self.codes.read(cells)
        for i, before, behind in reader.joined:
            values[i] = joined(values[i], self.sheet.at(row, before), self.sheet.at(row, behind))
        filled = {i: self.above.get(i, "") for i in reader.of.down if values[i] == ""}
        for i, value in filled.items():
            values[i] = value
        words = _as_texts(reader.words(values))
        told = reader.told.tell(words)
        # Behind the end nothing is looked at.
        figures = not told.ends and reader.holds_figures(values)
        return _Line(row, values, filled, words, told, figures)

    def left_out(self, line: _Line) -> bool:
        """Whether a line is no row; why is kept, where it says anything of its own."""
        several = len(self.reader.layout.groups) > 1
        if several and not line.figures and self._reaches_on(line.row):
            return True
        why = self._why(line)
        if why is None:
            return False
        self.noted = self.noted or why is LineReason.NOTE
        if line.told.words or line.figures:
            self.left.add(why, line.row)
        return True

    def row(self, line: _Line) -> Made:
        """A line that counts; what it fills down is kept for those below."""
        values = line.values
        self.above |= {i: values[i] for i in self.reader.of.down if i not in line.filled}
        for i, value in self.constants.items():
            values[i] = value
        made = self.reader.made(line.row + 1, values, line.told)
        return self._merged_key(made) if made[2] else made

    def _why(self, line: _Line) -> LineReason | None:
        """Why a line is no row, if it is none."""
        why = self._by_words(line) or self._sum_below(line)
        if why is None and line.figures and any(line.values[i] == "" for i in self.reader.of.key):
            why = self._summed(self.sheet.rows[line.row])
        if why is None and self.reader.of.down and not line.figures:
            why = self._words_beside(line)
        if why is None and line.row >= self.foot and self._one_text(line.row):
            why = LineReason.FOOT
        return self._total_again(line) if why is None and line.figures else why

    def _total_again(self, line: _Line) -> LineReason | None:
        """Whether a line prints a total once more that stands further up, word for word and figure for figure."""
        code = line.told.code
        if code.isdecimal() or code not in self.reader.told.codes:
            return None
        values = tuple(plain(v) if isinstance(v, str) else v for v in line.values)
        first = self.totals.setdefault(code, values)
        return LineReason.SUM if first is not values and first == values else None

    def _one_text(self, row: int) -> bool:
        """Whether nothing but one text stands on a line, in a listing of figures."""
        filled = [v for v in self.sheet.rows[row] if v != ""]
        return bool(self.reader.of.numbers) and len(filled) == 1 and isinstance(filled[0], str)

    def _by_words(self, line: _Line) -> LineReason | None:
        told, figures = line.told, line.figures
        if told.why is LineReason.NOTE:
            return LineReason.NOTE if not figures else None
        if told.why is LineReason.WORDS and figures:
            return None
        if told.why is not None:
            return told.why
        if not told.words:
            return LineReason.WORDS if not figures else None
        if figures or not self.reader.of.numbers:
            return None
        return by_words(self.sheet.rows[line.row]) or self._beside_a_note(told)

    def _beside_a_note(self, told: LineWords) -> LineReason | None:
        """Words without figures: below a note they go on with it, and without a code they are none of the listing's."""
        if self.noted:
            return LineReason.NOTE
        coded = self.reader.of.code is None or self.reader.told.is_code(told.code)
        return None if coded else LineReason.WORDS

    def _sum_below(self, line: _Line) -> LineReason | None:
        """A line that sums up those above it under a word that is filled down."""
        if not line.filled:
            return None
        texts = zip(self.reader.of.texts, line.words, strict=True)
        own = next((w for i, w in texts if w and i not in line.filled), "")
        return LineReason.SUM if own and sums_up(own) else None

    def _summed(self, cells: Sequence[Raw]) -> LineReason | None:
        """Whether a line begins, beside the columns of its group, with a word for a sum."""
        at = next((c for c, v in enumerate(cells) if v != ""), 0)
        first = cells[at] if at not in self.reader.columns_at[self.group] else ""
        skip = self.reader.told.skip
        summed = isinstance(first, str) and (sums_up(first) or plain(first) in skip)
        return LineReason.SUM if summed else None

    def _words_beside(self, line: _Line) -> LineReason | None:
        """A line without figures that says nothing of its own but in columns that are filled down is a note, whatever was filled in."""
        of = self.reader.of
        texts = (i for i in of.texts if i not in line.filled and i not in of.down)
        own = any(line.values[i] != "" for i in texts)
        return None if own or not of.numbers else LineReason.WORDS

    def _reaches_on(self, row: int) -> bool:
        """Whether a label is merged past its own columns into those of the next group, where its figure stands."""
        last = max(s.col for s in self.spots)
        starts = {self.spots[i].col for i in self.reader.of.texts}
        return any(
            top <= row <= bottom and left in starts and right > last
            for (top, left), (bottom, right) in self.sheet.merged()
        )

    def _merged_key(self, made: Made) -> Made:
        """A line whose key is wanting takes it from the cell that is merged over it, and other words likewise."""
        reader, (line, values, _wanting) = self.reader, made
        found = list(values[: len(reader.of.printed)])
        for i in reader.of.texts:
            if found[i] != "" or (reader.layout.split and i == reader.code_at):
                continue
            over = _over(self.sheet, line - 1, self.spots[i].col)
            if over is None or over[0] < reader.layout.first or self.sheet.at(*over) == "":
                continue
            found[i] = self.sheet.at(*over)
            if i in reader.of.key:
                self.left.filled.append((line - 1, self.spots[i].col))
        return reader.made(line, found, reader.told.tell(_as_texts(reader.words(found))))


def _as_texts(values: Sequence[Raw]) -> tuple[str, ...]:
    return tuple([v if isinstance(v, str) else said(v) for v in values])


def _numbers_columns(cells: Sequence[Raw]) -> bool:
    """Whether the filled cells of a line are 1, 2, 3 …, behind a word like 栏次 at most."""
    stems = [v for v in cells if isinstance(v, str) and plain(v) in STEMS]
    if cells[: len(stems)] != stems:
        return False
    found = [
        plain(said(v)).partition("=")[0].strip("()")
        for v in cells[len(stems) :]
        if not isinstance(v, str) or plain(v) not in COUNTS
    ]
    # One word and few figures may be a line with its name.
    enough = len(found) >= (3 if len(stems) == 1 else 2) or len(found) + len(stems) < len(cells)
    return enough and found == [str(n) for n in range(1, len(found) + 1)]


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


def _taker(at: Sequence[int]) -> Callable[[Any], tuple[Raw, ...]]:
    """Like itemgetter, but always a tuple."""
    if len(at) > 1:
        return itemgetter(*at)
    return (lambda row: (row[at[0]],)) if at else lambda row: ()


__all__ = ["Made", "Reader"]
