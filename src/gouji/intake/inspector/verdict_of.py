"""Asked -> whether Pandera accepts the table (its polars backend, on the whole of it)."""

from __future__ import annotations

from typing import Any

from gouji.intake.inspector.questions import Asked, Field


def accepts(asked: Asked) -> bool:
    """Whether Pandera finds nothing wrong with the table."""
    import pandera.polars as pa
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrors

    schema = pa.DataFrameSchema(
        {field.name: _column(field) for field in asked.fields}, unique=list(asked.key)
    )
    try:
        # Whatever the environment says: the data too are looked at.
        with config_context(
            validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA
        ):
            schema.validate(_frame(asked), lazy=True)
    except SchemaErrors:
        return False
    return True


def _column(field: Field) -> Any:
    import pandera.polars as pa

    checks = [pa.Check.isin(list(field.one_of))] if field.one_of else []
    checks += [pa.Check.ge(field.at_least)] if field.at_least is not None else []
    checks += [pa.Check.le(field.at_most)] if field.at_most is not None else []
    checks += [pa.Check.str_matches(f"^(?:{field.matches})$")] if field.matches else []
    return pa.Column(
        dtype_of(field.kind) if field.kind else None, checks=checks, nullable=field.nullable
    )


def _frame(asked: Asked) -> Any:
    import polars as pl

    if isinstance(asked.rows, str):
        return pl.read_parquet(asked.rows)
    if isinstance(asked.rows, bytes):
        return pl.read_ipc_stream(asked.rows)
    return pl.DataFrame(
        asked.rows, schema={name: dtype_of(kind) for name, kind in asked.types}, orient="row"
    )


def dtype_of(kind: str) -> Any:
    """The polars type of a DuckDB type. Raises KeyError for one that no table is made of."""
    import polars as pl

    if kind.startswith("DECIMAL("):
        digits, places = kind[8:-1].split(",")
        return pl.Decimal(int(digits), int(places))
    return {"VARCHAR": pl.String, "BIGINT": pl.Int64, "INTEGER": pl.Int32}[kind]
