"""What the page of all units asks of the files of a bulk audit (`scorecards`, `findings`, `outcomes`, `set_aside`), by counting."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from gouji.base.verdict import UNDECIDED, Ground, Severity, Verdict
from gouji.intake import STATE

# Columns of the files, as docs/bulk.md describes them.
UNIT, NAME, SCORE, LOW, HIGH, SELF = (
    "单位代码",
    "单位名称",
    "得分",
    "得分下限",
    "得分上限",
    "自评合计",
)
GRADE, GRADE_LOW, GRADE_HIGH = "等级", "等级下限", "等级上限"
GROUNDS = {
    Ground.FIGURES: "数据复核",
    Ground.EVIDENCE: "佐证评审",
    Ground.CONTESTED: "有疑",
    Ground.WORD: "仅凭自评",
    Ground.OPEN: "未定",
}
TABLE, NUMBER, CAUSE, FIX = "数据表", "行号", "原因", "改法"
VERDICT, POINTS, RESTS_ON, RULE, KIND, DEGREE = ".结论", ".得分", ".依据", "规则", "类型", "级别"

# Units whose grade is certain.
_SURE = f"""coalesce("{GRADE}", '') <> '{UNDECIDED}'"""
# Rows that were set aside, each once: table, number from 1, unit, what is wrong, what to do.
ROWS_REFUSED = (
    f"SELECT {TABLE}, {NUMBER} + 1, any_value({UNIT}), string_agg(DISTINCT {CAUSE}, '; ' ORDER BY {CAUSE}), min({FIX})"
    " FROM set_aside GROUP BY 1, 2 ORDER BY 1, 2"
)
DEGREES = f'SELECT "{DEGREE}", count(*) FROM findings GROUP BY 1'
GRADES = f"""SELECT coalesce("{GRADE}", ''), count(*) FROM cards GROUP BY 1"""
# Self-scores and scores in whole points, and how many units have both.
SCORE_PAIRS = f"""SELECT floor("{SELF}" + 0.5)::INT, floor("{SCORE}" + 0.5)::INT, count(*) FROM cards WHERE "{SELF}" IS NOT NULL AND {_SURE}
                            GROUP BY ALL"""
# Units; scores; units with a self-score, these, their scores; units without a certain grade; points by what they rest on.
SUMS = f"""
        SELECT count(*), coalesce(sum("{SCORE}") FILTER (WHERE {_SURE}), 0), count("{SELF}") FILTER (WHERE {_SURE}), coalesce(sum("{SELF}") FILTER (WHERE {_SURE}), 0),
               coalesce(sum("{SCORE}") FILTER (WHERE "{SELF}" IS NOT NULL AND {_SURE}), 0), count(*) FILTER (WHERE NOT ({_SURE})),
               {", ".join(f'coalesce(sum("{name}"), 0)' for name in GROUNDS.values())} FROM cards"""


def is_there(table: str) -> str:
    """Gives a row where there is a table of that name."""
    return f"SELECT 1 FROM (SHOW ALL TABLES) WHERE name = '{table}'"


def complete_cards(there: Collection[str]) -> str:
    """Makes `cards`: the scorecards with every column that a scorecard may have; `there` are those that they have."""
    points = [
        f'0::DECIMAL(9,2) AS "{name}"'
        for name in (SCORE, LOW, HIGH, *GROUNDS.values())
        if name not in there
    ]
    absent = [
        f'NULL::VARCHAR AS "{name}"' for name in (GRADE, GRADE_LOW, GRADE_HIGH) if name not in there
    ]
    absent += [f'NULL::DECIMAL(9,2) AS "{SELF}"'] if SELF not in there else []
    return f"CREATE TEMP VIEW cards AS SELECT {', '.join(['*', *points, *absent])} FROM scorecards"


def units_filed(table: str) -> str:
    """Code and name of the units in a state."""
    return f"SELECT {UNIT}, {NAME} FROM {table} WHERE {STATE} = ?"


def scores_binned(bins: int, total: Decimal) -> str:
    """How many units have a score in each of so many equal parts of the total, and which grade."""
    # In whole hundredths: a division of decimals would be one of doubles.
    return f"""SELECT least({bins - 1}, ("{SCORE}" * 100)::BIGINT * {bins} // {int(total * 100)})::INT AS bin, coalesce("{GRADE}", '') AS grade,
                           count(*) FROM cards WHERE {_SURE} GROUP BY ALL"""


def tallies(criteria: Sequence[str], ties: Sequence[str], weights: Mapping[str, Decimal]) -> str:
    """One row: the verdicts of every rule, counted, then the points lost on every criterion."""
    verdicts = [f'histogram("{code}{VERDICT}")' for code in (*criteria, *ties)]
    lost = [
        f"""coalesce(sum({weights[c]} - "{c}{POINTS}") FILTER (WHERE {_deducted(c)}), 0)"""
        for c in criteria
    ]
    return f"SELECT {', '.join((*verdicts, *lost))} FROM outcomes"


def _deducted(code: str) -> str:
    """Whether a criterion lost points on figures that nothing contradicts."""
    return f"""("{code}{VERDICT}" = '{Verdict.DEDUCTED.value}' AND "{code}{RESTS_ON}" IS DISTINCT FROM '{GROUNDS[Ground.CONTESTED]}')"""


def lines(codes: Sequence[str], weights: Mapping[str, Decimal], at_most: int) -> str:
    """The units with the lowest scores, at most so many: their scorecards, findings by severity, how many of their criteria (`codes`) are open, rules that fail, points lost on each criterion."""
    undecided = f"('{Verdict.PENDING.value}', '{Verdict.UNASSESSABLE.value}')"
    still_open = " + ".join(f'("{c}{VERDICT}" IN {undecided})::INT' for c in codes) or "0"
    deductions = ", ".join(
        f"""CASE WHEN {_deducted(c)} THEN {weights[c]} - "{c}{POINTS}" END""" for c in codes
    )
    columns = ", ".join(
        f's."{name}"'
        for name in (
            UNIT,
            NAME,
            SCORE,
            LOW,
            HIGH,
            SELF,
            GRADE,
            GRADE_LOW,
            GRADE_HIGH,
            *GROUNDS.values(),
        )
    )
    counts = ", ".join(
        f"""count(*) FILTER ("{DEGREE}" = '{s.value}') AS "{s.value}" """ for s in Severity
    )
    found = ", ".join(f'coalesce(wrong."{s.value}", 0)' for s in Severity)
    return f"""
        WITH chosen AS (FROM cards ORDER BY "{SCORE}", "{UNIT}" LIMIT {at_most}),
             wrong AS (SELECT "{UNIT}", list("{RULE}" ORDER BY "{RULE}") FILTER ("{KIND}" = '{Verdict.UNBALANCED.value}') AS codes, {counts}
                       FROM findings WHERE "{UNIT}" IN (SELECT "{UNIT}" FROM chosen) GROUP BY 1)
        SELECT {columns}, {found}, {still_open}, wrong.codes, [{deductions}]
        FROM chosen s JOIN outcomes USING ("{UNIT}") LEFT JOIN wrong USING ("{UNIT}") ORDER BY s."{UNIT}" """
