"""Text from submissions -> text that can stand in a page, a workbook or a document: without characters that command the reader's program."""

from __future__ import annotations

import re
import unicodedata

# Control characters (XML cannot hold them), and those that turn the direction of what follows: a name must not rearrange the line it stands in.
_COMMANDS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_FORMULA = tuple("=+-@\t\r\n")


def plain(text: str) -> str:
    """The text with each such character replaced by a visible mark.

    >>> plain("甲\\u202e乙")
    '甲\ufffd乙'
    """
    return _COMMANDS.sub("\ufffd", text)


def inert(text: str) -> str:
    """For files that a spreadsheet opens by guessing (CSV): what would read as a formula gets an apostrophe in front.

    >>> inert("=1+1"), inert("财政局")
    ("'=1+1", '财政局')
    """
    made = plain(text)
    # Full-width signs too: some spreadsheets take them for the plain ones.
    return f"'{made}" if unicodedata.normalize("NFKC", made[:1]).startswith(_FORMULA) else made
