"""WhatIf -> its page: the same lists as the text, whole."""

from __future__ import annotations

from gouji.base.i18n import _
from gouji.report import what_if_lists as what_if
from gouji.report.html.frame import render
from gouji.report.html.page_words import bureau_words, frame_words
from gouji.results import WhatIf


def what_if_page(found: WhatIf) -> str:
    """One page that opens without network."""
    sections = [
        {
            "title": s.title,
            "note": s.note,
            "columns": s.columns,
            "rows": [
                [
                    (what_if.shown(cell, column.form), column.form)
                    for cell, column in zip(row, s.columns, strict=True)
                ]
                for row in s.rows
            ],
        }
        for s in what_if.sections(found)
    ]
    values = {
        "title": what_if.title(found),
        "authority": found.after.authority,
        "year": found.year,
        "headline": what_if.headline(found),
        "sections": sections,
        "w": bureau_words() | frame_words(),
        "books": _("规则：{before} {old:.12} → {after} {new:.12}").format(
            before=found.before.book,
            old=found.before.digest,
            after=found.after.book,
            new=found.after.digest,
        ),
    }
    return render("what_if.html", values, ())
