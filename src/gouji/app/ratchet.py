"""A run that is whole -> known findings that are gone leave the baseline for good."""

from __future__ import annotations

from gouji.app.kept_run_sql import GONE
from gouji.base.database import connect
from gouji.base.i18n import _
from gouji.results import DECIDED
from gouji.runs import Decisions, Workspace


def ratchet(workspace: Workspace, number: int) -> None:
    """Known findings that were judged again and are gone leave the baseline for good; a night that is killed here is made up for by the next."""
    con = connect()
    try:
        run = workspace.run_folder(number)
        gone = con.execute(
            GONE,
            {
                "baseline": str(run / "baseline.parquet"),
                "findings": str(run / "findings.parquet"),
                "outcomes": str(run / "outcomes.parquet"),
                "decided": [v.value for v in DECIDED],
            },
        ).fetchall()
    finally:
        con.close()
    if not gone:
        return
    fingerprints = {f for (f,) in gone}
    store = Decisions.of(workspace.root, workspace.config.decisions_from)
    try:
        ended = [b["id"] for b in store.baseline() if b["fingerprint"] in fingerprints]
        store.end("baseline", ended, "gouji", _("运行 {n}：已改好，或数已改动").format(n=number))
    finally:
        store.close()


__all__ = ["ratchet"]
