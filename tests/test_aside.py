"""Set aside never sums: where rows of a table were set aside, nothing is judged on what is left of it; by every road in, in SQL, in Python and by Great Expectations."""

import os

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gouji.app import audit, load_book
from gouji.app.bulk import audit_bulk
from gouji.app.bulk_reports import bulk_unit
from gouji.app.cross_check import FilledTables, judge_again
from gouji.base.outcome import GapKind
from gouji.base.verdict import Verdict
from gouji.intake import receive
from gouji.intake.ledger.unit_figures import unit_figures
from gouji.reference.contradicted_points import doubted
from gouji.reference.judging import criterion, tie_out
from gouji.reference.row_rule_outcomes import table_rule
from gouji.reference.unit_totals import totals
from gouji.report import page
from making import BASIS, HEAD, TABLES, YEAR, book_of, criterion_text, submission_of, tie_text

EXAMPLES = int(os.environ.get("GOUJI_EXAMPLES", "60"))
MANY = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
UNDECIDED = (Verdict.UNASSESSABLE, Verdict.PENDING)
FORMS = {
    "单位": "form: {sheets: [单位], listing: {}}",
    "数": "form: {sheets: [数], listing: {}}",
    "明细": "form: {sheets: [明细], listing: {}}",
}
CODED = "  - {name: 编码, type: text, role: code, levels: [1, 2], total: 合计}\n"
# Every way of reading more than one row, and ways in which absence decides.
AGGREGATES = {
    "T01": "数.甲 = sum(明细.金额)",
    "T02": "count(明细.项目) >= 0",
    "T03": "min(明细.金额) >= 0",
    "T04": "max(明细.金额) <= 1000000",
    "T05": "coalesce(sum(明细.金额), 0) <= 数.甲",
    "T06": "数.甲 = 1 or sum(明细.金额) >= 0",
    "T07": "case when count(明细.项目) > 0 then 1 else 1 end = 1",
    "T08": "not (sum(明细.金额) is null) or 数.甲 is not null",
    "T09": "数.乙 / sum(明细.金额) <= 100",
    "T10": "sum(明细.金额) filter (where 明细.是否 = '是') <= 数.甲",
}
PRIOR = {"T20": "上年(sum(明细.金额)) >= 0", "T21": "数.甲 >= 0"}
ROWS = {
    "A01": "\n".join(
        [
            "kind: each_row",
            "code: A01",
            "name: 试",
            BASIS,
            "severity: 错误",
            "table: 明细",
            "check: 明细.金额 >= 0",
        ]
    ),
    "A02": "\n".join(
        [
            "kind: roll_up",
            "code: A02",
            "name: 试",
            BASIS,
            "severity: 错误",
            "table: 明细",
            "columns: [金额]",
        ]
    ),
}
SCORES = {
    "C01": criterion_text(
        "C01", '{kind: within, full_at: "≥ 0"}', 40, measure="sum(明细.金额)", missing="pending"
    ),
    "C02": criterion_text(
        "C02",
        '{kind: within, full_at: "≥ 0"}',
        40,
        measure="coalesce(sum(明细.金额), 0)",
        missing="zero",
    ),
    "C03": criterion_text(
        "C03", '{kind: within, full_at: "≥ 0"}', 20, measure="数.甲", applies="count(明细.项目) > 0"
    ),
}
SCHEMAS = {
    name: text + (form if (form := FORMS.get(text.split("table: ")[1].split("\n")[0])) else "")
    for name, text in TABLES.items()
}
SCHEMAS["details.yaml"] = SCHEMAS["details.yaml"].replace("form:", CODED + "form:")


def rules_of(*more):
    ties = {f"{code.lower()}.yaml": tie_text(code, check) for code, check in AGGREGATES.items()}
    return (
        ties | {f"{code.lower()}.yaml": text for code, text in (ROWS | SCORES).items()} | dict(more)
    )


