"""Measures and conditions: text -> tree, and its readings: value, interval, what it needs, linear form, words."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
