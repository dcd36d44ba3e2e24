"""Submissions read together + a rulebook -> rows of results: outcomes with fingerprints, totals, problems, findings told in words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
from pydantic import TypeAdapter

from gouji.base.faults import DataError
from gouji.intake import (
    At,
    Gathered,
    Problem,
    Several,
    Submission,
    absent_tables,
    derive,
    home_of,
    inherit,
    other_years,
    put_gathered,
    read_back,
    receive_several,
    shares,
    take_gathered,
    unit_of,
)
from gouji.report import Card, page, remarks_of
from gouji.results import Scorecard, passage_row, scorecards
from gouji.rules import ColumnRole, ResolvedBook, Role
from gouji.run import connect, run_in_parts
from gouji.runs.bench import Bench
from gouji.runs.judged_rows import Cells, JudgedRows
from gouji.runs.outcome_rows import OutcomeRows, cited
from gouji.runs.peers import digests
from gouji.runs.shared_rows_sql import units_in
from gouji.runs.totals_row import totals_row

Gathering = Callable[[Sequence[Cells], Sequence[str]], Gathered]
CARD: TypeAdapter[Card] = TypeAdapter(Card)
# Of so many units all rows stand in memory as values, a megabyte each.
AT_A_TIME = 25


def judge(
    bench: Bench,
    paths: Mapping[str, Path],
    names: Mapping[str, str],
    gathering: Gathering,
    only: str | None = None,
) -> Iterator[JudgedRows]:
    """Read and judge submissions (name -> private copy) as one, part by part; what one of them cannot give is a problem of it alone.

    `names` are codes of expected units by name. `gathering` hears what these submissions hold for others, and gives what others hold for them.
    `only` asks for one unit alone.
    """
    con = connect()
    try:
        read = receive_several(con, paths, bench.book.tables, names, bench.reports)
        speakers, book = _speakers(read), bench.book
        years = other_years(con, read.whole, book.tables, book.year, home_of, speakers)
        read.whole.problems += years
        made = JudgedRows()
        _about(made, read, paths)
        home = _homes(read, book)
        made.shares = _shares(con, read, book)
        _derive(con, made, book, gathering, speakers | home)
        yield from _judged(con, made, bench, read, home, only)
    finally:
        con.close()


def _judged(
    con: duckdb.DuckDBPyConnection,
    made: JudgedRows,
    bench: Bench,
    read: Several,
    home: Mapping[str, str],
    only: str | None,
) -> Iterator[JudgedRows]:
    """The rows of some units at a time, those of the submissions themselves with the first."""
    read.whole.partly = read_back(con)
    book, paged = bench.book, _paged(home, bench.pages)
    absent = absent_tables(read.whole, book.tables, book.year)
    plan = bench.plan(absent, read.whole.aside_homes(book.year))
    for outcomes in run_in_parts(plan, con, AT_A_TIME, only):
        own = read.own(book.tables, list(outcomes.units), book.year)
        for card in scorecards(outcomes, book):
            submission = home.get(card.unit, "")
            _unit(made, bench, card, own[card.unit], submission, submission in paged)
        yield made
        made = JudgedRows()
    yield made


def look(bench: Bench, paths: Mapping[str, Path], names: Mapping[str, str]) -> list[Cells]:
    """Read submissions only for what they hold for others."""
    con = connect()
    try:
        read = receive_several(con, paths, bench.book.tables, names, bench.reports)
        return _shares(con, read, bench.book)
    finally:
        con.close()


def _speakers(read: Several) -> dict[str, str]:
    """Of each unit a submission that speaks of it: whichever it is, all that do are judged and carried over together."""
    return {unit: submission for submission, unit in sorted(read.members, reverse=True)}


def _shares(con: duckdb.DuckDBPyConnection, read: Several, book: ResolvedBook) -> list[Cells]:
    """Rows that other units' derived figures may need, each under a submission that speaks of the unit."""
    home = _speakers(read) | _homes(read, book)
    return [
        {"submission": home.get(unit, ""), "unit": unit, "tbl": table, "cells": list(cells)}
        for unit, table, cells in shares(con, book.tables)
    ]


