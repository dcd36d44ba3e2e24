"""A page -> its tables and lines of text, from top to bottom."""

from __future__ import annotations

from gouji.documents.pdf.lines import box_of, lines_of
from gouji.documents.pdf.page import Char, Page
from gouji.documents.pdf.ruled import Grid, fill, grid_of
from gouji.documents.pdf.rules import MAX_RULES, frames, whole

# A line of text, or a table.
Laid = list[Char] | Grid


def laid_out(page: Page) -> list[Laid]:
    """Tables by their rules; what stands in none is text."""
    level, upright = whole(page.level), whole(page.upright)
    rest, grids = list(page.chars), list[Grid]()
    if len(level) + len(upright) <= MAX_RULES:
        for frame in frames(level, upright):
            if (grid := grid_of(frame)) is not None:
                rest = fill(grid, rest)
                grids.append(grid)
    lines: list[Laid] = [*lines_of(rest)]
    return sorted((*lines, *grids), key=_top)


def _top(block: Laid) -> tuple[float, float]:
    box = block.box if isinstance(block, Grid) else box_of(block)
    return box.top, box.left


__all__ = ["Laid", "laid_out"]
