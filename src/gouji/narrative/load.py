"""YAML texts of `rules/<book>/text/` -> patterns with their places, and the grammar they make. Raises one ExceptionGroup with every fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from gouji.base.faults import RuleError, raise_all
from gouji.base.i18n import _
from gouji.narrative.grammar import TextGrammar, grammar, ready
from gouji.narrative.patterns import KINDS, AnyPattern
from gouji.rules import HEAD_FILE, YamlDocument, is_pattern, read_values, reader_of

PATTERN = reader_of(Annotated[AnyPattern, Field(discriminator="kind")])


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns as they are written, each with the file it came from."""

    every: tuple[tuple[AnyPattern, YamlDocument], ...] = ()

    def grammar(self) -> TextGrammar:
        """What they make together."""
        return grammar(pattern for pattern, _document in self.every)


def pattern_texts(folder: Mapping[str, str]) -> dict[str, str]:
    """The files of a rulebook's folder that are patterns."""
    head = next((name for name in folder if name.rsplit("/", 1)[-1] == HEAD_FILE), "")
    return {name: text for name, text in folder.items() if is_pattern(name, head)}


def load_patterns(folders: Iterable[Mapping[str, str]]) -> Patterns:
    """Folders of YAML texts, included books first."""
    every = [
        one
        for folder in folders
        for one in read_values(pattern_texts(folder), PATTERN, dict(KINDS))
    ]
    faults = [
        RuleError(str(fault), place=document.place(path), fix=_("改好这个句式"))
        for pattern, document in every
        for path, fault in ready(pattern)
    ]
    raise_all(faults)
    return Patterns(tuple(every))


__all__ = ["Patterns", "load_patterns", "pattern_texts"]
