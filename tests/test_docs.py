"""The pages say what the program does: every command, method, key and public name has its place, every example runs."""

import contextlib
import doctest
import importlib
import inspect
import io
import json
import pkgutil
import re
import shlex
from functools import cache
from pathlib import Path
from typing import get_args

import click
import pytest

import gouji
from gouji import cli
from gouji.cli import aliases
from gouji.cli.aliases import renamed
from gouji.rules import load_tables
from gouji.rules.fields import METHOD, Method, kinds_of
from gouji.rules.locate_file import Locating
from gouji.rules.rule import BookHead, Criterion, EachRow, RollUp, TieOut
from gouji.rules.table import Table
from gouji.rules.values import Frozen, Range, key_of
from gouji.rules.yaml_text import read_document

ROOT = Path(__file__).parent.parent
PAGES = {
    str(p.relative_to(ROOT)): p.read_text("utf-8")
    for p in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
}
READMES = ("README.md", "README.zh-CN.md")
METHODS = get_args(get_args(Method)[0])


def fenced(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGES[page], re.M | re.S)


def flat(line):
    return " ".join(line.split())


@cache
def printed(command):
    out = io.StringIO()
    program, *arguments = shlex.split(command)
    assert program == "gouji"
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(out):
        code = cli.main(arguments)
    return code, {flat(line) for line in out.getvalue().splitlines()}


def consoles():
    for page in PAGES:
        for block in fenced(page, "console"):
            command, *lines = block.splitlines()
            yield pytest.param(
                command.removeprefix("$ "), lines, id=f"{page}: {command.removeprefix('$ ')}"
            )


