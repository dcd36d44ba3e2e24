"""One unit's findings, problems and causes -> the lines of 问题清单 and the marks on its cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gouji.base.i18n import _
from gouji.base.plain import plain
from gouji.base.verdict import Severity
from gouji.intake import HEADER, At, Problem
from gouji.report import CauseRow
from gouji.returns.mark_workbook import BLAMED, PALE, CellMark

PLACES_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Issue:
    """A finding: the rule, what is wrong with its working, the places of its figures, what to do, what the unit said of it before, which cells probably cause it."""

    code: str
    severity: str
    name: str
    working: str
    places: tuple[At, ...]
    fix: str
    said: str = ""
    advice: str = ""


def of_problem(problem: Problem) -> Issue:
    """A problem of intake as an issue."""
    return Issue("", Severity.ERROR.value, problem.what, problem.table, (problem.at,), problem.fix)


def rows(issues: Sequence[Issue], unit: str, year: int) -> list[list[str]]:
    """The sheet: a header, then one line an issue; the last column is for the unit."""
    found = [list(HEADER)]
    for number, issue in enumerate(issues, 1):
        cells = [f"{at.sheet}!{at.cell}" if at.sheet else str(at) for at in issue.places]
        listed = "、".join(cells[:PLACES_AT_MOST]) + (
            "、" + _("… 共 {n} 处").format(n=len(cells)) if len(cells) > PLACES_AT_MOST else ""
        )
        texts = (
            str(number),
            unit,
            str(year),
            issue.code,
            issue.severity,
            issue.name,
            issue.working,
            listed,
            issue.fix,
            issue.advice,
            issue.said,
        )
        found.append([plain(text) for text in texts])
    return found


def _suggested(cause: CauseRow, printed: str, proposed: str) -> str:
    """What the comment on a cell suggests; of a cause over several cells first what this one should be."""
    if cause.leads and len(cause.cells) > 1:
        return _("建议：本格 {printed} → {proposed}。{line}").format(
            printed=printed, proposed=proposed, line=cause.line
        )
    return _("建议：{line}").format(line=cause.line)


def marks(issues: Iterable[Issue], causes: Sequence[CauseRow] = ()) -> list[CellMark]:
    """What each cell is told. A cell that probably causes findings says so first and is coloured strongly, the other cells of these findings palely; where nothing
    tells several cells apart each says that it may be one of them, and none is coloured strongly."""
    found = [
        CellMark(
            cell.sheet,
            cell.cell,
            _suggested(cause, cell.printed, cell.proposed),
            BLAMED if cause.leads else PALE,
        )
        for cause in causes
        for cell in cause.named
        if cell.cell
    ]
    for number, issue in enumerate(issues, 1):
        for at in dict.fromkeys(issue.places):
            if at.sheet and at.cell:
                text = _("问题{n} [{severity}] {code} {name}").format(
                    n=number, severity=issue.severity, code=issue.code, name=issue.name
                )
                working = f"\n{issue.working}" if issue.code and issue.working else ""
                # Of a finding with a cause the blamed cell speaks.
                found.append(
                    CellMark(at.sheet, at.cell, "", PALE)
                    if issue.advice
                    else CellMark(at.sheet, at.cell, text + working, issue.severity)
                )
    return found
