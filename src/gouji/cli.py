"""The command line: parse, call `app`, print, return an exit code. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gouji.i18n import _, use_language

if TYPE_CHECKING:
    from gouji.app import Audit


class Exit(IntEnum):
    """What the exit code says."""

    CLEAN = 0
    FINDINGS = 1
    UNUSABLE = 2
    NOTHING_CHECKED = 3
    OWN_FAULT = 4


LANGUAGE = "GOUJI_LANG"
Argument, Option = click.Argument, click.Option


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code and never raises for what a user can mend."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        use_language(_language(arguments))
    except ValueError as fault:
        click.echo(str(fault), err=True)
        return Exit.UNUSABLE
    try:
        return int(_cli().main(arguments, prog_name="gouji", standalone_mode=False) or 0)
    except click.ClickException as fault:
        fault.show()
        return Exit.UNUSABLE
    except click.exceptions.Abort:
        return Exit.OWN_FAULT
    except BrokenPipeError:
        # The reader (head, less) went away; what it read was right.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.CLEAN


def run() -> None:
    """The console script."""
    sys.exit(main())


def _language(arguments: Sequence[str]) -> str:
    for i, word in enumerate(arguments):
        if word == "--lang" and i + 1 < len(arguments):
            return arguments[i + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return os.environ.get(LANGUAGE, "zh_CN")


def _cli() -> click.Group:
    """The commands, built after the language is known."""
    group = click.Group(
        "gouji", help=_("勾稽: 复核部门整体支出绩效自评, 审核决算数据的勾稽关系"), context_settings={"help_option_names": ["-h", "--help"]}
    )
    group.params.append(Option(["--lang"], type=click.Choice(["zh", "zh_CN", "en"]), expose_value=False, help=_("语言 (默认 zh_CN)")))
    group.params.append(Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help=_("显示版本")))
    book = Option(["--rules"], default="anning-2023", show_default=True, metavar="BOOK", help=_("规则库: 自带的名称或文件夹"))
    schemas = Option(["--schemas"], default=None, metavar="DIR", help=_("数据表说明的文件夹 (默认用自带的)"))
    named = Argument(["book"], default="anning-2023", required=False)
    out = Option(["--out"], type=click.Path(file_okay=False, path_type=Path), default=None, metavar="DIR", help=_("把报告写进这个文件夹"))
    form = Option(["--format", "form"], type=click.Choice(["text", "json"]), default="text", show_default=True, help=_("输出形式"))
    data = Argument(["data"], type=click.Path(path_type=Path))
    unit = Option(["--unit"], default=None, metavar="CODE", help=_("单位代码"))
    of = Option(["--data"], type=click.Path(path_type=Path), default=None, metavar="DIR", help=_("报送数据的文件夹"))
    _add(group, "audit", _audit, [data, book, schemas, out, form], _("审核一份报送数据: 复核得分, 判断每条勾稽关系"))
    _add(group, "explain", _explain, [Argument(["code"]), unit, of, book, schemas], _("一条规则的说明; 给出单位时附计算过程和每个数的位置"))
    _add(group, "lint", _lint, [named, schemas], _("检查规则库: 分值、分档、推定的依据、互相矛盾或多余的勾稽"))
    _add(group, "test", _test, [named, schemas], _("运行规则文件里的样例"))
    _add(group, "rules", _rules, [named, schemas], _("列出规则"))
    what = Argument(["what"], type=click.Choice(["rule", "table", "book"]), default="rule", required=False)
    _add(group, "schema", _schema, [what], _("规则文件、数据表说明或 book.yaml 的 JSON Schema"))
    return group


def _add(group: click.Group, name: str, do: Callable[..., int], params: list[click.Parameter], text: str) -> None:
    group.add_command(click.Command(name, callback=_guarded(do), params=list(params), help=text))


def _guarded(do: Callable[..., int]) -> Callable[..., int]:
    """Faults of rules and data become exit code 2 with what, where and mend; gouji's own become 4."""

    def guarded(**given: Any) -> int:
        from gouji.faults import EngineError, GoujiError

        try:
            return do(**given)
        except ExceptionGroup as group:
            for fault in group.exceptions:
                click.echo(str(fault), err=True)
            click.echo(_("共 {n} 处错误").format(n=len(group.exceptions)), err=True)
            return Exit.UNUSABLE
        except EngineError as fault:
            click.echo(str(fault), err=True)
            return Exit.OWN_FAULT
        except GoujiError as fault:
            click.echo(str(fault), err=True)
            return Exit.UNUSABLE

    return guarded


