"""What a clause says point by point -> a checklist, cases, or nothing that stands."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from gouji.base.i18n import _
from gouji.drafting.accounting import check_phrases
from gouji.drafting.clause_events import (
    EDGE,
    GONE,
    TOKEN,
    ClauseStatements,
    check_caps,
    plain_text,
    points_of,
    said_in,
)
from gouji.drafting.clause_grammar import ClauseGrammar
from gouji.drafting.clause_parts import NumberedClause
from gouji.drafting.clause_reading import (
    Cases,
    ChecklistClause,
    ClauseItem,
    ClauseOccasion,
    ClauseReading,
    ClauseRefused,
)
from gouji.drafting.deductions import occasions_in, of_list, takes_off
from gouji.drafting.mask import ClauseToken, mask
from gouji.drafting.steps import read_steps


def read_list(
    listed: NumberedClause, weight: Fraction | None, grammar: ClauseGrammar
) -> ClauseReading:
    """A clause with numbered points. Raises Refused where they do not come to the weight, or say more than points."""
    together = said_in(mask(f"{listed.head};{listed.tail}", grammar), grammar)
    _tail_words(listed, grammar)
    taken, asked = _all_taken(listed, weight, grammar)
    if taken:
        return of_list(taken, asked, together, weight, grammar)
    items = [_item(text, grammar) for text in listed.points]
    for text, _points in items:
        plain_text(text, grammar, ("每", "或者"))
    given = [p for _t, p in items if p is not None]
    if not given:
        return _governed([t for t, _p in items], together, weight, grammar)
    if len(given) < len(items):
        raise ClauseRefused(_("有的要点没有写分"), *(t for t, p in items if p is None))
    made = [ClauseItem(t, p) for t, p in items if p is not None]
    if sum(given) != weight:
        _earned(listed, made, grammar)
    questions = _opposite(together, made, weight)
    return _added_up(made, weight, listed, questions)


def _tail_words(listed: NumberedClause, grammar: ClauseGrammar) -> None:
    """Raises Refused where the sentences about all points say of points what no turn of phrase takes up: 连续两年的翻倍."""
    tail = said_in(mask(listed.tail, grammar), grammar)
    check_phrases(tail, grammar)
    plain_text(tail.masked.unmasked(TOKEN.sub("", tail.rest)), grammar, ("每", "或者"))


def _all_taken(
    listed: NumberedClause, weight: Fraction | None, grammar: ClauseGrammar
) -> tuple[list[ClauseOccasion], tuple[str, ...]]:
    """The occasions of a list of which every point that speaks of points takes them off, and what is asked; none where one does not."""
    every = [(text, said_in(mask(text, grammar), grammar)) for text in listed.points]
    spoken = [(text, s) for text, s in every if set(s.masked.kinds()) - set("RVHX")]
    own = [s for _t, s in spoken if any(_of_the_point(t, weight) for t in s.left())]
    if len(every) < 2 or not spoken or own or not all(takes_off(s) for _t, s in spoken):
        return [], ()
    found = [(text, occasions_in(s, grammar, weight)) for text, s in spoken]
    # One deduction behind several points may be for each of them.
    if sum(len(point) for _text, point in found) < 2:
        return [], ()
    # A point with one occasion is told in all its words.
    made = [
        replace(one, text=text.strip(EDGE)) if len(point) == 1 else one
        for text, point in found
        for one in point
    ]
    silent = [text.strip(EDGE) for text, s in every if not set(s.masked.kinds()) - set("RVHX")]
    return made, tuple(_("“{text}”没有写分，按要求理解").format(text=t) for t in silent)


def _item(text: str, grammar: ClauseGrammar) -> tuple[str, Fraction | None]:
    """One point: its text, and what it earns."""
    masked = mask(text, grammar)
    found = [m for m in TOKEN.finditer(masked.text) if masked.token(m[2]).kind in "SBFZTEKL"]
    kinds = "".join(masked.token(m[2]).kind for m in found)
    if not kinds:
        return masked.unmasked(masked.text).strip(EDGE), None
    said = said_in(masked, grammar)
    _one_size(said, kinds)
    first = found[kinds == "ZS" or kinds == "ZB"]
    points = points_of(masked.token(first[2]), None)
    before = masked.text[: first.start()]
    behind = _without(said, first)
    if before.endswith("-"):
        raise ClauseRefused(_("分数是一个区间，由谁定没有写"), masked.unmasked(text))
    return masked.unmasked(before + behind).strip(EDGE), points


def _of_the_point(token: ClauseToken, weight: Fraction | None) -> bool:
    """Whether a point of a list prints marks of its own, not those of the whole."""
    return token.kind == "F" or (token.kind in "SB" and token.number != weight)


def _earned(listed: NumberedClause, made: list[ClauseItem], grammar: ClauseGrammar) -> None:
    """Raises Refused where a bare 几分 behind a denial may be earned or taken off; points that come to the weight are earned."""
    for text, item in zip(listed.points, made, strict=True):
        first = set(mask(text, grammar).kinds()) & set("SB")
        if first == {"B"} and item.text.startswith(grammar.negative):
            raise ClauseRefused(_("“几分”是得还是扣没有写清"), text.strip(EDGE))


def _one_size(said: ClauseStatements, kinds: str) -> None:
    """Raises Refused where a point prints more than what it earns."""
    if said.of("proportion_points"):
        raise ClauseRefused(_("按比例和别的算法混在一条里"), said.masked.unmasked(said.masked.text))
    if said.of("judged", "else_proportion", "remark", "full_other"):
        raise ClauseRefused(_("按比例和别的算法混在一条里"), said.masked.unmasked(said.masked.text))
    if kinds in ("ZS", "ZB"):
        return
    if kinds[0] not in "SB" or len(kinds) > 2 or (len(kinds) == 2 and not said.of("else_zero")):
        raise ClauseRefused(_("一个要点里不止一个分"), said.masked.unmasked(said.masked.text))


def _without(said: ClauseStatements, first: re.Match[str]) -> str:
    """What stands behind the points of an item, 否则不得分 taken out."""
    behind = said.rest[first.end() :].replace(GONE, "")
    return "" if not behind.strip(EDGE) else behind


def _opposite(
    together: ClauseStatements, items: list[ClauseItem], weight: Fraction | None
) -> tuple[str, ...]:
    """What the sentences about all points say besides; only the other side of the same is allowed."""
    for e in together.of("each"):
        if any(points_of(e.token("P"), weight) != i.points for i in items):
            raise ClauseRefused(_("每项的分和各项写的分不同"), e.token("P").text)
    for e in together.of("step"):
        if any(e.token("T").number != i.points for i in items):
            raise ClauseRefused(_("扣的分和各项写的分不同"), e.token("T").text)
    _only(
        together,
        ("each", "each_own", "step", "cap", "limit", "else_zero", "full_points", "all_full"),
        weight,
    )
    return ()


def _only(together: ClauseStatements, says: tuple[str, ...], weight: Fraction | None) -> None:
    """Raises Refused where the sentences about all points say anything else."""
    check_caps(together, weight)
    more = [e for e in together.events if e.says not in says]
    wrong = [
        t.text
        for e in together.of("full_points", "all_full")
        for t in e.tokens.values()
        if weight is not None and points_of(t, weight) != weight
    ]
    left = [t for t in together.left() if not _is_weight(t, weight)]
    if more or left or wrong:
        raise ClauseRefused(
            _("列表前后还有没读懂的话"), *(e.says for e in more), *(t.text for t in left), *wrong
        )


def _is_weight(token: ClauseToken, weight: Fraction | None) -> bool:
    return token.kind in "SB" and weight is not None and token.number == weight


def _added_up(
    items: list[ClauseItem],
    weight: Fraction | None,
    listed: NumberedClause,
    questions: tuple[str, ...],
) -> ClauseReading:
    items = unlike(items)
    total = sum((i.points for i in items), Fraction(0))
    if weight is None or total == weight:
        return ClauseReading(ChecklistClause(tuple(items), True), {}, questions, weight=total)
    if total > weight:
        raise ClauseRefused(_("各要点的分合起来超过这一项的分值"))
    missing = ClauseItem(_("（原文残缺，待补的要点）"), weight - total)
    note = _("原文只印出 {given} 分的要点，另外 {missing} 分没有印出来").format(
        given=_plain(total), missing=_plain(weight - total)
    )
    return ClauseReading(
        ChecklistClause((*items, missing), True), {"items": note}, (*questions, note)
    )


def _plain(points: Fraction) -> str:
    return f"{float(points):g}"


def unlike(items: list[ClauseItem]) -> list[ClauseItem]:
    """Texts of a checklist differ."""
    texts = [i.text for i in items]
    if len(set(texts)) != len(texts) or not all(texts):
        raise ClauseRefused(_("有两个要点的文字相同，或是空的"))
    return items


def _governed(
    texts: list[str], together: ClauseStatements, weight: Fraction | None, grammar: ClauseGrammar
) -> ClauseReading:
    """Points without their own figures, ruled by one sentence about all of them."""
    if together.of("all_match") and len(together.events) == 1:
        _only(together, ("all_match",), weight)
        return _all_or_nothing(texts, _("条文没说部分符合给几分，按全部符合才得分读"))
    if each := together.of("each"):
        return _each(texts, points_of(each[0].token("P"), weight), together, weight)
    steps = read_steps(together, weight, grammar)
    if steps is None:
        zero = together.of("else_zero")
        if zero and (together.of("all_full") or any("E" in e.tokens for e in zero)):
            _only(together, ("all_full", "else_zero", "full_points"), weight)
            return _all_or_nothing(texts, None)
        raise ClauseRefused(_("各要点没有写分"))
    return _by_steps(steps, texts, together, weight, grammar)


def _by_steps(
    steps: ClauseReading,
    texts: list[str],
    together: ClauseStatements,
    weight: Fraction | None,
    grammar: ClauseGrammar,
) -> ClauseReading:
    """每少一项扣1分, 每发现一处扣1分 behind points: items, or cases. Figures that the points hold are asked."""
    _only(together, ("step", "cap", "limit", "all_full", "full_points"), weight)
    head = together.of("step")[0].token("E")
    if (
        isinstance(steps.method, Cases)
        and head.unit in grammar.words["point"]
        and steps.method.take * len(texts) == weight
    ):
        items = tuple(ClauseItem(t, steps.method.take) for t in texts)
        return ClauseReading(
            ChecklistClause(items, True),
            {"items": _("每项的分由“{text}”推断").format(text=head.text)},
        )
    asked = [t for t in texts if set(mask(t, grammar).kinds()) & set("RV")]
    more = (_("“{text}”没有写进算法").format(text=t) for t in asked)
    return replace(steps, questions=(*steps.questions, *more))


def _each(
    texts: list[str], points: Fraction, together: ClauseStatements, weight: Fraction | None
) -> ClauseReading:
    _only(together, ("each", "cap", "limit", "step", "else_zero", "full_points"), weight)
    if any(e.token("T").number != points for e in together.of("step")):
        raise ClauseRefused(_("扣的分和每项的分不同"))
    if weight is not None and points * len(texts) != weight:
        raise ClauseRefused(_("每项的分乘以项数不是这一项的分值"))
    items = unlike([ClauseItem(t, points) for t in texts])
    return ClauseReading(ChecklistClause(tuple(items), True), {}, weight=points * len(texts))


def _all_or_nothing(texts: list[str], note: str | None) -> ClauseReading:
    items = tuple(unlike([ClauseItem(t, Fraction(0)) for t in texts]))
    return ClauseReading(ChecklistClause(items, False), {"mode": note} if note else {})
