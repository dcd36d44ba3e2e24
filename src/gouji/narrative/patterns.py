"""Values of the files in `rules/<book>/text/`: items, frames, groups, ties and blanks as their author wrote them, and what is asked of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from gouji.base.i18n import _
from gouji.rules import Frozen

if TYPE_CHECKING:
    from gouji.rules import Basis


class FigureRole(StrEnum):
    """What a figure says in its sentence; the first is what it says where no frame speaks of it."""

    AMOUNT = "amount"
    CHANGE = "change"
    GROWTH = "growth"
    SHARE = "share"
    DONE = "done"
    POINTS = "points"
    FROM = "from"
    EACH = "each"
    SCORE = "score"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextExample(Frozen):
    """A sentence (or several), and everything that is read in it: relations, figures that fill tables, blanks, each in one line."""

    text: str
    expect: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPattern(Frozen):
    """What figures are of: its name, other names of it; `parts` add up to it, and nothing else belongs to it."""

    name: str
    aliases: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsPattern(Frozen):
    """kind: item. Names that belong together."""

    kind: Literal["item"]
    items: tuple[ItemPattern, ...]
    basis: Basis
    examples: tuple[TextExample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FramePattern(Frozen):
    """kind: frame. Ways to say one thing of a figure: what stands before «A» (or «P», «N», «T»), and what follows.

    `part` and `whole`: of a share that has its own name (资产负债率) the words in the names of the figures that it is of.
    """

    kind: Literal["frame"]
    gives: FigureRole
    patterns: tuple[str, ...]
    part: str = ""
    whole: str = ""
    basis: Basis
    examples: tuple[TextExample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPattern(Frozen):
    """kind: group. Words that open a list of parts of the figure before; behind `complete` stand all of them; `stops` end it."""

    kind: Literal["group"]
    opens: tuple[str, ...]
    complete: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    basis: Basis
    examples: tuple[TextExample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie(Frozen):
    """One way into one column of a table: a sentence with one figure «…» (others are ‹…›), or one text (?P<text>…), or the figure of an item in one role.

    `budget`: the figure of the budget, not of the account; `within`: an item that must stand in the same sentence.

    `nth`: which of several such places in the text (from 1, -1 the last). `sign`: the figure takes the sign of its word (减少 is below zero).
    `says`: the text that is filled in where the pattern is found; `count`: how often it is found. `top`: only the first so many paragraphs are looked at.
    """

    column: str
    pattern: str | None = None
    item: str | None = None
    role: FigureRole = FigureRole.AMOUNT
    budget: bool = False
    within: str | None = None
    nth: int = 1
    sign: bool = False
    says: str | None = None
    count: bool = False
    top: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Frozen):
    """A list of names that becomes rows: `pattern` holds {list}; each name, matched by `each`, gives the columns its groups are called after.

    `count` is a column for how often one row was named; `every`: the pattern stands in more than one place.
    """

    pattern: str
    each: str
    count: str | None = None
    every: bool = False
    fixed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsPattern(Frozen):
    """Rows of a table whose cells stand between bars: `pattern` names columns by its groups; `sums`: a column is the sum of all numbers that a pattern
    finds in the row, unless `unless` is found there; `needs`: columns without which it is no such row."""

    pattern: str
    fill_down: tuple[str, ...] = ()
    sums: dict[str, str] = field(default_factory=dict)
    unless: str | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTie(Frozen):
    """kind: text_tie. Where the columns of one table stand in a text; `needs`: columns without which a text says nothing of the table.

    `outside`: words that may stand neither before the figure of an item in its paragraph nor in a heading above (基本支出 under 财政拨款 is not that of all funds).
    """

    kind: Literal["text_tie"]
    table: str
    ties: tuple[Tie, ...] = ()
    names: tuple[Names, ...] = ()
    rows: tuple[RowsPattern, ...] = ()
    needs: tuple[str, ...] = ()
    outside: str | None = None
    basis: Basis
    examples: tuple[TextExample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank(Frozen):
    """kind: blank. What was left of a template, or left open: patterns over the plain text."""

    kind: Literal["blank"]
    name: str
    patterns: tuple[str, ...]
    basis: Basis
    examples: tuple[TextExample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter(Frozen):
    """kind: chapter. What a disclosed text has to have: any of the patterns, in headings or sentences."""

    kind: Literal["chapter"]
    name: str
    patterns: tuple[str, ...]
    basis: Basis
    examples: tuple[TextExample, ...] = ()


AnyPattern = ItemsPattern | FramePattern | GroupPattern | TextTie | Blank | Chapter
KINDS: dict[str, type[Frozen]] = {
    "item": ItemsPattern,
    "frame": FramePattern,
    "group": GroupPattern,
    "text_tie": TextTie,
    "blank": Blank,
    "chapter": Chapter,
}


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern as it is written -> a regular expression. Raises ValueError with what is wrong."""
    try:
        return re.compile(pattern)
    except re.error as fault:
        raise ValueError(
            _("句式“{pattern}”写得不对：{why}").format(pattern=pattern, why=fault)
        ) from fault


def without_figure(pattern: str) -> ValueError:
    """What is wrong with a frame that speaks of no figure."""
    return ValueError(_("句式“{pattern}”里没有数，例如 «A»").format(pattern=pattern))


__all__ = [
    "KINDS",
    "AnyPattern",
    "Blank",
    "Chapter",
    "FigureRole",
    "FramePattern",
    "GroupPattern",
    "ItemPattern",
    "ItemsPattern",
    "Names",
    "RowsPattern",
    "TextExample",
    "TextTie",
    "Tie",
    "compiled",
    "without_figure",
]
