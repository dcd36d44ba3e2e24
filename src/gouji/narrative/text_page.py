"""A text that was read -> its page: every line with its figures, each in the colour of what is known of it, its relations on click, counts on top. HTML and JSON.

Nothing of the text is taken for markup, and the page asks for nothing from anywhere.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from gouji.base.i18n import _, clauses, labelled, noted
from gouji.base.verdict import Verdict
from gouji.narrative.goals import Goal, GoalState, goals_in
from gouji.narrative.mentions import Mention
from gouji.narrative.relation import TextRelation, words_of
from gouji.narrative.shown_text import ShownLine, ShownPart, ShownText
from gouji.narrative.text_reading import FigureState, TextReading
from gouji.narrative.ties import FilledText
from gouji.narrative.unfilled import LeftOpen

VERSION = 1
_CLASS = {FigureState.TIED: "tied", FigureState.NAMED: "named", FigureState.UNREAD: "unread"}
_VERDICT = {
    Verdict.BALANCED: "good",
    Verdict.WITHIN_ROUNDING: "near",
    Verdict.UNBALANCED: "bad",
    Verdict.UNASSESSABLE: "open",
}
_GOAL_CLASS = {
    GoalState.MET: "good",
    GoalState.SHORT: "bad",
    GoalState.UNREPORTED: "bad",
}
_STYLE = """
:root{color-scheme:light dark;--ink:#1d2433;--paper:#fff;--soft:#f3f5f9;--line:#d7dce6;--tied:#0b6e4f;--named:#1f4fa3;--unread:#8a5a00;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#e7eaf1;--paper:#14171d;--soft:#1e232c;--line:#39404d;--tied:#6fd3ac;--named:#9dbcf7;--unread:#f0c36d;--bad:#ff8f85}}
body{font:15px/1.75 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:var(--ink);background:var(--paper);margin:0 auto;padding:1.2rem;max-width:64rem}
h1{font-size:1.25rem;margin:.2rem 0}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top}
.counts{display:flex;flex-wrap:wrap;gap:.4rem 1.2rem;margin:.6rem 0}.p{margin:.15rem 0;display:flex;gap:.8rem}.p>i{flex:0 0 3.2rem;text-align:right;color:#7b8496;font-style:normal;font-size:12px}
button.f{all:unset;cursor:pointer;border-radius:3px;padding:0 2px;border-bottom:2px solid}button.f:focus-visible{outline:2px solid}button.tied{color:var(--tied)}button.named{color:var(--named)}button.unread{color:var(--unread);border-bottom-style:dotted}button.bad{color:var(--bad);font-weight:600}
.tied{color:var(--tied)}.named{color:var(--named)}.unread{color:var(--unread)}.bad{color:var(--bad);font-weight:600}.near,.good{color:var(--tied)}.open{color:var(--unread)}
mark{background:#ffe08a;color:#402c00}aside{position:sticky;bottom:0;background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.6rem .9rem;min-height:2.2rem;white-space:pre-line}
@media print{aside{display:none}}
"""
_SCRIPT = """
document.addEventListener('click',function(e){var b=e.target.closest('button.f');if(!b)return;document.getElementById('said').textContent=b.dataset.said;});
"""


def said_of(reading: TextReading, fills: FilledText) -> dict[int, list[str]]:
    """By the identity of a mention what is said of it: its relations, the columns it fills, what it is of."""
    made: dict[int, list[str]] = {}
    for relation in reading.relations:
        for mention in relation.mentions:
            made.setdefault(id(mention), []).append(sentence(relation))
    for fill in fills.fills:
        if fill.mention is not None:
            made.setdefault(id(fill.mention), []).append(
                _("填入 {table}.{column}").format(table=fill.table, column=fill.column)
            )
    for fact in reading.facts:
        name = reading.name_of(fact)
        if name.partly:
            made.setdefault(id(fact.mention), []).append(
                _("名称未认全：{name}").format(name=name.phrase)
            )
        elif name.key:
            made.setdefault(id(fact.mention), []).append(_("读作：{name}").format(name=name.key))
    return made


def sentence(relation: TextRelation) -> str:
    """A relation in words."""
    said = labelled(relation.says, f"{relation.formula} — {relation.verdict}")
    if relation.reason is not None:
        said = noted(said, words_of(relation.reason))
    if relation.truncated:
        said += " (" + _("像是截去而不是四舍五入") + ")"
    return clauses((said, relation.note)) if relation.note else said


def states_of(reading: TextReading, fills: FilledText) -> Mapping[int, FigureState]:
    """What is known of each figure; one that fills a column, or is a goal or a completion, is named."""
    made = dict(reading.states())
    known = [fill.mention for fill in fills.fills if fill.mention is not None]
    known += [mention for goal in goals_in(reading) for mention in goal.mentions]
    for mention in known:
        if made[id(mention)] is FigureState.UNREAD:
            made[id(mention)] = FigureState.NAMED
    return made


def html(title: str, reading: TextReading, fills: FilledText, left: Sequence[LeftOpen]) -> str:
    """The page."""
    states, said = states_of(reading, fills), said_of(reading, fills)
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">"
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        + "".join(_counts(reading, states, left))
        + "".join(_relations(reading))
        + "".join(_open(reading, left))
        + "".join(_goals(goals_in(reading)))
        + "".join(_lines(reading, states, said))
        + f'<aside id="said" aria-live="polite">{escape(_("点一个数，看它在哪条勾稽里"))}</aside>'
        + f"<script>{_SCRIPT}</script></body></html>\n"
    )


def shown(
    title: str, reading: TextReading, fills: FilledText, left: Sequence[LeftOpen]
) -> ShownText:
    """The page as values."""
    states, said = states_of(reading, fills), said_of(reading, fills)
    worst = _worst(reading)
    notes = [
        f"{_('第{n}行').format(n=reading.line_of(one.stated.mention).number)} {sentence(one)}"
        for one in reading.relations
        if one.verdict is Verdict.UNBALANCED
    ]
    notes += [
        f"{_('第{n}行').format(n=goal.line.number)} {goal}"
        for goal in goals_in(reading)
        if goal.state is not GoalState.MET
    ]
    notes += [str(one) for one in left]
    lines = tuple(
        ShownLine(
            reading.lines[own.origin(0)[0]].number,
            tuple(_parts(own.text, reading.masked[number].mentions, states, said, worst)),
        )
        for number, own in enumerate(reading.paragraphs)
    )
    return ShownText(title, coverage(reading, states), tuple(notes), lines)


def _parts(
    text: str,
    mentions: Sequence[Mention],
    states: Mapping[int, FigureState],
    said: Mapping[int, Sequence[str]],
    worst: set[int],
) -> Iterator[ShownPart]:
    at = 0
    for mention in mentions:
        if mention.at > at:
            yield ShownPart(text[at : mention.at])
        state = states[id(mention)]
        kind = _CLASS[state] + (" bad" if id(mention) in worst else "")
        yield ShownPart(mention.printed, kind, "\n".join((state.value, *said.get(id(mention), ()))))
        at = mention.at + len(mention.printed)
    if text[at:]:
        yield ShownPart(text[at:])


def counts(
    reading: TextReading, states: Mapping[int, FigureState]
) -> tuple[Counter[FigureState], Counter[Verdict]]:
    """How many figures of each state, relations of each verdict."""
    return Counter(states[id(m)] for m in reading.mentions), Counter(
        r.verdict for r in reading.relations
    )


def coverage(reading: TextReading, states: Mapping[int, FigureState]) -> str:
    """The counts in words: every figure is in one of them."""
    figures, verdicts = counts(reading, states)
    said = _("数 {n} 个：{tied} 个已勾稽，{named} 个已命名，{unread} 个未读懂").format(
        n=sum(figures.values()),
        tied=figures[FigureState.TIED],
        named=figures[FigureState.NAMED],
        unread=figures[FigureState.UNREAD],
    )
    judged = " · ".join(f"{v.value} {n}" for v, n in verdicts.items())
    relations = _("勾稽 {n} 条").format(n=len(reading.relations))
    return clauses((said, noted(relations, judged) if judged else relations))


def _counts(
    reading: TextReading, states: Mapping[int, FigureState], left: Sequence[LeftOpen]
) -> Iterator[str]:
    figures, _verdicts = counts(reading, states)
    yield f"<p>{escape(coverage(reading, states))}</p><div class=counts>"
    for state in FigureState:
        yield f'<span class="{_CLASS[state]}">{escape(state.value)} {figures[state]}</span>'
    yield "</div>"
    if left:
        yield "<p>" + escape(_("没填完的地方 {n} 处").format(n=len(left))) + "</p>"


def _relations(reading: TextReading) -> Iterator[str]:
    bad = [r for r in reading.relations if r.verdict is Verdict.UNBALANCED]
    if not bad:
        return
    yield f"<table><tr><th>{escape(_('不平'))}</th><th>{escape(_('句子'))}</th></tr>"
    for one in bad:
        line = reading.line_of(one.stated.mention)
        place = _("第{n}行").format(n=line.number)
        yield (
            f"<tr><td class=bad>{escape(sentence(one))}</td>"
            f"<td>{escape(place)} {escape(reading.sentence_of(one.stated.mention))}</td></tr>"
        )
    yield "</table>"


def _goals(found: Sequence[Goal]) -> Iterator[str]:
    if not found:
        return
    heads = (_("行"), _("绩效目标"), _("指标值"), _("完成情况"), _("对照"))
    yield "<table><tr>" + "".join(f"<th>{escape(head)}</th>" for head in heads) + "</tr>"
    for one in found:
        kind = _GOAL_CLASS.get(one.state, "open")
        cells = (str(one.line.number), one.name, one.planned, one.done)
        yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        yield f"<td class={kind}>{escape(one.state.value)}</td></tr>"
    yield "</table>"


def _open(reading: TextReading, left: Sequence[LeftOpen]) -> Iterator[str]:
    for one in left:
        line = reading.lines[reading.paragraphs[one.paragraph].origin(one.at)[0]]
        place = _("第{n}行").format(n=line.number)
        yield f"<p>{escape(place)} {escape(one.name)} <mark>{escape(one.text)}</mark></p>"


def _lines(
    reading: TextReading, states: Mapping[int, FigureState], said: Mapping[int, Sequence[str]]
) -> Iterator[str]:
    worst = _worst(reading)
    for number, own in enumerate(reading.paragraphs):
        first = reading.lines[own.origin(0)[0]].number
        yield f"<div class=p><i>{first}</i><span>"
        for part in _parts(own.text, reading.masked[number].mentions, states, said, worst):
            yield _figure(part) if part.kind else escape(part.text)
        yield "</span></div>"


def _worst(reading: TextReading) -> set[int]:
    """Figures of relations that do not hold."""
    return {id(m) for r in reading.relations if r.verdict is Verdict.UNBALANCED for m in r.mentions}


def _figure(part: ShownPart) -> str:
    words = escape(f"{part.text} {part.said}")
    return (
        f'<button type=button class="f {part.kind}" title="{words}" data-said="{words}">'
        f"{escape(part.text)}</button>"
    )


def text(title: str, reading: TextReading, fills: FilledText, left: Sequence[LeftOpen]) -> str:
    """The same for a terminal: the counts, every relation that is not simply 平, what was left open, figures that are not understood."""
    states = states_of(reading, fills)
    lines = [title, coverage(reading, states)]
    for one in reading.relations:
        if one.verdict is not Verdict.BALANCED:
            place = _("第{n}行").format(n=reading.line_of(one.stated.mention).number)
            lines.append(f"  {place} {sentence(one)}")
    for gap in left:
        line = reading.lines[reading.paragraphs[gap.paragraph].origin(gap.at)[0]]
        lines.append(f"  {_('第{n}行').format(n=line.number)} {gap}")
    for goal in goals_in(reading):
        if goal.state is not GoalState.MET:
            lines.append(f"  {_('第{n}行').format(n=goal.line.number)} {goal}")
    unread = [m for m in reading.mentions if states[id(m)] is FigureState.UNREAD]
    if unread:
        lines.append(_("未读懂的数："))
    for mention in unread:
        place = _("第{n}行").format(n=reading.line_of(mention).number)
        lines.append(f"  {place} {mention.printed}")
    return "\n".join(lines) + "\n"


def as_json(title: str, reading: TextReading, fills: FilledText, left: Sequence[LeftOpen]) -> str:
    """The same for programs."""
    states = states_of(reading, fills)
    return json.dumps(
        {
            "version": VERSION,
            "title": title,
            "figures": [_figure_value(reading, m, states) for m in reading.mentions],
            "relations": [_relation_value(reading, r) for r in reading.relations],
            "fills": [
                {
                    "table": f.table,
                    "column": f.column,
                    "text": f.text,
                    "unit": f.unit,
                    "line": f.line.number,
                    "page": f.line.page,
                    "before": f.words,
                }
                for f in fills.fills
            ],
            "goals": [_goal_value(goal) for goal in goals_in(reading)],
            "rows": [
                {"table": r.table, "line": r.line.number, "values": dict(r.values)}
                for r in fills.rows
            ],
            "left_open": [
                {
                    "name": one.name,
                    "text": one.text,
                    "line": reading.lines[
                        reading.paragraphs[one.paragraph].origin(one.at)[0]
                    ].number,
                }
                for one in left
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def _goal_value(one: Goal) -> dict[str, object]:
    return {
        "name": one.name,
        "goal": one.planned,
        "done": one.done,
        "state": one.state.value,
        "line": one.line.number,
        "done_line": one.done_line.number if one.done_line else None,
    }


def _figure_value(
    reading: TextReading, mention: Mention, states: Mapping[int, FigureState]
) -> dict[str, object]:
    line = reading.line_of(mention)
    return {
        "printed": mention.printed,
        "kind": mention.kind.name.lower(),
        "state": states[id(mention)].value,
        "line": line.number,
        "page": line.page,
    }


def _relation_value(reading: TextReading, one: TextRelation) -> dict[str, object]:
    line = reading.line_of(one.stated.mention)
    return {
        "kind": one.says.value,
        "formula": one.formula,
        "verdict": one.verdict.value,
        "reason": one.reason.value if one.reason else None,
        "note": one.note,
        "line": line.number,
        "page": line.page,
        "sentence": reading.sentence_of(one.stated.mention),
    }


__all__ = [
    "as_json",
    "coverage",
    "html",
    "said_of",
    "sentence",
    "shown",
    "states_of",
    "text",
]
