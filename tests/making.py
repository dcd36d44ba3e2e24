"""Small rulebooks and submissions for tests, made from texts and plain values."""

from gouji.intake.ledger.submission import At, Cell, Row, Submission
from gouji.intake.ledger.tables import create, fill
from gouji.intake.ledger.unit_figures import absent_tables, unit_figures
from gouji.intake.values.figure_text import read_figure
from gouji.plan import compile_book
from gouji.plan.kept_plan import stored
from gouji.reference.contradicted_points import doubted
from gouji.reference.judging import criterion, tie_out
from gouji.reference.row_rule_outcomes import table_rule
from gouji.reference.unit_totals import cap_truths, totals
from gouji.rules import load_rulebook, load_tables, validate
from gouji.rules.table import ColumnRole
from gouji.run import connect, run

YEAR = 2023
HEAD = """
book: test
title: 试验
authority: 试验
fiscal_year: 2023
total: {total}
not_applicable: {policy}
grades:
  - {{name: 优, when: "[90, 100]", aliases: [优秀]}}
  - {{name: 良, when: "[60, 90)"}}
  - {{name: 差, when: "[0, 60)"}}
"""
TABLES = {
    "units.yaml": """
table: 单位
grain: one
role: units
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 单位名称, type: text, role: unit_name}
  - {name: 类型, type: text}
""",
    "numbers.yaml": """
table: 数
grain: one
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 甲, type: money, unit: 万元, places: 2}
  - {name: 乙, type: money, unit: 万元, places: 2}
  - {name: 丙, type: money, unit: 元, places: 2}
  - {name: 率, type: percent, places: 2}
  - {name: 个, type: count}
  - {name: 分, type: score}
  - {name: 词, type: text}
  - {name: 档, type: text, one_of: [充分, 一般, 没有]}
""",
    "details.yaml": """
table: 明细
grain: many
key: [单位代码, 年度, 项目]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 项目, type: text, null: never}
  - {name: 金额, type: money, unit: 万元, places: 2}
  - {name: 是否, type: text, one_of: [是, 否]}
""",
    "scores.yaml": """
table: 自评得分
grain: many
role: self_scores
key: [单位代码, 年度, 指标代码]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 指标代码, type: text, null: never, role: criterion}
  - {name: 得分, type: score, role: score}
""",
    "checks.yaml": """
table: 要点核对
grain: many
role: checks
key: [单位代码, 年度, 指标代码, 要点]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 指标代码, type: text, null: never, role: criterion}
  - {name: 要点, type: text, null: never, role: item}
  - {name: 结果, type: text, role: result, one_of: [具备, 不具备]}
""",
    "reviews.yaml": """
table: 评审打分
grain: many
role: reviews
key: [单位代码, 年度, 指标代码, 评审人]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 指标代码, type: text, null: never, role: criterion}
  - {name: 评审人, type: text, null: never, role: reviewer}
  - {name: 评分, type: score, role: score}
""",
}
BASIS = "basis: {document: 文件, clause: 条, status: printed}"


def quoted(text):
    """As a YAML text, whatever it looks like."""
    return "'" + text.replace("'", "''") + "'"


def criterion_text(
    code,
    method,
    weight,
    *,
    measure=None,
    applies=None,
    missing="as_reported",
    undefined="pending",
    more="",
):
    """A rule file; `method` is YAML of one line."""
    lines = [
        "kind: criterion",
        f"code: {code}",
        f"name: {code}",
        "path: {first: 一, second: 二}",
        BASIS,
        f"weight: {weight}",
        f"method: {method}",
        f"missing: {missing}",
        f"undefined: {undefined}",
    ]
    lines += [f"measure: {quoted(measure or '')}"] * (measure is not None) + [
        f"applies: {quoted(applies or '')}"
    ] * (applies is not None)
    return "\n".join([*lines, more])


def tie_text(code, check, *, applies=None, severity="错误", more=""):
    """A rule file."""
    lines = [
        "kind: tie_out",
        f"code: {code}",
        f"name: {code}",
        BASIS,
        f"severity: {severity}",
        f"check: {quoted(check)}",
    ]
    return "\n".join([*lines, *[f"applies: {quoted(applies or '')}"] * (applies is not None), more])


def book_of(rules, *, total=100, policy="full", tables=None, limit="printed", head=""):
    """Rule texts by file name -> ResolvedBook."""
    return validate(
        load_rulebook(
            {
                "book.yaml": HEAD.format(total=total, policy=policy)
                + f"at_the_limit: {limit}\n{head}",
                **rules,
            }
        ),
        load_tables(tables or TABLES),
    )


def submission_of(book, rows):
    """(table, unit, year, {column: text as printed}) … -> Submission."""
    made = Submission("test", "test")
    for number, (name, unit, year, values) in enumerate(rows, 1):
        table = book.tables[name]
        given = {
            table.with_role(ColumnRole.UNIT).name: unit,
            table.with_role(ColumnRole.YEAR).name: str(year),
            **values,
        }
        cells = {}
        for column, text in given.items():
            described = table.column(column)
            at = At(name, number, column)
            read = read_figure(text, described) if described.numeric else None
            cells[column] = (
                Cell(read.value, read.half, text, at, read.unit)
                if read
                else Cell(text, None, text, at)
            )
        made.rows.setdefault(name, []).append(Row(cells, At(name, number)))
    return made


def by_sql(book, submission, *, threads=None, plan=None):
    """Outcomes by the plan (made here unless given) on DuckDB, whole and split for keeping; the gate has its own tests."""
    con = connect()
    try:
        for name, table in book.tables.items():
            create(con, table)
            fill(con, table, submission.rows.get(name, []))
        if plan is not None:
            return run(plan, con)
        absent = absent_tables(submission, book.tables, book.year)
        compiled = compile_book(book, book.tables, absent)
        found = run(compiled, con)
        assert run(stored(compiled, book, absent), con) == found
        return found
    finally:
        con.close()


def by_python(book, submission, units):
    """Outcomes and totals, unit by unit: what a reader trusts."""
    found = {}
    for unit in units:
        figures = unit_figures(submission, book.tables, unit, book.year)
        scored = tuple(criterion(c, book, unit, figures) for c in book.criteria)
        ties = tuple(tie_out(t, book, unit, figures) for t in book.tie_outs)
        rows = tuple(table_rule(t, book, unit, figures) for t in book.table_rules)
        scored = doubted(book, scored, (*ties, *rows), figures)
        found[unit] = (
            scored,
            ties,
            totals(book, unit, unit, scored, cap_truths(book, figures)) if scored else None,
        )
    return found
