"""Masked paragraphs -> facts: what each figure says in its sentence (an amount, a change, a share …), of what, compared with what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gouji.narrative.figure_names import NOTHING, Name, name_of, names_side_by_side, whole_of
from gouji.narrative.grammar import DIRECTIONS, TextGrammar
from gouji.narrative.mentions import SIGNS, MaskedParagraph, Mention, MentionKind
from gouji.narrative.patterns import FigureRole
from gouji.narrative.sentence_words import BARE, BETWEEN

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
    # What its name was read from: what stands before it, and before its frame.
    words: str = ""
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
        return list(_dated(made, years))

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
        yield from _side_by_side(made, self.grammar)

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
        return Fact(mention, FigureRole.AMOUNT, name, words=text[last : mention.sign])

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
            words=own,
            frame=found[0],
        )


def _dated(facts: Sequence[Fact], years: Sequence[Mention]) -> Iterator[Fact]:
    """With the year that is said before each; of figures side by side each has its own where as many are said (2022年、2023年分别为)."""
    own = list[int]()
    for fact in facts:
        if fact.place == 0:
            start = fact.mention.sign - len(re.split("[,;:。]", fact.left)[-1])
            own = [int(y.value) for y in years if start <= y.sign < fact.mention.sign]
        if own:
            fact = replace(fact, year=own[fact.place if len(own) == fact.run else -1])
        yield fact


def _side_by_side(facts: Sequence[Fact], grammar: TextGrammar) -> Iterator[Fact]:
    """Figures of one kind with nothing but a comma between them say the same of several things, whose names stand before the first."""
    run, named = list[Fact](), list[Fact]()
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
        if len(run) > 1:
            run = named = list(_named_apart(run, named, grammar))
        yield from run
        run = [] if fact is None else [fact]


def _named_apart(
    run: Sequence[Fact], before: Sequence[Fact], grammar: TextGrammar
) -> Iterator[Fact]:
    """Figures side by side by the names before the first; where these say only the measure (决算数分别为), by those of as many figures side by side before."""
    first = run[0]
    names = names_side_by_side(first.words, len(run), grammar)
    if not names and (not first.name.key or first.name.bare or first.name.phrase in BARE):
        own = replace(first.name, phrase="", item=None)
        alike = before if len(before) == len(run) else ()
        names = tuple(replace(f.name, budget=own.budget) for f in alike) or (own,) * len(run)
    for place, fact in enumerate(run):
        made = replace(first, mention=fact.mention, left=fact.left, place=place, run=len(run))
        if names:
            made = replace(made, name=replace(names[place], item=_item(made, names[place])))
        yield made


def _item(fact: Fact, name: Name) -> str | None:
    """Known names are of money: of counts they are words."""
    return name.item if fact.mention.kind is MentionKind.AMOUNT else None


def facts_of(paragraphs: Sequence[MaskedParagraph], grammar: TextGrammar) -> list[list[Fact]]:
    """The facts of every paragraph."""
    sentences = Sentences(grammar)
    return [sentences.read(one) for one in paragraphs]


def signs_between(text: str) -> bool:
    """Whether a figure that counts stands in it."""
    return any(c in _COUNTING_SIGNS for c in text)


__all__ = ["COUNTING", "SIGNS", "Fact", "Sentences", "facts_of"]
