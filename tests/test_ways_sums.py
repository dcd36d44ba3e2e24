"""Set aside never sums, however oddly a unit writes: where a line, a sheet or a file of it was not taken, nothing that sums, counts or rolls up its table is decided, nor is a sum of a column of which
a figure was not taken; by `audit`, in a night and by Great Expectations. What was not taken follows from what a person reads, not from what gouji says of it."""

import os
import shutil
from functools import cache
from pathlib import Path

import pytest
import yaml

from gouji.app import audit
from gouji.app.cross_check import of_workspace
from gouji.app.run_night import night
from gouji.base.verdict import Verdict
from gouji.intake import receive
from gouji.results.store import read_table
from gouji.rules.table import ColumnRole, Role
from gouji.run import connect
from gouji.runs.workspace import init
from making import BASIS, HEAD, criterion_text, tie_text
from ways.further import READ, TOLD
from ways.model import PICKED, TABLES, written
from ways.pack import packed

ROOT = Path(__file__).parent.parent
OPEN = {Verdict.UNASSESSABLE.value, Verdict.PENDING.value}
# What a careful reader may doubt; `GOUJI_WAYS` in the environment takes those of which nothing is doubtful as well, and audits each alone.
ALL = "GOUJI_WAYS" in os.environ
WAYS = READ | TOLD if ALL else TOLD
NAMED = (ColumnRole.UNIT, ColumnRole.YEAR)


@cache
def schemas():
    """The texts of the descriptions that the ways are written for."""
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "schemas").glob("*.yaml")}
    return {name: text for name, text in texts.items() if yaml.safe_load(text)["table"] in PICKED}


@cache
def asked():
    """Rules over every figure of every table, as texts by file; and by code the table and the column that they read ("": whatever its columns say)."""
    rules, about, weights = {}, {}, iter((40, 30, 30))

    def add(text, code, table, column):
        rules[f"{code.lower()}.yaml"] = text
        about[code] = table, column

    def tie(check, table, column=""):
        code = f"T{len(about) + 1:03d}"
        add(tie_text(code, check), code, table, column)

    for name, table in TABLES.items():
        columns = [c.name for c in table.columns if c.numeric and c.role is None]
        if table.grain != "many":
            for column in columns if table.role is not Role.UNITS else ():
                tie(f"{name}.{column} >= 0", name, column)
            continue
        key = next(c for c in table.key if table.column(c).role not in NAMED)
        for column in columns:
            tie(f"sum({name}.{column}) >= 0", name, column)
        for check in (
            f"count({name}.{key}) >= 0",
            f"coalesce(sum({name}.{columns[0]}), 0) >= 0",
            f"coalesce(max({name}.{columns[-1]}), 0) >= coalesce(min({name}.{columns[-1]}), 0)",
            f"1 = 1 or sum({name}.{columns[0]}) >= 0",
        ):
            tie(check, name)
        code = f"C{len(about) + 1:03d}"
        method = '{kind: within, full_at: "≥ 0"}'
        measure = f"count({name}.{key})"
        text = criterion_text(code, method, next(weights), measure=measure, missing="pending")
        add(text, code, name, "")
        if any(c.role is ColumnRole.CODE for c in table.columns):
            code = f"R{len(about) + 1:03d}"
            head = ["kind: roll_up", f"code: {code}", "name: 试", BASIS, "severity: 错误"]
            add("\n".join([*head, f"table: {name}", f"columns: [{columns[0]}]"]), code, name, "")
    return rules, about


def lost(expected, read):
    """Tables of which a line that a person reads is not there, and (table, column) of which a figure is not; `read` are slots."""
    lines = {slot[:2] for slot in read}
    gone = {slot for slot in expected if slot not in read and slot[2] not in ("单位代码", "年度")}
    return {s[0] for s in gone if s[:2] not in lines}, {(s[0], s[2]) for s in gone}


def slots(rows_of, unit):
    """What was taken of a unit: table, line and column of every figure."""
    found = set()
    for name, table in TABLES.items():
        key = next((c for c in table.key if table.column(c).role not in NAMED), "")
        for row in rows_of(table, unit):
            line = str(row.cells[key].value) if key and key in row.cells else ""
            found |= {(name, line, column) for column in row.cells}
    return found


def decided_wrongly(book, read, verdicts):
    """Codes of rules that are decided though what they read was not all taken."""
    figures = {
        s for s in book.expect if TABLES[s[0]].column(s[2]).numeric or TABLES[s[0]].grain == "many"
    }
    tables, columns = lost(figures, read)
    return {
        code: place
        for code, place in asked()[1].items()
        if (place[0] in tables or place in columns) and verdicts[code] not in OPEN
    }


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """The same rules and descriptions as files, as every command takes them."""
    root = tmp_path_factory.mktemp("book")
    rules = {"book.yaml": HEAD.format(total=100, policy="full"), **asked()[0]}
    for folder, texts in (("rules", rules), ("schemas", schemas())):
        (root / folder).mkdir()
        for name, text in texts.items():
            (root / folder / name).write_text(text, "utf-8")
    return {"rules": str(root / "rules"), "schemas": str(root / "schemas")}


def sent(name, unit, seed, folder):
    """One workbook, written in this way."""
    one = written(unit, seed)
    WAYS[name](one)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / one.file).write_bytes(packed(one))
    return one


def taken(submission, unit):
    return slots(lambda table, unit: submission.held.rows(table, unit, 2023), unit)


@pytest.mark.parametrize("name", list(WAYS)[:: 1 if ALL else 8])
def test_by_audit(name, paths, tmp_path):
    one = sent(name, "U001", 1, tmp_path / "in")
    made = audit(tmp_path / "in", **paths)
    for unit in made.outcomes.units:
        verdicts = {o.code: o.verdict.value for o in made.outcomes.of(unit)}
        assert decided_wrongly(one, taken(made.submission, unit), verdicts) == {}, name


# Those that once were decided, and one in six of the others.
ONCE = ("two forms on one sheet", "a listing twice side by side")
TONIGHT = list(WAYS) if ALL else [*ONCE, *list(WAYS)[::6]]


def test_in_a_night_and_by_great_expectations(paths, tmp_path):
    """Many ways at once, each its own submission."""
    root = tmp_path / "w"
    for folder in ("rules", "schemas"):
        shutil.copytree(paths[folder], root / folder)
    (root / "gouji.yaml").write_text("rules: rules\nschemas: schemas\n", "utf-8")
    init(root)
    books = {
        f"{n:03d}": sent(name, f"U{n:03d}", n, root / "submissions" / f"{n:03d}")
        for n, name in enumerate(TONIGHT, 1)
    }
    run = night(root).folder
    verdicts = {}
    for o in read_table(run, "outcomes"):
        verdicts.setdefault((o["submission"], o["unit"]), {})[o["code"]] = o["verdict"]
    wrong = {}
    for (submission, unit), found in verdicts.items():
        alone = receive(connect(), root / "submissions" / submission, TABLES)
        wrong[submission] = decided_wrongly(books[submission], taken(alone, unit), found)
    assert {k: v for k, v in wrong.items() if v} == {}
    assert len(verdicts) > len(TONIGHT) / 2
    assert of_workspace(root).differing == ()
