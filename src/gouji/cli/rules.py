"""gouji rules: a rulebook listed, its examples run, looked over for doubts; what may stand in its files."""

from __future__ import annotations

from collections.abc import Iterator

import click

from gouji.base.i18n import _, labelled
from gouji.cli import drafting
from gouji.cli import options as o
from gouji.cli.exit import Exit, command, group, guarded
from gouji.cli.power import power_command


def commands() -> Iterator[click.Command]:
    """The commands of this module, in the current language."""
    yield group("rules", _("规则库：列出、跑样例、找疑点、由评分标准草拟、文件格式"), _commands())


def _schema_command() -> click.Command:
    what = click.Argument(
        ["what"],
        type=click.Choice(["rule", "table", "book", "form_set", "locate", "defaults", "page"]),
        default="rule",
        required=False,
    )
    return command(
        "schema",
        _schema,
        [what],
        _("规则文件、数据表说明、book.yaml、locate.yaml 或审核结果（page）的 JSON Schema"),
    )


def _commands() -> Iterator[click.Command]:
    book = [*o.book_argument(), o.schemas_option()]
    form = click.Option(
        ["--format", "form"],
        type=click.Choice(["text", "markdown"]),
        default="text",
        show_default=True,
        help=_("text 列表，markdown 规则目录"),
    )
    yield command("list", _list, [*book, form], _("列出规则"))
    watch = click.Option(["--watch"], is_flag=True, help=_("文件一改就再跑一遍，按 Ctrl-C 结束"))
    yield command("test", _test, [*book, watch], _("运行规则文件里的样例"))
    yield command(
        "lint", _lint, book, _("检查规则库：分值、分档、推定的依据、互相矛盾或多余的勾稽")
    )
    yield power_command()
    yield _schema_command()
    yield from drafting.commands()


def _list(book: str | None, schemas: str | None, form: str) -> int:
    from gouji.app import load_book
    from gouji.explain import catalogue
    from gouji.report import render

    loaded = load_book(book, schemas)
    click.echo(catalogue(loaded) if form == "markdown" else render(loaded, **o.look()), nl=False)
    return Exit.CLEAN


def _test(book: str | None, schemas: str | None, watch: bool) -> int:
    """Once, or whenever a file changed; then what is wrong with the rules is told and ends nothing."""
    if watch:
        from gouji.app import turns

        run = guarded(_test_once)
        for _turn in turns(book, schemas):
            run(book=book, schemas=schemas)
            click.echo(_("等文件改动……"))
    return _test_once(book, schemas)


def _test_once(book: str | None, schemas: str | None) -> int:
    """Of the book that is named; where nothing names one, of every book that comes with gouji: none is chosen by that."""
    from gouji.app import NoBook, book_for

    try:
        return _tested(str(book_for(book)), schemas)
    except NoBook as fault:
        found = []
        for known in fault.books:
            click.echo(labelled(known.name, ""), nl=False)
            found.append(_tested(known.name, schemas))
        return max(found, key=(Exit.CLEAN, Exit.NOTHING_CHECKED, Exit.FINDINGS).index)


def _tested(book: str, schemas: str | None) -> Exit:
    from gouji.app import load_book, test_book, test_patterns

    cases, failures = test_book(load_book(book, schemas))
    sentences, misread = test_patterns(book, schemas)
    for fault in (*(f.fault for f in failures), *misread):
        click.echo(str(fault), err=True)
    click.echo(_("样例 {n} 个，不符 {bad} 个").format(n=len(cases), bad=len(failures)))
    if sentences:
        click.echo(_("句式样例 {n} 个，不符 {bad} 个").format(n=sentences, bad=len(misread)))
    if not cases and not sentences:
        return Exit.NOTHING_CHECKED
    return Exit.FINDINGS if failures or misread else Exit.CLEAN


def _lint(book: str | None, schemas: str | None) -> int:
    from gouji.app import load_book
    from gouji.base.verdict import Severity
    from gouji.lint import lint

    remarks = lint(load_book(book, schemas))
    for remark in remarks:
        fix = "\n  " + labelled(_("改法"), remark.fix) if remark.fix else ""
        click.echo(f"{remark.place}: [{remark.severity.value}] {remark.code} {remark.what}{fix}")
    counts = " · ".join(f"{s.value} {sum(r.severity is s for r in remarks)}" for s in Severity)
    click.echo(_("规则库检查：{counts}").format(counts=counts))
    if unsettled := sum(not r.fix for r in remarks):
        click.echo(
            _("其中 {n} 处是推定或补齐的，请发文机关逐条确认；确认后把 status 改为 printed").format(
                n=unsettled
            )
        )
    return Exit.FINDINGS if any(r.severity is Severity.ERROR for r in remarks) else Exit.CLEAN


def _schema(what: str) -> int:
    from gouji.report import json
    from gouji.rules import json_schema

    click.echo(json.schema() if what == "page" else json_schema(what))
    return Exit.CLEAN
