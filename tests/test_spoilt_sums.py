"""Set aside never sums, in CSV files that were cut off, or in which quotes went astray: where something is told and rows of a unit are gone, nothing that sums them is decided for it."""

import os
import random

import pytest

from gouji.app import audit
from test_aside import GOOD, UNDECIDED, as_csv, book, verdicts

assert book
EACH = int(os.environ.get("GOUJI_EXAMPLES", "12"))


def cut(text, rng):
    return text[: rng.randrange(40, len(text))]


def one_quote(text, rng):
    at = rng.randrange(30, len(text))
    return f'{text[:at]}"{text[at:]}'


def quoted_cells(text, rng):
    """A quote before one cell, and one before a later cell or behind it."""
    commas = [i for i, sign in enumerate(text) if sign == "," and i > 30]
    first, second = sorted(rng.sample(commas, 2))
    behind = rng.choice((0, 1))
    return f'{text[: first + 1]}"{text[first + 1 : second + behind]}"{text[second + behind :]}'


def twice(text, rng):
    lines = text.splitlines(keepends=True)
    at = rng.randrange(1, len(lines))
    return "".join([*lines[: at + 1], *lines[at:]])


def odd_code(text, rng):
    """The code of the unit in one line, written with signs that are none of it."""
    lines = text.splitlines(keepends=True)
    at = rng.randrange(1, len(lines))
    lines[at] = lines[at].replace("U", rng.choice(("U'", "U-", "“U")), 1)
    return "".join(lines)


WAYS = {f.__name__: f for f in (cut, one_quote, quoted_cells, twice, odd_code)}


def rows(made, unit):
    found = made.submission.rows.get("明细", ())
    return sorted(
        tuple(str(cell.value) for _name, cell in sorted(row.cells.items()))
        for row in found
        if "单位代码" in row.cells and row.cells["单位代码"].value == unit
    )


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_lines_that_are_gone(way, book, tmp_path):
    whole = audit(as_csv(tmp_path / "whole", GOOD), **book)
    seen = 0
    for seed in range(EACH):
        folder = as_csv(tmp_path / str(seed), GOOD)
        text = way((folder / "明细.csv").read_text("utf-8"), random.Random(seed))
        (folder / "明细.csv").write_text(text, "utf-8")
        made = audit(folder, **book)
        assert (
            made.submission.rows_in
            == made.submission.rows_accepted + made.submission.rows_set_aside
        )
        told = [str(p.at) + p.what for p in made.submission.problems if not p.note]
        for unit in ("U1", "U2"):
            lost = len(rows(made, unit)) < len(rows(whole, unit))
            decided = [
                code
                for code, verdict in verdicts(made, unit).items()
                if verdict not in UNDECIDED and code != "A01"
            ]
            # A file that was cut off at the end of a line says nothing of it.
            assert told or not lost or way is cut, (seed, text)
            assert not (lost and told and decided), (seed, unit, decided, told, text)
            seen += lost and bool(told)
    assert seen, "nothing was lost"
