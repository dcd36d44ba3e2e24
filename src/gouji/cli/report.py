"""gouji report: a finished audit as pages, workbook, opinions and data, and for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.cli import options as o
from gouji.cli.exit import Exit, command

if TYPE_CHECKING:
    from gouji.app import RunOrigin

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


def _report(
    run: str,
    forms: tuple[str, ...],
    unit: str | None,
    out: Path | None,
    template: Path | None,
    due: str | None,
    show: bool,
    full: bool,
    data: str | None,
    rules: str | None,
    schemas: str | None,
    workspace: Path,
) -> int:
    from gouji.app import RunOrigin

    machine = [form for form in forms if form in MACHINE]
    others = tuple(form for form in forms if form not in MACHINE)
    path = _run_at(run, workspace)
    for form in dict.fromkeys(machine):
        _exported(path, form, unit, out, workspace, alone=len(forms) == 1)
    if not others:
        return Exit.CLEAN
    return _pages(
        path, others, unit, out, Opinion(template, due, full), RunOrigin(data, rules, schemas), show
    )


def _run_at(run: str, workspace: Path) -> Path:
    """A path as it stands; else a run of the workspace."""
    from gouji.runs import CONFIG, Workspace

    if Path(run).exists() or not (workspace / CONFIG).is_file():
        return Path(run)
    return Workspace.at(workspace).find_run(run)


def _exported(
    run: Path, form: str, unit: str | None, out: Path | None, workspace: Path, alone: bool
) -> None:
    """For other programs: onto the screen where nothing else is asked for, else into a file."""
    from gouji.app import export
    from gouji.base.files import write_pieces
    from gouji.runs import CONFIG, Workspace

    home = next((p for p in run.resolve().parents if (p / CONFIG).is_file()), workspace)
    place = Workspace.at(home)
    found = place.find_run(str(run))
    pieces = export(found, form, unit, place.config.submissions, place.config.expected or CONFIG)
    if out is None and alone:
        for piece in pieces:
            click.echo(piece, nl=False)
    else:
        write_pieces(o.target(out if out is not None else found / "report", MACHINE[form]), pieces)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What opinions are written with: a template of the bureau's own, the day by which something is to be done; whether JSON is in `full`."""

    template: Path | None
    due: str | None
    full: bool


def _pages(
    run: Path,
    forms: tuple[str, ...],
    unit: str | None,
    out: Path | None,
    opinion: Opinion,
    judged: RunOrigin,
    show: bool,
) -> int:
    from gouji.app import (
        bureau_files,
        card_of,
        file_named,
        files_of,
        files_sent,
        overview_of_run,
        page_of_run,
        write_files,
    )
    from gouji.intake import processes

    chosen = tuple(dict.fromkeys(forms))
    name = file_named(out, chosen, unit)
    folder = out if out is not None else (run if run.is_dir() else run.parent) / "report"
    folder = folder.parent if name is not None else folder
    view = overview_of_run(run, judged) if unit is None else None
    if view is not None:
        if set(forms) != {"html"}:
            raise DataError(
                _("许多单位的结果只有网页总览；结果本身已是 Parquet 或 DuckDB"),
                mend=_("写 --format html，或用 --unit 看一个单位"),
            )
        return _written(folder, write_files(folder, bureau_files(view)), show)
    page = page_of_run(run, unit, judged, chosen, opinion.full)
    if not page.cards:
        click.echo(_("审核结果里没有单位"), err=True)
        return Exit.NOTHING_CHECKED
    if unit is not None:
        unit = card_of(page, unit).unit
    made = []
    sent = files_sent(run, judged) if "html" in chosen and name is None else None
    for form in chosen:
        files = files_of(
            page, form, unit, opinion.template, opinion.due, opinion.full, processes(), sent
        )
        if name is not None:
            files = ((name, content) for _name, content in files)
        made += write_files(folder, files)
    return _written(folder, made, show)


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
