"""gouji forms: blank workbooks out, annotated workbooks back, drafts of forms, the sets of forms, the template of opinions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gouji.base.files import write_whole
from gouji.base.i18n import _
from gouji.base.plain import line
from gouji.cli import options as o
from gouji.cli.exit import Exit, command, group
from gouji.cli.reading import read_command


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    yield group("forms", _("表样：空白工作簿、标注退回、起草表样、意见书模板"), _commands())


def _return_command() -> click.Command:
    separate = click.Option(["--separate"], is_flag=True, help=_("不动单位的工作簿，只出问题清单"))
    every = click.Option(
        ["--all", "every"], is_flag=True, help=_("每个单位各一份，写进 --out 文件夹")
    )
    params = [
        o.data_argument(),
        o.unit_option(),
        every,
        o.out_option(),
        separate,
        o.book_option(),
        o.schemas_option(),
        o.forms_option(),
    ]
    return command("return", _return, params, _("把单位的工作簿标上问题退回：批注、底色、问题清单"))


def _commands() -> Iterator[click.Command]:
    table = click.Option(
        ["--table", "tables"], multiple=True, metavar="TABLE", help=_("只要这几张数据表（可重复）")
    )
    yield command(
        "blank",
        _blank,
        [o.out_option(), table, o.book_option(), o.schemas_option()],
        _("写一个空白工作簿：表样、计量单位、填写说明"),
    )
    yield _return_command()
    yield _draft_command()
    yield command(
        "sets",
        _sets,
        [o.schemas_option()],
        _("认得的表样：谁印的、哪几年、在哪里见到的 (Markdown)"),
    )
    yield read_command()
    yield command("opinion", _opinion, [o.out_option()], _("写出意见书的 Word 模板，可以照着改"))


def _draft_command() -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["file"], type=click.Path(path_type=Path)),
        click.Option(["--sheet"], default="", metavar="SHEET", help=_("工作表的名称")),
        click.Option(
            ["--against"],
            default="",
            metavar="TABLE",
            help=_("是这张已有数据表的表样（默认自己认）"),
        ),
        click.Option(["--new"], is_flag=True, help=_("另建一张数据表，不对照已有的")),
        o.out_option(),
        o.book_option(),
        o.schemas_option(),
    ]
    return command(
        "draft", _draft, params, _("由一张填好的或空白的表起草表样，拿不准的用注释标出来")
    )


def _draft(
    file: Path,
    sheet: str,
    against: str,
    new: bool,
    out: Path | None,
    rules: str | None,
    schemas: str | None,
) -> int:
    from gouji.app import draft_form

    made = draft_form(file, sheet, against, rules, schemas, new)
    if out is None:
        click.echo(made.text, nl=False)
    else:
        path = o.target(out, "form.yaml")
        write_whole(path, made.text.encode())
        click.echo(_("已写入 {file}").format(file=path))
    unsure = sum(bool(doubt) for _name, doubt in made.columns)
    told = _("{n} 列，其中 {unsure} 列不确定；按它读到 {taken} 个数").format(
        n=len(made.columns), unsure=unsure, taken=made.read.taken
    )
    click.echo(told, err=True)
    return Exit.FINDINGS if unsure or made.read.left or made.read.fault else Exit.CLEAN


def _sets(schemas: str | None) -> int:
    from gouji.app import form_sets

    click.echo(form_sets(schemas=schemas), nl=False)
    return Exit.CLEAN


def _blank(
    out: Path | None, tables: tuple[str, ...], rules: str | None, schemas: str | None
) -> int:
    from gouji.app import template

    made = template(rules, schemas, tables)
    path = o.target(out, "template.xlsx")
    write_whole(path, made)
    click.echo(_("已写入 {file}").format(file=path))
    return Exit.CLEAN


def _return(
    data: str,
    unit: str | None,
    every: bool,
    out: Path | None,
    separate: bool,
    rules: str | None,
    schemas: str | None,
    forms: tuple[str, ...],
) -> int:
    from gouji.app import ending_of, returned
    from gouji.results import told

    if (unit is None) != every:
        raise click.UsageError(_("写 --unit 或 --all，二者取一"))
    if unit is None:
        return _return_all(data, out or Path("returned"), separate, rules, schemas, forms)
    found = returned(data, unit, rules, schemas, separate=separate, forms=forms)
    path = o.target(out, f"{found.unit}-returned{ending_of(found.content)}")
    write_whole(path, found.content)
    click.echo(_("{found}，已写入 {file}").format(found=told(found.degrees), file=path))
    return Exit.CLEAN


def _return_all(
    data: str,
    out: Path,
    separate: bool,
    rules: str | None,
    schemas: str | None,
    forms: tuple[str, ...],
) -> int:
    """A file for each unit; where its own workbook cannot be marked, the list alone, and why."""
    from gouji.app import ending_of, returned_all
    from gouji.report import file_name
    from gouji.results import told

    if out.suffix and not out.is_dir():
        raise click.UsageError(_("--all 写好几个文件，--out 要写文件夹"))
    out.mkdir(parents=True, exist_ok=True)
    made = 0
    for found in returned_all(data, rules, schemas, separate=separate, forms=forms):
        made += 1
        stem = file_name(found.unit).removesuffix(".html").removeprefix("unit-")
        path = out / f"{stem}-returned{ending_of(found.content)}"
        write_whole(path, found.content)
        click.echo(line(f"{found.unit}  {told(found.degrees)}  {path.name}"))
        if found.why:
            click.echo(line(_("  {why}：只写了问题清单").format(why=found.why)), err=True)
    click.echo(_("{n} 个单位的退回文件已写入 {folder}").format(n=made, folder=out))
    return Exit.CLEAN if made else Exit.NOTHING_CHECKED


def _opinion(out: Path | None) -> int:
    from gouji.app import template_bytes

    path = o.target(out, "opinion.docx")
    write_whole(path, template_bytes())
    click.echo(_("模板已写入 {file}").format(file=path))
    return Exit.CLEAN
