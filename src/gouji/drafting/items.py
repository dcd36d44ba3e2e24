"""What a clause says point by point -> a checklist, cases, or nothing that stands."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from gouji.base.i18n import _
from gouji.drafting.clause_events import (
    EDGE,
    GONE,
    ClauseStatements,
    check_caps,
    plain_text,
    points_of,
    said_in,
)
from gouji.drafting.clause_grammar import FIRST, LAST, ClauseGrammar
from gouji.drafting.clause_parts import NumberedClause
from gouji.drafting.clause_reading import (
    Cases,
    ChecklistClause,
    ClauseItem,
    ClauseOccasion,
    ClauseReading,
    ClauseRefused,
    WordsClause,
)
from gouji.drafting.deductions import occasions_in, of_list, takes_off
from gouji.drafting.mask import ClauseToken, mask
from gouji.drafting.steps import read_steps

_POINTS = re.compile(f"[{''.join(chr(0xE000 + ord(k)) for k in 'SBFZT')}]([\uf000-{LAST}])")
_ELSE = ("", "否则", "反之", "其他", "其余", "其它")
_TOKEN = re.compile(f"[{FIRST}-\uefff]([\uf000-{LAST}])")


def read_list(
    listed: NumberedClause, weight: Fraction | None, grammar: ClauseGrammar
) -> ClauseReading:
    """A clause with numbered points. Raises Refused where they do not come to the weight, or say more than points."""
    together = said_in(mask(f"{listed.head};{listed.tail}", grammar), grammar)
    taken, asked = _all_taken(listed, weight, grammar)
    if taken:
        return of_list(taken, asked, together, weight)
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
    found = [m for m in _TOKEN.finditer(masked.text) if masked.token(m[1]).kind in "SBFZTEKL"]
    kinds = "".join(masked.token(m[1]).kind for m in found)
    if not kinds:
        return masked.unmasked(masked.text).strip(EDGE), None
    said = said_in(masked, grammar)
    _one_size(said, kinds)
    first = found[0]
    points = points_of(masked.token(first[1]), None)
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
    items = _unlike(items)
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


def _unlike(items: list[ClauseItem]) -> list[ClauseItem]:
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
    steps = read_steps(together, weight)
    if steps is None:
        zero = together.of("else_zero")
        if zero and (together.of("all_full") or any("E" in e.tokens for e in zero)):
            _only(together, ("all_full", "else_zero", "full_points"), weight)
            return _all_or_nothing(texts, None)
        raise ClauseRefused(_("各要点没有写分"))
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
    return steps


def _each(
    texts: list[str], points: Fraction, together: ClauseStatements, weight: Fraction | None
) -> ClauseReading:
    _only(together, ("each", "cap", "limit", "step", "else_zero", "full_points"), weight)
    if any(e.token("T").number != points for e in together.of("step")):
        raise ClauseRefused(_("扣的分和每项的分不同"))
    if weight is not None and points * len(texts) != weight:
        raise ClauseRefused(_("每项的分乘以项数不是这一项的分值"))
    items = _unlike([ClauseItem(t, points) for t in texts])
    return ClauseReading(ChecklistClause(tuple(items), True), {}, weight=points * len(texts))


def _all_or_nothing(texts: list[str], note: str | None) -> ClauseReading:
    items = tuple(_unlike([ClauseItem(t, Fraction(0)) for t in texts]))
    return ClauseReading(ChecklistClause(items, False), {"mode": note} if note else {})


def read_sentences(
    said: ClauseStatements, weight: Fraction | None, grammar: ClauseGrammar
) -> ClauseReading:
    """A clause without numbers but points: sentence by sentence, each up to its points. Raises ClauseRefused."""
    rest, chunks, start = said.rest, [], 0
    for found in _POINTS.finditer(rest):
        token = said.masked.token(found[1])
        text = said.masked.unmasked(rest[start : found.start()].replace(GONE, "")).strip(EDGE)
        if token.kind == "T" and token.number == weight:
            # 不齐全的扣2分, of two: it earns nothing.
            token = replace(token, kind="Z")
        chunks.append((text, token))
        start = found.end()
    behind = said.masked.unmasked(rest[start:].replace(GONE, "")).strip(EDGE)
    if not chunks:
        raise ClauseRefused(_("条文没有写怎么给分"))
    _sentences_only(said, [t for t, _k in chunks] + [behind], weight, grammar)
    if any(t.endswith("-") for t, _k in chunks):
        raise ClauseRefused(_("分数是一个区间，由谁定没有写"), *(k.text for _t, k in chunks))
    items = [ClauseItem(t, points_of(k, weight)) for t, k in chunks]
    return _sentences(items, [k for _t, k in chunks], weight, grammar, _else(said))


def _else(said: ClauseStatements) -> str:
    """What earns nothing beside grades: 不符合不得分 -> 不符合."""
    for e in said.of("else_zero"):
        text = e.text.removesuffix(e.token("Z").text).strip(f"{EDGE}的则均")
        return _("其他情形") if text in _ELSE else text
    return ""


def _sentences_only(
    said: ClauseStatements, texts: list[str], weight: Fraction | None, grammar: ClauseGrammar
) -> None:
    says = {e.says for e in said.events} - {"else_zero", "full_points", "cap", "each_own"}
    full = [t for t in said.left() if t.kind == "T" and t.number == weight]
    counted = [t for t in said.left() if t.kind == "E" and t.weak]
    others = [t.text for t in said.left() if t.kind not in "SBFRVHZ" and t not in [*full, *counted]]
    if says or others:
        raise ClauseRefused(_("条文里有没用上的数"), *others)
    for text in texts:
        plain_text(text, grammar, ("或者",))


def _clear(
    items: list[ClauseItem],
    tokens: list[ClauseToken],
    weight: Fraction | None,
    grammar: ClauseGrammar,
) -> None:
    """Raises Refused where a bare 几分 behind a denial may be earned or taken off; between full marks and (0分) it is earned."""
    if items[0].points == weight and not items[-1].points and tokens[-1].kind in "BZ":
        return
    unclear = [
        i.text
        for t, i in zip(tokens, items, strict=True)
        if t.kind == "B" and i.text.startswith(grammar.negative)
    ]
    if unclear:
        raise ClauseRefused(_("“几分”是得还是扣没有写清"), *unclear)


def _sentences(
    items: list[ClauseItem],
    tokens: list[ClauseToken],
    weight: Fraction | None,
    grammar: ClauseGrammar,
    otherwise: str,
) -> ClauseReading:
    _clear(items, tokens, weight, grammar)
    items = _with_opposites(items, tokens, weight, grammar)
    total, top = sum((i.points for i in items), Fraction(0)), max(i.points for i in items)
    if len(items) == 1:
        return _whole(items[0], weight)
    if weight is not None and top == weight and total > weight:
        return _words(items, otherwise, any(c.isdigit() for i in items for c in i.text))
    if weight is None or total != weight or top == weight or _ladder(items, grammar):
        raise ClauseRefused(_("各句的分合起来不是这一项的分值"), *(i.text for i in items))
    note = _("没有编号，按各句分别给分读")
    return ClauseReading(
        ChecklistClause(tuple(_unlike(items)), True), {"items": note}, weight=total
    )


def _denials(items: list[ClauseItem], grammar: ClauseGrammar) -> list[ClauseItem]:
    """有台账得3分，有专人得2分，没有台账不得分: what denies an item, or every item, says nothing new and stays in its text."""
    made = [i for i in items if i.points]
    for zero in (i for i in items if not i.points):
        denial = next((n for n in grammar.negative if zero.text.startswith(n)), "")
        denied = zero.text.removeprefix(denial).strip("的")
        holders = [i for i in made if denied in i.text]
        if not denial or not denied or len(holders) not in (1, len(made)):
            return items
        at = made.index(holders[-1])
        text = "，".join((holders[-1].text, _("{text}不得分").format(text=zero.text)))
        made[at] = replace(holders[-1], text=text)
    return made


def _with_opposites(
    items: list[ClauseItem],
    tokens: list[ClauseToken],
    weight: Fraction | None,
    grammar: ClauseGrammar,
) -> list[ClauseItem]:
    """配合得5分, 不配合不得分 is one item. What earns nothing stays in its text: whoever checks it sees the whole sentence."""
    earning = [i for i in items if i.points]
    zeros = [t for t, i in zip(tokens, items, strict=True) if not i.points]
    if not zeros or any(t.kind != "Z" for t in zeros):
        return items
    if len(earning) != 1:
        apart = sum(i.points for i in earning) == weight
        return _denials(items, grammar) if apart else items
    texts = (i.text if i.points else _("{text}不得分").format(text=i.text) for i in items)
    return [ClauseItem("，".join(texts), earning[0].points)]


def _whole(item: ClauseItem, weight: Fraction | None) -> ClauseReading:
    if weight is not None and item.points != weight:
        raise ClauseRefused(_("条文给的分不是这一项的分值"), item.text)
    text = item.text or _("符合要求")
    note = _("只有一个分，没有拆分，按全有或全无读")
    return ClauseReading(
        ChecklistClause((ClauseItem(text, Fraction(0)),), False), {"mode": note}, weight=item.points
    )


def _words(items: list[ClauseItem], otherwise: str, ranged: bool) -> ClauseReading:
    """Grades of one thing, the best with full marks."""
    if otherwise and all(i.points for i in items):
        items = [*items, ClauseItem(otherwise, Fraction(0))]
    falling = [i.points for i in items]
    if falling != sorted(falling, reverse=True) or len(set(falling)) != len(falling):
        raise ClauseRefused(_("各档的分忽高忽低"), *(i.text for i in items))
    if ranged:
        raise ClauseRefused(_("各档的界限没有读懂"), *(i.text for i in items))
    words = tuple((i.text, i.points) for i in _unlike(items))
    return ClauseReading(
        WordsClause(words), {"words": _("各句是同一件事的几档，由核对的人定是哪一档")}
    )


def _ladder(items: list[ClauseItem], grammar: ClauseGrammar) -> bool:
    """好 3 分, 一般 2 分: grades of one thing, of which one holds, however they add up."""
    lower = (*grammar.words["grade_middle"], *grammar.words["grade_bottom"])
    return any(i.text.startswith(lower) for i in items[1:]) or any(not i.points for i in items)
