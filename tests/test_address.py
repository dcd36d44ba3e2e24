"""Addresses with a password in them, in every form: the password is used, and shown nowhere."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.base.address import postgres, redacted, shown
from gouji.base.faults import DataError, EngineError
from gouji.base.guard import keep
from gouji.cli import main
from gouji.runs.workspace.decisions import Decisions
from gouji.runs.workspace.log import Log
from small_books import small_book

SECRET = "S3kret"
URLS = {
    "user and password": f"postgresql://u:{SECRET}@localhost:1/db?schema=x",
    "a query": f"postgresql://localhost:1/db?user=u&password={SECRET}",
    "another word": f"postgres://localhost:1/db?passwd={SECRET}",
    "a token": f"postgresql://localhost:1/db?token={SECRET}&schema=x",
    "a word written in percents": f"postgresql://localhost:1/db?p%61ssword={SECRET}",
    "a password in percents": f"postgresql://u:%53{SECRET}%40@localhost:1/db",
    "a driver": f"postgresql+psycopg://u:{SECRET}@localhost:1/db",
    "keywords": f"host=localhost port=1 dbname=db password={SECRET}",
    "keywords in quotes": f"host=localhost port=1 password = '{SECRET} {SECRET}' dbname=db",
    "keywords, not quoted": f"host=localhost port=1 password={SECRET} {SECRET} dbname=db",
    "signs that part an address": f"postgresql://u:{SECRET}/{SECRET}?{SECRET}@{SECRET}#@localhost:1/db",
    "another database": f"mysql://u:{SECRET}@localhost/db",
    "another database, parted": f"sqlserver://localhost:1;user=sa;password={SECRET}",
    "java": f"jdbc:postgresql://localhost:1/db?user=u&password={SECRET}",
    "a token for a user": f"https://{SECRET}@localhost/x.xlsx",
    "blanks": f"postgresql://u:{SECRET} {SECRET}@localhost:1/db",
    "no colon": f"postgresql//u:{SECRET}@localhost:1/db",
    "a full-width colon": f"postgresql：//u:{SECRET}@localhost:1/db",
    "no beginning": f"u:{SECRET}@localhost:1/db",
}


@pytest.mark.parametrize("url", URLS.values(), ids=URLS)
def test_no_command_shows_a_password(url, tmp_path, capsys):
    rules, schemas = small_book(tmp_path)
    about = ["--rules", rules, "--schemas", schemas]
    for command in (
        ["audit", url],
        ["bulk", url, "--out", str(tmp_path / "out")],
        ["check", "gx", url],
        ["forms", "return", url, "--unit", "A"],
        ["explain", "T01", "--data", url],
    ):
        assert main([*command, *about]) == 2, command
        said = capsys.readouterr()
        assert (
            said.err
            and SECRET not in said.err + said.out
            and SECRET.lower() not in (said.err + said.out).lower()
        ), command


# Every other door that takes what somebody typed; BOOK stands for rules and table descriptions.
DOORS = {
    "forms read": ["forms", "read", "URL", "BOOK"],
    "text": ["text", "URL"],
    "merge": ["merge", "URL", "--out", "OUT"],
    "parquet of some units": ["audit", "URL", "BOOK", "--out", "OUT", "--between", "A", "B"],
    "an engine": ["audit", "DATA", "BOOK", "--out", "OUT", "--engine", "URL"],
    "on an engine": ["audit", "URL", "BOOK", "--out", "OUT", "--engine", "sc://x"],
    "a form": ["audit", "DATA", "BOOK", "--format", "URL"],
    "memory": ["audit", "DATA", "BOOK", "--out", "OUT", "--memory", "URL"],
    "another book": ["audit", "URL", "BOOK", "--against", "final-accounts"],
    "a book": ["audit", "DATA", "--rules", "URL"],
    "a form set": ["audit", "DATA", "BOOK", "--forms", "URL"],
    "report": ["report", "URL", "BOOK"],
    "power": ["rules", "power", "final-accounts", "--data", "URL"],
    "a folder": ["forms", "draft", "URL"],
    "a workspace": ["night", "URL"],
    "an option": ["audit", "DATA", "BOOK", "--URL"],
    "a command": ["URL"],
}


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_no_door_shows_a_password(door, tmp_path, capsys):
    rules, schemas = small_book(tmp_path)
    (tmp_path / "data").mkdir()
    for url in (URLS["user and password"], URLS["a query"], URLS["keywords"]):
        words = {"DATA": str(tmp_path / "data"), "OUT": str(tmp_path / "o")}
        made = [
            w
            for word in door
            for w in (
                ["--rules", rules, "--schemas", schemas]
                if word == "BOOK"
                else [words.get(word, word.replace("URL", url))]
            )
        ]
        assert main(made) in (2, 3), made
        said = capsys.readouterr()
        assert SECRET.lower() not in (said.err + said.out).lower(), said


def test_a_password_of_the_environment_is_not_shown(tmp_path, capsys, monkeypatch):
    rules, schemas = small_book(tmp_path)
    monkeypatch.setenv("PGPASSWORD", SECRET)
    assert (
        main(["audit", "postgresql://u@localhost:1/db", "--rules", rules, "--schemas", schemas])
        == 2
    )
    said = capsys.readouterr()
    assert "localhost:1/db" in said.err and SECRET not in said.err + said.out


SHOWN = {
    f"postgresql://u:{SECRET}@h:5433/db?schema=报送": ("h:5433/db?schema=报送", "报送"),
    f"postgresql://h/db?user=a@b&password={SECRET}": ("h/db", ""),
    f"postgresql:///db?host=/run/pg&password={SECRET}": ("/run/pg/db", ""),
    f"host=h dbname=db schema=s password={SECRET}": ("h/db?schema=s", "s"),
    "postgresql://u@h1,h2/db": ("h1,h2/db", ""),
}


@pytest.mark.parametrize("text", SHOWN)
def test_what_is_shown_of_an_address(text):
    found = postgres(text)
    assert (str(found), found.schema) == SHOWN[text]
    assert SECRET not in repr(found) + f"{found!s}{found}" and (SECRET in found.opened) is (
        SECRET in text
    )
    assert SECRET not in text or SECRET not in found.scrubbed(
        f"could not connect with {SECRET} to {text}"
    )


@pytest.mark.parametrize(
    "text", ["数据/甲=乙.csv", "C:\\报送\\2023", "submissions", "host=1.csv 的文件夹", "a@b/c"]
)
def test_paths_are_no_addresses(text):
    assert (postgres(text), shown(text), redacted(text)) == (None, text, text)


@given(
    st.text(
        st.characters(codec="ascii", exclude_categories=("Cc",), exclude_characters=" '\"@"),
        min_size=6,
    ),
    st.sampled_from(["url", "query", "words"]),
)
def test_whatever_a_password_is_made_of(secret, form):
    from urllib.parse import quote

    written = quote(secret, safe="")
    text = {
        "url": f"postgresql://someone:{written}@host/db",
        "query": f"postgresql://host/db?password={written}",
        "words": f"host=h password={written}",
    }[form]
    found = postgres(text)
    assert (
        found is not None
        and not found.loose
        and written in (*found.secrets, *(quote(s, safe="") for s in found.secrets))
    )
    for told in (
        str(found),
        repr(found),
        found.scrubbed(f"in {text}: {secret}"),
        shown(text),
        redacted(f"no such thing: {text}"),
    ):
        assert written not in told and (
            secret not in told
            or secret in "postgresql://someone:***@host/db in : no such thing passworddbname"
        ), told


DECISIONS = {
    "user and password": f"postgresql+psycopg://u:{SECRET}@127.0.0.1:1/x?connect_timeout=1",
    "a query": f"postgresql://127.0.0.1:1/x?password={SECRET}&connect_timeout=1",
    "no such driver": f"postgresql+nothing://u:{SECRET}@h/x",
    "another database": f"oracle://u:{SECRET}@h/x",
    "no address": f"u:{SECRET}@h",
}


@pytest.mark.parametrize("url", DECISIONS.values(), ids=DECISIONS)
def test_the_store_of_decisions_shows_no_password(url):
    with pytest.raises((DataError, EngineError)) as fault:
        Decisions(url)
    assert SECRET not in str(fault.value) and SECRET not in repr(fault.value)


def test_the_store_says_which_driver_to_install(tmp_path):
    """Where psycopg is not installed."""
    code = (
        "import sys; sys.modules['psycopg'] = None\nfrom gouji.runs.workspace.decisions import Decisions\n"
        f"try: Decisions('postgresql://u:{SECRET}@h/x')\nexcept Exception as fault: print(fault)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
    ).stdout
    assert 'pip install "gouji[postgres]"' in said and SECRET not in said


def test_logs_and_kept_errors_hold_no_password(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    url = URLS["user and password"]
    Log(tmp_path / "log")(
        "notify_failed", why=f"no answer from {url}", more={"at": URLS["a query"]}
    )
    (line,) = (tmp_path / "log").glob("*.jsonl")
    assert (
        SECRET not in line.read_text("utf-8")
        and json.loads(line.read_text("utf-8"))["event"] == "notify_failed"
    )
    try:
        raise ValueError(f"{url} and {URLS['keywords']}")
    except ValueError as fault:
        kept = keep(fault)
    assert kept.file is not None and SECRET not in kept.file.read_text("utf-8")
