"""The picture of a file as it was read -> one HTML page that looks like its sheets, coloured: read, read as zero, not read, in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from gouji.base.i18n import _
from gouji.intake import Picture, PicturedCell, PicturedSheet
from gouji.report.html.frame import render
from gouji.report.html.page_words import frame_words
from gouji.report.html.unit import file_name
from gouji.report.read_picture import SHOWN, counts_of, refusal, words_of

# A browser does not draw more cells of a sheet in good time.
CELLS_AT_MOST = 40_000


def reading_page(pictures: Sequence[Picture], back: Sequence[tuple[str, str]] = ()) -> str:
    """One page for one file or several. `back`: codes and names of the units whose pages lead here."""
    keys = [(state.value, words_of(state)) for state in SHOWN]
    values = {
        "w": frame_words(),
        "title": _("读到了什么"),
        "keys": keys,
        "files": [_file(picture) for picture in pictures],
        "back": [(file_name(unit), name or unit) for unit, name in back],
        "hint": _("指着格子看它读成了哪张表、哪一行、哪一列、多少"),
        "more": _("格子太多，只画前面的"),
    }
    return render("reading.html", values, ())


def _file(picture: Picture) -> dict[str, object]:
    counts = [(state.value, words_of(state), n) for state, n in counts_of(picture).items()]
    refused = refusal(picture)
    return {
        "name": picture.file,
        "whose": " ".join(part for part in (picture.unit, picture.year) if part),
        "counts": counts,
        "refused": refused,
        "told": picture.told,
        "sheets": [_sheet(sheet) for sheet in picture.sheets],
    }


def _sheet(sheet: PicturedSheet) -> dict[str, object]:
    cells = [cell for cell in sheet.cells if cell.row < _last(sheet)]
    rows = [
        [_cell(cell) for cell in row]
        for _number, row in groupby(cells[:CELLS_AT_MOST], key=lambda cell: cell.row)
    ]
    return {
        "name": sheet.name,
        "tables": "、".join(sheet.tables),
        "why": sheet.why,
        "told": sheet.told if sheet.tables else (),
        "rows": rows,
        "cut": len(cells) > CELLS_AT_MOST,
    }


def _last(sheet: PicturedSheet) -> int:
    """How many rows down to the last with something in it."""
    return 1 + max((c.row for c in sheet.cells if c.text or c.state in SHOWN), default=-1)


def _cell(cell: PicturedCell) -> dict[str, object]:
    return {
        "text": cell.text,
        "state": cell.state.value,
        "rows": cell.rows,
        "columns": cell.columns,
        "about": "\n".join(_about(cell)) if cell.state in SHOWN else "",
    }


def _about(cell: PicturedCell) -> Iterator[str]:
    """What is said of a cell when one points at it."""
    yield f"{cell.place}  {words_of(cell.state)}"
    if (taken := cell.taken) is not None:
        yield f"{taken.table} {taken.row} · {taken.column}"
        if isinstance(taken.value, Decimal):
            yield _("值 {value}，印的单位 {unit}").format(
                value=f"{taken.value:f}", unit=taken.unit or "—"
            )
    if cell.why:
        yield cell.why


__all__ = ["reading_page"]
