"""Ways in which people and their programs write the same figures. Each changes a `Written`; `READ` leave a person no doubt, `TOLD` may be refused aloud.

A way of `READ` must give every figure but those it marks as doubtful; a way of `TOLD` gives each figure as a person reads it, or says where it does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from ways.model import LISTED, ONE, PROJECTS, SELF, Box, Leaf, Written, is_money, is_percent

Way = Callable[[Written], None]
READ: dict[str, Way] = {}
TOLD: dict[str, Way] = {}


def read(name: str) -> Callable[[Way], Way]:
    """Register a way that leaves no doubt."""
    return lambda way: READ.setdefault(name, way)


def told(name: str) -> Callable[[Way], Way]:
    """Register a way of which some figures may be refused, if that is said."""
    return lambda way: TOLD.setdefault(name, way)


def numbers(book: Written, table: str = "", money: bool = False):
    """Cells with numbers: sheet, place, box."""
    for leaf in book.leaves:
        for at in leaf.slots(table):
            box = leaf.cells[at]
            if isinstance(box.value, Decimal) and (not money or is_money(box.slot)):
                yield leaf, at, box


def restyle(code: str, change=lambda v: v, *, money: bool = True) -> Way:
    """All figures (of money) in a number format, the held value changed."""

    def way(book: Written) -> None:
        for leaf, at, box in list(numbers(book, money=money)):
            if not is_percent(box.slot):
                book.set(leaf, at, format=code, value=change(box.value))

    return way


def as_text(change: Callable[[Decimal], str]) -> Way:
    """All money as text."""

    def way(book: Written) -> None:
        for leaf, at, box in list(numbers(book, money=True)):
            book.set(leaf, at, value=change(box.value))

    return way


def percents(value, code: str) -> Way:
    """All shares written so; `value` takes what is printed before the sign."""

    def way(book: Written) -> None:
        for leaf, at, box in list(numbers(book, SELF)):
            if is_percent(box.slot):
                book.set(leaf, at, value=value(box.value * 100), format=code)

    return way


def head(
    text: str,
    factor: Decimal = Decimal(1),
    *,
    at: tuple[int, int] | None = None,
    tables: tuple[str, ...] = (ONE, LISTED, PROJECTS, SELF),
) -> Way:
    """Another unit line on every sheet of money; figures as printed in that unit."""

    def way(book: Written) -> None:
        for table in tables:
            leaf = book.leaf(table)
            del leaf.cells[leaf.find("单位：万元")]
            if text:
                leaf.cells[at or (2, 0)] = Box(text)
        for leaf, place, box in list(numbers(book, money=True)):
            if box.slot[0] in tables:
                book.set(
                    leaf,
                    place,
                    value=(box.value * factor).normalize() if factor != 1 else box.value,
                )

    return way


def refused_head(text: str) -> Way:
    """A unit line that nobody can take for money we know: every figure of money on those sheets must be refused."""
    plain = head(text)

    def way(book: Written) -> None:
        plain(book)
        book.doubtful(*[box.slot for _l, _a, box in numbers(book, money=True)], unknown=True)
        # The whole form may go with it.
        book.doubt |= {s for s in book.expect if s[0] in (ONE, LISTED, PROJECTS, SELF)}

    return way


def pack(**options: object) -> Way:
    """Only the packaging."""
    return lambda book: book.pack.update(options)


def commas(value: Decimal) -> str:
    return f"{value:,.2f}"


WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")

READ |= {
    "as it is": lambda book: None,
    # Packaging.
    "inline strings": pack(inline=True),
    "a prefix": pack(prefix=True),
    "a prefix, inline": pack(prefix=True, inline=True),
    "single quotes": pack(single=True),
    "absolute targets": pack(absolute=True),
    "odd part names": pack(odd_names=True),
    "cells without names": pack(no_refs=True),
    "rows and cells without names": pack(no_refs=True, no_row_refs=True),
    "CDATA": pack(cdata=True),
    "character references": pack(charrefs=True),
    "strict": pack(strict=True),
    "no shared strings, reversed attributes": pack(inline=True, reversed_attributes=True),
    "stored": pack(stored=True),
    "UTF-16": pack(utf16=True),
    "comments and blanks": pack(comments=True),
    "comments, prefix, single quotes": pack(comments=True, prefix=True, single=True),
    "labels by formula": pack(str_labels=True),
    "a wrong dimension": pack(dimension=True),
    "a far blank cell": pack(far=True),
    "more parts": pack(extra_parts=True),
    "exponents": pack(general_exponent=True),
    "noise of doubles": pack(noise=True),
    # Number formats.
    "0.00": restyle("0.00"),
    "thousands": restyle("#,##0.00"),
    "parentheses": restyle("#,##0.00_);(#,##0.00)"),
    "colours": restyle("0.00_);[Red]\\(0.00\\)"),
    "accounting": restyle('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '),
    "currency": restyle('"¥"#,##0.00;"¥"\\-#,##0.00'),
    "locale": restyle("[$-804]#,##0.00"),
    "locale currency": restyle("[$¥-804]#,##0.00"),
    "a word behind": restyle('0.00"万元"'),
    "text format": restyle("@"),
    "conditions": restyle("[>=1000]#,##0.00;0.00"),
    "held finer than shown": restyle("0.00", lambda v: v + Decimal("0.00231")),
    "percent by 100 in quotes": percents(lambda p: p, '0.00"%"'),
    "percent escaped": percents(lambda p: p, "0.00\\%"),
    "percent as text": percents(lambda p: f"{p:.2f}%", ""),
    "percent full width": percents(lambda p: f"{p:.2f}％", ""),
    "percent held finer": percents(lambda p: (p + Decimal("0.00381")) / 100, "0.00%"),
    # Texts.
    "text with commas": as_text(commas),
    "full width": as_text(lambda v: commas(v).translate(WIDE)),
    "yuan sign": as_text(lambda v: f"¥{commas(v)}"),
    "blanks around": as_text(lambda v: f" \u00a0{v}\u3000"),
    "a line break behind": as_text(lambda v: f"{v}\n"),
    "with its unit": as_text(lambda v: f"{v}万元"),
    "with another unit": as_text(lambda v: f"{v * 10000:.2f}元"),
    "thousands by blanks": as_text(lambda v: commas(v).replace(",", " ")),
    "plus": as_text(lambda v: f"+{v}"),
    # Units of money.
    "in yuan": head("单位：元", Decimal(10000)),
    "amounts in yuan": head("金额单位：元", Decimal(10000)),
    "in thousands": head("单位：千元", Decimal(10)),
    "in millions": head("单位：百万元", Decimal("0.01")),
    "in hundred millions": head("单位：亿元", Decimal("0.0001")),
    "another colon": head("单位∶万元"),
    "half-width colon": head("单位:万元"),
    "no colon": head("单位 万元"),
    "spaced": head("单 位：万 元"),
    "in brackets": head("（单位：万元）"),
    "renminbi": head("金额单位：人民币万元"),
    "RMB yuan": head("金额单位：RMB元", Decimal(10000)),
    "small colon": head("单位﹕元", Decimal(10000)),
    "at the right": head("金额单位：万元", at=(2, 7)),
    "beside the owner": head("编制单位：元江县财政局    金额单位：万元", at=(1, 0)),
    "no statement": head(""),
}
TOLD |= {
    "not money": refused_head("单位：万美元"),
    "in tons": refused_head("计量单位：吨"),
    "one of two": refused_head("单位：元/万元"),
    "dollars": refused_head("金额单位：美元"),
    "euros": refused_head("货币单位：万欧元"),
    "no known unit": refused_head("金额单位：万贯"),
}


@read("text that is a number, quoted")
def _(book: Written) -> None:
    for leaf, at, box in list(numbers(book, money=True)):
        book.set(leaf, at, value=str(box.value), quoted=True)


@read("formulas with results")
def _(book: Written) -> None:
    for leaf, at, _box in list(numbers(book)):
        book.set(leaf, at, formula="SUM(A1:A1)")


@read("negative figures")
def _(book: Written) -> None:
    forms = (
        lambda v: v,
        lambda v: f"({-v:,.2f})",
        lambda v: f"−{-v}",
        lambda v: f"（{-v}）",
        lambda v: f"－{-v}",
    )
    for leaf, at, box in list(numbers(book, money=True)):
        if book.rng.random() < 0.3:
            book.expect[box.slot] = -book.expect[box.slot]
            book.set(leaf, at, value=book.rng.choice(forms)(-box.value))


def header_unit(book: Written) -> None:
    """A header says its own unit."""
    leaf = book.leaf(LISTED)
    at = leaf.find("财政拨款收入")
    book.set(leaf, at, value="财政拨款收入（元）")
    for place in leaf.slots(LISTED):
        box = leaf.cells[place]
        if box.slot[2] == "财政拨款收入":
            book.set(leaf, place, value=box.value * 10000)


READ["a header's own unit"] = header_unit


@read("a row's own unit")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    at = leaf.find("五、事业收入")
    book.set(leaf, at, value="五、事业收入（元）")
    box = leaf.cells[at[0], at[1] + 1]
    book.set(leaf, (at[0], at[1] + 1), value=box.value * 10000)


@read("the unit in the value's header")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    for at in [at for at, box in leaf.cells.items() if box.value == "决算数"]:
        book.set(leaf, at, value="决算数（元）")
    for place in leaf.slots(ONE):
        book.set(leaf, place, value=leaf.cells[place].value * 10000)


@told("the unit in the sheet's name")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    leaf.name = "公开01表（元）"
    del leaf.cells[leaf.find("单位：万元")]
    for place in leaf.slots(ONE):
        book.doubtful(leaf.cells[place].slot)
        book.set(leaf, place, value=leaf.cells[place].value * 10000)


@told("two statements that disagree")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    leaf.cells[1, 4] = Box("金额单位：元")
    book.doubtful(*[leaf.cells[at].slot for at in leaf.slots(ONE)], unknown=True)


@read("two statements that agree")
def _(book: Written) -> None:
    book.leaf(ONE).cells[1, 4] = Box("金额单位：万元")


@told("a unit in a name")
def _(book: Written) -> None:
    for leaf in book.leaves[1:]:
        if (1, 0) in leaf.cells:
            book.set(leaf, (1, 0), value="编制单位：元江县百万元村小学")


@told("half of a unit")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    book.set(leaf, leaf.find("单位：万元"), value="单位：万")
    book.doubtful(*[leaf.cells[at].slot for at in leaf.slots(ONE)])


# Marks, runs, characters.
def mark(suffix: str) -> Way:
    """A figure with a note mark behind it."""

    def way(book: Written) -> None:
        leaf, at, slot = book.one(ONE)
        book.set(leaf, at, value=f"{leaf.cells[at].value}{suffix}")
        book.doubtful(slot)

    return way


def spoilt(change: Callable[[str], str]) -> Way:
    """One figure that cannot be read as a number without guessing."""

    def way(book: Written) -> None:
        for table in (ONE, LISTED):
            leaf, at, slot = book.one(table)
            book.set(leaf, at, value=change(str(leaf.cells[at].value)))
            book.doubtful(slot, unknown=True)

    return way


TOLD |= {
    f"note mark {sign!r}": mark(sign)
    for sign in ("①", "②", "²", "₁", "³", "*", "注1", "⑴", "[1]", "❶", "ⁿ", "㊀", "①②")
}
TOLD |= {
    "a line break inside": spoilt(lambda t: f"{t[:2]}\n{t[2:]}"),
    "a tab inside": spoilt(lambda t: f"{t[:2]}\t{t[2:]}"),
    "the letter O": spoilt(lambda t: "1O" + t),
    "about": spoilt(lambda t: f"约{t}"),
    "two figures": spoilt(lambda t: f"{t}\n{t}"),
    "a range": spoilt(lambda t: f"{t}-{t}"),
    "estimated": spoilt(lambda t: f"{t}（估）"),
    "European": spoilt(lambda t: "1.234,56"),
    "wrong groups": spoilt(lambda t: "1,23,4.5"),
    "a blank inside": spoilt(lambda t: "21 1.36"),
    "two numbers, a slash": spoilt(lambda t: f"{t}/{t}"),
    "digits of other scripts": spoilt(lambda t: "٣٤٥.١٢"),
    "a circled digit alone": spoilt(lambda t: "③"),
    "Roman": spoilt(lambda t: "Ⅲ"),
    "a fraction sign": spoilt(lambda t: "12½"),
    "Chinese digits": spoilt(lambda t: "一百二十"),
    "an expression": spoilt(lambda t: f"{t}+{t}"),
    "a date as text": spoilt(lambda t: "2023-12-31"),
    "a pound sign": spoilt(lambda t: f"£{t}"),
    "a dollar sign": spoilt(lambda t: f"${t}"),
}


def one_box(table: str = ONE, *, unknown: bool = True, **changes: object) -> Way:
    """One cell holds something else; it must be told."""

    def way(book: Written) -> None:
        leaf, at, slot = book.one(table)
        book.set(leaf, at, **changes)
        book.doubtful(slot, unknown=unknown)

    return way


TOLD |= {
    "an error": one_box(value=None, error="#N/A"),
    "an error in a listing": one_box(LISTED, value=None, error="#DIV/0!"),
    "an error by formula": one_box(value=None, error="#REF!", formula="A1/0"),
    "a formula without a result": one_box(value=None, formula="SUM(A1:A3)"),
    "the same in a listing": one_box(LISTED, value=None, formula="B1"),
    "true": one_box(value=True),
    "a date": one_box(value=Decimal(45291), format="yyyy-mm-dd"),
    "a date by type": one_box(value="2023-12-31T00:00:00", date=True),
    "a time": one_box(value=Decimal("0.5"), format="h:mm"),
    "a fraction format": one_box(unknown=False, format="# ?/?"),
    "Chinese capitals": one_box(unknown=False, format="[DBNum2]General"),
    "three semicolons": one_box(unknown=True, format=";;;"),
    "an error, prefixed": lambda book: (
        one_box(value=None, error="#VALUE!")(book),
        book.pack.update(prefix=True),
    )[0],
    "no result, prefixed, inline": lambda book: (
        one_box(value=None, formula="A9")(book),
        book.pack.update(prefix=True, inline=True),
    )[0],
    "an error, strict, single quotes": lambda book: (
        one_box(LISTED, value=None, error="#NAME?")(book),
        book.pack.update(strict=True, single=True),
    )[0],
    "an error without cell names": lambda book: (
        one_box(value=None, error="#N/A")(book),
        book.pack.update(no_refs=True),
    )[0],
}


@told("a struck-out figure before the new one")
def _(book: Written) -> None:
    leaf, at, slot = book.one(ONE)
    value = leaf.cells[at].value
    book.set(leaf, at, value=f"900{value}", runs=(("900", "strike"), (str(value), "")))
    book.doubtful(slot)


@told("a raised note number")
def _(book: Written) -> None:
    leaf, at, slot = book.one(LISTED)
    value = leaf.cells[at].value
    book.set(leaf, at, value=f"{value}1", runs=((str(value), ""), ("1", "sup")))
    book.doubtful(slot)


@read("labels in pieces and with readings")
def _(book: Written) -> None:
    for leaf in book.leaves[1:]:
        for at, box in list(leaf.cells.items()):
            if box.slot is None and isinstance(box.value, str) and len(box.value) > 2:
                pieces = ((box.value[:2], ""), (box.value[2:], ""))
                book.set(
                    leaf,
                    at,
                    **({"runs": pieces} if book.rng.random() < 0.5 else {"phonetic": "ㄅㄆ12"}),
                )


# Formats that scale or say something else.
@told("yuan shown as ten thousands by a literal point")
def _(book: Written) -> None:
    restyle("0!.0000", lambda v: v * 10000)(book)
    book.doubtful(*[box.slot for _l, _a, box in numbers(book, money=True)])


@told("thousands cut by the format")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    for at in leaf.slots(ONE):
        box = leaf.cells[at]
        book.set(leaf, at, value=box.value * 1000, format="0.00,")
        book.doubtful(box.slot)


@told("the format says yuan")
def _(book: Written) -> None:
    leaf, at, slot = book.one(ONE)
    book.set(leaf, at, format='0.00"元"')
    book.expect[slot] = leaf.cells[at].value
    book.doubtful(slot)


@told("a red figure without its sign")
def _(book: Written) -> None:
    leaf, at, slot = book.one(ONE)
    book.set(leaf, at, value=-leaf.cells[at].value, format="0.00;[Red]0.00")
    book.expect[slot] = -book.expect[slot]
    book.doubtful(slot)


@told("a share 100 times too small")
def _(book: Written) -> None:
    for leaf, at, box in list(numbers(book, SELF)):
        if is_percent(box.slot):
            book.set(leaf, at, format="")
            book.doubtful(box.slot)


@told("per mille")
def _(book: Written) -> None:
    for leaf, at, box in list(numbers(book, SELF)):
        if is_percent(box.slot):
            book.set(leaf, at, value=f"{box.value * 1000:.1f}‰")
            book.doubtful(box.slot)


# Codes, years.
@read("codes as numbers")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    for at in leaf.slots(LISTED):
        if leaf.cells[at].slot[2] == "科目编码":
            book.set(leaf, at, value=Decimal(leaf.cells[at].value))


def codes(change: Callable[[str], str]) -> Way:
    """Codes of lines written so."""

    def way(book: Written) -> None:
        leaf = book.leaf(LISTED)
        for at in leaf.slots(LISTED):
            if leaf.cells[at].slot[2] == "科目编码":
                book.set(leaf, at, value=change(leaf.cells[at].value))

    return way


READ |= {
    "codes full width": codes(lambda c: c.translate(WIDE)),
    "codes with blanks": codes(lambda c: f" {c}\u00a0"),
    "codes with zero-width blanks": codes(lambda c: f"\u200b{c}\ufeff"),
    "codes in groups": codes(
        lambda c: " ".join((c[:3], *(c[i : i + 2] for i in range(3, len(c), 2))))
    ),
    "codes with a quote": codes(lambda c: f"'{c}"),
}


def whole(book: Written, table: str) -> None:
    """Every figure of a table may be refused."""
    book.doubt |= {slot for slot in book.expect if slot[0] == table}


@told("codes with dots")
def _(book: Written) -> None:
    codes(lambda c: ".".join((c[:3], *(c[i : i + 2] for i in range(3, len(c), 2)))))(book)
    whole(book, LISTED)


@told("codes with hyphens")
def _(book: Written) -> None:
    codes(lambda c: "-".join((c[:3], *(c[i : i + 2] for i in range(3, len(c), 2)))))(book)
    whole(book, LISTED)


def cover(column: str, **changes: object) -> Way:
    """A cell of the cover."""

    def way(book: Written) -> None:
        leaf = book.leaves[0]
        at = next(at for at in leaf.slots("单位") if leaf.cells[at].slot[2] == column)
        given = {k: v(leaf.cells[at].value) if callable(v) else v for k, v in changes.items()}
        book.set(leaf, at, **given)

    return way


READ |= {
    "the year as a date": cover("年度", value=Decimal(45291), format='yyyy"年度"'),
    "the year with a word": cover("年度", value="2023年度"),
    "the year full width": cover("年度", value="２０２３"),
    "the year as a number": cover("年度", value=Decimal(2023)),
    "the unit's code full width": cover("单位代码", value=lambda v: v.translate(WIDE)),
    "the unit's code with blanks": cover("单位代码", value=lambda v: f"\u200b {v}\u00a0\n"),
    "the unit's code in small letters": cover("单位代码", value=str.lower),
}


@read("the unit's code as a padded number")
def _(book: Written) -> None:
    for slot in [s for s in book.expect if s[2] == "单位代码"]:
        book.expect[slot] = f"{int(book.unit[1:]):06d}"
    book.unit = f"{int(book.unit[1:]):06d}"
    cover("单位代码", value=Decimal(int(book.unit)), format="000000")(book)


@told("the unit's code longer than a number holds")
def _(book: Written) -> None:
    book.unit = "1253010243210991" + book.unit[2:]
    cover("单位代码", value=Decimal(book.unit), format="0")(book)
    for slot in book.expect:
        book.doubt.add(slot)
        book.expect[slot] = None
    book.unit = ""


# Layouts.
@read("sheets renamed")
def _(book: Written) -> None:
    for n, leaf in enumerate(book.leaves[1:]):
        leaf.name = f"Sheet{n + 5}"


@read("everything moved")
def _(book: Written) -> None:
    for leaf in book.leaves[1:]:
        leaf.insert_rows(1, book.rng.randint(1, 2))
        leaf.insert_columns(0, book.rng.randint(1, 3))


@read("labels spaced and broken")
def _(book: Written) -> None:
    for leaf in book.leaves[1:]:
        for at, box in list(leaf.cells.items()):
            if (
                box.slot is None
                and isinstance(box.value, str)
                and "：" not in box.value
                and len(box.value) > 1
            ):
                cut = book.rng.randint(1, len(box.value) - 1)
                book.set(
                    leaf,
                    at,
                    value=box.value[:cut]
                    + book.rng.choice((" ", "\u3000", "\n", "\u00a0", "\u200b"))
                    + box.value[cut:],
                )


@read("other numbering")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    for at, box in list(leaf.cells.items()):
        if box.slot is None and isinstance(box.value, str) and "、" in box.value:
            book.set(
                leaf,
                at,
                value=book.rng.choice(("三、", "（四）", "9.", "")) + box.value.partition("、")[2],
            )


@read("a column of line numbers")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    for column, start in ((4, 31), (1, 1)):
        leaf.insert_columns(column)
        leaf.cells[4, column] = Box("行次")
        for n, r in enumerate(r for (r, c) in sorted(leaf.cells) if c == column - 1 and r > 4):
            leaf.cells[r, column] = Box(Decimal(start + n))


@read("a line of column numbers")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    leaf.insert_rows(4)
    leaf.cells[4, 0] = Box("栏次")
    for n in range(7):
        leaf.cells[4, 2 + n] = Box(Decimal(n + 1))


@read("bare column numbers")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    leaf.insert_rows(4)
    for n in range(7):
        leaf.cells[4, 2 + n] = Box(Decimal(n + 1))


@read("notes below")
def _(book: Written) -> None:
    for table in (ONE, LISTED, PROJECTS):
        leaf = book.leaf(table)
        leaf.cells[leaf.height + 1, 0] = Box("注：本表反映部门本年度的总收支和年末结转结余情况。")
        leaf.cells[leaf.height, 0] = Box("说明：2023 年起口径有变, 数据以万元为单位。")


@read("signatures below")
def _(book: Written) -> None:
    for n, table in enumerate((ONE, LISTED, PROJECTS)):
        leaf = book.leaf(table)
        line = leaf.height + n % 2
        leaf.cells[line, 0] = Box(
            "填表人：张三"
            if n != 1
            else "单位负责人：李四    填表人：张三    联系电话：0871-68601234"
        )
        leaf.cells[line, 2] = Box("审核人：李四")
        leaf.cells[line + 1, 0] = Box("填报日期：2024年3月1日")


@read("sums among the lines")
def _(book: Written) -> None:
    leaf = book.leaf(PROJECTS)
    lines = [at for at in leaf.slots(PROJECTS) if leaf.cells[at].slot[2] == "项目名称"]
    figures = sorted(
        {c for r, c in leaf.slots(PROJECTS) if isinstance(leaf.cells[r, c].value, Decimal)}
    )
    for word, line in (
        ("总  计：", lines[-1][0] + 1),
        (book.rng.choice(("小计", "小 计", "本页小计", "　合　计")), lines[2][0] + 1),
    ):
        leaf.insert_rows(line)
        leaf.cells[line, lines[0][1]] = Box(word)
        for c in figures:
            leaf.cells[line, c] = Box(Decimal("123.45"))


def renamed_project(name: str) -> Way:
    """A project with a name that looks like something else."""

    def way(book: Written) -> None:
        leaf = book.leaf(PROJECTS)
        at = book.rng.choice(
            [at for at in leaf.slots(PROJECTS) if leaf.cells[at].slot[2] == "项目名称"]
        )
        old = leaf.cells[at].value
        for place in leaf.slots(PROJECTS):
            box = leaf.cells[place]
            if box.slot[1] == old:
                slot = (PROJECTS, name, box.slot[2])
                book.expect[slot] = name if box.slot[2] == "项目名称" else book.expect[box.slot]
                del book.expect[box.slot]
                leaf.cells[place] = replace(
                    box, slot=slot, value=name if place == at else box.value
                )

    return way


READ |= {
    f"a project called {name}": renamed_project(name)
    for name in (
        "注射疫苗采购项目",
        "说明牌制作项目",
        "总计算机系统改造",
        "合计量检定费",
        "填表人培训费",
        "审核人员补助",
        "2023",
        "单位大院绿化",
        "备注册登记系统",
        "小计生服务站修缮",
        "附属小学修缮",
        "审计项目",
        "资料：档案整理",
    )
}


@told("a label of our own")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    at = leaf.find("五、事业收入")
    book.set(leaf, at, value="五、事业收入（含财政专户）")
    book.doubtful(leaf.cells[at[0], at[1] + 1].slot, unknown=True)


@told("a column's label of our own")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    book.set(leaf, leaf.find("事业收入"), value="事业性收费收入")
    book.doubtful(*[s for s in book.expect if s[0] == LISTED and s[2] == "事业收入"], unknown=True)


@told("a line without its code")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    at = book.rng.choice([at for at in leaf.slots(LISTED) if leaf.cells[at].slot[2] == "科目编码"])
    key = leaf.cells[at].value
    book.set(leaf, at, value="")
    book.doubtful(*[s for s in book.expect if s[0] == LISTED and s[1] == key], unknown=True)


@told("a line of consecutive figures without its code")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    at = book.rng.choice([at for at in leaf.slots(LISTED) if leaf.cells[at].slot[2] == "科目编码"])
    key = leaf.cells[at].value
    first = Decimal(book.rng.randint(2, 40))
    places = [p for p in leaf.slots(LISTED) if p[0] == at[0]]
    for n, place in enumerate(places):
        book.set(leaf, place, value="" if n < 2 else first + n)
    book.doubtful(*[s for s in book.expect if s[0] == LISTED and s[1] == key], unknown=True)


@told("two lines with one label")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    at = leaf.find("六、经营收入")
    book.set(leaf, at, value="五、事业收入")
    first = leaf.find("五、事业收入")
    for place in (at, first):
        book.doubtful(leaf.cells[place[0], place[1] + 1].slot, unknown=True)


@told("two columns with one label")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    book.set(leaf, leaf.find("经营收入"), value="事业收入")
    book.doubtful(
        *[s for s in book.expect if s[0] == LISTED and s[2] in ("事业收入", "经营收入")],
        unknown=True,
    )
    whole(book, LISTED)


@told("last year's column before this year's")
def _(book: Written) -> None:
    leaf = book.leaf(PROJECTS)
    at = leaf.find("项目决算数")
    leaf.insert_columns(at[1])
    leaf.cells[at] = Box("项目决算数")
    for n in range(4):
        leaf.cells[at[0] + 1 + n, at[1]] = Box(Decimal("999.99"))
    book.doubtful(*[s for s in book.expect if s[0] == PROJECTS and s[2] == "决算数"], unknown=True)
    whole(book, PROJECTS)


@told("a key over two lines")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    lines = [at for at in leaf.slots(LISTED) if leaf.cells[at].slot[2] == "科目编码"]
    first, second = lines[-2], lines[-1]
    key = leaf.cells[second].value
    book.set(leaf, second, value=None)
    leaf.merged.append((*first, *second))
    book.doubtful(*[s for s in book.expect if s[0] == LISTED and s[1] == key], unknown=True)
    book.doubt |= {s for s in book.expect if s[0] == LISTED and s[1] == leaf.cells[first].value}


@told("one figure over two lines")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    first = leaf.find("五、事业收入")
    cells = [(first[0] + n, first[1] + 1) for n in (0, 1)]
    book.set(leaf, cells[1], value=None)
    leaf.merged.append((*cells[0], *cells[1]))
    book.doubtful(leaf.cells[cells[0]].slot)
    book.doubtful(leaf.cells[cells[1]].slot, unknown=True)


@told("a hidden row")
def _(book: Written) -> None:
    leaf, at, slot = book.one(ONE)
    leaf.hidden_rows.add(at[0])
    book.doubtful(slot, *[leaf.cells[p].slot for p in leaf.slots(ONE) if p[0] == at[0]])
    book.tell.add(leaf.name)


@told("a hidden column")
def _(book: Written) -> None:
    leaf, at, slot = book.one(LISTED)
    leaf.hidden_columns.add(at[1])
    book.doubtful(*[s for s in book.expect if s[0] == LISTED and s[2] == slot[2]])
    book.tell.add(leaf.name)


@told("a hidden sheet")
def _(book: Written) -> None:
    leaf = book.leaf(PROJECTS)
    leaf.state = book.rng.choice(("hidden", "veryHidden"))
    whole(book, PROJECTS)
    book.tell.add(leaf.name)


@told("a hidden column of the same label")
def _(book: Written) -> None:
    leaf = book.leaf(PROJECTS)
    at = leaf.find("项目决算数")
    leaf.insert_columns(at[1])
    leaf.cells[at] = Box("项目决算数")
    leaf.hidden_columns.add(at[1])
    for n in range(4):
        leaf.cells[at[0] + 1 + n, at[1]] = Box(Decimal("999.99"))
    whole(book, PROJECTS)


@told("codes in three columns")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    leaf.insert_columns(1, 2)
    at = leaf.find("科目编码")
    leaf.insert_rows(at[0] + 1)
    for n, word in enumerate(("类", "款", "项")):
        leaf.cells[at[0] + 1, n] = Box(word)
    leaf.merged.append((at[0], 0, at[0], 2))
    for place in [p for p in leaf.slots(LISTED) if leaf.cells[p].slot[2] == "科目编码"]:
        box = leaf.cells[place]
        code = box.value
        leaf.cells[place] = replace(box, value=code[:3])
        for n, part in ((1, code[3:5]), (2, code[5:7])):
            if part:
                leaf.cells[place[0], n] = Box(part)
    whole(book, LISTED)


@told("the same form twice")
def _(book: Written) -> None:
    leaf = book.leaf(ONE)
    cells = {
        at: replace(
            box, slot=None, value=box.value + 1 if isinstance(box.value, Decimal) else box.value
        )
        for at, box in leaf.cells.items()
    }
    book.leaves.append(Leaf("公开01表 (2)", cells))
    whole(book, ONE)


@told("another sheet that no form claims")
def _(book: Written) -> None:
    book.leaves.append(
        Leaf("工资明细", {(0, 0): Box("工资明细"), (1, 0): Box("甲"), (1, 1): Box(Decimal(100))})
    )
    book.tell.add("工资明细")


@told("columns in another order")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    order = list(range(9))
    book.rng.shuffle(order)
    leaf.cells = {(r, order[c] if r >= 3 else c): box for (r, c), box in leaf.cells.items()}


@told("a title that is another form's")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    book.set(leaf, leaf.find("收入决算表"), value="支出决算表")
    whole(book, LISTED)


@told("a line that repeats")
def _(book: Written) -> None:
    leaf = book.leaf(LISTED)
    lines = [at for at in leaf.slots(LISTED) if leaf.cells[at].slot[2] == "科目编码"]
    one, other = book.rng.sample(lines, 2)
    for key in (leaf.cells[one].value, leaf.cells[other].value):
        book.doubt |= {s for s in book.expect if s[0] == LISTED and s[1] == key}
    gone = leaf.cells[other].value
    book.set(leaf, other, value=leaf.cells[one].value)
    book.doubtful(*[s for s in book.expect if s[0] == LISTED and s[1] == gone], unknown=True)
