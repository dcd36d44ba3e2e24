"""Lists of parts -> relations: the whole is the sum of its parts, where that is certain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.narrative.complete_lists import leaves_no_doubt
from gouji.narrative.flow import Flow, called
from gouji.narrative.listed import lists
from gouji.narrative.part_list import PartList, added_alike, hundred
from gouji.narrative.patterns import FigureRole
from gouji.narrative.relation import (
    Open,
    Says,
    TextRelation,
    TextTerm,
    add_up,
    fits,
    judged,
    may_be,
    term,
)
from gouji.narrative.text_facts import Fact

# Digits that a sum needs to be told from one that comes out by chance, and how far before a list its whole may stand.
DIGITS, FAR = 4, 60
# So many sums of parts are looked at.
SUMS_AT_MOST = 5_000


def groups(flow: Flow, opened: Sequence[PartList]) -> Iterator[TextRelation]:
    """The relation of every list, each once. Parts of one sum are no parts of one another, where only rounding makes it fit."""
    made = list(_each(flow, opened))
    # By the identity of a part the sums it is a part of.
    sums = dict[int, list[set[int]]]()
    for one in made:
        if one.verdict is Verdict.BALANCED:
            parts = {id(t.mention) for t in one.terms}
            for part in parts:
                sums.setdefault(part, []).append(parts)
    for one in made:
        if one.verdict is not Verdict.WITHIN_ROUNDING or not _within_a_sum(one, sums):
            yield one


def _within_a_sum(one: TextRelation, sums: Mapping[int, Sequence[set[int]]]) -> bool:
    """Whether the whole of a list is a part of a sum that another figure of the list is a part of too."""
    own = {id(m) for m in one.mentions if m.value}
    stated = id(one.stated.mention)
    return stated in own and any(len(s & own) > 1 for s in sums.get(stated, ()))


def _each(flow: Flow, opened: Sequence[PartList]) -> Iterator[TextRelation]:
    done, taken, open_ = set[frozenset[int]](), set[int](), set[frozenset[int]]()
    for found in lists(flow, opened):
        made = _judged(flow, found, taken)
        if made is None:
            continue
        parts = frozenset(id(t.mention) for t in made.terms)
        # Zeros may stand anywhere: a list is the same without them.
        told = frozenset(id(t.mention) for t in made.terms if t.mention.value)
        told |= {id(made.stated.mention)}
        if made.verdict is Verdict.UNASSESSABLE and (parts in open_ or parts <= taken):
            # Told already, or every part is known to be of another whole.
            continue
        if parts not in done and told not in done:
            # What is not known to be all of one figure may be all of another: 甲5万元,乙3万元,两项合计8万元.
            if made.verdict is Verdict.UNASSESSABLE:
                open_.add(parts)
            else:
                done |= {parts, told}
            taken |= parts if fits(made) else set()
            yield made


def _judged(flow: Flow, found: PartList, taken: set[int]) -> TextRelation | None:
    if len(found.parts) < 2:
        return _longer(flow, found) if found.parts and found.said else None
    terms = _terms(found.parts)
    found_sum = add_up(terms)
    stated = [term("stated", head) for head in found.heads]
    good = next((i for i, one in enumerate(stated) if may_be(one, found_sum)), None)
    if good is not None:
        note = _("整体读作 {name}").format(name=called(found.heads[good])) if good else ""
        return judged(Says.PARTS, stated[good], terms, note)
    other = None if found.closed else _otherwise(flow, found)
    if other is not None or not found.said or not stated:
        return other
    made = judged(Says.PARTS, stated[0], terms)
    reason = _doubt(flow, found, made)
    if reason is None and id(found.heads[0].mention) in taken and not _in_bracket(flow, found):
        # What is a part of another list is hardly the whole of this one.
        reason = Open.READING
    if reason is None:
        return made
    return replace(made, verdict=Verdict.UNASSESSABLE, reason=reason)


def _in_bracket(flow: Flow, found: PartList) -> bool:
    """Whether a list stands in the bracket right behind its whole (财政拨款收入95万元(…)): it belongs to nothing else."""
    first = found.parts[0]
    behind = flow.place_of(first) - flow.place_of(found.heads[0]) == 1
    return behind and first.left.startswith("(")


def _otherwise(flow: Flow, found: PartList) -> TextRelation | None:
    """What adds up where the list as it stands does not: fewer parts, more parts, a figure further away."""
    made: TextRelation | None = None
    if found.said or found.longest:
        made = _shorter(found)
    if made is None and found.said:
        made = _longer(flow, found)
    if made is None and (found.said or found.anywhere):
        made = _far(flow, found)
    return made


def _longer(flow: Flow, found: PartList) -> TextRelation | None:
    """The list may go on in the next sentences of its paragraph: the shortest one that adds up to the last place."""
    parts, last = list(found.parts), found.parts[-1]
    for one in flow.facts[flow.place_of(last) + 1 :]:
        if one.mention.paragraph != last.mention.paragraph:
            return None
        if one.depth != last.depth or not added_alike(one, last):
            continue
        parts.append(one)
        if sum(p.mention.value != 0 for p in parts) < 2 and not parts[0].mention.value:
            continue
        terms = _terms(parts)
        found_sum = add_up(terms)
        for head in found.heads:
            stated = term("stated", head)
            if stated.printed.value == found_sum.value != 0:
                note = _("各项读到 {name} 为止").format(name=called(one))
                return judged(Says.PARTS, stated, terms, note)
    return None


def _far(flow: Flow, found: PartList) -> TextRelation | None:
    """A figure before the list, further away, that it adds up to in digits enough to be no chance."""
    first, terms = found.parts[0], _terms(found.parts)
    if sum(t.printed.value != 0 for t in terms) < 2:
        return None
    found_sum = add_up(terms)
    for _i, one in flow.before(flow.place_of(first), FAR):
        digits = sum(c.isdigit() for c in one.mention.printed.lstrip("0.,"))
        if digits < DIGITS or not added_alike(one, first):
            continue
        stated = term("stated", one)
        if stated.printed.value == found_sum.value or (
            digits > DIGITS and may_be(stated, found_sum)
        ):
            note = _("整体读作 {name}").format(name=called(one))
            return judged(Says.PARTS, stated, terms, note)
    return None


def _shorter(found: PartList) -> TextRelation | None:
    """What stands behind the last part may belong to something else: the longest beginning of the list that adds up."""
    every = _terms(found.parts)
    for size in range(len(found.parts) - 1, 1, -1):
        terms = every[:size]
        found_sum = add_up(terms)
        for head in found.heads:
            stated = term("stated", head)
            if stated.mention.value and may_be(stated, found_sum):
                note = _("各项读到 {name} 为止").format(name=called(found.parts[size - 1]))
                return judged(Says.PARTS, stated, terms, note)
    return None


def _terms(parts: Sequence[Fact]) -> tuple[TextTerm, ...]:
    return tuple(term(f"p{i}", p) for i, p in enumerate(parts))


def _doubt(flow: Flow, found: PartList, made: TextRelation) -> Open | None:
    """Why a list that does not add up may be right all the same."""
    head = found.heads[0]
    if any(p.mention.about for p in (head, *found.parts)):
        return Open.ABOUT
    if not found.closed and any(p.name.partly for p in found.parts):
        return Open.NAME
    if _closed(flow, head, found.parts):
        return None
    if leaves_no_doubt(flow, found) and not _some_fit(made):
        return None
    if found.closed:
        return Open.READING if _some_fit(made) else None
    total = sum((t.printed.value for t in made.terms), Fraction(0))
    if total < made.stated.printed.value:
        return Open.PARTIAL
    return None if _too_much(flow, head, found, made) else Open.READING


def _too_much(flow: Flow, head: Fact, found: PartList, made: TextRelation) -> bool:
    """Whether parts that exceed their whole can be no other reading: the patterns know each as a part of it, and none as a part of another.

    Of other lists that is not known: 党员50人,其中:女性30人,少数民族25人 is right.
    """
    alike = all(p.role is FigureRole.AMOUNT for p in (head, *found.parts))
    if not alike or any(t.printed.value < 0 for t in made.terms):
        return False
    named = [p.name.item or "" for p in found.parts]
    inner = {name: flow.grammar.inner(name) for name in {*named, head.name.item or ""}}
    known = all(name in inner[head.name.item or ""] for name in named)
    return known and not any(a == b or a in inner[b] for a, b in permutations(named, 2))


def _some_fit(made: TextRelation) -> bool:
    """Whether some of the parts make up the whole: others may be parts of parts."""
    whole = made.stated.printed.value
    halves = sum((t.mention.half for t in made.terms), made.stated.mention.half)
    sums = {Fraction(0)}
    for one in made.terms:
        sums |= {s + one.printed.value for s in sums}
        if len(sums) > SUMS_AT_MOST:
            return True
    return any(abs(s - whole) <= halves for s in sums)


def _closed(flow: Flow, head: Fact, parts: Sequence[Fact]) -> bool:
    """Whether the parts are all there are: the patterns say so, or their printed shares make up the whole."""
    item = flow.grammar.items.get(head.name.item or "")
    named = [p.name.item for p in parts]
    if (
        item is not None
        and item.parts
        and set(named) == set(item.parts)
        and len(named) == len(item.parts)
    ):
        return True
    places = [at for at, part in flow.parts.items() if any(part is p for p in parts)]
    # Shares that are known to be of another figure close no list of this one.
    own = all(flow.wholes.get(at, head) is head for at in places)
    return own and len(places) == len(parts) and hundred([flow.facts[at].mention for at in places])


__all__ = ["groups"]
