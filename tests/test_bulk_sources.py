"""What bulk data may look like: places that are not kept, precision columns, units of money, codes; what is not understood is told and set aside."""

import duckdb
import pytest

from gouji.app import audit_bulk
from gouji.faults import DataError
from small_books import small_book

UNITS = "SELECT format('U{:03}', i) AS 单位代码, 2023 AS 年度, '甲局' AS 单位名称 FROM range(1, 7) r(i)"
FORM = """SELECT format('U{{:03}}', i) AS 单位代码, 2023 AS 年度, {甲} AS 甲, {乙} AS 乙, 1::DECIMAL(18,6) AS 率, 3::BIGINT AS 个, '有' AS 词 {more}
          FROM range(1, 7) r(i)"""
MONEY = "(i * 10000)::DECIMAL(18,2)"


def laid(folder, **tables):
    """Queries by table -> a folder of Parquet files."""
    folder.mkdir(exist_ok=True)
    for name, query in {"单位": UNITS, **tables}.items():
        duckdb.sql(f"COPY ({query}) TO '{folder / f'{name}.parquet'}'")
    return folder


def form(甲=MONEY, 乙=MONEY, more=""):
    return FORM.format(甲=甲, 乙=乙, more=more)


def bulk(tmp_path, data, **given):
    """The manifest, the reasons of rows set aside by row number, the verdicts by unit."""
    made = audit_bulk(data, tmp_path / "out", *small_book(tmp_path / "book"), **given)
    aside = duckdb.sql(f"SELECT 数据表, 行号, 列, 原因 FROM '{made.folder}/set_aside.parquet' ORDER BY ALL").fetchall()
    verdicts = duckdb.sql(f"SELECT 单位代码, \"T01.结论\", \"T02.结论\" FROM '{made.folder}/outcomes/*.parquet' ORDER BY 1").fetchall()
    return made.manifest, aside, verdicts


# A figure of U003, and the column it stands in.
BEYOND = {
    "a blank cell counts as zero": ("甲", "CASE i WHEN 3 THEN 0.00999 ELSE i * 10000 END::DECIMAL(18,6)"),
    "a blank cell is a gap": ("乙", "CASE i WHEN 3 THEN 0.00999 ELSE i * 10000 END::DECIMAL(18,6)"),
    "too wide for what is kept": ("甲", "CASE i WHEN 3 THEN 1e17 ELSE i * 10000 END::DECIMAL(38,2)"),
    "half of a last place": ("甲±", "CASE i WHEN 3 THEN 0.0004 ELSE 50 END::DECIMAL(18,5)"),
    "half of a last place below zero": ("甲±", "CASE i WHEN 3 THEN -50 ELSE 50 END::DECIMAL(18,3)"),
}


@pytest.mark.parametrize("column, made", BEYOND.values(), ids=BEYOND)
def test_a_figure_is_never_rounded_without_a_word(tmp_path, column, made):
    given = form(more=f', {made} AS "甲±"') if column == "甲±" else form(**{column: made})
    manifest, aside, verdicts = bulk(tmp_path, laid(tmp_path / "data", 表=given))
    assert [(table, row, name) for table, row, name, _why in aside] == [("表", 2, column)] and aside[0][3]
    assert (manifest["rows_accepted"], manifest["rows_set_aside"]) == (11, 1)
    assert [unit for unit, *words in verdicts if words != ["平", "平"]] == ["U003"]


PRECISION = {"of one figure of two": "甲±", "of the other": "乙±", "of a share": "率±"}


@pytest.mark.parametrize("column", PRECISION.values(), ids=PRECISION)
def test_a_precision_column_may_stand_alone(tmp_path, column):
    _manifest, aside, verdicts = bulk(tmp_path, laid(tmp_path / "data", 表=form(more=f', 0.0005::DECIMAL(18,7) AS "{column}"' if column == "率±" else f', 50 AS "{column}"')))
    assert not aside and {tuple(words) for _unit, *words in verdicts} == {("平", "平")} and len(verdicts) == 6


def test_a_precision_column_without_its_figures_is_told(tmp_path):
    with pytest.raises(DataError, match="有“甲±”却没有“甲”"):
        bulk(tmp_path, laid(tmp_path / "data", 表=form(more=', 50 AS "甲±"').replace(f"{MONEY} AS 甲, ", "")))
