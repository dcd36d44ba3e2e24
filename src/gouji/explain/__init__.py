"""A rule (and one unit's outcome) -> its page in words; all rules of a book -> their pages for a report."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