def written(folder, rules, schemas=None):
    """A rulebook and its tables as files; the paths that every command takes."""
    for name, texts in (
        ("rules", {"book.yaml": HEAD.format(total=100, policy="full"), **rules}),
        ("schemas", schemas or SCHEMAS),
    ):
        (folder / name).mkdir(parents=True)
        for file, text in texts.items():
            (folder / name / file).write_text(text, "utf-8")
    return {"rules": str(folder / "rules"), "schemas": str(folder / "schemas")}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return written(tmp_path_factory.mktemp("book"), rules_of())


HEADS = {
    "单位": ("单位代码", "年度", "单位名称"),
    "数": ("单位代码", "年度", "甲", "乙"),
    "明细": ("单位代码", "年度", "项目", "编码", "金额", "是否"),
}
GOOD = {
    "单位": [("U1", "2023", "甲局"), ("U2", "2023", "乙局")],
    "数": [("U1", "2023", "150.00", "5.00"), ("U2", "2023", "150.00", "5.00")],
    "明细": [
        (unit, "2023", code, code, amount, "是")
        for unit in ("U1", "U2")
        for code, amount in (("合计", "50.00"), ("1", "50.00"), ("11", "20.00"), ("12", "30.00"))
    ],
}
TWICE = ("U1", "2023", "3", "13", "80.00", "是")
# Bad rows of the unit U1; the whole unit's table is in doubt, the other unit's is not.
BAD = {
    "a key twice": [TWICE, TWICE],
    "a word that is none": [("U1", "2023", "3", "13", "80.00", "也许")],
    "no key": [("U1", "2023", "", "13", "80.00", "是")],
}
BROKEN = {"a cell too many": [(*TWICE, "多")], "a cell too few": [TWICE[:4]]}


def as_csv(folder, tables):
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text(
            "\n".join(",".join(row) for row in (HEADS[name], *rows)) + "\n", "utf-8"
        )
    return folder


def as_workbooks(folder, tables):
    """One workbook a unit, with a sheet a table."""
    folder.mkdir(parents=True, exist_ok=True)
    for unit in ("U1", "U2"):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for name, rows in tables.items():
            sheet = made.create_sheet(name)
            sheet.append(HEADS[name])
            for row in rows:
                if row[0] == unit:
                    sheet.append(
                        [
                            float(c) if column in ("金额", "甲", "乙") and c else c
                            for column, c in zip(HEADS[name], row, strict=True)
                        ]
                    )
        made.save(folder / f"{unit}.xlsx")
    return folder


