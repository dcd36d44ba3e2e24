"""Sheets that go on with another one (续表) -> one sheet with the rows of both, every cell still named by the sheet that it stands on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from gouji.base.i18n import _
from gouji.intake.finding.labels import owner, plain
from gouji.intake.finding.titles import MORE, TABLE, core, goes_on, heads_again, top_words
from gouji.intake.ledger.submission import At, Problem
from gouji.intake.workbooks.printed_places import Continued
from gouji.intake.workbooks.sheet import Area, Place, Raw, Sheet, SheetFacts
from gouji.intake.workbooks.workbook_file import Book

T = TypeVar("T")
# So many rows at the top of a sheet may be its title, number, owner, unit and heads.
HEAD_ROWS = 14


def join_continued(book: Book, is_title: Callable[[str], bool]) -> None:
    """Put sheets that say 续 behind those that they go on with; `is_title` tells titles of forms. What does not fit stays a separate sheet."""
    made = list[Sheet]()
    for sheet in book.sheets:
        before = _before(sheet, made, is_title)
        start = _body(sheet, made[before]) if before is not None else None
        if before is None or start is None:
            made.append(sheet)
            continue
        _tell_joined(book, made[before], sheet, start)
        made[before] = _joined(made[before], sheet, start)
    book.sheets = made


def _tell_joined(book: Book, first: Sheet, more: Sheet, start: int) -> None:
    """Keep where the rows of both stand, and say that they are read together."""
    known = book.printed.get(first.name)
    held = known if isinstance(known, Continued) else Continued()
    book.printed[first.name] = held.and_then(len(first.rows), more.name, start)
    what = _("“{sheet}”是“{name}”的续表，接在后面一起读").format(sheet=more.name, name=first.name)
    book.told.append(Problem("", At(book.name, sheet=more.name), what, "", note=True))


def _before(sheet: Sheet, others: Sequence[Sheet], is_title: Callable[[str], bool]) -> int | None:
    """Which sheet this one says to go on with: the last one of the same title; where it says 续表 alone, the one of the same name, else the last one."""
    words, name = top_words(sheet), plain(sheet.name)
    marked = [w for w in words if MORE.search(w) and len(w) < 40]
    if not (marked or MORE.search(name)) or not others:
        return None
    titles = {t for t in _without_more(marked or words) if t.endswith(TABLE)}
    own = {t for t in titles if is_title(t)} or titles
    if own:
        same = (n for n, other in enumerate(others) if own & _without_more(top_words(other)))
        return max(same, default=None)
    called = MORE.sub("", name)
    alike = [n for n, other in enumerate(others) if called and plain(other.name) == called]
    return alike[-1] if alike else len(others) - 1


def _without_more(words: Sequence[str]) -> set[str]:
    """Texts as titles without 续."""
    return {core(MORE.sub("", word)) for word in words}


def _body(sheet: Sheet, first: Sheet) -> int | None:
    """The first row that is none of the title and the heads printed again; None where the sheets do not fit: other heads, another owner or unit, what hides cells by conditions."""
    if sheet.facts.masks or sheet.facts.floating or sheet.facts.overlays:
        return None
    if sheet.facts.hidden_columns != first.facts.hidden_columns:
        return None
    heads = {_words(row) for row in first.rows[: first.top + HEAD_ROWS]}
    for number, row in enumerate(sheet.rows):
        words = _words(row)
        if not any(words) or words in heads or _is_title(words):
            continue
        return None if any(map(_belongs_above, words)) else number
    return None


def _belongs_above(text: str) -> bool:
    """Whether a text is that of a head, or says whose a form is or in which unit."""
    return bool(heads_again(text) or owner(text))


def _words(row: Sequence[Raw]) -> tuple[str, ...]:
    """What a row says, without blank cells behind."""
    made = [plain(v) if isinstance(v, str) else str(v) for v in row]
    while made and not made[-1]:
        made.pop()
    return tuple(made)


def _is_title(words: Sequence[str]) -> bool:
    """Whether a row holds a title that says 续, or the number of a form, and nothing else."""
    return goes_on([w for w in words if w])


def _joined(first: Sheet, more: Sheet, start: int) -> Sheet:
    """The rows of the first, then those of the other from a row on."""
    width, shift = max(first.width, more.width), len(first.rows) - start
    rows = [[*row, *[""] * (width - len(row))] for row in (*first.rows, *list(more.rows)[start:])]
    areas = [*first.areas, *(_moved(area, shift) for area in more.areas if area[0][0] >= start)]
    return Sheet(first.name, rows, _facts(first.facts, more.facts, start, shift), areas)


def _moved(area: Area, shift: int) -> Area:
    (top, left), (bottom, right) = area
    return (top + shift, left), (bottom + shift, right)


def _below(held: Mapping[Place, T], start: int, shift: int) -> dict[Place, T]:
    return {(r + shift, c): v for (r, c), v in held.items() if r >= start}


def _facts(one: SheetFacts, other: SheetFacts, start: int, shift: int) -> SheetFacts:
    return replace(
        one,
        unread=one.unread or other.unread,
        long=one.long or other.long,
        lost=one.lost | _below(other.lost, start, shift),
        held=one.held | _below(other.held, start, shift),
        hidden_rows=one.hidden_rows | {r + shift for r in other.hidden_rows if r >= start},
        narrow=_narrower(one.narrow, other.narrow),
        unseen=one.unseen | _below(other.unseen, start, shift),
        worked_out=one.worked_out | {(r + shift, c) for r, c in other.worked_out if r >= start},
        page=tuple(dict.fromkeys((*one.page, *other.page))),
    )


def _narrower(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    """Of narrow columns the lesser of both widths."""
    return {
        column: min(one.get(column, room), other.get(column, room))
        for column, room in {**one, **other}.items()
    }


__all__ = ["join_continued"]
