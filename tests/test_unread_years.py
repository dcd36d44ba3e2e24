"""Rows of a year that the rules do not read: a problem where a unit sent nothing else in that table, else a remark; from CSV and Parquet alike."""

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gouji.app import audit, night
from gouji.results import read_table
from nights import book_of, taken, workspace
from small_books import small_book

UNITS = "单位代码,年度,单位名称\nU1,2023,甲局\nU2,2023,乙局\n"
HEAD = "单位代码,年度,甲,乙,率,个,词\n"
# The years of the rows of U1, and whether it is a problem that nothing else was sent.
YEARS = {
    "this year": ([2023], False),
    "the year before": ([2022], False),
    "both": ([2022, 2023], False),
    "two years before": ([2021], True),
    "the year after": ([2024], True),
    "several others": ([2020, 2021], True),
    "an older one beside this year": ([2021, 2023], False),
    "an older one beside the year before": ([2021, 2022], False),
}


def as_csv(folder, years):
    (folder / "单位.csv").write_text(UNITS, "utf-8")
    rows = [("U1", year) for year in years] + [("U2", 2023)]
    lines = [f"{unit},{year},1.00,1.00,100,3,有" for unit, year in rows]
    (folder / "表.csv").write_text(HEAD + "\n".join(lines) + "\n", "utf-8")


def as_parquet(folder, years):
    as_csv(folder, years)
    for name in ("单位", "表"):
        file = folder / f"{name}.csv"
        of = "FORMAT parquet, KV_METADATA {'gouji.figures': 'printed'}"
        duckdb.sql(f"COPY (FROM read_csv('{file}')) TO '{folder / name}.parquet' ({of})")
        file.unlink()


@pytest.mark.parametrize("write", [as_csv, as_parquet])
@pytest.mark.parametrize("years, told", YEARS.values(), ids=YEARS)
def test_rows_that_no_rule_reads_are_told(tmp_path, write, years, told):
    data = tmp_path / "data"
    data.mkdir()
    write(data, years)
    made = audit(data, *small_book(tmp_path / "book"))
    said = [p.what for p in made.submission.problems if not p.note]
    assert len(said) == (len(years) if told else 0), said
    for year, what in zip(years if told else (), said, strict=True):
        assert f"“表”里 U1 只有 {year} 年的行（1 行），规则是 2023 年的" in what
    remarks = [p.what for p in made.submission.problems if p.note and "用不到" in p.what]
    others = [] if told else [year for year in years if year not in (2022, 2023)]
    assert remarks == [
        f"“表”里 U1 另有 {year} 年的行（1 行），2023 年的规则用不到" for year in others
    ]


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_a_night_names_the_submission_whose_rows_they_are(tmp_path, kind):
    """One of three submissions has rows of an older year; the others are told nothing."""
    root = workspace(tmp_path, A={}, B={}, C={})
    details = root / "submissions/B/明细.csv"
    details.write_text(details.read_text("utf-8").replace(",2023,", ",2021,"), "utf-8")
    for name in "ABC":
        given = root / "submissions" / name
        if kind == "xlsx":
            book_of(given, f"{name}.xlsx")
        elif kind == "parquet":
            header, *rows = taken(given / "明细.csv")
            columns = {c: [row[i] for row in rows] for i, c in enumerate(header)}
            pq.write_table(pa.table(columns), given / "明细.parquet")
    made = night(root)
    said = [p for p in read_table(made.folder, "problems") if "年的行" in p["what"]]
    assert [(p["submission"], "只有 2021 年的行" in p["what"]) for p in said] == [("B", True)]
    assert made.gate.state == "closed"
