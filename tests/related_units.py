"""Made-up tables of many units in which units stand under others, name each other, print alike, have rows of the year before, halves of last places, rows that are refused."""

from __future__ import annotations

from pathlib import Path

import duckdb

from gouji.app import synthesize

NUMBER = "substr(单位代码, 2)::BIGINT"
# What is changed in made-up tables, by table: a query over `t`.
CHANGES = {
    "单位": f"SELECT * REPLACE (CASE WHEN {NUMBER} % 7 BETWEEN 1 AND 4 AND {NUMBER} > 7 THEN CASE WHEN {NUMBER} % 3 = 0 THEN ' u' ELSE 'U' END || lpad(({NUMBER} - {NUMBER} % 7)::VARCHAR, 7, '0') END AS 上级单位代码,"
    f" CASE WHEN {NUMBER} % 21 = 0 THEN '叠加汇总表' END AS 报表小类) FROM t",
    # Halves of last places beside one figure: of all figures of the table the precision is then asked row by row.
    "收入支出决算表": f"SELECT *, CASE WHEN {NUMBER} % 2 = 0 THEN 5000.0 ELSE 50.0 END::DECIMAL(18,4) AS 本年收入合计± FROM t",
    # A table that may have one row a unit has two of a few units.
    "财政拨款三公经费和机关运行经费情况表": f"FROM t UNION ALL FROM t WHERE {NUMBER} % 401 = 0",
    # Rows of units that nobody listed; codes as people write them.
    "支出决算表": f"SELECT * REPLACE (CASE WHEN {NUMBER} % 97 = 0 THEN lower(单位代码) WHEN {NUMBER} % 503 = 0 THEN 'X' || 单位代码 ELSE 单位代码 END AS 单位代码) FROM t",
    # A figure that is not there.
    "收入决算表": f"SELECT * REPLACE (CASE WHEN {NUMBER} % 89 = 0 THEN NULL ELSE 年度 END AS 年度) FROM t",
}


def related_units(folder: Path, units: int, seed: int, rules: str = "anning-2023") -> Path:
    """Write them into a folder, as `gouji synth` does."""
    synthesize(units, folder, rules, seed=seed)
    con = duckdb.connect()
    for table, query in CHANGES.items():
        file = folder / f"{table}.parquet"
        con.execute(f"CREATE OR REPLACE TABLE t AS FROM '{file}'")
        con.execute(f"COPY ({query} ORDER BY 单位代码) TO '{file}' (FORMAT parquet)")
    return folder


# Rules that ask for figures of other units, and a few that do not.
FEW = {"anning-2023/tie-outs": ("t01", "t02"), "final-accounts/m-batch": ("fm02", "fm06")}
MORE = {**FEW, "final-accounts/m-batch": ("fm01", "fm02", "fm03", "fm05", "fm06", "fm11")}


def few_rules(folder: Path, files: dict[str, tuple[str, ...]] = FEW) -> Path:
    """A rulebook of some rules of the shipped ones: enough where not every rule is on trial."""
    folder.mkdir(parents=True)
    head = "book: few\ntitle: 试验\nauthority: 试验\nfiscal_year: 2023\n"
    (folder / "book.yaml").write_text(head, "utf-8")
    for home, names in files.items():
        for name in names:
            file = Path(__file__).parent.parent / "rules" / home / f"{name}.yaml"
            (folder / file.name).write_bytes(file.read_bytes())
    return folder
