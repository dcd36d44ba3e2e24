"""Page and one Card -> 审核意见书 as a Word document, from a template that the bureau can replace."""

from __future__ import annotations

import io
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.report.html.unit import outlook, summary
from gouji.report.office import steady
from gouji.report.opinion_template import default_template
from gouji.report.page_of_unit import Card, ReportPage
from gouji.report.plain import plain
from gouji.report.unit.cause_lines import sureness
from gouji.report.unit.foot import counted, versions
from gouji.report.wording import points


def render(
    page: ReportPage, card: Card, template: bytes | None = None, due: str | None = None
) -> bytes:
    """The opinion of one unit. `template` replaces the one that comes with gouji. Raises DataError where a template asks for what is not there."""
    made = DocxTemplate(io.BytesIO(template if template is not None else default_template()))
    # A template is somebody's file: its expressions may read what is handed in, and nothing else.
    rules = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        made.render(values(page, card, due), rules, autoescape=True)
    except TemplateError as fault:
        raise DataError(
            _("意见书模板用不了：{why}").format(why=str(fault)),
            mend=_("用 gouji forms opinion 生成一份，在它上面改"),
        ) from fault
    out = io.BytesIO()
    made.save(out)
    return steady(out.getvalue(), page.year)


def values(page: ReportPage, card: Card, due: str | None = None) -> dict[str, Any]:
    """What a template may name. Everything is text already, as every other report prints it."""
    rules = {r.code: r for r in page.rules}
    wrong = card.failing
    lost = [
        c for c in card.criteria if c.verdict == Verdict.DEDUCTED and c.deduction and c.recomputed
    ]
    t = card.totals
    scored = bool(page.total)
    found: dict[str, Any] = {
        "scored": scored,
        "heading": _("绩效自评审核意见书") if scored else _("部门决算审核意见书"),
        "title": page.title,
        "book": page.book,
        "authority": page.authority,
        "year": str(page.year),
        "invented": page.invented,
        "unit": card.unit,
        "name": card.name or card.unit,
        "total": points(page.total),
        "score": points(t.score),
        "grade": t.grade or "—",
        "low": points(t.low),
        "high": points(t.high),
        "self_score": points(t.self_score),
        "certain": t.low == t.high,
        "grade_low": t.grade_low or "—",
        "grade_high": t.grade_high or "—",
        "summary": summary(page, card),
        "outlook": outlook(card.next_grade, t.graded),
        "own_grade": t.own_grade or "—",
        "causes": card.range_causes,
        "due": due or _("收到本意见书之日起 10 个工作日内"),
        "differing": [
            {
                "code": c.code,
                "name": c.name,
                "self_score": points(c.self_score),
                "score": points(c.score),
                "difference": points(c.difference),
                "working": c.working,
                "todo": c.message,
            }
            for c in card.differing
        ],
        "deductions": [
            {
                "code": c.code,
                "name": c.name,
                "weight": points(c.weight),
                "self_score": points(c.self_score),
                "score": points(c.score),
                "deduction": points(c.deduction),
                "working": c.why,
                "todo": c.message,
                "clause": f"{rules[c.code].document} {rules[c.code].clause}"
                if c.code in rules
                else "",
            }
            for c in lost
        ],
        "findings": [
            {
                "code": f.code,
                "name": f.name,
                "severity": f.severity,
                "working": f.working,
                "difference": f.parts.difference,
                "slack": f.parts.slack,
                "places": "\n".join(f.places),
                "basis": f.basis,
                "todo": f.message,
            }
            for f in wrong
        ],
        "located": [
            {
                "line": cause.line,
                "codes": " ".join(cause.codes),
                "sure": sureness(cause),
            }
            for cause in card.causes
        ],
        "unexplained": " ".join(card.unexplained),
        "wanted": [
            {
                "code": c.code,
                "name": c.name,
                "weight": points(c.weight),
                "gaps": c.why,
                "evidence": "、".join(rules[c.code].evidence) if c.code in rules else "",
            }
            for c in card.criteria
            if not c.recomputed
        ],
        "counted": counted(page.manifest),
        "versions": versions(page.manifest),
    }
    found["asked"] = [x for x in (*found["findings"], *found["deductions"]) if x["todo"]]
    return {k: _texts(v) for k, v in found.items()}


def _texts(value: Any) -> Any:
    """Every text below without control characters."""
    if isinstance(value, dict):
        return {k: _texts(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_texts(v) for v in value]
    return plain(value) if isinstance(value, str) else value


__all__ = ["default_template", "render", "values"]
