"""Figures written in ways that a careful reader may doubt: each is the one that a person reads, or it is told with its place. None is silently different.

`GOUJI_WAYS` in the environment says how many workbooks are made of each way.
"""

import pytest

from ways.check import read_or_told
from ways.further import TOLD


@pytest.mark.parametrize("name", TOLD)
def test_what_is_doubtful_is_read_or_told(name, tmp_path):
    read_or_told(TOLD[name], tmp_path)
