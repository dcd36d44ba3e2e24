"""Rulebooks in the cache: the same book as checked anew, never another's, nothing run, no harm from a cache that is broken."""

import hashlib
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.app import books, cache, codec, load_book
from gouji.app.books import load_outline
from gouji.app.bulk_plans import bulk_plan_for
from gouji.app.manifests import book_digest, tables_digest
from gouji.base.faults import DataError, Place, RuleError
from gouji.base.i18n import use_language
from gouji.base.verdict import Verdict
from gouji.rules.table import Role
from gouji.rules.used_tables import tables_read
from making import HEAD, TABLES, tie_text

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def checked(monkeypatch):
    """How often a book was read and checked."""
    asked, real = [], books.book_of
    monkeypatch.setattr(books, "book_of", lambda given: asked.append(given) or real(given))
    return asked


@pytest.fixture
def written(tmp_path):
    """Folders of two rulebooks, the second of which includes the first, and of table descriptions."""
    head = HEAD.format(total="null", policy="full").replace("total: null\n", "")
    texts = {
        "one/book.yaml": head,
        "one/T01.yaml": tie_text("T01", "数.甲 = 数.乙"),
        "two/book.yaml": head + f"includes: [{tmp_path / 'one'}]\n",
        "two/T02.yaml": tie_text("T02", "数.甲 = sum(明细.金额)"),
        **{f"schemas/{name}": text for name, text in TABLES.items()},
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def book(written):
    return load_book(written / "two", written / "schemas")


def test_texts_at_hand_are_checked_once_too(folder, checked, written):
    """As a night has them: under their own names, an included book's folder read before."""
    given = books.book_texts(written / "two", written / "schemas")
    assert (
        books.kept_book_of(given) == books.kept_book_of(given) == books.book_of(given)
        and len(checked) == 2
    )
    one, two = given.rules
    fixed = books.kept_book_of(
        books.BookTexts(
            (
                {
                    name: text.replace("数.甲 = 数.乙", "数.甲 <= 数.乙")
                    for name, text in one.items()
                },
                two,
            ),
            given.schemas,
        )
    )
    assert len(checked) == 3 and [t.rule.check for t in fixed.tie_outs] == [
        "数.甲 <= 数.乙",
        "数.甲 = sum(明细.金额)",
    ]


def test_checked_once_and_the_same(folder, checked, written):
    first, second = book(written), book(written)
    assert (
        first == second and [r.code for r in second.rules] == ["T01", "T02"] and len(checked) == 1
    )
    assert (book_digest(second), tables_digest(second)) == (
        book_digest(first),
        tables_digest(first),
    )
    assert [p.suffix for p in folder.iterdir()] == [".book"]


def outline(written):
    return load_outline(written / "two", written / "schemas")


def test_an_outline_says_what_the_book_does(folder, checked, written):
    of = book(written)
    first, second = outline(written), outline(written)
    assert first == second and len(checked) == 1
    assert (first.book, first.year, first.rules) == (of.source.head.book, of.year, 2)
    assert (
        (first.tables, first.tables_read, first.derived)
        == (of.tables, tables_read(of), of.derived)
        == (second.tables, second.tables_read, second.derived)
    )
    assert first.digests == (book_digest(of), tables_digest(of)) and first.tables[
        first.units
    ] == of.table_of(Role.UNITS)
    assert sorted(p.suffix for p in folder.iterdir()) == [".book", ".outline"]


def test_a_kept_outline_asks_for_no_rule(folder, written, monkeypatch):
    first = outline(written)
    monkeypatch.setattr(books, "load_book", None)
    assert outline(written) == first


@pytest.mark.parametrize("name", ["anning-2023", "final-accounts"])
def test_books_of_ours_whatever_the_language(folder, name, monkeypatch):
    first = load_book(name)
    use_language("en")
    try:
        kept = load_book(name)
        monkeypatch.setenv(cache.VARIABLE, "off")
        assert kept == first == load_book(name)
    finally:
        use_language("zh_CN")


CHANGES = {
    "a rule": ("two/T02.yaml", "sum(明细.金额)", "sum(明细.金额) + 1"),
    "a rule of the included book": ("one/T01.yaml", "数.乙", "数.丙"),
    "a table": ("schemas/details.yaml", "places: 2", "places: 1"),
}


@pytest.mark.parametrize("file, old, new", CHANGES.values(), ids=CHANGES)
def test_what_changed_is_read_again(folder, checked, written, file, old, new):
    first = book(written)
    text = (written / file).read_text("utf-8")
    (written / file).write_text(text.replace(old, new), "utf-8")
    assert book(written) != first and len(checked) == 2
    book(written)
    assert len(checked) == 2


@pytest.mark.parametrize("file, old, new", CHANGES.values(), ids=CHANGES)
def test_the_outline_of_what_changed_is_made_again(folder, written, file, old, new):
    first = outline(written)
    text = (written / file).read_text("utf-8")
    (written / file).write_text(text.replace(old, new), "utf-8")
    changed = outline(written)
    assert changed.digests != first.digests and changed == outline(written)


def test_a_plan_is_never_made_of_another_book(folder, written):
    first, text = outline(written), (written / "two/T02.yaml").read_text("utf-8")
    (written / "two/T02.yaml").write_text(text.replace("sum(明细.金额)", "数.乙"), "utf-8")
    with pytest.raises(DataError, match="被改动"):
        bulk_plan_for(first.digests, lambda: book(written))
    assert not list(folder.glob("*.bulk"))


def test_a_faulty_book_is_not_kept(folder, written):
    (written / "two" / "T02.yaml").write_text(tie_text("T02", "数.没有 = 1"), "utf-8")
    for _time in range(2):
        with pytest.raises(ExceptionGroup) as fault:
            book(written)
        assert fault.value.subgroup(RuleError)
    assert not folder.exists()


def signed(body):
    """What stands in a file of any name, with the digest that `keep` would write."""
    body = body.encode() if isinstance(body, str) else body
    return lambda name: (
        hashlib.sha256(name.encode() + b"\n" + body).hexdigest().encode() + b"\n" + body
    )


def spoilt(spoil, file):
    """What the file holds, spoilt."""
    made = spoil(file.read_bytes())
    return made(file.name) if callable(made) else made


class Running:
    """Runs a command when it is read as a pickle is."""

    def __init__(self, *call):
        self.call = call

    def __reduce__(self):
        return self.call


BROKEN = {
    "empty": lambda content: b"",
    "cut short": lambda content: content[:-9],
    "forged": lambda content: content.replace(b"T02", b"T03"),
    "another's": lambda content: signed(content.partition(b"\n")[2])("another.book"),
    "another value": lambda content: signed(codec.text_of(({}, "no book"))),
    "no text": lambda content: signed(b"\x80no"),
    "no JSON": lambda content: signed("[]\n{"),
    "nested without end": lambda content: signed("[]\n" + "[" * 200_000),
    "a sign nobody knows": lambda content: signed('[]\n{"q":[]}'),
    "two keys": lambda content: signed('[]\n{"t":[],"m":[]}'),
    "a value before it was made": lambda content: signed('[]\n{"=":7}'),
    "a field too many": lambda content: signed(
        '["gouji.base.faults:Place"]\n{"0":["a",1,2,3,4,5]}'
    ),
    "no number": lambda content: signed('[]\n{"Decimal":"one"}'),
    "divided by zero": lambda content: signed('[]\n{"Fraction":"1/0"}'),
    "a command": lambda content: signed('["os:mkdir"]\n{"0":["run"]}'),
    "a command of ours": lambda content: signed('["gouji.app.cache:keep"]\n{"0":["run",""]}'),
    "a pickle of an older version": lambda content: signed(
        pickle.dumps(({}, Running(os.mkdir, ("run",))))
    ),
}


@pytest.mark.parametrize("spoil", BROKEN.values(), ids=BROKEN)
def test_what_is_not_whole_is_ignored_and_made_anew(folder, checked, written, spoil, monkeypatch):
    monkeypatch.chdir(written)
    first = book(written)
    (file,) = folder.iterdir()
    file.write_bytes(spoilt(spoil, file))
    assert book(written) == first and len(checked) == 2 and not (written / "run").exists()
    assert book(written) == first and len(checked) == 2


@pytest.mark.parametrize(
    "spoil",
    [spoil for name, spoil in BROKEN.items() if name != "forged"],
    ids=[name for name in BROKEN if name != "forged"],
)
def test_a_spoilt_outline_is_made_anew(folder, written, spoil, monkeypatch):
    monkeypatch.chdir(written)
    first = outline(written)
    (file,) = folder.glob("*.outline")
    whole = file.read_bytes()
    file.write_bytes(spoilt(spoil, file))
    assert (
        outline(written) == first and not (written / "run").exists() and file.read_bytes() == whole
    )


@pytest.mark.skipif(sys.platform == "win32", reason="mode bits")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_others_may_write_is_not_read(folder, checked, written, what, monkeypatch):
    book(written)
    (file,) = folder.iterdir()
    (file if what == "file" else folder).chmod(0o777)
    book(written)
    assert len(checked) == 2


def test_what_another_user_wrote_is_not_read(folder, checked, written, monkeypatch):
    book(written)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    book(written)
    assert len(checked) == 2


NO_VALUES = (
    "os:system",
    "builtins:eval",
    "pathlib:Path",
    "gouji.rules.read_book:load_rulebook",
    "gouji.rules.values:re.compile",
    "gouji.base.workers:Workers",
    "gouji.app.cache:keep",
    "gouji.rules.no_such_module:Rule",
    "gouji.rules.rule:Decimal",
)


@pytest.mark.parametrize("name", NO_VALUES)
def test_only_values_are_named(name):
    with pytest.raises(codec.FAULTS):
        codec.value_of(f'["{name}"]\n{{"0":[]}}')


class Word(StrEnum):
    ONE = "one"


NOT_WRITTEN = {
    "an object": object(),
    "a function": {1: open},
    "a word of an enumeration": Word.ONE,
    "a binary fraction": 0.1,
    "bytes": b"raw",
}


@pytest.mark.parametrize("value", NOT_WRITTEN.values(), ids=NOT_WRITTEN)
def test_what_is_no_value_is_not_written(value):
    with pytest.raises((codec.NotAValue, TypeError)):
        codec.text_of(value)


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False)
    | st.fractions()
    | st.sampled_from([*Verdict, *Role])
    | st.builds(Place, st.text(), st.integers())
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.frozensets(scalars)
        | st.dictionaries(scalars, inner)
        | st.dictionaries(st.text(), inner).map(codec.Late)
        | st.dictionaries(st.text(), inner).map(lambda given: codec.LateEach(given))
    ),
)


