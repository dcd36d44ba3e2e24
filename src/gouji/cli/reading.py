"""gouji forms read: what gouji reads of a file, cell by cell."""

from __future__ import annotations

from pathlib import Path

import click

from gouji.base.files import write_whole
from gouji.base.i18n import _
from gouji.cli import options as o
from gouji.cli.exit import Exit, command


def read_command() -> click.Command:
    """read FILE."""
    file = click.Argument(["file"], type=click.Path(exists=True))
    form = click.Option(
        ["--format", "form"],
        type=click.Choice(["text", "json", "html"]),
        default="text",
        show_default=True,
        help=_("text 逐格列出，html 画成原表的样子"),
    )
    params: list[click.Parameter] = [
        file,
        form,
        o.out_option(),
        o.book_option(),
        o.schemas_option(),
        o.forms_option(),
    ]
    return command(
        "read", _read, params, _("看读到了什么：每个格子读成哪张表、哪一列、多少，哪些没有读")
    )


def _read(
    file: str,
    form: str,
    out: Path | None,
    rules: str,
    schemas: str | None,
    forms: tuple[str, ...],
) -> int:
    from gouji.app import read_forms
    from gouji.intake import State
    from gouji.report import read_picture as reading
    from gouji.report import reading_page

    pictures = read_forms(file, rules, schemas, forms)
    if form == "html":
        made = reading_page(pictures)
    else:
        write = reading.text if form == "text" else reading.as_json
        made = "".join(write(picture) for picture in pictures)
    if out is not None:
        write_whole(out, made.encode())
        click.echo(_("已写入 {file}").format(file=out))
    else:
        click.echo(made, nl=False)
    lost = sum(sheet.count(State.DOUBTFUL) for picture in pictures for sheet in picture.sheets)
    unread = any(picture.refused is not None for picture in pictures)
    return Exit.FINDINGS if lost or unread else Exit.CLEAN
