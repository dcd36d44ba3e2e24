"""The command line: parse, call `app`, print, return an exit code. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from io import StringIO

import click

from gouji.base.address import shown
from gouji.base.i18n import _, use_language
from gouji.cli import (
    audit,
    baseline,
    check,
    explain,
    forms,
    merge,
    night,
    report,
    rules,
    runs,
    synth,
    text,
    waiver,
    workspace,
)
from gouji.cli.aliases import renamed
from gouji.cli.exit import Commands, Exit, last_words

LANGUAGE = "GOUJI_LANG"
# Modules whose `commands()` make up the command line, in the order of --help; a group of commands is a module. They import nothing heavy at the top.
COMMANDS = (
    audit,
    merge,
    report,
    explain,
    rules,
    forms,
    night,
    runs,
    workspace,
    waiver,
    baseline,
    check,
    text,
    synth,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Nothing rises out of it: an error that nobody foresaw is gouji's own fault, and said as such."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        use_language(_language(arguments))
    except ValueError as fault:
        click.echo(str(fault), err=True)
        return Exit.UNUSABLE
    arguments, note = renamed(arguments)
    if note is not None:
        click.echo(note, err=True)
    try:
        return int(_cli().main(arguments, prog_name="gouji", standalone_mode=False) or 0)
    except click.ClickException as fault:
        # What was typed stands in it.
        told = StringIO()
        fault.show(told)
        click.echo(shown(told.getvalue()), nl=False, err=True)
        return Exit.UNUSABLE
    except click.exceptions.Abort:
        return Exit.OWN_FAULT
    except BrokenPipeError:
        # The reader (head, less) went away; what it read was right.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.CLEAN
    except Exception as fault:
        return last_words(fault)


def run() -> None:
    """The console script."""
    # A command makes many values and few circles: looking for those after every 700 values took a tenth of the time.
    gc.set_threshold(200_000, 20, 50)
    sys.exit(main())


def _language(arguments: Sequence[str]) -> str:
    for i, word in enumerate(arguments):
        if word == "--lang" and i + 1 < len(arguments):
            return arguments[i + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return os.environ.get(LANGUAGE, "zh_CN")


def _cli() -> click.Group:
    """The commands, built after the language is known."""
    group = Commands(
        "gouji",
        help=_("勾稽：复核部门整体支出绩效自评，审核决算数据的勾稽关系"),
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    group.params.append(
        click.Option(
            ["--lang"],
            type=click.Choice(["zh", "zh_CN", "en"]),
            expose_value=False,
            help=_("语言（默认 zh_CN）"),
        )
    )
    group.params.append(
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help=_("显示版本"),
        )
    )
    for module in COMMANDS:
        for made in module.commands():
            group.add_command(made)
    return group


def _version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        from gouji.app import version

        click.echo(f"gouji {version('gouji')}")
        context.exit()


__all__ = ["COMMANDS", "Exit", "main", "run"]
