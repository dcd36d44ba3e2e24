"""A sheet -> its shape: title, unit, header rows, halves side by side, the columns of each with the words above them, the lines below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gouji.intake.finding.headers import Header, head_rows, stack
from gouji.intake.finding.labels import bare, owner, plain
from gouji.intake.finding.likely import holds_number
from gouji.intake.finding.titles import TABLE, core, numbered
from gouji.intake.finding.units import statements
from gouji.intake.finding.words import (
    COUNTS,
    LEVELS,
    NUMBERS,
    UNIT_HEADS,
    is_note,
    signs,
    sums_up,
)
from gouji.intake.form_draft.draft_words import (
    CODE_HEADS,
    CORNER_HEADS,
    MONEY_HEAD,
    NAME,
    ORDINALS,
    OWNER_LABELS,
    UNITS_APART,
    VALUES,
    in_brackets_off,
)
from gouji.intake.form_draft.lines_or_cells import is_list
from gouji.intake.workbooks.sheet import Raw, Sheet, said
from gouji.rules import MONEY_UNITS

HEAD_AT_MOST, LOOKED_AT = 4, 25


class SheetPattern(StrEnum):
    """How figures stand on a sheet: at label × header, line below line, on one line without a label, each beside its label."""

    CROSSED = "crossed"
    LISTING = "listing"
    ONE_LINE = "one_line"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Half:
    """One half of a sheet: what stands above it, columns of codes, of labels, of figures (each a header)."""

    side: str
    codes: tuple[Header, ...]
    labels: tuple[Header, ...]
    figures: tuple[Header, ...]
    # Columns of words between or behind the figures, which tell no line from another.
    words: tuple[Header, ...] = ()
    split: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """What was found. `lines` are rows of the body that are neither notes, signatures, numbering nor blank."""

    title: str
    unit: str
    kind: SheetPattern
    halves: tuple[Half, ...]
    lines: tuple[int, ...]
    first: int
    # Other units that the form states, such as 人; whether a column says the unit of each line; whether `kind` is only guessed.
    counted: tuple[str, ...] = ()
    measured: bool = False
    guessed: bool = False


def shape_of(sheet: Sheet) -> Shape:
    """Find it. A sheet without a header has its figures beside their labels."""
    title = next(
        (
            t
            for t in _texts_of(sheet, head_rows(sheet, 6))
            if core(plain(t)).endswith(TABLE) and not numbered(core(plain(t)))
        ),
        "",
    )
    stated = [s for t in _texts_of(sheet, head_rows(sheet, 8)) for s in statements(t)]
    unit = next((s.unit for s in stated if s.unit), "")
    counted = tuple(
        w for s in stated for w in UNITS_APART.split(s.words.strip()) if w not in MONEY_UNITS
    )
    head = _head_of(sheet, title)
    if head is None:
        return Shape(core(plain(title)), unit, SheetPattern.BESIDE, (), (), 0, counted)
    top, last = head
    lines = tuple(_lines(sheet, last + 1))
    halves = tuple(_halves(sheet, top, last, lines))
    kind, sure = _kind(sheet, halves, lines, _has_numbers(sheet, top, last))
    measured = any(
        bare(h.stack[-1]) in UNIT_HEADS for half in halves for h in (*half.labels[1:], *half.words)
    )
    return Shape(
        core(plain(title)), unit, kind, halves, lines, last + 1, counted, measured, not sure
    )


def _has_numbers(sheet: Sheet, top: int, last: int) -> bool:
    """Whether a column of the header numbers the lines."""
    return any(
        plain(sheet.text(r, c)) in ORDINALS
        for r in range(top, last + 1)
        for c in range(sheet.width)
    )


def _texts_of(sheet: Sheet, rows: range) -> list[str]:
    return [v for r in rows for v in sheet.rows[r] if isinstance(v, str) and v.strip()]


def _is_head_text(text: str, title: str) -> bool:
    words = plain(text)
    return not (
        text == title
        or statements(text)
        or owner(text)
        or numbered(words)
        or core(words).endswith(TABLE)
        or holds_number(text)
    )


def _head_of(sheet: Sheet, title: str) -> tuple[int, int] | None:
    """First and last row of the header."""
    for top in head_rows(sheet, LOOKED_AT):
        texts = [
            c
            for c in range(sheet.width)
            if (t := sheet.text(top, c)).strip() and _is_head_text(t, title)
        ]
        numbers = any(v != "" and not isinstance(v, str) for v in sheet.rows[top])
        if numbers and not texts:
            continue
        if numbers:
            # Figures beside labels, before any header.
            return None
        if len(texts) >= 2 and not _pairs(sheet, top):
            last = top
            while (
                last + 1 < len(sheet.rows)
                and last - top < HEAD_AT_MOST - 1
                and _goes_on(sheet, top, last)
            ):
                last += 1
            return top, last
    return None


def _pairs(sheet: Sheet, row: int) -> bool:
    """Whether a line holds a label with its value in words: 主管部门：甲局, 项目名称 | 样品检测."""
    texts = [t for c in range(sheet.width) if (t := sheet.text(row, c)).strip()]
    return any(":" in bare(t) for t in texts) or (
        len(texts) == 2
        and row + 1 < len(sheet.rows)
        and not any(isinstance(v, float) for v in sheet.rows[row])
        and bare(texts[0]) in OWNER_LABELS
    )


def _goes_on(sheet: Sheet, top: int, last: int) -> bool:
    """Whether the row below a header belongs to it."""
    row = last + 1
    if any(a[0][0] <= last and a[1][0] >= row and a[0][0] >= top for a in sheet.merged()):
        return True
    texts = [c for c in range(sheet.width) if sheet.text(row, c).strip()]
    if not texts or any(map(_is_figure, sheet.rows[row])):
        return False
    first = plain(sheet.text(row, texts[0]))
    if first in LEVELS or any(h in first for h in CODE_HEADS) or first in CORNER_HEADS:
        return True
    # A line of a sum has one or two words; a header that begins with 合计 has more.
    if len(texts) < 2 or first in COUNTS or (sums_up(first) and len(texts) < 3):
        return False
    spread = any(not sheet.text(last, c).strip() for c in texts)
    return spread and all(_stands_below(sheet, range(top, last + 1), c) for c in texts)


def _is_figure(value: Raw) -> bool:
    return value != "" and (not isinstance(value, str) or holds_number(value))


def _stands_below(sheet: Sheet, rows: range, col: int) -> bool:
    """Whether words stand above a column, or left of that."""
    return any(sheet.text(r, before).strip() for r in rows for before in range(col + 1))


def _lines(sheet: Sheet, first: int) -> list[int]:
    found = list[int]()
    for row in range(first, len(sheet.rows)):
        cells = [v for v in sheet.rows[row] if v != ""]
        words = [v for v in cells if isinstance(v, str)]
        if not cells or (
            words and (is_note(words[0]) or signs(words[0]) or plain(words[0]) in COUNTS)
        ):
            continue
        if len(cells) == len(words) == 1 and len(words[0]) > 30:
            continue
        if (
            not found
            and [plain(said(v)) for v in cells] == [str(n) for n in range(1, len(cells) + 1)]
            and len(cells) > 1
        ):
            continue
        found.append(row)
    return found


def _halves(sheet: Sheet, top: int, last: int, lines: Sequence[int]) -> list[Half]:
    headers = [h for col in range(sheet.width) if (h := _header(sheet, top, last, col)) is not None]
    starts = [i for i, h in enumerate(headers) if i == 0 or _begins(headers, i)]
    made = []
    for start, end in zip(starts, [*starts[1:], len(headers)], strict=True):
        own = headers[start:end]
        made.append(_half(sheet, own, top, lines))
    return made


def _header(sheet: Sheet, top: int, last: int, col: int) -> Header | None:
    lowest = next((r for r in range(last, top - 1, -1) if sheet.text(r, col).strip()), None)
    if lowest is None:
        return None
    return Header(lowest, col, stack(sheet, top, lowest, col))


def _begins(headers: Sequence[Header], at: int) -> bool:
    """Whether a header begins another half: a corner, or the code, again."""
    word, first = (in_brackets_off(plain(headers[i].stack[-1])) for i in (at, 0))
    if word in LEVELS:
        return word == first == LEVELS[0]
    if _is_code(headers[at]):
        return word == first
    return (
        word in CORNER_HEADS and first in CORNER_HEADS and at > 1 and not _is_code(headers[at - 1])
    )


def _is_code(header: Header) -> bool:
    word = plain(header.stack[-1])
    return word in LEVELS or any(h in word for h in CODE_HEADS)


def _half(sheet: Sheet, headers: Sequence[Header], top: int, lines: Sequence[int]) -> Half:
    """What the columns of a half hold, by their words and by what stands below them."""
    half = Half(_side(headers[0]), (), (), (), (), False)
    for header in headers:
        values = [v for r in lines if (v := sheet.at(r, header.col)) != ""]
        if plain(header.stack[-1]) not in NUMBERS:
            half = _with_column(half, header, values)
    split = len(half.codes) > 1 and all(plain(h.stack[-1]) in LEVELS for h in half.codes)
    return replace(half, split=split)


def _with_column(half: Half, header: Header, values: Sequence[Raw]) -> Half:
    """A half with another column, right of its others."""
    word = header.stack[-1]
    if _is_code(header) and not half.figures and _may_be_codes(values):
        return replace(half, codes=(*half.codes, header))
    corner = not values and not half.figures and _heads_labels(bare(word))
    if _words_mostly(values) or corner or VALUES.search(word):
        if half.figures:
            return replace(half, words=(*half.words, header))
        return replace(half, labels=(*half.labels, header))
    first = not (half.figures or half.labels or half.codes)
    if first and not values and not MONEY_HEAD.search(word):
        return replace(half, labels=(*half.labels, header))
    return replace(half, figures=(*half.figures, header))


def _heads_labels(word: str) -> bool:
    """Whether a header of a blank column heads labels: 项目, 功能分类科目名称."""
    return word in CORNER_HEADS or word.endswith(NAME)


def _may_be_codes(values: Sequence[Raw]) -> bool:
    """Whether some of the values are codes of digits: those with letters (A0101) are names to us. On a blank form nothing but sums may stand there."""
    others = [text for v in values if not sums_up(text := plain(said(v)))]
    return not others or any(map(str.isdecimal, others))


def _side(header: Header) -> str:
    """What stands above a half of a sheet."""
    first, last = header.stack[0], header.stack[-1]
    return plain(first) if len(header.stack) > 1 and first != last else ""


def _words_mostly(values: Sequence[Raw]) -> bool:
    words = [v for v in values if isinstance(v, str) and not holds_number(v)]
    return bool(values) and len(words) * 2 > len(values)


def _kind(
    sheet: Sheet, halves: Sequence[Half], lines: Sequence[int], numbered: bool
) -> tuple[SheetPattern, bool]:
    """The pattern, and whether the words say it surely."""
    if any(half.codes for half in halves):
        return SheetPattern.LISTING, True
    if not any(half.labels for half in halves):
        return SheetPattern.ONE_LINE, True
    if len(halves) > 1:
        return SheetPattern.CROSSED, True
    if len(halves[0].labels) > 1:
        return SheetPattern.LISTING, True
    label = halves[0].labels[0]
    texts = [t for r in lines if (t := sheet.text(r, label.col).strip())]
    listed, sure = is_list(label.stack[-1], texts, numbered)
    return SheetPattern.LISTING if listed else SheetPattern.CROSSED, sure


__all__ = ["Half", "Shape", "SheetPattern", "shape_of"]
