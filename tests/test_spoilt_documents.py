"""Documents spoilt by a seed (bytes, parts, structure): each is read or refused by name; nothing else rises, nothing hangs.

`GOUJI_SPOILT=5000` in the environment tries so many of each kind; of PDFs, each of which is read by a separate process, a fifth.
"""

import io
import os
import random
import zipfile

import pytest

from filled import workbook
from gouji.documents import Document, DocumentFault, read_bytes
from papers import AS, papers
from printing import LOOKS, filled

SPOILT = int(os.environ.get("GOUJI_SPOILT", "200"))
KINDS = {"docx": SPOILT, "html": SPOILT, "ods": SPOILT, "pdf": SPOILT // 5}


@pytest.fixture(scope="module")
def sound():
    """A sound file of each kind."""
    sheets = papers(workbook(3)[0])[:4]
    made = {kind: AS[kind](sheets) for kind in ("docx", "html", "ods")}
    return made | {"pdf": filled(random.Random(3), LOOKS["split"]).raw}


def flipped(raw, rng):
    """Some bytes are others."""
    made = bytearray(raw)
    for _time in range(rng.randint(1, 30)):
        made[rng.randrange(len(made))] = rng.randrange(256)
    return bytes(made)


def cut(raw, rng):
    """The end is wanting."""
    return raw[: rng.randrange(1, len(raw))]


def repeated(raw, rng):
    """A piece is there many times."""
    start = rng.randrange(len(raw))
    piece = raw[start : start + rng.randint(1, 400)]
    return raw[:start] + piece * rng.randint(2, 200) + raw[start:]


def left_out(raw, rng):
    """A piece is wanting."""
    start = rng.randrange(len(raw))
    return raw[:start] + raw[start + rng.randint(1, 2000) :]


WAYS = (flipped, cut, repeated, left_out)


def within(raw, rng):
    """One part of a container is spoilt, and packed again."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w") as new:
        names = old.namelist()
        bad = rng.choice([n for n in names if n.endswith(".xml")])
        for name in names:
            part = old.read(name)
            new.writestr(name, rng.choice(WAYS)(part, rng) if name == bad and part else part)
    return made.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_spoilt_documents_are_read_or_refused(kind, sound):
    ended = {"read": 0, "refused": 0}
    for number in range(KINDS[kind]):
        rng = random.Random(f"{kind} {number}")
        ways = (*WAYS, within, within) if kind in ("docx", "ods") else WAYS
        raw = rng.choice(ways)(sound[kind], rng)
        try:
            made = read_bytes(raw, f"a.{kind}")
        except DocumentFault as fault:
            assert fault.what and fault.fix, number
            ended["refused"] += 1
        else:
            assert isinstance(made, Document), number
            ended["read"] += 1
    assert sum(ended.values()) == KINDS[kind]
    assert ended["read"] and (ended["refused"] or kind == "html"), ended
