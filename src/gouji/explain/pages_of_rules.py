"""ResolvedBook -> the pages of all its rules, as a report carries them."""

from __future__ import annotations

from gouji.base.i18n import _, clauses
from gouji.explain.explanation import explain_found, status_words
from gouji.explain.method_words import method_words
from gouji.expression import words
from gouji.report import relation
from gouji.report.page_of_unit import RulePage
from gouji.rules import (
    Checklist,
    ResolvedBook,
    ResolvedCriterion,
    ResolvedTableRule,
    ResolvedTieOut,
    tables_of,
)


def rule_pages(book: ResolvedBook) -> tuple[RulePage, ...]:
    """Criteria, then tie-outs, in the order of the book."""
    ties: list[ResolvedTieOut | ResolvedTableRule] = [*book.tie_outs, *book.table_rules]
    return (
        *(_criterion(book, c) for c in book.criteria),
        *(_tie_out(book, t) for t in sorted(ties, key=lambda t: t.code)),
    )


def _criterion(book: ResolvedBook, found: ResolvedCriterion) -> RulePage:
    rule = found.rule
    formula = words(found.measure) if found.measure is not None else _by_people(found)
    return RulePage(
        rule.code,
        "criterion",
        rule.name,
        rule.path.first,
        rule.path.second,
        rule.weight,
        "",
        rule.basis.document,
        rule.basis.clause,
        status_words(rule.basis.status),
        formula,
        tuple(method_words(rule.method, rule)),
        rule.evidence,
        rule.message or "",
        explain_found(book, found).sections,
        tables_of(found),
    )


def _by_people(found: ResolvedCriterion) -> str:
    if found.parts:
        return clauses(words(tree) for tree in found.trees) or _("按要点核对佐证")
    return _("按要点核对佐证") if isinstance(found.rule.method, Checklist) else _("专家评审打分")


def _tie_out(book: ResolvedBook, found: ResolvedTieOut | ResolvedTableRule) -> RulePage:
    rule = found.rule
    formula = words(found.check) if isinstance(found, ResolvedTieOut) else relation(found)
    tolerance = found.rule.tolerance if isinstance(found, ResolvedTieOut) else None
    standard = (
        (_("±{amount}：{why}").format(amount=tolerance.amount, why=tolerance.why),)
        if tolerance
        else ()
    )
    return RulePage(
        rule.code,
        "tie_out",
        rule.name,
        "",
        "",
        None,
        rule.severity.value,
        rule.basis.document,
        rule.basis.clause,
        status_words(rule.basis.status),
        formula,
        standard,
        (),
        rule.message or "",
        explain_found(book, found).sections,
        tables_of(found),
    )
