"""gouji from Python: what an audit answers, what it looks like in a notebook, tables in memory."""

import datetime
from decimal import Decimal
from pathlib import Path

import polars
import pyarrow
import pyarrow.parquet
import pytest

import gouji
from gouji.app import synthesize
from gouji.base.faults import DataError
from gouji.cli import main

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def made():
    return gouji.audit(ROOT / "datasets" / "anning-2023")


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "data"
    synthesize(6, folder, "final-accounts", seed=4)
    found = {p.stem: pyarrow.parquet.read_table(p) for p in folder.glob("*.parquet")}
    del found["defects"]
    return folder, found


def test_every_public_name_is_listed():
    assert set(gouji.__all__) <= set(dir(gouji)) and "audit" in dir(gouji)
    for name in gouji.__all__:
        assert getattr(gouji, name) is not None


def test_the_version_is_said_in_one_place(capsys):
    main(["--version"])
    assert capsys.readouterr().out.strip() == f"gouji {gouji.__version__}"
    for file in ("pyproject.toml", "src/gouji/app/versions.py"):
        assert gouji.__version__ not in (ROOT / file).read_text("utf-8"), file
    assert f"version: {gouji.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_results_are_sequences_and_tables(made):
    (card,) = made.scorecards
    assert len(made.scorecards) == 1 and made.scorecards[0] is card
    arrow, frame = made.scorecards.to_arrow(), made.scorecards.to_polars()
    assert arrow.to_pylist()[0]["score"] == card.totals.score == Decimal("95.50")
    assert frame["grade"].to_list() == [card.totals.grade]
    assert arrow.schema.field("score").type == pyarrow.decimal128(9, 2)
    found = made.findings
    assert [f.code for f in found] == [
        *(f.rule.code for f in card.findings),
        *(line.rule.code for line in card.differing),
    ]
    rows = found.to_polars()
    assert rows.height == len(found) and rows.schema["stated"] == polars.Decimal(38, 10)
    t23 = next(f for f in found if f.code == "T23")
    assert (t23.stated, t23.recomputed) == (Decimal("919200"), Decimal("958000"))


def test_pandas_where_it_is_installed(made):
    try:
        import pandas
    except ModuleNotFoundError:
        with pytest.raises(ModuleNotFoundError, match="pip install pandas"):
            made.scorecards.to_pandas()
    else:
        frame = made.findings.to_pandas()
        assert isinstance(frame, pandas.DataFrame) and len(frame) == len(made.findings)
        assert isinstance(frame["stated"].dropna().iloc[0], Decimal)


def test_an_audit_answers(made):
    assert made.page().cards[0].unit == "ANCG001"
    for rule in ("T11", "项目支出增减幅等于增减额除以上年数"):
        assert "60.56%" in str(made.explain(rule))
    assert str(made.explain("C14", "ANCG001")).startswith("C14 预算完成率")
    with pytest.raises(DataError):
        made.explain("C99")
    with pytest.raises(DataError):
        made.explain("C14", "nobody")


def test_what_is_printed_at_a_prompt_is_short(made):
    for value in (made, made.scorecards, made.findings, made.scorecards[0], made.book, made.page()):
        assert len(repr(value)) < 200 and "\n" not in repr(value), type(value)
    assert "ANCG001" in repr(made.scorecards[0])


def test_notebooks_show_tables(made):
    for value in (made, made.scorecards, made.findings, made.scorecards[0]):
        html = value._repr_html_()
        assert "<table>" in html and html.count("<td>") == html.count("</td>")
    assert "安宁市城市管理综合服务中心" in made._repr_html_()


def test_nothing_in_a_table_is_markup():
    from gouji.app.records import table_html

    assert "&lt;b&gt;" in table_html(["<i>"], [["<b>"]]) and "<b>" not in table_html(
        ["a"], [["<b>"]]
    )


KINDS = {
    "arrow": lambda table: table,
    "polars": polars.from_arrow,
    "what gives arrow": lambda table: pyarrow.RecordBatchReader.from_batches(
        table.schema, table.to_batches()
    ),
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_tables_in_memory_are_audited_as_files_are(tables, kind):
    folder, found = tables
    made = gouji.audit(
        {name: kind(table) for name, table in found.items()}, "final-accounts", figures="base"
    )
    assert made.outcomes == gouji.audit(folder).outcomes
    assert not [p for p in made.submission.problems if not p.note]


def test_what_is_no_table_is_refused(tables):
    _folder, found = tables
    for wrong in ({}, {"单位": [1, 2]}, {"a/b": found["单位"]}, {"单位": datetime.date.today()}):
        with pytest.raises(DataError):
            gouji.audit(wrong, "final-accounts")
    with pytest.raises(DataError, match="没有说用哪个规则库"):
        gouji.audit({"单位": found["单位"]})
