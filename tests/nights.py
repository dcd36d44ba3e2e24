"""A small rulebook and workspaces made of it, for tests of runs: a night over it takes a fraction of a second."""

import csv
import io
import shutil
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from gouji.runs.workspace import init

SCHEMAS = {
    "units.yaml": """
table: 单位
grain: one
role: units
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 单位名称, type: text, role: unit_name}
form: {sheets: [单位], listing: {}}
""",
    "accounts.yaml": """
table: 决算
grain: one
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 收入, type: money, unit: 万元, places: 2}
  - {name: 支出, type: money, unit: 万元, places: 2}
  - {name: 结余, type: money, unit: 万元, places: 2}
form: {sheets: [决算], listing: {}}
""",
    "details.yaml": """
table: 明细
grain: many
key: [单位代码, 年度, 项目]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 项目, type: text}
  - {name: 金额, type: money, unit: 万元, places: 2}
form: {sheets: [明细], listing: {}}
""",
    "self.yaml": """
table: 自评得分
grain: many
role: self_scores
key: [单位代码, 年度, 指标代码]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 指标代码, type: text, null: never, role: criterion}
  - {name: 得分, type: score, unit: 分, places: 1, role: score}
form: {sheets: [自评得分], listing: {}}
""",
}
BASIS = "basis: {document: 办法, clause: 第一条, status: printed}"
RULES = {
    "book.yaml": """
book: mini
title: 小规则库
authority: 财政局
fiscal_year: 2023
total: 10
grades:
  - {name: 优, when: "[9, 10]"}
  - {name: 差, when: "[0, 9)"}
""",
    "c01.yaml": f"""
kind: criterion
code: C01
name: 完成率
path: {{first: 过程, second: 执行}}
{BASIS}
weight: 10
measure: 决算.支出 / 决算.收入
method: {{kind: steps, full_at: "≥ 95%", per: 1%, percent_is: point, take: 0.5, reading: whole}}
missing: as_reported
""",
    "t01.yaml": f"""
kind: tie_out
code: T01
name: 收支结余相等
{BASIS}
check: 决算.结余 = 决算.收入 - 决算.支出
severity: 错误
""",
    "t02.yaml": f"""
kind: tie_out
code: T02
name: 支出等于明细合计
{BASIS}
check: 决算.支出 = sum(明细.金额)
severity: 核实
""",
    "t03.yaml": f"""
kind: tie_out
code: T03
name: 收入不低于上年
{BASIS}
check: 决算.收入 >= 上年(决算.收入)
severity: 提示
""",
}
CONFIG = """
rules: book
schemas: schemas
gate:
  findings: {错误: {at_most: 0}, 核实: {count: new, at_most: 0}}
"""


def workspace(root, config=CONFIG, **units):
    """A workspace with the small rulebook; `units` are submissions by name, as `submit` takes them."""
    for folder, texts in (("book", RULES), ("schemas", SCHEMAS)):
        (root / folder).mkdir(parents=True)
        for name, text in texts.items():
            (root / folder / name).write_text(text.lstrip(), "utf-8")
    (root / "gouji.yaml").write_text(config.lstrip(), "utf-8")
    init(root)
    for name, given in units.items():
        submit(root, name, **given)
    return root


def submit(
    root,
    name,
    unit=None,
    income="100.00",
    spent="97.00",
    left="3.00",
    parts=("90.00", "7.00"),
    score="10",
    prior=None,
    title=None,
    kind="csv",
):
    """Write one submission of one unit; None leaves a figure out. `kind` says how it is sent: as csv, xlsx or parquet."""
    folder = Path(root) / "submissions" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    unit = unit or name
    years = [(2023, income)] + ([(2022, prior)] if prior else [])
    write(folder, "单位", "单位代码,年度,单位名称", [(unit, 2023, title or f"单位{unit}")])
    write(
        folder,
        "决算",
        "单位代码,年度,收入,支出,结余",
        [(unit, y, i, spent if y == 2023 else "", left if y == 2023 else "") for y, i in years],
    )
    write(
        folder,
        "明细",
        "单位代码,年度,项目,金额",
        [(unit, 2023, f"项目{i}", part) for i, part in enumerate(parts)],
    )
    write(
        folder,
        "自评得分",
        "单位代码,年度,指标代码,得分",
        [(unit, 2023, "C01", score)] if score else [],
    )
    if kind == "xlsx":
        book_of(folder, f"{name}.xlsx")
    elif kind == "parquet":
        for path in folder.glob("*.csv"):
            header, *rows = taken(path)
            columns = {c: [row[i] or None for row in rows] for i, c in enumerate(header)}
            pq.write_table(
                pa.table(columns, schema=pa.schema([(c, pa.string()) for c in header])),
                path.with_suffix(".parquet"),
            )
    return folder


def taken(path):
    """The lines of a CSV file, which is no more."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    path.unlink()
    return rows


def book_of(folder, name):
    """All CSV files of a folder as one workbook, in their place."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for path in sorted(folder.glob("*.csv")):
        sheet = book.create_sheet(path.stem)
        for row in taken(path):
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                cell.data_type = "s"
    book.save(folder / name)


def write(folder, table, header, rows):
    lines = [header, *(",".join("" if c is None else str(c) for c in row) for row in rows)]
    (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", "utf-8")


def results(folder):
    """The bytes of all that follows from inputs: everything but the clock and the manifest's place in time."""
    return {
        p.name: p.read_bytes()
        for p in sorted(Path(folder).iterdir())
        if p.name not in ("run.json", "manifest.json")
    }
