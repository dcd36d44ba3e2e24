"""A workspace -> its runs, oldest first, as their manifests tell; each is read by itself, so nobody is locked out while a run is made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gouji.base.i18n import _
from gouji.results import grave
from gouji.runs import CLOCK, Damaged, Workspace, fault_of, manifest_of


@dataclass(frozen=True, slots=True)
class KeptRunLine:
    """One kept run in a line; `open_` counts 问题, hints apart."""

    number: int
    started: str
    seconds: float
    gate: str
    units: int
    judged: int
    open_: int
    waived: int
    known: int


def listed(root: str | Path) -> tuple[KeptRunLine, ...]:
    """All kept runs but those that are damaged."""
    workspace = Workspace.at(Path(root))
    return tuple(
        kept(workspace.run_folder(n), n)
        for n in workspace.numbers()
        if not fault_of(workspace.run_folder(n))
    )


def damaged(root: str | Path) -> tuple[Damaged, ...]:
    """The others."""
    workspace = Workspace.at(Path(root))
    every = (
        (workspace.run_folder(n), fault_of(workspace.run_folder(n))) for n in workspace.numbers()
    )
    return tuple(
        Damaged(f"{folder.parent.name}/{folder.name}", why) for folder, why in every if why
    )


def kept(folder: Path, number: int) -> KeptRunLine:
    """One kept run."""
    manifest, clock = manifest_of(folder), _clock(folder)
    counts, found = manifest["counts"], manifest["counts"]["findings"]
    return KeptRunLine(
        number,
        clock["started"],
        clock["seconds"],
        manifest["gate"],
        counts["units"],
        clock["judged"],
        grave(counts["degrees"]) if "degrees" in counts else found["open"],
        found["waived"],
        found["baseline"],
    )


def _clock(folder: Path) -> dict[str, Any]:
    """When a run was made; a run is whole without it."""
    unknown: dict[str, Any] = {"started": "—", "seconds": 0.0, "judged": 0}
    try:
        made = json.loads((folder / CLOCK).read_text("utf-8"))
    except (OSError, ValueError):
        return unknown
    return unknown | made if isinstance(made, dict) else unknown


def gate_words(state: str) -> str:
    """A gate in words."""
    return {"open": _("门禁：开"), "closed": _("门禁：关")}.get(
        state, _("门禁：关（什么也没有核对）")
    )
