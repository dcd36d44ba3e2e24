"""Forms with figures made up by a seed -> PDFs in the ways that office programs print them, with the place of every figure as it was drawn."""

import io
import random
from dataclasses import dataclass, field, replace

from reportlab.lib.colors import Color, black, grey, lightgrey, white
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"


@dataclass(frozen=True)
class Look:
    """How a form is printed."""

    rules: str = "lines"
    rows_per_page: int = 0
    heads_again: bool = False
    title_again: str = ""
    turn: int = 0
    crop: float = 0
    scale: float = 1
    two_a_page: bool = False
    twice: bool = False
    watermark: str = ""
    lower: float = 0
    size: float = 9
    justified: bool = False
    page: tuple = (842, 595)
    number: bool = False
    blank: float = 0
    pad: float = 5
    align: str = "right"


@dataclass
class Form:
    """A form: title, unit, heads with how many rows and columns each spans (None where another spans), rows of texts, widths of columns."""

    title: str
    heads: list
    rows: list
    widths: list
    unit: str = "单位：万元"
    total: tuple = ()

    def grid(self):
        """Every row as a reader should see it."""
        heads = [[cell[0] if cell else "" for cell in row] for row in self.heads]
        return heads + [list(row) for row in self.rows]


@dataclass
class Drawn:
    """A figure on a page: its text, page, box in points from the upper left corner of the page as shown."""

    text: str
    page: int
    box: tuple


@dataclass
class Print:
    """A PDF and what is in it."""

    raw: bytes
    forms: list
    figures: list = field(default_factory=list)


def money(rng, large=False):
    value = rng.choice([0, rng.randint(1, 99999), rng.randint(100000, 99999999)])
    return f"{value / 100:,.2f}" if rng.random() < 0.7 else f"{value / 100:.2f}"


CLASSES = [
    ("201", "一般公共服务支出"),
    ("20106", "财政事务"),
    ("2010601", "行政运行"),
    ("208", "社会保障和就业支出"),
    ("20805", "行政事业单位养老支出"),
    ("2080505", "机关事业单位基本养老保险缴费支出"),
    ("210", "卫生健康支出"),
    ("21011", "行政事业单位医疗"),
    ("2101101", "行政单位医疗"),
    ("221", "住房保障支出"),
    ("22102", "住房改革支出"),
    ("2210201", "住房公积金"),
]


def summary(rng):
    """Two halves side by side."""
    left = [
        "一般公共预算财政拨款收入",
        "政府性基金预算财政拨款收入",
        "国有资本经营预算财政拨款收入",
        "上级补助收入",
        "事业收入",
        "经营收入",
    ]
    left += ["附属单位上缴收入", "其他收入"]
    right = [
        "一般公共服务支出",
        "外交支出",
        "国防支出",
        "公共安全支出",
        "教育支出",
        "科学技术支出",
        "文化旅游体育与传媒支出",
        "社会保障和就业支出",
    ]
    right += ["卫生健康支出", "节能环保支出", "城乡社区支出", "农林水支出"]
    ordinals = "一二三四五六七八九十"
    rows = [
        [
            f"{ordinals[i]}、{left[i]}" if i < len(left) else "",
            money(rng) if i < len(left) else "",
            f"{ordinals[i] if i < 10 else '十' + ordinals[i - 10]}、{right[i]}",
            money(rng),
        ]
        for i in range(len(right))
    ]
    rows += [
        [a, money(rng), b, money(rng)]
        for a, b in [
            ("本年收入合计", "本年支出合计"),
            ("年初结转和结余", "年末结转和结余"),
            ("总计", "总计"),
        ]
    ]
    heads = [
        [("收入", 1, 2), None, ("支出", 1, 2), None],
        [("项目",), ("决算数",), ("项目",), ("决算数",)],
    ]
    return Form("收入支出决算总表", heads, rows, [170, 80, 170, 80])


def listing(
    rng,
    title="支出决算表",
    columns=(
        "本年支出合计",
        "基本支出",
        "项目支出",
        "上缴上级支出",
        "经营支出",
        "对附属单位补助支出",
    ),
    codes=1,
):
    """Lines by code below heads of two rows."""
    code = [("功能分类科目编码", 1)] if codes == 1 else []
    heads = [
        [("项目", 1, codes + 1), *[None] * codes, *[(c, 2, 1) for c in columns]],
        [
            *([("功能分类科目编码",)] if codes == 1 else [("类",), ("款",), ("项",)]),
            ("科目名称",),
            *[None] * len(columns),
        ],
    ]
    del code
    rows = [["合计", *[""] * codes, *[money(rng) for _c in columns]]]
    for number, name in CLASSES:
        parts = [number] if codes == 1 else [number[:3], number[3:5], number[5:]]
        rows.append([*parts, name, *[money(rng) for _c in columns]])
    return Form(
        title,
        heads,
        rows,
        [60] * (1 if codes == 1 else 0)
        + [28] * (3 if codes == 3 else 0)
        + [120]
        + [74] * len(columns),
        total=(0, codes + 1),
    )


