"""Queries + a DuckDB file -> what Great Expectations finds: one UnexpectedRows expectation a rule, run as one Checkpoint.

Great Expectations states the verdict and the number of units (it hands back at most 200 rows); which units they are stays with DuckDB.
With a folder, the project stands there afterwards: suite, checkpoint, every validation result, Data Docs; and actions a bureau has
attached, in `gouji.yaml` or with Great Expectations' own tools, run each time.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from gouji.base.faults import DataError, EngineError
from gouji.base.i18n import _
from gouji.base.verdict import Severity
from gouji.cross_check.rule_queries_sql import BATCH, Query

# DuckDB drops a result when the connection rolls back, and SQLAlchemy's pool rolls back on return.
ENGINE = {
    "pool_reset_on_return": None,
    "skip_autocommit_rollback": True,
    "isolation_level": "AUTOCOMMIT",
}
SOURCE = "gouji"
GRADES = {
    Severity.ERROR.value: "critical",
    Severity.VERIFY.value: "warning",
    Severity.NOTE.value: "info",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What Great Expectations found for one rule: units that fail it."""

    query: Query
    success: bool
    units: int


@dataclass(frozen=True, slots=True)
class Attached:
    """What a bureau attaches: actions as Great Expectations writes them, and modules (found beside gouji.yaml) that define more of them."""

    actions: tuple[Mapping[str, Any], ...] = ()
    modules: tuple[str, ...] = ()
    home: Path | None = None


def _templated(sql: str) -> str:
    """A query as Great Expectations fills it in: `{batch}` is the table, other braces (of texts in rules) are doubled."""
    return sql.replace("{", "{{").replace("}", "}}").replace(f"{{{BATCH}}}", BATCH)


def suite(queries: Sequence[Query], gx: Any, name: str) -> Any:
    """An expectation suite: code, name, severity and clause of every rule."""
    # All at once: adding one by one checks the whole suite again each time.
    return gx.ExpectationSuite(
        name,
        expectations=[
            gx.expectations.UnexpectedRowsExpectation(
                unexpected_rows_query=_templated(query.sql),
                description=f"{query.code} {query.name}",
                severity=GRADES[query.severity],
                meta={"code": query.code, "severity": query.severity, "clause": query.clause},
            )
            for query in queries
        ],
    )


def run_checkpoint(
    database: Path,
    units_table: str,
    queries: Sequence[Query],
    name: str,
    keep: Path | None = None,
    attached: Attached | None = None,
) -> tuple[Expected, ...]:
    """Run all expectations over the tables of a DuckDB file. Raises EngineError when one of them cannot be evaluated."""
    os.environ.setdefault("TQDM_DISABLE", "1")
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context: Any = (
        gx.get_context(mode="ephemeral")
        if keep is None
        else gx.get_context(mode="file", project_root_dir=str(keep))
    )
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_or_update_sql(
        SOURCE, connection_string=f"duckdb:///{database}", kwargs=ENGINE
    )
    try:
        results = _results(
            context,
            gx,
            source,
            (units_table, name, queries),
            lambda: _actions(context, name, keep, attached or Attached()),
        )
    finally:
        source.get_execution_engine().close()
    return tuple(
        _expected(query, {r.expectation_config.meta["code"]: r for r in results})
        for query in queries
    )


def _results(
    context: Any,
    gx: Any,
    source: Any,
    asked: tuple[str, str, Sequence[Query]],
    actions: Callable[[], list[Any]],
) -> list[Any]:
    units_table, name, queries = asked
    batch = source.add_table_asset(
        "units", table_name=units_table
    ).add_batch_definition_whole_table("all")
    # Only now: a kept checkpoint cannot be read while its source has no such table.
    attached = actions()
    made = context.suites.add_or_update(suite(queries, gx, name))
    validation = context.validation_definitions.add_or_update(
        gx.ValidationDefinition(name=name, data=batch, suite=made)
    )
    checkpoint = gx.Checkpoint(
        name=name, validation_definitions=[validation], result_format="BASIC", actions=attached
    )
    found = context.checkpoints.add_or_update(checkpoint).run()
    return [r for of in found.run_results.values() for r in of.results]


def _expected(query: Query, by_code: Mapping[str, Any]) -> Expected:
    result = by_code[query.code]
    if "observed_value" not in result.result:
        raise EngineError(_("Great Expectations 没能判断 {code}").format(code=query.code))
    return Expected(query, bool(result.success), int(result.result["observed_value"]))


def _actions(context: Any, name: str, keep: Path | None, attached: Attached) -> list[Any]:
    """Data Docs first where a project is kept; then what the bureau attached here or there, each name once."""
    known: Any = import_module("great_expectations.checkpoint")
    faults: Any = import_module("great_expectations.exceptions")
    made: list[Any] = [known.UpdateDataDocsAction(name="docs")] if keep is not None else []
    for module in attached.modules:
        _import_from(attached.home, module)
    made += [_action(given) for given in attached.actions]
    with suppress(faults.DataContextError):  # The first time there is none.
        made += context.checkpoints.get(name).actions
    return list({action.name: action for action in reversed(made)}.values())[::-1]


def _action(given: Mapping[str, Any]) -> Any:
    """One action as Great Expectations would read it from its own files."""
    from pydantic import ValidationError
    from pydantic.v1 import ValidationError as OldValidationError

    base: Any = import_module("great_expectations.checkpoint").ValidationAction
    kinds = {
        kind.__fields__["type"].default: kind for kind in _below(base) if "type" in kind.__fields__
    }
    kind = kinds.get(given.get("type"))
    if kind is None:
        known = "、".join(sorted(str(k) for k in kinds if isinstance(k, str)))
        raise DataError(
            _("没有动作 {type}").format(type=given.get("type")),
            fix=_("可用的有：{names}").format(names=known),
        )
    try:
        return kind(**given)
    except (ValidationError, OldValidationError) as fault:
        raise DataError(
            _("动作 {type} 的写法不对：{why}").format(
                type=given["type"], why=str(fault).replace("\n", " ")
            )
        ) from fault


def _below(kind: Any) -> list[Any]:
    return [c for below in kind.__subclasses__() for c in (below, *_below(below))]


def _import_from(home: Path | None, module: str) -> None:
    """Import a module of the bureau's own, from beside its gouji.yaml."""
    if home is not None and str(home) not in sys.path:
        sys.path.insert(0, str(home))
    try:
        import_module(module)
    except ImportError as fault:
        raise DataError(
            _("导入不了 {module}：{why}").format(module=module, why=fault),
            fix=_("放在 gouji.yaml 旁边"),
        ) from fault
