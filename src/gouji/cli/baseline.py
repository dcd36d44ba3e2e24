"""gouji baseline: the findings that were there before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gouji.base.i18n import _
from gouji.base.plain import line
from gouji.cli import options as o
from gouji.cli.exit import Exit, command, group


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    yield group("baseline", _("旧问题的基线：查看、设定"), _commands())


def _commands() -> Iterator[click.Command]:
    yield command("show", _show, [o.workspace_option()], _("列出基线里的旧问题"))
    yield command(
        "set",
        _set,
        [o.author_option(), o.reason_option(), o.run_option(), o.workspace_option()],
        _("把这次运行的未解决问题定为基线"),
    )


def _show(workspace: Path) -> int:
    from gouji.app import baseline

    rows = baseline(workspace)
    for b in rows:
        click.echo(line(f"{b['fingerprint']} {b['unit']} {b['code'] or ''}"))
    click.echo(_("基线：{n} 个旧问题").format(n=len(rows)))
    return Exit.CLEAN


def _set(author: str, reason: str, run: str, workspace: Path) -> int:
    from gouji.app import set_baseline

    if not author or not reason:
        raise click.UsageError(_("设定基线要写 --author 和 --reason"))
    click.echo(_("基线：{n} 个旧问题").format(n=set_baseline(workspace, run, author, reason)))
    return Exit.CLEAN
