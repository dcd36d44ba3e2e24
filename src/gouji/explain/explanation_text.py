"""RuleExplanation -> text for a terminal."""

from __future__ import annotations

import io

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gouji.explain.explanation import RuleExplanation


def explanation_text(page: RuleExplanation, *, width: int = 120, color: bool = False) -> str:
    """Title, then one row a section: its name beside its lines."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=color,
        no_color=not color,
        highlight=False,
        emoji=False,
    )
    console.print(Text(page.title, style="bold underline"))
    grid = Table.grid(padding=(0, 2, 1, 0))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column()
    for title, lines in page.sections:
        grid.add_row(title, Text("\n".join(lines)))
    console.print(grid)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).rstrip() + "\n"
