"""Bytes of a text -> text, by its mark, then UTF-8, then GB18030; a text -> paragraphs; digits raised behind a figure -> signs that cannot be read as part of it."""

from __future__ import annotations

import codecs

from gouji.base.i18n import _
from gouji.documents.document_model import Blocks, DocumentFault

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_RAISED = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_LOWERED = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")


def decoded(raw: bytes, said: str = "") -> str:
    """The text; `said` is the encoding that it claims to have. Raises DocumentFault."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _whole(raw, encoding)
    # GBK and GB2312 are parts of GB18030.
    chosen = "gb18030" if said.lower().replace("-", "") in ("gbk", "gb2312", "gb18030") else said
    for encoding in filter(None, (chosen, "utf-8", "gb18030")):
        try:
            return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise DocumentFault(_("看不出是什么编码的文字"), _("另存为 UTF-8 再报"))


def _whole(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as fault:
        raise DocumentFault(_("看不出是什么编码的文字"), _("另存为 UTF-8 再报")) from fault


def paragraphs(raw: bytes) -> Blocks:
    """A plain text: a paragraph a line. Raises DocumentFault where it holds what no text holds."""
    text = decoded(raw)
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in text):
        raise DocumentFault(_("里面不是文字"), _("换成文字文件再报"))
    made = Blocks()
    for line in text.splitlines():
        made.paragraph(line.strip("\ufeff \t\f"))
    return made


def raised(text: str, low: bool = False) -> str:
    """Raised (or lowered) text as its own signs, so that nobody reads it as digits of the figure before; empty where there are none for it.

    >>> raised("2"), raised("①"), raised("注")
    ('²', '①', '')
    """
    made = text.translate(_LOWERED if low else _RAISED)
    return "" if any((c.isascii() and c.isalnum()) or _is_word(c) for c in made) else made


def _is_word(sign: str) -> bool:
    return 0x4E00 <= ord(sign) <= 0x9FFF


__all__ = ["decoded", "paragraphs", "raised"]
