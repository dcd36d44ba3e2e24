"""An error that nobody foresaw: it is a problem of the file that met it, with a line for the maintainers; the others are read, and the program ends with 4."""

import ast
import json
import shutil
from pathlib import Path

import pytest

from gouji.app import audit
from gouji.base import guard
from gouji.cli import Exit, main
from gouji.intake.workbooks import read_paths as reading
from gouji.intake.workbooks import worker_pool as hands
from gouji.intake.workbooks.extract import Extractor
from gouji.intake.workbooks.read_paths import WorkbookReader
from gouji.intake.workbooks.worker_pool import Hands
from nights import book_of, submit, workspace

SOURCE = Path(__file__).parent.parent / "src/gouji"


class Panic(BaseException):
    """What a library in Rust raises when it gives up: no Exception."""


FAULTS = {
    "an index": IndexError,
    "depth": RecursionError,
    "an assertion": AssertionError,
    "memory": MemoryError,
    "a panic": Panic,
    "a key": KeyError,
}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GOUJI_CACHE", str(tmp_path / "cache"))


def county(root, *units):
    """A folder of workbooks of the small rulebook, one a unit; returns it and the rulebook."""
    workspace(root)
    for unit in units:
        book_of(submit(root, unit), f"{unit}.xlsx")
        shutil.move(root / f"submissions/{unit}/{unit}.xlsx", root / f"{unit}.xlsx")
        shutil.rmtree(root / f"submissions/{unit}")
        (root / "county").mkdir(exist_ok=True)
        shutil.move(root / f"{unit}.xlsx", root / f"county/{unit}.xlsx")
    return root / "county", ["--rules", str(root / "book"), "--schemas", str(root / "schemas")]


def audited(root, folder):
    return audit(folder, root / "book", root / "schemas")


def spoil(monkeypatch, error):
    real = Extractor.take

    def take(self, book):
        if book.name == "B.xlsx":
            raise error("somewhere deep")
        return real(self, book)

    monkeypatch.setattr(Extractor, "take", take)


@pytest.mark.parametrize("error", FAULTS.values(), ids=FAULTS)
def test_a_workbook_that_gouji_stumbles_over(tmp_path, monkeypatch, error):
    folder, _rules = county(tmp_path, "A", "B", "C")
    spoil(monkeypatch, error)
    made = audited(tmp_path, folder)
    assert set(made.outcomes.units) == {"A", "C"} and made.submission.refused == 1
    (problem,) = [p for p in made.submission.problems if not p.note]
    (kept,) = (tmp_path / "cache/faults").iterdir()
    assert (
        problem.at.file == "B.xlsx" and error.__name__ in problem.what and kept.name in problem.fix
    )
    assert (
        "somewhere deep" in kept.read_text("utf-8")
        and str(tmp_path) not in problem.what + problem.fix
    )


def test_rows_that_cannot_be_put_together(tmp_path, monkeypatch):
    """The fault shows only where the rows of several workbooks are put together; the one whose rows they are is found."""
    folder, _rules = county(tmp_path, "A", "B", "C")
    real = reading.heap_of

    def heap_of(books, tables):
        if any(book.file == "B.xlsx" and book.given for book in books):
            raise ValueError
        return real(books, tables)

    monkeypatch.setattr(reading, "heap_of", heap_of)
    made = audited(tmp_path, folder)
    assert set(made.outcomes.units) == {"A", "C"}
    assert [p.at.file for p in made.submission.problems if not p.note] == ["B.xlsx"]


class Stumbling(WorkbookReader):
    """Stumbles over one workbook, in whatever process."""

    def __reduce__(self):
        return Stumbling, super().__reduce__()[1]

    def _here(self, path, old_too):
        if path.name == "B.xlsx":
            raise IndexError
        return super()._here(path, old_too)


