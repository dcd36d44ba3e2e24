"""Columns of a plan that belong to no rule."""

UNIT, NAME = "单位", "名称"
TOTAL, LOW, HIGH, SELF = "合计.score", "合计.low", "合计.high", "合计.self"
GRADE, GRADE_LOW, GRADE_HIGH, GRADE_OWN = "等级.score", "等级.low", "等级.high", "等级.self"
# Between what is open leaves a total, rounding apart.
LEAST, MOST = "合计.least", "合计.most"
# Of a book with bonuses, deductions, caps or sets: points within the total, what is added to it, bits of caps that hold and of those
# that may, whether the unit is of a kind that has a set of criteria.
BASE, ADJUSTED, CAPPED, MAY_CAP, PLACED = (
    "合计.base",
    "合计.adjusted",
    "等级.capped",
    "等级.may_cap",
    "套",
)
# Before the word for what points rest on.
RESTS_ON = "依据."
# The table of figures that a plan for many units is asked over, and whether a unit is as usual.
FIGURES, USUAL = "#figures", "#usual"
