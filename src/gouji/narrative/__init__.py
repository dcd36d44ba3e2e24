"""Paragraphs of a report with their places -> every figure, what it is tied to, and what fills tables. Pure."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
