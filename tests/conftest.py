"""Plans that tests compile are kept inside the checkout, not in the user's cache; no property test is timed: a busy machine is no fault."""

import os
import sys
from pathlib import Path

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

os.environ["GOUJI_CACHE"] = str(Path(__file__).parent.parent / ".pytest_cache" / "plans")

# A worker of pytest-xdist has a main module without a file, which pyspark takes for a run of its own examples.
if not hasattr(sys.modules["__main__"], "__file__"):
    sys.modules["__main__"].__file__ = __file__