def sangong(rng):
    """One line of twelve figures below heads of three rows."""
    names = [
        "合计",
        "因公出国（境）费",
        "小计",
        "公务用车购置费",
        "公务用车运行维护费",
        "公务接待费",
    ]
    top = [("预算数", 1, 6), *[None] * 5, ("决算数", 1, 6), *[None] * 5]
    second = [
        *[
            ("合计", 2, 1),
            ("因公出国（境）费", 2, 1),
            ("公务用车购置及运行维护费", 1, 3),
            None,
            None,
            ("公务接待费", 2, 1),
        ]
        * 2
    ]
    third = [*[None, None, ("小计",), ("公务用车购置费",), ("公务用车运行维护费",), None] * 2]
    del names
    return Form(
        "财政拨款“三公”经费支出决算表",
        [top, second, third],
        [[money(rng) for _i in range(12)]],
        [60] * 12,
    )


def forms(rng):
    """Some forms of published accounts."""
    return [
        summary(rng),
        listing(
            rng,
            "收入决算表",
            ("本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "其他收入"),
        ),
        listing(rng),
        listing(rng, "一般公共预算财政拨款支出决算表", ("合计", "基本支出", "项目支出"), codes=3),
        sangong(rng),
    ]


def printed(made, look):
    """Print forms, one a page or more."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    raw = io.BytesIO()
    # reportlab turns the size with the page.
    size = look.page[::-1] if look.turn in (90, 270) else look.page
    pen = _Pen(Canvas(raw, pagesize=size), look)
    for number, form in enumerate(made):
        pen.form(form, keep=look.two_a_page and number % 2 == 0 and number + 1 < len(made))
    pen.canvas.save()
    return Print(raw.getvalue(), made, pen.figures)


class _Pen:
    def __init__(self, canvas, look):
        self.canvas, self.look = canvas, look
        self.page, self.figures = 1, []
        self.width, self.height = look.page
        if look.turn in (90, 270):
            self.width, self.height = self.height, self.width
        self.begin()

    def begin(self):
        """A page begins: what is drawn is turned so that it stands upright when the page is shown."""
        canvas, look, (width, height) = self.canvas, self.look, self.look.page
        if look.turn:
            canvas.setPageRotation(look.turn)
            move = {90: (width, 0, 90), 180: (width, height, 180), 270: (0, height, 270)}[look.turn]
            canvas.translate(move[0], move[1])
            canvas.rotate(move[2])
        if look.crop:
            canvas.setCropBox((look.crop, look.crop, width - look.crop, height - look.crop))
        self.y = self.height - 50 - look.crop
        if look.watermark:
            canvas.saveState()
            canvas.setFillColor(Color(0.8, 0.8, 0.8))
            canvas.translate(self.width / 2, self.height / 2)
            canvas.rotate(40)
            canvas.setFont(FONT, 60)
            canvas.drawCentredString(0, 0, look.watermark)
            canvas.restoreState()
        canvas.scale(look.scale, look.scale)
        self.y /= look.scale

    def end(self):
        if self.look.number:
            self.text(f"- {self.page} -", self.width / self.look.scale / 2, 30 / self.look.scale, 9)
        self.canvas.showPage()
        self.page += 1
        self.begin()

    def text(self, text, x, y, size, align="center", color=black):
        canvas = self.canvas
        canvas.setFillColor(color)
        canvas.setFont(FONT, size)
        wide = canvas.stringWidth(text, FONT, size)
        left = x - {"center": wide / 2, "right": wide, "left": 0}[align]
        for dx in (0, 0.3) if self.look.twice else (0,):
            canvas.drawString(left + dx, y, text)
        return left, left + wide

    def form(self, form, keep):
        look, left = self.look, 40 / self.look.scale + self.look.crop
        wide = sum(form.widths)
        self.text(form.title, left + wide / 2, self.y, 14)
        self.text(form.unit, left + wide, self.y - 18, 9, "right")
        self.y -= 24
        rows = list(form.rows)
        size = look.rows_per_page or len(rows)
        for start in range(0, len(rows), size):
            if start:
                self.end()
                if look.title_again:
                    self.text(form.title + look.title_again, left + wide / 2, self.y, 14)
                    self.y -= 24
            heads = form.heads if not start or look.heads_again else []
            self.block(form, heads, rows[start : start + size], start, left)
        self.y -= 40
        if not keep:
            self.end()

    def block(self, form, heads, rows, start, left):
        xs = [left]
        for width in form.widths:
            xs.append(xs[-1] + width)
        cells = []
        for r, row in enumerate(heads):
            for c, cell in enumerate(row):
                if cell:
                    down, across = (cell[1], cell[2]) if len(cell) == 3 else (1, 1)
                    cells.append((r, c, down, across, cell[0], "head"))
        for r, row in enumerate(rows, len(heads)):
            total = form.total and start + r - len(heads) == 0
            for c, text in enumerate(row):
                across = form.total[1] if total and c == 0 else 1
                if total and 0 < c < form.total[1]:
                    continue
                cells.append((r, c, 1, across, text, "body"))
        lines = {}
        for r, c, _down, across, text, _kind in cells:
            lines[r, c] = self.wrapped(text, xs[c + across] - xs[c] - 4)
        heights = [0.0] * (len(heads) + len(rows))
        for r, c, down, _across, _text, _kind in cells:
            need = len(lines[r, c]) * self.look.size * 1.2 + self.look.pad
            if down == 1:
                heights[r] = max(heights[r], need)
        for r, c, down, _across, _text, _kind in cells:
            need = len(lines[r, c]) * self.look.size * 1.2 + self.look.pad
            lack = need - sum(heights[r : r + down])
            if lack > 0:
                heights[r + down - 1] += lack
        ys = [self.y]
        for height in heights:
            ys.append(ys[-1] - height)
        self.rule(xs, ys, cells, len(heads))
        for r, c, down, across, _text, kind in cells:
            self.cell(lines[r, c], (xs[c], ys[r + down], xs[c + across], ys[r]), kind)
        self.y = ys[-1]

    def wrapped(self, text, width):
        made, line = [], ""
        if is_figure(text):
            return [text]
        for char in text:
            if line and self.canvas.stringWidth(line + char, FONT, self.look.size) > width:
                made.append(line)
                line = ""
            line += char
        return [*made, line] if line or not made else made

    def cell(self, lines, box, kind):
        size = self.look.size
        x0, y0, x1, y1 = box
        y = (y0 + y1) / 2 + len(lines) * size * 1.2 / 2 - size * 0.95
        for line in lines:
            figure = is_figure(line) and kind == "body"
            align = "center" if kind == "head" else self.look.align if figure else "left"
            x = {"center": (x0 + x1) / 2, "right": x1 - 3, "left": x0 + 3}[align]
            base = y - self.look.lower if figure else y
            color = white if kind == "head" and self.look.rules == "shade" else black
            if not line:
                continue
            left, right = self.text(line, x, base, size, align, color)
            if figure and "." in line:
                self.draw(line, left, base, right, size)
            y -= size * 1.2

    def draw(self, text, left, base, right, size):
        """Keep where a figure stands on the page as shown."""
        s, crop = self.look.scale, self.look.crop
        top, bottom = self.height - s * (base + 0.86 * size), self.height - s * (base - 0.14 * size)
        self.figures.append(
            Drawn(text, self.page, (s * left - crop, top - crop, s * right - crop, bottom - crop))
        )

    def rule(self, xs, ys, cells, heads):
        canvas, kind = self.canvas, self.look.rules
        canvas.setStrokeColor(black)
        canvas.setLineWidth(0.5)
        left, right = xs[0], xs[-1]
        boxes = [
            (xs[c], ys[r + down], xs[c + across], ys[r]) for r, c, down, across, _t, _k in cells
        ]
        if kind == "lines":
            for x0, y0, x1, y1 in boxes:
                canvas.line(x0, y0, x1, y0)
                canvas.line(x1, y0, x1, y1)
            canvas.line(left, ys[0], right, ys[0])
            canvas.line(left, ys[0], left, ys[-1])
        elif kind in ("boxes", "shade"):
            for (x0, y0, x1, y1), (_r, _c, _d, _a, _t, what) in zip(boxes, cells, strict=True):
                fill = kind == "shade" and what == "head"
                canvas.setFillColor(Color(0.1, 0.2, 0.4) if fill else white)
                canvas.rect(x0, y0, x1 - x0, y1 - y0, fill=int(fill))
        elif kind == "thin":
            canvas.setFillColor(black)
            for x0, y0, x1, y1 in boxes:
                for at in (y0, y1):
                    canvas.rect(x0, at, x1 - x0, 0.48, stroke=0, fill=1)
                for at in (x0, x1):
                    canvas.rect(at, y0, 0.48, y1 - y0, stroke=0, fill=1)
        elif kind == "dashes":
            for x0, y0, x1, y1 in boxes:
                for a, b, c, d in (
                    (x0, y0, x1, y0),
                    (x1, y0, x1, y1),
                    (x0, y0, x0, y1),
                    (x0, y1, x1, y1),
                ):
                    canvas.setDash(3, 2)
                    canvas.line(a, b, c, d)
            canvas.setDash()
        elif kind == "open":
            for x0, y0, x1, y1 in boxes:
                canvas.line(x0, y0, x1, y0)
                canvas.line(x0, y1, x1, y1)
                if x1 < right - 1:
                    canvas.line(x1, y0, x1, y1)
        elif kind == "fills":
            for (x0, y0, x1, y1), (r, c, _d, _a, _t, _k) in zip(boxes, cells, strict=True):
                canvas.setFillColor(
                    lightgrey if (r + c) % 2 else grey.clone(red=0.93, green=0.93, blue=0.93)
                )
                canvas.rect(x0, y0, x1 - x0, y1 - y0, stroke=0, fill=1)
        elif kind == "level":
            for x0, y0, x1, _y1 in boxes:
                canvas.line(x0, y0, x1, y0)
            canvas.line(left, ys[0], right, ys[0])
        elif kind == "upright":
            for x0, y0, x1, y1 in boxes:
                canvas.line(x0, y0, x0, y1)
                canvas.line(x1, y0, x1, y1)
            for y in (ys[0], ys[heads], ys[-1]):
                canvas.line(left, y, right, y)
        elif kind == "three":
            for y in (ys[0], ys[heads], ys[-1]):
                canvas.line(left, y, right, y)
        canvas.setFillColor(black)


def is_figure(text):
    return bool(text) and all(c in "0123456789.,-" for c in text)


LOOKS = {
    "lines": Look(),
    "boxes": Look(rules="boxes"),
    "thin rectangles": Look(rules="thin"),
    "dashes": Look(rules="dashes"),
    "open sides": Look(rules="open"),
    "shaded heads": Look(rules="shade"),
    "split": Look(rows_per_page=6),
    "split, heads again": Look(rows_per_page=6, heads_again=True),
    "split, title and heads again": Look(rows_per_page=6, heads_again=True, title_again="（续表）"),
    "split, same title": Look(rows_per_page=7, heads_again=True, title_again=" "),
    "split with page numbers": Look(rows_per_page=5, number=True),
    "split thin": Look(rules="thin", rows_per_page=5),
    "turned 90": Look(turn=90, page=(595, 842)),
    "turned 180": Look(turn=180),
    "turned 270": Look(turn=270, page=(595, 842)),
    "cropped": Look(crop=20),
    "cropped and turned": Look(crop=20, turn=90, page=(595, 842)),
    "scaled": Look(scale=0.8),
    "two a page": Look(two_a_page=True, page=(842, 1190)),
    "printed twice": Look(twice=True),
    "watermark": Look(watermark="内部资料"),
    "figures lower": Look(lower=4),
    "small": Look(size=7),
    "large": Look(size=11, page=(1190, 842)),
    "only shades": Look(rules="fills"),
    "level rules": Look(rules="level"),
    "level rules, split": Look(rules="level", rows_per_page=6),
    "level rules, turned": Look(rules="level", turn=90, page=(595, 842)),
    "upright rules": Look(rules="upright"),
    "three rules": Look(rules="three"),
    "three rules, small": Look(rules="three", size=7),
    "no rules": Look(rules="none"),
    "no rules, turned": Look(rules="none", turn=270, page=(595, 842)),
    "no rules, large": Look(rules="none", size=10, page=(1190, 842)),
    "no rules, page numbers": Look(rules="none", number=True),
    "no rules, printed twice": Look(rules="none", twice=True),
}


def variant(name, seed=0):
    """One of the ways, filled with figures of a seed."""
    return filled(random.Random(f"{name} {seed}"), LOOKS[name])


def filled(rng, look):
    """Forms with figures made up, some cells left blank as the look says."""
    made = forms(rng)
    for form in made:
        for row in form.rows:
            row[:] = ["" if "." in text and rng.random() < look.blank else text for text in row]
    return printed(made, look)


def any_look(rng):
    """A look that nobody thought of."""
    turn = rng.choice([0, 0, 0, 90, 180, 270])
    return Look(
        rules=rng.choice(
            [
                "lines",
                "boxes",
                "thin",
                "dashes",
                "open",
                "fills",
                "level",
                "upright",
                "three",
                "none",
                "none",
            ]
        ),
        rows_per_page=rng.choice([0, 0, 5, 8]),
        heads_again=rng.random() < 0.5,
        turn=turn,
        page=(600, 850) if turn in (90, 270) else (850, 600),
        size=rng.choice([6, 7, 8, 9, 10]),
        pad=rng.choice([1, 2, 3, 4, 6, 8]),
        blank=rng.choice([0, 0, 0.1, 0.3, 0.6]),
        align=rng.choice(["right", "right", "center", "left"]),
        lower=rng.choice([0, 0, 0, 2]),
        twice=rng.random() < 0.2,
        number=rng.random() < 0.5,
    )


__all__ = ["LOOKS", "Form", "Look", "forms", "printed", "replace", "variant"]
