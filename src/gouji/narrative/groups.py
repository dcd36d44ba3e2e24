"""Lists of parts -> relations: 其中, brackets, lists that go on over paragraphs, shares that make up a whole, names that belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.narrative.facts import Fact
from gouji.narrative.flow import AMOUNTS, Flow, called
from gouji.narrative.mentions import Kind, Mention
from gouji.narrative.patterns import Role
from gouji.narrative.relation import Open, Relation, Says, Term, fits, judged, term
from gouji.narrative.words import (
    BRACKETS,
    CLOSES,
    LISTED,
    LISTED_SIGNS,
    LISTED_WORDS,
    OPENS_BELOW,
)

ROLES = (Role.AMOUNT, Role.CHANGE)
HEADS = 4


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: the figure it belongs to, its parts, whether nothing else can belong to it; `said`: a word says that it is one."""

    heads: tuple[Fact, ...]
    parts: tuple[Fact, ...]
    said: bool = True


def groups(flow: Flow) -> Iterator[Relation]:
    """The relation of every list, each once."""
    done = set[frozenset[int]]()
    for found in (*_marked(flow), *_over_paragraphs(flow), *_by_share(flow), *_by_name(flow)):
        parts = frozenset(id(p.mention) for p in found.parts)
        if len(found.parts) < 2 or parts in done or not found.heads:
            continue
        made = _judged(flow, found)
        if made is not None:
            done.add(parts)
            yield made


def _judged(flow: Flow, found: Listed) -> Relation | None:
    terms = _terms(found.parts)
    made = [judged(Says.PARTS, term("stated", head), terms) for head in found.heads]
    good = next((i for i, one in enumerate(made) if fits(one)), None)
    if good is not None:
        note = _("整体读作 {name}").format(name=called(found.heads[good]))
        return made[good] if good == 0 else replace(made[good], note=note)
    if not found.said:
        return None
    shorter = _shorter(found)
    if shorter is not None:
        return shorter
    reason = _doubt(flow, found, made[0]) if made[0].verdict is Verdict.UNBALANCED else None
    if reason is None:
        return made[0]
    return replace(made[0], verdict=Verdict.UNASSESSABLE, reason=reason)


def _shorter(found: Listed) -> Relation | None:
    """What stands behind the last part may belong to something else: the longest beginning of the list that adds up."""
    for size in range(len(found.parts) - 1, 1, -1):
        terms = _terms(found.parts[:size])
        for head in found.heads:
            made = judged(Says.PARTS, term("stated", head), terms)
            if fits(made) and made.stated.printed.value:
                last = called(found.parts[size - 1])
                return replace(made, note=_("各项读到 {name} 为止").format(name=last))
    return None


def _terms(parts: Sequence[Fact]) -> tuple[Term, ...]:
    return tuple(
        Term(f"p{i}", p.mention, term("", p).sign, p.name.key) for i, p in enumerate(parts)
    )


def _doubt(flow: Flow, found: Listed, made: Relation) -> Open | None:
    """Why a list that does not add up may be right all the same."""
    head = found.heads[0]
    if any(p.mention.about for p in (head, *found.parts)):
        return Open.ABOUT
    if any(p.name.partly for p in found.parts):
        return Open.NAME
    if _closed(flow, head, found.parts):
        return None
    total = sum((t.printed.value for t in made.terms), Fraction(0))
    return Open.PARTIAL if total < made.stated.printed.value else Open.READING


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
    rates = [
        flow.facts[at].mention for at, part in flow.parts.items() if any(part is p for p in parts)
    ]
    return len(rates) == len(parts) and _hundred(rates)


def _hundred(rates: Sequence[Mention]) -> bool:
    total = sum((r.value for r in rates), Fraction(0))
    return abs(total - 1) <= sum((r.half for r in rates), Fraction(0))


def _alike(a: Fact, b: Fact) -> bool:
    """Whether two figures can be added up."""
    same = a.mention.kind is b.mention.kind and a.role is b.role
    return same and (a.mention.kind is Kind.AMOUNT or a.mention.unit == b.mention.unit)


def _marked(flow: Flow) -> Iterator[Listed]:
    """Lists that a word or a bracket opens."""
    for at, fact in enumerate(flow.facts):
        if at and fact.role in ROLES and fact.mention.kind in AMOUNTS and _opened(flow, fact):
            heads = tuple(_heads(flow, at, fact))
            yield Listed(heads, tuple(_elements(flow, at, fact)), bool(heads))


def _opened(flow: Flow, fact: Fact) -> bool:
    return fact.left.startswith(BRACKETS) or flow.grammar.opens.search(fact.left) is not None


