"""Codes of units in bulk tables: the same however they are written; rows of units that the list does not have; who has not filed."""

from __future__ import annotations

import duckdb

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.intake.admission.sql_gate import RefusedRows
from gouji.intake.bulk_tables import Bulk, TablePart, replaced
from gouji.intake.finding.listed_codes import code_pattern, listed_code
from gouji.intake.ledger.tables import literal, quoted
from gouji.intake.values.codes import unit_code_sql
from gouji.rules import Column, ColumnRole, Role

# Codes of these signs are as they are kept; others are looked at one by one.
_AS_KEPT = "[0-9A-Z_-]*"
# So many rows are listed one by one; with more of them it is the list that is not whole.
LISTED_AT_MOST = 200_000


def coded(con: duckdb.DuckDBPyConnection, bulk: Bulk, units: str) -> None:
    """Read codes as they are kept where a table has some that are written otherwise. The list of units goes first: of the others only codes that it lacks are looked at."""
    part = bulk.parts[units]
    if _otherwise(
        con,
        part,
        f"SELECT {_unit(part)} AS u FROM {part.relation} WHERE NOT regexp_full_match({_unit(part)}, '{_AS_KEPT}')",
    ):
        bulk.parts[units] = _as_kept(con, part)
    lacking = _lacking_some(con, bulk, units)
    bulk.listed = bulk.parts.keys() - lacking
    for name in sorted(lacking):
        part = bulk.parts[name]
        if _otherwise(con, part, f"SELECT {_unit(part)} AS u {_lacking(bulk, units, part)}"):
            bulk.parts[name] = _as_kept(con, part)
    for name, part in list(bulk.parts.items()):
        for column in part.table.columns:
            if column.role is ColumnRole.CODE and part.types.get(column.name) == "VARCHAR":
                bulk.parts[name] = _listed(con, bulk, part, column)


def _listed(
    con: duckdb.DuckDBPyConnection, bulk: Bulk, part: TablePart, column: Column
) -> TablePart:
    """Codes of lines as they are kept: those that are written otherwise are few, and each is looked at once. What is no code is left to the gate."""
    own, pattern = quoted(column.name), literal(code_pattern(column))
    odd = con.execute(
        f"SELECT DISTINCT {own} FROM {part.relation} WHERE {own} NOT SIMILAR TO {pattern} LIMIT {LISTED_AT_MOST}"
    ).fetchall()
    if not odd:
        bulk.coded.add(part.table.table)
        return part
    kept = {text: code for (text,) in odd if (code := listed_code(text, column)) != text}
    if not kept:
        return part
    cases = " ".join(f"WHEN {literal(text)} THEN {literal(code)}" for text, code in kept.items())
    return replaced(con, part, {column.name: f"CASE {own} {cases} ELSE {own} END"})


def _lacking_some(con: duckdb.DuckDBPyConnection, bulk: Bulk, units: str) -> set[str]:
    """Tables with codes that the list of units does not have: all are held against it at once, for the list is as long as a small table."""
    every = " UNION ALL ".join(
        f"SELECT {literal(name)} AS t, {_unit(part)} AS u FROM {part.relation}"
        for name, part in bulk.parts.items()
        if name != units
    )
    if not every:
        return set()
    known = bulk.parts[units]
    listed = f"(SELECT {_unit(known)} AS k FROM {known.relation})"
    query = f"SELECT DISTINCT t FROM ({every}) r ANTI JOIN {listed} k ON k.k = r.u WHERE r.u IS NOT NULL"
    return {str(name) for (name,) in con.execute(query).fetchall()}


