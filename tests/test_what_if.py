"""The same submissions under two rulebooks: a book against itself changes nothing; what changes is the difference of two separate audits, however units and rules stand."""

import csv
import io
import json
from decimal import Decimal
from itertools import count

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gouji
from gouji.app import audit_bulk
from gouji.app.books import load_book
from gouji.app.run_night import night
from gouji.app.two_books import what_if_audit, written
from gouji.app.what_if_kept import what_if_run
from gouji.app.what_if_tables import AFTER, BEFORE, what_if_bulk
from gouji.base.verdict import Ground, Verdict
from gouji.cli import Exit, main
from gouji.intake.ledger.tables import create, fill
from gouji.report import what_if_lists as told
from gouji.results.findings import differs, differs_sql, fails, fails_sql
from gouji.results.folders import FolderKind, kind_of, of_folder, of_kept_run
from gouji.results.results import connect, in_memory
from gouji.results.rows_by_rule import rule_rows
from nights import BASIS, RULES, SCHEMAS, workspace, write

# Income, spent, left over, the own score: full marks, some lost, a tie-out that fails, a self-score that differs, nothing to judge by.
UNITS = {
    "A": ("100.00", "97.00", "3.00", "10"),
    "B": ("100.00", "97.00", "4.00", "10"),
    "C": ("100.00", "93.50", "6.50", "9"),
    "D": ("100.00", "80.00", "9.00", "2.5"),
    "E": ("", "80.00", "", "8"),
    "F": ("0.00", "0.00", "0.00", "7"),
}
TIE = f"kind: tie_out\ncode: T04\nname: 有收入\n{BASIS}\ncheck: 决算.收入 > 0\nseverity: 核实\n"
# A change of one rule, of the head, or of which rules there are: file -> what stands there -> what then does.
CHANGES = {
    "milder": ("c01.yaml", "take: 0.5", "take: 0.1"),
    "later": ("c01.yaml", "≥ 95%", "≥ 99%"),
    "begun": ("c01.yaml", "reading: whole", "reading: begun"),
    "open": ("c01.yaml", "missing: as_reported", "missing: zero"),
    "tolerant": ("t01.yaml", "决算.结余 = ", "决算.结余 <= "),
    "gentle": ("t02.yaml", "severity: 核实", "severity: 提示"),
    "words": ("t01.yaml", "name: 收支结余相等", "name: 收支结余"),
    "stricter": ("book.yaml", "[9, 10]", "[9.9, 10]"),
    "lower": ("book.yaml", "[0, 9)", "[0, 9.9)"),
}


def books(folder, changes=(), more=(), less=(), name="book", reverse=False):
    """A rulebook with its table descriptions in a folder; returns both paths."""
    texts = dict(RULES) | {f"{n}.yaml": TIE for n in more}
    for change in changes:
        file, was, now = CHANGES[change]
        assert was in texts[file]
        texts[file] = texts[file].replace(was, now)
    for file in less:
        del texts[f"{file}.yaml"]
    for place, found in ((name, texts), ("schemas", SCHEMAS)):
        (folder / place).mkdir(parents=True, exist_ok=True)
        for number, (file, text) in enumerate(sorted(found.items(), reverse=reverse)):
            stem = file if file == "book.yaml" or place == "schemas" else f"{number}-{file}"
            (folder / place / stem).write_text(text.lstrip(), "utf-8")
    return folder / name, folder / "schemas"


