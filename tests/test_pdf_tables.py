"""PDFs printed in many ways: every figure in its row and column, with the page and box it was drawn in; what is in doubt is said, never guessed."""

import pytest

from gouji.documents import read_bytes
from gouji.documents.forms_printed import forms_of
from printing import LOOKS, variant


def plain(row):
    return ["".join(text.split()) for text in row]


def compare(made):
    """Figures of a print: right, wrong without a word, in doubt; and those right whose box is not where they were drawn."""
    document = read_bytes(made.raw, "a.pdf")
    found = {form.name: form for form in forms_of(document)}
    right = wrong = doubted = 0
    for form in made.forms:
        read = found.get(form.title)
        count = sum("." in text for row in form.rows for text in row)
        if read is None or read.doubt:
            doubted += count
            continue
        expected = [plain(row) for row in form.grid() if any(row)]
        rows = [plain(row) for row in read.rows if any(row)]
        for want, got in zip(expected, rows, strict=False):
            for column, text in enumerate(want):
                if "." in text:
                    same = column < len(got) and got[column] == text and got[0] == want[0]
                    right, wrong = right + same, wrong + (not same)
        wrong += abs(len(expected) - len(rows)) + (len(expected[-1]) != len(rows[-1]))
    return right, wrong, doubted, misplaced(document, made)


def misplaced(document, made):
    """Figures drawn where the document has no cell of that text and place."""
    boxes = {}
    for table in document.tables:
        for cell in table.cells:
            boxes.setdefault((table.place.page, cell.text.strip()), []).append(cell.place.box)
    return [
        drawn
        for drawn in made.figures
        if not any(
            abs(box.left - drawn.box[0]) < 3
            and abs(box.right - drawn.box[2]) < 3
            and box.top - 3 < (drawn.box[1] + drawn.box[3]) / 2 < box.bottom + 3
            for box in boxes.get((drawn.page, drawn.text), ())
        )
    ]


@pytest.mark.parametrize("name", LOOKS)
def test_every_figure_in_its_place(name):
    made = variant(name)
    right, wrong, doubted, lost = compare(made)
    assert wrong == 0
    assert right >= 0.99 * (right + doubted)
    assert len(lost) <= doubted
