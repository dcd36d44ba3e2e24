"""Units by code and by the names that they go by: which of them a text, or the name of a file, names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from gouji.intake.finding.labels import plain
from gouji.intake.values.codes import even

LINE = 200
# What may stand before and behind the name of a unit in the name of a file: nothing, a sign or a figure, or such a word.
_AHEAD = re.compile(r"(?:^|[^\u4e00-\u9fff]|年度?|[月日]|附件|报送|关于|[的、和与及])$")
_BEHIND = re.compile(
    r"$|[^\u4e00-\u9fff]|部门|单位|年|决算|预算|公开|报[表送告]|自评|绩效|整体|项目|财务|收[支入]|支出|说明|表|调整|更正|[改的和与及]|定稿|终稿|附件|数据|资料|材料|情况"
)


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
        found = (
            self.by_name[name] for text in texts for name, _at in self._named(plain(text[:LINE]))
        )
        return frozenset[str]().union(*found)

    def in_name(self, part: str) -> frozenset[str]:
        """Units named in the name of a file or folder, where it goes on with nothing that may belong to another name: 某局2023年决算, but not 某局国库支付中心."""
        line = plain(part)
        found = (
            self.by_name[name]
            for name, at in self._named(line)
            if _AHEAD.search(line[:at]) and _BEHIND.match(line[at + len(name) :])
        )
        return frozenset[str]().union(*found)

    def _named(self, line: str) -> Iterator[tuple[str, int]]:
        """Names in a line, the longest first, and where each begins."""
        lengths, at = sorted({len(n) for n in self.by_name if len(n) > 1}, reverse=True), 0
        while at < len(line):
            name = next((n for k in lengths if (n := line[at : at + k]) in self.by_name), "")
            if name:
                yield name, at
            at += len(name) or 1

    def in_file(self, file: str) -> frozenset[str]:
        """Units with whose code the name of a file, or of a folder it lies in, begins; else those whose name it holds."""
        parts = file.rsplit(".", 1)[0].split("/")
        found = {self.by_code.get(code) for part in map(even, parts) for code in _beginnings(part)}
        known = frozenset(unit for unit in found if unit)
        return known or frozenset[str]().union(*map(self.in_name, parts))


def _beginnings(part: str) -> Iterable[str]:
    """What a name begins with that may be a code: up to every place where no letter or digit follows."""
    for end in range(1, len(part) + 1):
        if end == len(part) or not re.match("[0-9a-z]", part[end]):
            yield part[:end]


__all__ = ["KnownUnits"]
