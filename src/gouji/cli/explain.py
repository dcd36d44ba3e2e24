"""gouji explain: one rule told, and worked out for one unit."""

from __future__ import annotations

from collections.abc import Iterator

import click

from gouji.base.i18n import _
from gouji.cli import options as o
from gouji.cli.exit import Exit, command


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    params = [
        click.Argument(["code"], metavar="RULE"),
        o.unit_option(),
        o.data_option(),
        o.book_option(),
        o.schemas_option(),
    ]
    yield command(
        "explain",
        _explain,
        params,
        _("一条规则的说明：写代码或名称；给出报送数据时附计算过程和每个数的位置"),
    )


def _explain(
    code: str, unit: str | None, data: str | None, rules: str | None, schemas: str | None
) -> int:
    from gouji.app import explain_rule
    from gouji.explain import explanation_text

    page = explain_rule(code, rules, schemas, data, unit)
    click.echo(explanation_text(page, **o.look()), nl=False)
    return Exit.CLEAN
