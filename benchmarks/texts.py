"""What reading report texts costs: 100 KB of text, a county of Word reports, PDF beside the bare library, passages that reports share. Run by hand."""

import argparse
import io
import os
import random
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import docx
import pypdfium2
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from gouji.app import load_book
from gouji.app.text_of_report import patterns_of
from gouji.documents import read_bytes
from gouji.documents.pdf.pdf_process import end_helper
from gouji.intake.report_text import lines_in, lines_of_document
from gouji.narrative import alike, filled, lines_of, read
from printing import FONT

BOOK = "final-accounts"
KB_OF_TEXT, KB_OF_REPORT, REPORTS, PDFS = 100, 50, 300, 10
ITEMS = (
    "财政拨款收入",
    "事业收入",
    "其他收入",
    "会议费",
    "培训费",
    "印刷费",
    "差旅费",
    "委托业务费",
)
SIGNS = [chr(c) for c in range(0x4E00, 0x4E00 + 3000)]


def sentence(rng):
    """A sentence as reports have them, with figures that tie."""
    a, b = rng.randint(1, 10**6), rng.randint(1, 10**6)
    one, other = rng.sample(ITEMS, 2)
    words = "".join(rng.choice(SIGNS) for _sign in range(rng.randint(10, 60)))
    return (
        f"本年收入合计{(a + b) / 100:.2f}万元，其中：{one}{a / 100:.2f}万元，占{100 * a / (a + b):.2f}%；"
        f"{other}{b / 100:.2f}万元，占{100 * b / (a + b):.2f}%。主要原因是{words}。"
    )


def report(seed, kilobytes):
    """A report of so many KB (UTF-8)."""
    rng, parts, size = random.Random(seed), [], 0
    while size < 1000 * kilobytes:
        parts.append(sentence(rng))
        size += len(parts[-1].encode())
    return f"某县第{seed}单位2023年度部门决算\n" + "\n".join(parts)


@cache
def grammar():
    """The grammar and tables of the rulebook, once a process."""
    return patterns_of(BOOK).grammar(), load_book(BOOK).tables


def word(text):
    """A text as a Word file."""
    made, into = docx.Document(), io.BytesIO()
    for line in text.splitlines():
        made.add_paragraph(line)
    made.save(into)
    return into.getvalue()


def paper(text):
    """A text as a PDF, 40 signs a line and 40 lines a page."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    into = io.BytesIO()
    canvas = Canvas(into, (595, 842))
    lines = [line[at : at + 40] for line in text.splitlines() for at in range(0, len(line), 40)]
    for first in range(0, len(lines), 40):
        canvas.setFont(FONT, 12)
        for number, line in enumerate(lines[first : first + 40]):
            canvas.drawString(50, 800 - 18 * number, line)
        canvas.showPage()
    canvas.save()
    return into.getvalue()


def judged(path):
    """Read one report whole; how many relations it has."""
    known, tables = grammar()
    reading = read(lines_in(path), known)
    filled(reading, known.ties, tables)
    return len(reading.relations)


def spent(do):
    """Seconds."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def processor(do):
    """Processor seconds of this process and of those that it ended."""

    def now():
        return time.process_time() + sum(os.times()[2:4])

    before = now()
    do()
    return now() - before


def county(reports):
    """Word reports of 50 KB on two processes."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{seed}.docx") for seed in range(reports)]
        for seed, path in enumerate(paths):
            path.write_bytes(word(report(seed, KB_OF_REPORT)))
        with ProcessPoolExecutor(2) as pool:
            took = spent(lambda: list(pool.map(judged, paths, chunksize=5)))
    print(f"{reports} docx of {KB_OF_REPORT} KB: {took:.1f} s on two processes (120 s for 300)")


def of_pdf():
    """A PDF beside the library that gives its text."""
    raw = paper(report(1, KB_OF_REPORT))
    known, _tables = grammar()

    def bare():
        for page in pypdfium2.PdfDocument(raw):
            page.get_textpage().get_text_range()

    def each():
        for _time in range(PDFS):
            read(tuple(lines_of_document(read_bytes(raw, "a.pdf"))), known)
        # Its processor time counts when it has ended.
        end_helper()

    times = [(processor(bare), processor(each) / PDFS) for _time in range(5)]
    own, ratio = median(b for _a, b in times), median(b / a for a, b in times)
    print(
        f"pdf of {KB_OF_REPORT} KB: {own:.2f} s of processor time, {ratio:.1f} × the bare library (3 ×), {PDFS} in one program"
    )


def of_passages():
    """Passages that reports share, 300 and 600 of them."""
    known, _tables = grammar()
    texts = {str(seed): read(lines_of(report(seed, 10)), known).paragraphs for seed in range(600)}
    few = dict(list(texts.items())[:300])
    # In turns, for a shared machine is fast at one time and slow at another.
    times = [[processor(lambda t=t: list(alike(t))) for t in (few, texts)] for _time in range(9)]
    one, two = (median(own) for own in zip(*times, strict=True))
    ratio = median(b / a for a, b in times)
    print(f"similarity: 300 {one:.2f} s, 600 {two:.2f} s, {ratio:.2f} × (2.2 ×)")


def main():
    """Print a line each."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--reports", type=int, default=REPORTS)
    reports = asked.parse_args().reports
    known, tables = grammar()
    lines = lines_of(report(0, KB_OF_TEXT))

    def whole():
        filled(read(lines, known), known.ties, tables)

    print(f"{KB_OF_TEXT} KB of text: {min(spent(whole) for _time in range(3)):.2f} s (0.5 s)")
    of_passages()
    of_pdf()
    county(reports)


if __name__ == "__main__":
    main()
