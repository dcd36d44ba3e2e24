"""Rows scored one by one: what a criterion with `method: {kind: rows}` costs, and against the same scores written by hand.

python benchmarks/rows_scored.py [--audit UNITS ROWS] [--bulk UNITS ROWS] [--memory SIZE] [--runs R]

`--audit`: processor time of `gouji audit` on so many units with so many rows each, with and without the criterion.
`--bulk`: of `gouji audit --format parquet --no-outcomes`, against one DuckDB statement that gives the same scores; different scores end it.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import gettempdir

import duckdb

WORK = Path(gettempdir()) / "gouji-bench-rows"
GOUJI = str(Path(sys.executable).with_name("gouji"))
WHOSE = "  - {name: 单位代码, type: text, null: never, role: unit}\n  - {name: 年度, type: count, null: never, role: year}\n"
SCHEMAS = {
    "units": f"table: 单位\ngrain: one\nrole: units\nkey: [单位代码, 年度]\ncolumns:\n{WHOSE}  - {{name: 单位名称, type: text, role: unit_name}}\n  - {{name: 收入, type: money, unit: 元, places: 2}}\n  - {{name: 支出, type: money, unit: 元, places: 2}}\n",
    "rows": f"table: 指标\ngrain: many\nkey: [单位代码, 年度, 名称]\ncolumns:\n{WHOSE}  - {{name: 名称, type: text, null: never}}\n  - {{name: 性质, type: text}}\n  - {{name: 目标, type: number, places: 2}}\n  - {{name: 完成, type: number, places: 2}}\n  - {{name: 分值, type: score}}\n",
}
HEAD = """book: rows
title: 逐行打分
authority: 试验
fiscal_year: 2023
total: 90
grades: [{name: 优, when: ">= 81"}, {name: 良, when: "< 81"}]
"""
BASIS = "basis: {document: 试验, clause: 逐行打分, status: printed}\n"
CRITERION = f"""kind: criterion
code: C01
name: 绩效指标
path: {{first: 产出, second: 产出}}
{BASIS}weight: 90
method:
  kind: rows
  table: 指标
  points: 分值
  measure: 完成 / 目标
  by:
    - {{where: "性质 in ('≥', '=')", method: {{kind: proportional, full_at: 100%}}}}
    - {{where: "性质 = '≤'", method: {{kind: inverse, full_at: 100%}}}}
  total: share
