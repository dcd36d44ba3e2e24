"""Whether a sheet looks like one whose layout is known: the words that a layout can rest on stand where they stood, and no others have come.

So what is read from a workbook never depends on the workbooks read before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gouji.intake.finding.labels import bare, owner, plain, year_said
from gouji.intake.finding.stated_units import merged_over, telling
from gouji.intake.finding.words import LEVELS
from gouji.intake.workbooks.sheet import Sheet
from gouji.rules import ColumnRole, Form, Table, alternatives, path_of

WORDS_AT_MOST = 50_000
_NONE, _OTHER = "", "?"
Likeness = tuple[Any, ...]


class Likes:
    """What the forms that one sheet may hold look at."""

    def __init__(self, forms: Sequence[tuple[Table, Form]]) -> None:
        self.known = frozenset(
            f(word)
            for table, form in forms
            for part in label_words(table, form)
            for word in alternatives(part)
            for f in (plain, bare)
        )
        self.beside = any(part.beside for _table, form in forms for part in form.cells)
        # Below its header a mere listing has lines, and no labels.
        self.lines = all(form.listing is not None and not form.cells for _table, form in forms)
        self.coded = any(c.role is ColumnRole.CODE for table, _form in forms for c in table.columns)
        self.head, self.body = _Words(self.known, _OTHER), _Words(self.known, _NONE)

    def of(self, sheet: Sheet, head: int) -> Likeness:
        """How a sheet looks whose header ends above row `head`: above it every text counts, below it only words that the form knows."""
        return (
            sheet.wording.once((self, head), lambda: self._words(sheet, head)),
            telling(sheet),
            *(sheet.merged() if self.beside else merged_over(sheet)),
        )

    def _words(self, sheet: Sheet, head: int) -> Likeness:
        """The width of a sheet and the words that count on it."""
        at, head_words, body_words = head * sheet.width, self.head, self.body
        above = [head_words[v] if v.__class__ is str else None for v in sheet.flat[:at]]
        below = (
            [body_words[v] if v.__class__ is str else _NONE for v in sheet.flat[at:]]
            if not self.lines
            else self._parts(sheet, at)
        )
        return sheet.width, *above, *below

    def _parts(self, sheet: Sheet, at: int) -> list[int]:
        """Where the head of a listing goes on with 类, 款, 项: the parts of its code."""
        return (
            [
                i
                for i, v in enumerate(sheet.flat[at : at + sheet.width])
                if v.__class__ is str and plain(v) == LEVELS[0]
            ]
            if self.coded
            else []
        )


class _Words(dict[str, str]):
    """A text -> what of it counts; worked out when it is first met."""

    def __init__(self, known: frozenset[str], other: str) -> None:
        super().__init__()
        self.known, self.other = known, other

    def __missing__(self, text: str) -> str:
        if len(self) > WORDS_AT_MOST:
            self.clear()
        made = self[text] = self._counting(text) if text else _NONE
        return made

    def _counting(self, text: str) -> str:
        head, colon, rest = plain(text).partition(":")
        if any(
            word in self.known
            for word in (plain(text), bare(text), *((head, bare(head)) if colon and rest else ()))
        ):
            return text
        kinds = "".join(
            sign for sign, found in (("@", owner(text)), ("#", year_said(text))) if found
        )
        return kinds or self.other


def label_words(table: Table, form: Form) -> Iterator[str]:
    """Parts of the labels that a form may print, alternatives as they are written."""
    for column in table.columns:
        yield column.name
        for label in (column.label, *column.aliases):
            yield from path_of(label) if label else ()
    for part in form.cells:
        yield from (
            word for path in (part.value, part.row, *part.labels.values()) if path for word in path
        )
        yield from (part.side,) if part.side else ()
    if form.listing is not None:
        yield from (word for path in form.listing.labels.values() for word in path)
        yield from (form.listing.side,) if form.listing.side else ()
        for join in form.listing.join.values():
            yield from (*(join.before or ()), *(join.behind or ()))


__all__ = ["Likeness", "Likes", "label_words"]
