"""The text of a grammar of clauses (YAML) -> patterns: characters, words, tokens, frames, words that refuse a reading.

The notation of `write` is told at the head of `drafting/grammar.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import yaml

from gouji.base.faults import Place, RuleError
from gouji.base.i18n import _

NUMBER = r"(?<![\d.])(?:(?<=[≤≥<>=])-)?\d+(?:\.\d+)?(?![\d.]*\d)"
FIRST, LAST = "\ue000", "\uf8ff"
POINTS = "SBFZ"
_PART = re.compile(r"«(\w)»|\{([^{}]*)\}|([^«{]+)")


@dataclass(frozen=True, slots=True)
class TokenPattern:
    """How one kind of token is written; `means` gives the ends of a range; `share`: points as a share of the weight."""

    kind: str
    pattern: re.Pattern[str]
    means: str = ""
    direction: str = ""
    weak: bool = False
    one: bool = False
    share: bool = False


@dataclass(frozen=True, slots=True)
class ClauseFrame:
    """A turn of phrase over tokens, and what it says."""

    says: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Words that no method can carry, and why."""

    pattern: re.Pattern[str]
    because: str


@dataclass(frozen=True, slots=True)
class ClauseGrammar:
    """Everything that reading a clause asks of data."""

    characters: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    remarks: tuple[re.Pattern[str], ...]
    harmless: tuple[re.Pattern[str], ...]
    tokens: tuple[TokenPattern, ...]
    frames: tuple[ClauseFrame, ...]
    refuse: tuple[Refusal, ...]
    loaded: tuple[str, ...]
    innocent: tuple[str, ...]
    soft: tuple[re.Pattern[str], ...]
    level: tuple[re.Pattern[str], ...]
    whole: tuple[re.Pattern[str], ...]
    astray: tuple[str, ...]
    degrees: tuple[str, ...]
    negative: tuple[str, ...]
    totals: tuple[str, ...]
    headers: Mapping[str, tuple[str, ...]]
    names: NameWords


@dataclass(frozen=True, slots=True)
class NameWords:
    """How names in formulas are held against columns: words that say nothing, words for the same, words for the year before, and versions of one figure."""

    strip: tuple[str, ...]
    same: Mapping[str, tuple[str, ...]]
    prior: tuple[str, ...]
    versions: tuple[str, ...]


def mark(kind: str, index: int) -> str:
    """What stands in masked text for a token."""
    return chr(0xE000 + ord(kind)) + chr(0xF000 + index)


def read_grammar(*texts: str) -> ClauseGrammar:
    """Grammars, the shipped one first -> one; what later texts write comes before what earlier ones do.

    Raises RuleError where a text is no grammar.
    """
    said: dict[str, Any] = {}
    for text in texts:
        said = _joined(said, _document(text))
    words = {name: _longest_first(found) for name, found in said.get("words", {}).items()}
    listed, patterns = partial(_listed, said), partial(_patterns, said, words)
    return ClauseGrammar(
        characters={c: to for to, froms in said.get("characters", {}).items() for c in froms},
        words=words,
        remarks=patterns("remarks"),
        harmless=patterns("harmless"),
        tokens=tuple(_token(one, words) for one in listed("tokens")),
        frames=_frames(said, words),
        refuse=_refusals(said, words),
        loaded=listed("loaded"),
        innocent=listed("innocent"),
        soft=patterns("soft"),
        level=patterns("level"),
        whole=patterns("whole"),
        astray=listed("astray"),
        degrees=listed("degrees"),
        negative=listed("negative"),
        totals=listed("totals"),
        headers={role: tuple(found) for role, found in said.get("headers", {}).items()},
        names=_names(said.get("names", {})),
    )


def _listed(said: Mapping[str, Any], key: str) -> tuple[Any, ...]:
    return tuple(said.get(key, ()))


def _frames(said: Mapping[str, Any], words: Mapping[str, Sequence[str]]) -> tuple[ClauseFrame, ...]:
    found = _listed(said, "frames")
    return tuple(ClauseFrame(f["frame"], _pattern(f["write"], words)) for f in found)


def _refusals(said: Mapping[str, Any], words: Mapping[str, Sequence[str]]) -> tuple[Refusal, ...]:
    found = _listed(said, "refuse")
    return tuple(Refusal(_pattern(r["word"], words), r["because"]) for r in found)


