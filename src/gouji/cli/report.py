"""gouji report: a finished audit as pages, workbook, opinions and data, and for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.cli import options as o
from gouji.cli.exit import Exit, command

if TYPE_CHECKING:
    from gouji.app import RunOrigin
    from gouji.report import ReportPage

FORMS = ("html", "xlsx", "docx", "pdf", "json", "csv", "parquet", "text")
# For other programs, each with the name of its file.
MACHINE = {
    "junit": "junit.xml",
    "sarif": "gouji.sarif",
    "jsonl": "findings.jsonl",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "prometheus": "gouji.prom",
}


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    form = click.Option(
        ["--format", "forms"],
        type=click.Choice([*FORMS, *MACHINE]),
        multiple=True,
        default=("html",),
        show_default=True,
        help=_("报告的形式，可以写几个；后六种给别的程序读"),
    )
    template = click.Option(
        ["--template"],
        type=click.Path(dir_okay=False, path_type=Path),
        default=None,
        metavar="DOCX",
        help=_("意见书模板（默认用自带的）"),
    )
    due = click.Option(["--due"], default=None, metavar="TEXT", help=_("意见书里的办理期限"))
    show = click.Option(["--open", "show"], is_flag=True, help=_("写完后打开"))
    params = [
        o.run_argument(default="latest"),
        form,
        o.unit_option(),
        o.out_option(),
        template,
        due,
        show,
        o.full_option(),
        o.data_option(),
        o.book_option(),
        o.schemas_option(),
        o.workspace_option(),
    ]
    yield command(
        "report", _report, params, _("把审核结果写成报告：网页、工作簿、意见书、数据、机器读的形式")
    )


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What the command was asked for."""

    run: str
    forms: tuple[str, ...]
    unit: str | None
    out: Path | None
    template: Path | None
    due: str | None
    show: bool
    full: bool
    data: str | None
    rules: str | None
    schemas: str | None
    workspace: Path

    @property
    def machine(self) -> tuple[str, ...]:
        """Forms for other programs, each once."""
        return tuple(dict.fromkeys(form for form in self.forms if form in MACHINE))

    @property
    def human(self) -> tuple[str, ...]:
        """Forms for people, each once."""
        return tuple(dict.fromkeys(form for form in self.forms if form not in MACHINE))


def _report(**given: Any) -> int:
    asked = ReportOptions(**given)
    path = _run_at(asked.run, asked.workspace)
    for form in asked.machine:
        _exported(path, form, asked)
    return _for_people(path, asked) if asked.human else Exit.CLEAN


def _run_at(run: str, workspace: Path) -> Path:
    """A path as it stands; else a run of the workspace."""
    from gouji.runs import CONFIG, Workspace

    if Path(run).exists() or not (workspace / CONFIG).is_file():
        return Path(run)
    return Workspace.at(workspace).find_run(run)


def _exported(run: Path, form: str, asked: ReportOptions) -> None:
    """For other programs: onto the screen where nothing else is asked for, else into a file."""
    from gouji.app import export
    from gouji.base.files import write_pieces
    from gouji.runs import CONFIG, Workspace

    home = next((p for p in run.resolve().parents if (p / CONFIG).is_file()), asked.workspace)
    place = Workspace.at(home)
    found = place.find_run(str(run))
    config = place.config
    pieces = export(found, form, asked.unit, config.submissions, config.expected or CONFIG)
    if asked.out is None and len(asked.forms) == 1:
        for piece in pieces:
            click.echo(piece, nl=False)
    else:
        write_pieces(o.target(asked.out or found / "report", MACHINE[form]), pieces)


def _for_people(run: Path, asked: ReportOptions) -> int:
    """Pages of a bureau where the run holds very many units, else the forms that were asked for."""
    from gouji.app import (
        RunOrigin,
        bureau_files,
        file_named,
        overview_of_run,
        page_of_run,
        write_files,
    )

    forms, unit = asked.human, asked.unit
    name = file_named(asked.out, forms, unit)
    folder = asked.out or (run if run.is_dir() else run.parent) / "report"
    folder = folder.parent if name is not None else folder
    origin = RunOrigin(asked.data, asked.rules, asked.schemas)
    view = overview_of_run(run, origin) if unit is None else None
    if view is not None:
        if set(forms) != {"html"}:
            raise DataError(
                _("许多单位的结果只有网页总览；结果本身已是 Parquet 或 DuckDB"),
                fix=_("写 --format html，或用 --unit 看一个单位"),
            )
        return _written(folder, write_files(folder, bureau_files(view)), asked.show)
    page = page_of_run(run, unit, origin, forms, asked.full)
    if not page.cards:
        click.echo(_("审核结果里没有单位"), err=True)
        return Exit.NOTHING_CHECKED
    made = []
    for files in _files(page, run, origin, asked, name):
        made += write_files(folder, files)
    return _written(folder, made, asked.show)


def _files(
    page: ReportPage, run: Path, origin: RunOrigin, asked: ReportOptions, name: str | None
) -> Iterator[Iterator[tuple[str, bytes]]]:
    """The files of each form; the one file that `name` names where there is only one."""
    from gouji.app import card_of, files_of, files_sent
    from gouji.intake import processes

    unit = card_of(page, asked.unit).unit if asked.unit is not None else None
    sent = files_sent(run, origin) if "html" in asked.human and name is None else None
    for form in asked.human:
        files = files_of(page, form, unit, asked.template, asked.due, asked.full, processes(), sent)
        yield ((name, content) for _own, content in files) if name is not None else files


def _written(folder: Path, made: list[Path], show: bool) -> int:
    first = next((path for path in made if path.name == "index.html"), made[0])
    if made == [first]:
        click.echo(_("报告已写入 {folder}").format(folder=first))
    else:
        click.echo(
            _("报告已写入 {folder}：{n} 个文件，先看 {first}").format(
                folder=folder, n=len(made), first=first.relative_to(folder)
            )
        )
    if show:
        click.launch(str(first))
    return Exit.CLEAN
