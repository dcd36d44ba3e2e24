"""ReportPage -> the table of its outcomes, a row a unit and rule; and the table as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from decimal import Decimal

from gouji.base.i18n import clauses, labelled
from gouji.base.plain import inert
from gouji.report.page_of_unit import Card, CriterionRow, ReportPage, TieRow


@dataclass(frozen=True, slots=True)
class FlatOutcome:
    """One outcome, flat. Points are empty for tie-outs; `measured` is the measured value or recomputed side as an exact number."""

    unit: str
    unit_name: str
    kind: str
    code: str
    name: str
    severity: str
    verdict: str
    weight: Decimal | None
    self_score: Decimal | None
    score: Decimal | None
    deduction: Decimal | None
    low: Decimal | None
    high: Decimal | None
    ground: str
    measured: str
    working: str
    difference: str
    gaps: str
    places: str
    cause: str = ""


def rows(page: ReportPage) -> Iterator[FlatOutcome]:
    """Criteria, then tie-outs, unit by unit: units × rules of them."""
    for card in page.cards:
        yield from (_criterion(card, c) for c in card.criteria)
        yield from (_tie_out(card, t) for t in card.tie_outs)


def _criterion(card: Card, c: CriterionRow) -> FlatOutcome:
    places = clauses(labelled(f"{t.name} {t.printed}", t.at) for t in c.parts.terms if t.at)
    return FlatOutcome(
        card.unit,
        card.name,
        "criterion",
        c.code,
        c.name,
        "",
        c.verdict,
        c.weight,
        c.self_score,
        c.score,
        c.deduction if c.recomputed else None,
        c.low,
        c.high,
        c.ground,
        c.parts.exact,
        c.working,
        "",
        clauses(c.gaps),
        places,
        c.cause,
    )


def _tie_out(card: Card, t: TieRow) -> FlatOutcome:
    return FlatOutcome(
        card.unit,
        card.name,
        "tie_out",
        t.code,
        t.name,
        t.severity,
        t.verdict,
        None,
        None,
        None,
        None,
        None,
        None,
        "",
        t.parts.exact,
        t.working,
        t.parts.difference,
        clauses(t.gaps),
        clauses(t.places),
    )


def to_csv(page: ReportPage) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read the Chinese; no cell begins like a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(f.name for f in fields(FlatOutcome))
    writer.writerows(
        [inert(x) if isinstance(x, str) else x for x in astuple(row)] for row in rows(page)
    )
    return b"\xef\xbb\xbf" + out.getvalue().encode()
