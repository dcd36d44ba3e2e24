"""Run -> JUnit XML: a suite a unit, a case an outcome; a finding of degree 错误 or 核实 is a failure, a hint is told in a case that passes, what could not be judged is skipped with its reason, never passed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from junitparser import Error, Failure, JUnitXml, Skipped, SystemOut, TestCase, TestSuite

from gouji.base.i18n import labelled
from gouji.base.plain import plain
from gouji.base.verdict import OPEN as SAYING_NOTHING
from gouji.report.machine.kept_run import OPEN, Cells, Run, headline, spots
from gouji.results import GRAVE

_OPEN = {v.value for v in SAYING_NOTHING}
# What XML 1.0 has no way to write.
_UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OF_RULES = ("tie_out", "difference")


def junit(run: Run) -> Iterator[str]:
    """The report, a suite at a time: a run of many units does not fit into one text."""
    head, end = _around(JUnitXml("gouji"))
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n'
    for name, cases in _suites(run):
        suite = TestSuite(_clean(name))
        suite.add_testcases(cases)
        yield f"{suite.tostring().decode('utf-8')}\n"
    yield f"{end}\n"


def _around(suites: JUnitXml) -> tuple[str, str]:
    """The opening and the closing tag of a report without suites."""
    head = suites.tostring().decode("utf-8").removesuffix("/>")
    return f"{head}>", f"</{suites._tag}>"


def _suites(run: Run) -> Iterator[tuple[str, list[TestCase]]]:
    names = {r["code"]: r["name"] for r in run.rules}
    found = {
        (f["unit"], f["code"]): f for f in run.findings if f["code"] and f["kind"] in _OF_RULES
    }
    for unit, rows in groupby(run.outcomes, key=lambda o: str(o["unit"])):
        yield unit, [_case(run, o, names, found.get((o["unit"], o["code"]))) for o in rows]
    other = [_finding(run, f) for f in run.findings if f["kind"] not in _OF_RULES]
    if not run.manifest["counts"]["outcomes"]:
        other.append(_test_case("gouji", "nothing checked", Error("nothing checked")))
    if other:
        yield "gouji", other


def _case(run: Run, outcome: Cells, names: dict[str, str], finding: Cells | None) -> TestCase:
    unit, code, verdict = str(outcome["unit"]), str(outcome["code"]), str(outcome["verdict"])
    title = f"{code} {names.get(code, '')} [{verdict}]"
    if finding is not None:
        return _with(run, unit, title, finding)
    if verdict in _OPEN:
        why = labelled(verdict, outcome["gaps"]) if outcome["gaps"] else verdict
        return _test_case(unit, title, Skipped(_clean(why)))
    return _test_case(unit, title)


def _finding(run: Run, finding: Cells) -> TestCase:
    of = str(finding["unit"] or finding["submission"] or "gouji")
    return _with(run, of, f"{finding['kind']} {finding['fingerprint']}", finding)


def _with(run: Run, of: str, title: str, finding: Cells) -> TestCase:
    said = _clean(headline(finding))
    if finding["status"] != OPEN:
        return _test_case(of, title, Skipped(f"{_clean(str(finding['status']))} {said}"))
    if finding["severity"] not in GRAVE:
        return _test_case(of, title, SystemOut(said))
    kind = Error if finding["kind"] == "problem" else Failure
    result = kind(said, _clean(str(finding["severity"])))
    result.text = _clean(_lines(s.text for s in spots(finding, run)))
    return _test_case(of, title, result)


def _test_case(of: str, title: str, *inside: Error | Failure | Skipped | SystemOut) -> TestCase:
    case = TestCase(_clean(title), _clean(of), 0)
    case.extend(inside)
    return case


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)


def _clean(text: str) -> str:
    return _UNSAYABLE.sub("\ufffd", plain(text))
