"""Published standards as rules: each criterion of tests/standards in the language as it stands, its examples worked by hand from the clause."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from gouji.intake.deriving.worked_out_tables import work_out
from gouji.intake.ledger.tables import create, fill
from gouji.plan import compile_book
from gouji.rules import load_rulebook, load_tables, validate
from gouji.run import connect, run
from making import BASIS, TABLES, YEAR, submission_of

HERE = Path(__file__).parent / "standards"
CRITERIA = yaml.safe_load((HERE / "criteria.yaml").read_text("utf-8"))
FIGURES = yaml.safe_load((HERE / "tables.yaml").read_text("utf-8"))
WHOSE = "  - {name: 单位代码, type: text, null: never, role: unit}\n  - {name: 年度, type: count, null: never, role: year}\n"
KINDS = {
    "money": "type: money, unit: 万元, places: 2",
    "count": "type: count",
    "percent": "type: percent, places: 2",
}
# Criteria of the list, and the number of them that stand as rules.
LISTED, SAID = 101, 101


def table_text(name, columns, more=""):
    lines = []
    for column, kind in columns.items():
        shape = KINDS.get(kind) or f"type: text, one_of: [{kind.replace('|', ', ')}]"
        lines.append(f"  - {{name: {column}, {shape}}}\n")
    return (
        f"table: {name}\ngrain: one\nkey: [单位代码, 年度]\n{more}columns:\n{WHOSE}{''.join(lines)}"
    )


def peers_text():
    lines = "".join(
        f"  - {{name: {column}{word}, type: percent, places: 2, take: {{from: 债务, column: {column}, over: peers, by: {by}}}}}\n"
        for column in FIGURES["债务"]
        for word, by in (("最大", "max"), ("最小", "min"))
    )
    return (
        f"table: 同批\ngrain: one\nkey: [单位代码, 年度]\nderived: {{}}\ncolumns:\n{WHOSE}{lines}"
    )


SCHEMAS = TABLES | {f"{n}.yaml": table_text(n, columns) for n, columns in FIGURES.items()}
SCHEMAS["peers.yaml"] = peers_text()
SCHEMAS["issued.yaml"] = (
    f"table: 专项\ngrain: many\nkey: [单位代码, 年度, 名称]\ncolumns:\n{WHOSE}"
    "  - {name: 名称, type: text, null: never}\n  - {name: 过半日期, type: date}\n  - {name: 全部日期, type: date}\n"
)
SCHEMAS["sampled.yaml"] = (
    f"table: 抽查项目\ngrain: many\nkey: [单位代码, 年度, 名称]\ncolumns:\n{WHOSE}"
    "  - {name: 名称, type: text, null: never}\n  - {name: 年份, type: text, one_of: [当年, 下年]}\n"
    "  - {name: 符合项数, type: count}\n  - {name: 应查项数, type: count}\n"
)
SCHEMAS["own_rows.yaml"] = (
    f"table: 自评行\ngrain: many\nkey: [单位代码, 年度, 指标]\ncolumns:\n{WHOSE}"
    "  - {name: 指标, type: text, null: never}\n"
    + "".join(
        f"  - {{name: {name}, type: text}}\n" for name in ("性质", "类别", "组", "情况", "原因")
    )
    + "".join(f"  - {{name: {name}, type: number, places: 2}}\n" for name in ("目标", "完成"))
    + "".join(f"  - {{name: {name}, type: percent, places: 2}}\n" for name in ("目标率", "完成率"))
    + "  - {name: 资金, type: count}\n"
    + "".join(f"  - {{name: {name}, type: score}}\n" for name in ("分值", "得分"))
)


def said(source):
    return [one for one in CRITERIA[source] if "cannot" not in one]


def rule_text(code, one):
    """The rule as a file has it: what the standards have in short, and what every rule needs."""
    rule = {k: v for k, v in one.items() if k not in ("items", "all", "cases", "truncated")}
    if "items" in one:
        items = [{"item": k, "points": v} for k, v in one["items"].items()]
        rule["method"] = {"kind": "checklist", "mode": "additive", "items": items}
    if "all" in one:
        items = [{"item": k} for k in one["all"]]
        rule["method"] = {"kind": "checklist", "mode": "all_or_nothing", "items": items}
    rule = {"kind": "criterion", "code": code, "missing": "pending", **rule}
    rule["path"] = {"first": "评价", "second": "评价"}
    return yaml.safe_dump(rule, allow_unicode=True) + BASIS + "\n"


def head(source):
    sets = {one.get("set", "") for one in said(source)}
    each = {
        s: sum(Decimal(str(one.get("weight", 0))) for one in said(source) if one.get("set", s) == s)
        for s in sets - {""} or sets
    }
    assert len(set(each.values())) == 1, each
    by = "sets: {by: 单位.类型}\n" if sets != {""} else ""
    (total,) = set(each.values())
    return f"book: {source}\ntitle: {source}\nauthority: 试验\nfiscal_year: {YEAR}\ntotal: {total}\n{by}grades: [{{name: 全部, when: '≥ 0'}}]\n"


def book_of_source(source):
    texts = {f"{i:02}.yaml": rule_text(f"C{i:02}", one) for i, one in enumerate(said(source), 1)}
    return validate(load_rulebook({"book.yaml": head(source), **texts}), load_tables(SCHEMAS))


def rows_of(unit, one, case, code):
    """What one unit of an example sent."""
    yield "单位", unit, YEAR, {"单位名称": unit, "类型": one.get("set", "")}
    for table, columns in case.get("given", {}).items():
        for row in columns if isinstance(columns, list) else [columns]:
            yield table, unit, YEAR, {k: str(v) for k, v in row.items()}
    for word, result in (("met", "具备"), ("unmet", "不具备")):
        for item in case.get(word, ()):
            yield "要点核对", unit, YEAR, {"指标代码": code, "要点": item, "结果": result}
    for at, mark in enumerate(case.get("marks", ())):
        yield "评审打分", unit, YEAR, {"指标代码": code, "评审人": str(at), "评分": str(mark)}
    for column, values in case.get("peers", {}).items():
        yield "债务", unit, YEAR, {column: f"{values[0]}%"}


def others_of(case):
    """The other units of an example about peers."""
    for column, values in case.get("peers", {}).items():
        for at, value in enumerate(values[1:]):
            yield "单位", f"V{at}", YEAR, {"单位名称": "他"}
            yield "债务", f"V{at}", YEAR, {column: f"{value}%"}


def scores(book, cases):
    """The score of each example; those about peers are judged by themselves."""
    together, found = [], {}
    for unit, code, one, case in cases:
        if "peers" in case:
            found |= judged(book, [*rows_of(unit, one, case, code), *others_of(case)], {unit: code})
        else:
            together += rows_of(unit, one, case, code)
    asked = {unit: code for unit, code, _one, case in cases if "peers" not in case}
    return found | judged(book, together, asked)


def judged(book, rows, asked):
    submission, con = submission_of(book, rows), connect()
    for name, table in book.tables.items():
        if table.derived is None:
            create(con, table)
            fill(con, table, submission.rows.get(name, []))
    work_out(con, book.tables, frozenset(book.tables))
    outcomes = run(compile_book(book, book.tables), con)
    by_unit = {u: {o.code: o for o in outcomes.criteria[u]} for u in asked}
    return {unit: by_unit[unit][code] for unit, code in asked.items()}


@pytest.mark.parametrize("source", CRITERIA)
def test_every_example_holds(source):
    book, cases = book_of_source(source), []
    for number, one in enumerate(said(source), 1):
        assert one["cases"], one["name"]
        cases += [
            (f"{one['name']}#{at}", f"C{number:02}", one, case)
            for at, case in enumerate(one["cases"])
        ]
    if not cases:
        return
    found = scores(book, cases)
    for unit, _code, _one, case in cases:
        outcome, wanted = found[unit], case["score"]
        expected = None if wanted == "open" else Decimal(str(wanted))
        assert outcome.score == expected, (unit, outcome)
        assert outcome.low <= (outcome.low if expected is None else expected) <= outcome.high


def test_how_many_can_be_said():
    """The sets of the county's 河长制 standard are a criterion of the list themselves."""
    every = [one for source in CRITERIA.values() for one in source]
    sets = {one["set"] for one in every if "set" in one}
    assert len(every) + bool(sets) == LISTED
    assert len(sets) == 21
    why = Counter(one["cannot"].partition("，")[0] for one in every if "cannot" in one)
    assert sum(why.values()) == LISTED - SAID, why


def test_each_department_has_its_own_sixty_points():
    book = book_of_source("S14")
    assert book.total == 100
    own = Counter()
    for c in book.criteria:
        for name in c.rule.set:
            own[name] += c.rule.weight
    assert set(own.values()) == {60}
