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

from gouji.base.i18n import _


def book_option() -> click.Option:
    """--rules BOOK."""
    return click.Option(
        ["--rules"],
        default=None,
        metavar="BOOK",
        help=_("规则库：自带的名称或文件夹（默认按工作区或数据文件夹写的）"),
    )


def against_option() -> click.Option:
    """--against BOOK."""
    return click.Option(
        ["--against"],
        default=None,
        metavar="BOOK",
        help=_("再按另一个规则库判一次，只报告两次有什么不同"),
    )


def full_option() -> click.Option:
    """--full."""
    return click.Option(
        ["--full"],
        is_flag=True,
        help=_("JSON 里平的和无法判断的也写出计算过程和每个数"),
    )


def schemas_option() -> click.Option:
    """--schemas DIR."""
    return click.Option(
        ["--schemas"], default=None, metavar="DIR", help=_("数据表说明的文件夹（默认用自带的）")
    )


def book_argument() -> list[click.Parameter]:
    """[BOOK], which is also taken as --rules BOOK."""
    return _either(
        click.Argument(["book"], required=False),
        click.Option(
            ["--rules", "rules_option"], metavar="BOOK", help=_("规则库：自带的名称或文件夹")
        ),
    )


def _either(argument: click.Argument, option: click.Option) -> list[click.Parameter]:
    """An argument that may be written as an option too: in some commands other things stand in its place."""
    key = f"gouji.{argument.name}"

    def note(context: click.Context, _option: click.Parameter, value: Any) -> None:
        if value is not None:
            context.meta[key] = value

    def take(context: click.Context, _argument: click.Parameter, value: Any) -> Any:
        return context.meta.get(key, value)

    # An eager parameter is handled before the others, wherever it stands.
    option.is_eager, option.expose_value, option.callback = True, False, note
    argument.callback = take
    return [argument, option]


def data_argument() -> click.Argument:
    """DATA."""
    return click.Argument(["data"])


def data_option() -> click.Option:
    """--data DIR."""
    return click.Option(
        ["--data"], default=None, metavar="DATA", help=_("报送数据：文件、文件夹或 PostgreSQL 地址")
    )


def unit_option(required: bool = False) -> click.Option:
    """--unit UNIT."""
    return click.Option(
        ["--unit"],
        default=None,
        required=required,
        metavar="UNIT",
        help=_("单位：代码或名称"),
    )


def forms_option() -> click.Option:
    """--forms NAME."""
    return click.Option(
        ["--forms"],
        multiple=True,
        metavar="NAME",
        help=_("按这一套表样读（可重复），见 forms sets"),
    )


def no_locate_option() -> click.Option:
    """--no-locate."""
    return click.Option(["--no-locate"], is_flag=True, help=_("不找多半写错的格子"))


def locate_option() -> click.Option:
    """--locate, --no-locate; None where nothing is said."""
    return click.Option(
        ["--locate/--no-locate", "locate"],
        default=None,
        help=_("找不找多半写错的格子（默认找；结果是表时默认不找）"),
    )


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


def progress() -> Callable[[int, int], None] | None:
    """A line on the terminal that counts workbooks; nothing where the output is read by a program."""
    if not sys.stderr.isatty():
        return None
    started = time.monotonic()

    def tick(done: int, total: int) -> None:
        if done % 10 and done != total:
            return
        speed = done / max(time.monotonic() - started, 0.001)
        line = _("已读 {done} / {total} 个工作簿，每秒 {speed} 个").format(
            done=done, total=total, speed=round(speed)
        )
        click.echo(f"\r{line}\033[K" + ("\n" if done == total else ""), nl=False, err=True)

    return tick


def workspace_argument() -> list[click.Parameter]:
    """[WORKSPACE], the current folder by default; also taken as --workspace."""
    return _either(
        click.Argument(
            ["workspace"],
            type=click.Path(file_okay=False, path_type=Path),
            default=".",
            required=False,
        ),
        click.Option(
            ["--workspace", "workspace_option"],
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            help=_("工作区（默认当前文件夹）"),
        ),
    )


def workspace_option() -> click.Option:
    """--workspace DIR."""
    return click.Option(
        ["--workspace"],
        type=click.Path(file_okay=False, path_type=Path),
        default=".",
        metavar="DIR",
        help=_("工作区（默认当前文件夹）"),
    )


def run_argument(name: str = "run", default: str | None = None) -> click.Argument:
    """RUN: a number, `latest`, `previous` or the folder of a run."""
    return click.Argument([name], default=default, required=default is None)


def run_option() -> click.Option:
    """--run RUN."""
    return click.Option(
        ["--run"],
        default="latest",
        show_default=True,
        metavar="RUN",
        help=_("哪一次运行的问题：号码、latest、previous 或文件夹"),
    )


def out_option(help: str = "", required: bool = False) -> click.Option:
    """--out PATH, see `target`."""
    return click.Option(
        ["--out"],
        type=click.Path(path_type=Path),
        default=None,
        required=required,
        metavar="PATH",
        help=help or _("写到这里：文件夹，或带后缀的文件名"),
    )


def target(out: Path | None, name: str) -> Path:
    """Where one file goes: to `out` where that names a file (it has a suffix and is no folder), else into the folder `out` (by default the current one), as `name`."""
    if out is None:
        return Path(name)
    path = out if out.suffix and not out.is_dir() else out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def author_option() -> click.Option:
    """--author NAME."""
    return click.Option(["--author"], default="", help=_("谁作的决定"))


def reason_option() -> click.Option:
    """--reason TEXT."""
    return click.Option(["--reason"], default="", help=_("理由"))


def as_of_option() -> click.Option:
    """--as-of DATE."""
    return click.Option(
        ["--as-of"],
        type=click.DateTime(["%Y-%m-%d"]),
        callback=day,
        default=None,
        metavar="DATE",
        help=_("按哪一天判断审核说明是否到期（默认今天）"),
    )


def day(_context: click.Context, _parameter: click.Parameter, value: Any) -> Any:
    """A date, of what click reads as a moment."""
    return value.date() if value is not None else None


@contextmanager
def stopped(out: Path) -> Iterator[None]:
    """Ctrl-C says that nothing was written."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(_("已停止；{folder} 和原来一样").format(folder=out), err=True)
        raise


def located_progress() -> Callable[[int, int], None]:
    """In how many failing units causes were looked for: on a terminal only."""

    def shown(looked: int, units: int) -> None:
        if sys.stderr.isatty() and units:
            text = _("已找 {n} / {units} 个不平的单位").format(n=looked, units=units)
            click.echo(f"\r\033[K{text}", nl=looked == units, err=True)

    return shown


def units_progress() -> Callable[[int, int], None]:
    """How many units were judged, how many a second, how long to go: on a terminal only, one line drawn over and over."""
    begun = time.monotonic()

    def shown(judged: int, units: int) -> None:
        if not sys.stderr.isatty() or not units:
            return
        spent = max(time.monotonic() - begun, 0.001)
        speed = judged / spent
        left = (
            _("还要 {n} 秒").format(n=round((units - judged) / speed))
            if speed and judged < units
            else ""
        )
        bar = "█" * (30 * judged // units) + "·" * (30 - 30 * judged // units)
        text = _("{bar} {judged}/{units} 个单位，每秒 {speed} 个 {left}").format(
            bar=bar, judged=judged, units=units, speed=round(speed), left=left
        )
        click.echo(f"\r\033[K{text}", nl=judged == units, err=True)

    return shown
