"""Submissions read together + a rulebook -> rows of results: outcomes with fingerprints, totals, problems, findings told in words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from gouji.compile import Plan, compile_book
from gouji.faults import DataError
from gouji.intake import At, Problem, Row, Submission, admit, read_folder
from gouji.intake.figures import unit_figures
from gouji.judge import Finding, Scorecard, scorecards
from gouji.load.tables import ColumnRole
from gouji.night.fingerprint import criterion_figures, rule_version, table_rule_figures, tie_out_figures
from gouji.outcome import Totals
from gouji.report import page
from gouji.report.page import Card
from gouji.report.spots import spot_rows, summary
from gouji.report.working import Teller, gap_words
from gouji.run import connect, run
from gouji.validate import ResolvedBook, ResolvedTableRule
from gouji.verdict import Ground, Verdict

Cells = dict[str, Any]
CARD: TypeAdapter[Card] = TypeAdapter(Card)
PLACES_AT_MOST = 12


@dataclass(slots=True)
class Judged:
    """Rows of results, by table."""

    outcomes: list[Cells] = field(default_factory=list)
    units: list[Cells] = field(default_factory=list)
    problems: list[Cells] = field(default_factory=list)
    members: list[Cells] = field(default_factory=list)
    cards: list[Cells] = field(default_factory=list)
    counts: dict[str, Cells] = field(default_factory=dict)


@dataclass
class Bench:
    """A rulebook ready to judge: its plan is compiled once, its rules have their versions."""

    book: ResolvedBook
    pages: bool = False

    @cached_property
    def plan(self) -> Plan:
        """The statement, with precision columns beside every table."""
        return compile_book(self.book, self.book.tables)

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """Rule code -> hash of all that decides in it."""
        return {r.code: rule_version(r.rule) for r in self.book.rules}


def judge(bench: Bench, folders: Mapping[str, Path]) -> Judged:
    """Read and judge submissions (name -> private copy) as one; what one of them cannot give is a problem of it alone."""
    made, merged, home = Judged(), Submission("", ""), dict[str, str]()
    for name, folder in folders.items():
        try:
            read = read_folder(folder, bench.book.tables)
        except DataError as fault:
            made.problems.append(_unread(name, fault, folder))
            made.counts[name] = {"rows_in": 0, "state": "unread"}
            continue
        merge(merged, placed(read, name))
        made.counts[name] = {"rows_in": read.rows_in, "state": "read"}
    _members(made, merged, bench.book)
    con = connect()
    try:
        admit(con, merged, bench.book.tables)
        outcomes = run(bench.plan, con)
    finally:
        con.close()
    own = _by_unit(merged, bench.book)
    for row in merged.rows.get(_units_table(bench.book), []):
        home[_unit_of(row, bench.book, _units_table(bench.book))] = _submission(row.at)
    for card in scorecards(outcomes, bench.book):
        _unit(made, bench, card, own.get(card.unit, Submission("", "")), home.get(card.unit, ""))
    made.problems += [_problem(p) for p in merged.problems]
    aside = Counter(_submission(row.at) for _table, row, _why in merged.set_aside)
    for name, count in made.counts.items():
        count["rows_set_aside"] = aside[name]
    return made


def _unread(name: str, fault: DataError, folder: Path) -> Cells:
    """Why a submission gave nothing, by its own name: the private copy that was read is gone by the time somebody reads this."""
    at = At(f"{name}/{fault.place.file}" if fault.place else name, fault.place.line if fault.place else 0)
    what, mend = (text.replace(str(folder), name) for text in (fault.what, fault.mend))
    return _problem(Problem("", at, what, mend))


def _problem(problem: Problem) -> Cells:
    at = problem.at
    return {"submission": _submission(at), "file": at.file, "line": at.line, "col": at.column, "tbl": problem.table, "what": problem.what,
            "mend": problem.mend, "place": str(at), "spot": json.dumps([{"figure": "", "printed": "", **asdict(at), "text": str(at)}], ensure_ascii=False)}  # fmt: skip


def _submission(at: At) -> str:
    return at.file.split("/", 1)[0]


def placed(read: Submission, name: str) -> Submission:
    """A submission whose places name it before the file."""
    def moved(at: At) -> At:
        return replace(at, file=f"{name}/{at.file}")

    rows = {table: [Row({c: replace(cell, at=moved(cell.at)) for c, cell in row.cells.items()}, moved(row.at)) for row in found]
            for table, found in read.rows.items()}  # fmt: skip
    problems = [replace(p, at=moved(p.at)) for p in read.problems]
    aside = [(table, Row(row.cells, moved(row.at)), why) for table, row, why in read.set_aside]
    return Submission(read.title, name, read.note, read.invented, rows, problems, read.rows_in, aside, read.digests)


def merge(into: Submission, one: Submission) -> None:
    """Add one submission to another."""
    for table, rows in one.rows.items():
        into.rows.setdefault(table, []).extend(rows)
    into.problems += one.problems
    into.set_aside += one.set_aside
    into.rows_in += one.rows_in
    into.invented = into.invented or one.invented


def _units_table(book: ResolvedBook) -> str:
    return next(t.table for t in book.tables.values() if t.role == "units")


def _unit_of(row: Row, book: ResolvedBook, table: str) -> str:
    cell = row.cells.get(book.tables[table].with_role(ColumnRole.UNIT).name)
    return str(cell.value) if cell else ""


def _members(made: Judged, merged: Submission, book: ResolvedBook) -> None:
    """Which submission speaks of which unit, rows that are set aside later included."""
    pairs = {(_submission(row.at), _unit_of(row, book, table)) for table, rows in merged.rows.items() for row in rows}
    made.members += [{"submission": s, "unit": u} for s, u in sorted(pairs) if u]


def _by_unit(merged: Submission, book: ResolvedBook) -> dict[str, Submission]:
    """The rows of each unit by itself, so that looking a figure up does not pass over everybody's."""
    found: dict[str, Submission] = {}
    for table, rows in merged.rows.items():
        for row in rows:
            own = found.setdefault(_unit_of(row, book, table), Submission("", ""))
            own.rows.setdefault(table, []).append(row)
    return found


