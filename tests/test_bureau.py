"""The bureau's view: counts by hand, and the same from SQL over bulk files as from a page with every unit."""

from dataclasses import replace
from decimal import Decimal

import duckdb
import pyarrow
import pyarrow.parquet
import pytest

from gouji.app import load_book
from gouji.app.bulk import audit_bulk
from gouji.app.bulk_reports import GROUNDS, bulk_bureau, bulk_unit
from gouji.base.faults import DataError
from gouji.base.verdict import Ground, Verdict
from gouji.cli import Exit, main
from gouji.intake import read_folder
from gouji.intake.ledger.tables import HALF
from gouji.report.bureau import BINS, RuleTally, bin_of, bureau, nearest
from gouji.report.heat_map import HeatMap
from gouji.report.html import Libraries, bureau_page
from gouji.report.html.bureau_page import numbers, sentences
from gouji.results.folders import FolderKind, kind_of
from gouji.rules.table import KEPT_PLACES
from reporting import COMPLETE, complete, many

POINTS = pyarrow.decimal128(9, 2)


def test_counts_by_hand():
    b = bureau(complete())
    assert (b.units, b.mean, b.self_mean, b.inflation) == (
        5,
        Decimal("76.32"),
        Decimal("95.50"),
        Decimal("19.18"),
    )
    assert b.grades == {"优": 2, "良": 0, "中": 1, "差": 1, "待定": 1}
    assert sum(b.grounds.values()) == 500 and (
        b.share(Ground.FIGURES),
        b.share(Ground.CONTESTED),
    ) == (Decimal("46.00"), Decimal("1.20"))
    assert b.undecided == 1 and sum(n for *_, n in b.bins) == 4
    assert (b.tally("C21").lost, b.tally("C21").failing) == (7, 3)
    assert b.costly()[0].lost == max(t.lost for t in b.tallies)
    assert all(sum(t.verdicts.values()) == 5 for t in b.tallies)
    assert sum(sum(t.verdicts.values()) for t in b.tallies) == complete().manifest["outcomes"]


def test_a_mean_over_fewer_units_says_over_how_many():
    b = bureau(complete())
    assert b.scored == b.self_units == 4
    assert any(s.startswith("平均自评 ") for s in sentences(b))
    few = replace(b, self_units=3)
    assert any(s.startswith("有自评的 3 个单位，平均自评 ") for s in sentences(few))


SUSPECT = {
    "seven of ten": ({"不平": 7, "平": 3}, True),
    "one less": ({"不平": 69, "平": 31}, False),
    "too few to tell": ({"不平": 4}, False),
    "five of five": ({"不平": 5}, True),
    "what could not be judged does not count": (
        {"不平": 7, "平": 3, "无法判断": 90, "不适用": 50},
        True,
    ),
    "within rounding is a pass": ({"不平": 6, "平(尾差内)": 4}, False),
    "nothing judged": ({"不适用": 9}, False),
}


@pytest.mark.parametrize("verdicts, suspect", SUSPECT.values(), ids=SUSPECT)
def test_suspects(verdicts, suspect):
    assert RuleTally("T01", verdicts, Decimal(0)).suspect is suspect


@pytest.mark.parametrize(
    "score, place",
    [("0", 0), ("4.99", 0), ("5", 1), ("59.99", 11), ("60", 12), ("99.99", 19), ("100", 19)],
)
def test_bins(score, place):
    assert bin_of(Decimal(score), Decimal(100)) == place < BINS


def test_nearest_goes_up_from_a_half():
    assert [nearest(Decimal(x)) for x in ("0.49", "0.50", "95.5", "99.49")] == [0, 1, 96, 99]


def test_a_unit_line_says_what_the_card_says():
    page = many(40)
    for line, card in zip(bureau(page).lines, page.cards, strict=True):
        wrong = [t for t in card.tie_outs if t.verdict == Verdict.UNBALANCED]
        assert (line.unit, line.score, line.findings) == (
            card.unit,
            card.totals.score,
            tuple(t.code for t in wrong),
        )
        assert line.errors + line.verifies + line.notes == len(wrong) + sum(
            bool(r.difference) for r in card.criteria
        )


