"""Masked paragraphs -> facts: what each figure says in its sentence (an amount, a change, a share …), of what, compared with what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gouji.narrative.figure_names import NOTHING, Name, name_of, whole_of
from gouji.narrative.grammar import DIRECTIONS, TextGrammar
from gouji.narrative.mentions import SIGNS, MaskedParagraph, Mention, MentionKind
from gouji.narrative.patterns import FigureRole
from gouji.narrative.sentence_words import BETWEEN, PARTED

COUNTING = (MentionKind.AMOUNT, MentionKind.RATE, MentionKind.POINTS, MentionKind.COUNT)
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
    role: FigureRole
    name: Name = NOTHING
    whole: Name | None = None
    direction: int = 0
    word: str = ""
    sentence: int = 0
    depth: int = 0
    left: str = ""
    frame: str = ""
    # Figures that stand side by side (1万元、2万元和3万元): which of how many this one is.
    place: int = 0
    run: int = 1
    # The year that is said before it, 0 where none is.
    year: int = 0


@dataclass(slots=True)
class Sentences:
    """Counts sentences over the paragraphs of a text."""

    grammar: TextGrammar
    count: int = 0
    facts: list[Fact] = field(default_factory=list)

    def read(self, masked: MaskedParagraph) -> list[Fact]:
        """The facts of one paragraph, in order."""
        made = list[Fact]()
        years = [m for m in masked.mentions if m.kind is MentionKind.YEAR]
        counting = [m for m in masked.mentions if m.kind in COUNTING]
        at = 0
        for found in _SENTENCE.finditer(masked.text):
            self.count += 1
            here = []
            while at < len(counting) and counting[at].sign < found.end():
                here.append(counting[at])
                at += 1
            made += self._sentence(masked.text, found.start(), found.end(), here)
        return [_dated(fact, years) for fact in made]

    def _sentence(
        self, text: str, start: int, end: int, mentions: Sequence[Mention]
    ) -> Iterator[Fact]:
        last, depth = start, 0
        made = list[Fact]()
        for mention in mentions:
            between = text[last : mention.sign]
            depth = max(0, depth + between.count("(") - between.count(")"))
            fact = self._fact(text, start, end, last, mention)
            made.append(replace(fact, sentence=self.count, depth=depth, left=between))
            last = mention.sign + 1
        yield from _side_by_side(made)

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
            made = self._framed(frame.gives, found, own, mention)
            if frame.part and frame.whole:
                made = replace(made, name=Name(frame.part), whole=Name(frame.whole))
            return made
        name = name_of(text[last : mention.sign], self.grammar)
        if mention.kind is MentionKind.COUNT and mention.unit:
            # Known names are of money: 公务用车购置100辆 is no cost.
            name = replace(name, item=None)
        return Fact(mention, FigureRole.AMOUNT, name)

    def _framed(self, gives: FigureRole, found: re.Match[str], own: str, mention: Mention) -> Fact:
        groups = {k.lstrip("_"): v for k, v in found.groupdict().items() if v}
        word = groups.get("dir") or ""
        direction = DIRECTIONS.get(word, -1 if _NEGATED.search(found[0]) else 1)
        if gives is FigureRole.CHANGE and not word:
            direction = 0
        whole: Name | None = None
        if groups.get("whole"):
            whole = whole_of(groups["whole"], self.grammar)
        elif groups.get("base"):
            whole = Name(groups["base"], budget=True, bare=True)
        return Fact(
            mention,
            gives,
            name_of(own, self.grammar, framed=True),
            whole,
            direction,
            word,
            frame=found[0],
        )


def _dated(fact: Fact, years: Sequence[Mention]) -> Fact:
    start = fact.mention.sign - len(re.split("[,;:。]", fact.left)[-1])
    own = [int(y.value) for y in years if start <= y.sign < fact.mention.sign]
    return replace(fact, year=own[-1]) if own else fact


def _side_by_side(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Figures of one kind with nothing but a comma between them say the same of several things, whose names stand before the first."""
    run = list[Fact]()
    for fact in (*facts, None):
        goes_on = (
            fact is not None
            and run
            and fact.left in BETWEEN
            and fact.mention.kind is run[0].mention.kind
        )
        if fact is not None and goes_on:
            run.append(fact)
            continue
        yield from _named_apart(run)
        run = [] if fact is None else [fact]


def _named_apart(run: Sequence[Fact]) -> Iterator[Fact]:
    if len(run) < 2:
        yield from run
        return
    first = run[0]
    names = [n for n in PARTED.split(first.name.phrase) if n]
    for place, fact in enumerate(run):
        name = first.name if len(names) != len(run) else replace(first.name, phrase=names[place])
        yield replace(
            first,
            mention=fact.mention,
            name=replace(name, item=None) if len(names) == len(run) else name,
            left=fact.left,
            place=place,
            run=len(run),
        )


def facts_of(paragraphs: Sequence[MaskedParagraph], grammar: TextGrammar) -> list[list[Fact]]:
    """The facts of every paragraph."""
    sentences = Sentences(grammar)
    return [sentences.read(one) for one in paragraphs]


def signs_between(text: str) -> bool:
    """Whether a figure that counts stands in it."""
    return any(c in _COUNTING_SIGNS for c in text)


__all__ = ["COUNTING", "SIGNS", "Fact", "Sentences", "facts_of"]
