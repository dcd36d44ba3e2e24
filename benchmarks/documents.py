"""What reading a document costs beside the bare library that opens it: milliseconds a page (PDF), a file (docx, html, ods). Run by hand."""

import io
import random
import sys
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import pypdfium2
from lxml import etree, html

from filled import workbook
from gouji.documents import read_bytes
from gouji.documents.pdf.reader import read
from papers import AS, papers
from printing import LOOKS, filled

TIMES = 5


def best(do):
    """The shortest of some runs, in milliseconds."""
    spent = []
    for _time in range(TIMES):
        began = time.perf_counter()
        do()
        spent.append(time.perf_counter() - began)
    return 1000 * min(spent)


def bare_pdf(raw):
    """Load every page and its text, as pypdfium2 gives it."""
    document = pypdfium2.PdfDocument(raw)
    for page in document:
        page.get_textpage().get_text_range()


def bare_xml(raw, name):
    """Parse the part that holds the text."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        etree.fromstring(packed.read(name))


def main():
    """Print a line a kind."""
    made = filled(random.Random(1), LOOKS["split"])
    pages = len(pypdfium2.PdfDocument(made.raw))
    own, bare = best(lambda: read(made.raw, "")), best(lambda: bare_pdf(made.raw))
    apart = best(lambda: read_bytes(made.raw, "a.pdf"))
    print(
        f"pdf: {(own - bare) / pages:.1f} ms a page beside pypdfium2's {bare / pages:.1f}; {apart - own:.0f} ms for the process"
    )
    sheets = papers(workbook(1)[0])
    parts = {"docx": "word/document.xml", "ods": "content.xml"}
    for kind in ("docx", "ods", "html"):
        raw = AS[kind](sheets)
        own = best(lambda raw=raw, kind=kind: read_bytes(raw, f"a.{kind}"))
        bare = best(
            lambda raw=raw, kind=kind: (
                bare_xml(raw, parts[kind]) if kind in parts else html.document_fromstring(raw)
            )
        )
        print(
            f"{kind}: {own:.0f} ms a file of {len(sheets)} tables, {bare:.0f} of them to parse it"
        )


if __name__ == "__main__":
    main()
