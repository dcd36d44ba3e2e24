"""What a clause without numbers says sentence by sentence, each up to its points -> a checklist, words, all or nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from gouji.base.i18n import _
from gouji.drafting.clause_events import EDGE, GONE, ClauseStatements, plain_text, points_of
from gouji.drafting.clause_grammar import LAST, ClauseGrammar
from gouji.drafting.clause_reading import (
    ChecklistClause,
    ClauseItem,
    ClauseReading,
    ClauseRefused,
    WordsClause,
)
from gouji.drafting.deductions import AGAIN
from gouji.drafting.items import unlike
from gouji.drafting.mask import ClauseToken

_POINTS = re.compile(f"[{''.join(chr(0xE000 + ord(k)) for k in 'SBFZT')}]([\uf000-{LAST}])")
_PAIRS = re.compile("(?:ST?)+")
_SHORT = 3  # 的, 即可
_ELSE = ("", "否则", "反之", "其他", "其余", "其它")


def read_sentences(
    said: ClauseStatements, weight: Fraction | None, grammar: ClauseGrammar
) -> ClauseReading:
    """A clause without numbers but points: sentence by sentence, each up to its points. Raises ClauseRefused."""
    chunks, behind = _chunks(said, weight)
    if not chunks:
        raise ClauseRefused(_("条文没有写怎么给分"))
    _sentences_only(said, [t for t, _k in chunks] + [behind], weight, grammar)
    if any(k.text.startswith(AGAIN) for _t, k in chunks):
        raise ClauseRefused(
            _("轻重不同的扣分，是每例还是一次没有写"), *(k.text for _t, k in chunks)
        )
    if any(t.endswith("-") for t, _k in chunks):
        raise ClauseRefused(_("分数是一个区间，由谁定没有写"), *(k.text for _t, k in chunks))
    items = [ClauseItem(t, points_of(k, weight)) for t, k in chunks]
    made = _sentences(items, [k for _t, k in chunks], weight, grammar, _else(said))
    return _behind(made, behind)


def mirrored(said: ClauseStatements, weight: Fraction | None) -> ClauseReading | None:
    """应领尽领得3分; 未认领的扣3分。及时更新得2分, 未更新的扣2分: items, each with its opposite; None where it is anything else."""
    spots = [(said.masked.token(m[1]), m) for m in _POINTS.finditer(said.rest)]
    kinds = "".join(token.kind for token, _m in spots)
    others = [e for e in said.events if e.says not in ("full_points", "cap")]
    if "T" not in kinds or kinds.count("S") < 2 or not _PAIRS.fullmatch(kinds) or others:
        return None
    items: list[ClauseItem] = []
    start = 0
    for token, found in spots:
        text, start = _words_of(said, start, found.start()), found.end()
        if token.kind == "S":
            items.append(ClauseItem(text, points_of(token, weight)))
        elif token.number == items[-1].points:
            opposite = _("{text}不得分").format(text=text)
            items[-1] = replace(items[-1], text=f"{items[-1].text}，{opposite}")
        else:
            return None
    left = [t for t in said.left() if t.kind not in "STVRH"]
    if left or len(_words_of(said, start, None)) >= _SHORT or _total(items) != weight:
        return None
    note = _("没有编号，按各句分别给分读")
    return ClauseReading(ChecklistClause(tuple(unlike(items)), True), {"items": note})


def _total(items: list[ClauseItem]) -> Fraction:
    return sum((i.points for i in items), Fraction(0))


def _chunks(
    said: ClauseStatements, weight: Fraction | None
) -> tuple[list[tuple[str, ClauseToken]], str]:
    """The words in front of points with these, and what stands behind the last."""
    made: list[tuple[str, ClauseToken]] = []
    start = 0
    for found in _POINTS.finditer(said.rest):
        token = said.masked.token(found[1])
        if token.kind == "T" and token.number == weight and not token.text.startswith(AGAIN):
            # 不齐全的扣2分, of two: it earns nothing.
            token = replace(token, kind="Z")
        made.append((_words_of(said, start, found.start()), token))
        start = found.end()
    return made, _words_of(said, start, None)


def _words_of(said: ClauseStatements, start: int, end: int | None) -> str:
    return said.masked.unmasked(said.rest[start:end].replace(GONE, "")).strip(EDGE)


def _behind(made: ClauseReading, text: str) -> ClauseReading:
    """What stands behind the last points is in no item, and asked."""
    if len(text) < _SHORT:
        return made
    asked = _("“{text}”没有写进算法").format(text=text)
    return replace(made, questions=(*made.questions, asked))


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
    return ClauseReading(ChecklistClause(tuple(unlike(items)), True), {"items": note}, weight=total)


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
    words = tuple((_typed(i.text), i.points) for i in unlike(items))
    return ClauseReading(
        WordsClause(words), {"words": _("各句是同一件事的几档，由核对的人定是哪一档")}
    )


def _typed(text: str) -> str:
    """A word that a cell can hold: 无 alone is read as a cell left blank."""
    return text if len(text) > 1 else _("{text}（其余情形）").format(text=text)


def _ladder(items: list[ClauseItem], grammar: ClauseGrammar) -> bool:
    """好 3 分, 一般 2 分: grades of one thing, of which one holds, however they add up."""
    lower = (*grammar.words["grade_middle"], *grammar.words["grade_bottom"])
    return any(i.text.startswith(lower) for i in items[1:]) or any(not i.points for i in items)
