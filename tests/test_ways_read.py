"""The same figures written in ways that leave a person no doubt: every figure is the one that a person reads. None is refused, none differs.

`GOUJI_WAYS` in the environment says how many workbooks are made of each way.
"""

import pytest

from ways.check import DEFAULT, read_back
from ways.further import READ, TOLD


@pytest.mark.parametrize("name", READ)
def test_what_leaves_no_doubt_is_read(name, tmp_path):
    results, books, found = read_back(READ[name], tmp_path)
    said = [(str(p.at), p.what) for p in found.problems if not p.note][:5]
    wrong = {file: silent for file, (silent, _missing) in results.items() if silent}
    assert wrong == {}, said
    refused = {
        file: slots
        for file, (_silent, missing) in results.items()
        if (slots := [s for s in missing if s not in books[file].doubt])
    }
    assert refused == {}, said


def test_there_are_many_ways():
    assert (
        len(READ) >= 60
        and len(READ) + len(TOLD) >= 150
        and DEFAULT * (len(READ) + len(TOLD)) >= 2000
    )
