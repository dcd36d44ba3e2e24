"""A dataset and a rulebook -> Audit: what came in, what came out, the page of a report, the working of one rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import duckdb

from gouji.app.books import book_texts, load_book, reports_in
from gouji.app.manifests import book_digest, tables_digest
from gouji.app.plans import plan_for
from gouji.app.records import (
    Records,
    ScorecardRow,
    UnitFinding,
    finding_row,
    findings_of,
    scorecard_row,
)
from gouji.app.tables_in import folder_of
from gouji.app.versions import version
from gouji.app.which_book import book_for
from gouji.app.which_unit import unit_called
from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.intake import (
    FILE,
    KEPT,
    Submission,
    absent_tables,
    admit,
    make_what_is_read,
    narrow,
    other_years,
    receive,
    scratch,
    unit_figures,
)
from gouji.intake.receiving import Tick
from gouji.results import Outcomes, Scorecard, scorecards
from gouji.rules import ResolvedBook
from gouji.run import beside, connect, run

if TYPE_CHECKING:
    from gouji.explain import RuleExplanation
    from gouji.intake import Reports
    from gouji.report import CauseRow, Depth, ReportPage, RulePage
    from gouji.report.summary import CountySummary

# What reports are made with; it loads while DuckDB works.
REPORTS = ("gouji.report.text",)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a report rests on: hashes (SHA-256) of rules, table descriptions and data, versions, counts in and out."""

    gouji: str
    duckdb: str
    book: str
    rules: str
    schemas: str
    data: Mapping[str, str]
    rows_in: int
    rows_accepted: int
    rows_set_aside: int
    units: int
    rules_in_force: int
    outcomes: int


@dataclass(frozen=True, repr=False)
class Audit:
    """One audit: the rules, what came in, what came out. Of many units outcomes and scorecards are made whenever they are asked for.

    `scorecards` and `findings` are sequences that `to_arrow()`, `to_polars()` and `to_pandas()` turn into tables.
    """

    book: ResolvedBook
    submission: Submission
    outcomes: Outcomes
    scorecards: Records[Scorecard]
    manifest: Manifest

    @cached_property
    def findings(self) -> Records[UnitFinding]:
        """Every finding of every unit: relations that are 不平, recomputed scores that differ from the self-scores."""
        return Records("findings", tuple(findings_of(self.scorecards)), finding_row, UnitFinding)

    def page(self) -> ReportPage:
        """The report as one value, from which every form of it is printed."""
        return page_of(self)

    def explain(self, rule: str, unit: str | None = None) -> RuleExplanation:
        """The page of a rule (by code or name), worked out for a unit (by code or name; the only one, unless it is named). Raises DataError without such a rule or unit."""
        return explained(self, rule, unit)

    def __repr__(self) -> str:
        m = self.manifest
        return f"<Audit of {self.submission.title!r} by {m.book}: {m.units} units × {m.rules_in_force} rules, {len(self.submission.problems)} problems and remarks>"

    def _repr_html_(self) -> str:
        from html import escape

        head = f"{self.submission.title} · {self.book.source.head.title}"
        return f"<h4>{escape(head)}</h4>{self.scorecards._repr_html_()}"


def audit(
    data: str | Path | Mapping[str, Any],
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    tick: Tick | None = None,
    forms: Sequence[str] = (),
    *,
    figures: Literal["base", "printed"] | None = None,
) -> Audit:
    """Audit a file, a folder of files, a PostgreSQL schema, or tables by name (Arrow, polars, pandas): recompute every score, judge every tie-out.

    `tick(done, all)` hears of each workbook. `figures` says of tables in memory how their figures are kept: `base` (元, 1 = 100%) or `printed`.
    `forms` are form sets that decide where a sheet may be of several.
    Without `rules` the workspace or the data say which rulebook it is (see `which_book`).

    Raises DataError when the dataset cannot be used at all, an ExceptionGroup of RuleError when the rulebook is wrong,
    EngineError for a fault of gouji's own. Single bad figures are problems in the result, never errors.
    """
    if isinstance(data, Mapping):
        with folder_of(data, figures) as folder:
            return audit(folder, book_for(rules), schemas, tick, forms)
    of = book_for(rules, data)
    book = load_book(of, schemas, forms)
    con, submission = read(data, book, tick, reports_of(book.year, of, schemas))
    return audited(con, book, submission)


def reports_of(year: int, rules: str | Path, schemas: str | Path | None) -> Callable[[], Reports]:
    """How report texts beside the tables are read; nothing of it is loaded where there is none."""

    return reports_in(lambda: book_texts(rules, schemas).rules, year)


def read(
    data: str | Path,
    book: ResolvedBook,
    tick: Tick | None = None,
    reports: Callable[[], Reports] | None = None,
) -> tuple[duckdb.DuckDBPyConnection, Submission]:
    """What was sent, in tables of a database: to be judged by the book, or by others with the same table descriptions and year. Raises DataError as `audit`."""
    # Kept open as long as the submission lives: what came in bulk lies in it, and reports ask for single units.
    room = scratch(data)
    con = connect() if room is None else connect(f"{room.name}/{FILE}", KEPT)
    with narrow(con, room):
        submission = receive(con, data, book.tables, tick, sparing=True, reports=reports)
    if submission.held is not None:
        submission.held.room = room
    submission.problems += other_years(con, submission, book.tables, book.year)
    return con, submission


