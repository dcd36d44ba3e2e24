"""Queries + a DuckDB file -> what Great Expectations finds: one UnexpectedRows expectation a rule, run as one validation.

Great Expectations states the verdict and the number of units (it hands back at most 200 rows); which units they are stays with DuckDB.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gouji.bridge.queries import Query
from gouji.faults import EngineError
from gouji.i18n import _

# DuckDB drops a result when the connection rolls back, and SQLAlchemy's pool rolls back on return.
ENGINE = {"pool_reset_on_return": None, "skip_autocommit_rollback": True, "isolation_level": "AUTOCOMMIT"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What Great Expectations found for one rule: units that fail it."""

    query: Query
    success: bool
    units: int


def suite(queries: Sequence[Query], gx: Any, name: str) -> Any:
    """An expectation suite: name, Chinese description, severity and clause of every rule."""
    # All at once: adding one by one checks the whole suite again each time.
    return gx.ExpectationSuite(name, expectations=[
        gx.expectations.UnexpectedRowsExpectation(
            unexpected_rows_query=query.sql, description=f"{query.code} {query.name}",
            meta={"code": query.code, "severity": query.severity, "clause": query.clause})
        for query in queries
    ])  # fmt: skip


def run_checkpoint(database: Path, units_table: str, queries: Sequence[Query], name: str) -> tuple[Expected, ...]:
    """Run all expectations over the tables of a DuckDB file. Raises EngineError when one of them cannot be evaluated."""
    os.environ.setdefault("TQDM_DISABLE", "1")
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql("gouji", connection_string=f"duckdb:///{database}", kwargs=ENGINE)
    batch = source.add_table_asset("units", table_name=units_table).add_batch_definition_whole_table("all")
    validation = gx.ValidationDefinition(name=name, data=batch, suite=context.suites.add(suite(queries, gx, name)))
    results: list[Any] = context.validation_definitions.add(validation).run().results
    by_code = {r.expectation_config.meta["code"]: r for r in results}
    found = []
    for query in queries:
        result = by_code[query.code]
        if "observed_value" not in result.result:
            raise EngineError(_("Great Expectations 没能判断 {code}").format(code=query.code))
        found.append(Expected(query, bool(result.success), int(result.result["observed_value"])))
    return tuple(found)
