"""What goes back to units: blank workbooks to fill in, their own workbooks with findings marked."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
