"""gouji synth: made-up data for any number of units."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gouji.base.i18n import _
from gouji.cli import options as o
from gouji.cli.exit import Exit, command


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    units = click.Option(
        ["--units"], type=click.IntRange(1), required=True, metavar="N", help=_("单位个数")
    )
    seed = click.Option(
        ["--seed"],
        type=click.IntRange(0),
        default=1,
        show_default=True,
        metavar="S",
        help=_("种子；同一个种子做出同样的数"),
    )
    params = [
        units,
        o.out_option(required=True),
        seed,
        o.book_option(),
        o.schemas_option(),
    ]
    yield command("synth", _synth, params, _("做出很多单位的模拟数据，一部分有已知的差错"))


def _synth(units: int, out: Path, seed: int, rules: str | None, schemas: str | None) -> int:
    from gouji.app import synthesize

    with o.stopped(out):
        made = synthesize(units, out, rules, schemas, seed)
    click.echo(
        _("数据表 {tables} 张，{rows} 行，有差错的单位 {faulty} 个，写在 {folder}").format(
            tables=len(made.rows), rows=sum(made.rows.values()), faulty=made.faulty, folder=out
        )
    )
    return Exit.CLEAN
