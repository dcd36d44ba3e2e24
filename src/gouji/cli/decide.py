"""gouji waive · waivers · baseline: what people decided about findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from gouji.cli import options as o
from gouji.cli.exit import Exit, command
from gouji.i18n import _


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    run = click.Option(["--run"], default="latest", show_default=True, help=_("哪一次运行的问题"))
    author = click.Option(["--author"], default="", help=_("谁作的决定"))
    reason = click.Option(["--reason"], default="", help=_("理由"))
    evidence = click.Option(
        ["--evidence"],
        type=click.Path(path_type=Path),
        default=None,
        metavar="FILE",
        help=_("佐证文件 (记它的哈希)"),
    )
    expires = click.Option(
        ["--expires"],
        type=click.DateTime(["%Y-%m-%d"]),
        default=None,
        callback=o.day,
        metavar="DATE",
        help=_("有效期至"),
    )
    back = click.Option(
        ["--from", "source"],
        type=click.Path(path_type=Path),
        default=None,
        metavar="XLSX",
        help=_("从退回的审核说明表或工作簿读入"),
    )
    unit, code = click.Argument(["unit"], required=False), click.Argument(["code"], required=False)
    yield command(
        "waive",
        _waive,
        [unit, code, author, reason, evidence, expires, back, run, o.workspace_option()],
        _("给一个问题记审核说明"),
    )
    form = click.Option(
        ["--form"],
        type=click.Path(path_type=Path),
        default=None,
        metavar="XLSX",
        help=_("把未解决的问题写成审核说明表"),
    )
    end = click.Option(["--end"], default=None, metavar="ID", help=_("撤销一条审核说明"))
    yield command(
        "waivers",
        _waivers,
        [form, end, author, reason, run, o.workspace_option()],
        _("列出审核说明; 写出审核说明表; 撤销"),
    )
    set_ = click.Option(["--set"], is_flag=True, help=_("把这次运行的未解决问题定为基线"))
    yield command(
        "baseline",
        _baseline,
        [set_, author, reason, run, o.workspace_option()],
        _("旧问题的基线: 列出, 或重新设定"),
    )


def _waive(
    unit: str | None,
    code: str | None,
    author: str,
    reason: str,
    evidence: Path | None,
    expires: date | None,
    source: Path | None,
    run: str,
    workspace: Path,
) -> int:
    from gouji.app.deciding import Said, read_form, waive

    if source is not None:
        back = read_form(workspace, run, source, Said(author, reason, evidence, expires))
        for line in back.refused:
            click.echo(line, err=True)
        click.echo(
            _("记下审核说明 {n} 条: {ids}; 不能用的 {bad} 行").format(
                n=len(back.recorded), ids="、".join(back.recorded) or "—", bad=len(back.refused)
            )
        )
        return (
            Exit.FINDINGS if back.refused else Exit.CLEAN if back.recorded else Exit.NOTHING_CHECKED
        )
    if unit is None or code is None:
        raise click.UsageError(_("写单位代码和规则代码, 或用 --from"))
    number = waive(workspace, unit, code, Said(author, reason, evidence, expires), run)
    click.echo(_("记下审核说明 {id}: {unit} {code}").format(id=number, unit=unit, code=code))
    return Exit.CLEAN


def _waivers(
    form: Path | None, end: str | None, author: str, reason: str, run: str, workspace: Path
) -> int:
    from gouji.app.deciding import end_waiver, standing, write_form

    if form is not None:
        click.echo(
            _("写出 {n} 个问题: {file}").format(n=write_form(workspace, run, form), file=form)
        )
    elif end is not None:
        if not author or not reason:
            raise click.UsageError(_("撤销要写 --author 和 --reason"))
        end_waiver(workspace, end, author, reason)
        click.echo(_("已撤销 {id}").format(id=end))
    else:
        rows = standing(workspace)
        for w in rows:
            until = _("至 {day}").format(day=w["expires"]) if w["expires"] else _("不限期")
            click.echo(
                f"W{w['id']:04d} {w['unit']} {w['code']} {until} {w['author']}: {w['reason']}"
            )
        click.echo(_("共 {n} 条").format(n=len(rows)))
    return Exit.CLEAN


def _baseline(set: bool, author: str, reason: str, run: str, workspace: Path) -> int:
    from gouji.app.deciding import baseline, set_baseline

    if set:
        if not author or not reason:
            raise click.UsageError(_("设定基线要写 --author 和 --reason"))
        click.echo(_("基线: {n} 个旧问题").format(n=set_baseline(workspace, run, author, reason)))
        return Exit.CLEAN
    rows = baseline(workspace)
    for b in rows:
        click.echo(f"{b['fingerprint']} {b['unit']} {b['code'] or ''}")
    click.echo(_("基线: {n} 个旧问题").format(n=len(rows)))
    return Exit.CLEAN
