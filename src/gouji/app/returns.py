"""Blank workbooks for units, and their own workbooks back with findings marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gouji.app.audits import Audit, audit, causes_in
from gouji.app.books import load_book
from gouji.app.which_unit import unit_called
from gouji.base.faults import DataError, did_you_mean
from gouji.base.i18n import _
from gouji.base.verdict import DEGREES, FindingKind, Severity, Verdict
from gouji.documents import DocumentFault
from gouji.expression import nodes as n
from gouji.intake import ISSUES_SHEET, Refused, unit_figures
from gouji.report import CauseRow, Cited, WorkingTeller
from gouji.results import Finding, Line, counted
from gouji.returns import (
    Issue,
    marked,
    marked_docx,
    marked_pdf,
    marks,
    of_problem,
    plan_sheets,
    rows,
    workbook_bytes,
)
from gouji.rules import ResolvedBook, Role, Table

# Kinds of files that go back with marks.
MARKED = (".xlsx", ".xlsm", ".docx", ".pdf")


def template(
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    tables: tuple[str, ...] = (),
) -> bytes:
    """The blank workbook of the tables that a rulebook speaks of (or of those named), as bytes. Raises DataError for a table without a form."""
    book = load_book(rules, schemas)
    known = {name: t for name, t in book.tables.items() if t.form is not None}
    for name in tables:
        if name not in known:
            raise DataError(
                _("“{table}”没有表样").format(table=name), fix=did_you_mean(name, known)
            )
    return workbook_bytes(
        plan_sheets([known[n] for n in tables] if tables else _spoken_of(book, known))
    )


def _spoken_of(book: ResolvedBook, known: dict[str, Table]) -> list[Table]:
    """The cover, tables with a role, and those that rules in force name."""
    trees = [t for c in book.criteria for t in (*c.trees, c.applies)] + [
        t for tie in book.tie_outs for t in (tie.check, tie.applies)
    ]
    named = {
        leaf.table
        for tree in trees
        if tree is not None
        for leaf in (*n.leaves(tree), *n.words(tree))
    }
    return [t for name, t in known.items() if name in named or t.role is not Role.FIGURES]


def causes_of(made: Audit, unit: str) -> tuple[CauseRow, ...]:
    """The cells of one unit that are probably wrong."""
    unbalanced = frozenset(
        o.code for o in made.outcomes.of(unit) if o.verdict is Verdict.UNBALANCED
    )
    return causes_in(made, unit, unbalanced)[0] if unbalanced else ()


def issues_of(made: Audit, unit: str, causes: Sequence[CauseRow] = ()) -> list[Issue]:
    """The findings of one unit, gravest first: problems of what it sent, relations that do not hold (each with what probably causes it), scores that differ from its own."""
    book, submission = made.book, made.submission
    card = made.scorecards[list(made.outcomes.units).index(unit)]
    said = {e.code: e.text for e in submission.explanations if e.unit == unit}
    file = _file_of(made, unit)
    figures = unit_figures(submission, book.tables, unit, book.year)
    cited = Cited(WorkingTeller(book, submission, figures, unit))
    found = [of_problem(p) for p in submission.problems if not p.note and p.at.file == file]
    found += [_of_relation(f, cited, said, causes) for f in card.findings]
    found += [_of_score(line, cited, said) for line in card.differing]
    order = [s.value for s in Severity]
    return sorted(found, key=lambda i: order.index(i.severity))


def _of_relation(
    found: Finding, cited: Cited, said: Mapping[str, str], causes: Sequence[CauseRow]
) -> Issue:
    """A relation that does not hold, with what the unit said of it and what probably causes it."""
    rule = found.rule
    return Issue(
        rule.code,
        rule.severity.value,
        rule.name,
        cited.working(found),
        cited.places(found),
        rule.message or "",
        said.get(rule.code, ""),
        "\n".join(cause.line for cause in causes if rule.code in cause.codes),
    )


def _of_score(line: Line, cited: Cited, said: Mapping[str, str]) -> Issue:
    """A score that differs from the one that the unit gave itself."""
    rule = line.rule
    return Issue(
        rule.code,
        DEGREES[FindingKind.DIFFERENCE].value,
        rule.name,
        *cited.differing(line),
        rule.message or "",
        said.get(rule.code, ""),
    )


def remarks_on(made: Audit, unit: str) -> list[Issue]:
    """What was read otherwise than it stands in the unit's workbook, or left: told, and no finding."""
    file = _file_of(made, unit)
    return [
        replace(of_problem(p), severity=_("说明"))
        for p in made.submission.problems
        if p.note and file and p.at.file == file
    ]


