"""Facts of a text -> lists whose sum stands behind them (合计 …), or is said by the words between figures (加上 …, 收支结余)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gouji.narrative.flow import Flow
from gouji.narrative.mentions import counted_alike
from gouji.narrative.part_list import HEADS, NEAR, ROLES, PartList, added_alike, opens_list
from gouji.narrative.patterns import FigureRole
from gouji.narrative.sentence_words import (
    ADDED,
    ASSET_TOTALS,
    ASSETS,
    BALANCE,
    COUNTED_UP,
    DEBTS,
    DEFICIT,
    LEFT,
    MADE_OF,
    MADE_UP,
    NET,
    NOT_DONE,
    NUMBERS,
    ONLY_SUM,
    RAISED,
    REASON,
    SIDES,
    SPARED,
    SPENT,
    TOTALLED,
    YEARS_BALANCE,
)
from gouji.narrative.text_facts import Fact


def sums_behind(flow: Flow) -> Iterator[PartList]:
    """Sums that words add up."""
    yield from _added(flow)
    yield from _made_of(flow)
    yield from _totalled(flow)
    yield from _reasons(flow)


def _added(flow: Flow) -> Iterator[PartList]:
    """Figures that others are added to (加上转移性收入5万元,收入合计15万元): the sum stands behind them, or before."""
    for at, fact in enumerate(flow.facts):
        if not ADDED.search(fact.left) or fact.role is not FigureRole.AMOUNT:
            continue
        before = next((f for _i, f in flow.before(at, NEAR) if added_alike(f, fact)), None)
        behind = _beyond_its_parts(flow, at, fact)
        if before is not None and before.mention.paragraph == fact.mention.paragraph:
            yield PartList(tuple(behind), (before, fact), said=False)
            for size in range(1, len(behind)):
                # 加上调入3万元、上年结余2万元,总量为95万元: several are added.
                yield PartList((behind[size],), (before, fact, *behind[:size]), said=False)
            own = flow.in_paragraph(fact.mention.paragraph)
            first = next(f for f in own if added_alike(f, fact))
            yield PartList(tuple(behind), (first, fact), said=False)


def _beyond_its_parts(flow: Flow, at: int, fact: Fact) -> list[Fact]:
    """Figures behind one; where its own parts are told first (加上补助18万元,其中:甲10万元、乙8万元,结余2万元), those behind them."""
    behind = [f for f in flow.facts[at + 1 : at + 1 + NEAR] if added_alike(f, fact)]
    if behind and opens_list(flow, behind[0]):
        for size in range(2, len(behind)):
            if sum(f.mention.value for f in behind[:size]) == fact.mention.value:
                return behind[size : size + HEADS]
    return behind[:HEADS]


def _made_of(flow: Flow) -> Iterator[PartList]:
    """财力30万元,由甲10万元,加乙等20万元构成: the figure before is made up of those between 由 and 构成."""
    for at, fact in enumerate(flow.facts):
        behind = flow.paragraphs[fact.mention.paragraph].text[fact.mention.sign + 1 :]
        if fact.role is not FigureRole.AMOUNT or MADE_UP.match(behind) is None:
            continue
        own = [f for f in flow.facts[max(0, at - NEAR) : at + 1] if added_alike(f, fact)]
        own = [f for f in own if f.mention.paragraph == fact.mention.paragraph]
        firsts = [i for i, f in enumerate(own) if MADE_OF.search(f.left)]
        if firsts and firsts[-1] and firsts[-1] < len(own) - 1:
            heads = tuple(reversed(own[: firsts[-1]][-HEADS:]))
            yield PartList(heads, tuple(own[firsts[-1] :]), said=False)


def _reasons(flow: Flow) -> Iterator[PartList]:
    """调增30万元,主要由于:甲项目调增20万元,乙项目调增10万元: changes that make up the one before them."""
    for at, fact in enumerate(flow.facts):
        if fact.role is not FigureRole.CHANGE or not REASON.search(fact.left):
            continue
        before = next((f for _i, f in flow.before(at, HEADS) if f.role is FigureRole.CHANGE), None)
        own = [f for f in flow.facts[at : at + NEAR] if f.sentence == fact.sentence]
        parts = tuple(f for f in own if added_alike(f, fact))
        if before is not None and before.mention.paragraph == fact.mention.paragraph:
            yield PartList((before,), parts, said=False, longest=True)


def _totalled(flow: Flow) -> Iterator[PartList]:
    """A sum that a sentence says behind its parts: the figures before it in the sentence, as many as make it up."""
    for at, fact in enumerate(flow.facts):
        if not TOTALLED.search(fact.left) or fact.role not in ROLES:
            continue
        parts = _before_sum(flow, at, fact)
        for size in range(2, len(parts) + 1):
            yield PartList((fact,), tuple(reversed(parts[:size])), said=False)
        if size := _summed(flow, fact, parts):
            yield PartList((fact,), tuple(reversed(parts[:size])), closed=True)


def _before_sum(flow: Flow, at: int, fact: Fact) -> list[Fact]:
    """The figures before a sum in its sentence, the nearest first; of a sum that begins its sentence (甲5万元,乙3万元。合计8万元) those of the one before."""
    begins = not flow.facts[at - 1 : at] or flow.facts[at - 1].sentence != fact.sentence
    here = (fact.sentence - 1, fact.sentence) if begins else (fact.sentence,)
    own = [f for _i, f in flow.before(at, NEAR) if f.sentence in here]
    own = [f for f in own if f.mention.paragraph == fact.mention.paragraph]
    return [f for f in own if added_alike(f, fact) and f.depth == fact.depth]


def _summed(flow: Flow, fact: Fact, parts: Sequence[Fact]) -> int:
    """How many of the figures before a sum, the nearest first, are its parts for certain; 0 where that is not said."""
    opened = next((n for n, p in enumerate(parts, 1) if opens_list(flow, p)), 0)
    counted = COUNTED_UP.search(fact.left)
    if counted is None:
        return opened if ONLY_SUM.fullmatch(fact.left) and opened > 1 else 0
    # 两项 is the one number that is written otherwise.
    size = NUMBERS.index(counted["n"]) + 1 if counted["n"] else 2
    return size if size in (opened, len(parts)) else 0


def balances(flow: Flow) -> Iterator[PartList]:
    """What is left of a year: its income is its spending and what is left; any income and spending before it in the paragraph."""
    for at, fact in enumerate(flow.facts):
        if fact.role is not FigureRole.AMOUNT or not BALANCE.search(fact.left):
            continue
        own = [f for _i, f in flow.before(at, 2 * NEAR) if added_alike(f, fact)]
        own = [f for f in own if f.mention.paragraph == fact.mention.paragraph]
        for place, one in enumerate(own):
            if SIDES[1] in one.left:
                income = [f for f in own[place + 1 :] if RAISED.search(f.left)]
                whole = len(income) == 1 and place == 0 and _three_alone(flow, fact)
                whole = whole and YEARS_BALANCE.search(fact.left) is not None
                yield PartList(tuple(income[:HEADS]), (one, fact), said=whole, closed=whole)


def _three_alone(flow: Flow, last: Fact) -> bool:
    """Whether the sentence of a figure has that one and two others of its kind, and no more."""
    own = flow.in_paragraph(last.mention.paragraph)
    alike = [
        f for f in own if f.sentence == last.sentence and counted_alike(f.mention, last.mention)
    ]
    plain = all(f.role is FigureRole.AMOUNT and not f.mention.about for f in alike)
    return len(alike) == 3 and alike[-1] is last and plain


def deficits(flow: Flow) -> Iterator[PartList]:
    """收入总量为90万元。…支出总量为95万元。赤字5万元: spending is income and what is missing."""
    for at, fact in enumerate(flow.facts):
        if fact.role is not FigureRole.AMOUNT or not DEFICIT.search(fact.left):
            continue
        own = [f for _i, f in flow.before(at, NEAR) if added_alike(f, fact)]
        own = [f for f in own if f.mention.paragraph == fact.mention.paragraph]
        income, spent = ([f for f in own if side in f.left] for side in SIDES)
        for one in income[:HEADS]:
            yield PartList(tuple(spent[:HEADS]), (one, fact), said=False)


def owned(flow: Flow) -> Iterator[PartList]:
    """资产合计310亿元(…),负债合计70亿元(…),净资产合计240亿元: what is owned is what is owed and the rest."""
    for at, fact in enumerate(flow.facts):
        if fact.role is not FigureRole.AMOUNT or not NET.search(fact.left):
            continue
        own = [f for _i, f in flow.before(at, NEAR) if added_alike(f, fact)]
        own = [f for f in own if f.sentence == fact.sentence and f.depth == fact.depth]
        debts = next((f for f in own if DEBTS in f.name.key), None)
        assets = tuple(f for f in own if f.name.key.endswith((ASSETS, *ASSET_TOTALS)))
        if debts is not None:
            yield PartList(assets, (debts, fact), said=False)


def done_and_left(flow: Flow) -> Iterator[PartList]:
    """资金合计35万元,已分配33万元,未分配2万元; 预算50万元,支出40万元,剩余10万元: what is done and what is not."""
    for at, fact in enumerate(flow.facts):
        left = NOT_DONE.search(fact.left)
        if fact.role is not FigureRole.AMOUNT or not (left or SPARED.search(fact.left)):
            continue
        own = [f for _i, f in flow.before(at, HEADS) if added_alike(f, fact)]
        own = [f for f in own if f.sentence == fact.sentence]
        if len(own) > 1 and (left is None or own[0].left.rstrip().endswith(left["what"])):
            # 项目预算300万元,实际支出240万元,结余60万元: all that there was is spent or left.
            whole = left is None and _three_alone(flow, fact) and bool(own[1].name.budget)
            whole = (
                whole
                and SPENT.search(own[0].left) is not None
                and LEFT.search(fact.left) is not None
            )
            yield PartList(tuple(own[1:]), (own[0], fact), said=whole, closed=whole)
            for size in range(2, len(own) if left is None else 0):
                # 捐款25万元,汇出20万元,运费0.3万元,余款4.7万元: spent in several parts.
                yield PartList((own[size],), (*reversed(own[:size]), fact), said=False)


__all__ = ["balances", "deficits", "done_and_left", "owned", "sums_behind"]
