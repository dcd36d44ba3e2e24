"""Facts of a text in order, and how a reading is chosen. A reading must fit before it may accuse: where the one that grammar suggests does not hold, other
figures in reach are tried, as many as the printed precision allows; one that fits is the reading, and is named. What fits none fails only where the sentence
leaves no doubt.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from gouji.base.verdict import Verdict
from gouji.narrative.figure_names import Name
from gouji.narrative.grammar import TextGrammar
from gouji.narrative.mentions import MaskedParagraph, counted_alike
from gouji.narrative.patterns import FigureRole
from gouji.narrative.relation import Open, TextRelation, fits
from gouji.narrative.sentence_words import (
    COMPARED,
    COMPARED_BEHIND,
    DIVIDED,
    LISTED_ON,
    WITH,
)
from gouji.narrative.subjects import AMOUNTS
from gouji.narrative.text_facts import Fact

# How many other figures are tried for a rate, by half of its last place: as many as leave a chance fit unlikely.
TRIED = ((Fraction(1, 10_000), 8), (Fraction(1, 1000), 4))
REACH = 400


@dataclass(slots=True)
class Flow:
    """All facts of a text in order, and what is found in them."""

    paragraphs: Sequence[MaskedParagraph]
    grammar: TextGrammar
    facts: list[Fact]
    relations: list[TextRelation] = field(default_factory=list)
    wholes: dict[int, Fact] = field(default_factory=dict)
    parts: dict[int, Fact] = field(default_factory=dict)
    fact_of: dict[int, Fact] = field(default_factory=dict)
    # By the identity of a figure in a list over paragraphs the whole of the list, and whether it adds up.
    heads: dict[int, tuple[Fact, bool]] = field(default_factory=dict)
    _called: dict[str, list[int]] = field(default_factory=dict)
    _places: dict[int, int] = field(default_factory=dict)
    _paragraphs: dict[int, list[Fact]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for at, fact in enumerate(self.facts):
            self.fact_of[id(fact.mention)] = fact
            self._places[id(fact.mention)] = at
            self._paragraphs.setdefault(fact.mention.paragraph, []).append(fact)
            if fact.name.key and fact.mention.kind in AMOUNTS and fact.role is FigureRole.AMOUNT:
                self._called.setdefault(fact.name.key, []).append(at)

    def called(self, at: int, name: Name) -> Iterator[Fact]:
        """Amounts of that name before a place, the nearest first."""
        places = self._called.get(name.key, [])
        for index in range(bisect_left(places, at) - 1, -1, -1):
            yield self.facts[places[index]]

    def called_behind(self, at: int, name: Name) -> Iterator[Fact]:
        """Amounts of that name behind a place, the nearest first."""
        places = self._called.get(name.key, [])
        for place in places[bisect_left(places, at) :]:
            yield self.facts[place]

    def names_before(self, at: int) -> Iterator[tuple[str, Fact]]:
        """Every name before a place, with its nearest amount."""
        for key, places in self._called.items():
            index = bisect_left(places, at) - 1
            if index >= 0:
                yield key, self.facts[places[index]]

    def names_behind(self, at: int) -> Iterator[tuple[str, Fact]]:
        """Every name behind a place, with its nearest amount."""
        for key, places in self._called.items():
            index = bisect_left(places, at)
            if index < len(places):
                yield key, self.facts[places[index]]

    def same_sentence(self, a: Fact, b: Fact) -> bool:
        """Whether both stand in one sentence."""
        return a.sentence == b.sentence

    def before(self, at: int, reach: int = REACH) -> Iterator[tuple[int, Fact]]:
        """Facts before a place, the nearest first."""
        for index in range(at - 1, max(-1, at - 1 - reach), -1):
            yield index, self.facts[index]

    def is_base(self, fact: Fact) -> bool:
        """Whether the sentence compares another figure with this one."""
        if COMPARED.search(fact.left):
            return True
        at = self.place_of(fact)
        if LISTED_ON.match(fact.left) and at and self.facts[at - 1].sentence == fact.sentence:
            # 较2022年120万元、2021年100万元: what follows a base in a list is one too.
            return self.is_base(self.facts[at - 1])
        behind = self.paragraphs[fact.mention.paragraph].text[fact.mention.sign + 1 :]
        return behind.startswith(COMPARED_BEHIND) and WITH.search(fact.left) is not None

    def printed_quotient(self, at: int) -> tuple[Fact, Fact] | None:
        """The two figures of a quotient in the bracket right behind a rate."""
        inside = self.facts[at + 1 : at + 3]
        if len(inside) < 2 or not inside[0].left.lstrip().startswith("("):
            return None
        top, bottom = inside
        own = all(one.sentence == self.facts[at].sentence for one in inside)
        alike = counted_alike(top.mention, bottom.mention) and not (
            bool(top.mention.unit) ^ bool(bottom.mention.unit)
        )
        return (top, bottom) if own and alike and DIVIDED.search(bottom.left) else None

    def place_of(self, fact: Fact) -> int:
        """Where a fact stands among all."""
        return self._places[id(fact.mention)]

    def in_paragraph(self, number: int) -> Sequence[Fact]:
        """The facts of a paragraph."""
        return self._paragraphs.get(number, ())

    def paragraph_of(self, at: int) -> int:
        """The paragraph of a fact."""
        return self.facts[at].mention.paragraph


def tries(fact: Fact) -> int:
    """How many other readings of a rate are tried."""
    half = fact.mention.half
    return next((n for below, n in TRIED if half < below), 0)


def best(
    candidates: Iterator[tuple[Fact, bool]],
    tries: int,
    make: Callable[[Fact], TextRelation],
    first: str,
    rate: Fraction = Fraction(1),
) -> TextRelation | None:
    """The reading that fits; else the likeliest one, if the sentence leaves no doubt, else none of them."""
    likeliest: TextRelation | None = None
    sure = False
    for number, (one, said) in enumerate(candidates):
        if number > tries or (number and rate == 0):
            # Zero fits whatever figure it is said of.
            break
        made = make(one)
        if likeliest is None and (said or tries):
            likeliest, sure = made, said
        if fits(made):
            return made if number == 0 else replace(made, note=first.format(name=called(one)))
    if likeliest is None or sure or likeliest.verdict is not Verdict.UNBALANCED:
        return likeliest
    return replace(likeliest, verdict=Verdict.UNASSESSABLE, reason=Open.READING)


def called(fact: Fact) -> str:
    """A figure by its name and as printed."""
    return f"{fact.name.key}{fact.mention.printed}"


__all__ = ["AMOUNTS", "Flow", "best", "called", "tries"]
