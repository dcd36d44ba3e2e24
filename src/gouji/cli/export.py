"""gouji export: a kept run for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gouji.cli import options as o
from gouji.cli.exit import Exit, command
from gouji.i18n import _

FORMATS = ("junit", "sarif", "jsonl", "github", "gitlab", "prometheus")


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    run = click.Argument(["run"], default="latest", required=False)
    form = click.Option(
        ["--format", "form"], type=click.Choice(FORMATS), required=True, help=_("输出形式")
    )
    out = click.Option(
        ["--out"],
        type=click.Path(dir_okay=False, path_type=Path),
        default=None,
        metavar="FILE",
        help=_("写进这个文件 (默认输出到屏幕)"),
    )
    yield command(
        "export",
        _export,
        [run, form, out, o.unit_option(), o.workspace_option()],
        _("把一次运行写成别的程序读的形式"),
    )


def _export(run: str, form: str, out: Path | None, unit: str | None, workspace: Path) -> int:
    from gouji.app.exporting import export, write_pieces
    from gouji.workspace import CONFIG, Workspace

    place = Workspace.at(workspace)
    pieces = export(
        place.find_run(run), form, unit, place.config.submissions, place.config.expected or CONFIG
    )
    if out is None:
        for piece in pieces:
            click.echo(piece, nl=False)
    else:
        write_pieces(out, pieces)
    return Exit.CLEAN
