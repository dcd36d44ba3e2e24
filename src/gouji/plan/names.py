"""Columns of a plan that belong to no rule."""

UNIT, NAME = "单位", "名称"
TOTAL, LOW, HIGH, SELF = "合计.score", "合计.low", "合计.high", "合计.self"
GRADE, GRADE_LOW, GRADE_HIGH, GRADE_OWN = "等级.score", "等级.low", "等级.high", "等级.self"
# Between what is open leaves a total, rounding apart.
LEAST, MOST = "合计.least", "合计.most"
# Before the word for what points rest on.
RESTS_ON = "依据."
# The table of figures that a plan for many units is asked over, and whether a unit is as usual.
FIGURES, USUAL = "#figures", "#usual"
