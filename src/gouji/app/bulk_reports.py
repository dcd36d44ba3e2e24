"""A folder that a bulk audit wrote and its rulebook -> Bureau, by counting in DuckDB: no unit is looked at one by one in Python."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from gouji.app import bulk_report_sql as q
from gouji.app.audits import audit_submission, page_of
from gouji.app.books import load_book
from gouji.app.bulk_report_sql import GROUNDS, VERDICT
from gouji.app.bulk_runs import FILING
from gouji.app.which_book import book_for
from gouji.app.which_unit import unit_called
from gouji.base.database import connect
from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.base.verdict import Ground
from gouji.explain import rule_pages
from gouji.intake import NOT_FILED, UNEXPECTED, local, read_unit, units_like
from gouji.report import Remark, ReportPage, bands
from gouji.report.bureau import (
    BINS,
    LINES_AT_MOST,
    ZERO,
    Bureau,
    BureauLine,
    PageHead,
    RuleTally,
    grade_counts,
)
from gouji.results import added
from gouji.rules import ResolvedBook

DATABASE = "gouji.duckdb"


def bulk_bureau(
    folder: Path, rules: str | Path | None = None, schemas: str | Path | None = None
) -> Bureau:
    """The bureau's view of a bulk run. Raises DataError where the files are not those of this rulebook."""
    book = load_book(book_for(rules, folder), schemas)
    con = _connect(folder)
    try:
        _check(con, book)
        _complete(con)
        return bureau_of(con, _head(con, folder, book), book)
    finally:
        con.close()


def bulk_unit(
    data: str | Path,
    unit: str,
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    located: bool = True,
) -> ReportPage:
    """The page of one unit out of the data that a bulk audit read: its figures are looked up and judged alone. Raises DataError without such a unit."""
    book = load_book(book_for(rules, data), schemas)
    code = unit_called(unit, units_like(local(data), book.tables, unit))
    made = audit_submission(book, read_unit(local(data), book.tables, code))
    if code not in made.outcomes.units:
        raise DataError(_("没有单位 {unit}").format(unit=unit), fix=_("检查单位代码和 --data"))
    return page_of(made, located=located)


def _connect(folder: Path) -> duckdb.DuckDBPyConnection:
    if (folder / DATABASE).is_file():
        return connect(database=folder / DATABASE, read_only=True)
    con = connect()
    for name, files in (
        ("scorecards", "scorecards.parquet"),
        ("findings", "findings.parquet"),
        ("outcomes", "outcomes/*.parquet"),
        ("set_aside", "set_aside.parquet"),
        (FILING, f"{FILING}.parquet"),
    ):
        if name in ("set_aside", FILING) and not (folder / files).is_file():
            continue
        con.read_parquet(str(folder / files)).create_view(name)
    return con


def _complete(con: duckdb.DuckDBPyConnection) -> None:
    """A view with every column of a scorecard: a book of tie-outs alone scores nothing, and has no columns for it."""
    there = {row[0] for row in con.execute("DESCRIBE scorecards").fetchall()}
    con.execute(q.complete_cards(there))


def _check(con: duckdb.DuckDBPyConnection, book: ResolvedBook) -> None:
    there = {row[0] for row in con.execute("DESCRIBE outcomes").fetchall()}
    wanted = [
        f"{c}{VERDICT}"
        for c in (
            *(c.code for c in book.criteria),
            *(t.code for t in (*book.tie_outs, *book.table_rules)),
        )
    ]
    lacking = [name for name in wanted if name not in there]
    if lacking:
        raise DataError(
            _("结果里没有 {columns}").format(columns="、".join(lacking[:6])),
            fix=_("用 --rules 指明审核时用的规则库"),
        )


def _refused(con: duckdb.DuckDBPyConnection) -> tuple[tuple[str, str, str], ...]:
    """Rows that were set aside, each once: its table, number and unit, what is wrong with it, what to do. A run of an older version may not have kept them."""
    if not con.execute(q.is_there("set_aside")).fetchall():
        return ()
    rows = con.execute(q.ROWS_REFUSED).fetchall()
    return tuple(
        (f"{table}:{line} {unit or ''}".rstrip(), what, fix)
        for table, line, unit, what, fix in rows
    )


def _listed(con: duckdb.DuckDBPyConnection, state: str) -> tuple[tuple[str, str], ...]:
    """Units that did not file, or were not expected: code and name; none where no list was compared."""
    if not con.execute(q.is_there(FILING)).fetchall():
        return ()
    rows = con.execute(q.units_filed(FILING), [state]).fetchall()
    return tuple((str(unit), str(name or "")) for unit, name in rows)


def _remarks(manifest: Mapping[str, Any]) -> tuple[Remark, ...]:
    """What the run says of files and tables that were left, or whose unit of money nobody stated."""
    found = [(str(name), _("没有读"), "") for name in manifest.get("unread", ())]
    return tuple(
        found
        + [
            (str(name), _("没有写明数是元还是按表样的单位，按元读"), "")
            for name in manifest.get("unstated", ())
        ]
    )


