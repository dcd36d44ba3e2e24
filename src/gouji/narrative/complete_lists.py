"""A list of parts -> whether it leaves no doubt that these are all, each one figure: what does not add up then is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from gouji.narrative.flow import Flow
from gouji.narrative.mentions import MentionKind
from gouji.narrative.part_list import PartList, added_alike
from gouji.narrative.patterns import FigureRole
from gouji.narrative.sentence_words import (
    AND_MORE,
    ENDS_LINE,
    OTHER_STATES,
    SENTENCE_ENDS,
    SOME_OF_THEM,
    TOTAL_BEFORE,
)
from gouji.narrative.text_facts import Fact


def leaves_no_doubt(flow: Flow, found: PartList) -> bool:
    """Whether the parts of a list that is said to be complete are figures of things of the same standing, each with one figure, and nothing else follows."""
    if not found.complete or not found.heads:
        return False
    head, parts = found.heads[0], found.parts
    names = [p.name.key for p in parts]
    apart = len(set(names)) == len(names) and all(names)
    return apart and _one_each(flow, parts) and all(_of_its_kind(head, p) for p in parts)


def _of_its_kind(head: Fact, part: Fact) -> bool:
    """Whether a figure of money can be nothing but a part: not a stage of the whole (已支付, 结余), not a budget of it, not as large. People may be of several kinds."""
    same = part.role is head.role is FigureRole.AMOUNT and part.name.budget == head.name.budget
    same = same and part.mention.kind is MentionKind.AMOUNT
    stage = (
        OTHER_STATES.search(part.left[part.left.rfind(SENTENCE_ENDS[0]) + 1 :]) or part.name.partly
    )
    return same and not stage and 0 < part.mention.value < head.mention.value


def _one_each(flow: Flow, parts: Sequence[Fact]) -> bool:
    """Whether no other figure of the kind stands among the parts or behind the last one in its sentence."""
    first, last = flow.place_of(parts[0]), flow.place_of(parts[-1])
    own = {id(p.mention) for p in parts}
    behind = [f for f in flow.facts[last + 1 : last + 2] if f.sentence == parts[-1].sentence]
    among = (*flow.facts[first : last + 1], *behind)
    text = flow.paragraphs[parts[-1].mention.paragraph].text[parts[-1].mention.sign + 1 :]
    others = any(added_alike(f, parts[0]) and id(f.mention) not in own for f in among)
    return not others and AND_MORE.match(text) is None


def says_all(flow: Flow, head: Fact, end: int) -> bool:
    """Whether a figure is called a total, and what stands between it and the place `end` of its paragraph does not speak of some parts only."""
    between = flow.paragraphs[head.mention.paragraph].text[head.mention.sign + 1 : end]
    return bool(TOTAL_BEFORE.search(head.left)) and SOME_OF_THEM.search(between) is None


def opened_whole(flow: Flow, text: str) -> bool:
    """Whether the words at the end of a text open a list of all parts."""
    return any(ENDS_LINE.fullmatch(text[m.end() :]) for m in flow.grammar.complete.finditer(text))


__all__ = ["leaves_no_doubt", "opened_whole", "says_all"]
