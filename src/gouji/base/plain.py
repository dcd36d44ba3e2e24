"""Text from submissions -> text that can stand in a page, a workbook or a document: without characters that command the reader's program."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

# Control characters (XML cannot hold them), and those that turn the direction of what follows: a name must not rearrange the line it stands in.
_COMMANDS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# The same in JSON, but for white space between its parts.
_HIDDEN = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_FORMULA = tuple("=+-@\t\r\n")
# What begins a new line: a name with one could pass for a line of the report.
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
T = TypeVar("T")


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


def escaped(made: str) -> str:
    """A JSON text with such characters as escapes: it means the same, and does nothing to the terminal that shows it.

    >>> escaped('{"name": "甲\u202e乙"}')
    '{"name": "甲\\\\u202e乙"}'
    """
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", made)


def line(text: str) -> str:
    """The text on one line of a terminal: without control characters, a visible mark for what would begin a new line.

    >>> line("甲\\n乙\\x1b[31m")
    '甲⏎乙�[31m'
    """
    return plain(_BREAKS.sub("⏎", text).replace("\t", " "))


def lines(value: T) -> T:
    """A value of a report (frozen dataclasses, tuples, dictionaries) with every text in it on one line; itself where none changes."""
    return _lines(value)  # type: ignore[no-any-return]


def _lines(value: Any) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, Enum) else line(value)
    if isinstance(value, tuple):
        made = tuple(_lines(x) for x in value)
        return value if all(a is b or a == b for a, b in zip(made, value, strict=True)) else made
    if isinstance(value, dict):
        return {_lines(k): _lines(v) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            f.name: new
            for f in fields(value)
            if (new := _lines(old := getattr(value, f.name))) is not old and new != old
        }
        return replace(value, **changed) if changed else value
    return value
