"""Report texts -> passages that two of them share, each with both places. By fingerprints of shingles: time grows with the texts, not with their pairs.

What stands in more than a few texts is a template, and no finding. Figures, signs and blanks do not count, so that a text with other figures is still the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from zlib import crc32

from gouji.narrative.text_lines import TextParagraph

SHINGLE, ONE_OF = 10, 6
TEXTS_AT_MOST = 5
SHORTEST, SHARED_LEAST, SHARE_LEAST = 60, 5, 0.6
_WORDS = re.compile("[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """A passage that stands in two texts: their names, the paragraphs, how much of the shorter one is shared."""

    first: str
    second: str
    first_paragraph: int
    second_paragraph: int
    share: float


def fingerprints(text: str) -> frozenset[int]:
    """Some of the hashes of all runs of ten characters, always the same ones; none of a short text."""
    words = "".join(_WORDS.findall(text)).encode("utf-16-le")
    if len(words) < 2 * SHORTEST:
        return frozenset()
    runs = [words[at : at + 2 * SHINGLE] for at in range(0, len(words) - 2 * SHINGLE, 2)]
    return frozenset([h for h in map(crc32, runs) if not h % ONE_OF])


def marked(paragraphs: Sequence[TextParagraph]) -> Iterator[tuple[int, frozenset[int]]]:
    """The long paragraphs of a text: the number and the fingerprints of each; rows of tables are none."""
    for number, own in enumerate(paragraphs):
        found = fingerprints(own.text) if not own.row else frozenset()
        if found:
            yield number, found


def alike(texts: Mapping[str, Sequence[TextParagraph]]) -> Iterator[SharedPassage]:
    """Passages shared by two texts, in the order of names and places."""
    passages = Passages()
    for name, paragraphs in texts.items():
        passages.add(name, paragraphs)
    yield from passages.alike()


@dataclass(slots=True)
class Passages:
    """The passages of texts added one by one: of each its fingerprints, of each fingerprint its places. The texts are not kept.

    Most fingerprints stand in one place: a list is kept of the others alone, for many small lists cost more the more there are.
    """

    sizes: dict[tuple[str, int], int] = field(default_factory=dict)
    first: dict[int, tuple[str, int]] = field(default_factory=dict)
    places: dict[int, list[tuple[str, int]]] = field(default_factory=dict)

    def add(self, name: str, paragraphs: Sequence[TextParagraph]) -> None:
        """One more text; no name twice."""
        for number, found in marked(paragraphs):
            self.put(name, number, len(found), found)

    def put(self, name: str, number: int, size: int, found: Iterable[int]) -> None:
        """One more passage of a text, by how many fingerprints it has and those that may stand elsewhere too."""
        place = (name, number)
        self.sizes[place] = size
        for one in found:
            before = self.first.setdefault(one, place)
            if before is not place:
                self.places.setdefault(one, [before]).append(place)

    def alike(self) -> Iterator[SharedPassage]:
        """Passages that two of them share, in the order of names and places."""
        shared: dict[tuple[tuple[str, int], tuple[str, int]], int] = defaultdict(int)
        for where in self.places.values():
            if len({name for name, _number in where}) <= TEXTS_AT_MOST:
                for a, b in combinations(sorted(set(where))[: 2 * TEXTS_AT_MOST], 2):
                    if a[0] != b[0]:
                        shared[a, b] += 1
        for (a, b), count in sorted(shared.items()):
            share = count / min(self.sizes[a], self.sizes[b])
            if count >= SHARED_LEAST and share >= SHARE_LEAST:
                yield SharedPassage(a[0], b[0], a[1], b[1], share)


__all__ = ["TEXTS_AT_MOST", "Passages", "SharedPassage", "alike", "fingerprints", "marked"]
