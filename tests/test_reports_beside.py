"""Reports beside workbooks: each is that of a unit that the workbooks made known, or is told; nights and what-if read them too."""

import random

import pytest

import gouji
from gouji.app.night_reports import night_bureau
from gouji.app.replaying import Replayed, replay
from gouji.app.run_night import night
from gouji.app.two_books import what_if_audit
from gouji.base.verdict import Verdict
from gouji.intake.ledger.known_units import KnownUnits
from gouji.intake.report_owner import owned
from gouji.results import read_table
from nights import BASIS, submit, workspace

TABLE = """
table: 说明
grain: one
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 收入, type: money, unit: 万元, places: 2}
  - {name: 支出, type: money, unit: 万元, places: 2}
"""
TIE = f"""
kind: text_tie
table: 说明
{BASIS}
ties:
  - {{column: 收入, pattern: '本年收入«A»'}}
  - {{column: 支出, pattern: '本年支出«A»'}}
examples: [{{text: 本年收入1.00万元。, expect: [说明.收入 = 1.00万元]}}]
"""
RULE = f"""
kind: tie_out
code: T04
name: 说明的收入等于报表
{BASIS}
check: 说明.收入 = 决算.收入
severity: 错误
"""
TITLE = "2023年度部门决算\n本年收入{income}万元。\n"


def with_texts(root):
    """The small book, and a pattern of a table that only sentences fill."""
    (root / "schemas" / "said.yaml").write_text(TABLE, "utf-8")
    (root / "book" / "t04.yaml").write_text(RULE, "utf-8")
    (root / "book" / "text").mkdir()
    (root / "book" / "text" / "said.yaml").write_text(TIE, "utf-8")
    return root


def sent(root, *units, kind="xlsx"):
    """Workbooks of units, all in one folder."""
    folder = root / "sent"
    folder.mkdir()
    for unit, name in units:
        made = submit(root, "x", unit, title=name, kind=kind)
        for path in made.iterdir():
            path.rename(folder / path.name.replace("x.xlsx", f"{unit}.xlsx"))
    return folder


def verdicts(root, data):
    made = gouji.audit(data, root / "book", root / "schemas")
    said = [p.what for p in made.submission.problems if p.at.file.endswith(".txt")]
    return {c.unit: _of(made, c.unit) for c in made.scorecards}, said


def _of(made, unit):
    return next(o.verdict for o in made.outcomes.of(unit) if o.code == "T04")


OPEN = Verdict.UNASSESSABLE
# File, its title, which units are judged by it, how often something is told.
WHOSE = {
    "the unit of the title": ("说明.txt", "甲县水利局", {"A"}, 0),
    "the code in the file name": ("B_说明.txt", "", {"B"}, 0),
    "the name in the file name": ("甲县林业局说明.txt", "", {"B"}, 0),
    "an unknown name, the code in the file name": ("B_说明.txt", "乙县林业局", {"B"}, 1),
    "title and file name differ": ("B_说明.txt", "甲县水利局", set(), 1),
    "an unknown name": ("说明.txt", "乙县农业局", set(), 1),
    "no name at all": ("说明.txt", "", set(), 1),
}


@pytest.mark.parametrize("file, name, units, told", WHOSE.values(), ids=WHOSE)
def test_a_report_is_that_of_a_unit_the_workbooks_name(file, name, units, told, tmp_path):
    root = with_texts(workspace(tmp_path / "w"))
    folder = sent(root, ("A", "甲县水利局"), ("B", "甲县林业局"))
    (folder / file).write_text(name + TITLE.format(income="100.00"), "utf-8")
    found, said = verdicts(root, folder)
    assert {unit for unit, verdict in found.items() if verdict is Verdict.BALANCED} == units
    assert set(found) == {"A", "B"} and len(said) == told


def test_a_report_in_the_folder_of_one_unit(tmp_path):
    root = with_texts(workspace(tmp_path / "w"))
    folder = root / "sent"
    for unit in "AB":
        made = submit(root, "x", unit, kind="xlsx")
        (folder / unit).mkdir(parents=True)
        (made / "x.xlsx").rename(folder / unit / "表.xlsx")
    (folder / "B" / "说明.txt").write_text("本年收入99.00万元。\n", "utf-8")
    found, said = verdicts(root, folder)
    assert found == {"A": OPEN, "B": Verdict.UNBALANCED} and said == []


def test_a_row_that_is_refused_is_the_right_one(tmp_path):
    """Rows of reports are numbered behind those of workbooks: what the gate says of one is said of it."""
    root = with_texts(workspace(tmp_path / "w"))
    folder = sent(root, ("A", "甲县水利局"), ("B", "甲县林业局"))
    path = root / "schemas" / "said.yaml"
    path.write_text(TABLE.replace("places: 2}", "places: 2, null: never}"), "utf-8")
    text = "甲县水利局" + TITLE.format(income="100.00")
    (folder / "说明.txt").write_text(text, "utf-8")
    made = gouji.audit(folder, root / "book", root / "schemas")
    (one,) = [p for p in made.submission.problems if p.table == "说明"]
    assert one.at.file == "说明.txt" and one.at.column == "支出"
    assert made.submission.rows_in == made.submission.rows_accepted + made.submission.rows_set_aside


