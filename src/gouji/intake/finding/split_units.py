"""A statement of units that is spread over cells of a line (`单位` | `：` | `千` | `元`), or stands below its word: as one text, with the cells that it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gouji.intake.finding.unit_spelling import Kind, spaced_signs, unit_of
from gouji.intake.finding.units import COLON_SIGNS, statements
from gouji.intake.workbooks.sheet import Place, Raw, Sheet

WORDS_AT_MOST = 50_000
PIECES_AT_MOST = 7
# What the first of the cells may hold: any beginning of a statement up to the last sign of its unit.
_OPENS = re.compile(
    r"\(?(?:[金计货记币]|(?:金额|计量|货币|计价|记账)?(?:单|单位[:=为是]*[人民币RMB十百千万亿]{0,5})?)|以.{0,6}"
)
_WHOLE = re.compile(
    r"\(?(?:金额|计量|货币|计价|记账)?单位(?P<mark>[:=为是]*)(?P<unit>[^():=]+?)\)?|以(?P<as>.+)为(?:金额|计量|货币)?单位"
)
_KEY = re.compile(r"\(?(?:金额|计量|货币|计价|记账)?单位")
_ASKS = re.compile(r"\(?(?:金额|计量|货币|计价|记账)?单位:")


@dataclass(frozen=True, slots=True)
class SplitStatement:
    """Cells of a sheet that state a unit together: the first of them, all of them, what they say."""

    at: Place
    cells: tuple[Place, ...]
    text: str


class _Opens(dict[str, bool]):
    """Whether a statement may begin with a text; worked out when it is first met."""

    def __missing__(self, text: str) -> bool:
        if len(self) > WORDS_AT_MOST:
            self.clear()
        made = self[text] = 0 < len(text) < 20 and _OPENS.fullmatch(_packed(text)) is not None
        return made


_opens = _Opens()


def spread_units(sheet: Sheet) -> Iterator[SplitStatement]:
    """Statements of a sheet that no cell makes alone."""
    taken = set[Place]()
    for flat_at, text in sheet.texts():
        if not _opens[text]:
            continue
        row, column = divmod(flat_at, sheet.width)
        if (row, column) in taken or is_whose(sheet, row, column):
            continue
        pieces = _pieces(sheet.rows[row], column)
        found = _along(row, pieces) or _below(sheet, row, column, len(pieces))
        if found is not None:
            taken.update(found.cells)
            yield found


def _packed(text: str) -> str:
    """A text without blanks, its signs in one way."""
    return re.sub(r"\s+", "", spaced_signs(text))


def is_whose(sheet: Sheet, row: int, column: int) -> bool:
    """Whether the cell before goes on with this one to say whose form it is: `编制` | `单位：`."""
    before = sheet.text(row, column - 1) if column else ""
    return bool(before) and _packed(before)[-1:].isalnum() and len(_packed(before)) <= 3


def _pieces(line: Sequence[Raw], column: int) -> list[tuple[int, str]]:
    """The texts of a line from a column on, up to the first figure; blank cells between them are passed over."""
    made = list[tuple[int, str]]()
    for at in range(column, len(line)):
        value = line[at]
        if not isinstance(value, str) or len(made) == PIECES_AT_MOST:
            break
        if value.strip():
            made.append((at, _packed(value)))
    return made


def _along(row: int, pieces: Sequence[tuple[int, str]]) -> SplitStatement | None:
    """The longest run of cells that states a unit; else one that asks for a unit and is given what is none."""
    for count in range(len(pieces), 1, -1):
        text = "".join(piece for _column, piece in pieces[:count])
        if _states(text):
            return _doubted(row, pieces, count) or _spread(row, pieces[:count], text)
    for count in range(1, len(pieces)):
        asked = "".join(piece for _column, piece in pieces[:count])
        if _ASKS.fullmatch(asked) and pieces[count][0] == pieces[count - 1][0] + 1:
            text = asked + pieces[count][1]
            unclear = any(said.kind is Kind.UNCLEAR for said in statements(text))
            return _spread(row, pieces[: count + 1], text) if unclear else None
    return None


def _doubted(row: int, pieces: Sequence[tuple[int, str]], count: int) -> SplitStatement | None:
    """The same with the cell behind, where nobody can tell whether both are a name: `单位：` | `元` | `江县财政局`."""
    if count == len(pieces):
        return None
    texts = [piece for _column, piece in pieces[:count]]
    text = f"{''.join(texts[:-1])}{texts[-1]} {pieces[count][1]}"
    unclear = any(said.kind is Kind.UNCLEAR for said in statements(text))
    return _spread(row, pieces[: count + 1], text) if unclear else None


def _states(text: str) -> bool:
    found = _WHOLE.fullmatch(text)
    said = unit_of(found["unit"] or found["as"]) if found else None
    return said is not None and said.kind in (Kind.MONEY, Kind.FOREIGN)


def _below(sheet: Sheet, row: int, column: int, pieces: int) -> SplitStatement | None:
    """The unit below a word that nothing stands behind: `单位：` above `元`, or `：元`."""
    word = _packed(sheet.text(row, column))
    if pieces > 1 or not _KEY.fullmatch(word.rstrip(":")):
        return None
    if not word.endswith(":") and sum(1 for v in sheet.rows[row] if v != "") > 1:
        return None
    cells = [(row, column)]
    for under in range(row + 1, min(row + 3, len(sheet.rows))):
        words = _packed(sheet.text(under, column))
        cells.append((under, column))
        if words.strip(COLON_SIGNS):
            text = word.rstrip(":") + ":" + words.strip(COLON_SIGNS)
            return SplitStatement(cells[0], tuple(cells), text) if _states(text) else None
    return None


def _spread(row: int, pieces: Sequence[tuple[int, str]], text: str) -> SplitStatement:
    cells = tuple((row, column) for column, _piece in pieces)
    return SplitStatement(cells[0], cells, text if text.startswith("以") else _with_colon(text))


def _with_colon(text: str) -> str:
    """The text as people print it in one cell."""
    found = _KEY.match(text)
    end = found.end() if found else 0
    return text[:end] + ":" + text[end:].lstrip(":=为是")


__all__ = ["SplitStatement", "is_whose", "spread_units"]
