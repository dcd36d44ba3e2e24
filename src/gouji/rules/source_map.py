"""What was read from files, with the places it stood at: one YAML document, a rulebook, a set of table descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gouji.base.faults import Place
from gouji.rules.locate_file import USUAL, Locating
from gouji.rules.rule import AnyRule, BookHead
from gouji.rules.table import Table

if TYPE_CHECKING:
    from gouji.rules.form_sets import FormSet

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """The values of one YAML file and where each stands."""

    file: str
    data: Any
    lines: dict[Path_, int]

    def place(self, path: Path_) -> Place:
        """The place of the longest known beginning of `path`; parts that name no key are passed over."""
        at: Path_ = ()
        for part in path:
            if at + (part,) in self.lines:
                at += (part,)
        return Place(self.file, self.lines.get(at, 1))


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A rulebook as written: its head, its rules by code, and the document (for places) each came from; how causes are located, from `locate.yaml` where it has one."""

    head: BookHead
    head_document: YamlDocument
    rules: dict[str, AnyRule]
    documents: Mapping[str, YamlDocument]
    locating: Locating = USUAL
    locating_document: YamlDocument | None = None

    def place(self, code: str, *path: str | int) -> Place:
        """Where `path` of rule `code` stands."""
        return self.documents[code].place(path)


@dataclass(frozen=True, slots=True)
class TableSet:
    """Table descriptions by name, with the documents they came from; form sets by name, each with its document."""

    tables: dict[str, Table]
    documents: dict[str, YamlDocument] = field(default_factory=dict)
    sets: Mapping[str, tuple[FormSet, YamlDocument]] = field(default_factory=dict)
