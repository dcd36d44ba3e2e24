"""What is not needed by everybody is an extra; where one is missing, it is said which."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

import gouji
from gouji.app.notify import tell
from gouji.base.faults import DataError
from gouji.runs.workspace import Workspace
from nights import CONFIG, workspace

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))[
    "project"
]
EXTRAS = PROJECT["optional-dependencies"]


def test_postgres_says_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "adbc_driver_manager", None)
    with pytest.raises(DataError) as fault:
        gouji.audit("postgresql://nobody@127.0.0.1:1/x", "final-accounts")
    assert 'pip install "gouji[postgres]"' in fault.value.fix


def test_notify_says_its_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    monkeypatch.setenv("GOUJI_NOTIFY", "json://127.0.0.1:1")
    root = workspace(tmp_path, CONFIG + "notify: {addresses_from: GOUJI_NOTIFY}\n")
    said = []
    assert not tell(Workspace.at(root), "a", "b", lambda event, **more: said.append((event, more)))
    assert said == [("notify_failed", {"why": 'pip install "gouji[notify]"'})]


def test_extras_hold_one_another():
    assert EXTRAS["all"] == ["gouji[postgres,notify]"] and "gouji[all,spark]" in EXTRAS["dev"]
    needed = {re.split(r"[\[>=<]", name)[0] for name in PROJECT["dependencies"]}
    for name in ("great-expectations", "pandera", "duckdb", "pyyaml"):
        assert name in needed
    assert not needed & {"apprise", "adbc-driver-postgresql", "psycopg"}


def test_nothing_is_pinned_to_one_version():
    every = [*PROJECT["dependencies"], *(name for names in EXTRAS.values() for name in names)]
    assert [name for name in every if "==" in name] == []
