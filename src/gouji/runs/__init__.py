"""One night: submissions -> results as Parquet, what changed only, the rest carried over; findings, gate, comparison."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
