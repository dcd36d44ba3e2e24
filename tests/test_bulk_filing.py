"""应报清单 beside tables of many units: who did not file and who was not expected is counted as an audit of one folder counts it, and never silently left out."""

import duckdb
import pytest

from gouji.app import audit, audit_bulk
from gouji.app.merge_tables import merge_parts
from gouji.app.run_reader import RunOrigin, overview_of_run
from gouji.cli import Exit, main
from small_books import small_book

CAME = ("U001", "U002", "U003")
CLEAN = "0.00::DECIMAL(18,2) AS 甲, 0.00::DECIMAL(18,2) AS 乙"


def listed(units, year=2023):
    rows = ", ".join(f"('{unit}', {year}, '{unit}局')" for unit in units)
    return f"SELECT * FROM (VALUES {rows}) t(单位代码, 年度, 单位名称)"


def laid(folder, expected):
    folder.mkdir()
    tables = {
        "单位": listed(CAME),
        "表": f"SELECT 单位代码, 年度, {CLEAN} FROM ({listed(CAME)})",
        "明细": f"SELECT 单位代码, 年度, 'P1' AS 项目, 0.00::DECIMAL(18,2) AS 金额 FROM ({listed(CAME)})",
    }
    if expected is not None:
        tables["应报清单"] = expected
    for name, query in tables.items():
        stated = "(FORMAT parquet, KV_METADATA {'gouji.figures': 'base'})"
        duckdb.sql(f"COPY ({query}) TO '{folder / f'{name}.parquet'}' {stated}")
    return folder


# What the list says -> who did not file, who was not expected; None where there is no list to compare with.
LISTS = {
    "all filed": (listed(CAME), ([], [])),
    "one did not": (listed((*CAME, "U009")), (["U009"], [])),
    "one was not expected": (listed(CAME[:2]), ([], ["U003"])),
    "both": (listed(("U001", "U002", "U009")), (["U009"], ["U003"])),
    "codes written otherwise": (listed(("u001", "Ｕ００２", " U003 ")), ([], [])),
    "a list of another year": (listed(("U009",), 2022), None),
    "no list": (None, None),
}


@pytest.mark.parametrize("expected, wanted", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("form", ["parquet", "duckdb"])
def test_who_did_not_file_is_told(tmp_path, capsys, expected, wanted, form):
    data, (rules, schemas) = laid(tmp_path / "data", expected), small_book(tmp_path / "book")
    out = tmp_path / "out"
    made = audit_bulk(data, out, rules, schemas, form)
    view = overview_of_run(out, RunOrigin(None, rules, schemas))
    found = [unit for unit, _name in view.head.not_filed], [u for u, _n in view.head.unexpected]
    if wanted is None:
        assert "not_filed" not in made.manifest and found == ([], [])
        assert made.manifest.get("expected", 0) == 0
        return
    assert found == wanted
    counts = made.manifest["not_filed"], made.manifest["unexpected"]
    assert counts == tuple(map(len, wanted))
    one = audit(data, rules, schemas).submission.filing
    assert [u for u, year, _n in one.absent if year == 2023] == wanted[0]
    assert [u for u, _y, _n in one.unexpected] == wanted[1]


def test_a_run_in_which_somebody_is_missing_is_not_clean(tmp_path, capsys):
    rules, schemas = small_book(tmp_path / "book")
    asked = ["--rules", rules, "--schemas", schemas, "--format", "parquet"]
    codes = {}
    for name, units in {"all": CAME, "missing": (*CAME, "U009")}.items():
        data = laid(tmp_path / name, listed(units))
        codes[name] = main(["audit", str(data), *asked, "--out", str(tmp_path / f"{name}-out")])
        said = capsys.readouterr().out
        assert f"应报 {len(units)} 个单位，未报送 {len(units) - 3} 个，清单外 0 个" in said
    other = laid(tmp_path / "other", listed(("U009",), 2022))
    main(["audit", str(other), *asked, "--out", str(tmp_path / "other-out")])
    assert "应报清单里没有 2023 年的单位，没有对照" in capsys.readouterr().out
    assert codes == {"all": Exit.CLEAN, "missing": Exit.FINDINGS}


def test_parts_name_the_same_units_as_one_run(tmp_path):
    data = laid(tmp_path / "data", listed(("U001", "U002", "U009")))
    rules, schemas = small_book(tmp_path / "book")
    whole = audit_bulk(data, tmp_path / "whole", rules, schemas)
    parts = [tmp_path / "one", tmp_path / "two"]
    for folder, between in zip(parts, (("", "U001"), ("U002", "ZZZZ")), strict=True):
        audit_bulk(data, folder, rules, schemas, between=between)
    merged = merge_parts([str(p) for p in parts], tmp_path / "merged")
    assert merged.manifest == whole.manifest
    name = "filing.parquet"
    assert (merged.folder / name).read_bytes() == (whole.folder / name).read_bytes()
