"""Door 1: what units send -> DuckDB tables that passed the gate, with the place of every figure.

Names are loaded when first used: a helper process that reads workbooks needs no database.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
