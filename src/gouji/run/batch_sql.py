"""The statements around a BulkPlan's: parts of the units, tables between the steps, and what scorecards and findings are read off with."""

from __future__ import annotations

from operator import attrgetter

from gouji.base.sql_names import literal, quoted
from gouji.plan import DIFFERS, FOUND, NUMBER, UNIT, USUAL, BulkFinding, BulkPlan

DEGREE, UNIT_CODE = "级别", "单位代码"
OPTIONS = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
MEMORY_LIMIT = "SELECT current_setting('memory_limit')"
_ENDS = "min(u), max(u), count(*)"
Between = tuple[str, str] | None


def units_of(table: str, unit: str, year: str, of: int, between: Between) -> str:
    """The units of a year (of those `between` two codes) as a table with one column `u`."""
    some = _within(unit, between)
    return f"(SELECT {quoted(unit)} AS u FROM {quoted(table)} WHERE {quoted(year)} = {of}{some})"


def counted(units: str, distinct: bool = False) -> str:
    """How many units there are."""
    return f"SELECT count({'DISTINCT u' if distinct else '*'}) FROM {units}"


def ends_as_sent(units: str, size: int, last: int) -> str:
    """First and last code of each part of units as they stand, how many it has, and how many are not greater than the one before; `last` is the number of the last part."""
    part = f"least((row_number() OVER () - 1) // {size}, {last})"
    return f"SELECT {_ENDS}, count(*) FILTER (u IS NULL OR u <= v) FROM (SELECT u, lag(u) OVER () AS v, {part} AS part FROM {units}) GROUP BY part ORDER BY 1"


def ends_sorted(units: str, size: int, last: int) -> str:
    """The same of units put in order, each once."""
    part = f"least((row_number() OVER (ORDER BY u) - 1) // {size}, {last})"
    return f"SELECT {_ENDS}, 0 FROM (SELECT u, {part} AS part FROM (SELECT DISTINCT u FROM {units} WHERE u IS NOT NULL)) GROUP BY part ORDER BY 1"


def _within(unit: str, between: tuple[str, str] | None) -> str:
    """One more condition, where only units from one code to another are meant."""
    if between is None:
        return ""
    return f" AND {quoted(unit)} BETWEEN {literal(between[0])} AND {literal(between[1])}"


def units_counted(
    table: str, unit: str, year: str, of: int, between: Between, below: str | None
) -> str:
    """How many units of a year there are, of those `between` two codes or `below` one."""
    less = f" AND {quoted(unit)} < {literal(below)}" if below is not None else ""
    return f"SELECT count(DISTINCT {quoted(unit)}) FROM {quoted(table)} WHERE {quoted(year)} = {of}{_within(unit, between)}{less}"


def first_years(table: str, year: str) -> str:
    """The first nine years that a table has rows of."""
    return f"SELECT DISTINCT {quoted(year)} FROM {quoted(table)} WHERE {quoted(year)} IS NOT NULL ORDER BY 1 LIMIT 9"


def dropped(table: str) -> str:
    """Drops a table that may be there."""
    return f"DROP TABLE IF EXISTS {quoted(table)}"


def renamed(table: str, name: str) -> str:
    """Gives a table another name."""
    return f"ALTER TABLE {quoted(table)} RENAME TO {quoted(name)}"


def made_table(table: str, query: str, anew: bool = True) -> str:
    """Makes a table of what a query gives; `anew` even where there is one."""
    return f"CREATE {'OR REPLACE ' if anew else ''}TEMP TABLE {quoted(table)} AS {query}"


def put_in(table: str, query: str) -> str:
    """Puts what a query gives into a table."""
    return f"INSERT INTO {quoted(table)} {query}"


def view_of_cards(view: str, usual: str, figures: str, whole: str) -> str:
    """Makes a view of the scorecards of usual units; `usual` reads `figures`, which here is the table `whole`."""
    return f"CREATE OR REPLACE TEMP VIEW {quoted(view)} AS WITH {quoted(figures)} AS NOT MATERIALIZED (FROM {quoted(whole)}) {usual}"


def figures_of_others(figures: str, cards: str, unit: str) -> str:
    """The figures of the units that are not as usual."""
    others = f"SELECT {quoted(unit)} AS u FROM {quoted(cards)} WHERE NOT {quoted(USUAL)}"
    return f"SELECT f.* FROM {quoted(figures)} AS f SEMI JOIN ({others}) AS c ON c.u = f.{quoted(UNIT)}"


