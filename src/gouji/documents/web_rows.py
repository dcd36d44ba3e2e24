"""A table of a web page -> its rows with their cells, those that are not shown among them; its columns that are collapsed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from gouji.documents.document_model import LeftOut
from gouji.documents.document_package import local
from gouji.documents.grid import MAX_SPAN, Laid
from gouji.documents.web_styles import WebStyles

_BODIES = frozenset(["tbody", "thead", "tfoot"])


@dataclass(frozen=True, slots=True)
class WebRow:
    """A row: its element, its cells, why it is not shown, or none of the text. `counted`: what spans rows counts it all the same."""

    element: etree._Element
    cells: tuple[etree._Element, ...]
    left: LeftOut | None = None
    counted: bool = True


Why = Callable[[etree._Element, str], LeftOut | None]


def rows_of(styles: WebStyles, table: etree._Element, left: Why) -> Iterator[WebRow]:
    """The rows of a table; `left` says why an element is no text."""
    for part in table:
        name = local(part).lower()
        if name not in _BODIES and name != "tr":
            continue
        gone = is_gone(styles, part)
        why = LeftOut.HIDDEN if gone else left(part, name)
        counted = not gone or styles.at(part).get("visibility") == "collapse"
        found = [_row(styles, part)] if name == "tr" else rows_of(styles, part, left)
        for row in found:
            hidden = why if why in (LeftOut.HIDDEN, LeftOut.STRUCK) else row.left
            yield replace(row, left=hidden, counted=row.counted and counted)


def _row(styles: WebStyles, row: etree._Element) -> WebRow:
    """A row with its cells; of one that has some to show only these."""
    cells = [cell for cell in row if local(cell).lower() in ("td", "th")]
    shown = [cell for cell in cells if not is_gone(styles, cell)]
    if cells and not shown:
        return WebRow(row, tuple(cells), LeftOut.HIDDEN)
    return WebRow(row, tuple(cells))


def is_gone(styles: WebStyles, element: etree._Element) -> bool:
    """Whether a cell, or a row, takes no place: those after it move up. One that is only not to be seen keeps its place."""
    shown = styles.at(element)
    return (
        "hidden" in element.attrib
        or shown.get("display") == "none"
        or shown.get("visibility") == "collapse"
    )


def over_hidden(lines: Sequence[Sequence[Laid]], passed: Sequence[bool]) -> list[list[Laid]]:
    """The lines, with cells that span rows spanning also those that their span passes over (`passed`), for nothing counts them."""
    if not any(passed):
        return [list(line) for line in lines]
    return [
        [replace(laid, rows=_rows_with(laid.rows, passed[number:])) for laid in line]
        for number, line in enumerate(lines)
    ]


def _rows_with(rows: int, passed: Sequence[bool]) -> int:
    """How many lines so many counted rows are, with those between them that are not counted."""
    if rows <= 1 or passed[0]:
        return min(rows, 1)
    counted = 0
    for number, over in enumerate(passed, 1):
        counted += not over
        if counted == rows:
            return number
    return len(passed)


def hidden_columns(styles: WebStyles, table: etree._Element) -> list[int]:
    """The columns that are collapsed."""
    column, found = 0, list[int]()
    for part in table.iter("colgroup", "col"):
        name, below = local(part).lower(), part.find("col")
        if next(part.iterancestors("table"), None) is not table or below is not None:
            continue
        columns = span(part, "span")
        above = part.getparent() if name == "col" else None
        given = {**(styles.at(above) if above is not None else {}), **styles.at(part)}
        if given.get("visibility") == "collapse" or given.get("display") == "none":
            found += range(column, column + columns)
        column += columns
    return found


def span(cell: etree._Element, name: str) -> int:
    """How many rows or columns an element says it spans."""
    text = cell.get(name, "1").strip()
    return min(int(text), MAX_SPAN) if text.isascii() and text.isdigit() and len(text) < 9 else 1


__all__ = ["WebRow", "hidden_columns", "is_gone", "over_hidden", "rows_of", "span"]
