"""Sheets (rows of texts and merged cells) -> the same as a docx, a web page, an ODS or a PDF."""

import html
import io
import zipfile

from docx import Document
from openpyxl import load_workbook
from reportlab.lib.colors import black
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"


class Paper:
    """One sheet: its name, lines above its table, rows of the table, merged cells as row, column, rows, columns."""

    def __init__(self, name, above, rows, merged):
        self.name, self.above, self.rows, self.merged = name, above, rows, merged

    def cells(self):
        """Cells that no other covers: row, column, rows, columns, text."""
        spans = {(r, c): (h, w) for r, c, h, w in self.merged}
        covered = {
            (r + i, c + j)
            for r, c, h, w in self.merged
            for i in range(h)
            for j in range(w)
            if i or j
        }
        for r, row in enumerate(self.rows):
            for c, text in enumerate(row):
                if (r, c) not in covered:
                    yield r, c, *spans.get((r, c), (1, 1)), text


def papers(raw):
    """The sheets of a workbook, as they show."""
    made = []
    for sheet in load_workbook(io.BytesIO(raw)).worksheets:
        rows = [[shown(cell) for cell in row] for row in sheet.iter_rows()]
        head = 0
        while head < min(3, len(rows)) and sum(bool(t) for t in rows[head]) < 2:
            head += 1
        if head == len(rows) or sheet.title == "填写说明":
            continue
        above = [next(filter(None, row)) for row in rows[:head] if any(row)]
        merged = [
            (
                m.min_row - 1 - head,
                m.min_col - 1,
                m.max_row - m.min_row + 1,
                m.max_col - m.min_col + 1,
            )
            for m in sheet.merged_cells.ranges
            if m.min_row > head
        ]
        made.append(Paper(sheet.title, above, rows[head:], merged))
    return made


def shown(cell):
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, (int, float)) and "." in cell.number_format:
        places = len(cell.number_format.partition(".")[2].split(";")[0].rstrip("%_ )"))
        share = cell.number_format.split(";")[0].endswith("%")
        return f"{value * 100:.{places}f}%" if share else f"{value:,.{places}f}"
    return str(value)


def as_docx(sheets):
    made = Document()
    for paper in sheets:
        for line in paper.above:
            made.add_paragraph(line)
        table = made.add_table(len(paper.rows), len(paper.rows[0]))
        grid = [row.cells for row in table.rows]
        for r, c, h, w, text in paper.cells():
            cell = grid[r][c]
            if h > 1 or w > 1:
                cell = cell.merge(grid[r + h - 1][c + w - 1])
            cell.text = text
        made.add_page_break()
    raw = io.BytesIO()
    made.save(raw)
    return raw.getvalue()


def as_html(sheets):
    parts = ["<html><head><meta charset='utf-8'></head><body>"]
    for paper in sheets:
        parts += [f"<p>{html.escape(line)}</p>" for line in paper.above]
        parts.append("<table border=1>")
        at = -1
        for r, _c, h, w, text in paper.cells():
            parts += ["<tr>"] * (r - at)
            at = r
            parts.append(f"<td rowspan={h} colspan={w}>{html.escape(text)}</td>")
        parts.append("</table>")
    return "".join(parts).encode()


def as_ods(sheets):
    spaces = {"office": "office", "table": "table", "text": "text"}
    names = " ".join(
        f"xmlns:{k}='urn:oasis:names:tc:opendocument:xmlns:{v}:1.0'" for k, v in spaces.items()
    )
    parts = [f"<office:document-content {names}><office:body><office:spreadsheet>"]
    for paper in sheets:
        parts.append(f"<table:table table:name='{html.escape(paper.name)}'>")
        for line in paper.above:
            parts.append(
                f"<table:table-row><table:table-cell><text:p>{html.escape(line)}</text:p></table:table-cell></table:table-row>"
            )
        cells = {(r, c): (h, w, text) for r, c, h, w, text in paper.cells()}
        for r, row in enumerate(paper.rows):
            parts.append("<table:table-row>")
            for c in range(len(row)):
                if (r, c) not in cells:
                    parts.append("<table:covered-table-cell/>")
                    continue
                h, w, text = cells[r, c]
                spans = f"table:number-rows-spanned='{h}' table:number-columns-spanned='{w}'"
                parts.append(
                    f"<table:table-cell {spans}><text:p>{html.escape(text)}</text:p></table:table-cell>"
                )
            parts.append("</table:table-row>")
        parts.append("</table:table>")
    parts.append("</office:spreadsheet></office:body></office:document-content>")
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", "".join(parts))
    return raw.getvalue()


def as_pdf(sheets, rows_a_page=30):
    """Ruled tables, each sheet on its own pages; further pages have no heads."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    raw = io.BytesIO()
    canvas = Canvas(raw)
    for paper in sheets:
        columns = len(paper.rows[0])
        widths = [
            max(60, *(5 + 4.2 * min(len(row[c]), 30) * 2 for row in paper.rows)) / 1.3
            for c in range(columns)
        ]
        width = sum(widths) + 80
        for start in range(0, len(paper.rows), rows_a_page):
            canvas.setPageSize((max(width, 400), 80 + 40 * rows_a_page))
            y = 40 + 40 * rows_a_page
            if not start:
                for number, line in enumerate(paper.above):
                    canvas.setFont(FONT, 9)
                    canvas.drawString(40, y + 12 * (len(paper.above) - number), line)
            _page(canvas, paper, widths, start, min(start + rows_a_page, len(paper.rows)), y)
            canvas.showPage()
    canvas.save()
    return raw.getvalue()


def _page(canvas, paper, widths, start, end, y):
    xs = [40]
    for width in widths:
        xs.append(xs[-1] + width)
    canvas.setStrokeColor(black)
    canvas.setFont(FONT, 7)
    for r, c, h, w, text in paper.cells():
        if not start <= r < end:
            continue
        top, bottom = y - 36 * (r - start), y - 36 * (min(r + h, end) - start)
        canvas.rect(xs[c], bottom, xs[c + w] - xs[c], top - bottom)
        size = max(1, int((xs[c + w] - xs[c] - 4) / 7.2))
        lines = [text[i : i + size] for i in range(0, len(text), size)]
        if text.replace(",", "").replace(".", "").replace("-", "").replace("%", "").isdigit():
            lines = [text]
        for number, line in enumerate(lines[:4]):
            canvas.drawString(
                xs[c] + 2, (top + bottom) / 2 + 3.8 * len(lines) - 8 * (number + 1) + 2, line
            )


AS = {"docx": as_docx, "html": as_html, "ods": as_ods, "pdf": as_pdf}
