"""Nights name the cells that are probably wrong: kept with the run, carried over, compared, told; and left out, with a word, where too many units fail."""

import json
import shutil

import pytest

from gouji.app import night_inputs as nights
from gouji.app.comparing import as_json, compare_runs, lines
from gouji.app.notify import digest
from gouji.app.replaying import replay
from gouji.app.run_night import night
from gouji.cli import main
from gouji.results.store import read_table
from nights import results, submit, workspace

GOOD, WRONG = {}, {"left": "4.00"}


def causes(made):
    return [row for row in read_table(made.folder, "causes") if row["kind"] == "cause"]


def test_causes_are_kept_with_the_run_and_shown_on_its_pages(tmp_path):
    made = night(workspace(tmp_path, A=GOOD, B=WRONG))
    (found,) = causes(made)
    assert (found["unit"], found["codes"]) == ("B", ["T01"]) and "→" in found["line"]
    assert made.manifest["counts"]["causes"] == 1
    cards = {c["unit"]: c for c in json.loads((made.folder / "audit.json").read_text())["cards"]}
    assert cards["A"]["causes"] == [] and cards["B"]["causes"][0]["line"] == found["line"]
    assert "处原因" in (made.folder / "audit.txt").read_text()


def test_what_is_carried_over_keeps_its_causes_and_fingerprints(tmp_path):
    root = workspace(tmp_path, A=GOOD, B=WRONG)
    one = night(root)
    submit(root, "A", left="7.00")
    two = night(root)
    assert two.work.carried == ["B"]
    assert [c["fingerprint"] for c in causes(one)] == [
        c["fingerprint"] for c in causes(two) if c["unit"] == "B"
    ]
    assert results(night(root, full=True).folder) == results(night(root).folder)


def test_a_replay_finds_the_same(tmp_path):
    root = workspace(tmp_path, A=GOOD, B=WRONG)
    made = night(root)
    shutil.rmtree(root / "submissions")
    assert replay(made.folder, root / "objects").differing == ()


def test_without_locating(tmp_path, capsys):
    root = workspace(tmp_path, A=GOOD, B=WRONG)
    code = main(["night", str(root), "--no-locate"])
    assert "原因" not in capsys.readouterr().out
    assert main(["night", str(root)]) == code and "多半的原因 1 处" in capsys.readouterr().out
    # Nothing is carried over into a night that does not locate.
    made = night(root, locate=False)
    assert causes(made) == [] and "causes" not in made.manifest["counts"]


def test_too_many_failing_units_are_left_out_and_where_to_ask_is_said(
    tmp_path, monkeypatch, capsys
):
    root = workspace(tmp_path, A=WRONG, B=WRONG, C=GOOD)
    monkeypatch.setattr(nights, "LOCATE_AT_MOST", 1)
    made = night(root)
    assert causes(made) == [] and made.manifest["counts"]["not_located"] == 2
    main(["night", str(root)])
    said = capsys.readouterr().out
    assert "2 个单位不平" in said and "gouji report" in said and "--unit" in said
    # One of them is put right: what was carried over without causes is located now.
    submit(root, "B")
    made = night(root)
    assert [c["unit"] for c in causes(made)] == ["A"]
    assert made.manifest["counts"]["not_located"] == 0
    assert results(night(root, full=True).folder) == results(made.folder)


def test_runs_are_compared_by_cause(tmp_path):
    root = workspace(tmp_path, A=WRONG, B=GOOD)
    one = night(root)
    submit(root, "A")
    submit(root, "B", left="9.00")
    two = night(root)
    found = compare_runs(root, str(one.folder), str(two.folder))
    assert [c["unit"] for c in found.new_causes] == ["B"]
    assert [c["unit"] for c in found.gone_causes] == ["A"]
    told = "\n".join(lines(found, 10))
    assert "新的原因：1" in told and "不见了的原因：1" in told
    assert json.loads(as_json(found))["new_causes"][0]["unit"] == "B"
    assert compare_runs(root, str(two.folder), str(two.folder)).new_causes == ()


@pytest.mark.parametrize("locate", [True, False])
def test_the_digest_lists_causes(tmp_path, locate):
    made = night(workspace(tmp_path, A=GOOD, B=WRONG), locate=locate)
    body, _changed = digest(made.folder, None, "关", 10)
    assert ("可能是其中一格" in body) is locate


def test_a_run_that_knew_no_causes_can_be_compared(tmp_path):
    root = workspace(tmp_path, A=WRONG)
    one, two = night(root), night(root)
    (one.folder / "causes.parquet").unlink()
    assert len(compare_runs(root, str(one.folder), str(two.folder)).new_causes) == 1