def write_bulk(page, folder):
    """The files that docs/bulk.md describes, from a page."""
    cards = [
        {
            "单位代码": c.unit,
            "单位名称": c.name,
            "得分": c.totals.score,
            "得分下限": c.totals.low,
            "得分上限": c.totals.high,
            "自评合计": c.totals.self_score,
            "等级": c.totals.grade,
            "等级下限": c.totals.grade_low,
            "等级上限": c.totals.grade_high,
            **{name: c.totals.grounds[g] for g, name in GROUNDS.items()},
        }
        for c in page.cards
    ]
    outcomes = [
        {
            "单位代码": c.unit,
            **{f"{r.code}.结论": r.verdict for r in (*c.criteria, *c.tie_outs)},
            **{f"{r.code}.得分": r.score for r in c.criteria},
            **{f"{r.code}.依据": GROUNDS[Ground(r.ground)] for r in c.criteria},
        }
        for c in page.cards
    ]
    findings = [
        {"单位代码": c.unit, "规则": t.code, "类型": "不平", "级别": t.severity}
        for c in page.cards
        for t in c.tie_outs
        if t.verdict == Verdict.UNBALANCED
    ]
    findings += [
        {"单位代码": c.unit, "规则": r.code, "类型": "自评不符", "级别": "核实"}
        for c in page.cards
        for r in c.criteria
        if r.difference
    ]
    (folder / "outcomes").mkdir()
    for name, rows in (
        ("scorecards", cards),
        ("findings", findings),
        ("outcomes/00000", outcomes[:25]),
        ("outcomes/00001", outcomes[25:]),
    ):
        columns = {k: [r[k] for r in rows] for k in rows[0]}
        arrays = {
            k: pyarrow.array(v, POINTS if any(isinstance(x, Decimal) for x in v) else None)
            for k, v in columns.items()
        }
        pyarrow.parquet.write_table(pyarrow.table(arrays), folder / f"{name}.parquet")


def test_sql_over_bulk_files_counts_as_the_page_does(tmp_path):
    page = many(60)
    write_bulk(page, tmp_path)
    assert kind_of(tmp_path) is FolderKind.BULK
    found, wanted = bulk_bureau(tmp_path, "anning-2023"), bureau(page)
    tallies = {t.code: t for t in found.tallies}
    # Which cells are wrong, in how many units the same ones, and which form a verdict is open for: no table of outcomes tells.
    told = replace(wanted, tallies=(), same=(), unsent=(), heat=HeatMap())
    assert replace(found, head=wanted.head, tallies=()) == told
    assert tallies == {t.code: t for t in wanted.tallies}
    assert [r.code for r in found.head.rules] == [r.code for r in wanted.head.rules]


def test_report_of_a_bulk_run(tmp_path, capsys):
    write_bulk(many(60), tmp_path)
    assert main(["report", str(tmp_path), "--rules", "anning-2023"]) == Exit.CLEAN
    assert {p.name for p in (tmp_path / "report").iterdir()} == {"index.html", "rules.html"}
    capsys.readouterr()


def test_files_of_another_rulebook_are_refused(tmp_path):
    page = many(60)
    write_bulk(
        replace(page, cards=tuple(replace(c, tie_outs=c.tie_outs[1:]) for c in page.cards)),
        tmp_path,
    )
    with pytest.raises(DataError, match=r"[A-Z]+01\.结论"):
        bulk_bureau(tmp_path, "anning-2023")


def test_a_page_without_criteria_has_no_scores():
    page = complete()
    b = bureau(replace(page, cards=tuple(replace(c, criteria=(), groups=()) for c in page.cards)))
    assert (b.mean, b.self_mean, b.bins, b.units) == (None, None, (), 5)
    assert "T13" in bureau_page(b, Libraries("", "var x=1;export{x as default};"))


def test_forms_that_were_not_sent_are_counted():
    page = complete()
    counted = {form.table: (form.units, form.open_verdicts) for form in bureau(page).unsent}
    assert counted
    for table, (units, open_verdicts) in counted.items():
        without = [[t for t in c.tie_outs if table in t.unsent] for c in page.cards]
        assert units == sum(map(bool, without)) and open_verdicts == sum(map(len, without))
    assert [form.open_verdicts for form in bureau(page).unsent] == sorted(
        (n for _, n in counted.values()), reverse=True
    )


def test_a_page_without_grades_shows_its_numbers():
    page = complete()
    b = bureau(replace(page, cards=tuple(replace(c, criteria=(), groups=()) for c in page.cards)))
    shown = dict((what, number) for number, what in numbers(b))
    assert shown["审核的单位"] == "5" and shown["不平的结论"] == str(
        sum(t.verdict == Verdict.UNBALANCED for c in page.cards for t in c.tie_outs)
    )
    decided = sum(t.verdict != Verdict.NOT_APPLICABLE for c in page.cards for t in c.tie_outs)
    open_verdicts = sum(t.verdict == Verdict.UNASSESSABLE for c in page.cards for t in c.tie_outs)
    assert shown["无法判断"] == f"{100 * open_verdicts / decided:.1f}%"
    html = bureau_page(b, Libraries("", "var x=1;export{x as default};"))
    assert all(f"<b>{number}</b>" in html for number in shown.values()) and 'id="unsent"' in html


