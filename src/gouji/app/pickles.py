"""Values of ours <-> bytes for the user's cache folder.

Pickles, of which two things are asked: that only this user can have written the file, and that it names nothing but values (classes of the stations
that read, check and compile rules, exact numbers). So a file can hold a wrong value at worst, and never run anything.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from gouji.app.cache import own

VALUES = (
    "gouji.rules.",
    "gouji.expression.nodes",
    "gouji.rules.outline",
    "gouji.rules.resolved",
    "gouji.base.verdict",
    "gouji.plan.bulk_plan",
)
NUMBERS: dict[tuple[str, str], type] = {
    ("decimal", "Decimal"): Decimal,
    ("fractions", "Fraction"): Fraction,
}
# What reading a pickle may raise that is none of ours.
FAULTS = (
    pickle.UnpicklingError,
    AttributeError,
    EOFError,
    ImportError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
)


class NotAValue(pickle.UnpicklingError):
    """The pickle names something that is no value."""


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """A class of our values."""
        if (number := NUMBERS.get((module, name))) is not None:
            return number
        for late in (Late, LateEach):
            if (module, name) == (late.__module__, late.__name__):
                return late
        if not module.startswith(VALUES) or "." in name:
            raise NotAValue(f"{module}.{name}")
        found = super().find_class(module, name)
        if not isinstance(found, type) or found.__module__ != module:
            raise NotAValue(f"{module}.{name}")
        return found


class Late(Mapping[str, Any]):
    """A mapping that is unpacked when something of it is asked for."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._body = pickle.dumps(dict(given), protocol=5)

    @cached_property
    def _made(self) -> dict[str, Any]:
        made: dict[str, Any] = _Reader(io.BytesIO(self._body)).load()
        return made

    def __getitem__(self, key: str) -> Any:
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def __getstate__(self) -> dict[str, Any]:
        return {"_body": self._body}


class LateEach(Mapping[str, Any]):
    """A mapping of which each value is unpacked when it is asked for."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._bodies = {key: pickle.dumps(value, protocol=5) for key, value in given.items()}
        self._made: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in self._made:
            self._made[key] = _Reader(io.BytesIO(self._bodies[key])).load()
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._bodies

    def __iter__(self) -> Iterator[str]:
        return iter(self._bodies)

    def __len__(self) -> int:
        return len(self._bodies)

    def __getstate__(self) -> dict[str, Any]:
        return {"_bodies": self._bodies, "_made": {}}


def packed(value: Any) -> bytes:
    """A digest on the first line, then the value."""
    body = pickle.dumps(value, protocol=5)
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def unpacked(file: Path) -> Any:
    """The value in a file; None when the file is not whole, not the user's alone, or holds anything but values. Raises OSError when it cannot be read."""
    if not own(file):
        return None
    digest, _, body = file.read_bytes().partition(b"\n")
    if digest != hashlib.sha256(body).hexdigest().encode():
        return None
    try:
        # What has the right digest was written by `packed`, unless somebody took pains.
        return _Reader(io.BytesIO(body)).load()
    except FAULTS:
        return None
