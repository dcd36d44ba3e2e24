"""Facts of a text -> lists whose parts are separate paragraphs, below the paragraph of their whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gouji.narrative.complete_lists import opened_whole, says_all
from gouji.narrative.flow import Flow
from gouji.narrative.mentions import MentionKind
from gouji.narrative.part_list import HEADS, PartList, added_alike
from gouji.narrative.patterns import FigureRole
from gouji.narrative.same_kinds import ALIKE, ends_alike
from gouji.narrative.sentence_words import (
    ENDS_OPEN,
    LISTED,
    LISTED_SIGNS,
    LISTED_WORDS,
    OPENS_BELOW,
)
from gouji.narrative.text_facts import Fact

# How many paragraphs below one are looked at for a list.
PLAIN_BELOW = 20
# How many paragraphs below a total may each have one part of it, and how many digits tell that from a chance.
NEXT, DIGITS = 3, 5


def lists_below(flow: Flow) -> Iterator[PartList]:
    """A paragraph that ends in a word that opens a list; the parts are the first figures of the numbered paragraphs below."""
    firsts = _firsts(flow)
    for number, masked in enumerate(flow.paragraphs):
        opened = OPENS_BELOW.search(masked.text) is not None
        below = _numbered_on(flow, number)
        if not opened and not below and not _lines_below(flow, number):
            continue
        own = _amounts_of(flow, number)
        if not own and opened:
            # 支出构成如下: what it is of stands in the paragraph above.
            own = _amounts_of(flow, number - 1)
        if not own or (_style(masked.text) and _style(masked.text) == _style_below(flow, number)):
            continue
        # 总收入21亿元,比上年18亿元增加3亿元: what is split below is this year's.
        current = [f for f in own if not f.name.prior] or own
        heads = tuple(reversed(current[-HEADS:]))
        said = opened or _lines_below(flow, number)
        whole = opened_whole(flow, masked.text) or says_all(flow, heads[0], len(masked.text))
        numbered = tuple(_numbered_below(flow, firsts, number, current[-1]))
        yield PartList(heads, numbered, said or (whole and len(own) == 1), complete=whole)
        yield from _kinds_below(flow, own, numbered)
        plain = tuple(_plain_below(flow, firsts, number, current[-1]))
        yield PartList(heads, plain, said=False, longest=True)


def _kinds_below(flow: Flow, own: Sequence[Fact], parts: Sequence[Fact]) -> Iterator[PartList]:
    """Each paragraph of a list is split by the same kinds as its whole (其中:中央资金…、省级资金…): kind by kind a separate list."""
    for head in own:
        alike = [
            next(
                (f for f in flow.in_paragraph(p.mention.paragraph) if f.name.like(head.name)), None
            )
            for p in parts
        ]
        found = tuple(f for f in alike if f is not None and added_alike(f, head))
        if len(found) > 1:
            yield PartList((head,), found, said=False)


def totals_above(flow: Flow) -> Iterator[PartList]:
    """基金总收入309.22亿元…; in the next paragraphs 职工基金收入207.93亿元…, 居民基金收入101.29亿元…: figures of many digits whose names end alike, one a paragraph."""
    for head in flow.facts:
        if head.role is not FigureRole.AMOUNT or head.depth or not _long(head):
            continue
        number, found = head.mention.paragraph, list[Fact]()
        for below in range(number + 1, number + 1 + NEXT):
            one = next((f for f in flow.in_paragraph(below) if _same_kind(head, f)), None)
            if one is None:
                break
            found.append(one)
            if len(found) > 1:
                yield PartList((head,), tuple(found), said=False)


def _long(fact: Fact) -> bool:
    """Whether a figure has so many digits that a sum of it is no chance."""
    return sum(c.isdigit() for c in fact.mention.printed.lstrip("0.,")) >= DIGITS


def _same_kind(head: Fact, fact: Fact) -> bool:
    alike = ends_alike(head.name.phrase, fact.name.phrase) >= ALIKE
    return alike and added_alike(fact, head) and fact.name.budget == head.name.budget


def _numbered_on(flow: Flow, number: int) -> bool:
    """Whether the next two paragraphs count something off, each with its own figure."""
    below = flow.paragraphs[number + 1 : number + 3]
    styles = {_style(one.text) for one in below}
    each = all(_amounts_of(flow, number + 1 + i) for i in range(len(below)))
    return len(below) == 2 and len(styles) == 1 and "" not in styles and each


def _amounts_of(flow: Flow, number: int) -> list[Fact]:
    """The amounts of money of a paragraph."""
    return [
        f
        for f in flow.in_paragraph(number)
        if f.role is FigureRole.AMOUNT and f.mention.kind is MentionKind.AMOUNT
    ]


def _style_below(flow: Flow, number: int) -> str:
    """How the next paragraph is numbered."""
    below = flow.paragraphs[number + 1 : number + 2]
    return _style(below[0].text) if below else ""


def _lines_below(flow: Flow, number: int) -> bool:
    """Whether the next paragraph is the first line of a list."""
    below = flow.paragraphs[number + 1 : number + 2]
    return bool(below) and below[0].text.endswith(";")


def _numbered_below(flow: Flow, firsts: dict[int, Fact], number: int, head: Fact) -> Iterator[Fact]:
    """The first figures of the numbered paragraphs below one."""
    for below in range(number + 1, len(flow.paragraphs)):
        style = _style(flow.paragraphs[below].text)
        if not style or style != _style(flow.paragraphs[number + 1].text):
            return
        if below not in firsts or not added_alike(firsts[below], head):
            return
        yield firsts[below]


def _plain_below(flow: Flow, firsts: dict[int, Fact], number: int, head: Fact) -> Iterator[Fact]:
    """The first figures of the next paragraphs, whether they are numbered or not."""
    for below in range(number + 1, min(number + 1 + PLAIN_BELOW, len(flow.paragraphs))):
        if below not in firsts or not added_alike(firsts[below], head):
            return
        yield firsts[below]
        if not ENDS_OPEN.search(flow.paragraphs[below].text):
            return


def _style(text: str) -> str:
    """How an item of a list is numbered: by its first sign; nothing where it is none."""
    found = LISTED.match(text)
    if found is None:
        return ""
    return found[0] if found[0] in LISTED_SIGNS else LISTED_WORDS


def _firsts(flow: Flow) -> dict[int, Fact]:
    """The first amount of every paragraph; the account where a budget stands before it."""
    found = dict[int, Fact]()
    for fact in flow.facts:
        number = fact.mention.paragraph
        if fact.role is FigureRole.AMOUNT and fact.mention.kind is MentionKind.AMOUNT:
            known = found.get(number)
            if known is None or (
                known.name.budget and fact.name.budget is False and known.name.like(fact.name)
            ):
                found[number] = fact
    return found


__all__ = ["lists_below", "totals_above"]
