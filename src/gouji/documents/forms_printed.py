"""A document -> its tables as forms: with the title and the lines above each, tables that go on over pages put together, every cell with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from gouji.base.i18n import _
from gouji.documents.document_model import (
    Document,
    DocumentCell,
    DocumentPlace,
    DocumentTable,
    Paragraph,
)
from gouji.documents.printed_words import (
    is_figure,
    is_number_of_form,
    is_same_title,
    is_sentence,
    is_short,
    is_title,
    says_something,
    without_more,
)

# So many lines above a table may be its title, number, owner and unit.
ABOVE = 6
# And so many below one may say its unit.
BELOW = 3
# Columns of a table on two pages stand at the same place within so many points.
SAME_EDGE = 4.0
_FIGURE = re.compile(r"[0-9]\.[0-9]{2}(?![0-9])")


@dataclass(slots=True)
class DocumentForm:
    """One form: its name, the lines above it, its rows, cells by row and column (from 0), the pieces it was put together from; why it is not to be relied on.

    `below` are the short lines directly behind it, where the document goes on with no other form. `skipped` are lines of heads that are printed again on a further page.
    """

    name: str
    above: tuple[Paragraph, ...]
    tables: list[DocumentTable]
    rows: list[list[str]] = field(default_factory=list)
    # Where each row stands; its column is that of the form.
    lines: list[DocumentPlace] = field(default_factory=list)
    cells: dict[tuple[int, int], DocumentCell] = field(default_factory=dict)
    doubt: str = ""
    skipped: int = 0
    below: tuple[Paragraph, ...] = ()
    hidden_rows: set[int] = field(default_factory=set)

    @property
    def first(self) -> DocumentTable:
        """The table that it begins with."""
        return self.tables[0]

    @property
    def place(self) -> DocumentPlace:
        """Where it begins."""
        return self.first.place

    @property
    def spaced(self) -> bool:
        """Whether its columns were told from white space alone."""
        return not all(t.ruled for t in self.tables)

    def add(self, table: DocumentTable, skip: int) -> None:
        """Take over the rows of a table, without the first few."""
        start = len(self.rows) - skip
        self.skipped += skip
        self.rows += table.rows()[skip:]
        self.lines += [replace(table.place, row=r + 1, box=None) for r in range(skip, table.height)]
        self.hidden_rows |= {start + row for row in table.hidden_rows if row >= skip}
        for cell in table.cells:
            if cell.row >= skip:
                self.cells[start + cell.row, cell.column] = cell
        self.doubt = self.doubt or table.doubt


def forms_of(document: Document, is_name: Callable[[str], bool] = is_title) -> list[DocumentForm]:
    """The forms of a document, in their order; `is_name` tells other names of forms than titles that end in 表. Tables without anything in them are left out."""
    made = list[DocumentForm]()
    for table, above in document.with_above():
        before = made[-1] if made and not table.name else None
        if before is not None and _goes_on(before, table, above):
            more = _fitted(before.first, table)
            if more is not None:
                before.tables.append(table)
                before.add(more, _repeated(before, more))
                continue
            # A table with its own heads, without a title, is none of its lines.
            if not _has_heads(table) or _says_more(above):
                what = _("下一页的表可能是它的续页，列却对不上")
                before.doubt = before.doubt or what
        if not any(cell.text for cell in table.cells):
            continue
        form = DocumentForm(*_named(table, above, is_name), [table])
        form.add(table, 0)
        made.append(form)
    _spilled(made, document)
    _put_below(made, document)
    _apart(made)
    return made


def _put_below(forms: Sequence[DocumentForm], document: Document) -> None:
    """The lines directly behind each form that are no other form's."""
    others = {p.place for form in forms for p in form.above}
    blocks = list(document.blocks)
    for form in forms:
        start = next(n for n, block in enumerate(blocks) if block.place == form.tables[-1].place)
        found = list[Paragraph]()
        for block in blocks[start + 1 : start + 1 + BELOW]:
            if (
                isinstance(block, DocumentTable)
                or block.place in others
                or not is_short(block.text)
            ):
                break
            found.append(block)
        form.below = tuple(found)


def _spilled(forms: Sequence[DocumentForm], document: Document) -> None:
    """Figures at the top of the page behind a form, in no table: they may be its last lines."""
    opening = set[int]()
    seen = set[int]()
    for block in document.blocks:
        page = block.place.page
        if isinstance(block, DocumentTable) or is_title(block.text) or is_sentence(block.text):
            seen.add(page)
        elif page not in seen and _FIGURE.search(block.text):
            opening.add(page)
    for form in forms:
        last = form.tables[-1]
        if last.closes and last.place.page + 1 in opening:
            form.doubt = form.doubt or _("下一页开头有数，没有读成表的续页")


