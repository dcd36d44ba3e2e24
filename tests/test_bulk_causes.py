"""Causes of many units' findings: found for failing units alone, the same as for few units, the same bytes whatever the number of processes."""

import json

import duckdb
import pytest

from gouji import cli
from gouji.app import audit, audit_bulk, page_of, synthesize
from gouji.run import Limits

UNITS = 120


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("causes") / "data"
    synthesize(UNITS, folder, "final-accounts")
    return folder


@pytest.fixture(scope="module")
def located(data):
    heard = []
    made = audit_bulk(
        data,
        data.parent / "out",
        "final-accounts",
        wide=False,
        limits=Limits(threads=1),
        looked=lambda n, of: heard.append((n, of)),
    )
    return made, heard


def causes(folder):
    return duckdb.sql(
        f"SELECT 单位代码, 序号, 规则, 只有这一种, 原因 FROM '{folder}/causes.parquet'"
    ).fetchall()


def test_failing_units_alone_are_looked_at(data, located):
    made, heard = located
    failing = {
        unit
        for (unit,) in duckdb.sql(
            f"SELECT DISTINCT 单位代码 FROM '{made.folder}/findings.parquet' WHERE 类型 = '不平'"
        ).fetchall()
    }
    found = causes(made.folder)
    assert {row[0] for row in found} == failing != set() and len(failing) < UNITS
    assert heard[0] == (0, len(failing)) and heard[-1] == (len(failing), len(failing))
    assert made.manifest["units_located"] == len(failing)
    assert made.manifest["causes"] == sum(row[1] > 0 for row in found) > 0
    manifest = json.loads((made.folder / "manifest.json").read_text("utf-8"))
    assert manifest["causes"] == made.manifest["causes"]


def test_causes_are_those_of_few_units(data, located):
    page = page_of(audit(data, "final-accounts"))
    few = {
        (card.unit, number, tuple(cause.codes), cause.certain, cause.line)
        for card in page.cards
        for number, cause in enumerate(card.causes, 1)
    }
    many = {
        (unit, number, tuple(codes), certain, line)
        for unit, number, codes, certain, line in causes(located[0].folder)
        if number
    }
    assert {row[:4] for row in few} == {row[:4] for row in many} != set()


def test_the_number_of_processes_changes_no_byte(data, located, monkeypatch):
    from gouji.app import bulk_causes

    monkeypatch.setattr(bulk_causes, "TOGETHER", 2)
    other = audit_bulk(
        data,
        data.parent / "two",
        "final-accounts",
        wide=False,
        limits=Limits(threads=2),
        looked=lambda n, of: None,
    )
    one = (located[0].folder / "causes.parquet").read_bytes()
    assert (other.folder / "causes.parquet").read_bytes() == one


def test_asked_for_on_the_command_line(data, tmp_path, capsys):
    codes = {}
    for more in ((), ("--locate",), ("--locate", "--format", "duckdb")):
        out = tmp_path / f"out{len(codes)}"
        form = () if "--format" in more else ("--format", "parquet")
        asked = ["audit", str(data), "--rules", "final-accounts", "--no-outcomes", *form, *more]
        codes[more] = cli.main([*asked, "--out", str(out)])
        said = capsys.readouterr().out
        assert ("多半的原因" in said) is bool(more)
        assert (out / "causes.parquet").is_file() is (more == ("--locate",))
        if "duckdb" in more:
            with duckdb.connect(str(out / "gouji.duckdb"), read_only=True) as con:
                assert con.execute("SELECT count(*) FROM causes WHERE 序号 > 0").fetchone()[0] > 0
    # A proposal changes no exit code.
    assert len(set(codes.values())) == 1
