"""A page -> its tables and lines of text, from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass, field

from gouji.documents.pdf.page import Char, Page, Rule
from gouji.documents.pdf.page_lines import box_of, lines_of
from gouji.documents.pdf.ruled import RuledGrid, fill, grid_of
from gouji.documents.pdf.ruling_lines import MAX_RULES, frames, whole
from gouji.documents.pdf.spaced import Spaced, regions, table_of
from gouji.documents.pdf.tall import split_rows

# A line of text, or a table.
Laid = list[Char] | RuledGrid


@dataclass(slots=True)
class PageLayout:
    """Blocks of a page; the table that ends it, where white space told its columns."""

    blocks: list[Laid] = field(default_factory=list)
    spaced: Spaced | None = None


def laid_out(page: Page, carried: Spaced | None = None) -> PageLayout:
    """Tables by their rules, else by white space below titles; what stands in none is text."""
    level, upright = whole(page.level), whole(page.upright)
    rest, grids = list(page.chars), list[RuledGrid]()
    if len(level) + len(upright) > MAX_RULES:
        level, upright = [], []
    for frame in frames(level, upright):
        if (grid := grid_of(frame)) is not None:
            rest = fill(grid, rest)
            split_rows(grid)
            grids.append(grid)
    if not grids:
        grids, rest = _shaded(page, rest)
    made = PageLayout()
    blocks: list[Laid] = [*lines_of(rest), *grids]
    _parts(made, sorted(blocks, key=_top), level, carried)
    return made


def _shaded(page: Page, chars: list[Char]) -> tuple[list[RuledGrid], list[Char]]:
    """Tables whose cells are told by shades alone: each area's edges are rules."""
    level = [Rule(y, b.left, b.right) for b in page.areas for y in (b.top, b.bottom)]
    upright = [Rule(x, b.top, b.bottom) for b in page.areas for x in (b.left, b.right)]
    level, upright = whole(level), whole(upright)
    if len(level) + len(upright) > MAX_RULES:
        return [], chars
    made, rest = list[RuledGrid](), chars
    for frame in frames(level, upright):
        grid = grid_of(frame)
        if grid is not None and len(grid.xs) > 2 and len(grid.ys) > 2:
            rest = fill(grid, rest)
            made.append(grid)
    return made, rest


def _parts(made: PageLayout, blocks: list[Laid], level: list[Rule], carried: Spaced | None) -> None:
    """Tables without upright rules among lines that follow each other."""
    run = list[list[Char]]()
    for block in [*blocks, None]:
        if isinstance(block, list):
            run.append(block)
            continue
        if run:
            _run(made, run, level, carried)
        run, carried = [], None
        if block is not None:
            made.blocks.append(block)
            made.spaced = None


def _run(
    made: PageLayout, lines: list[list[Char]], level: list[Rule], carried: Spaced | None
) -> None:
    done = 0
    for region in regions(lines, carried is not None):
        if region.first < done:
            continue
        found = table_of(
            lines[region.first : region.last], level, carried if region.carried else None
        )
        if found is None:
            continue
        made.blocks += lines[done : region.first]
        made.blocks.append(found.grid)
        made.spaced, done = found, region.last
    made.blocks += lines[done:]


def _top(block: Laid) -> tuple[float, float]:
    box = block.box if isinstance(block, RuledGrid) else box_of(block)
    return box.top, box.left


__all__ = ["Laid", "PageLayout", "laid_out"]