def unlisted(con: duckdb.DuckDBPyConnection, bulk: Bulk, units: str) -> list[RefusedRows]:
    """Rows of units that the list does not have. Raises DataError where there are so many that the list cannot be whole."""
    found = list[RefusedRows]()
    for name, part in bulk.parts.items():
        if part.table.role in (Role.UNITS, Role.EXPECTED) or name in bulk.listed:
            continue
        rows = con.execute(
            f"SELECT r.{part.number}, {_unit(part)} {_lacking(bulk, units, part)} ORDER BY 1 LIMIT {LISTED_AT_MOST + 1}"
        ).fetchall()
        if len(rows) > LISTED_AT_MOST:
            what = _("“{table}”有 {n} 多行的单位不在“{units}”里，例如 {unit}").format(
                table=name, n=LISTED_AT_MOST, units=units, unit=rows[0][1]
            )
            raise DataError(what, fix=_("在名单里补上这些单位，或改正单位代码"))
        reason = (
            _("单位不在“{units}”里").format(units=units),
            _("在名单里补上这些单位，或改正单位代码"),
            part.table.with_role(ColumnRole.UNIT).name,
        )
        found += [RefusedRows(name, int(number), str(unit), reason) for number, unit in rows]
    return found


# Units that are expected and did not file; units that filed and are not expected.
NOT_FILED, UNEXPECTED = "未报送", "清单外"
# Columns of the file that lists them; of the table of rows that were set aside.
CODE, NAME, STATE = "单位代码", "单位名称", "情况"
TABLE, NUMBER = "数据表", "行号"


def filing_queries(bulk: Bulk, year: int, aside: str) -> tuple[str, str] | None:
    """How many units are expected; and a query of those that did not file, or filed and are not expected: code, name, which of the two (情况). None without an 应报清单.

    `aside` names a table of rows that were set aside (数据表, 行号): who is there only with such a row has not filed.
    """
    parts = {p.table.role: p for p in bulk.parts.values()}
    if Role.EXPECTED not in parts:
        return None
    wanted, came = (_units_of(parts[role], year, aside) for role in (Role.EXPECTED, Role.UNITS))
    rows = " UNION ALL ".join(
        f"SELECT a.u AS {CODE}, a.n AS {NAME}, {literal(state)} AS {STATE} FROM {these} a ANTI JOIN {those} b ON a.u = b.u"
        for state, these, those in ((NOT_FILED, wanted, came), (UNEXPECTED, came, wanted))
    )
    return f"SELECT count(*) FROM {wanted}", f"{rows} ORDER BY {STATE} DESC, {CODE}"


def _units_of(part: TablePart, year: int, aside: str) -> str:
    """Codes and names of a list's units of a year."""
    of, name = (part.table.with_role(role).name for role in (ColumnRole.YEAR, ColumnRole.UNIT_NAME))
    called = f"CAST({quoted(name)} AS VARCHAR)" if name in part.types else "''"
    kept = f"{part.number} NOT IN (SELECT {NUMBER} FROM {aside} WHERE {TABLE} = {literal(part.table.table)})"
    return f"(SELECT {_unit(part)} AS u, coalesce(any_value({called}), '') AS n FROM {part.relation} WHERE TRY_CAST({quoted(of)} AS BIGINT) = {year} AND {kept} GROUP BY 1)"


def _unit(part: TablePart) -> str:
    return quoted(part.table.with_role(ColumnRole.UNIT).name)


def _lacking(bulk: Bulk, units: str, part: TablePart) -> str:
    """FROM and WHERE of the rows whose unit the list lacks."""
    known = bulk.parts[units]
    return f"FROM {part.relation} AS r ANTI JOIN (SELECT {_unit(known)} AS k FROM {known.relation}) AS k ON k.k = r.{_unit(part)} WHERE r.{_unit(part)} IS NOT NULL"


def _otherwise(con: duckdb.DuckDBPyConnection, part: TablePart, query: str) -> bool:
    """Whether some code of a query is not as it is kept."""
    return bool(
        con.execute(
            f"SELECT 1 FROM (SELECT DISTINCT u FROM ({query})) WHERE u <> {unit_code_sql('u')} LIMIT 1"
        ).fetchall()
    )


def _as_kept(con: duckdb.DuckDBPyConnection, part: TablePart) -> TablePart:
    return replaced(
        con, part, {part.table.with_role(ColumnRole.UNIT).name: unit_code_sql(_unit(part))}
    )


__all__ = ["CODE", "NOT_FILED", "STATE", "UNEXPECTED", "coded", "filing_queries", "unlisted"]
