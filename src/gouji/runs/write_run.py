"""Results -> the folder of a run: Parquet tables, gate.json, audit.json while there are few units, and a manifest over all of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

from gouji.base.files import file_digest
from gouji.base.i18n import _
from gouji.base.lazy_values import Lazily
from gouji.base.verdict import ASSESSED, FindingKind, Severity, Verdict
from gouji.explain import rule_pages
from gouji.intake import files_of, shown_absent
from gouji.report import Card, Remark, ReportPage, bands, text
from gouji.report import json as as_json
from gouji.results import ResultTables, added
from gouji.rules import ResolvedBook
from gouji.runs import run_sql as q
from gouji.runs.build import Making
from gouji.runs.cause_rows import causes_counted, found_in
from gouji.runs.findings_sql import KNOWN, OPEN, UNREAD_FILES, WAIVED, unread_files
from gouji.runs.judge_batch import CARD
from gouji.runs.release import GateReport, GateTally, judge_gate
from gouji.runs.workspace.config import Gate
from gouji.runs.workspace.kept_outcomes import FORMAT

MANIFEST, CLOCK, GATE, PAGE, TEXT = (
    "manifest.json",
    "run.json",
    "gate.json",
    "audit.json",
    "audit.txt",
)
_DECIDED = (
    Verdict.BALANCED,
    Verdict.WITHIN_ROUNDING,
    Verdict.UNBALANCED,
    *(v for v in ASSESSED if v is not Verdict.NOT_APPLICABLE),
)


def tally(making: Making) -> GateTally:
    """What the gate looks at, counted over the results."""
    r = making.results
    open_, new = (
        {Severity(s): n for s, n in r.rows(query, [OPEN])} for query in (q.BY_SEVERITY, q.NEW)
    )
    points, resting = r.rows(q.POINTS)[0]
    return GateTally(
        units=r.count(q.UNITS),
        outcomes=r.count(q.OUTCOMES),
        decided=r.count(q.DECIDED, [[v.value for v in _DECIDED]]),
        open_=open_,
        new=new,
        waived=r.count(q.OF_STATUS, [WAIVED]),
        known=r.count(q.OF_STATUS, [KNOWN]),
        points=Decimal(points),
        unassessed_points=Decimal(resting),
        tie_outs=r.count(q.OTHER_TIE_OUTS, [Verdict.NOT_APPLICABLE.value]),
        unassessed_tie_outs=r.count(q.TIE_OUTS, [Verdict.UNASSESSABLE.value]),
        missing_units=r.count(q.OF_KIND, [FindingKind.MISSING_UNIT.value, OPEN]),
        unread_submissions=r.count(q.UNREAD_SUBMISSIONS),
        filed_twice=r.count(q.FILED_TWICE),
    )


def write(
    making: Making, folder: Path, gate: Gate, inputs: Mapping[str, Any], pages_at_most: int
) -> tuple[GateReport, dict[str, Any]]:
    """Write a run's folder; the manifest comes last. Nothing in it but `run.json` (written by the caller) knows what time it is."""
    making.results.write(folder)
    counts = counted(making)
    report = judge_gate(gate, tally(making))
    (folder / GATE).write_text(_json({"version": FORMAT, **report.model_dump()}), "utf-8")
    if 0 < counts["units"] <= pages_at_most:
        _pages(page_of(making, counts, inputs), folder)
    results = {p.name: file_digest(p) for p in sorted(folder.iterdir())}
    manifest = {
        "version": FORMAT,
        "inputs": dict(inputs),
        "counts": counts,
        "gate": report.state,
        "results": results,
    }
    (folder / MANIFEST).write_text(_json(manifest), "utf-8")
    return report, manifest


def _pages(page: ReportPage, folder: Path) -> None:
    """The report as JSON and as text, written beside each other: a card is there for both, and then no more."""
    with (
        (folder / PAGE).open("w", encoding="utf-8") as one,
        (folder / TEXT).open("w", encoding="utf-8") as other,
    ):
        for pieces in zip_longest(as_json.pieces(page), text.pieces(page), fillvalue=""):
            one.write(pieces[0])
            other.write(pieces[1])