def test_grounds_all_have_a_column():
    assert set(GROUNDS) == set(Ground)


# From the data to the pages, through a bulk audit -------------------------------------------------------------------------------------------


def write_tables(submission, tables, folder):
    """The rows of a submission as the Parquet files that a bulk audit reads, each figure with half its last place."""
    folder.mkdir()
    for name, rows in submission.rows.items():
        columns = {}
        for column in tables[name].columns:
            cells = [r.cells.get(column.name) for r in rows]
            kept = KEPT_PLACES.get(column.type, 0)
            columns[column.name] = pyarrow.array(
                [c and c.value for c in cells],
                pyarrow.decimal128(18, kept) if column.numeric else pyarrow.string(),
            )
            if column.numeric and not column.exact:
                columns[column.name + HALF] = pyarrow.array(
                    [c and c.half for c in cells], pyarrow.decimal128(18, kept + 1)
                )
        pyarrow.parquet.write_table(pyarrow.table(columns), folder / f"{name}.parquet")


@pytest.fixture(scope="module")
def bulk_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bulk")
    book = load_book("anning-2023")
    write_tables(read_folder(COMPLETE, book.tables), book.tables, folder / "data")
    audit_bulk(folder / "data", folder / "run", "anning-2023")
    return folder


def test_the_bureau_page_of_a_bulk_audit_is_that_of_the_audit(bulk_run):
    found, wanted = bulk_bureau(bulk_run / "run"), bureau(complete())
    # Which cells are wrong, in how many units the same ones, and which form a verdict is open for: no table of outcomes tells.
    told = replace(wanted, tallies=(), same=(), unsent=(), heat=HeatMap())
    assert replace(found, head=wanted.head, tallies=()) == told
    assert {t.code: t for t in found.tallies} == {t.code: t for t in wanted.tallies}


def test_a_unit_out_of_bulk_data_is_judged_as_in_its_audit(bulk_run):
    """The same outcomes, readings and next grade; only the places differ, and how a figure was typed."""
    for wanted in (c for c in complete().cards if c.unit in ("ANCG001B", "ANCG001E")):
        (found,) = bulk_unit(bulk_run / "data", wanted.unit, "anning-2023").cards
        assert (found.totals, found.groups, found.readings) == (
            wanted.totals,
            wanted.groups,
            wanted.readings,
        )
        for a, b in zip(
            (*found.criteria, *found.tie_outs), (*wanted.criteria, *wanted.tie_outs), strict=True
        ):
            assert (a.code, a.verdict, a.parts.exact, a.parts.span) == (
                b.code,
                b.verdict,
                b.parts.exact,
                b.parts.span,
            )
        assert all(
            t.at
            for r in found.tie_outs
            for t in r.parts.terms
            if t.exact and t.sign != "·" and "(" not in t.name
        )


def test_commands_on_a_bulk_run(bulk_run, tmp_path, capsys):
    run, data = str(bulk_run / "run"), str(bulk_run / "data")
    assert (
        main(
            [
                "report",
                run,
                "--unit",
                "ANCG001B",
                "--data",
                data,
                "--format",
                "html",
                "--format",
                "docx",
                "--out",
                str(tmp_path),
            ]
        )
        == Exit.CLEAN
    )
    assert {p.name for p in tmp_path.rglob("unit-*")} == {
        "unit-ANCG001B.html",
        "unit-ANCG001B.docx",
    }
    assert (
        main(["report", run, "--unit", "ANCG001B"]) == Exit.UNUSABLE
        and "--data" in capsys.readouterr().err
    )
    assert (
        main(["report", run, "--format", "xlsx"]) == Exit.UNUSABLE
        and "--unit" in capsys.readouterr().err
    )
    assert main(["report", run, "--unit", "nobody", "--data", data]) == Exit.UNUSABLE
    capsys.readouterr()


def test_a_bulk_run_as_one_database(bulk_run, tmp_path):
    run = bulk_run / "run"
    con = duckdb.connect(str(tmp_path / "gouji.duckdb"))
    for name, files in (
        ("scorecards", "scorecards.parquet"),
        ("findings", "findings.parquet"),
        ("outcomes", "outcomes/*.parquet"),
    ):
        con.execute(f"CREATE TABLE {name} AS FROM '{run / files}'")
    con.close()
    assert (
        kind_of(tmp_path) is FolderKind.BULK
        and bulk_bureau(tmp_path, "anning-2023").lines == bulk_bureau(run).lines
    )
