"""Rows of cells that span rows and columns, as a file lists them -> a table on a grid."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gouji.base.i18n import _
from gouji.documents.document_model import DocumentCell, DocumentFault, DocumentPlace, DocumentTable

MAX_SPAN, MAX_CELLS = 1000, 500_000


@dataclass(frozen=True, slots=True)
class Laid:
    """A cell as listed: its text, how many rows and columns it spans (0 rows: down to the last), columns left out before it, or its column where that is known."""

    text: str
    rows: int = 1
    columns: int = 1
    before: int = 0
    column: int = -1
    number: float | None = None
    lost: str = ""
    unseen: str = ""
    # Whether it shows something other than its text.
    altered: bool = False
    # The element of the file that it was read from.
    source: Any = field(default=None, compare=False, repr=False)


def laid_table(
    lines: Sequence[Sequence[Laid]],
    number: int,
    *,
    name: str = "",
    within: int = 0,
    hidden_rows: Collection[int] = (),
    hidden_columns: Collection[int] = (),
    hidden: bool = False,
) -> DocumentTable:
    """Put cells on a grid: each stands in the first column that no cell from above spans. Raises DocumentFault where there are too many.

    >>> laid_table([[Laid("a", rows=2), Laid("b")], [Laid("c")]], 1).rows()
    [['a', 'b'], ['', 'c']]
    """
    cells = tuple(_placed(lines, number))
    width = max((cell.column + cell.columns for cell in cells), default=0)
    _few_enough(len(lines) * width)
    return DocumentTable(
        cells,
        len(lines),
        width,
        DocumentPlace(table=number),
        name=name,
        within=within,
        hidden=hidden,
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
    )


def _placed(lines: Sequence[Sequence[Laid]], number: int) -> Iterator[DocumentCell]:
    """The cells with their places. Raises DocumentFault."""
    # Down to which row a column is taken by cells from above.
    taken: dict[int, int] = {}
    covered = 0
    for row, line in enumerate(lines):
        column = 0
        for laid in line:
            column = laid.column if laid.column >= 0 else column + laid.before
            while laid.column < 0 and taken.get(column, 0) > row:
                column += 1
            columns = min(max(laid.columns, 1), MAX_SPAN)
            rows = min(laid.rows or len(lines) - row, len(lines) - row, MAX_SPAN)
            covered += rows * columns
            _few_enough(covered)
            at = DocumentPlace(table=number, row=row + 1, column=column + 1)
            more = laid.number, laid.lost, laid.unseen, laid.altered
            yield DocumentCell(laid.text, row, column, rows, columns, at, *more)
            taken.update(dict.fromkeys(range(column, column + columns), row + rows))
            column += columns


def _few_enough(cells: int) -> None:
    if cells > MAX_CELLS:
        raise DocumentFault(
            _("表格超过 {n} 个格子").format(n=MAX_CELLS), _("删去多余的行和列，或分成几个文件")
        )


__all__ = ["MAX_CELLS", "MAX_SPAN", "Laid", "laid_table"]
