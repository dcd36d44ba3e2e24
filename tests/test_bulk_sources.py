"""What bulk data may look like: places that are not kept, precision columns, units of money, codes; what is not understood is told and set aside."""

import json
import os
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from gouji.app import audit, audit_bulk
from gouji.base.faults import DataError
from gouji.cli import Exit, main
from small_books import small_book

UNITS = (
    "SELECT format('U{:03}', i) AS 单位代码, 2023 AS 年度, '甲局' AS 单位名称 FROM range(1, 7) r(i)"
)
FORM = """SELECT format('U{{:03}}', i) AS 单位代码, 2023 AS 年度, {甲} AS 甲, {乙} AS 乙, 1::DECIMAL(18,6) AS 率, 3::BIGINT AS 个, '有' AS 词 {more}
          FROM range(1, 7) r(i)"""
MONEY = "(i * 10000)::DECIMAL(18,2)"


def laid(folder, word=None, **tables):
    """Queries by table -> a folder of Parquet files, in which it is stated by a `word` how figures are kept."""
    folder.mkdir(exist_ok=True)
    for name, query in {"单位": UNITS, **tables}.items():
        stated = (
            f"(FORMAT parquet, KV_METADATA {{'gouji.figures': '{word}'}})"
            if word
            else "(FORMAT parquet)"
        )
        duckdb.sql(f"COPY ({query}) TO '{folder / f'{name}.parquet'}' {stated}")
    return folder


def form(甲=MONEY, 乙=MONEY, more=""):
    return FORM.format(甲=甲, 乙=乙, more=more)


def bulk(tmp_path, data, **given):
    """The manifest, the reasons of rows set aside by row number, the verdicts by unit."""
    made = audit_bulk(data, tmp_path / "out", *small_book(tmp_path / "book"), **given)
    aside = duckdb.sql(
        f"SELECT 数据表, 行号, 列, 原因 FROM '{made.folder}/set_aside.parquet' ORDER BY ALL"
    ).fetchall()
    verdicts = duckdb.sql(
        f'SELECT 单位代码, "T01.结论", "T02.结论" FROM \'{made.folder}/outcomes/*.parquet\' ORDER BY 1'
    ).fetchall()
    return made.manifest, aside, verdicts


# A figure of U003, and the column it stands in.
BEYOND = {
    "a blank cell counts as zero": (
        "甲",
        "CASE i WHEN 3 THEN 0.00999 ELSE i * 10000 END::DECIMAL(18,6)",
    ),
    "a blank cell is a gap": ("乙", "CASE i WHEN 3 THEN 0.00999 ELSE i * 10000 END::DECIMAL(18,6)"),
    "more places than statistics are read with": (
        "甲",
        "CASE i WHEN 3 THEN 0.0099999999999999 ELSE i * 10000 END::DECIMAL(38,16)",
    ),
    "too wide for what is kept": (
        "甲",
        "CASE i WHEN 3 THEN 1e17 ELSE i * 10000 END::DECIMAL(38,2)",
    ),
    "half of a last place": ("甲±", "CASE i WHEN 3 THEN 0.0004 ELSE 50 END::DECIMAL(18,5)"),
    "half of a last place below zero": ("甲±", "CASE i WHEN 3 THEN -50 ELSE 50 END::DECIMAL(18,3)"),
}


@pytest.mark.parametrize("column, made", BEYOND.values(), ids=BEYOND)
def test_a_figure_is_never_rounded_without_a_word(tmp_path, column, made):
    given = form(more=f', {made} AS "甲±"') if column == "甲±" else form(**{column: made})
    manifest, aside, verdicts = bulk(tmp_path, laid(tmp_path / "data", 表=given))
    assert [(table, row, name) for table, row, name, _why in aside] == [
        ("表", 2, column)
    ] and aside[0][3]
    assert (manifest["rows_accepted"], manifest["rows_set_aside"]) == (11, 1)
    assert [unit for unit, *words in verdicts if words != ["平", "平"]] == ["U003"]


PRECISION = {"of one figure of two": "甲±", "of the other": "乙±", "of a share": "率±"}