def all_cards(plan: BulkPlan, usual: str, odd: str) -> str:
    """All scorecards as a table: those of usual units and those of the others."""
    cards = ", ".join(map(quoted, plan.scorecard))
    return f"(SELECT {cards} FROM {quoted(usual)} WHERE {quoted(USUAL)} UNION ALL SELECT {cards} FROM {quoted(odd)})"


def parquet(files: str) -> str:
    """Files as a table."""
    return f"read_parquet({literal(files)})"


def copied(query: str, path: str) -> str:
    """Writes what a query gives as a Parquet file."""
    return f"COPY ({query}) TO {literal(path)} {OPTIONS}"


def degrees_in(findings: str) -> str:
    """How many findings of each degree a file has."""
    return f"SELECT {quoted(DEGREE)}, count(*) FROM read_parquet({literal(findings)}) GROUP BY 1"


def nullable(query: str, column: str) -> str:
    """The same rows, of which it is not known that any column has a value in all of them.

    What is known of the values would show in a file (a column that is REQUIRED), and would be another thing for the same units among more.
    """
    none = f"SELECT NULL::VARCHAR AS {quoted(column)} FROM range(1) WHERE range > 1"
    return f"SELECT * FROM ({query}) UNION ALL BY NAME ({none})"


def cards_query(plan: BulkPlan, source: str, wide: bool) -> str:
    """Scorecards, in the order of the units."""
    # Rows of a table come in pieces as they were put in, which would show in the file; sorted, they come in whole ones.
    order = "" if wide else f" ORDER BY {quoted(plan.scorecard[0])}"
    return f"SELECT {', '.join(map(quoted, plan.scorecard))} FROM {source}{order}"


def findings_query(plan: BulkPlan, source: str, wide: bool) -> str:
    """Findings of the units that have any, as rows, in the order of the units and of the rulebook."""
    some = " OR ".join(f"{quoted(c)} > 0" for c in plan.counts)
    unit = quoted(plan.scorecard[0])
    if not wide:
        rows = f"SELECT {unit} AS u, unnest({quoted(FOUND)}, recursive := true) FROM {source} WHERE {some}"
        words = {
            "规则": [f.code for f in plan.findings],
            "类型": [f.kind for f in plan.findings],
            DEGREE: [f.severity.value for f in plan.findings],
        }
        named = ", ".join(
            f"list_extract([{', '.join(map(literal, of))}], {NUMBER}) AS {name}"
            for name, of in words.items()
        )
        left, right = (
            _picked([side(f) for f in plan.findings])
            for side in (attrgetter("left"), attrgetter("right"))
        )
        return f"SELECT u AS 单位代码, {named}, {left} AS 左边, {right} AS 右边 FROM ({rows}) ORDER BY u, {NUMBER}"
    structs = ", ".join(_struct(f) for f in plan.findings)
    order = ", ".join(literal(f.code) for f in plan.findings)
    rows = f"SELECT {unit} AS u, unnest(list_filter([{structs}], lambda f : f IS NOT NULL)) AS f FROM {source} WHERE {some}"
    return f"SELECT u AS 单位代码, f.规则 AS 规则, f.类型 AS 类型, f.级别 AS 级别, f.左边 AS 左边, f.右边 AS 右边 FROM ({rows}) ORDER BY u, list_position([{order}], f.规则)"


def _picked(sides: list[str | None]) -> str:
    """The side of a finding by its number: the few ways of reading it, each with the numbers that are read so."""
    ways: dict[str, list[str]] = {}
    for number, side in enumerate(sides, 1):
        if side is not None:
            ways.setdefault(side, []).append(str(number))
    cases = " ".join(
        f"WHEN {NUMBER} IN ({', '.join(numbers)}) THEN {side}" for side, numbers in ways.items()
    )
    return f"CASE {cases} END::DECIMAL(38,6)" if ways else "NULL::DECIMAL(38,6)"


def _struct(of: BulkFinding) -> str:
    test = quoted(of.test) if of.kind == DIFFERS else f"{quoted(of.test)} = {literal(of.kind)}"
    left, right = (
        f"{quoted(side)}::DECIMAL(38,6)" if side else "NULL::DECIMAL(38,6)"
        for side in (of.left, of.right)
    )
    value = f"{{'规则': {literal(of.code)}, '类型': {literal(of.kind)}, '级别': {literal(of.severity.value)}, '左边': {left}, '右边': {right}}}"
    return f"CASE WHEN {test} THEN {value} END"
