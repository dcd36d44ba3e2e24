"""Door 2: a plan runs on DuckDB; outcomes come back, units × rules, none dropped."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
