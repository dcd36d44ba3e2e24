"""gouji rules draft · new: a bureau's scoring table as rules; an empty rulebook that runs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import click

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.cli import options as o
from gouji.cli.exit import Exit, command


def _draft_params(year: click.Option) -> list[click.Parameter]:
    return [
        click.Argument(["source"], required=False),
        click.Option(["--out", "-o"], default=None, metavar="BOOK", help=_("写到哪个文件夹")),
        year,
        click.Option(["--title"], default=None, help=_("规则库的标题（默认用文件名）")),
        click.Option(["--sheet"], default=None, help=_("工作簿里的哪一张表")),
        click.Option(["--grammar"], default=None, metavar="FILE", help=_("另加的词表，先于自带的")),
        click.Option(["--clause"], default=None, metavar="TEXT", help=_("只读一句评价标准")),
        click.Option(["--points"], default=None, metavar="N", help=_("这一句的分值")),
        o.schemas_option(),
    ]


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    out = click.Option(["--out", "-o"], required=True, metavar="BOOK", help=_("写到哪个文件夹"))
    year = click.Option(
        ["--year"], type=click.IntRange(1990, 2200), default=None, help=_("规则的年度")
    )
    yield command(
        "draft",
        _draft,
        _draft_params(year),
        _("把评分标准（xlsx、docx、csv）草拟成规则；说不准的列出来"),
    )
    yield command("new", _new, [out, year], _("新建一套能运行的规则库"))


def _draft(
    source: str | None,
    out: str | None,
    year: int | None,
    title: str | None,
    sheet: str | None,
    grammar: str | None,
    clause: str | None,
    points: str | None,
    schemas: str | None,
) -> int:
    from gouji.app import draft_book, read_one

    own = Path(grammar) if grammar else None
    if clause is not None:
        click.echo(read_one(clause, _points(points), own))
        return Exit.CLEAN
    if source is None or out is None or year is None:
        raise DataError(
            _("要写评分标准的文件、--out 和 --year"),
            fix="gouji rules draft SOURCE --out BOOK --year 2024",
        )
    made = draft_book(
        Path(source),
        Path(out),
        year=year,
        title=title,
        sheet=sheet,
        schemas=Path(schemas) if schemas else None,
        grammar=own,
    )
    for line in made.lines:
        click.echo(line)
    return Exit.CLEAN


def _points(text: str | None) -> Fraction | None:
    try:
        return None if text is None else Fraction(text)
    except ValueError as fault:
        raise DataError(_("“{text}”不是分值").format(text=text), fix="--points 2") from fault


def _new(out: str, year: int | None) -> int:
    from gouji.app import new_book

    if year is None:
        raise DataError(_("要写 --year"), fix=f"gouji rules new --out {out} --year 2024")
    for name in new_book(Path(out), year):
        click.echo(f"{out}/{name}")
    click.echo(_("接着运行：gouji rules test {book}").format(book=out))
    return Exit.CLEAN