def _unit(made: Judged, bench: Bench, card: Scorecard, own: Submission, submission: str) -> None:
    book = bench.book
    figures = unit_figures(own, book.tables, card.unit, book.year)
    teller = Teller(book, own, figures, card.unit)
    base = {"submission": submission, "unit": card.unit}
    made.units.append(base | {"name": card.name} | _totals(card.totals))
    for line, criterion in zip(card.lines, book.criteria, strict=True):
        o, rule = line.outcome, line.rule
        told = line.difference not in (None, 0)
        made.outcomes.append(base | {
            "code": rule.code, "kind": "criterion", "severity": "", "weight": rule.weight, "verdict": o.verdict.value, "score": o.score,
            "low": o.low, "high": o.high, "self_score": o.self_score, "ground": o.ground.value, "measured": _number(o.measured), "stated": None,
            "gaps": "、".join(gap_words(o.gaps)), "rule": bench.versions[rule.code], "figures": criterion_figures(criterion, book, figures),
            "working": teller.criterion(rule, criterion.measure, o) if told else None,
            "places": _places(teller, criterion.measure) if told else None})  # fmt: skip
    for found, tie in zip(card.tie_outs, book.tie_outs, strict=True):
        told = found.outcome.verdict is Verdict.UNBALANCED
        words = (teller.tie_out(tie.check, found.outcome), _places(teller, tie.check)) if told else (None, None)
        made.outcomes.append(base | _relation(bench, found, tie_out_figures(tie, figures), words))
    for found, of in zip(card.table_rules, book.table_rules, strict=True):
        words = _spots(teller, of, found) if found.outcome.verdict is Verdict.UNBALANCED else (None, None)
        made.outcomes.append(base | _relation(bench, found, table_rule_figures(of, figures), words))
    if bench.pages:
        made.cards.append(base | {"card": CARD.dump_json(page(book, own, (card,), {}).cards[0]).decode()})


def _relation(bench: Bench, found: Finding, figures: str, words: tuple[str | None, str | None]) -> Cells:
    rule, t = found.rule, found.outcome
    return {"code": rule.code, "kind": "tie_out", "severity": rule.severity.value, "weight": None, "verdict": t.verdict.value, "score": None,
            "low": None, "high": None, "self_score": None, "ground": None, "measured": _number(t.right), "stated": _number(t.left),
            "gaps": "、".join(gap_words(t.gaps)), "rule": bench.versions[rule.code], "figures": figures, "working": words[0],
            "places": words[1]}  # fmt: skip


def _spots(teller: Teller, of: ResolvedTableRule, found: Finding) -> tuple[str, str]:
    """A rule over rows in words, and the places where it does not hold."""
    rows = spot_rows(teller, of)
    places = dict.fromkeys(place for spot in rows if spot.verdict == Verdict.UNBALANCED for place in spot.places)
    return summary(of, found.outcome, rows), json.dumps([{"text": p} for p in list(places)[:PLACES_AT_MOST]], ensure_ascii=False)


def _totals(totals: Totals) -> Cells:
    grounds = {f"by_{g.value}": totals.grounds[g] for g in Ground}
    return {"score": totals.score, "low": totals.low, "high": totals.high, "self_score": totals.self_score, "grade": totals.grade,
            "grade_low": totals.grade_low, "grade_high": totals.grade_high} | grounds  # fmt: skip


def _number(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _places(teller: Teller, node: Any) -> str:
    """Where the figures of a finding stood, as JSON: what each is called, how it was printed, its place in parts and as text."""
    used = [{"figure": u.name, "printed": u.printed, **asdict(u.at), "text": str(u.at)} for u in teller.used(node) if u.at is not None]
    return json.dumps(used[:PLACES_AT_MOST], ensure_ascii=False)


__all__ = ["Bench", "Judged", "judge"]
