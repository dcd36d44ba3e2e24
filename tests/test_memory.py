"""Memory does not grow with the number of units: what is put away is what would have stood in memory, and few values stand there at a time."""

import errno
import gc
import io
import json as plain_json
import os
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

import gouji
from gouji.app import audits, page_of, summary_of
from gouji.base.faults import EngineError
from gouji.base.files import whole_file
from gouji.base.lazy_values import AHEAD, Lazily, Looked
from gouji.base.outcome import CriterionOutcome, TieOutcome
from gouji.base.plain import escaped
from gouji.cli import Exit, main
from gouji.cli import audit as cli
from gouji.intake.ledger import temporary_tables as scratch
from gouji.report import json, make_page, summary, text
from gouji.report.depth import Depth
from gouji.report.make_page import MADE_AT_MOST
from gouji.report.page_of_unit import Card, ReportPage
from gouji.results import Scorecard, row_store
from gouji.run import engine
from reporting import COMPLETE, complete, hostile

ROOT = Path(__file__).parent.parent
COUNTY, BOOK = ROOT / "datasets" / "county-demo", "final-accounts"
UNITS = 43


@pytest.fixture(scope="module")
def few():
    """The audit of a county with everything in memory."""
    return gouji.audit(COUNTY, BOOK)


@pytest.fixture(scope="module")
def many():
    """The same put away."""
    with pytest.MonkeyPatch.context() as patch:
        put_away(patch, "200MB")
        return gouji.audit(COUNTY, BOOK)


def put_away(monkeypatch, kept="512MB"):
    """From now on a few units are many, and lie in files."""
    monkeypatch.setattr(engine, "FEW_UNITS", 2)
    monkeypatch.setattr(row_store, "UNITS_AT_A_TIME", 4)
    monkeypatch.setattr(row_store, "AT_A_TIME", 3)
    monkeypatch.setattr(row_store, "IN_MEMORY_BYTES", 1)
    monkeypatch.setattr(scratch, "IN_MEMORY_BYTES", 0)
    monkeypatch.setattr(scratch, "KEPT", kept)
    monkeypatch.setattr(audits, "KEPT", kept)


def alive(*kinds):
    return sum(isinstance(x, kinds) for x in gc.get_objects())


def test_what_is_put_away_is_what_stood_in_memory(few, many):
    assert (
        isinstance(many.scorecards._values, Lazily)
        and isinstance(many.outcomes.totals, Looked)
        and isinstance(few.scorecards._values, tuple)
    )
    assert (
        len(many.scorecards) == UNITS
        and many.outcomes == few.outcomes
        and many.scorecards == few.scorecards
        and many.manifest == few.manifest
    )
    assert (
        many.outcomes.made
        == sum(len(few.outcomes.of(unit)) for unit in few.outcomes.units)
        == few.manifest.outcomes
    )
    assert summary.render(summary_of(many)) == summary.render(summary_of(few))
    assert text.render(page_of(many, Depth.TEXT)) == text.render(page_of(few, Depth.TEXT))
    assert cli.exit_of(many) == cli.exit_of(few)


def test_rows_that_are_fetched_ahead_are_those_of_each_unit(few, many):
    """A query a table for twenty units, against a query a table for each."""
    one, other = (page_of(made).cards for made in (few, many))
    assert list(one[:12]) == [other[at] for at in range(12)]


def test_figures_are_gathered_for_fewer_units_where_memory_does_not_do(monkeypatch):
    usual = gouji.audit(COMPLETE)
    put_away(monkeypatch)
    monkeypatch.setattr(row_store, "UNITS_AT_A_TIME", 5)
    asked, real = [], row_store.StoredPlan.some_figures

    def some_figures(plan, condition, first):
        asked.append(condition)
        if len(asked) in (1, 3):
            raise duckdb.OutOfMemoryException("no")
        return real(plan, condition, first)

    monkeypatch.setattr(row_store.StoredPlan, "some_figures", some_figures)
    assert gouji.audit(COMPLETE).outcomes == usual.outcomes and len(usual.outcomes.units) == 5
    # Five are too many, two do, the next two are too many, then one after another.
    assert len(asked) == 6
    monkeypatch.setattr(
        row_store.StoredPlan,
        "some_figures",
        lambda *_: (_ for _ in ()).throw(duckdb.OutOfMemoryException("no")),
    )
    with pytest.raises(EngineError) as caught:
        gouji.audit(COMPLETE)
    assert "TMPDIR" in caught.value.fix


def test_few_values_stand_in_memory_while_reports_are_written(monkeypatch):
    """However many units there are: the scorecards and cards of those announced, and of the last few."""
    put_away(monkeypatch)
    gc.collect()
    cards, outcomes, most, asked = (
        alive(Scorecard, Card),
        alive(CriterionOutcome, TieOutcome),
        [0, 0],
        [],
    )
    made = gouji.audit(COUNTY, BOOK)

    def look():
        asked.append(1)
        if len(asked) % 10 == 9:
            most[0] = max(most[0], alive(Scorecard, Card) - cards)
            most[1] = max(most[1], alive(CriterionOutcome, TieOutcome) - outcomes)

    real = summary._unit
    monkeypatch.setattr(summary, "_unit", lambda *given: look() or real(*given))
    summary_of(made)
    assert (
        len(asked) == UNITS and 0 < most[0] <= 2 and 0 < most[1] <= 2 * made.manifest.rules_in_force
    )
    for pieces in (text.pieces(page_of(made, Depth.TEXT)), json.pieces(page_of(made))):
        for _piece in pieces:
            look()
        # Cards have scorecards beside them, whose outcomes they do not hold.
        assert (
            0 < most[0] <= AHEAD + MADE_AT_MOST + 2 < UNITS
            and most[1] <= (AHEAD + 2) * made.manifest.rules_in_force
        )


