"""The plan cache: the same plan as compiled anew, never another's, and no harm from a cache that is broken."""

from hashlib import sha256
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

import gouji.plan
from gouji.app import cache, load_book, plans
from gouji.app.cache import cache_folder
from gouji.app.codec import text_of, value_of
from gouji.app.plans import plan_for
from gouji.intake import receive
from gouji.intake.ledger.tables import make_what_is_read
from gouji.intake.ledger.unit_figures import absent_tables, unit_figures
from gouji.plan import compile_book
from gouji.plan.fold import Folder, constant
from gouji.plan.kept_plan import stored
from gouji.plan.sql import shapes as sql
from gouji.run import connect, run
from making import YEAR, book_of, by_sql, criterion_text, submission_of, tie_text

RULES = {
    "C01.yaml": criterion_text(
        "C01", "{kind: proportional, full_at: 3}", 4, measure="数.甲 / 数.乙"
    ),
    "T01.yaml": tie_text("T01", "数.甲 = sum(明细.金额)"),
}
BOOK = book_of(RULES, total=4)
ROWS = [("单位", "甲", YEAR, {"单位名称": "甲"}), ("数", "甲", YEAR, {"甲": "1.00"})]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def compiled(monkeypatch):
    """How often the compiler was asked."""
    asked = []

    def counting(*given):
        asked.append(given)
        return compile_book(*given)

    monkeypatch.setattr(gouji.plan, "compile_book", counting)
    return asked


def plan(book=BOOK, absent=frozenset()):
    return plan_for(book, book.tables, absent)


def test_compiled_once(folder, compiled):
    first, second = plan(), plan()
    assert first == second == stored(compile_book(BOOK, BOOK.tables), BOOK) and len(compiled) == 1
    assert [p.suffix for p in folder.iterdir()] == [".plan"]


OTHER = {
    "a rule": lambda: plan(
        book_of({**RULES, "T01.yaml": tie_text("T01", "数.甲 = sum(明细.金额) + 1")}, total=4)
    ),
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
    body = text.partition("\n")[2]
    return sha256(f"another.plan\n{body}".encode()).hexdigest() + f"\n{body}"


BROKEN = {
    "empty": lambda text: "",
    "cut short": lambda text: text[:-9],
    "forged": forged,
    "another's": elsewhere,
    "no text": lambda text: b"\xff\xfe\xff",
}


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
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "file" / "below"))
    assert plan() == plan() and len(compiled) == 2


def test_off(folder, monkeypatch, compiled):
    monkeypatch.setenv(cache.VARIABLE, "off")
    assert (
        cache_folder() is None and plan() == plan() and len(compiled) == 2 and not folder.exists()
    )


