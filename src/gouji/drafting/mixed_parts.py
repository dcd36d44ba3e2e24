"""A clause of several parts, each with its points and its own way of earning them -> parts, or nothing where they do not come to the weight."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from gouji.base.i18n import _
from gouji.drafting.clause_events import EDGE, TOKEN, said_in
from gouji.drafting.clause_grammar import ClauseGrammar
from gouji.drafting.clause_parts import NumberedClause
from gouji.drafting.clause_reading import (
    BandsClause,
    Cases,
    ChecklistClause,
    ClauseItem,
    ClausePart,
    ClauseReading,
    ClauseRefused,
    PartsClause,
    Proportion,
    StepsClause,
    WithinClause,
)
from gouji.drafting.mask import MaskedClause, mask

_SENTENCE = re.compile(r"(?<=[。;\n])")
_POINTS_END = re.compile("(?<=分),")
# What begins so is no further part, but says more of the one before.
_AGAIN = re.compile("[再另][得加计]")
_GOES_ON = ("再", "另", "其中", "全部", "每", "但", "并", "且", "直至", "最")
_MEASURED = StepsClause | Cases | BandsClause | WithinClause | Proportion
_ABOUT = re.compile(r"[\d≥≤<>=,。;]")
_JOINING = "达到在为的于是大小高低超过不"
# What is taken for granted in one part, and has to be looked at.
_TOLD = ("full_at", "percent_is", "direction", "bands", "points", "method")
Parts = Sequence[tuple[str, Fraction]]


def parts_of_list(listed: NumberedClause, grammar: ClauseGrammar) -> Parts:
    """The points of a list with what each prints as its own; none where one prints nothing, or something is said around the list."""
    around = said_in(mask(f"{listed.head};{listed.tail}", grammar), grammar)
    if around.left() or any(e.says != "limit" for e in around.events):
        return ()
    return _with_points(listed.points, grammar)


def parts_of_sentences(text: str, grammar: ClauseGrammar) -> Parts:
    """Sentences, each with those behind it that print no points of their own."""
    made: list[str] = []
    for sentence in filter(None, _SENTENCE.split(text)):
        if made and _own(mask(sentence, grammar)) is None:
            made[-1] += sentence
        else:
            made.append(sentence)
    return _with_points(made, grammar)


def parts_of_commas(text: str, grammar: ClauseGrammar) -> Parts:
    """Parts of one sentence, each ending in its points (覆盖率达100%得2分,报告完整得2分); none where one of them speaks of the one before."""
    pieces = _POINTS_END.split(text.rstrip(EDGE))
    goes_on = (*grammar.negative, *grammar.words["else"], *grammar.words["less"], *_GOES_ON)
    if any(piece.startswith(goes_on) or _AGAIN.search(piece) for piece in pieces[1:]):
        return ()
    return _with_points(pieces, grammar)


def _with_points(texts: Sequence[str], grammar: ClauseGrammar) -> Parts:
    found = [(text, _own(mask(text, grammar))) for text in texts]
    known = [(text, points) for text, points in found if points]
    return known if len(known) == len(found) > 1 else ()


def _own(masked: MaskedClause) -> Fraction | None:
    """The points that a text prints first, where it earns them."""
    tokens = [masked.token(m[2]) for m in TOKEN.finditer(masked.text)]
    first = next((t for t in tokens if t.kind in "SBFZTQ"), None)
    caps = [t.number for t in tokens if t.kind == "K" and t.number]
    if first is not None and first.kind == "T" and len(caps) == 1:
        # 每少1%扣0.5分, 最高扣10分: the most that can be lost is what the sentence is worth.
        return caps[0]
    return first.number if first is not None and first.kind in "SB" and not first.unit else None


def read_parts(
    parts: Parts, weight: Fraction | None, read: Callable[[str, Fraction], ClauseReading]
) -> ClauseReading | None:
    """Parts that come to the weight, not all of them items; None where they do not. Raises ClauseRefused where one of them is not read."""
    if not parts or weight is None or sum(points for _text, points in parts) != weight:
        return None
    readings = [(text.strip(EDGE), points, read(text, points)) for text, points in parts]
    made = [_part(*one) for one in readings]
    if None in made or not any(p is not None and p.measured for p in made):
        return None
    known = _items_together([p for p in made if p is not None])
    _different(known)
    inferred = {"parts": _("几部分各有各的分，加起来是这一项的分值")}
    inferred |= {k: v for _t, _p, r in readings for k, v in r.inferred.items() if k == "reading"}
    asked = [q for _t, _p, r in readings for q in r.questions]
    told = [f"{t}：{v}" for t, _p, r in readings for k, v in r.inferred.items() if k in _TOLD]
    return ClauseReading(PartsClause(tuple(known)), inferred, (*asked, *told), weight=weight)


def _part(text: str, points: Fraction, reading: ClauseReading) -> ClausePart | None:
    match reading.method:
        case ChecklistClause(items=(item,), additive=False):
            return ClausePart(text, points, ChecklistClause((ClauseItem(item.text, points),), True))
        case ChecklistClause(additive=True) as items:
            return ClausePart(text, points, items)
        case StepsClause() | Cases() | BandsClause() | WithinClause() | Proportion() as measured:
            return ClausePart(text, points, measured)
    return None


def _items_together(parts: list[ClausePart]) -> list[ClausePart]:
    """All items as one part, where the first of them stood."""
    items = [p for p in parts if isinstance(p.method, ChecklistClause)]
    if len(items) < 2:
        return parts
    listed = tuple(
        i for p in items if isinstance(p.method, ChecklistClause) for i in p.method.items
    )
    whole = ClausePart(
        "、".join(i.text for i in listed),
        sum((p.points for p in items), Fraction(0)),
        ChecklistClause(listed, True),
    )
    return [whole if p is items[0] else p for p in parts if p is items[0] or p not in items]


def _different(parts: list[ClausePart]) -> None:
    """Raises Refused where two parts, or two items, may be one thing: their words up to the first figure are alike."""
    about = [_ABOUT.split(p.text)[0].rstrip(_JOINING) for p in parts if p.measured]
    items = [i.text for p in parts if isinstance(p.method, ChecklistClause) for i in p.method.items]
    for texts in (about, items):
        if len(set(texts)) != len(texts) or not all(texts):
            raise ClauseRefused(_("有两个要点的文字相同，或是空的"))
