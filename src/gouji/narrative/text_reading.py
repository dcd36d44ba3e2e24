"""Lines of a report and a grammar -> TextReading: its figures, what each says, the relations between them, and of every figure whether it is tied, named or unread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.narrative.completions import dones
from gouji.narrative.figure_names import Name
from gouji.narrative.flow import Flow
from gouji.narrative.grammar import TextGrammar
from gouji.narrative.groups import groups
from gouji.narrative.growth import growths
from gouji.narrative.listed import heads_of_lists, opened
from gouji.narrative.mentions import MaskedParagraph, Mention, MentionKind, masked
from gouji.narrative.part_list import PartList
from gouji.narrative.rate_points import points
from gouji.narrative.relation import Open, TextRelation, unit_slips
from gouji.narrative.says import Says
from gouji.narrative.sentence_words import EXCLUDED, SENTENCE_ENDS, WAN_YUAN, YUAN
from gouji.narrative.stated_shares import shares
from gouji.narrative.subjects import resolved, titles
from gouji.narrative.text_facts import Fact, facts_of
from gouji.narrative.text_lines import TextLine, TextParagraph, paragraphs
from gouji.narrative.units_in_text import in_stated_units


class FigureState(StrEnum):
    """What is known of a figure: it stands in a relation that was judged, it is known what it is of, or neither."""

    TIED = "已勾稽"
    NAMED = "已命名"
    UNREAD = "未读懂"


@dataclass(frozen=True, slots=True)
class TextReading:
    """A text that was read. `masked` and `facts` are parallel to `paragraphs`."""

    lines: tuple[TextLine, ...]
    paragraphs: tuple[TextParagraph, ...]
    masked: tuple[MaskedParagraph, ...]
    facts: tuple[Fact, ...]
    relations: tuple[TextRelation, ...]
    # By the identity of a mention what a change, a rate or a share without its own name is of.
    subjects: Mapping[int, Name]

    def name_of(self, fact: Fact) -> Name:
        """What a figure is of, by its own words or by those of the figure it goes with."""
        return fact.name if fact.name.key else self.subjects.get(id(fact.mention), fact.name)

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Every figure, in order."""
        return tuple(m for one in self.masked for m in one.mentions)

    def line_of(self, mention: Mention) -> TextLine:
        """The line a figure stands on."""
        return self.lines[self.paragraphs[mention.paragraph].origin(mention.at)[0]]

    def sentence_of(self, mention: Mention) -> str:
        """The sentence a figure stands in, plain."""
        text = self.paragraphs[mention.paragraph].text
        start = max(text.rfind(c, 0, mention.at) for c in SENTENCE_ENDS) + 1
        ends = [e for c in SENTENCE_ENDS if (e := text.find(c, mention.at)) >= 0]
        return text[start : min(ends) + 1 if ends else len(text)]

    def states(self) -> dict[int, FigureState]:
        """By the identity of each mention what is known of it."""
        tied = {id(m) for r in self.relations if r.right is not None for m in r.mentions}
        named = {id(f.mention) for f in self.facts if f.name.key or f.frame}
        return {
            id(m): FigureState.TIED
            if id(m) in tied
            else FigureState.NAMED
            if id(m) in named or m.kind in (MentionKind.YEAR, MentionKind.DATE, MentionKind.MARK)
            else FigureState.UNREAD
            for m in self.mentions
        }


def read(lines: Sequence[TextLine], grammar: TextGrammar) -> TextReading:
    """Read a text. Every figure of it is among `mentions`."""
    made = paragraphs(lines)
    hidden = tuple(masked(p.text, i) for i, p in enumerate(made))
    hidden = in_stated_units(made, hidden, grammar)
    sentences = tuple(
        MaskedParagraph("", ()) if p.row else m for p, m in zip(made, hidden, strict=True)
    )
    found = [f for own in facts_of(sentences, grammar) for f in own]
    facts = resolved(found, grammar, titles(sentences, grammar))
    flow = Flow(sentences, grammar, facts)
    own = opened(flow)
    for part, whole, fit in heads_of_lists(own):
        if fit or id(part.mention) not in flow.heads:
            flow.heads[id(part.mention)] = (whole, fit)
    relations = [_with_exclusions(flow, r) for r in _relations(flow, own)]
    units = Counter(f.mention.unit for f in facts if f.mention.kind is MentionKind.AMOUNT)
    relations = [_with_slips(r, units) for r in relations]
    relations.sort(key=lambda r: (r.stated.mention.paragraph, r.stated.mention.at))
    return TextReading(
        tuple(lines), made, hidden, tuple(facts), tuple(relations), _subjects(facts, relations)
    )


def _relations(flow: Flow, own: tuple[PartList, ...]) -> list[TextRelation]:
    """Relations of every kind; what a share is of says what lists belong together, so lists come last."""
    made = [*shares(flow), *growths(flow), *points(flow), *dones(flow)]
    return [*made, *groups(flow, own)]


def _with_exclusions(flow: Flow, relation: TextRelation) -> TextRelation:
    """A rate or a change that is counted without something (剔除…后增长5%) is of figures that the sentence need not print: it accuses nobody."""
    fact = flow.fact_of.get(id(relation.stated.mention))
    if relation.verdict is not Verdict.UNBALANCED or relation.says is Says.PARTS or fact is None:
        return relation
    if EXCLUDED.search(fact.left.removesuffix(fact.frame)) is None:
        return relation
    return replace(relation, verdict=Verdict.UNASSESSABLE, reason=Open.READING)


def _with_slips(relation: TextRelation, units: Counter[str]) -> TextRelation:
    """What fails, and would hold if one figure were in another unit of money, says so: of several that in the unit the text uses least."""
    slips = sorted(unit_slips(relation), key=lambda s: (units[s[0].unit], s[0].unit != YUAN))
    if not slips:
        return relation
    mention, times = slips[0]
    other = WAN_YUAN if times > 0 else YUAN
    note = _("像是把{right}写成了{wrong}：{figure}").format(
        right=other, wrong=mention.unit, figure=mention.printed
    )
    return replace(relation, note=note)


def found(reading: TextReading) -> tuple[TextRelation, ...]:
    """Its relations that do not hold."""
    return tuple(r for r in reading.relations if r.verdict is Verdict.UNBALANCED)


def _subjects(facts: Sequence[Fact], relations: Sequence[TextRelation]) -> dict[int, Name]:
    """What changes, rates of growth and shares are of: the figure of this year, or the part, of the relation they stand in."""
    by_mention = {id(f.mention): f for f in facts}
    made = dict[int, Name]()
    for one in relations:
        if one.says not in (Says.GROWTH, Says.CHANGE, Says.SHARE):
            continue
        for part in one.terms:
            if part.part in ("now", "part") and (fact := by_mention.get(id(part.mention))):
                own = [
                    t.mention for t in (one.stated, *one.terms) if t.part in ("stated", "change")
                ]
                made |= {id(m): fact.name for m in own}
    return made


__all__ = ["FigureState", "TextReading", "found", "read"]
