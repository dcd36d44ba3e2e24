"""The Python meaning of every method and kind of rule, which the SQL is held equal to."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
