"""No rulebook is the silent default: what was asked for, what the workspace says, what the data say; else the list, and never a wait."""

import shutil
import sys
from pathlib import Path

import pytest

import gouji
from gouji.app import load_book, synthesize
from gouji.app.which_book import NoBook, book_for, known_books
from gouji.base.faults import DataError, RuleError
from gouji.cli import Exit, main
from gouji.cli import exit as guards
from gouji.runs.workspace import read_config
from small_books import small_book

ROOT = Path(__file__).parent.parent
FIGURES = "单位代码,年度,单位名称\nA,2023,甲\n"


def data(folder, head=None):
    folder.mkdir(parents=True)
    (folder / "单位.csv").write_text(FIGURES, "utf-8")
    if head is not None:
        (folder / "dataset.yaml").write_text(head, "utf-8")
    return folder


def workspace(root, rules):
    root.mkdir(parents=True, exist_ok=True)
    (root / "gouji.yaml").write_text(f"rules: {rules}\n", "utf-8")
    return root


SAYS = {
    "what is asked for goes before all": (
        "final-accounts",
        "anning-2023",
        "anning-2023",
        "final-accounts",
    ),
    "the workspace goes before the data": (None, "final-accounts", "anning-2023", "final-accounts"),
    "the data, where there is no workspace": (None, None, "anning-2023", "anning-2023"),
    "nobody": (None, None, None, None),
}


@pytest.mark.parametrize("asked, of_workspace, of_data, expected", SAYS.values(), ids=SAYS)
def test_who_says_which_book(tmp_path, monkeypatch, asked, of_workspace, of_data, expected):
    monkeypatch.chdir(tmp_path)
    root = tmp_path / "root"
    if of_workspace:
        workspace(root, of_workspace)
    folder = data(root / "submissions" / "A", of_data and f"title: 甲\nrules: {of_data}\n")
    if expected is None:
        with pytest.raises(NoBook) as fault:
            book_for(asked, folder)
        assert [b.name for b in fault.value.books] == [
            "anning-2023",
            "department-self-evaluation",
            "final-accounts",
            "project-self-evaluation",
            "shicheng-rivers-2018",
        ]
    else:
        # A file speaks for the folder in which it lies.
        assert book_for(asked, folder) == book_for(asked, folder / "单位.csv") == expected


def test_the_workspace_in_the_current_folder_speaks_last(tmp_path, monkeypatch):
    monkeypatch.chdir(workspace(tmp_path / "here", "final-accounts"))
    assert book_for(None) == book_for(None, data(tmp_path / "a")) == "final-accounts"
    assert book_for(None, data(tmp_path / "b", "rules: anning-2023\n")) == "anning-2023"


def test_a_book_beside_the_workspace(tmp_path):
    root = workspace(tmp_path / "w", "book")
    (root / "book").mkdir()
    assert book_for(None, data(root / "submissions")) == root.resolve() / "book"


def test_data_do_not_bring_their_own_rules(tmp_path):
    folder = data(tmp_path / "a", "rules: ./mine\n")
    shutil.copytree(ROOT / "rules" / "final-accounts", folder / "mine")
    with pytest.raises(DataError, match="在报送数据里面"):
        book_for(None, folder)
    shutil.move(folder / "mine", tmp_path / "mine")
    (folder / "dataset.yaml").write_text("rules: ../mine\n", "utf-8")
    assert book_for(None, folder) == folder / "../mine"


@pytest.mark.parametrize("head", ("rules: [", "- a", "rules: {a: 1}", "title: 甲"))
def test_what_says_nothing_says_nothing(tmp_path, monkeypatch, head):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NoBook):
        book_for(None, data(tmp_path / "a", head))


COMMANDS = {
    "audit": ["audit", "{data}"],
    "audit into tables": ["audit", "{data}", "--format", "parquet", "--out", "{data}/out"],
    "explain": ["explain", "C14"],
    "rules list": ["rules", "list"],
    "rules lint": ["rules", "lint"],
    "forms blank": ["forms", "blank"],
    "forms return": ["forms", "return", "{data}", "--unit", "A"],
    "workspace init": ["workspace", "init", "{data}/w"],
    "check gx": ["check", "gx", "{data}"],
    "report of data": ["report", "{data}"],
    "synth": ["synth", "--units", "3", "--out", "{data}/out"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_without_a_terminal_the_books_are_listed(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    folder = data(tmp_path / "a")
    before = sorted(tmp_path.rglob("*"))
    assert main([word.format(data=folder) for word in command]) == Exit.UNUSABLE
    said = capsys.readouterr()
    assert "没有说用哪个规则库" in said.err and "anning-2023（" in said.err and said.out == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_the_examples_of_every_book_are_run_where_none_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["rules", "test"]) == Exit.CLEAN
    said = capsys.readouterr().out
    assert all(f"{book.name}：样例" in said for book in known_books())


@pytest.mark.parametrize("answer", ("3", "final-accounts"))
def test_at_a_terminal_there_is_a_question(tmp_path, monkeypatch, capsys, answer):
    monkeypatch.chdir(tmp_path)
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(guards.click, "prompt", lambda *_words, **_more: answer)
    assert main(["rules", "list"]) == Exit.CLEAN
    said = capsys.readouterr()
    assert "3  final-accounts" in said.err and "FA01" in said.out


def test_a_workspace_names_its_book():
    with pytest.raises(ExceptionGroup) as faults:
        read_config("gouji.yaml", "submissions: in\n")
    (fault,) = faults.value.exceptions
    assert isinstance(fault, RuleError) and "没有写 rules" in fault.what
    assert "final-accounts" in fault.fix


def test_shipped_data_and_made_up_data_say_their_book(tmp_path):
    for folder in sorted((ROOT / "datasets").iterdir()):
        assert book_for(None, folder) in {book.name for book in known_books()}, folder.name
    synthesize(3, tmp_path / "made", "final-accounts")
    assert book_for(None, tmp_path / "made") == "final-accounts"
    made = gouji.audit(tmp_path / "made")
    assert len(made.scorecards) == 3 and made.submission.invented
    assert [p for p in made.submission.problems if p.at.file == "dataset.yaml"] == []


def test_a_book_names_its_table_descriptions(tmp_path):
    rules, schemas = small_book(tmp_path)
    head = Path(rules) / "book.yaml"
    text = head.read_text("utf-8")
    head.write_text(f"{text}schemas: {Path('..') / Path(schemas).name}\n", "utf-8")
    assert set(load_book(rules).tables) == set(load_book(rules, schemas).tables)
    head.write_text(f"{text}schemas: nowhere\n", "utf-8")
    with pytest.raises(DataError, match="nowhere"):
        load_book(rules)
