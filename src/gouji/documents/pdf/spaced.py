"""Lines of a page without upright rules + level rules -> tables: columns from the white space between words, rows from rules or from lines of text.

A table is made only below a title. What could stand in another column, or below no head, is a doubt, and nothing is taken from the table then.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from gouji.base.i18n import _
from gouji.documents.document_model import Box
from gouji.documents.pdf.heads import NEAR, TableHead, cells_of, headed, leaves_of
from gouji.documents.pdf.page import Char, Rule
from gouji.documents.pdf.page_lines import LINE, TextRun, words_of
from gouji.documents.pdf.ruled import RuledGrid, Spanned
from gouji.documents.pdf.strips import Strip, Strips, strips_of, unaligned
from gouji.documents.printed_words import (
    begins_body,
    is_figure,
    is_note,
    is_page_number,
    is_sentence,
    is_spread,
    is_title,
    is_total,
    says_unit,
)

# Gaps as parts of a character's size: one so wide may part words; within a text they are narrower than this.
NARROW, TIGHT = 0.25, 0.15
# A level rule that parts rows is so much of the table's width long.
LONG = 0.8
TITLE_LINES = 3

Line = Sequence[Char]


@dataclass(frozen=True, slots=True)
class Region:
    """Lines of a page that may be a table: from which to which; whether it goes on with the table of the page before."""

    first: int
    last: int
    carried: bool = False


def regions(lines: Sequence[Line], carried: bool) -> list[Region]:
    """Where on a page tables without upright rules may stand: below titles, and at its top where a table ended the page before."""
    texts = ["".join(c.text for c in line) for line in lines]
    made = list[Region]()
    if carried and texts and not is_title(texts[0]):
        made.append(Region(0, _end(texts, 0), True))
    for number, text in enumerate(texts):
        if not is_title(text):
            continue
        first = number + 1
        near = range(first, min(first + TITLE_LINES, len(texts)))
        told = [n for n in near if says_unit(texts[n])]
        first = told[-1] + 1 if told else first
        end = _end(texts, first)
        if end > first and (told or sum(map(_has_figures, lines[first:end])) > 2):
            made.append(Region(first, end))
    return made


def _end(texts: Sequence[str], first: int) -> int:
    """The first line that is no part of a table that begins there."""
    for number in range(first, len(texts)):
        text, last = texts[number], number == len(texts) - 1
        if is_title(text) or is_note(text) or is_sentence(text) or (last and is_page_number(text)):
            return number
    return len(texts)


def _has_figures(line: Line) -> bool:
    return sum(is_figure(w.text) for w in parted(line)) > 1


def parted(line: Line) -> list[TextRun]:
    """The words of a line. A narrow gap parts them beside a complete figure, and between texts without gaps; a wide one parts all but words that are spread."""
    made = list[TextRun]()
    for word in words_of(line):
        chars, start = word.chars, 0
        for at in range(1, len(chars)):
            if chars[at].left - chars[at - 1].right > NARROW * chars[at].size and (
                is_figure("".join(c.text for c in chars[start:at]))
                or chars[at].text.isdigit()
                or (_tight(chars[start:at][-2:]) and _tight(chars[at : at + 2]))
            ):
                made.append(TextRun(chars[start:at]))
                start = at
        made.append(TextRun(chars[start:]))
    return _spread(made)


def _tight(chars: Line) -> bool:
    """Whether two characters stand as near each other as those of a text do."""
    return len(chars) == 2 and chars[1].left - chars[0].right < TIGHT * chars[1].size


def _spread(words: Sequence[TextRun]) -> list[TextRun]:
    """Words of two characters that fill their cell, put together again."""
    made = list[TextRun]()
    for word in words:
        if made and len(made[-1].chars) == 1 and is_spread(made[-1].text + word.text):
            made[-1] = TextRun((*made[-1].chars, *word.chars))
        else:
            made.append(word)
    return made


@dataclass(slots=True)
class Spaced:
    """A table told from white space; its columns and the signs of its heads, for the page behind."""

    grid: RuledGrid
    strips: Strips
    signs: str


def table_of(
    lines: Sequence[Line], level: Sequence[Rule], carried: Spaced | None = None
) -> Spaced | None:
    """The table that lines make, or the rest of one of the page before; None where they make none."""
    words = [parted(line) for line in lines]
    first = _first_of_body(words)
    if first is None:
        return None
    heads = [w for line in words[:first] for w in line]
    body = [w for line in words[first:] for w in line]
    if carried is not None:
        return _rest(heads, body, level, carried)
    return _begun(heads, body, level) if sum(is_figure(w.text) for w in body) > 1 else None


def _begun(
    heads: Sequence[TextRun], body: Sequence[TextRun], level: Sequence[Rule]
) -> Spaced | None:
    """A table that begins with its head; None where its words stand in one column."""
    top = min(w.box.top for w in body)
    cells = cells_of(heads)
    named = [w for w in body if not is_total(w.text)]
    strips = strips_of(named, [cell.box for cell in leaves_of(cells, top)])
    if len(strips.strips) < 2:
        return None
    head = headed(cells, strips.strips, top) if cells else TableHead()
    made = RuledGrid([], [], list(head.cells), ruled=False, doubt=strips.doubt or head.doubt)
    _lay(made, body, strips, level, head.depth)
    return Spaced(made, strips, _signs(heads))


def _rest(
    heads: Sequence[TextRun], body: Sequence[TextRun], level: Sequence[Rule], carried: Spaced
) -> Spaced | None:
    """Lines that go on with a table: its heads may be printed again."""
    strips = carried.strips
    fitting = sum(bool(strips.at(w.box)) or is_total(w.text) for w in body)
    if 2 * fitting < len(body):
        return None
    made = RuledGrid([], [], [], ruled=False, doubt=strips.doubt)
    if heads and _signs(heads) != carried.signs:
        made.doubt = _("续页的表头和前一页的不同")
    _lay(made, body, strips, level, 0)
    return Spaced(made, strips, carried.signs)


def _signs(words: Sequence[TextRun]) -> str:
    return "".join(sorted("".join(w.text for w in words)))


def _lay(
    made: RuledGrid, body: Sequence[TextRun], strips: Strips, level: Sequence[Rule], depth: int
) -> None:
    """Put the lines below the heads into a table."""
    rows = rows_of(body, strips, _bands(level, body))
    for number, row in enumerate(rows, depth):
        _fill(made, row, number, strips)
    made.doubt = made.doubt or _misplaced(body, strips)
    _edges(made, strips.strips, depth, rows)


def _first_of_body(words: Sequence[Sequence[TextRun]]) -> int | None:
    """The first line below the heads: one with a figure, a code or a number, with what of its cells stands above it."""
    first = next(
        (
            n
            for n, line in enumerate(words)
            if any(is_figure(w.text) or begins_body(w.text) for w in line)
        ),
        None,
    )
    while first:
        gap = min(w.box.top for w in words[first]) - max(w.box.bottom for w in words[first - 1])
        if gap >= NEAR * words[first][0].size:
            break
        first -= 1
    return first


def _bands(level: Sequence[Rule], body: Sequence[TextRun]) -> list[float]:
    """Heights of rules that part rows; none where there are too few."""
    left, right = min(w.box.left for w in body), max(w.box.right for w in body)
    top, bottom = min(w.box.top for w in body), max(w.box.bottom for w in body)
    at = sorted(
        r.at
        for r in level
        if min(r.end, right) - max(r.start, left) >= LONG * (right - left)
        and top - 20 <= r.at <= bottom + 20
    )
    return at if len(at) > 3 else []


def rows_of(
    body: Sequence[TextRun], strips: Strips, bands: Sequence[float] = ()
) -> list[list[TextRun]]:
    """Words row by row: by rules, else by lines that belong together, else, where every line has a figure, line by line."""
    if bands:
        found: dict[int, list[TextRun]] = {}
        for word in body:
            found.setdefault(bisect_right(bands, word.base - 0.36 * word.size), []).append(word)
        rows = [found[n] for n in sorted(found)]
        if not any(_crowded(row, strips) for row in rows):
            return rows
    rows = _near(body, strips)
    if any(_crowded(row, strips) for row in rows):
        lines = _lines(body)
        if all(any(is_figure(w.text) for w in line) for line in lines):
            return lines
    return rows


def _lines(words: Sequence[TextRun]) -> list[list[TextRun]]:
    """Words of one baseline each."""
    made = list[list[TextRun]]()
    for word in sorted(words, key=lambda w: w.base):
        if made and word.base - made[-1][0].base <= LINE * word.size:
            made[-1].append(word)
        else:
            made.append([word])
    return made


def _near(body: Sequence[TextRun], strips: Strips) -> list[list[TextRun]]:
    """Words whose heights overlap, names of several lines as one."""
    groups = [[w] for w in body if is_figure(w.text)] + _names(body, strips)
    groups.sort(key=lambda g: min(w.box.top for w in g))
    made = list[list[TextRun]]()
    bottom = -1e9
    for group in groups:
        top, end = min(w.box.top for w in group), max(w.box.bottom for w in group)
        if made and bottom - top > NEAR * group[0].size:
            made[-1] += group
            bottom = max(bottom, end)
        else:
            made.append(list(group))
            bottom = end
    return made


def _names(body: Sequence[TextRun], strips: Strips) -> list[list[TextRun]]:
    """Words that are no figures, lines of one cell together: they are near each other in one column."""
    made = list[list[TextRun]]()
    last: dict[int, list[TextRun]] = {}
    for word in sorted((w for w in body if not is_figure(w.text)), key=lambda w: w.base):
        at = strips.at(word.box)
        before = last.get(at[0]) if at else None
        if before is not None and word.box.top - before[-1].box.bottom < NEAR * word.size:
            before.append(word)
        else:
            made.append([word])
            last.update(dict.fromkeys(at, made[-1]))
    return made


def _crowded(row: Sequence[TextRun], strips: Strips) -> bool:
    """Whether two figures of a row stand in one column."""
    at = [strips.at(w.box) for w in row if is_figure(w.text)]
    return len({n[0] for n in at if n}) < len(at)


def _fill(made: RuledGrid, row: Sequence[TextRun], number: int, strips: Strips) -> None:
    """The cells of one row. Raises no fault: what does not fit is a doubt."""
    cells: dict[int, Spanned] = {}
    for word in sorted(row, key=lambda w: (w.base, w.box.left)):
        at = strips.at(word.box)
        if is_total(word.text) and not is_figure(word.text):
            at = at[:1] or _nearest(word, strips)
        if len(at) != 1:
            made.doubt = made.doubt or _("“{text}”在哪一列看不准").format(text=word.text)
            at = at[:1] or _nearest(word, strips)
        cell = cells.get(at[0])
        if cell is None:
            cells[at[0]] = cell = Spanned(number, at[0], 1, 1, word.box)
        elif is_figure(word.text) or _holds_figure(cell):
            made.doubt = made.doubt or _("“{text}”在哪一行看不准").format(text=word.text)
        cell.lines.append(list(word.chars))
    made.cells += [cells[at] for at in sorted(cells)]


def _holds_figure(cell: Spanned) -> bool:
    return any(is_figure(TextRun(tuple(line)).text) for line in cell.lines)


def _nearest(word: TextRun, strips: Strips) -> list[int]:
    middle = (word.box.left + word.box.right) / 2
    return [
        min(
            range(len(strips.strips)),
            key=lambda n: abs(strips.strips[n].left + strips.strips[n].right - 2 * middle),
        )
    ]


def _misplaced(body: Sequence[TextRun], strips: Strips) -> str:
    """Why figures may stand in another column than they seem to; empty where they cannot."""
    found: dict[int, list[TextRun]] = {}
    for word in body:
        at = strips.at(word.box)
        if len(at) == 1 and is_figure(word.text):
            found.setdefault(at[0], []).append(word)
    wrong = [n + 1 for n, words in sorted(found.items()) if unaligned(words)]
    return _("第 {n} 列的数没有对齐").format(n=wrong[0]) if wrong else ""


def _edges(
    made: RuledGrid, strips: Sequence[Strip], depth: int, rows: Sequence[Sequence[TextRun]]
) -> None:
    """Edges of columns and rows half way between what stands in them; the cells' rectangles by them."""
    made.xs = between([(s.left, s.right) for s in strips])
    heights = _heights_of_head(made, depth)
    heights += [(min(w.box.top for w in r), max(w.box.bottom for w in r)) for r in rows]
    made.ys = sorted(between(heights))
    for cell in made.cells:
        cell.box = Box(
            made.xs[cell.column],
            made.ys[cell.row],
            made.xs[cell.column + cell.columns],
            made.ys[cell.row + cell.rows],
        )


def _heights_of_head(made: RuledGrid, depth: int) -> list[tuple[float, float]]:
    """From where to where the words of each row of the head reach."""
    tops = dict[int, tuple[float, float]]()
    for cell in made.cells:
        if cell.row < depth:
            top, bottom = tops.get(cell.row, (cell.box.top, cell.box.top + 1))
            tops[cell.row] = min(top, cell.box.top), max(bottom, cell.box.top + 1)
    return [tops.get(n, (0.0, 0.0)) for n in range(depth)]


def between(spans: Sequence[tuple[float, float]]) -> list[float]:
    """Edges half way between spans, and outside the first and the last."""
    inner = [(a[1] + b[0]) / 2 for a, b in itertools.pairwise(spans)]
    return [spans[0][0] - 2, *inner, spans[-1][1] + 2]


__all__ = ["Region", "Spaced", "between", "regions", "rows_of", "table_of"]
