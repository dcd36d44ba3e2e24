"""Two runs -> Comparison: what stayed and what became 平, 不平, 无法判断; scores and grades and what moved them; findings that came or went.

One join over the Parquet files of both; Python sees only what differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb

from gouji.base.database import connect
from gouji.base.sql_names import literal
from gouji.base.verdict import ASSESSED, Verdict

Cells = dict[str, Any]


class ChangeCause(StrEnum):
    """What moved an outcome."""

    FIGURES = "figures"
    RULE = "rule"
    DECISION = "decision"
    CAME = "came"
    WENT = "went"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`still`: verdict -> outcomes that kept it (and their score); `moved`, `units` and findings: rows with their causes. `moved_on`: findings of before
    as they are now, still failing with other figures (or by another rule). `new_causes`, `gone_causes`: cells that are probably wrong in one run alone."""

    still: Mapping[str, int]
    moves: tuple[tuple[str | None, str | None, int], ...]
    moved: tuple[Cells, ...]
    units: tuple[Cells, ...]
    new: tuple[Cells, ...]
    moved_on: tuple[Cells, ...]
    fixed: tuple[Cells, ...]
    unchecked: tuple[Cells, ...]
    decided: tuple[Cells, ...]
    counts: Mapping[str, int]
    new_causes: tuple[Cells, ...] = ()
    gone_causes: tuple[Cells, ...] = ()


_MOVED = """
CREATE TEMP TABLE moved AS
SELECT coalesce(b.unit, a.unit) AS unit, coalesce(b.code, a.code) AS code, a.verdict AS was, b.verdict AS now, a.score AS was_score,
       b.score AS now_score,
       CASE WHEN a.unit IS NULL AND b.rule NOT IN (SELECT version FROM rules_a) THEN 'rule' WHEN a.unit IS NULL THEN 'came'
            WHEN b.unit IS NULL AND a.rule NOT IN (SELECT version FROM rules_b) THEN 'rule' WHEN b.unit IS NULL THEN 'went'
            WHEN a.rule <> b.rule AND a.figures <> b.figures THEN 'rule,figures' WHEN a.rule <> b.rule THEN 'rule'
            WHEN a.figures <> b.figures THEN 'figures' ELSE 'program' END AS cause
FROM a FULL JOIN b ON a.unit = b.unit AND a.code = b.code
WHERE a.verdict IS DISTINCT FROM b.verdict OR a.score IS DISTINCT FROM b.score
"""
_UNITS = """
SELECT coalesce(b.unit, a.unit) AS unit, coalesce(b.name, a.name) AS name, a.score AS was_score, b.score AS now_score, a.grade AS was_grade,
       b.grade AS now_grade,
       coalesce((SELECT string_agg(DISTINCT cause, ',' ORDER BY cause) FROM moved m
                 WHERE m.unit = coalesce(b.unit, a.unit) AND m.was_score IS DISTINCT FROM m.now_score), $otherwise) AS cause
FROM cards_a a FULL JOIN cards_b b ON a.unit = b.unit
WHERE a.score IS DISTINCT FROM b.score OR a.grade IS DISTINCT FROM b.grade OR a.unit IS NULL OR b.unit IS NULL
ORDER BY 1
"""
_FINDING = "f.fingerprint, f.kind, f.unit, f.name, f.code, f.rule_name, f.severity, f.text, f.places, f.status"
# The same rule of the same unit, in the other run a finding too: what moved is its figures (or the rule), not that it fails.
_AGAIN = "EXISTS (SELECT 1 FROM found_{side} o WHERE o.unit = f.unit AND o.code = f.code AND o.kind = f.kind)"
_NEW = f"""
SELECT {_FINDING} FROM found_b f ANTI JOIN found_a USING (fingerprint) WHERE NOT ({_AGAIN.format(side="a")})
ORDER BY f.unit, f.code, f.fingerprint, f.places, f.text
"""
_MOVED_ON = f"""
SELECT {_FINDING}, CASE WHEN a.rule <> b.rule AND a.figures <> b.figures THEN 'rule,figures' WHEN a.rule <> b.rule THEN 'rule' ELSE 'figures' END AS cause
FROM found_b f ANTI JOIN found_a USING (fingerprint) JOIN a ON a.unit = f.unit AND a.code = f.code JOIN b ON b.unit = f.unit AND b.code = f.code
WHERE {_AGAIN.format(side="a")} ORDER BY f.unit, f.code, f.fingerprint, f.places, f.text
"""
# Gone is not fixed: only what was judged again, and decided, is.
_GONE = f"""
SELECT {_FINDING}, CASE WHEN f.code IS NOT NULL THEN EXISTS (SELECT 1 FROM b WHERE b.unit = f.unit AND b.code = f.code
                                                          AND b.verdict IN (SELECT unnest($decided::VARCHAR[])))
                        WHEN f.kind = 'problem' THEN f.submission IN (SELECT submission FROM sent_b WHERE state = 'read')
                        ELSE true END AS fixed
FROM found_a f ANTI JOIN found_b USING (fingerprint) WHERE NOT ({_AGAIN.format(side="b")}) ORDER BY f.unit, f.code, f.fingerprint, f.places, f.text
"""
_DECIDED = """
SELECT DISTINCT b.fingerprint, b.unit, b.name, b.code, b.rule_name, b.severity, a.status AS was, b.status AS now
FROM found_a a JOIN found_b b USING (fingerprint) WHERE a.status <> b.status ORDER BY b.unit, b.code, b.fingerprint
"""
DECIDED = (Verdict.BALANCED, Verdict.WITHIN_ROUNDING, Verdict.UNBALANCED, *ASSESSED)