def test_two_reports_of_one_unit(tmp_path):
    """The first gives a figure; what the second says otherwise is told, what it alone says is taken."""
    root = with_texts(workspace(tmp_path / "w"))
    folder = sent(root, ("A", "甲县水利局"))
    for number, text in enumerate(
        ("本年收入100.00万元。", "本年收入99.00万元。本年支出1.00万元。")
    ):
        (folder / f"{number}.txt").write_text("甲县水利局2023年度部门决算\n" + text, "utf-8")
    made = gouji.audit(folder, root / "book", root / "schemas")
    (row,) = made.submission.rows["说明"]
    assert {k: int(row.cells[k].value) for k in ("收入", "支出")} == {
        "收入": 1_000_000,
        "支出": 10_000,
    }
    (told,) = [p for p in made.submission.problems if p.table == "说明"]
    assert told.at.file == "1.txt" and "99.00" in told.what and "100.00" in told.what


def test_a_night_reads_reports(tmp_path):
    """A report that changes has its unit judged anew, and its unit alone; a replay makes the same of it."""
    root = with_texts(workspace(tmp_path / "w", A={"kind": "xlsx"}, B={"kind": "csv"}))
    for unit in "AB":
        path = root / "submissions" / unit / "说明.txt"
        path.write_text(f"单位{unit}" + TITLE.format(income="100.00"), "utf-8")
    first = night(root)
    assert told(first) == {"A": "balanced", "B": "balanced"}
    (root / "submissions" / "A" / "说明.txt").write_text(
        "单位A" + TITLE.format(income="99.00"), "utf-8"
    )
    second = night(root)
    assert told(second) == {"A": "unbalanced", "B": "balanced"}
    assert (second.work.judged, second.work.carried) == (["A"], ["B"])
    assert replay(second.folder, root / "objects").differing == ()


def told(made):
    """T04 of every unit in a run."""
    return {
        o["unit"]: Verdict(o["verdict"]).name.lower()
        for o in read_table(made.folder, "outcomes")
        if o["code"] == "T04"
    }


def test_another_book_is_held_against_reports_too(tmp_path):
    root = with_texts(workspace(tmp_path / "w"))
    folder = sent(root, ("A", "甲县水利局"))
    (folder / "说明.txt").write_text("甲县水利局" + TITLE.format(income="99.00"), "utf-8")
    other = root / "other"
    (root / "book").rename(other)
    (root / "book").mkdir()
    for path in other.rglob("*.yaml"):
        into = root / "book" / path.relative_to(other)
        into.parent.mkdir(exist_ok=True)
        into.write_text(path.read_text("utf-8"), "utf-8")
    (other / "t04.yaml").write_text(RULE.replace("= 决算", "<= 决算"), "utf-8")
    found = what_if_audit(folder, root / "book", other, root / "schemas")
    assert [str(line) for line in found.changes.rules if "T04" in str(line)] != []


KNOWN = {"A1": "甲县水利局", "A2": "甲县水利局灌区站", "A3": "甲县林业局", "A4": "甲县林业局"}
OWNERS = {
    "a longer name is not the shorter one": ("x.txt", "", ["甲县水利局灌区站简介"], "A2"),
    "a code on the first lines": ("x.txt", "", ["单位代码：A1"], "A1"),
    "two units of one name": ("x.txt", "甲县林业局", [], ""),
    "two of one name, the code in the file name": ("A4 说明.txt", "甲县林业局", [], "A4"),
    "a longer name in the file name": ("甲县水利局灌区站.txt", "", [], "A2"),
    "two names on the first lines": ("x.txt", "", ["甲县水利局", "甲县水利局灌区站"], ""),
}


@pytest.mark.parametrize("file, name, first, unit", OWNERS.values(), ids=OWNERS)
def test_whose(file, name, first, unit):
    known = KnownUnits()
    for code, called in KNOWN.items():
        known.add(code, called, "表.csv")
    made = owned(file, name, first, known, False)
    assert made.unit == unit and bool(made.what) == (not unit)


SIGNS = [chr(c) for c in range(0x4E00, 0x4E00 + 2000)]


def passage(seed):
    """A long passage of made-up words."""
    return "".join(random.Random(seed).choices(SIGNS, k=200)) + "。"


