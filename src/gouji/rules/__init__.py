"""Station 1: YAML text -> RuleBook and TableSet. Knows no table by name, reads no file."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
