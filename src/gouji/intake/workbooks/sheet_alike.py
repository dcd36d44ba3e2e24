"""Sheets that are written alike but for the texts of their cells -> each read from the first ones of their kind, without looking at every element again.

The parser (expat) goes through every sheet and hands over its tokens: each tag as it is written, each text. Where all tokens but those texts are those of a
sheet that was read before, the sheet is that one with other texts, and only these are looked at. Whatever differs anywhere else is read in the other ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from xml.parsers import expat

from gouji.intake.workbooks.cell_styles import Styles
from gouji.intake.workbooks.container import Refused
from gouji.intake.workbooks.sheet import TOO_LONG, Sheet, SheetFacts, Unread
from gouji.intake.workbooks.sheet_grid import Grid, Wordbook
from gouji.intake.workbooks.sheet_texts import Hole, SheetTexts, Unfit, find_texts
from gouji.intake.workbooks.xml_elements import Malformed, feed

# Tokens of one sheet, of all sheets that are kept, and sheets of which only the tags are kept in mind.
TOKENS_AT_MOST, KEPT_AT_MOST, SEEN_AT_MOST = 1 << 16, 1 << 18, 1 << 12
Tokens = Sequence[str]
# Row, column, scale and kind of a number that is likely shown as it is held, attributes of its cell.
_Number = tuple[int, int, float, type[float], Hole]


def tokens_of(pieces: Iterable[bytes]) -> list[str]:
    """The tokens of a part as they are written; none where it is not sound, or long. A reference to a sign is a token."""
    found = list[str]()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.DefaultHandler = found.append
    try:
        feed(parser, _while_short(pieces, found))
    except (Malformed, Refused):
        return []
    return found


def _while_short(pieces: Iterable[bytes], found: Tokens) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        if len(found) > TOKENS_AT_MOST:
            raise Malformed(str(len(found)))


@dataclass(slots=True)
class Template:
    """A sheet whose texts may be other ones: its tokens between the texts, how to take the texts, the sheet itself."""

    styles: Styles
    sheet: Sheet
    rest: Callable[[Tokens], Tokens]
    written: Tokens
    take_numbers: Callable[[Tokens], Tokens]
    numbers: list[_Number]
    take_others: Callable[[Tokens], Tokens]
    others: list[Hole]
    # The texts that show the same in every workbook, as this sheet has them (None: others).
    shown: list[str | None]
    formulas: bool

    @classmethod
    def of(cls, tokens: Tokens, texts: SheetTexts, sheet: Sheet, words: Wordbook) -> Template:
        """The template that a sheet makes."""
        quick = Grid(words).quick
        numbers, others = list[_Number](), list[Hole]()
        for hole in texts.holes:
            style = hole.given.get("s", "0")
            if hole.is_number and style in quick and style not in words.styles.unseen:
                numbers.append((hole.row, hole.column, *quick[style], hole))
            else:
                others.append(hole)
        holes = {hole.token for hole in texts.holes}
        rest = _taker([at for at in range(len(tokens)) if at not in holes])
        return cls(
            words.styles,
            sheet,
            rest,
            rest(tokens),
            _taker([one[-1].token for one in numbers]),
            numbers,
            _taker([hole.token for hole in others]),
            others,
            [tokens[hole.token] if _shows_itself(hole, sheet) else None for hole in others],
            texts.formulas,
        )

    def read(self, name: str, tokens: Tokens, words: Wordbook) -> Sheet | None:
        """The sheet with these tokens; None where it is to be read in another way."""
        if self.styles is not words.styles or (self.formulas and words.worked_out_anew):
            return None
        if self.rest(tokens) != self.written:
            return None
        numbers, others = self.take_numbers(tokens), self.take_others(tokens)
        figures, signs = "".join(numbers), "".join(others)
        # What stands in the place of a text may be a comment, or a reference to a sign.
        if not figures.isascii() or any(sign in figures or sign in signs for sign in "<&\r"):
            return None
        grid = Grid(words)
        rows = [list(row) for row in self.sheet.rows]
        if "_" in figures or not self._fill(rows, numbers, others, grid):
            return None
        return Sheet(name, rows, self._facts(grid), self.sheet.areas)

    def _fill(self, rows: list[list[object]], numbers: Tokens, others: Tokens, grid: Grid) -> bool:
        """Put what cells show into the rows; whether every cell shows something."""
        try:
            for text, (row, column, scale, kind, hole) in zip(numbers, self.numbers, strict=True):
                number = float(text)
                # As in `Grid`: the nearest to so many whole parts of its last place is shown as it is held.
                parts = (number * scale + 0.5) // 1.0
                if 0 < number < 1e13 and parts < TOO_LONG and parts / scale == number:
                    rows[row][column] = kind(number)
                else:
                    rows[row][column] = grid.value(hole.with_text(text), row, column)
        except ValueError:
            return False
        for text, hole, shown in zip(others, self.others, self.shown, strict=True):
            if text != shown:
                value = grid.value(hole.with_text(text), hole.row, hole.column)
                if value == "":
                    return False
                rows[hole.row][hole.column] = value
        return True

    def _facts(self, grid: Grid) -> SheetFacts:
        """What is to be said of the lines of every such sheet, and of the cells of this one."""
        own = grid.facts
        return replace(
            self.sheet.facts,
            unread=own.unread,
            long=own.long,
            lost=own.lost,
            held=own.held,
            unseen=own.unseen,
            heights=dict(self.sheet.facts.heights),
        )


class Templates:
    """The templates of this process, by the number of their tokens. The second sheet with the same tags makes one."""

    def __init__(self) -> None:
        self.known, self.kept = dict[int, tuple[Template, ...]](), 0
        self.seen = set[int]()

    def read(self, name: str, tokens: Tokens, words: Wordbook) -> Sheet | None:
        """The sheet with these tokens, where one that is written alike is known."""
        for template in self.known.get(len(tokens), ()):
            if (made := template.read(name, tokens, words)) is not None:
                return made
        return None

    def learn(
        self, tokens: Tokens, pieces: Callable[[], Iterable[bytes]], sheet: Sheet, grid: Grid
    ) -> None:
        """Keep a sheet, read by that grid, as a template where it has been seen before and can be one."""
        tags = hash(tuple([token for token in tokens if token[0] == "<"]))
        if tags not in self.seen:
            if len(self.seen) >= SEEN_AT_MOST:
                self.seen.clear()
            self.seen.add(tags)
            return
        try:
            texts = find_texts(pieces())
        except (Unfit, Refused):
            return
        if texts.count != len(tokens) or not _may_stand_for_others(texts, sheet, grid):
            return
        if self.kept + len(tokens) > KEPT_AT_MOST:
            self.known.clear()
            self.kept = 0
        self.kept += len(tokens)
        made = Template.of(tokens, texts, _apart(sheet), grid.words)
        self.known[len(tokens)] = (made, *self.known.get(len(tokens), ()))


def _apart(sheet: Sheet) -> Sheet:
    """The sheet as its XML has it: what its workbook says of it later (texts of shapes over it) is said of no other."""
    return Sheet(sheet.name, [tuple(row) for row in sheet.rows], replace(sheet.facts), sheet.areas)


def _may_stand_for_others(texts: SheetTexts, sheet: Sheet, grid: Grid) -> bool:
    """Whether nothing but the texts of its holes decides what its other cells show: no errors and open formulas, nothing below merged areas."""
    holes = {(hole.row, hole.column) for hole in texts.holes}
    others = [at for at in texts.filled if at not in holes]
    shown = all(sheet.at(*at) != "" for at in holes)
    plain = not any(isinstance(sheet.at(*at), Unread) for at in others)
    covered = any(at in sheet.covered() for at in texts.filled)
    return shown and plain and not covered and not (texts.formulas and grid.wary)


def _shows_itself(hole: Hole, sheet: Sheet) -> bool:
    """Whether a cell holds a text that shows the same wherever it stands in such a cell, and nothing else is to be said of it."""
    at, facts = (hole.row, hole.column), sheet.facts
    text = hole.inline or hole.given.get("t") == "str"
    told = isinstance(sheet.at(*at), Unread) or at in facts.lost or at in facts.unseen
    return text and not told and at not in facts.worked_out


def _taker(places: Sequence[int]) -> Callable[[Tokens], Tokens]:
    """Takes the tokens in some places."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda tokens: tuple(tokens[at] for at in places)


__all__ = ["Template", "Templates", "tokens_of"]
