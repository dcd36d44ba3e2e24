"""A clause that itself prints the formula of its points (该项得分=(某得分/110)×30分) -> proportion, or nothing where it prints none."""

from __future__ import annotations

import re
from fractions import Fraction

from gouji.base.i18n import _
from gouji.drafting.bounds import figure_alone
from gouji.drafting.clause_events import TOKEN, bound_of, check_caps, plain_text, points_of, said_in
from gouji.drafting.clause_grammar import ClauseGrammar
from gouji.drafting.clause_parts import scored, split_definitions
from gouji.drafting.clause_reading import ClauseReading, ClauseRefused, Proportion
from gouji.drafting.mask import ClauseToken, mask

# 按照“目标完成率”计分, in front of the formula that says how.
_BY_IT = re.compile(r"按照?[^。;,\d]{1,24}计分[,;。:]")


def _beside_formula(
    rest: str, full: Fraction, weight: Fraction | None, grammar: ClauseGrammar
) -> list[str]:
    """Figures that a formula leaves over; the range from which full marks are given anyway is none of them."""
    said = said_in(mask(rest, grammar), grammar)
    check_caps(said, weight)
    bands = said.of("band")
    same = [
        e
        for e in bands
        if (b := bound_of(e.token("R"))).low is not None
        and b.low.at == full
        and (b.high is None or figure_alone(b))
        and points_of(e.token("P"), weight) == weight
    ]
    others = [t.text for e in bands if e not in same for t in e.tokens.values()]
    events = [e for e in said.events if e.says not in ("band", "cap", "limit")]
    more = [e.text for e in events]
    points = [t for t in said.left() if t.kind in "SB" and t.number == weight]
    left = [
        t for t in said.left() if t.kind not in "HKL" and t not in points and not _below(t, full)
    ]
    return [*others, *more, *(t.text for t in left)]


def _plain_words(text: str, grammar: ClauseGrammar, allowed: tuple[str, ...]) -> None:
    """Raises ClauseRefused where words around a formula speak of points in a way that it does not."""
    said = said_in(mask(split_definitions(text)[0], grammar), grammar)
    plain_text(said.masked.unmasked(TOKEN.sub("", said.rest)), grammar, allowed)


def _below(token: ClauseToken, full: Fraction) -> bool:
    """到位率<100%的, in front of a formula: all that lies below full marks."""
    if token.kind != "R":
        return False
    bound = bound_of(token)
    return bound.low is None and bound.high is not None and bound.high.at == full


def read_formula(
    normal: str, weight: Fraction | None, grammar: ClauseGrammar, shared: int
) -> ClauseReading | None:
    """该项得分=(某得分/110)×30分, 得分=完成率×分值."""
    found = scored(normal)
    if found is None:
        return None
    groups = found.groupdict()
    full = Fraction(groups["full"]) if groups.get("full") else Fraction(1)
    points = Fraction(groups["points"]) if groups.get("points") else None
    rest = split_definitions(normal[: found.start()] + normal[found.end() :])[0]
    left = _beside_formula(rest, full, points or weight, grammar)
    _plain_words(_BY_IT.sub("", normal[: found.start()]), grammar, ("折算",))
    _plain_words(normal[found.end() :], grammar, ())
    if left or not full:
        raise ClauseRefused(_("条文里有没用上的数"), *left)
    if points is not None and weight is not None and points != weight * shared:
        raise ClauseRefused(_("公式里的分不是这一项的分值"), found[0])
    inferred = {
        "measure": _("公式里的“{name}”由谁给、在哪里，条文没有写").format(name=groups["name"])
    }
    if shared > 1:
        inferred["weight"] = _("几行合用一个公式，各行的分值由表里的分值定")
    return ClauseReading(
        Proportion(full),
        inferred,
        weight=points if shared == 1 else None,
        measured_by=groups["name"],
    )
