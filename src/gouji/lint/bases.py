"""Rules and values that rest on a reading of a truncated or silent source, and clauses whose parts name different quantities."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.base.i18n import _, clauses, labelled, noted
from gouji.base.verdict import Severity
from gouji.lint.remark import Remark, about
from gouji.rules import BasisStatus, ResolvedBook, Wording


def bases(book: ResolvedBook) -> Iterator[Remark]:
    """Remarks on every `basis` that the authority should settle."""
    for rule in book.rules:
        basis = rule.rule.basis
        if basis.status is not BasisStatus.PRINTED:
            what = labelled(basis.clause, status_words(basis.status))
            yield about(
                book,
                rule.code,
                Severity.VERIFY,
                _with_note(what, basis.note),
                "",
                "basis",
                "status",
            )
        for key, value in basis.values.items():
            if value.status is not BasisStatus.PRINTED:
                what = labelled(key, status_words(value.status))
                yield about(
                    book,
                    rule.code,
                    Severity.VERIFY if value.status is BasisStatus.OPEN else Severity.NOTE,
                    _with_note(what, value.note),
                    "",
                    "basis",
                    "values",
                    key,
                )
        if basis.wording is not None:
            yield from _wording(book, rule.code, basis.wording)


def status_words(status: BasisStatus) -> str:
    """How far the source says it, as a remark."""
    return {
        BasisStatus.PRINTED: _("原文印明"),
        BasisStatus.TRUNCATED: _("原文残缺，其余是补的"),
        BasisStatus.INFERRED: _("原文没写，是推定的"),
        BasisStatus.OPEN: _("还没有人知道，要先定下来"),
    }[status]


def _with_note(what: str, note: str | None) -> str:
    return noted(what, note.strip()) if note else what


def _wording(book: ResolvedBook, code: str, wording: Wording) -> Iterator[Remark]:
    parts = {
        _("名称"): wording.name,
        _("指标解释"): wording.explanation,
        _("评价标准"): wording.criterion,
        _("计算公式"): wording.formula,
    }
    given = {title: frozenset(words) for title, words in parts.items() if words}
    if len(set(given.values())) > 1:
        said = clauses(f"{title} {'、'.join(sorted(words))}" for title, words in given.items())
        what = _("条文各处说的不是同一个量：{said}").format(said=said)
        yield about(
            book, code, Severity.VERIFY, what, _("请发文机关确认以哪处为准"), "basis", "wording"
        )
