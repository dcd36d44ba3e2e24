"""Facts of a text -> lists that run side by side: 资产80万元、负债50万元。其中,甲类资产60万元、负债40万元;乙类资产20万元、负债10万元."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gouji.narrative.flow import Flow
from gouji.narrative.part_list import PartList, added_alike
from gouji.narrative.text_facts import Fact

# How many signs two names must end in alike to be called the same kind, and how far a list goes on.
ALIKE, LONG = 2, 16


def same_kinds(flow: Flow, marked: Sequence[PartList]) -> Iterator[PartList]:
    """Of each list with several figures before it those parts whose name ends as that figure's does, and as no other's."""
    for found in marked:
        if len(found.heads) < 2 or not found.parts:
            continue
        first = found.parts[0]
        start = flow.place_of(first)
        own = [f for f in flow.facts[start : start + LONG] if f.sentence == first.sentence]
        by_head: dict[int, list[Fact]] = {}
        for one in own:
            head = _nearest(found.heads, one) if added_alike(one, first) else None
            if head is not None:
                by_head.setdefault(head, []).append(one)
        for place, parts in by_head.items():
            if len(parts) > 1:
                yield PartList((found.heads[place],), tuple(parts), said=False)


def _nearest(heads: Sequence[Fact], part: Fact) -> int | None:
    """The place of the figure whose name ends most like that of a part; None where two do."""
    sizes = [ends_alike(head.name.phrase, part.name.phrase) for head in heads]
    most = max(sizes)
    return sizes.index(most) if most >= ALIKE and sizes.count(most) == 1 else None


def ends_alike(one: str, other: str) -> int:
    """With how many same signs two names end."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


__all__ = ["ALIKE", "ends_alike", "same_kinds"]
