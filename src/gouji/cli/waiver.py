"""gouji waiver: why a finding may stand, as people said it: recorded, listed, ended, asked for by a form and read back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from gouji.base.i18n import _
from gouji.base.plain import line
from gouji.cli import options as o
from gouji.cli.exit import Exit, command, group


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    yield group("waiver", _("审核说明：记、列、撤销，说明表的写出和读入"), _commands())


def _commands() -> Iterator[click.Command]:
    unit, code = click.Argument(["unit"]), click.Argument(["code"], metavar="RULE")
    number = click.Argument(["number"], metavar="ID")
    file = click.Argument(["source"], type=click.Path(path_type=Path), metavar="XLSX")
    why, run, place = [o.author_option(), o.reason_option()], o.run_option(), o.workspace_option()
    said = [*why, _evidence_option(), _expires_option()]
    yield command("add", _add, [unit, code, *said, run, place], _("给一个问题记审核说明"))
    yield command("list", _list, [place], _("列出审核说明"))
    yield command("end", _end, [number, *why, place], _("撤销一条审核说明"))
    yield command("form", _form, [o.out_option(), run, place], _("把未解决的问题写成审核说明表"))
    yield command(
        "import", _import, [file, *said, run, place], _("从退回的审核说明表或工作簿读入审核说明")
    )


def _evidence_option() -> click.Option:
    return click.Option(
        ["--evidence"],
        type=click.Path(path_type=Path),
        default=None,
        metavar="FILE",
        help=_("佐证文件（记它的哈希）"),
    )


def _expires_option() -> click.Option:
    return click.Option(
        ["--expires"],
        type=click.DateTime(["%Y-%m-%d"]),
        default=None,
        callback=o.day,
        metavar="DATE",
        help=_("有效期至"),
    )


def _add(unit: str, code: str, run: str, workspace: Path, **said: Any) -> int:
    """`said`: author, reason, evidence and the last day, as their options give them."""
    from gouji.app import WaiverWords, waive

    number = waive(workspace, unit, code, WaiverWords(**said), run)
    click.echo(line(_("记下审核说明 {id}：{unit} {code}").format(id=number, unit=unit, code=code)))
    return Exit.CLEAN


def _import(source: Path, run: str, workspace: Path, **said: Any) -> int:
    """`said`: as of `_add`."""
    from gouji.app import WaiverWords, read_form

    back = read_form(workspace, run, source, WaiverWords(**said))
    for refused in back.refused:
        click.echo(line(refused), err=True)
    click.echo(
        _("记下审核说明 {n} 条：{ids}；不能用的 {bad} 行").format(
            n=len(back.recorded), ids="、".join(back.recorded) or "—", bad=len(back.refused)
        )
    )
    return Exit.FINDINGS if back.refused else Exit.CLEAN if back.recorded else Exit.NOTHING_CHECKED


def _list(workspace: Path) -> int:
    from gouji.app import standing

    rows = standing(workspace)
    for w in rows:
        until = _("至 {day}").format(day=w["expires"]) if w["expires"] else _("不限期")
        told = f"W{w['id']:04d} {w['unit']} {w['code']} {until} {w['author']}: {w['reason']}"
        click.echo(line(told))
    click.echo(_("共 {n} 条").format(n=len(rows)))
    return Exit.CLEAN


def _end(number: str, author: str, reason: str, workspace: Path) -> int:
    from gouji.app import end_waiver

    if not author or not reason:
        raise click.UsageError(_("撤销要写 --author 和 --reason"))
    end_waiver(workspace, number, author, reason)
    click.echo(_("已撤销 {id}").format(id=number))
    return Exit.CLEAN


def _form(out: Path | None, run: str, workspace: Path) -> int:
    from gouji.app import write_form

    path = o.target(out, "waivers.xlsx")
    click.echo(_("写出 {n} 个问题：{file}").format(n=write_form(workspace, run, path), file=path))
    return Exit.CLEAN
