"""Units on Spark: tables of a catalog, or any DataFrames, and a rulebook -> lazy DataFrames of scorecards, findings, outcomes and rows set aside. Rules are judged by gouji's own statements where the rows are."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
