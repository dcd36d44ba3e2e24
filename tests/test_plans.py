"""The plan cache: the same plan as compiled anew, never another's, and no harm from a cache that is broken."""

import json
from hashlib import sha256

import pytest

from gouji.app import plans
from gouji.app.plans import cache_folder, plan_for
from gouji.compile import compile_book
from gouji.compile.stored import from_text, stored, to_text
from gouji.intake.figures import absent_tables
from making import YEAR, book_of, by_sql, criterion_text, submission_of, tie_text

RULES = {"C01.yaml": criterion_text("C01", "{kind: proportional, full_at: 3}", 4, measure="数.甲 / 数.乙"), "T01.yaml": tie_text("T01", "数.甲 = sum(明细.金额)")}
BOOK = book_of(RULES, total=4)
ROWS = [("单位", "甲", YEAR, {"单位名称": "甲"}), ("数", "甲", YEAR, {"甲": "1.00"})]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(plans.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def compiled(monkeypatch):
    """How often the compiler was asked."""
    asked = []

    def counting(*given):
        asked.append(given)
        return compile_book(*given)

    monkeypatch.setattr(plans, "compile_book", counting)
    return asked


def plan(book=BOOK, absent=frozenset()):
    return plan_for(book, book.tables, absent)


def test_compiled_once(folder, compiled):
    first, second = plan(), plan()
    assert first == second == stored(compile_book(BOOK, BOOK.tables), BOOK) and len(compiled) == 1
    assert [p.suffix for p in folder.iterdir()] == [".plan"]


OTHER = {
    "a rule": lambda: plan(book_of({**RULES, "T01.yaml": tie_text("T01", "数.甲 = sum(明细.金额) + 1")}, total=4)),
    "absent tables": lambda: plan(absent={("明细", False)}),
    "halves": lambda: plan_for(BOOK, (), ()),
}


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER)
def test_each_has_its_own(folder, compiled, other):
    assert plan() != other() and len(compiled) == 2


def test_another_version_has_its_own(folder, compiled, monkeypatch):
    plan()
    monkeypatch.setattr(plans, "version", lambda name: "0")
    plan()
    assert len(compiled) == 2


def forged(text):
    """Another statement under an old digest."""
    return text.replace("SELECT", "SELECT 1,", 1)


def elsewhere(text):
    """A whole plan that was made for something else."""
    body = json.dumps({**json.loads(text.partition("\n")[2]), "key": "other"})
    return f"{sha256(body.encode()).hexdigest()}\n{body}"


BROKEN = {"empty": lambda text: "", "cut short": lambda text: text[:-9], "forged": forged, "another's": elsewhere, "no text": lambda text: b"\xff\xfe\xff"}


@pytest.mark.parametrize("spoil", BROKEN.values(), ids=BROKEN)
def test_what_is_not_whole_is_ignored_and_made_anew(folder, compiled, spoil):
    first = plan()
    (file,) = folder.iterdir()
    text = spoil(file.read_text("utf-8"))
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert plan() == first and len(compiled) == 2
    assert plan() == first and len(compiled) == 2


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch, compiled):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(plans.VARIABLE, str(tmp_path / "file" / "below"))
    assert plan() == plan() and len(compiled) == 2


def test_off(folder, monkeypatch, compiled):
    monkeypatch.setenv(plans.VARIABLE, "off")
    assert cache_folder() is None and plan() == plan() and len(compiled) == 2 and not folder.exists()


def test_the_oldest_go(folder, monkeypatch):
    monkeypatch.setattr(plans, "KEPT_AT_MOST", 2)
    for number in range(4):
        plan(absent={("明细", bool(number % 2)), ("数", bool(number // 2))})
    assert len(list(folder.iterdir())) == 2


def test_text_and_back_give_the_same_outcomes():
    submission = submission_of(BOOK, ROWS)
    absent = absent_tables(submission, BOOK.tables, YEAR)
    made = stored(compile_book(BOOK, BOOK.tables, absent), BOOK)
    again = from_text(to_text(made, "key"), "key", BOOK)
    assert again == made
    assert by_sql(BOOK, submission, plan=again) == by_sql(BOOK, submission)
