"""Sheets that are written alike but for the texts of their cells -> each read from the first ones of their kind, without looking at every element again.

The parser (expat) goes through every sheet and hands over its texts. Where the sheet is, character by character, one that was read before with these texts
in the places of its own, only they are looked at. Whatever differs anywhere else is read in the other ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any
from xml.parsers import expat

from gouji.base.lazy_import import numpy as np
from gouji.intake.workbooks.cell_styles import Styles
from gouji.intake.workbooks.container import Refused
from gouji.intake.workbooks.sheet import TOO_LONG, Place, Sheet, SheetFacts, SheetWords, Unread
from gouji.intake.workbooks.sheet_grid import Grid, Wordbook
from gouji.intake.workbooks.sheet_texts import Hole, SheetTexts, Unfit, find_texts
from gouji.intake.workbooks.xml_elements import Malformed, feed

# Bytes of one sheet, characters of all sheets that are kept, and sheets of which only the kind is kept in mind.
BYTES_AT_MOST, KEPT_AT_MOST, SEEN_AT_MOST = 1 << 20, 1 << 22, 1 << 12
Texts = Sequence[str]


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet as it is written, and the texts that the parser finds in it; a reference to a sign is a text."""

    whole: str
    texts: list[str]

    @property
    def kind(self) -> tuple[int, int]:
        """What sheets that are written alike have in common: how many texts, and how many other characters."""
        return len(self.texts), len(self.whole) - sum(map(len, self.texts))


