"""The code of a unit: the same unit however its code is written, wherever it comes in."""

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filled import filled, tables
from gouji.app.which_unit import unit_called
from gouji.intake import receive
from gouji.intake.values.codes import UNSEEN, unit_code, unit_code_sql
from gouji.returns.write import workbook_bytes
from gouji.run import connect

WRITTEN = {
    "as it is": "X-002",
    "small": "x-002",
    "full width": "Ｘ－００２",
    "blanks around": "  X-002\t",
    "a blank that does not break": "\u00a0X-002\u3000",
    "no width": "X\u200b-0\ufeff02",
    "another hyphen": "X\u2011002",
    "a dash": "X–002",
}
ACCOUNTS = {name: tables()[name] for name in ("单位", "收入支出决算表", "应报清单")}


def units(folder):
    found = receive(connect(), folder, ACCOUNTS)
    return {
        str(u) for (u,) in found.held.con.execute("SELECT 单位代码 FROM 收入支出决算表").fetchall()
    }, found.filing


def cover(code):
    sheets, values = filled(ACCOUNTS, 1, 6)
    return workbook_bytes(
        sheets, {k: code if v == "U001" else v for k, v in values.items()}, notes=False
    )


@pytest.mark.parametrize("code", WRITTEN.values(), ids=WRITTEN)
def test_a_code_is_the_same_however_it_is_written(code, tmp_path):
    assert unit_code(code) == "X-002"
    (tmp_path / "a.xlsx").write_bytes(cover(code))
    (tmp_path / "应报清单.csv").write_text("单位代码,年度,单位名称\nX-002,2023,乙局\n", "utf-8")
    found, filing = units(tmp_path)
    assert found == {"X-002"} and not filing.absent and not filing.unexpected


@pytest.mark.parametrize("code", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("way", ["csv", "figures.csv", "parquet", "duckdb"])
def test_a_code_is_the_same_whatever_it_comes_in(way, code, tmp_path):
    # Rows of units that the list of units does not have are set aside.
    (tmp_path / "单位.csv").write_text("单位代码,年度,单位名称\nX-002,2023,乙局\n", "utf-8")
    if way == "csv":
        (tmp_path / "收入支出决算表.csv").write_text(
            f"单位代码,年度,本年收入合计\n{code},2023,12.5\n", "utf-8"
        )
    elif way == "figures.csv":
        (tmp_path / "figures.csv").write_text(
            f"数据表,单位代码,年度,列,原文,计量单位\n收入支出决算表,{code},2023,本年收入合计,12.5,万元\n",
            "utf-8",
        )
    elif way == "parquet":
        pq.write_table(
            pa.table({"单位代码": [code], "年度": ["2023"], "本年收入合计": ["12.5"]}),
            tmp_path / "收入支出决算表.parquet",
        )
    else:
        with duckdb.connect(str(tmp_path / "a.duckdb")) as con:
            con.execute(
                "CREATE TABLE 收入支出决算表 (单位代码 VARCHAR, 年度 VARCHAR, 本年收入合计 VARCHAR)"
            )
            con.execute("INSERT INTO 收入支出决算表 VALUES (?, '2023', '12.5')", [code])
    assert units(tmp_path)[0] == {"X-002"}


@pytest.mark.parametrize("code", WRITTEN.values(), ids=WRITTEN)
def test_a_code_is_the_same_on_the_command_line(code):
    assert unit_called(code, {"X-002": "白塔小学", "X-003": "白塔中学"}) == "X-002"


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("aZ0-ｘＺ９－‑–\u00a0\u3000 \t'①é" + UNSEEN), max_size=9),
        max_size=9,
    )
)
def test_sql_makes_the_same_code(codes):
    con = duckdb.connect()
    found = con.execute(
        f"SELECT {unit_code_sql('t')} FROM (SELECT unnest(?::VARCHAR[]) AS t)", [codes]
    ).fetchall()
    assert [code for (code,) in found] == [unit_code(code) for code in codes]


@given(st.text(max_size=12))
def test_a_code_made_once_stays(code):
    assert unit_code(unit_code(code)) == unit_code(code)