def _still(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Verdict -> how many outcomes kept it."""
    left = dict(con.execute("SELECT was, count(*) FROM moved GROUP BY 1").fetchall())
    had = dict(con.execute("SELECT verdict, count(*) FROM a GROUP BY 1").fetchall())
    kept = {v.value: had.get(v.value, 0) - left.get(v.value, 0) for v in Verdict}
    return {word: count for word, count in kept.items() if count}


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int((con.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,))[0])


def compare(before: Path, after: Path, otherwise: str = ChangeCause.PROGRAM) -> Comparison:
    """Compare two runs; `otherwise` is what moved a grade that no outcome moved (the book's head, or the program)."""
    with _opened(before, after) as con:
        con.execute(_MOVED)
        moves = con.execute(
            "SELECT was, now, count(*) FROM moved WHERE was IS DISTINCT FROM now GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        gone = _rows(con, _GONE, {"decided": [v.value for v in DECIDED]})
        return Comparison(
            _still(con),
            tuple(moves),
            _rows(con, "SELECT * FROM moved ORDER BY unit, code"),
            _rows(con, _UNITS, {"otherwise": str(otherwise)}),
            _rows(con, _NEW),
            _rows(con, _MOVED_ON),
            tuple(g for g in gone if g["fixed"]),
            tuple(g for g in gone if not g["fixed"]),
            _rows(con, _DECIDED),
            {side: _count(con, side) for side in ("a", "b")},
            _causes(con, "causes_b", "causes_a"),
            _causes(con, "causes_a", "causes_b"),
        )


@contextmanager
def _opened(before: Path, after: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    con = connect()
    try:
        for side, folder in (("a", before), ("b", after)):
            for view, name, columns in (
                (side, "outcomes", "unit, code, verdict, score, rule, figures"),
                (f"cards_{side}", "scorecards", "unit, name, score, grade"),
                (f"found_{side}", "findings", "*"),
                (f"rules_{side}", "rules", "*"),
                (f"sent_{side}", "submissions", "*"),
            ):
                file = literal(str(folder / f"{name}.parquet"))
                con.execute(f"CREATE VIEW {view} AS SELECT {columns} FROM read_parquet({file})")
            # A run of before, or one that did not locate, says nothing of causes.
            located = folder / "causes.parquet"
            source = (
                f"SELECT unit, fingerprint, codes, line FROM read_parquet({literal(str(located))}) WHERE kind = 'cause'"
                if located.is_file()
                else "SELECT '' AS unit, '' AS fingerprint, []::VARCHAR[] AS codes, '' AS line WHERE false"
            )
            con.execute(f"CREATE VIEW causes_{side} AS {source}")
        yield con
    finally:
        con.close()


def _causes(con: duckdb.DuckDBPyConnection, of: str, without: str) -> tuple[Cells, ...]:
    return _rows(
        con,
        f"SELECT * FROM {of} ANTI JOIN {without} USING (fingerprint) ORDER BY unit, fingerprint",
    )


def _rows(
    con: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, Any] | None = None
) -> tuple[Cells, ...]:
    result = con.execute(query, dict(values) if values else None)
    names = [d[0] for d in result.description or []]
    return tuple(dict(zip(names, row, strict=True)) for row in result.fetchall())
