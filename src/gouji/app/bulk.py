"""Many units for programs: what takes time to load is begun, then `bulk_runs` does the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from gouji.intake import ready

if TYPE_CHECKING:
    from pathlib import Path

    from gouji.app.bulk_runs import BulkAudit
    from gouji.run import Limits


def audit_bulk(
    data: str | Path,
    out: str | Path,
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    form: str = "parquet",
    wide: bool = True,
    limits: Limits | None = None,
    done: Callable[[int, int], None] = lambda judged, units: None,
    looked: Callable[[int, int], None] | None = None,
    between: tuple[str, str] | None = None,
    forms: Sequence[str] = (),
) -> BulkAudit:
    """Audit all units of a folder of Parquet files or of a DuckDB file; `done` hears how many units of how many were judged.
    With `looked` the causes of failing units are found too; it hears how many of how many were looked at.
    `between` two codes (both counted in) only those units are judged, among all the others: a part, for `merge_parts`.
    `forms` are form sets as of `audit`: tables have columns, not sheets, so that these only must be known.

    Raises DataError when the data cannot be used at all, an ExceptionGroup of RuleError when the rulebook is wrong, EngineError for a fault of
    gouji's own. `out` appears whole or not at all.
    """
    from gouji.app.which_book import book_for

    # Loads what the gate asks while this process loads the rest, counts and judges.
    ready()
    from gouji.app.bulk_judging import RunAsked, range_of
    from gouji.app.bulk_runs import run_bulk
    from gouji.run import Limits

    book, limits = book_for(rules, data), limits or Limits()
    locate = None
    if looked is not None:
        # Only who asks for causes loads what finds them.
        from gouji.app.bulk_causes import BulkData, located

        audited = BulkData.of(data, book, schemas)
        locate = partial(located, audited, threads=limits.threads, done=looked)
    asked = RunAsked(wide, range_of(between))
    return run_bulk(data, out, book, schemas, form, asked, limits, done, locate, forms)
