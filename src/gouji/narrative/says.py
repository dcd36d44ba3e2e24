"""What kind of thing a relation of a text states; the words are data that reports, rules and examples compare."""

from __future__ import annotations

from enum import StrEnum


class Says(StrEnum):
    """What kind of thing a relation states; the word is the one that reports and rules use."""

    PARTS = "其中"
    SHARE = "占比"
    GROWTH = "增减幅"
    CHANGE = "增减额"
    DONE = "完成率"
    EQUAL = "前后一致"
    POINTS = "百分点"


__all__ = ["Says"]
