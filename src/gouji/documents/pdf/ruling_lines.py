"""Rules of a page in pieces -> whole rules, and those that touch each other as frames."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gouji.documents.pdf.page import Rule

# Points: rules so near are one line; pieces of one line may have gaps so wide; rules so near touch.
SAME, GAP, TOUCH = 2.0, 3.5, 3.0
MAX_RULES = 4000


@dataclass(slots=True)
class Frame:
    """Rules that touch each other."""

    level: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)


def whole(pieces: Iterable[Rule]) -> list[Rule]:
    """Pieces of rules put together.

    >>> whole([Rule(10, 0, 50), Rule(10.4, 52, 90), Rule(30, 0, 90)])
    [Rule(at=10.2, start=0, end=90), Rule(at=30.0, start=0, end=90)]
    """
    made = list[Rule]()
    band = list[Rule]()
    for piece in sorted(pieces):
        if band and piece.at - band[-1].at > SAME:
            made += _joined(band)
            band = []
        band.append(piece)
    return made + _joined(band)


def _joined(band: list[Rule]) -> list[Rule]:
    """The pieces of one line."""
    if not band:
        return []
    made = list[Rule]()
    open_ = list[Rule]()
    end = 0.0
    for piece in sorted(band, key=lambda r: r.start):
        if open_ and piece.start - end > GAP:
            made.append(_one(open_, end))
            open_ = []
        end = max(end, piece.end) if open_ else piece.end
        open_.append(piece)
    made.append(_one(open_, end))
    return made


def _one(pieces: list[Rule], end: float) -> Rule:
    at = sum(p.at for p in pieces) / len(pieces)
    return Rule(at, pieces[0].start, end)


def frames(level: Sequence[Rule], upright: Sequence[Rule]) -> list[Frame]:
    """Rules that touch, together; in the order of their tops."""
    groups = _Groups(len(level) + len(upright))
    heights = [rule.at for rule in level]
    for number, rule in enumerate(upright, len(level)):
        first = bisect_left(heights, rule.start - TOUCH)
        for other in range(first, bisect_right(heights, rule.end + TOUCH)):
            if level[other].start - TOUCH <= rule.at <= level[other].end + TOUCH:
                groups.join(number, other)
    found: dict[int, Frame] = {}
    for number, rule in enumerate((*level, *upright)):
        frame = found.setdefault(groups.of(number), Frame())
        (frame.level if number < len(level) else frame.upright).append(rule)
    return sorted(found.values(), key=_top)


class _Groups:
    """Numbers in groups that are joined two by two (union-find)."""

    def __init__(self, count: int) -> None:
        self.parent = list(range(count))

    def of(self, one: int) -> int:
        """The number that stands for the group of another."""
        parent = self.parent
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    def join(self, one: int, other: int) -> None:
        """Two groups become one."""
        self.parent[self.of(one)] = self.of(other)


def _top(frame: Frame) -> tuple[float, float]:
    return (
        min([r.at for r in frame.level] + [r.start for r in frame.upright]),
        min([r.start for r in frame.level] + [r.at for r in frame.upright]),
    )


def lines_at(places: Iterable[float]) -> list[float]:
    """Places that are nearly the same as one each.

    >>> lines_at([10, 10.5, 40])
    [10.25, 40.0]
    """
    made = list[list[float]]()
    for place in sorted(places):
        if made and place - made[-1][-1] <= SAME:
            made[-1].append(place)
        else:
            made.append([place])
    return [sum(band) / len(band) for band in made]


__all__ = ["MAX_RULES", "Frame", "frames", "lines_at", "whole"]
