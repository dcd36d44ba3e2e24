"""The same figures written in ways that leave a person no doubt: every figure is the one that a person reads. None is refused, none differs.

`GOUJI_WAYS` in the environment says how many workbooks are made of each way.
"""

import pytest

from ways.check import DEFAULT, read_or_told
from ways.further import READ, TOLD


@pytest.mark.parametrize("name", READ)
def test_what_leaves_no_doubt_is_read(name, tmp_path):
    read_or_told(READ[name], tmp_path)


def test_there_are_many_ways():
    assert (
        len(READ) >= 60
        and len(READ) + len(TOLD) >= 150
        and DEFAULT * (len(READ) + len(TOLD)) >= 2000
    )
