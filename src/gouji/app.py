"""What the commands do, for programs: load a rulebook, audit a dataset, test a rulebook's examples. Ties the stations together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from gouji.compile import Plan, compile_book
from gouji.examples import Case, Failure, cases, example_submission, failures_of
from gouji.explain import Explanation, explain, explain_unit, find
from gouji.faults import DataError, did_you_mean
from gouji.i18n import _
from gouji.intake import Submission, admit, read_folder
from gouji.intake.figures import unit_figures
from gouji.judge import Scorecard, scorecards
from gouji.load import load_rulebook, load_tables
from gouji.load.values import Frozen
from gouji.outcome import CriterionOutcome, TieOutcome
from gouji.report import Page, page
from gouji.report.working import Teller
from gouji.resources import book_folder, data_folder, texts
from gouji.run import Outcomes, connect, run
from gouji.validate import ResolvedBook, validate

DEFAULT_BOOK = "anning-2023"


class Manifest(Frozen):
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


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit: the rules, what came in, what came out."""

    book: ResolvedBook
    submission: Submission
    outcomes: Outcomes
    scorecards: tuple[Scorecard, ...]
    manifest: Manifest


def load_book(rules: str | Path = DEFAULT_BOOK, schemas: str | Path | None = None) -> ResolvedBook:
    """Load and check a rulebook (its name or folder) against table descriptions (by default those that come with gouji).

    Raises an ExceptionGroup of RuleError with every fault, DataError when there is no such folder.
    """
    folder = book_folder(rules)
    tables = load_tables(texts(Path(schemas) if schemas else data_folder() / "schemas"))
    own = texts(folder)
    return validate(load_rulebook(*[texts(book_folder(name)) for name in _included(own)], own), tables)


def _included(own: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the books that a book includes; a head that cannot be read is left for `load_rulebook` to report."""
    head = {name: text for name, text in own.items() if Path(name).name == "book.yaml"}
    try:
        return load_rulebook(head).head.includes
    except ExceptionGroup:
        return ()


def audit(data: str | Path, rules: str | Path = DEFAULT_BOOK, schemas: str | Path | None = None) -> Audit:
    """Audit a dataset folder: recompute every score, judge every tie-out.

    Raises DataError when the dataset cannot be used at all, an ExceptionGroup of RuleError when the rulebook is wrong,
    EngineError for a fault of gouji's own. Single bad figures are problems in the result, never errors.
    """
    book = load_book(rules, schemas)
    submission = read_folder(Path(data), book.tables)
    con = connect()
    try:
        plan = compile_book(book, admit(con, submission, book.tables))
        outcomes = run(plan, con)
    finally:
        con.close()
    return Audit(book, submission, outcomes, scorecards(outcomes, book), _manifest(book, submission, outcomes))


def plan_of(book: ResolvedBook) -> Plan:
    """The plan that a rulebook compiles to, with precision columns beside every table."""
    return compile_book(book, book.tables)


def test_book(book: ResolvedBook) -> tuple[tuple[Case, ...], list[Failure]]:
    """Run every example of a rulebook; returns the examples and those that do not hold."""
    every = cases(book)
    submission, failures = example_submission(book, every)
    unread = {f.case.unit for f in failures}
    con = connect()
    try:
        plan = compile_book(book, admit(con, submission, book.tables))
        outcomes = run(plan, con)
    finally:
        con.close()
    return every, failures + failures_of(book, tuple(c for c in every if c.unit not in unread), outcomes)


test_book.__test__ = False  # type: ignore[attr-defined]  # pytest would take the name for a test


def _manifest(book: ResolvedBook, submission: Submission, outcomes: Outcomes) -> Manifest:
    rules = len(book.criteria) + len(book.tie_outs)
    made = sum(map(len, outcomes.criteria.values())) + sum(map(len, outcomes.tie_outs.values()))
    return Manifest(
        gouji=version("gouji"), duckdb=version("duckdb"), book=book.source.head.book,
        rules=_digest(repr(d.data) for d in (book.source.head_document, *book.source.documents.values())),
        schemas=_digest(t.model_dump_json() for t in book.tables.values()), data=dict(sorted(submission.digests.items())),
        rows_in=submission.rows_in, rows_accepted=submission.rows_accepted, rows_set_aside=len(submission.set_aside),
        units=len(outcomes.units), rules_in_force=rules, outcomes=made,
    )  # fmt: skip


def _digest(parts: Iterable[str]) -> str:
    made = hashlib.sha256()
    for part in parts:
        made.update(part.encode() + b"\0")
    return made.hexdigest()


def page_of(made: Audit) -> Page:
    """The report of an audit as one value."""
    return page(made.book, made.submission, made.scorecards, made.manifest.model_dump())


def explain_rule(code: str, rules: str | Path = DEFAULT_BOOK, schemas: str | Path | None = None, data: str | Path | None = None,
                 unit: str | None = None) -> Explanation:  # fmt: skip
    """The page of a rule; with a dataset, its working for one unit (the only one, unless `unit` names it)."""
    if data is None:
        return explain(load_book(rules, schemas), code)
    made = audit(data, rules, schemas)
    if unit is None and len(made.outcomes.units) == 1:
        unit = next(iter(made.outcomes.units))
    if unit is None or unit not in made.outcomes.units:
        raise DataError(_("没有单位 {unit}").format(unit=unit or ""), mend=did_you_mean(unit or "", made.outcomes.units))
    found = find(made.book, code)
    figures = unit_figures(made.submission, made.book.tables, unit, made.book.year)
    every: tuple[CriterionOutcome | TieOutcome, ...] = (*made.outcomes.criteria[unit], *made.outcomes.tie_outs[unit])
    outcome = next(o for o in every if o.code == found.code)
    return explain_unit(made.book, code, Teller(made.book, made.submission, figures, unit), outcome)
