"""A part of a form with one row of figures -> where they stand: beside their labels, on one line, where lines and columns cross."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gouji.base.i18n import _
from gouji.intake.finding.form_search import FormSearch, NotThere, no_header
from gouji.intake.finding.headers import (
    HEAD_ROWS,
    HEADER_AT_MOST,
    Header,
    Path,
    head_rows,
    headers_of,
    matched_of,
    paths,
    says,
    stack,
)
from gouji.intake.finding.labels import plain
from gouji.intake.finding.layout import INSIDE, Rival, Spot
from gouji.intake.workbooks.sheet import Sheet
from gouji.rules import Cells, Column, Table

# A column of figures, and the column from which its row labels may start.
ValueColumn = tuple[Header, int]
# Rows and columns in which a label with its figure beside it is looked for.
BESIDE_ROWS, BESIDE_COLUMNS = 200, 40


def find_cells(search: FormSearch, part: Cells) -> None:
    """Find the figures of one part. Raises NotThere."""
    columns = run_of(search.table, part)
    if part.beside:
        for column in columns:
            _beside(search, column, part.labels.get(column.name))
    elif part.row is not None:
        _on_one_line(search, columns, part, part.row)
    else:
        _crossed(search, columns, part)


def run_of(table: Table, part: Cells) -> tuple[Column, ...]:
    """The columns of the table that a block of cells speaks of."""
    names = [c.name for c in table.columns]
    start = names.index(part.from_) if part.from_ else 0
    end = names.index(part.to) if part.to else len(names) - 1
    return tuple(
        c for c in table.columns[start : end + 1] if part.beside or c.role is None or part.from_
    )


def _beside(search: FormSearch, column: Column, given: Path | None) -> None:
    """A figure right of its label, or behind a colon in the same cell: the first of them."""
    for path in paths(column, given):
        for row, texts in enumerate(search.sheet.rows[: search.sheet.top + BESIDE_ROWS]):
            for col, text in enumerate(texts[:BESIDE_COLUMNS]):
                if not isinstance(text, str) or not text:
                    continue
                if says(text, path[-1], False):
                    _take_right(search, column.name, row, col)
                    return
                head, colon, rest = plain(text).partition(":")
                if colon and rest and says(head, path[-1], False):
                    search.spots.append(Spot(column.name, row, INSIDE - col))
                    return


def _take_right(search: FormSearch, name: str, row: int, col: int) -> None:
    """The figure right of a label; behind it there may be its unit."""
    search.labels.add(row, col)
    right = _right_of(search.sheet, row, col)
    search.spots.append(Spot(name, row, right))
    search.states(name, row, col)
    search.states_alone(name, row, right + 1)


def _right_of(sheet: Sheet, row: int, col: int) -> int:
    for (top, left), (bottom, right) in sheet.merged():
        if top <= row <= bottom and left <= col <= right:
            return right + 1
    return col + 1


def _on_one_line(search: FormSearch, columns: Sequence[Column], part: Cells, row: Path) -> None:
    """Figures below their headers, on the line of one label."""
    wanted = [p for c in columns for p in paths(c, part.labels.get(c.name))]
    headers, last = headers_of(search.sheet, wanted)
    if not headers:
        raise no_header(search.table)
    matched = matched_of(columns, part.labels, headers)
    left = min((h.col for h in matched.values()), default=0)
    labels = _line_of(search, row, last + 1, 0, left + 1)
    if not labels:
        raise NotThere(_("没有“{row}”这一行").format(row="/".join(row)), _("行名照表样写"))
    for name, header in matched.items():
        search.use(header, name)
        search.keep_line(name, labels, header)
        search.spots.append(Spot(name, labels[-1][0], header.col))
    search.keep_twins(matched, headers, columns, part.labels, labels[-1][0])


def _crossed(search: FormSearch, columns: Sequence[Column], part: Cells) -> None:
    """Figures where the line of a label meets a column of figures."""
    found: dict[Path, list[ValueColumn]] = {}
    for column in columns:
        for path in paths(column, part.labels.get(column.name)):
            value, rows = (part.value, path) if part.value is not None else (path[-1:], path[:-1])
            if not rows:
                continue
            if value not in found:
                found[value] = _value_columns(search, value, part.side)
            if _cross(search, column.name, rows, found[value]):
                break
    if not any(found.values()):
        wanted = "/".join(part.value) if part.value else _("数据")
        raise NotThere(_("找不到“{column}”这一列").format(column=wanted), _("列名照表样写"))


def _cross(search: FormSearch, name: str, rows: Path, columns: Sequence[ValueColumn]) -> bool:
    """Keep a figure where a line meets a column, with other lines and other columns that say the same."""
    met = list(_crossings(search, rows, columns))
    if not met:
        search.wanting += [(name, h.col) for h, _left in columns]
        return False
    row = met[0].row
    on_line = [crossing for crossing in met if crossing.row == row]
    # Of headers one below another the nearest speaks for the line.
    found = max(on_line, key=lambda crossing: crossing.header.row)
    header, spot = found.header, Spot(name, row, found.header.col)
    search.use(header, name)
    search.keep_line(name, found.labels, header)
    search.claimed |= {found.labels[-1], (header.row, header.col)}
    search.spots.append(spot)
    for at in _lines_alike(search.sheet, rows, found):
        search.others.append(Rival(name, spot, Spot(name, at[0], header.col), at))
        search.labels.add(*at)
    search.others += [
        Rival(name, spot, Spot(name, row, h.col), (h.row, h.col))
        for h in (crossing.header for crossing in on_line)
        if h.col != header.col and abs(h.row - header.row) < HEADER_AT_MOST
    ]
    return True


@dataclass(frozen=True, slots=True)
class _Crossing:
    """Where a line meets a column: its header, the column from which row labels may start, the cells of the line's label."""

    header: Header
    left: int
    labels: list[tuple[int, int]]

    @property
    def row(self) -> int:
        """The row of the figure."""
        return self.labels[-1][0]


