"""gouji bulk · gouji synth: many units at once, and made-up data for any number of them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from gouji.cli import options as o
from gouji.cli.exit import Exit, command
from gouji.i18n import _


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    out = click.Option(
        ["--out"],
        type=click.Path(file_okay=False, path_type=Path),
        required=True,
        metavar="DIR",
        help=_("结果写进这个文件夹"),
    )
    form = click.Option(
        ["--format", "form"],
        type=click.Choice(["parquet", "duckdb"]),
        default="parquet",
        show_default=True,
        help=_("结果的文件形式"),
    )
    narrow = click.Option(
        ["--no-outcomes", "narrow"], is_flag=True, help=_("只要得分和问题, 不要每条规则的结论")
    )
    memory = click.Option(
        ["--memory"],
        default="4GB",
        show_default=True,
        metavar="SIZE",
        help=_("内存上限, 不够就用磁盘"),
    )
    threads = click.Option(
        ["--threads"],
        type=click.IntRange(0),
        default=0,
        metavar="N",
        help=_("线程数 (默认有多少用多少)"),
    )
    params = [
        o.data_argument(),
        out,
        form,
        narrow,
        memory,
        threads,
        o.book_option(),
        o.schemas_option(),
    ]
    yield command("bulk", _bulk, params, _("一次审核很多单位: 读 Parquet 或 DuckDB, 结果也是"))
    units = click.Option(
        ["--units"], type=click.IntRange(1), required=True, metavar="N", help=_("单位个数")
    )
    seed = click.Option(
        ["--seed"],
        type=click.IntRange(0),
        default=1,
        show_default=True,
        metavar="S",
        help=_("种子; 同一个种子做出同样的数"),
    )
    folder = click.Option(
        ["--out"],
        type=click.Path(file_okay=False, path_type=Path),
        required=True,
        metavar="DIR",
        help=_("数据写进这个文件夹"),
    )
    yield command(
        "synth",
        _synth,
        [units, folder, seed, o.book_option(), o.schemas_option()],
        _("做出很多单位的模拟数据, 一部分有已知的差错"),
    )


def _bulk(
    data: Path,
    out: Path,
    form: str,
    narrow: bool,
    memory: str,
    threads: int,
    rules: str,
    schemas: str | None,
) -> int:
    from gouji.app import audit_bulk
    from gouji.results.findings import added, apart, grave, told
    from gouji.run.bulk import Limits

    with _stopped(out):
        made = audit_bulk(
            data, out, rules, schemas, form, not narrow, Limits(memory, threads), _progress()
        )
    m = made.manifest
    click.echo(
        _("单位 {units} 个, 规则 {rules} 条, 结果 {outcomes} 个").format(
            units=m["units"], rules=m["rules_in_force"], outcomes=m["outcomes"]
        )
    )
    click.echo(
        _("报送 {rows} 行, 采用 {kept} 行, 不采用 {aside} 行").format(
            rows=m["rows_in"], kept=m["rows_accepted"], aside=m["rows_set_aside"]
        )
    )
    degrees = added(m["degrees"], apart(m["rows_set_aside"], 0, 0))
    click.echo(_("{found}, 写在 {folder}").format(found=told(degrees), folder=out))
    if not m["outcomes"]:
        there = "、".join(map(str, m["other_years"])) or "—"
        click.echo(
            _("没有 {wanted} 年可用的单位, 没有核对; 送来的是 {found} 年的").format(
                wanted=m["year"], found=there
            ),
            err=True,
        )
        return Exit.NOTHING_CHECKED
    return Exit.FINDINGS if grave(degrees) else Exit.CLEAN


def _synth(units: int, out: Path, seed: int, rules: str, schemas: str | None) -> int:
    from gouji.app import synthesize

    with _stopped(out):
        made = synthesize(units, out, rules, schemas, seed)
    click.echo(
        _("数据表 {tables} 张, {rows} 行, 有差错的单位 {faulty} 个, 写在 {folder}").format(
            tables=len(made.rows), rows=sum(made.rows.values()), faulty=made.faulty, folder=out
        )
    )
    return Exit.CLEAN


class _stopped:
    """Ctrl-C says that nothing was written."""

    def __init__(self, out: Path) -> None:
        self.out = out

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, fault: Any, trace: Any) -> None:
        if kind is KeyboardInterrupt:
            click.echo(_("已停止; {folder} 和原来一样").format(folder=self.out), err=True)


def _progress() -> Callable[[int, int], None]:
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
        text = _("{bar} {judged}/{units} 个单位, 每秒 {speed} 个 {left}").format(
            bar=bar, judged=judged, units=units, speed=round(speed), left=left
        )
        click.echo(f"\r\033[K{text}", nl=judged == units, err=True)

    return shown
