"""What the exit code of a command says, and the guard that turns faults into codes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any

import click

from gouji.base.i18n import _, labelled


class Exit(IntEnum):
    """What the exit code says."""

    CLEAN = 0
    FINDINGS = 1
    UNUSABLE = 2
    NOTHING_CHECKED = 3
    OWN_FAULT = 4


def command(
    name: str, do: Callable[..., int], params: Sequence[click.Parameter], text: str
) -> click.Command:
    """A command whose faults of rules and data become exit code 2 with what, where and how to fix it; gouji's own become 4."""
    return click.Command(name, callback=guarded(do), params=list(params), help=text)


class Commands(click.Group):
    """Commands under one name, listed in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """What --help lists."""
        return list(self.commands)


def group(name: str, text: str, commands: Iterable[click.Command]) -> click.Group:
    """Commands under one name; the name alone lists them."""
    made = Commands(name, help=text)
    for one in commands:
        made.add_command(one)
    return made


def guarded(do: Callable[..., int]) -> Callable[..., int]:
    """The same with faults told: an exit code instead of an error that rises."""

    def told(**given: Any) -> int:
        from gouji.base.faults import EngineError, GoujiError
        from gouji.base.plain import plain

        try:
            return do(**given)
        except ExceptionGroup as group:
            for fault in group.exceptions:
                click.echo(plain(str(fault)), err=True)
            click.echo(_("共 {n} 处错误").format(n=len(group.exceptions)), err=True)
            return Exit.UNUSABLE
        except EngineError as fault:
            click.echo(plain(str(fault)), err=True)
            return Exit.OWN_FAULT
        except GoujiError as fault:
            if (book := _asked(fault, given)) is not None:
                return told(**given | book)
            click.echo(plain(str(fault)), err=True)
            return Exit.UNUSABLE

    return told


def _asked(fault: Exception, given: Mapping[str, Any]) -> dict[str, str] | None:
    """Which rulebook is meant, asked of whoever sits at a terminal; None where nobody does, or nothing of the kind is wanting."""
    from gouji.app import NoBook

    key = next((name for name in ("rules", "book") if name in given), None)
    if not isinstance(fault, NoBook) or key is None:
        return None
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    click.echo(_("用哪个规则库？"), err=True)
    names = [book.name for book in fault.books]
    for number, book in enumerate(fault.books, 1):
        click.echo(f"  {number}  {book.name}  {book.title}", err=True)
    said: str = click.prompt(_("号码、名称或文件夹"), err=True)
    return {key: names[int(said) - 1] if said in map(str, range(1, len(names) + 1)) else said}


def last_words(fault: Exception) -> int:
    """What is said of an error that ended the program and that nobody foresaw; it is kept whole in a file to send."""
    from gouji.base.address import redacted
    from gouji.base.guard import keep

    made = keep(fault)
    why = redacted(str(fault).split("\n")[0])
    match fault:
        case OSError(errno=int()):
            said, fix = (
                _("文件或磁盘出错：{why}").format(why=why),
                _("检查磁盘空间、权限和这个文件"),
            )
        case MemoryError():
            said, fix = _("内存不够"), _("关掉别的程序，或分几次审核")
        case _ if made.file is not None:
            said, fix = labelled(made.what, why), _("把下面的文件发给 gouji 的维护者")
        case _:
            said, fix = labelled(made.what, why), _("把这一行告诉 gouji 的维护者")
    click.echo(said, err=True)
    click.echo("  " + labelled(_("改法"), fix), err=True)
    if made.file is not None:
        click.echo(_("  经过记在 {file}").format(file=made.file), err=True)
    return Exit.OWN_FAULT
