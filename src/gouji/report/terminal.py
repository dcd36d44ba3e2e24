"""What texts for a terminal share: renderables of rich -> text of a given width; a heading, indented lines, what could not be used."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from gouji.base.i18n import _, labelled, with_fix


class Terminal:
    """Prints into text instead of on a screen. Chinese characters take two of its `width` columns."""

    def __init__(self, width: int = 120, color: bool = False) -> None:
        self._out = io.StringIO()
        self._console = Console(
            file=self._out,
            width=width,
            force_terminal=color,
            no_color=not color,
            color_system="standard" if color else None,
            highlight=False,
            emoji=False,
            legacy_windows=False,
        )

    def text(self, parts: Iterable[RenderableType]) -> str:
        """The parts below each other, without blanks at the ends of lines."""
        for part in parts:
            self._console.print(part)
        text = "".join(f"{line.rstrip()}\n" for line in self._out.getvalue().splitlines())
        self._out.seek(0)
        self._out.truncate()
        return text


def heading(title: str, line: str, invented: bool) -> Panel:
    """The frame at the top of a report: its title, a line about it, and whether its figures are made up."""
    head = Text(f"{title}\n", style="bold")
    head.append(line, style="not bold")
    if invented:
        head.append("\n" + _("示例数据：含为演示而编的数字"), style="yellow")
    return Panel(head, box=box.ROUNDED, expand=True)


def indented(part: RenderableType, columns: int = 2) -> Padding:
    """The same, moved to the right."""
    return Padding(part, (0, 0, 0, columns))


def not_used(problems: Sequence[tuple[str, str, str]]) -> Iterator[RenderableType]:
    """What could not be used, with its place and what to do; nothing where all could."""
    if problems:
        yield Text("\n" + _("未能采用的内容（{n} 处）").format(n=len(problems)), style="bold red")
    for place, what, fix in problems:
        yield indented(Text(with_fix(labelled(place, what), fix)))
