"""Words of a table without upright rules -> its columns, as strips of the page: what stands above each other, and the heads over it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gouji.base.i18n import _
from gouji.documents.document_model import Box
from gouji.documents.pdf.page_lines import TextRun
from gouji.documents.printed_words import is_figure

# Figures of one column end (or begin, or have their middle) within so many times their size of each other.
ALIGNED = 1.2


@dataclass(slots=True)
class Strip:
    """A column: its left and right edge, whether words of lines stand in it, whether they are figures, whether a head stands over it."""

    left: float
    right: float
    body: bool = False
    figures: bool = False
    head: bool = False
    # How far right of its head its words stand, where they overlap.
    offset: float = 0

    def holds(self, box: Box) -> bool:
        """Whether something reaches into it."""
        return box.left < self.right and self.left < box.right

    def widen(self, box: Box) -> None:
        """Take something in."""
        self.left, self.right = min(self.left, box.left), max(self.right, box.right)


@dataclass(slots=True)
class Strips:
    """Columns from left to right, and why they cannot be relied on."""

    strips: list[Strip] = field(default_factory=list)
    doubt: str = ""

    def at(self, box: Box) -> list[int]:
        """The columns that something reaches into."""
        return [n for n, strip in enumerate(self.strips) if strip.holds(box)]


def strips_of(body: Sequence[TextRun], leaves: Sequence[Box]) -> Strips:
    """Columns from words of lines, and from the lowest heads, which may stand beside them: names stand left, figures right, heads in the middle."""
    made = Strips(_of_words(body))
    for box in sorted(leaves, key=lambda b: b.left):
        _head(made, box)
    made.strips.sort(key=lambda s: s.left)
    _paired(made)
    if not made.doubt and any(not s.head for s in made.strips):
        made.doubt = _("有的列上面没有表头")
    return made


def _of_words(body: Sequence[TextRun]) -> list[Strip]:
    """Columns of words that stand over each other, and whether figures do there."""
    strips = list[Strip]()
    for word in sorted(body, key=lambda w: w.box.left):
        if not strips or word.box.left >= strips[-1].right:
            strips.append(Strip(word.box.left, word.box.right, body=True))
        else:
            strips[-1].widen(word.box)
    for strip in strips:
        texts = [w.text for w in body if strip.holds(w.box)]
        strip.figures = 2 * sum(map(is_figure, texts)) >= len(texts)
    return strips


def _head(made: Strips, box: Box) -> None:
    """A head over one column is its head; over none it is a column so far; over several nobody knows whose."""
    over = made.at(box)
    if len(over) > 1:
        # A head wider than its column reaches over the edge of the next: its middle says whose it is.
        middle = (box.left + box.right) / 2
        over = [n for n in over if made.strips[n].left <= middle <= made.strips[n].right]
    if len(over) == 1 and not made.strips[over[0]].head:
        strip = made.strips[over[0]]
        strip.head = True
        if strip.body:
            strip.offset = (strip.left + strip.right - box.left - box.right) / 2
        strip.widen(box)
        return
    if over or made.at(box):
        made.doubt = made.doubt or _("有的表头分不清在哪一列上面")
    else:
        made.strips.append(Strip(box.left, box.right, head=True))


def _paired(made: Strips) -> None:
    """Columns with words and no head, beside ones with a head and no words, are one column. Between two of these nobody knows whose they are."""
    strips = made.strips
    for number, strip in enumerate(strips):
        if not strip.body or strip.head:
            continue
        beside = [
            other
            for other in strips[max(number - 1, 0) : number + 2]
            if other.head and not other.body
        ]
        if len(beside) > 1:
            side = _side(s.offset for s in strips if s.figures == strip.figures and s.offset)
            if not side:
                made.doubt = made.doubt or _("有的数分不清在哪个表头下面")
            beside = beside[:1] if side > 0 else beside[1:]
        for other in beside[:1]:
            other.left, other.right = min(other.left, strip.left), max(other.right, strip.right)
            other.body, other.figures = True, strip.figures
            strip.head = strip.body = False
    made.strips = [s for s in strips if s.head or s.body]


def _side(offsets: Iterable[float]) -> int:
    """On which side of their heads words of other columns stand: 1 right, -1 left; 0 where they do not agree."""
    found = [offset for offset in offsets if abs(offset) > 1]
    if len(found) < 2 or min(found) < 0 < max(found):
        return 0
    return 1 if found[0] > 0 else -1


def unaligned(words: Iterable[TextRun]) -> bool:
    """Whether figures of one column stand so that some may be of another."""
    boxes = [w.box for w in words]
    size = max((b.bottom - b.top for b in boxes), default=0.0)
    ways = (
        [b.right for b in boxes],
        [b.left for b in boxes],
        [(b.left + b.right) / 2 for b in boxes],
    )
    return len(boxes) > 1 and all(max(way) - min(way) > ALIGNED * size for way in ways)


__all__ = ["Strip", "Strips", "strips_of", "unaligned"]
