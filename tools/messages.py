"""Python source -> its messages, for pybabel: every `_("…")`, `gettext("…")` and `ngettext("…", "…", n)`.

Babel's own reader works on tokens; before Python 3.12 a whole f-string is one token, and a message inside it is not seen.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

Found = tuple[int, str, str | tuple[str | None, ...], list[str]]


def extract(
    file: BinaryIO,
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Found]:
    """What Babel asks of an extraction method: line, function, message (a tuple where it has several arguments), comments."""
    for call in calls(ast.parse(file.read()), keywords):
        texts = tuple(
            arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None
            for arg in call.args
        )
        yield (
            call.lineno,
            call.func.id,  # type: ignore[attr-defined]
            texts[0] if len(texts) == 1 and texts[0] is not None else texts,
            [],
        )


def calls(tree: ast.AST, keywords: Collection[str] = ("_",)) -> Iterator[ast.Call]:
    """Every call of one of the functions, wherever it stands, in the order of the text."""
    found = [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.Call)
        and isinstance(n.func, ast.Name)
        and n.func.id in keywords
        and n.args
    ]
    yield from sorted(found, key=lambda n: (n.lineno, n.col_offset))
