"""A PostgreSQL schema -> its tables named as ours, in one read-only transaction, as Arrow; with a hash of all that was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from gouji.base.address import Address
from gouji.base.digest import running
from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.intake.files.arrow_columns import Incoming
from gouji.intake.files.kept_units import in_comment
from gouji.intake.ledger.submission import Submission
from gouji.intake.ledger.tables import quoted
from gouji.rules import ColumnRole, Table

# How the server gives a column: as it is where the driver knows it, as text where its own type would be read as something else.
_PLAIN = {
    "int2",
    "int4",
    "int8",
    "float4",
    "float8",
    "text",
    "varchar",
    "bool",
    "date",
    "timestamp",
    "timestamptz",
    "interval",
    "time",
}
# Money is counted in hundredths by the driver, numbers of any length have no type of it; the words of both are exact.
_CAST = {
    "money": "::numeric::text",
    "numeric": "::text",
    "bpchar": "::text",
    "name": "::text",
    "citext": "::text",
    "uuid": "::text",
}
_TABLES = """
SELECT c.relname, obj_description(c.oid, 'pg_class'), n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1
"""
_COLUMNS = """
SELECT a.attname, COALESCE(b.typname, t.typname) FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype
WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_SCHEMAS = "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1"
SECONDS = 600


@contextmanager
def connected(address: Address) -> Iterator[Any]:
    """A cursor in one read-only transaction. Raises DataError, without the password, where the server cannot be reached or read."""
    if address.loose:
        raise DataError(
            _("地址 {name} 里的密码含有 / ? # @ 之类的字符").format(name=address),
            fix=_("写成百分号形式，例如 @ 写 %40；或放进环境变量 PGPASSWORD"),
        )
    try:
        import adbc_driver_manager
        import adbc_driver_postgresql.dbapi as driver
    except ModuleNotFoundError as fault:
        raise DataError(
            _("没有读 PostgreSQL 的驱动：{name}").format(name=fault.name),
            fix='pip install "gouji[postgres]"',
        ) from None
    try:
        with driver.connect(address.opened) as server, server.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")
            yield cursor
    except adbc_driver_manager.Error as fault:
        why = address.scrubbed(str(fault).split("\n")[0])
        raise DataError(
            _("PostgreSQL {name} 读不了：{why}").format(name=address, why=why),
            fix=_("检查地址、权限和模式名"),
        ) from None


def tables_of(
    cursor: Any, address: Address, tables: Mapping[str, Table], unknown: Any
) -> list[Incoming]:
    """What there is to take of the schema (`public` where the address names none); `unknown` hears of each other table.

    Raises DataError when there is no such schema, or nothing of ours in it.
    """
    schema, found = address.schema or "public", list[Incoming]()
    cursor.execute(_TABLES, (schema,))
    there = cursor.fetchall()
    for name, comment, _schema in there:
        if name not in tables:
            unknown(name)
            continue
        query, kinds = _query(cursor, schema, tables[name])
        cursor.execute(f"{query} LIMIT 0")
        of = cursor.fetch_arrow_table().schema
        found.append(
            Incoming(
                tables[name],
                str(address),
                of,
                in_comment(comment, f"{address}:{name}"),
                None,
                _reading(cursor, query),
                kinds=kinds,
            )
        )
    if not found:
        raise DataError(*_nothing(cursor, schema, bool(there)))
    return found


def _nothing(cursor: Any, schema: str, any_table: bool) -> Any:
    cursor.execute(_SCHEMAS)
    names = "、".join(name for (name,) in cursor.fetchall())
    if schema not in names.split("、"):
        return (_("没有模式“{schema}”；有的是 {names}").format(schema=schema, names=names or "—"),)
    what = _("模式“{schema}”里没有认得的数据表") if any_table else _("模式“{schema}”是空的")
    return (what.format(schema=schema) + _("；模式有 {names}").format(names=names),)


def _query(cursor: Any, schema: str, table: Table) -> tuple[str, dict[str, str]]:
    """The query for a table, in the order of its key, and the types of the columns that it gives as texts, in the words of the server."""
    cursor.execute(_COLUMNS, (schema, table.table))
    kinds = {str(name): str(kind) for name, kind in cursor.fetchall()}
    cells = [
        f"{quoted(n)}{_CAST.get(k, '') if k in _CAST or k in _PLAIN else '::text'} AS {quoted(n)}"
        for n, k in kinds.items()
    ]
    whose = (table.with_role(r).name for r in (ColumnRole.UNIT, ColumnRole.YEAR))
    order = [quoted(n) for n in dict.fromkeys((*whose, *table.key)) if n in kinds]
    by = f" ORDER BY {', '.join(order)}" if order else ""
    as_text = {
        name: kind
        for name, kind in kinds.items()
        if kind not in _PLAIN and (kind == "numeric" or _CAST.get(kind) != "::text")
    }
    return f"SELECT {', '.join(cells)} FROM {quoted(schema)}.{quoted(table.table)}{by}", as_text


def _reading(cursor: Any, query: str) -> Any:
    def read() -> Iterator[Any]:
        cursor.execute(query)
        yield from cursor.fetch_record_batch()

    return read


class Hashed:
    """SHA-256 over the rows of one source, whatever the batches they came in."""

    def __init__(self) -> None:
        self.made = running()

    def of(self, incoming: Incoming) -> Iterator[Any]:
        """The rows, as they go by."""
        self.made.update(
            f"{incoming.table.table}\0{chr(31).join(incoming.schema.names)}\0".encode()
        )
        for batch in incoming.read():
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                self.made.update(repr(row).encode())
            yield batch

    def tell(self, submission: Submission, name: str) -> None:
        """Into the manifest."""
        submission.digests[name] = self.made.hexdigest()


__all__ = ["Hashed", "connected", "tables_of"]