@pytest.mark.parametrize("column", PRECISION.values(), ids=PRECISION)
def test_a_precision_column_may_stand_alone(tmp_path, column):
    _manifest, aside, verdicts = bulk(
        tmp_path,
        laid(
            tmp_path / "data",
            表=form(
                more=f', 0.0005::DECIMAL(18,7) AS "{column}"'
                if column == "率±"
                else f', 50 AS "{column}"'
            ),
        ),
    )
    assert (
        not aside
        and {tuple(words) for _unit, *words in verdicts} == {("平", "平")}
        and len(verdicts) == 6
    )


def test_a_precision_column_without_its_figures_is_told(tmp_path):
    with pytest.raises(DataError, match="有“甲±”却没有“甲”"):
        bulk(
            tmp_path,
            laid(tmp_path / "data", 表=form(more=', 50 AS "甲±"').replace(f"{MONEY} AS 甲, ", "")),
        )


SHARE = "1::DECIMAL(18,6) AS 率"
# What is stated (in the metadata of every file) or told by types, of figures of 1万元 and 100% -> what `audit` reads and whether `bulk` does.
STATED = {
    "base, stated": ("base", form(), "read", True),
    "printed, stated": (
        "printed",
        form(甲="i::DECIMAL(18,2)", 乙="i::DECIMAL(18,2)").replace(
            SHARE, "100::DECIMAL(18,2) AS 率"
        ),
        "read",
        True,
    ),
    "printed, stated, whole numbers": (
        "printed",
        form(甲="i", 乙="i").replace(SHARE, "100 AS 率"),
        "read",
        True,
    ),
    "either, not stated": (None, form(), "not taken", True),
    "printed, by types": (
        None,
        form(甲="i::DECIMAL(18,2)", 乙="i::DECIMAL(18,2)").replace(
            SHARE, "100::DECIMAL(18,2) AS 率"
        ),
        "read",
        False,
    ),
    "doubles": (
        None,
        form(甲="i::DOUBLE", 乙="i::DOUBLE").replace(SHARE, "100::DOUBLE AS 率"),
        "read",
        False,
    ),
    "another word": ("元", form(), "not taken", False),
}


@pytest.mark.parametrize("word, query, audited, taken", STATED.values(), ids=STATED)
def test_audit_and_bulk_read_the_same_files_alike(tmp_path, word, query, audited, taken):
    """The same figures and verdicts, or one of them says that it does not take them."""
    data = laid(tmp_path / "data", 表=query, word=word)
    made = audit(data, *small_book(tmp_path / "own"))
    rows = made.submission.held.rows(made.book.tables["表"], "U003", 2023)
    assert [row.cells["甲"].value for row in rows] == ([30000] if audited == "read" else []), (
        made.submission.problems
    )
    if not taken:
        with pytest.raises(DataError, match=r"gouji\.figures|DOUBLE"):
            bulk(tmp_path, data)
        return
    manifest, aside, verdicts = bulk(tmp_path, data)
    assert (
        not aside
        and {tuple(words) for _unit, *words in verdicts} == {("平", "平")}
        and manifest["unstated"] == ([] if word else ["表"])
    )
    if audited == "read":
        own = {
            unit: tuple(o.verdict.value for o in made.outcomes.tie_outs[unit][:2])
            for unit in made.outcomes.units
        }
        assert own == {unit: tuple(words) for unit, *words in verdicts}


@pytest.mark.parametrize("where", ["dataset.yaml", "comment"])
def test_where_else_it_is_stated(tmp_path, where):
    data = laid(tmp_path / "data", 表=form())
    if where == "comment":
        with duckdb.connect(str(tmp_path / "data.duckdb")) as con:
            for name in ("单位", "表"):
                con.execute(f"CREATE TABLE \"{name}\" AS FROM '{data}/{name}.parquet'")
            con.execute("COMMENT ON TABLE \"表\" IS '报送 gouji.figures=base'")
        data = tmp_path / "data.duckdb"
    else:
        (data / "dataset.yaml").write_text("figures: base\n", "utf-8")
    made = audit(data, *small_book(tmp_path / "own"))
    assert (
        made.submission.held.rows(made.book.tables["表"], "U003", 2023)[0].cells["甲"].value
        == 30000
    )
    assert {
        o.verdict.value for unit in made.outcomes.units for o in made.outcomes.tie_outs[unit][:2]
    } == {"平"}


