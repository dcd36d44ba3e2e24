"""What a unit filed and does not file any more: no relation fails by it, and yet the gate is shut until it is filed again or accepted. A unit that files twice is that unit's problem."""

import shutil

import pytest

from gouji.app.replaying import replay
from gouji.app.run_night import night
from gouji.cli import main
from gouji.results.store import read_table
from nights import CONFIG, book_of, submit, workspace

LOST = "门禁上次开着时判断了的规则，这次有 {n} 条无法判断或待评定：{codes}"
GONE = "门禁上次开着时报了的单位，这次什么也没有报"


@pytest.fixture
def root(tmp_path):
    made = workspace(tmp_path / "w", A={}, B={"kind": "xlsx"}, C={"prior": "90.00"})
    assert night(made).gate.state == "open"
    return made


def told(run):
    return [(f["unit"], f["severity"], f["text"]) for f in read_table(run.folder, "findings")]


def lost(unit, *codes):
    return unit, "错误", LOST.format(n=len(codes), codes="、".join(codes))


def begins(run, *wanted):
    """Whether these findings are there and no others; of each text the beginning."""
    return [(u, s, t.partition("（")[0]) for u, s, t in told(run)] == sorted(wanted)


def without(name):
    return lambda at: (at / f"C/{name}.csv").unlink()


def blank(line, column):
    def change(at):
        path = at / "C/决算.csv"
        rows = [row.split(",") for row in path.read_text("utf-8").splitlines()]
        rows[line][column] = ""
        path.write_text("\n".join(map(",".join, rows)) + "\n", "utf-8")

    return change


def without_a_sheet(at):
    submit(at.parent, "C", prior="90.00")
    (at / "C/明细.csv").unlink()
    book_of(at / "C", "C.xlsx")


def without_the_year_before(at):
    submit(at.parent, "C")


CHANGES = {
    "a table": (without("明细"), lost("C", "T02")),
    "the main table": (without("决算"), lost("C", "C01", "T01", "T02", "T03")),
    "a figure": (blank(1, 4), lost("C", "T01")),
    "a sheet, and all as a workbook": (without_a_sheet, lost("C", "T02")),
    "the year before": (without_the_year_before, lost("C", "T03")),
}


@pytest.mark.parametrize("change, finding", CHANGES.values(), ids=CHANGES)
def test_what_is_not_filed_any_more_shuts_the_gate(change, finding, root):
    change(root / "submissions")
    for _again in range(2):  # Sleeping over it does not make it old.
        made = night(root)
        assert made.gate.state == "closed" and begins(made, finding)
    submit(root, "C", prior="90.00")
    made = night(root)
    assert made.gate.state == "open" and told(made) == []


def test_a_score_that_waits_for_its_figure_is_lost_too(tmp_path):
    root = workspace(tmp_path / "w", A={}, C={})
    spoil(root / "book/c01.yaml", "missing: as_reported", "missing: pending")
    assert night(root).gate.state == "open"
    blank(1, 3)(root / "submissions")
    made = night(root)
    assert made.gate.state == "closed" and begins(made, lost("C", "C01", "T01", "T02"))


def test_a_unit_that_is_gone(root):
    shutil.rmtree(root / "submissions/A")
    made = night(root)
    assert made.gate.state == "closed" and told(made) == [("A", "错误", GONE)]
    assert night(root).gate.state == "closed"


def test_what_was_accepted_is_not_told_again(root):
    without("明细")(root / "submissions")
    assert night(root).gate.state == "closed"
    assert (
        main(["baseline", "set", "--author", "甲", "--reason", "不再报", "--workspace", str(root)])
        == 0
    )
    assert night(root).gate.state == "open"
    made = night(root)
    assert made.gate.state == "open" and told(made) == []


def test_what_was_never_filed_is_not_missed(tmp_path):
    made = workspace(tmp_path / "w", A={"parts": ()}, B={})
    assert [night(made).gate.state for _night in range(2)] == ["open", "open"]


