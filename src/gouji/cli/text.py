"""gouji text: a report as it is read, every figure of it accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gouji.base.files import whole_file
from gouji.base.i18n import _
from gouji.cli import options as o
from gouji.cli.exit import Exit, command

FORMATS = ("text", "html", "json")


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    file = click.Argument(["file"], type=click.Path(path_type=Path))
    form = click.Option(
        ["--format", "form"],
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help=_("输出形式：text、html 或 json"),
    )
    out = click.Option(
        ["--out"],
        type=click.Path(dir_okay=False, path_type=Path),
        default=None,
        metavar="FILE",
        help=_("写进这个文件（默认输出到屏幕）"),
    )
    yield command(
        "text",
        _text,
        [file, o.book_option(), o.schemas_option(), form, out],
        _("读报告正文：每个数勾稽了没有，句子里的关系平不平；文件夹：逐份读，并找雷同的段落"),
    )


def _text(file: Path, rules: str | None, schemas: str | None, form: str, out: Path | None) -> int:
    from gouji.app import read_report, read_reports, rendered, rendered_texts
    from gouji.narrative import found

    if file.is_dir():
        every = read_reports(file, rules, schemas)
        _show(rendered_texts(every), out)
        wrong = every.refused or any(found(one.reading) or one.left for one in every.texts)
        return Exit.FINDINGS if wrong else Exit.CLEAN
    made = read_report(file, rules, schemas)
    _show(rendered(made, form), out)
    if not made.reading.mentions:
        return Exit.NOTHING_CHECKED
    return Exit.FINDINGS if found(made.reading) or made.left else Exit.CLEAN


def _show(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        with whole_file(out) as write:
            write(text)
