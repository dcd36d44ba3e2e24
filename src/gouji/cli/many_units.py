"""The road of `gouji audit` for very many units: tables in, tables out, a few lines on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from gouji.base.i18n import _
from gouji.base.plain import line
from gouji.cli import options as o
from gouji.cli.exit import Exit

FORMS = ("parquet", "duckdb")


@dataclass(frozen=True, slots=True)
class Tables:
    """What is asked of a run whose results are tables: where they go, in which form, whether with every outcome; limits of memory and threads; whether causes are looked for; the units from one code to another, if not all; form sets that decide."""

    out: Path
    form: str
    narrow: bool
    memory: str
    threads: int
    locate: bool = False
    between: tuple[str, str] | None = None
    forms: tuple[str, ...] = ()


def options() -> list[click.Parameter]:
    """Options that only this road knows."""
    return [
        click.Option(
            ["--no-outcomes", "narrow"],
            is_flag=True,
            help=_("结果是表时：只要得分和问题，不要每条规则的结论"),
        ),
        click.Option(
            ["--memory"],
            default="4GB",
            show_default=True,
            metavar="SIZE",
            help=_("结果是表时：内存上限，不够就用磁盘"),
        ),
        click.Option(
            ["--threads"],
            type=click.IntRange(0),
            default=0,
            metavar="N",
            help=_("结果是表时：线程数（默认有多少用多少）"),
        ),
        click.Option(
            ["--between"],
            nargs=2,
            default=None,
            metavar="LOW HIGH",
            help=_("结果是表时：只判代码从 LOW 到 HIGH 的单位，各部分再用 merge 合起来"),
        ),
    ]


def engine_options() -> list[click.Parameter]:
    """Options for tables that lie on Spark."""
    return [
        click.Option(
            ["--engine"],
            default=None,
            metavar="ENGINE",
            help=_(
                "spark 或 sc://HOST:PORT：在 Spark 上审核，DATA 和 --out 写 CATALOG.SCHEMA 或文件夹"
            ),
        ),
        click.Option(
            ["--partitions"],
            type=click.IntRange(1),
            default=None,
            metavar="N",
            help=_("用 --engine 时：把单位分成几批（默认约 5000 个单位一批）"),
        ),
    ]


def audit_engine(
    data: str,
    rules: str | None,
    schemas: str | None,
    out: Path | None,
    narrow: bool,
    engine: str,
    partitions: int | None,
) -> int:
    """Audit on Spark, and say what came out."""
    if out is None:
        raise click.UsageError(_("用 --engine 要写 --out CATALOG.SCHEMA 或文件夹"))
    if engine != "spark" and not engine.startswith("sc://"):
        raise click.UsageError(_("--engine 写 spark 或 sc://HOST:PORT"))
    from gouji.spark import SparkRun, audit_on_spark

    asked = SparkRun(engine, not narrow, partitions)
    return tell(audit_on_spark(data, str(out), rules, schemas, asked), out)


def are_in(data: str, rules: str | None, schemas: str | None) -> bool:
    """Whether DATA are tables of so many units that their results are tables too."""
    from gouji.app import many_units

    return many_units(data, rules, schemas)


def audit_many(
    data: str, rules: str | None, schemas: str | None, asked: Tables, against: str | None = None
) -> int:
    """Audit into tables, and say what came out; with `against`, what another rulebook would change."""
    from gouji.app import audit_bulk
    from gouji.run import Limits

    out, limits = asked.out, Limits(asked.memory, asked.threads)
    if against is not None:
        from gouji.cli.what_if import tell_what_if_bulk

        with o.stopped(out):
            return tell_what_if_bulk(
                data, rules, against, schemas, out, limits, o.units_progress(), asked.forms
            )
    with o.stopped(out):
        made = audit_bulk(
            data,
            out,
            rules,
            schemas,
            asked.form,
            not asked.narrow,
            limits,
            o.units_progress(),
            o.located_progress() if asked.locate else None,
            asked.between,
            asked.forms,
        )
    return tell(made.manifest, out)


def _counts(m: Mapping[str, Any]) -> Iterator[str]:
    """How much was judged, and how much of what was sent was taken."""
    yield _("单位 {units} 个，规则 {rules} 条，结果 {outcomes} 个").format(
        units=m["units"], rules=m["rules_in_force"], outcomes=m["outcomes"]
    )
    if "part" in m:
        yield _("只判了 {low} 到 {high} 的单位，全部有 {units} 个").format(**m["part"])
    yield _("报送 {rows} 行，采用 {kept} 行，不采用 {aside} 行").format(
        rows=m["rows_in"], kept=m["rows_accepted"], aside=m["rows_set_aside"]
    )


def tell(m: dict[str, Any], out: Path) -> int:
    """Say what came out of a run, by its manifest; returns the exit code."""
    from gouji.results import added, apart, grave, told

    for one in (*_counts(m), *_filing(m)):
        click.echo(line(one))
    others = apart(m["rows_set_aside"], m.get("not_filed", 0), m.get("unexpected", 0))
    degrees = added(m["degrees"], others)
    click.echo(_("{found}，写在 {folder}").format(found=told(degrees), folder=out))
    if "causes" in m:
        click.echo(
            _("不平的单位 {units} 个，多半的原因 {n} 处，写在 causes").format(
                units=m["units_located"], n=m["causes"]
            )
        )
    if not m["outcomes"] and "part" not in m:
        return _nothing(m)
    return Exit.FINDINGS if grave(degrees) else Exit.CLEAN


def _filing(m: dict[str, Any]) -> Iterator[str]:
    """Who filed, where the data hold a list of who should."""
    if m.get("expected"):
        missing, unexpected = m["not_filed"], m["unexpected"]
        said = _("应报 {expected} 个单位，未报送 {missing} 个，清单外 {unexpected} 个").format(
            expected=m["expected"], missing=missing, unexpected=unexpected
        )
        yield said + (_("，写在 filing") if missing or unexpected else "")
    elif "expected" in m:
        yield _("应报清单里没有 {year} 年的单位，没有对照").format(year=m["year"])


def _nothing(m: dict[str, Any]) -> int:
    there = "、".join(map(str, m["other_years"])) or "—"
    click.echo(
        _("没有 {wanted} 年可用的单位，没有核对；送来的是 {found} 年的").format(
            wanted=m["year"], found=there
        ),
        err=True,
    )
    return Exit.NOTHING_CHECKED
