"""Run -> JUnit XML: a suite a unit, a case an outcome; a finding of degree 错误 or 核实 is a failure, a hint is told in a case that passes, what could not be judged is skipped with its reason, never passed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from gouji.base.verdict import Verdict
from gouji.report.machine.kept_run import OPEN, Cells, Run, headline, spots
from gouji.results import GRAVE

_OPEN = {v.value for v in (Verdict.PENDING, Verdict.UNASSESSABLE, Verdict.NOT_APPLICABLE)}
_UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(run: Run) -> Iterator[str]:
    """The report, piece by piece: a run of many units does not fit into one text."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="gouji">\n'
    names = {r["code"]: r["name"] for r in run.rules}
    found = {
        (f["unit"], f["code"]): f
        for f in run.findings
        if f["code"] and f["kind"] in ("tie_out", "difference")
    }
    for unit, rows in groupby(run.outcomes, key=lambda o: str(o["unit"])):
        yield from _suite(
            unit, [_case(run, o, names, found.get((o["unit"], o["code"]))) for o in rows]
        )
    other = [f for f in run.findings if f["kind"] not in ("tie_out", "difference")]
    if other or not run.manifest["counts"]["outcomes"]:
        cases = [_finding(run, f) for f in other]
        if not run.manifest["counts"]["outcomes"]:
            cases.append(
                (
                    '<testcase classname="gouji" name="nothing checked"><error message="nothing checked"/></testcase>',
                    "error",
                )
            )
        yield from _suite("gouji", cases)
    yield "</testsuites>\n"


def _suite(name: str, cases: Sequence[tuple[str, str]]) -> Iterator[str]:
    states = [state for _, state in cases]
    counts = " ".join(
        f'{word}="{states.count(state)}"'
        for word, state in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    )
    yield f'<testsuite name={_q(name)} tests="{len(cases)}" {counts} time="0">\n'
    yield from (f"{case}\n" for case, _ in cases)
    yield "</testsuite>\n"


def _case(
    run: Run, outcome: Cells, names: dict[str, str], finding: Cells | None
) -> tuple[str, str]:
    code = str(outcome["code"])
    title = f"{code} {names.get(code, '')} [{outcome['verdict']}]"
    if finding is not None:
        return _with(run, str(outcome["unit"]), title, finding)
    if outcome["verdict"] in _OPEN:
        why = (
            f"{outcome['verdict']}: {outcome['gaps']}"
            if outcome["gaps"]
            else str(outcome["verdict"])
        )
        return _case_text(str(outcome["unit"]), title, f"<skipped message={_q(why)}/>"), "skipped"
    return _case_text(str(outcome["unit"]), title, ""), "passed"


def _finding(run: Run, finding: Cells) -> tuple[str, str]:
    return _with(
        run,
        str(finding["unit"] or finding["submission"] or "gouji"),
        f"{finding['kind']} {finding['fingerprint']}",
        finding,
    )


def _with(run: Run, of: str, title: str, finding: Cells) -> tuple[str, str]:
    if finding["status"] != OPEN:
        return _case_text(
            of, title, f"<skipped message={_q(str(finding['status']) + ' ' + headline(finding))}/>"
        ), "skipped"
    lines = "\n".join(s.text for s in spots(finding, run) if s.text)
    if finding["severity"] not in GRAVE:
        return _case_text(of, title, f"<system-out>{_x(headline(finding))}</system-out>"), "passed"
    kind = "error" if finding["kind"] == "problem" else "failure"
    return _case_text(
        of,
        title,
        f"<{kind} type={_q(str(finding['severity']))} message={_q(headline(finding))}>{_x(lines)}</{kind}>",
    ), kind


def _case_text(of: str, title: str, inside: str) -> str:
    return f'<testcase classname={_q(of)} name={_q(title)} time="0">{inside}</testcase>'


def _q(text: str) -> str:
    return quoteattr(_UNSAYABLE.sub("\ufffd", text))


def _x(text: str) -> str:
    return escape(_UNSAYABLE.sub("\ufffd", text))
