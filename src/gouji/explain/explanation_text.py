"""RuleExplanation -> text for a terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from gouji.explain.explanation import RuleExplanation
from gouji.report import Terminal


def explanation_text(page: RuleExplanation, *, width: int = 120, color: bool = False) -> str:
    """Title, then one row a section: its name beside its lines."""
    grid = Table.grid(padding=(0, 2, 1, 0))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column()
    for title, lines in page.sections:
        grid.add_row(title, Text("\n".join(lines)))
    made = Terminal(width, color).text((Text(page.title, style="bold underline"), grid))
    return made.rstrip() + "\n"
