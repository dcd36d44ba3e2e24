"""What is asked of the files of a kept run: its outcomes, what is gone from its baseline, and its tables as a bulk audit writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gouji.app.bulk_report_sql import (
    DEGREE,
    GRADE,
    GRADE_HIGH,
    GRADE_LOW,
    GROUNDS,
    HIGH,
    KIND,
    LOW,
    NAME,
    POINTS,
    RESTS_ON,
    RULE,
    SCORE,
    SELF,
    UNIT,
    VERDICT,
)
from gouji.base.sql_names import quoted
from gouji.base.verdict import FindingKind, Ground
from gouji.rules import ResolvedBook

BY_GROUND = {
    Ground.FIGURES: "by_figures",
    Ground.EVIDENCE: "by_evidence",
    Ground.CONTESTED: "by_contested",
    Ground.WORD: "by_word",
    Ground.OPEN: "by_open",
}
# Of one unit, or of all of them.
OUTCOMES = "SELECT unit, code, kind, verdict, gaps FROM read_parquet($file) WHERE $unit IS NULL OR unit = $unit ORDER BY unit, code"
# Known findings whose rule was decided again and that are findings no more.
GONE = """
SELECT DISTINCT b.fingerprint FROM read_parquet($baseline) b JOIN read_parquet($outcomes) o ON o.unit = b.unit AND o.code = b.code
WHERE o.verdict IN (SELECT unnest($decided::VARCHAR[])) AND b.fingerprint NOT IN (SELECT fingerprint FROM read_parquet($findings))
"""


def as_bulk(book: ResolvedBook, there: Collection[str]) -> Iterator[str]:
    """Makes `outcomes`, `cards` and `findings` as a bulk audit writes them, of what a run kept; `there` are the columns of its scorecards."""
    yield f"CREATE TEMP TABLE outcomes AS {_wide(book)}"
    yield f"CREATE TEMP VIEW cards AS {_cards(there)}"
    kinds = f"kind IN ('{FindingKind.TIE_OUT}', '{FindingKind.DIFFERENCE}')"
    wrong = f"SELECT unit AS {quoted(UNIT)}, code AS {quoted(RULE)}, verdict AS {quoted(KIND)}, severity AS {quoted(DEGREE)} FROM kept_findings WHERE {kinds}"
    yield f"CREATE TEMP VIEW findings AS {wrong}"


def _wide(book: ResolvedBook) -> str:
    """Outcomes, a row a unit, as a bulk audit writes them."""
    asked = [(rule.code, "verdict", VERDICT) for rule in book.rules] + [
        (criterion.code, "score", POINTS) for criterion in book.criteria
    ]
    words = " ".join(f"WHEN '{g.value}' THEN '{word}'" for g, word in GROUNDS.items())
    asked += [(criterion.code, f"CASE ground {words} END", RESTS_ON) for criterion in book.criteria]
    cells = [
        f"any_value({column}) FILTER (WHERE code = '{code}') AS {quoted(code + ending)}"
        for code, column, ending in asked
    ]
    return f"SELECT unit AS {quoted(UNIT)}, {', '.join(cells)} FROM kept_outcomes GROUP BY unit"


def _cards(there: Collection[str]) -> str:
    """Scorecards, a row a unit; `there` are the columns that the run kept: an older one has no points on contested figures."""
    named = {
        "unit": UNIT,
        "name": NAME,
        "score": SCORE,
        "low": LOW,
        "high": HIGH,
        "self_score": SELF,
        "grade": GRADE,
        "grade_low": GRADE_LOW,
        "grade_high": GRADE_HIGH,
        **{BY_GROUND[g]: name for g, name in GROUNDS.items()},
    }
    made = (
        f"{column if column in there else '0::DECIMAL(9,2)'} AS {quoted(name)}"
        for column, name in named.items()
    )
    return f"SELECT {', '.join(made)} FROM kept_scorecards"
