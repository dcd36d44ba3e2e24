"""Names and texts -> SQL. The only place where they are quoted."""

from __future__ import annotations


def quoted(name: str) -> str:
    """An identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text literal."""
    return "'" + text.replace("'", "''") + "'"
