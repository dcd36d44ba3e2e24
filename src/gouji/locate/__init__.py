"""Failing relations of one unit -> the fewest cells whose change puts them in order. Pure: proposes, decides no verdict."""

from gouji.locate.causes import Case, Cause, Change, Limits, Located, locate
from gouji.locate.relations import CellRef, Facts, Relation, relations_of

__all__ = [
    "Case",
    "Cause",
    "CellRef",
    "Change",
    "Facts",
    "Limits",
    "Located",
    "Relation",
    "locate",
    "relations_of",
]
