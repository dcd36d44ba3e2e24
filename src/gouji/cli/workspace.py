"""gouji workspace: the folder in which nights run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gouji.base.i18n import _
from gouji.cli import options as o
from gouji.cli.exit import Exit, command, group


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    yield group("workspace", _("工作区：夜间运行的文件夹"), _commands())


def _commands() -> Iterator[click.Command]:
    yield command(
        "init",
        _init,
        [*o.workspace_argument(), o.book_option()],
        _("建立工作区：配置、报送文件夹、运行历史"),
    )


def _init(workspace: Path, rules: str | None) -> int:
    from gouji.app import book_for, load_book
    from gouji.runs import init

    named = book_for(rules, workspace if workspace.exists() else None)
    load_book(named)
    init(workspace, str(named))
    click.echo(
        _("工作区已建在 {folder}：报送放进 submissions/，配置在 gouji.yaml").format(
            folder=workspace
        )
    )
    return Exit.CLEAN