def as_parquet(folder, tables, figures="printed"):
    """Figures in 万元, as the description says, or in 元 (`base`)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dataset.yaml").write_text(f"figures: {figures}\n", "utf-8")
    for name, rows in tables.items():
        kinds = [
            "INTEGER"
            if c == "年度"
            else "DECIMAL(18,2)"
            if c in ("金额", "甲", "乙")
            else "VARCHAR"
            for c in HEADS[name]
        ]
        cast = ", ".join(
            f"nullif(r[{i}], '')::{kind} AS \"{c}\""
            for i, (c, kind) in enumerate(zip(HEADS[name], kinds, strict=True), 1)
        )
        con = duckdb.connect()
        con.execute(
            f"CREATE TABLE t AS SELECT {cast} FROM (SELECT unnest(?::VARCHAR[][]) AS r)",
            [[list(row) for row in rows]],
        )
        con.execute(f"COPY t TO '{folder / name}.parquet'")
        con.close()
    return folder


WAYS = {"csv": as_csv, "workbooks": as_workbooks, "parquet": as_parquet}


def verdicts(made, unit):
    return {outcome.code: outcome.verdict for outcome in made.outcomes.of(unit)}


def reads_details(code):
    return code[0] in "TC"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("bad", BAD)
def test_rows_set_aside(bad, way, book, tmp_path):
    """Whatever reads the table is not judged for that unit, says why and names the rows; the other unit is judged."""
    made = audit(WAYS[way](tmp_path / "in", {**GOOD, "明细": [*GOOD["明细"], *BAD[bad]]}), **book)
    own, other = verdicts(made, "U1"), verdicts(made, "U2")
    assert set(own.values()) == {Verdict.UNASSESSABLE}, own
    assert (
        Verdict.UNASSESSABLE not in other.values() and Verdict.UNBALANCED not in other.values()
    ), other
    assert all(
        any(g.kind is GapKind.ASIDE and g.what == "明细" for g in o.gaps)
        for o in made.outcomes.of("U1")
    )
    card = next(
        c for c in page(made.book, made.submission, made.scorecards, {}).cards if c.unit == "U1"
    )
    assert all(
        "有行没有采用：明细(" in " ".join(row.gaps) for row in (*card.tie_outs, *card.criteria)
    )
    told = next(row for row in card.tie_outs if row.code == "T01").gaps
    assert ("明细.csv:" in told[0]) == (way == "csv") and ("U1.xlsx/明细/" in told[0]) == (
        way == "workbooks"
    )
    by = {c.code: c for c in made.outcomes.criteria["U1"]}
    assert (by["C01"].low, by["C01"].high, by["C01"].score, by["C01"].measured) == (
        0,
        40,
        None,
        None,
    )
    assert (by["C02"].low, by["C02"].high, by["C02"].score, by["C02"].measured) == (
        0,
        40,
        None,
        None,
    )
    assert_python_agrees(made)


@pytest.mark.parametrize("bad", BROKEN)
def test_lines_that_are_no_rows(bad, book, tmp_path):
    """A line of a CSV with too many or too few cells is a row of the unit it begins with; without that it may be anybody's."""
    made = audit(as_csv(tmp_path / "in", {**GOOD, "明细": [*GOOD["明细"], *BROKEN[bad]]}), **book)
    assert (
        set(verdicts(made, "U1").values()) == {Verdict.UNASSESSABLE}
        and Verdict.UNASSESSABLE not in verdicts(made, "U2").values()
    )
    made = audit(
        as_csv(tmp_path / "other", {**GOOD, "明细": [*GOOD["明细"], ("", *BROKEN[bad][0][1:])]}),
        **book,
    )
    assert {v for unit in ("U1", "U2") for v in verdicts(made, unit).values()} == {
        Verdict.UNASSESSABLE
    }


def test_a_row_without_a_unit_may_be_anybodys(book, tmp_path):
    made = audit(
        as_csv(tmp_path / "in", {**GOOD, "明细": [*GOOD["明细"], ("", *TWICE[1:])]}), **book
    )
    assert {v for unit in ("U1", "U2") for v in verdicts(made, unit).values()} == {
        Verdict.UNASSESSABLE
    }


def test_what_is_said_within_rows_that_were_taken(book, tmp_path):
    """A row that fails by itself fails, whatever became of the others; a table of one row is whole where that row is there; a sheet of another unit's row too."""
    bad = [("U1", "2023", "4", "14", "-1.00", "是"), TWICE, TWICE]
    made = audit(as_csv(tmp_path / "in", {**GOOD, "明细": [*GOOD["明细"], *bad]}), **book)
    assert (
        verdicts(made, "U1")["A01"] is Verdict.UNBALANCED
        and verdicts(made, "U1")["A02"] is Verdict.UNASSESSABLE
    )
    assert_python_agrees(made)
    rules = written(
        tmp_path / "other",
        {
            "t.yaml": tie_text("T01", "数.甲 = 30 * 数.乙"),
            "u.yaml": tie_text("T02", "coalesce(数.甲, 0) = 0"),
        },
    )
    made = audit(
        as_csv(tmp_path / "one", {**GOOD, "数": [*GOOD["数"], ("U1", "十", "7.00", "7.00")]}),
        **rules,
    )
    assert verdicts(made, "U1") == {"T01": Verdict.BALANCED, "T02": Verdict.UNBALANCED}
    made = audit(as_csv(tmp_path / "twice", {**GOOD, "数": [*GOOD["数"], GOOD["数"][0]]}), **rules)
    assert verdicts(made, "U1") == {"T01": Verdict.UNASSESSABLE, "T02": Verdict.UNASSESSABLE}
    assert [g.kind for g in made.outcomes.of("U1")[0].gaps] == [GapKind.ASIDE] and verdicts(
        made, "U2"
    )["T01"] is Verdict.BALANCED