def _head(con: duckdb.DuckDBPyConnection, folder: Path, book: ResolvedBook) -> PageHead:
    head, file = book.source.head, folder / "manifest.json"
    manifest: dict[str, object] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return PageHead(
        head.title,
        head.title,
        head.authority,
        head.fiscal_year,
        "",
        False,
        book.total,
        bands(head),
        rule_pages(book),
        _listed(con, NOT_FILED),
        _refused(con),
        manifest,
        unexpected=_listed(con, UNEXPECTED),
        remarks=_remarks(manifest),
    )


def bureau_of(con: duckdb.DuckDBPyConnection, head: PageHead, book: ResolvedBook) -> Bureau:
    """Count over `cards`, `outcomes` (a row a unit each) and `findings`."""
    degrees = added(dict(con.execute(q.DEGREES).fetchall()))
    sums = _sums(con)
    made = Bureau(
        head=head,
        units=sums.units,
        score_sum=ZERO,
        self_units=0,
        self_sum=ZERO,
        self_score_sum=ZERO,
        grades={b.name: 0 for b in head.grades},
        undecided=sums.undecided,
        grounds=dict.fromkeys(GROUNDS, ZERO),
        bins=(),
        pairs=(),
        tallies=tuple(_tallies(con, book)),
        lines=tuple(_lines(con, book)),
        degrees=degrees,
    )
    return _scored(con, made, sums) if book.criteria else made


@dataclass(frozen=True, slots=True)
class _Sums:
    """What all units come to: those whose grade is not certain are only counted."""

    units: int
    score_sum: Decimal
    self_units: int
    self_sum: Decimal
    self_score_sum: Decimal
    undecided: int
    grounds: Mapping[Ground, Decimal]


def _sums(con: duckdb.DuckDBPyConnection) -> _Sums:
    found = _one(con, q.SUMS)
    units, score_sum, self_units, self_sum, self_score_sum, undecided, *grounds = found
    by_ground = dict(zip(GROUNDS, grounds, strict=True))
    return _Sums(units, score_sum, self_units, self_sum, self_score_sum, undecided, by_ground)


def _scored(con: duckdb.DuckDBPyConnection, of: Bureau, sums: _Sums) -> Bureau:
    """The same with what there is only where units have scores."""
    counts = dict(con.execute(q.GRADES).fetchall())
    bins = con.execute(q.scores_binned(BINS, of.head.total)).fetchall()
    pairs = con.execute(q.SCORE_PAIRS).fetchall()
    return replace(
        of,
        score_sum=sums.score_sum,
        self_units=sums.self_units,
        self_sum=sums.self_sum,
        self_score_sum=sums.self_score_sum,
        grades=grade_counts(of.head.grades, counts),
        grounds=sums.grounds,
        bins=tuple(sorted(bins, key=lambda x: str(x[:2]))),
        pairs=tuple(sorted(pairs, key=lambda x: str(x[:2]))),
    )


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row = con.execute(sql).fetchone()
    assert row is not None
    return row


def _tallies(con: duckdb.DuckDBPyConnection, book: ResolvedBook) -> Iterator[RuleTally]:
    """Verdicts of every rule, counted in one pass over the outcomes."""
    criteria, ties = (
        [c.code for c in book.criteria],
        [t.code for t in (*book.tie_outs, *book.table_rules)],
    )
    weights = {c.code: c.rule.weight for c in book.criteria}
    row = _one(con, q.tallies(criteria, ties, weights))
    points = dict(zip(criteria, row[len(criteria) + len(ties) :], strict=True))
    for code, counts in zip((*criteria, *ties), row, strict=False):
        yield RuleTally(code, dict(sorted((counts or {}).items())), Decimal(points.get(code, ZERO)))


def _lines(con: duckdb.DuckDBPyConnection, book: ResolvedBook) -> Iterator[BureauLine]:
    """The units of the table; of very many those with the lowest scores."""
    codes = [c.code for c in book.criteria]
    weights = {c.code: c.rule.weight for c in book.criteria}
    rows = con.execute(q.lines(codes, weights, LINES_AT_MOST))
    while batch := rows.fetchmany(2000):
        yield from (_line(row, codes) for row in batch)


def _line(row: tuple[Any, ...], codes: list[str]) -> BureauLine:
    """A row of `lines` as the table shows it."""
    (
        unit,
        name,
        score,
        low,
        high,
        own,
        grade,
        grade_low,
        grade_high,
        figures,
        evidence,
        _contested,
        _word,
        _open,
        errors,
        verifies,
        notes,
        n,
        found,
        lost,
    ) = row
    return BureauLine(
        unit,
        name or "",
        score,
        low,
        high,
        own,
        grade or "",
        grade_low or "",
        grade_high or "",
        figures + evidence,
        n,
        errors,
        verifies,
        notes,
        tuple(found or ()),
        tuple((c, x) for c, x in zip(codes, lost, strict=True) if x),
    )
