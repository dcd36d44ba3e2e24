"""Facts of a text -> relations of 完成率: what was planned and what was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.narrative.flow import AMOUNTS, Flow, called, tries
from gouji.narrative.mentions import MentionKind, counted_alike
from gouji.narrative.patterns import FigureRole
from gouji.narrative.relation import Open, Says, TextRelation, TextTerm, fits, judged, opened, term
from gouji.narrative.sentence_words import (
    ASKED,
    BARE,
    BUDGETED,
    DONE_SO,
    IN_THE_RATE,
    OF_THE_SHARE,
    PLANNED,
    REACHED,
    SPARED,
    STAGES,
    TASK,
)
from gouji.narrative.text_facts import Fact

# How far back what was planned may stand.
LONG = 24


def dones(flow: Flow) -> Iterator[TextRelation]:
    """完成率."""
    for at, fact in enumerate(flow.facts):
        if fact.role is FigureRole.DONE and fact.mention.kind is MentionKind.RATE:
            pairs = [*_printed_pair(flow, at), *_printed_plan(flow, at)]
            pairs += _of_stage(fact, _done_pairs(flow, at, fact))
            pairs = pairs if fact.run == 1 else list(_side_by_side(flow, at, fact))
            pairs += _planned_behind(flow, at) if not pairs else []
            pairs += _planned_above(flow, at, fact) if not pairs else []
            yield (None if pairs else _done_by_change(flow, at, fact)) or _done(pairs, fact)


def _of_stage(
    fact: Fact, pairs: Iterable[tuple[Fact, Fact, bool]]
) -> Iterator[tuple[Fact, Fact, bool]]:
    """Without budgets of another stage than the rate says (完成年初预算的108% is of no 调整预算)."""
    asked = STAGES.search(fact.whole.phrase) if fact.whole is not None else None
    for done, planned, sure in pairs:
        said = list(STAGES.finditer(planned.left))
        if asked is None or not said or said[-1][0] == asked[0]:
            yield done, planned, sure


def _side_by_side(flow: Flow, at: int, fact: Fact) -> Iterator[tuple[Fact, Fact, bool]]:
    """Rates side by side (分别为预算的64%、36%): of figures in the same place of as many, and of those the budgets."""
    own = [f for _i, f in flow.before(at, 3 * fact.run) if f.sentence == fact.sentence]
    own = [f for f in own if (f.run, f.place, f.role) == (fact.run, fact.place, FigureRole.AMOUNT)]
    planned = [f for f in own if f.name.budget or PLANNED.search(f.left)]
    done = [f for f in own if f not in planned]
    if planned and done and counted_alike(done[0].mention, planned[0].mention):
        yield done[0], planned[0], True


def _printed_pair(flow: Flow, at: int) -> Iterator[tuple[Fact, Fact, bool]]:
    """What a bracket behind the rate says: the quotient (决算数345万元/预算数353万元), or what was planned (目标12公里)."""
    quotient = flow.printed_quotient(at)
    if quotient is not None:
        yield *quotient, True
        return
    behind = flow.facts[at + 1 : at + 2]
    done = next((one for _i, one in flow.before(at, 4) if one.mention.kind in AMOUNTS), None)
    for planned in behind:
        inside = planned.left.startswith("(") and planned.sentence == flow.facts[at].sentence
        if done is None or not inside or done.sentence != planned.sentence:
            return
        alike = counted_alike(planned.mention, done.mention)
        if alike and PLANNED.search(planned.left):
            yield done, planned, True


def _printed_plan(flow: Flow, at: int) -> Iterator[tuple[Fact, Fact, bool]]:
    """What was planned, in the words of the rate (养护256公里,占计划260公里的98.5%); sure where one figure of the kind stands before it."""
    fact, planned = flow.facts[at], flow.facts[at - 1] if at else None
    if planned is None or planned.sentence != fact.sentence:
        return
    if not OF_THE_SHARE.fullmatch(fact.left) or not IN_THE_RATE.search(planned.left):
        return
    own = [f for _i, f in flow.before(at - 1, LONG) if f.sentence == fact.sentence]
    own = [f for f in own if counted_alike(f.mention, planned.mention)]
    if own:
        yield own[0], planned, len(own) == 1 and own[0].role is FigureRole.AMOUNT


def _planned_behind(flow: Flow, at: int) -> list[tuple[Fact, Fact, bool]]:
    """A budget right behind its rate (支出58万元,完成调整预算的96.1%,调整预算为61万元)."""
    done = next((one for _i, one in flow.before(at, 4) if _whole_amount(one)), None)
    found = flow.facts[at + 1 : at + 2]
    if done is None or not found or not found[0].name.budget or not _whole_amount(found[0]):
        return []
    sentences = {done.sentence, flow.facts[at].sentence, found[0].sentence}
    return [(done, found[0], False)] if len(sentences) == 1 else []


def _done_by_change(flow: Flow, at: int, fact: Fact) -> TextRelation | None:
    """Where only what was spared is printed (完成预算80%,比预算减少5万元): the budget is what was spent and what was spared."""
    near = (*flow.facts[at + 1 : at + 3], *flow.facts[max(0, at - 1) : at])
    behind = next((f for f in near if f.role is FigureRole.CHANGE), None)
    before = next((f for _i, f in flow.before(at, 4) if _whole_amount(f)), None)
    if behind is None or before is None or not BUDGETED.search(behind.left):
        return None
    if not before.sentence == fact.sentence == behind.sentence:
        return None
    stated = term("stated", replace(fact, frame="", word=""))
    made = judged(Says.DONE, stated, (_plain("part", before), term("change", behind)))
    return made if fits(made) else None


def _done(pairs: Sequence[tuple[Fact, Fact, bool]], fact: Fact) -> TextRelation:
    stated = term("stated", replace(fact, frame="", word=""))
    if not pairs:
        return opened(Says.DONE, stated, (), Open.BASE)
    made = [
        judged(Says.DONE, stated, (_plain("part", a), _plain("whole", b)))
        for a, b, _sure in pairs[: 1 + tries(fact)]
    ]
    good = next((i for i, one in enumerate(made) if fits(one)), None)
    if good is not None:
        note = _("按 {a} ÷ {b} 读").format(a=called(pairs[good][0]), b=called(pairs[good][1]))
        return made[good] if good == 0 else replace(made[good], note=note)
    if pairs[0][2] or made[0].verdict is not Verdict.UNBALANCED:
        return made[0]
    return replace(made[0], verdict=Verdict.UNASSESSABLE, reason=Open.READING)


def _plain(part: str, fact: Fact) -> TextTerm:
    return TextTerm(part, fact.mention, 1, fact.name.key)


def _done_pairs(flow: Flow, at: int, fact: Fact) -> Iterator[tuple[Fact, Fact, bool]]:
    """What was done and what was planned, the likeliest pair first; True where the sentence says so."""
    near = _done_near(flow, at, fact)
    if not near:
        return
    nearest = near[0]
    if nearest.name.key:
        yield from _planned_apart(flow, at, nearest)
    for i, done in enumerate(near):
        other = nearest.name.item and done.name.item and not done.name.like(nearest.name)
        if not done.name.budget and not other:
            yield from _planned_for(flow, fact, near, i)
    if nearest.name.item and not nearest.name.budget:
        yield from (
            (nearest, other, False)
            for other in flow.facts
            if other.name.budget
            and other.name.like(nearest.name)
            and other.role is FigureRole.AMOUNT
        )
    if any((nearest.name.budget, PLANNED.search(nearest.left), ASKED.search(nearest.left))):
        yield from (
            (done, nearest, False)
            for done in near[1:]
            if not done.name.budget and done.mention.kind is nearest.mention.kind
        )


def _beside(flow: Flow, done: Fact, planned: Fact) -> bool:
    """Whether a budget is none of the parts of a list that what was done stands outside of."""
    return id(done.mention) in flow.heads or id(planned.mention) not in flow.heads


def _planned_for(
    flow: Flow, fact: Fact, near: Sequence[Fact], at: int
) -> Iterator[tuple[Fact, Fact, bool]]:
    """What was planned of one of the figures before a rate."""
    others = [f for f in near[at + 1 :] if _beside(flow, near[at], f)]
    for pair in _planned_before(near[at], others, at == 0, fact.sentence):
        # What was asked for is held against the figure before the rate, not against other things that the sentence says.
        if at == 0 or not ASKED.search(pair[1].left):
            yield pair


def _done_near(flow: Flow, at: int, fact: Fact) -> list[Fact]:
    """The amounts before a rate in its paragraph, the nearest first; without those that were spared, if there are others."""
    near = [
        one
        for _i, one in flow.before(at, 8)
        if one.mention.paragraph == fact.mention.paragraph
        and one.role is FigureRole.AMOUNT
        and one.mention.kind in AMOUNTS
    ]
    return [one for one in near if not SPARED.search(one.left)] or near


def _planned_above(flow: Flow, at: int, fact: Fact) -> list[tuple[Fact, Fact, bool]]:
    """A rate in a separate paragraph: of the one budget and the one account that the paragraph above prints."""
    number = fact.mention.paragraph
    if fact.name.key or any(_whole_amount(f) for f in flow.in_paragraph(number)):
        return []
    above = [f for f in flow.in_paragraph(number - 1) if _whole_amount(f)]
    planned = [f for f in above if f.name.budget or PLANNED.search(f.left)]
    done = [f for f in above if f not in planned and not SPARED.search(f.left)]
    one_each = len(planned) == len(done) == 1 and planned[0].sentence == done[0].sentence
    return [(done[0], planned[0], one_each)] if planned and done else []


def _planned_apart(flow: Flow, at: int, done: Fact) -> Iterator[tuple[Fact, Fact, bool]]:
    """What was planned of the same in a sentence before (计划新建水厂2座,改造管网35公里。…改造管网36公里,完成率104%)."""
    for _i, one in flow.before(at, LONG):
        if one.mention.paragraph != done.mention.paragraph:
            return
        alike = counted_alike(one.mention, done.mention)
        if alike and one.name.key == done.name.key and one.sentence < done.sentence:
            if _in_plan(flow, one):
                yield done, one, False
            return


def _in_plan(flow: Flow, fact: Fact) -> bool:
    """Whether a word before a figure, in its sentence, says that what follows is planned."""
    own = (f for f in flow.in_paragraph(fact.mention.paragraph) if f.sentence == fact.sentence)
    said = "".join(f.left for f in own if f.mention.sign <= fact.mention.sign)
    return PLANNED.search(said) is not None and REACHED.search(said) is None


def _two_alone(done: Fact, others: Sequence[Fact]) -> bool:
    """Whether a sentence says what was planned, what was reached, and no other figure of the kind (培训任务500人,实际培训520人)."""
    alike = [
        f for f in others if f.sentence == done.sentence and counted_alike(f.mention, done.mention)
    ]
    one = len(alike) == 1 and alike[0] is others[0] and done.mention.unit == alike[0].mention.unit
    return one and TASK.search(alike[0].left) is not None and DONE_SO.search(done.left) is not None


def _planned_before(
    done: Fact, others: Sequence[Fact], nearest: bool, sentence: int
) -> Iterator[tuple[Fact, Fact, bool]]:
    """Figures before it that say what was planned."""
    for planned in others:
        if not counted_alike(planned.mention, done.mention):
            continue
        if planned.name.item and done.name.item and not planned.name.like(done.name):
            # What was planned for something else, such as the whole that this is a part of.
            continue
        if planned.name.budget or PLANNED.search(planned.left) or ASKED.search(planned.left):
            sure = nearest and bool(planned.name.budget)
            sure = sure and done.sentence == planned.sentence == sentence
            own = planned.name.like(done.name) or not done.name.key
            # 年初预算为400万元,支出决算为436万元: two names that say no more stand side by side.
            bare = done.name.phrase in BARE and planned is others[0] and not planned.name.item
            yield done, planned, (sure and (own or bare)) or (nearest and _two_alone(done, others))


def _whole_amount(fact: Fact) -> bool:
    return (
        fact.role is FigureRole.AMOUNT
        and fact.mention.kind is MentionKind.AMOUNT
        and not fact.name.prior
    )


__all__ = ["dones"]
