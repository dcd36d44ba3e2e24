"""A code or name as a person wrote it, and a rulebook -> the rule that is meant."""

from __future__ import annotations

from gouji.base.faults import DataError, did_you_mean
from gouji.base.i18n import _
from gouji.rules import ResolvedBook, ResolvedRule

# So many rules that may be meant are named.
SHOWN = 6


def find(book: ResolvedBook, code: str) -> ResolvedRule:
    """The rule in force with that code or name; a part of a name will do where only one rule has it. Raises DataError with the nearest codes."""
    asked = "".join(code.split())
    for rule in book.rules:
        if rule.code == asked.upper():
            return rule
    named = [r for r in book.rules if r.rule.name == asked]
    named = named or [r for r in book.rules if asked and asked in r.rule.name]
    if len(named) == 1:
        return named[0]
    if named:
        raise DataError(
            _("“{name}”可能指 {n} 条规则：{rules}").format(
                name=code,
                n=len(named),
                rules="、".join(f"{r.code} {r.rule.name}" for r in named[:SHOWN]),
            ),
            fix=_("写规则代码"),
        )
    known = [r.code for r in book.rules]
    raise DataError(_("没有规则 {code}").format(code=code), fix=did_you_mean(code.upper(), known))
