"""Page and one Card -> 审核意见书 as a Word document, from a template that the bureau can replace."""

from __future__ import annotations

import io
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.base.plain import plain
from gouji.report.office import steady
from gouji.report.opinion_template import default_template
from gouji.report.page_of_unit import Card, CriterionRow, ReportPage, RulePage, TieRow
from gouji.report.unit.cause_lines import CauseRow, sureness
from gouji.report.unit.foot import counted, versions
from gouji.report.unit.sentences import outlook, unit_sentences
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
            fix=_("用 gouji forms opinion 生成一份，在它上面改"),
        ) from fault
    out = io.BytesIO()
    made.save(out)
    return steady(out.getvalue(), page.year)


def values(page: ReportPage, card: Card, due: str | None = None) -> dict[str, Any]:
    """What a template may name. Everything is text already, as every other report prints it."""
    rules = {r.code: r for r in page.rules}
    findings = [_finding(row) for row in card.failing]
    deductions = [_deduction(row, rules.get(row.code)) for row in card.deducted]
    found = {
        **_head(page, card, due),
        **_scores(page, card),
        "causes": card.range_causes,
        "differing": [_difference(row) for row in card.differing],
        "deductions": deductions,
        "findings": findings,
        "asked": [row for row in (*findings, *deductions) if row["todo"]],
        "located": [_cause(cause) for cause in card.causes],
        "unexplained": " ".join(card.unexplained),
        "wanted": [_wanted(c, rules.get(c.code)) for c in card.criteria if not c.recomputed],
        "counted": counted(page.manifest),
        "versions": versions(page.manifest),
    }
    return {k: _texts(v) for k, v in found.items()}


def _head(page: ReportPage, card: Card, due: str | None) -> dict[str, Any]:
    """Who judged whom by which book, and until when an answer is due."""
    scored = bool(page.total)
    return {
        "scored": scored,
        "heading": _("绩效自评审核意见书") if scored else _("部门决算审核意见书"),
        "title": page.title,
        "book": page.book,
        "authority": page.authority,
        "year": str(page.year),
        "invented": page.invented,
        "unit": card.unit,
        "name": card.name or card.unit,
        "due": due or _("收到本意见书之日起 10 个工作日内"),
    }


def _scores(page: ReportPage, card: Card) -> dict[str, Any]:
    """The total with what may still change it, and the outcome in sentences."""
    t = card.totals
    return {
        "total": points(page.total),
        "score": points(t.score),
        "grade": t.grade or "—",
        "low": points(t.low),
        "high": points(t.high),
        "self_score": points(t.self_score),
        "certain": t.low == t.high,
        "grade_low": t.grade_low or "—",
        "grade_high": t.grade_high or "—",
        "own_grade": t.own_grade or "—",
        "summary": unit_sentences(card),
        "outlook": outlook(card.next_grade, t.graded),
    }


def _difference(row: CriterionRow) -> dict[str, str]:
    """A criterion of which the unit's own score is another."""
    return {
        "code": row.code,
        "name": row.name,
        "self_score": points(row.self_score),
        "score": points(row.score),
        "difference": points(row.difference),
        "working": row.working,
        "todo": row.message,
    }


def _deduction(row: CriterionRow, rule: RulePage | None) -> dict[str, str]:
    return {
        "code": row.code,
        "name": row.name,
        "weight": points(row.weight),
        "self_score": points(row.self_score),
        "score": points(row.score),
        "deduction": points(row.deduction),
        "working": row.why,
        "todo": row.message,
        "clause": f"{rule.document} {rule.clause}" if rule is not None else "",
    }


def _finding(row: TieRow) -> dict[str, str]:
    """A relation that is not balanced."""
    return {
        "code": row.code,
        "name": row.name,
        "severity": row.severity,
        "working": row.working,
        "difference": row.parts.difference,
        "slack": row.parts.slack,
        "places": "\n".join(row.places),
        "basis": row.basis,
        "todo": row.message,
    }


def _cause(cause: CauseRow) -> dict[str, str]:
    return {"line": cause.line, "codes": " ".join(cause.codes), "sure": sureness(cause)}


def _wanted(row: CriterionRow, rule: RulePage | None) -> dict[str, str]:
    """A criterion that data or evidence are wanting for."""
    return {
        "code": row.code,
        "name": row.name,
        "weight": points(row.weight),
        "gaps": row.why,
        "evidence": "、".join(rule.evidence) if rule is not None else "",
    }


def _texts(value: Any) -> Any:
    """Every text below without control characters."""
    if isinstance(value, dict):
        return {k: _texts(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_texts(v) for v in value]
    return plain(value) if isinstance(value, str) else value


__all__ = ["default_template", "render", "values"]
