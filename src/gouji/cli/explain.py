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
        _(
            "一条规则的说明：写代码、名称，或正在写的规则文件（.yaml）；给出报送数据时附计算过程和每个数的位置"
        ),
    )


def _explain(
    code: str, unit: str | None, data: str | None, rules: str | None, schemas: str | None
) -> int:
    from gouji.app import explain_rule, is_rule_file
    from gouji.explain import explanation_text

    if is_rule_file(code):
        return _preview(code, rules, schemas)
    page = explain_rule(code, rules, schemas, data, unit)
    click.echo(explanation_text(page, **o.look()), nl=False)
    return Exit.CLEAN


def _preview(file: str, rules: str | None, schemas: str | None) -> int:
    """The page of a rule that is being written, and what its examples give."""
    from gouji.app import preview, test_book
    from gouji.explain import explain, explanation_text

    book, code = preview(file, rules, schemas)
    click.echo(explanation_text(explain(book, code), **o.look()), nl=False)
    every, failed = test_book(book)
    cases = [case for case in every if case.rule.code == code]
    failures = [failure for failure in failed if failure.case.rule.code == code]
    for failure in failures:
        click.echo(str(failure.fault), err=True)
    click.echo(_("样例 {n} 个，不符 {bad} 个").format(n=len(cases), bad=len(failures)))
    return Exit.FINDINGS if failures else Exit.CLEAN