def test_the_oldest_go(folder, monkeypatch):
    monkeypatch.setattr(cache, "KEPT_AT_MOST", 2)
    for number in range(4):
        plan(absent={("明细", bool(number % 2)), ("数", bool(number // 2))})
    assert len(list(folder.iterdir())) == 2


def test_text_and_back_give_the_same_outcomes():
    submission = submission_of(BOOK, ROWS)
    absent = absent_tables(submission, BOOK.tables, YEAR)
    made = stored(compile_book(BOOK, BOOK.tables, absent), BOOK)
    again = value_of(text_of(made.kept)).of(BOOK)
    assert again == made
    assert by_sql(BOOK, submission, plan=again) == by_sql(BOOK, submission)


def test_a_kept_plan_judges_as_the_compiled_one():
    """A whole book on a dataset; `by_sql` asks the same of every small book that tests make."""
    book, con = load_book("anning-2023"), connect()
    submission = receive(
        con, Path(__file__).parent.parent / "datasets" / "anning-2023-complete", book.tables
    )
    absent = absent_tables(submission, book.tables, book.year)
    compiled = compile_book(book, book.tables, absent)
    kept = stored(compiled, book, absent)
    assert len(kept.parts) > 1 and sum(map(len, kept.parts)) < len(compiled.sql())
    assert run(kept, con) == run(compiled, con)


@pytest.mark.parametrize(
    "name, rules",
    [
        ("anning-2023", "anning-2023"),
        ("anning-2023-complete", "anning-2023"),
        ("county-demo", "final-accounts"),
    ],
)
def test_tables_that_nobody_sent_need_not_be_there(name, rules):
    data, made = Path(__file__).parent.parent / "datasets" / name, []
    book = load_book(rules)
    for sparing in (False, True):
        con = connect()
        found = receive(con, data, book.tables, sparing=sparing)
        plan = plan_for(book, book.tables, absent_tables(found, book.tables, book.year))
        make_what_is_read(con, book.tables.values(), plan.figures)
        outcomes = run(plan, con)
        figures = [unit_figures(found, book.tables, unit, book.year) for unit in outcomes.units]
        count = con.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
        made.append(
            (
                count,
                (
                    outcomes,
                    figures,
                    found.counted,
                    found.filing,
                    found.problems,
                    found.rows_in,
                    found.rows_aside,
                ),
            )
        )
    assert made[0][1] == made[1][1] and (name == "county-demo" or made[0][0] > made[1][0])


def test_what_nobody_sent_takes_no_part_in_a_kept_plan():
    absent = {("明细", False), ("明细", True), ("数", True)}
    kept = stored(compile_book(BOOK, BOOK.tables, absent), BOOK, absent)
    assert (
        "明细" not in kept.figures
        and "明细" in stored(compile_book(BOOK, BOOK.tables), BOOK).figures
    )
    assert kept.constants["T01.verdict"] == 6


truths = st.recursive(
    st.sampled_from(
        [
            exp.true(),
            exp.false(),
            exp.null(),
            sql.column("p"),
            sql.column("q"),
            sql.is_null(sql.column("q")),
            sql.binary(exp.EQ, sql.column("n"), sql.whole(2)),
            sql.binary(exp.LT, sql.whole(1), sql.column("gone", "t")),
        ]
    ),
    lambda of: st.one_of(
        st.lists(of, min_size=1, max_size=3).map(sql.all_of),
        st.lists(of, min_size=1, max_size=3).map(sql.any_of),
        of.map(sql.not_),
        of.map(sql.is_null),
    ),
    max_leaves=8,
)
numbers = st.recursive(
    st.sampled_from(
        [
            sql.whole(0),
            sql.whole(3),
            sql.whole(-5),
            sql.whole(2**40),
            exp.null(),
            sql.column("n"),
            sql.column("k"),
            sql.cast(sql.column("gone", "t"), "BIGINT"),
        ]
    ),
    lambda of: st.one_of(
        st.tuples(st.lists(st.tuples(truths, of), min_size=1, max_size=3), st.none() | of).map(
            lambda c: sql.case(*c)
        ),
        st.tuples(of, of).map(lambda two: sql.binary(exp.Add, *two)),
        st.tuples(of, of).map(lambda two: sql.binary(exp.Sub, *two)),
        of.map(lambda e: sql.function(exp.Coalesce, sql.cast(e, "BIGINT"), sql.whole(7))),
        of.map(lambda e: sql.cast(e, "HUGEINT")),
        of.map(lambda e: sql.function(exp.Coalesce, e, sql.whole(0))),
        of.map(lambda e: exp.Abs(this=e)),
        of.map(lambda e: sql.cast(sql.cast(e, "HUGEINT"), "HUGEINT")),
        of.map(lambda e: exp.Nullif(this=e, expression=sql.whole(0))),
    ),
    max_leaves=8,
)
ROWS_OF_T = (
    "(VALUES (true, false, 1, 9), (false, NULL, 2, NULL), (NULL, true, NULL, 5)) AS t(p, q, n, k)"
)
KNOWN = {"p": exp.true(), "k": sql.cast(sql.whole(6), "TINYINT")}
asked = duckdb.connect()


@settings(max_examples=150, deadline=None)
@given(truths | numbers)
def test_folding_changes_no_value(e):
    """Against DuckDB itself, with `p` and `k` known and `gone` a column of a table without rows."""
    made = Folder(KNOWN, frozenset({"t"}))(e)
    before = e.sql("duckdb")
    table = (
        "(SELECT true AS p, q, n, 6::TINYINT AS k, NULL::BIGINT AS gone FROM "
        + ROWS_OF_T
        + ") AS t"
    )
    (values,) = zip(*asked.execute(f"SELECT {before} FROM {table}").fetchall(), strict=True)
    (folded,) = zip(
        *asked.execute(f"SELECT {made.sql('duckdb')} FROM {table}").fetchall(), strict=True
    )
    assert folded == values
    if (known := constant(made)) is not None:
        assert set(values) == set(known)
    assert e.sql("duckdb") == before


codes = st.recursive(
    st.sampled_from([sql.whole(n) for n in range(3)]),
    lambda of: st.tuples(st.lists(st.tuples(truths, of), min_size=1, max_size=3), of).map(
        lambda c: sql.cast(sql.case(*c), "TINYINT")
    ),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(codes, st.sets(st.integers(0, 2)), st.booleans())
def test_a_coded_value_is_asked_for_in_its_branches(e, numbers, known):
    """Whether it is one of some numbers, and what becomes of it: as an engine answers of the value itself; a column is asked as it is."""
    listed = ", ".join(map(str, numbers)) or "99"
    table = "(SELECT p, q, n, k, NULL::BIGINT AS gone FROM " + ROWS_OF_T + ") AS t"
    if known:
        asked_of = sql.is_one_of(e, numbers)
        said, expected = asked_of.sql("duckdb"), f"({e.sql('duckdb')}) IN ({listed})"
        # Constants are answered, not handed on.
        assert asked_of.find(exp.EQ) is None or e.find(exp.EQ) is not None
    else:
        made = sql.chosen(e, lambda number: sql.whole(10 - (number or 0)))
        assert made is not None and sql.chosen(sql.column("n"), sql.whole) is None
        said, expected = made.sql("duckdb"), f"10 - ({e.sql('duckdb')})"
    rows = asked.execute(f"SELECT {said}, {expected} FROM {table}").fetchall()
    assert all(one == other for one, other in rows)
    column = sql.is_one_of(sql.column("n"), {1, 5}).sql("duckdb")
    assert asked.execute(f"SELECT {column} FROM {table}").fetchall() == [(True,), (False,), (None,)]
