"""The words of the label column -> whether its lines are a list (a unit or project each) or fixed cells; and whether that is only guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gouji.intake.finding.labels import bare, plain
from gouji.intake.finding.words import sums_up
from gouji.intake.form_draft.draft_words import (
    CORNER_HEADS,
    FISCAL_ITEM,
    ORGANISATION,
    WHO_HEADS,
    in_brackets_off,
)


def is_list(head: str, labels: Sequence[str], numbered: bool) -> tuple[bool, bool]:
    """Whether lines below such a header are a list, and whether the words say so surely.

    `labels` are the texts of the column, `numbered` says that a column of 序号 stands before it. Units, regions and
    people are a list; lines with numbering (一、…) or names of budget items are fixed cells.

    >>> is_list("单位名称", ["合计", "甲局"], False), is_list("项目", ["一、甲", "二、乙"], False)
    ((True, True), (False, True))
    """
    texts = [t for t in labels if not sums_up(t)]
    names = [in_brackets_off(bare(t)) for t in texts]
    if WHO_HEADS.fullmatch(in_brackets_off(bare(head))) or _most(ORGANISATION, names):
        return True, True
    led = sum(bare(t) != plain(t) for t in texts) * 4 >= len(labels) > 0
    if numbered and not led:
        return True, True
    if led:
        return False, True
    summed = len(texts) < len(labels)
    corner = in_brackets_off(bare(head)) in CORNER_HEADS
    if _most(FISCAL_ITEM, names):
        return not (summed or corner), True
    return not summed, not labels or not (summed or corner)


def _most(kind: re.Pattern[str], names: Sequence[str]) -> bool:
    return bool(names) and sum(kind.search(n) is not None for n in names) * 2 >= len(names)


__all__ = ["is_list"]