@pytest.mark.parametrize(
    "year, judged",
    [
        ("2022", (Verdict.UNASSESSABLE, Verdict.BALANCED)),
        ("2021", (Verdict.BALANCED, Verdict.BALANCED)),
    ],
)
def test_the_year_before(year, judged, tmp_path):
    rules = written(
        tmp_path,
        {
            f"{code.lower()}.yaml": tie_text(code, check)
            for code, check in (PRIOR | {"T22": "sum(明细.金额) >= 0"}).items()
        },
    )
    before = [(unit, "2022", *rest) for unit, _year, *rest in GOOD["明细"]]
    bad = ("U1", year, *TWICE[2:])
    made = audit(
        as_csv(tmp_path / "in", {**GOOD, "明细": [*GOOD["明细"], *before, bad, bad]}), **rules
    )
    found = verdicts(made, "U1")
    assert (found["T20"], found["T21"]) == judged and found["T22"] is Verdict.BALANCED
    assert_python_agrees(made)


SHEETS = {
    "two sheets alike": (lambda b: b.copy_worksheet(b["明细"]), "都不采用"),
    "a sheet that cannot be read": (lambda b: b["明细"].delete_cols(3), "明细"),
    "a hidden sheet": (lambda b: setattr(b["明细"], "sheet_state", "hidden"), "隐藏"),
}


@pytest.mark.parametrize("change, words", SHEETS.values(), ids=SHEETS)
def test_sheets_set_aside(change, words, book, tmp_path):
    folder = as_workbooks(tmp_path / "in", GOOD)
    made = openpyxl.load_workbook(folder / "U1.xlsx")
    change(made)
    made.save(folder / "U1.xlsx")
    made = audit(folder, **book)
    assert (
        set(verdicts(made, "U1").values()) == {Verdict.UNASSESSABLE}
        and Verdict.UNASSESSABLE not in verdicts(made, "U2").values()
    )
    assert any(words in p.what or words in str(p.at) for p in made.submission.problems)
    assert_python_agrees(made)


FILES = {"U1_附件.xlsx": "U1", "U1/附件.xlsx": "U1", "附件.xlsx": "", "U12.xlsx": ""}


@pytest.mark.parametrize("name, unit", FILES.items(), ids=FILES)
def test_files_that_cannot_be_read(name, unit, book, tmp_path):
    """A damaged file is its unit's, by its name; it counts for tables that the unit sent nothing else of, and for nothing else."""
    folder = as_workbooks(
        tmp_path / "in", {name: rows for name, rows in GOOD.items() if name != "明细"}
    )
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"PK\x03\x04 none")
    made = audit(folder, **book)
    for code in ("U1", "U2"):
        found = {o.code: o for o in made.outcomes.of(code)}
        lost = unit in ("", code)
        assert [g.kind for g in found["T01"].gaps] == [
            GapKind.ASIDE if lost else GapKind.UNSENT
        ] and found["T01"].verdict is Verdict.UNASSESSABLE
        assert (found["T05"].verdict is Verdict.UNASSESSABLE) == lost
    folder = as_workbooks(tmp_path / "whole", GOOD)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"PK\x03\x04 none")
    made = audit(folder, **book)
    assert (
        Verdict.UNASSESSABLE not in verdicts(made, "U1").values()
        and Verdict.UNASSESSABLE not in verdicts(made, "U2").values()
    )


