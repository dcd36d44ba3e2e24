"""Names and texts -> SQL. The only place where they are quoted."""

from __future__ import annotations


def quoted(name: str) -> str:
    """An identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text literal."""
    return "'" + text.replace("'", "''") + "'"


def view_named(views: str, table: str) -> str:
    """The name of a view of a table: `views`, then letters and figures alone; without `views` the name of the table.

    Spark makes no view whose name needs quotes, and Sail takes quotes as signs of the name.
    """
    return f"{views}{table.encode().hex()}" if views else table
