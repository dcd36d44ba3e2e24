"""What a run with everything kept does without: statistics instead of scans, tables no rule reads, modules nothing needs."""

import subprocess
import sys
from decimal import Decimal as D
from pathlib import Path

import duckdb
import pyarrow.parquet
import pytest

from gouji.app import audit_bulk, load_book, synthesize
from gouji.intake import bulk_views as b
from gouji.intake.admission.sql_gate import sieve
from gouji.rules.used_tables import tables_read
from making import book_of, tie_text

ROOT = Path(__file__).parent.parent
TWENTY = ROOT / "benchmarks" / "twenty"
# What explains and judges one unit, and packages that take long to load.
OURS = ("gouji.rules.resolved", "gouji.plan.wide", "gouji.run.engine")
SLOW = ("pydantic", "sqlglot", "yaml", "pandas", "pandera", "polars", "ibis", "rich")
HEAVY = (*OURS, *SLOW, "numpy", "pyarrow", "great_expectations")
FIGURES = {
    "plain": "SELECT i::VARCHAR AS u, ((i - 3) * 1000.25)::DECIMAL(18,2) AS a, i::BIGINT AS n FROM range(5) t(i)",
    "wide": "SELECT 'x' AS u, (-123456789012345678901.5)::DECIMAL(38,2) AS a, 7::UTINYINT AS n",
    "some lack it": "SELECT i::VARCHAR AS u, CASE WHEN i > 2 THEN -i::DECIMAL(9,4) END AS a, NULL::INTEGER AS n FROM range(5) t(i)",
    "no row": "SELECT '' AS u, 1::DECIMAL(9,2) AS a, 1::INTEGER AS n WHERE false",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("spared") / "data"
    synthesize(300, folder, "anning-2023", seed=5)
    return folder


def part(con, file):
    return b.TablePart(None, f"read_parquet('{file}')", "file_row_number", {}, file)


@pytest.mark.parametrize("query", FIGURES.values(), ids=FIGURES)
@pytest.mark.parametrize("how", ["duckdb", "pyarrow", "no statistics", "groups"])
def test_statistics_tell_what_the_rows_say(query, how, tmp_path):
    con, file = duckdb.connect(), tmp_path / "t.parquet"
    if how == "duckdb":
        con.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
    else:
        table = con.sql(query).to_arrow_table()
        pyarrow.parquet.write_table(
            table,
            file,
            write_statistics=how != "no statistics",
            row_group_size=2 if how == "groups" else None,
        )
    told = b.footer(con, part(con, file))
    # A file without rows need not have a piece that says so.
    assert (told.rows or 0,) == con.execute(f"SELECT count(*) FROM '{file}'").fetchone()
    assert (how == "no statistics") <= (not told.ends and not told.lacking)
    for name, ends in told.ends.items():
        if name != "u":
            assert ends == con.execute(f"SELECT min({name}), max({name}) FROM '{file}'").fetchone()
    for name, lacking in told.lacking.items():
        assert (
            lacking == con.execute(f"SELECT count(*) - count({name}) FROM '{file}'").fetchone()[0]
        )
    if how in ("duckdb", "groups") and query == FIGURES["plain"]:
        assert (
            told.ends["a"] == (D("-3000.75"), D("1000.25"))
            and told.ends["n"] == (0, 4)
            and told.lacking["n"] == 0
        )


def test_digits_are_the_same_with_and_without_statistics(data, tmp_path):
    book, made = load_book("anning-2023"), []
    for statistics in (True, False):
        folder = tmp_path / str(statistics)
        folder.mkdir()
        for file in data.glob("*.parquet"):
            if file.stem in book.tables:
                pyarrow.parquet.write_table(
                    pyarrow.parquet.read_table(file),
                    folder / file.name,
                    write_statistics=statistics,
                )
        con = duckdb.connect()
        found = b.find(con, folder, book.tables, book.tables.keys() - book.derived, "单位")
        refused = [r for part in found.parts.values() for r in sieve(con, found, part)]
        made.append((found.digits, found.rows, sorted(refused, key=repr)))
    assert made[0] == made[1] and len(made[0][0]) > 100


def test_tables_that_rules_read():
    book = book_of({"T01.yaml": tie_text("T01", "数.甲 = sum(明细.金额)", applies="数.乙 > 0")})
    assert set(tables_read(book)) == {
        "单位",
        "数",
        "明细",
        *(t.table for t in book.tables.values() if t.role.value != "figures"),
    }
    assert "明细" not in tables_read(book_of({"T01.yaml": tie_text("T01", "数.甲 = 数.乙")}))
    whole = load_book("anning-2023")
    read = tables_read(whole)
    assert all(source in read for table in read.values() for source in table.sources) and any(
        t.derived for t in read.values()
    )
    few = tables_read(load_book(TWENTY))
    assert "收支决算" in few and not any(t.derived for t in few.values()) and len(few) < 10


def test_a_bulk_run_with_everything_kept_loads_little(data, tmp_path, monkeypatch):
    monkeypatch.setenv("GOUJI_CACHE", str(tmp_path / "kept"))
    # What a folder says of itself is YAML, whose reader is heavy; most folders of tables say nothing.
    (data / "dataset.yaml").unlink(missing_ok=True)
    audit_bulk(data, tmp_path / "one", TWENTY, wide=False)
    code = (
        f"import sys; from gouji.app import audit_bulk; audit_bulk({str(data)!r}, {str(tmp_path / 'two')!r}, {str(TWENTY)!r}, wide=False);"
        f" print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert printed.splitlines()[-1] == "[]"
    assert all(
        (tmp_path / "one" / f"{name}.parquet").read_bytes()
        == (tmp_path / "two" / f"{name}.parquet").read_bytes()
        for name in ("findings", "scorecards")
    )
