"""Criteria whose scoring is legal but odd: steps that take all at once or never all, ignored points, silent full marks, thin examples."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from gouji.base.i18n import _
from gouji.base.verdict import FAILING, Severity, Verdict
from gouji.lint.remark import Remark, about
from gouji.report import points
from gouji.rules import (
    Checklist,
    Criterion,
    PerViolation,
    ResolvedBook,
    ResolvedCriterion,
    ResolvedRule,
    Steps,
    TwoSidedSteps,
)

PASSES = (Verdict.BALANCED, Verdict.WITHIN_ROUNDING, Verdict.FULL)
OPEN = (Verdict.UNASSESSABLE, Verdict.PENDING)


def scoring(book: ResolvedBook) -> Iterator[Remark]:
    """Remarks on methods, policies and examples."""
    for c in book.criteria:
        match c.rule.method:
            case Steps() | TwoSidedSteps() as method:
                yield from _steps(book, c.rule, method)
            case PerViolation(take=take) if take >= c.rule.weight:
                yield about(
                    book, c.code, Severity.VERIFY, _("一例就扣完"), _("核对每例扣几分"), "method"
                )
            case Checklist(mode="all_or_nothing", items=items) if any(i.points for i in items):
                what = _("all_or_nothing 不看要点分值，这里却写了")
                yield about(
                    book,
                    c.code,
                    Severity.VERIFY,
                    what,
                    _("去掉 points，或改成 additive"),
                    "method",
                    "items",
                )
        yield from _policies(book, c.rule)
    for rule in book.rules:
        yield from _examples(book, rule)


def _steps(book: ResolvedBook, rule: Criterion, method: Steps | TwoSidedSteps) -> Iterator[Remark]:
    take = (
        Fraction(method.take)
        if method.take is not None
        else Fraction(method.take_share or 0) * Fraction(rule.weight)
    )
    if take >= Fraction(rule.weight):
        yield about(
            book, rule.code, Severity.VERIFY, _("差一步就扣完"), _("核对每步扣几分"), "method"
        )
    low = method.full_at.low
    if low is not None and low > 0:
        width = Fraction(method.per) * (Fraction(low) if method.percent_is == "relative" else 1)
        most = Fraction(low) / width * take
        if most < Fraction(rule.weight):
            what = _("实测值降到 0 也只扣 {most} 分，扣不完 {weight} 分").format(
                most=float(most), weight=points(rule.weight)
            )
            yield about(book, rule.code, Severity.NOTE, what, _("若条文如此，不用改"), "method")
    if "reading" not in rule.basis.values:
        what = _("没说明不足一步怎么算的依据")
        yield about(
            book,
            rule.code,
            Severity.VERIFY,
            what,
            _("在 basis.values.reading 写明条文怎么说，或是推定"),
            "method",
        )


def _policies(book: ResolvedBook, rule: Criterion) -> Iterator[Remark]:
    if (
        rule.measure is not None
        and rule.undefined == "full"
        and "undefined" not in rule.basis.values
    ):
        fix = _("在 basis.values.undefined 写明依据")
        yield about(
            book, rule.code, Severity.VERIFY, _("分母为零得满分，却没有写依据"), fix, "undefined"
        )


def _outside(of: ResolvedRule) -> tuple[tuple[Verdict, ...], tuple[Verdict, ...]] | None:
    """What passes and what does not of a bonus, and of a deduction; None of every other rule."""
    if not isinstance(of, ResolvedCriterion) or of.rule.adjust is None:
        return None
    if of.rule.bottom:
        return (Verdict.UNADJUSTED,), (Verdict.TAKEN_OFF,)
    return (Verdict.ADDED,), (Verdict.UNADJUSTED,)


def _examples(book: ResolvedBook, of: ResolvedRule) -> Iterator[Remark]:
    words = [e.expect for e in of.rule.examples]
    passes, fails = _outside(of) or (PASSES, FAILING)
    wanted = [(_("合格"), passes), (_("不合格"), fails), (_("缺数据"), OPEN)]
    absent = [name for name, verdicts in wanted if not any(w in verdicts for w in words)]
    if absent:
        what = _("样例里没有{kinds}的情形").format(kinds="、".join(absent))
        yield about(
            book, of.code, Severity.NOTE, what, _("补上样例，gouji rules test 会运行"), "examples"
        )
