"""gouji audit: what units sent, judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gouji.base.files import whole_file
from gouji.base.i18n import _
from gouji.cli import many_units
from gouji.cli import options as o
from gouji.cli.exit import Exit, command

if TYPE_CHECKING:
    from gouji.app import Audit
    from gouji.report import Depth, ReportPage

# What is shown on the screen; with --out the folder gets text and JSON whatever is shown.
SHOWN = ("text", "summary", "json")


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    form = click.Option(
        ["--format", "form"],
        type=click.Choice([*SHOWN, *many_units.FORMS]),
        default=None,
        help=_(
            "text（默认）、summary、json 显示在屏幕上；parquet、duckdb 是结果表，写进 --out；数据是很多单位的表时默认 parquet"
        ),
    )
    params = [
        o.data_argument(),
        o.book_option(),
        o.schemas_option(),
        o.out_option(_("把结果写进这个文件夹")),
        form,
        o.locate_option(),
        o.unit_option(),
        *many_units.options(),
        *many_units.engine_options(),
        o.full_option(),
        o.against_option(),
        o.forms_option(),
    ]
    yield command("audit", _audit, params, _("审核一份报送数据：复核得分，判断每条勾稽关系"))


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What the command was asked for."""

    data: str
    rules: str | None
    schemas: str | None
    out: Path | None
    form: str | None
    locate: bool | None
    unit: str | None
    narrow: bool
    memory: str
    threads: int
    between: tuple[str, str] | None
    engine: str | None
    partitions: int | None
    full: bool
    against: str | None
    forms: tuple[str, ...]

    @property
    def located(self) -> bool:
        """Whether cells that are probably wrong are looked for, where units are judged one by one."""
        return self.locate is not False

    @property
    def shown(self) -> str:
        """The form; of tables with very many units they are tables too."""
        if self.form is not None:
            return self.form
        if self.between is not None:
            return "parquet"
        many = self.unit is None and many_units.are_in(self.data, self.rules, self.schemas)
        return "parquet" if many else "text"

    @property
    def more(self) -> bool:
        """Whether anything is asked for that only units judged one by one can give."""
        return bool(self.unit or self.against or self.locate or self.forms)

    def check(self) -> None:
        """Raises UsageError for options that do not go together."""
        if self.engine is not None and (self.more or self.form or self.between):
            raise click.UsageError(
                _(
                    "--engine 不能与 --format、--unit、--between、--against、--locate、--forms 一起用"
                )
            )
        if self.between is not None and (self.more or self.form not in (None, "parquet")):
            raise click.UsageError(
                _(
                    "--between 只写结果表 (--format parquet)，不能与 --unit、--against、--locate、--forms 一起用"
                )
            )


def _audit(**given: Any) -> int:
    asked = AuditOptions(**given)
    asked.check()
    if asked.engine is not None:
        return many_units.audit_engine(
            asked.data,
            asked.rules,
            asked.schemas,
            asked.out,
            asked.narrow,
            asked.engine,
            asked.partitions,
        )
    form = asked.shown
    if asked.unit is not None:
        return _audit_one(asked, form, asked.unit)
    if form in many_units.FORMS:
        return _audit_tables(asked, form)
    if asked.against is not None:
        from gouji.cli.what_if import tell_what_if

        return tell_what_if(
            asked.data, asked.rules, asked.against, asked.schemas, asked.out, form, asked.forms
        )
    return _audit_units(asked, form)


def _audit_tables(asked: AuditOptions, form: str) -> int:
    """Very many units at once: the results are tables."""
    if asked.out is None:
        raise click.UsageError(_("结果是表，要写 --out DIR；只看一个单位写 --unit"))
    tables = many_units.Tables(
        asked.out,
        form,
        asked.narrow,
        asked.memory,
        asked.threads,
        bool(asked.locate),
        asked.between,
        asked.forms,
    )
    return many_units.audit_many(asked.data, asked.rules, asked.schemas, tables, asked.against)


