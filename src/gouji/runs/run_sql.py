"""What a night asks of the results of a run, while it makes them and when it writes them."""

from __future__ import annotations

from gouji.base.verdict import FindingKind, Verdict

_FAILING = f"SELECT DISTINCT unit FROM outcomes WHERE verdict = '{Verdict.UNBALANCED.value}'"
FAILING_UNITS = f"SELECT count(*) FROM ({_FAILING})"
NOT_LOCATED = f"{FAILING_UNITS} WHERE unit NOT IN (SELECT unit FROM causes)"
SUBMISSIONS_TO_LOCATE = (
    f"SELECT DISTINCT submission FROM outcomes WHERE verdict = '{Verdict.UNBALANCED.value}'"
    " AND unit NOT IN (SELECT unit FROM causes) ORDER BY 1"
)
CAUSES_FOUND = "SELECT count(*) FROM causes WHERE kind = 'cause'"
CAUSES_OF = "SELECT kind, number, codes, cause FROM causes WHERE unit = ?"
FORGET_CAUSES = "DELETE FROM causes"
GATHERED = "SELECT submission, unit, digest FROM gathered"

# Units that did not file have their own line: each counts once.
_OPEN = f"SELECT severity, count(*) FROM findings WHERE status = ? AND kind <> '{FindingKind.MISSING_UNIT}'"
BY_SEVERITY = f"{_OPEN} GROUP BY severity"
NEW = f"{_OPEN} AND fingerprint NOT IN (SELECT fingerprint FROM reference) GROUP BY severity"
DEGREES = "SELECT severity, count(*) FROM findings WHERE status = ? GROUP BY 1"
OF_STATUS = "SELECT count(*) FROM findings WHERE status = ?"
OF_KIND = "SELECT count(*) FROM findings WHERE kind = ? AND status = ?"
UNITS_OF_KIND = "SELECT unit, coalesce(name, '') FROM findings WHERE kind = ? ORDER BY ALL"

POINTS = (
    "SELECT coalesce(sum(by_figures + by_evidence + by_contested + by_word + by_open), 0),"
    " coalesce(sum(by_contested + by_word + by_open), 0) FROM scorecards"
)
FILED_TWICE = (
    "SELECT count(*) FROM (SELECT unit FROM members GROUP BY unit HAVING count(*) > 1)"
    " WHERE unit NOT IN (SELECT unit FROM scorecards)"
)
GRADES = "SELECT coalesce(grade, ''), count(*) FROM scorecards GROUP BY 1 ORDER BY 1"
UNITS = "SELECT count(*) FROM scorecards"
CARDS = "SELECT unit FROM cards ORDER BY unit"
CARD_OF = "SELECT card FROM cards WHERE unit = ?"

OUTCOMES = "SELECT count(*) FROM outcomes"
VERDICTS = "SELECT verdict, count(*) FROM outcomes GROUP BY 1"
DECIDED = "SELECT count(*) FROM outcomes WHERE verdict IN (SELECT unnest(?::VARCHAR[]))"
TIE_OUTS = "SELECT count(*) FROM outcomes WHERE kind = 'tie_out' AND verdict = ?"
OTHER_TIE_OUTS = "SELECT count(*) FROM outcomes WHERE kind = 'tie_out' AND verdict <> ?"

SUBMISSIONS = "SELECT count(*) FROM submissions"
DIGESTS = "SELECT submission, digest FROM submissions ORDER BY 1"
UNREAD_SUBMISSIONS = (
    "SELECT count(*) FROM submissions s WHERE state <> 'read' OR EXISTS "
    "(SELECT 1 FROM files f WHERE f.submission = s.submission AND f.sha256 = 'unread')"
)
FILES = "SELECT count(*) FROM files"
ROWS = "SELECT coalesce(sum(rows_in), 0)::BIGINT, coalesce(sum(rows_set_aside), 0)::BIGINT FROM submissions"
PROBLEMS = (
    "SELECT place, what, mend FROM problems UNION ALL"
    f" SELECT trim(unit || ' ' || coalesce(name, '')), text, message FROM findings WHERE kind = '{FindingKind.LOST}'"
    " ORDER BY ALL"
)
REMARKS = (
    "SELECT place, what, mend FROM remarks UNION ALL SELECT place, what, mend FROM shared_passages"
    " ORDER BY ALL"
)