def _crossings(
    search: FormSearch, rows: Path, columns: Sequence[ValueColumn]
) -> Iterator[_Crossing]:
    """Where the line of a label meets columns of figures."""
    for header, left in columns:
        if labels := _line_of(search, rows, header.row + 1, left, header.col):
            yield _Crossing(header, left, labels)


def _lines_alike(sheet: Sheet, rows: Path, found: _Crossing) -> Iterator[tuple[int, int]]:
    """Labels of other lines below a header that say the same as that of the line found."""
    for r in range(found.header.row + 1, len(sheet.rows)):
        if r == found.row or (len(rows) > 1 and r < found.row):
            continue
        for c in range(found.left, found.header.col):
            if (text := sheet.text(r, c)) and says(text, rows[-1], False):
                yield r, c


def _value_columns(search: FormSearch, value: Path, side: str | None) -> list[ValueColumn]:
    """Columns of figures by their headers, exact ones first; only with a side that is asked for do their labels start elsewhere than at the left."""
    found: list[ValueColumn] = []
    for exact in (True, False):
        for row in head_rows(search.sheet, HEAD_ROWS):
            for header, start in _headers_on(search.sheet, row, value[-1], exact):
                known = any((row, header.col) == (h.row, h.col) for h, _start in found)
                if known or not header.meets(value, exact):
                    continue
                if side is None:
                    found.append((header, 0))
                    search.labels.add(row, header.col)
                elif _is_of_side(search.sheet, header, start, side):
                    found.append((header, start))
                    search.labels.add(row, header.col)
                    _keep_side(search, header, side)
    return found


def _headers_on(sheet: Sheet, row: int, word: str, exact: bool) -> Iterator[ValueColumn]:
    """The headers on a row that say a word: with words between them they are two halves, each with its own labels."""
    start, last = 0, -1
    for col in range(sheet.width):
        text = sheet.text(row, col)
        if not says(text, word, exact) or not text:
            continue
        if any(sheet.text(row, c) for c in range(last + 1, col)):
            start = last + 1
        last = col
        yield Header(row, col, stack(sheet, row - HEADER_AT_MOST, row, col)), start


def _is_of_side(sheet: Sheet, header: Header, start: int, side: str) -> bool:
    """Whether the words above a header, or beside it in its half, name the side."""
    beside = (sheet.text(header.row, c) for c in range(start, header.col))
    return any(says(w, side, False) for w in (*header.stack[:-1], *beside) if w)


def _keep_side(search: FormSearch, header: Header, side: str) -> None:
    """Keep the first cell that names the side, above or left of a header."""
    for r in range(max(0, header.row - HEADER_AT_MOST), header.row + 1):
        for c in range(header.col, -1, -1):
            if (text := search.sheet.text(r, c)) and says(text, side, False):
                search.labels.add(r, c)
                return


def _line_of(
    search: FormSearch, path: Path, first: int, left: int, right: int
) -> list[tuple[int, int]]:
    """The cells of a row's label (left of the figures), which ends the path, from its first part on; exact words are preferred to bare ones."""
    for exact in (True, False):
        row, at = first, list[tuple[int, int]]()
        for part in path:
            hit = _label(search.sheet, part, (row, left, right), exact, at)
            if hit is None:
                break
            at.append(hit)
            row = hit[0]
        if len(at) == len(path):
            for cell in at:
                search.labels.add(*cell)
            return at
    return []


def _label(
    sheet: Sheet,
    part: str,
    among: tuple[int, int, int],
    exact: bool,
    used: Sequence[tuple[int, int]],
) -> tuple[int, int] | None:
    """The cell that says a part of a label, `among` rows from the first on and columns from left to before right, but those used."""
    first, left, right = among
    # The nearest column first: the other half of the sheet may say the same words.
    for col in range(right - 1, left - 1, -1):
        for row in range(first, len(sheet.rows)):
            text = sheet.text(row, col)
            if text and (row, col) not in used and says(text, part, exact):
                return row, col
    return None


__all__ = ["find_cells", "run_of"]
