"""One tree, printed for DuckDB and for Spark: the same values at the edges on both engines, nothing narrower than it has to be, and refusals by name."""

import re
from functools import partial
from pathlib import Path

import duckdb
import pytest
from sqlglot import exp

import gouji.plan.bulk_found
import gouji.plan.wide
from gouji.app import load_book, plan_of
from gouji.base.faults import DataError
from gouji.plan import SPARK, compile_bulk, compile_for
from gouji.plan.engine import engine_nodes as nodes
from gouji.plan.engine.printing import printed, statements_for
from gouji.plan.engine.widths import too_narrow
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from related_units import few_rules
from sail_server import sail_session

SOURCE = Path(gouji.plan.wide.__file__).parent
COLUMN, LIST = sql.column("甲"), exp.Array(expressions=[sql.text("一"), sql.text("二")])
NUMBER = sql.cast(COLUMN, "HUGEINT")
# A node -> DuckDB's words, Spark's words.
WORDS = {
    "wide division": (
        nodes.WideDiv(this=NUMBER, expression=sql.whole(3), most=10**32 - 1),
        'CAST("甲" AS INT128) // 3',
        "CAST((CAST(CAST(`甲` AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) - CAST(CAST(`甲` AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) % CAST(3 AS DECIMAL(38, 0))) / CAST(3 AS DECIMAL(38, 0)) AS DECIMAL(38, 0))",
    ),
    "division": (exp.IntDiv(this=COLUMN, expression=sql.whole(3)), '"甲" // 3', "`甲` DIV 3"),
    "wide sum": (
        nodes.WideSum(this=COLUMN),
        'SUM("甲")',
        "SUM(CAST(`甲` AS DECIMAL(38, 0)))",
    ),
    "sum": (exp.Sum(this=COLUMN), 'SUM("甲")', "SUM(`甲`)"),
    "position": (
        nodes.Position(this=LIST, expression=COLUMN),
        "LIST_POSITION(['一', '二'], \"甲\")",
        "NULLIF(ARRAY_POSITION(ARRAY('一', '二'), `甲`), 0)",
    ),
    "element": (
        nodes.Element(this=LIST, expression=COLUMN),
        "LIST_EXTRACT(['一', '二'], \"甲\")",
        "GET(ARRAY('一', '二'), CAST(`甲` AS INT) - 1)",
    ),
    "present": (
        nodes.Present(this=LIST),
        "LIST_FILTER(['一', '二'], lambda f : f IS NOT NULL)",
        "FILTER(ARRAY('一', '二'), f -> f IS NOT NULL)",
    ),
    "record": (
        nodes.Record(expressions=[sql.named(COLUMN, "乙")]),
        'STRUCT_PACK("乙" := "甲")',
        "NAMED_STRUCT('乙', `甲`)",
    ),
    "joined": (
        nodes.Joined(this=LIST, expression=LIST),
        "LIST_CONCAT(['一', '二'], ['一', '二'])",
        "CONCAT(COALESCE(ARRAY('一', '二'), ARRAY()), COALESCE(ARRAY('一', '二'), ARRAY()))",
    ),
    "small unsigned": (
        sql.cast(COLUMN, "USMALLINT"),
        'CAST("甲" AS USMALLINT)',
        "CAST(`甲` AS INT)",
    ),
    "sign": (
        exp.Sign(this=COLUMN),
        'SIGN("甲")',
        "CASE WHEN `甲` > 0 THEN 1 WHEN `甲` < 0 THEN -1 WHEN `甲` = 0 THEN 0 END",
    ),
}


def for_spark(tree):
    with statements_for(SPARK):
        return printed(tree)


@pytest.mark.parametrize("case", WORDS)
def test_each_engine_has_its_words(case):
    tree, here, there = WORDS[case]
    assert (printed(tree), for_spark(tree)) == (here, there)


