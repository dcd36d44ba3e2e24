"""ReportPage and one Card -> the page of that unit: scorecard, findings by severity, an inspector for every total, what is open, the way to the next grade."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import Any

from gouji.base.digest import sha256
from gouji.base.i18n import _
from gouji.base.verdict import DEGREES, LOSING, FindingKind, Ground, Severity, Verdict
from gouji.report.html.frame import render
from gouji.report.html.page_words import frame_words, remarks_title, unit_words
from gouji.report.method_working import reading_words
from gouji.report.page_of_unit import Card, CriterionRow, ReportPage, TieRow, scorecard_lines
from gouji.report.unit.cause_lines import CauseRow
from gouji.report.unit.foot import counted, versions
from gouji.report.unit.grounds import ground_words
from gouji.report.unit.remarks import grouped
from gouji.report.unit.sentences import outlook, unit_sentences
from gouji.report.wording import differing_words, points
from gouji.rules import Reading

_PLAIN_NAME = re.compile(r"[0-9A-Z_-]{1,60}")


def file_name(unit: str) -> str:
    """The name of a unit's page: its code, or a hash where a code could mean something to a file system.

    >>> file_name("ANCG001"), file_name("../x")
    ('unit-ANCG001.html', 'unit-d6b96a97d147.html')
    """
    stem = (
        unit if _PLAIN_NAME.fullmatch(unit) else sha256(unit.encode("utf-8", "surrogatepass"))[:12]
    )
    return f"unit-{stem}.html"


def unit_page(page: ReportPage, card: Card, read: Sequence[tuple[str, str, str]] = ()) -> str:
    """The whole page of one unit. `read`: files that it sent, each with the page that shows what was read of it, and its counts."""
    values = {
        "p": page,
        "c": card,
        "w": unit_words() | frame_words(),
        "t": card.totals,
        "rules": {r.code: r for r in page.rules},
        "reading_names": {r.value: reading_words(r) for r in Reading},
        "losing": LOSING,
        "unassessable": Verdict.UNASSESSABLE,
        "counted": counted(page.manifest),
        "versions": versions(page.manifest),
        "read": read,
        "remarks": grouped(card.remarks),
        "remarks_title": remarks_title(len(card.remarks)),
        **_scores(page, card),
        **_relations(card),
    }
    return render("unit.html", values, ())


def _scores(page: ReportPage, card: Card) -> dict[str, Any]:
    """The outcome in sentences, the scorecard, and what could bring other scores."""
    return {
        "summary": unit_sentences(card),
        "grade_place": _place(page, card.totals.grade),
        "grounds": _grounds(page, card),
        "rows": list(scorecard_lines(card)),
        "wanted": [r for r in card.criteria if r.undecided],
        "contested": any(r.contested for r in card.criteria),
        "readings": _readings(card),
        "next": card.next_grade,
        "outlook": outlook(card.next_grade, card.totals.graded),
    }


def _relations(card: Card) -> dict[str, Any]:
    """Findings, those that a cell explains under that cell, and the other relations."""
    folded = _folded(card)
    return {
        "folded": folded,
        "findings": _findings(card, {row.code for _cause, rows in folded for row in rows}),
        "causes": _headline(card),
        "rest": _rest(card),
    }


def _grounds(page: ReportPage, card: Card) -> list[dict[str, Any]]:
    """The points by what they rest on, with their share of all; none that are in doubt go without saying."""
    return [
        {
            "name": name,
            "points": card.totals.grounds[g],
            "share": _share(card, page, g),
            "key": g.value,
        }
        for g, name in ground_words().items()
        if g is not Ground.CONTESTED or card.totals.grounds[g]
    ]


def _findings(card: Card, told: Container[str]) -> list[tuple[int, str, list[Any], list[Any]]]:
    """By degree, with its place: the relations that are not `told` yet, and the criteria scored otherwise; no degree without any."""
    found = []
    for place, severity in enumerate(Severity, 1):
        rows = [r for r in card.failing if r.severity == severity and r.code not in told]
        lines = _differing(card, severity)
        if rows or lines:
            found.append((place, severity.value, rows, lines))
    return found


def _headline(card: Card) -> str:
    """How many relations fail, and how many causes they have; cells that nothing tells apart are not said to be probable."""
    said = (
        _("{n} 条不平，{causes} 处原因（多半是这些格子，建议核对）")
        if any(cause.leads for cause in card.causes)
        else _("{n} 条不平，{causes} 处原因（可能是其中一格，建议核对）")
    )
    failing = sum(r.verdict == Verdict.UNBALANCED for r in card.tie_outs)
    return said.format(n=failing, causes=len(card.causes))


def _folded(card: Card) -> list[tuple[CauseRow, list[TieRow]]]:
    """Each cause with the findings that it explains, the gravest first; of two causes of a finding it stands under the first."""
    left, found = list(card.failing), []
    for cause in card.causes:
        found.append((cause, [row for row in left if row.code in cause.codes]))
        left = [row for row in left if row.code not in cause.codes]
    return found


def _share(card: Card, page: ReportPage, ground: Any) -> str:
    return points(card.totals.grounds[ground] * 100 / page.total) if page.total else "0"


def _place(page: ReportPage, grade: str | None) -> int:
    names = [b.name for b in page.grades]
    return min(names.index(grade), 4) if grade in names else 5


def _rest(card: Card) -> list[tuple[str, list[TieRow]]]:
    """Tie-outs that are not 不平, those that could not be decided first; what waits for a whole table is listed by table."""
    order = (
        Verdict.UNASSESSABLE,
        Verdict.WITHIN_ROUNDING,
        Verdict.BALANCED,
        Verdict.NOT_APPLICABLE,
    )
    return [
        (v.value, found)
        for v in order
        if (found := [r for r in card.tie_outs if r.verdict == v and not r.unsent])
    ]


def _differing(card: Card, severity: Severity) -> list[tuple[CriterionRow, str]]:
    """Criteria scored otherwise than the unit did, under the degree that they have, with both scores in words."""
    if severity is not DEGREES[FindingKind.DIFFERENCE]:
        return []
    return [(r, differing_words(r.self_score, r.score, r.working)) for r in card.differing]


def _readings(card: Card) -> list[dict[str, Any]]:
    """Totals under each reading, and the scores that would change."""
    rows: dict[str, CriterionRow] = {r.code: r for r in card.criteria}
    return [
        {
            "name": reading_words(Reading(x.reading)),
            "score": x.score,
            "grade": x.grade or "—",
            "same": x.score == card.totals.score,
            "changes": [
                f"{code} {rows[code].name} {points(rows[code].score)} → {points(rows[code].readings[x.reading])}"
                for code in x.codes
            ],
        }
        for x in card.readings
    ]
