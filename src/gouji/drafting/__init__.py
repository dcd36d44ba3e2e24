"""A bureau's scoring table -> rule files: clauses read by a grammar that is data. Pure: texts and cells in, texts out."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