# Trees -> by what name Spark's printer refuses them.
REFUSED = {
    "an unknown function": (exp.ArraySum(this=LIST), "ArraySum"),
    "a function by name": (exp.Anonymous(this="list_sum", expressions=[LIST]), "list_sum"),
    "a division of decimals": (exp.Div(this=COLUMN, expression=COLUMN), "Div"),
    "a type": (exp.Cast(this=COLUMN, to=exp.DataType.build("DOUBLE")), "DOUBLE"),
    "a wide division in 64 bits": (exp.IntDiv(this=NUMBER, expression=sql.whole(3)), "//"),
    "bits joined of wide numbers": (exp.Anonymous(this="bit_or", expressions=[NUMBER]), "BIT_OR"),
    "bits of a wide number": (exp.BitwiseAnd(this=NUMBER, expression=sql.whole(1)), "&"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_spark_has_no_words_for_is_refused_by_name(case):
    tree, name = REFUSED[case]
    with pytest.raises(DataError, match=re.escape(name)):
        for_spark(tree)


def test_a_wide_figure_is_followed_through_layers():
    below = exp.select(sql.named(NUMBER, "乙")).from_("t")
    above = exp.select(
        sql.named(exp.IntDiv(this=sql.column("乙"), expression=sql.whole(2)), "丙")
    ).from_(below.subquery("l"))
    assert [type(e) for e in too_narrow(above)] == [exp.IntDiv]
    narrow = exp.select(sql.named(sql.cast(COLUMN, "BIGINT"), "乙")).from_("t")
    above = exp.select(
        sql.named(exp.IntDiv(this=sql.column("乙"), expression=sql.whole(2)), "丙")
    ).from_(narrow.subquery("l"))
    assert list(too_narrow(above)) == []


@pytest.mark.parametrize("most, wide", [(2**63 - 1, False), (2**63, True)])
def test_sizes_decide_the_node(most, wide):
    top = q.Whole(COLUMN, most)
    assert isinstance(q.int_div(top, q.literal(2), most), nodes.WideDiv) is wide
    assert isinstance(q.sum_of(COLUMN, most), nodes.WideSum) is wide


# Who makes these nodes without asking for sizes: of numbers that are small by what they are.
OWN = {
    "exp.IntDiv(": {
        "grouping/bit_fields.py",
        "totals.py",
        "final_totals.py",
        # Where sizes are asked.
        "sql/rational.py",
    },
    "exp.Sum(": {"judging/roll_up.py"},
}


@pytest.mark.parametrize("node", OWN)
def test_nobody_else_makes_narrow_nodes(node):
    found = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if node in file.read_text("utf-8")
    }
    assert found == OWN[node]


BOOKS = ("project-self-evaluation", "final-accounts", "anning-2023")


@pytest.mark.parametrize("name", BOOKS)
def test_nothing_in_a_shipped_book_is_too_narrow_for_spark(name):
    plan = compile_for(SPARK, load_book(name))
    assert "//" not in plan.judged and "CAST(" in plan.judged


STOCK = {
    nodes.WideDiv: lambda e: exp.IntDiv(this=e.this, expression=e.expression),
    nodes.WideSum: lambda e: exp.Sum(this=e.this),
    nodes.Position: lambda e: exp.Anonymous(
        this="list_position", expressions=[e.this, e.expression]
    ),
    nodes.Element: lambda e: exp.Anonymous(this="list_extract", expressions=[e.this, e.expression]),
    nodes.Joined: lambda e: exp.Anonymous(this="list_concat", expressions=[e.this, e.expression]),
    nodes.Present: lambda e: exp.Anonymous(
        this="list_filter", expressions=[e.this, exp.Var(this="lambda f : f IS NOT NULL")]
    ),
    nodes.Record: lambda e: exp.Anonymous(
        this="struct_pack",
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier(p.alias), expression=p.this)
            for p in e.expressions
        ],
    ),
}


def stock(e):
    """The same tree of sqlglot's own nodes."""
    of = sql.rebuilt(e, lambda _key, part: stock(part))
    return STOCK.get(type(of), lambda of: of)(of)


@pytest.mark.parametrize("wide", [True, False])
def test_duckdb_reads_the_words_that_sqlglot_has_for_it(tmp_path, monkeypatch, wide):
    """Statements for DuckDB are those of sqlglot's own printer over its own nodes, byte for byte."""
    book, trees = load_book(few_rules(tmp_path / "few")), []
    real = gouji.plan.wide.printed
    for module in (gouji.plan.wide, gouji.plan.bulk_found):
        monkeypatch.setattr(module, "printed", lambda of: trees.append(of) or real(of))
    compile_bulk(book, wide=wide)
    kinds = {type(e) for tree in trees for e in tree.walk()} & set(STOCK)
    assert nodes.WideDiv in kinds or nodes.Element in kinds or nodes.WideSum in kinds
    for tree in trees:
        assert real(tree) == stock(tree).sql(dialect="duckdb", identify=True)


EDGES = [0, 1, 7, 2**63 - 1, 10**32 - 1, 10**38 - 1]
# Sail divides what is below 2^127 ÷ 10^4, and says so of anything larger.
SAIL_AT_MOST = 10**34
TOPS = [None, *EDGES, *(-n for n in EDGES)]
BOTTOMS = [1, 2, 10**9, 2**63 - 1, 10**32 - 1, 10**38 - 1]


