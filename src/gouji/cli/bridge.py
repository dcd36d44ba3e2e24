"""gouji gx: the tie-outs judged once more by Great Expectations."""

from __future__ import annotations

from collections.abc import Iterator

import click

from gouji.cli import options as o
from gouji.cli.exit import Exit, command
from gouji.i18n import _


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    params = [o.data_argument(), o.book_option(), o.schemas_option()]
    yield command("gx", _gx, params, _("用 Great Expectations 把勾稽关系再判一遍, 与 gouji 的结论对照"))


def _gx(data: str, rules: str, schemas: str | None) -> int:
    from gouji.app import second_way

    found = second_way(data, rules, schemas)
    for e in found.expected:
        if not e.success:
            click.echo(_("{code} {name}: {n} 个单位不平").format(code=e.query.code, name=e.query.name, n=e.units))
    bad, left = sum(not e.success for e in found.expected), "、".join(found.left_out) or "—"
    click.echo(_("Great Expectations 判了 {n} 条勾稽关系, 不平 {bad} 条; 未判 {left} 条: {codes}").format(
        n=len(found.expected), bad=bad, left=len(found.left_out), codes=left))  # fmt: skip
    if found.differing:
        click.echo(_("与 gouji 的结论不同: {codes}").format(codes="、".join(found.differing)), err=True)
        return Exit.OWN_FAULT
    click.echo(_("与 gouji 的结论全部一致"))
    if not found.expected:
        return Exit.NOTHING_CHECKED
    return Exit.FINDINGS if bad else Exit.CLEAN
