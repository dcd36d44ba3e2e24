"""Passages of the reports of a run, and of last year's that earlier runs read -> notes on those that two share.

Whatever was carried over is held against what came tonight, and the other way round: each run compares all of its reports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gouji.intake import TEXTS_AT_MOST, Passage, home_of, shared_between
from gouji.results.store import ResultTables, read_table

Cells = dict[str, Any]
_COLUMNS = "file, unit, year, number, line, words, prints"
# What stands in one report alone, or in so many that it is a template, is left in the database: of 10,000 reports hardly anything else is there.
_SHARED = f"""
WITH every AS (
    SELECT '' AS run, {_COLUMNS} FROM passages
    UNION ALL SELECT run, {_COLUMNS} FROM passages_before
), prints AS (SELECT run, file, number, unnest(prints) AS print FROM every),
common AS (SELECT print FROM prints GROUP BY print HAVING count(DISTINCT concat(run, ' ', file)) BETWEEN 2 AND {TEXTS_AT_MOST}),
held AS (SELECT run, file, number, list(print ORDER BY print) AS prints FROM prints SEMI JOIN common USING (print) GROUP BY ALL)
SELECT run, file, unit, year, number, line, words, len(every.prints) AS size, held.prints
FROM every JOIN held USING (run, file, number) ORDER BY run, file, number
"""
# A report that is filed again replaces the one that an earlier run read.
_REPLACED = "DELETE FROM passages_before b WHERE EXISTS (SELECT 1 FROM passages p WHERE p.unit = b.unit AND p.year = b.year)"


def passage_row(own: Passage) -> Cells:
    """A passage as a row of the results."""
    made = asdict(own)
    return {"submission": home_of(own.file), **{k: made[k] for k in _COLUMNS.split(", ")}}


def passages_before(last: Path, year: int) -> list[Cells]:
    """The passages of reports of the year before `year` that a run read, or that runs before it did; none where it is older than they are kept."""
    there = [n for n in ("passages", "passages_before") if (last / f"{n}.parquet").is_file()]
    return [
        {"run": last.name, **{k: v for k, v in row.items() if k != "submission"}}
        for name in there
        for row in read_table(last, name)
        if row["year"] == year - 1
    ]


def tell_shared(results: ResultTables, before: Sequence[Cells]) -> None:
    """Fill the tables of earlier passages and of notes."""
    results.put("passages_before", before)
    results.con.execute(_REPLACED)
    found = shared_between(map(_passage, results.dicts(_SHARED)))
    results.put(
        "shared_passages",
        [
            {
                "submission": home_of(told.at.file),
                "place": str(told.at),
                "what": told.what,
                "mend": told.fix,
            }
            for told in found
        ],
    )


def _passage(row: Mapping[str, Any]) -> Passage:
    return Passage(**{**row, "prints": tuple(row["prints"])})


__all__ = ["passage_row", "passages_before", "tell_shared"]