def audit_submission(book: ResolvedBook, submission: Submission) -> Audit:
    """Audit what was read already."""
    con = connect()
    admit(con, submission, book.tables)
    return audited(con, book, submission)


def audited(con: duckdb.DuckDBPyConnection, book: ResolvedBook, submission: Submission) -> Audit:
    """What was read, judged by a book; once more by another if need be."""
    plan = plan_for(
        book,
        book.tables,
        absent_tables(submission, book.tables, book.year),
        submission.aside_homes(book.year),
    )
    make_what_is_read(con, book.tables.values(), plan.figures)
    with beside(lambda: [import_module(name) for name in REPORTS], lambda: None):
        outcomes = run(plan, con)
    return Audit(
        book,
        submission,
        outcomes,
        Records("scorecards", scorecards(outcomes, book), scorecard_row, ScorecardRow),
        _manifest(book, submission, outcomes),
    )


def _manifest(book: ResolvedBook, submission: Submission, outcomes: Outcomes) -> Manifest:
    rules = len(book.criteria) + len(book.tie_outs) + len(book.table_rules)
    return Manifest(
        gouji=version("gouji"),
        duckdb=version("duckdb"),
        book=book.source.head.book,
        rules=book_digest(book),
        schemas=tables_digest(book),
        data=dict(sorted(submission.digests.items())),
        rows_in=submission.rows_in,
        rows_accepted=submission.rows_accepted,
        rows_set_aside=submission.rows_set_aside,
        units=len(outcomes.units),
        rules_in_force=rules,
        outcomes=outcomes.made,
    )


def page_of(made: Audit, depth: Depth | None = None, located: bool = True) -> ReportPage:
    """The report of an audit as one value, as deep as is asked for (everything, unless it is said). `located`: with the cells that are probably wrong."""
    from gouji.report import Depth, page

    # Several forms of one report go through the cards: each unit is searched once.
    causes_of = cache(partial(causes_in, made)) if located else None
    depth = Depth.WHOLE if depth is None else depth
    return page(
        made.book,
        made.submission,
        made.scorecards,
        asdict(made.manifest),
        _rules(made) if depth is not Depth.TEXT else (),
        depth,
        causes_of,
    )


def _rules(made: Audit) -> tuple[RulePage, ...]:
    from gouji.explain import rule_pages

    return rule_pages(made.book)


def causes_in(
    made: Audit, unit: str, unbalanced: frozenset[str]
) -> tuple[tuple[CauseRow, ...], tuple[str, ...]]:
    """Which cells of a unit are probably wrong, and which of its relations that are 不平 no cell explains."""
    from gouji.app.locating import shown_causes

    return shown_causes(made.book, made.submission, unit, unbalanced)


def summary_of(made: Audit) -> CountySummary:
    """An audit of many units on a page or two."""
    from gouji.report.summary import summary

    return summary(made.book, made.submission, made.scorecards, asdict(made.manifest))


def explain_rule(
    code: str,
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    data: str | Path | None = None,
    unit: str | None = None,
) -> RuleExplanation:
    """The page of a rule; with a dataset, its working for one unit (the only one, unless `unit` names it)."""
    from gouji.explain import explain

    if data is None:
        return explain(load_book(rules, schemas), code)
    return explained(audit(data, rules, schemas), code, unit)


def explained(made: Audit, code: str, unit: str | None = None) -> RuleExplanation:
    """The page of a rule, worked out for one unit of an audit (the only one, unless `unit` names it)."""
    from gouji.explain import explain_unit, find
    from gouji.report import WorkingTeller

    if unit is None and len(made.outcomes.units) == 1:
        unit = next(iter(made.outcomes.units))
    unit = unit_called(unit or "", made.outcomes.units)
    found = find(made.book, code)
    figures = unit_figures(made.submission, made.book.tables, unit, made.book.year)
    outcome = next(o for o in made.outcomes.of(unit) if o.code == found.code)
    teller = WorkingTeller(made.book, made.submission, figures, unit)
    return explain_unit(made.book, code, teller, outcome, _probable(made, unit, found.code))


def _probable(made: Audit, unit: str, code: str) -> tuple[str, ...]:
    """What one relation of a unit that is 不平 is probably caused by, in words."""
    unbalanced = frozenset(
        o.code for o in made.outcomes.of(unit) if o.verdict is Verdict.UNBALANCED
    )
    if code not in unbalanced:
        return ()
    causes, _unexplained = causes_in(made, unit, unbalanced)
    lines = tuple(cause.line for cause in causes if code in cause.codes)
    return lines or (_("本单位没有一格改了就平：多半与别的单位的数、编码或几处差错有关"),)