def _audit_one(asked: AuditOptions, form: str, unit: str) -> int:
    """One unit of many: judged with all the others, for some of its figures may be theirs; printed alone."""
    from gouji.intake import ready

    if form not in ("text", "json"):
        raise click.UsageError(_("一个单位写 --format text 或 json"))
    ready()
    from gouji.app import audit, bulk_unit, only, page_of
    from gouji.base.verdict import OPEN
    from gouji.results import grave

    if many_units.are_in(asked.data, asked.rules, asked.schemas):
        page = bulk_unit(asked.data, unit, asked.rules, asked.schemas, asked.located)
    else:
        made = audit(asked.data, asked.rules, asked.schemas, o.progress(), asked.forms)
        page = only(page_of(made, located=asked.located), unit)
    if asked.out is not None:
        asked.out.mkdir(parents=True, exist_ok=True)
    _write(page, form, asked.out, asked.full)
    (card,) = page.cards
    if grave(card.degrees):
        return Exit.FINDINGS
    verdicts = {row.verdict for row in card.criteria} | {row.verdict for row in card.tie_outs}
    return Exit.CLEAN if verdicts - {verdict.value for verdict in OPEN} else Exit.NOTHING_CHECKED


def _audit_units(asked: AuditOptions, form: str) -> int:
    from gouji.intake import ready

    # Loads what the gate asks while this process reads rules and figures.
    ready()
    from gouji.app import audit, page_of, summary_of

    made, out = audit(asked.data, asked.rules, asked.schemas, o.progress(), asked.forms), asked.out
    if form == "summary":
        from gouji.report import summary

        click.echo(summary.render(summary_of(made), **o.look()), nl=False)
        if out is None:
            return exit_of(made)
    page = page_of(made, _depth(form, out, asked.full), located=asked.located)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    _write(page, None if form == "summary" else form, out, asked.full)
    if out is not None:
        click.echo(_("报告已写入 {folder}").format(folder=out), err=True)
    return exit_of(made)


def _depth(form: str, out: Path | None, full: bool) -> Depth:
    """How deep the cards have to be for what is printed and written."""
    from gouji.report import Depth

    if form != "json" and out is None:
        return Depth.TEXT
    return Depth.WHOLE if full else Depth.DATA


def _write(page: ReportPage, form: str | None, out: Path | None, full: bool) -> None:
    """Print the page, and write it into a folder, all piece by piece beside each other: the cards of many units are made once."""
    with ExitStack() as files:
        into: list[tuple[Callable[[str], object], Iterator[str]]] = []
        if form is not None:
            said = _json(page, full) if form == "json" else _text(page, **o.look())
            into.append((partial(click.echo, nl=False), said))
        if out is not None:
            into += [
                (files.enter_context(whole_file(out / name)), pieces)
                for name, pieces in (("audit.txt", _text(page)), ("audit.json", _json(page, full)))
            ]
        for pieces in zip_longest(*(pieces for _write, pieces in into), fillvalue=""):
            for (write, _pieces), piece in zip(into, pieces, strict=True):
                write(piece)


def _text(page: ReportPage, **look: Any) -> Iterator[str]:
    from gouji.report import text

    return text.pieces(page, **look)


def _json(page: ReportPage, full: bool) -> Iterator[str]:
    # Loads what text does without.
    from gouji.report import json

    return json.pieces(page, full)


def exit_of(made: Audit) -> Exit:
    """Clean, findings (any 问题 as gouji.results.findings has it), or nothing checked: no rule of any unit came to a verdict."""
    from gouji.base.verdict import OPEN
    from gouji.report import degrees_apart
    from gouji.results import grave

    if not made.scorecards or not made.manifest.outcomes:
        return Exit.NOTHING_CHECKED
    if grave(degrees_apart(made.submission, made.book.year)):
        return Exit.FINDINGS
    checked = False
    for card in made.scorecards:
        if grave(card.degrees):
            return Exit.FINDINGS
        verdicts = [x.outcome.verdict for x in card.lines] + [
            x.outcome.verdict for x in (*card.tie_outs, *card.table_rules)
        ]
        checked = checked or any(verdict not in OPEN for verdict in verdicts)
    return Exit.CLEAN if checked else Exit.NOTHING_CHECKED
