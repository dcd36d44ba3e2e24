"""Figures written in ways that a careful reader may doubt: each is the one that a person reads, or it is told with its place. None is silently different.

`GOUJI_WAYS` in the environment says how many workbooks are made of each way.
"""

import pytest

from ways.check import read_back
from ways.further import TOLD


@pytest.mark.parametrize("name", TOLD)
def test_what_is_doubtful_is_read_or_told(name, tmp_path):
    results, books, found = read_back(TOLD[name], tmp_path)
    said = [(str(p.at), p.what) for p in found.problems if not p.note][:5]
    wrong = {file: silent for file, (silent, _missing) in results.items() if silent}
    assert wrong == {}, said
    refused = {
        file: slots
        for file, (_silent, missing) in results.items()
        if (slots := [s for s in missing if s not in books[file].doubt])
    }
    assert refused == {}, said
