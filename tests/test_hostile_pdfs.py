"""Crafted PDFs: each ends as a fault of that file, or gives nothing; none ends the program, hangs it, or takes another file down."""

import io
import os
import time
import zlib
from contextlib import suppress

import pytest
from pypdf import PdfReader, PdfWriter

from gouji.app.audits import audit
from gouji.base.workers import can_copy
from gouji.documents import DocumentFault, read_bytes
from gouji.documents.pdf import pdf_process
from printing import LOOKS, filled, random

MOST = 90.0


def pdf(objects, trailer="", head=b"%PDF-1.7\n"):
    """Objects by number -> a file with a right table of them."""
    raw, places = bytearray(head), {}
    for number, body in objects.items():
        places[number] = len(raw)
        raw += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(raw)
    raw += b"xref\n0 1\n0000000000 65535 f \n"
    for number, at in places.items():
        raw += b"%d 1\n%010d 00000 n \n" % (number, at)
    size = max(objects) + 1
    raw += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (
        size,
        trailer.encode(),
        start,
    )
    return bytes(raw)


def stream(content, more=b""):
    return b"<< /Length %d %s >>\nstream\n" % (len(content), more) + content + b"\nendstream"


def page(content, more=b"", box=b"0 0 595 842", objects=None, resources=b""):
    """One page that draws a stream."""
    font = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << %s %s >> >>"
            % (box, font, resources),
            4: stream(content, more),
            **(objects or {}),
        }
    )


def packed(content, times=1):
    for _time in range(times):
        content = zlib.compress(content, 9)
    return content


def squeezed(size, times):
    """So many bytes of blanks, packed."""
    packer = zlib.compressobj(9)
    made = b"".join(packer.compress(b" " * (1 << 20)) for _part in range(size >> 20))
    made += packer.flush()
    filters = b"/Filter [" + b"/FlateDecode " * times + b"]"
    return page(packed(made, times - 1), filters)


def locked():
    writer = PdfWriter(PdfReader(io.BytesIO(page(b"BT /F 9 Tf 9 9 Td (1.00) Tj ET"))))
    writer.encrypt("secret")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def looping_pages():
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 9 >>",
            3: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 9 >>",
        }
    )


def many_pages(count):
    kids = b" ".join(b"%d 0 R" % n for n in range(3, count + 3))
    one = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    pages = {2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)}
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            **pages,
            **dict.fromkeys(range(3, count + 3), one),
        }
    )


def form(content, below):
    return stream(
        content,
        b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X %d 0 R >> >>"
        % below,
    )


def forms_in_forms():
    """Eight forms that draw each other ten times: 10⁸ strokes."""
    objects = {n: form(b"/X Do " * 10, n + 1) for n in range(5, 13)}
    objects[13] = stream(b"0 0 m 9 9 l S", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    return page(b"/X Do", objects=objects, resources=b"/XObject << /X 5 0 R >>")


def draws_itself():
    return page(b"/X Do", objects={5: form(b"/X Do", 5)}, resources=b"/XObject << /X 5 0 R >>")


def scan():
    image = stream(
        b"\0",
        b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8",
    )
    return page(
        b"595 0 0 842 0 0 cm /X Do", objects={5: image}, resources=b"/XObject << /X 5 0 R >>"
    )


def giant_picture():
    image = stream(
        packed(b"\0" * (1 << 20)),
        b"/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode",
    )
    return page(
        b"595 0 0 842 0 0 cm /X Do", objects={5: image}, resources=b"/XObject << /X 5 0 R >>"
    )


def acting():
    """A script, a program to start, a file attached."""
    whole = page(b"BT /F 9 Tf 9 9 Td (text) Tj ET")
    return whole.replace(
        b"/Pages 2 0 R >>",
        b"/Pages 2 0 R /OpenAction << /S /Launch /F (calc.exe) >> /AA << /WC << /S /JavaScript /JS (app.alert\\(1\\)) >> >> >>",
        1,
    )


HOSTILE = {
    "no PDF": lambda: b"%PDF-1.7 and nothing more",
    "empty": lambda: b"",
    "cut off": lambda: page(b"BT /F 9 Tf 9 9 Td (1.00) Tj ET")[:150],
    "a password": locked,
    "a table of places that loops": lambda: page(b" ").replace(
        b"trailer\n<<", b"trailer\n<< /Prev 9", 1
    ),
    "pages in a loop": looping_pages,
    "no pages": lambda: pdf(
        {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"}
    ),
    "900 pages": lambda: many_pages(900),
    "a quarter of a gigabyte of blanks": lambda: squeezed(1 << 28, 1),
    "a gigabyte packed twice": lambda: squeezed(1 << 30, 2),
    "ten million characters": lambda: page(
        packed(b"BT /F 9 Tf 9 9 Td " + b"(1234567890) Tj " * 1_000_000 + b"ET"),
        b"/Filter /FlateDecode",
    ),
    "three million strokes": lambda: page(
        packed(b"0 0 m 9 9 l S " * 3_000_000), b"/Filter /FlateDecode"
    ),
    "a path of a million pieces": lambda: page(
        packed(b"0 0 m " + b"9 9 l " * 1_000_000 + b"S"), b"/Filter /FlateDecode"
    ),
    "forms in forms": forms_in_forms,
    "a form that draws itself": draws_itself,
    "arrays nested": lambda: page(b"[" * 100_000),
    "a page of ten kilometres": lambda: page(
        b"BT /F 9 Tf 9 9 Td (1.00) Tj ET", box=b"0 0 28000000 28000000"
    ),
    "a scan": scan,
    "a giant picture": giant_picture,
    "a script and a program to start": acting,
    "invisible text": lambda: page(b"BT 3 Tr /F 9 Tf 99 99 Td (1,234.50) Tj ET"),
    "a suffix that lies": lambda: b"PK\3\4" + b"0" * 100,
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_each_is_a_fault_or_gives_nothing(make):
    began = time.monotonic()
    try:
        made = read_bytes(make(), "a.pdf")
    except DocumentFault as fault:
        assert fault.what and fault.fix
    else:
        assert made.tables == ()
        assert not any("1,234.50" in p.text for p in made.paragraphs)
    assert time.monotonic() - began < MOST


def test_none_takes_another_file_down(tmp_path):
    """Beside each other in a folder every one of them is told, and the good one is read."""
    small = [n for n in HOSTILE if n not in ("a gigabyte packed twice")]
    for number, name in enumerate(small):
        (tmp_path / f"{number:02d}.pdf").write_bytes(HOSTILE[name]())
    good = filled(random.Random(1), LOOKS["lines"])
    (tmp_path / "U001 2023.pdf").write_bytes(good.raw)
    made = audit(tmp_path, "final-accounts").submission
    told = {p.at.file for p in made.problems}
    assert {f"{number:02d}.pdf" for number in range(len(small))} <= told
    assert "U001 2023.pdf" in made.digests


@pytest.mark.skipif(not can_copy(), reason="each PDF has a new process here")
def test_one_process_reads_them_all_each_in_its_copy():
    """What a file does to the process that reads it is no matter of the next file."""
    good = filled(random.Random(1), LOOKS["lines"])
    pids, texts = set(), set()
    for name in ("a password", "forms in forms", "a scan"):
        with suppress(DocumentFault):
            read_bytes(HOSTILE[name](), "a.pdf")
        texts.add(repr(read_bytes(good.raw, "a.pdf")))
        pids.add(pdf_process._helper().ask(os.getpid))
    assert len(pids) == len(texts) == 1
    pdf_process.end_helper()
    assert repr(read_bytes(good.raw, "a.pdf")) in texts
