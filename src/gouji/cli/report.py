"""gouji report · gouji opinion-template: a finished audit as pages, workbook, opinions and data; the template that opinions are made from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gouji.cli import options as o
from gouji.cli.exit import Exit, command
from gouji.faults import DataError
from gouji.i18n import _

FORMS = ("html", "xlsx", "docx", "pdf", "json", "csv", "parquet", "text")


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    run = click.Argument(["run"], type=click.Path(path_type=Path))
    form = click.Option(
        ["--format", "forms"],
        type=click.Choice(FORMS),
        multiple=True,
        default=("html",),
        show_default=True,
        help=_("报告的形式, 可以写几个"),
    )
    out = click.Option(
        ["--out"],
        type=click.Path(file_okay=False, path_type=Path),
        default=None,
        metavar="DIR",
        help=_("写进这个文件夹 (默认 RUN 里的 report)"),
    )
    template = click.Option(
        ["--template"],
        type=click.Path(dir_okay=False, path_type=Path),
        default=None,
        metavar="DOCX",
        help=_("意见书模板 (默认用自带的)"),
    )
    due = click.Option(["--due"], default=None, metavar="TEXT", help=_("意见书里的办理期限"))
    show = click.Option(["--open", "show"], is_flag=True, help=_("写完后打开"))
    params = [
        run,
        form,
        o.unit_option(),
        out,
        template,
        due,
        show,
        o.data_option(),
        o.book_option(),
        o.schemas_option(),
    ]
    yield command("report", _report, params, _("把审核结果写成报告: 网页、工作簿、意见书、数据"))
    file = click.Argument(["file"], type=click.Path(dir_okay=False, path_type=Path))
    yield command("opinion-template", _template, [file], _("写出意见书的 Word 模板, 可以照着改"))


def _report(
    run: Path,
    forms: tuple[str, ...],
    unit: str | None,
    out: Path | None,
    template: Path | None,
    due: str | None,
    show: bool,
    data: Path | None,
    rules: str,
    schemas: str | None,
) -> int:
    from gouji.app.bulk_reports import bulk_bureau, bulk_unit, is_bulk
    from gouji.app.night_reports import is_large_night, night_bureau, night_unit
    from gouji.app.reports import bureau_files, files_of, read_run, write_files

    folder = out if out is not None else (run if run.is_dir() else run.parent) / "report"
    bulk, large = is_bulk(run), is_large_night(run)
    if (bulk or large) and unit is None:
        if set(forms) != {"html"}:
            raise DataError(
                _("许多单位的结果只有网页总览; 结果本身已是 Parquet 或 DuckDB"),
                mend=_("写 --format html, 或用 --unit 看一个单位"),
            )
        view = bulk_bureau(run, rules, schemas) if bulk else night_bureau(run)
        return _written(folder, write_files(folder, bureau_files(view)), show)
    if bulk and data is None:
        raise DataError(_("单位的页面要有它报送的数"), mend=_("用 --data 指明审核时读的数据"))
    if bulk and data is not None and unit is not None:
        page = bulk_unit(data, unit, rules, schemas)
    elif large and unit is not None:
        page = night_unit(run, unit)
    else:
        page = read_run(run, rules, schemas)
    if not page.cards:
        click.echo(_("审核结果里没有单位"), err=True)
        return Exit.NOTHING_CHECKED
    made = [
        path
        for form in dict.fromkeys(forms)
        for path in write_files(folder, files_of(page, form, unit, template, due))
    ]
    return _written(folder, made, show)


def _written(folder: Path, made: list[Path], show: bool) -> int:
    click.echo(
        _("报告已写入 {folder}: {n} 个文件, 先看 {first}").format(
            folder=folder, n=len(made), first=made[0].relative_to(folder)
        )
    )
    if show:
        click.launch(str(made[0]))
    return Exit.CLEAN


def _template(file: Path) -> int:
    from gouji.app.reports import template_bytes, write_files

    write_files(file.parent, iter([(file.name, template_bytes())]))
    click.echo(_("模板已写入 {file}").format(file=file))
    return Exit.CLEAN
