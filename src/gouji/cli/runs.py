"""gouji runs: the runs that a workspace keeps: listed, compared, made once more, let go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gouji.base.i18n import _
from gouji.base.plain import plain
from gouji.cli import options as o
from gouji.cli.exit import Exit, command, group


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    yield group("runs", _("保存的运行：列出、对比、重做、清理"), _commands())


def _commands() -> Iterator[click.Command]:
    yield command("list", _list, o.workspace_argument(), _("列出保存的运行"))
    form = click.Option(
        ["--format", "form"],
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help=_("输出形式"),
    )
    limit = click.Option(
        ["--limit"],
        type=click.IntRange(0),
        default=20,
        show_default=True,
        help=_("每一类至多列几个"),
    )
    yield command(
        "compare",
        _compare,
        [
            o.run_argument("run1", "previous"),
            o.run_argument("run2", "latest"),
            o.workspace_option(),
            form,
            limit,
        ],
        _("两次运行有什么不同，是数据、规则还是决定引起的"),
    )
    yield command(
        "replay",
        _replay,
        [o.run_argument(), o.workspace_option()],
        _("用保存的原件重做一次运行，逐字节对照"),
    )
    yield command(
        "prune",
        _prune,
        o.workspace_argument(),
        _("按 gouji.yaml 的 retention 删去旧的运行和没有运行再用的原件"),
    )


def _list(workspace: Path) -> int:
    from gouji.app import damaged, gate_words, listed

    rows = listed(workspace)
    for one in damaged(workspace):
        click.echo(plain(str(one)), err=True)
    for row in rows:
        click.echo(
            f"{row.number:>6}  {row.started}  {gate_words(row.gate)}  "
            + _("单位 {units} · 未解决 {open} · 审核说明 {waived} · 基线 {known}").format(
                units=row.units, open=row.open_, waived=row.waived, known=row.known
            )
        )
    click.echo(_("共 {n} 次运行").format(n=len(rows)))
    return Exit.CLEAN if rows else Exit.NOTHING_CHECKED


def _compare(run1: str, run2: str, workspace: Path, form: str, limit: int) -> int:
    from gouji.app import as_json, compare_runs, lines
    from gouji.results import GRAVE

    found = compare_runs(workspace, run1, run2)
    click.echo(as_json(found) if form == "json" else "\n".join(lines(found, limit)))
    if not found.counts["b"]:
        return Exit.NOTHING_CHECKED
    return (
        Exit.FINDINGS
        if any(
            f["status"] == "open" and f["severity"] in GRAVE for f in (*found.new, *found.moved_on)
        )
        else Exit.CLEAN
    )


def _replay(run: str, workspace: Path) -> int:
    from gouji.app import replay
    from gouji.runs import Workspace

    place = Workspace.at(workspace)
    made = replay(place.find_run(run), place.objects)
    if made.inputs:
        click.echo(
            _("当时的条件与现在不同：{names}").format(names="、".join(made.inputs)), err=True
        )
    if made.differing:
        click.echo(_("与保存的不同：{names}").format(names="、".join(made.differing)), err=True)
        return Exit.OWN_FAULT
    click.echo(_("重做的结果与保存的逐字节相同"))
    return Exit.CLEAN


def _prune(workspace: Path) -> int:
    from gouji.app import prune_runs
    from gouji.runs import Workspace, locked

    place = Workspace.at(workspace)
    with locked(place.root):
        click.echo(_("删去 {n} 次旧的运行").format(n=prune_runs(place)))
    return Exit.CLEAN