def test_a_table_that_cannot_be_read(book, tmp_path):
    """A CSV of a table that is no text leaves every unit's table in doubt."""
    folder = as_csv(tmp_path / "in", GOOD)
    (folder / "明细.csv").write_bytes(b"\xff\xff\xff")
    made = audit(folder, **book)
    assert {v for unit in ("U1", "U2") for v in verdicts(made, unit).values()} == {
        Verdict.UNASSESSABLE
    }


UNREAD = {
    "in a folder below": ("科室/明细.csv", {"U1", "U2"}),
    "in a unit's folder": ("U1/明细.csv", {"U1"}),
    "another kind": ("明细.et", {"U1", "U2"}),
    "packed": ("明细.zip", {"U1", "U2"}),
    "not yet whole": ("明细.csv.part", {"U1", "U2"}),
    "no Parquet": ("明细.parquet", {"U1", "U2"}),
    "an attachment beside": ("说明.txt", set()),
    "a broken document called as a table": ("明细.docx", {"U1", "U2"}),
    "a broken document": ("附件.docx", set()),
    "not called as a table": ("附件.et", set()),
    "a unit's, not called as a table": ("U1.et", set()),
    "a table that nobody knows": ("别的.csv", set()),
}


@pytest.mark.parametrize("name, lost", UNREAD.values(), ids=UNREAD)
def test_files_that_nobody_reads(name, lost, book, tmp_path):
    """One called as a table held rows of it, whatever else was sent of the table; of any other nobody knows: it counts for tables of which there is nothing else."""
    folder = as_csv(tmp_path / "in", GOOD)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"x\n1\n")
    made = audit(folder, **book)
    for unit in ("U1", "U2"):
        found = set(verdicts(made, unit).values())
        assert (
            (found == {Verdict.UNASSESSABLE}) if unit in lost else Verdict.UNASSESSABLE not in found
        )
    assert_python_agrees(made)
    (folder / "明细.csv").unlink()
    made = audit(folder, **book)
    decided = {
        unit for unit in ("U1", "U2") if verdicts(made, unit)["T05"] is not Verdict.UNASSESSABLE
    }
    assert decided == ({"U1", "U2"} if name.endswith("txt") else {"U2"} if "U1" in name else set())


SECOND = {
    "the same": ("150.00,万元", True),
    "its unit not said": ("150.00,", True),
    "another figure": ("999.00,万元", False),
    "another unit": ("150.00,元", False),
}


@pytest.mark.parametrize("second, taken", SECOND.values(), ids=SECOND)
def test_a_figure_written_twice(second, taken, book, tmp_path):
    """Two lines of figures.csv for one figure that do not print the same: neither counts, not the first one."""
    folder = as_csv(tmp_path / "in", {**GOOD, "数": GOOD["数"][1:]})
    lines = [
        "数据表,单位代码,年度,列,原文,计量单位,来源,行,前文",
        "数,U1,2023,甲,150.00,万元,,,",
        "数,U1,2023,乙,5.00,万元,,,",
        f"数,U1,2023,甲,{second},,,",
    ]
    (folder / "figures.csv").write_text("\n".join(lines) + "\n", "utf-8")
    made = audit(folder, **book)
    found = verdicts(made, "U1")
    assert (found["T01"], found["T05"]) == (
        (Verdict.BALANCED if taken else Verdict.UNASSESSABLE,) * 2
    )
    assert found["T09"] is Verdict.BALANCED
    told = {p.at.line for p in made.submission.problems if not p.note}
    assert told == ({4} if taken else {2, 4})
    assert made.submission.rows_in == made.submission.rows_accepted + made.submission.rows_set_aside
    assert_python_agrees(made)


