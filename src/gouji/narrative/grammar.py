"""Patterns -> TextGrammar: names of items, frames by the kind of their figure, words that open and end lists, ready to be met with sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count

from gouji.narrative.mentions import SIGN_OF
from gouji.narrative.patterns import (
    AnyPattern,
    Blank,
    Chapter,
    FigureRole,
    FramePattern,
    GroupPattern,
    ItemPattern,
    ItemsPattern,
    TextTie,
    compiled,
    without_figure,
)

UP = [
    "增加",
    "增长",
    "上升",
    "提高",
    "上涨",
    "调增",
    "增多",
    "超出",
    "上浮",
    "攀升",
    "增支",
    "增收",
    "多",
    "增",
    "升",
]
DOWN = [
    "减少",
    "下降",
    "降低",
    "减低",
    "压减",
    "缩减",
    "节约",
    "下浮",
    "回落",
    "下滑",
    "负增长",
    "核减",
    "调减",
    "节省",
    "减支",
    "减收",
    "短收",
    "少",
    "减",
    "降",
]
FLAT = ["持平", "无变化", "没有变化", "不变"]
DIRECTIONS = {**dict.fromkeys(UP, 1), **dict.fromkeys(DOWN, -1), **dict.fromkeys(FLAT, 0)}
_WORDS = sorted((*UP, *DOWN), key=len, reverse=True)
_BUDGET = "(?:年初|全年|年度|调整后?的?|当年|本年|部门|追加后|批复)*(?:收入|支出|收支|财政拨款|单位|部门)*预算(?:安排|批复|调整|下达|支出|收入)?数?"
SLOTS = {
    "dir": f"(?P<dir>{'|'.join(_WORDS)})",
    "budget": f"(?P<base>{_BUDGET})",
    "whole": rf"(?P<whole>[^,;:。()、{SIGN_OF['A'].value}{SIGN_OF['P'].value}{SIGN_OF['N'].value}]{{0,30}}?)",
}
_SLOT = re.compile(r"\{([a-z]+)\}")
_FIGURE, _OTHER = re.compile("«([APTNYDM]+)»"), re.compile("‹([APTNYDM]+)›")
_LIST = r"(?P<list>[^。;:]+?)"


@dataclass(frozen=True, slots=True)
class FrameIn:
    """One pattern of a frame: what it gives, what stands before the figure, what must follow."""

    gives: FigureRole
    before: re.Pattern[str]
    behind: re.Pattern[str] | None
    part: str = ""
    whole: str = ""


@dataclass(frozen=True, slots=True)
class TextGrammar:
    """Everything that a text is read by. `frames` by the sign of the figure they speak of."""

    items: Mapping[str, ItemPattern]
    by_name: Mapping[str, str]
    frames: Mapping[str, tuple[FrameIn, ...]]
    opens: re.Pattern[str]
    complete: re.Pattern[str]
    stops: re.Pattern[str]
    ties: tuple[TextTie, ...]
    blanks: tuple[Blank, ...]
    chapters: tuple[Chapter, ...]

    def inner(self, name: str) -> frozenset[str]:
        """The parts of an item, with theirs."""
        item = self.items.get(name)
        own = frozenset(item.parts) if item is not None else frozenset()
        return own.union(*map(self.inner, own))


def signs(pattern: str) -> str:
    """A pattern with «A» and {slots} -> a regular expression over masked text.

    >>> signs("占«P»") == "占[" + SIGN_OF["P"].value + "]"
    True
    """
    used = Counter[str]()

    def slot(found: re.Match[str]) -> str:
        name = found[1]
        if name not in SLOTS:
            return found[0]
        used[name] += 1
        return SLOTS[name].replace("(?P<", f"(?P<{'_' * (used[name] - 1)}", 1)

    slotted = _SLOT.sub(slot, pattern)
    return _FIGURE.sub(lambda m: "[" + "".join(SIGN_OF[c].value for c in m[1]) + "]", slotted)


def grammar(patterns: Iterable[AnyPattern]) -> TextGrammar:
    """Raises ValueError where a pattern is none."""
    items, frames = dict[str, ItemPattern](), dict[str, list[FrameIn]]()
    opens, complete, stops = list[str](), list[str](), list[str]()
    ties, blanks, chapters = list[TextTie](), list[Blank](), list[Chapter]()
    for pattern in patterns:
        match pattern:
            case ItemsPattern():
                items |= {item.name: item for item in pattern.items}
            case FramePattern():
                _add(pattern, frames)
            case GroupPattern():
                opens += (*pattern.opens, *pattern.complete)
                complete += pattern.complete
                stops += pattern.stops
            case TextTie():
                ties.append(pattern)
            case Blank():
                blanks.append(pattern)
            case Chapter():
                chapters.append(pattern)
    named = {alias: i.name for i in items.values() for alias in (i.name, *i.aliases)}
    return TextGrammar(
        items,
        named,
        {sign: tuple(found) for sign, found in frames.items()},
        _any(opens),
        _any(complete),
        _any(stops),
        tuple(ties),
        tuple(blanks),
        tuple(chapters),
    )


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    """What any of several patterns is; nothing where there are none."""
    return compiled("|".join(map(signs, patterns)) or "(?!)")


def _add(frame: FramePattern, frames: dict[str, list[FrameIn]]) -> None:
    for pattern in frame.patterns:
        for sign, made in _frames(frame, pattern):
            frames.setdefault(sign, []).append(made)


def _frames(frame: FramePattern, pattern: str) -> list[tuple[str, FrameIn]]:
    """One pattern of a frame by each sign that its last figure may have. Raises ValueError."""
    figures = list(_FIGURE.finditer(pattern))
    if not figures:
        raise without_figure(pattern)
    last = figures[-1]
    before = compiled(signs(pattern[: last.start()]) + r"\Z")
    behind = compiled(signs(pattern[last.end() :])) if pattern[last.end() :] else None
    made = FrameIn(frame.gives, before, behind, frame.part, frame.whole)
    return [(SIGN_OF[c].value, made) for c in last[1]]


def ready(pattern: AnyPattern) -> Iterator[tuple[tuple[str | int, ...], ValueError]]:
    """What is wrong with the regular expressions of a pattern, each with its path."""
    for path, made in _expressions(pattern):
        try:
            made()
        except ValueError as fault:
            yield path, fault


def _expressions(
    pattern: AnyPattern,
) -> Iterator[tuple[tuple[str | int, ...], Callable[[], object]]]:
    match pattern:
        case FramePattern():
            for i, one in enumerate(pattern.patterns):
                yield ("patterns", i), partial(_frames, pattern, one)
        case GroupPattern():
            for key in ("opens", "complete", "stops"):
                for i, one in enumerate(getattr(pattern, key)):
                    yield (key, i), partial(compiled, signs(one))
        case Blank() | Chapter():
            for i, one in enumerate(pattern.patterns):
                yield ("patterns", i), partial(compiled, one)
        case TextTie():
            if pattern.outside is not None:
                yield ("outside",), partial(compiled, pattern.outside)
            for i, tie in enumerate(pattern.ties):
                if tie.pattern is not None:
                    yield ("ties", i), partial(tie_pattern, tie.pattern)
            for i, names in enumerate(pattern.names):
                yield ("names", i), partial(tie_pattern, names.pattern)
                yield ("names", i), partial(tie_pattern, names.each)
            for i, rows in enumerate(pattern.rows):
                yield ("rows", i), partial(compiled, rows.pattern)


@lru_cache(maxsize=4096)
def tie_pattern(pattern: str) -> re.Pattern[str]:
    """A pattern of a tie over masked text; the figure it is about becomes the group `figure`, of several the first that is there."""

    def letters(found: re.Match[str]) -> str:
        return "[" + "".join(SIGN_OF[c].value for c in found[1]) + "]"

    numbers = count()
    made = _FIGURE.sub(lambda m: f"(?P<figure{next(numbers)}>{letters(m)})", pattern)
    made = _OTHER.sub(letters, made)
    return compiled(made.replace("{dir}", SLOTS["dir"]).replace("{list}", _LIST))


__all__ = [
    "DIRECTIONS",
    "FLAT",
    "FrameIn",
    "TextGrammar",
    "grammar",
    "ready",
    "signs",
    "tie_pattern",
]
