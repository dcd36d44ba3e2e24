"""Units by code and by the names that they go by: which of them a text, or the name of a file, names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gouji.intake.finding.labels import plain
from gouji.intake.values.codes import even

LINE = 200


@dataclass(slots=True)
class KnownUnits:
    """Units by code: the names each goes by, and the files its rows came in. By name, and by code without regard to case and width, the units that go by it."""

    names: dict[str, set[str]] = field(default_factory=dict)
    files: dict[str, set[str]] = field(default_factory=dict)
    by_name: dict[str, set[str]] = field(default_factory=dict)
    by_code: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, codes: Mapping[str, str]) -> KnownUnits:
        """Name -> code, as lists of units say it."""
        made = cls()
        for name, unit in codes.items():
            made.add(unit, name)
        return made

    def add(self, unit: str, name: str = "", file: str = "") -> None:
        """A unit, by one more name or file."""
        names, files = self.names.setdefault(unit, set()), self.files.setdefault(unit, set())
        self.by_code[even(unit)] = unit
        if called := plain(name):
            names.add(called)
            self.by_name.setdefault(called, set()).add(unit)
        if file:
            files.add(file)

    def gave_forms(self, file: str) -> bool:
        """Whether a file made some unit known by forms that it holds."""
        return any(file in files for files in self.files.values())

    def name_of(self, unit: str) -> str:
        """A name of the unit to show."""
        return min(self.names.get(unit, ()), default=unit)

    def in_text(self, texts: Iterable[str]) -> frozenset[str]:
        """Units named in texts; a name within a longer known name is not meant."""
        found = set[str]()
        lengths = sorted({len(name) for name in self.by_name if len(name) > 1}, reverse=True)
        for text in texts:
            line, at = plain(text[:LINE]), 0
            while at < len(line):
                name = next((n for k in lengths if (n := line[at : at + k]) in self.by_name), "")
                found |= self.by_name.get(name, set())
                at += len(name) or 1
        return frozenset(found)

    def in_file(self, file: str) -> frozenset[str]:
        """Units with whose code the name of a file, or of a folder it lies in, begins; else those whose name it holds."""
        parts = file.rsplit(".", 1)[0].split("/")
        found = {self.by_code.get(code) for part in map(even, parts) for code in _beginnings(part)}
        return frozenset(unit for unit in found if unit) or self.in_text(parts)


def _beginnings(part: str) -> Iterable[str]:
    """What a name begins with that may be a code: up to every place where no letter or digit follows."""
    for end in range(1, len(part) + 1):
        if end == len(part) or not re.match("[0-9a-z]", part[end]):
            yield part[:end]


__all__ = ["KnownUnits"]
