"""Failing relations of one unit -> the fewest cells whose change puts them in order. Pure: proposes, decides no verdict."""

from gouji.locate.causes import locate
from gouji.locate.reads import reads_of
from gouji.locate.relations import CellRef, Facts, Relation, Terms, relations_of
from gouji.locate.slips import EVENTS, Kinds
from gouji.locate.values import (
    Case,
    Cause,
    Change,
    Coded,
    Layout,
    Limits,
    Located,
    event_of,
    new_line,
)

__all__ = [
    "EVENTS",
    "Case",
    "Cause",
    "CellRef",
    "Change",
    "Coded",
    "Facts",
    "Kinds",
    "Layout",
    "Limits",
    "Located",
    "Relation",
    "Terms",
    "event_of",
    "locate",
    "new_line",
    "reads_of",
    "relations_of",
]