def _version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        from importlib.metadata import version

        click.echo(f"gouji {version('gouji')}")
        context.exit()


def _look() -> dict[str, Any]:
    """Width and colour of the terminal; plain and 120 wide elsewhere."""
    import shutil

    terminal = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = shutil.get_terminal_size((120, 40)).columns if sys.stdout.isatty() or "COLUMNS" in os.environ else 120
    return {"width": max(60, width), "color": terminal}


def _audit(data: Path, rules: str, schemas: str | None, out: Path | None, form: str) -> int:
    from gouji.app import audit, page_of
    from gouji.report import json, text

    made = audit(data, rules, schemas)
    page = page_of(made)
    click.echo(json.render(page) if form == "json" else text.render(page, **_look()), nl=False)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in (("audit.txt", text.render(page)), ("audit.json", json.render(page))):
            _write(out / name, content)
        click.echo(_("报告已写入 {folder}").format(folder=out), err=True)
    return exit_of(made)


def _write(path: Path, content: str) -> None:
    """Whole or not at all: written beside, then moved into place."""
    beside = path.with_name(path.name + ".part")
    beside.write_text(content, "utf-8")
    beside.replace(path)


def exit_of(made: Audit) -> Exit:
    """Clean, findings (不平 of severity 错误 or 核实, a recomputed score that differs, problems in the data), or nothing checked."""
    from gouji.load.rules import Severity

    if not made.scorecards or not made.manifest.outcomes:
        return Exit.NOTHING_CHECKED
    unbalanced = any(f.rule.severity is not Severity.NOTE for card in made.scorecards for f in card.findings)
    differing = any(line.difference for card in made.scorecards for line in card.lines)
    return Exit.FINDINGS if unbalanced or differing or made.submission.problems else Exit.CLEAN


def _explain(code: str, unit: str | None, data: Path | None, rules: str, schemas: str | None) -> int:
    from gouji.app import explain_rule
    from gouji.explain import text

    click.echo(text.render(explain_rule(code, rules, schemas, data, unit), **_look()), nl=False)
    return Exit.CLEAN


def _test(book: str, schemas: str | None) -> int:
    from gouji.app import load_book, test_book

    cases, failures = test_book(load_book(book, schemas))
    for failure in failures:
        click.echo(str(failure.fault), err=True)
    click.echo(_("样例 {n} 个, 不符 {bad} 个").format(n=len(cases), bad=len(failures)))
    if not cases:
        return Exit.NOTHING_CHECKED
    return Exit.FINDINGS if failures else Exit.CLEAN


def _lint(book: str, schemas: str | None) -> int:
    from gouji.app import load_book
    from gouji.lint import lint
    from gouji.load.rules import Severity

    remarks = lint(load_book(book, schemas))
    for remark in remarks:
        click.echo(
            f"{remark.place}: [{remark.severity.value}] {remark.code} {remark.what}"
            + (f"\n  {_('改法')}: {remark.mend}" if remark.mend else "")
        )
    counts = " · ".join(f"{s.value} {sum(r.severity is s for r in remarks)}" for s in Severity)
    click.echo(_("规则库检查: {counts}").format(counts=counts))
    return Exit.FINDINGS if any(r.severity is Severity.ERROR for r in remarks) else Exit.CLEAN


def _rules(book: str, schemas: str | None) -> int:
    from gouji.app import load_book
    from gouji.report.rules import render

    click.echo(render(load_book(book, schemas), **_look()), nl=False)
    return Exit.CLEAN


def _schema(what: str) -> int:
    from gouji.load.schema import json_schema

    click.echo(json_schema(what))
    return Exit.CLEAN


if __name__ == "__main__":
    run()
