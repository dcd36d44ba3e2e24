"""More ways in which people and programs write the same figures: neighbours of those in `ways.py`, registered in the same two lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from ways.model import LISTED, ONE, PROJECTS, SELF, TABLES, Box, Leaf, Written, is_percent
from ways.ways import (
    READ,
    TOLD,
    Way,
    as_text,
    codes,
    cover,
    head,
    numbers,
    one_box,
    percents,
    read,
    refused_head,
    restyle,
    spoilt,
    told,
    whole,
)

MONEY = (ONE, LISTED, PROJECTS, SELF)


def doubted(way: Way, *tables: str, unknown: bool = False) -> Way:
    """A way of which every figure of money (of some tables) may be refused."""

    def changed(book: Written) -> None:
        way(book)
        book.doubtful(
            *[
                box.slot
                for _l, _a, box in numbers(book, money=True)
                if not tables or box.slot[0] in tables
            ],
            unknown=unknown,
        )
        for table in tables or MONEY:
            whole(book, table)

    return changed


def rounded(code: str, places: int) -> Way:
    """A format that shows fewer places than the cells hold: what is shown counts."""

    def way(book: Written) -> None:
        restyle(code)(book)
        for _leaf, _at, box in list(numbers(book, money=True)):
            book.expect[box.slot] = (
                box.value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) * 10000
            )

    return way


# Number formats that WPS, LibreOffice and exporting programs write.
READ |= {
    f"format {code}": restyle(code)
    for code in (
        "0.00_ ",
        "0.00_ ;[Red]\\-0.00\\ ",
        "#,##0.00_ ;[Red]\\-#,##0.00\\ ",
        "#,##0.00_);[Red]\\(#,##0.00\\)",
        "[蓝色]0.00;[红色]-0.00",
        "[Color10]0.00;[Color3]-0.00",
        "0.00;-0.00;0.00;@",
        "[$¥-804]#,##0.00;[RED]-[$¥-804]#,##0.00",
        '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
        '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-',
        "0.00\\万\\元",
        "0.00!万!元",
        '#,##0.00\\ "万元"',
        '0.00" 万元"',
        "?????????.??",
        "000000000.00",
        "0.00##",
        "[DBNum1][$-804]0.00",
        "[>0]0.00;[<0]-0.00;0.00",
        '[=0]"-";0.00',
        "[$-F800]0.00",
        '"¥ "#,##0.00',
        "￥#,##0.00;￥-#,##0.00",
        '0.00"（万元）"',
        '0.00"(万元)"',
        "[$CNY]\\ #,##0.00",
        '"人民币"#,##0.00',
        '_ [$¥-804]* #,##0.00_ ;_ [$¥-804]* \\-#,##0.00_ ;_ [$¥-804]* "-"??_ ;_ @_ ',
        "#,##0.00;[Red]#,##0.00",
        "[black]0.00",
        'General"万元"',
        '0.00;0.00;"无"',
        "0.00;;",
    )
}
READ |= {
    "shown without places": rounded("0", 0),
    "shown with one place": rounded("#,##0.0", 1),
    "millions by commas": lambda book: (
        head("单位：百万元")(book),
        restyle("#,##0.000000,,", lambda v: v * 10000)(book),
    )[0],
    "percent with a blank": percents(lambda p: p / 100, "0.00\\ %"),
    "percent in colours": percents(lambda p: p / 100, "0.00%;[Red]\\-0.00%"),
    "percent above 100 typed": percents(lambda p: f"{p:.2f} %", ""),
    "per cent in words": percents(lambda p: f"{p:.2f}﹪", ""),
}
TOLD |= {
    f"one cell in {code}": one_box(unknown=unknown, format=code)
    for code, unknown in (
        ("0.00E+00", True),
        ("##0.0E+0", True),
        ("# ??/??", False),
        ("[h]:mm:ss", True),
        ('m"月"d"日"', True),
        ("0.00;;;", False),
        ('"△"0.00', True),
        ('"约"0.00', True),
        ("[$€-2] #,##0.00", True),
        ("[$$-409]#,##0.00", True),
        ("[$USD] 0.00", True),
        ('"US$"0.00', True),
        ('"HK$"0.00', True),
        ('0.00"万美元"', True),
        ('0.00"人"', True),
        ("0.00%", True),
        ('"见附件"', True),
        ("@@", False),
        ("aaaa", True),
        ('"大于"0.00', True),
        ('0.00"（估）"', True),
        ("[$-411]ggge", True),
        ('0"元"00"角"', True),
        ("0.00\\-0.00", True),
        ('0.00" / "0', True),
        ('0.00"亿元"', False),
        ("yyyy/m/d h:mm", True),
    )
}
TOLD['one cell in 0.00"亿元"'] = lambda book: _as_hundred_millions(book)
TOLD |= {
    "ten thousands by a comma and a literal point": doubted(
        lambda book: (
            head("单位：元")(book),
            restyle('0!.0,"万"', lambda v: v * 10000)(book),
            _rounded_to(book, 1),
        )[0]
    ),
    "the word 万 behind, held in 元": doubted(
        lambda book: (head("单位：元")(book), restyle('0!.0000"万"', lambda v: v * 10000)(book))[0]
    ),
}


def _as_hundred_millions(book: Written) -> None:
    leaf, at, slot = book.one(ONE)
    book.set(leaf, at, value=Decimal("12.34"), format='0.00"亿元"')
    book.expect[slot] = Decimal("1234000000")
    book.doubtful(slot)


def _rounded_to(book: Written, places: int) -> None:
    for slot, value in book.expect.items():
        if (
            slot[0] in MONEY
            and isinstance(value, Decimal)
            and (column := TABLES[slot[0]].column(slot[2]))
            and column.type.value == "money"
        ):
            book.expect[slot] = (value / 10000).quantize(
                Decimal(1).scaleb(-places), ROUND_HALF_UP
            ) * 10000


# Texts.
def commas(value: Decimal) -> str:
    return f"{value:,.2f}"


READ |= {
    "text with 元 in brackets": as_text(lambda v: f"{v}（万元）"),
    "RMB before": as_text(lambda v: f"RMB {commas(v)}"),
    "人民币 before": as_text(lambda v: f"人民币{v}万元"),
    "yuan sign and blank": as_text(lambda v: f"¥ {commas(v)}"),
    "yuan sign, unit": as_text(lambda v: f"￥{commas(v)}万元"),
    "full-width comma": as_text(lambda v: commas(v).replace(",", "，")),
    "text of a formula": lambda book: _formula_texts(book),
    "a quote before": as_text(lambda v: f"'{v}"),
    "a carriage return escaped": as_text(lambda v: f"{v}_x000D_\n"),
    "zero-width blanks inside": as_text(lambda v: f"{str(v)[0]}\u200b{str(v)[1:]}"),
    "more zeros": as_text(lambda v: f"{v}00"),
    "zeros before": as_text(lambda v: f"00{v}"),
    "a thin blank for thousands": as_text(lambda v: commas(v).replace(",", "\u2009")),
    "a hard blank for thousands": as_text(lambda v: commas(v).replace(",", "\u00a0")),
    "万 behind": as_text(lambda v: f"{v}万"),
}


def _formula_texts(book: Written) -> None:
    for leaf, at, box in list(numbers(book, money=True)):
        book.set(leaf, at, value=commas(box.value), formula='TEXT(A1,"#,##0.00")')


def negatives(*forms: Callable[[Decimal], str]) -> Way:
    """Some figures negative, written so."""

    def way(book: Written) -> None:
        for leaf, at, box in list(numbers(book, money=True)):
            if book.rng.random() < 0.3:
                book.expect[box.slot] = -book.expect[box.slot]
                book.set(leaf, at, value=book.rng.choice(forms)(box.value))
                book.doubtful(box.slot)

    return way


TOLD |= {
    "a minus behind": negatives(lambda v: f"{v}-"),
    "a triangle": negatives(lambda v: f"△{v}"),
    "a black triangle": negatives(lambda v: f"▲{v}"),
    "a dash for a minus": negatives(lambda v: f"—{v}"),
    "a hyphen": negatives(lambda v: f"‐{v}"),
    "yuan and a minus": negatives(lambda v: f"-¥{v}", lambda v: f"¥-{v}", lambda v: f"-￥ {v}"),
    "minus a blank": negatives(lambda v: f"- {v}"),
    "in square brackets": negatives(lambda v: f"[{v}]"),
    "负": negatives(lambda v: f"负{v}"),
    "a minus in brackets": negatives(lambda v: f"(-{v})"),
    "brackets and unit": negatives(lambda v: f"({v})万元"),
    "credit": negatives(lambda v: f"{v}CR"),
    "一": negatives(lambda v: f"一{v}"),
}
TOLD["a minus in brackets"] = spoilt(lambda t: f"(-{t})")
TOLD |= {
    f"text {name}": spoilt(change)
    for name, change in (
        ("with a Chinese full stop", lambda t: t.replace(".", "。")),
        ("with a middle dot", lambda t: t.replace(".", "·")),
        ("Swiss", lambda t: "1'234.56"),
        ("Spanish", lambda t: "1.234.567"),
        ("below", lambda t: f"<{t}"),
        ("above", lambda t: f"≥{t}"),
        ("roughly", lambda t: f"≈{t}"),
        ("with a point behind", lambda t: f"{t}."),
        ("with a full stop behind", lambda t: f"{t}。"),
        ("letters for digits", lambda t: "l23.45"),
        ("exponent", lambda t: "2.02E+05"),
        ("numbered", lambda t: f"1、{t}"),
        ("numbered by bracket", lambda t: f"（1）{t}"),
        ("with a note number in brackets", lambda t: f"{t}（1）"),
        ("with a word", lambda t: f"{t}含上年"),
        ("of two parts", lambda t: f"{t}（其中专户12）"),
        ("an equation", lambda t: f"={t}"),
        ("two with a semicolon", lambda t: f"{t};{t}"),
        ("two with a blank", lambda t: f"{t} {t}"),
        ("in Chinese money", lambda t: "壹拾贰元整"),
        ("hashes", lambda t: "########"),
        ("to be filled", lambda t: "待填"),
        ("plus minus", lambda t: f"±{t}"),
        ("hexadecimal", lambda t: "0x1F"),
        ("infinite", lambda t: "∞"),
        ("nan", lambda t: "NaN"),
        ("with a paragraph sign", lambda t: f"{t[:2]}\u2029{t[2:]}"),
        (
            "with a form feed",
            lambda t: f"{t[:2]}\u000b{t[2:]}" if False else f"{t[:2]}\u2028{t[2:]}",
        ),
        ("in thousands k", lambda t: f"{t}k"),
        ("in thousands K", lambda t: f"{t}K"),
        ("in M", lambda t: f"{t}M"),
        ("w for 万", lambda t: f"{t}w"),
    )
}


# Units of money.
READ |= {
    f"stated {text!r}": head(text, Decimal(10000))
    for text in (
        "金额:元",
        "金额：元",
        "（金额：元）",
        "以元为单位",
        "（以元为单位）",
        "本表以元为单位",
        "本表金额以元为单位。",
        "金额以元为单位",
        "本表以“元”为金额单位（保留两位小数）。",
        "（金额单位：元/%）",
        "金额单位：元、%",
        "单位：元、人、%",
        "单位：人民币（元）",
        "单位：（元）",
        "货币单位：人民币元",
        "单位:元 币种:人民币",
        "币种：人民币  单位：元",
        "（人民币元）",
        "（元）",
        "元",
        "单位：圆",
        "单位为元",
        "金额单位为元",
        "金额单位为：元",
        "单位=元",
        "单位；元",
        "单位;元",
        "单位、元",
        "单位“元”",
        "单位：“元”",
        "第1页 单位：元",
        "公开01表 金额单位：元",
        "【单位：元】",
        "[单位：元]",
        "（ 单位：元 ）",
        "单位（元）",
        "单位（元）：",
        "计量单位：元",
        "单位：元整",
        "单位：元（保留两位小数）",
        "金额单位：元（列至角分）",
        "部门：试验县小学　　　　单位：元",
        "金额单位∶　元",
        "单  位 ： 元",
        "金额单位 ： 人民币 元",
        "货币：人民币元",
        "金额单位：RMB（元）",
        "单位：元/人民币",
        "币种：元",
        "金额计量单位：元",
        "金额单位：人民币：元",
        "本表金额单位：元",
        "单位：人民币元、%",
        "单位：元;%",
        "单位：元 %",
        "金额单位:元，%",
        "数据单位：元",
        "报表单位：元",
        "表内金额单位：元",
        "资金单位：元",
        "金额单位：元 共1页",
        "（单位：元",
        "单位：元）",
        "单位：\n元",
    )
}
READ |= {
    "millions, other words": head("单位：佰万元", Decimal("0.01")),
    "thousands, other words": head("（金额单位：仟元）", Decimal(10)),
    "the unit below": head("单位：元", Decimal(10000), at=(45, 0)),
    "the unit below, at the right": head("金额单位：元", Decimal(10000), at=(44, 4)),
    "the unit's word and its sign in two cells": lambda book: _two_cells(book, "金额单位：", "元"),
    "the same without a colon": lambda book: _two_cells(book, "单位", "元"),
    "the same in three cells": lambda book: _two_cells(book, "金额单位", "：", "元"),
    "the unit in the title": lambda book: _title(book, "{title}（单位：元）"),
    "the unit at the title's end": lambda book: _title(book, "2023年度{title}（元）"),
    "the unit in a second line of the title": lambda book: _title(book, "{title}\n（单位：元）"),
    "the standard note": lambda book: _below(
        book,
        "注：1.本表依据《收入支出决算表》（财决01表）进行批复。2.本套报表金额单位转换时可能存在尾数误差。",
    ),
    "a note on rounding": lambda book: _below(
        book, "注：本表金额单位转换为万元时，因四舍五入可能存在尾差。"
    ),
    "a note that says the same unit": lambda book: _below(
        book, "注：本表以“万元”为金额单位（保留两位小数）。"
    ),
    "a note with figures": lambda book: _below(
        book, "备注：2023年决算数比上年增加12.5万元, 增长3.4%。"
    ),
    "the corner says it": lambda book: _corner(book, "项目（单位：元）"),
    "bands in two units": lambda book: _bands(book),
    "a band says it": lambda book: _band(book, "金额（元）"),
    "a band says it in words": lambda book: _band(book, "金额单位：元"),
}
TOLD |= {
    f"stated {text!r}": refused_head(text)
    for text in (
        "金额：美元",
        "以美元为单位",
        "单位：港元",
        "单位：万卢布",
        "金额：元/万元",
        "单位：元或万元",
        "金额单位：角",
        "金额单位：分",
        "单位：两",
        "币种：美元  单位：元",
        "单位：万元/元",
        "金额单位：$",
        "以千美元为单位",
        "单位：元（万元）",
        "单位：吨、台",
    )
}


def _sheets_of_money(book: Written):
    return [book.leaf(table) for table in MONEY]


def _in_yuan(book: Written, *tables: str) -> None:
    for leaf, at, box in list(numbers(book, money=True)):
        if box.slot[0] in (tables or MONEY):
            book.set(leaf, at, value=box.value * 10000)


def _two_cells(book: Written, *words: str) -> None:
    for leaf in _sheets_of_money(book):
        del leaf.cells[leaf.find("单位：万元")]
        for n, word in enumerate(words):
            leaf.cells[2, n] = Box(word)
    _in_yuan(book)


def _title(book: Written, form: str) -> None:
    for leaf in _sheets_of_money(book):
        del leaf.cells[leaf.find("单位：万元")]
        book.set(leaf, (0, 0), value=form.format(title=leaf.cells[0, 0].value))
        leaf.merged.append((0, 0, 0, 3))
    _in_yuan(book)


def _below(book: Written, text: str) -> None:
    for leaf in _sheets_of_money(book):
        leaf.cells[leaf.height + 1, 0] = Box(text)


def _corner(book: Written, text: str) -> None:
    leaf = book.leaf(ONE)
    del leaf.cells[leaf.find("单位：万元")]
    for at in [at for at, box in leaf.cells.items() if box.value == "项目"]:
        book.set(leaf, at, value=text)
    _in_yuan(book, ONE)


def _bands(book: Written) -> None:
    leaf = book.leaf(PROJECTS)
    book.set(leaf, leaf.find("项目预算数"), value="项目预算数（万元）")
    book.set(leaf, leaf.find("项目决算数"), value="项目决算数(元)")
    for at in leaf.slots(PROJECTS):
        if leaf.cells[at].slot[2] == "决算数":
            book.set(leaf, at, value=leaf.cells[at].value * 10000)


def _band(book: Written, text: str) -> None:
    leaf = book.leaf(LISTED)
    del leaf.cells[leaf.find("单位：万元")]
    leaf.insert_rows(3)
    leaf.cells[3, 0], leaf.cells[3, 2] = Box("项目"), Box(text)
    leaf.merged += [(3, 0, 3, 1), (3, 2, 3, 8)]
    _in_yuan(book, LISTED)


@told("the unit on the cover alone")
def _(book: Written) -> None:
    head("", Decimal(10000))(book)
    book.leaves[0].cells[12, 0] = Box("金额单位：元")
    for table in MONEY:
        whole(book, table)


@told("the unit on some of the sheets")
def _(book: Written) -> None:
    head("单位：元", Decimal(10000))(book)
    leaf = book.leaf(LISTED)
    del leaf.cells[leaf.find("单位：元")]
    whole(book, LISTED)


@told("the unit in the page's header")
def _(book: Written) -> None:
    head("", Decimal(10000))(book)
    for leaf in _sheets_of_money(book):
        leaf.behind = (
            "<headerFooter><oddHeader>&amp;C&amp;A&amp;R单位：元</oddHeader></headerFooter>"
        )
    for table in MONEY:
        whole(book, table)


@told("a line of a listing with its own unit")
def _(book: Written) -> None:
    leaf = book.leaf(PROJECTS)
    at = next(at for at in leaf.slots(PROJECTS) if leaf.cells[at].slot[2] == "项目名称")
    old, name = leaf.cells[at].value, "机关运行经费（元）"
    for place in leaf.slots(PROJECTS):
        box = leaf.cells[place]
        if box.slot[1] == old:
            slot = (PROJECTS, name, box.slot[2])
            book.expect[slot] = name if box.slot[2] == "项目名称" else book.expect[box.slot]
            del book.expect[box.slot]
            value = name if place == at else box.value
            if isinstance(box.value, Decimal):
                value = book.expect[slot] = Decimal(book.rng.randint(10_000, 990_000))
            leaf.cells[place] = replace(box, slot=slot, value=value)
            book.doubt.add(slot)


# What is not seen.
@told("white on white")
def _(book: Written) -> None:
    leaf, at, slot = book.one(ONE)
    book.set(leaf, at, ink="FFFFFFFF")
    book.doubtful(slot)
    book.tell.add(leaf.name)


@told("white on white by theme")
def _(book: Written) -> None:
    leaf, at, slot = book.one(LISTED)
    book.set(leaf, at, ink="0")
    book.doubtful(slot)
    book.tell.add(leaf.name)


@told("the colour of the ground")
def _(book: Written) -> None:
    leaf, at, slot = book.one(PROJECTS)
    book.set(leaf, at, ink="FFFFFF00", fill="FFFFFF00")
    book.doubtful(slot)
    book.tell.add(leaf.name)


@read("white on blue")
def _(book: Written) -> None:
    for leaf, at, _box in list(numbers(book)):
        book.set(leaf, at, ink="FFFFFFFF", fill="FF0070C0")


def row_look(**given: str) -> Way:
    """A row with such attributes; its figures must be told of."""

    def way(book: Written) -> None:
        leaf, at, _slot = book.one(ONE)
        leaf.of_row[at[0]] = given
        book.doubtful(*[leaf.cells[p].slot for p in leaf.slots(ONE) if p[0] == at[0]])
        book.tell.add(leaf.name)

    return way


def column_look(**given: str) -> Way:
    """A column with such attributes; its figures must be told of."""

    def way(book: Written) -> None:
        leaf, at, slot = book.one(LISTED)
        leaf.of_column[at[1]] = given
        book.doubtful(*[s for s in book.expect if s[0] == LISTED and s[2] == slot[2]])
        book.tell.add(leaf.name)

    return way


TOLD |= {
    "a row without height": row_look(ht="0", customHeight="1"),
    "a row without height, by a point": row_look(ht="0.0", customHeight="1"),
    "a row of a hair": row_look(ht="0.75", customHeight="1"),
    "a filtered row": row_look(hidden="true", ht="14"),
    "a folded row": row_look(hidden="1", outlineLevel="1"),
    "a column without width": column_look(width="0", customWidth="1"),
    "a column without width, by a point": column_look(width="0.0", customWidth="1"),
    "a column of a hair": column_look(width="0.07", customWidth="1"),
    "a folded column": column_look(width="9", hidden="true", outlineLevel="1"),
}


@told("rows hidden unless they say otherwise")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    leaf.before = '<sheetFormatPr defaultRowHeight="14" zeroHeight="1"/>'
    whole(book, ONE)
    book.tell.add(leaf.name)


@read("a protected sheet")
def _(book: Written) -> None:
    for leaf in book.leaves:
        leaf.behind = '<sheetProtection sheet="1" objects="1" scenarios="1"/>'


@read("a workbook with macros")
def _(book: Written) -> None:
    book.file = book.file.replace(".xlsx", ".xlsm")


@read("folded groups that are open")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    leaf.of_row = {
        5: {"outlineLevel": "1"},
        6: {"outlineLevel": "2", "ht": "13.5", "customHeight": "1"},
    }
    leaf.of_column = {3: {"width": "8.5", "customWidth": "1", "outlineLevel": "1"}}


# Codes.
TOLD |= {
    f"codes {name}": doubted(codes(change), LISTED)
    for name, change in (
        ("with a point and zero", lambda c: f"{c}.0"),
        ("with two zeros", lambda c: f"{c}.00"),
        ("as exponents", lambda c: f"{int(c):.6E}"),
        ("with their names", lambda c: f"{c} 行政运行"),
        ("with names and a hyphen", lambda c: f"{c}-行政运行"),
        ("in brackets", lambda c: f"[{c}]"),
        ("in round brackets", lambda c: f"（{c}）"),
        ("with the letter O", lambda c: c.replace("0", "O")),
        ("with the letter l", lambda c: c.replace("1", "l")),
        ("with a comma", lambda c: f"{int(c):,}"),
        ("with a word", lambda c: f"科目{c}"),
        ("with a point behind", lambda c: f"{c}."),
        (
            "as Chinese digits",
            lambda c: c.translate(str.maketrans("0123456789", "〇一二三四五六七八九")),
        ),
        ("by slashes", lambda c: "/".join((c[:3], *(c[i : i + 2] for i in range(3, len(c), 2))))),
        (
            "by line breaks",
            lambda c: "\n".join((c[:3], *(c[i : i + 2] for i in range(3, len(c), 2)))),
        ),
    )
}
READ |= {
    "codes indented": codes(lambda c: "　" * (len(c) // 2 - 1) + c),
    "codes with a line break behind": codes(lambda c: f"{c}\n"),
    "codes with a sign of direction": codes(lambda c: f"\u202d{c}\u202c"),
}


def numbered_codes(code: str) -> Way:
    """Codes of lines as numbers in a format."""

    def way(book: Written) -> None:
        leaf = book.leaf(LISTED)
        for at in leaf.slots(LISTED):
            if leaf.cells[at].slot[2] == "科目编码":
                book.set(leaf, at, value=Decimal(leaf.cells[at].value), format=code)

    return way


READ |= {
    "codes as numbers, " + code: numbered_codes(code)
    for code in ("0", "0_ ", "@", "#", "0_);[Red]\\(0\\)", "#0")
}
TOLD |= {
    "codes as numbers, " + code: doubted(numbered_codes(code), LISTED)
    for code in ("#,##0", "0.00", "0000000", "0.00E+00", "#,##0.00_ ")
}
TOLD["codes as numbers, 0000000"] = lambda book: (
    numbered_codes("0000000")(book),
    [book.expect.pop(s) for s in list(book.expect) if s[0] == LISTED] and _padded(book),
)[0]


def _padded(book: Written) -> None:
    """With zeros before them: what is shown is another code."""
    leaf = book.leaf(LISTED)
    for at in leaf.slots(LISTED):
        box = leaf.cells[at]
        key = f"{int(box.slot[1]):07d}"
        slot = (LISTED, key, box.slot[2])
        book.expect[slot] = (
            key
            if box.slot[2] == "科目编码"
            else box.value * 10000
            if isinstance(box.value, Decimal)
            else box.value
        )
        leaf.cells[at] = replace(box, slot=slot)
    whole(book, LISTED)


# Years.
READ |= {
    f"the year {text}": cover("年度", value=text)
    for text in ("2023年", "2023 年度", "２０２３年度", "2023年\n")
}
READ["the year in Chinese"] = cover("年度", value="二〇二三年度")
READ["the year as a number with a word"] = cover("年度", value=Decimal(2023), format='0"年度"')
READ["the year as a number in brackets"] = cover("年度", value=Decimal(2023), format="0_ ")
READ["the year as a date of its end"] = cover("年度", value="2023年12月31日")


# Layouts.
def _signed(word: str, book: Written) -> None:
    """A line that people sign, with a number in its own cell."""
    for table in (ONE, LISTED, PROJECTS):
        leaf = book.leaf(table)
        line = leaf.height + 1
        leaf.cells[line, 0], leaf.cells[line, 1] = Box("填表人：张三"), Box("审核人：李四")
        leaf.cells[line, 2], leaf.cells[line, 3] = (
            Box(word),
            Box(Decimal(45291) if "日期" in word else Decimal(68601234)),
        )


SIGNED = (
    "联系电话",
    "联系电话：",
    "填报日期",
    "制表日期：",
    "电话：",
    "手机",
    "身份证号",
    "邮编",
    "页码",
    "报出日期：",
)
READ |= {f"a line {word!r} below with figures beside": partial(_signed, word) for word in SIGNED}


@read("heads again after a page")
def _(book: Written) -> None:
    for table in (LISTED, PROJECTS):
        leaf = book.leaf(table)
        texts = {at: box for at, box in leaf.cells.items() if at[0] <= 3}
        leaf.insert_rows(7, 4)
        leaf.cells |= {(r + 7, c): box for (r, c), box in texts.items()}


@read("heads again with column numbers")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    texts = {at: box for at, box in leaf.cells.items() if at[0] <= 3}
    leaf.insert_rows(7, 5)
    leaf.cells |= {(r + 7, c): box for (r, c), box in texts.items()}
    leaf.cells[11, 0] = Box("栏次")
    for n in range(7):
        leaf.cells[11, 2 + n] = Box(Decimal(n + 1))


@read("续表 between")
def _(book: Written) -> None:
    for table in (LISTED, PROJECTS):
        leaf = book.leaf(table)
        leaf.insert_rows(7, 2)
        leaf.cells[7, 0], leaf.cells[8, 0] = Box("收入决算表（续）"), Box("续表")


@read("blank lines between")
def _(book: Written) -> None:
    for table in (ONE, LISTED, PROJECTS):
        book.leaf(table).insert_rows(7, 3)


@told("a line of 其中")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    at = leaf.find("五、事业收入")
    leaf.insert_rows(at[0] + 1)
    leaf.cells[at[0] + 1, 0], leaf.cells[at[0] + 1, 1] = (
        Box("其中：财政专户管理资金"),
        Box(Decimal("12.5")),
    )
    whole(book, ONE)
    book.tell.add(leaf.name)


@read("a sum on top")
def _(book: Written) -> None:
    leaf = book.leaf(PROJECTS)
    leaf.insert_rows(4)
    leaf.cells[4, 0], leaf.cells[4, 2], leaf.cells[4, 3] = (
        Box("合  计"),
        Box(Decimal("12.5")),
        Box(Decimal("13.5")),
    )


@read("more columns behind")
def _(book: Written) -> None:
    for table in (LISTED, PROJECTS):
        leaf = book.leaf(table)
        width = 1 + max(c for r, c in leaf.cells if r == 3)
        for n, word in enumerate(("上年数", "增减额", "增减率", "备注")):
            leaf.cells[3, width + n] = Box(word)
            for r in range(4, 10):
                leaf.cells[r, width + n] = Box(Decimal(f"{r}.5"))


@read("serial numbers before")
def _(book: Written) -> None:
    for table in (LISTED, PROJECTS):
        leaf = book.leaf(table)
        leaf.insert_columns(0)
        leaf.cells[3, 0] = Box("序号")
        for r in range(4, 10):
            leaf.cells[r, 0] = Box(Decimal(r - 3))


@read("budgets before accounts")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    for column in (4, 1):
        leaf.insert_columns(column, 2)
        for n, word in enumerate(("年初预算数", "全年预算数")):
            leaf.cells[4, column + n] = Box(word)
            for r in range(5, 17):
                leaf.cells[r, column + n] = Box(Decimal(f"{r}.5"))


@told("two years' accounts")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    for column in (4, 1):
        leaf.insert_columns(column)
        leaf.cells[4, column] = Box("上年决算数")
        for r in range(5, 17):
            leaf.cells[r, column] = Box(Decimal(f"{r}.5"))
    whole(book, ONE)


@told("bands of two years")
def _(book: Written) -> None:
    leaf = book.leaf(PROJECTS)
    at = leaf.find("项目决算数")
    leaf.insert_rows(3)
    leaf.insert_columns(at[1], 2)
    for n, word in enumerate(("项目预算数", "项目决算数")):
        leaf.cells[4, at[1] + n] = Box(word)
        for r in range(5, 11):
            leaf.cells[r, at[1] + n] = Box(Decimal(f"{r}.5"))
    whole(book, PROJECTS)
    book.doubtful(
        *[s for s in book.expect if s[0] == PROJECTS and s[2] in ("预算数", "决算数")], unknown=True
    )


@told("one figure a column too far")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    at = leaf.find("五、事业收入")
    box = leaf.cells.pop((at[0], 1))
    leaf.cells[at[0], 2] = Box(box.value)
    book.doubtful(box.slot)


@told("one figure a column too far in a listing")
def _(book: Written) -> None:
    leaf = book.leaf(PROJECTS)
    at = next(at for at in leaf.slots(PROJECTS) if leaf.cells[at].slot[2] == "决算数")
    box = leaf.cells.pop(at)
    leaf.cells[at[0], at[1] + 1] = Box(box.value)
    book.doubtful(box.slot)


@told("a label over two lines, the figure on the second")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    at = leaf.find("五、事业收入")
    leaf.insert_rows(at[0] + 1)
    leaf.merged.append((at[0], 0, at[0] + 1, 0))
    box = leaf.cells.pop((at[0], 1))
    leaf.cells[at[0] + 1, 1] = box
    book.doubtful(box.slot)


@told("a label broken into two cells, the figure beside the second")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    at = leaf.find("使用非财政拨款结余（含专用结余）")
    leaf.insert_rows(at[0] + 1)
    book.set(leaf, at, value="使用非财政拨款结余")
    leaf.cells[at[0] + 1, 0] = Box("（含专用结余）")
    box = leaf.cells.pop((at[0], 1))
    leaf.cells[at[0] + 1, 1] = box
    book.doubtful(box.slot)


@read("figures merged with the blank cells beside")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    leaf.insert_columns(2)
    leaf.merged += [(r, 1, r, 2) for r in range(4, 17)]


@read("labels merged with the blank cells beside")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    leaf.insert_columns(1)
    leaf.merged += [(r, 0, r, 1) for r in range(4, 17)]


@read("each line over two rows")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    for r in range(9, 3, -1):
        leaf.insert_rows(r + 1)
        leaf.merged += [(r, c, r + 1, c) for c in range(9)]


@read("heads over two rows")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    leaf.insert_rows(4)
    leaf.merged += [(3, c, 4, c) for c in range(9)]


@told("two forms on one sheet")
def _(book: Written) -> None:
    first, second = book.leaf(ONE), book.leaf(LISTED)
    down = first.height + 2
    first.cells |= {(r + down, c): box for (r, c), box in second.cells.items()}
    book.leaves.remove(second)
    whole(book, ONE)
    whole(book, LISTED)


@told("a listing on two sheets")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    head_of = {at: box for at, box in leaf.cells.items() if at[0] <= 3}
    rest = {(r - 3, c): box for (r, c), box in leaf.cells.items() if r >= 7}
    leaf.cells = {at: box for at, box in leaf.cells.items() if at[0] < 7}
    book.leaves.append(Leaf("公开02表（续）", head_of | rest))
    whole(book, LISTED)
    whole(book, ONE)


@told("a listing twice side by side")
def _(book: Written) -> None:
    leaf = book.leaf(PROJECTS)
    for (r, c), box in list(leaf.cells.items()):
        if r == 3:
            leaf.cells[r, c + 5] = box
        elif r >= 7:
            leaf.cells[r - 3, c + 5] = box
            del leaf.cells[r, c]
    whole(book, PROJECTS)


@read("nil in words")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    for word, place in zip(
        ("-", "—", "——", "/", "－", "无", " - ", "--", "0", "0.00", "-0.00"),
        leaf.slots(ONE),
        strict=False,
    ):
        book.set(leaf, place, value=word)
        book.expect[leaf.cells[place].slot] = Decimal(0)


@told("nil in other words")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    for word, place in zip(
        ("零", "未发生", "不涉及", "…", "×", "空白", "*", "─", "\\", "。", "?", "N", "暂无"),
        leaf.slots(ONE),
        strict=False,
    ):
        book.set(leaf, place, value=word)
        book.expect[leaf.cells[place].slot] = Decimal(0)
        book.doubt.add(leaf.cells[place].slot)


@told("shares mixed")
def _(book: Written) -> None:
    for leaf, at, box in list(numbers(book, SELF)):
        if is_percent(box.slot):
            book.set(leaf, at, value=Decimal("0.92"), format="0.00")
            book.expect[box.slot] = Decimal("0.92")
            book.doubtful(box.slot)


READ |= {"scores with 分": lambda book: _scores(book)}


def _scores(book: Written) -> None:
    for leaf, at, box in list(numbers(book, SELF)):
        if TABLES[SELF].column(box.slot[2]).type.value == "score":
            book.set(leaf, at, value=f"{box.value}分")
