"""Further ways, registered in the same two lists: other words for units, dates beside titles, cells that lie below others, columns that are too narrow."""

from __future__ import annotations

from decimal import Decimal

from ways.model import LISTED, ONE, PROJECTS, Box, Written
from ways.neighbours import MONEY
from ways.pack import STRUCK
from ways.ways import (
    READ,
    TOLD,
    Way,
    head,
    numbers,
    one_box,
    read,
    refused_head,
    spoilt,
    told,
    whole,
)

# Units of money: what else people write around 元.
READ |= {
    f"stated {text!r}": head(text, Decimal(10000))
    for text in (
        "单位：yuan",
        "Unit: Yuan",
        "說明  單位：元",
        "说明：本表金额单位均为元。",
        "单位统一为元",
        "本表以人民币元列示",
        "（以元计）",
        "单位：〔元〕",
        "单位：《元》",
        "单位：'元'",
        "单位：<元>",
        "单位：人民币/元",
        "单位：人民币－元",
        "单位—元",
        "金额单位——元",
        "单位·元",
        "金额单位。元",
        "单位：元*",
        "单位：元①",
        "单位：元（注1）",
        "单位：元（不含税）",
        "单位：_元_",
        "单位：元      填报日期：2024年1月5日",
        "金額單位：元",
        "（以下金额均为元）",
        "单位：元第1页",
        "单位：元（含角分）",
        "单位：元（人民币，下同）",
        "金额单位：（人民币）元",
        "金额单位：元/人民币元",
        "元    2023年",
    )
}
TOLD |= {
    f"stated {text!r}": refused_head(text)
    for text in (
        "单位：1元",
        "Unit: 10,000 yuan",
        "单位：RMB'000",
        "单位：十亿元",
        "单位：元（万元）整",
        "单位：HK$",
        "单位：比索",
        "单位：wan",
        "单位：不详",
        "Unit: RMB million",
        "Unit: million yuan",
        "单位：元为",
    )
}


def named(name: str, factor: int) -> Way:
    """The unit in the name of the sheet and nowhere else."""

    def way(book: Written) -> None:
        leaf = book.leaf(ONE)
        leaf.name = name
        del leaf.cells[leaf.find("单位：万元")]
        for place in leaf.slots(ONE):
            book.set(leaf, place, value=leaf.cells[place].value * factor)
        whole(book, ONE)

    return way


TOLD |= {
    f"a sheet called {name}": named(name, factor)
    for name, factor in (
        ("元-公开01表", 10000),
        ("收入支出决算表￥元", 10000),
        ("收入支出决算表【元】", 10000),
        ("收支表(千元)", 10),
        ("公开01 万元", 1),
    )
}


def beside_titles(text: str) -> Way:
    """A line of the head of every form of money."""

    def way(book: Written) -> None:
        for table in MONEY:
            book.leaf(table).cells[1, 3] = Box(text)

    return way


READ |= {
    f"{text!r} in the head": beside_titles(text)
    for text in (
        "填报日期：2024年1月5日",
        "制表时间：2024年02月18日",
        "打印日期 2024年2月18日 10:23",
        "2024年3月",
        "注：差额不足1万元的以元列示",
    )
}
TOLD |= {
    f"text {name}": spoilt(change)
    for name, change in (
        ("written from the right", lambda t: f"\u202e{t}"),
        ("with a raised minus", lambda t: f"⁻{t}"),
        ("of one group behind zero", lambda t: "0,123"),
        ("in brackets of another kind", lambda t: f"{{{t}}}"),
    )
}
READ["zero in words"] = lambda book: _zero(book)
READ["units with blanks and words"] = lambda book: _units(book)


def _zero(book: Written) -> None:
    leaf = book.leaf(ONE)
    for word, place in zip(("零", "〇", "零元", "0.00元"), leaf.slots(ONE), strict=False):
        book.set(leaf, place, value=word)
        book.expect[leaf.cells[place].slot] = Decimal(0)


def _units(book: Written) -> None:
    forms = ("{} 万 元", "{}万元整", "{}元人民币", "{}RMB", "人民币：{}")
    for n, (leaf, at, box) in enumerate(list(numbers(book, money=True))):
        form = forms[n % len(forms)]
        value = box.value * 10000 if "}元" in form else box.value
        book.set(leaf, at, value=form.format(value.quantize(Decimal("0.01"))))


def below(text: str | Decimal, above: tuple[int, int]) -> Way:
    """A cell that a merged area covers holds something else than the area shows: nobody sees it."""

    def way(book: Written) -> None:
        leaf = book.leaf(ONE)
        at = leaf.find("五、事业收入")
        first, last = (at[0] + above[0], 1 + above[1]), (at[0], 1)
        book.set(leaf, last, value=text)
        leaf.merged.append((*first, *last))
        book.doubtful(leaf.cells[last].slot, unknown=True)
        if first in leaf.slots(ONE):
            book.doubtful(leaf.cells[first].slot)

    return way


TOLD |= {
    "a figure below the one above": below(Decimal("12.5"), (-1, 0)),
    "a text below the one above": below("12.50", (-1, 0)),
    "a figure below its label": below(Decimal("12.5"), (0, -1)),
}


@read("a unit below a merged title")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    leaf.cells[0, 3] = Box("单位：元")
    leaf.merged.append((0, 0, 0, 5))


@read("labels again below their merged cells")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    leaf.insert_rows(4)
    for column in range(9):
        if (3, column) in leaf.cells:
            leaf.cells[4, column] = leaf.cells[3, column]
            leaf.merged.append((3, column, 4, column))


@told("a figure struck out whole")
def _(book: Written) -> None:
    for table in (ONE, LISTED):
        leaf, at, slot = book.one(table)
        book.set(leaf, at, ink=STRUCK)
        book.doubtful(slot, unknown=True)


