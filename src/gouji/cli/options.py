"""Arguments and options that several commands share, and how wide and colourful the terminal is. Built after the language is known."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from gouji.i18n import _


def book_option() -> click.Option:
    """--rules BOOK."""
    return click.Option(
        ["--rules"],
        default="anning-2023",
        show_default=True,
        metavar="BOOK",
        help=_("规则库: 自带的名称或文件夹"),
    )


def schemas_option() -> click.Option:
    """--schemas DIR."""
    return click.Option(
        ["--schemas"], default=None, metavar="DIR", help=_("数据表说明的文件夹 (默认用自带的)")
    )


def book_argument() -> click.Argument:
    """BOOK."""
    return click.Argument(["book"], default="anning-2023", required=False)


def data_argument() -> click.Argument:
    """DATA."""
    return click.Argument(["data"])


def data_option() -> click.Option:
    """--data DIR."""
    return click.Option(
        ["--data"], default=None, metavar="DATA", help=_("报送数据: 文件、文件夹或 PostgreSQL 地址")
    )


def unit_option() -> click.Option:
    """--unit CODE."""
    return click.Option(
        ["--unit"], default=None, metavar="CODE", callback=as_code, help=_("单位代码")
    )


def as_code(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """A unit's code as it stands in the tables, however it was typed."""
    from gouji.intake.codes import unit_code

    return None if value is None else unit_code(value)


def look() -> dict[str, Any]:
    """Width and colour of the terminal; plain and 120 wide elsewhere."""
    import shutil

    terminal = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = (
        shutil.get_terminal_size((120, 40)).columns
        if sys.stdout.isatty() or "COLUMNS" in os.environ
        else 120
    )
    return {"width": max(60, width), "color": terminal}


@contextmanager
def whole_file(path: Path) -> Iterator[Callable[[str], object]]:
    """What writes a file whole or not at all: beside it, piece by piece, then moved into place."""
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("w", encoding="utf-8") as file:
            yield file.write
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """As `whole_file`, for bytes that are there already."""
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(content)
    beside.replace(path)


def progress() -> Callable[[int, int], None] | None:
    """A line on the terminal that counts workbooks; nothing where the output is read by a program."""
    if not sys.stderr.isatty():
        return None
    started = time.monotonic()

    def tick(done: int, total: int) -> None:
        if done % 10 and done != total:
            return
        speed = done / max(time.monotonic() - started, 0.001)
        line = _("已读 {done} / {total} 个工作簿, 每秒 {speed} 个").format(
            done=done, total=total, speed=round(speed)
        )
        click.echo(f"\r{line}\033[K" + ("\n" if done == total else ""), nl=False, err=True)

    return tick


def folder_argument() -> click.Argument:
    """[WORKSPACE], the current folder by default."""
    return click.Argument(
        ["workspace"], type=click.Path(file_okay=False, path_type=Path), default=".", required=False
    )


def workspace_option() -> click.Option:
    """--workspace DIR."""
    return click.Option(
        ["--workspace"],
        type=click.Path(file_okay=False, path_type=Path),
        default=".",
        metavar="DIR",
        help=_("工作区 (默认当前文件夹)"),
    )


def as_of_option() -> click.Option:
    """--as-of DATE."""
    return click.Option(
        ["--as-of"],
        type=click.DateTime(["%Y-%m-%d"]),
        callback=day,
        default=None,
        metavar="DATE",
        help=_("按哪一天判断审核说明是否到期 (默认今天)"),
    )


def day(_context: click.Context, _parameter: click.Parameter, value: Any) -> Any:
    """A date, of what click reads as a moment."""
    return value.date() if value is not None else None