def test_two_statements_that_differ(tmp_path):
    data = laid(tmp_path / "data", 表=form(), word="base")
    (data / "dataset.yaml").write_text("figures: printed\n", "utf-8")
    with pytest.raises(DataError, match="两种说法"):
        bulk(tmp_path, data)
    made = audit(data, *small_book(tmp_path / "own"))
    assert [p.what for p in made.submission.problems if p.table == "表"] == [
        "表.parquet 对金额单位有两种说法"
    ] and made.submission.rows_accepted == 0


BLANK = {"NULL": "CASE i WHEN 3 THEN NULL ELSE i * 10000 END::DECIMAL(18,2)", "no blank": MONEY}


@pytest.mark.parametrize("given", BLANK.values(), ids=BLANK)
def test_a_blank_is_the_same_to_both(tmp_path, given):
    data = laid(tmp_path / "data", 表=form(甲=given, more=', 50 AS "乙±"'), word="base")
    made = audit(data, *small_book(tmp_path / "own"))
    _manifest, _aside, verdicts = bulk(tmp_path, data)
    assert {
        unit: tuple(o.verdict.value for o in made.outcomes.tie_outs[unit][:2])
        for unit in made.outcomes.units
    } == {unit: tuple(words) for unit, *words in verdicts}


# What is called as a table and is no Parquet file at the top, or not the only one.
BESIDE = {
    "a folder": ("表.parquet", Path.mkdir),
    "a link to nowhere": ("表.parquet", lambda p: p.symlink_to("/nowhere")),
    "a pipe": ("表.parquet", os.mkfifo),
    "CSV": ("表.csv", lambda p: p.write_text("x")),
    "a file below": ("旧/表.parquet", lambda p: p.write_bytes(b"PAR1")),
    "not yet whole": ("表.parquet.part", lambda p: p.write_bytes(b"PAR1")),
    "the same in capitals": ("表.PARQUET", lambda p: shutil.copy(p.with_name("单位.parquet"), p)),
}


@pytest.mark.parametrize("name, make", BESIDE.values(), ids=BESIDE)
def test_what_is_called_as_a_table_is_read_or_refused(tmp_path, name, make):
    data = laid(tmp_path / "data", 表=form())
    if name.endswith("表.parquet") and "/" not in name:
        (data / name).unlink()
    (data / name).parent.mkdir(exist_ok=True)
    make(data / name)
    with pytest.raises(DataError, match="表"):
        bulk(tmp_path, data)
    (data / "dataset.yaml").write_text(f"beside: [{name}]\n", "utf-8")
    assert bulk(tmp_path / "beside", data)[0]["units"] == 6


def test_other_files_are_listed_and_capitals_are_read(tmp_path):
    data = laid(tmp_path / "data", 表=form())
    (data / "表.parquet").rename(data / "表.PARQUET")
    os.mkfifo(data / "别的.parquet")
    (data / "说明.docx").write_bytes(b"x")
    (data / "别的.csv").write_text("x")
    manifest, _aside, verdicts = bulk(tmp_path, data)
    assert manifest["unread"] == ["别的.csv", "别的.parquet", "说明.docx"] and {
        tuple(words) for _unit, *words in verdicts
    } == {("平", "平")}


NOBODY = {
    "another year": (UNITS.replace("2023", "2022"), [2022]),
    "no unit": (f"{UNITS} LIMIT 0", []),
    "each unit twice": (f"{UNITS} UNION ALL {UNITS}", []),
}


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "brief"])
@pytest.mark.parametrize("units, years", NOBODY.values(), ids=NOBODY)
def test_nothing_to_be_judged(tmp_path, capsys, units, years, wide):
    """Exit code 3 with the years that there are, and a whole folder of results without rows."""
    data = laid(tmp_path / "data", 单位=units, 表=form())
    rules, schemas = map(str, small_book(tmp_path / "book"))
    out = tmp_path / "out"
    assert (
        main(
            [
                "audit",
                "--format",
                "parquet",
                str(data),
                "--out",
                str(out),
                "--rules",
                rules,
                "--schemas",
                schemas,
                *([] if wide else ["--no-outcomes"]),
            ]
        )
        == Exit.NOTHING_CHECKED
    )
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert (manifest["units"], manifest["outcomes"], manifest["other_years"]) == (0, 0, years)
    assert duckdb.sql(f"SELECT count(*) FROM '{out}/scorecards.parquet'").fetchall() == [(0,)]
    assert all(str(year) in capsys.readouterr().err for year in (2023, *years)[-1:])


