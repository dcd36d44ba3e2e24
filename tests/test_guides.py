"""Every guide can be followed: its commands run in their order in one empty folder with the shipped datasets beside them, and print what is quoted."""

import contextlib
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

from gouji import cli

ROOT = Path(__file__).parent.parent
GUIDES = sorted((ROOT / "docs" / "zh").glob("*.md"))
# A console block, or the text of a file: ```yaml file=NAME.
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: file=(?P<file>\S+))?\n(?P<text>.*?)^```$", re.M | re.S)


def flat(line):
    return " ".join(line.split())


def steps(text):
    """What a reader does, one after the other: (file to write, its text) or (command, lines quoted below it)."""
    for block in BLOCK.finditer(text):
        if block["file"]:
            yield block["file"], block["text"], None
        elif block["kind"] == "console":
            for command in re.split(r"^\$ ", block["text"], flags=re.M)[1:]:
                first, *lines = command.splitlines()
                yield None, first, [flat(line) for line in lines if flat(line) not in ("", "…")]


def run(command):
    """The lines that a command prints."""
    program, *arguments = shlex.split(command)
    if program == "cp":
        shutil.copytree(arguments[1], arguments[2])
        return set()
    assert program == "gouji", command
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = cli.main(arguments)
    assert code in (cli.Exit.CLEAN, cli.Exit.FINDINGS), out.getvalue()
    return {flat(line) for line in out.getvalue().splitlines()}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_can_be_followed(guide, tmp_path, monkeypatch):
    (tmp_path / "datasets").symlink_to(ROOT / "datasets")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    followed = 0
    for file, text, quoted in steps(guide.read_text("utf-8")):
        if file:
            (tmp_path / file).write_text(text, "utf-8")
            continue
        printed = run(text)
        assert [line for line in quoted if line not in printed] == [], (text, printed)
        followed += 1
    # Those of Spark need a server: tests/test_spark.py runs them.
    assert followed or guide.stem in ("questions", "how-it-works", "spark")


def skeleton(page):
    """What both languages share: the commands and the files, in their order."""
    return [(file, text) for file, text, _ in steps(page.read_text("utf-8"))]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_both_languages_say_the_same(guide):
    other = ROOT / "docs" / "en" / guide.name
    assert skeleton(other) == skeleton(guide)
    heads = [len(re.findall(r"^## ", page.read_text("utf-8"), re.M)) for page in (guide, other)]
    assert heads[0] == heads[1]


def test_no_guide_stands_in_one_language_only():
    assert {p.name for p in GUIDES} == {p.name for p in (ROOT / "docs" / "en").glob("*.md")}


@pytest.mark.parametrize(
    "guide",
    [*GUIDES, *sorted((ROOT / "docs" / "en").glob("*.md"))],
    ids=lambda guide: f"{guide.parent.name}-{guide.stem}",
)
def test_what_a_guide_points_to_is_there(guide):
    text = guide.read_text("utf-8")
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    paths = re.findall(r"`((?:src|tests|docs)/[^`*]*)`", text)
    assert [to for to in links if not (guide.parent / to).exists()] == []
    assert [path for path in paths if not (ROOT / path).exists()] == []
