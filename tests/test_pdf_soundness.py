"""PDFs that are damaged: content that does not unpack to its checksum, fonts that are not there, figures cut by a rule. No figure comes out that is not in the file."""

import base64
import io
import random
import re
import zlib

import pytest
from reportlab.pdfgen.canvas import Canvas

from gouji.documents import DocumentFault, read_bytes
from gouji.documents.pdf.soundness import damaged_pages
from printing import LOOKS, filled
from test_spoilt_documents import WAYS

FIGURE = re.compile(r"-?[\d,]*\d(?:\.\d*)?")


def drawn(figures=("12.50", "7.00"), at=(60, 160), size=10):
    """A page with a table of one row: figures at these places, rules at 50, 150, 250."""
    held = io.BytesIO()
    made = Canvas(held, pageCompression=1)
    for x in (50, 150, 250):
        made.line(x, 700, x, 720)
    for y in (700, 720):
        made.line(50, y, 250, y)
    made.setFont("Helvetica", size)
    for x, text in zip(at, figures, strict=True):
        made.drawString(x, 706, text)
    made.save()
    return held.getvalue()


def content(raw):
    """The packed content of the only page, and what it unpacks to."""
    packed = re.search(rb"stream\r?\n(Ga.*?~>)endstream", raw, re.DOTALL)[1]
    return packed, zlib.decompress(base64.a85decode(b"<~" + packed, adobe=True))


def repacked(change):
    """The page with other packed bytes, as long as before."""
    raw = drawn()
    packed, text = content(raw)
    made = change(packed, text)
    return raw.replace(packed, made.ljust(len(packed)))


def other_figure(packed, text):
    """A figure changed, the checksum left."""
    plain = base64.a85decode(b"<~" + packed, adobe=True)
    changed = zlib.compress(text.replace(b"12.50", b"92.50"))
    return base64.a85encode(changed[:-4] + plain[-4:]) + b"~>"


DAMAGED = {
    "another figure below the old checksum": repacked(other_figure),
    "cut short": repacked(lambda packed, _text: packed[: len(packed) // 2 // 5 * 5] + b"~>"),
    "no such text": repacked(lambda packed, _text: b"\xff" + packed[1:]),
    "a font that is not there": drawn().replace(b"/F1 2 0 R", b"/F1 9 0 R"),
}


@pytest.mark.parametrize("raw", DAMAGED.values(), ids=DAMAGED)
def test_damaged_pages_are_refused(raw):
    assert damaged_pages(raw, 1) == {1}
    with pytest.raises(DocumentFault, match="不完整"):
        read_bytes(raw, "a.pdf")


def test_a_sound_page_is_none():
    raw = drawn()
    assert damaged_pages(raw, 1) == frozenset()
    assert damaged_pages(raw, 2) == {1, 2}
    (table,) = read_bytes(raw, "a.pdf").tables
    assert (table.rows(), table.doubt) == ([["12.50", "7.00"]], "")


CUT = {
    "over the rule": ((130, 170), True),
    "up to the rule": ((115, 170), False),
    "each in its cell, near the rule": ((118, 152), False),
}


@pytest.mark.parametrize("at, doubted", CUT.values(), ids=CUT)
def test_a_figure_over_a_rule(at, doubted):
    (table,) = read_bytes(drawn(("123.50", "7.00"), at), "a.pdf").tables
    assert bool(table.doubt) is doubted


def test_no_figure_of_a_spoilt_file_is_made_up():
    sound = filled(random.Random(3), LOOKS["split"]).raw
    there = {cell.text for table in read_bytes(sound, "a.pdf").tables for cell in table.cells}
    for number in (14, 18, 35, 83, 111, 118, 126, 152):
        rng = random.Random(f"pdf {number}")
        raw = rng.choice(WAYS)(sound, rng)
        try:
            found = read_bytes(raw, "a.pdf")
        except DocumentFault:
            continue
        texts = {c.text for t in found.tables if not t.doubt for c in t.cells}
        assert {t for t in texts - there if FIGURE.fullmatch(t)} == set(), number
