"""Facts of a text -> lists that a figure may be the sum of: 其中, brackets, lists over paragraphs, shares that make up a whole, names that belong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gouji.narrative.complete_lists import says_all
from gouji.narrative.flow import AMOUNTS, Flow
from gouji.narrative.lists_below import lists_below, totals_above
from gouji.narrative.mentions import counted_alike
from gouji.narrative.part_list import HEADS, NEAR, ROLES, PartList, added_alike, hundred, opens_list
from gouji.narrative.patterns import FigureRole
from gouji.narrative.relation import TextTerm, add_up, may_be, term
from gouji.narrative.same_kinds import same_kinds
from gouji.narrative.sentence_words import (
    BRACKETS,
    CLOSES,
    COUNTED_OFF,
    LISTED,
    ONLY_SUM,
    RIGHT_BEHIND,
    SUMMED_UP,
)
from gouji.narrative.sums import balances, deficits, done_and_left, owned, sums_behind
from gouji.narrative.text_facts import Fact


def opened(flow: Flow) -> tuple[PartList, ...]:
    """The lists that words open."""
    return (*_marked(flow), *lists_below(flow))


def lists(flow: Flow, opened: Sequence[PartList]) -> Iterator[PartList]:
    """Every list, those that words open first."""
    marked = [*opened, *_counted_off(flow)]
    yield from same_kinds(flow, marked)
    yield from marked
    yield from _beside(flow, marked)
    yield from sums_behind(flow)
    yield from _by_share(flow)
    yield from _by_name(flow)
    near = list(_by_names_near(flow))
    yield from near
    yield from balances(flow)
    yield from owned(flow)
    yield from totals_above(flow)
    yield from deficits(flow)
    yield from done_and_left(flow)
    yield from _by_change(flow, (*marked, *near))


def heads_of_lists(opened: Sequence[PartList]) -> Iterator[tuple[Fact, Fact, bool]]:
    """Each figure of a list that words open, its whole, and whether the list adds up to that."""
    for found in opened:
        terms = tuple(TextTerm(f"p{i}", p.mention) for i, p in enumerate(found.parts))
        if len(terms) < 2 or not found.heads:
            continue
        whole = add_up(terms)
        stated = (TextTerm("stated", h.mention) for h in found.heads)
        good = next((i for i, one in enumerate(stated) if may_be(one, whole)), None)
        if good is not None or found.said:
            yield from ((p, found.heads[good or 0], good is not None) for p in found.parts)


def _whole_alike(whole: Fact, part: Fact) -> bool:
    """Whether a figure may be the sum of others like `part`; what something grew to is an amount."""
    grown = whole.role is FigureRole.FROM and part.role is FigureRole.AMOUNT
    return added_alike(replace(whole, role=part.role) if grown else whole, part)


def _marked(flow: Flow) -> Iterator[PartList]:
    """Lists that a word or a bracket opens."""
    for at, fact in enumerate(flow.facts):
        if at and fact.role in ROLES and fact.mention.kind in AMOUNTS and _opened(flow, fact):
            # Of figures side by side none is the whole, where another may be.
            parts = tuple(_elements(flow, at, fact))
            heads = sorted(_heads(flow, at, fact), key=lambda one: one.run > 1)
            # Of figures before it that of which the patterns know all parts: 三公经费24万元,完成预算30万元的80%,其中 …
            heads.sort(key=lambda one: not all(_part_of(flow, one, p) for p in parts))
            whole = flow.grammar.complete.search(fact.left) is not None
            yield PartList(tuple(heads), parts, bool(heads), complete=whole)


def _opened(flow: Flow, fact: Fact) -> bool:
    bracket = fact.left.startswith(BRACKETS)
    return bracket or flow.grammar.opens.search(fact.left) is not None or _opened_above(flow, fact)


def _opened_above(flow: Flow, fact: Fact) -> bool:
    """Whether a figure is the first of its paragraph, not numbered, and the one above ends in a word that opens a list."""
    number = fact.mention.paragraph
    own, above = flow.paragraphs[number].text, flow.paragraphs[number - 1].text if number else ""
    if flow.in_paragraph(number)[0] is not fact or LISTED.match(own):
        return False
    return any(m.end() == len(above) for m in flow.grammar.opens.finditer(above))


def _heads(flow: Flow, at: int, fact: Fact) -> Iterator[Fact]:
    """Figures that a list may be of, the nearest first."""
    found = 0
    first = at == 0 or flow.paragraph_of(at - 1) != fact.mention.paragraph
    above = fact.mention.paragraph - 1 if first else fact.mention.paragraph
    for _i, one in flow.before(at, 10):
        if one.mention.paragraph != above or found >= HEADS:
            return
        if _whole_alike(one, fact) and one.depth <= fact.depth:
            if one.depth == fact.depth and fact.left.startswith("("):
                continue
            found += 1
            yield one


def _elements(flow: Flow, at: int, first: Fact) -> Iterator[Fact]:
    """The parts from the first one on."""
    nested, found, tight, inner = False, 0, False, first
    budgeted = first.name.budget
    for i in range(at, len(flow.facts)):
        one = flow.facts[i]
        if one.sentence != first.sentence or one.depth < first.depth:
            return
        beside = one.role is not first.role or one.name.budget != budgeted
        if i > at and one.depth == first.depth and not beside and _ends(flow, one):
            return
        if found > 1 and _sums_up(one):
            return
        closes = CLOSES.search(one.left) is not None
        if found >= 2 and tight and closes and one.depth == first.depth and not nested:
            return
        tight = tight or (found == 1 and not closes and added_alike(one, first))
        if one.depth > first.depth or not added_alike(one, first):
            continue
        if i > at and opens_list(flow, one):
            nested = True
            inner = next((f for _i, f in flow.before(i, 6) if f.name.item), first)
        elif nested and CLOSES.search(one.left) and not _part_of(flow, inner, one):
            nested = False
        if not nested and one.name.budget == budgeted:
            found += 1
            yield one


def _sums_up(one: Fact) -> bool:
    """Whether a figure is said to be the sum of those before it."""
    return bool(SUMMED_UP.search(one.left) or ONLY_SUM.fullmatch(one.left))


def _part_of(flow: Flow, head: Fact, one: Fact) -> bool:
    """Whether the patterns say that a figure is a part of what stands before a list within a list."""
    return (one.name.item or "?") in flow.grammar.inner(head.name.item or "")


def _ends(flow: Flow, one: Fact) -> bool:
    """Whether something else begins before a figure of the same kind. What stands before a semicolon still speaks of the part before."""
    if one.role not in ROLES or one.mention.kind not in AMOUNTS:
        return False
    own = one.left.rpartition(";")[2]
    said = own.removesuffix(one.frame) if one.frame else own
    return flow.grammar.stops.search(said) is not None


def _beside(flow: Flow, marked: Sequence[PartList]) -> Iterator[PartList]:
    """A second figure right behind each figure of a list (低保对象12户30人,其中:城市5户12人,农村7户18人): a separate list."""
    for found in marked:
        parts = [_right_behind(flow, one) for one in found.parts]
        alike = tuple(p for p in parts if p is not None)
        if len(alike) == len(parts) > 1 and all(added_alike(alike[0], p) for p in alike):
            before = (f for _i, f in flow.before(flow.place_of(found.parts[0]), HEADS))
            of = tuple(f for f in before if f.sentence == alike[0].sentence)
            of = tuple(f for f in of if added_alike(f, alike[0]))
            yield PartList(of, alike, bool(of) and found.said)


def _right_behind(flow: Flow, fact: Fact) -> Fact | None:
    """The amount of another kind that stands behind a figure with hardly a word between them."""
    behind = flow.facts[flow.place_of(fact) + 1 : flow.place_of(fact) + 2]
    near = behind and behind[0].sentence == fact.sentence and RIGHT_BEHIND.fullmatch(behind[0].left)
    if not near or counted_alike(behind[0].mention, fact.mention):
        return None
    return behind[0] if behind[0].role in ROLES and behind[0].mention.kind in AMOUNTS else None


def _counted_off(flow: Flow) -> Iterator[PartList]:
    """Parts that a paragraph counts off (一是 … 二是 …): the first figure of each, of the kind that stands before them."""
    for number, masked in enumerate(flow.paragraphs):
        marks = [m.end() for m in COUNTED_OFF.finditer(masked.text)]
        if len(marks) < 2:
            continue
        own = [f for f in flow.in_paragraph(number) if f.role in ROLES]
        heads = [f for f in own if f.mention.sign < marks[0] and f.mention.kind in AMOUNTS]
        for head in reversed(heads[-HEADS:]):
            ends = (*marks[1:], len(masked.text))
            firsts = [
                next((f for f in own if a <= f.mention.sign < b and added_alike(f, head)), None)
                for a, b in zip(marks, ends, strict=True)
            ]
            parts = tuple(f for f in firsts if f is not None)
            # What is called a total, right before as many parts with a figure each.
            whole = head is heads[-1] and len(parts) == len(marks)
            whole = whole and says_all(flow, head, marks[0])
            yield PartList((head,), parts, said=whole, longest=True, complete=whole)


def _by_share(flow: Flow) -> Iterator[PartList]:
    """Figures whose printed shares of one whole make it up."""
    runs: dict[tuple[int, int], list[int]] = {}
    for at, whole in flow.wholes.items():
        runs.setdefault((id(whole.mention), -1), []).append(at)
        runs.setdefault((id(whole.mention), flow.facts[at].sentence), []).append(at)
    for places in runs.values():
        whole = flow.wholes[places[0]]
        own = [at for at in places if flow.facts[at].depth == flow.facts[places[0]].depth]
        rates = [flow.facts[at].mention for at in own]
        parts = tuple(dict.fromkeys(flow.parts[at] for at in own))
        if len(parts) > 1 and len(parts) == len(own) and hundred(rates) and whole not in parts:
            yield PartList((whole,), parts)


def _by_name(flow: Flow) -> Iterator[PartList]:
    """An item and all its parts in one paragraph, each once; budgets with budgets."""
    here = _items(flow)
    for (paragraph, name, budget), found in here.items():
        item = flow.grammar.items[name]
        parts = [p for part in item.parts for p in _own(flow, here, paragraph, part, budget)]
        if parts and len(found) == 1 and all(len(p) == 1 for p in parts):
            yield PartList((found[0],), tuple(p[0] for p in parts), said=False)


# By paragraph, item and whether it is a budget: the amounts.
ByItem = dict[tuple[int, str, bool], list[Fact]]


def _items(flow: Flow) -> ByItem:
    here: ByItem = {}
    for fact in flow.facts:
        if (
            fact.role is FigureRole.AMOUNT
            and fact.mention.kind in AMOUNTS
            and fact.name.item
            and not fact.name.prior
        ):
            key = (fact.mention.paragraph, fact.name.item, bool(fact.name.budget))
            here.setdefault(key, []).append(fact)
    return here


def _own(flow: Flow, here: ByItem, paragraph: int, name: str, budget: bool) -> list[list[Fact]]:
    """The figures of an item; where it has none, those of its parts."""
    item = flow.grammar.items.get(name)
    if (paragraph, name, budget) not in here and item is not None and item.parts:
        return [here.get((paragraph, part, budget), []) for part in item.parts]
    return [here.get((paragraph, name, budget), [])]


def _by_names_near(flow: Flow) -> Iterator[PartList]:
    """All parts of an item near one another, whose whole may stand anywhere before; changes of some of them."""
    wholes = _wholes(flow)
    for role in ROLES:
        own = [f for f in flow.facts if f.role is role and f.name.item and not f.name.prior]
        heads = dict[str, list[Fact]]()
        for at, first in enumerate(own):
            for whole, parts in wholes.get(first.name.item or "", ()):
                near = [f for f in own[at : at + NEAR] if _as_planned(f) is _as_planned(first)]
                found = _parts_near(near, parts)
                if len(found) == len(parts) or (role is FigureRole.CHANGE and len(found) > 1):
                    # The whole may stand behind them too: 其中 … 。三公经费共计 …
                    behind = [f for f in own[at + 1 : at + 1 + NEAR] if f.name.item == whole]
                    of = (*reversed(heads.get(whole, [])[-HEADS:]), *behind)
                    right = len(found) == len(parts) and bool(of) and _right_below(of[0], found)
                    yield PartList(of, tuple(found), said=right, anywhere=role is FigureRole.AMOUNT)
            heads.setdefault(first.name.item or "", []).append(first)


def _as_planned(fact: Fact) -> bool:
    """Whether a figure is of a budget: budgets and accounts make up no sum."""
    return bool(fact.name.budget)


def _right_below(head: Fact, parts: Sequence[Fact]) -> bool:
    """Whether the parts of an item stand in the paragraphs right below it, one in each, of the same year and account."""
    places = [p.mention.paragraph for p in (head, *parts)]
    alike = all(p.name.budget == head.name.budget and added_alike(p, head) for p in parts)
    return alike and places == list(range(places[0], places[0] + len(places)))


def _wholes(flow: Flow) -> Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]:
    """By the name of a part the items that it is a part of, with their parts; a part that has parts may be said by those."""
    made = dict[str, list[tuple[str, tuple[str, ...]]]]()
    for item in flow.grammar.items.values():
        inner = [flow.grammar.items.get(p) for p in item.parts]
        parts = [p.parts if p is not None else () for p in inner]
        split = tuple(q for p, own in zip(item.parts, parts, strict=True) for q in own or (p,))
        for one in dict.fromkeys((item.parts, split)):
            for part in one:
                made.setdefault(part, []).append((item.name, one))
    return made


def _parts_near(near: Sequence[Fact], parts: Sequence[str]) -> list[Fact]:
    found = (next((f for f in near if f.name.item == part), None) for part in parts)
    return sorted(
        (f for f in found if f is not None),
        key=lambda f: f.mention.paragraph * 10**6 + f.mention.at,
    )


def _by_change(flow: Flow, marked: Sequence[PartList]) -> Iterator[PartList]:
    """Changes of the parts of a list beside the change of its whole."""
    moved = _moved(flow)
    for found in marked:
        heads = tuple(moved[id(h.mention)] for h in found.heads if id(h.mention) in moved)
        parts = tuple(moved[id(p.mention)] for p in found.parts if id(p.mention) in moved)
        if len(parts) < len(found.parts):
            # Of some parts no change is told: the others make it up to the last place, or by chance.
            heads = tuple(h for h in heads if _exactly(h, parts))
        yield PartList(heads, parts, said=False)


def _exactly(head: Fact, parts: Sequence[Fact]) -> bool:
    terms = [term("", p) for p in parts]
    return bool(terms) and term("", head).printed.value == add_up(terms).value


def _moved(flow: Flow) -> dict[int, Fact]:
    """By the identity of an amount how much it changed: the first change behind it in its sentence."""
    made, last = dict[int, Fact](), None
    for fact in flow.facts:
        if fact.role is FigureRole.AMOUNT and fact.mention.kind in AMOUNTS and not fact.name.prior:
            last = fact
        elif last is not None and _its_change(last, fact):
            made.setdefault(id(last.mention), fact)
    return made


def _its_change(amount: Fact, fact: Fact) -> bool:
    same = amount.sentence == fact.sentence and amount.mention.kind is fact.mention.kind
    return same and fact.role is FigureRole.CHANGE and not fact.name.key


__all__ = ["heads_of_lists", "lists", "opened"]
