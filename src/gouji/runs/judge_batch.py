"""Submissions read together + a rulebook -> rows of results: outcomes with fingerprints, totals, problems, findings told in words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    quoted,
    read_back,
    receive_several,
    shares,
    take_gathered,
    unit_figures,
    unit_of,
)
from gouji.plan import StoredPlan
from gouji.report import (
    Card,
    Cited,
    WorkingTeller,
    differing_words,
    page,
    remarks_of,
    spot_rows,
    summary_of_spots,
)
from gouji.results import (
    Finding,
    Reads,
    Scorecard,
    criterion_figures,
    differs,
    fails,
    rule_version,
    scorecards,
    table_rule_figures,
    tie_out_figures,
)
from gouji.rules import ColumnRole, ResolvedBook, ResolvedTableRule, Role
from gouji.run import connect, run_in_parts
from gouji.runs.cause_rows import CauseFinder
from gouji.runs.judged_rows import Cells, JudgedRows
from gouji.runs.peers import digests
from gouji.runs.totals_row import totals_row

if TYPE_CHECKING:
    from gouji.intake import Reports
    from gouji.plan import Plan

Gathering = Callable[[Sequence[Cells], Sequence[str]], Gathered]
CARD: TypeAdapter[Card] = TypeAdapter(Card)
Absent = frozenset[tuple[str, bool]]
Plans = Callable[[ResolvedBook, Absent, Absent], StoredPlan]
# Of so many units all rows stand in memory as values, a megabyte each.
PLACES_AT_MOST, AT_A_TIME, PLANS_KEPT = 12, 25, 8


@dataclass
class Bench:
    """A rulebook ready to judge: its plans are compiled once, its rules have their versions. Cards are made of submissions of at most `pages` units.

    `kept` gives plans that were compiled another time. `finder` finds the cells that are probably wrong, `reports` reads report texts.
    """

    book: ResolvedBook
    pages: int = 0
    kept: Plans | None = None
    finder: CauseFinder | None = None
    reports: Callable[[], Reports] | None = None
    reads: Reads = field(default_factory=Reads)
    _plans: dict[tuple[Absent, Absent], Plan | StoredPlan] = field(default_factory=dict)

    def plan(self, absent: Absent, aside: Absent) -> Plan | StoredPlan:
        """The statements, with precision columns beside every table; what nobody sent (tables, and whether last year's) is left out of them.

        `aside` are the tables of which rows were set aside.
        """
        if (absent, aside) not in self._plans:
            if len(self._plans) >= PLANS_KEPT:
                self._plans.clear()
            self._plans[absent, aside] = (
                self.kept(self.book, absent, aside)
                if self.kept is not None
                else _compiled(self.book, absent, aside)
            )
        return self._plans[absent, aside]

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """Rule code -> hash of all that decides in it."""
        return {r.code: rule_version(r.rule) for r in self.book.rules}


def _compiled(book: ResolvedBook, absent: Absent, aside: Absent) -> Plan:
    from gouji.plan import compile_book

    return compile_book(book, book.tables, absent, aside)


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
    book, made = bench.book, JudgedRows()
    con = connect()
    try:
        read = receive_several(con, paths, book.tables, names, bench.reports)
        read.whole.problems += other_years(
            con, read.whole, book.tables, book.year, home_of, _speakers(read)
        )
        _about(made, read, paths)
        home = _homes(read, book)
        made.shares = _shares(con, read, book)
        _derive(con, made, book, gathering, _speakers(read) | home)
        paged = _paged(home, bench.pages)
        read.whole.partly = read_back(con)
        plan = bench.plan(
            absent_tables(read.whole, book.tables, book.year), read.whole.aside_homes(book.year)
        )
        for outcomes in run_in_parts(plan, con, AT_A_TIME, only):
            own = read.own(book.tables, list(outcomes.units), book.year)
            for card in scorecards(outcomes, book):
                submission = home.get(card.unit, "")
                _unit(made, bench, card, own[card.unit], submission, submission in paged)
            yield made
            made = JudgedRows()
    finally:
        con.close()
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
    own = quoted(units.with_role(ColumnRole.UNIT).name)
    codes = [
        str(unit)
        for (unit,) in con.execute(
            f"SELECT DISTINCT {own} FROM {quoted(units.table)} ORDER BY 1"
        ).fetchall()
    ]
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
    what, mend = (text.replace(str(folder), name) for text in (fault.what, fault.mend))
    return _problem(Problem("", at, what, mend))


def _problem(problem: Problem) -> Cells:
    at = problem.at
    return {
        "submission": home_of(at.file),
        "file": at.file,
        "line": at.line,
        "col": at.column,
        "tbl": problem.table,
        "what": problem.what,
        "mend": problem.mend,
        "place": str(at),
        "spot": json.dumps(
            [{"figure": "", "printed": "", **asdict(at), "text": str(at)}], ensure_ascii=False
        ),
    }


def _paged(home: Mapping[str, str], pages: int) -> set[str]:
    """Submissions of so few units that a run may show them."""
    return {submission for submission, units in Counter(home.values()).items() if units <= pages}


def _unit(
    made: JudgedRows, bench: Bench, card: Scorecard, own: Submission, submission: str, paged: bool
) -> None:
    book = bench.book
    figures = unit_figures(own, book.tables, card.unit, book.year)
    teller = WorkingTeller(book, own, figures, card.unit)
    base = {"submission": submission, "unit": card.unit}
    made.scorecards.append(base | {"name": card.name} | totals_row(card.totals))
    for line, criterion in zip(card.lines, book.criteria, strict=True):
        o, rule = line.outcome, line.rule
        told = differs(o.verdict, o.ground, o.score, o.self_score)
        made.outcomes.append(
            base
            | {
                "code": rule.code,
                "kind": "criterion",
                "severity": "",
                "weight": rule.weight,
                "verdict": o.verdict.value,
                "score": o.score,
                "low": o.low,
                "high": o.high,
                "self_score": o.self_score,
                "ground": o.ground.value,
                "measured": _number(o.measured),
                "stated": None,
                "gaps": "、".join(teller.gaps(o)),
                "rule": bench.versions[rule.code],
                "figures": criterion_figures(criterion, book, figures, bench.reads),
                "working": differing_words(
                    o.self_score, o.score, teller.criterion(rule, criterion.measure, o)
                )
                if told
                else None,
                "places": _places(teller, criterion.measure) if told else None,
            }
        )
    for found, tie in zip(card.tie_outs, book.tie_outs, strict=True):
        told = fails(found.outcome.verdict)
        words = (
            (teller.tie_out(tie.check, found.outcome), _places(teller, tie.check))
            if told
            else (None, None)
        )
        made.outcomes.append(
            base
            | _relation(bench, found, tie_out_figures(tie, figures, bench.reads), words, teller)
        )
    for found, of in zip(card.table_rules, book.table_rules, strict=True):
        words = _spots(teller, of, found) if fails(found.outcome.verdict) else (None, None)
        made.outcomes.append(
            base
            | _relation(bench, found, table_rule_figures(of, figures, bench.reads), words, teller)
        )
    made.causes += bench.finder.rows(book, own, card, base) if bench.finder is not None else []
    if paged:
        shown = replace(page(book, own, (card,), {}).cards[0], remarks=remarks_of(own.problems))
        made.cards.append(base | {"card": CARD.dump_json(shown).decode()})


def _relation(
    bench: Bench,
    found: Finding,
    figures: str,
    words: tuple[str | None, str | None],
    teller: WorkingTeller,
) -> Cells:
    rule, t = found.rule, found.outcome
    return {
        "code": rule.code,
        "kind": "tie_out",
        "severity": rule.severity.value,
        "weight": None,
        "verdict": t.verdict.value,
        "score": None,
        "low": None,
        "high": None,
        "self_score": None,
        "ground": None,
        "measured": _number(t.right),
        "stated": _number(t.left),
        "gaps": "、".join(teller.gaps(t)),
        "rule": bench.versions[rule.code],
        "figures": figures,
        "working": words[0],
        "places": words[1],
    }


def _spots(teller: WorkingTeller, of: ResolvedTableRule, found: Finding) -> tuple[str, str]:
    """A rule over rows in words, and the places where it does not hold."""
    rows = spot_rows(teller, of)
    places = [
        {"figure": "", "printed": "", **asdict(at), "text": str(at)}
        for at in Cited(teller).places(found)[:PLACES_AT_MOST]
    ]
    return summary_of_spots(of, found.outcome, rows), json.dumps(places, ensure_ascii=False)


def _number(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _places(teller: WorkingTeller, node: Any) -> str:
    """Where the figures of a finding stood, as JSON: what each is called, how it was printed, its place in parts and as text."""
    used = [
        {"figure": u.name, "printed": u.printed, **asdict(u.at), "text": str(u.at)}
        for u in teller.used(node)
        if u.at is not None
    ]
    return json.dumps(used[:PLACES_AT_MOST], ensure_ascii=False)


__all__ = ["Bench", "JudgedRows", "judge", "look"]
