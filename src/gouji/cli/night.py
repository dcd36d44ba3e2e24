"""gouji night: what lies in a workspace, judged and kept as a run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gouji.base.i18n import _
from gouji.base.plain import plain
from gouji.cli import options as o
from gouji.cli.exit import Exit, command

if TYPE_CHECKING:
    from gouji.app import Night


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    wait = click.Option(
        ["--wait"],
        type=float,
        default=0,
        metavar="SECONDS",
        help=_("另一次运行占用工作区时等候几秒"),
    )
    full = click.Option(["--full"], is_flag=True, help=_("全部重读重审，不沿用上次的结果"))
    yield command(
        "night",
        _night,
        [
            *o.workspace_argument(),
            o.as_of_option(),
            wait,
            full,
            o.no_locate_option(),
            o.forms_option(),
        ],
        _("审核工作区里的报送，保存这次运行，判断门禁开不开"),
    )


def _night(
    workspace: Path,
    as_of: date | None,
    wait: float,
    full: bool,
    no_locate: bool,
    forms: tuple[str, ...],
) -> int:
    from gouji.app import night
    from gouji.runs import Busy

    try:
        made = night(workspace, as_of, wait, full, not no_locate, forms)
    except Busy as fault:
        click.echo(str(fault), err=True)
        return Exit.NOTHING_CHECKED
    _say(made)
    for damaged in made.damaged:
        click.echo(plain(str(damaged)), err=True)
    if not made.told:
        click.echo(_("通知没有送到，见 log/"), err=True)
    return exit_of(made.gate.state)


def exit_of(state: str) -> Exit:
    """The exit code of a gate: only an open one is 0."""
    return {"open": Exit.CLEAN, "closed": Exit.FINDINGS}.get(state, Exit.NOTHING_CHECKED)


def _say_causes(made: Night) -> None:
    counts = made.manifest["counts"]
    if counts.get("causes"):
        click.echo("  " + _("多半的原因 {n} 处").format(n=counts["causes"]))
    if counts.get("not_located"):
        click.echo(
            "  "
            + _(
                "{n} 个单位不平，超过 {most} 个，没有逐个找原因；看一个单位用 gouji report {run} --unit CODE"
            ).format(
                n=counts["not_located"], most=made.manifest["inputs"]["locate"], run=made.folder
            )
        )


def _say(made: Night) -> None:
    from gouji.app import gate_words

    counts = made.manifest["counts"]
    click.echo(
        _(
            "运行 {n}：{submissions} 份报送，审了 {judged} 份，沿用 {carried} 份；{units} 个单位 × {rules} 条规则 = {outcomes} 个结论"
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
    _say_causes(made)
    for line in made.gate.lines:
        mark = "✗" if line.shut else "✓" if line.limit is not None else " "
        limit = _("（至多 {n}）").format(n=line.limit) if line.limit is not None else ""
        click.echo(f"  {mark} {line.name} {line.found}{limit}")
    click.echo(gate_words(made.gate.state))