def narrow(width: str, code: str) -> Way:
    """A column in which figures come out as ####."""

    def way(book: Written) -> None:
        leaf = book.leaf(ONE)
        leaf.of_column[1] = {"width": width, "customWidth": "1"}
        for at in leaf.slots(ONE):
            if at[1] == 1:
                book.set(leaf, at, format=code)
        book.tell.add(leaf.name)

    return way


TOLD |= {
    "a column of one sign": narrow("1.25", "0.00"),
    "a column of two signs": narrow("2", "#,##0.00"),
    "a row of three points": lambda book: _low(book),
}


def _low(book: Written) -> None:
    leaf, at, _slot = book.one(ONE)
    leaf.of_row[at[0]] = {"ht": "3", "customHeight": "1"}
    book.tell.add(leaf.name)


@read("columns as wide as usual")
def _(book: Written) -> None:
    for leaf in book.leaves:
        for column in range(9):
            leaf.of_column[column] = {"width": "7.5", "customWidth": "1"}


# Labels with marks of notes and signs of lists around them.
def labelled(text: str) -> Way:
    """One line of a form under such a label."""

    def way(book: Written) -> None:
        leaf = book.leaf(ONE)
        book.set(leaf, leaf.find("五、事业收入"), value=text)

    return way


READ |= {
    f"a label {text!r}": labelled(text)
    for text in (
        "五.事业收入",
        "五．事业收入",
        "五、事业收入①",
        "五、事业收入（注1）",
        "五、事业收入[注]",
        "五、事业收入。",
        "☆五、事业收入",
        "⑤事业收入",
        "├五、事业收入",
        "五、事业收入[1]",
        "五、事业收入 注1",
        "五、事业收入（5=6+7）",
    )
}


def among(table: str, where: int, *cells: str | Decimal | None) -> Way:
    """A line among those of a listing that is none of them; `where` counts its lines, from the end where it is negative."""

    def way(book: Written) -> None:
        leaf = book.leaf(table)
        lines = sorted({row for row, _column in leaf.slots(table)})
        leaf.insert_rows(lines[where])
        for column, value in enumerate(cells):
            if value is not None:
                leaf.cells[lines[where], column] = Box(value)

    return way


def below_all(*cells: str | Decimal | None) -> Way:
    """The same below every listing."""

    def way(book: Written) -> None:
        for table in (LISTED, PROJECTS):
            leaf = book.leaf(table)
            row = leaf.height + 1
            for column, value in enumerate(cells):
                if value is not None:
                    leaf.cells[row, column] = Box(value)

    return way


READ |= {
    "the numbers of pages": below_all("第1页 共3页"),
    "the number of a page between dashes": below_all("- 1 -"),
    "nothing below, in brackets": among(PROJECTS, -1, "（空）"),
    "dots below": among(PROJECTS, -1, "……"),
    "无 below": among(PROJECTS, -1, "无"),
    "a telephone number on the line that is signed": below_all(
        "单位负责人：张三", None, "联系电话：", "0871-12345678"
    ),
    "a telephone number as a number": below_all("填表人", "李四", "电话", Decimal(12345678)),
    "a date of filling in as a number": below_all("填报日期", None, Decimal(20240105)),
    "项目合计 among projects": among(PROJECTS, 0, "项目合计", None, Decimal(5), Decimal(6)),
    "本级小计 among projects": among(PROJECTS, 1, "本级小计", None, Decimal(5)),
    "总计 with its unit among projects": among(PROJECTS, 1, "总计（万元）", None, Decimal(5)),
    "合计数 among projects": among(PROJECTS, 0, "合计数", None, Decimal(5), Decimal(6)),
    "合計 among projects": among(PROJECTS, -1, "合計", None, Decimal(5), Decimal(6)),
    "words below all": below_all("本表由财务股填列"),
    "承前页 among codes": among(LISTED, 1, "承前页", None, Decimal(5)),
    "过次页 among codes": among(LISTED, -1, "过次页", None, Decimal(5)),
    "columns numbered by formulas": among(LISTED, 0, None, None, "1=2+3", "2", "3", "4"),
}


def column_in(text: str, factor: int) -> Way:
    """A column whose header says its own unit."""

    def way(book: Written) -> None:
        leaf = book.leaf(PROJECTS)
        book.set(leaf, leaf.find("项目决算数"), value=text)
        for at in leaf.slots(PROJECTS):
            if leaf.cells[at].slot[2] == "决算数":
                book.set(leaf, at, value=leaf.cells[at].value * factor)

    return way


READ |= {
    f"a column {text!r}": column_in(text, 10)
    for text in (
        "项目决算数（千元）①",
        "项目决算数（千元）*",
        "项目决算数（千元）（注1）",
        "项目决算数\n（千元）",
        "项目决算数(单位：千元)",
        "项目决算数【千元】",
        "项目决算数（以千元计）",
        "项目决算数_千元",
    )
}


@read("units on a line below the heads")
def _(book: Written) -> None:
    leaf = book.leaf(PROJECTS)
    first = min(row for row, _column in leaf.slots(PROJECTS))
    leaf.insert_rows(first)
    leaf.cells[first, 2], leaf.cells[first, 3] = Box("（千元）"), Box("千元")
    for at in leaf.slots(PROJECTS):
        if isinstance(leaf.cells[at].value, Decimal):
            book.set(leaf, at, value=leaf.cells[at].value * 10)


TOLD |= {
    f"positive figures in {code}": one_box(format=code)
    for code in ("(0.00)", '"-"0.00', "-0.00;0.00", "(#,##0.00);0.00")
}
