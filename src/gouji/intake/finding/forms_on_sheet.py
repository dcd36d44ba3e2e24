"""A sheet on which several forms stand one below another -> a sheet for each, every cell at its place: project after project, or one form after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from gouji.intake.finding.labels import plain
from gouji.intake.finding.titles import TABLE, core
from gouji.intake.workbooks.sheet import Raw, Sheet

# So many rows a form has at least, title and heads included: titles closer together are a list of contents.
LEAST_ROWS, CELLS_AT_MOST = 4, 3


def forms_on(
    sheet: Sheet, title: Callable[[str], bool], again: Callable[[str], bool]
) -> list[Sheet]:
    """The sheet, or its parts where more than one title stands on it. `again` says of which title the form may come several times on one sheet."""
    found = _titles(sheet, title)
    starts = [row for row, _title in found]
    if len(found) < 2 or any(b - a < LEAST_ROWS for a, b in pairwise(starts)):
        return [sheet]
    titles = [words for _row, words in found]
    if any(titles.count(words) > 1 and not again(words) for words in titles):
        # The title printed again on another page.
        return [sheet]
    ends = [*starts[1:], len(sheet.rows)]
    return [_part(sheet, top, end) for top, end in zip([0, *starts[1:]], ends, strict=True)]


def _titles(sheet: Sheet, title: Callable[[str], bool]) -> list[tuple[int, str]]:
    """Rows that hold the title of a form and little else."""
    found = dict[int, tuple[str, bool]]()
    for row, words, alone in sheet.wording.once("titles", lambda: _likely_titles(sheet)):
        if row not in found and title(words):
            found[row] = words, alone
    return [(row, words) for row, (words, alone) in found.items() if alone]


def _likely_titles(sheet: Sheet) -> list[tuple[int, str, bool]]:
    """Texts at the beginning of rows that may be titles: the row, the title, whether little else stands there."""
    return [
        (row, core(plain(value)), sum(v != "" for v in cells) <= CELLS_AT_MOST)
        for row, cells in enumerate(sheet.rows)
        for value in cells[:2]
        if value.__class__ is str and TABLE in value
    ]


def _part(sheet: Sheet, top: int, end: int) -> Sheet:
    blank: Sequence[Raw] = [""] * sheet.width
    rows = [*[blank] * top, *sheet.rows[top:end]]
    areas = [area for area in sheet.merged() if top <= area[0][0] < end]
    return Sheet(sheet.name, rows, replace(sheet.facts), areas)


__all__ = ["forms_on"]