# Piece by piece ---------------------------------------------------------------------------------------------------------------------------


def dumped(page):
    plain = TypeAdapter(ReportPage).dump_python(page, mode="json")
    return plain_json.dumps({"version": json.VERSION, **plain}, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize(
    "page",
    [
        complete,
        hostile,
        lambda: replace(complete(), cards=()),
        lambda: replace(complete(), cards=complete().cards[:1]),
    ],
)
def test_json_in_pieces_is_the_json_of_everything(page):
    assert json.render(page()) == escaped(dumped(page()))
    assert len(list(json.pieces(page()))) == (len(page().cards) + 2 if page().cards else 1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=3, max_size=3))
def test_no_text_breaks_the_pieces(texts):
    card = replace(
        complete().cards[0],
        name=texts[0],
        criteria=(),
        groups=(),
        tie_outs=complete().cards[0].tie_outs[:1],
        unit=texts[1],
    )
    page = replace(complete(), title=texts[2], cards=(card, card), rules=())
    assert json.render(page) == escaped(dumped(page))


def test_a_report_beside_what_is_printed(tmp_path, monkeypatch, capsys):
    """What is printed, audit.txt and audit.json are written beside each other: each is what it is alone, and every card is made once."""
    put_away(monkeypatch)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(make_page, "AHEAD", 2)
    asked, real = [], make_page._card
    monkeypatch.setattr(make_page, "_card", lambda *given: asked.append(1) or real(*given))
    assert main(["audit", str(COMPLETE), "--out", str(tmp_path)]) == Exit.FINDINGS
    assert len(asked) == 5
    printed = capsys.readouterr().out
    assert printed == (tmp_path / "audit.txt").read_text("utf-8") == text.render(complete())
    assert (tmp_path / "audit.json").read_text("utf-8") == json.render(complete(), full=False)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["audit.json", "audit.txt"]


def test_a_file_is_there_whole_or_not_at_all(tmp_path):
    file = tmp_path / "audit.json"
    with pytest.raises(RuntimeError), whole_file(file) as write:
        write("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with whole_file(file) as write:
        write("one ")
        write("two")
    assert file.read_text() == "one two" and list(tmp_path.iterdir()) == [file]


# No room ----------------------------------------------------------------------------------------------------------------------------------


class Full(io.BytesIO):
    def write(self, _content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def no_folder(monkeypatch, tmp_path):
    """The temporary folder is gone when rows are to be put away."""
    real = row_store.Spool.__init__

    def init(self, statements):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
        real(self, statements)

    monkeypatch.setattr(row_store.Spool, "__init__", init)


def full_disk(monkeypatch, _tmp_path):
    """The disk is full when they are."""
    monkeypatch.setattr(row_store, "SpooledTemporaryFile", lambda *_given, **_named: Full())


@pytest.mark.parametrize("fault, why", [(no_folder, "No such file"), (full_disk, "No space left")])
def test_no_room_is_told_as_such_and_nothing_is_left(monkeypatch, tmp_path, capsys, fault, why):
    put_away(monkeypatch)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(here))
    fault(monkeypatch, tmp_path)
    assert (
        main(["audit", str(COMPLETE), "--format", "summary", "--out", str(tmp_path / "out")])
        == Exit.OWN_FAULT
    )
    said = capsys.readouterr()
    assert (
        why in said.err
        and "TMPDIR" in said.err
        and said.out == ""
        and not (tmp_path / "out").exists()
    )
    gc.collect()
    assert list(here.iterdir()) == []


def test_nothing_is_left_after_success_or_when_it_is_broken_off(monkeypatch, tmp_path):
    put_away(monkeypatch)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = gouji.audit(COMPLETE)
    assert len(made.scorecards) == 5 and made.scorecards[0].unit
    del made
    gc.collect()
    assert list(tmp_path.iterdir()) == []

    def broken(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(row_store.Spool, "put", broken)
    with suppress(KeyboardInterrupt):
        gouji.audit(COMPLETE)
    gc.collect()
    assert list(tmp_path.iterdir()) == []


# Sequences and mappings -------------------------------------------------------------------------------------------------------------------


def test_what_is_made_when_asked_for_is_like_a_tuple():
    announced = []
    made = Lazily(range(45), lambda n: n * n, announced.append)
    assert (
        len(made) == 45
        and made == tuple(n * n for n in range(45))
        and made[-1] == 44 * 44
        and made[3:5] == (9, 16)
        and 4 in made
        and made != [1]
    )
    assert announced[:3] == [range(20), range(20, 40), range(40, 45)]
    with pytest.raises(IndexError):
        made[45]
    looked = Looked({"a": 1, "b": 2}, str.upper)
    assert looked == {"a": "A", "b": "B"} and "c" not in looked and looked.get("c") is None


def test_rows_come_back_by_unit_in_whatever_order_they_were_put(monkeypatch):
    monkeypatch.setattr(row_store, "IN_MEMORY_BYTES", 64)
    kept = row_store.Spool(2)
    kept.put(1, [("乙", 10**37, None), ("甲", -1, "x")])
    kept.put(0, [("丙", True)])
    kept.put(0, [("甲", 2), ("乙", 3)])
    kept.put(1, [("丙", 0, "")])
    assert kept.units() == ["丙", "乙", "甲"]
    assert {unit: kept.rows(unit) for unit in kept.units()} == {
        "甲": [("甲", 2), ("甲", -1, "x")],
        "乙": [("乙", 3), ("乙", 10**37, None)],
        "丙": [("丙", True), ("丙", 0, "")],
    }
