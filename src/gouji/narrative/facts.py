"""Masked paragraphs -> facts: what each figure says in its sentence (an amount, a change, a share …), of what, compared with what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gouji.narrative.grammar import DIRECTIONS, Grammar
from gouji.narrative.mentions import SIGNS, Kind, Masked, Mention
from gouji.narrative.names import NOTHING, Name, name_of, whole_of
from gouji.narrative.patterns import Role

COUNTING = (Kind.AMOUNT, Kind.RATE, Kind.POINTS, Kind.COUNT)
_COUNTING_SIGNS = frozenset(k.value for k in COUNTING)
_SENTENCE = re.compile("[^。!?]+[。!?]?")
WINDOW = 70
_NEGATED = re.compile(r"(?:降幅|下降率|减幅|下降幅度|减少率)")


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure: its role and what it is of. `whole`: of a share, what it is a share of; of 完成率, the budget; None where that is not said.

    `direction` is 1, 0 or -1 of changes. `sentence` counts sentences of the text, `depth` brackets around it, `left` is what stands between it and
    the figure before.
    """

    mention: Mention
    role: Role
    name: Name = NOTHING
    whole: Name | None = None
    direction: int = 0
    word: str = ""
    sentence: int = 0
    depth: int = 0
    left: str = ""
    frame: str = ""


@dataclass(slots=True)
class Sentences:
    """Counts sentences over the paragraphs of a text."""

    grammar: Grammar
    count: int = 0
    facts: list[Fact] = field(default_factory=list)

    def read(self, masked: Masked) -> list[Fact]:
        """The facts of one paragraph, in order."""
        made = list[Fact]()
        counting = [m for m in masked.mentions if m.kind in COUNTING]
        at = 0
        for found in _SENTENCE.finditer(masked.text):
            self.count += 1
            here = []
            while at < len(counting) and counting[at].sign < found.end():
                here.append(counting[at])
                at += 1
            made += self._sentence(masked.text, found.start(), found.end(), here)
        return made

    def _sentence(
        self, text: str, start: int, end: int, mentions: Sequence[Mention]
    ) -> Iterator[Fact]:
        last, depth = start, 0
        for mention in mentions:
            between = text[last : mention.sign]
            depth = max(0, depth + between.count("(") - between.count(")"))
            fact = self._fact(text, start, end, last, mention)
            yield replace(fact, sentence=self.count, depth=depth, left=between)
            last = mention.sign + 1

    def _fact(self, text: str, start: int, end: int, last: int, mention: Mention) -> Fact:
        """The first frame that fits; the figure is an amount where none does."""
        left, right = (
            text[max(start, mention.sign - WINDOW) : mention.sign],
            text[mention.sign + 1 : end],
        )
        for frame in self.grammar.frames.get(mention.kind.value, ()):
            found = frame.before.search(left)
            if found is None or (frame.behind is not None and not frame.behind.match(right)):
                continue
            own = text[last : mention.sign][
                : max(0, found.start() - (len(left) - (mention.sign - last)))
            ]
            return self._framed(frame.gives, found, own, mention)
        return Fact(mention, Role.AMOUNT, name_of(text[last : mention.sign], self.grammar))

    def _framed(self, gives: Role, found: re.Match[str], own: str, mention: Mention) -> Fact:
        groups = {k.lstrip("_"): v for k, v in found.groupdict().items() if v}
        word = groups.get("dir") or ""
        direction = DIRECTIONS.get(word, -1 if _NEGATED.search(found[0]) else 1)
        whole: Name | None = None
        if groups.get("whole"):
            whole = whole_of(groups["whole"], self.grammar)
        elif groups.get("base"):
            whole = Name(groups["base"], budget=True, bare=True)
        return Fact(
            mention,
            gives,
            name_of(own, self.grammar),
            whole,
            direction,
            word,
            frame=found[0],
        )


def facts_of(paragraphs: Sequence[Masked], grammar: Grammar) -> list[list[Fact]]:
    """The facts of every paragraph."""
    sentences = Sentences(grammar)
    return [sentences.read(one) for one in paragraphs]


def signs_between(text: str) -> bool:
    """Whether a figure that counts stands in it."""
    return any(c in _COUNTING_SIGNS for c in text)


__all__ = ["COUNTING", "SIGNS", "Fact", "Sentences", "facts_of"]
