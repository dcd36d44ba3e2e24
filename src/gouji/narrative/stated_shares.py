"""Facts of a text -> relations of 占比: what a share is of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise

from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.narrative.figure_names import Name, name_of
from gouji.narrative.flow import AMOUNTS, Flow, best, called, tries
from gouji.narrative.mentions import MentionKind, counted_alike
from gouji.narrative.part_list import opens_list
from gouji.narrative.patterns import FigureRole
from gouji.narrative.relation import Open, Says, TextRelation, TextTerm, fits, judged, opened, term
from gouji.narrative.sentence_words import ACCOUNT_TOTALS, ALL_OF, OF_THE_SHARE, SHARE_OF, SIDES
from gouji.narrative.text_facts import Fact

# How far back a list may begin.
LONG = 24
# Signs that a name needs to be looked for within others.
LEAST = 3
# Rates that may be a quotient of two figures printed behind them (控制率96.51%(在职83人÷编制86人)).
_OF_TWO = (FigureRole.SHARE, FigureRole.AMOUNT)


def shares(flow: Flow) -> Iterator[TextRelation]:
    """占比. Nothing is 0 % of whatever figure: it is of what its neighbours are shares of."""
    made = list(_each(flow))
    of_other = [
        (r.stated.mention, flow.fact_of[id(r.terms[1].mention)])
        for r in made
        if len(r.terms) > 1 and fits(r) and r.terms[0].mention.value
    ]
    for one in made:
        unsaid = one.reason is Open.BASE or any(not t.mention.value for t in one.terms[1:])
        if unsaid and one.terms and not one.terms[0].mention.value:
            near = [w for m, w in of_other if m.paragraph == one.stated.mention.paragraph]
            if near and counted_alike(near[0].mention, one.terms[0].mention):
                one = _shared(one.stated, one.terms[0], near[0])
        yield one


def _each(flow: Flow) -> Iterator[TextRelation]:
    last: tuple[int, Fact] | None = None
    for at, fact in enumerate(flow.facts):
        if fact.mention.kind is not MentionKind.RATE or fact.role not in _OF_TWO:
            continue
        stated = term("stated", replace(fact, frame="", word=""))
        if (quotient := _printed(flow, at, fact)) is not None:
            flow.parts[at], flow.wholes[at] = quotient
            yield _shared(stated, term("part", quotient[0]), quotient[1])
            continue
        if fact.role is not FigureRole.SHARE:
            continue
        part = _part(flow, at, fact)
        if part is None:
            yield _apart(flow, at, fact, stated) or opened(Says.SHARE, stated, (), Open.BASE)
            continue
        flow.parts[at] = part
        made = _of_whole(flow, at, fact, part, last)
        if fact.run > 1 and part.run == 1 and made.verdict is Verdict.UNBALANCED:
            # Which figure each rate is of, their order alone says.
            made = replace(made, verdict=Verdict.UNASSESSABLE, reason=Open.READING)
        if fits(made):
            whole = flow.fact_of[id(made.terms[1].mention)]
            flow.wholes[at] = whole
            last = (fact.mention.paragraph, whole)
        yield made


def _printed(flow: Flow, at: int, fact: Fact) -> tuple[Fact, Fact] | None:
    """The part and the whole of a rate that its sentence prints."""
    return flow.printed_quotient(at) or _printed_whole(flow, at) or _ratio(flow, at, fact)


def _printed_whole(flow: Flow, at: int) -> tuple[Fact, Fact] | None:
    """The part and the whole of a share whose whole is printed in its words: 教育支出占总支出1800万元的比例15%; 教育支出280万元,占总支出1800万元的15%."""
    fact, whole = flow.facts[at], flow.facts[at - 1] if at else None
    if whole is None or whole.sentence != fact.sentence or not OF_THE_SHARE.fullmatch(fact.left):
        return None
    said = SHARE_OF.search(whole.left)
    if said is None or whole.mention.kind is not MentionKind.AMOUNT:
        return None
    if said["part"] is None:
        before = [f for _i, f in flow.before(at - 1, 3) if f.sentence == fact.sentence]
    else:
        before = list(_of_that_name(flow, at - 1, name_of(said["part"], flow.grammar)))
    part = next((f for f in before if _whole_amount(f) and f.depth <= whole.depth), None)
    return None if part is None else (part, whole)


def _of_that_name(flow: Flow, at: int, name: Name) -> Iterator[Fact]:
    """Amounts of a name before a place; a remark in brackets may stand behind it where the figure is first told."""
    if len(name.key) >= LEAST:
        yield from flow.called(at, name)
        yield from (one for key, one in flow.names_before(at) if key.split("(")[0] == name.key)


def _ratio(flow: Flow, at: int, fact: Fact) -> tuple[Fact, Fact] | None:
    """The two figures of a share with its own name (资产负债率), where its sentence has one of each and no more."""
    if not fact.name.key or fact.whole is None or not fact.whole.key or fact.run > 1:
        return None
    own = [f for _i, f in flow.before(at, LONG) if f.sentence == fact.sentence and _whole_amount(f)]
    part = [f for f in own if f.name.key.startswith(fact.name.key)]
    whole = [f for f in own if f.name.key.startswith(fact.whole.key)]
    return (part[0], whole[0]) if len(part) == len(whole) == 1 else None


def _of_whole(
    flow: Flow, at: int, fact: Fact, part: Fact, last: tuple[int, Fact] | None
) -> TextRelation:
    """The share of a part, of the likeliest whole; `last` is the whole of the share before, with its paragraph."""
    stated, top = term("stated", replace(fact, frame="", word="")), term("part", part)
    others = max(1, tries(fact))
    if not tries(fact) and (fact.whole is None or not fact.whole.key):
        # Of a part of a list that adds up a whole percent is of its whole: another figure fits it by chance.
        others = 0 if flow.heads.get(id(part.mention), (None, False))[1] else 1
    wholes = _wholes(flow, at, fact, part, last)
    if not part.mention.value:
        wholes = ((one, said) for one, said in wholes if said)
    made = best(
        wholes,
        others,
        partial(_shared, stated, top),
        _("分母读作 {name}"),
    )
    if made is None or (made.reason is Open.READING and _unknown(flow, at, fact.whole)):
        return opened(Says.SHARE, stated, (top,), Open.BASE)
    return made


def _apart(flow: Flow, at: int, fact: Fact, stated: TextTerm) -> TextRelation | None:
    """A share in a separate sentence: of the amounts before it in its paragraph one that makes it up of the first."""
    own = [
        one
        for one in flow.in_paragraph(fact.mention.paragraph)
        if one.mention.sign < fact.mention.sign and _whole_amount(one)
    ]
    for part in own[1 : 1 + tries(fact)]:
        made = _shared(stated, term("part", part), own[0])
        if made.verdict is Verdict.BALANCED:
            return replace(made, note=_("部分读作 {name}").format(name=called(part)))
    return None


def _whole_amount(fact: Fact) -> bool:
    return (
        fact.role is FigureRole.AMOUNT
        and fact.mention.kind is MentionKind.AMOUNT
        and not fact.name.prior
    )


def _unknown(flow: Flow, at: int, whole: Name | None) -> bool:
    """Whether a share is said to be of something that the text gives no figure of."""
    return whole is not None and bool(whole.key) and next(_called(flow, at, whole), None) is None


def _shared(stated: TextTerm, top: TextTerm, whole: Fact) -> TextRelation:
    return judged(Says.SHARE, stated, (top, term("whole", whole)))


def _part(flow: Flow, at: int, fact: Fact) -> Fact | None:
    """What a share is a share of: the amount before it in its sentence, of several side by side the one in the same place."""
    if fact.run > 1:
        runs = [
            one
            for _i, one in flow.before(at, 3 * fact.run)
            if one.sentence == fact.sentence
            and one.run == fact.run
            and one.role is FigureRole.AMOUNT
        ]
        found = next((one for one in runs if one.place == fact.place), None)
        return found or _listed_part(flow, at, fact)
    near = [one for _i, one in flow.before(at, 6) if one.sentence == fact.sentence]
    near = [one for one in near if one.mention.kind in AMOUNTS]
    # What stands in a bracket before it is a part of its subject: 基本支出80万元(含人员经费60万元),占80%.
    near.sort(key=lambda one: one.depth > fact.depth)
    own = fact.name.key
    named = [one for one in near if own and one.role is FigureRole.AMOUNT and own in one.name.key]
    amounts = [one for one in near if one.role in (FigureRole.AMOUNT, FigureRole.FROM)]
    changes = [one for one in near if one.role is FigureRole.CHANGE]
    return next(iter((*named, *amounts, *changes)), None)


def _listed_part(flow: Flow, at: int, fact: Fact) -> Fact | None:
    """Of rates side by side (甲7万元、乙2万元、丙1万元,分别占70%、20%、10%): of as many figures before them that one in the same place."""
    own = [one for _i, one in flow.before(at, LONG) if one.sentence == fact.sentence]
    own = [one for one in own if one.mention.kind in AMOUNTS and one.role is FigureRole.AMOUNT]
    own = [one for one in own if counted_alike(one.mention, own[0].mention)]
    return own[fact.run - 1 - fact.place] if len(own) >= fact.run else None


def _wholes(
    flow: Flow, at: int, fact: Fact, part: Fact, last: tuple[int, Fact] | None
) -> Iterator[tuple[Fact, bool]]:
    """Figures that a share may be a share of, the likeliest first, each once; True where the sentence says so."""
    seen = {id(part)}
    for one, said in _all_wholes(flow, at, fact, part, last):
        alike = one.mention.kind is part.mention.kind and one.role is part.role
        if alike and id(one) not in seen:
            seen.add(id(one))
            yield one, said


def _all_wholes(
    flow: Flow, at: int, fact: Fact, part: Fact, last: tuple[int, Fact] | None
) -> Iterator[tuple[Fact, bool]]:
    whole = fact.whole
    if (inside := _base_behind(flow, at, part)) is not None:
        yield inside, False
    if whole is not None and whole.key:
        if (head := _list_head(flow, part)) is not None and _called_so(head, whole):
            yield head, True
        yield from _called(flow, at, whole)
        yield from _called_behind(flow, at, whole)
    else:
        head, whole_of_list = _list_head(flow, part), flow.heads.get(id(part.mention))
        if whole_of_list is not None and whole_of_list[1]:
            yield whole_of_list
        if head is not None:
            yield head, True
        elif whole_of_list is not None:
            yield whole_of_list
        if last is not None and last[0] == fact.mention.paragraph:
            yield last[1], False
    for _i, one in flow.before(at, 24):
        if one.mention.paragraph != fact.mention.paragraph:
            break
        yield one, False
    for _i, one in flow.before(at, 40):
        if one.depth == 0 and one.mention.value >= part.mention.value:
            yield one, False


def _called_so(head: Fact, whole: Name) -> bool:
    """Whether the whole of a list may be called so: 我院支出合计 is 总支出 and 收入预算总额 that of a school, where both are of the same side."""
    side = next((s for s in SIDES if s in whole.phrase or s in whole.key), None)
    alike = (whole.item, *ALL_OF.get(whole.item or "", ()))
    total = whole.item in ACCOUNT_TOTALS
    return side is not None and total and head.name.item in (None, *alike) and side in head.name.key


def _base_behind(flow: Flow, at: int, part: Fact) -> Fact | None:
    """What a share is of, in the bracket right behind it (占62.5%(上年共筹集7205.72万元))."""
    behind = flow.facts[at + 1 : at + 2]
    own = behind and behind[0].left.startswith("(") and behind[0].sentence == part.sentence
    return behind[0] if own and counted_alike(behind[0].mention, part.mention) else None


def _list_head(flow: Flow, part: Fact) -> Fact | None:
    """What a list belongs to that a part stands in: the amount before the word that opens it, in the same sentence."""
    at = flow.place_of(part)
    own = [part, *(f for _i, f in flow.before(at, LONG) if f.sentence == part.sentence)]
    own = [f for f in own if f.mention.kind is part.mention.kind and f.role is FigureRole.AMOUNT]
    own = [f for f in own if f.depth == part.depth and f.name.budget == part.name.budget]
    for number, (first, before) in enumerate(pairwise(own), 1):
        if opens_list(flow, first) or _behind_opened(flow, first):
            # Behind a list that adds up stands something else: 基本支出80万元,其中甲50万元,乙30万元,项目支出20万元.
            past = (
                number > 2 and sum(f.mention.value for f in own[1:number]) == before.mention.value
            )
            return None if past or before.mention.value < part.mention.value else before
    return None


def _called_behind(flow: Flow, at: int, whole: Name) -> Iterator[tuple[Fact, bool]]:
    """Figures of that name behind a place: chapters may stand in any order."""
    for one in flow.called_behind(at, whole):
        yield one, whole.item is not None and not (one.name.budget or one.name.prior)
    if len(whole.key) >= LEAST:
        # 占基本支出预算79.89%, and in a later chapter 一般公共预算基本支出113.38万元.
        yield from (
            (one, False)
            for key, one in flow.names_behind(at)
            if key != whole.key and whole.key in key
        )


def _behind_opened(flow: Flow, fact: Fact) -> bool:
    """Whether a figure stands right behind the first one of a list (其中甲类52个7,560万元)."""
    last = flow.facts[flow.place_of(fact) - 1] if flow.place_of(fact) else None
    return last is not None and not fact.left and bool(flow.grammar.opens.search(last.left))


def _called(flow: Flow, at: int, whole: Name) -> Iterator[tuple[Fact, bool]]:
    """Figures of that name, then those whose name is a part of it, or it of theirs, or whose signs all stand in it in order."""
    for one in flow.called(at, whole):
        yield one, bool(one.name.budget) == bool(whole.budget) and not one.name.prior
    if len(whole.key) < LEAST:
        return
    for key, one in flow.names_before(at):
        if key in whole.key or whole.key in key or whole.phrase in one.name.phrase:
            yield one, False
    for key, one in flow.names_before(at):
        if _within(whole.key, key):
            yield one, False


def _within(short: str, long: str) -> bool:
    """Whether all signs of one text stand in another, in their order."""
    rest = iter(long)
    return all(sign in rest for sign in short)


__all__ = ["shares"]
