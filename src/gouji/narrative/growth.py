"""Facts of a text -> relations of 增减幅 and 增减额: what a change, or a rate of growth, is of, and the base it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.narrative.figure_names import NOTHING, Name
from gouji.narrative.flow import Flow, best, tries
from gouji.narrative.mentions import MentionKind, counted_alike
from gouji.narrative.patterns import FigureRole
from gouji.narrative.relation import Open, Says, TextRelation, TextTerm, judged, opened, term
from gouji.narrative.sentence_words import IN_BRACKET, SIDES, YEARLY
from gouji.narrative.text_facts import Fact

# How many figures of an item are looked at for the two that a change lies between.
FEW = 6


def growths(flow: Flow) -> Iterator[TextRelation]:
    """增减幅 and 增减额. A rate on a base below zero (a loss) is written in several ways and accuses nobody."""
    for made in _growths(flow):
        loss = made.verdict is Verdict.UNBALANCED and made.says is Says.GROWTH and _on_loss(made)
        yield replace(made, verdict=Verdict.UNASSESSABLE, reason=Open.READING) if loss else made


def _on_loss(made: TextRelation) -> bool:
    """Whether the base of a rate of growth is below zero."""
    values = {t.part: t.printed.value for t in made.terms}
    prior = values.get("prior")
    return (values["now"] - values["change"] if prior is None else prior) < 0


def _growths(flow: Flow) -> Iterator[TextRelation]:
    for at, fact in enumerate(flow.facts):
        if fact.role is FigureRole.GROWTH and fact.mention.kind is MentionKind.RATE:
            made = _growth(flow, at, fact)
            if made is not None:
                yield made
        elif fact.role is FigureRole.CHANGE:
            yield from _change(flow, at, fact)


def _partner(flow: Flow, at: int, fact: Fact) -> tuple[int, Fact] | None:
    """The change that a rate of growth goes with: the figure before it in its sentence, or the one behind (增长15%,增收20万元)."""
    if fact.run > 1 and (found := _same_place(flow, at, fact)) is not None:
        return found
    last = flow.facts[at - 1] if at else None
    before = last is not None and last.role is FigureRole.CHANGE and last.sentence == fact.sentence
    if last is not None and before and (not fact.name.key or last.name.like(fact.name)):
        return at - 1, last
    after = flow.facts[at + 1 : at + 3]
    if not after or after[0].role is not FigureRole.CHANGE or after[0].sentence != fact.sentence:
        return None
    taken = len(after) > 1 and after[1].role is FigureRole.GROWTH and not after[1].name.key
    return None if after[0].name.key or taken else (at + 1, after[0])


def _same_place(flow: Flow, at: int, fact: Fact) -> tuple[int, Fact] | None:
    """The change in the same place of figures that stand side by side."""
    where = at - fact.run
    if where < 0:
        return None
    one = flow.facts[where]
    alike = one.role is FigureRole.CHANGE and one.run == fact.run and one.place == fact.place
    return (where, one) if alike and one.sentence == fact.sentence else None


def _subjects(flow: Flow, at: int, of: Fact) -> Iterator[tuple[Fact, bool]]:
    """Amounts that a change may be a change of, the likeliest first, each once; True where the sentence says so."""
    seen = set[int]()
    for one, sure in _all_subjects(flow, at, of.name):
        if counted_alike(one.mention, of.mention) and id(one) not in seen and not flow.is_base(one):
            seen.add(id(one))
            yield one, sure


def _all_subjects(flow: Flow, at: int, name: Name) -> Iterator[tuple[Fact, bool]]:
    here = flow.facts[at]
    if here.run > 1:
        yield from _in_place(flow, at, here)
    if name.key:
        own = list(flow.called(at, name))
        for one in own:
            same = one.mention.paragraph == here.mention.paragraph
            yield one, same and bool(one.name.budget) == bool(name.budget)
        if not own:
            yield from _behind(flow, at, here)
    else:
        above = list(_above(flow, at, here))
        yield from above
        if not above:
            yield from _behind(flow, at, here)
    for _i, one in flow.before(at, 30):
        if one.role is FigureRole.AMOUNT and one.mention.paragraph == here.mention.paragraph:
            yield one, False
    if name.phrase in SIDES:
        # 支出增加20万元: of the figures that are called 支出 something, such as 支出总计.
        for key, one in flow.names_before(at):
            if name.phrase in key and one.depth == 0:
                yield one, False
    if not name.item:
        for _i, one in flow.before(at, 24):
            if one.role is FigureRole.AMOUNT and one.depth == 0:
                yield one, False


def _in_place(flow: Flow, at: int, here: Fact) -> Iterator[tuple[Fact, bool]]:
    for _i, one in flow.before(at, 24):
        if one.role is FigureRole.AMOUNT and (one.run, one.place) == (here.run, here.place):
            # As many figures in the same order: the sentence says which belong together.
            yield one, here.sentence - one.sentence <= 1
            return


def _above(flow: Flow, at: int, here: Fact) -> Iterator[tuple[Fact, bool]]:
    """Of a change without a name: the amount before it in its sentence; at the beginning of one, what the paragraph begins with."""
    for _i, one in flow.before(at, 12):
        if one.sentence != here.sentence:
            break
        if one.name.prior and not one.name.key:
            # 较上年2.08减少0.03: what it was, not what it is.
            continue
        if flow.is_base(one):
            continue
        if not counted_alike(one.mention, here.mention):
            continue
        if one.depth <= here.depth and one.role in (FigureRole.AMOUNT, FigureRole.FROM):
            yield one, True
            return
    own = [
        one
        for _i, one in flow.before(at, 30)
        if one.role is FigureRole.AMOUNT
        and one.mention.paragraph == here.mention.paragraph
        and not flow.is_base(one)
    ]
    if own and own[-1].sentence != here.sentence:
        listed = [one for one in own if flow.grammar.opens.search(one.left)]
        if listed and (before := own[own.index(listed[0]) + 1 :]):
            # What the list of the sentence before belongs to.
            yield before[0], False
        yield own[-1], False


def _behind(flow: Flow, at: int, here: Fact) -> Iterator[tuple[Fact, bool]]:
    """The amount behind a change that begins its sentence (同比增支20万元,增长10%,全年支出220万元)."""
    for one in flow.facts[at + 1 : at + 1 + FEW]:
        if one.sentence != here.sentence:
            return
        current = one.role is FigureRole.AMOUNT and not (one.name.prior or one.name.budget)
        if current and counted_alike(one.mention, here.mention):
            yield one, False
            return


def _growth(flow: Flow, at: int, fact: Fact) -> TextRelation | None:
    stated, partner = term("stated", fact), _partner(flow, at, fact)
    if YEARLY.search(fact.left):
        # 年均增长11.94%: over several years, by a formula that no sentence prints.
        return opened(Says.GROWTH, stated, (), Open.RATE_ONLY)
    if partner is not None:
        where, change = partner
        moved = term("change", change)
        made = best(
            _subjects(flow, where, change),
            tries(fact),
            lambda one: judged(
                Says.GROWTH, stated, (TextTerm("now", one.mention, 1, one.name.key), moved)
            ),
            _("本年数读作 {name}"),
            fact.mention.value,
        )
        return made or opened(Says.GROWTH, stated, (moved,), Open.BASE)
    pair = _two_years(flow, at, fact)
    if pair is not None:
        return judged(Says.GROWTH, stated, _years(*pair))
    made = _growth_on(flow, at, fact, stated) or _growth_from(flow, at, fact, stated)
    return made or opened(Says.GROWTH, stated, (), Open.RATE_ONLY)


def _growth_from(flow: Flow, at: int, fact: Fact, stated: TextTerm) -> TextRelation | None:
    """A rate with last year's figure in the bracket behind it (增长3.5%(上年120万元))."""
    behind = flow.facts[at + 1 : at + 2]
    if not behind or behind[0].sentence != fact.sentence or not IN_BRACKET.search(behind[0].left):
        return None
    prior = behind[0]
    return best(
        _subjects(flow, at, replace(prior, name=NOTHING)),
        tries(fact),
        lambda one: judged(Says.GROWTH, stated, _years(one, prior)),
        _("本年数读作 {name}"),
        fact.mention.value,
    )