def test_a_cause_that_is_told_is_not_told_twice(root):
    (root / "submissions/C/明细.csv").write_text("什么,也,不是\n1,2,3\n", "utf-8")
    made = night(root)
    assert made.gate.state == "closed"
    assert not any(text.startswith(LOST[:10]) for _unit, _severity, text in told(made))


def spoil(path, was, now):
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), "utf-8")


def test_a_problem_of_another_unit_explains_nothing(tmp_path):
    """Two units in one submission: what is wrong with the one does not say why the other has lost a form."""
    root = workspace(tmp_path / "w", A={}, C={})
    for path in (root / "submissions/C").iterdir():
        lines = path.read_text("utf-8").splitlines(keepends=True)
        with (root / "submissions/A" / path.name).open("a", encoding="utf-8") as into:
            into.writelines(lines[1:])
    shutil.rmtree(root / "submissions/C")
    assert night(root).gate.state == "open"
    parts = root / "submissions/A/明细.csv"
    kept = [line for line in parts.read_text("utf-8").splitlines() if not line.startswith("C")]
    parts.write_text("\n".join(kept) + "\n", "utf-8")
    spoil(parts, "7.00", "七")
    found = [(unit, text.partition("（")[0]) for unit, _severity, text in told(night(root))]
    assert ("C", lost("C", "T02")[2]) in found


def test_a_problem_that_the_gate_lets_pass_explains_nothing(tmp_path):
    """It was there before the form went missing."""
    config = CONFIG.replace("错误: {at_most: 0}", "错误: {at_most: 1}")
    root = workspace(tmp_path / "w", config, A={}, C={})
    spoil(root / "submissions/C/明细.csv", "7.00", "七")
    assert night(root).gate.state == "open"
    blank(1, 4)(root / "submissions")
    made = night(root)
    assert made.gate.state == "closed"
    assert lost("C", "T01")[2] in [text.partition("（")[0] for _u, _s, text in told(made)]


def test_what_a_problem_explained_is_told_once_it_does_not(tmp_path):
    """A gate that lets a problem pass does not forget what was decided before it."""
    config = CONFIG.replace("错误: {at_most: 0}", "错误: {at_most: 1}")
    root = workspace(tmp_path / "w", config, A={}, C={})
    assert night(root).gate.state == "open"
    spoil(root / "submissions/C/明细.csv", "7.00", "七")
    made = night(root)
    assert made.gate.state == "open" and len(told(made)) == 1
    made = night(root)
    assert made.gate.state == "closed"
    assert lost("C", "T02")[2] in [text.partition("（")[0] for _u, _s, text in told(made)]


def test_the_pages_of_a_run_say_it(root):
    without("明细")(root / "submissions")
    made = night(root)
    assert main(["report", str(made.folder), "--format", "text"]) in (0, 1)
    for page in (made.folder / "audit.txt", made.folder / "report/report.txt"):
        words = "".join(page.read_text("utf-8").split())
        assert "C单位C：" + "".join(lost("C", "T02")[2].split()) in words


def test_such_a_run_is_replayed(root):
    without("明细")(root / "submissions")
    made = night(root)
    assert replay(made.folder, root / "objects").differing == ()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_units_that_all_file_twice_are_problems_of_theirs(kind, tmp_path):
    made = workspace(
        tmp_path / "w",
        A1={"unit": "A", "kind": kind},
        A2={"unit": "A", "kind": kind, "income": "101.00"},
    )
    assert main(["night", str(made)]) == 1
    assert told(night(made)) != []
    shutil.rmtree(made / "submissions/A2")
    assert main(["night", str(made)]) == 0


@pytest.mark.parametrize("was, now", [("2023", "2024"), ("book: mini", "book: other")])
def test_another_year_and_another_book_are_a_beginning(was, now, root):
    """What the book of last year decided is not lost because nobody has filed for this year yet."""
    book = root / "book/book.yaml"
    book.write_text(book.read_text("utf-8").replace(was, now), "utf-8")
    for name in "AC":
        shutil.rmtree(root / "submissions" / name)
    for _again in range(2):
        made = night(root)
        assert not any(t.startswith(LOST[:10]) or t == GONE for _u, _s, t in told(made))
