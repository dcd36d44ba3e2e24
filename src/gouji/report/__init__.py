"""Station 5: scorecards -> one Page value -> text, JSON, HTML, workbook, opinion; a renderer a file."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
