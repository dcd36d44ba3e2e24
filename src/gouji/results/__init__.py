"""What a run found, as values and as tables: rows of a plan -> outcomes -> scorecards and findings; kept, read again, compared."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