def _goes_on(form: DocumentForm, table: DocumentTable, above: Sequence[Paragraph]) -> bool:
    """Whether a table goes on with a form.

    On pages: it begins its page (or bears the same title), and the form ended the page before. Elsewhere: it bears the same title, with 续, or 续表 alone; or nothing stands between them and it has the same heads, or none.
    """
    last = form.tables[-1]
    lines = [p.text for p in above if is_title(p.text)]
    titles = [line for line in lines if not is_number_of_form(line)] or lines
    same = bool(titles) and is_same_title(titles[-1], form.name)
    if not table.place.page:
        if more := _says_more(above):
            return same or not without_more(more)
        return not above and _lines_on(form, table)
    follows = last.closes and table.place.page == last.place.page + 1
    opens = not any(says_something(p.text) for p in above) and table.opens
    return follows and (same or opens)


def _says_more(above: Sequence[Paragraph]) -> str:
    """The last line above a table that says 续."""
    lines = ("".join(p.text.split()) for p in above)
    return next(reversed([line for line in lines if without_more(line) != line]), "")


def _lines_on(form: DocumentForm, table: DocumentTable) -> bool:
    """Whether a table holds further lines of a form: heads printed again, or lines with figures from the first row on; no title, none of the form's lines again."""
    rows = table.rows()
    again = _repeated(form, table) if table.width == form.first.width else 0
    if again == len(rows) or any(is_title(_plain(cell)) for cell in rows[0]):
        return False
    known = {_label(row) for row in form.rows}
    figures = any(is_figure(_plain(cell)) for cell in rows[again][1:])
    return bool(again or figures) and all(_label(row) not in known for row in rows[again:])


def _label(row: Sequence[str]) -> tuple[str, ...]:
    """The words that a line begins with."""
    return tuple(_plain(cell) for cell in row[:2])


def _fitted(first: DocumentTable, table: DocumentTable) -> DocumentTable | None:
    """A table in the columns of another, where each of its edges is one of those (cells may be merged over several); None where it does not fit."""
    if not first.edges or not table.edges:
        return table if table.width == first.width else None
    at = [_edge(first.edges, x) for x in table.edges]
    if -1 in at or at[0] != 0 or at[-1] != first.width or sorted(set(at)) != at:
        return None
    cells = tuple(
        replace(c, column=at[c.column], columns=at[c.column + c.columns] - at[c.column])
        for c in table.cells
    )
    return replace(table, cells=cells, width=first.width)


def _edge(edges: Sequence[float], x: float) -> int:
    """Which edge a place is; -1 where it is none."""
    near = min(range(len(edges)), key=lambda n: abs(edges[n] - x))
    return near if abs(edges[near] - x) <= SAME_EDGE else -1


def _has_heads(table: DocumentTable) -> bool:
    """Whether its first row is a head: several words, and no figure."""
    words = [cell for cell in table.rows()[0] if cell]
    return len(words) > 1 and not any(c.isdigit() for word in words for c in word)


def _repeated(form: DocumentForm, table: DocumentTable) -> int:
    """How many rows at its top are those of the form."""
    count = 0
    for own, other in zip(form.rows, table.rows(), strict=False):
        if [_plain(c) for c in own] != [_plain(c) for c in other] or not any(own):
            break
        count += 1
    return count


def _plain(text: str) -> str:
    return "".join(text.split())


def _named(
    table: DocumentTable, above: Sequence[Paragraph], is_name: Callable[[str], bool]
) -> tuple[str, tuple[Paragraph, ...]]:
    """The name of a form, and the lines above it that belong to it."""
    near = list(above[-ABOVE:])
    number = _title_in([p.text for p in near], is_name)
    if number is None:
        return table.name or str(table.place), tuple(p for p in near if says_something(p.text))
    # What stands above a title: the number of the form, whose it is.
    start = number
    while start and is_short(near[start - 1].text) and not is_title(near[start - 1].text):
        start -= 1
    return table.name or near[number].text, tuple(near[start:])


def _title_in(lines: Sequence[str], is_name: Callable[[str], bool]) -> int | None:
    """Which of the lines above a table is its title: the last one; where that is a mere number (公开08表), the title that it stands under."""
    found = [n for n, line in enumerate(lines) if is_title(line) or is_name(line)]
    if not found:
        return None
    *others, last = found
    above = others[-1] if others else last
    under = is_number_of_form(lines[last]) and all(map(is_short, lines[above:last]))
    return above if under else last


def _apart(forms: Sequence[DocumentForm]) -> None:
    """Two forms of one name are told apart by their places."""
    names = [form.name for form in forms]
    for form in forms:
        if names.count(form.name) > 1:
            form.name = f"{form.name}（{form.place}）"


__all__ = ["DocumentForm", "forms_of"]
