"""Bureau -> the page of the rules: clause, formula, standard, reading, examples, and how many units fail each."""

from __future__ import annotations

from gouji.base.i18n import _
from gouji.report.bureau import Bureau
from gouji.report.html.frame import render
from gouji.report.html.page_words import bureau_words, frame_words, suspect_line, unit_words
from gouji.report.unit.foot import versions


def rules_page(b: Bureau) -> str:
    """One page with a section a rule; `rules.html#T11` leads to T11."""
    words = unit_words() | bureau_words() | frame_words()
    kinds = (("criterion", _("评价指标")), ("tie_out", _("勾稽关系")))
    values = {
        "b": b,
        "w": words,
        "kinds": [
            (name, [(r, b.tally(r.code)) for r in b.head.rules if r.kind == kind])
            for kind, name in kinds
        ],
        "suspect_line": suspect_line(),
        "versions": versions(b.head.manifest),
    }
    return render("rules.html", values, ())