def _growth_on(flow: Flow, at: int, fact: Fact, stated: TextTerm) -> TextRelation | None:
    """A rate right behind the base that its sentence names (比2021年的1.98亿元增长18.7%)."""
    base = flow.facts[at - 1] if at else None
    if base is None or base.sentence != fact.sentence or not flow.is_base(base):
        return None
    return best(
        _subjects(flow, at - 1, replace(base, name=NOTHING)),
        tries(fact),
        lambda one: judged(Says.GROWTH, stated, _years(one, base)),
        _("本年数读作 {name}"),
        fact.mention.value,
    )


def _years(now: Fact, prior: Fact) -> tuple[TextTerm, TextTerm]:
    return (
        TextTerm("now", now.mention, 1, now.name.key),
        TextTerm("prior", prior.mention, 1, prior.name.key),
    )


def _two_years(flow: Flow, at: int, fact: Fact) -> tuple[Fact, Fact] | None:
    """This year's and last year's amount in the sentence before a rate."""
    near = _amounts_near(flow, at, fact)
    if len(near) < 2:
        return None
    second, first = near[:2]
    if not fact.direction and first.name.budget != second.name.budget:
        return (second, first) if first.name.budget else (first, second)
    if not counted_alike(first.mention, second.mention):
        return None
    if flow.is_base(first) and flow.is_base(second):
        return None
    if flow.is_base(first) != flow.is_base(second):
        return (second, first) if flow.is_base(first) else (first, second)
    if first.name.prior != second.name.prior:
        return (second, first) if first.name.prior else (first, second)
    if first.year and second.year and abs(first.year - second.year) == 1:
        return (first, second) if first.year > second.year else (second, first)
    return (second, first) if second.role is FigureRole.FROM else None


