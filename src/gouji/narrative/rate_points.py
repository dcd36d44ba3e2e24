"""Facts of a text -> relations of 百分点: a rate is so many points above or below another one, where both stand in the sentence before them."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.narrative.flow import Flow
from gouji.narrative.mentions import MentionKind
from gouji.narrative.patterns import FigureRole
from gouji.narrative.relation import Says, TextRelation, TextTerm, judged, term
from gouji.narrative.sentence_words import FROM_RATE, LAST_RATE, TO_RATE
from gouji.narrative.text_facts import Fact

# How many figures before the points are looked at.
NEAR = 6


def points(flow: Flow) -> Iterator[TextRelation]:
    """由60.5%提高到62.0%,提高1.5个百分点; 占15.68%,比上年的18.92%下降3.24个百分点. Other sentences with points say nothing that is checked."""
    for at, fact in enumerate(flow.facts):
        if fact.role is FigureRole.POINTS and fact.mention.kind is MentionKind.POINTS:
            rates = [f for _i, f in flow.before(at, NEAR) if f.sentence == fact.sentence]
            rates = [f for f in rates if f.mention.kind is MentionKind.RATE]
            pair = _two_rates(rates) if len(rates) == 2 else None
            if pair is not None:
                now, prior = (
                    TextTerm(part, f.mention, 1, f.name.key)
                    for part, f in zip(("now", "prior"), pair, strict=True)
                )
                yield judged(Says.POINTS, term("stated", fact), (now, prior))


def _two_rates(rates: list[Fact]) -> tuple[Fact, Fact] | None:
    """The rate of now and the one that it is held against; None where the words do not say which is which."""
    second, first = rates
    if LAST_RATE.search(second.left):
        return first, second
    if FROM_RATE.search(first.left) and TO_RATE.search(second.left):
        return second, first
    return None


__all__ = ["points"]