missing: zero
examples: []
"""
PLAIN = f"""kind: criterion
code: C01
name: 行数
path: {{first: 产出, second: 产出}}
{BASIS}weight: 90
measure: count(指标.名称)
method: {{kind: within, full_at: ">= 1"}}
missing: zero
examples: []
"""
TIE = f"kind: tie_out\ncode: T01\nname: 收支\n{BASIS}check: 单位.收入 >= 单位.支出\nseverity: 核实\nexamples: []\n"
# Hundredths in whole numbers; a half goes up. What the criterion says, as somebody would write it for these data.
BY_HAND = """
WITH rows AS (
  SELECT 单位代码, 分值, CAST(round(分值 * 100) AS BIGINT) AS p, CAST(round(目标 * 100) AS BIGINT) AS t, CAST(round(完成 * 100) AS BIGINT) AS d, 性质
  FROM read_parquet('{folder}/指标.parquet') WHERE 年度 = 2023
), scored AS (
  SELECT 单位代码, p, CASE
    WHEN 性质 IN ('≥', '=') THEN CASE WHEN d >= t THEN p ELSE (2 * p * d + t) // (2 * t) END
    WHEN 性质 = '≤' THEN CASE WHEN d <= t THEN p ELSE (2 * p * t + d) // (2 * d) END END AS s
  FROM rows
)
SELECT u.单位代码, CAST((2 * 9000 * sum(s) + sum(p)) // (2 * sum(p)) AS DECIMAL(9, 0)) / 100 AS 得分
FROM read_parquet('{folder}/单位.parquet') u JOIN scored USING (单位代码) WHERE 年度 = 2023 GROUP BY 1
"""


def made(units, rows):
    """A folder of Parquet with so many units and rows each."""
    folder = WORK / f"{units}-{rows}"
    if (folder / "dataset.yaml").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT 'U' || lpad(CAST(i AS VARCHAR), 7, '0') AS 单位代码, 2023 AS 年度, '单位' || i AS 单位名称, CAST(100 AS DECIMAL(18,2)) AS 收入, CAST(90 AS DECIMAL(18,2)) AS 支出 FROM range({units}) t(i)) TO '{folder}/单位.parquet'"
        )
        con.execute(
            f"""COPY (SELECT 'U' || lpad(CAST(i AS VARCHAR), 7, '0') AS 单位代码, 2023 AS 年度, '指标' || j AS 名称,
            CASE hash(i, j) % 3 WHEN 0 THEN '≥' WHEN 1 THEN '=' ELSE '≤' END AS 性质,
            CAST(1 + hash(i, j, 1) % 1000 AS DECIMAL(18,4)) / 4 AS 目标, CAST(1 + hash(i, j, 2) % 1000 AS DECIMAL(18,4)) / 4 AS 完成,
            CAST(1 + hash(j) % 20 AS DECIMAL(9,2)) AS 分值 FROM range({units}) t(i), range({rows}) r(j)) TO '{folder}/指标.parquet'"""
        )
        # A quotient of decimals is a double: written again as the places that the table prints.
        con.execute(
            f"CREATE TABLE r AS SELECT * REPLACE (CAST(目标 AS DECIMAL(14,2)) AS 目标, CAST(完成 AS DECIMAL(14,2)) AS 完成) FROM '{folder}/指标.parquet'"
        )
        con.execute(f"COPY (SELECT * FROM r ORDER BY 单位代码, 名称) TO '{folder}/指标.parquet'")
    (folder / "dataset.yaml").write_text("figures: base\n", "utf-8")
    return folder


def book(name, criterion):
    folder = WORK / name
    (folder / "schemas").mkdir(parents=True, exist_ok=True)
    for table, text in SCHEMAS.items():
        (folder / "schemas" / f"{table}.yaml").write_text(text, "utf-8")
    texts = {"book": HEAD.replace("book: rows", f"book: {name}"), "c01": criterion, "t01": TIE}
    for file, text in texts.items():
        (folder / f"{file}.yaml").write_text(text, "utf-8")
    return folder


def spent(command):
    """Processor seconds of a command with all its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command}: {done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def medians(runs, **commands):
    """Each command in turn, the first time not counted; medians of processor seconds by name."""
    found = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            seconds = spent(command)
            if number:
                found[name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in found.items()}


def audits(units, rows, runs):
    data = str(made(units, rows))
    commands = {
        name: (
            GOUJI,
            "audit",
            data,
            "--rules",
            str(folder),
            "--schemas",
            str(folder / "schemas"),
            "--format",
            "summary",
        )
        for name, folder in {
            "scored": book("scored", CRITERION),
            "plain": book("plain", PLAIN),
        }.items()
    }
    told = medians(runs, **commands)
    print(f"audit {units} units x {rows} rows: {told}, ratio {told['scored'] / told['plain']:.2f}")


def bulk(units, rows, memory, runs):
    data, folder, out = made(units, rows), book("scored", CRITERION), WORK / "out"
    by_hand = f"COPY ({BY_HAND.format(folder=data)}) TO '{WORK}/by_hand.parquet'"
    script = f"import duckdb; con = duckdb.connect(); con.execute({by_hand!r})"
    gouji = (
        GOUJI,
        "audit",
        str(data),
        "--rules",
        str(folder),
        "--schemas",
        str(folder / "schemas"),
        "--format",
        "parquet",
        "--no-outcomes",
        "--memory",
        memory,
        "--out",
        str(out),
    )
    began = time.perf_counter()
    told = medians(runs, gouji=gouji, by_hand=(sys.executable, "-c", script))
    ours, theirs = (
        f"(SELECT 单位代码, 得分 FROM '{out}/scorecards.parquet')",
        f"(SELECT 单位代码, CAST(得分 AS DECIMAL(9, 2)) FROM '{WORK}/by_hand.parquet')",
    )
    ((differ,),) = duckdb.sql(
        f"SELECT count(*) FROM ((FROM {ours} EXCEPT FROM {theirs}) UNION ALL (FROM {theirs} EXCEPT FROM {ours}))"
    ).fetchall()
    ((both,),) = duckdb.sql(f"SELECT count(*) FROM {ours}").fetchall()
    if differ or both != units:
        raise SystemExit(f"{differ} scores differ, {both} units of {units}")
    print(
        f"bulk {units} units x {rows} rows, {memory}: {told}, ratio {told['gouji'] / told['by_hand']:.2f}, {time.perf_counter() - began:.0f} s in all"
    )


def main():
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    asked.add_argument("--audit", nargs=2, type=int, metavar=("UNITS", "ROWS"))
    asked.add_argument("--bulk", nargs=2, type=int, metavar=("UNITS", "ROWS"))
    asked.add_argument("--memory", default="4GB")
    asked.add_argument("--runs", type=int, default=3)
    given = asked.parse_args()
    if given.audit:
        audits(*given.audit, given.runs)
    if given.bulk:
        bulk(*given.bulk, given.memory, given.runs)


if __name__ == "__main__":
    main()
