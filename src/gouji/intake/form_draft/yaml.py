"""Words -> YAML scalars that read back as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from gouji.intake.form_draft.draft_words import PLAIN

_OTHERWISE = re.compile(r"[0-9.+-]+|true|false|null|yes|no|on|off|~", re.I)


def quoted(text: str) -> str:
    """A text as a scalar; in quotes where it would be read otherwise.

    >>> quoted("一、教育支出"), quoted("(一) 工资"), quoted("2023")
    ('一、教育支出', '"(一) 工资"', '"2023"')
    """
    if PLAIN.fullmatch(text) and not _OTHERWISE.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False)


def flow(texts: Iterable[str]) -> str:
    """A list in one line."""
    return "[" + ", ".join(map(quoted, texts)) + "]"


__all__ = ["flow", "quoted"]
