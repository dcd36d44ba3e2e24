"""A small rulebook with its tables in a folder, for tests that read files: two sums of money (one of which counts as zero where it is blank), a share, a count, texts."""

from making import TABLES, tie_text

HEAD = "book: small\ntitle: 试验\nauthority: 试验\nfiscal_year: 2023\n"
FORM = """
table: 表
grain: one
key: [单位代码, 年度]
columns:
  - {name: 单位代码, label: 代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 甲, label: 甲项合计, aliases: [甲类], type: money, unit: 万元, places: 2, null: zero}
  - {name: 乙, label: 乙项合计, type: money, unit: 万元, places: 2}
  - {name: 率, label: 完成率, type: percent, places: 2}
  - {name: 个, type: count}
  - {name: 词, type: text}
"""
LIST = """
table: 应报清单
grain: one
role: expected
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 单位名称, type: text, role: unit_name}
"""
SCHEMAS = {
    "units.yaml": TABLES["units.yaml"],
    "form.yaml": FORM,
    "details.yaml": TABLES["details.yaml"],
    "expected.yaml": LIST,
}
RULES = {
    "book.yaml": HEAD,
    "t1.yaml": tie_text("T01", "表.甲 = 表.乙"),
    "t2.yaml": tie_text("T02", "表.率 = 表.甲 / 表.乙"),
    "t3.yaml": tie_text("T03", "表.甲 = sum(明细.金额)"),
}


def small_book(folder):
    """Write rules and table descriptions; returns the paths that `audit` and `audit_bulk` take."""
    for name, texts in (("rules", RULES), ("schemas", SCHEMAS)):
        (folder / name / "tie-outs").mkdir(parents=True)
        for file, text in texts.items():
            inner = (
                folder
                / name
                / ("tie-outs" if file.startswith("t") and name == "rules" else "")
                / file
            )
            inner.write_text(text, "utf-8")
    (folder / "schemas" / "tie-outs").rmdir()
    return str(folder / "rules"), str(folder / "schemas")
