"""Old runs leave the workspace as gouji.yaml says; what a kept run needs to be replayed stays."""

from __future__ import annotations

import shutil

from gouji.runs import PART, Decisions, Workspace, prune

SLACK = 10


def prune_runs(workspace: Workspace) -> int:
    """Remove runs beyond `retention`, never one that the baseline was taken from; returns how many. Only under the lock.

    Objects are rewritten only once ten runs have gone: rewriting costs as much as all that is kept.
    """
    known = workspace.numbers()
    old = known[: -workspace.config.retention.runs]
    if not old:
        return 0
    store = Decisions.of(workspace.root, workspace.config.decisions_from)
    try:
        pinned = {b["run"] for b in store.baseline()}
    finally:
        store.close()
    gone = [n for n in old if n not in pinned]
    for number in gone:
        # First out of sight under one rename, then away: a killed prune leaves no half run.
        aside = workspace.runs / f"{PART}gone-{number:06d}"
        workspace.run_folder(number).rename(aside)
        shutil.rmtree(aside)
    if gone and gone[-1] % SLACK == 0:
        prune(
            workspace.objects,
            [workspace.run_folder(n) / "files.parquet" for n in workspace.numbers()],
        )
    return len(gone)
