"""低于80%、70%的, 分别扣1分、2分 -> each with its own: 低于80%扣1分; 低于70%扣2分."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gouji.drafting.clause_grammar import NUMBER, ClauseGrammar

_AND = "[、,和及]"


def unrolled(text: str, grammar: ClauseGrammar) -> str:
    """A clause in normal form with 分别 written out where the two lists are of one length; anything else stays as it is."""
    return _words(_figures(text, grammar), grammar)


def _figures(text: str, grammar: ClauseGrammar) -> str:
    signs = _any(s for w in ("geq", "gt", "leq", "lt") for s in grammar.words[w])
    figure = rf"{NUMBER}(?:{_any(grammar.words['unit'])})?"
    pattern = re.compile(
        rf"(?P<about>[^。;,:]*?(?:{signs}))(?P<first>{figure}(?:{_AND}{figure})+)(?:以上|以下)?(?:的|时)?,?"
        rf"(?P<points>分别{_verb(grammar)}{_points()})"
    )

    def each(found: re.Match[str]) -> str:
        behind = found[0][
            found.end("first") - found.start() : found.start("points") - found.start()
        ]
        side = re.sub("[的时,]", "", behind)
        firsts = [m[0] for m in re.finditer(figure, found["first"])]
        return _joined(found, [f"{found['about']}{one}{side}" for one in firsts])

    return pattern.sub(each, text)


def _words(text: str, grammar: ClauseGrammar) -> str:
    """被甲、乙通报的, 每起分别扣10分、5分. Only what is taken off: grades of an award are no list."""
    counter = _any(grammar.words["counter"])
    takes = _any(grammar.words["take"])
    pattern = re.compile(
        rf"(?P<about>[^。;,:0-9]*、[^。;,:0-9]*),?(?P<each>每1?(?:{counter}))?"
        rf"(?P<points>分别(?P<verb>{takes}){_points()})"
    )

    def each(found: re.Match[str]) -> str:
        names = found["about"].split("、")
        return _joined(found, [f"{name}{found['each'] or ''}" for name in names])

    return pattern.sub(each, text)


def _joined(found: re.Match[str], subjects: Sequence[str]) -> str:
    points = re.findall(rf"{NUMBER}(?=分)", found["points"])
    if len(points) != len(subjects):
        return found[0]
    pairs = zip(subjects, points, strict=True)
    return ";".join(f"{subject}{found['verb']}{one}分" for subject, one in pairs)


def _points() -> str:
    return rf"{NUMBER}分(?:{_AND}{NUMBER}分)+"


def _verb(grammar: ClauseGrammar) -> str:
    return f"(?P<verb>{_any((*grammar.words['earn'], *grammar.words['take']))})"


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
