"""Plans that tests compile are kept inside the checkout, not in the user's cache."""

import os
from pathlib import Path

os.environ["GOUJI_CACHE"] = str(Path(__file__).parent.parent / ".pytest_cache" / "plans")