def data(folder, order=tuple(UNITS)):
    """The units in one folder of CSV files, in that order."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [(u, *UNITS[u]) for u in order]
    write(folder, "单位", "单位代码,年度,单位名称", [(u, 2023, f"单位{u}") for u in order])
    write(folder, "决算", "单位代码,年度,收入,支出,结余", [(r[0], 2023, *r[1:4]) for r in rows])
    write(folder, "明细", "单位代码,年度,项目,金额", [(r[0], 2023, "项目", r[2]) for r in rows])
    write(
        folder, "自评得分", "单位代码,年度,指标代码,得分", [(r[0], 2023, "C01", r[4]) for r in rows]
    )
    return folder


def parquet(folder, rules, schemas):
    """The same as Parquet files, figures in base units with the half of their last place."""
    book = load_book(rules, schemas)
    read = gouji.audit(data(folder / "texts"), rules, schemas).submission
    (folder / "many").mkdir()
    with duckdb.connect() as con:
        for table in book.tables.values():
            create(con, table)
            fill(con, table, read.rows.get(table.table, []))
            target = folder / "many" / f"{table.table}.parquet"
            con.execute(f'COPY (SELECT * EXCLUDE ("#") FROM "{table.table}") TO \'{target}\'')
    return folder / "many"


def by_hand(before, after):
    """What two separate audits say otherwise, in plain loops over their scorecards."""
    one, other = ({c.unit: c for c in made.scorecards} for made in (before, after))
    moved, points, new, gone = {}, {}, set(), set()
    for unit in one:
        was, now = (
            {
                **{x.rule.code: x.outcome for x in card.lines},
                **{f.rule.code: f.outcome for f in (*card.tie_outs, *card.table_rules)},
            }
            for card in (one[unit], other[unit])
        )
        found = [
            {f.rule.code for f in card.findings} | {x.rule.code for x in card.differing}
            for card in (one[unit], other[unit])
        ]
        new |= {(unit, code) for code in found[1] - found[0]}
        gone |= {(unit, code) for code in found[0] - found[1]}
        for code in was.keys() | now.keys():
            a, b = was.get(code), now.get(code)
            verdicts = tuple(x.verdict.value if x else None for x in (a, b))
            scores = [
                Decimal(0)
                if x is None or not hasattr(x, "low")
                else x.low
                if x.score is None
                else x.score
                for x in (a, b)
            ]
            if verdicts[0] != verdicts[1]:
                moved[code, verdicts] = moved.get((code, verdicts), 0) + 1
            if scores[0] != scores[1]:
                points[unit, code] = scores[1] - scores[0]
    cards = {
        unit: tuple((c.totals.score, c.totals.grade) for c in (one[unit], other[unit]))
        for unit in one
        if one[unit].totals != other[unit].totals
    }
    return moved, points, new, gone, cards


def told_of(found):
    """The same of a comparison."""
    moved = {(rule.code, (was, now)): n for rule in found.rules for was, now, n in rule.moves}
    points = {(u.unit, code): moved for u in found.units for code, moved in u.by_rule}
    new = {(u.unit, code) for u in found.units for code in u.new}
    gone = {(u.unit, code) for u in found.units for code in u.gone}
    standing = {u.unit: tuple((s.score, s.grade) for s in (u.was, u.now)) for u in found.units}
    return moved, points, new, gone, standing


def scores(pairs):
    return {unit: pair for unit, pair in pairs.items() if pair[0] != pair[1]}


def test_a_book_against_itself_changes_nothing(tmp_path):
    rules, schemas = books(tmp_path)
    found = what_if_audit(data(tmp_path / "data"), rules, rules, schemas)
    assert (found.head, dict(found.fields), found.added, found.dropped) == ((), {}, (), ())
    c = found.changes
    assert (c.outcomes_changed, c.rules, c.units_changed, c.units) == (0, (), 0, ())
    assert c.was == c.now and c.was.units == len(UNITS)
    assert all(was == now for was, now, _n in c.grades)
    assert "两个规则库在判断上没有不同" in told.render(found)


def test_words_that_decide_nothing_change_nothing(tmp_path):
    rules, schemas = books(tmp_path)
    other, _schemas = books(tmp_path, ["words"], name="other")
    found = what_if_audit(data(tmp_path / "data"), rules, other, schemas)
    assert not found.fields and not found.changes.outcomes_changed


numbers = count()
sides = st.tuples(
    st.lists(
        st.sampled_from(sorted(set(CHANGES) - {"stricter", "lower"})), unique=True, max_size=3
    ),
    st.booleans(),
    st.sampled_from([(), ("t04",)]),
    st.sampled_from([(), ("t03",), ("t01", "t02")]),
    st.booleans(),
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sides, sides, st.permutations(sorted(UNITS)))
def test_what_changes_is_the_difference_of_two_audits(tmp_path, one, other, order):
    root = tmp_path / str(next(numbers))
    made = []
    for name, (changes, harder, more, less, reverse) in (("one", one), ("other", other)):
        grades = ["stricter", "lower"] if harder else []
        clear = [c for c in changes if CHANGES[c][0].removesuffix(".yaml") not in less]
        rules, schemas = books(root, [*clear, *grades], more, less, name, reverse)
        made.append(rules)
    sent = data(root / "data", order)
    audits = [gouji.audit(sent, rules, schemas) for rules in made]
    moved, points, new, gone, cards = by_hand(*audits)
    found = what_if_audit(sent, *made, schemas).changes
    told_moved, told_points, told_new, told_gone, standing = told_of(found)
    assert (told_moved, told_points, told_new, told_gone) == (moved, points, new, gone)
    assert scores(standing) == scores(cards)
    assert all(u.rest == 0 for u in found.units)
    assert [found.was.score_sum, found.now.score_sum] == [
        sum((c.totals.score for c in a.scorecards), Decimal(0)) for a in audits
    ]
    for total, a in zip((found.was, found.now), audits, strict=True):
        degrees = [c.degrees for c in a.scorecards]
        for word in ("错误", "核实", "提示"):
            assert total.degrees.get(word, 0) == sum(d[word] for d in degrees)


def three_ways(tmp_path):
    """The same change of the book, of an audit, a bulk audit and a kept run."""
    rules, schemas = books(tmp_path)
    changes = ["milder", "later", "stricter", "lower", "tolerant"]
    other, _schemas = books(tmp_path, changes, ["t04"], ["t03"], "other")
    yield what_if_audit(data(tmp_path / "data"), rules, other, schemas)
    yield what_if_bulk(
        parquet(tmp_path / "p", rules, schemas), tmp_path / "out", rules, other, schemas
    )
    root = workspace(tmp_path / "w")
    data(root / "submissions" / "all")
    yield what_if_run(night(root).folder, other, schemas)


def test_audit_bulk_and_kept_run_say_the_same(tmp_path):
    one, *others = three_ways(tmp_path)
    assert one.changes.units_changed and one.changes.crossing
    for other in others:
        assert other.changes == one.changes
        assert (other.head, other.fields, other.added, other.dropped) == (
            one.head,
            one.fields,
            one.added,
            one.dropped,
        )
    for name in (BEFORE, AFTER):
        assert kind_of(tmp_path / "out" / name) is FolderKind.BULK


def test_rows_set_aside_are_listed_once(tmp_path):
    """Keys that come twice show while units are judged, which is done twice."""
    rules, schemas = books(tmp_path)
    other, _schemas = books(tmp_path, ["milder"], name="other")
    many = parquet(tmp_path / "p", rules, schemas)
    rows = tmp_path / "twice.parquet"
    twice = (
        f"FROM '{many}/明细.parquet' UNION ALL (FROM '{many}/明细.parquet' WHERE 单位代码 = 'B')"
    )
    duckdb.sql(f"COPY ({twice}) TO '{rows}'")
    rows.rename(many / "明细.parquet")
    found = what_if_bulk(many, tmp_path / "out", rules, other, schemas)
    alone = audit_bulk(many, tmp_path / "alone", rules, schemas).folder
    listed = [(f / "set_aside.parquet").read_bytes() for f in (tmp_path / "out", alone)]
    assert listed[0] == listed[1] and found.problems == 2
    for name, book in ((BEFORE, rules), (AFTER, other)):
        one = audit_bulk(many, tmp_path / f"one-{name}", book, schemas).folder
        for file in ("scorecards.parquet", "findings.parquet"):
            assert (tmp_path / "out" / name / file).read_bytes() == (one / file).read_bytes()


def test_units_need_not_lie_side_by_side(tmp_path):
    """In another order, or some on one side alone: what changes of the others is the same."""
    rules, schemas = books(tmp_path)
    other, _schemas = books(tmp_path, ["milder", "tolerant"], ["t04"], name="other")
    sent = data(tmp_path / "data")
    one, two = (gouji.audit(sent, book, schemas) for book in (rules, other))
    rows = [rule_rows(load_book(book, schemas)) for book in (rules, other)]
    before = in_memory(rows[0], one.scorecards)

    def against(cards):
        return before.compare(in_memory(rows[1], cards))

    cards = list(two.scorecards)
    whole = against(cards)
    assert whole.rules and against(cards[::-1]) == whole
    without = against([c for c in cards[::-1] if c.unit != "B"])
    assert {u.unit: u for u in without.units if u.unit != "B"} == {
        u.unit: u for u in whole.units if u.unit != "B"
    }
    (gone,) = (u for u in without.units if u.unit == "B")
    assert gone.now is None and without.outcomes_changed > whole.outcomes_changed


def test_results_answer_alike_whatever_keeps_them(tmp_path):
    rules, schemas = books(tmp_path)
    made = gouji.audit(data(tmp_path / "data"), rules, schemas)
    many = parquet(tmp_path / "p", rules, schemas)
    audit_bulk(many, tmp_path / "out", rules, schemas)
    audit_bulk(many, tmp_path / "db", rules, schemas, form="duckdb")
    root = workspace(tmp_path / "w")
    data(root / "submissions" / "all")
    run = night(root).folder
    rows = rule_rows(load_book(rules, schemas))
    memory, *kept = (
        in_memory(rows, made.scorecards),
        of_folder(tmp_path / "out", rows),
        of_folder(tmp_path / "db", rows),
        of_kept_run(run, rows),
    )
    expected = [
        (o.unit, o.code, o.verdict) for unit in made.outcomes.units for o in made.outcomes.of(unit)
    ]
    assert [(o.unit, o.code, o.verdict) for o in memory.outcomes()] == expected
    assert {(f.unit, f.code) for f in memory.findings()} == {
        (c.unit, f.rule.code) for c in made.scorecards for f in (*c.findings, *c.differing)
    }
    for results in kept:
        assert list(results.outcomes()) == list(memory.outcomes())
        assert list(results.findings()) == list(memory.findings())
        assert results.unit("B") == memory.unit("B") and len(results.unit("B")) == len(rows)
        assert results.unit("nobody") == ()
        assert memory.compare(results).units_changed == 0
    assert [kind_of(path) for path in (tmp_path / "out", tmp_path / "db", run, tmp_path)] == [
        FolderKind.BULK,
        FolderKind.BULK,
        FolderKind.KEPT_RUN,
        FolderKind.NONE,
    ]


def test_a_finding_in_sql_is_a_finding_in_python():
    points = [None, Decimal("1.00"), Decimal("2.50")]
    with connect() as con:
        for verdict in Verdict:
            assert fails(verdict) is bool(
                con.execute(f"SELECT coalesce({fails_sql('?')}, false)", [verdict]).fetchone()[0]
            )
            for ground in Ground:
                for score in points:
                    for own in points:
                        asked = differs_sql("v", "g", "s::DECIMAL(9,2)", "o::DECIMAL(9,2)")
                        ((found,),) = con.execute(
                            f"SELECT coalesce({asked}, false) FROM (SELECT ? AS v, ? AS g, ? AS s, ? AS o)",
                            [verdict, ground.value, score, own],
                        ).fetchall()
                        assert found is differs(verdict, ground, score, own)


def test_next_years_book_is_asked_in_the_year_of_the_data(tmp_path):
    rules, schemas = books(tmp_path)
    other, _schemas = books(tmp_path, ["later"], name="next")
    head = other / "book.yaml"
    head.write_text(
        head.read_text("utf-8").replace("fiscal_year: 2023", "fiscal_year: 2024"), "utf-8"
    )
    found = what_if_audit(data(tmp_path / "data"), rules, other, schemas)
    assert (found.year, found.after.year) == (2023, 2024)
    assert found.changes.now.units == len(UNITS) and found.changes.units_changed
    assert "是 2024 年度的规则库，这里拿来判 2023 年度的数" in told.render(found)


def test_every_form_names_the_rule_its_clause_and_the_units(tmp_path):
    rules, schemas = books(tmp_path)
    other, _schemas = books(tmp_path, ["milder", "stricter", "lower"], name="other")
    found = what_if_audit(data(tmp_path / "data"), rules, other, schemas)
    made = dict(written(found))
    assert set(made) == {"what-if.txt", "what-if.json", "what-if.html", "what-if.xlsx"}
    book = openpyxl.load_workbook(io.BytesIO(made.pop("what-if.xlsx")))
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row]
    texts = [made["what-if.html"].decode(), made["what-if.txt"].decode(), "\n".join(cells)]
    for text in texts:
        for word in ("method.take", "grades.优", "C01", "完成率", "第一条", "单位D"):
            assert word in text
    plain = json.loads(made["what-if.json"])
    assert plain["differences"]["rules"] == {
        "C01": [{"field": "method.take", "was": "0.5", "now": "0.1"}]
    }
    # 80 % is 15 points below 95 %: 15 × 0.5 = 7.5 off, and 15 × 0.1 = 1.5.
    (unit,) = (u for u in plain["units"] if u["unit"] == "D")
    assert unit["by_rule"] == [{"code": "C01", "points": "6.00"}]
    assert (unit["was"]["score"], unit["now"]["score"]) == ("2.50", "8.50")


@pytest.mark.parametrize(
    "changes, code", [([], Exit.CLEAN), (["milder"], Exit.FINDINGS)], ids=["same", "other"]
)
def test_the_command(tmp_path, capsys, changes, code):
    rules, schemas = books(tmp_path)
    other, _schemas = books(tmp_path, changes, name="other")
    sent, out = data(tmp_path / "data"), tmp_path / "out"
    given = ["--rules", str(rules), "--schemas", str(schemas), "--against", str(other)]
    assert main(["audit", str(sent), *given, "--format", "json", "--out", str(out)]) == code
    assert json.loads(capsys.readouterr().out)["units_changed"] == (0 if code is Exit.CLEAN else 2)
    assert sorted(p.suffix for p in out.iterdir()) == [".html", ".json", ".txt", ".xlsx"]
    many = parquet(tmp_path / "p", rules, schemas)
    assert main(["bulk", str(many), *given, "--out", str(tmp_path / "bulk")]) == code
    assert "换规则库试算" in capsys.readouterr().out
    assert (tmp_path / "bulk" / "what-if.html").is_file()


def test_a_list_that_is_cut_counts_what_it_leaves_out(tmp_path):
    rules, schemas = books(tmp_path)
    other, _schemas = books(tmp_path, ["milder", "stricter", "lower"], name="other")
    whole = what_if_audit(data(tmp_path / "data"), rules, other, schemas).changes
    cut = what_if_audit(tmp_path / "data", rules, other, schemas, listed=1).changes
    assert cut.units == whole.units[:1] and cut.units_changed == whole.units_changed
    assert cut.rules == whole.rules


def test_text_of_submissions_stays_text(tmp_path):
    rules, schemas = books(tmp_path)
    other, _schemas = books(tmp_path, ["milder"], name="other")
    sent = data(tmp_path / "data")
    name = "<script>alert(1)</script>"
    rows = list(csv.reader((sent / "单位.csv").open(encoding="utf-8")))
    write(sent, "单位", "单位代码,年度,单位名称", [(u, y, name) for u, y, _name in rows[1:]])
    page = dict(written(what_if_audit(sent, rules, other, schemas)))["what-if.html"].decode()
    assert "&lt;script&gt;alert(1)" in page and name not in page
