"""Great Expectations and gouji judge the same tables by queries made apart from each other, and agree on every rule."""

from pathlib import Path

import pytest

from gouji.app.cross_check import second_way

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", ["anning-2023", "anning-2023-complete"])
def test_the_two_ways_agree(name):
    found = second_way(ROOT / "datasets" / name)
    assert found.differing == ()
    assert sum(not e.success for e in found.expected) > 0
    assert found.left_out == ()
