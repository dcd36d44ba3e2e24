"""A printed formula and the known columns -> the measure, or the columns that come near each name.

Nothing is guessed: a name is taken for a column only if it is that column's name, label or other word once words that say nothing are dropped,
and no other column, or version of the same figure, has as good a claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from gouji.drafting.clause_grammar import ClauseGrammar, NameWords

PRIOR = "上年"  # as measures write it
ENOUGH, NEAR, SHOWN = 95, 40, 3
_PARTS = re.compile(r"([-+×÷/()\[\]])")
_SHARE = re.compile(r"[×][(]?100%[)]?$|%$")
_SIGNS = {"[": "(", "]": ")", "÷": "/", "×": "*"}
_ALL_IN_BRACKETS = re.compile(rf"\(([^()]*(?:{PRIOR}\([^()]*\)[^()]*)*)\)")


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """A column that a measure may read: a figure of a table with one row a unit, and the words forms use for it."""

    table: str
    name: str
    words: tuple[str, ...]
    kind: str

    @property
    def path(self) -> str:
        """As measures write it."""
        return f"{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that may be meant, and how like the words are, of 100."""

    column: KnownColumn
    score: int


@dataclass(frozen=True, slots=True)
class FoundMeasure:
    """What became of a formula: the expression, if every name in it is one column beyond doubt; else the columns that come near."""

    formula: str
    expression: str | None
    columns: tuple[KnownColumn, ...] = ()
    near: tuple[tuple[str, tuple[Candidate, ...]], ...] = ()


Meant = dict[str, KnownColumn | None]


def measure_of(
    formula: str, columns: Sequence[KnownColumn], grammar: ClauseGrammar
) -> FoundMeasure:
    """`率=(甲/乙)×100%` in normal form -> its measure. Unbalanced brackets, a thing divided by itself, and figures of unlike kinds give none."""
    right = _SHARE.sub("", formula.partition("=")[2].strip("。;, "))
    parts = [p for p in _PARTS.split(right) if p]
    names = [p for p in parts if not _PARTS.fullmatch(p)]
    claims = {name: _candidates(name, columns, grammar.names) for name in dict.fromkeys(names)}
    meant = _all_meant(claims, grammar.names)
    unknown = tuple((name, claims[name]) for name, column in meant.items() if column is None)
    used = tuple(c for c in meant.values() if c is not None)
    if unknown or not names or not _sound(parts, meant, grammar.names.prior):
        return FoundMeasure(formula, None, used, unknown)
    return FoundMeasure(formula, _expression(parts, meant, grammar.names.prior), used)


def _expression(parts: list[str], meant: Meant, prior: tuple[str, ...]) -> str:
    made = []
    for part in parts:
        column = meant.get(part)
        if column is None:
            made.append(_SIGNS.get(part, part))
        else:
            made.append(f"{PRIOR}({column.path})" if part.startswith(prior) else column.path)
    text = "".join(f" {p} " if p in "+-*/" else p for p in made)
    # (甲 / 乙) around the whole says nothing.
    inner = _ALL_IN_BRACKETS.fullmatch(text)
    return inner[1] if inner else text


def _all_meant(claims: dict[str, tuple[Candidate, ...]], words: NameWords) -> Meant:
    """The column that each name means; names of one formula prefer one table."""
    meant = {name: _meant(name, found, words) for name, found in claims.items()}
    tables = {c.table for c in meant.values() if c is not None}
    if len(tables) != 1:
        return meant
    inside = {n: tuple(c for c in f if c.column.table in tables) for n, f in claims.items()}
    return {n: c or _meant(n, inside[n], words) for n, c in meant.items()}


def _sound(parts: list[str], meant: Meant, prior: tuple[str, ...]) -> bool:
    """Brackets close, and what is divided is divided by something else of the same kind."""
    depth = 0
    for part in parts:
        depth += (part in "([") - (part in ")]")
        if depth < 0:
            return False
    kinds = {c.kind for c in meant.values() if c is not None}
    paths = [c.path for c in meant.values() if c is not None]
    once = len(set(paths)) == len(paths)
    return not depth and len(kinds) == 1 and (once or _year_on_year(meant, prior))


def _year_on_year(meant: Meant, prior: tuple[str, ...]) -> bool:
    """A column read twice is sound only as this year's and last year's."""
    paths = {c.path for c in meant.values() if c is not None}
    return len(paths) == 1 and len(meant) == 2 and sum(n.startswith(prior) for n in meant) == 1


def _candidates(
    name: str, columns: Sequence[KnownColumn], words: NameWords
) -> tuple[Candidate, ...]:
    plain = plain_name(name, words)
    scored = [
        Candidate(c, max(_likeness(plain, plain_name(w, words)) for w in c.words)) for c in columns
    ]
    found = sorted((c for c in scored if c.score >= NEAR), key=lambda c: (-c.score, c.column.path))
    enough = sum(c.score >= ENOUGH for c in found)
    return tuple(found[: max(SHOWN, enough)])


def _meant(name: str, found: tuple[Candidate, ...], words: NameWords) -> KnownColumn | None:
    if not found or found[0].score < ENOUGH:
        return None
    if len(found) > 1 and found[1].score >= ENOUGH:
        return None
    best = found[0].column
    # A bare 预算数 may be 年初, 调整后 …: a version that the name does not say and the column does is a guess.
    plain = plain_name(name, words)
    unsaid = [v for v in words.versions if v in best.name and v not in plain]
    return None if unsaid else best


def plain_name(name: str, words: NameWords) -> str:
    """A name without what says nothing, and with one word for the same."""
    made = re.sub(r"[“”\"'()（）\s]", "", name)
    for prior in words.prior:
        made = made.removeprefix(prior)
    for to, froms in words.same.items():
        for word in froms:
            if word in made:
                made = made.replace(word, to)
                break
    for empty in words.strip:
        made = made.replace(empty, "")
    return made or name


def _likeness(one: str, two: str) -> int:
    return 100 if one == two else min(94, round(100 * SequenceMatcher(None, one, two).ratio()))
