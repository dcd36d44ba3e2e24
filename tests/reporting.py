"""Pages that several tests of reports look at: the completed example, and the same with names that attack whoever opens the report."""

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import gouji
from gouji.app import page_of
from gouji.report.page_of_unit import ReportPage

ROOT = Path(__file__).parent.parent
COMPLETE = ROOT / "datasets" / "anning-2023-complete"
HOSTILE = (
    '<script>document.title="owned"</script>',
    '"><img src=x onerror=document.title="owned">',
    "</script><script>document.title='owned'//",
    "]]></w:t></w:r><w:r><w:instrText>INCLUDETEXT</w:instrText>",
    '=HYPERLINK("http://x.invalid","甲")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)*9",
    "-2+3",
    "{{ 7*7 }}{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "${7*7}#{7*7}",
    "甲\u202e乙\u2066丙",
    "丁\x00\x08\x1b[31m",
    "javascript:alert(1)",
)


@cache
def complete() -> ReportPage:
    return page_of(gouji.audit(COMPLETE))


@cache
def hostile() -> ReportPage:
    """Every text that a unit can write, written by an enemy; a card for each attack."""
    page = complete()
    problems = tuple((text, text, text) for text in HOSTILE)
    return replace(
        page,
        title=HOSTILE[0],
        note=HOSTILE[2],
        cards=tuple(attacked(page.cards[i % 5], text, i) for i, text in enumerate(HOSTILE)),
        problems=problems,
        remarks=problems,
        not_filed=tuple((text, text) for text in HOSTILE),
    )


def attacked(card, text, i):
    unit = f"{text}{i}"
    term = lambda t: replace(t, printed=text, at=text)  # noqa: E731
    parts = lambda p: replace(p, terms=tuple(map(term, p.terms)))  # noqa: E731
    rows = tuple(
        replace(r, working=text, gaps=(text,) if r.gaps else (), parts=parts(r.parts))
        for r in card.criteria
    )
    ties = tuple(
        replace(t, working=text, places=(text,), parts=parts(t.parts)) for t in card.tie_outs
    )
    return replace(
        card,
        unit=unit,
        name=text,
        totals=replace(card.totals, unit=unit, name=text),
        criteria=rows,
        tie_outs=ties,
    )


def many(n: int) -> ReportPage:
    """The example's cards over and over, each a little different: a page of n units."""
    page = complete()
    return replace(
        page, cards=tuple(varied(page, i) for i in range(n)), not_filed=(("Z1", "没有报的单位"),)
    )


def varied(page, i):
    card = page.cards[i % len(page.cards)]
    score = max(Decimal(0), card.totals.score - Decimal(i * 37 % 2500) / 100)
    grade = (
        next(b.name for b in page.grades if b.low <= score)
        if card.totals.graded
        else card.totals.grade
    )
    own = Decimal(8500 + i * 53 % 1500) / 100
    unit, name = f"U{i:06}", f"第{i}个预算单位的综合服务中心"
    return replace(
        card,
        unit=unit,
        name=name,
        totals=replace(
            card.totals,
            unit=unit,
            name=name,
            score=score,
            low=min(score, card.totals.low),
            grade=grade,
            self_score=own,
        ),
    )