def assert_python_agrees(made):
    """The outcomes of every unit, read in plain Python from the rows that were taken and what is known of the others."""
    for unit in made.outcomes.units:
        figures = unit_figures(made.submission, made.book.tables, unit, made.book.year)
        ties = tuple(tie_out(t, made.book, unit, figures) for t in made.book.tie_outs)
        rows = tuple(table_rule(t, made.book, unit, figures) for t in made.book.table_rules)
        scored = doubted(
            made.book,
            tuple(criterion(c, made.book, unit, figures) for c in made.book.criteria),
            (*ties, *rows),
            figures,
        )
        assert (
            made.outcomes.criteria[unit],
            made.outcomes.tie_outs[unit],
            made.outcomes.table_rules[unit],
        ) == (scored, ties, rows)
        if scored:
            assert made.outcomes.totals[unit] == totals(
                made.book, unit, made.outcomes.units[unit], scored
            )


def second_way(data, paths):
    book = load_book(**paths)
    return judge_again(
        book, lambda con: FilledTables(receive(con, data, book.tables).aside_homes(book.year))
    )


@pytest.mark.parametrize("bad", BAD)
def test_great_expectations_agrees(bad, book, tmp_path):
    found = second_way(as_csv(tmp_path / "in", {**GOOD, "明细": [*GOOD["明细"], *BAD[bad]]}), book)
    assert found.differing == () and all(
        units <= 1 for code, units in found.own.items() if reads_details(code)
    )


AMOUNTS = st.sampled_from(("0.00", "1.00", "7.50", "-3.00", "1000.00"))
LINES = st.tuples(
    st.sampled_from(("甲", "乙")),
    st.sampled_from(("合计", "1", "2", "11", "12", "21")),
    AMOUNTS,
    st.sampled_from(("是", "否", "也许", "")),
)


@MANY
@given(st.lists(LINES, max_size=8), st.sampled_from(("0.00", "1.00", "8.50", "100.00")))
def test_set_aside_never_sums(lines, total):
    """Random rows, some of them bad (a key twice, a word that is none): a unit with a row set aside is not judged on the table, by no rule, in SQL or in Python."""
    book = book_of(rules_of(), tables=SCHEMAS)
    rows = [("单位", u, YEAR, {"单位名称": u}) for u in ("甲", "乙")] + [
        ("数", u, YEAR, {"甲": total, "乙": "5.00"}) for u in ("甲", "乙")
    ]
    rows += [
        (
            "明细",
            u,
            YEAR,
            {"项目": code, "编码": code, "金额": amount, **({"是否": word} if word else {})},
        )
        for u, code, amount, word in lines
    ]
    made = audited(book, submission_of(book, rows))
    bad = {
        u
        for u, code, _a, word in lines
        if word == "也许" or sum((u, code) == line[:2] for line in lines) > 1
    }
    for unit in ("甲", "乙"):
        outcomes = made.outcomes.of(unit)
        decided = {o.code for o in outcomes if o.verdict not in UNDECIDED}
        assert unit not in bad or decided <= {"A01"}, (decided, lines)
        assert unit not in bad or all(
            o.verdict is Verdict.UNBALANCED for o in outcomes if o.code in decided
        )
        assert (unit in bad) == any(g.kind is GapKind.ASIDE for o in outcomes for g in o.gaps)
    assert_python_agrees(made)


def audited(book, submission):
    from gouji.app.audits import audit_submission

    return audit_submission(book, submission)


