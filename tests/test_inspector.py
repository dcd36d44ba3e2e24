"""Pandera's word: the same beside as here, on values, Arrow and Parquet, whatever happens to the process beside."""

import os
import signal
import sys
from decimal import Decimal as D

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gouji.intake.inspector import Asked, Field, ask
from gouji.intake.inspector import process as beside
from gouji.intake.inspector.verdict_of import accepts

FIELDS = (
    Field("#", "BIGINT", False),
    Field("单位", "VARCHAR", False),
    Field("年", "INTEGER", False),
    Field("额", "DECIMAL(18,2)", True, at_least=D("-1.50"), at_most=D(1000)),
    Field("词", "VARCHAR", True, one_of=("是", "否")),
)
TYPES = tuple((f.name, f.kind) for f in FIELDS)
CLEAN = [
    (0, "甲", 2023, D("12.30"), "是"),
    (1, "甲", 2022, None, None),
    (2, "乙", 2023, D("-1.50"), "否"),
]


def asked(rows, types=TYPES, fields=FIELDS):
    return Asked(fields, ("单位", "年"), types, rows)


def changed(column, value):
    return [
        CLEAN[0],
        tuple(value if i == column else cell for i, cell in enumerate(CLEAN[1])),
        CLEAN[2],
    ]


OTHER = tuple(
    (name, "DECIMAL(18,3)" if kind.startswith("DECIMAL") else kind) for name, kind in TYPES
)
CASES = {
    "clean": (asked(CLEAN), True),
    "no value": (asked(changed(1, None)), False),
    "too small by the last place": (asked(changed(3, D("-1.51"))), False),
    "too large by the last place": (asked(changed(3, D("1000.01"))), False),
    "just as large as may be": (asked(changed(3, D("1000.00"))), True),
    "another word": (asked(changed(4, "也许")), False),
    "a key twice": (asked(changed(2, 2023)), False),
    "another type": (asked(CLEAN, OTHER), False),
    "any type will do": (asked(CLEAN, OTHER, tuple(f._replace(kind="") for f in FIELDS)), True),
}


@pytest.mark.parametrize("question, clean", CASES.values(), ids=CASES)
def test_beside_as_here(question, clean):
    assert accepts(question) is clean
    assert ask(question, lambda: "done meanwhile") == (clean, "done meanwhile")


KINDS = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "VARCHAR": pa.string(),
    "DECIMAL(18,2)": pa.decimal128(18, 2),
}


@pytest.mark.parametrize("name", [n for n, (q, _) in CASES.items() if q.types is TYPES])
def test_columns_as_rows(name, tmp_path):
    question, clean = CASES[name]
    schema = pa.schema([(n, KINDS[kind]) for n, kind in question.types])
    table = pa.table(
        [
            pa.array(cells, f.type)
            for cells, f in zip(zip(*question.rows, strict=True), schema, strict=True)
        ],
        schema=schema,
    )
    pq.write_table(table, tmp_path / "t.parquet")
    into = pa.BufferOutputStream()
    with pa.ipc.new_stream(into, schema) as stream:
        stream.write_table(table)
    assert accepts(question._replace(rows=str(tmp_path / "t.parquet"))) is clean
    assert accepts(question._replace(rows=bytes(into.getvalue()))) is clean


def test_the_environment_cannot_switch_it_off():
    from pandera.config import ValidationDepth, config_context

    with config_context(validation_enabled=False, validation_depth=ValidationDepth.SCHEMA_ONLY):
        assert not accepts(CASES["another word"][0])


@pytest.fixture
def alone(monkeypatch):
    """No process beside yet; what the test starts comes to an end with it."""
    kept = {}
    monkeypatch.setattr(beside, "_beside", kept)
    yield kept
    for worker in kept.values():
        if worker is not None:
            worker.end()


def both_answered():
    return (
        ask(CASES["clean"][0], lambda: None)[0]
        and not ask(CASES["another word"][0], lambda: None)[0]
    )


def test_a_process_that_dies_is_done_without(alone):
    assert both_answered()
    (worker,) = alone.values()
    os.kill(worker.ask(os.getpid), signal.SIGKILL)
    assert both_answered() and list(alone.values()) == [None]


@pytest.mark.parametrize("how", ["no executable", "frozen"])
def test_where_no_process_can_be(alone, monkeypatch, how):
    if how == "frozen":
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    else:
        monkeypatch.setattr(sys, "executable", "")
    assert both_answered() and list(alone.values()) == [None]


def test_where_the_process_cannot_start(alone, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/file")
    assert both_answered() and list(alone.values()) == [None]


def test_a_failure_meanwhile_leaves_questions_and_answers_in_step(alone):
    with pytest.raises(ZeroDivisionError):
        ask(CASES["another word"][0], lambda: 1 // 0)
    assert both_answered() and None not in alone.values()


def test_beside_loads_pandera_and_not_what_it_does_without(alone):
    """Half of the start is pandas; should Pandera come to need it, this fails and the other tests say what is wrong."""
    beside.ready()
    (worker,) = alone.values()
    found = worker.ask(eval, "[*__import__('sys').modules]")
    assert {"pandera", "polars"} <= {*found}
    assert {"pandas", "duckdb", "_duckdb", "pyarrow", "ibis"}.isdisjoint(found)