def shape(value):
    """A value with its types: True is not 1, a tuple is no list."""
    match value:
        case list() | tuple():
            return type(value), [shape(item) for item in value]
        case frozenset():
            return frozenset, {(type(item), item) for item in value}
        case Mapping():
            return type(value), [(shape(key), shape(item)) for key, item in value.items()]
    return type(value), str(value) if isinstance(value, Decimal) else value


@given(values)
def test_what_was_written_is_read(value):
    assert shape(codec.value_of(codec.text_of(value))) == shape(value)


def test_what_stands_in_several_places_is_one_value():
    place = Place("a", 1)
    first, (second, third) = codec.value_of(codec.text_of((place, [place, Place("a", 1)])))
    assert first is second and third == first and third is not first


@pytest.mark.parametrize("name", ["anning-2023", "final-accounts"])
def test_every_book_is_read_as_it_was_written(name):
    made = load_book(name)
    assert codec.value_of(codec.text_of(made)) == made


def test_a_start_with_everything_kept_loads_little():
    """Neither the compiler nor the YAML of rules, and no frames."""
    heavy = (
        "pydantic",
        "sqlglot",
        "pandas",
        "numpy",
        "pyarrow",
        "pandera",
        "polars",
        "ibis",
        "great_expectations",
        "openpyxl",
        "jinja2",
    )
    code = f"import sys; from gouji.cli import main; main(['audit', 'datasets/anning-2023']); print([m for m in {heavy!r} if m in sys.modules])"
    for _time in range(2):
        printed = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout
    assert printed.splitlines()[-1] == "[]"
