"""Failing relations of one unit -> the fewest cells whose change puts them in order. Pure: proposes, decides no verdict."""

from gouji.locate.causes import locate
from gouji.locate.locate_values import (
    Cause,
    Change,
    Coded,
    FigureLayout,
    Located,
    SearchLimits,
    UnitCase,
    event_of,
    new_line,
)
from gouji.locate.reads import reads_of
from gouji.locate.relations import CellFacts, CellRef, Relation, Terms, relations_of
from gouji.locate.slips import EVENTS, Kinds

__all__ = [
    "EVENTS",
    "Cause",
    "CellFacts",
    "CellRef",
    "Change",
    "Coded",
    "FigureLayout",
    "Kinds",
    "Located",
    "Relation",
    "SearchLimits",
    "Terms",
    "UnitCase",
    "event_of",
    "locate",
    "new_line",
    "reads_of",
    "relations_of",
]
