"""gouji check: the rules judged once more by Great Expectations, and what its pages need to open offline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gouji.base.i18n import _
from gouji.base.plain import line
from gouji.cli import options as o
from gouji.cli.exit import Exit, command, group

if TYPE_CHECKING:
    from gouji.app import SecondWay


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    yield group("check", _("用别的工具对照 gouji 的结论"), _commands())


def _commands() -> Iterator[click.Command]:
    keep = click.Option(
        ["--keep"],
        type=click.Path(file_okay=False, path_type=Path),
        default=None,
        metavar="DIR",
        help=_("在这个文件夹留下 Great Expectations 项目：校验结果和 Data Docs"),
    )
    params = [o.data_argument(), o.book_option(), o.schemas_option(), keep]
    yield command(
        "gx", _gx, params, _("用 Great Expectations 把规则再判一遍，与 gouji 的结论逐单位对照")
    )
    registry = click.Option(
        ["--registry"], default=None, metavar="URL", help=_("npm 仓库（默认用 npm 自己的设置）")
    )
    yield command(
        "assets",
        _assets,
        [*o.workspace_argument(), registry],
        _("取一次 Data Docs 页面链接的文件，此后离线也能打开"),
    )


def _tell(found: SecondWay) -> None:
    """Each rule that some units fail, and how many rules were judged."""
    failing = [e for e in found.expected if not e.success]
    for e in failing:
        verb = (
            _("{code} {name}：{n} 个单位不平")
            if e.query.passing is None
            else _("{code} {name}：{n} 个单位扣分")
        )
        click.echo(line(verb.format(code=e.query.code, name=e.query.name, n=e.units)))
    left = "、".join(found.left_out) or "—"
    click.echo(
        _(
            "Great Expectations 判了 {n} 条规则，有单位不合的 {bad} 条；未判 {left} 条：{codes}"
        ).format(n=len(found.expected), bad=len(failing), left=len(found.left_out), codes=left)
    )


def _gx(data: str, rules: str | None, schemas: str | None, keep: Path | None) -> int:
    from gouji.app import of_workspace, second_way
    from gouji.runs import CONFIG

    found = (
        of_workspace(Path(data), keep)
        if (Path(data) / CONFIG).is_file()
        else second_way(data, rules, schemas, keep)
    )
    _tell(found)
    if found.differing:
        click.echo(
            _("与 gouji 的结论不同：{codes}").format(codes="、".join(found.differing)), err=True
        )
        return Exit.OWN_FAULT
    click.echo(_("与 gouji 的结论全部一致"))
    if found.problems:
        click.echo(_("报送有 {n} 处问题，见 gouji audit 或 gouji night").format(n=found.problems))
    return _exit_of(found)


def _exit_of(found: SecondWay) -> Exit:
    """By the one definition of a finding."""
    from gouji.base.verdict import Severity
    from gouji.results import GRAVE

    if not found.expected or not found.decided:
        return Exit.NOTHING_CHECKED
    grave = any(not e.success and Severity(e.query.severity) in GRAVE for e in found.expected)
    return Exit.FINDINGS if grave or found.problems else Exit.CLEAN


def _assets(workspace: Path, registry: str | None) -> int:
    from gouji.app import PROJECT
    from gouji.cross_check import fetch, localise

    project = workspace / PROJECT
    project.mkdir(parents=True, exist_ok=True)
    files = fetch(project, registry)
    click.echo(
        _("取来 {files} 个文件；{pages} 个页面改为离线打开").format(
            files=files, pages=localise(project)
        )
    )
    return Exit.CLEAN