def divided(top, bottom):
    return None if top is None else (abs(top) // bottom) * (-1 if top < 0 else 1)


def cases():
    """Statement over `edges` (a, b, n; texts), and what it gives for a row."""
    wide, other = (sql.cast(sql.column(c), "HUGEINT") for c in "ab")
    small = sql.cast(sql.column("n"), "BIGINT")
    division = partial(nodes.WideDiv, this=wide, expression=other)
    return {
        "two steps": (division(most=10**38 - 1), divided),
        "sign": (exp.Sign(this=wide), lambda a, b: a and (a > 0) - (a < 0)),
        "element": (
            nodes.Element(
                this=exp.Array(expressions=[sql.whole(5), sql.whole(6)]), expression=small
            ),
            None,
        ),
        "position": (
            nodes.Position(
                this=exp.Array(expressions=[sql.text("1"), sql.text("7")]),
                expression=sql.column("n"),
            ),
            None,
        ),
    }


def rows(most=SAIL_AT_MOST):
    each = [(a, b) for a in TOPS if a is None or abs(a) < most for b in BOTTOMS]
    return [
        (*((str(v) if v is not None else None) for v in pair), str(i % 4) if i % 5 else None)
        for i, pair in enumerate(each)
    ]


def on_duckdb(query):
    con = duckdb.connect()
    con.execute("CREATE TABLE edges (a VARCHAR, b VARCHAR, n VARCHAR)")
    con.executemany("INSERT INTO edges VALUES (?, ?, ?)", rows())
    return con.execute(query).fetchall()


@pytest.fixture(scope="module")
def sail():
    session = sail_session()
    session.createDataFrame(rows(), "a string, b string, n string").createOrReplaceTempView("edges")
    return session


def asked(of):
    return exp.select(*(sql.column(c) for c in "abn"), sql.named(of, "made")).from_(
        exp.Table(this=exp.to_identifier("edges", quoted=True))
    )


def keyed(found):
    return {(a, b, n): None if made is None else int(made) for a, b, n, made in found}


@pytest.mark.parametrize("case", cases())
def test_edges_are_the_same_on_both_engines(sail, case):
    tree, meaning = cases()[case]
    here = keyed(on_duckdb(printed(asked(tree))))
    there = keyed(sail.sql(for_spark(asked(tree))).collect())
    assert here == there and any(v is not None for v in here.values())
    for (a, b, _n), made in here.items():
        if meaning is not None:
            assert made == meaning(None if a is None else int(a), int(b)), (a, b)


def test_edges_of_one_division(sail):
    """Where the quotient fits, one step does."""
    wide, other = (sql.cast(sql.column(c), "HUGEINT") for c in "ab")
    tree = asked(nodes.WideDiv(this=wide, expression=other, most=10**32 - 1))
    here = keyed(on_duckdb(printed(tree)))
    assert keyed(sail.sql(for_spark(tree)).collect()) == here and len(here) > 40


def test_sail_says_what_it_cannot_divide(sail):
    """Never a wrong number: the statement stops."""
    of = nodes.WideDiv(
        this=sql.cast(sql.text("9" * 38), "HUGEINT"), expression=sql.whole(7), most=10**38 - 1
    )
    with pytest.raises(Exception, match=r"(?i)overflow"):
        sail.sql(f"SELECT {for_spark(of)}").collect()


@pytest.mark.parametrize("most, times", [(2**63 - 1, 3), (10**18, 7), (0, 2)])
def test_edges_of_sums(sail, most, times):
    given = [most, None] + [-most] + [most] * times
    of = sql.cast(sql.column("v"), "BIGINT")
    tree = exp.select(sql.named(nodes.WideSum(this=of), "made")).from_(
        exp.Table(this=exp.to_identifier("sums", quoted=True))
    )
    con = duckdb.connect()
    con.execute("CREATE TABLE sums AS SELECT unnest(?::VARCHAR[]) AS v", [given])
    texts = [(None if v is None else str(v),) for v in given]
    sail.createDataFrame(texts, "v string").createOrReplaceTempView("sums")
    ((here,),), ((there,),) = (
        con.execute(printed(tree)).fetchall(),
        sail.sql(for_spark(tree)).collect(),
    )
    assert int(here) == int(there) == most * times


def test_the_statement_of_a_book_is_printed_for_spark_or_refused(tmp_path):
    plan = plan_of(load_book(few_rules(tmp_path / "few")))
    said = plan.sql("spark")
    assert "`" in said and "//" not in said and "HUGEINT" not in said and '"' not in said
    assert plan.sql().startswith("SELECT") and plan.sql("spark") == said
    with pytest.raises(DataError, match="trino"):
        plan.sql("trino")
