"""Rows of one table, on an executor -> bundles by bucket of units: each row (bucket, table, its rows as an Arrow stream). All rows of a unit have one bucket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from gouji.base.lazy_import import pyarrow as pa
from gouji.intake import unit_code

BUNDLES = "bucket int, name string, payload binary"
# Rows that are sorted into buckets at once.
ROWS_AT_ONCE = 200_000


def bucket_of(code: str, buckets: int) -> int:
    """The bucket of a unit, the same on every machine."""
    return crc32(code.encode()) % buckets


def stream(table: Any) -> bytes:
    """A table as a packed Arrow stream."""
    into = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(into, table.schema, options=options) as out:
        out.write_table(table)
    return bytes(into.getvalue())


def unstream(payload: bytes) -> Any:
    """The table of a stream."""
    return pa.ipc.open_stream(payload).read_all()


def bundle(rows: Iterable[tuple[int, str, bytes]]) -> Any:
    """Bundles as a batch of Arrow."""
    buckets, names, payloads = zip(*rows, strict=True)
    columns = [pa.array(buckets, pa.int32()), pa.array(names), pa.array(payloads, pa.binary())]
    return pa.RecordBatch.from_arrays(columns, names=["bucket", "name", "payload"])


def split(table: Any, unit: str, name: str, buckets: int) -> Iterator[tuple[int, str, bytes]]:
    """A table by buckets of its units, whose codes are written as they are kept; rows without a unit have the first bucket."""
    codes = table.column(unit).cast(pa.string()).combine_chunks().dictionary_encode()
    words = [unit_code(word) for word in codes.dictionary.to_pylist()]
    at = pa.array([bucket_of(word, buckets) for word in words], pa.int32()).take(codes.indices)
    kept = pa.array(words, pa.string()).take(codes.indices)
    place = table.schema.get_field_index(unit)
    table = table.set_column(place, unit, kept).append_column("#bucket", at.fill_null(0))
    table = table.sort_by("#bucket")
    sizes = table.column("#bucket").value_counts()
    start = 0
    for found in sizes.to_pylist():
        size = found["counts"]
        yield found["values"], name, stream(table.slice(start, size).drop_columns(["#bucket"]))
        start += size


@dataclass(frozen=True, slots=True)
class RowPacker:
    """What `mapInArrow` calls for the rows of one table."""

    name: str
    unit: str
    buckets: int

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Bundles of the rows."""
        held, rows = [], 0
        for batch in batches:
            held.append(batch)
            rows += batch.num_rows
            if rows >= ROWS_AT_ONCE:
                yield from self._bundled(held)
                held, rows = [], 0
        if rows:
            yield from self._bundled(held)

    def _bundled(self, batches: list[Any]) -> Iterator[Any]:
        table = pa.Table.from_batches(batches)
        yield bundle(split(table, self.unit, self.name, self.buckets))