def _derive(
    con: duckdb.DuckDBPyConnection,
    made: JudgedRows,
    book: ResolvedBook,
    gathering: Gathering,
    home: Mapping[str, str],
) -> None:
    """The derived tables of the units at hand, with what is gathered from all others."""
    units = book.table_of(Role.UNITS)
    assert units is not None
    query = units_in(units.table, units.with_role(ColumnRole.UNIT).name)
    codes = [str(unit) for (unit,) in con.execute(query).fetchall()]
    found = gathering(made.shares, codes)
    put_gathered(con, found)
    derive(con, book.tables, frozenset(book.tables))
    inherit(con, book.tables, across=False)
    take_gathered(con)
    made.gathered += [
        {"submission": home.get(unit, ""), "unit": unit, "digest": digest}
        for unit, digest in digests(found, codes).items()
    ]


def _about(made: JudgedRows, read: Several, paths: Mapping[str, Path]) -> None:
    """What is to be said about the submissions themselves. Mere remarks are no problems."""
    made.members += [{"submission": s, "unit": u} for s, u in sorted(read.members)]
    made.problems += [_problem(p) for p in read.whole.problems if not p.note]
    made.remarks += [p for p in read.whole.problems if p.note]
    made.passages += map(passage_row, read.whole.passages)
    made.fates |= read.fates
    for name, fault in read.unread.items():
        # What its files are told for is why nothing could be read.
        if not any(p.at.file.startswith(f"{name}/") and not p.note for p in read.whole.problems):
            made.problems.append(_unread(name, fault, paths[name]))
        made.counts[name] = {"rows_in": 0, "rows_set_aside": 0, "state": "unread"}
    for name, rows in read.rows_in.items():
        made.counts[name] = {
            "rows_in": rows,
            "rows_set_aside": read.aside[name],
            "state": "partly" if read.refused[name] else "read",
        }


def _homes(read: Several, book: ResolvedBook) -> dict[str, str]:
    """The submission that each unit filed in."""
    table = next(t for t in book.tables.values() if t.role == "units")
    year = table.with_role(ColumnRole.YEAR).name
    own = [
        row
        for row in read.whole.rows.get(table.table, ())
        if year in row.cells and row.cells[year].value == book.year
    ]
    found = {unit_of(row, table): home_of(row.at.file) for row in own}
    if read.in_bulk and read.whole.held is not None:
        found |= {
            unit: home_of(file) for unit, file in read.whole.held.files(table, book.year).items()
        }
    return found


def _unread(name: str, fault: DataError, folder: Path) -> Cells:
    """Why a submission gave nothing, by its own name: the private copy that was read is gone by the time somebody reads this."""
    at = At(
        f"{name}/{fault.place.file}" if fault.place else name,
        fault.place.line if fault.place else 0,
    )
    what, fix = (text.replace(str(folder), name) for text in (fault.what, fault.fix))
    return _problem(Problem("", at, what, fix))


def _problem(problem: Problem) -> Cells:
    at = problem.at
    return {
        "submission": home_of(at.file),
        "file": at.file,
        "line": at.line,
        "col": at.column,
        "tbl": problem.table,
        "what": problem.what,
        "mend": problem.fix,
        "place": str(at),
        "spot": json.dumps([cited(at)], ensure_ascii=False),
    }


def _paged(home: Mapping[str, str], pages: int) -> set[str]:
    """Submissions of so few units that a run may show them."""
    return {submission for submission, units in Counter(home.values()).items() if units <= pages}


def _unit(
    made: JudgedRows, bench: Bench, card: Scorecard, own: Submission, submission: str, paged: bool
) -> None:
    """Add what is kept of one unit: its totals, its outcomes, probable causes, and its page where it has one."""
    book = bench.book
    base = {"submission": submission, "unit": card.unit}
    rows = OutcomeRows(bench, own, card.unit)
    made.scorecards.append(base | {"name": card.name} | totals_row(card.totals))
    for line, criterion in zip(card.lines, book.criteria, strict=True):
        made.outcomes.append(base | rows.criterion(line, criterion))
    for found, tie in zip(card.tie_outs, book.tie_outs, strict=True):
        made.outcomes.append(base | rows.tie_out(found, tie))
    for found, of in zip(card.table_rules, book.table_rules, strict=True):
        made.outcomes.append(base | rows.table_rule(found, of))
    made.causes += bench.finder.rows(book, own, card, base) if bench.finder is not None else []
    if paged:
        shown = replace(page(book, own, (card,), {}).cards[0], remarks=remarks_of(own.problems))
        made.cards.append(base | {"card": CARD.dump_json(shown).decode()})


__all__ = ["Bench", "JudgedRows", "judge", "look"]
