"""The bytes of an `.xls` (BIFF in a compound file) + the cells that python-calamine reads -> sheets with what it does not tell.

That is: which cells hold an error, number formats, fonts that strike out or raise (a whole cell, a run of its text),
texts in the colour of what lies behind them, hidden rows and columns, what lies over cells or hides them. What is not whole raises Unclear.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gouji.intake.workbooks.cell_styles import READABLE, Styles
from gouji.intake.workbooks.date_format import days_of
from gouji.intake.workbooks.number_format import BUILT_IN
from gouji.intake.workbooks.sheet import (
    TOO_LONG,
    Area,
    Place,
    Raw,
    Sheet,
    SheetFacts,
    Shown,
    Sight,
    Unread,
    Why,
    said,
    uncover,
)
from gouji.intake.workbooks.xls_overlay import OVERLAY, Overlay, same_look
from gouji.intake.workbooks.xls_texts import Look, odd_texts

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Where a style says how text is aligned, and the value that repeats it to fill the cell.
_ALIGNED, _FILLS = 6, 4
_ENDS = 0xFFFFFFFA
_BEGIN, _END, _SHEET, _FORMULA, _ERROR = 0x0809, 0x000A, 0x0085, 0x0006, 0x0205
_STRINGS, _GOES_ON, _LABEL, _PALETTE = 0x00FC, 0x003C, 0x00FD, 0x0092
_FONT, _FORMAT, _XF, _ROW, _COLUMNS, _MANY = 0x0031, 0x041E, 0x00E0, 0x0208, 0x007D, 0x00BD
# Numbers, texts, errors: what begins with row, column and style.
_CELLS = frozenset({_FORMULA, _ERROR, 0x0203, 0x027E, _LABEL, 0x0204, 0x00D6})
_CELL, _RECORD = struct.Struct("<HHH"), struct.Struct("<HH")
_WINDOW = 0x023E
_UNICODE = 0x0600
_BLACK, _WHITE = b"\x00\x00\x00", b"\xff\xff\xff"


_Rows = list[list[Raw]]


class Unclear(Exception):
    """A file that is not put together as it should be."""


@dataclass(slots=True)
class _Seen:
    """What the records of one sheet tell."""

    styles: dict[Place, str] = field(default_factory=dict)
    shared: dict[Place, int] = field(default_factory=dict)
    unread: dict[Place, Why] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: set[Place] = field(default_factory=set)
    overlay: Overlay = field(default_factory=Overlay)


class Old:
    """What the records of an `.xls` tell beside the values of its cells."""

    def __init__(self, raw: bytes, sheets: int) -> None:
        """Go through the records. Raises Unclear."""
        try:
            stream = _stream(raw)
            globals_ = list(_records(stream, 0))
            fonts = _fonts(globals_)
            self.styles = _styles(globals_, fonts)
            self.odd = odd_texts(_strings(globals_), fonts)
            colours = _Colours(globals_)
            self.seen = [
                _sheet(stream, colours, *struct.unpack_from("<I", body))
                for kind, body in globals_
                if kind == _SHEET
            ]
        except (struct.error, IndexError, ValueError) as fault:
            raise Unclear from fault
        if len(self.seen) != sheets:
            raise Unclear

    def sheet(
        self, number: int, name: str, rows: Sequence[Sequence[Raw]], areas: Sequence[Area]
    ) -> Sheet:
        """A sheet, by its place in the workbook."""
        seen, facts = self.seen[number], SheetFacts()
        made = _wide_enough(rows, seen)
        width = len(made[0]) if made else 0
        for (row, column), why in seen.unread.items():
            made[row][column] = Unread(why)
            facts.unread = True
        self._put_odd_texts(made, seen, facts)
        self._put_shown(made, seen, facts)
        facts.hidden_rows = frozenset(seen.hidden_rows)
        facts.hidden_columns = frozenset(c for c in seen.hidden_columns if c < width)
        facts.floating, facts.masks = seen.overlay.floating, tuple(seen.overlay.masks)
        uncover(made, areas, facts)
        return Sheet(name, made, facts, list(areas))

    def _put_odd_texts(self, made: _Rows, seen: _Seen, facts: SheetFacts) -> None:
        """Shared texts of which a part is struck out or raised: without that part, which is kept beside."""
        for at, text in seen.shared.items() if self.odd else ():
            if text in self.odd and _is_within(made, at):
                made[at[0]][at[1]], facts.lost[at] = self.odd[text]

    def _put_shown(self, made: _Rows, seen: _Seen, facts: SheetFacts) -> None:
        """Values as their styles show them."""
        for at, style in seen.styles.items():
            if _is_within(made, at) and (value := made[at[0]][at[1]]) != "":
                made[at[0]][at[1]] = self._shown(value, style, at, facts)
                if style in self.styles.unseen:
                    facts.unseen[at] = self.styles.unseen[style]

    def _shown(self, value: Raw, style: str, at: Place, facts: SheetFacts) -> Raw:
        number = (
            float(value)
            if isinstance(value, (int, float)) and not isinstance(value, bool)
            else days_of(value)
        )
        if number is not None:
            facts.long = facts.long or abs(number) >= TOO_LONG
            display = self.styles.displays.get(style)
            made = number if display is None else display.show(number)
            if isinstance(made, Shown):
                if made.cut:
                    facts.held[at] = number
            elif isinstance(made, str):
                facts.held[at] = number
            value = made
        if style in self.styles.struck and not isinstance(value, Unread):
            value = Unread(Why.STRUCK, said(value))
        elif isinstance(value, str) and number is None and not value.strip():
            return ""
        facts.unread = facts.unread or isinstance(value, Unread)
        return value


def _wide_enough(rows: Sequence[Sequence[Raw]], seen: _Seen) -> _Rows:
    """The values as python-calamine gives them, with room for cells that it leaves out."""
    height = max(len(rows), *(r + 1 for r, _c in seen.unread), 0)
    width = max(len(rows[0]) if rows else 0, *(c + 1 for _r, c in seen.unread), 0)
    return [[*row, *[""] * (width - len(row))] for row in (*rows, *[()] * (height - len(rows)))]


def _is_within(rows: _Rows, at: Place) -> bool:
    return at[0] < len(rows) and at[1] < len(rows[0])


def _fonts(records: Sequence[tuple[int, bytes]]) -> list[Look]:
    """The fonts by their numbers. There is no fifth font: the number 4 is left out."""
    fonts = [Look.of(body) for kind, body in records if kind == _FONT]
    fonts.insert(4, Look())
    return fonts


def _strings(records: Sequence[tuple[int, bytes]]) -> list[bytes]:
    """The record of shared strings, and those that go on with it."""
    found = list[bytes]()
    for kind, body in records:
        if kind == _STRINGS or (found and kind == _GOES_ON):
            found.append(body)
        elif found:
            break
    return found


class _Colours:
    """Colours by their numbers: those of the palette of the workbook, else black and white by their usual ones."""

    def __init__(self, records: Sequence[tuple[int, bytes]]) -> None:
        self.own = {
            8 + n: body[2 + 4 * n : 5 + 4 * n]
            for kind, body in records
            if kind == _PALETTE
            for n in range(struct.unpack_from("<H", body)[0])
        }

    def of(self, number: int) -> bytes | int:
        """The colour: three bytes, or the number of one that is not known."""
        usual = _BLACK if number in (0, 8, 64, 0x7FFF) else _WHITE if number in (1, 9, 65) else None
        return self.own.get(number) or (usual if usual is not None else number)

    def hides(self, body: bytes, fonts: Sequence[Look]) -> bool:
        """Whether a style writes in the colour of what lies behind."""
        if len(body) < 20:
            return False
        (font,) = struct.unpack_from("<H", body)
        borders, colours = struct.unpack_from("<IH", body, 14)
        ground = self.of(colours & 0x7F) if borders >> 26 == 1 else _WHITE
        return font < len(fonts) and same_look(self.of(fonts[font].ink), ground)


def _styles(records: Sequence[tuple[int, bytes]], fonts: Sequence[Look]) -> Styles:
    """The styles of cells, in their order."""
    wide = any(
        kind == _BEGIN and struct.unpack_from("<H", body)[0] == _UNICODE for kind, body in records
    )
    codes = {
        struct.unpack_from("<H", body)[0]: _code(body, wide)
        for kind, body in records
        if kind == _FORMAT
    }
    bodies = [body for kind, body in records if kind == _XF]
    given, colours = [struct.unpack_from("<HH", body) for body in bodies], _Colours(records)
    return Styles.of(
        (codes.get(number) or BUILT_IN.get(number, "General") for _font, number in given),
        (font < len(fonts) and fonts[font].struck for font, _number in given),
        (_sight(body, fonts, colours) for body in bodies),
    )


def _sight(body: bytes, fonts: Sequence[Look], colours: _Colours) -> Sight | None:
    """Why the text of a style is not seen as it is read."""
    if colours.hides(body, fonts):
        return Sight.GROUND
    (font,) = struct.unpack_from("<H", body)
    if font < len(fonts) and fonts[font].size < READABLE:
        return Sight.SMALL
    return Sight.FILLED if len(body) > _ALIGNED and body[_ALIGNED] & 7 == _FILLS else None


def _code(body: bytes, wide: bool) -> str:
    """The code of a format: one byte a sign, or two."""
    if not wide:
        return body[3 : 3 + body[2]].decode("gb18030", "replace")
    (length,) = struct.unpack_from("<H", body, 2)
    return (
        body[5 : 5 + 2 * length].decode("utf-16-le", "replace")
        if body[4] & 1
        else body[5 : 5 + length].decode("latin-1")
    )


def _stream(raw: bytes) -> bytes:
    """The stream of the workbook."""
    (shift,) = struct.unpack_from("<H", raw, 30)
    if raw[:8] != MAGIC or shift not in (9, 12):
        raise Unclear
    size = 1 << shift
    places = _sectors(raw, size)
    (directory,), (cutoff,) = (struct.unpack_from("<I", raw, at) for at in (48, 56))
    entries = _chain(raw, places, directory, size)
    for at in range(0, len(entries), 128):
        (length,) = struct.unpack_from("<H", entries, at + 64)
        name = entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        if name in ("Workbook", "Book"):
            start, held = struct.unpack_from("<II", entries, at + 116)
            if held >= cutoff:
                return _chain(raw, places, start, size)[:held]
            return _small(raw, places, entries, start, size)[:held]
    raise Unclear


def _sectors(raw: bytes, size: int) -> list[int]:
    """For each sector of the file the one that goes on with it. The head lists 109 sectors that say so, others list more."""
    (tables,), (more,) = (struct.unpack_from("<I", raw, at) for at in (44, 68))
    listed = list(struct.unpack_from("<109I", raw, 76))
    while more < _ENDS and len(listed) < tables:
        sector = struct.unpack_from(f"<{size // 4}I", raw, (more + 1) * size)
        listed += sector[:-1]
        more = sector[-1]
    return [
        place
        for at in listed[:tables]
        for place in struct.unpack_from(f"<{size // 4}I", raw, (at + 1) * size)
    ]


def _small(raw: bytes, places: list[int], entries: bytes, start: int, size: int) -> bytes:
    """A stream below the limit: it lies in sectors of 64 bytes within the stream of the first entry."""
    (first,) = struct.unpack_from("<I", entries, 116)
    (listed,) = struct.unpack_from("<I", raw, 60)
    numbers = _chain(raw, places, listed, size)
    chain = list(struct.unpack(f"<{len(numbers) // 4}I", numbers))
    return _chain(_chain(raw, places, first, size), chain, start, 64, 0)


def _chain(raw: bytes, places: Sequence[int], at: int, size: int, before: int = 1) -> bytes:
    """Sectors one after another; `before` are those that stand before the first of them."""
    parts = list[bytes]()
    while at < _ENDS:
        if len(parts) > len(places):
            raise Unclear
        parts.append(raw[(at + before) * size : (at + before + 1) * size])
        at = places[at]
    return b"".join(parts)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, without those of charts inside it."""
    depth = 0
    while at < len(stream):
        kind, length = _RECORD.unpack_from(stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
    raise Unclear


def _sheet(stream: bytes, colours: _Colours, start: int) -> _Seen:
    seen = _Seen(overlay=Overlay(colours.of))
    for kind, body in _records(stream, start):
        if kind in _CELLS:
            _cell(seen, kind, body)
        elif kind == _WINDOW and body[0] & 1:
            # Cells show their formulas.
            seen.unread |= dict.fromkeys(seen.formulas, Why.FORMULA)
        elif kind == _MANY:
            seen.styles.update(_many(body))
        elif kind == _ROW and body[12] & 0x20:
            seen.hidden_rows.add(struct.unpack_from("<H", body)[0])
        elif kind == _COLUMNS and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            seen.hidden_columns.update(range(first, min(last, 255) + 1))
        elif kind in OVERLAY:
            seen.overlay.take(kind, body)
    return seen


def _cell(seen: _Seen, kind: int, body: bytes) -> None:
    """The style of a cell, its shared text, whether it holds an error or a formula."""
    row, column, style = _CELL.unpack_from(body)
    at = row, column
    seen.styles[at] = str(style)
    if kind == _LABEL:
        (seen.shared[at],) = struct.unpack_from("<I", body, 6)
    elif kind == _ERROR and body[7]:
        seen.unread[at] = Why.ERROR
    elif kind == _FORMULA:
        seen.formulas.add(at)
        if body[12:14] == b"\xff\xff" and body[6] == 2:
            seen.unread[at] = Why.ERROR


def _many(body: bytes) -> Iterator[tuple[Place, str]]:
    """The styles of numbers that stand side by side."""
    row, column = struct.unpack_from("<HH", body)
    for at in range(4, len(body) - 2, 6):
        yield (row, column + (at - 4) // 6), str(struct.unpack_from("<H", body, at)[0])


__all__ = ["MAGIC", "Old", "Unclear"]