def _amounts_near(flow: Flow, at: int, fact: Fact) -> list[Fact]:
    """The amounts before a rate in its sentence, the nearest first; before another change stands what that one is of."""
    near = list[Fact]()
    for index, one in flow.before(at, 4):
        if one.sentence != fact.sentence or (
            one.role is FigureRole.CHANGE and (index != at - 1 or fact.role is FigureRole.CHANGE)
        ):
            break
        beside = fact.role is FigureRole.CHANGE and not counted_alike(one.mention, fact.mention)
        if one.role in (FigureRole.AMOUNT, FigureRole.FROM) and not beside:
            near.append(one)
    return near


def _change(flow: Flow, at: int, fact: Fact) -> Iterator[TextRelation]:
    """增减额 where both years are printed in the sentence."""
    pair = _two_years(flow, at, fact)
    if pair is not None and fact.name.key and pair[0].role is FigureRole.FROM:
        # 由57万元调整为77万元,主要是甲项目调增12万元: of something else.
        pair = pair if fact.name.like(pair[1].name) else None
    if pair is not None and fact.year and pair[1].year and fact.year not in (p.year for p in pair):
        # 由2022年的18万元降至15.6万元;较2021年减少4.4万元: a change from a year that is not printed.
        return
    if pair is not None:
        yield judged(Says.CHANGE, _difference(fact, *pair), _years(*pair))
    elif (base := _base_before(flow, at, fact)) is not None:
        made = best(
            _subjects(flow, at, fact),
            FEW,
            lambda one: judged(Says.CHANGE, term("stated", fact), _years(one, base)),
            _("本年数读作 {name}"),
        )
        if made is not None:
            yield made
    elif fact.name.item and fact.word:
        yield from _far_change(flow, at, fact)


def _base_before(flow: Flow, at: int, fact: Fact) -> Fact | None:
    """What the sentence compares with, right before the change (与上年18万元相比减少2万元)."""
    one = flow.facts[at - 1] if at else None
    if one is None or one.sentence != fact.sentence or one.role is FigureRole.CHANGE:
        return None
    if not counted_alike(one.mention, fact.mention):
        return None
    return one if flow.is_base(one) and fact.word else None


def _far_change(flow: Flow, at: int, fact: Fact) -> Iterator[TextRelation]:
    """A change of an item whose two figures stand before: the two that differ by it to the last place, if no others do."""
    amounts = [one for one in flow.called(at, fact.name) if one.mention.kind is fact.mention.kind]
    amounts = [one for one in amounts if one.mention.value][:FEW]
    made = [
        judged(Says.CHANGE, term("stated", fact), _years(now, prior))
        for now, prior in permutations(amounts, 2)
    ]
    good = [one for one in made if one.verdict is Verdict.BALANCED]
    if len(good) == 1:
        yield good[0]


def _difference(fact: Fact, now: Fact, prior: Fact) -> TextTerm:
    """The stated change; where no word says which way, the way the two figures go."""
    if fact.direction:
        return term("stated", fact)
    down = now.mention.value < prior.mention.value
    return TextTerm("stated", fact.mention, -1 if down else 1, fact.name.key)


__all__ = ["growths"]
