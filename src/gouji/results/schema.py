"""The tables of a run as Parquet: columns and order of each. The same rows in the same order give the same bytes."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

_T, _N, _P = pa.string(), pa.int64(), pa.decimal128(9, 2)


def _schema(**columns: Any) -> pa.Schema:
    return pa.schema(list(columns.items()))


SCHEMAS: dict[str, pa.Schema] = {
    "outcomes": _schema(
        submission=_T,
        unit=_T,
        code=_T,
        kind=_T,
        severity=_T,
        weight=_P,
        verdict=_T,
        score=_P,
        low=_P,
        high=_P,
        self_score=_P,
        ground=_T,
        measured=_T,
        stated=_T,
        gaps=_T,
        rule=_T,
        figures=_T,
        working=_T,
        places=_T,
    ),
    "scorecards": _schema(
        submission=_T,
        unit=_T,
        name=_T,
        score=_P,
        low=_P,
        high=_P,
        self_score=_P,
        grade=_T,
        grade_low=_T,
        grade_high=_T,
        by_figures=_P,
        by_evidence=_P,
        by_contested=_P,
        by_word=_P,
        by_open=_P,
        own_grade=_T,
        on_total=_T,
    ),
    "problems": _schema(
        submission=_T, file=_T, line=_N, col=_T, tbl=_T, what=_T, mend=_T, place=_T, spot=_T
    ),
    "remarks": _schema(submission=_T, place=_T, what=_T, mend=_T),
    # Long paragraphs of reports, those of last year's that earlier runs read, and notes on what two of them share.
    "passages": _schema(
        submission=_T,
        file=_T,
        unit=_T,
        year=_N,
        number=_N,
        line=_N,
        words=_T,
        prints=pa.list_(_N),
    ),
    "passages_before": _schema(
        run=_T, file=_T, unit=_T, year=_N, number=_N, line=_N, words=_T, prints=pa.list_(_N)
    ),
    "shared_passages": _schema(submission=_T, place=_T, what=_T, mend=_T),
    "members": _schema(submission=_T, unit=_T),
    "cards": _schema(submission=_T, unit=_T, card=_T),
    "causes": _schema(
        submission=_T,
        unit=_T,
        kind=_T,
        number=_N,
        fingerprint=_T,
        codes=pa.list_(_T),
        certain=pa.bool_(),
        line=_T,
        cause=_T,
    ),
    "shares": _schema(submission=_T, unit=_T, tbl=_T, cells=pa.list_(_T)),
    "gathered": _schema(submission=_T, unit=_T, digest=_T),
    "submissions": _schema(
        submission=_T, digest=_T, together=_T, state=_T, files=_N, rows_in=_N, rows_set_aside=_N
    ),
    "files": _schema(role=_T, submission=_T, file=_T, sha256=_T, size=_N, fault=_T, fate=_T),
    "rules": _schema(
        code=_T, kind=_T, name=_T, severity=_T, weight=_P, clause=_T, message=_T, version=_T
    ),
    "expected": _schema(unit=_T, name=_T, above=_T),
    "waivers": _schema(
        id=_T,
        unit=_T,
        code=_T,
        fingerprint=_T,
        author=_T,
        reason=_T,
        evidence=_T,
        evidence_sha256=_T,
        expires=_T,
    ),
    "baseline": _schema(fingerprint=_T, unit=_T, code=_T, author=_T, reason=_T),
    "reference": _schema(fingerprint=_T),
    "texts": _schema(role=_T, file=_T, text=_T),
    "findings": _schema(
        fingerprint=_T,
        kind=_T,
        submission=_T,
        unit=_T,
        name=_T,
        code=_T,
        rule_name=_T,
        severity=_T,
        verdict=_T,
        text=_T,
        places=_T,
        clause=_T,
        message=_T,
        status=_T,
        waiver=_T,
    ),
}
# What is carried over for submissions that did not change.
CARRIED = (
    "outcomes",
    "scorecards",
    "problems",
    "remarks",
    "passages",
    "members",
    "cards",
    "causes",
    "shares",
    "gathered",
)
ORDER = {
    "outcomes": "unit, code, submission",
    "scorecards": "unit, submission",
    "problems": "ALL",
    "remarks": "ALL",
    "passages": "file, number",
    "passages_before": "run, file, number",
    "shared_passages": "ALL",
    "members": "ALL",
    "cards": "unit",
    "causes": "unit, number, submission",
    "shares": "ALL",
    "gathered": "unit, submission",
    "submissions": "submission",
    "files": "role, submission, file",
    "rules": "code",
    "expected": "unit",
    "waivers": "id",
    "baseline": "ALL",
    "reference": "ALL",
    "texts": "role, file",
    "findings": "unit, code, kind, fingerprint, submission, places, text",
}