WHERE = {
    "a view": ("CREATE VIEW", "视图"),
    "another schema": ("CREATE SCHEMA s; CREATE TABLE s.", ""),
    "two schemas": ('CREATE SCHEMA s; CREATE TABLE "表" AS SELECT 1; CREATE TABLE s.', "几个模式"),
}


@pytest.mark.parametrize("make, message", WHERE.values(), ids=WHERE)
def test_where_tables_of_a_duckdb_file_lie(tmp_path, make, message):
    data = laid(tmp_path / "data", 表=form())
    with duckdb.connect(str(tmp_path / "data.duckdb")) as con:
        con.execute(
            f"CREATE TABLE \"单位\" AS FROM '{data}/单位.parquet'; CREATE TABLE raw AS FROM '{data}/表.parquet'"
        )
        con.execute(f'{make}"表" AS FROM raw' if make.endswith(".") else f'{make} "表" AS FROM raw')
    if message:
        with pytest.raises(DataError, match=message):
            bulk(tmp_path, tmp_path / "data.duckdb")
    else:
        manifest, _aside, verdicts = bulk(tmp_path, tmp_path / "data.duckdb")
        assert manifest["unread"] == ["raw"] and len(verdicts) == 6


TWO_YEARS = [2022] * 2 + [2023] * 4
# Statistics of a file that are not true: the column, what its rows say, what the end of the file says, rows in a piece of it.
FALSE = {
    "no row of the year": ("年度", [2023] * 6, [2022] * 6, 6),
    "a piece without a row of the year": ("年度", TWO_YEARS, [2022] * 4 + [2023] * 2, 2),
    "a short last piece": (
        "年度",
        [2022] * 3 + [2023] * 3,
        [2022] * 2 + [2023] * 2 + [2022] * 2,
        4,
    ),
    "a least figure": ("甲", None, [0.01] * 6, 6),
}