@pytest.mark.parametrize("helpers", [0, 1])
def test_in_a_helper_process_too(tmp_path, helpers):
    from gouji.app import load_book

    folder, _rules = county(tmp_path, "A", "B", "C")
    tables = load_book(tmp_path / "book", tmp_path / "schemas").tables
    made = Stumbling(tables, folder, {})
    paths = sorted(folder.iterdir())
    with Hands(made, helpers) as own:
        heaps = list(own.read([paths]) if helpers else map(made.heap, [paths]))
    assert [[(b.file, b.refused is not None) for b in heap.books] for heap in heaps] == [
        [("A.xlsx", False), ("B.xlsx", True), ("C.xlsx", False)]
    ]
    assert hands.processes() >= 1


def test_what_ends_the_program(tmp_path, monkeypatch, capsys):
    """Exit 4, what to do, and a file to send; not a traceback on the screen."""
    folder, rules = county(tmp_path, "A")
    monkeypatch.setattr("gouji.app.audits.run", lambda *a, **k: [][0])
    assert main(["audit", str(folder), *rules]) == Exit.OWN_FAULT
    said = capsys.readouterr().err
    (kept,) = (tmp_path / "cache/faults").iterdir()
    assert "IndexError" in said and str(kept) in said and "Traceback" not in said
    assert "Traceback" in kept.read_text("utf-8")


@pytest.mark.parametrize(
    "error, word",
    [
        (OSError(28, "No space left on device"), "磁盘"),
        (MemoryError(), "内存"),
        (ZeroDivisionError(), "维护者"),
    ],
)
def test_the_advice_fits(monkeypatch, capsys, tmp_path, error, word):
    def fail(*_given, **_more):
        raise error

    folder, rules = county(tmp_path, "A")
    monkeypatch.setattr("gouji.app.audits.run", fail)
    assert main(["audit", str(folder), *rules]) == Exit.OWN_FAULT
    assert word in capsys.readouterr().err


def test_nowhere_to_keep_it(tmp_path, monkeypatch, capsys):
    """The error is said all the same."""
    folder, rules = county(tmp_path, "A", "B")
    spoil(monkeypatch, IndexError)
    (tmp_path / "cache").write_text("a file")
    assert main(["audit", str(folder), *rules, "--format", "json"]) == Exit.FINDINGS
    page = json.loads(capsys.readouterr().out)
    assert [c["unit"] for c in page["cards"]] == ["A"] and any(
        "IndexError" in str(p) for p in page["problems"]
    )


def test_the_same_fault_is_kept_once(tmp_path, monkeypatch):
    folder, _rules = county(tmp_path, "A", "B")
    spoil(monkeypatch, IndexError)
    for number in range(5):
        shutil.copy(folder / "B.xlsx", folder / f"{number}.xlsx")
    monkeypatch.setattr(Extractor, "take", lambda self, book: [][len(book.name)])
    made = audited(tmp_path, folder)
    assert made.submission.refused == 7 and len(list((tmp_path / "cache/faults").iterdir())) == 1


def test_only_two_places_catch_whatever_rises():
    """`guard.attempt` and the command line; elsewhere what is caught so rises again, here or where it is handed over."""
    places = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.ExceptHandler)
                and _any(node.type)
                and not isinstance(node.body[-1], ast.Raise)
            ):
                places.append(path.relative_to(SOURCE).as_posix())
    assert places == [
        "base/guard.py",
        "base/workers.py",  # Hands it over to the process that this one is a copy of.
        "cli/__init__.py",
        "run/background.py",  # Hands it over to another thread.
    ]


def _any(kind):
    names = [kind] if not isinstance(kind, ast.Tuple) else kind.elts
    return kind is None or any(
        isinstance(n, ast.Name) and n.id in ("Exception", "BaseException") for n in names
    )


def test_few_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(guard, "KEPT_AT_MOST", 3)
    for number in range(6):
        error = type(f"Error{number}", (Exception,), {})()
        assert guard.keep(error).file.is_file()
    assert len(list((tmp_path / "cache/faults").iterdir())) == 3