def in_bulk(rows):
    """The same rows as bulk takes them: figures in 元."""
    scaled = {
        name: [
            tuple(
                f"{float(c) * 10000:.2f}" if column in ("金额", "甲", "乙") and c else c
                for column, c in zip(HEADS[name], row, strict=True)
            )
            for row in made
        ]
        for name, made in rows.items()
    }
    return scaled


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "brief"])
@pytest.mark.parametrize("bad", BAD)
def test_bulk(bad, wide, book, tmp_path):
    """The same verdicts over tables of many units, whole or brief."""
    rows = {**GOOD, "明细": [*GOOD["明细"], *BAD[bad]]}
    folder = as_parquet(tmp_path / "in", in_bulk(rows), "base")
    made = audit_bulk(folder, tmp_path / "out", book["rules"], book["schemas"], wide=wide)
    codes = [*AGGREGATES, *ROWS]
    expected = audit(as_csv(tmp_path / "csv", rows), **book)
    cards = {
        r["单位代码"]: r
        for r in duckdb.sql(f"FROM '{made.folder}/scorecards.parquet'").to_arrow_table().to_pylist()
    }
    for unit in ("U1", "U2"):
        wanted = verdicts(expected, unit)
        assert cards[unit]["无法判断"] == sum(v is Verdict.UNASSESSABLE for v in wanted.values())
        totals_ = expected.outcomes.totals[unit]
        assert (cards[unit]["得分"], cards[unit]["得分下限"], cards[unit]["得分上限"]) == (
            totals_.score,
            totals_.low,
            totals_.high,
        )
        if wide:
            (row,) = (
                duckdb.sql(f"FROM '{made.folder}/outcomes/*.parquet' WHERE 单位代码 = '{unit}'")
                .to_arrow_table()
                .to_pylist()
            )
            assert {code: row[f"{code}.结论"] for code in codes} == {
                code: wanted[code].value for code in codes
            }
    found = duckdb.sql(
        f"SELECT 单位代码, 规则 FROM '{made.folder}/findings.parquet' WHERE 类型 = '不平'"
    ).fetchall()
    assert sorted(found) == sorted(
        (unit, code)
        for unit in ("U1", "U2")
        for code, v in verdicts(expected, unit).items()
        if v is Verdict.UNBALANCED
    )
    if wide:
        card = next(c for c in bulk_unit(folder, "U1", **book).cards if c.unit == "U1")
        assert {row.code: row.verdict for row in card.tie_outs} == {
            code: v.value for code, v in verdicts(expected, "U1").items() if code in codes
        }


def test_bulk_without_a_unit(book, tmp_path):
    """A row of nobody may be anybody's, in bulk too."""
    rows = {**GOOD, "明细": [*GOOD["明细"], ("", *TWICE[1:])]}
    made = audit_bulk(
        as_parquet(tmp_path / "in", in_bulk(rows), "base"),
        tmp_path / "out",
        book["rules"],
        book["schemas"],
        wide=False,
    )
    count = len(AGGREGATES) + len(ROWS) + len(SCORES)
    assert duckdb.sql(
        f"SELECT DISTINCT 无法判断 FROM '{made.folder}/scorecards.parquet'"
    ).fetchall() == [(count,)]


def test_marks_of_reviewers(tmp_path):
    """A mark that was set aside leaves the mean open, however many marks are left."""
    book = book_of({"c.yaml": criterion_text("C01", "{kind: judged, reviewers: 2}", 100)})
    rows = [("单位", "甲", YEAR, {"单位名称": "甲"})] + [
        ("评审打分", "甲", YEAR, {"指标代码": "C01", "评审人": name, "评分": "90.0"})
        for name in ("一", "二", "三", "三")
    ]
    made = audited(book, submission_of(book, rows))
    (outcome,) = made.outcomes.criteria["甲"]
    assert (outcome.verdict, outcome.low, outcome.high) == (
        Verdict.UNASSESSABLE,
        0,
        100,
    ) and outcome.gaps[-1].kind is GapKind.ASIDE
    assert_python_agrees(made)


def test_each_row_of_a_key_that_comes_twice_is_named_by_its_cell(book, tmp_path):
    made = audit(as_workbooks(tmp_path, {**GOOD, "明细": [*GOOD["明细"], TWICE, TWICE]}), **book)
    told = [p.at for p in made.submission.problems if "重复" in p.what]
    assert [(at.file, at.sheet, at.cell) for at in told] == [
        ("U1.xlsx", "明细", "C6"),
        ("U1.xlsx", "明细", "C7"),
    ]