def written(pieces: Iterable[bytes]) -> Written | None:
    """A part as it is written; None where it is not sound, long, or in another encoding than UTF-8."""
    raw, found = b"", list[str]()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.CharacterDataHandler = found.append
    try:
        for piece in pieces:
            raw += piece
            if len(raw) > BYTES_AT_MOST:
                return None
        feed(parser, (raw,), joined=False)
        return Written(raw.decode(), found)
    except (Malformed, Refused, UnicodeDecodeError):
        return None


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Numbers of one style that are likely shown as they are held: which texts they are, their cells, the scale and kind of such a number."""

    take: Callable[[Texts], Texts]
    holes: list[Hole]
    places: list[Place]
    scale: float
    kind: type[float]

    @classmethod
    def of(cls, holes: list[Hole], scale: float, kind: type[float]) -> _Numbers:
        """The numbers in some cells."""
        return cls(_taker(holes), holes, [(hole.row, hole.column) for hole in holes], scale, kind)

    def put(self, rows: list[list[object]], texts: Texts, grid: Grid) -> bool:
        """Put what the cells show into the rows; whether all of it is figures. Raises ValueError where a text is no number."""
        held = list(map(float, texts))
        numbers = np.array(held)
        # As in `Grid`: the nearest to so many whole parts of its last place is shown as it is held.
        with np.errstate(all="ignore"):
            parts = np.floor(numbers * self.scale + 0.5)
            plain = (numbers > 0) & (numbers < 1e13) & (parts < TOO_LONG)
            plain &= parts / self.scale == numbers
        shown = held if self.kind is float else map(self.kind, held)
        for (row, column), value in zip(self.places, shown, strict=True):
            rows[row][column] = value
        only_figures = True
        for at in np.flatnonzero(~plain).tolist():
            row, column = self.places[at]
            value = grid.value(self.holes[at].with_text(texts[at]), row, column)
            rows[row][column], only_figures = value, only_figures and isinstance(value, float)
        return only_figures


@dataclass(slots=True)
class Template:
    """A sheet whose texts may be other ones: what is written between them, how to take the texts, the sheet itself."""

    styles: Styles
    sheet: Sheet
    # What is written: every second piece stands for a text.
    pieces: list[str]
    take: Callable[[Texts], Texts]
    numbers: list[_Numbers]
    take_others: Callable[[Texts], Texts]
    others: list[Hole]
    # The texts that show the same in every workbook, as this sheet has them (None: others).
    shown: list[str | None]
    formulas: bool
    # That of all sheets that differ from this one in figures alone.
    wording: SheetWords

    @classmethod
    def of(cls, own: Written, texts: SheetTexts, sheet: Sheet, words: Wordbook) -> Template:
        """The template that a sheet makes."""
        quick, unseen = words.styles.quick, words.styles.unseen
        numbers, others = list[Hole](), list[Hole]()
        for hole in texts.holes:
            likely = hole.is_number and hole.style in quick and hole.style not in unseen
            (numbers if likely else others).append(hole)
        numbers.sort(key=lambda hole: hole.style)
        return cls(
            words.styles,
            sheet,
            texts.between,
            _taker(texts.holes),
            [
                _Numbers.of(list(holes), *quick[style])
                for style, holes in groupby(numbers, lambda hole: hole.style)
            ],
            _taker(others),
            others,
            [own.texts[hole.text] if _shows_itself(hole, sheet) else None for hole in others],
            texts.formulas,
            SheetWords(),
        )

    def read(self, name: str, other: Written, words: Wordbook) -> Sheet | None:
        """The sheet that is written so; None where it is to be read in another way."""
        if self.styles is not words.styles or (self.formulas and words.worked_out_anew):
            return None
        pieces, texts = self.pieces.copy(), self.take(other.texts)
        pieces[1::2] = texts
        if "".join(pieces) != other.whole or any(sign in "".join(texts) for sign in "<&"):
            return None
        grid = Grid(words)
        rows = [list(row) for row in self.sheet.rows]
        try:
            only_figures = self._put_numbers(rows, other, grid)
            same_words = self._put_others(rows, other, grid)
        except ValueError:
            return None
        wording = self.wording if only_figures and same_words else SheetWords()
        return Sheet(name, rows, self._facts(grid), self.sheet.areas, wording)

    def _put_numbers(self, rows: list[list[Any]], other: Written, grid: Grid) -> bool:
        """Put what cells with likely numbers show into the rows; whether all of it is figures. Raises ValueError where one is no number."""
        only_figures = True
        for numbers in self.numbers:
            texts = numbers.take(other.texts)
            figures = "".join(texts)
            if not figures.isascii() or "_" in figures:
                raise ValueError(figures)
            only_figures = numbers.put(rows, texts, grid) and only_figures
        return only_figures

    def _put_others(self, rows: list[list[Any]], other: Written, grid: Grid) -> bool:
        """Put what all other cells show into the rows; whether these are the same words. Raises ValueError where a cell shows nothing."""
        same = True
        found = self.take_others(other.texts)
        for text, hole, shown in zip(found, self.others, self.shown, strict=True):
            if text != shown:
                value = grid.value(hole.with_text(text), hole.row, hole.column)
                if value == "":
                    raise ValueError(text)
                rows[hole.row][hole.column], same = value, False
        return same

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
    """The templates of this process, by the kind of sheet. The second sheet of a kind makes one."""

    def __init__(self) -> None:
        self.known, self.kept = dict[tuple[int, int], tuple[Template, ...]](), 0
        self.seen = set[tuple[int, int]]()

    def read(self, name: str, own: Written, words: Wordbook) -> Sheet | None:
        """The sheet that is written so, where one that is written alike is known."""
        for template in self.known.get(own.kind, ()):
            if (made := template.read(name, own, words)) is not None:
                return made
        return None

    def learn(self, own: Written, sheet: Sheet, grid: Grid) -> None:
        """Keep a sheet, read by that grid, as a template where its kind has been seen before and it can be one."""
        if own.kind not in self.seen:
            if len(self.seen) >= SEEN_AT_MOST:
                self.seen.clear()
            self.seen.add(own.kind)
            return
        try:
            texts = find_texts(own.whole)
        except Unfit:
            return
        if texts.count != len(own.texts) or not _may_stand_for_others(texts, sheet, grid):
            return
        if self.kept + len(own.whole) > KEPT_AT_MOST:
            self.known.clear()
            self.kept = 0
        self.kept += len(own.whole)
        made = Template.of(own, texts, _apart(sheet), grid.words)
        self.known[own.kind] = (made, *self.known.get(own.kind, ()))


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


def _taker(holes: Sequence[Hole]) -> Callable[[Texts], Texts]:
    """Takes the texts of some holes."""
    places = [hole.text for hole in holes]
    if len(places) > 1:
        return itemgetter(*places)
    return lambda texts: tuple(texts[at] for at in places)


__all__ = ["Template", "Templates", "Written", "written"]