def _heads(flow: Flow, at: int, fact: Fact) -> Iterator[Fact]:
    """Figures that a list may be of, the nearest first."""
    found = 0
    first = at == 0 or flow.paragraph_of(at - 1) != fact.mention.paragraph
    above = fact.mention.paragraph - 1 if first else fact.mention.paragraph
    for _i, one in flow.before(at, 10):
        if one.mention.paragraph != above or found >= HEADS:
            return
        if _alike(one, fact) and one.depth <= fact.depth:
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
        closes = CLOSES.search(one.left) is not None
        if found >= 2 and tight and closes and one.depth == first.depth and not nested:
            return
        tight = tight or (found == 1 and not closes and _alike(one, first))
        if one.depth > first.depth or not _alike(one, first):
            continue
        if i > at and flow.grammar.opens.search(one.left):
            nested = True
            inner = next((f for _i, f in flow.before(i, 6) if f.name.item), first)
        elif nested and CLOSES.search(one.left) and not _part_of(flow, inner, one):
            nested = False
        if not nested and one.name.budget == budgeted:
            found += 1
            yield one


def _part_of(flow: Flow, head: Fact, one: Fact) -> bool:
    """Whether the patterns say that a figure is a part of what stands before a list within a list."""
    item = flow.grammar.items.get(head.name.item or "")
    return item is not None and one.name.item in item.parts


def _ends(flow: Flow, one: Fact) -> bool:
    """Whether something else begins before a figure of the same kind. What stands before a semicolon still speaks of the part before."""
    if one.role not in ROLES or one.mention.kind not in AMOUNTS:
        return False
    own = one.left.rpartition(";")[2]
    said = own.removesuffix(one.frame) if one.frame else own
    return flow.grammar.stops.search(said) is not None


def _over_paragraphs(flow: Flow) -> Iterator[Listed]:
    """A paragraph that ends in a word that opens a list; the parts are the first figures of the numbered paragraphs below."""
    firsts = _firsts(flow)
    for number, masked in enumerate(flow.paragraphs):
        if not OPENS_BELOW.search(masked.text):
            continue
        own = [
            f
            for f in flow.facts
            if f.mention.paragraph == number
            and f.role is Role.AMOUNT
            and f.mention.kind is Kind.AMOUNT
        ]
        if not own:
            continue
        parts = list[Fact]()
        for below in range(number + 1, len(flow.paragraphs)):
            text = flow.paragraphs[below].text
            style = _style(text)
            if not style or style != _style(flow.paragraphs[number + 1].text):
                break
            if below not in firsts or not _alike(firsts[below], own[-1]):
                break
            parts.append(firsts[below])
        yield Listed(tuple(reversed(own[-HEADS:])), tuple(parts))


def _style(text: str) -> str:
    """How an item of a list is numbered: by its first sign; nothing where it is none."""
    found = LISTED.match(text)
    if found is None:
        return ""
    return found[0] if found[0] in LISTED_SIGNS else LISTED_WORDS


def _firsts(flow: Flow) -> dict[int, Fact]:
    """The first amount of every paragraph; the account where a budget stands before it."""
    found = dict[int, Fact]()
    for fact in flow.facts:
        number = fact.mention.paragraph
        if fact.role is Role.AMOUNT and fact.mention.kind is Kind.AMOUNT:
            known = found.get(number)
            if known is None or (
                known.name.budget and fact.name.budget is False and known.name.like(fact.name)
            ):
                found[number] = fact
    return found


def _by_share(flow: Flow) -> Iterator[Listed]:
    """Figures whose printed shares of one whole make it up."""
    runs: dict[int, list[int]] = {}
    for at, whole in flow.wholes.items():
        runs.setdefault(id(whole.mention), []).append(at)
    for places in runs.values():
        whole = flow.wholes[places[0]]
        own = [at for at in places if flow.facts[at].depth == flow.facts[places[0]].depth]
        rates = [flow.facts[at].mention for at in own]
        parts = tuple(dict.fromkeys(flow.parts[at] for at in own))
        if len(parts) > 1 and len(parts) == len(own) and _hundred(rates) and whole not in parts:
            yield Listed((whole,), parts)


def _by_name(flow: Flow) -> Iterator[Listed]:
    """An item and all its parts in one paragraph, each once."""
    here: dict[tuple[int, str], list[Fact]] = {}
    for fact in flow.facts:
        if (
            fact.role is Role.AMOUNT
            and fact.mention.kind in AMOUNTS
            and fact.name.item
            and not fact.name.prior
            and not fact.name.budget
        ):
            here.setdefault((fact.mention.paragraph, fact.name.item), []).append(fact)
    for (paragraph, name), found in here.items():
        item = flow.grammar.items[name]
        parts = [p for part in item.parts for p in _own(flow, here, paragraph, part)]
        if parts and len(found) == 1 and all(len(p) == 1 for p in parts):
            yield Listed((found[0],), tuple(p[0] for p in parts), said=False)


def _own(
    flow: Flow, here: dict[tuple[int, str], list[Fact]], paragraph: int, name: str
) -> list[list[Fact]]:
    """The figures of an item; where it has none, those of its parts."""
    item = flow.grammar.items.get(name)
    if (paragraph, name) not in here and item is not None and item.parts:
        return [here.get((paragraph, part), []) for part in item.parts]
    return [here.get((paragraph, name), [])]


__all__ = ["Listed", "groups"]
