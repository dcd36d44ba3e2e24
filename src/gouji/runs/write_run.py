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
from gouji.runs.build import Making
from gouji.runs.cause_rows import causes_counted, found_in
from gouji.runs.judge_batch import CARD
from gouji.runs.release import GateReport, GateTally, judge_gate
from gouji.runs.run_findings import KNOWN, OPEN, UNREAD_FILES, WAIVED, unread_files
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


REMARKS = "SELECT place, what, mend FROM remarks UNION ALL SELECT place, what, mend FROM shared_passages ORDER BY ALL"
CAUSES = "SELECT kind, number, codes, cause FROM causes WHERE unit = ?"


def tally(making: Making) -> GateTally:
    """What the gate looks at, counted over the results."""
    r = making.results
    # Units that did not file have their own line: each counts once.
    status = f"SELECT severity, count(*) FROM findings WHERE status = ? AND kind <> '{FindingKind.MISSING_UNIT}' {{more}} GROUP BY severity"
    open_ = {Severity(s): n for s, n in r.rows(status.format(more=""), [OPEN])}
    new = {
        Severity(s): n
        for s, n in r.rows(
            status.format(more="AND fingerprint NOT IN (SELECT fingerprint FROM reference)"), [OPEN]
        )
    }
    points, resting = r.rows(
        "SELECT coalesce(sum(by_figures + by_evidence + by_contested + by_word + by_open), 0), coalesce(sum(by_contested + by_word + by_open), 0) FROM scorecards"
    )[0]
    decided = "SELECT count(*) FROM outcomes WHERE verdict IN (SELECT unnest(?::VARCHAR[]))"
    ties = "SELECT count(*) FROM outcomes WHERE kind = 'tie_out' AND verdict <> ?"
    return GateTally(
        units=r.count("SELECT count(*) FROM scorecards"),
        outcomes=r.count("SELECT count(*) FROM outcomes"),
        decided=r.count(decided, [[v.value for v in _DECIDED]]),
        open_=open_,
        new=new,
        waived=r.count("SELECT count(*) FROM findings WHERE status = ?", [WAIVED]),
        known=r.count("SELECT count(*) FROM findings WHERE status = ?", [KNOWN]),
        points=Decimal(points),
        unassessed_points=Decimal(resting),
        tie_outs=r.count(ties, [Verdict.NOT_APPLICABLE.value]),
        unassessed_tie_outs=r.count(
            "SELECT count(*) FROM outcomes WHERE kind = 'tie_out' AND verdict = ?",
            [Verdict.UNASSESSABLE.value],
        ),
        missing_units=r.count(
            "SELECT count(*) FROM findings WHERE kind = ? AND status = ?",
            [FindingKind.MISSING_UNIT.value, OPEN],
        ),
        unread_submissions=r.count(
            "SELECT count(*) FROM submissions s WHERE state <> 'read' OR EXISTS "
            "(SELECT 1 FROM files f WHERE f.submission = s.submission AND f.sha256 = 'unread')"
        ),
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
    rows_in, aside = r.rows(
        "SELECT coalesce(sum(rows_in), 0)::BIGINT, coalesce(sum(rows_set_aside), 0)::BIGINT FROM submissions"
    )[0]
    verdicts = dict(r.rows("SELECT verdict, count(*) FROM outcomes GROUP BY 1"))
    return {
        "submissions": r.count("SELECT count(*) FROM submissions"),
        "files": r.count("SELECT count(*) FROM files"),
        "rows_in": int(rows_in),
        "rows_accepted": int(rows_in) - int(aside),
        "rows_set_aside": int(aside),
        "units": r.count("SELECT count(*) FROM scorecards"),
        "rules": len(making.given.bench.versions),
        "outcomes": r.count("SELECT count(*) FROM outcomes"),
        "verdicts": {v.value: verdicts[v.value] for v in Verdict if v.value in verdicts},
        "findings": {
            s: r.count("SELECT count(*) FROM findings WHERE status = ?", [s])
            for s in (OPEN, WAIVED, KNOWN)
        },
        "degrees": added(
            dict(
                r.rows(
                    "SELECT severity, count(*) FROM findings WHERE status = ? GROUP BY 1", [OPEN]
                )
            )
        ),
        **(causes_counted(r) if making.given.bench.finder is not None else {}),
        "grades": dict(
            r.rows("SELECT coalesce(grade, ''), count(*) FROM scorecards GROUP BY 1 ORDER BY 1")
        ),
    }


def _card_of(results: ResultTables, unit: str) -> Card:
    """What a run shows of one unit, with the cells that are probably wrong."""
    kept = CARD.validate_json(results.rows("SELECT card FROM cards WHERE unit = ?", [unit])[0][0])
    causes, unexplained = found_in(results.dicts(CAUSES, [unit]))
    return replace(kept, causes=causes, unexplained=unexplained)


def page_of(making: Making, counts: Mapping[str, Any], inputs: Mapping[str, Any]) -> ReportPage:
    """The run as a ReportPage, as `gouji audit` makes it; its cards were made when their units were judged, and are read when they are asked for."""
    results = making.results
    problems = results.rows("SELECT place, what, mend FROM problems ORDER BY ALL")
    remarks = results.rows(REMARKS)
    digests = dict(results.rows("SELECT submission, digest FROM submissions ORDER BY 1"))
    filed = "SELECT unit, coalesce(name, '') FROM findings WHERE kind = ? ORDER BY ALL"
    absent, unexpected = (
        [(str(unit), str(name)) for unit, name in results.rows(filed, [kind.value])]
        for kind in (FindingKind.MISSING_UNIT, FindingKind.UNEXPECTED_UNIT)
    )
    unread = unread_files(results.rows(UNREAD_FILES))
    absent = [(unit, shown_absent(name, files_of(unread, unit, name))) for unit, name in absent]
    units = [str(unit) for (unit,) in results.rows("SELECT unit FROM cards ORDER BY unit")]
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
