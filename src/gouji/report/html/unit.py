"""ReportPage and one Card -> the page of that unit: scorecard, findings by severity, an inspector for every total, what is open, the way to the next grade."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from gouji.base.digest import sha256
from gouji.base.i18n import _
from gouji.base.verdict import DEGREES, LOSING, FindingKind, Ground, Severity, Verdict
from gouji.report.html.frame import render
from gouji.report.html.page_words import frame_words, remarks_title, unit_words
from gouji.report.method_working import reading_words
from gouji.report.page_of_unit import Card, CriterionRow, ReportPage, TieRow
from gouji.report.unit.cause_lines import CauseRow
from gouji.report.unit.foot import counted, versions
from gouji.report.unit.grounds import ground_words
from gouji.report.unit.next_grade import NextGrade
from gouji.report.unit.remarks import grouped
from gouji.report.unit.working import differing_words
from gouji.report.wording import on_total, points
from gouji.results import told
from gouji.rules import Reading

JUDGED = (Verdict.BALANCED, Verdict.WITHIN_ROUNDING, Verdict.UNBALANCED)
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
    rules = {r.code: r for r in page.rules}
    wrong = card.failing
    folded = _folded(card)
    told = {row.code for _cause, rows in folded for row in rows}
    values = {
        "p": page,
        "c": card,
        "w": unit_words() | frame_words(),
        "t": card.totals,
        "rules": rules,
        "rows": list(_rows(card)),
        "grounds": [
            {
                "name": name,
                "points": card.totals.grounds[g],
                "share": _share(card, page, g),
                "key": g.value,
            }
            for g, name in ground_words().items()
            if g is not Ground.CONTESTED or card.totals.grounds[g]
        ],
        "findings": [
            (i, s.value, rows, lines)
            for i, s in enumerate(Severity, 1)
            if (rows := [r for r in wrong if r.severity == s and r.code not in told])
            + (lines := _differing(card, s))
        ],
        "folded": folded,
        "causes": _headline(card),
        "rest": _rest(card),
        "wanted": [r for r in card.criteria if r.undecided],
        "contested": any(r.contested for r in card.criteria),
        "readings": _readings(card),
        "next": card.next_grade,
        "outlook": outlook(card.next_grade, card.totals.graded),
        "summary": summary(page, card),
        "grade_place": _place(page, card.totals.grade),
        "reading_names": {r.value: reading_words(r) for r in Reading},
        "losing": LOSING,
        "unassessable": Verdict.UNASSESSABLE,
        "counted": counted(page.manifest),
        "versions": versions(page.manifest),
        "read": read,
        "remarks": grouped(card.remarks),
        "remarks_title": remarks_title(len(card.remarks)),
    }
    return render("unit.html", values, ())


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


def _rows(card: Card) -> Iterator[tuple[str, Any]]:
    """The lines of the scorecard: 一级, 二级, 三级 in order, each with its kind. A second level named as the first is not said twice."""
    sums = {(g.first, g.second): g for g in card.groups}
    for first, rows in groupby(card.criteria, key=lambda r: r.first):
        yield "first", sums[first, None]
        for second, inner in groupby(rows, key=lambda r: r.second):
            if second != first:
                yield "second", sums[first, second]
            for row in inner:
                yield "third", row


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


def summary(page: ReportPage, card: Card) -> list[str]:
    """The outcome for one unit in sentences."""
    t = card.totals
    deducted = [
        r for r in card.criteria if r.verdict == Verdict.DEDUCTED and r.deduction and r.recomputed
    ]
    contested = [r for r in card.criteria if r.contested]
    wrong = card.failing
    made = [_("{found}。").format(found=line) for line in on_total(t)]
    made.append(_("{found}。").format(found=told(card.degrees)))
    if card.criteria and all(r.undecided for r in card.criteria):
        word = all(r.ground == Ground.WORD.value for r in card.criteria)
        made.append(
            _("没有一分可以由数据或佐证复核，得分全凭单位自评。")
            if word
            else _("没有一分可以由数据或佐证复核。")
        )
    if t.graded and t.self_score is not None and t.self_score != t.score:
        more = (
            _("复核比自评低 {gap} 分。") if t.score < t.self_score else _("复核比自评高 {gap} 分。")
        )
        made.append(more.format(gap=points(abs(t.self_score - t.score))))
    if any(r.recomputed for r in card.criteria):
        made.append(
            _("{n} 项指标扣分，{differing} 项复核与自评不符。").format(
                n=len(deducted), differing=len(card.differing)
            )
        )
    if contested:
        made.append(
            _("{n} 项指标（{points} 分）所用的数自相矛盾，得分有疑，先核对。").format(
                n=len(contested),
                points=points(sum((r.weight for r in contested), start=contested[0].weight * 0)),
            )
        )
    if card.tie_outs:
        made.append(
            _(
                "勾稽关系 {n} 条：能判断 {judged} 条，不平 {wrong} 条，其中错误 {errors} 条。"
            ).format(
                n=len(card.tie_outs),
                judged=sum(r.verdict in JUDGED for r in card.tie_outs),
                wrong=len(wrong),
                errors=sum(r.severity == Severity.ERROR for r in wrong),
            )
        )
    left = [r for r in card.criteria if r.undecided]
    if left:
        made.append(
            _("{n} 项指标（{points} 分）还不能判断，要单位补报。").format(
                n=len(left), points=points(sum((r.weight for r in left), start=left[0].weight * 0))
            )
        )
    return made


def outlook(found: NextGrade | None, graded: bool = True) -> str:
    """Whether data could bring the next grade, or only another result; of a unit that is not `graded` yet, from the score that it has."""
    if found is None:
        return ""
    line = "" if graded else _("等级待定；按现有得分算，")
    line += _("到“{grade}”（{at} 分）还差 {lacking} 分。").format(
        grade=found.grade, at=points(found.at), lacking=points(found.lacking)
    )
    if found.by_data >= found.lacking:
        return line + _("补报或更正数据最多可得 {gain} 分，可能够；以核实后的数为准。").format(
            gain=points(found.by_data)
        )
    rest = found.lacking - found.by_data
    if found.by_data + found.by_performance >= found.lacking:
        return line + _(
            "补报或更正数据最多可得 {gain} 分，不够；其余 {rest} 分要靠实绩，本年度已成事实，供下年度改进。"
        ).format(gain=points(found.by_data), rest=points(rest))
    return line + _("补报、更正数据和实绩加起来也不够。")
