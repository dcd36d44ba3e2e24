"""--against of gouji audit and gouji bulk: the same submissions under two rulebooks, told and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gouji.base.i18n import _
from gouji.cli import options as o
from gouji.cli.exit import Exit

if TYPE_CHECKING:
    from gouji.results import WhatIf
    from gouji.run import Limits


def tell_what_if(
    data: str,
    rules: str | None,
    against: str,
    schemas: str | None,
    out: Path | None,
    form: str,
    forms: Sequence[str] = (),
) -> int:
    """Of a dataset, or of a kept run (whose own book is then the first); a `form` other than json is told as text."""
    from gouji.intake import ready

    ready()
    from gouji.app import what_if_audit
    from gouji.results import FolderKind, kind_of

    if kind_of(Path(data)) is FolderKind.KEPT_RUN:
        from gouji.app import what_if_run

        found = what_if_run(Path(data), against, schemas, forms=forms)
    else:
        found = what_if_audit(data, rules, against, schemas, o.progress(), forms=forms)
    return _told(found, out, form)


def tell_what_if_bulk(
    data: str,
    rules: str | None,
    against: str,
    schemas: str | None,
    out: Path,
    limits: Limits,
    done: Callable[[int, int], None],
    forms: Sequence[str] = (),
) -> int:
    """Of the tables of many units; the results under each book stay in `out`."""
    from gouji.intake import ready

    ready()
    from gouji.app import what_if_bulk

    return _told(what_if_bulk(data, out, rules, against, schemas, limits, done, forms), out, "text")


def _told(found: WhatIf, out: Path | None, form: str) -> int:
    from gouji.app import written
    from gouji.report import what_if_lists as what_if

    told = what_if.to_json(found) if form == "json" else what_if.render(found, **o.look())
    click.echo(told, nl=False)
    if out is not None:
        from gouji.app import write_files

        write_files(out, written(found))
        click.echo(_("报告已写入 {folder}").format(folder=out), err=True)
    if not found.changes.was.outcomes:
        return Exit.NOTHING_CHECKED
    return Exit.FINDINGS if found.changes.units_changed else Exit.CLEAN
