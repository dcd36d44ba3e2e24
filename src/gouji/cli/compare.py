"""gouji compare: what changed between two runs, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gouji.cli import options as o
from gouji.cli.exit import Exit, command
from gouji.i18n import _


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    before, after = (
        click.Argument(["run1"], default="previous", required=False),
        click.Argument(["run2"], default="latest", required=False),
    )
    form = click.Option(
        ["--format", "form"],
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help=_("输出形式"),
    )
    limit = click.Option(
        ["--limit"],
        type=click.IntRange(0),
        default=20,
        show_default=True,
        help=_("每一类至多列几个"),
    )
    yield command(
        "compare",
        _compare,
        [before, after, o.workspace_option(), form, limit],
        _("两次运行有什么不同, 是数据、规则还是决定引起的"),
    )


def _compare(run1: str, run2: str, workspace: Path, form: str, limit: int) -> int:
    from gouji.app.comparing import as_json, compare_runs, lines
    from gouji.results.findings import GRAVE

    found = compare_runs(workspace, run1, run2)
    click.echo(as_json(found) if form == "json" else "\n".join(lines(found, limit)))
    if not found.counts["b"]:
        return Exit.NOTHING_CHECKED
    return (
        Exit.FINDINGS
        if any(
            f["status"] == "open" and f["severity"] in GRAVE for f in (*found.new, *found.moved_on)
        )
        else Exit.CLEAN
    )