def counted(making: Making) -> dict[str, Any]:
    """Counts in = counts out."""
    r = making.results
    rows_in, aside = r.rows(q.ROWS)[0]
    verdicts = dict(r.rows(q.VERDICTS))
    return {
        "submissions": r.count(q.SUBMISSIONS),
        "files": r.count(q.FILES),
        "rows_in": int(rows_in),
        "rows_accepted": int(rows_in) - int(aside),
        "rows_set_aside": int(aside),
        "units": r.count(q.UNITS),
        "rules": len(making.given.bench.versions),
        "outcomes": r.count(q.OUTCOMES),
        "verdicts": {v.value: verdicts[v.value] for v in Verdict if v.value in verdicts},
        "findings": {s: r.count(q.OF_STATUS, [s]) for s in (OPEN, WAIVED, KNOWN)},
        "degrees": added(dict(r.rows(q.DEGREES, [OPEN]))),
        **(causes_counted(r) if making.given.bench.finder is not None else {}),
        "grades": dict(r.rows(q.GRADES)),
    }


def _card_of(results: ResultTables, unit: str) -> Card:
    """What a run shows of one unit, with the cells that are probably wrong."""
    kept = CARD.validate_json(results.rows(q.CARD_OF, [unit])[0][0])
    causes, unexplained = found_in(results.dicts(q.CAUSES_OF, [unit]))
    return replace(kept, causes=causes, unexplained=unexplained)


def page_of(making: Making, counts: Mapping[str, Any], inputs: Mapping[str, Any]) -> ReportPage:
    """The run as a ReportPage, as `gouji audit` makes it; its cards were made when their units were judged, and are read when they are asked for."""
    results = making.results
    problems = results.rows(q.PROBLEMS)
    remarks = results.rows(q.REMARKS)
    digests = dict(results.rows(q.DIGESTS))
    absent, unexpected = (
        [(str(unit), str(name)) for unit, name in results.rows(q.UNITS_OF_KIND, [kind.value])]
        for kind in (FindingKind.MISSING_UNIT, FindingKind.UNEXPECTED_UNIT)
    )
    unread = unread_files(results.rows(UNREAD_FILES))
    absent = [(unit, shown_absent(name, files_of(unread, unit, name))) for unit, name in absent]
    units = [str(unit) for (unit,) in results.rows(q.CARDS)]
    last: dict[int, Card] = {}

    def card(at: int) -> Card:
        if at not in last:
            last.clear()
            last[at] = _card_of(results, units[at])
        return last[at]

    cards = Lazily(range(len(units)), card)
    return night_page(
        making.given.bench.book,
        counts,
        inputs,
        digests,
        problems=problems,
        remarks=remarks,
        not_filed=absent,
        unexpected=unexpected,
        cards=cards,
    )


def night_page(
    book: ResolvedBook,
    counts: Mapping[str, Any],
    inputs: Mapping[str, Any],
    digests: Mapping[str, str],
    *,
    problems: Sequence[tuple[str, str, str]],
    remarks: Sequence[Remark] = (),
    not_filed: Sequence[tuple[str, str]],
    unexpected: Sequence[tuple[str, str]],
    cards: Sequence[Card],
) -> ReportPage:
    """What a run counted, under its book's head; `digests` are its submissions' hashes, `cards` the units that are shown."""
    head = book.source.head
    manifest = {
        **{key: inputs[key] for key in ("gouji", "duckdb")},
        "book": head.book,
        **{key: inputs[key] for key in ("rules", "schemas")},
        "data": dict(digests),
        **{key: counts[key] for key in ("rows_in", "rows_accepted", "rows_set_aside", "units")},
        "rules_in_force": counts["rules"],
        "outcomes": counts["outcomes"],
    }
    title = _("{n} 份报送的夜间审核").format(n=counts["submissions"])
    return ReportPage(
        title,
        head.title,
        head.authority,
        head.fiscal_year,
        "",
        False,
        book.total,
        cards,
        tuple(problems),
        manifest,
        bands(head),
        rule_pages(book),
        tuple(not_filed),
        tuple(unexpected),
        remarks=tuple(remarks),
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n"
