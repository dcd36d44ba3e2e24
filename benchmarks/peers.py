"""One peer on the twenty checks: python peers.py TOOL DATA; prints the failing units and rules as one hash and their number."""

import hashlib
import os
import sys
from pathlib import Path

from checks import CHECKS

TABLE = "收支决算"


def pandera_polars(path):
    import pandera.polars as pa
    import polars as pl

    frame = pl.scan_parquet(path).filter(pl.col("年度") == 2023)
    checks = [pa.Check(_polars_check(condition), name=code) for code, condition in CHECKS.items()]
    try:
        pa.DataFrameSchema(checks=checks).validate(frame.collect(), lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases.filter(pl.col("check").is_in(list(CHECKS)))
        units = frame.select("单位代码").collect()["单位代码"]
        return {
            (units[int(index)], code) for code, index in cases.select("check", "index").iter_rows()
        }
    return set()


def _polars_check(condition):
    import polars as pl

    expression = ~pl.sql_expr(condition)
    return lambda data: data.lazyframe.select(expression)


def pandera_ibis(path):
    import duckdb
    import ibis
    import pandera.ibis as pa
    from pandera.errors import SchemaErrors

    con = duckdb.connect()
    verdicts = ", ".join(f"NOT ({c}) AS {code}" for code, c in CHECKS.items())
    con.execute(
        f"CREATE VIEW t AS SELECT *, {verdicts} FROM read_parquet('{path}') WHERE 年度 = 2023"
    )
    table = ibis.duckdb.from_connection(con).table("t")
    columns = {code: pa.Column(bool, checks=pa.Check.eq(True)) for code in CHECKS}
    try:
        pa.DataFrameSchema(columns).validate(table, lazy=True)
    except SchemaErrors:
        # Its failure cases have lost the row: the rows that fail are asked for again.
        found = (
            table.filter(~ibis.and_(*(table[code] for code in CHECKS)))
            .select("单位代码", *CHECKS)
            .to_pandas()
        )
        return {
            (row.单位代码, code)
            for row in found.itertuples()
            for code in CHECKS
            if not getattr(row, code)
        }
    return set()


def pointblank(path):
    import pointblank as pb
    import polars as pl

    frame = pl.read_parquet(path).filter(pl.col("年度") == 2023)
    validation = pb.Validate(frame)
    for condition in CHECKS.values():
        validation = validation.col_vals_expr(~pl.sql_expr(condition))
    validation = validation.interrogate(get_first_n=len(frame))
    return {
        (unit, code)
        for i, code in enumerate(CHECKS, 1)
        for unit in validation.get_data_extracts(i=i, frame=True)["单位代码"]
    }


def great_expectations(path):
    import tempfile

    import duckdb
    import great_expectations as gx

    os.environ["TQDM_DISABLE"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "data.duckdb"
        with duckdb.connect(str(database)) as con:
            con.execute(f"CREATE VIEW t AS SELECT * FROM read_parquet('{path}') WHERE 年度 = 2023")
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        options = {
            "pool_reset_on_return": None,
            "skip_autocommit_rollback": True,
            "isolation_level": "AUTOCOMMIT",
        }
        source = context.data_sources.add_sql(
            "data", connection_string=f"duckdb:///{database}", kwargs=options
        )
        batch = source.add_table_asset("t", table_name="t").add_batch_definition_whole_table("all")
        rows = gx.expectations.UnexpectedRowsExpectation
        expectations = [
            rows(
                unexpected_rows_query=f"SELECT 单位代码 FROM {{batch}} WHERE {c}",
                meta={"code": code},
            )
            for code, c in CHECKS.items()
        ]
        suite = context.suites.add(gx.ExpectationSuite("twenty", expectations=expectations))
        validation = context.validation_definitions.add(
            gx.ValidationDefinition(name="twenty", data=batch, suite=suite)
        )
        results = validation.run(result_format={"result_format": "COMPLETE"}).results
        failing = [r.expectation_config.meta["code"] for r in results if not r.success]
        # It hands back 200 rows at most: the others come from the same condition.
        source = f"read_parquet('{path}') WHERE 年度 = 2023"
        return {
            (unit, code)
            for code in failing
            for (unit,) in duckdb.sql(
                f"SELECT 单位代码 FROM {source} AND ({CHECKS[code]})"
            ).fetchall()
        }


def by_hand(path):
    import duckdb

    cases = ", ".join(f"CASE WHEN {c} THEN '{code}' END" for code, c in CHECKS.items())
    some = " OR ".join(f"({c})" for c in CHECKS.values())
    query = f"SELECT 单位代码, unnest(list_filter([{cases}], lambda c : c IS NOT NULL)) FROM read_parquet('{path}') WHERE 年度 = 2023 AND ({some})"
    return set(duckdb.sql(query).fetchall())


def gouji(path):
    import duckdb

    from gouji.app import audit_bulk

    # The two tables that the rules speak of, laid out by `run.py`; gouji writes files where others hand back values.
    data = Path(path).parent / "two"
    made = audit_bulk(data, data.with_name("two-out"), Path(__file__).parent / "twenty", wide=False)
    return set(
        duckdb.connect()
        .execute(f"SELECT 单位代码, 规则 FROM read_parquet('{made.folder}/findings.parquet')")
        .fetchall()
    )


TOOLS = {
    f.__name__: f
    for f in (gouji, by_hand, pandera_polars, pandera_ibis, pointblank, great_expectations)
}

if __name__ == "__main__":
    found = TOOLS[sys.argv[1]](f"{sys.argv[2]}/{TABLE}.parquet")
    print(len(found), hashlib.sha256(repr(sorted(found)).encode()).hexdigest()[:16])