@pytest.mark.parametrize("column, true, false, piece", FALSE.values(), ids=FALSE)
def test_false_statistics_change_no_verdict(tmp_path, column, true, false, piece):
    """A writer that got them wrong: the run is refused, never judged as if rows were not there."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = laid(tmp_path / "data", 表=form(), word="base")
    table = pq.read_table(data / "表.parquet")
    at, kind = table.column_names.index(column), table.field(column).type

    def with_cells(cells):
        made = pa.array(map(str, cells), pa.string())
        made = made.cast(kind if column == "年度" else pa.float64()).cast(kind)
        return table.set_column(at, table.field(at), made)

    written = []
    for number, of in enumerate((table if true is None else with_cells(true), with_cells(false))):
        pq.write_table(
            of,
            tmp_path / f"{number}.parquet",
            use_dictionary=False,
            compression="none",
            data_page_size=1 << 20,
            row_group_size=piece,
        )
        written.append((tmp_path / f"{number}.parquet").read_bytes())
    right, wrong = written
    # The rows of the one with the end of the other: where both are of one length, offsets agree.
    assert len(right) == len(wrong)
    size = int.from_bytes(right[-8:-4], "little") + 8
    (data / "表.parquet").write_bytes(right[:-size] + wrong[-size:])
    with pytest.raises(DataError, match=f"“{column}”的统计与内容不符"):
        bulk(tmp_path / "false", data)
    (data / "表.parquet").write_bytes(right)
    assert bulk(tmp_path / "true", data)[0]["units"] == 6


# A column, what it holds, what the file says that it holds, in pieces of three rows: true of all rows together, false of a piece.
PIECES = {
    "a half below zero": ("甲±", [50, -50, 50, 50, 50, -50], [50, 50, 50, 50, 50, -50]),
    "a figure": (
        "甲",
        [10000, 20000, 30000, 10000, 20000, 90000],
        [10000, 20000, 90000, 10000, 20000, 30000],
    ),
    "a code": (
        "单位代码",
        ["U001", "U006", "U003", "U004", "U005", "U002"],
        ["U001", "U002", "U003", "U004", "U005", "U006"],
    ),
}


@pytest.mark.parametrize("column, held, said", PIECES.values(), ids=PIECES)
def test_statistics_that_are_false_of_a_piece_alone(tmp_path, column, held, said):
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = laid(tmp_path / "data", 表=form(more=', (50)::DECIMAL(18,3) AS "甲±"'), word="base")
    table = pq.read_table(data / "表.parquet")
    at, kind = table.column_names.index(column), table.column(column).type
    files = []
    for values in (held, said):
        made = [Decimal(v) if isinstance(v, int) else v for v in values]
        pq.write_table(
            table.set_column(at, table.field(at), pa.array(made, kind)),
            tmp_path / "one.parquet",
            use_dictionary=False,
            compression="none",
            row_group_size=3,
        )
        files.append((tmp_path / "one.parquet").read_bytes())
    right, wrong = files
    assert len(right) == len(wrong)
    size = int.from_bytes(right[-8:-4], "little") + 8
    (data / "表.parquet").write_bytes(right)
    bulk(tmp_path / "right", data)
    (data / "表.parquet").write_bytes(right[:-size] + wrong[-size:])
    with pytest.raises(DataError, match=f"“{column}”的统计与内容不符"):
        bulk(tmp_path / "wrong", data)


def test_a_code_is_the_same_however_it_is_written(tmp_path):
    """In the list of units, and in another table; `report` finds the unit too."""
    codes = "CASE i WHEN 2 THEN ' u002' WHEN 3 THEN 'Ｕ００３' WHEN 4 THEN 'U004\u200b' ELSE format('U{:03}', i) END AS 单位代码"
    units = UNITS.replace("format('U{:03}', i) AS 单位代码", codes.replace("' u002'", "'U002'"))
    data = laid(
        tmp_path / "data",
        单位=units,
        表=form().replace("format('U{:03}', i) AS 单位代码", codes),
        word="base",
    )
    manifest, aside, verdicts = bulk(tmp_path, data)
    assert (
        not aside
        and [unit for unit, *_words in verdicts] == [f"U00{n}" for n in range(1, 7)]
        and {tuple(w) for _u, *w in verdicts} == {("平", "平")}
    )
    made = audit(data, *small_book(tmp_path / "own"))
    assert (
        list(made.outcomes.units) == [f"U00{n}" for n in range(1, 7)]
        and made.submission.rows_accepted == manifest["rows_accepted"] == 12
    )


def test_rows_of_units_that_are_not_listed_are_set_aside(tmp_path):
    data = laid(
        tmp_path / "data",
        表=form() + " UNION ALL SELECT 'X' || i, 2023, 1, 1, 1, 1, 'x' FROM range(3) r(i)",
        word="base",
    )
    manifest, aside, verdicts = bulk(tmp_path, data)
    assert [(table, row, column) for table, row, column, _why in aside] == [
        ("表", n, "单位代码") for n in (6, 7, 8)
    ]
    assert manifest["rows_in"] == 15 and manifest["rows_accepted"] == 12 and len(verdicts) == 6
    made = audit(data, *small_book(tmp_path / "own"))
    (problem,) = [p for p in made.submission.problems if not p.note]
    assert "X0、X1、X2" in problem.what and "3 行" in problem.what
    assert (made.manifest.rows_in, made.manifest.rows_accepted, made.manifest.rows_set_aside) == (
        15,
        12,
        3,
    )


def test_a_half_below_zero_is_told_by_audit_too(tmp_path):
    data = laid(
        tmp_path / "data",
        表=form(more=', CASE i WHEN 3 THEN -50 ELSE 50 END::DECIMAL(18,3) AS "甲±"'),
        word="base",
    )
    problems = [
        p for p in audit(data, *small_book(tmp_path / "own")).submission.problems if not p.note
    ]
    assert [(p.at.line, p.at.column) for p in problems] == [(3, "甲±")]
