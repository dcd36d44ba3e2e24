"""One catalogue for every text that a person reads: the message in Chinese -> the message in the chosen language.

Messages are written in Chinese in the code (`_("…")`); `locale/en` holds the English. click's own words are English
messages with a Chinese translation in `locale/zh_CN`.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterable
from functools import reduce
from pathlib import Path

DOMAIN = "gouji"
LANGUAGES = ("zh_CN", "en")
_LOCALE = Path(__file__).parent.parent / "locale"
_current: gettext.NullTranslations = gettext.NullTranslations()
_chosen = ""


def use_language(language: str) -> None:
    """Choose the language of all later messages: `zh_CN` (also `zh`) or `en`. Raises ValueError for another."""
    global _current, _chosen
    name = {"zh": "zh_CN", "zh-CN": "zh_CN"}.get(language, language)
    if name not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}: one of {', '.join(LANGUAGES)}")
    _chosen = name
    _current = gettext.translation(DOMAIN, _LOCALE, [name], fallback=True)
    # click looks its own words up in the process-wide domain and language; it has no other hook.
    gettext.bindtextdomain(DOMAIN, _LOCALE)
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = name


def language() -> str:
    """The language that was chosen; empty where none was."""
    return _chosen


def _(message: str) -> str:
    """The message in the current language; the message itself where no translation is needed."""
    return _current.gettext(message)


def labelled(label: str, text: str) -> str:
    """`label：text`."""
    return _("{label}：{text}").format(label=label, text=text)


def noted(text: str, note: str) -> str:
    """`text（note）`."""
    return _("{text}（{note}）").format(text=text, note=note)


def clauses(parts: Iterable[str]) -> str:
    """`part；part；part`."""
    found = list(parts)
    return reduce(_two_clauses, found) if found else ""


def _two_clauses(first: str, rest: str) -> str:
    return _("{first}；{rest}").format(first=first, rest=rest)


def with_fix(what: str, fix: str) -> str:
    """What is wrong, and on the next line how to fix it."""
    return f"{what}\n  {labelled(_('改法'), fix)}"
