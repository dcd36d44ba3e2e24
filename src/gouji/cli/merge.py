"""gouji merge: results of parts of the units, put together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gouji.base.i18n import _
from gouji.cli import many_units
from gouji.cli import options as o
from gouji.cli.exit import command


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    parts = click.Argument(
        ["parts"], nargs=-1, required=True, type=click.Path(file_okay=False, path_type=Path)
    )
    params = [parts, o.out_option(_("合起来的结果写进这个文件夹"), required=True)]
    yield command("merge", _merge, params, _("把 audit --between 写成的几部分合成一份结果"))


def _merge(parts: tuple[Path, ...], out: Path) -> int:
    from gouji.app import merge_parts

    with o.stopped(out):
        made = merge_parts(parts, out)
    return many_units.tell(made.manifest, out)
