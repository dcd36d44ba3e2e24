"""The version of an installed package, from the name of the folder that says so: reading what is in it takes longer than all else a start does with it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache

import gouji

_END = ".dist-info"


@cache
def version(name: str) -> str:
    """As `importlib.metadata.version`; of gouji itself what it says. Raises PackageNotFoundError."""
    if name == "gouji":
        return gouji.__version__
    begin = name.replace("-", "_").lower() + "-"
    found = {
        entry[len(begin) : -len(_END)] for entry in _installed() if entry.lower().startswith(begin)
    }
    if len(found) == 1:
        return found.pop()
    from importlib.metadata import version as from_metadata

    return from_metadata(name)


@cache
def _installed() -> frozenset[str]:
    found: set[str] = set()
    for folder in sys.path:
        with suppress(OSError):
            found.update(entry for entry in os.listdir(folder or ".") if entry.endswith(_END))
    return frozenset(found)
