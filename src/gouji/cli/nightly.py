"""gouji init · night · runs · replay: a workspace and the runs kept in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gouji.cli import options as o
from gouji.cli.exit import Exit, command
from gouji.i18n import _

if TYPE_CHECKING:
    from gouji.app.nights import Night


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    yield command(
        "init",
        _init,
        [o.folder_argument(), o.book_option()],
        _("建立工作区: 配置、报送文件夹、运行历史"),
    )
    wait = click.Option(
        ["--wait"],
        type=float,
        default=0,
        metavar="SECONDS",
        help=_("另一次运行占用工作区时等候几秒"),
    )
    full = click.Option(["--full"], is_flag=True, help=_("全部重读重审, 不沿用上次的结果"))
    yield command(
        "night",
        _night,
        [o.folder_argument(), o.as_of_option(), wait, full],
        _("审核工作区里的报送, 保存这次运行, 判断关口开不开"),
    )
    yield command("runs", _runs, [o.folder_argument()], _("列出保存的运行"))
    yield command(
        "prune",
        _prune,
        [o.folder_argument()],
        _("按 gouji.yaml 的 retention 删去旧的运行和没有运行再用的原件"),
    )
    yield command(
        "replay",
        _replay,
        [click.Argument(["run"]), o.workspace_option()],
        _("用保存的原件重做一次运行, 逐字节对照"),
    )


def _init(workspace: Path, rules: str) -> int:
    from gouji.app import load_book
    from gouji.workspace import init

    load_book(rules)
    init(workspace, rules)
    click.echo(
        _("工作区已建在 {folder}: 报送放进 submissions/, 配置在 gouji.yaml").format(
            folder=workspace
        )
    )
    return Exit.CLEAN


def _night(workspace: Path, as_of: date | None, wait: float, full: bool) -> int:
    from gouji.app.nights import night
    from gouji.workspace.lock import Busy

    try:
        made = night(workspace, as_of, wait, full)
    except Busy as fault:
        click.echo(str(fault), err=True)
        return Exit.NOTHING_CHECKED
    _say(made)
    for damaged in made.damaged:
        click.echo(str(damaged), err=True)
    if not made.told:
        click.echo(_("通知没有送到, 见 log/"), err=True)
    return exit_of(made.gate.state)


def exit_of(state: str) -> Exit:
    """The exit code of a gate: only an open one is 0."""
    return {"open": Exit.CLEAN, "closed": Exit.FINDINGS}.get(state, Exit.NOTHING_CHECKED)


def _say(made: Night) -> None:
    from gouji.app.history import gate_words

    counts = made.manifest["counts"]
    click.echo(
        _(
            "运行 {n}: {submissions} 份报送, 审了 {judged} 份, 沿用 {carried} 份; {units} 个单位 × {rules} 条规则 = {outcomes} 个结论"
        ).format(
            n=made.number,
            submissions=counts["submissions"],
            judged=len(made.work.judged),
            carried=len(made.work.carried),
            units=counts["units"],
            rules=counts["rules"],
            outcomes=counts["outcomes"],
        )
    )
    click.echo("  " + " · ".join(f"{word} {n}" for word, n in counts["verdicts"].items()))
    for line in made.gate.lines:
        mark = "✗" if line.shut else "✓" if line.limit is not None else " "
        limit = _(" (至多 {n})").format(n=line.limit) if line.limit is not None else ""
        click.echo(f"  {mark} {line.name} {line.found}{limit}")
    click.echo(gate_words(made.gate.state))


def _runs(workspace: Path) -> int:
    from gouji.app.history import damaged, gate_words, listed

    rows = listed(workspace)
    for one in damaged(workspace):
        click.echo(str(one), err=True)
    for row in rows:
        click.echo(
            f"{row.number:>6}  {row.started}  {gate_words(row.gate)}  "
            + _("单位 {units} · 未解决 {open} · 审核说明 {waived} · 基线 {known}").format(
                units=row.units, open=row.open_, waived=row.waived, known=row.known
            )
        )
    click.echo(_("共 {n} 次运行").format(n=len(rows)))
    return Exit.CLEAN if rows else Exit.NOTHING_CHECKED


def _replay(run: str, workspace: Path) -> int:
    from gouji.app.replaying import replay
    from gouji.workspace import Workspace

    place = Workspace.at(workspace)
    made = replay(place.find_run(run), place.objects)
    if made.inputs:
        click.echo(
            _("当时的条件与现在不同: {names}").format(names="、".join(made.inputs)), err=True
        )
    if made.differing:
        click.echo(_("与保存的不同: {names}").format(names="、".join(made.differing)), err=True)
        return Exit.OWN_FAULT
    click.echo(_("重做的结果与保存的逐字节相同"))
    return Exit.CLEAN


def _prune(workspace: Path) -> int:
    from gouji.app.pruning import prune_runs
    from gouji.workspace import Workspace, locked

    place = Workspace.at(workspace)
    with locked(place.root):
        click.echo(_("删去 {n} 次旧的运行").format(n=prune_runs(place)))
    return Exit.CLEAN