def _file_of(made: Audit, unit: str) -> str:
    return (
        made.submission.held.file_of(unit, made.book.year)
        if made.submission.held is not None
        else ""
    )


@dataclass(frozen=True, slots=True)
class ReturnedForm:
    """What goes back to one unit: a workbook, and how many findings of each degree it lists. `why` its own workbook could not be marked: then it is the list alone."""

    unit: str
    content: bytes
    degrees: dict[str, int]
    why: str = ""


def returned(
    data: str | Path,
    unit: str,
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    *,
    separate: bool = False,
    forms: Sequence[str] = (),
) -> ReturnedForm:
    """The own workbook of a unit (by code or name) with its findings and, behind them in the list, the remarks on it. `separate` gives its own workbook with the list alone.

    Raises DataError when the unit sent no workbook, or one that cannot be edited without harm.
    """
    made = audit(data, rules, schemas, forms=forms)
    found = _returned(made, Path(data), unit_called(unit, made.outcomes.units), separate)
    if found.why:
        raise DataError(found.why, fix=_("用 --separate 只出问题清单"))
    return found


def returned_all(
    data: str | Path,
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    *,
    separate: bool = False,
    forms: Sequence[str] = (),
) -> Iterator[ReturnedForm]:
    """The same for every unit, one after another in the order of their codes, judged once; the list alone where a workbook cannot be marked."""
    made = audit(data, rules, schemas, forms=forms)
    for unit in made.outcomes.units:
        yield _returned(made, Path(data), unit, separate)


def _returned(made: Audit, root: Path, unit: str, separate: bool) -> ReturnedForm:
    causes = causes_of(made, unit)
    issues = issues_of(made, unit, causes)
    listed = rows([*issues, *remarks_on(made, unit)], unit, made.book.year)
    degrees = counted(i.severity for i in issues)
    if separate:
        return ReturnedForm(unit, _alone(listed), degrees)
    path = _path_of(made, unit, root) or _report_of(made, unit, root)
    if path is None:
        why = _("{unit} 没有报能标注的文件（xlsx、xlsm、docx、pdf）").format(unit=unit)
        return ReturnedForm(unit, _alone(listed), degrees, why)
    try:
        content = _marked(path, issues, causes, listed)
    except Refused as fault:
        return _list_alone(unit, listed, degrees, fault.what, fault.fix)
    except DocumentFault as fault:
        return _list_alone(unit, listed, degrees, fault.what, fault.fix)
    return ReturnedForm(unit, content, degrees)


def ending_of(content: bytes) -> str:
    """The suffix of a file that goes back, by what is in it."""
    if content.startswith(b"%PDF"):
        return ".pdf"
    return ".docx" if b"word/document.xml" in content else ".xlsx"


def _path_of(made: Audit, unit: str, data: str | Path) -> Path | None:
    """The file that a unit's figures came in, where it can be marked."""
    name, root = _file_of(made, unit), Path(data)
    path = (root if root.is_dir() else root.parent) / name
    return path if name and path.suffix.lower() in MARKED else None


def _report_of(made: Audit, unit: str, data: Path) -> Path | None:
    """The report whose sentences gave a unit's figures, where no other file of the unit did and it can be marked."""
    files = {
        row.at.file
        for name, table in made.book.tables.items()
        for row in made.submission.of_unit(table, unit, made.book.year)
        if row.at.document_line and Path(row.at.file).suffix.lower() in (".docx", ".pdf")
    }
    root = data if data.is_dir() else data.parent
    return root / min(files) if files else None


def _marked(
    path: Path, issues: list[Issue], causes: Sequence[CauseRow], listed: list[list[str]]
) -> bytes:
    """The file with its issues. Raises Refused or DocumentFault."""
    raw = path.read_bytes()
    here = [
        replace(issue, places=tuple(at for at in issue.places if Path(at.file).name == path.name))
        for issue in issues
    ]
    match path.suffix.lower():
        case ".pdf":
            return marked_pdf(raw, here, listed)
        case ".docx":
            return marked_docx(raw, here, listed)
        case _:
            return marked(raw, marks(issues, causes), listed, ISSUES_SHEET)


def _list_alone(
    unit: str, listed: list[list[str]], degrees: dict[str, int], what: str, fix: str
) -> ReturnedForm:
    """The list without the file, which cannot be marked."""
    why = _("{what}（{fix}）").format(what=what, fix=fix)
    return ReturnedForm(unit, _alone(listed), degrees, why)


def _alone(listed: list[list[str]]) -> bytes:
    from openpyxl import Workbook

    from gouji.returns import saved

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = ISSUES_SHEET
    for row in listed:
        # Never a formula, whatever a unit wrote.
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"
    return saved(book)