def shared(root, texts):
    """Reports of units, each with passages by their seeds; what is told of passages that two of them share."""
    folder = sent(root, *((unit, f"单位{unit}") for unit in texts))
    for unit, seeds in texts.items():
        words = "\n".join(map(passage, seeds))
        said = f"单位{unit}" + TITLE.format(income="100.00") + words + "\n"
        (folder / f"{unit}_说明.txt").write_text(said, "utf-8")
    made = gouji.audit(folder, root / "book", root / "schemas")
    return [
        (p.at.file, p.at.line, p.what[:20], p.note)
        for p in made.submission.problems
        if "雷同" in p.what
    ]


SHARED = {
    "a passage of another unit": (
        {"A": [1, 2], "B": [3, 2]},
        [("B_说明.txt", 4, "与 A_说明.txt 第4行雷同 100", True)],
    ),
    "each its own": ({"A": [1], "B": [2]}, []),
    "what stands in many is a template": ({unit: [7] for unit in "ABCDEF"}, []),
}


@pytest.mark.parametrize("texts, expected", SHARED.values(), ids=SHARED)
def test_passages_that_two_units_share_are_told(texts, expected, tmp_path):
    assert shared(with_texts(workspace(tmp_path / "w")), texts) == expected


def test_two_reports_of_one_unit_and_year_may_say_the_same(tmp_path):
    root = with_texts(workspace(tmp_path / "w"))
    folder = sent(root, ("A", "甲县水利局"))
    for number in (1, 2):
        said = "甲县水利局" + TITLE.format(income="100.00") + passage(5)
        (folder / f"{number}.txt").write_text(said, "utf-8")
    made = gouji.audit(folder, root / "book", root / "schemas")
    assert not [p for p in made.submission.problems if "雷同" in p.what]


def written(root, unit, year, *seeds):
    """A report of a unit and year in the workspace, in place of any other."""
    words = "\n".join(map(passage, seeds))
    title = TITLE.format(income="100.00").replace("2023", str(year))
    path = root / "submissions" / unit / "说明.txt"
    path.write_text(f"单位{unit}{title}{words}\n", "utf-8")


def copied(made):
    """Place and beginning of what a night tells of shared passages, in its results and on its page."""
    rows = [
        (r["place"], r["what"].partition("%")[0])
        for r in read_table(made.folder, "shared_passages")
    ]
    page = (made.folder / "audit.txt").read_text("utf-8")
    assert page.count("雷同") == len(rows)
    return rows


def test_a_night_compares_what_came_with_what_lay_there(tmp_path):
    """What was carried over is compared too, in both directions, and told once; a replay says the same."""
    root = with_texts(workspace(tmp_path / "w", A={"kind": "csv"}, B={"kind": "csv"}))
    written(root, "A", 2023, 1, 2)
    written(root, "B", 2023, 3)
    assert copied(night(root)) == []
    written(root, "B", 2023, 3, 2)
    told_of_b = [("B/说明.txt:4", "与 A/说明.txt 第4行雷同 100")]
    second, third = night(root), night(root)
    assert second.work.carried == ["A"] and third.work.judged == []
    assert copied(second) == copied(third) == told_of_b
    assert replay(third.folder, root / "objects") == Replayed((), ())
    written(root, "A", 2023, 1)
    assert copied(night(root)) == []


def test_a_night_knows_last_years_reports(tmp_path):
    """Last year's report is gone, this year's says the same: told with the run that read it, every night from then on; so is another unit's that copies it."""
    root = with_texts(workspace(tmp_path / "w", A={"kind": "csv"}, B={"kind": "csv"}))
    written(root, "A", 2022, 1, 2)
    assert copied(night(root)) == []
    written(root, "A", 2023, 4, 2)
    told_of_a = ("A/说明.txt:4", "与第 1 次运行的 A/说明.txt 第4行雷同 100")
    second, third = night(root), night(root, full=True)
    assert copied(second) == copied(third) == [told_of_a]
    assert replay(third.folder, root / "objects") == Replayed((), ())
    written(root, "B", 2023, 1)
    told_of_b = ("B/说明.txt:3", "与第 1 次运行的 A/说明.txt 第3行雷同 100")
    fourth = night(root)
    assert copied(fourth) == [told_of_a, told_of_b]
    assert {w for _p, w, _m in night_bureau(fourth.folder).head.remarks if "雷同" in w} != set()


def test_a_report_that_is_filed_again_is_no_copy(tmp_path):
    """A corrected report replaces its own first version, of this year or of last."""
    root = with_texts(workspace(tmp_path / "w", A={"kind": "csv"}))
    for year, seeds in ((2022, [1]), (2022, [1, 2]), (2023, [5]), (2023, [5, 6])):
        written(root, "A", year, *seeds)
        assert copied(night(root)) == []


def test_older_reports_than_last_years_are_not_kept(tmp_path):
    root = with_texts(workspace(tmp_path / "w", A={"kind": "csv"}))
    written(root, "A", 2021, 1)
    night(root)
    written(root, "A", 2023, 1)
    second = night(root)
    assert copied(second) == [] and read_table(second.folder, "passages_before") == []
