"""gouji template · gouji return: blank workbooks out, annotated workbooks back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gouji.cli import options as o
from gouji.cli.exit import Exit, command
from gouji.i18n import _


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    out = click.Option(
        ["--out"],
        type=click.Path(dir_okay=False, path_type=Path),
        default=None,
        metavar="FILE",
        help=_("写到这个文件"),
    )
    table = click.Option(
        ["--table", "tables"], multiple=True, metavar="TABLE", help=_("只要这几张数据表 (可重复)")
    )
    yield command(
        "template",
        _template,
        [out, table, o.book_option(), o.schemas_option()],
        _("写一个空白工作簿: 表样、计量单位、填写说明"),
    )
    unit = click.Option(
        ["--unit"], required=True, metavar="CODE", callback=o.as_code, help=_("单位代码")
    )
    separate = click.Option(["--separate"], is_flag=True, help=_("不动单位的工作簿, 只出问题清单"))
    params = [o.data_argument(), unit, out, separate, o.book_option(), o.schemas_option()]
    yield command("return", _return, params, _("把单位的工作簿标上问题退回: 批注、底色、问题清单"))


def _template(out: Path | None, tables: tuple[str, ...], rules: str, schemas: str | None) -> int:
    from gouji.app.returns import template

    made = template(rules, schemas, tables)
    o.write_bytes(out or Path("template.xlsx"), made)
    click.echo(_("已写入 {file}").format(file=out or "template.xlsx"))
    return Exit.CLEAN


def _return(
    data: str, unit: str, out: Path | None, separate: bool, rules: str, schemas: str | None
) -> int:
    from gouji.app.returns import returned
    from gouji.results.findings import told

    made, degrees = returned(data, unit, rules, schemas, separate=separate)
    path = out or Path(f"{unit}-returned.xlsx")
    o.write_bytes(path, made)
    click.echo(_("{found}, 已写入 {file}").format(found=told(degrees), file=path))
    return Exit.CLEAN
