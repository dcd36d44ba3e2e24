"""What the commands do, for programs: load a rulebook, audit a dataset or a million units, test a rulebook's examples. Ties the stations together."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
