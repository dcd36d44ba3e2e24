"""Station 4: outcomes -> scorecards; and the Python meaning of every method, which the SQL is held equal to."""

from gouji.judge.scorecard import Finding, GroupSum, Line, Scorecard, scorecards

__all__ = ["Finding", "GroupSum", "Line", "Scorecard", "scorecards"]