def _patterns(
    said: Mapping[str, Any], words: Mapping[str, Sequence[str]], key: str
) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(text, words) for text in _listed(said, key))


def _names(said: Mapping[str, Any]) -> NameWords:
    same = {to: _longest_first(froms) for to, froms in said.get("same", {}).items()}
    return NameWords(
        _longest_first(said.get("strip", ())),
        same,
        _longest_first(said.get("prior", ())),
        tuple(said.get("versions", ())),
    )


def _document(text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise RuleError(_("词表不是 YAML"), place=Place("grammar.yaml"), fix=str(fault)) from fault
    if not isinstance(found, dict):
        raise RuleError(
            _("词表不是 YAML"), place=Place("grammar.yaml"), fix=_("写成 键：值 的样子")
        )
    return found


def _joined(first: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    made = dict(first)
    for key, value in then.items():
        before = first.get(key)
        match before, value:
            case dict(), dict():
                made[key] = {
                    name: [*value.get(name, ()), *before.get(name, ())]
                    if key == "words"
                    else value.get(name, before.get(name))
                    for name in {**before, **value}
                }
            case list(), list():
                made[key] = [*value, *before]
            case _:
                made[key] = value
    return made


def _longest_first(found: Sequence[Any]) -> tuple[str, ...]:
    return tuple(sorted(map(str, found), key=len, reverse=True))


def _token(one: Mapping[str, Any], words: Mapping[str, Sequence[str]]) -> TokenPattern:
    return TokenPattern(
        one["token"],
        _pattern(one["write"], words),
        one.get("means", ""),
        one.get("direction", ""),
        bool(one.get("weak")),
        bool(one.get("one")),
        bool(one.get("share")),
    )


def _pattern(write: str, words: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    named: set[str] = set()
    parts = []
    for found in _PART.finditer(write):
        token, braces, plain = found.groups()
        if token:
            parts.append(_token_group(token, named))
        elif braces is not None:
            parts.append(_braces(braces, words, named))
        else:
            parts.append(re.escape(plain.removesuffix("$")) + ("$" if plain.endswith("$") else ""))
    return re.compile("".join(parts))


def _token_group(kinds: str, named: set[str]) -> str:
    name = kinds if len(kinds) == 1 else "P"
    start = "".join(chr(0xE000 + ord(k)) for k in kinds)
    return f"(?:[{start}]{_group(name, f'[{chr(0xF000)}-{LAST}]', named)})"


def _group(name: str, inner: str, named: set[str]) -> str:
    if name in named:
        return f"(?:{inner})"
    named.add(name)
    return f"(?P<{name}>{inner})"


def _braces(inside: str, words: Mapping[str, Sequence[str]], named: set[str]) -> str:
    if inside.startswith(">«"):
        return f"(?={_token_group(inside[2], set())})"
    if inside.startswith(">"):
        return f"(?={_braces(inside[1:], words, set())})"
    optional = inside.startswith("?")
    name = inside.removeprefix("?")
    match name:
        case "n":
            made = _group("n", NUMBER, named)
        case "d":
            made = _group("d", r"[1-9]\d?(?!\d)", named)
        case "zero":
            made = r"(?<![\d.])0(?:\.0+)?(?![\d.])"
        case "year":
            made = r"(?<!\d)(?:19|20)\d\d"
        case "a" | "b":
            unit = "|".join(map(re.escape, words["unit"]))
            made = f"{_group(name, NUMBER, named)}(?:{_group(name + 'u', unit, named)}(?!分))?"
        case "S":
            made = _token_group(POINTS, named)
        case "~":
            fill = "|".join(map(re.escape, words["fill"]))
            made = f"(?:{fill}){{0,4}}?"
        case _ if name.startswith(".."):
            made = rf"[^。;¦\n{FIRST}-{LAST}]{{0,{int(name[2:])}}}?"
        case _ if name in words:
            made = _group(f"w_{name}", "|".join(map(re.escape, words[name])), named)
        case _:
            made = f"(?:{'|'.join(map(_word, _longest_first(name.split('|'))))})"
    return f"(?:{made})?" if optional else made


def _word(text: str) -> str:
    """A word as a pattern; $ alone is the end of the text."""
    return text if text == "$" else re.escape(text)
