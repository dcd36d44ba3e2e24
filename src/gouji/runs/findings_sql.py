"""Results -> findings with fingerprints, and how each stands: open, waived (on its own line, never a pass), or known from the baseline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gouji.base.i18n import _
from gouji.base.verdict import DEGREES, FindingKind, Severity
from gouji.intake import files_of, shown_absent
from gouji.results import ResultTables, differs_sql, fails_sql, tell_lost

OPEN, WAIVED, KNOWN = "open", "waived", "baseline"
LENGTH = 16
# A finding is known again by unit, rule, the rule's version and the figures it reads: not by row numbers, not by its text.
_OUTCOMES = f"""
INSERT INTO findings
SELECT left(sha256(concat_ws('|', o.kind, o.unit, o.code, o.rule, o.figures)), {LENGTH}),
       CASE o.kind WHEN 'tie_out' THEN '{FindingKind.TIE_OUT}' ELSE '{FindingKind.DIFFERENCE}' END, o.submission, o.unit, s.name, o.code, r.name,
       CASE o.kind WHEN 'tie_out' THEN o.severity ELSE '{DEGREES[FindingKind.DIFFERENCE]}' END, o.verdict, o.working, o.places, r.clause, r.message, '{OPEN}', NULL
FROM outcomes o JOIN rules r USING (code) JOIN scorecards s USING (unit)
WHERE (o.kind = 'tie_out' AND {fails_sql("o.verdict")})
   OR (o.kind = 'criterion' AND {differs_sql("o.verdict", "o.ground", "o.score", "o.self_score")})
"""
_PROBLEMS = f"""
INSERT INTO findings
SELECT left(sha256(concat_ws('|', 'problem', submission, file, col, tbl, what)), {LENGTH}), '{FindingKind.PROBLEM}', submission, NULL, NULL, NULL, NULL,
       '{DEGREES[FindingKind.PROBLEM]}', NULL, what, spot, NULL, mend, '{OPEN}', NULL
FROM problems
"""
_UNITS = f"""
INSERT INTO findings
SELECT left(sha256(concat_ws('|', $kind, e.unit)), {LENGTH}), $kind, NULL, e.unit, e.name, NULL, NULL, $severity, NULL, $what, NULL, NULL, NULL,
       '{OPEN}', NULL
FROM (SELECT unit, min(name) AS name FROM expected GROUP BY unit UNION ALL SELECT unit, name FROM scorecards WHERE $kind = '{FindingKind.UNEXPECTED_UNIT}') e
WHERE CASE $kind WHEN '{FindingKind.MISSING_UNIT}' THEN e.unit NOT IN (SELECT unit FROM scorecards)
                 ELSE e.unit NOT IN (SELECT unit FROM expected) AND EXISTS (SELECT 1 FROM expected) END
"""
_WAIVE = f"""
UPDATE findings SET status = '{WAIVED}', waiver = w.id FROM (
    SELECT fingerprint, min(id) AS id FROM waivers WHERE expires IS NULL OR expires >= $as_of GROUP BY fingerprint
) w WHERE findings.fingerprint = w.fingerprint
"""
_KNOWN = f"UPDATE findings SET status = '{KNOWN}' WHERE status = '{OPEN}' AND fingerprint IN (SELECT fingerprint FROM baseline)"
_WAIVERS = f"""
INSERT INTO findings
SELECT left(sha256(concat_ws('|', s.kind, s.id)), {LENGTH}), s.kind, NULL, s.unit, c.name, s.code, r.name,
       CASE s.kind WHEN 'waiver_unused' THEN $note ELSE $verify END, NULL,
       CASE s.kind WHEN 'waiver_expired' THEN $expired WHEN 'waiver_lapsed' THEN $lapsed ELSE $unused END || ' ' || s.id, NULL, NULL, s.reason,
       '{OPEN}', s.id
FROM (SELECT w.*, CASE WHEN w.expires < $as_of THEN 'waiver_expired'
                       WHEN EXISTS (SELECT 1 FROM findings f WHERE f.unit = w.unit AND f.code = w.code AND f.kind IN ('{FindingKind.TIE_OUT}', '{FindingKind.DIFFERENCE}'))
                       THEN 'waiver_lapsed' ELSE 'waiver_unused' END AS kind
      FROM waivers w WHERE w.id NOT IN (SELECT waiver FROM findings WHERE waiver IS NOT NULL)) s
LEFT JOIN (SELECT unit, name FROM scorecards) c USING (unit) LEFT JOIN rules r USING (code)
WHERE s.fingerprint NOT IN (SELECT fingerprint FROM findings WHERE status = '{WAIVED}')
"""


def find(results: ResultTables, as_of: str) -> None:
    """Fill the table of findings. `as_of` is the day that waivers are held against."""
    con = results.con
    con.execute(_OUTCOMES)
    con.execute(_PROBLEMS)
    for kind, what in (
        (FindingKind.MISSING_UNIT, _("应报未报，或报来的没有一行可用")),
        (FindingKind.UNEXPECTED_UNIT, _("不在应报清单里")),
    ):
        con.execute(_UNITS, {"kind": kind.value, "severity": DEGREES[kind].value, "what": what})
    _sent_unread(results)
    _settle(results, as_of)
    tell_lost(results)
    _settle(results, as_of)
    con.execute(
        _WAIVERS,
        {
            "verify": Severity.VERIFY.value,
            "note": Severity.NOTE.value,
            "as_of": as_of,
            "expired": _("审核说明已过期"),
            "lapsed": _("审核说明已失效：数或规则变了"),
            "unused": _("审核说明没有用上：问题已不在"),
        },
    )


def _settle(results: ResultTables, as_of: str) -> None:
    """How findings stand: open, but for those that are explained or known."""
    results.con.execute(_WAIVE, {"as_of": as_of})
    results.con.execute(_KNOWN)


def _sent_unread(results: ResultTables) -> None:
    """A unit that sent something nobody could read has not simply failed to file."""
    unread = unread_files(results.rows(UNREAD_FILES))
    for unit, name in results.rows(
        "SELECT unit, coalesce(name, '') FROM findings WHERE kind = ?",
        [FindingKind.MISSING_UNIT.value],
    ):
        if files := files_of(unread, str(unit), str(name)):
            text = shown_absent("", files)
            results.con.execute(
                "UPDATE findings SET text = ? WHERE kind = ? AND unit = ?",
                [text, FindingKind.MISSING_UNIT.value, unit],
            )


UNREAD_FILES = "SELECT submission, file FROM files WHERE role = 'submission' AND fate <> 'read' AND sha256 <> 'listed' ORDER BY ALL"


def unread_files(rows: Iterable[Sequence[object]]) -> list[str]:
    """Names of files that somebody meant to send and nobody read, of pairs of submission and file."""
    return [
        str(file) if submission == file else f"{submission}/{file}" for submission, file in rows
    ]


__all__ = ["KNOWN", "OPEN", "UNREAD_FILES", "WAIVED", "find", "unread_files"]
