"""ReportPage -> its outcomes as a Parquet file."""

from __future__ import annotations

import io
from dataclasses import astuple, fields

import pyarrow
import pyarrow.parquet

from gouji.base.plain import plain
from gouji.report.outcomes import FlatOutcome, rows
from gouji.report.page_of_unit import ReportPage

POINTS = pyarrow.decimal128(12, 2)


def to_parquet(page: ReportPage) -> bytes:
    """A row a unit and rule; points as decimals with two places, everything else as text."""
    names = [f.name for f in fields(FlatOutcome)]
    types = [POINTS if "Decimal" in str(f.type) else pyarrow.string() for f in fields(FlatOutcome)]
    columns = list(
        zip(
            *([plain(x) if isinstance(x, str) else x for x in astuple(row)] for row in rows(page)),
            strict=True,
        )
    ) or [()] * len(names)
    table = pyarrow.table(
        [pyarrow.array(c, t) for c, t in zip(columns, types, strict=True)], names=names
    )
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out, compression="zstd")
    return out.getvalue()
