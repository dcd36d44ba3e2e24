"""The last run with an open gate + the results of a run in the making -> units for which less can be judged than then: findings. A form that went missing makes no relation fail.

What was decided is kept among the fingerprints of `reference`, a row a unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gouji.base.i18n import _
from gouji.base.verdict import DEGREES, FindingKind, Verdict
from gouji.results.store import ResultTables, read_table

DECIDED, _BETWEEN, _COMMA = "decided", "\x1f", ","
SHOWN_AT_MOST = 12
_UNDECIDED = (Verdict.UNASSESSABLE, Verdict.PENDING)


def decided_rules(run: Path) -> Iterator[str]:
    """Of each unit of a run the rules that were decided for it, as it is kept. Where a problem may have explained what was not, the ones that were decided before stay."""
    codes = _decided(run)
    if problems := {row["submission"] for row in read_table(run, "problems", "submission")}:
        members = read_table(run, "members")
        doubted = {row["unit"] for row in members if row["submission"] in problems}
        for row in read_table(run, "reference", "fingerprint"):
            if says_decided(row["fingerprint"]):
                _word, unit, before = row["fingerprint"].split(_BETWEEN)
                if unit in doubted:
                    codes.setdefault(unit, set()).update(before.split(_COMMA))
    for unit, those in codes.items():
        yield _BETWEEN.join((DECIDED, unit, _COMMA.join(sorted(those))))


def _decided(run: Path) -> dict[str, set[str]]:
    kept = pq.read_table(run / "outcomes.parquet", columns=["unit", "code", "verdict"])
    open_ = [verdict.value for verdict in _UNDECIDED]
    rows = kept.filter(pc.invert(pc.is_in(kept["verdict"], value_set=pa.array(open_))))
    by_unit = rows.group_by("unit").aggregate([("code", "list")]).to_pydict()
    return {
        unit: set(codes) for unit, codes in zip(by_unit["unit"], by_unit["code_list"], strict=True)
    }


def says_decided(fingerprint: str) -> bool:
    """Whether a row of `reference` says what was decided, and is no finding's."""
    return fingerprint.startswith(DECIDED + _BETWEEN)


def tell_lost(results: ResultTables) -> None:
    """Add a finding for each unit that has less to be judged by. Of a submission of one unit a problem that is new and open says why, and shuts the gate by itself."""
    found = results.rows(
        _LOST,
        [
            *(_BETWEEN, _COMMA, DECIDED + _BETWEEN),
            *(FindingKind.PROBLEM.value, [verdict.value for verdict in _UNDECIDED]),
        ],
    )
    for submission, unit, name, codes, gaps in found:
        listed = [str(code) for code in codes]
        what = _(
            "门禁上次开着时判断了的规则，这次有 {n} 条无法判断或待评定：{codes}（{why}）"
        ).format(n=len(listed), codes="、".join(listed[:SHOWN_AT_MOST]), why=gaps)
        _add(results, submission, unit, name, what)
    for (unit,) in results.rows(_GONE, [_BETWEEN, DECIDED + _BETWEEN]):
        _add(results, None, unit, None, _("门禁上次开着时报了的单位，这次什么也没有报"))


_ADD = """
INSERT INTO findings BY NAME
SELECT left(sha256(concat_ws('|', 'lost', $unit, $what)), 16) AS fingerprint, $kind AS kind, $submission AS submission, $unit AS unit,
       $name AS name, $severity AS severity, $what AS text, $fix AS message, 'open' AS status
"""
_LOST = """
WITH before AS (SELECT string_split(fingerprint, ?) AS parts, ? AS comma FROM reference WHERE starts_with(fingerprint, ?)),
was AS (SELECT parts[2] AS unit, unnest(string_split(parts[3], comma)) AS code FROM before),
fresh AS (SELECT DISTINCT submission FROM findings WHERE kind = ? AND status = 'open' AND fingerprint NOT IN (SELECT fingerprint FROM reference)),
explained AS (SELECT submission FROM members JOIN fresh USING (submission) GROUP BY submission HAVING count(DISTINCT unit) = 1)
SELECT min(o.submission), o.unit, any_value(s.name), list(o.code ORDER BY o.code), min(o.gaps)
FROM outcomes o JOIN was USING (unit, code) JOIN scorecards s USING (unit)
WHERE o.verdict IN (SELECT unnest(?::VARCHAR[])) AND NOT EXISTS (SELECT 1 FROM explained e WHERE e.submission = o.submission)
GROUP BY o.unit ORDER BY o.unit
"""
_GONE = """
SELECT unit FROM (SELECT split_part(fingerprint, ?, 2) AS unit FROM reference WHERE starts_with(fingerprint, ?))
WHERE unit NOT IN (SELECT unit FROM scorecards) AND unit NOT IN (SELECT unit FROM findings WHERE unit IS NOT NULL) ORDER BY unit
"""


def _add(results: ResultTables, submission: Any, unit: Any, name: Any, what: str) -> None:
    kind = FindingKind.LOST
    given = {"submission": submission, "unit": unit, "name": name, "what": what}
    fix = _("补报缺的表或数；确实不再报的，或是规则改了的，用 gouji baseline set 记下")
    results.con.execute(
        _ADD, given | {"kind": kind.value, "severity": DEGREES[kind].value, "fix": fix}
    )


__all__ = ["decided_rules", "says_decided", "tell_lost"]
