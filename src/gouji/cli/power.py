"""gouji rules power: how strong a rulebook is."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from gouji.base.files import write_whole
from gouji.base.i18n import _
from gouji.cli import options as o
from gouji.cli.exit import Exit, command


def power_command() -> click.Command:
    """The command, in the current language."""
    params: list[click.Parameter] = [
        *o.book_argument(),
        o.data_option(),
        o.unit_option(),
        o.schemas_option(),
        click.Option(
            ["--format", "form"],
            type=click.Choice(["text", "json"]),
            default="text",
            show_default=True,
            help=_("输出形式"),
        ),
        click.Option(
            ["--out"],
            type=click.Path(dir_okay=False, path_type=Path),
            default=None,
            metavar="HTML",
            help=_("把分布图写成网页"),
        ),
        click.Option(
            ["--at-least"],
            default=None,
            metavar="PERCENT",
            callback=_share,
            help=_("发现率低于它时退出码为 1（用于持续集成）"),
        ),
        click.Option(
            ["--figures"],
            type=click.IntRange(1),
            default=2,
            show_default=True,
            metavar="N",
            help=_("每一列最多试几个数"),
        ),
    ]
    return command(
        "power", _power, params, _("量一量规则库有多强：种下各种差错，看哪些没有规则发现")
    )


def _share(_context: click.Context, _option: click.Parameter, value: Any) -> Fraction | None:
    if value is None:
        return None
    try:
        share = Fraction(str(value).removesuffix("%")) / 100
    except ValueError:
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise click.BadParameter(_("要写 0 到 100 的百分数，例如 95"))
    return share


def _tick() -> Callable[[int, int], None] | None:
    import sys

    if not sys.stderr.isatty():
        return None

    def tick(done: int, total: int) -> None:
        line = _("已试 {done} / {total} 个数").format(done=done + 1, total=total)
        click.echo(f"\r{line}\033[K" + ("\n" if done + 1 == total else ""), nl=False, err=True)

    return tick


def _power(
    book: str,
    data: str | None,
    unit: str | None,
    schemas: str | None,
    form: str,
    out: Path | None,
    at_least: Fraction | None,
    figures: int,
) -> int:
    from gouji.app import rulebook_power
    from gouji.report.power_report import as_json, page, text

    found = rulebook_power(book, schemas, data, unit, _tick(), figures)
    click.echo(as_json(found) if form == "json" else text(found), nl=False)
    if out is not None:
        write_whole(out, page(found).encode())
        click.echo(_("分布图已写入 {file}").format(file=out), err=True)
    return Exit.FINDINGS if at_least is not None and found.noticed < at_least else Exit.CLEAN


__all__ = ["power_command"]
