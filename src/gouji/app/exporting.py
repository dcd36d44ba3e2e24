"""A kept run -> a form that other programs read, as pieces of text; metrics put in place whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from gouji.app.kept_run_sql import OUTCOMES
from gouji.app.which_unit import unit_called
from gouji.base.database import connect
from gouji.report import FORMATS, Run
from gouji.results import read_table
from gouji.runs import CLOCK, MANIFEST

ROWS = 2_000


def export(
    folder: Path,
    form: str,
    unit: str | None = None,
    submissions: str = "submissions",
    about: str = "",
) -> Iterator[str]:
    """A run (or one unit of it) in the form of that name, piece by piece. `about` is the file for what speaks of no submission."""
    run = replace(run_of(folder, unit, submissions), about=about)
    return FORMATS[form](run)


def run_of(folder: Path, unit: str | None = None, submissions: str = "submissions") -> Run:
    """What the renderers read of a run. Raises DataError when the run does not have the unit."""
    manifest, clock = (json.loads((folder / n).read_text("utf-8")) for n in (MANIFEST, CLOCK))
    if unit is not None:
        named = read_table(folder, "scorecards", "unit", "name")
        unit = unit_called(unit, {str(u["unit"]): u["name"] for u in named})
    findings = [f for f in read_table(folder, "findings") if unit is None or f["unit"] == unit]
    reasons = {w["id"]: f"{w['author']}: {w['reason']}" for w in read_table(folder, "waivers")}
    reference = {r["fingerprint"] for r in read_table(folder, "reference")}
    new = frozenset(f["fingerprint"] for f in findings) - reference
    return Run(
        manifest,
        clock,
        read_table(folder, "rules"),
        findings,
        _outcomes(folder, unit),
        reasons,
        new,
        submissions,
        _files(folder),
    )


def _files(folder: Path) -> dict[str, str]:
    """The first file of each submission that was read, by its path below the folder of submissions."""
    found: dict[str, str] = {}
    for f in read_table(folder, "files", "submission", "file"):
        if f["submission"]:
            found.setdefault(
                str(f["submission"]),
                str(f["file"])
                if f["file"] == f["submission"]
                else f"{f['submission']}/{f['file']}",
            )
    return found


def _outcomes(folder: Path, unit: str | None) -> Iterator[dict[str, Any]]:
    con = connect()
    try:
        result = con.execute(OUTCOMES, {"file": str(folder / "outcomes.parquet"), "unit": unit})
        names = [d[0] for d in result.description or []]
        while rows := result.fetchmany(ROWS):
            yield from (dict(zip(names, row, strict=True)) for row in rows)
    finally:
        con.close()