@pytest.mark.parametrize("command, lines", list(consoles()))
def test_quoted_output_is_the_present_output(command, lines, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    code, out = printed(command)
    assert code in (cli.Exit.CLEAN, cli.Exit.FINDINGS)
    assert [
        line for line in lines if flat(line) and line.strip() != "…" and flat(line) not in out
    ] == []


@pytest.mark.parametrize("page", READMES)
def test_the_quoted_rule_is_the_rule(page):
    rule = {
        line.strip()
        for line in (ROOT / "rules/anning-2023/criteria/c14.yaml").read_text("utf-8").splitlines()
    }
    (quoted,) = fenced(page, "yaml")
    assert [line for line in quoted.splitlines() if line.strip() not in rule] == []


def named_commands(group, before=""):
    """Every command and its full name; a group is no command."""
    for name, made in group.commands.items():
        if isinstance(made, click.Group):
            yield from named_commands(made, f"{before}{name} ")
        else:
            yield f"{before}{name}", made


COMMANDS = dict(named_commands(cli._cli()))


@pytest.mark.parametrize("page", READMES)
@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_documented(page, name):
    assert f"`gouji {name}" in PAGES[page]


@pytest.mark.parametrize(
    "name",
    sorted({p.opts[0] for c in COMMANDS.values() for p in c.params if isinstance(p, click.Option)}),
)
def test_every_option_is_documented(name):
    assert any(f"`{name}" in page for page in PAGES.values()), name


def old_and_new():
    for old, new in re.findall(
        r"^\| `gouji ([^`]+)` \| (?:`gouji ([^`]+)`|不变) \|$", PAGES["docs/commands.md"], re.M
    ):
        yield pytest.param(re.sub(r"[\[\]]", "", old), re.sub(r"[\[\]]", "", new), id=old)


@pytest.mark.parametrize("old, new", list(old_and_new()))
def test_old_names_become_the_new_ones(old, new):
    """The table of old and new commands is what the program does with them."""
    # A book and a folder that are there: what follows a group's name is a command otherwise.
    there = {
        "BOOK": "final-accounts",
        "DIR": str(ROOT),
        "WORKSPACE": str(ROOT),
        "RULE": "CODE",
        "UNIT": "CODE",
    }
    old, new = (
        [there.get(word, word) for word in shlex.split(words)] for words in (old, new or old)
    )
    arguments, note = renamed(old)
    assert arguments == new
    assert (note is None) == (old == new)
    assert any(" ".join(arguments).startswith(name) for name in COMMANDS)


def test_the_table_of_old_names_is_complete():
    listed = {old.values[0].split()[0] for old in old_and_new()}
    assert listed >= {*aliases.SAME, *aliases.CHANGED}


@pytest.mark.parametrize("page", READMES)
def test_every_exit_code_is_documented(page):
    assert re.findall(r"^\| (\d) \|", PAGES[page], re.M) == [str(int(code)) for code in cli.Exit]


@pytest.mark.parametrize("page", READMES)
def test_python_in_the_readme_runs(page, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    for block in fenced(page, "python"):
        exec(block, {})
    assert "95.5" in capsys.readouterr().out


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.__name__)
def test_every_method_has_its_section(method):
    section = re.search(
        rf"^## {method.__name__}$(.*?)(?=^## |\Z)", PAGES["docs/methods.md"], re.M | re.S
    )
    assert section, method
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", section[1], re.M | re.S)
    read = METHOD.validate_python(read_document("methods.md", example).data["method"])
    assert type(read) is method


def keys(model, seen):
    """Every key that may stand in a file read as `model`, and in the models below it."""
    if model in seen or model is Range:
        return
    seen.add(model)
    for name, kind in kinds_of(model).items():
        yield model.__name__, key_of(name)
        for below in models_in(kind):
            yield from keys(below, seen)


def models_in(annotation):
    if inspect.isclass(annotation) and issubclass(annotation, Frozen):
        return [annotation]
    return [m for part in get_args(annotation) for m in models_in(part)]


KEYS = sorted(
    {
        pair
        for seen in [set()]
        for root in (Criterion, TieOut, EachRow, RollUp, BookHead, Table, Locating)
        for pair in keys(root, seen)
    }
)


@pytest.mark.parametrize("model, key", KEYS, ids=[".".join(pair) for pair in KEYS])
def test_every_key_is_documented(model, key):
    page = (
        "docs/methods.md"
        if any(model == m.__name__ for m in METHODS)
        or model in ("Band", "Item", "Part", "Occasion", "RowWay", "LargeDeviation", "GradedWords")
        else "docs/rules.md"
    )
    if model in ("Form", "Cells", "Listing", "Lookup", "Join", "Derived", "Take", "Listed"):
        page = "docs/forms.md"
    assert f"`{key}`" in PAGES[page], (model, key)


def test_keys_cover_what_schema_prints(capsys):
    for what in ("rule", "table", "book", "locate"):
        assert cli.main(["rules", "schema", what]) == 0
        models = json.loads(capsys.readouterr().out).get("$defs", {})
        printed_keys = {
            (name, key)
            for name, of in models.items()
            if name != "Range"
            for key in of.get("properties", {})
        }
        assert printed_keys <= set(KEYS)


def test_measures_on_the_page_are_measures():
    from gouji.expression.parse import parse_measure
    from gouji.rules.check.types import Checker

    tables = load_tables(
        {p.name: p.read_text("utf-8") for p in (ROOT / "schemas").glob("*.yaml")}
    ).tables
    block = next(b for b in fenced("docs/rules.md", "text") if "abs(" in b)
    faults = []
    for line in block.splitlines():
        Checker(tables, lambda what, fix: faults.append(what)).check(
            parse_measure(line), "condition" if " = " in line.split(" filter ")[0] else "number"
        )
    assert faults == []


def test_worked_numbers_are_right():
    failed, tried = doctest.testfile(
        str(ROOT / "docs/methods.md"), module_relative=False, encoding="utf-8"
    )
    assert tried > 10 and failed == 0


def modules():
    return sorted(
        m.name
        for m in pkgutil.walk_packages(gouji.__path__, "gouji.")
        if not m.name.endswith("__main__")
    )


@pytest.mark.parametrize("name", modules())
def test_doctests(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", gouji.__all__)
def test_public_names_are_documented(name):
    assert inspect.getdoc(getattr(gouji, name))
    assert f"`gouji.{name}" in PAGES["docs/how-it-works.md"]


def test_links_lead_somewhere():
    broken = []
    for page, text in PAGES.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            path, _, anchor = target.partition("#")
            file = ((ROOT / page).parent / path).resolve() if path else ROOT / page
            if "://" not in target and not (
                file.exists() and (not anchor or anchor in anchors(file))
            ):
                broken.append(f"{page}: {target}")
    assert broken == []


def anchors(file):
    titles = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", t.lower()).replace(" ", "-") for t in titles}


def test_layers_in_the_tour_exist():
    for name in re.findall(
        r"`((?:base|expression|rules|plan|reference|results|intake|run|runs|report|explain)/[\w/]+\.py)`",
        PAGES["docs/how-it-works.md"],
    ):
        assert (ROOT / "src/gouji" / name).is_file(), name
    for name in re.findall(r"`(src/gouji/[\w/.]+)`", PAGES["CONTRIBUTING.md"]):
        assert (ROOT / name).exists(), name


def test_glossary_names_exist():
    source = "\n".join(p.read_text("utf-8") for p in (ROOT / "src/gouji").rglob("*.py"))
    rows = [
        line
        for line in PAGES["docs/glossary.md"].splitlines()
        if line.startswith("| ") and "not built" not in line
    ]
    names = {
        n.rsplit(".", 1)[-1]
        for row in rows
        for n in re.findall(r"`([A-Za-z_.]+)`", row.split("|")[2])
    }
    assert [n for n in sorted(names) if not re.search(rf"\b{n}\b", source)] == []
